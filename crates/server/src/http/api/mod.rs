//! The JSON API: people by identifier in the body, never in the URL; decisions with reasons;
//! sources and watermarks; definitions; quarantine.

mod channels;
mod consent;
mod definitions;
mod dkim;
mod document;
mod give;
mod hooks;
mod identity;
mod journeys;
mod linking;
mod measure;
mod notices;
mod offers;
mod pace;
mod people;
mod quarantine;
mod scores;
mod segments;
mod sources;
mod templates;
mod users;
mod webhooks;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::routing::{MethodRouter, get, post, put};
use regulars_engine::time::Timestamp;
use serde_json::json;

pub use dkim::key_json;
pub use document::openapi;
pub use hooks::{added_json, hook_json};
pub(crate) use journeys::move_part;
pub(crate) use people::{
    erase_person, event_json, evidence_json, former_ids, identifier_json, identifiers_json,
    person_json, tied_json, timeline_of,
};
pub use users::act_json;

use super::said::JsonBody;
use super::{ApiResult, App};
use crate::access::Right;
use crate::sending::{self, Switched};
use crate::staff::Statement;

/// How a call is made, and who answers.
type Call = (Method, &'static str, MethodRouter<App>);

/// Every call below `/api/v1`: how it is made, and who answers. `openapi.json` describes each.
fn table() -> Vec<Call> {
    let mut calls = of_channels();
    calls.extend(who_is_who());
    calls.extend([
        (Method::POST, "/people/find", post(people::find)),
        (Method::POST, "/people/search", post(people::search)),
        (Method::POST, "/people/timeline", post(people::timeline)),
        (Method::POST, "/people/decisions", post(people::decisions)),
        (Method::POST, "/people/why", post(people::why)),
        (Method::POST, "/people/erase", post(people::erase)),
        (Method::GET, "/decisions", get(people::all_decisions)),
        (Method::GET, "/sources", get(sources::list)),
        (Method::POST, "/sources", post(sources::add)),
        (Method::POST, "/sources/secret", post(sources::secret)),
        (Method::POST, "/sources/watermark", post(sources::watermark)),
        (Method::POST, "/sources/heartbeat", post(sources::heartbeat)),
        (Method::GET, "/definitions", get(definitions::list)),
        (Method::PUT, "/definitions", put(definitions::publish)),
        (Method::POST, "/definitions/check", post(definitions::check)),
        (Method::GET, "/segments", get(segments::list)),
        (Method::GET, "/segments/show", get(segments::show)),
        (Method::GET, "/segments/members", get(segments::members)),
        (Method::POST, "/segments/preview", post(segments::preview)),
        (Method::POST, "/segments/complete", post(segments::complete)),
        (Method::POST, "/segments/count", post(segments::count)),
        (Method::POST, "/segments/explain", post(segments::explain)),
        (Method::GET, "/lists", get(segments::lists)),
        (Method::POST, "/lists", post(segments::upload)),
        (Method::POST, "/journeys/enroll", post(journeys::enrollments)),
        (Method::POST, "/journeys/move", post(journeys::moved)),
        (Method::GET, "/notices", get(notices::list)),
        (Method::POST, "/notices/done", post(notices::done)),
        (Method::GET, "/quarantine", get(quarantine::list)),
        (Method::POST, "/quarantine/replay", post(quarantine::replay)),
        (Method::POST, "/quarantine/dismiss", post(quarantine::dismiss)),
        (Method::POST, "/people/scores", post(scores::of_person)),
        (Method::GET, "/scores", get(scores::model)),
        (Method::GET, "/scores/versions", get(scores::versions)),
        (Method::GET, "/scores/rfm", get(scores::rfm)),
        (Method::POST, "/scores/fit", post(scores::fit)),
        (Method::GET, "/measure/regret", get(measure::regret)),
        (Method::GET, "/measure/journey", get(measure::journey)),
        (Method::GET, "/measure/silo", get(measure::silo)),
        (Method::POST, "/measure/silo", post(measure::begin_silo)),
        (Method::GET, "/sending", get(sending_now)),
        (Method::GET, "/pace", get(pace::show)),
        (Method::PUT, "/sending", put(set_sending)),
        (Method::GET, "/totals", get(totals)),
    ]);
    calls.extend(of_webhooks());
    calls.extend(of_users());
    calls.extend(of_templates());
    calls.extend(of_offers());
    calls
}

/// The calls about how messages leave, what people said to them, and what is known of people.
fn of_channels() -> Vec<Call> {
    vec![
        (Method::GET, "/dkim", get(dkim::list)),
        (Method::POST, "/dkim", post(dkim::add)),
        (Method::POST, "/dkim/use", post(dkim::sign_with)),
        (Method::POST, "/dkim/remove", post(dkim::remove)),
        (Method::POST, "/people/consents", post(consent::of_person)),
        (Method::POST, "/people/disclosure", post(people::disclose)),
        (Method::POST, "/suppressions", post(consent::import)),
        (Method::GET, "/channels/check", get(channels::check)),
        (Method::GET, "/channels/push", get(channels::push)),
        (Method::POST, "/channels/push", post(channels::make_push_key)),
        (Method::GET, "/hooks", get(hooks::list)),
        (Method::POST, "/hooks", post(hooks::add)),
        (Method::POST, "/hooks/rotate", post(hooks::rotate)),
        (Method::POST, "/hooks/remove", post(hooks::remove)),
    ]
}

fn of_webhooks() -> [Call; 10] {
    [
        (Method::GET, "/webhooks", get(webhooks::list)),
        (Method::POST, "/webhooks", post(webhooks::add)),
        (Method::POST, "/webhooks/move", post(webhooks::moved)),
        (Method::POST, "/webhooks/rotate", post(webhooks::rotate)),
        (Method::POST, "/webhooks/pause", post(webhooks::pause)),
        (Method::POST, "/webhooks/resume", post(webhooks::resume)),
        (Method::POST, "/webhooks/remove", post(webhooks::remove)),
        (Method::POST, "/webhooks/test", post(webhooks::test)),
        (Method::GET, "/webhooks/calls", get(webhooks::calls)),
        (Method::POST, "/webhooks/again", post(webhooks::again)),
    ]
}

fn of_users() -> [Call; 3] {
    [
        (Method::GET, "/users", get(users::list)),
        (Method::POST, "/users", post(users::keep)),
        (Method::POST, "/users/remove", post(users::remove)),
    ]
}

fn of_templates() -> [Call; 4] {
    [
        (Method::GET, "/templates", get(templates::list)),
        (Method::POST, "/templates/preview", post(templates::preview)),
        (Method::POST, "/templates/test", post(templates::test)),
        (Method::POST, "/templates/send-test", post(templates::send_test)),
    ]
}

fn of_offers() -> [Call; 9] {
    [
        (Method::GET, "/offers", get(offers::list)),
        (Method::POST, "/offers/codes", post(offers::pool)),
        (Method::POST, "/offers/issue", post(give::issue)),
        (Method::POST, "/offers/revoke", post(give::revoke)),
        (Method::POST, "/offers/validate", post(offers::validate)),
        (Method::POST, "/offers/redeem", post(offers::redeem)),
        (Method::GET, "/offers/offline", get(offers::offline)),
        (Method::POST, "/offers/reconcile", post(offers::reconcile)),
        (Method::GET, "/offers/report", get(offers::report)),
    ]
}

/// The calls on who is who.
fn who_is_who() -> Vec<Call> {
    vec![
        (Method::POST, "/people/compare", post(identity::compare)),
        (Method::POST, "/people/how", post(identity::how)),
        (Method::POST, "/people/same", identity::says(Statement::Same)),
        (Method::POST, "/people/not-the-same", identity::says(Statement::Apart)),
        (Method::POST, "/people/unsure", identity::says(Statement::Unsure)),
        (Method::POST, "/people/take-back", identity::says(Statement::TakenBack)),
        (Method::POST, "/people/household", post(identity::household)),
        (Method::POST, "/people/live-together", identity::says(Statement::LiveTogether)),
        (Method::POST, "/people/live-apart", identity::says(Statement::LiveApart)),
        (Method::GET, "/identity/statements", get(identity::statements)),
        (Method::POST, "/identity/undo", post(identity::undo)),
        (Method::GET, "/identity/changes", get(identity::changes)),
        (Method::GET, "/identity/pairs", get(identity::pairs)),
        (Method::GET, "/identity/health", get(identity::health)),
        (Method::GET, "/identity/rules", get(identity::rules)),
        (Method::GET, "/identity/models", get(linking::models)),
        (Method::POST, "/identity/train", post(linking::train)),
        (Method::POST, "/identity/what-if", post(linking::what_if)),
        (Method::GET, "/identity/work", get(linking::work)),
        (Method::POST, "/identity/work/stop", post(linking::stop)),
        (Method::POST, "/identity/apply", post(linking::apply)),
    ]
}

/// The method and path of every call, for whoever describes or tests them.
#[must_use]
pub fn calls() -> Vec<(Method, &'static str)> {
    table().into_iter().map(|(method, path, _)| (method, path)).collect()
}

/// Everything below `/api/v1`.
pub(super) fn routes() -> Router<App> {
    table()
        .into_iter()
        .fold(Router::new(), |router, (_, path, answers)| router.route(path, answers))
}

/// How much there is.
async fn totals(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let totals = app.read(regulars_store::Reader::totals).await?;
    Ok(axum::Json(json!({
        "events": totals.events,
        "persons": totals.persons,
        "identifiers": totals.identifiers,
        "held": totals.held,
        "claimed": totals.claimed,
        "uncertain": totals.uncertain,
        "quarantined": totals.quarantined,
    })))
}

/// Whether messages may leave.
async fn sending_now(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let (sending, note) = app
        .read(|reader| Ok((regulars_store::Reader::sending(reader)?, sending::switched(reader)?)))
        .await?;
    Ok(axum::Json(sending_json(sending, note.as_ref())))
}

fn sending_json(sending: regulars_store::Sending, note: Option<&Switched>) -> serde_json::Value {
    json!({
        "sending": sending.word(),
        "since": note.map(|note| Timestamp(note.at).to_string()),
        "by": note.map(|note| &note.by),
        "because": note.and_then(|note| note.cause.as_ref()),
    })
}

/// Switches sending on or off.
async fn set_sending(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(asked): JsonBody<serde_json::Value>,
) -> ApiResult {
    let by = app.require(&headers, Right::Switch)?;
    let to = match asked["sending"].as_str() {
        Some("on") => regulars_store::Sending::On,
        Some("transactional only") => regulars_store::Sending::Transactional,
        Some("off") => regulars_store::Sending::Off,
        Some(_) | None => {
            let hint = "send {\"sending\": \"on\"}, \"off\" or \"transactional only\"";
            return Err(super::ApiError::bad_request("\"sending\" is missing", hint));
        }
    };
    app.desk.write(move |writer| sending::switch(writer, to, &by, crate::clock::now())).await?;
    let note = app.read(sending::switched).await?;
    Ok(axum::Json(sending_json(to, note.as_ref())))
}
