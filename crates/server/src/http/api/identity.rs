//! Who is who: why and why not, what staff say, what changed, who is possibly one, and health.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::{MethodRouter, post};
use regulars_engine::event::LogPosition;
use regulars_store::{Reader, StoreError};
use serde::Deserialize;
use serde_json::{Value, json};

use super::identifiers_json;
use super::people::Whom;
use crate::access::Right;
use crate::clock;
use crate::http::said::{JsonBody, QueryString, Spoken};
use crate::http::{ApiError, ApiResult, App};
use crate::identity::{
    change_json, compared, household as lives_with, household_json, joined_by, past, past_json,
    pending, pending_json, rules_json, said, said_json, surveyed_json, told_json,
};
use crate::staff::{self, Statement, Word};
use crate::ui::WhoWords;

/// The most rows of one answer.
const LIMIT_MAX: usize = 1_000;

/// Two people, with why something is said of them.
#[derive(Debug, Deserialize)]
pub(super) struct Two {
    one: Whom,
    other: Whom,
    because: Option<String>,
}

/// Why two are one person, or what stands against it, and what their records say.
pub(super) async fn compare(
    State(app): State<App>,
    headers: HeaderMap,
    Spoken(language): Spoken,
    JsonBody(two): JsonBody<Two>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let (one, other) = (two.one.named(&app).await?, two.other.named(&app).await?);
    let program = app.desk.program();
    let words = WhoWords::new(language, &program);
    let found = app.read(move |reader| compared(reader, &program.identity, one, other)).await?;
    Ok(Json(found.to_json(&words)))
}

/// How a person came together: the evidence that joined, and the history.
pub(super) async fn how(
    State(app): State<App>,
    headers: HeaderMap,
    Spoken(language): Spoken,
    JsonBody(whom): JsonBody<Whom>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let record = whom.record(&app).await?;
    let program = app.desk.program();
    let words = WhoWords::new(language, &program);
    let (record, past, joined) = app
        .read(move |reader| {
            let past = past(reader, &program.identity, &record)?;
            let joined = joined_by(reader, &program.identity, &record)?;
            Ok((record, past, joined))
        })
        .await?;
    let joined: Vec<Value> = joined.iter().map(|tied| told_json(&record, tied, &words)).collect();
    Ok(Json(json!({
        "person": record.id().to_string(),
        "identifiers": identifiers_json(&record),
        "joined_by": joined,
        "history": past_json(&past, &words),
    })))
}

/// Staff say something of two people.
pub(super) fn says(statement: Statement) -> MethodRouter<App> {
    post(
        move |State(app): State<App>, headers: HeaderMap, JsonBody(two): JsonBody<Two>| async move {
            stated(&app, &headers, two, statement).await
        },
    )
}

async fn stated(app: &App, headers: &HeaderMap, two: Two, statement: Statement) -> ApiResult {
    let by = app.require(headers, Right::Answer)?;
    let (one, other) = (two.one.record(app).await?, two.other.record(app).await?);
    let pairs = staff::pairs(&one, &other, statement);
    if pairs.is_empty() {
        return Err(if statement.takes_back() {
            ApiError::not_found("nothing that staff said of the two stands")
        } else {
            ApiError::bad_request(
                "the two are one person already",
                "name two people; \"people/take-back\" undoes what staff said",
            )
        });
    }
    let because = two.because.unwrap_or_default();
    let said = app.desk.write(move |writer| {
        let word = Word { statement, by: &by, because: &because };
        staff::state(writer, &pairs, word, clock::now())
    });
    let position = said.await?;
    let (one, other) = (one.id(), other.id());
    let now = app
        .read(move |reader| {
            let id = |id| {
                Ok::<_, StoreError>(reader.person(id)?.map(|(_, record)| record.id().to_string()))
            };
            Ok((id(one)?, id(other)?))
        })
        .await?;
    let same_person = now.0 == now.1;
    Ok(Json(json!({
        "one": now.0, "other": now.1, "same_person": same_person, "statement": position.0,
    })))
}

