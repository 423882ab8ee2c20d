//! Errors as the API tells them: a code, what is wrong, and what would cure it.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use regulars_store::StoreError;
use serde_json::{Value, json};
use tokio::task::JoinError;

use crate::live::DeskError;

/// What most API calls answer.
pub type ApiResult = Result<Json<Value>, ApiError>;

/// An error of the API.
#[derive(Debug)]
pub struct ApiError {
    /// The HTTP status.
    pub status: StatusCode,
    /// A word for programs.
    pub code: &'static str,
    /// What is wrong, for people.
    pub message: String,
    /// What would cure it; empty if nobody but us can.
    pub hint: &'static str,
}

impl ApiError {
    /// An error with its cure.
    #[must_use]
    pub fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<String>,
        hint: &'static str,
    ) -> Self {
        Self { status, code, message: message.into(), hint }
    }

    /// Nothing of that name.
    #[must_use]
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message, "check the id or identifier")
    }

    /// The request does not say what is needed.
    #[must_use]
    pub fn bad_request(message: impl Into<String>, hint: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message, hint)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = json!({
            "error": { "code": self.code, "message": self.message, "hint": self.hint },
        });
        (self.status, Json(body)).into_response()
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "could not read the store");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "store_failed",
            "the store could not be read",
            "look at the program's log",
        )
    }
}

/// What was done on another thread did not come to its end.
impl From<JoinError> for ApiError {
    fn from(_: JoinError) -> Self {
        let message = "the request failed inside the program";
        let hint = "look at the program's log";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "failed", message, hint)
    }
}

impl From<DeskError> for ApiError {
    fn from(error: DeskError) -> Self {
        Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "not_written",
            error.to_string(),
            "send it again in a moment",
        )
    }
}
