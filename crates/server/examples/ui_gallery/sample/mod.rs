//! Sample values: a shop in Madrid on a Saturday evening.
#![expect(clippy::too_many_lines, reason = "tables of samples read best in one piece")]

mod flow;
mod history;
mod intake;
mod persons;

pub(crate) use flow::{MESSAGE_HTML, journeys, message, outbox, today};
pub(crate) use intake::{quarantine, quarantine_row, source, sources};
pub(crate) use persons::{people, person};

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

pub(crate) fn when(name: &str, at: i64) -> Fact {
    fact(name, FactValue::Moment(at))
}

pub(crate) fn reason(code: &str, facts: Vec<Fact>) -> Reason {
    Reason { code: code.to_owned(), facts }
}

pub(crate) fn counted(list: &[(&str, u64)]) -> Vec<ReasonCount> {
    list.iter()
        .map(|(code, count)| ReasonCount { code: (*code).to_owned(), count: *count })
        .collect()
}

/// The reason Maria's reminder waits for: a till that has not reported.
pub(crate) fn till_behind() -> Reason {
    reason(
        "feed_behind",
        vec![
            told("feed", "Gran Vía, till 3"),
            when("complete_until", NOW - 3 * HOUR - 10 * MINUTE),
            when("needed_until", NOW - 32 * MINUTE),
        ],
    )
}

pub(crate) fn twin() -> Reason {
    reason(
        "twin_maybe",
        vec![
            fact("probability", FactValue::Permille(812)),
            fact(
                "name",
                FactValue::Person { id: "p208831".to_owned(), name: "María Gómez".to_owned() },
            ),
            told("product", "T-shirt Sol"),
            when("at", NOW - 5 * MINUTE),
        ],
    )
}
