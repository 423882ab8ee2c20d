//! The one evaluator: weighs every statement to a truth and the next moment at which time alone
//! can change it, in every world that may be so.
//!
//! **Invariant:** between the moment of asking and `next`, asking again about the same person and
//! feeds gives the same truth.

use std::borrow::Cow;
use std::rc::Rc;

use super::ask::{Answer, Asked, Manner};
use super::ast::{
    Age, CartTest, Comparison, Condition, Deed, End, Limit, Scope, TicketTurn, Window,
};
use super::explain::{self, Notes};
use super::filter::Filter;
use super::happening::{cart_events, events, tickets, touches};
use super::memo::{Joined, Memo};
use super::moment::{clock, earlier};
use super::person::MayWrite;
use super::purchase::{Doubt, Purchase, Wanted, deeds, orders, spent};
use super::timeline::{BOUNDLESS, Laid, Occurrence, Timeline};
use super::world::{Feeds, World};
use super::{calendar, cart, judged, mark, person, summed};
use crate::event::{Channel, Currency, Kind};
use crate::reason::{Aside, Fact, Reason, ReasonCode};
use crate::source::{Facts, Lacking};
use crate::time::Timestamp;
use crate::truth::Truth;

/// Whether something holds, and until when that stays so without news.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weighed {
    /// Whether it holds.
    pub truth: Truth,
    /// The next moment at which time alone can change it; `None`: never.
    pub next: Option<Timestamp>,
}

impl Weighed {
    /// What never changes by itself.
    pub(super) fn lasting(truth: Truth) -> Self {
        Self { truth, next: None }
    }
}

impl std::ops::Not for Weighed {
    type Output = Self;

    fn not(self) -> Self {
        Self { truth: !self.truth, ..self }
    }
}

/// The most segments within segments. What is checked stays below, so this only bounds a fault.
pub(crate) const NESTED_MAX: usize = 32;

/// The first of some conditions that surely holds. Cheap where none does: what feeds may still
/// bring can only make a condition that holds unknown, so they are looked at last.
#[must_use]
pub fn first_sure<'c>(conditions: &'c [Condition], asked: &Asked<'_>) -> Option<&'c Condition> {
    let complete = Feeds::complete(asked);
    let alone = World::new(asked, asked.profile, &complete);
    conditions.iter().find(|condition| {
        alone.weigh(condition).truth.holds() && weigh(condition, asked).truth.holds()
    })
}

/// The next moment at which time alone can change whether one of some conditions holds.
#[must_use]
pub fn next_turn(conditions: &[Condition], asked: &Asked<'_>) -> Option<Timestamp> {
    let joined = joined(asked);
    let feeds = Feeds::new(asked);
    let own = World::new(asked, asked.profile, &feeds);
    let worlds = joined.iter().map(|(_, profile)| World::new(asked, profile, &feeds));
    let worlds: Vec<World<'_>> = std::iter::once(own).chain(worlds).collect();
    let all = conditions.iter().flat_map(|condition| worlds.iter().map(|w| w.weigh(condition)));
    all.filter_map(|weighed| weighed.next).min()
}

/// Whether a condition holds, without what makes it so: for the many events that change nothing.
#[must_use]
pub fn weigh(condition: &Condition, asked: &Asked<'_>) -> Weighed {
    let feeds = Feeds::new(asked);
    let own = World::new(asked, asked.profile, &feeds).weigh(condition);
    let worlds = joined(asked);
    let all = worlds.iter().map(|(_, profile)| World::new(asked, profile, &feeds).weigh(condition));
    collapsed(asked, all.fold(own, together))
}

