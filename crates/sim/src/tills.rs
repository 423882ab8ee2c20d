//! Stores, their hours, and tills that report live, hourly or nightly, and sometimes not at all.

use crate::act::{Act, Report, Via, What, Who};
use crate::calendar::{Calendar, DAY, HOUR, MINUTE};
use crate::people::Contact;
use crate::rng::Rng;

/// Batches arrive this long after the hour, their watermark a little later.
const BATCH_DELAY: i64 = 20_000;
const BATCH_SPREAD_SECONDS: u32 = 5;
const WATERMARK_DELAY: i64 = 26_000;
/// Nightly tills send their day at half past two.
const NIGHTLY_SECOND: u32 = 2 * 3600 + 1800;

/// When a till tells what it sold.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reports {
    /// Within seconds; it sends heartbeats during opening hours.
    Live,
    /// Every full hour, with a watermark.
    Hourly,
    /// At half past two in the morning, with a watermark.
    Nightly,
}

/// One till.
#[derive(Clone, Debug)]
pub struct Till {
    /// Counts from 0; the source is `pos-<store + 1>`.
    pub store: u32,
    /// Counts from 0 within the store; the feed is `till-<number + 1>`.
    pub number: u32,
    /// When it tells what it sold.
    pub reports: Reports,
    /// Whether it knows products by its own till codes only; others send SKU and GTIN.
    pub tells_till_codes: bool,
    /// Stretches without a connection, after which it catches up: milliseconds since 1970.
    pub(crate) outages: Vec<(i64, i64)>,
}

impl Till {
    /// The source of its lines.
    pub fn source(&self) -> String {
        format!("pos-{}", self.store + 1)
    }

    /// The feed of its lines.
    pub fn feed(&self) -> String {
        format!("till-{}", self.number + 1)
    }

    /// Whether it writes local time with its offset; others write UTC.
    pub(crate) fn tells_local_time(&self) -> bool {
        self.store % 2 == 1
    }

    fn outage_at(&self, instant: i64) -> Option<(i64, i64)> {
        self.outages.iter().copied().find(|(from, to)| (*from..*to).contains(&instant))
    }

    /// When a sale of `occurred_at` is received.
    pub(crate) fn arrival(&self, occurred_at: i64, calendar: &Calendar, rng: &mut Rng) -> i64 {
        let due = match self.reports {
            Reports::Live => occurred_at + rng.seconds(1, 4),
            Reports::Hourly => {
                next_hour(occurred_at) + BATCH_DELAY + rng.seconds(0, BATCH_SPREAD_SECONDS)
            }
            Reports::Nightly => {
                calendar.at(calendar.day_of(occurred_at) + 1, NIGHTLY_SECOND)
                    + BATCH_DELAY
                    + rng.seconds(0, BATCH_SPREAD_SECONDS)
            }
        };
        let straggles = self.reports != Reports::Live && rng.chance(2);
        match self.outage_at(due) {
            Some((_, back)) => back + rng.seconds(0, BATCH_SPREAD_SECONDS),
            None if straggles => due + DAY + 7 * MINUTE,
            None => due,
        }
    }

    /// Heartbeats and watermarks received on `day`.
    pub(crate) fn tell_the_day(
        &self,
        index: u32,
        day: u32,
        calendar: &Calendar,
        acts: &mut Vec<Act>,
    ) {
        let (first, last) = (calendar.at(day, 0), calendar.at(day + 1, 0));
        let mut tell = |received_at: i64, what: Report| {
            if self.outage_at(received_at).is_none() {
                acts.push(report(received_at, day, Via::Till(index), what));
            }
        };
        let mut hour = first;
        while hour < last {
            match self.reports {
                Reports::Live if self.number % 3 != 2 && open_at(calendar, self.store, hour) => {
                    tell(hour + i64::from(index) * 1700, Report::Heartbeat);
                }
                Reports::Hourly => {
                    tell(hour + WATERMARK_DELAY, Report::Watermark { complete_through: hour })
                }
                Reports::Live | Reports::Nightly => {}
            }
            hour += HOUR;
        }
        if self.reports == Reports::Nightly {
            let at = calendar.at(day, NIGHTLY_SECOND) + WATERMARK_DELAY;
            tell(at, Report::Watermark { complete_through: first });
        }
        for (_, back) in self.outages.iter().filter(|(_, back)| (first..last).contains(back)) {
            let complete_through = match self.reports {
                Reports::Nightly => first,
                Reports::Live | Reports::Hourly => *back,
            };
            tell(back + 6000, Report::Watermark { complete_through });
        }
    }
}

