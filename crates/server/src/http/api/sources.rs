//! Sources: how late each feed is, and the calls by which a feed speaks of itself.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use regulars_engine::event::{Event, Kind, LogPosition};
use regulars_engine::source::{Completeness, Feed, FeedName, Rhythm, SourceSettings};
use regulars_engine::time::Timestamp;
use regulars_store::Reader;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access::{self, Right};
use crate::clock;
use crate::http::said::JsonBody;
use crate::http::{ApiError, ApiResult, App};

/// Every source with its counts and feeds.
pub(super) async fn list(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let (feeds, counts) = app.read(|reader| Ok((reader.feeds()?, reader.counts()?))).await?;
    let program = app.desk.program();
    let now = clock::now();
    let mut names: Vec<String> = counts.iter().map(|(name, _)| name.clone()).collect();
    names.extend(program.sources.keys().cloned());
    names.sort();
    names.dedup();
    let sources: Vec<Value> = names
        .into_iter()
        .map(|name| {
            let settings = program.source(&name);
            let of = counts.iter().find(|(source, _)| *source == name).map(|(_, c)| *c);
            let of = of.unwrap_or_default();
            let feeds: Vec<Value> = feeds
                .iter()
                .filter(|(feed, _)| feed.source == name)
                .map(|(feed, state)| feed_json(feed, state, &settings, now))
                .collect();
            json!({
                "name": name,
                "channel": settings.channel.word(),
                "events_accepted": of.accepted,
                "duplicates": of.duplicates,
                "conflicts": of.conflicts,
                "quarantined": of.quarantined,
                "feeds": feeds,
            })
        })
        .collect();
    Ok(Json(json!({ "sources": sources })))
}

fn feed_json(name: &FeedName, feed: &Feed, settings: &SourceSettings, now: Timestamp) -> Value {
    let habit = settings.habit_of(&name.feed);
    let completeness = feed.completeness(habit, now.plus(-habit.lag_ms), now);
    json!({
        "feed": name.feed,
        "speaks": match habit.rhythm {
            Rhythm::Live => "live",
            Rhythm::Batch => "batch",
        },
        "lag_seconds": habit.lag_ms / 1_000,
        "heard_at": feed.heard_at.to_string(),
        "last_occurred_at": feed.last_occurred_at.to_string(),
        "complete_through": feed.complete_through.map(|at| at.to_string()),
        "events": feed.events,
        "state": match completeness {
            Completeness::Known => "known complete",
            Completeness::Presumed => "presumed complete",
            Completeness::Behind => "behind",
        },
    })
}

/// A source to add.
#[derive(Debug, Deserialize)]
pub(super) struct NewSource {
    name: String,
}

/// Makes a write key for a source; it is shown once.
pub(super) async fn add(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<NewSource>,
) -> ApiResult {
    app.require(&headers, Right::Manage)?;
    let name = source_named(&asked.name)?;
    let source = name.clone();
    let made = app.desk.ask(move |writer| access::make_write_key(writer.store(), &name)).await?;
    let key = made?;
    app.reload_keys().await?;
    Ok(Json(json!({ "source": source, "write_key": key })))
}

/// The name of a source, as it is kept.
pub(super) fn source_named(name: &str) -> Result<String, ApiError> {
    let hint = "give a name of 1 to 100 characters, such as \"web\" or \"pos\"";
    let wrong = || ApiError::bad_request("the source's name is missing or too long", hint);
    access::named(name).map(str::to_owned).ok_or_else(wrong)
}

/// Makes the secret with which the shop's server vouches for logins at a source; it is shown once, and
/// takes the place of the one before.
pub(super) async fn secret(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<NewSource>,
) -> ApiResult {
    app.require(&headers, Right::Manage)?;
    if !app.desk.program().sources.contains_key(&asked.name) {
        return Err(ApiError::not_found("there is no source of that name"));
    }
    let name = asked.name.clone();
    let made = app.desk.ask(move |writer| access::make_site_secret(writer.store(), &name)).await?;
    let secret = made?;
    app.reload_keys().await?;
    Ok(Json(json!({ "source": asked.name, "secret": secret })))
}

/// What a feed says of itself.
#[derive(Debug, Deserialize)]
pub(super) struct Word {
    source: String,
    #[serde(default)]
    feed: String,
    complete_through: Option<String>,
}

/// A feed says up to when it has told everything.
pub(super) async fn watermark(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(word): JsonBody<Word>,
) -> ApiResult {
    app.require(&headers, Right::Tell)?;
    let stated = word.complete_through.as_deref().and_then(|text| text.parse().ok());
    let through = stated.map(|at: jiff::Timestamp| Timestamp(at.as_millisecond()));
    let Some(through) = through else {
        let hint = "send \"complete_through\" as RFC 3339, such as 2026-11-16T18:00:00Z";
        return Err(ApiError::bad_request("\"complete_through\" is missing or no time", hint));
    };
    let now = clock::now();
    speak(&app, &word, Kind::Watermark, through.min(now), now).await
}

/// A feed says that it lives: it has told everything until now.
pub(super) async fn heartbeat(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(word): JsonBody<Word>,
) -> ApiResult {
    app.require(&headers, Right::Tell)?;
    let now = clock::now();
    speak(&app, &word, Kind::Heartbeat, now, now).await
}

async fn speak(
    app: &App,
    word: &Word,
    kind: Kind,
    through: Timestamp,
    now: Timestamp,
) -> ApiResult {
    let event = Event {
        feed: word.feed.clone(),
        content: through.0.unsigned_abs(),
        complete_through: Some(through),
        ..Event::bare(
            &word.source.clone(),
            format!("{}-{}-{}-{}", kind.name(), word.feed, through.0, now.0),
            kind,
            now,
        )
    };
    app.desk.accept(vec![event], Vec::new()).await?;
    let position = app.read(|reader| reader.next_position()).await?;
    Ok(Json(json!({
        "source": word.source,
        "feed": word.feed,
        "complete_through": through.to_string(),
        "known_to": LogPosition(position.0 - 1).0,
    })))
}