/// Who lives with a person, and why.
pub(super) async fn household(
    State(app): State<App>,
    headers: HeaderMap,
    Spoken(language): Spoken,
    JsonBody(whom): JsonBody<Whom>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let record = whom.record(&app).await?;
    let program = app.desk.program();
    let words = WhoWords::new(language, &program);
    let found = app.read(move |reader| lives_with(reader, &program.identity, &record)).await?;
    Ok(Json(household_json(&found, &words)))
}

/// Which statement is undone.
#[derive(Debug, Deserialize)]
pub(super) struct Undone {
    statement: u64,
}

/// Undoes one statement of staff: what was said before it stands again.
pub(super) async fn undo(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(undone): JsonBody<Undone>,
) -> ApiResult {
    let by = app.require(&headers, Right::Answer)?;
    let position = LogPosition(undone.statement);
    let undone =
        app.desk.write(move |writer| staff::undo(writer, position, &by, clock::now())).await?;
    if undone.is_empty() {
        return Err(ApiError::not_found("there is no statement of staff at that place of the log"));
    }
    Ok(Json(json!({ "undone": undone.len() })))
}

/// A page of a list that grows at its end.
#[derive(Debug, Deserialize)]
pub(super) struct Cursor {
    after: Option<u64>,
    before: Option<u64>,
    limit: Option<usize>,
}

impl Cursor {
    fn limit(&self) -> usize {
        self.limit.unwrap_or(100).clamp(1, LIMIT_MAX)
    }
}

/// What staff said of people, the latest first.
pub(super) async fn statements(
    State(app): State<App>,
    headers: HeaderMap,
    QueryString(cursor): QueryString<Cursor>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let (before, limit) = (cursor.before.map(LogPosition), cursor.limit());
    let found = app.read(move |reader| said(reader, before, limit)).await?;
    let next = (found.len() == limit).then(|| found.last().map(|said| said.position.0)).flatten();
    let statements: Vec<Value> = found.iter().map(said_json).collect();
    Ok(Json(json!({ "statements": statements, "before": next })))
}

/// Who was joined and parted after a number, in order: for whoever follows.
pub(super) async fn changes(
    State(app): State<App>,
    headers: HeaderMap,
    QueryString(cursor): QueryString<Cursor>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let (after, limit) = (cursor.after.unwrap_or(0), cursor.limit());
    let found = app.read(move |reader| reader.changes_after(after, limit)).await?;
    let last = found.last().map_or(after, |numbered| numbered.number);
    let changes: Vec<Value> = found.iter().map(change_json).collect();
    Ok(Json(json!({ "changes": changes, "after": last })))
}

/// Pairs that are possibly one person, the most valuable answer first.
pub(super) async fn pairs(
    State(app): State<App>,
    headers: HeaderMap,
    Spoken(language): Spoken,
    QueryString(cursor): QueryString<Cursor>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let (found, under_way) = app.surveys.latest(&app).await?;
    let limit = cursor.limit();
    let program = app.desk.program();
    let (currency, words) = (program.shop.currency, WhoWords::new(language, &program));
    let total = found.as_ref().map_or(0, |found| found.pairs_total);
    let pairs: Vec<Value> = app
        .read(move |reader| {
            let mut shown = Vec::new();
            for pair in found.iter().flat_map(|found| &found.pairs) {
                if shown.len() == limit {
                    break;
                }
                let pending = pending(reader, (pair.one, pair.other), currency)?;
                shown.extend(pending.map(|pending| pending_json(&pending, currency, &words)));
            }
            Ok(shown)
        })
        .await?;
    Ok(Json(json!({ "pairs": pairs, "total": total, "looking": looking(under_way) })))
}

/// How identity does: sizes, shared values, contradictions, joining and parting by day.
pub(super) async fn health(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let (found, under_way) = app.surveys.latest(&app).await?;
    let health = found.as_ref().map(|found| surveyed_json(found));
    Ok(Json(json!({ "health": health, "looking": looking(under_way) })))
}

/// The rules in force: kinds in the order in which evidence counts, their limits, what stands for nobody.
pub(super) async fn rules(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    Ok(Json(rules_json(&app.desk.program().identity)))
}

/// How far the look at everybody has come; `null`: none is under way.
fn looking(under_way: Option<(u64, u64)>) -> Value {
    under_way.map_or(Value::Null, |(done, of)| json!({ "done": done, "of": of }))
}
