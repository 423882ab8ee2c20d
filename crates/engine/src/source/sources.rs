//! All sources: who tells of what, and which feeds may still bring something.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use minicbor::{Decode, Encode};

use super::{Completeness, Facts, Feed, FeedName, Habit, Rhythm, SourceSettings};
use crate::event::{Channel, Event};
use crate::time::Timestamp;

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

    /// The channels over which a feed tells of touchpoints: that of its source, and those it told of.
    #[must_use]
    pub fn channels_of(&self, feed: &FeedName) -> BTreeSet<Channel> {
        let mut channels = BTreeSet::from([self.settings_of(&feed.source).channel]);
        channels.extend(self.feeds.get(feed).into_iter().flat_map(|feed| &feed.touched));
        channels
    }

    /// Whether any feed of the source has ever spoken.
    fn heard(&self, source: &str) -> bool {
        let first = FeedName { source: source.to_owned(), feed: String::new() };
        self.feeds.range(first..).next().is_some_and(|(name, _)| name.source == source)
    }

    /// Takes in one accepted event. Returns the feed that it is of.
    pub fn fold(&mut self, event: &Event) -> FeedName {
        let name = FeedName { source: event.source.clone(), feed: event.feed.clone() };
        match self.feeds.get_mut(&name) {
            Some(feed) => feed.fold(event),
            None => self.feeds.entry(name.clone()).or_default().fold(event),
        }
        name
    }

    /// The feeds that may still tell of such facts from before `complete_to`, each less its own
    /// lag, seen at `now`, and the next moment after `now` at which time alone may change that: the
    /// moment itself comes, or a feed has been silent for too long. `known_only`: presumption is not
    /// enough.
    #[must_use]
    pub fn missing(
        &self,
        facts: &Facts,
        complete_to: Timestamp,
        now: Timestamp,
        known_only: bool,
    ) -> (Vec<Lacking>, Option<Timestamp>) {
        let (mut tellers, mut lacking) = (Vec::new(), Vec::new());
        let mut changes_at: Option<Timestamp> = None;
        let feeds: Vec<(&FeedName, &Feed)> = self.feeds.iter().collect();
        // Feeds of one source stand together.
        for feeds in feeds.chunk_by(|(one, _), (next, _)| one.source == next.source) {
            let source = feeds[0].0.source.as_str();
            let settings = self.settings_of(source);
            // What we did ourselves is never late.
            if source == crate::work::OWN_SOURCE || !tells(facts, &settings, feeds) {
                continue;
            }
            tellers.push(source);
            for (name, feed) in feeds {
                let habit = settings.habit_of(&name.feed);
                if retired(feed, habit) {
                    continue;
                }
                lacking.extend(lacks(name, feed, habit, (complete_to, now), known_only));
                let turns_at = turns_at(feed, habit, complete_to, now).filter(|_| !known_only);
                changes_at = [changes_at, turns_at].into_iter().flatten().min();
            }
        }
        self.never_heard(facts, &tellers, complete_to, &mut lacking);
        (lacking, changes_at)
    }

    /// Feeds that the shop announced and that have not spoken yet; of a source that surely tells
    /// of orders and has no feeds, the source itself.
    fn never_heard(
        &self,
        facts: &Facts,
        tellers: &[&str],
        complete_to: Timestamp,
        lacking: &mut Vec<Lacking>,
    ) {
        for settings in self.settings.values() {
            let stated = facts.stated(settings);
            let sells = *facts == Facts::Orders && settings.channel == Channel::Store;
            if !stated.unwrap_or(sells || tellers.contains(&settings.name.as_str())) {
                continue;
            }
            let surely = *facts == Facts::Orders && stated == Some(true);
            let whole = settings.feeds.is_empty() && surely && !self.heard(&settings.name);
            let announced = settings.feeds.iter().map(|feed| feed.name.as_str());
            for feed in announced.chain(whole.then_some("")) {
                let name = FeedName { source: settings.name.clone(), feed: feed.to_owned() };
                if !self.feeds.contains_key(&name) {
                    let lag_ms = settings.habit_of(feed).lag_ms;
                    lacking.push(Lacking {
                        feed: name,
                        needed_until: complete_to.plus(-lag_ms),
                        heard_at: None,
                        presumed_at: None,
                    });
                }
            }
        }
    }
}

/// Whether a source can tell of such facts: as the shop states it, else if any of its `feeds` ever did. A
/// till whose first sale is still to come is one of a source whose other tills have sold.
fn tells(facts: &Facts, settings: &SourceSettings, feeds: &[(&FeedName, &Feed)]) -> bool {
    let shown = || feeds.iter().any(|(_, feed)| facts.shown_by(feed));
    facts.stated(settings).unwrap_or_else(shown)
}

/// What a feed lacks, if it may still tell of something from before `complete_to`.
fn lacks(
    name: &FeedName,
    feed: &Feed,
    habit: Habit,
    (complete_to, now): (Timestamp, Timestamp),
    known_only: bool,
) -> Option<Lacking> {
    let until = complete_to.plus(-habit.lag_ms);
    let enough = match feed.completeness(habit, until, now) {
        Completeness::Known => true,
        Completeness::Presumed => !known_only,
        Completeness::Behind => false,
    };
    let presumed = habit.rhythm == Rhythm::Live && !known_only && complete_to > now;
    (!enough).then(|| Lacking {
        feed: name.clone(),
        needed_until: until,
        heard_at: Some(feed.heard_at),
        presumed_at: presumed.then_some(complete_to),
    })
}

/// The next moment after `now` at which the presumption of what [`lacks`] says may change.
fn turns_at(
    feed: &Feed,
    habit: Habit,
    complete_to: Timestamp,
    now: Timestamp,
) -> Option<Timestamp> {
    let until = complete_to.plus(-habit.lag_ms);
    let known = feed.complete_through.is_some_and(|through| through >= until);
    if known || habit.rhythm == Rhythm::Batch || feed.heard_at >= complete_to {
        return None;
    }
    let silent_at = feed.silent_at();
    if now < complete_to {
        return (complete_to < silent_at).then_some(complete_to);
    }
    (now < silent_at).then_some(silent_at)
}

/// Whether a feed only ever brought history: it says nothing of what happens today.
fn retired(feed: &Feed, habit: Habit) -> bool {
    !feed.live && feed.complete_through.is_none() && habit.rhythm == Rhythm::Live
}
