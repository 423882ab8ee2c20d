//! What a request of the API says: read, or refused in words for programs and people.

use std::convert::Infallible;
use std::net::{IpAddr, SocketAddr};

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{ConnectInfo, FromRequest, FromRequestParts, Query, Request};
use axum::http::header;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::ApiError;
use crate::ui::Language;

/// A body of JSON. What is wrong with it is told without its values, since they may be somebody's.
#[derive(Debug)]
pub(super) struct JsonBody<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        let read = Json::<T>::from_request(request, state).await;
        read.map(|Json(said)| Self(said)).map_err(|rejection| refused(&rejection))
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the framework may add ways to be wrong")]
fn refused(rejection: &JsonRejection) -> ApiError {
    let (code, message, hint) = match rejection {
        JsonRejection::JsonSyntaxError(_) => {
            ("not_json", "the body is not JSON", "look for a missing bracket or quote")
        }
        JsonRejection::JsonDataError(_) => (
            "not_understood",
            "the body is JSON, but not what this call takes",
            "look at the call in /api/openapi.json",
        ),
        JsonRejection::MissingJsonContentType(_) => (
            "no_content_type",
            "the request does not say that its body is JSON",
            "send the header \"Content-Type: application/json\"",
        ),
        _ => ("body_not_read", "the body is too large or was cut off", "send it again, in parts"),
    };
    ApiError::new(rejection.status(), code, message, hint)
}

/// The language in which an answer speaks: the one behind the question mark, else the one that the request
/// accepts most, else English.
#[derive(Debug)]
pub(super) struct Spoken(pub(super) Language);

#[derive(Deserialize)]
struct Asked {
    language: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Spoken {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let QueryString(asked) = QueryString::<Asked>::from_request_parts(parts, state).await?;
        if let Some(code) = asked.language {
            let unknown =
                || ApiError::bad_request("there is no such language", "send en, es or ru");
            return Language::parse(&code).map(Self).ok_or_else(unknown);
        }
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE);
        let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok(Self(Language::negotiate(accepted)))
    }
}

/// What stands behind the question mark.
#[derive(Debug)]
pub(super) struct QueryString<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for QueryString<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let read = Query::<T>::from_request_parts(parts, state).await;
        read.map(|Query(asked)| Self(asked)).map_err(|_| {
            let hint = "look at the call in /api/openapi.json; limits and ids are whole numbers";
            ApiError::bad_request("a value behind the question mark is not understood", hint)
        })
    }
}

/// Where a request comes from, as far as the connection tells.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(pub(super) Option<IpAddr>);

impl<S: Send + Sync> FromRequestParts<S> for Peer {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(info.map(|ConnectInfo(address)| address.ip())))
    }
}
