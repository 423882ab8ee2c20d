//! What one evaluation works with: the person as seen in one possible world, and the feeds.

use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

use jiff::civil::Date;

use super::aggregate::Aggregate;
use super::ask::{Asked, Manner};
use super::ast::Condition;
use super::beside::Judge;
use super::evaluate::Weighed;
use super::filter::Filter;
use super::memo::Memo;
use super::moment::{ALWAYS, Clocks};
use super::timeline::{BOUNDLESS, Occurrence};
use crate::event::{Kind, Line};
use crate::profile::{Kept, OpenLine, Profile};
use crate::source::{Facts, Lacking, Rhythm};
use crate::time::Timestamp;

/// The person as one possible world has it: alone, or together with a possible twin.
#[derive(Debug)]
pub(super) struct World<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) profile: &'a Profile,
    /// Inside a journey; a segment has no entry, whoever asks for it.
    pub(super) entry: Option<(Timestamp, &'a [Line])>,
    pub(super) feeds: &'a Feeds<'a>,
    /// How many segments within segments this is.
    pub(super) nested: usize,
    derived: Rc<Derived<'a>>,
}

/// What is derived of the person once, for all that is asked in this world.
#[derive(Debug)]
struct Derived<'a> {
    cart: OnceCell<Vec<OpenLine<'a>>>,
    orders: OnceCell<Vec<Timestamp>>,
    judge: OnceCell<Option<Box<dyn Judge + 'a>>>,
    clocks: Clocks<'a>,
    /// What conditions of segments came to that others name.
    segments: RefCell<Vec<(*const Condition, Weighed)>>,
    /// Aggregates that were looked up, since many conditions ask for the same.
    kept: RefCell<Vec<LookedUp<'a>>>,
}

/// What the profile keeps of the events of a kind that pass a filter, with the values of a field.
#[derive(Debug)]
struct LookedUp<'a> {
    kind: Kind,
    filter: Filter,
    field: Option<String>,
    kept: Option<&'a Kept>,
}

impl<'a> World<'a> {
    pub(super) fn new(asked: &'a Asked<'a>, profile: &'a Profile, feeds: &'a Feeds<'a>) -> Self {
        let derived = Derived {
            cart: OnceCell::new(),
            orders: OnceCell::new(),
            judge: OnceCell::new(),
            clocks: Clocks::of(asked.zone),
            segments: RefCell::default(),
            kept: RefCell::default(),
        };
        Self { asked, profile, entry: asked.entry, feeds, nested: 0, derived: Rc::new(derived) }
    }

    /// The same world as a segment sees it.
    pub(super) fn segment(&self) -> Self {
        Self {
            asked: self.asked,
            profile: self.profile,
            entry: None,
            feeds: self.feeds,
            nested: self.nested + 1,
            derived: Rc::clone(&self.derived),
        }
    }

    /// Whether the condition of a segment holds, which several conditions may name.
    pub(super) fn weigh_segment(&self, condition: &'a Condition) -> Weighed {
        let place = std::ptr::from_ref(condition);
        let held = self.derived.segments.borrow().iter().find(|(held, _)| *held == place).copied();
        if let Some((_, weighed)) = held {
            return weighed;
        }
        let weighed = self.segment().weigh(condition);
        self.derived.segments.borrow_mut().push((place, weighed));
        weighed
    }

