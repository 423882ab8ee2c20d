//! Links of messages that lead over us: an opaque token leads on to where its message says, and to
//! nowhere else. Whatever goes wrong with noting it, the reader is led on.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use regulars_store::Reader;

use super::preferences::{stranger, unknown};
use super::{ApiError, App};
use crate::clock;
use crate::live::{Follower, LinkToken, Token, destination, dismissed, followed, of_somebody};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/l/{token}", get(follow)).route("/n/{token}", post(closed))
}

async fn follow(
    State(app): State<App>,
    Path(token): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let nowhere = || Ok(unknown(&stranger(&app, &headers, None, "/l"), &headers));
    let Some(link) = LinkToken::parse(&token, app.desk.salt()) else { return nowhere() };
    let Some(message) = app.read(move |reader| reader.message(link.message)).await? else {
        return nowhere();
    };
    let target = destination(&app.desk.program(), &message, link.number);
    let Some(target) = target.and_then(|target| HeaderValue::from_str(&target).ok()) else {
        return nowhere();
    };
    if let Some(event) = followed(&message, link.number, follower(&method, &headers), clock::now())
        && app.desk.accept(vec![event], Vec::new()).await.is_err()
    {
        tracing::warn!(message.id = link.message, "a link that was followed could not be noted");
    }
    let mut response = StatusCode::FOUND.into_response();
    for (name, value) in [
        (header::LOCATION, target),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        // The token stays with us.
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    ] {
        response.headers_mut().insert(name, value);
    }
    Ok(response)
}

/// A push message was closed in a browser. There is nothing to learn from the answer.
async fn closed(State(app): State<App>, Path(token): Path<String>) -> Result<StatusCode, ApiError> {
    if let Some(token) = Token::parse_closing(&token, app.desk.salt())
        && let Some(message) = app.read(move |reader| reader.message(token.message)).await?
        && of_somebody(&message)
    {
        app.desk.accept(vec![dismissed(&message, clock::now())], Vec::new()).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}

/// Who asks. A browser that loads ahead says so, in one of three headers.
fn follower(method: &Method, headers: &HeaderMap) -> Follower {
    let says =
        |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let ahead = ["sec-purpose", "purpose", "x-moz"].iter().any(|name| {
        let word = says(name).to_ascii_lowercase();
        word.contains("prefetch") || word.contains("prerender") || word.contains("preview")
    });
    let agent = says("user-agent");
    if *method != Method::GET || ahead {
        Follower::Nobody
    } else if agent.trim().is_empty() || regulars_ingest::providers::machine(Some(agent)) {
        Follower::Machine
    } else {
        Follower::Person
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn machines_and_browsers_that_load_ahead_are_told_from_people() {
        let asks = |method: &Method, all: &[(&'static str, &str)]| {
            let mut headers = HeaderMap::new();
            for (name, value) in all {
                headers.insert(*name, HeaderValue::from_str(value).unwrap());
            }
            follower(method, &headers)
        };
        let person = ("user-agent", "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)");
        assert_eq!(asks(&Method::GET, &[person]), Follower::Person);
        assert_eq!(asks(&Method::HEAD, &[person]), Follower::Nobody);
        assert_eq!(
            asks(&Method::GET, &[person, ("sec-purpose", "prefetch;prerender")]),
            Follower::Nobody
        );
        assert_eq!(asks(&Method::GET, &[person, ("x-moz", "prefetch")]), Follower::Nobody);
        assert_eq!(asks(&Method::GET, &[("user-agent", "Barracuda Sentinel")]), Follower::Machine);
        assert_eq!(asks(&Method::GET, &[]), Follower::Machine);
    }
}
