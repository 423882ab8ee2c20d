//! Feeds: how late each part of a source is, and whether its silence means anything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use minicbor::{Decode, Encode};

use super::{Habit, Rhythm};
use crate::event::{Channel, Event, Kind, Mode};
use crate::time::{DAY, HOUR, MINUTE, Timestamp};

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
    /// History that came all at once is no part of it.
    #[n(6)]
    pub by_hour: Vec<u32>,
    /// Whether it only ever spoke in backfills: then it says nothing of what happens today.
    #[n(7)]
    pub live: bool,
    /// Events by the hour of their receipt (hours since 1970, UTC), of the last two days in which
    /// it spoke.
    #[n(8)]
    pub by_latest_hour: BTreeMap<i64, u32>,
    /// The kinds of event it has told of; those of the shop's own are one, without a name.
    #[n(9)]
    #[cbor(default)]
    pub told: BTreeSet<Kind>,
    /// The channels over which it has told of touchpoints, or of orders, of which some are.
    #[n(11)]
    #[cbor(default)]
    pub touched: BTreeSet<Channel>,
    /// The first moment of receipt that is part of its rhythm: history that came all at once is not.
    #[n(10)]
    pub rhythm_from: Option<Timestamp>,
    /// Its words about itself, heartbeats and watermarks, once there was one.
    #[n(12)]
    #[cbor(default)]
    pub words: Option<Words>,
    /// What [`Feed::silent_at`] came to: asked by many between two words of a feed.
    #[cbor(skip)]
    pub silence: Silence,
}

/// A moment that follows from the rest, once somebody asked for it: it makes no difference between feeds.
#[derive(Clone, Debug, Default)]
pub struct Silence(OnceLock<Timestamp>);

impl PartialEq for Silence {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Silence {}

/// When a feed speaks of itself: one that says every hour that it lives is silent when it no longer
/// does, however seldom it sells.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Words {
    /// By the hour of the week (UTC) of their receipt: 168 numbers.
    #[n(0)]
    pub by_hour: Vec<u32>,
    /// The first moment of receipt.
    #[n(1)]
    pub first_at: Timestamp,
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

/// What silence of a feed is usual.
enum Usual<'f> {
    /// Its rhythm is hardly known: silence of so many milliseconds.
    Silence(i64),
    /// It has a rhythm.
    ByHour(Rates<'f>),
}

/// How many events are usual in each hour of the week. Reckoned hour by hour as somebody asks: silence is
/// mostly a matter of a few of them.
#[derive(Clone, Copy)]
struct Rates<'f> {
    /// Events by the hour of the week: 168 numbers, or none.
    by_hour: &'f [u32],
    /// In how many thousandths of weeks they were heard, or of days where the hours of the day alone are
    /// told apart.
    heard_milli: i64,
    /// How many hours are told apart: those of a day, or of a week.
    hours: usize,
}

impl Rates<'_> {
    const WEEK_HOURS: usize = 168;

    /// Thousandths of events in an hour of the week.
    fn in_hour(&self, hour: usize) -> i64 {
        let alike = (hour % self.hours..Self::WEEK_HOURS).step_by(self.hours);
        let heard = alike.map(|hour| i64::from(self.by_hour.get(hour).copied().unwrap_or(0)));
        heard.sum::<i64>() * 1_000_000 / self.heard_milli
    }

    /// Thousandths of events in a week.
    fn in_week(&self) -> i64 {
        let times = i64::try_from(Self::WEEK_HOURS / self.hours).expect("a week has few hours");
        (0..self.hours).map(|hour| self.in_hour(hour)).sum::<i64>() * times
    }

    /// Whether a week is surely more than may be missed, hours being rounded down one by one.
    fn busy(&self) -> bool {
        const ROUNDED: i64 = 200;
        let times = i64::try_from(Self::WEEK_HOURS / self.hours).expect("a week has few hours");
        let all: i64 = self.by_hour.iter().map(|count| i64::from(*count)).sum();
        all * 1_000_000 / self.heard_milli * times - ROUNDED > Feed::EXPECTED_MILLI_MAX
    }
}

