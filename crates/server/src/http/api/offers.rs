//! Offers: how each stands, pools of codes, and codes that are shown at a till or in the shop.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use regulars_engine::event::{Code, CodeKind, Currency, Line, Money};
use regulars_engine::offer::{Codes, Refusal};
use regulars_engine::time::Timestamp;
use regulars_engine::work::Redeemed;
use regulars_store::Reader;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::access::Right;
use crate::clock;
use crate::http::said::{JsonBody, Peer, QueryString};
use crate::http::{ApiError, ApiResult, App};
use crate::offers::{self, Asker, Listed, Reconciled, Report};
use crate::writer::{Asked, Bound};

/// Every offer: what was given, used, and is left, and what that costs.
pub(super) async fn list(State(app): State<App>, headers: HeaderMap) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let stock = app.read(Reader::stock).await?;
    let listed = offers::list(&stock, &app.desk.program(), clock::now());
    let listed: Vec<Value> = listed.iter().map(Listed::to_json).collect();
    Ok(Json(json!({ "offers": listed })))
}

/// Codes for a pool.
#[derive(Deserialize)]
pub(super) struct Rows {
    offer: String,
    codes: Vec<String>,
    #[serde(default)]
    dry_run: bool,
}

/// Puts codes into the pool of an offer.
pub(super) async fn pool(
    State(app): State<App>,
    headers: HeaderMap,
    JsonBody(rows): JsonBody<Rows>,
) -> ApiResult {
    app.require(&headers, Right::Define)?;
    let offer = app.desk.program().offers.get(&rows.offer).map(|offer| offer.codes);
    match offer {
        Some(Codes::Pool { .. }) => {}
        Some(Codes::Generated) => {
            let message = format!("the codes of the offer \"{}\" are made as needed", rows.offer);
            return Err(ApiError::bad_request(
                message,
                "write \"codes: pool\" into its definition",
            ));
        }
        None => return Err(missing(&rows.offer)),
    }
    let pooled = app
        .desk
        .write(move |writer| {
            let codes: Vec<&str> = rows.codes.iter().map(String::as_str).collect();
            writer.pool(&rows.offer, &codes, !rows.dry_run)
        })
        .await?;
    Ok(Json(offers::pooled_json(&pooled)))
}

pub(super) fn missing(name: &str) -> ApiError {
    ApiError::not_found(format!("there is no offer \"{name}\""))
}

/// A code that somebody shows.
#[derive(Deserialize)]
pub(super) struct Shown {
    code: String,
    #[serde(default)]
    lines: Vec<ShownLine>,
    total_minor: Option<i64>,
    currency: Option<String>,
    /// Of a redemption: its id, the order, what was taken off.
    redemption: Option<String>,
    order: Option<String>,
    discount_minor: Option<i64>,
    /// Who typed it, as the shop tells its customers apart: wrong codes are counted by it.
    client: Option<String>,
}

/// What lies on the counter.
#[derive(Deserialize)]
pub(super) struct ShownLine {
    product_id: Option<String>,
    sku: Option<String>,
    gtin: Option<String>,
    till_code: Option<String>,
    total_minor: Option<i64>,
}

/// The longest id of a redemption, an order or a client.
const ID_MAX: usize = 200;
/// The most lines that are looked at.
pub(super) const LINES_MAX: usize = 1_000;

impl Shown {
    /// What is asked of the writer, or what is wrong with it.
    fn asked(self, base: Currency) -> Result<Asked, ApiError> {
        let currency = match &self.currency {
            None => base,
            Some(code) => Currency::parse(code).ok_or_else(|| {
                ApiError::bad_request("\"currency\" is none", "write three letters, such as EUR")
            })?,
        };
        let long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.len() > ID_MAX);
        if long(&self.redemption) || long(&self.order) || self.lines.len() > LINES_MAX {
            let hint = "ids have at most 200 bytes, and there are at most 1000 lines";
            return Err(ApiError::bad_request("an id or the list of lines is too long", hint));
        }
        if [self.total_minor, self.discount_minor].into_iter().flatten().any(|minor| minor < 0) {
            return Err(ApiError::bad_request("an amount is negative", "send zero or more"));
        }
        let money = |minor| Money { minor, currency };
        Ok(Asked {
            redemption: self.redemption.unwrap_or_default(),
            code: self.code,
            order: self.order,
            lines: self.lines.into_iter().map(ShownLine::line).collect(),
            total: self.total_minor.map(money),
            taken_off: self.discount_minor.map(money),
            at: None,
        })
    }
}

