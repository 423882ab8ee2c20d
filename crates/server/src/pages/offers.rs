//! Offers: how each stands, one of them, and its pool.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use regulars_engine::definition::{ObjectKind, ObjectName};
use regulars_engine::event::Money;
use regulars_engine::offer::Stock;
use regulars_engine::time::DAY;
use regulars_store::Reader;

use super::gifts;
use super::visit::{Fields, OwnForm, Pages, Visit};
use crate::clock;
use crate::offers::{self, Listed};
use crate::ui::model::{self, ErrorPage, OfferModel, OfferRow, OffersModel};
use crate::ui::view::offers as view;
use crate::writer::attempts_since;

/// Wrong codes are told of so many days.
const ATTEMPT_DAYS: i64 = 30;
/// Days of use that a page shows.
const DAYS_SHOWN: usize = 60;

/// All offers.
pub(super) async fn page(State(pages): State<Pages>, visit: Visit) -> Response {
    let program = pages.app.desk.program();
    let now = clock::now();
    let read = pages
        .app
        .read(move |reader| {
            let attempts = attempts_since(reader, now.plus(-ATTEMPT_DAYS * DAY))?;
            let offers = offers::list(&reader.stock()?, &program, now).iter().map(row).collect();
            Ok(OffersModel { offers, wrong: attempts.wrong, unheard: attempts.unheard })
        })
        .await;
    match visit.or_wrong(read) {
        Ok(model) => visit.page(view::page(&visit.ctx, &model)),
        Err(response) => response,
    }
}

/// One offer.
pub(super) async fn one(
    State(pages): State<Pages>,
    visit: Visit,
    Path(name): Path<String>,
    Query(asked): Query<Fields>,
) -> Response {
    let told = OfferModel { nobody: asked.contains_key("nobody"), ..OfferModel::default() };
    shown(&pages, &visit, name, told).await
}

/// Puts codes into the pool of an offer.
pub(super) async fn pool(
    State(pages): State<Pages>,
    Path(name): Path<String>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let pooled = pages.app.desk.program().offers.get(&name).is_some_and(offers::pooled);
    if !pooled {
        return visit.wrong(ErrorPage::NotFound);
    }
    let text = fields.get("codes").cloned().unwrap_or_default();
    let offer = name.clone();
    let added = pages.app.desk.ask(move |writer| {
        let rows: Vec<&str> = text.lines().filter(|row| !row.trim().is_empty()).collect();
        writer.pool(&offer, &rows, true)
    });
    match added.await {
        Ok(Ok(pooled)) => {
            let unreadable = u64::try_from(pooled.unreadable.len()).unwrap_or(u64::MAX);
            let pooled = Some((pooled.added, pooled.repeated, unreadable));
            shown(&pages, &visit, name, OfferModel { pooled, ..OfferModel::default() }).await
        }
        Ok(Err(_)) => visit.wrong(ErrorPage::Internal),
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}

/// Takes back a code that somebody was given, by the id of the gift.
pub(super) async fn revoke(
    State(pages): State<Pages>,
    Path(name): Path<String>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let typed = fields.get("id").map(String::as_str).unwrap_or_default();
    match gifts::take_back(&pages, &visit, typed).await {
        Ok(told) => {
            shown(&pages, &visit, name, OfferModel { back: Some(told), ..OfferModel::default() })
                .await
        }
        Err(response) => response,
    }
}

/// One offer, with what is told on its page.
async fn shown(pages: &Pages, visit: &Visit, name: String, told: OfferModel) -> Response {
    let program = pages.app.desk.program();
    let object = ObjectName { kind: ObjectKind::Offer, name: name.clone() };
    let rules = program.objects.get(&object).map(|object| object.canonical.clone());
    let read = pages
        .app
        .read(move |reader| {
            let stock = reader.stock()?;
            let all = offers::list(&stock, &program, clock::now());
            let one = all.iter().find(|listed| listed.name == name);
            Ok(one.map(|listed| (row(listed), days(&stock, &name))))
        })
        .await;
    match visit.or_wrong(read) {
        Ok(Some((row, days))) => {
            visit.page(view::one(&visit.ctx, &OfferModel { row, rules, days, ..told }))
        }
        Ok(None) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}

fn row(listed: &Listed) -> OfferRow {
    OfferRow {
        name: listed.name.clone(),
        gives: listed.offer.as_ref().map(|offer| offer.benefit.to_string()),
        given: listed.issued(),
        open: listed.stand.open,
        used: listed.stand.redeemed,
        expired: listed.stand.expired,
        taken_back: listed.stand.taken_back,
        free: listed.pooled().then_some(listed.stand.free),
        low: listed.low(),
        room: listed.offer.as_ref().is_some_and(|offer| listed.stand.room(offer)),
        cost: listed.cost().into_iter().map(money).collect(),
        unpriced: listed.stand.unpriced,
        liability: listed.liability().map(money),
    }
}

fn money(money: Money) -> model::Money {
    model::Money { minor: money.minor, currency: money.currency.code().to_owned() }
}

/// What was used by day, the latest first.
fn days(stock: &Stock, offer: &str) -> Vec<(i64, u64, Vec<model::Money>)> {
    let mut days: Vec<(i64, u64, Vec<model::Money>)> = Vec::new();
    let mut used: Vec<_> = stock.used(offer).filter(|(_, _, counted)| counted.codes > 0).collect();
    used.sort_by_key(|(day, currency, _)| (std::cmp::Reverse(*day), *currency));
    for (day, currency, counted) in used {
        let cost = currency.map(|currency| money(Money { minor: counted.cost_minor, currency }));
        match days.last_mut().filter(|(at, ..)| *at == day * DAY) {
            Some((_, codes, all)) => {
                *codes += counted.codes;
                all.extend(cost);
            }
            None => days.push((day * DAY, counted.codes, cost.into_iter().collect())),
        }
    }
    days.truncate(DAYS_SHOWN);
    days
}