    /// What a standing aggregate keeps of the person; `None`: it is still to be computed.
    pub(super) fn kept(
        &self,
        kind: &Kind,
        filter: &Filter,
        field: Option<&str>,
    ) -> Option<&'a Kept> {
        let mut held = self.derived.kept.borrow_mut();
        let same = |one: &&LookedUp<'a>| {
            one.kind == *kind && one.filter == *filter && one.field.as_deref() == field
        };
        if let Some(found) = held.iter().find(same) {
            return found.kept;
        }
        let key = Aggregate::new(kind, filter, field).key();
        let kept = self.profile.standing.by_key.get(&key);
        let (kind, filter, field) = (kind.clone(), filter.clone(), field.map(str::to_owned));
        held.push(LookedUp { kind, filter, field, kept });
        kept
    }

    pub(super) fn now(&self) -> Timestamp {
        self.asked.now
    }

    /// Whether maybes count as such.
    pub(super) fn certain(&self) -> bool {
        self.asked.manner == Manner::ForCertain
    }

    /// The clocks of the person's zone.
    pub(super) fn clocks(&self) -> &Clocks<'a> {
        &self.derived.clocks
    }

    /// Whoever knows the person's scores and stage, if anybody does.
    pub(super) fn judge(&self) -> Option<&dyn Judge> {
        let judge = || self.asked.beside.judge(self.profile, self.now());
        self.derived.judge.get_or_init(judge).as_deref()
    }

    /// The day it is for the person.
    pub(super) fn today(&self) -> Date {
        self.now().in_zone(self.asked.zone).date()
    }

    /// The moments of the orders that were kept, ascending.
    pub(super) fn orders(&self) -> &[Timestamp] {
        self.derived.orders.get_or_init(|| {
            let kept = self.profile.orders.by_key.values().filter(|order| order.kept());
            let mut moments: Vec<Timestamp> =
                kept.filter_map(|order| order.occurred()).map(|occurred| occurred.at).collect();
            moments.sort_unstable();
            moments
        })
    }

    /// What is in the carts at this moment.
    pub(super) fn cart(&self) -> &[OpenLine<'a>] {
        self.derived.cart.get_or_init(|| {
            let Profile { cart, orders, .. } = self.profile;
            cart.lines(orders, self.asked.catalogue, self.now())
        })
    }
}

/// A feed that may still bring something.
#[derive(Clone, Debug)]
pub(super) struct Silence {
    pub(super) lacking: Lacking,
    /// The moment up to which it has told enough.
    pub(super) from: Timestamp,
}

impl Silence {
    /// What the feed may still bring: anything, after the moment up to which it has told enough.
    pub(super) fn may_bring(&self) -> Occurrence {
        let latest = self.lacking.needed_until;
        let earliest = self.from.plus(1).min(latest);
        Occurrence { earliest, stated: ALWAYS, latest, sure: false, low: 0, high: BOUNDLESS }
    }
}

/// What is still missing of some facts.
#[derive(Debug)]
pub(super) struct Missing {
    /// The feeds that may still tell of them from before the moment that must be complete.
    pub(super) lacking: Vec<Silence>,
    /// The next moment at which time alone may change which feeds these are.
    pub(super) changes_at: Option<Timestamp>,
}

/// The feeds, looked at only where an answer depends on them.
#[derive(Debug)]
pub(super) struct Feeds<'a> {
    asked: &'a Asked<'a>,
    /// As if all of them had told everything for ever.
    complete: bool,
    looked_at: RefCell<Vec<(Facts, Rc<Missing>)>>,
}

impl<'a> Feeds<'a> {
    pub(super) fn new(asked: &'a Asked<'a>) -> Self {
        Self { asked, complete: false, looked_at: RefCell::default() }
    }

    /// The feeds as if all of them had told everything for ever.
    pub(super) fn complete(asked: &'a Asked<'a>) -> Self {
        Self { asked, complete: true, looked_at: RefCell::default() }
    }

    /// What is still missing of such facts.
    pub(super) fn missing(&self, facts: &Facts) -> Rc<Missing> {
        if let Some((_, missing)) = self.looked_at.borrow().iter().find(|(held, _)| held == facts) {
            return Rc::clone(missing);
        }
        let missing = if self.complete {
            Rc::new(Missing { lacking: Vec::new(), changes_at: None })
        } else {
            Memo::missing(self.asked, facts, || self.look(facts))
        };
        self.looked_at.borrow_mut().push((facts.clone(), Rc::clone(&missing)));
        missing
    }

    fn look(&self, facts: &Facts) -> Missing {
        let Asked { sources, complete_to, now, known_complete, .. } = *self.asked;
        let (lacking, changes_at) = sources.missing(facts, complete_to, now, known_complete);
        let lacking = lacking.into_iter().map(|lacking| self.silence(lacking)).collect();
        Missing { lacking, changes_at }
    }

    fn silence(&self, lacking: Lacking) -> Silence {
        let Asked { sources, known_complete, .. } = *self.asked;
        let Some(feed) = sources.feeds.get(&lacking.feed) else {
            return Silence { lacking, from: ALWAYS };
        };
        let mut from = feed.complete_through.unwrap_or(ALWAYS);
        let habit = sources.settings_of(&lacking.feed.source).habit_of(&lacking.feed.feed);
        if habit.rhythm == Rhythm::Live && !known_complete {
            from = from.max(feed.heard_at.plus(-habit.lag_ms));
        }
        Silence { lacking, from }
    }
}
