//! What makes an answer so: the facts of the parts that matter, and a reason for every cause of
//! not knowing.

use std::borrow::Cow;

use super::ask::Answer;
use super::ast::{
    Age, CartTest, Comparison, Condition, Deed, End, Length, Share, Thing, TicketTurn, TraitTest,
    Window,
};
use super::computed::ComputedTrait;
use super::evaluate::{Count, Counted, NESTED_MAX, Weighed, What, count_of};
use super::figure::Outcome;
use super::person::{Consenting, MayWrite};
use super::purchase::{Doubt, Wanted, doubt_about};
use super::world::World;
use super::{calendar, cart, judged, mark, person, summed, words};
use crate::event::Money;
use crate::profile::OpenLine;
use crate::reason::{Aside, Fact, Goods, Reason, ReasonCode, Told};
use crate::source::Lacking;
use crate::time::Timestamp;
use crate::truth::Truth;

/// The most facts of one answer: more than a person reads.
const FACTS_MAX: usize = 24;
/// The most facts of one statement: the latest.
const STATEMENT_FACTS_MAX: usize = 3;

/// Facts and reasons while they are gathered.
#[derive(Debug)]
pub(super) struct Notes {
    facts: Vec<Fact>,
    reasons: Vec<Reason>,
    waits_for: Vec<Lacking>,
}

impl Notes {
    pub(super) fn new() -> Self {
        Self { facts: Vec::new(), reasons: Vec::new(), waits_for: Vec::new() }
    }

    fn fact(&mut self, fact: Fact) {
        if self.facts.len() < FACTS_MAX && !self.facts.contains(&fact) {
            self.facts.push(fact);
        }
    }

    pub(super) fn say(&mut self, told: Told, at: Option<Timestamp>) {
        self.fact(Fact::new(told, at));
    }

    pub(super) fn because(&mut self, code: ReasonCode, fact: Fact) {
        match self.reasons.iter_mut().find(|reason| reason.code == code) {
            Some(reason) if reason.facts.contains(&fact) || reason.facts.len() >= FACTS_MAX => {}
            Some(reason) => reason.facts.push(fact),
            None => self.reasons.push(Reason::with(code, vec![fact])),
        }
    }

    /// Facts and causes that another explanation does not have.
    pub(super) fn news(self, other: &Self) -> Vec<Fact> {
        let causes = self.reasons.into_iter().flat_map(|reason| reason.facts);
        let said = |fact: &Fact| {
            other.facts.contains(fact) || other.reasons.iter().any(|r| r.facts.contains(fact))
        };
        self.facts.into_iter().chain(causes).filter(|fact| !said(fact)).collect()
    }

    /// The answer; `open` is the truth before what is being computed was counted as not so.
    pub(super) fn into_answer(mut self, known: Weighed, open: Truth) -> Answer {
        if known.truth != open {
            for reason in std::mem::take(&mut self.reasons) {
                for fact in reason.facts {
                    self.fact(fact.beside(Aside::NotCounted));
                }
            }
        }
        if known.truth != Truth::Unknown {
            self.reasons.clear();
            self.waits_for.clear();
        }
        self.reasons.sort_by_key(|reason| reason.code);
        self.waits_for.sort();
        Answer {
            truth: known.truth,
            facts: self.facts,
            unknown_because: self.reasons,
            waits_for: self.waits_for,
            next: known.next,
        }
    }
}

