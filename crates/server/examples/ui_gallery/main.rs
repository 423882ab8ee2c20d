//! Every page with sample values, so that it can be looked at without a store: `cargo run --example ui_gallery`.
//!
//! Listens on the loopback only, at `GALLERY_PORT` (4180 unless given). Styles and scripts are read
//! from the folder `GALLERY_WEB` on each request when it is given, and from the program otherwise.

mod sample;

use std::net::Ipv4Addr;

use axum::Router;
use axum::extract::{Form, Path, Query};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use regulars_server::access::Role;
use regulars_server::ui::model::{AccessProblem, ErrorPage, FirstRun, Notice, SignIn};
use regulars_server::ui::view::{
    access, error, journeys, outbox, people, person, quarantine, source, sources, today,
};
use regulars_server::ui::{Ctx, Language, NavCounts, assets, response};

type Fields = std::collections::BTreeMap<String, String>;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port =
        std::env::var("GALLERY_PORT").ok().and_then(|port| port.parse().ok()).unwrap_or(4180);
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    eprintln!("http://{}/today", listener.local_addr()?);
    axum::serve(listener, routes()).await
}

fn routes() -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::to("/today") }))
        .route(assets::ROUTE, get(asset))
        .route("/language", post(language))
        .route("/sign-out", post(|| async { Redirect::to("/sign-in") }))
        .route("/sign-in", get(sign_in).post(signed_in))
        .route("/first-run", get(first_run).post(signed_in))
        .route("/error/{status}", get(failed))
        .route("/today", get(today_page))
        .route("/today/looked", post(|| async { Redirect::to("/today") }))
        .route("/sending/resume", post(|| async { Redirect::to("/today") }))
        .route("/outbox", get(outbox_page))
        .route("/outbox/{id}", get(message))
        .route("/outbox/{id}/body", get(body))
        .route("/people", get(people_page).post(search))
        .route("/people/{id}", get(person_page))
        .route("/sources", get(sources_page))
        .route("/sources/{id}", get(source_page))
        .route("/quarantine", get(quarantine_page))
        .route("/quarantine/replay", post(|| async { Redirect::to("/quarantine") }))
        .route("/quarantine/{id}", get(row_page))
        .route("/quarantine/{id}/{verb}", post(row_post))
        .route("/journeys", get(journeys_page))
        .fallback(missing)
}

