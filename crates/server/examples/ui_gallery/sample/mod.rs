//! Sample values: a shop in Madrid on a Saturday evening.
#![expect(clippy::too_many_lines, reason = "tables of samples read best in one piece")]

mod flow;
mod history;
mod intake;
mod persons;

pub(crate) use flow::{MESSAGE_HTML, journeys, message, outbox, today};
pub(crate) use intake::{quarantine, quarantine_row, source, sources};
pub(crate) use persons::{people, person};

use regulars_engine::identity::IdentifierKind;
use regulars_engine::reason::{Fact as EngineFact, Goods, Messages, Span, Told, Whereabouts};
use regulars_engine::source::FeedName;
use regulars_engine::time::Timestamp;
use regulars_server::ui::model::{Fact, FactValue, Money, Reason, ReasonCount};

pub(crate) const MINUTE: i64 = 60_000;
pub(crate) const HOUR: i64 = 60 * MINUTE;
pub(crate) const DAY: i64 = 24 * HOUR;

/// 21 November 2026, 18:52:40 in Madrid.
pub(crate) const NOW: i64 = 1_795_283_560_000;

pub(crate) fn euro(minor: i64) -> Money {
    Money { minor, currency: "EUR".to_owned() }
}

pub(crate) fn fact(name: &str, value: FactValue) -> Fact {
    Fact { name: name.to_owned(), value, at: None }
}

pub(crate) fn told(name: &str, text: &str) -> Fact {
    fact(name, FactValue::Text(text.to_owned()))
}

pub(crate) fn reason(code: &str, facts: Vec<Fact>) -> Reason {
    Reason { code: code.to_owned(), facts }
}

pub(crate) fn counted(list: &[(&str, u64)]) -> Vec<ReasonCount> {
    list.iter()
        .map(|(code, count)| ReasonCount { code: (*code).to_owned(), count: *count })
        .collect()
}

/// A reason with what the engine told.
pub(crate) fn because(code: &str, facts: Vec<(Told, Option<i64>)>) -> Reason {
    let facts = facts
        .into_iter()
        .map(|(told, at)| Fact {
            name: told.kind().to_owned(),
            value: FactValue::Said(EngineFact::new(told, at.map(Timestamp))),
            at,
        })
        .collect();
    Reason { code: code.to_owned(), facts }
}

/// The reason Maria's reminder waits for: a till that has not reported.
pub(crate) fn till_behind() -> Reason {
    let feed = FeedName { source: "tills".to_owned(), feed: "Gran Vía, till 3".to_owned() };
    let silent = Told::FeedSilent { feed, since: "15:42".to_owned() };
    because("feed_behind", vec![(silent, Some(NOW - 3 * HOUR - 10 * MINUTE))])
}

pub(crate) fn twin() -> Reason {
    let likely = Told::TwinShares { percent: 50, identifier: IdentifierKind::Email, users: 2 };
    let bought = Told::Bought {
        goods: Goods::Named("T-shirt Sol".to_owned()),
        place: Whereabouts::StoreNamed("Gran Vía".to_owned()),
    };
    let mut reason = because("twin_maybe", vec![(likely, None), (bought, Some(NOW - 5 * MINUTE))]);
    let person = FactValue::Person { id: "p208831".to_owned(), name: "María Gómez".to_owned() };
    reason.facts.push(fact("twin", person));
    reason
}

/// The cap that a person has reached.
pub(crate) fn capped() -> Reason {
    let lately = Told::MessagesLately { messages: Messages(3), window: Span(7 * DAY) };
    because("frequency_cap", vec![(lately, Some(NOW - DAY))])
}
