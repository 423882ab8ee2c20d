//! What each page and form needs, and the one door in front of them all. What states nothing here is
//! shut.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::session::Session;
use super::visit::{COOKIE, Pages, Visit, cookie};
use crate::access::{self, Act, Outcome, Right, Role};
use crate::clock;
use crate::ui::assets;

/// Somebody who is signed in, with the role they have at this moment.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    pub(super) session: Session,
    pub(super) role: Role,
}

/// Who may come in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Door {
    /// Anybody: what comes before signing in.
    Open,
    /// Whoever has this right.
    Needs(Right),
}

/// What is open to anybody.
const OPEN: [(&str, &str); 7] = [
    ("GET", "/"),
    ("GET", assets::ROUTE),
    ("GET", "/sign-in"),
    ("POST", "/sign-in"),
    ("GET", "/first-run"),
    ("POST", "/first-run"),
    ("POST", "/language"),
];

/// Pages and forms that change nothing.
const LOOK: &[(&str, &str)] = &[
    ("POST", "/sign-out"),
    ("GET", "/today"),
    ("GET", "/today/version"),
    ("POST", "/today/looked"),
    ("GET", "/notices"),
    ("GET", "/people"),
    ("POST", "/people"),
    ("GET", "/people/{id}"),
    ("GET", "/people/{id}/consent"),
    ("GET", "/people/{id}/version"),
    ("GET", "/identity"),
    ("GET", "/identity/pairs/{one}/{other}"),
    ("GET", "/identity/health"),
    ("GET", "/identity/linking"),
    ("GET", "/identity/linking/version"),
    ("GET", "/identity/changes"),
    ("GET", "/identity/said"),
    ("GET", "/sources"),
    ("GET", "/sources/{id}"),
    ("GET", "/quarantine"),
    ("GET", "/quarantine/{id}"),
    ("GET", "/segments"),
    ("GET", "/segments/new"),
    ("POST", "/segments/preview"),
    ("POST", "/segments/complete"),
    ("POST", "/segments/count"),
    ("GET", "/segments/of/{name}"),
    ("POST", "/segments/of/{name}/why"),
    ("GET", "/reports"),
    ("GET", "/reports/regret"),
    ("GET", "/reports/silo"),
    ("GET", "/reports/silo/version"),
    ("GET", "/reports/journeys/{name}"),
    ("GET", "/scores"),
    ("GET", "/scores/version"),
    ("GET", "/journeys"),
    ("GET", "/journeys/{name}"),
    ("GET", "/journeys/{name}/version"),
    ("GET", "/offers"),
    ("GET", "/offers/of/{name}"),
    ("GET", "/messages"),
    ("GET", "/messages/{name}"),
    ("GET", "/messages/{name}/body"),
    ("POST", "/messages/{name}/person"),
    ("POST", "/messages/{name}/test"),
    ("GET", "/outbox"),
    ("GET", "/outbox/{id}"),
    ("GET", "/outbox/{id}/body"),
    ("GET", "/channels"),
    ("GET", "/webhooks"),
    ("GET", "/account"),
    ("POST", "/account"),
];

