//! People: found by identifier, their timeline, their decisions, why they are one person.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use regulars_engine::commit::Logged;
use regulars_engine::event::{Currency, Event, LogPosition};
use regulars_engine::identity::{Edge, Identifier, PersonId, Tied, Ties};
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_store::{DecisionFilter, Entry, Erased, Reader, StoreError};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access::Right;
use crate::clock;
use crate::disclosure::disclosure;
use crate::http::said::{JsonBody, QueryString};
use crate::http::{ApiError, ApiResult, App};
use crate::identity::alike_by;
use crate::segments::{computed_json, computed_traits};

/// The most rows of one answer.
const LIMIT_MAX: usize = 1_000;

/// Whom a request means: an identifier, or the id an answer gave.
#[derive(Debug, Deserialize)]
pub(super) struct Whom {
    identifier: Option<StatedIdentifier>,
    person: Option<String>,
    limit: Option<usize>,
    before: Option<u64>,
}

#[derive(Deserialize)]
struct StatedIdentifier {
    kind: String,
    value: String,
}

impl std::fmt::Debug for StatedIdentifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "StatedIdentifier({} ***)", self.kind)
    }
}

impl Whom {
    fn limit(&self) -> usize {
        self.limit.unwrap_or(50).clamp(1, LIMIT_MAX)
    }

    pub(super) async fn record(&self, app: &App) -> Result<Record, ApiError> {
        self.named(app).await.map(|(record, _)| record)
    }

    /// Who is meant, with the identifier by which, if it is by one.
    pub(super) async fn named(&self, app: &App) -> Result<(Record, Option<Identifier>), ApiError> {
        let meant = self.meant(&app.desk.program())?;
        let read = app.read(move |reader| match meant {
            Meant::Person(id) => Ok(reader.person(id)?.map(|(_, record)| (record, None))),
            Meant::One(identifiers) => {
                for identifier in identifiers {
                    if let Some(id) = reader.holder(identifier.key(reader.salt()))?
                        && let Some((_, record)) = reader.person(id)?
                    {
                        return Ok(Some((record, Some(identifier))));
                    }
                }
                Ok(None)
            }
        });
        let nobody = || ApiError::not_found("nobody is known by that id or identifier");
        read.await?.ok_or_else(nobody)
    }

    fn meant(&self, program: &Program) -> Result<Meant, ApiError> {
        let hint = "send {\"identifier\": {\"kind\": \"email\", \"value\": \"...\"}} or {\"person\": \"p123\"}";
        match (&self.identifier, &self.person) {
            (Some(stated), _) => {
                let kind = program.identity.kind(&stated.kind);
                let meant = program.meant(&kind, &stated.value);
                let wrong =
                    || ApiError::bad_request("the identifier is no value of its kind", hint);
                Some(meant).filter(|meant| !meant.is_empty()).map(Meant::One).ok_or_else(wrong)
            }
            (None, Some(id)) => id
                .parse()
                .map(Meant::Person)
                .map_err(|_| ApiError::bad_request("the person's id is not understood", hint)),
            (None, None) => Err(ApiError::bad_request("the request names nobody", hint)),
        }
    }
}

enum Meant {
    /// Whoever holds the first of these that somebody holds.
    One(Vec<Identifier>),
    Person(PersonId),
}

/// A person by identifier or id, with the profile.
pub(super) async fn find(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(whom): JsonBody<Whom>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let record = whom.record(&app).await?;
    let (program, now) = (app.desk.program(), clock::now());
    let person = person_json(&record);
    let computed = app
        .read(move |reader| Ok(computed_json(&computed_traits(reader, &program, &record, now)?)))
        .await?;
    Ok(Json(json!({ "person": person, "computed_traits": computed })))
}

/// People by what somebody types: a name, an address, a number.
pub(super) async fn search(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<Value>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let Some(text) = asked["text"].as_str().map(str::to_owned) else {
        let hint = "send {\"text\": \"...\"}: a name, an address or a number";
        return Err(ApiError::bad_request("\"text\" is missing", hint));
    };
    let calling = app.desk.program().calling_codes();
    let found = app.read(move |reader| reader.search(&text, &calling, 50)).await?;
    let people: Vec<Value> = found.iter().map(|found| person_json(&found.record)).collect();
    Ok(Json(json!({ "people": people })))
}

/// The person's events, the latest first.
pub(super) async fn timeline(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(whom): JsonBody<Whom>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let record = whom.record(&app).await?;
    let (limit, before) = (whom.limit(), whom.before.map(LogPosition));
    let entries = app.read(move |reader| timeline_of(reader, &record, before, limit)).await?;
    let next = (entries.len() == limit).then(|| entries.last().map(|e| e.logged.position.0));
    let events: Vec<Value> = entries.iter().map(|entry| event_json(&entry.logged)).collect();
    Ok(Json(json!({ "events": events, "before": next.flatten() })))
}