impl ShownLine {
    /// The line it stands for.
    pub(super) fn line(self) -> Line {
        let codes = [
            (CodeKind::Product, self.product_id),
            (CodeKind::Sku, self.sku),
            (CodeKind::Gtin, self.gtin),
            (CodeKind::Till, self.till_code),
        ];
        let codes =
            codes.into_iter().filter_map(|(kind, value)| Some(Code { kind, value: value? }));
        // An empty one names nothing, and so not what was bought.
        let codes = codes.filter(|code| !code.value.trim().is_empty());
        let (codes, total_minor) = (codes.collect(), self.total_minor);
        Line { codes, quantity_milli: 1_000, total_minor, ..Line::default() }
    }
}

/// Whether a code may be used, and for what; nothing is changed.
pub(super) async fn validate(
    State(app): State<App>,
    headers: HeaderMap,
    peer: Peer,
    JsonBody(shown): JsonBody<Shown>,
) -> ApiResult {
    let asker = heard(&app, &headers, peer, shown.client.as_deref())?;
    let asked = shown.asked(app.desk.program().shop.currency)?;
    let found = app.desk.write(move |writer| writer.validate(&asked, clock::now())).await?;
    if let Err(refusal) = &found {
        wrong(&app, asker, *refusal).await?;
    }
    Ok(Json(offers::valid_json(&found, &app.desk.program())))
}

/// Uses a code. The same redemption asked again gets the same answer.
pub(super) async fn redeem(
    State(app): State<App>,
    headers: HeaderMap,
    peer: Peer,
    JsonBody(shown): JsonBody<Shown>,
) -> ApiResult {
    let asker = heard(&app, &headers, peer, shown.client.as_deref())?;
    if shown.redemption.as_deref().is_none_or(|id| id.trim().is_empty()) {
        let hint =
            "send an id of your own, such as the receipt's: the same id is the same redemption";
        return Err(ApiError::bad_request("\"redemption\" is missing", hint));
    }
    let asked = shown.asked(app.desk.program().shop.currency)?;
    let done = app
        .desk
        .write(move |writer| writer.redeem(&asked, Bound::ByTheRules, clock::now()))
        .await?;
    if let Redeemed::Refused(refusal) = &done {
        wrong(&app, asker, *refusal).await?;
    }
    Ok(Json(offers::redeemed_json(&done, &app.desk.program())))
}

/// Who asks. Nobody listens to whoever tried too many wrong codes: what is right and what is wrong get
/// one answer.
fn heard(
    app: &App,
    headers: &HeaderMap,
    peer: Peer,
    client: Option<&str>,
) -> Result<Asker, ApiError> {
    let key = app.require(headers, Right::Tell)?;
    let asker = app.guessing.asker(&key, client, peer.0);
    if app.guessing.closed(asker, clock::now()) {
        let hint = "wait; codes are looked at again after an hour or more";
        return Err(ApiError::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_wrong_codes",
            "too many wrong codes were tried",
            hint,
        ));
    }
    Ok(asker)
}

/// Counts a wrong code.
async fn wrong(app: &App, asker: Asker, refusal: Refusal) -> Result<(), ApiError> {
    if refusal != Refusal::NotValid {
        return Ok(());
    }
    let now = clock::now();
    let counted = app.guessing.wrong(asker, now);
    app.desk.write(move |writer| writer.count_guesses(counted, now)).await?;
    Ok(())
}

/// Which offer.
#[derive(Deserialize)]
pub(super) struct Which {
    offer: Option<String>,
}

