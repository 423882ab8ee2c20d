//! The pages with their data: sessions, and models filled from the store. Views live in `ui`.

mod access;
mod channels;
mod consent;
mod convert;
mod decisions;
mod disclosure;
mod editor;
mod editor_look;
mod gifts;
mod household;
mod identity;
mod journey;
mod journeys;
mod message_editor;
mod messages;
mod moving;
mod new_journey;
mod notices;
mod offers;
mod outbox;
mod pace;
mod people;
mod person;
mod person_parts;
mod put_aside;
mod quarantine;
mod reports;
mod rights;
mod scores;
mod segments;
mod session;
mod silo;
mod sources;
mod today;
mod users;
mod visit;
mod webhooks;

use axum::Router;
use axum::extract::Path;
use axum::http::HeaderMap;
use axum::middleware;
use axum::response::{Redirect, Response};
use axum::routing::{get, post};

pub(crate) use convert::channel as words_of_channel;
pub(crate) use convert::reasons as reasons_shown;
pub(crate) use identity::weights_shown;
pub use put_aside::PutAside;
pub use rights::doors;
pub use session::Sessions;
pub use visit::Pages;
pub(crate) use visit::cookie;

use crate::http::App;
use crate::serve::Ways;
use crate::ui::assets;

/// Everything a person looks at in a browser.
pub fn routes(app: App, way: Ways) -> Router {
    let pages = Pages::new(app, way);
    Router::new()
        .route("/", get(|| async { Redirect::to("/today") }))
        .route(assets::ROUTE, get(asset))
        .route("/sign-in", get(access::sign_in).post(access::signed_in))
        .route("/first-run", get(access::first_run).post(access::first_user))
        .route("/sign-out", post(access::sign_out))
        .route("/language", post(access::language))
        .route("/today", get(today::page))
        .route("/today/version", get(today::version))
        .route("/today/looked", post(today::looked))
        .route("/sending/resume", post(today::resume))
        .route("/sending/pause", post(today::pause))
        .route("/notices", get(notices::page))
        .route("/notices/{id}/{verb}", post(notices::act))
        .route("/people", get(people::page).post(people::search))
        .route("/people/{id}", get(person::page))
        .route("/people/{id}/consent", get(consent::page))
        .route("/people/{id}/disclosure", get(disclosure::page))
        .route("/people/{id}/disclosure/file", get(disclosure::file))
        .route("/people/{id}/erase", post(disclosure::erase))
        .route("/people/{id}/offers", get(gifts::page).post(gifts::act))
        .route("/people/{id}/offers/take-back", post(gifts::revoke))
        .route("/people/{id}/version", get(person::version))
        .route("/people/{id}/{verb}", post(person::stated))
        .route("/identity", get(identity::page))
        .route("/identity/pairs/{one}/{other}", get(identity::pair))
        .route("/identity/pairs/{one}/{other}/{verb}", post(identity::act))
        .route("/identity/health", get(identity::health_page))
        .route("/identity/linking", get(identity::linking))
        .route("/identity/linking/version", get(identity::linking_version))
        .route("/identity/linking/{verb}", post(identity::linking_act))
        .route("/identity/changes", get(identity::changes))
        .route("/identity/said", get(identity::said))
        .route("/identity/undo", post(identity::undo))
        .route("/sources", get(sources::page))
        .route("/sources/{id}", get(sources::one))
        .route("/quarantine", get(quarantine::page))
        .route("/quarantine/replay", post(quarantine::replay_all))
        .route("/quarantine/{id}", get(quarantine::row))
        .route("/quarantine/{id}/{verb}", post(quarantine::act))
        .route("/segments", get(segments::page))
        .route("/segments/new", get(segments::new))
        .route("/segments/preview", post(segments::preview))
        .route("/segments/complete", post(segments::complete))
        .route("/segments/count", post(segments::count))
        .route("/segments/save", post(segments::save))
        .route("/segments/remove", post(segments::remove))
        .route("/segments/lists", post(segments::upload))
        .route("/segments/of/{name}", get(segments::one))
        .route("/segments/of/{name}/why", post(segments::why))
        .route("/reports", get(reports::page))
        .route("/reports/regret", get(reports::regret))
        .route("/reports/silo", get(silo::page).post(silo::begin))
        .route("/reports/silo/version", get(silo::version))
        .route("/reports/silo/stop", post(silo::stop))
        .route("/reports/journeys/{name}", get(reports::journey))
        .route("/scores", get(scores::page))
        .route("/scores/version", get(scores::version))
        .route("/scores/fit", post(scores::fit))
        .route("/account", get(users::account).post(users::new_password))
        .route("/users", get(users::page))
        .route("/users/{verb}", post(users::act))
        .merge(of_messages())
        .route_layer(middleware::from_fn_with_state(pages.clone(), rights::guard))
        .fallback(visit::nothing_here)
        .with_state(pages)
}

/// Pages about what is said to people: journeys, what they say and give, and how it leaves.
fn of_messages() -> Router<Pages> {
    Router::new()
        .route("/journeys", get(journeys::page))
        .route("/journeys/{name}", get(journey::page))
        .route("/journeys/{name}/edit", get(editor::page).post(editor::edit))
        .route("/new-journey", get(new_journey::page).post(new_journey::begin))
        .route("/journeys/{name}/version", get(journey::version))
        .route("/journeys/{name}/dry-run", post(journey::dry_run))
        .route("/journeys/{name}/stop", post(journey::stop))
        .route("/journeys/{name}/move", get(moving::page).post(moving::act))
        .route("/offers", get(offers::page))
        .route("/offers/of/{name}", get(offers::one))
        .route("/offers/of/{name}/pool", post(offers::pool))
        .route("/offers/of/{name}/take-back", post(offers::revoke))
        .route("/offers/of/{name}/person", post(gifts::person))
        .route("/messages", get(messages::page))
        .route("/new-message", get(message_editor::new).post(message_editor::begin))
        .route("/messages/{name}/edit", get(message_editor::page).post(editor::edit_template))
        .route("/messages/{name}/edit/body", get(message_editor::body))
        .route("/messages/{name}", get(messages::one))
        .route("/messages/{name}/body", get(messages::body))
        .route("/messages/{name}/person", post(messages::person))
        .route("/messages/{name}/test", post(messages::test))
        .route("/outbox", get(outbox::page))
        .route("/outbox/{id}", get(outbox::message))
        .route("/outbox/{id}/body", get(outbox::body))
        .route("/channels", get(channels::page))
        .route("/channels/{verb}", post(channels::act))
        .route("/channels/pace/{verb}", post(pace::act))
        .route("/webhooks", get(webhooks::page))
        .route("/webhooks/again", post(webhooks::again))
        .route("/webhooks/{verb}", post(webhooks::act))
}

async fn asset(Path((version, name)): Path<(String, String)>, headers: HeaderMap) -> Response {
    assets::serve(&version, &name, &headers)
}
