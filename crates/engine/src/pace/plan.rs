//! What a shop states about pace.

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::event::Channel;
use crate::time::{DAY, SECOND, Timestamp};

/// How fast messages of a shop may leave; without a word, as fast as they can.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// Limits that always hold.
    pub rates: Vec<Rate>,
    /// Plans for domains that are new as senders: one for each.
    pub warm_ups: Vec<WarmUp>,
}

impl Pace {
    /// Whether it limits nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rates.is_empty() && self.warm_ups.is_empty()
    }
}

/// So many messages in a stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Over which channel.
    pub channel: Channel,
    /// To whom.
    pub to: To,
    /// So many messages, at least one.
    pub max: u32,
    /// In any stretch of so many milliseconds, from [`Rate::WINDOW_MS_MIN`] to [`Rate::WINDOW_MS_MAX`].
    pub window_ms: i64,
}

impl Rate {
    /// The shortest stretch that is counted.
    pub const WINDOW_MS_MIN: i64 = SECOND;
    /// The longest one.
    pub const WINDOW_MS_MAX: i64 = DAY;
    /// The most messages that a limit may state.
    pub const MAX: u32 = 10_000_000;
}

/// To whom a limit counts messages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum To {
    /// To everybody together.
    Everybody,
    /// To each provider that no limit names, counted by itself.
    Others,
    /// To a mailbox provider, by the domain it is known by: see [`super::provider_of`].
    Provider(String),
}

/// A plan for a domain that is new as a sender: mailbox providers take little of it at first, and more
/// as they see that people want it. It holds for each provider by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WarmUp {
    /// The sending domain.
    pub domain: String,
    /// Its first day, in the zone of the shop.
    pub since: Date,
    /// So many messages a day to each provider on the first day, at least one.
    pub first: u32,
    /// So many thousandths of a day's messages are allowed on the next day; more than 1,000.
    pub growth_permille: u32,
    /// With so many messages a day the domain is warm, and the plan over.
    pub full: u32,
}

impl WarmUp {
    /// Messages to a provider on the first day where nothing is stated. Twilio SendGrid's schedule for
    /// a new address ("Warming Up an IP Address") begins with 50.
    pub const FIRST: u32 = 50;
    /// Growth where nothing is stated: the same schedule doubles from day to day.
    pub const GROWTH_PERMILLE: u32 = 2_000;
    /// When a domain is warm where nothing is stated.
    pub const FULL: u32 = 50_000;

    /// How many messages a day it allows to each provider on a day, 0 the first one; `None`: the plan
    /// is over.
    #[must_use]
    pub fn allowed(&self, day: u32) -> Option<u32> {
        let full = u64::from(self.full) * 1_000;
        let mut allowed = u64::from(self.first) * 1_000;
        for _ in 0..day {
            if allowed >= full {
                return None;
            }
            allowed = allowed * u64::from(self.growth_permille) / 1_000;
        }
        (allowed < full).then(|| u32::try_from(allowed / 1_000).unwrap_or(u32::MAX))
    }

    /// Which day of the plan it is in `zone`, 0 the first one; `None`: it has not begun.
    #[must_use]
    pub fn day(&self, now: Timestamp, zone: &TimeZone) -> Option<u32> {
        let days = self.since.until(now.in_zone(zone).date()).ok()?.get_days();
        u32::try_from(days).ok()
    }

    /// When a day of the plan begins; `None`: the calendar does not reach so far.
    #[must_use]
    pub fn begins(&self, day: u32, zone: &TimeZone) -> Option<Timestamp> {
        let day = self.since.checked_add(jiff::Span::new().try_days(day).ok()?).ok()?;
        let begins = day.to_zoned(zone.clone()).ok()?;
        Some(Timestamp(begins.timestamp().as_millisecond()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(first: u32, growth_permille: u32, full: u32) -> WarmUp {
        let since = "2026-11-30".parse().unwrap();
        WarmUp { domain: "tienda.example".to_owned(), since, first, growth_permille, full }
    }

    #[test]
    fn a_plan_grows_until_the_domain_is_warm() {
        let days = |plan: WarmUp| (0..9).map_while(|day| plan.allowed(day)).collect::<Vec<_>>();
        assert_eq!(days(plan(50, 2_000, 1_000)), [50, 100, 200, 400, 800]);
        assert_eq!(days(plan(10, 1_500, 50)), [10, 15, 22, 33]);
        assert_eq!(plan(50, 2_000, 50).allowed(0), None);
        assert_eq!(plan(1, 1_100, Rate::MAX).allowed(u32::MAX), None);
    }

    #[test]
    fn its_days_are_those_of_the_shop() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        let plan = plan(50, 2_000, 1_000);
        let begins = plan.begins(1, &zone).unwrap();
        assert_eq!(begins.to_string(), "2026-11-30T23:00:00Z");
        assert_eq!(plan.day(begins.plus(-1), &zone), Some(0));
        assert_eq!(plan.day(begins, &zone), Some(1));
        assert_eq!(plan.day(begins.plus(-2 * DAY), &zone), None);
    }
}