/// Notes what makes `condition` have this truth in this world.
pub(super) fn explain(world: &World<'_>, condition: &Condition, truth: Truth, notes: &mut Notes) {
    match condition {
        Condition::Always | Condition::Never => {}
        Condition::Not(part) => explain(world, part, !truth, notes),
        Condition::All(parts) => parts_that_matter(world, parts, truth, Truth::True, notes),
        Condition::Any(parts) => parts_that_matter(world, parts, truth, Truth::False, notes),
        Condition::Segment(name) => match world.asked.segments.get(name) {
            Some(inner) => {
                let segment = name.clone();
                match truth {
                    Truth::True => notes.say(Told::SegmentIn { segment }, None),
                    Truth::False => notes.say(Told::SegmentNotIn { segment }, None),
                    Truth::Unknown => {}
                }
                if world.nested < NESTED_MAX {
                    return explain(&world.segment(), inner, truth, notes);
                }
                let circle = Told::SegmentCircle { segment: name.clone() };
                notes.because(ReasonCode::ConditionUnknown, Fact::new(circle, None));
            }
            None => {
                let missing = Told::SegmentMissing { segment: name.clone() };
                notes.because(ReasonCode::ConditionUnknown, Fact::new(missing, None));
            }
        },
        Condition::BoughtOfCart(share) => bought_of_cart(world, *share, truth, notes),
        Condition::Cart(test) if !matches!(test, CartTest::Idle(_)) => {
            cart_test(world, test, truth, notes);
        }
        Condition::OrderAge { end, channel, filter, age } => {
            age_of(world, What::Orders(filter, *channel), *end, *age, truth, notes);
        }
        Condition::EventAge { end, kind, filter, age } => {
            age_of(world, What::Events(kind, filter), *end, *age, truth, notes);
        }
        Condition::Figure { figure, test } => {
            summed::explain(world, figure, summed::Asks::Figure(test), truth, notes);
        }
        Condition::Trait { .. }
        | Condition::Consent { .. }
        | Condition::Reachable(_)
        | Condition::MayWrite { .. }
        | Condition::TicketOpen
        | Condition::TicketWaits(_)
        | Condition::FirstSeen(_) => about_person(world, condition, truth, notes),
        Condition::Anniversary { .. } | Condition::Weekday(_) | Condition::Hour(_) => {
            calendar::explain(world, condition, truth, notes);
        }
        Condition::Score { .. } | Condition::Stage(_) | Condition::InList(_) => {
            judged::explain(world, condition, truth, notes);
        }
        Condition::Done { .. }
        | Condition::Orders { .. }
        | Condition::Spent { .. }
        | Condition::Event { .. }
        | Condition::Touched { .. }
        | Condition::Tickets { .. }
        | Condition::Cart(_) => {
            if let Some(count) = count_of(condition) {
                counted(world, &count, truth, notes);
            }
        }
    }
}

/// What is known of the person beside orders and events.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the statements that are about the person alone"
)]
fn about_person(world: &World<'_>, condition: &Condition, truth: Truth, notes: &mut Notes) {
    match condition {
        Condition::Trait { test, computed: Some(computed), .. } => {
            of_computed(world, condition, (computed, test), truth, notes);
        }
        Condition::Trait { name, .. } => match person::stated(world, name) {
            Some((held, _)) => {
                let told = if truth.holds() {
                    Told::TraitHolds { condition: condition.to_string() }
                } else {
                    Told::TraitDiffers { name: name.clone() }
                };
                notes.say(told, Some(held.stamp.at));
            }
            None => notes.say(Told::TraitUnknown { name: name.clone() }, None),
        },
        Condition::Consent { channel, purpose } => {
            let (purpose, channel) = (*purpose, *channel);
            let (told, at) = match person::consent(world, channel, purpose) {
                Consenting::Yes(at) => (Told::SaidYes { purpose, channel }, Some(at)),
                Consenting::Unconfirmed(at) => {
                    (Told::SaidYesUnconfirmed { purpose, channel }, Some(at))
                }
                Consenting::No(at) => (Told::SaidNo { purpose, channel }, Some(at)),
                Consenting::Never => (Told::NeverSaidYes { purpose, channel }, None),
            };
            notes.say(told, at);
        }
        Condition::Reachable(channel) => {
            let channel = *channel;
            let told = match person::reachable(world, channel) {
                (true, _) => Told::AddressFound { channel },
                (false, true) => Told::AddressStopped { channel },
                (false, false) => Told::AddressMissing { channel },
            };
            notes.say(told, None);
        }
        Condition::MayWrite { channel, purpose } => {
            let (channel, purpose) = (*channel, *purpose);
            let (told, at) = match person::may_write(world, channel, purpose) {
                MayWrite::Yes(Some(at)) => (Told::SaidYes { purpose, channel }, Some(at)),
                MayWrite::Yes(None) => (Told::AddressFound { channel }, None),
                MayWrite::Refused(at) => (Told::SaidNo { purpose, channel }, Some(at)),
                MayWrite::NotAsked => (Told::NoYesForAddress { purpose, channel }, None),
                MayWrite::Stopped => (Told::AddressStopped { channel }, None),
                MayWrite::NoAddress => (Told::AddressMissing { channel }, None),
            };
            notes.say(told, at);
        }
        Condition::TicketOpen => about_ticket(world, None, truth, notes),
        Condition::TicketWaits(length) => about_ticket(world, Some(*length), truth, notes),
        Condition::FirstSeen(channel) => {
            match &world.profile.path.first {
                Some(touch) => {
                    let told = Told::FirstSeen { channel: touch.channel };
                    notes.say(told, Some(touch.stamp.at));
                }
                None => notes.say(Told::NeverSeen, None),
            }
            let earlier = world.earlier_touches(*channel);
            for lacking in earlier.iter().filter(|_| truth == Truth::Unknown) {
                behind(world, lacking, notes);
            }
        }
        _ => {}
    }
}