/// A line of a system itself, of no person.
pub(crate) fn report(received_at: i64, day: u32, via: Via, what: Report) -> Act {
    Act {
        received_at,
        occurred_at: received_at,
        told_at: received_at,
        sent_at: None,
        message: None,
        hinges_on: None,
        day,
        copy: 0,
        via,
        who: Who::by(Contact::None),
        what: What::Report(what),
    }
}

/// The till of Maria's story: the third of the first store, or its last.
pub(crate) fn marias_till(per_store: u32) -> u32 {
    2.min(per_store - 1)
}

/// All tills. One in the middle loses its connection for a working day and two hours.
pub(crate) fn tills(stores: u32, per_store: u32, calendar: &Calendar) -> Vec<Till> {
    let total = stores * per_store;
    let mut tills = Vec::new();
    for index in 0..total {
        let (store, number) = (index / per_store, index % per_store);
        let reports = match index % 6 {
            _ if index == marias_till(per_store) => Reports::Hourly,
            2 => Reports::Hourly,
            5 => Reports::Nightly,
            _ => Reports::Live,
        };
        let mut outages = Vec::new();
        if index == total / 2 {
            let middle = calendar.period() * 2 / 3;
            let working = (middle..).find(|day| (1..5).contains(&calendar.weekday(*day)));
            let from = calendar.at(working.unwrap_or(middle), 11 * 3600);
            outages.push((from, from + 26 * HOUR + 13 * MINUTE));
        }
        tills.push(Till { store, number, reports, tells_till_codes: index % 4 == 3, outages });
    }
    tills
}

/// Opening hours in local seconds: Monday to Saturday 10 to 21; on Sunday the first store only, 11 to 20.
pub(crate) fn hours(calendar: &Calendar, store: u32, day: u32) -> Option<(u32, u32)> {
    match (calendar.weekday(day), store) {
        (6, 0) => Some((11 * 3600, 20 * 3600)),
        (6, _) => None,
        _ => Some((10 * 3600, 21 * 3600)),
    }
}

fn open_at(calendar: &Calendar, store: u32, instant: i64) -> bool {
    let day = calendar.day_of(instant);
    hours(calendar, store, day).is_some_and(|(open, close)| {
        (calendar.at(day, open)..=calendar.at(day, close)).contains(&instant)
    })
}

/// A moment for a visit to `store` on `day` or the first open day after it, not before `from`.
pub(crate) fn moment_in_store(
    calendar: &Calendar,
    store: u32,
    day: u32,
    from: i64,
    rng: &mut Rng,
) -> (u32, i64) {
    for day in day..day + 3 {
        let Some((open, close)) = hours(calendar, store, day) else { continue };
        let earliest = calendar.at(day, open).max(from);
        let left = calendar.at(day, close - 600) - earliest;
        if left > 30 * MINUTE {
            let left = u32::try_from(left / 1000).expect("a day has fewer seconds");
            // The later half of the day is the busier one.
            let wait = rng.below(left).max(rng.below(left));
            return (day, earliest + i64::from(wait) * 1000);
        }
    }
    // Closed on Sundays only: the loop has found an open day unless `from` is days later than `day`.
    let day = calendar.day_of(from) + 1;
    (day, calendar.at(day, 12 * 3600).max(from))
}

fn next_hour(instant: i64) -> i64 {
    (instant.div_euclid(HOUR) + 1) * HOUR
}
