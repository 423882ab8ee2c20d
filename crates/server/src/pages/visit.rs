//! A visit: who asks, in which language, and whether their form is theirs.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use axum::Form;
use axum::extract::{FromRequest, FromRequestParts, RawPathParams, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{IntoResponse, Redirect, Response};

use regulars_engine::identity::PersonId;
use regulars_store::{Reader, Sending};

use super::put_aside::PutAside;
use super::rights::Signed;
use super::session::{Session, Sessions};
use crate::access::Right;
use crate::clock;
use crate::http::{ApiError, App};
use crate::live::Sales;
use crate::serve::Ways;
use crate::ui::model::{ErrorPage, Notice};
use crate::ui::view::error;
use crate::ui::{Ctx, Language, NavCounts, response};
use crate::webhooks::gone as webhooks_gone;

/// The name of the session's cookie.
pub(super) const COOKIE: &str = "regulars";

/// What every page may use.
#[derive(Clone, Debug)]
pub struct Pages {
    /// The desk, readers, keys.
    pub app: App,
    /// Who is signed in.
    pub sessions: Arc<Sessions>,
    /// What the last days brought.
    pub sales: Arc<Mutex<Sales>>,
    /// Where messages go.
    pub way: Ways,
    /// Rows of the quarantine that were put aside a moment ago.
    pub put_aside: Arc<PutAside>,
}

impl Pages {
    pub(super) fn new(app: App, way: Ways) -> Self {
        Self {
            app,
            way,
            sessions: Arc::new(Sessions::default()),
            sales: Arc::new(Mutex::new(Sales::default())),
            put_aside: Arc::new(PutAside::default()),
        }
    }
}

/// Somebody who is signed in, and looks at a page.
#[derive(Debug)]
pub(super) struct Visit {
    pub(super) ctx: Ctx,
    pub(super) headers: HeaderMap,
    pub(super) session: Session,
}

/// A form as it came.
pub(super) type Fields = BTreeMap<String, String>;

impl FromRequestParts<Pages> for Visit {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, Response> {
        // The door in front of every page has seen them; whoever came around it stays outside.
        let Some(signed) = parts.extensions.get::<Signed>().cloned() else {
            return Err(Redirect::to("/sign-in").into_response());
        };
        Ok(Self::of(pages, &parts.uri, &parts.headers, signed).await)
    }
}

/// The person whose id stands in the address of a page; where it is none, nothing is found there.
#[derive(Clone, Copy, Debug)]
pub(super) struct Whose(pub(super) PersonId);

impl FromRequestParts<Pages> for Whose {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, pages: &Pages) -> Result<Self, Response> {
        let params = RawPathParams::from_request_parts(parts, pages).await;
        let id = params.ok().and_then(|params| {
            let (_, id) = params.iter().find(|(name, _)| *name == "id")?;
            id.parse().ok()
        });
        match id {
            Some(id) => Ok(Self(id)),
            None => Err(Visit::from_request_parts(parts, pages).await?.wrong(ErrorPage::NotFound)),
        }
    }
}

/// A form that somebody who is signed in sent from one of our pages: it carries their session's
/// token. Whoever takes a form takes it as this; anything else is answered before the handler runs.
#[derive(Debug)]
pub(super) struct OwnForm {
    pub(super) visit: Visit,
    pub(super) fields: Fields,
}

impl FromRequest<Pages> for OwnForm {
    type Rejection = Response;

    async fn from_request(request: Request, pages: &Pages) -> Result<Self, Response> {
        let (mut parts, body) = request.into_parts();
        let visit = Visit::from_request_parts(&mut parts, pages).await?;
        let form = Form::from_request(Request::from_parts(parts, body), pages).await;
        let Form(fields): Form<Fields> = form.map_err(IntoResponse::into_response)?;
        if fields.get("_csrf").is_none_or(|token| *token != visit.session.csrf) {
            return Err(visit.wrong(ErrorPage::Forbidden));
        }
        Ok(Self { visit, fields })
    }
}

impl Visit {
    /// The visit of somebody who is signed in.
    pub(super) async fn of(pages: &Pages, uri: &Uri, headers: &HeaderMap, signed: Signed) -> Self {
        let mut ctx = visitor(pages, uri, headers);
        ctx.user = Some(signed.session.user.clone());
        ctx.role = Some(signed.role);
        ctx.csrf.clone_from(&signed.session.csrf);
        ctx.counts = counts(pages).await;
        Self { ctx, headers: headers.clone(), session: signed.session }
    }

