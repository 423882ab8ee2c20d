//! What offers cost and may still cost: by offer, and by the day of use.

use regulars_engine::event::Money;
use regulars_engine::offer::Stock;
use regulars_engine::program::Program;
use regulars_engine::time::{DAY, Timestamp};
use serde_json::{Value, json};

use super::{Listed, list, money_json};

/// Codes that were used on one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedRow {
    /// Of which offer.
    pub offer: String,
    /// The day, by its first moment in UTC.
    pub day: Timestamp,
    /// How many.
    pub codes: u64,
    /// What they cost; `None`: nobody said.
    pub cost: Option<Money>,
}

/// The report: how every offer stands, and what was used by day.
#[derive(Clone, Debug)]
pub struct Report {
    /// Every offer.
    pub offers: Vec<Listed>,
    /// What was used, by day and offer.
    pub used: Vec<UsedRow>,
}

impl Report {
    /// Reads the report of the days from `from` to `to`.
    #[must_use]
    pub fn of(
        stock: &Stock,
        program: &Program,
        (from, to): (Timestamp, Timestamp),
        now: Timestamp,
    ) -> Self {
        let offers = list(stock, program, now);
        let mut used = Vec::new();
        for offer in &offers {
            let rows = stock.used(&offer.name).filter(|(_, _, counted)| counted.codes > 0);
            used.extend(rows.map(|(day, currency, counted)| UsedRow {
                offer: offer.name.clone(),
                day: Timestamp(day.saturating_mul(DAY)),
                codes: counted.codes,
                cost: currency.map(|currency| Money { minor: counted.cost_minor, currency }),
            }));
        }
        used.retain(|row| (from..=to).contains(&row.day));
        used.sort_by(|left, right| (left.day, &left.offer).cmp(&(right.day, &right.offer)));
        Self { offers, used }
    }

    /// As the API tells it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let row = |row: &UsedRow| {
            json!({
                "offer": row.offer,
                "day": day_text(row.day),
                "codes": row.codes,
                "cost": row.cost.map(money_json),
            })
        };
        json!({
            "offers": self.offers.iter().map(Listed::to_json).collect::<Vec<_>>(),
            "used": self.used.iter().map(row).collect::<Vec<_>>(),
        })
    }
}

/// `2026-11-30`, of a day's first moment in UTC.
#[must_use]
pub fn day_text(day: Timestamp) -> String {
    day.in_zone(&jiff::tz::TimeZone::UTC).date().to_string()
}

/// The first moment in UTC of a day that is written `2026-11-30`.
#[must_use]
pub fn day_of(text: &str) -> Option<Timestamp> {
    let date: jiff::civil::Date = text.parse().ok()?;
    let zoned = date.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(Timestamp(zoned.timestamp().as_millisecond()))
}
