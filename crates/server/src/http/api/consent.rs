//! Consent: the ledger of a person, and suppression lists.

use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use regulars_engine::event::Channel;
use serde::Deserialize;
use serde_json::json;

use super::people::Whom;
use crate::access::Right;
use crate::clock;
use crate::http::said::JsonBody;
use crate::http::{ApiError, ApiResult, App};
use crate::ledger::{entry_json, ledger};
use crate::segments::Rows;
use crate::suppress::{Because, Suppressing, suppress};

/// Everything that was ever said of whether a person may be written to.
pub(super) async fn of_person(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(whom): JsonBody<Whom>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let record = whom.record(&app).await?;
    let entries = app.read(move |reader| ledger(reader, &record)).await?;
    Ok(Json(json!({ "ledger": entries.iter().map(entry_json).collect::<Vec<_>>() })))
}

/// A suppression list.
#[derive(Deserialize)]
pub(super) struct Listed {
    rows: String,
    because: String,
    channel: Option<String>,
    #[serde(default)]
    dry_run: bool,
}

/// Stops every address of a list, or tells what would become of it.
pub(super) async fn import(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(listed): JsonBody<Listed>,
) -> ApiResult {
    let by = app.require(&headers, Right::Define)?;
    let Some(because) = Because::parse(&listed.because) else {
        let hint = "send \"bounced\", \"complained\" or \"unsubscribed\"";
        return Err(ApiError::bad_request("\"because\" is no cause", hint));
    };
    let channel = listed.channel.as_deref().map_or(Some(Channel::Email), Channel::parse);
    let Some(channel) = channel else {
        return Err(ApiError::bad_request("there is no such channel", "send \"email\" or \"sms\""));
    };
    let suppressing = Suppressing { because, channel, dry_run: listed.dry_run, by };
    if let Some(wrong) = suppressing.wrong() {
        let hint = "send phones with \"sms\" and \"unsubscribed\"";
        return Err(ApiError::bad_request(wrong, hint));
    }
    let rows = Rows::read(&listed.rows, Some(suppressing.kind()), &app.desk.program());
    let told =
        app.desk.write(move |writer| suppress(writer, &suppressing, &rows, clock::now())).await?;
    Ok(Json(told.to_json()))
}