/// A list of the codes that may be used, hashed, for tills that go offline.
pub(super) async fn offline(
    State(app): State<App>,
    headers: HeaderMap,
    QueryString(which): QueryString<Which>,
) -> ApiResult {
    app.require(&headers, Right::Tell)?;
    let program = app.desk.program();
    if let Some(name) = which.offer.as_ref().filter(|name| !program.offers.contains_key(*name)) {
        return Err(missing(name));
    }
    let now = clock::now();
    let listed = app
        .read(move |reader| offers::offline(reader, &program, which.offer.as_deref(), now))
        .await?;
    Ok(Json(listed))
}

/// Redemptions that happened at tills that were offline.
#[derive(Deserialize)]
pub(super) struct Happened {
    redemptions: Vec<HappenedOne>,
}

#[derive(Deserialize)]
struct HappenedOne {
    redemption: String,
    code: String,
    at: Option<String>,
    order: Option<String>,
    discount_minor: Option<i64>,
    currency: Option<String>,
}

/// The most redemptions told at once.
const HAPPENED_MAX: usize = 1_000;

impl HappenedOne {
    fn asked(self, base: Currency) -> Result<Asked, ApiError> {
        let at = match self.at.as_deref().map(str::parse::<jiff::Timestamp>) {
            None => None,
            Some(Ok(at)) => Some(Timestamp(at.as_millisecond())),
            Some(Err(_)) => {
                let hint = "send \"at\" as RFC 3339, such as 2026-11-16T18:00:00Z";
                return Err(ApiError::bad_request("\"at\" is no time", hint));
            }
        };
        if self.redemption.trim().is_empty() {
            return Err(ApiError::bad_request("a redemption has no id", "send one for each"));
        }
        let shown = Shown {
            code: self.code,
            lines: Vec::new(),
            total_minor: None,
            currency: self.currency,
            redemption: Some(self.redemption),
            order: self.order,
            discount_minor: self.discount_minor,
            client: None,
        };
        Ok(Asked { at, ..shown.asked(base)? })
    }
}

/// Notes what happened offline: the first use of a code counts, and a second one is told.
pub(super) async fn reconcile(
    State(app): State<App>,
    headers: HeaderMap,
    peer: Peer,
    JsonBody(happened): JsonBody<Happened>,
) -> ApiResult {
    let asker = heard(&app, &headers, peer, None)?;
    if happened.redemptions.len() > HAPPENED_MAX {
        let hint = "send at most 1000 at once";
        return Err(ApiError::bad_request("there are too many redemptions", hint));
    }
    let base = app.desk.program().shop.currency;
    let asked = happened.redemptions.into_iter().map(|one| one.asked(base));
    let asked = asked.collect::<Result<Vec<Asked>, ApiError>>()?;
    let mut told = Reconciled::default();
    for one in asked {
        if app.guessing.closed(asker, clock::now()) {
            told.unheard(&one.redemption);
            continue;
        }
        let id = one.redemption.clone();
        let done = app
            .desk
            .write(move |writer| writer.redeem(&one, Bound::HasHappened, clock::now()))
            .await?;
        if let Redeemed::Refused(refusal) = &done {
            wrong(&app, asker, *refusal).await?;
        }
        told.note(&id, &done);
    }
    Ok(Json(told.to_json()))
}

/// Of which days.
#[derive(Deserialize)]
pub(super) struct Days {
    from: Option<String>,
    to: Option<String>,
}

/// What offers cost and may still cost.
pub(super) async fn report(
    State(app): State<App>,
    headers: HeaderMap,
    QueryString(days): QueryString<Days>,
) -> ApiResult {
    app.require(&headers, Right::Look)?;
    let day = |text: Option<String>, otherwise: Timestamp| match text {
        None => Ok(otherwise),
        Some(text) => offers::day_of(&text).ok_or_else(|| {
            ApiError::bad_request("a day is not understood", "write it as 2026-11-30")
        }),
    };
    let days = (day(days.from, Timestamp::EARLIEST)?, day(days.to, Timestamp::LATEST)?);
    let stock = app.read(Reader::stock).await?;
    let report = Report::of(&stock, &app.desk.program(), days, clock::now());
    Ok(Json(report.to_json()))
}