impl Feed {
    /// Silence is suspicious when so many events would have been usual in it: the chance of
    /// hearing none of 4.6 expected ones is 1 % (Poisson: e^-4.6).
    const EXPECTED_MILLI_MAX: i64 = 4_600;
    /// From how long on the hours of the week are told apart: each was heard twice.
    const WEEKS_AFTER_MS: i64 = 14 * DAY;
    /// From how long on the hours of the day are told apart: each was heard twice.
    const DAYS_AFTER_MS: i64 = 2 * DAY;
    /// Until then silence of an hour is suspicious, and less where the feed has been talkative.
    const SILENCE_MAX_MS: i64 = HOUR;
    /// And no less than this, since a pace of minutes says little of the next.
    const SILENCE_MIN_MS: i64 = 5 * MINUTE;
    /// What was received so much later than it happened was not told event by event.
    const HISTORY_MS: i64 = DAY;

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
        self.silence = Silence::default();
        if self.by_hour.is_empty() {
            self.by_hour = vec![0; 168];
            self.first_at = event.received_at;
        }
        self.heard_at = self.heard_at.max(event.received_at);
        self.first_at = self.first_at.min(event.received_at);
        // Whoever says that it lives has told what happened until then.
        let lives = (event.kind == Kind::Heartbeat).then_some(event.occurred.at);
        self.complete_through = self.complete_through.max(event.complete_through).max(lives);
        if event.mode == Mode::Live {
            self.live = true;
        }
        let late_ms = event.received_at.since(event.occurred.latest());
        let in_time = event.mode == Mode::Live || late_ms < Self::HISTORY_MS;
        if event.kind.speaks_of_feed() {
            if in_time {
                let none = || Words { by_hour: vec![0; 168], first_at: event.received_at };
                let words = self.words.get_or_insert_with(none);
                words.by_hour[event.received_at.hour_of_week()] += 1;
                words.first_at = words.first_at.min(event.received_at);
            }
            return;
        }
        self.last_occurred_at = self.last_occurred_at.max(event.occurred.at);
        self.events += 1;
        self.tell(&event.kind);
        if event.kind.touchpoint() || event.kind.touches_orders() {
            self.touched.insert(event.place.channel);
        }
        if in_time {
            self.by_hour[event.received_at.hour_of_week()] += 1;
            let from = self.rhythm_from.unwrap_or(event.received_at);
            self.rhythm_from = Some(from.min(event.received_at));
        }
        *self.by_latest_hour.entry(event.received_at.0.div_euclid(HOUR)).or_default() += 1;
        if self.by_latest_hour.len() > Self::LATEST_HOURS_MAX {
            self.by_latest_hour.pop_first();
        }
        if event.kind.touches_orders() {
            self.orders += 1;
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "only these kinds of event matter here")]
    fn tell(&mut self, kind: &Kind) {
        match kind {
            // An erasure takes such names away, and what is known of the feed must not change by it.
            Kind::Custom(_) => self.told.insert(Kind::Custom(String::new())),
            kind if self.told.contains(kind) => false,
            kind => self.told.insert(kind.clone()),
        };
    }

    /// Whether it has told of events of a kind; of one of the shop's own: of any of those.
    #[must_use]
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these kinds of event matter here")]
    pub fn has_told(&self, kind: &Kind) -> bool {
        match kind {
            Kind::Custom(_) => self.told.contains(&Kind::Custom(String::new())),
            kind => self.told.contains(kind),
        }
    }

    /// How complete the feed is up to `until`, seen at `now`.
    #[must_use]
    pub fn completeness(&self, habit: Habit, until: Timestamp, now: Timestamp) -> Completeness {
        if self.complete_through.is_some_and(|through| through >= until) {
            return Completeness::Known;
        }
        match habit.rhythm {
            Rhythm::Batch => Completeness::Behind,
            Rhythm::Live => {
                let due_at = until.plus(habit.lag_ms);
                if self.heard_at >= due_at || (now >= due_at && !self.silent(now)) {
                    Completeness::Presumed
                } else {
                    Completeness::Behind
                }
            }
        }
    }

    /// Whether the feed has been silent for longer than one of its rhythms makes likely.
    #[must_use]
    pub fn silent(&self, now: Timestamp) -> bool {
        now >= self.silent_at()
    }

    /// What silence is usual: by everything that the feed has told, and by its words about itself once
    /// the hours of the day are told apart among them.
    fn usual(&self) -> impl Iterator<Item = Usual<'_>> {
        let words = self.words.as_ref();
        let words = words.map(|words| self.usual_of(&words.by_hour, Some(words.first_at)));
        let words = words.filter(|words| matches!(words, Usual::ByHour(_)));
        std::iter::once(self.usual_of(&self.by_hour, self.rhythm_from)).chain(words)
    }

    fn usual_of<'f>(&self, by_hour: &'f [u32], from: Option<Timestamp>) -> Usual<'f> {
        const WEEK: i64 = 168 * HOUR;
        let heard_ms = self.heard_at.since(from.unwrap_or(self.heard_at));
        if heard_ms >= Self::WEEKS_AFTER_MS {
            let heard_milli = heard_ms * 1_000 / WEEK;
            return Usual::ByHour(Rates { by_hour, heard_milli, hours: Rates::WEEK_HOURS });
        }
        if heard_ms >= Self::DAYS_AFTER_MS {
            let heard_milli = heard_ms * 1_000 / DAY;
            return Usual::ByHour(Rates { by_hour, heard_milli, hours: 24 });
        }
        let all: i64 = by_hour.iter().map(|count| i64::from(*count)).sum();
        let usual_ms = Self::EXPECTED_MILLI_MAX * heard_ms.max(HOUR) / (all * 1_000).max(1);
        Usual::Silence(usual_ms.clamp(Self::SILENCE_MIN_MS, Self::SILENCE_MAX_MS))
    }

    /// The first moment from which it counts as silent, if it says nothing more; far in the future
    /// for a feed that hardly ever speaks. Cost: the hours of silence that its rhythm allows, at
    /// most a few weeks of them, once for each word of the feed.
    #[must_use]
    pub fn silent_at(&self) -> Timestamp {
        *self.silence.0.get_or_init(|| self.silent_after_last())
    }

    fn silent_after_last(&self) -> Timestamp {
        let moments = self.usual().map(|usual| match usual {
            Usual::Silence(ms) => self.heard_at.plus(ms + 1),
            Usual::ByHour(rates) => silent_after(rates, self.heard_at),
        });
        moments.min().unwrap_or(Timestamp(i64::MAX))
    }
}