/// The events of a person, the latest first: what hangs on the person's identifiers, of a device
/// that changes hands only what was the person's.
pub(crate) fn timeline_of<R: Reader>(
    reader: &R,
    record: &Record,
    before: Option<LogPosition>,
    limit: usize,
) -> Result<Vec<Entry>, StoreError> {
    let salt = reader.salt();
    if before.is_none() && limit <= Record::RECENT_MAX && record.recent.len() >= limit {
        let positions: Vec<LogPosition> = record.recent.iter().rev().take(limit).copied().collect();
        return reader.events(&positions);
    }
    let stretches: Vec<&Edge> = record
        .evidence
        .edges
        .iter()
        .filter(|edge| record.evidence.holds(&edge.strong) && !record.evidence.holds(&edge.weak))
        .filter(|edge| edge.weak.kind.class() == regulars_engine::identity::Class::Device)
        .collect();
    let own = record.evidence.nodes.iter().map(|node| node.identifier.key(salt));
    let anchors: Vec<_> = own.chain(stretches.iter().map(|edge| edge.weak.key(salt))).collect();
    reader.timeline(&anchors, before, limit, &|logged| {
        logged.event.anchor().is_some_and(|anchor| {
            record.evidence.holds(anchor)
                || stretches.iter().any(|edge| {
                    edge.weak == *anchor
                        && (edge.first_at..=edge.last_at).contains(&logged.event.occurred.at)
                })
        })
    })
}

/// What was decided about the person, the latest first, with reasons.
pub(super) async fn decisions(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(whom): JsonBody<Whom>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let record = whom.record(&app).await?;
    let filter = DecisionFilter {
        persons: former_ids(&record),
        before: whom.before,
        ..DecisionFilter::default()
    };
    let limit = whom.limit();
    let decided = app.read(move |reader| reader.decisions(&filter, limit)).await?;
    let decisions: Vec<Value> = decided.iter().map(|decided| decided.decision.to_json()).collect();
    Ok(Json(json!({ "decisions": decisions })))
}

/// Every id the person ever had: one for each identifier that joined.
pub(crate) fn former_ids(record: &Record) -> Vec<PersonId> {
    record.evidence.nodes.iter().map(|node| node.named_first).collect()
}

/// Decisions about anybody, the latest first.
pub(super) async fn all_decisions(
    State(app): State<App>,
    headers: HeaderMap,
    QueryString(asked): QueryString<Page>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let filter = DecisionFilter {
        journey: asked.journey,
        before: asked.before,
        ..DecisionFilter::default()
    };
    let limit = asked.limit.unwrap_or(100).clamp(1, LIMIT_MAX);
    let decided = app.read(move |reader| reader.decisions(&filter, limit)).await?;
    let before = (decided.len() == limit).then(|| decided.last().map(|d| d.id)).flatten();
    let decisions: Vec<Value> = decided.iter().map(|decided| decided.decision.to_json()).collect();
    Ok(Json(json!({ "decisions": decisions, "before": before })))
}

/// A page of a long list.
#[derive(Debug, Deserialize)]
pub(super) struct Page {
    journey: Option<String>,
    limit: Option<usize>,
    before: Option<u64>,
}

/// Why the person's records are one person: identifiers and what ties them together.
pub(super) async fn why(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(whom): JsonBody<Whom>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let record = whom.record(&app).await?;
    let program = app.desk.program();
    let (record, alike) = app
        .read(move |reader| {
            let alike = alike_by(reader, &program.identity, &record)?;
            Ok((record, alike))
        })
        .await?;
    Ok(Json(json!({
        "person": record.id().to_string(),
        "identifiers": identifiers_json(&record),
        "evidence": evidence_json(&record, &alike),
    })))
}

/// Everything known of the person, for the person.
pub(super) async fn disclose(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(whom): JsonBody<Whom>,
) -> ApiResult {
    app.require(&headers, Right::Disclose)?;
    let record = whom.record(&app).await?;
    let (program, now) = (app.desk.program(), clock::now());
    tracing::info!(person.id = %record.id(), "what is known of a person was taken along");
    Ok(Json(app.read(move |reader| disclosure(reader, &program, &record, now)).await?))
}

/// Erases a person for good: log, index, outbox, quarantine, decisions.
pub(super) async fn erase(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(whom): JsonBody<Whom>,
) -> ApiResult {
    app.require(&headers, Right::Erase)?;
    let record = whom.record(&app).await?;
    let (erased, scrubbed) = erase_person(&app, record.id()).await?;
    Ok(Json(json!({
        "erased": erased.events,
        "redacted": erased.redacted,
        "scrubbed": scrubbed,
    })))
}

/// Erases whoever has this id. Returns what went, and whether no byte of it is left in free parts
/// of the files.
pub(crate) async fn erase_person(app: &App, person: PersonId) -> Result<(Erased, bool), ApiError> {
    app.note_erasure();
    let erased = app
        .desk
        .ask(move |writer| {
            writer.erase(person, clock::now()).map(|erased| (erased, writer.scrub_soon()))
        })
        .await?;
    app.note_erasure();
    Ok(erased.map_err(|error| crate::live::DeskError::Writer(std::sync::Arc::new(error)))?)
}

