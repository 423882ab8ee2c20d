//! Money by day: orders and what they came to, of the last two weeks, folded from the log.
//!
//! The fold is the engine's own: one order that shop, till and payment tell of is one order, and a
//! return lowers the day of its order. It is kept in memory and catches up in slices, so that no
//! page waits for a long log.

use std::collections::BTreeMap;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use regulars_engine::event::{Currency, Event, LogPosition};
use regulars_engine::profile::{Orders, Stamp};
use regulars_engine::time::{DAY, Timestamp};
use regulars_store::{Entry, Reader, StoreError};

/// How many days are shown.
pub const DAYS: i64 = 14;
/// Events of one slice: some tens of milliseconds.
const SLICE: usize = 10_000;
/// The most orders kept at once, about 200 bytes each; beyond it the earliest days are left out.
const ORDERS_MAX: usize = 500_000;

/// What one day came to, as far as is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DaySales {
    /// The day, in the shop's zone.
    pub day: Date,
    /// Orders of the day that were not cancelled.
    pub orders: u64,
    /// What they came to less what was returned, in minor units of the shop's currency.
    pub net_minor: i64,
    /// Orders in another currency: counted, and not in the sum.
    pub foreign: u64,
}

/// The fold.
#[derive(Debug, Default)]
pub struct Sales {
    /// The next event to read; `None`: nothing was read yet.
    next: Option<LogPosition>,
    /// Orders by key. One map a key, since the engine bounds the orders of one person.
    by_key: BTreeMap<String, Orders>,
}

impl Sales {
    /// Reads one slice of the log. Returns whether it has caught up.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn catch_up<R: Reader>(&mut self, reader: &R, now: Timestamp) -> Result<bool, StoreError> {
        // A day more, for zones and for what arrives a little late.
        let since = now.plus(-(DAYS + 1) * DAY);
        let (entries, next, caught_up) = slice_after(reader, self.next, since)?;
        for entry in &entries {
            if !entry.erased && entry.overtaken_by.is_none() {
                self.fold(&entry.logged.event);
            }
        }
        self.next = Some(next);
        if caught_up || self.by_key.len() > ORDERS_MAX {
            self.forget(since);
        }
        Ok(caught_up)
    }

    fn fold(&mut self, event: &Event) {
        let Some(order) = event.order.as_ref().filter(|_| event.kind.touches_orders()) else {
            return;
        };
        let key = order.key.clone();
        // Of lines only their sum is needed, and that there were some.
        let mut event = event.clone();
        let sum: i64 = event.lines.iter().filter_map(|line| line.total_minor).sum();
        event.lines.truncate(1);
        for line in &mut event.lines {
            (line.name, line.category) = (None, None);
            line.codes.clear();
        }
        if let Some(order) = &mut event.order {
            order.total_minor.get_or_insert(sum);
        }
        let stamp = Stamp::of(&event);
        self.by_key.entry(key).or_default().fold(&event, stamp);
    }

    /// Lets go of orders of before `since`, and of the earliest if there are too many.
    fn forget(&mut self, mut since: Timestamp) {
        let at = |orders: &Orders| {
            orders.by_key.values().filter_map(|order| order.occurred()).map(|held| held.at).max()
        };
        while self.by_key.values().any(|orders| at(orders).is_none_or(|at| at < since))
            || self.by_key.len() > ORDERS_MAX
        {
            self.by_key.retain(|_, orders| at(orders).is_some_and(|at| at >= since));
            since = since.plus(DAY);
            if self.by_key.len() <= ORDERS_MAX {
                break;
            }
        }
    }

    /// The days up to today, the latest first; days without orders among them.
    #[must_use]
    pub fn by_day(&self, zone: &TimeZone, currency: Currency, now: Timestamp) -> Vec<DaySales> {
        let today = now.in_zone(zone).date();
        let mut days: Vec<DaySales> =
            std::iter::successors(Some(today), |day| day.yesterday().ok())
                .take(usize::try_from(DAYS).unwrap_or(0))
                .map(|day| DaySales { day, orders: 0, net_minor: 0, foreign: 0 })
                .collect();
        let all = self.by_key.values().flat_map(|orders| orders.by_key.values());
        for order in all.filter(|order| order.cancelled.is_none()) {
            let (Some(sale), Some(occurred)) = (&order.sale, order.occurred()) else { continue };
            let date = occurred.at.in_zone(zone).date();
            let Some(day) = days.iter_mut().find(|day| day.day == date) else { continue };
            day.orders += 1;
            if sale.currency == currency {
                day.net_minor = day.net_minor.saturating_add(order.net_minor());
            } else {
                day.foreign += 1;
            }
        }
        days
    }
}