/// Whether a question is open, and since when.
fn about_ticket(world: &World<'_>, length: Option<Length>, truth: Truth, notes: &mut Notes) {
    let (open, _) = person::ticket(world);
    let told = if open.is_some() { Told::TicketOpen } else { Told::TicketNone };
    notes.say(told, open.map(|(first, _)| first));
    let late = person::late_desks(world, length);
    for lacking in late.iter().filter(|_| truth == Truth::Unknown) {
        behind(world, lacking, notes);
    }
}

/// What a computed trait comes to, and from what.
fn of_computed(
    world: &World<'_>,
    condition: &Condition,
    (computed, test): (&ComputedTrait, &TraitTest),
    truth: Truth,
    notes: &mut Notes,
) {
    let ComputedTrait { figure, currency, .. } = computed;
    let name = computed.name.clone();
    match truth {
        Truth::True => notes.say(Told::TraitHolds { condition: condition.to_string() }, None),
        Truth::False => {
            let name = name.clone();
            let nothing = summed::known(world, figure, *currency) == Some(Outcome::Nothing);
            let (unknown, differs) =
                (Told::TraitUnknown { name: name.clone() }, Told::TraitDiffers { name });
            notes.say(if nothing { unknown } else { differs }, None);
        }
        Truth::Unknown => {}
    }
    notes.say(Told::TraitComputed { name, figure: figure.to_string() }, None);
    summed::explain(world, figure, summed::Asks::Trait(computed, test), truth, notes);
}

/// `neutral` is the truth of the whole where every part has it: then all parts matter, else those
/// that made the whole what it is.
fn parts_that_matter(
    world: &World<'_>,
    parts: &[Condition],
    truth: Truth,
    neutral: Truth,
    notes: &mut Notes,
) {
    for part in parts {
        let held = world.weigh(part).truth;
        if truth == neutral || held == truth {
            explain(world, part, held, notes);
        }
    }
}

fn age_of(world: &World<'_>, what: What<'_>, end: End, age: Age, truth: Truth, notes: &mut Notes) {
    let length = match age {
        Age::MoreThan(length) | Age::LessThan(length) => length,
    };
    let window = match end {
        End::Last => Window::Last(length),
        End::First => Window::Before(length),
    };
    for window in [window, Window::Ever] {
        let window = Cow::Owned(window);
        let count = Count { what, window, comparison: Comparison::AtLeast, bound: 1 };
        let held = world.count(&count).truth;
        if held == Truth::Unknown && truth == Truth::Unknown {
            return counted(world, &count, held, notes);
        }
        if held.holds() || *count.window == Window::Ever {
            return extreme(world, &count, end, held, notes);
        }
    }
}