/// A person as the API shows them.
pub(crate) fn person_json(record: &Record) -> Value {
    let traits: serde_json::Map<String, Value> = record
        .profile
        .traits
        .iter()
        .map(|(name, held)| (name.clone(), held.value.to_json()))
        .collect();
    let enrollments: Vec<Value> = record
        .enrollments
        .iter()
        .map(|enrollment| {
            json!({
                "journey": enrollment.journey,
                "entered_at": enrollment.entered_at.to_string(),
                "step": enrollment.step,
                "state": format!("{:?}", enrollment.state)
                    .split([' ', '{']).next().unwrap_or_default().to_lowercase(),
                "due_at": enrollment.due_at().map(|at| at.to_string()),
            })
        })
        .collect();
    json!({
        "id": record.id().to_string(),
        "name": record.display_name(),
        "identifiers": identifiers_json(record),
        "traits": traits,
        "events_count": record.profile.events,
        "orders_count": record.profile.orders.by_key.len(),
        "enrollments": enrollments,
    })
}

pub(crate) fn identifiers_json(record: &Record) -> Vec<Value> {
    let nodes = record.evidence.nodes.iter();
    nodes.map(|node| identifier_json(&node.identifier)).collect()
}

pub(crate) fn identifier_json(identifier: &Identifier) -> Value {
    json!({ "kind": identifier.kind.word(), "value": identifier.value() })
}

fn edge_json(record: &Record, edge: &Edge) -> Value {
    let joins = record.evidence.holds(&edge.strong) && record.evidence.holds(&edge.weak);
    json!({
        "one": identifier_json(&edge.strong),
        "other": identifier_json(&edge.weak),
        "how": match edge.ties {
            Ties::Seen => "seen together",
            Ties::AssertedSame => "staff say: the same person",
            Ties::AssertedApart => "staff say: not the same person",
            Ties::TakenBack => "staff took back what they said",
            Ties::Unsure => "staff could not tell",
            Ties::HomeSame => "staff say: they live together",
            Ties::HomeApart => "staff say: they do not live together",
            Ties::HomeTakenBack => "staff took back what they said of where they live",
        },
        "first_at": edge.first_at.to_string(),
        "last_at": edge.last_at.to_string(),
        "joins": joins,
    })
}

/// Everything that was seen and said of a person, and then the likenesses that join.
pub(crate) fn evidence_json(record: &Record, alike: &[Tied]) -> Vec<Value> {
    let edges = record.evidence.edges.iter().map(|edge| edge_json(record, edge));
    edges.chain(alike.iter().map(|tied| tied_json(record, tied))).collect()
}

/// What holds a person together as the API shows it.
pub(crate) fn tied_json(record: &Record, tied: &Tied) -> Value {
    match tied {
        Tied::Seen(edge) => edge_json(record, edge),
        Tied::Alike(cards) => json!({
            "one": identifier_json(&cards.one),
            "other": identifier_json(&cards.other),
            "how": "alike",
            "percent": cards.percent,
            "points": cards.points.words().collect::<Vec<_>>(),
            "joins": true,
        }),
    }
}

/// An event as the API shows it.
pub(crate) fn event_json(logged: &Logged) -> Value {
    let Event { source, feed, message_id, occurred, received_at, kind, .. } = &logged.event;
    json!({
        "position": logged.position.0,
        "type": type_word(&logged.event),
        "name": kind.name(),
        "source": source,
        "feed": feed,
        "message_id": message_id,
        "occurred_at": occurred.at.to_string(),
        "received_at": received_at.to_string(),
        "channel": logged.event.place.channel.word(),
        "anchor": logged.event.anchor().map(identifier_json),
        "identifiers": logged.event.identifiers.iter().map(identifier_json).collect::<Vec<_>>(),
        "refers_to": logged.event.reference.as_ref().map(|reference| &reference.id),
        "cart": logged.event.cart,
        "order": logged.event.order.as_ref().map(|order| json!({
            "key": order.key, "total_minor": order.total_minor, "currency": order.currency.code(),
        })),
        "products": logged.event.lines.iter().map(|line| json!({
            "label": line.label(),
            "category": line.category,
            "codes": line.codes.iter().map(|c| json!({ c.kind.word(): c.value })).collect::<Vec<_>>(),
            "quantity_milli": line.quantity_milli,
            "total_minor": line.total_minor,
            "currency": line.currency.as_ref().map(Currency::code),
        })).collect::<Vec<_>>(),
        "traits": map_json(&logged.event.traits),
        "properties": map_json(&logged.event.properties),
    })
}

/// The type of the SDK call that an event came as.
#[expect(clippy::wildcard_enum_match_arm, reason = "only these kinds of event matter here")]
fn type_word(event: &Event) -> &'static str {
    use regulars_engine::event::Kind;
    match &event.kind {
        Kind::Identify => "identify",
        Kind::Group => "group",
        Kind::Alias => "alias",
        Kind::PageViewed => "page",
        Kind::ScreenViewed => "screen",
        _ => "track",
    }
}

fn map_json(map: &regulars_engine::event::Map) -> serde_json::Map<String, Value> {
    map.iter().map(|(name, value)| (name.clone(), value.to_json())).collect()
}
