//! Regret: a message that went out, and would not have, had we known then what we know today.
//!
//! The guard's conditions are asked again about the moment of the claim, on all facts of before it
//! that have arrived by now. If they forbid the message, its history is walked in the order in which
//! it arrived after the claim: the first fact that turns the answer is the cause.

use std::collections::BTreeSet;

use crate::condition::{Answer, Asked, Condition, Manner, NothingBeside, Share, evaluate};
use crate::decision::Message;
use crate::event::{Document, Event, Line, LogPosition, Money, Purpose};
use crate::guard::{Address, permitted};
use crate::identity::{
    Edge, Evidence, Identifier, Node, Partition, PersonId, Ties, edges_of, partition,
};
use crate::journey::{Journey, Send};
use crate::product::Catalogue;
use crate::program::Program;
use crate::reason::{Fact, Reason, ReasonCode, Told};
use crate::record::Record;
use crate::source::{FeedName, Sources};
use crate::step::person_zone;
use crate::time::{DAY, Timestamp};
use crate::truth::Truth;
use crate::work::fold_all;

/// An event of the log, as far as it may bear on a message.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'e> {
    /// Its place in the log.
    pub position: LogPosition,
    /// The event.
    pub event: &'e Event,
    /// The newer version of its document, if there is one.
    pub overtaken_by: Option<LogPosition>,
}

/// What is live today, and what was learned.
#[derive(Clone, Copy, Debug)]
pub struct Today<'t> {
    /// The definitions.
    pub program: &'t Program,
    /// Products.
    pub catalogue: &'t Catalogue,
    /// Feeds.
    pub sources: &'t Sources,
}

/// A message to be judged.
#[derive(Clone, Copy, Debug)]
pub struct Case<'c> {
    /// The message. The claim stands in the log at the position that is its id; one that only would
    /// have gone stands nowhere, and has the id 0.
    pub message: &'c Message,
    /// The last position that was known when it was claimed.
    pub known_to: LogPosition,
    /// The version of the journey it was of.
    pub journey: &'c Journey,
    /// Its step.
    pub send: &'c Send,
    /// When the person entered the journey.
    pub entered_at: Timestamp,
    /// An identifier of whoever got it: whoever is known by it at a moment is the person.
    pub handle: &'c Identifier,
    /// The identifiers of whoever got it, as they are today, sorted.
    pub members: &'c [Identifier],
    /// Everything that hangs on any identifier that is, or was seen with one that is, of whoever got
    /// it, and of those who share one with them: by position, ascending.
    pub heard: &'c [Heard<'c>],
}

/// What is to be said of a message.
#[derive(Clone, Debug, PartialEq)]
pub enum Judgement {
    /// On all that is known today it may have gone.
    Well,
    /// It should not have gone.
    Regretted(Regret),
    /// Its history does not tell who got it as they are known today: too much of it is out of reach.
    Unclear,
}

/// Why a message went out that should not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cause {
    /// A feed told too late.
    LateSource {
        /// The feed.
        feed: FeedName,
        /// Milliseconds from when it happened to when it was heard.
        late_ms: i64,
    },
    /// It had been heard, but that it was of the same person became known too late.
    MissingLink,
    /// What was known then is understood differently today: a code of a product, a correction.
    UnderstoodLater,
    /// The journey has no rule that would have stopped it: what it is about had been bought.
    NoExitRule,
}

impl Cause {
    /// The word in files, the API and on pages.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::LateSource { .. } => "late_source",
            Self::MissingLink => "missing_link",
            Self::UnderstoodLater => "understood_later",
            Self::NoExitRule => "no_exit_rule",
        }
    }
}

/// A message that should not have gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Regret {
    /// Why it went.
    pub cause: Cause,
    /// What forbids it, with its facts.
    pub reason: Reason,
    /// The fact that turned the answer; `None` where nothing new was needed.
    pub turned_by: Option<LogPosition>,
    /// What was given away: discounts of the person's orders in the two weeks after it, by currency.
    pub cost: Vec<Money>,
}

/// Orders of so long after a message may have used what it offered.
const COST_WINDOW_MS: i64 = 14 * DAY;

/// Judges a message.
///
/// Cost: a fold of the person's history, and one more for every later event that may turn the answer.
#[must_use]
pub fn judge(today: Today<'_>, case: &Case<'_>) -> Judgement {
    let Some(last) = View::of_today(today, case) else { return Judgement::Unclear };
    let regret = |cause, reason, turned_by| {
        Judgement::Regretted(Regret { cause, reason, turned_by, cost: cost(case, &last) })
    };
    let Some(reason) = last.forbids(today, case) else {
        return match last.bought_unnoticed(today, case) {
            Some(reason) => regret(Cause::NoExitRule, reason, None),
            None => Judgement::Well,
        };
    };
    let known = View::at(today, case, case.known_to);
    if known.is_some_and(|view| view.forbids(today, case).is_some()) {
        return regret(Cause::UnderstoodLater, reason, None);
    }
    let mut turning = Turning::after(case);
    let later = case.heard.iter().filter(|heard| heard.position > case.known_to);
    for heard in later.filter(|heard| turning.may(case, heard.event)) {
        let Some(view) = View::at(today, case, heard.position) else { continue };
        if let Some(reason) = view.forbids(today, case) {
            return regret(view.cause(case, heard), reason, Some(heard.position));
        }
    }
    regret(Cause::UnderstoodLater, reason, None)
}