fn ctx(uri: &Uri, request: &HeaderMap, query: &Fields) -> Ctx {
    let cookie =
        request.get(header::COOKIE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let chosen = cookie.split(';').find_map(|pair| pair.trim().strip_prefix("language="));
    let wished = request.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    Ctx {
        language: query
            .get("lang")
            .map(String::as_str)
            .or(chosen)
            .and_then(Language::parse)
            .unwrap_or_else(|| Language::negotiate(wished.unwrap_or_default())),
        zone: jiff::tz::TimeZone::get("Europe/Madrid").expect("the zones are bundled"),
        shop: "Casa Luna".to_owned(),
        user: Some("Lucía Ferrer".to_owned()),
        role: Some(Role::Owner),
        path: uri.path_and_query().map_or_else(|| "/today".to_owned(), ToString::to_string),
        csrf: "gallery".to_owned(),
        now: sample::NOW,
        counts: NavCounts {
            needs_you: 12,
            sources_behind: 1,
            quarantined: 214,
            pairs: 7,
            offers: 1,
            outbox: 3,
        },
        notice: query.get("notice").and_then(|word| Notice::from_word(word)),
    }
}

fn no_one(mut ctx: Ctx) -> Ctx {
    ctx.user = None;
    ctx.role = None;
    ctx
}

async fn asset(Path((version, file)): Path<(String, String)>, request: HeaderMap) -> Response {
    match std::env::var("GALLERY_WEB") {
        Ok(web) => {
            from_disk(&web, &file).unwrap_or_else(|| assets::serve(&version, &file, &request))
        }
        Err(_) => assets::serve(&version, &file, &request),
    }
}

/// The file as it lies on disk at this moment, so that a style can be tried without a build.
fn from_disk(web: &str, file: &str) -> Option<Response> {
    let (kind, text) = if file == "app.css" {
        let parts = ["tokens", "base", "layout", "components", "person", "pages"];
        let read = |part: &&str| std::fs::read_to_string(format!("{web}/css/{part}.css")).ok();
        ("text/css", parts.iter().map(read).collect::<Option<Vec<_>>>()?.concat())
    } else if file.ends_with(".js") && file != "htmx.min.js" {
        ("text/javascript", std::fs::read_to_string(format!("{web}/js/{file}")).ok()?)
    } else {
        return None;
    };
    let mut answer = text.into_response();
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Some(answer)
}

async fn language(Form(fields): Form<Fields>) -> Response {
    let chosen = fields.get("language").and_then(|code| Language::parse(code)).unwrap_or_default();
    let back =
        fields.get("return_to").filter(|path| path.starts_with('/') && !path.starts_with("//"));
    let mut answer = Redirect::to(back.map_or("/today", String::as_str)).into_response();
    let cookie = format!("language={}; Path=/; SameSite=Lax", chosen.code());
    answer
        .headers_mut()
        .insert(header::SET_COOKIE, cookie.parse().expect("the codes are plain ASCII"));
    answer
}

async fn sign_in(uri: Uri, request: HeaderMap, Query(query): Query<Fields>) -> Response {
    let ctx = no_one(ctx(&uri, &request, &query));
    let problem = query.get("problem").and_then(|word| AccessProblem::from_word(word));
    let model = SignIn { problem, return_to: "/today".to_owned(), ..SignIn::default() };
    response::page(&request, StatusCode::OK, access::sign_in(&ctx, &model))
}

async fn first_run(uri: Uri, request: HeaderMap, Query(query): Query<Fields>) -> Response {
    let mut ctx = no_one(ctx(&uri, &request, &query));
    ctx.shop = String::new();
    response::page(&request, StatusCode::OK, access::first_run(&ctx, &FirstRun::default()))
}

/// Any name with a password opens; without one the page says so.
async fn signed_in(uri: Uri, request: HeaderMap, Form(fields): Form<Fields>) -> Response {
    if fields.get("password").is_some_and(|password| password != "wrong") {
        return Redirect::to("/today").into_response();
    }
    let ctx = no_one(ctx(&uri, &request, &Fields::new()));
    let name = fields.get("name").cloned().unwrap_or_default();
    let model = SignIn { name, problem: Some(AccessProblem::WrongPair), ..SignIn::default() };
    response::page(&request, StatusCode::UNPROCESSABLE_ENTITY, access::sign_in(&ctx, &model))
}

fn error_page(uri: &Uri, request: &HeaderMap, query: &Fields, page: ErrorPage) -> Response {
    let status = StatusCode::from_u16(page.status()).expect("the statuses are constants");
    let reference = (page == ErrorPage::Internal).then_some("7f3a-19c2");
    response::page(request, status, error::page(&ctx(uri, request, query), page, reference))
}

async fn failed(
    uri: Uri,
    request: HeaderMap,
    Query(query): Query<Fields>,
    Path(status): Path<u16>,
) -> Response {
    let page = ErrorPage::ALL.iter().copied().find(|page| page.status() == status);
    error_page(&uri, &request, &query, page.unwrap_or(ErrorPage::NotFound))
}

async fn missing(uri: Uri, request: HeaderMap, Query(query): Query<Fields>) -> Response {
    error_page(&uri, &request, &query, ErrorPage::NotFound)
}

/// A page that needs nothing but the context and a sample.
macro_rules! plain {
    ($name:ident, |$ctx:ident, $query:ident| $markup:expr) => {
        async fn $name(uri: Uri, request: HeaderMap, Query(query): Query<Fields>) -> Response {
            let ($ctx, $query) = (&ctx(&uri, &request, &query), &query);
            response::page(&request, StatusCode::OK, $markup)
        }
    };
}

plain!(today_page, |ctx, query| today::page(
    ctx,
    &sample::today(query.get("state").map_or("", String::as_str))
));
plain!(outbox_page, |ctx, query| outbox::page(ctx, &sample::outbox(query.contains_key("before"))));
plain!(people_page, |ctx, _query| people::page(ctx, &sample::people("")));
plain!(sources_page, |ctx, query| sources::page(
    ctx,
    &sample::sources(query.contains_key("empty"))
));
plain!(journeys_page, |ctx, query| journeys::page(
    ctx,
    &sample::journeys(query.contains_key("empty"))
));
plain!(quarantine_page, |ctx, query| quarantine::page(
    ctx,
    &sample::quarantine(
        query.get("reason").map_or("", String::as_str),
        query.contains_key("empty")
    )
));

async fn search(uri: Uri, request: HeaderMap, Form(fields): Form<Fields>) -> Response {
    let ctx = ctx(&uri, &request, &Fields::new());
    let model = sample::people(fields.get("q").map_or("", String::as_str));
    let markup = if request.contains_key("hx-request") {
        people::results(&ctx, &model)
    } else {
        people::page(&ctx, &model)
    };
    response::page(&request, StatusCode::OK, markup)
}

async fn person_page(
    uri: Uri,
    request: HeaderMap,
    Query(query): Query<Fields>,
    Path(id): Path<String>,
) -> Response {
    let channel = query.get("channel").map_or("", String::as_str);
    match sample::person(&id, channel, query.contains_key("before")) {
        Some(model) => response::page(
            &request,
            StatusCode::OK,
            person::page(&ctx(&uri, &request, &query), &model),
        ),
        None => error_page(&uri, &request, &query, ErrorPage::NotFound),
    }
}

async fn source_page(
    uri: Uri,
    request: HeaderMap,
    Query(query): Query<Fields>,
    Path(id): Path<String>,
) -> Response {
    match sample::source(&id) {
        Some(model) => response::page(
            &request,
            StatusCode::OK,
            source::page(&ctx(&uri, &request, &query), &model),
        ),
        None => error_page(&uri, &request, &query, ErrorPage::NotFound),
    }
}

async fn message(
    uri: Uri,
    request: HeaderMap,
    Query(query): Query<Fields>,
    Path(id): Path<String>,
) -> Response {
    let model = sample::message(&id);
    response::page(&request, StatusCode::OK, outbox::message(&ctx(&uri, &request, &query), &model))
}

async fn body(request: HeaderMap) -> Response {
    response::message_body(&request, sample::MESSAGE_HTML.to_owned())
}

async fn row_page(
    uri: Uri,
    request: HeaderMap,
    Query(query): Query<Fields>,
    Path(id): Path<String>,
) -> Response {
    row(&uri, &request, &query, &id, "", None)
}

async fn row_post(
    uri: Uri,
    request: HeaderMap,
    Path((id, verb)): Path<(String, String)>,
    Form(fields): Form<Fields>,
) -> Response {
    row(&uri, &request, &Fields::new(), &id, &verb, fields.get("json").cloned())
}

fn row(
    uri: &Uri,
    request: &HeaderMap,
    query: &Fields,
    id: &str,
    verb: &str,
    json: Option<String>,
) -> Response {
    match sample::quarantine_row(id, verb, json) {
        Some(row) => {
            let page = quarantine::row_page(&ctx(uri, request, query), &row);
            response::page(request, StatusCode::OK, page)
        }
        None => error_page(uri, request, query, ErrorPage::NotFound),
    }
}