/// Whether a condition holds, and why.
///
/// For certain, it is asked of the person alone and of the person together with each possible
/// twin, and with all of them: where these worlds do not agree, the answer is unknown.
#[must_use]
pub fn evaluate(condition: &Condition, asked: &Asked<'_>) -> Answer {
    let feeds = Feeds::new(asked);
    let world = World::new(asked, asked.profile, &feeds);
    let own = world.weigh(condition);
    let mut notes = Notes::new();
    explain::explain(&world, condition, own.truth, &mut notes);
    let mut all = own;
    let mut twins: Vec<Reason> = Vec::new();
    let worlds = joined(asked);
    for (number, profile) in worlds.iter() {
        let world = World::new(asked, profile, &feeds);
        let there = world.weigh(condition);
        all = together(all, there);
        if there.truth == own.truth {
            continue;
        }
        let turned = there.truth;
        match number {
            Some(number) => {
                twins.push(because_of_twin(&world, condition, turned, *number, &notes));
            }
            // All of them together: each is named with its own part where none alone turns it.
            None if twins.is_empty() => {
                for (number, (_, profile)) in worlds.iter().enumerate().take(asked.twins.len()) {
                    let world = World::new(asked, profile, &feeds);
                    twins.push(because_of_twin(&world, condition, own.truth, number, &notes));
                }
            }
            None => {}
        }
    }
    let known = collapsed(asked, all);
    let mut answer = notes.into_answer(known, all.truth);
    if all.truth == Truth::Unknown {
        answer.unknown_because.extend(twins);
    }
    answer
}

/// The person together with each possible twin, and with all; the number says with which.
fn joined(asked: &Asked<'_>) -> Rc<Joined> {
    if asked.manner == Manner::AsKnown || asked.twins.is_empty() {
        return Rc::default();
    }
    Memo::joined(asked, || join(asked))
}

fn join(asked: &Asked<'_>) -> Joined {
    let with = |numbers: std::ops::Range<usize>| {
        let mut profile = asked.profile.clone();
        for twin in &asked.twins[numbers] {
            profile.merge(twin.profile.clone());
        }
        profile
    };
    let count = asked.twins.len();
    let mut worlds: Joined = (0..count).map(|n| (Some(n), with(n..n + 1))).collect();
    if count > 1 {
        worlds.push((None, with(0..count)));
    }
    worlds
}

fn because_of_twin(
    world: &World<'_>,
    condition: &Condition,
    truth: Truth,
    number: usize,
    own: &Notes,
) -> Reason {
    let mut notes = Notes::new();
    explain::explain(world, condition, truth, &mut notes);
    let twin = &world.asked.twins[number];
    let mut facts = vec![Fact::new(twin.because.told(twin.likely_percent), None)];
    facts.extend(notes.news(own).into_iter().map(|fact| match fact.at {
        Some(at) => fact.beside(Aside::At { clock: clock(at, world.now(), world.asked.zone) }),
        None => fact,
    }));
    Reason { code: ReasonCode::TwinMaybe, facts, person: Some(twin.person) }
}

/// What holds in both worlds.
fn together(left: Weighed, right: Weighed) -> Weighed {
    let truth = if left.truth == right.truth { left.truth } else { Truth::Unknown };
    Weighed { truth, next: earlier(left.next, right.next) }
}

/// As known, what is still being computed does not hold.
fn collapsed(asked: &Asked<'_>, weighed: Weighed) -> Weighed {
    match (asked.manner, weighed.truth) {
        (Manner::AsKnown, Truth::Unknown) => Weighed { truth: Truth::False, ..weighed },
        (Manner::AsKnown | Manner::ForCertain, _) => weighed,
    }
}

/// A sum that is compared with a bound.
#[derive(Clone, Debug)]
pub(super) struct Count<'c> {
    pub(super) what: What<'c>,
    pub(super) window: Cow<'c, Window>,
    pub(super) comparison: Comparison,
    pub(super) bound: i128,
}