/// Which later events can turn the answer: those that tell of before the claim, that tie people
/// together anew, or that take the place of another.
struct Turning {
    /// Pairs that had been seen together.
    known: BTreeSet<(Identifier, Identifier)>,
}

impl Turning {
    fn after(case: &Case<'_>) -> Self {
        let before = case.heard.iter().filter(|heard| heard.position <= case.known_to);
        let pairs = before.flat_map(|heard| edges_of(heard.event));
        Self { known: pairs.map(|edge| (edge.strong, edge.weak)).collect() }
    }

    fn may(&mut self, case: &Case<'_>, event: &Event) -> bool {
        let mut news = event.document == Document::Versioned
            || event.occurred.latest() <= case.message.claimed_at;
        for edge in edges_of(event) {
            news |= edge.ties != Ties::Seen || self.known.insert((edge.strong, edge.weak));
        }
        news
    }
}

/// Whoever got the message, as the log up to a position has them, at the moment of the claim.
pub(super) struct View {
    pub(super) record: Record,
    /// The lines that were in the cart at entry.
    pub(super) cart: Vec<Line>,
    found: Partition,
    group: usize,
    position: LogPosition,
}

impl View {
    /// By all that is known; `None` if that does not tell who got it as they are known today.
    pub(super) fn of_today(today: Today<'_>, case: &Case<'_>) -> Option<Self> {
        let at_end = case.heard.last().map_or(case.known_to, |heard| heard.position);
        Self::at(today, case, at_end).filter(|view| view.members() == case.members)
    }

    /// `None` if nobody is known by the handle.
    fn at(today: Today<'_>, case: &Case<'_>, position: LogPosition) -> Option<Self> {
        let known = || case.heard.iter().filter(|heard| heard.position <= position);
        let standing = |heard: &&Heard<'_>| heard.overtaken_by.is_none_or(|by| by > position);
        let mut names: BTreeSet<Identifier> =
            known().flat_map(|h| h.event.identifiers.clone()).collect();
        names.insert(case.handle.clone());
        let edges = collapsed(known().filter(standing).flat_map(|heard| edges_of(heard.event)));
        let rules = &today.program.identity;
        let found = partition(&names, &edges, rules, &BTreeSet::new());
        let group = found.group_of(case.handle)?;
        let mut view = Self { record: Record::default(), cart: Vec::new(), found, group, position };
        view.record.evidence = evidence(&view.found.groups[group].members, edges);
        let own = |heard: &&Heard<'_>| view.hangs(heard) && heard.position.0 != case.message.id;
        let hers: Vec<&Event> =
            known().filter(standing).filter(own).map(|heard| heard.event).collect();
        let until = |moment: Timestamp| {
            let before = move |event: &&Event| event.occurred.latest() <= moment;
            hers.iter().copied().filter(before)
        };
        let aggregates = &today.program.aggregates;
        let profile = fold_all(until(case.message.claimed_at), aggregates);
        let at_entry = fold_all(until(case.entered_at), aggregates);
        let lines = at_entry.cart.lines(&at_entry.orders, today.catalogue, case.entered_at);
        view.cart =
            lines.into_iter().filter(|l| l.open != Truth::False).map(|l| l.line.clone()).collect();
        view.record.profile = profile;
        Some(view)
    }

    /// The identifiers of the person, sorted.
    fn members(&self) -> &[Identifier] {
        &self.found.groups[self.group].members
    }

    /// Why what turned the answer came too late.
    fn cause(&self, case: &Case<'_>, turned_by: &Heard<'_>) -> Cause {
        if !self.counts(case, turned_by) {
            return Cause::MissingLink;
        }
        let event = turned_by.event;
        let feed = FeedName { source: event.source.clone(), feed: event.feed.clone() };
        Cause::LateSource { feed, late_ms: event.received_at.since(event.occurred.at).max(0) }
    }

    /// Whether an event is of this person.
    fn hangs(&self, heard: &Heard<'_>) -> bool {
        let anchor = heard.event.anchor();
        anchor.and_then(|anchor| self.found.group_at(anchor, heard.event.occurred.at))
            == Some(self.group)
    }