/// The first moment at which more than usual was missed since `heard_at`.
fn silent_after(rates: Rates<'_>, heard_at: Timestamp) -> Timestamp {
    const WEEK: i64 = 168 * HOUR;
    if rates.busy()
        && let Some(at) = silent_in_week(rates, heard_at, 0)
    {
        return at;
    }
    let by_week = rates.in_week();
    if by_week == 0 {
        return Timestamp(i64::MAX);
    }
    // Whole weeks first, as they are counted, then the hours of the week in which it happens.
    let mut weeks = (Feed::EXPECTED_MILLI_MAX / by_week - 1).max(0);
    loop {
        let from = heard_at.plus(weeks * WEEK);
        if let Some(at) = silent_in_week(rates, from, by_week * weeks) {
            return at;
        }
        weeks += 1;
    }
}

/// The first moment in the week from `from` on at which more than usual was missed, if `expected`
/// thousandths were missed before.
fn silent_in_week(rates: Rates<'_>, from: Timestamp, mut expected: i64) -> Option<Timestamp> {
    if expected > Feed::EXPECTED_MILLI_MAX {
        return Some(from);
    }
    let (mut at, end) = (from, from.plus(168 * HOUR));
    while at < end {
        let next = Timestamp((at.0.div_euclid(HOUR) + 1) * HOUR).min(end);
        let rate = rates.in_hour(at.hour_of_week());
        let missed = rate * next.since(at) / HOUR;
        if expected + missed > Feed::EXPECTED_MILLI_MAX {
            let missing = Feed::EXPECTED_MILLI_MAX + 1 - expected;
            return Some(at.plus((missing * HOUR + rate - 1) / rate)).filter(|at| *at < end);
        }
        expected += missed;
        at = next;
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What [`Feed::silent`] says, reckoned from what was missed until then.
    fn missed_too_much(feed: &Feed, now: Timestamp) -> bool {
        feed.usual().any(|usual| match usual {
            Usual::Silence(ms) => now.since(feed.heard_at) > ms,
            Usual::ByHour(rates) => {
                expected_milli(rates, feed.heard_at, now) > Feed::EXPECTED_MILLI_MAX
            }
        })
    }

    /// Thousandths of events that are usual between two moments.
    fn expected_milli(rates: Rates<'_>, from: Timestamp, to: Timestamp) -> i64 {
        const WEEK: i64 = 168 * HOUR;
        let span = to.since(from).max(0);
        let mut expected = if span < WEEK { 0 } else { rates.in_week() * (span / WEEK) };
        let mut at = to.plus(-(span % WEEK));
        while at < to {
            let next = Timestamp((at.0.div_euclid(HOUR) + 1) * HOUR).min(to);
            expected += rates.in_hour(at.hour_of_week()) * next.since(at) / HOUR;
            at = next;
        }
        expected
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        /// A timer set for the moment of silence is neither early nor late.
        #[test]
        fn silence_begins_at_its_moment(
            counts in proptest::collection::vec(0..30_u32, 168),
            share in 0..100_u32,
            weeks in 0..300_i64,
            at in 0..(3 * 168 * HOUR),
            words in proptest::option::of(proptest::collection::vec(0..3_u32, 168)),
            later in proptest::collection::vec(0..(5 * 168 * HOUR), 8),
        ) {
            let sparse = |(hour, count): (u32, u32)| if hour * 37 % 100 < share { count } else { 0 };
            let by_hour: Vec<u32> = (0..).zip(counts).map(sparse).collect();
            let heard_at = Timestamp(weeks * 168 * HOUR + at);
            let feed = Feed {
                heard_at,
                rhythm_from: Some(Timestamp(0)),
                by_hour,
                words: words.map(|by_hour| Words { by_hour, first_at: Timestamp(0) }),
                ..Feed::default()
            };
            let silent_at = feed.silent_at();
            if silent_at < Timestamp(i64::MAX) {
                prop_assert!(missed_too_much(&feed, silent_at));
                prop_assert!(!missed_too_much(&feed, silent_at.plus(-1)));
            }
            for now in later.into_iter().map(|later| heard_at.plus(later)) {
                prop_assert_eq!(feed.silent(now), missed_too_much(&feed, now));
            }
        }
    }

    /// What was reckoned before a word does not outlive it.
    #[test]
    fn a_word_moves_the_moment_of_silence() {
        let mut feed = Feed::default();
        for minute in 1..6 {
            let at = Timestamp(minute * MINUTE);
            let before = feed.silent_at();
            feed.fold(&Event::bare("till", minute.to_string(), Kind::PageViewed, at));
            assert_eq!(feed.silent_at(), feed.silent_after_last());
            assert_ne!(feed.silent_at(), before);
        }
    }

    /// A till that sells once a day and says every hour that it lives is offline when it does not.
    #[test]
    fn a_feed_that_says_that_it_lives_is_silent_when_it_no_longer_does() {
        let heard_at = Timestamp(20 * DAY);
        let sells = Feed {
            heard_at,
            rhythm_from: Some(Timestamp(0)),
            by_hour: (0..168).map(|hour| u32::from(hour % 24 == 12) * 3).collect(),
            ..Feed::default()
        };
        let lives = Feed {
            words: Some(Words { by_hour: vec![3; 168], first_at: Timestamp(0) }),
            ..sells.clone()
        };
        let later = heard_at.plus(6 * HOUR);
        assert!(!sells.silent(later), "six hours without a sale are nothing");
        assert!(lives.silent(later), "six hours without a word are");
        assert!(!lives.silent(heard_at.plus(2 * HOUR)), "two may be chance");
    }
}
