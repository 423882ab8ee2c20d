//! Feeds: how late each part of a source is, and whether its silence means anything.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};

use super::{Rhythm, SourceSettings};
use crate::event::{Channel, Event, Kind};
use crate::time::{HOUR, Timestamp};

/// A feed: a source, and the part of it that can be late alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct FeedName {
    /// The source.
    #[n(0)]
    pub source: String,
    /// The part; empty where the source has one voice.
    #[n(1)]
    pub feed: String,
}

impl std::fmt::Display for FeedName {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.feed.is_empty() {
            f.write_str(&self.source)
        } else {
            write!(f, "{} {}", self.source, self.feed)
        }
    }
}

/// What is known of one feed: a fold of what it sent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Feed {
    /// The last moment of receipt, of anything.
    #[n(0)]
    pub heard_at: Timestamp,
    /// The first moment of receipt.
    #[n(1)]
    pub first_at: Timestamp,
    /// The latest moment at which something it told of happened.
    #[n(2)]
    pub last_occurred_at: Timestamp,
    /// Up to when it has told everything, by its own word.
    #[n(3)]
    pub complete_through: Option<Timestamp>,
    /// Accepted events.
    #[n(4)]
    pub events: u64,
    /// Accepted events that tell of orders.
    #[n(5)]
    pub orders: u64,
    /// Events by the hour of the week (UTC) of their receipt: its rhythm. 168 numbers, or none yet.
    #[n(6)]
    pub by_hour: Vec<u32>,
    /// Whether it only ever spoke in backfills: then it says nothing of what happens today.
    #[n(7)]
    pub live: bool,
    /// Events by the hour of their receipt (hours since 1970, UTC), of the last two days in which
    /// it spoke.
    #[n(8)]
    pub by_latest_hour: BTreeMap<i64, u32>,
}

/// How complete a feed is at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Completeness {
    /// It said so itself.
    Known,
    /// It speaks as often as it usually does.
    Presumed,
    /// It may still bring something from before that moment.
    Behind,
}

impl Feed {
    /// Silence is suspicious when so many events would have been usual in it: the chance of
    /// hearing none of 4.6 expected ones is 1 % (Poisson: e^-4.6).
    const EXPECTED_MILLI_MAX: i64 = 4_600;
    /// Until a feed has been heard over this long, its rhythm is not known, and an hour of
    /// silence is suspicious.
    const RHYTHM_AFTER_MS: i64 = 14 * 24 * HOUR;

    /// How many hours of receipt are counted one by one.
    const LATEST_HOURS_MAX: usize = 48;

    /// Events received since midnight in `zone`, to the hour.
    #[must_use]
    pub fn events_since_midnight(&self, zone: &jiff::tz::TimeZone, now: Timestamp) -> u64 {
        let midnight =
            now.in_zone(zone).start_of_day().map_or(now.0, |at| at.timestamp().as_millisecond());
        let since = midnight.div_euclid(HOUR);
        self.by_latest_hour.range(since..).map(|(_, count)| u64::from(*count)).sum()
    }

    /// Takes in one accepted event of the feed.
    pub fn fold(&mut self, event: &Event) {
        if self.by_hour.is_empty() {
            self.by_hour = vec![0; 168];
            self.first_at = event.received_at;
        }
        self.heard_at = self.heard_at.max(event.received_at);
        self.first_at = self.first_at.min(event.received_at);
        // Whoever says that it lives has told what happened until then.
        let lives = (event.kind == Kind::Heartbeat).then_some(event.occurred.at);
        self.complete_through = self.complete_through.max(event.complete_through).max(lives);
        if event.mode == crate::event::Mode::Live {
            self.live = true;
        }
        if event.kind.speaks_of_feed() {
            return;
        }
        self.last_occurred_at = self.last_occurred_at.max(event.occurred.at);
        self.events += 1;
        self.by_hour[event.received_at.hour_of_week()] += 1;
        *self.by_latest_hour.entry(event.received_at.0.div_euclid(HOUR)).or_default() += 1;
        if self.by_latest_hour.len() > Self::LATEST_HOURS_MAX {
            self.by_latest_hour.pop_first();
        }
        if event.kind.touches_orders() {
            self.orders += 1;
        }
    }

    /// How complete the feed is up to `until`, seen at `now`.
    #[must_use]
    pub fn completeness(
        &self,
        settings: &SourceSettings,
        until: Timestamp,
        now: Timestamp,
    ) -> Completeness {
        if self.complete_through.is_some_and(|through| through >= until) {
            return Completeness::Known;
        }
        match settings.rhythm {
            Rhythm::Batch => Completeness::Behind,
            Rhythm::Live => {
                let spoken_past = self.heard_at >= until.plus(settings.lag_ms);
                if spoken_past || (now >= until.plus(settings.lag_ms) && !self.silent(now)) {
                    Completeness::Presumed
                } else {
                    Completeness::Behind
                }
            }
        }
    }

    /// Whether the feed has been silent for longer than its rhythm makes likely.
    #[must_use]
    pub fn silent(&self, now: Timestamp) -> bool {
        self.silent_from(self.heard_at, now)
    }