    /// A page that says that their role does not allow this, and whose does.
    pub(super) fn refused(&self, right: Right) -> Response {
        response::page(&self.headers, StatusCode::FORBIDDEN, error::refused(&self.ctx, right))
    }

    /// The page as a response.
    pub(super) fn page(&self, markup: maud::Markup) -> Response {
        response::page(&self.headers, StatusCode::OK, markup)
    }

    /// A page that says what went wrong.
    pub(super) fn wrong(&self, what: ErrorPage) -> Response {
        wrong(&self.ctx, &self.headers, what)
    }

    /// What reading the store came to, or the page that says that it failed.
    #[expect(clippy::result_large_err, reason = "the error is the answer itself")]
    pub(super) fn or_wrong<T>(&self, read: Result<T, ApiError>) -> Result<T, Response> {
        read.map_err(|error| {
            let what = match error.status {
                StatusCode::NOT_FOUND => ErrorPage::NotFound,
                StatusCode::SERVICE_UNAVAILABLE => ErrorPage::Unavailable,
                _ => ErrorPage::Internal,
            };
            self.wrong(what)
        })
    }

    /// Whether a script asked for a part of the page.
    pub(super) fn partial(&self) -> bool {
        self.headers.contains_key("hx-request")
    }
}

fn wrong(ctx: &Ctx, headers: &HeaderMap, what: ErrorPage) -> Response {
    let status = StatusCode::from_u16(what.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response::page(headers, status, error::page(ctx, what, None))
}

/// The value of a cookie.
pub(crate) fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let all = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    all.flat_map(|value| value.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Whoever asks, before anything is known about a session.
pub(super) fn visitor(pages: &Pages, uri: &Uri, headers: &HeaderMap) -> Ctx {
    let program = pages.app.desk.program();
    let wished = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    let query = uri.query().unwrap_or_default();
    let notice = query.split('&').find_map(|pair| pair.strip_prefix("notice="));
    let shop = if program.shop.name.is_empty() { "Regulars" } else { &program.shop.name };
    Ctx {
        language: cookie(headers, "language")
            .and_then(Language::parse)
            .unwrap_or_else(|| Language::negotiate(wished.unwrap_or_default())),
        zone: program.shop.zone.clone(),
        shop: shop.to_owned(),
        user: None,
        role: None,
        path: uri.path_and_query().map_or_else(|| "/today".to_owned(), ToString::to_string),
        csrf: String::new(),
        now: clock::now().0,
        counts: NavCounts::default(),
        notice: notice.and_then(Notice::from_word),
    }
}

async fn counts(pages: &Pages) -> NavCounts {
    let read = pages.app.read(|reader| {
        let (sending, stock) = (reader.sending()?, reader.stock()?);
        let gone = u64::try_from(webhooks_gone(reader)?.len()).unwrap_or(u64::MAX);
        let asks = reader.open_notices()?.saturating_add(gone);
        Ok((reader.totals()?, reader.feeds()?, sending, stock, asks))
    });
    let Ok((totals, feeds, sending, stock, asks)) = read.await else {
        return NavCounts::default();
    };
    let program = pages.app.desk.program();
    let behind = super::sources::behind(&program, &feeds, clock::now());
    let offers = crate::offers::list(&stock, &program, clock::now());
    let low = offers.iter().filter(|offer| offer.low()).count();
    let paused = u64::from(sending != Sending::On);
    let trouble = u64::from(pages.app.lasting_trouble().is_some());
    NavCounts {
        offers: u64::try_from(low).unwrap_or(u64::MAX),
        needs_you: totals.held + totals.uncertain + paused + trouble + asks,
        sources_behind: behind,
        quarantined: totals.quarantined,
        pairs: pages.app.surveys.at_hand().map_or(0, |found| found.pairs_total),
        outbox: 0,
    }
}

/// Nothing is at this address.
pub(super) async fn nothing_here(
    State(pages): State<Pages>,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    wrong(&visitor(&pages, &uri, &headers), &headers, ErrorPage::NotFound)
}