/// A slice of the log for a fold that reads on from `next`, or begins at `since`: its entries, where it
/// reads on from after them, and whether that is the end of the log.
///
/// # Errors
/// If the store cannot be read.
pub(crate) fn slice_after<R: Reader>(
    reader: &R,
    next: Option<LogPosition>,
    since: Timestamp,
) -> Result<(Vec<Entry>, LogPosition, bool), StoreError> {
    let end = reader.next_position()?;
    let from = match next {
        Some(next) => next,
        None => first_since(reader, since, end)?,
    };
    let entries = reader.log(from, SLICE)?;
    let next = entries.last().map_or(from, |last| LogPosition(last.logged.position.0 + 1));
    Ok((entries, next, next.0 >= end.0))
}

/// The first position whose event was received at or after `since`: the log stands in the order
/// of receipt, so a search by halves finds it.
fn first_since<R: Reader>(
    reader: &R,
    since: Timestamp,
    end: LogPosition,
) -> Result<LogPosition, StoreError> {
    let (mut low, mut high) = (1, end.0.max(1));
    while low < high {
        let middle = low + (high - low) / 2;
        let entry = reader.log(LogPosition(middle), 1)?.into_iter().next();
        match entry {
            Some(entry) if entry.logged.event.received_at < since => low = middle + 1,
            Some(_) | None => high = middle,
        }
    }
    Ok(LogPosition(low))
}

#[cfg(test)]
mod tests {
    use super::*;
    use regulars_engine::event::{Kind, Order};

    fn told(kind: Kind, id: &str, key: &str, at: &str, minor: i64, currency: &str) -> Event {
        let at = Timestamp(at.parse::<jiff::Timestamp>().unwrap().as_millisecond());
        Event {
            content: 1,
            order: Some(Order {
                key: key.to_owned(),
                total_minor: Some(minor),
                currency: Currency::parse(currency).unwrap(),
                discount_minor: None,
                coupon: None,
            }),
            ..Event::bare("web", id.to_owned(), kind, at)
        }
    }

    /// One order told by shop and till counts once; what came back lowers the day of its order; a
    /// cancelled one counts for nothing; another currency is counted and not added.
    #[test]
    fn a_day_is_what_was_kept_of_its_orders() {
        let mut sales = Sales::default();
        for event in [
            told(Kind::OrderCompleted, "1", "a", "2026-11-20T09:00:00Z", 2_000, "EUR"),
            told(Kind::OrderCompleted, "2", "a", "2026-11-20T09:01:00Z", 2_000, "EUR"),
            told(Kind::OrderRefunded, "3", "a", "2026-11-21T10:00:00Z", 500, "EUR"),
            told(Kind::OrderCompleted, "4", "b", "2026-11-20T23:30:00Z", 1_000, "EUR"),
            told(Kind::OrderCompleted, "5", "c", "2026-11-21T08:00:00Z", 9_000, "EUR"),
            told(Kind::OrderCancelled, "6", "c", "2026-11-21T08:30:00Z", 0, "EUR"),
            told(Kind::OrderCompleted, "7", "d", "2026-11-21T08:00:00Z", 7_000, "USD"),
        ] {
            sales.fold(&event);
        }
        let madrid = TimeZone::get("Europe/Madrid").unwrap();
        let now =
            Timestamp("2026-11-21T12:00:00Z".parse::<jiff::Timestamp>().unwrap().as_millisecond());
        let days = sales.by_day(&madrid, Currency::EUR, now);
        let said: Vec<String> = days
            .iter()
            .take(3)
            .map(|d| format!("{} {} {} {}", d.day, d.orders, d.net_minor, d.foreign))
            .collect();
        // Half past eleven at night in London is the next day in Madrid.
        assert_eq!(said, ["2026-11-21 2 1000 1", "2026-11-20 1 1500 0", "2026-11-19 0 0 0"]);
        assert_eq!(days.len(), 14);
    }
}