/// The first or last of what is counted.
pub(super) fn extreme(
    world: &World<'_>,
    count: &Count<'_>,
    end: End,
    truth: Truth,
    notes: &mut Notes,
) {
    let mut found: Vec<(Timestamp, Fact)> = gather(world, count, Truth::True);
    if !truth.holds() || found.is_empty() {
        return counted(world, count, truth, notes);
    }
    found.sort_by_key(|(at, _)| *at);
    let fact = match end {
        End::First => found.into_iter().next(),
        End::Last => found.into_iter().next_back(),
    };
    if let Some((_, fact)) = fact {
        notes.fact(fact);
    }
}

/// The facts of what is in the window, surely.
fn gather(world: &World<'_>, count: &Count<'_>, at_least: Truth) -> Vec<(Timestamp, Fact)> {
    let laid = world.laid(&count.window);
    let mut found = Vec::new();
    world.visit(count.what, |occurrence, it| {
        if occurrence.sure && laid.holds(&occurrence) >= at_least {
            found.push((occurrence.stated, fact_of(world, count.what, &it, occurrence.stated)));
        }
    });
    found
}

pub(super) fn fact_of(world: &World<'_>, what: What<'_>, it: &Counted<'_>, at: Timestamp) -> Fact {
    match (what, it) {
        (What::Deeds(deed, wanted, _), Counted::Purchase(purchase)) => {
            words::purchase(world, Some(deed), wanted, purchase)
        }
        (What::Orders(filter, _) | What::Spent(filter, ..), Counted::Purchase(purchase)) => {
            let wanted = Wanted { thing: &Thing::Anything, filter };
            words::purchase(world, None, wanted, purchase)
        }
        (_, Counted::Purchase(purchase)) => {
            words::purchase(world, None, Wanted::anything(), purchase)
        }
        (What::Events(kind, _), Counted::Happening(_)) => {
            Fact::new(Told::Happened { event: kind.clone() }, Some(at))
        }
        (What::Touches(channel), Counted::Happening(_)) => {
            Fact::new(Told::SeenOver { channel }, Some(at))
        }
        (What::Tickets(TicketTurn::Opened), Counted::Happening(_)) => {
            Fact::new(Told::TicketAsked, Some(at))
        }
        (What::Tickets(TicketTurn::Closed), Counted::Happening(_)) => {
            Fact::new(Told::TicketClosed, Some(at))
        }
        (_, Counted::Happening(_)) => Fact::new(Told::CartTouched, Some(at)),
    }
}

/// What a sum is made of, and what makes it unknown.
pub(super) fn counted(world: &World<'_>, count: &Count<'_>, truth: Truth, notes: &mut Notes) {
    if *count.window == Window::SinceEntry && world.entry.is_none() {
        let fact = Fact::new(Told::SinceEntryOutside, None);
        return notes.because(ReasonCode::ConditionUnknown, fact);
    }
    mark::explain(world, &count.window, notes);
    let mut found = gather(world, count, Truth::True);
    found.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let number = found.len();
    for (_, fact) in found.into_iter().take(STATEMENT_FACTS_MAX) {
        notes.fact(fact);
    }
    if let Some(told) = summary(world, count, number) {
        notes.say(told, None);
    }
    if truth == Truth::Unknown {
        doubts(world, count, notes);
    }
}