/// What is summed up.
#[derive(Clone, Copy, Debug)]
pub(super) enum What<'c> {
    /// Purchases or returns of a thing.
    Deeds(Deed, Wanted<'c>, Option<Channel>),
    /// Orders that were kept.
    Orders(&'c Filter, Option<Channel>),
    /// Money.
    Spent(&'c Filter, Option<Channel>, Currency),
    /// Events of a kind.
    Events(&'c Kind, &'c Filter),
    /// Touchpoints over a channel.
    Touches(Channel),
    /// Questions to the service desk.
    Tickets(TicketTurn),
    /// Whatever happened to the cart.
    CartEvents,
}

/// What a feed that is behind could still bring.
#[derive(Clone, Copy, Debug)]
pub(super) struct Late {
    pub(super) raises: bool,
    pub(super) lowers: bool,
}

impl Count<'_> {
    /// What a feed that is behind could still bring, as far as the window lets it matter.
    pub(super) fn late(&self) -> Late {
        let mut late = self.what.late();
        // A later order pushes an earlier one out of the latest.
        late.lowers |= matches!(*self.window, Window::Latest(_));
        // A question that was asked or closed again counts when that was, and no more before.
        let ends = match &*self.window {
            Window::Before(_) | Window::Until(_) | Window::Between(_) | Window::BeforeMark(_) => {
                true
            }
            Window::AfterMark(mark) => mark.within.is_some(),
            Window::Ever
            | Window::SinceEntry
            | Window::Last(_)
            | Window::Since(_)
            | Window::Latest(_) => false,
        };
        late.lowers |= ends && matches!(self.what, What::Tickets(_));
        late
    }
}

impl What<'_> {
    pub(super) fn late(&self) -> Late {
        let (raises, lowers) = match self {
            Self::Deeds(Deed::Bought | Deed::Returned, ..) => (true, false),
            // A return or a cancellation may still come.
            Self::Deeds(Deed::Kept, ..) | Self::Orders(..) | Self::Spent(..) => (true, true),
            Self::Events(..) | Self::Touches(_) | Self::Tickets(_) | Self::CartEvents => {
                (true, false)
            }
        };
        Late { raises, lowers }
    }

    /// The facts that it is made of: any feed that can tell of them can change it.
    pub(super) fn facts(&self) -> Facts {
        match self {
            Self::Deeds(..) | Self::Orders(..) | Self::Spent(..) => Facts::Orders,
            Self::Events(kind, _) => Facts::of_kind(kind),
            Self::Touches(channel) => Facts::Touches(*channel),
            Self::Tickets(_) => Facts::Tickets,
            Self::CartEvents => Facts::Carts,
        }
    }
}

/// One thing that is counted, with where it comes from.
#[derive(Clone, Copy, Debug)]
pub(super) enum Counted<'a> {
    /// An order or a return.
    Purchase(Purchase<'a>),
    /// An event, or several that are not kept one by one.
    Happening(Option<Doubt>),
}

impl Counted<'_> {
    pub(super) fn doubt(&self) -> Option<Doubt> {
        match self {
            Self::Purchase(purchase) => purchase.doubt,
            Self::Happening(doubt) => *doubt,
        }
    }
}

impl<'a> World<'a> {
    /// Whether a condition holds in this world.
    pub(super) fn weigh(&self, condition: &Condition) -> Weighed {
        match condition {
            Condition::Always => Weighed::lasting(Truth::True),
            Condition::Never => Weighed::lasting(Truth::False),
            Condition::Not(part) => !self.weigh(part),
            Condition::All(parts) => self.all(parts.iter().map(|part| self.weigh(part))),
            Condition::Any(parts) => !self.all(parts.iter().map(|part| !self.weigh(part))),
            Condition::Segment(name) => match self.asked.segments.get(name) {
                Some(inner) if self.nested < NESTED_MAX => self.weigh_segment(inner),
                Some(_) | None => Weighed::lasting(Truth::Unknown),
            },
            Condition::BoughtOfCart(share) => cart::weigh_bought(self, *share),
            Condition::Cart(test) if !matches!(test, CartTest::Idle(_)) => cart::weigh(self, test),
            Condition::OrderAge { end, channel, filter, age } => {
                self.age(What::Orders(filter, *channel), *end, *age)
            }
            Condition::EventAge { end, kind, filter, age } => {
                self.age(What::Events(kind, filter), *end, *age)
            }
            Condition::Figure { figure, test } => {
                summed::weigh(self, figure, summed::Asks::Figure(test))
            }
            Condition::Trait { test, computed: Some(computed), .. } => {
                summed::weigh(self, &computed.figure, summed::Asks::Trait(computed, test))
            }
            Condition::Trait { name, test, computed: None } => {
                let stated = person::stated(self, name);
                let holds = stated.is_some_and(|(_, value)| person::test(value, test));
                Weighed::lasting(holds.into())
            }
            Condition::Consent { channel, purpose } => {
                let said = person::consent(self, *channel, *purpose);
                Weighed::lasting(matches!(said, person::Consenting::Yes(_)).into())
            }
            Condition::Reachable(channel) => {
                Weighed::lasting(person::reachable(self, *channel).0.into())
            }
            Condition::MayWrite { channel, purpose } => {
                let allowed = person::may_write(self, *channel, *purpose);
                Weighed::lasting(matches!(allowed, MayWrite::Yes(_)).into())
            }
            Condition::TicketOpen => person::weigh_ticket(self, None),
            Condition::TicketWaits(length) => person::weigh_ticket(self, Some(*length)),
            Condition::FirstSeen(channel) => self.first_seen(*channel),
            Condition::Anniversary { .. } | Condition::Weekday(_) | Condition::Hour(_) => {
                calendar::weigh(self, condition)
            }
            Condition::Score { .. } | Condition::Stage(_) | Condition::InList(_) => {
                judged::weigh(self, condition)
            }
            Condition::Done { .. }
            | Condition::Orders { .. }
            | Condition::Spent { .. }
            | Condition::Event { .. }
            | Condition::Touched { .. }
            | Condition::Tickets { .. }
            | Condition::Cart(_) => match count_of(condition) {
                Some(count) => self.count(&count),
                None => Weighed::lasting(Truth::Unknown),
            },
        }
    }

