//! Who may sign in and what each may do, what was done, and one's own password.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::visit::{OwnForm, Pages, Visit};
use crate::access::{self, Password, Role, UserError, UserName};
use crate::clock;
use crate::ui::model::{ErrorPage, Notice, UserProblem};
use crate::ui::response;
use crate::ui::view::users as view;

/// Acts on the page.
const ACTS: usize = 50;

/// Everybody who may sign in.
pub(super) async fn page(State(pages): State<Pages>, visit: Visit) -> Response {
    shown(&pages, &visit, None).await
}

async fn shown(pages: &Pages, visit: &Visit, problem: Option<UserProblem>) -> Response {
    let read = pages.app.read(|reader| Ok((access::users(reader)?, access::acts(reader, ACTS)?)));
    match visit.or_wrong(read.await) {
        Ok((users, acts)) => {
            let status = status(problem);
            let page = view::page(&visit.ctx, &view::Shown { users, acts, problem });
            response::page(&visit.headers, status, page)
        }
        Err(response) => response,
    }
}

const fn status(problem: Option<UserProblem>) -> StatusCode {
    if problem.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }
}

/// Adds somebody, changes their role or password, or takes them away.
pub(super) async fn act(
    State(pages): State<Pages>,
    Path(verb): Path<String>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let field = |name: &str| fields.get(name).map(String::as_str).unwrap_or_default();
    let Ok(name) = UserName::parse(field("name")) else {
        return shown(&pages, &visit, Some(UserProblem::Name)).await;
    };
    let role = Role::parse(field("role"));
    let password = match field("password") {
        "" => None,
        text => match hashed(text.to_owned()).await {
            Ok(password) => Some(password),
            Err(problem) => return shown(&pages, &visit, Some(problem)).await,
        },
    };
    let by = visit.session.user.clone();
    let changed = pages.app.desk.ask(move |writer| {
        let now = clock::now();
        match verb.as_str() {
            "add" if access::user(writer.reader(), name.as_str())?.is_some() => {
                return Ok(Err(UserProblem::Taken));
            }
            "add" => {
                access::keep_user(writer, &by, &name, role, password.as_ref(), now)?;
            }
            "role" => {
                let Some(role) = role else { return Ok(Err(UserProblem::Incomplete)) };
                access::set_role(writer, &by, &name, role, now)?;
            }
            "password" if password.is_some() => {
                access::keep_user(writer, &by, &name, None, password.as_ref(), now)?;
            }
            "remove" => access::remove_user(writer, &by, &name, now)?,
            _ => return Ok(Err(UserProblem::Incomplete)),
        }
        Ok(Ok(()))
    });
    match changed.await {
        Ok(Ok(Ok(()))) => done("/users", Notice::UserChanged),
        Ok(Ok(Err(problem))) => shown(&pages, &visit, Some(problem)).await,
        Ok(Err(error)) => match problem(&error) {
            Some(problem) => shown(&pages, &visit, Some(problem)).await,
            None => visit.wrong(ErrorPage::Internal),
        },
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}

fn done(path: &str, notice: Notice) -> Response {
    Redirect::to(&format!("{path}?notice={}", notice.word())).into_response()
}

const fn problem(error: &UserError) -> Option<UserProblem> {
    match error {
        UserError::Name => Some(UserProblem::Name),
        UserError::Unknown(_) => Some(UserProblem::Unknown),
        UserError::Incomplete(_) => Some(UserProblem::Incomplete),
        UserError::LastOwner(_) => Some(UserProblem::LastOwner),
        UserError::Store(_) => None,
    }
}

/// A hash takes a large part of a second: nobody waits for it but whoever asked.
async fn hashed(text: String) -> Result<Password, UserProblem> {
    let hashing = tokio::task::spawn_blocking(move || Password::parse(&text));
    match hashing.await {
        Ok(Ok(password)) => Ok(password),
        Ok(Err(_)) | Err(_) => Err(UserProblem::Password),
    }
}

/// One's own name, role and password.
pub(super) async fn account(visit: Visit) -> Response {
    visit.page(view::account(&visit.ctx, None))
}

/// Changes one's own password: whoever knows the old one. Other browsers are signed out.
pub(super) async fn new_password(
    State(pages): State<Pages>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let field = |name: &str| fields.get(name).cloned().unwrap_or_default();
    let again = |problem| {
        let page = view::account(&visit.ctx, Some(problem));
        response::page(&visit.headers, status(Some(problem)), page)
    };
    let name = visit.session.user.clone();
    if !pages.sessions.may_try(&name, clock::now()) {
        return again(UserProblem::TooMany);
    }
    let (user, old, new) = (name.clone(), field("old_password"), field("password"));
    let right = pages.app.read(move |reader| access::signs_in(reader, &user, &old)).await;
    if !right.unwrap_or(false) {
        return again(UserProblem::WrongPassword);
    }
    let password = match hashed(new).await {
        Ok(password) => password,
        Err(problem) => return again(problem),
    };
    let Ok(user) = UserName::parse(&name) else { return visit.wrong(ErrorPage::Internal) };
    let now = clock::now();
    let kept = pages.app.desk.ask(move |writer| {
        access::keep_user(writer, user.as_str(), &user, None, Some(&password), now)
    });
    match kept.await {
        Ok(Ok(_)) => super::access::begin(&pages, &name, "/account?notice=user-changed"),
        Ok(Err(_)) => visit.wrong(ErrorPage::Internal),
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}