    fn silent_from(&self, from: Timestamp, now: Timestamp) -> bool {
        if self.heard_at.since(self.first_at) < Self::RHYTHM_AFTER_MS {
            return now.since(from) > HOUR;
        }
        self.expected_milli(from, now) > Self::EXPECTED_MILLI_MAX
    }

    /// The first moment from which it counts as silent, if it says nothing more; far in the future
    /// for a feed that hardly ever speaks. Cost: the hours of silence that its rhythm allows, at
    /// most a few weeks of them.
    #[must_use]
    pub fn silent_at(&self) -> Timestamp {
        const WEEK: i64 = 168 * HOUR;
        if self.heard_at.since(self.first_at) < Self::RHYTHM_AFTER_MS {
            return self.heard_at.plus(HOUR + 1);
        }
        let weeks_milli = (self.heard_at.since(self.first_at) * 1_000 / WEEK).max(1_000);
        let week: i64 = self.by_hour.iter().map(|count| i64::from(*count)).sum();
        let by_week = week * 1_000_000 / weeks_milli;
        if by_week == 0 {
            return Timestamp(i64::MAX);
        }
        // Whole weeks first, as they are counted, then the hours of the week in which it happens.
        let mut weeks = (Self::EXPECTED_MILLI_MAX / by_week - 1).max(0);
        loop {
            let from = self.heard_at.plus(weeks * WEEK);
            if let Some(at) = self.silent_in_week(from, by_week * weeks, weeks_milli) {
                return at;
            }
            weeks += 1;
        }
    }

    /// The first moment in the week from `from` on at which more than usual was missed, if
    /// `expected` thousandths were missed before.
    fn silent_in_week(
        &self,
        from: Timestamp,
        mut expected: i64,
        weeks_milli: i64,
    ) -> Option<Timestamp> {
        if expected > Self::EXPECTED_MILLI_MAX {
            return Some(from);
        }
        let (mut at, end) = (from, from.plus(168 * HOUR));
        while at < end {
            let next = Timestamp((at.0.div_euclid(HOUR) + 1) * HOUR).min(end);
            let usual = i64::from(self.by_hour.get(at.hour_of_week()).copied().unwrap_or(0));
            let rate = usual * 1_000_000 / weeks_milli;
            let missed = rate * next.since(at) / HOUR;
            if expected + missed > Self::EXPECTED_MILLI_MAX {
                let missing = Self::EXPECTED_MILLI_MAX + 1 - expected;
                return Some(at.plus((missing * HOUR + rate - 1) / rate)).filter(|at| *at < end);
            }
            expected += missed;
            at = next;
        }
        None
    }

    /// Thousandths of events that were usual between two moments, by the rhythm so far.
    fn expected_milli(&self, from: Timestamp, to: Timestamp) -> i64 {
        let weeks_milli = (self.heard_at.since(self.first_at) * 1_000 / (168 * HOUR)).max(1_000);
        let week: i64 = self.by_hour.iter().map(|count| i64::from(*count)).sum();
        let span = to.since(from).max(0);
        let mut expected = week * 1_000_000 / weeks_milli * (span / (168 * HOUR));
        let mut at = to.plus(-(span % (168 * HOUR)));
        while at < to {
            let next = Timestamp((at.0.div_euclid(HOUR) + 1) * HOUR).min(to);
            let usual = i64::from(self.by_hour.get(at.hour_of_week()).copied().unwrap_or(0));
            expected += usual * 1_000_000 / weeks_milli * next.since(at) / HOUR;
            at = next;
        }
        expected
    }
}

/// All sources: what the shop states of them, and what they sent.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Stated settings by name; a source without is taken as [`SourceSettings::named`] says.
    pub settings: BTreeMap<String, SourceSettings>,
    /// What each feed sent.
    pub feeds: BTreeMap<FeedName, Feed>,
}

/// A feed that may still bring something.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Lacking {
    /// Which.
    #[n(0)]
    pub feed: FeedName,
    /// The moment it must reach.
    #[n(1)]
    pub needed_until: Timestamp,
    /// When it was last heard; `None`: never.
    #[n(2)]
    pub heard_at: Option<Timestamp>,
    /// The moment of the live presumption, if it keeps speaking; `None`: only its word helps.
    #[n(3)]
    pub presumed_at: Option<Timestamp>,
}