/// How many there are, where the facts do not say it themselves.
fn summary(world: &World<'_>, count: &Count<'_>, number: usize) -> Option<Told> {
    let none = number == 0;
    let many = number > STATEMENT_FACTS_MAX;
    let in_all = u64::try_from(number).unwrap_or(u64::MAX);
    Some(match count.what {
        What::Deeds(deed, wanted, _) if none => {
            let of = words::of_thing(world, wanted.thing);
            match deed {
                Deed::Bought => Told::NoPurchase { of },
                Deed::Kept => Told::NoPurchaseKept { of },
                Deed::Returned => Told::NoReturn { of },
            }
        }
        What::Spent(_, _, currency) => {
            let (low, _) = sum(world, count);
            let minor = i64::try_from(low).unwrap_or(i64::MAX);
            Told::SpentInAll { amount: Money { minor, currency } }
        }
        What::Orders(..) if none => Told::NoOrder,
        What::Orders(..) if many => Told::OrdersInAll { count: in_all },
        What::Events(kind, _) if none => Told::NotHappened { event: kind.clone() },
        What::Events(..) if many => Told::TimesInAll { count: in_all },
        What::Touches(channel) if none => Told::NotSeenOver { channel },
        What::Tickets(TicketTurn::Opened) if none => Told::TicketNeverAsked,
        What::Tickets(TicketTurn::Closed) if none => Told::TicketNeverClosed,
        What::Tickets(_) if many => Told::TimesInAll { count: in_all },
        What::CartEvents if none => Told::CartUntouched,
        What::Deeds(..)
        | What::Orders(..)
        | What::Events(..)
        | What::Touches(_)
        | What::Tickets(_)
        | What::CartEvents => {
            return None;
        }
    })
}

fn sum(world: &World<'_>, count: &Count<'_>) -> (i128, i128) {
    let laid = world.laid(&count.window);
    let mut timeline = super::timeline::Timeline::new();
    world.visit(count.what, |occurrence, _| timeline.add(&occurrence, &laid));
    (timeline.low, timeline.high)
}

fn doubts(world: &World<'_>, count: &Count<'_>, notes: &mut Notes) {
    let laid = world.laid(&count.window);
    mark::doubts(world, &laid, notes);
    world.visit(count.what, |occurrence, it| {
        let held = laid.holds(&occurrence);
        if held == Truth::False || (occurrence.sure && held == Truth::True && it.doubt().is_none())
        {
            return;
        }
        let purchase = match &it {
            Counted::Purchase(purchase) => Some(purchase),
            Counted::Happening(_) => None,
        };
        match it.doubt() {
            Some(Doubt::Computing) if held == Truth::True => {}
            Some(doubt) => {
                let (code, fact) = words::doubt(doubt, purchase.map(|purchase| purchase.order));
                notes.because(code, fact);
            }
            None => {
                let fact = fact_of(world, count.what, &it, occurrence.stated);
                notes.because(ReasonCode::ConditionUnknown, fact.beside(Aside::PerhapsOutside));
            }
        }
    });
    if world.overflow(count.what) > 0 {
        let (code, fact) = words::doubt(Doubt::Computing, None);
        notes.because(code, fact);
    }
    if !world.certain() {
        return;
    }
    let late = count.late();
    for silence in &world.feeds.missing(&count.what.facts()).lacking {
        if late.lowers || late.raises && laid.holds(&silence.may_bring()) != Truth::False {
            behind(world, &silence.lacking, notes);
        }
    }
}

/// Notes a feed that is behind.
pub(super) fn behind(world: &World<'_>, lacking: &Lacking, notes: &mut Notes) {
    notes.because(ReasonCode::FeedBehind, words::silence(world, lacking));
    if !notes.waits_for.contains(lacking) {
        notes.waits_for.push(lacking.clone());
    }
}

fn order_fact(world: &World<'_>, key: Option<&str>, label: &str) -> Option<Fact> {
    let order = world.profile.orders.by_key.get(key?)?;
    let told = Told::Bought { goods: Goods::Named(label.to_owned()), place: words::place(order) };
    Some(Fact::new(told, order.occurred().map(|occurred| occurred.at)))
}

