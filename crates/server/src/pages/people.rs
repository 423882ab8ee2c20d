//! People: one box that finds a person by name, address, card or order.

use axum::extract::State;
use axum::response::Response;
use regulars_engine::event::Kind;
use regulars_engine::record::Record;
use regulars_store::{Found, Reader};

use super::convert;
use super::visit::{OwnForm, Pages, Visit};
use crate::ui::model::{Hit, HitContact, PeopleModel};
use crate::ui::view::people;

/// The most hits shown.
const HITS: usize = 50;

/// The empty search.
pub(super) async fn page(State(pages): State<Pages>, visit: Visit) -> Response {
    let read = pages.app.read(|reader| reader.totals()).await;
    match visit.or_wrong(read) {
        Ok(totals) => {
            let model = PeopleModel { people: totals.persons, ..PeopleModel::default() };
            visit.page(people::page(&visit.ctx, &model))
        }
        Err(response) => response,
    }
}

/// A search. What was typed comes in the body, so that it stands in no address and no log.
pub(super) async fn search(
    State(pages): State<Pages>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let query = fields.get("q").map(|text| text.trim().to_owned()).unwrap_or_default();
    let (text, calling) = (query.clone(), pages.app.desk.program().calling_codes());
    let read = pages
        .app
        .read(move |reader| {
            let found =
                if text.is_empty() { Vec::new() } else { reader.search(&text, &calling, HITS)? };
            Ok((found, reader.totals()?.persons))
        })
        .await;
    let (found, people) = match visit.or_wrong(read) {
        Ok(read) => read,
        Err(response) => return response,
    };
    let currency = pages.app.desk.program().shop.currency;
    let model = PeopleModel {
        total: u64::try_from(found.len()).unwrap_or(0),
        hits: found.iter().map(|found| hit(found, &query, currency)).collect(),
        query,
        people,
    };
    let markup = if visit.partial() {
        people::results(&visit.ctx, &model)
    } else {
        people::page(&visit.ctx, &model)
    };
    visit.page(markup)
}

fn hit(found: &Found, query: &str, currency: regulars_engine::event::Currency) -> Hit {
    let record = &found.record;
    let wanted = query.to_lowercase();
    let contacts = record
        .evidence
        .nodes
        .iter()
        .filter(|node| node.identifier.kind.class() < regulars_engine::identity::Class::Device)
        .take(6)
        .map(|node| HitContact {
            kind: convert::identifier_kind(&node.identifier.kind),
            value: node.identifier.value().to_owned(),
            matched: node.identifier.value().to_lowercase().contains(&wanted),
        })
        .collect();
    let (orders, spent) = spent(record, currency);
    Hit {
        id: record.id().to_string(),
        name: record.display_name(),
        contacts,
        last_at: last_at(record),
        orders,
        spent: (orders > 0).then(|| convert::money(spent, currency)),
    }
}

/// Kept orders and what they came to in the shop's currency.
pub(super) fn spent(record: &Record, currency: regulars_engine::event::Currency) -> (u64, i64) {
    let kept = record.profile.orders.by_key.values().filter(|order| order.kept());
    kept.fold((0, 0), |(count, sum), order| {
        let own = order.sale.as_ref().is_some_and(|sale| sale.currency == currency);
        (count + 1, sum + if own { order.net_minor() } else { 0 })
    })
}

/// The last time the person was seen: what we sent or staff said is no sight of them.
pub(super) fn last_at(record: &Record) -> Option<i64> {
    let ours = [
        Kind::MessageSent,
        Kind::MessageTakenBack,
        Kind::TraitsSet,
        Kind::OfferGiven,
        Kind::OfferTakenBack,
        Kind::OfferRedeemed,
        Kind::EnrollmentRequested,
    ];
    let own = |kind: &Kind| ours.contains(kind) || kind.stated_by_staff();
    let seen = record.profile.activity.iter().filter(|(kind, _)| !own(kind));
    seen.map(|(_, activity)| activity.last.at.0).max()
}
