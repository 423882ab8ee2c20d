//! HTTP: what SDKs send, what the API answers, and the pages. Thin: rules live in the engine.

pub mod api;
mod app;
mod confirm;
mod decide;
mod error;
mod hooks;
mod intake;
mod links;
mod preferences;
mod said;
mod site_files;

pub use app::{App, Readers};
pub use error::{ApiError, ApiResult};
pub(crate) use intake::quarantined;
pub(crate) use site_files::STYLE as SITE_STYLE;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;

/// The largest request body: a batch as ingest takes it, compressed or not.
const BODY_BYTES_MAX: usize = 6 << 20;

/// Everything that is answered without signing in to the pages.
pub fn routes(app: App) -> Router {
    Router::new()
        .merge(decide::routes())
        .merge(intake::routes())
        .merge(preferences::routes())
        .merge(confirm::routes())
        .merge(links::routes())
        .merge(hooks::routes())
        .nest("/api/v1", api::routes())
        .route("/healthz", get(health))
        .route("/metrics", get(metrics))
        .route("/api/openapi.json", get(api::openapi))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .with_state(app)
}

/// Whether the program can read its store.
async fn health(axum::extract::State(app): axum::extract::State<App>) -> ApiResult {
    let totals = app.read(regulars_store::Reader::totals).await?;
    Ok(axum::Json(serde_json::json!({ "status": "ok", "events": totals.events })))
}

/// Numbers for an operator's dashboard, in the text format of Prometheus; no identifier among them.
async fn metrics(axum::extract::State(app): axum::extract::State<App>) -> Result<String, ApiError> {
    use regulars_store::Reader;
    let (totals, counts) = app.read(|reader| Ok((reader.totals()?, reader.counts()?))).await?;
    let mut text = String::new();
    let mut gauge = |name: &str, value: u64| {
        text.push_str(&format!("# TYPE regulars_{name} gauge\nregulars_{name} {value}\n"));
    };
    gauge("events", totals.events);
    gauge("persons", totals.persons);
    gauge("identifiers", totals.identifiers);
    gauge("messages_held", totals.held);
    gauge("messages_claimed", totals.claimed);
    gauge("messages_uncertain", totals.uncertain);
    gauge("quarantined", totals.quarantined);
    gauge("disk_bytes", totals.disk_bytes);
    text.push_str("# TYPE regulars_source_events counter\n");
    for (source, counts) in counts {
        let source = source.replace(['"', '\\', '\n'], "_");
        for (what, value) in [
            ("accepted", counts.accepted),
            ("duplicate", counts.duplicates),
            ("conflict", counts.conflicts),
            ("quarantined", counts.quarantined),
        ] {
            let labels = format!("source=\"{source}\",outcome=\"{what}\"");
            text.push_str(&format!("regulars_source_events{{{labels}}} {value}\n"));
        }
    }
    Ok(text)
}