    /// False stays false as long as one part does: until the last of those that are false turns.
    fn all(&self, parts: impl Iterator<Item = Weighed>) -> Weighed {
        let mut truth = Truth::True;
        let mut soonest = None;
        // Of the false parts, the one that stays so longest; the inner `None` is for ever.
        let mut longest: Option<Option<Timestamp>> = None;
        for part in parts {
            if part == Weighed::lasting(Truth::False) {
                // Whatever the others say and whenever they turn, it stays false.
                return part;
            }
            truth = truth.and(part.truth);
            soonest = earlier(soonest, part.next);
            if part.truth == Truth::False {
                longest = Some(match (longest, part.next) {
                    (None, next) => next,
                    (Some(Some(held)), Some(next)) => Some(held.max(next)),
                    (Some(None), _) | (Some(_), None) => None,
                });
            }
        }
        Weighed { truth, next: longest.unwrap_or(soonest) }
    }

    fn first_seen(&self, channel: Channel) -> Weighed {
        let first = self.profile.path.first.as_ref();
        let closed = Truth::from(first.is_some_and(|touch| touch.channel == channel));
        if !self.certain() {
            return Weighed::lasting(closed);
        }
        let open = !self.earlier_touches(channel).is_empty();
        let truth = if open { Truth::Unknown } else { closed };
        Weighed { truth, next: self.feeds.missing(&Facts::AnyTouches).changes_at }
    }

    /// The feeds that may still tell of a touchpoint before the first one that is known, where
    /// that would change through which channel the person was first seen.
    pub(super) fn earlier_touches(&self, channel: Channel) -> Vec<Lacking> {
        if !self.certain() {
            return Vec::new();
        }
        let first = self.profile.path.first.as_ref();
        let holds = first.is_some_and(|touch| touch.channel == channel);
        let missing = self.feeds.missing(&Facts::AnyTouches);
        let turns = missing.lacking.iter().filter(|silence| {
            let over = self.asked.sources.channels_of(&silence.lacking.feed);
            first.is_none_or(|touch| touch.stamp.at > silence.from)
                && if holds { over.iter().any(|c| *c != channel) } else { over.contains(&channel) }
        });
        turns.map(|silence| silence.lacking.clone()).collect()
    }

    /// How long ago the first or last of several is, as counts in windows.
    fn age(&self, what: What<'_>, end: End, age: Age) -> Weighed {
        let at_least_one = |window| {
            let window = Cow::Owned(window);
            self.count(&Count { what, window, comparison: Comparison::AtLeast, bound: 1 })
        };
        let but_none =
            |window| self.all([at_least_one(Window::Ever), !at_least_one(window)].into_iter());
        match (end, age) {
            (End::Last, Age::LessThan(length)) => at_least_one(Window::Last(length)),
            (End::Last, Age::MoreThan(length)) => but_none(Window::Last(length)),
            (End::First, Age::MoreThan(length)) => at_least_one(Window::Before(length)),
            (End::First, Age::LessThan(length)) => but_none(Window::Before(length)),
        }
    }

