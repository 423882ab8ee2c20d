//! The OpenAPI document of the API, as it is embedded in the program.

use axum::http::header;
use axum::response::IntoResponse;

/// The document.
const OPENAPI: &str = include_str!("openapi.json");

/// Serves the document.
pub async fn openapi() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI)
}