/// Everything else, by the right that it needs.
const MORE: &[(Right, &str, &str)] = &[
    (Right::Answer, "POST", "/notices/{id}/{verb}"),
    (Right::Answer, "POST", "/people/{id}/{verb}"),
    (Right::Answer, "POST", "/identity/pairs/{one}/{other}/{verb}"),
    (Right::Answer, "POST", "/identity/undo"),
    (Right::Give, "GET", "/people/{id}/offers"),
    (Right::Give, "POST", "/people/{id}/offers"),
    (Right::Give, "POST", "/people/{id}/offers/take-back"),
    (Right::Give, "POST", "/offers/of/{name}/take-back"),
    (Right::Give, "POST", "/offers/of/{name}/person"),
    (Right::Repair, "POST", "/quarantine/replay"),
    (Right::Repair, "POST", "/quarantine/{id}/{verb}"),
    (Right::Repair, "POST", "/webhooks/again"),
    (Right::Define, "POST", "/identity/linking/{verb}"),
    (Right::Define, "POST", "/segments/save"),
    (Right::Define, "POST", "/segments/remove"),
    (Right::Define, "POST", "/segments/lists"),
    (Right::Define, "POST", "/scores/fit"),
    (Right::Define, "GET", "/journeys/{name}/edit"),
    (Right::Define, "POST", "/journeys/{name}/edit"),
    (Right::Define, "GET", "/new-journey"),
    (Right::Define, "POST", "/new-journey"),
    (Right::Define, "POST", "/journeys/{name}/dry-run"),
    (Right::Define, "POST", "/journeys/{name}/stop"),
    (Right::Define, "GET", "/journeys/{name}/move"),
    (Right::Define, "POST", "/journeys/{name}/move"),
    (Right::Define, "GET", "/new-message"),
    (Right::Define, "POST", "/new-message"),
    (Right::Define, "GET", "/messages/{name}/edit"),
    (Right::Define, "POST", "/messages/{name}/edit"),
    (Right::Define, "GET", "/messages/{name}/edit/body"),
    (Right::Define, "POST", "/offers/of/{name}/pool"),
    (Right::Define, "POST", "/reports/silo"),
    (Right::Define, "POST", "/reports/silo/stop"),
    (Right::Switch, "POST", "/sending/resume"),
    (Right::Switch, "POST", "/sending/pause"),
    (Right::Disclose, "GET", "/people/{id}/disclosure"),
    (Right::Disclose, "GET", "/people/{id}/disclosure/file"),
    (Right::Erase, "POST", "/people/{id}/erase"),
    (Right::Manage, "GET", "/users"),
    (Right::Manage, "POST", "/users/{verb}"),
    (Right::Manage, "POST", "/webhooks/{verb}"),
    (Right::Manage, "POST", "/channels/{verb}"),
    (Right::Manage, "POST", "/channels/pace/{verb}"),
];

/// Every page and form with the right that it needs, by method and pattern of the address, for whoever
/// describes or tests them; `None`: it is open to anybody.
pub fn doors() -> impl Iterator<Item = (&'static str, &'static str, Option<Right>)> {
    let open = OPEN.iter().map(|(method, pattern)| (*method, *pattern, None));
    let look = LOOK.iter().map(|(method, pattern)| (*method, *pattern, Some(Right::Look)));
    let more = MORE.iter().map(|(right, method, pattern)| (*method, *pattern, Some(*right)));
    open.chain(look).chain(more)
}

/// Who may come in here, by method and pattern of the address; `None`: nobody, since nothing is stated.
pub(super) fn door(method: &Method, pattern: &str) -> Option<Door> {
    let method = if method == Method::HEAD { "GET" } else { method.as_str() };
    let stated = doors().find(|(stated, at, _)| *stated == method && *at == pattern);
    stated.map(|(_, _, right)| right.map_or(Door::Open, Door::Needs))
}

/// The door: whoever is not signed in is led to it, whoever may not is told who may, and what was
/// done is noted.
pub(super) async fn guard(
    State(pages): State<Pages>,
    pattern: MatchedPath,
    mut request: Request,
    next: Next,
) -> Response {
    let door = door(request.method(), pattern.as_str());
    if door == Some(Door::Open) {
        return next.run(request).await;
    }
    let Some(signed) = signed(&pages, request.headers()).await else {
        let any = pages.app.read(access::any_user).await;
        let to = if any.unwrap_or(true) { "/sign-in" } else { "/first-run" };
        return Redirect::to(to).into_response();
    };
    let allowed = match door {
        Some(Door::Needs(right)) if signed.role.may(right) => right,
        Some(Door::Needs(right)) => {
            let act = act(&signed, right, request.method(), &pattern, Outcome::Refused);
            note(&pages, act).await;
            return refused(&pages, request.uri(), request.headers(), signed, right).await;
        }
        Some(Door::Open) | None => {
            tracing::error!(route = pattern.as_str(), "no right is stated for a page");
            return refused(&pages, request.uri(), request.headers(), signed, Right::Manage).await;
        }
    };
    // What only looks is not worth a line; what is handed out or changed is.
    let noted = (request.method() != Method::GET || allowed == Right::Disclose)
        && request.method() != Method::HEAD
        && allowed != Right::Look;
    let method = request.method().clone();
    request.extensions_mut().insert(signed.clone());
    let response = next.run(request).await;
    if noted {
        let well = response.status().is_success() || response.status().is_redirection();
        let outcome = if well { Outcome::Done } else { Outcome::Failed };
        note(&pages, act(&signed, allowed, &method, &pattern, outcome)).await;
    }
    response
}