    /// Compares a sum with its bound.
    pub(super) fn count(&self, count: &Count<'_>) -> Weighed {
        if *count.window == Window::SinceEntry && self.entry.is_none() {
            return Weighed::lasting(Truth::Unknown);
        }
        let laid = self.laid(&count.window);
        let turns_at = laid.mark.as_ref().and_then(|mark| mark.turns_at);
        let mut timeline = Timeline::new();
        self.visit(count.what, |occurrence, _| timeline.add(&occurrence, &laid));
        let overflow = self.overflow(count.what);
        timeline.high += overflow;
        let late = count.late();
        let test = |low: i128, high: i128| count.comparison.test(low, high, count.bound);
        let wide = |low: i128, high: i128| {
            let low = if late.lowers { low.min(0) } else { low };
            test(low, if late.raises { BOUNDLESS } else { high })
        };
        let closed = test(timeline.low, timeline.high);
        let widest = wide(timeline.low, timeline.high);
        if !self.certain() {
            let next = timeline.first(|l, h| test(l, h) != closed);
            return Weighed { truth: closed, next: earlier(next, turns_at) };
        }
        if closed == widest || !self.feeds_matter(&laid, late) {
            let next = timeline.first(|l, h| test(l, h) != closed || wide(l, h) != widest);
            return Weighed { truth: closed, next: earlier(next, turns_at) };
        }
        let missing = self.feeds.missing(&count.what.facts());
        let lowered = late.lowers && !missing.lacking.is_empty();
        for silence in missing.lacking.iter().filter(|_| late.raises) {
            timeline.add(&silence.may_bring(), &laid);
        }
        // A late return lets an earlier order into the latest again.
        if lowered && matches!(*count.window, Window::Latest(_)) {
            timeline.high += BOUNDLESS;
        }
        let test = |low: i128, high: i128| test(if lowered { low.min(0) } else { low }, high);
        let truth = test(timeline.low, timeline.high);
        let next = timeline.first(|l, h| test(l, h) != truth);
        Weighed { truth, next: earlier(earlier(next, turns_at), missing.changes_at) }
    }

    /// How a window is laid at this moment.
    pub(super) fn laid<'w>(&'w self, window: &'w Window) -> Laid<'w> {
        let entry = self.entry.map(|(at, _)| at);
        let orders = if matches!(window, Window::Latest(_)) { self.orders() } else { &[] };
        let mark = mark::marked(self, window).map(Rc::new);
        Laid { window, entry, clocks: self.clocks(), orders, mark, now: self.now() }
    }

    /// Whether what feeds must have told can lie in the window, now or later.
    fn feeds_matter(&self, laid: &Laid<'_>, late: Late) -> bool {
        let complete_to = self.asked.complete_to;
        late.lowers
            || match laid.window {
                Window::Ever
                | Window::Before(_)
                | Window::Since(_)
                | Window::Until(_)
                | Window::Between(_)
                | Window::Latest(_)
                | Window::BeforeMark(_)
                | Window::AfterMark(_) => true,
                Window::SinceEntry => laid.entry.is_some_and(|entry| complete_to > entry),
                Window::Last(length) => laid.clocks.after(complete_to, *length) > laid.now,
            }
    }

    /// How much more there may be where a person has more orders than are kept.
    pub(super) fn overflow(&self, what: What<'_>) -> i128 {
        let orders = matches!(what, What::Deeds(..) | What::Orders(..) | What::Spent(..));
        if orders && self.profile.orders.overflowed { BOUNDLESS } else { 0 }
    }

