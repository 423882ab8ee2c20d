//! Signing in and out, the first user, the language.

use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};

use super::visit::{COOKIE, Fields, OwnForm, Pages, cookie, visitor};
use crate::access::{self, Password, Role, UserError, UserName};
use crate::clock;
use crate::ui::model::{AccessProblem, ErrorPage, FirstRun, SignIn};
use crate::ui::view::{access as view, error};
use crate::ui::{Ctx, Language, response};

/// Before there is a session a form proves by this cookie that it came from our own page.
const FORM_COOKIE: &str = "regulars_form";

fn with_form_token(mut ctx: Ctx, headers: &HeaderMap) -> (Ctx, Option<String>) {
    match cookie(headers, FORM_COOKIE) {
        Some(token) => {
            token.clone_into(&mut ctx.csrf);
            (ctx, None)
        }
        None => {
            ctx.csrf = crate::secret::random_hex(16);
            let set = format!("{FORM_COOKIE}={}; Path=/; HttpOnly; SameSite=Strict", ctx.csrf);
            (ctx, Some(set))
        }
    }
}

fn set_cookie(mut response: Response, value: Option<String>) -> Response {
    if let Some(value) = value.and_then(|value| HeaderValue::from_str(&value).ok()) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

fn own_form(headers: &HeaderMap, fields: &Fields) -> bool {
    let token = cookie(headers, FORM_COOKIE);
    token.is_some() && token == fields.get("_csrf").map(String::as_str)
}

/// The page to sign in.
pub(super) async fn sign_in(State(pages): State<Pages>, uri: Uri, headers: HeaderMap) -> Response {
    if !pages.app.read(access::any_user).await.unwrap_or(true) {
        return Redirect::to("/first-run").into_response();
    }
    shown(&pages, &uri, &headers, SignIn { return_to: "/today".to_owned(), ..SignIn::default() })
}

fn shown(pages: &Pages, uri: &Uri, headers: &HeaderMap, model: SignIn) -> Response {
    let (ctx, set) = with_form_token(visitor(pages, uri, headers), headers);
    let status = if model.problem.is_some() { StatusCode::UNAUTHORIZED } else { StatusCode::OK };
    set_cookie(response::page(headers, status, view::sign_in(&ctx, &model)), set)
}

/// Signs in.
pub(super) async fn signed_in(
    State(pages): State<Pages>,
    uri: Uri,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let (name, password) = (field("name"), field("password"));
    let model = |problem| SignIn {
        name: name.clone(),
        return_to: "/today".to_owned(),
        problem: Some(problem),
    };
    if !own_form(&headers, &fields) {
        return shown(&pages, &uri, &headers, model(AccessProblem::FormExpired));
    }
    if !pages.sessions.may_try(&name, clock::now()) {
        return shown(&pages, &uri, &headers, model(AccessProblem::TooMany));
    }
    let user = name.clone();
    let right = pages.app.read(move |reader| access::signs_in(reader, &user, &password)).await;
    if right.unwrap_or(false) {
        begin(&pages, &name, "/today")
    } else {
        shown(&pages, &uri, &headers, model(AccessProblem::WrongPair))
    }
}

/// Signs a user in, and leads to a path of our own.
pub(super) fn begin(pages: &Pages, user: &str, to: &str) -> Response {
    let value = pages.sessions.begin(user, clock::now());
    let set = format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Lax");
    set_cookie(Redirect::to(to).into_response(), Some(set))
}

/// The page that makes the first user.
pub(super) async fn first_run(
    State(pages): State<Pages>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    if pages.app.read(access::any_user).await.unwrap_or(true) {
        return Redirect::to("/sign-in").into_response();
    }
    shown_first(&pages, &uri, &headers, FirstRun::default())
}

fn shown_first(pages: &Pages, uri: &Uri, headers: &HeaderMap, model: FirstRun) -> Response {
    let (ctx, set) = with_form_token(visitor(pages, uri, headers), headers);
    set_cookie(response::page(headers, StatusCode::OK, view::first_run(&ctx, &model)), set)
}

/// Makes the first user; once there is one, this door is closed.
pub(super) async fn first_user(
    State(pages): State<Pages>,
    uri: Uri,
    headers: HeaderMap,
    Form(fields): Form<Fields>,
) -> Response {
    if pages.app.read(access::any_user).await.unwrap_or(true) {
        return Redirect::to("/sign-in").into_response();
    }
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let (name, password) = (field("name").trim().to_owned(), field("password"));
    let again = ["password_again", "password-again", "again", "repeat"]
        .iter()
        .find_map(|key| fields.get(*key).cloned());
    let (typed, user) = (password.clone(), UserName::parse(&name));
    let hashed = tokio::task::spawn_blocking(move || Password::parse(&typed)).await;
    let asked = match (user, hashed) {
        _ if !own_form(&headers, &fields) => Err(AccessProblem::FormExpired),
        (Err(_), _) => Err(AccessProblem::NameMissing),
        (Ok(_), Ok(Err(_)) | Err(_)) => Err(AccessProblem::PasswordTooShort),
        _ if again.is_some_and(|again| again != password) => Err(AccessProblem::PasswordsDiffer),
        (Ok(user), Ok(Ok(password))) => Ok((user, password)),
    };
    let (user, password) = match asked {
        Ok(asked) => asked,
        Err(problem) => {
            let model = FirstRun { name, shop: field("shop"), problem: Some(problem) };
            return shown_first(&pages, &uri, &headers, model);
        }
    };
    let kept = pages.app.desk.ask(move |writer| {
        // Two may ask at once: the second finds the door closed.
        if access::any_user(writer.reader())? {
            return Ok(false);
        }
        let by = user.as_str();
        access::keep_user(writer, by, &user, Some(Role::Owner), Some(&password), clock::now())?;
        Ok::<bool, UserError>(true)
    });
    match kept.await {
        Ok(Ok(true)) => begin(&pages, &name, "/today"),
        Ok(Ok(false)) => Redirect::to("/sign-in").into_response(),
        Ok(Err(_)) | Err(_) => {
            let ctx = visitor(&pages, &uri, &headers);
            let page = error::page(&ctx, ErrorPage::Internal, None);
            response::page(&headers, StatusCode::INTERNAL_SERVER_ERROR, page)
        }
    }
}

/// Ends the session.
pub(super) async fn sign_out(
    State(pages): State<Pages>,
    OwnForm { visit, .. }: OwnForm,
) -> Response {
    if let Some(value) = cookie(&visit.headers, COOKIE) {
        pages.sessions.end(value);
    }
    Redirect::to("/sign-in").into_response()
}

/// Chooses the language; it needs no session and harms nobody.
pub(super) async fn language(Form(fields): Form<Fields>) -> Response {
    let word = fields.get("language").or_else(|| fields.get("lang"));
    let Some(language) = word.map(String::as_str).and_then(Language::parse) else {
        return Redirect::to("/today").into_response();
    };
    let back = ["return_to", "path", "back", "next"].iter().find_map(|key| fields.get(*key));
    // Only a path of our own: `//host` would lead away.
    let own =
        |path: &&String| path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    let back = back.filter(own).map_or("/today", String::as_str);
    let set = format!("language={}; Path=/; SameSite=Lax; Max-Age=31536000", language.code());
    set_cookie(Redirect::to(back).into_response(), Some(set))
}