    /// Whether an event is itself among what is known of the moment of the claim.
    fn counts(&self, case: &Case<'_>, heard: &Heard<'_>) -> bool {
        heard.position <= self.position
            && self.hangs(heard)
            && heard.event.occurred.latest() <= case.message.claimed_at
    }

    /// What forbids the message.
    pub(super) fn forbids(&self, today: Today<'_>, case: &Case<'_>) -> Option<Reason> {
        let says = |code, condition: &Condition, facts: Vec<Fact>| {
            let said = Told::ConditionSays { condition: condition.to_string() };
            let mut all = vec![Fact::new(said, None)];
            all.extend(facts);
            Reason::with(code, all)
        };
        for exit in &case.journey.exits {
            let answer = self.ask(today, case, exit);
            if answer.truth == Truth::True {
                return Some(says(ReasonCode::ExitRule, exit, answer.facts));
            }
        }
        if let Some(only_if) = &case.send.only_if {
            let answer = self.ask(today, case, only_if);
            if answer.truth == Truth::False {
                return Some(says(ReasonCode::ConditionFalse, only_if, answer.facts));
            }
        }
        let message = case.message;
        let what = (message.channel, message.purpose);
        match permitted(today.program, &self.record, &[], what, message.claimed_at) {
            Address::Refused(reason) if reason.code != ReasonCode::NoAddress => {
                return Some(reason);
            }
            Address::Refused(_) | Address::Found(_) => {}
        }
        let ticket = self.record.profile.ticket_open();
        ticket.filter(|_| message.purpose == Purpose::Promotion).map(|(_, opened)| {
            Reason::with(ReasonCode::OpenTicket, vec![Fact::new(Told::TicketOpen, Some(opened))])
        })
    }

    /// What the journey is about had been bought, and nothing in it asks.
    pub(super) fn bought_unnoticed(&self, today: Today<'_>, case: &Case<'_>) -> Option<Reason> {
        if case.message.purpose != Purpose::Promotion {
            return None;
        }
        let answer = self.ask(today, case, &Condition::BoughtOfCart(Share::Any));
        (answer.truth == Truth::True).then(|| Reason::with(ReasonCode::Bought, answer.facts))
    }

    fn ask(&self, today: Today<'_>, case: &Case<'_>, condition: &Condition) -> Answer {
        let zone = person_zone(today.program, &self.record);
        let at = case.message.claimed_at;
        evaluate(
            condition,
            &Asked {
                profile: &self.record.profile,
                evidence: &self.record.evidence,
                twins: &[],
                catalogue: today.catalogue,
                sources: today.sources,
                beside: &NothingBeside,
                segments: &today.program.segments,
                entry: Some((case.entered_at, &self.cart)),
                zone: &zone,
                now: at,
                complete_to: at,
                known_complete: false,
                manner: Manner::AsKnown,
                memo: None,
            },
        )
    }
}

/// Edges of one pair and kind as one, over their whole span.
fn collapsed(edges: impl Iterator<Item = Edge>) -> Vec<Edge> {
    let mut all: Vec<Edge> = edges.collect();
    all.sort();
    all.dedup_by(|next, held| {
        let same = (&held.strong, &held.weak, held.ties) == (&next.strong, &next.weak, next.ties);
        if same {
            held.first_at = held.first_at.min(next.first_at);
            held.last_at = held.last_at.max(next.last_at);
        }
        same
    });
    all
}

fn evidence(members: &[Identifier], edges: Vec<Edge>) -> Evidence {
    let mut evidence = Evidence::default();
    for member in members {
        let named_first = PersonId::default();
        evidence.add_node(Node { identifier: member.clone(), named_first });
    }
    let touches = |edge: &Edge| evidence.holds(&edge.strong) || evidence.holds(&edge.weak);
    let touching: Vec<Edge> = edges.into_iter().filter(touches).collect();
    evidence.edges = touching;
    evidence
}

/// Discounts of the person's orders after the message, by currency.
fn cost(case: &Case<'_>, view: &View) -> Vec<Money> {
    if case.send.offer.is_none() || case.message.without_offer {
        return Vec::new();
    }
    let claimed = case.message.claimed_at;
    let mut sums: Vec<Money> = Vec::new();
    let orders =
        case.heard.iter().filter(|heard| heard.overtaken_by.is_none() && view.hangs(heard));
    for heard in orders {
        let after = heard.event.occurred.at.since(claimed);
        let Some(order) = &heard.event.order else { continue };
        let given = order.discount_minor.filter(|minor| *minor > 0);
        let Some(minor) = given.filter(|_| (0..=COST_WINDOW_MS).contains(&after)) else { continue };
        match sums.iter_mut().find(|sum| sum.currency == order.currency) {
            Some(sum) => sum.minor = sum.minor.saturating_add(minor),
            None => sums.push(Money { minor, currency: order.currency }),
        }
    }
    sums.sort_by_key(|sum| sum.currency);
    sums
}