    /// Everything that is counted, as it is asked for: as known, what is doubtful is left out and
    /// what is roughly dated happened when it is said to have.
    pub(super) fn visit(&self, what: What<'_>, mut take: impl FnMut(Occurrence, Counted<'a>)) {
        let certain = self.certain();
        let mut give = |mut occurrence: Occurrence, counted: Counted<'a>| {
            let computing = counted.doubt() == Some(Doubt::Computing);
            if !certain && !computing {
                if counted.doubt().is_some() {
                    return;
                }
                occurrence.earliest = occurrence.stated;
                occurrence.latest = occurrence.stated;
            }
            take(occurrence, counted);
        };
        let purchase = |purchase: Purchase<'a>| (purchase.occurrence, Counted::Purchase(purchase));
        match what {
            What::Deeds(deed, wanted, channel) => deeds(self, deed, wanted, channel, |p| {
                let (occurrence, counted) = purchase(p);
                give(occurrence, counted);
            }),
            What::Orders(filter, channel) => orders(self, filter, channel, |p| {
                let (occurrence, counted) = purchase(p);
                give(occurrence, counted);
            }),
            What::Spent(filter, channel, currency) => spent(self, filter, channel, currency, |p| {
                let (occurrence, counted) = purchase(p);
                give(occurrence, counted);
            }),
            What::Events(kind, filter) => {
                events(self, kind, filter, |h| give(h.occurrence, Counted::Happening(h.doubt)));
            }
            What::Touches(channel) => {
                touches(self, channel, |h| give(h.occurrence, Counted::Happening(h.doubt)));
            }
            What::Tickets(turn) => {
                tickets(self, turn, |h| give(h.occurrence, Counted::Happening(h.doubt)));
            }
            What::CartEvents => {
                cart_events(self, |h| give(h.occurrence, Counted::Happening(h.doubt)));
            }
        }
    }
}

/// The sum that a statement compares; `None` for statements that sum nothing up.
pub(super) fn count_of(condition: &Condition) -> Option<Count<'_>> {
    let one = (Comparison::AtLeast, 1);
    let counted = |limit: &Limit<u64>| (limit.comparison, i128::from(limit.value));
    let (what, window, (comparison, bound)) = match condition {
        Condition::Done { deed, thing, filter, scope: Scope { channel, window } } => {
            (What::Deeds(*deed, Wanted { thing, filter }, *channel), Cow::Borrowed(window), one)
        }
        Condition::Orders { limit, filter, scope: Scope { channel, window } } => {
            (What::Orders(filter, *channel), Cow::Borrowed(window), counted(limit))
        }
        Condition::Spent { limit, filter, scope: Scope { channel, window } } => {
            let what = What::Spent(filter, *channel, limit.value.currency);
            (what, Cow::Borrowed(window), (limit.comparison, i128::from(limit.value.minor)))
        }
        Condition::Event { kind, limit, filter, window } => {
            (What::Events(kind, filter), Cow::Borrowed(window), counted(limit))
        }
        Condition::Touched { channel, window } => {
            (What::Touches(*channel), Cow::Borrowed(window), one)
        }
        Condition::Tickets { turn, limit, window } => {
            (What::Tickets(*turn), Cow::Borrowed(window), counted(limit))
        }
        Condition::Cart(CartTest::Idle(length)) => {
            (What::CartEvents, Cow::Owned(Window::Last(*length)), (Comparison::AtMost, 0))
        }
        Condition::Always
        | Condition::Never
        | Condition::Not(_)
        | Condition::All(_)
        | Condition::Any(_)
        | Condition::Cart(_)
        | Condition::BoughtOfCart(_)
        | Condition::OrderAge { .. }
        | Condition::EventAge { .. }
        | Condition::Figure { .. }
        | Condition::Trait { .. }
        | Condition::Consent { .. }
        | Condition::Reachable(_)
        | Condition::MayWrite { .. }
        | Condition::TicketOpen
        | Condition::TicketWaits(_)
        | Condition::FirstSeen(_)
        | Condition::Anniversary { .. }
        | Condition::Weekday(_)
        | Condition::Hour(_)
        | Condition::Score { .. }
        | Condition::Stage(_)
        | Condition::InList(_)
        | Condition::Segment(_) => return None,
    };
    Some(Count { what, window, comparison, bound })
}