/// Who is signed in by the cookie of a request: a user who is still there, with the same password.
pub(super) async fn signed(pages: &Pages, headers: &HeaderMap) -> Option<Signed> {
    let value = cookie(headers, COOKIE)?;
    let session = pages.sessions.find(value, clock::now())?;
    let name = session.user.clone();
    let user = pages.app.read(move |reader| access::user(reader, &name)).await.ok().flatten();
    match user {
        Some(user) if user.password_at <= session.begun_at => {
            Some(Signed { session, role: user.role })
        }
        Some(_) | None => {
            pages.sessions.end(value);
            None
        }
    }
}

async fn refused(
    pages: &Pages,
    uri: &Uri,
    headers: &HeaderMap,
    signed: Signed,
    right: Right,
) -> Response {
    Visit::of(pages, uri, headers, signed).await.refused(right)
}

fn act(
    signed: &Signed,
    right: Right,
    method: &Method,
    pattern: &MatchedPath,
    outcome: Outcome,
) -> Act {
    let (by, what) = (signed.session.user.clone(), format!("{method} {}", pattern.as_str()));
    Act { at: clock::now().0, by, right, what, outcome }
}

/// A page that cannot be noted is answered all the same: the store says in the log that it fails.
async fn note(pages: &Pages, act: Act) {
    let noted = pages.app.desk.ask(move |writer| access::note(writer, &act)).await;
    if !matches!(noted, Ok(Ok(()))) {
        tracing::warn!("what was done on a page could not be noted");
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// Every route of the pages, as their table is written.
    fn written() -> BTreeSet<(Method, String)> {
        let source = include_str!("mod.rs");
        let source = source.replace("assets::ROUTE", &format!("\"{}\"", assets::ROUTE));
        let mut found = BTreeSet::new();
        for piece in source.split(".route(").skip(1) {
            let (pattern, answers) =
                piece.trim_start().trim_start_matches('"').split_once('"').unwrap();
            for (word, method) in [("get(", Method::GET), ("post(", Method::POST)] {
                if answers.lines().next().unwrap_or_default().contains(word) {
                    found.insert((method, pattern.to_owned()));
                }
            }
        }
        found
    }

    #[test]
    fn every_route_states_what_it_needs_and_nothing_else_does() {
        let written = written();
        assert!(written.len() > 80, "the table of routes was not read: {written:?}");
        for (method, pattern) in &written {
            assert!(
                door(method, pattern).is_some(),
                "{method} {pattern} is shut: state in pages/rights.rs what it needs"
            );
        }
        for (method, pattern, _) in doors() {
            let route = (method.parse::<Method>().unwrap(), pattern.to_owned());
            assert!(written.contains(&route), "{method} {pattern} is stated and not there");
        }
    }

    #[test]
    fn what_is_not_stated_is_shut() {
        assert_eq!(door(&Method::GET, "/nowhere"), None);
        assert_eq!(door(&Method::DELETE, "/people/{id}"), None);
        assert_eq!(door(&Method::HEAD, "/today"), Some(Door::Needs(Right::Look)));
    }
}