impl Sources {
    /// The settings of a source.
    #[must_use]
    pub fn settings_of(&self, source: &str) -> Cow<'_, SourceSettings> {
        match self.settings.get(source) {
            Some(stated) => Cow::Borrowed(stated),
            None => Cow::Owned(SourceSettings::named(source)),
        }
    }

    /// Whether any feed of the source has ever spoken.
    fn heard(&self, source: &str) -> bool {
        let first = FeedName { source: source.to_owned(), feed: String::new() };
        self.feeds.range(first..).next().is_some_and(|(name, _)| name.source == source)
    }

    /// Takes in one accepted event. Returns whether its feed is now complete further than before
    /// by its own word, or spoke after a silence: what waits for it must be looked at again.
    pub fn fold(&mut self, event: &Event) -> FeedName {
        let name = FeedName { source: event.source.clone(), feed: event.feed.clone() };
        self.feeds.entry(name.clone()).or_default().fold(event);
        name
    }

    /// The feeds that may still tell of orders from before `until`, seen at `now`. `known_only`:
    /// presumption is not enough.
    #[must_use]
    pub fn lacking_orders(
        &self,
        until: Timestamp,
        now: Timestamp,
        known_only: bool,
    ) -> Vec<Lacking> {
        let mut lacking = Vec::new();
        let selling = self.selling();
        for (name, feed) in &self.feeds {
            let settings = self.settings_of(&name.source);
            let sends = selling.contains(name.source.as_str());
            let retired = !feed.live && feed.complete_through.is_none();
            if !sends || (retired && settings.rhythm == Rhythm::Live) {
                continue;
            }
            let completeness = feed.completeness(&settings, until, now);
            let enough = match completeness {
                Completeness::Known => true,
                Completeness::Presumed => !known_only,
                Completeness::Behind => false,
            };
            if !enough {
                let presumed_at = (settings.rhythm == Rhythm::Live && !known_only)
                    .then(|| until.plus(settings.lag_ms))
                    .filter(|at| *at > now);
                lacking.push(Lacking {
                    feed: name.clone(),
                    needed_until: until,
                    heard_at: Some(feed.heard_at),
                    presumed_at,
                });
            }
        }
        self.never_heard(until, &mut lacking);
        lacking
    }

    /// The next moment after `now` at which time alone may change what
    /// [`Sources::lacking_orders`] says: a lag passes, or a feed has been silent for too long.
    #[must_use]
    pub fn lacking_orders_changes_at(
        &self,
        until: Timestamp,
        now: Timestamp,
        known_only: bool,
    ) -> Option<Timestamp> {
        if known_only {
            return None;
        }
        let selling = self.selling();
        let moments = self.feeds.iter().filter_map(|(name, feed)| {
            let settings = self.settings_of(&name.source);
            let sends = selling.contains(name.source.as_str());
            let known = feed.complete_through.is_some_and(|through| through >= until);
            let presumed_at = until.plus(settings.lag_ms);
            let retired = !feed.live && feed.complete_through.is_none();
            if !sends || known || retired || settings.rhythm == Rhythm::Batch {
                return None;
            }
            if feed.heard_at >= presumed_at {
                return None;
            }
            let silent_at = feed.silent_at();
            if now < presumed_at {
                return (presumed_at < silent_at).then_some(presumed_at);
            }
            (now < silent_at).then_some(silent_at)
        });
        moments.min()
    }

    /// The sources that can tell of orders: as the shop states it, else those that ever did, or
    /// that gave their word to be complete. A till whose first sale is still to come is one of a
    /// source whose other tills have sold.
    fn selling(&self) -> BTreeSet<&str> {
        let tells = |(name, feed): &(&FeedName, &Feed)| {
            let stated = self.settings.get(&name.source).and_then(|settings| settings.sends_orders);
            stated.unwrap_or(feed.orders > 0 || feed.complete_through.is_some())
        };
        self.feeds.iter().filter(tells).map(|(name, _)| name.source.as_str()).collect()
    }

    /// Feeds that the shop announced and that have not spoken yet; of a source that surely tells
    /// of orders and has no feeds, the source itself.
    fn never_heard(&self, until: Timestamp, lacking: &mut Vec<Lacking>) {
        let tells = |s: &&SourceSettings| s.sends_orders.unwrap_or(s.channel == Channel::Store);
        for settings in self.settings.values().filter(tells) {
            let whole = (settings.feeds.is_empty() && settings.sends_orders == Some(true))
                .then(|| (String::new(), self.heard(&settings.name)));
            let silent = whole.filter(|(_, heard)| !heard).map(|(feed, _)| feed);
            for feed in settings.feeds.iter().chain(&silent) {
                let name = FeedName { source: settings.name.clone(), feed: feed.clone() };
                if !self.feeds.contains_key(&name) {
                    lacking.push(Lacking {
                        feed: name,
                        needed_until: until,
                        heard_at: None,
                        presumed_at: None,
                    });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// A timer set for the moment of silence is neither early nor late.
        #[test]
        fn silence_begins_at_its_moment(
            counts in proptest::collection::vec(0..30_u32, 168),
            share in 0..100_u32,
            weeks in 1..300_i64,
            at in 0..(3 * 168 * HOUR),
        ) {
            let sparse = |(hour, count): (u32, u32)| if hour * 37 % 100 < share { count } else { 0 };
            let by_hour: Vec<u32> = (0..).zip(counts).map(sparse).collect();
            let first_at = Timestamp(0);
            let heard_at = Timestamp(weeks * 168 * HOUR + at);
            let feed = Feed { heard_at, first_at, by_hour, ..Feed::default() };
            let silent_at = feed.silent_at();
            if silent_at < Timestamp(i64::MAX) {
                prop_assert!(feed.silent(silent_at));
                prop_assert!(!feed.silent(silent_at.plus(-1)));
            }
        }
    }
}