/// Why an order perhaps answers for a line of the cart.
fn perhaps_bought(world: &World<'_>, key: Option<&str>, notes: &mut Notes) {
    let Some(order) = key.and_then(|key| world.profile.orders.by_key.get(key)) else { return };
    let (code, fact) = words::doubt(doubt_about(order), Some(order));
    notes.because(code, fact);
}

fn bought_of_cart(world: &World<'_>, share: Share, truth: Truth, notes: &mut Notes) {
    let pieces = cart::pieces(world);
    if pieces.is_empty() {
        notes.say(Told::CartEmpty, None);
    }
    for piece in &pieces {
        match piece.bought {
            Truth::True => {
                if let Some(fact) = order_fact(world, piece.order, words::label(world, piece.line))
                {
                    notes.fact(fact);
                }
            }
            Truth::Unknown if truth == Truth::Unknown => {
                perhaps_bought(world, piece.order, notes);
            }
            Truth::False | Truth::Unknown => {
                let matters = share == Share::Any || truth != Truth::True;
                if matters && truth != Truth::True {
                    let product = words::label(world, piece.line).to_owned();
                    notes.say(Told::CartLineNotBought { product }, Some(piece.added.at));
                }
            }
        }
        if truth == Truth::Unknown && piece.bought != Truth::True {
            let unless = piece.unless.as_ref();
            if let Some(before) = unless.filter(|before| before.open == Truth::Unknown) {
                perhaps_bought(world, before.order, notes);
            }
            for lacking in cart::late_sellers(world, unless.map_or(piece.added, |b| b.added)) {
                behind(world, &lacking, notes);
            }
        }
    }
}

fn cart_test(world: &World<'_>, test: &CartTest, truth: Truth, notes: &mut Notes) {
    let lines: Vec<&OpenLine<'_>> =
        world.cart().iter().filter(|line| concerns(world, test, line)).collect();
    if lines.is_empty() {
        notes.say(Told::NotInCart, None);
    }
    for line in lines {
        match cart::open(world, line, cart::Late::Nothing) {
            Truth::True => {
                let product = words::label(world, line.line).to_owned();
                notes.say(Told::InCart { product }, Some(line.added.at));
            }
            Truth::False => {
                if let Some(fact) = order_fact(world, line.order, words::label(world, line.line)) {
                    notes.fact(fact);
                }
            }
            Truth::Unknown => perhaps_bought(world, line.order, notes),
        }
        if truth != Truth::Unknown {
            continue;
        }
        if let CartTest::Has(thing) = test
            && cart::of(world, line, thing) == Truth::Unknown
        {
            let unmapped =
                Told::CartLineUnmapped { product: words::label(world, line.line).to_owned() };
            notes.because(ReasonCode::UnmappedCode, Fact::new(unmapped, Some(line.added.at)));
        }
        if let CartTest::Value(limit) = test {
            let (low, high) = cart::worth(world, line, line.quantity_milli, limit.value.currency);
            if low != high {
                let product = words::label(world, line.line).to_owned();
                let told = match line.line.price() {
                    Some(price) => Told::PriceInAnotherCurrency { product, price },
                    None => Told::PriceUnknown { product },
                };
                notes.because(ReasonCode::ConditionUnknown, Fact::new(told, Some(line.added.at)));
            }
        }
        let before = line.before.as_ref();
        if let Some(before) = before.filter(|before| before.open == Truth::Unknown) {
            perhaps_bought(world, before.order, notes);
        }
        if line.open != Truth::False || before.is_some() {
            for lacking in cart::late_sellers(world, before.map_or(line.added, |b| b.added)) {
                behind(world, &lacking, notes);
            }
        }
    }
}

fn concerns(world: &World<'_>, test: &CartTest, line: &OpenLine<'_>) -> bool {
    match test {
        CartTest::Has(thing) => cart::of(world, line, thing) != Truth::False,
        CartTest::Open | CartTest::Empty | CartTest::Value(_) | CartTest::Idle(_) => true,
    }
}
