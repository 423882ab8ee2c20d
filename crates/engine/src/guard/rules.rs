//! The guard's rules in the order in which they are looked at: what forbids, then what must be
//! known, then what only asks for patience.

use jiff::tz::TimeZone;

use super::address::paused;
use super::moment::{quiet, suits, visiting};
use super::offer::{Granting, grant};
use super::reach::{Reached, may_come, reach};
use super::room::{balance, capped};
use crate::condition::{Answer, Asked, Condition, Manner, Twin, evaluate};
use crate::decision::Message;
use crate::event::{Channel, Line, Purpose};
use crate::identity::Identifier;
use crate::journey::{EndCause, Enrollment, Journey, OnPatienceEnd, Send, lot, within};
use crate::pace::{Asking, Rank, Target, Turn};
use crate::profile::same_piece;
use crate::reason::{Fact, Reason, ReasonCode, Span, Told};
use crate::record::Record;
use crate::source::FeedName;
use crate::step::{World, person_zone};
use crate::time::Timestamp;
use crate::truth::Truth;

/// A message that wants to go.
#[derive(Clone, Copy, Debug)]
pub struct Wanted<'a> {
    /// The journey it is of.
    pub journey: &'a Journey,
    /// The person's way through it.
    pub enrollment: &'a Enrollment,
    /// The step.
    pub send: &'a Send,
    /// Since when it has been due.
    pub due_at: Timestamp,
    /// Messages to the same person that were claimed at the same moment: the profile does not
    /// know of them yet.
    pub claims: &'a [Message],
}

/// A message that may go.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// To which address.
    pub recipient: Identifier,
    /// Over which channel: one of the step's.
    pub channel: Channel,
    /// The template for it.
    pub template: String,
    /// About which lines: what is open of the cart.
    pub lines: Vec<Line>,
    /// Whether its offer stays out.
    pub without_offer: bool,
    /// The name of the offer it gives.
    pub offer: Option<String>,
    /// What was looked at, and what was not known.
    pub reasons: Vec<Reason>,
}

/// A message that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Hold {
    /// When to look again at the latest.
    pub until: Timestamp,
    /// Why.
    pub reasons: Vec<Reason>,
    /// Over which channel it is to go, where that is clear already.
    pub channel: Option<Channel>,
    /// The feeds whose word would settle it.
    pub waits_for: Vec<(FeedName, Timestamp)>,
    /// The turn it was given, if it is for that alone that it waits.
    pub turn: Option<Turn>,
}

/// The guard's answer.
#[derive(Clone, Debug, PartialEq)]
pub enum GuardAnswer {
    /// It may go now.
    Send(Claim),
    /// It waits.
    Hold(Hold),
    /// It is left out.
    Skip(Vec<Reason>),
    /// The journey is over for this person: its goal is reached, or an exit rule came true.
    Exit(EndCause, Vec<Reason>),
}

/// May this message be claimed at `now`?
///
/// First the goal, the exit rules and the message's own condition, asked for certain: surely over
/// is an exit, surely not is a skip, unknown is a hold. What is past its deadline is left out. Then consent and address, the service desk, the
/// moment, and the caps; last of all its turn, where the shop limits how fast messages leave. A hold lasts until its cause can change, at most until the patience ends.
#[must_use]
pub fn guard(
    world: &World<'_>,
    record: &Record,
    twins: &[Twin<'_>],
    wanted: Wanted<'_>,
    now: Timestamp,
) -> GuardAnswer {
    let expires = expires(wanted);
    let patience_ends = wanted.due_at.plus(wanted.send.patience_ms);
    let deadline = expires.map_or(patience_ends, |expires| expires.min(patience_ends));
    let zone = person_zone(world.program, record);
    let asked = asked(world, record, twins, wanted, (&zone, now));
    let mut doubts = match doubts(&asked, wanted) {
        Ok(doubts) => doubts,
        Err(answer) => return *answer,
    };
    let lines = open_lines(world, record, Some(wanted.enrollment), now);
    let offer = wanted.send.offer.as_deref();
    let granting = offer.map(|name| grant(world, &asked, wanted.claims, name, &lines));
    let refused = match granting {
        Some(Granting::No(reason)) if wanted.send.if_refused == OnPatienceEnd::Skip => {
            return GuardAnswer::Skip(vec![reason]);
        }
        Some(Granting::No(reason)) => Some(reason),
        Some(Granting::Maybe(answers)) => {
            answers.into_iter().for_each(|answer| doubts.add(answer));
            None
        }
        Some(Granting::Yes) | None => None,
    };
    let found = match pause(world, record, twins, wanted, (now, deadline)) {
        Pause::Clear(found) => found,
        Pause::Never(reasons) => return GuardAnswer::Skip(reasons),
        Pause::Hold(until, channel, reasons) => {
            if reasons.iter().any(|reason| reason.code == ReasonCode::SendingPaused) {
                doubts.waits_for.push((sending_switch(), wanted.due_at));
            }
            doubts.channel = channel;
            doubts.reasons.extend(reasons);
            return held_or_over(wanted, doubts.hold(until.min(deadline)), deadline, now);
        }
    };
    let without = wanted.send.on_patience_end == OnPatienceEnd::SendWithoutOffer;
    if doubts.reasons.is_empty() || (now >= deadline && without) {
        if let Some(turn) = later(world, record, wanted, &found, now) {
            return doubts.until_turn(wanted, turn, deadline, now);
        }
        // Asked last: whoever is kept out would have got the message at this very moment, which is
        // what makes the two groups comparable.
        if let Some(reason) = kept_out(world, record, wanted) {
            return GuardAnswer::Skip(vec![reason]);
        }
    }
    if doubts.reasons.is_empty() {
        let without_offer = refused.is_some();
        let offer = offer.filter(|_| !without_offer).map(str::to_owned);
        let clear = Reason::bare(ReasonCode::AllClear);
        let reasons = std::iter::once(clear).chain(refused).collect();
        return GuardAnswer::Send(found.claim(lines, (without_offer, offer), reasons));
    }
    if now < deadline {
        let until = doubts.soonest(now).min(deadline);
        return GuardAnswer::Hold(doubts.hold(until));
    }
    match wanted.send.on_patience_end {
        OnPatienceEnd::SendWithoutOffer => {
            let offer = wanted.send.offer.as_ref().map(ToString::to_string);
            let left_out = offer.map(|offer| Fact::new(Told::OfferLeftOut { offer }, None));
            let facts = left_out.into_iter().collect();
            doubts.reasons.insert(0, Reason::with(ReasonCode::SentNotKnowing, facts));
            let mut reasons = doubts.reasons;
            reasons.extend(refused);
            GuardAnswer::Send(found.claim(lines, (true, None), reasons))
        }
        OnPatienceEnd::Skip => held_or_over(wanted, doubts.hold(deadline), deadline, now),
    }
}

/// The turn of a message that the shop's limits on pace let go only later.
fn later(
    world: &World<'_>,
    record: &Record,
    wanted: Wanted<'_>,
    found: &Reached<'_>,
    now: Timestamp,
) -> Option<Turn> {
    let paces = world.pace.filter(|_| !world.program.shop.pace.is_empty())?;
    let (purpose, waited_ms) = (wanted.journey.purpose, now.since(wanted.due_at));
    paces.ask(&Asking {
        program: world.program,
        target: Target { channel: found.channel, recipient: &found.recipient },
        purpose,
        rank: Rank::of(purpose, wanted.journey.priority, waited_ms),
        person: record.id(),
        state: &wanted.enrollment.state,
        claims: wanted.claims,
        now,
    })
}

/// Whether the shop keeps the person out of everything but transactional messages, to measure.
fn kept_out(world: &World<'_>, record: &Record, wanted: Wanted<'_>) -> Option<Reason> {
    let permille = world.program.shop.holdout_permille;
    let marketing = wanted.journey.purpose != Purpose::Transactional;
    (marketing && within(lot(record.id(), SHOP_HOLDOUT), permille)).then(|| {
        let fact = Fact::new(Told::KeptOutByShop { permille: u64::from(permille) }, None);
        Reason::with(ReasonCode::Holdout, vec![fact])
    })
}

/// The experiment whose lot decides whom the shop as a whole keeps out; no step may be named so.
const SHOP_HOLDOUT: &str = "/shop";

/// From when on the message is left out, whatever it waited for.
fn expires(wanted: Wanted<'_>) -> Option<Timestamp> {
    wanted.send.deadline_ms.map(|ms| wanted.enrollment.entered_at.plus(ms))
}

/// What conditions are asked about, for certain.
fn asked<'a>(
    world: &'a World<'_>,
    record: &'a Record,
    twins: &'a [Twin<'a>],
    wanted: Wanted<'a>,
    (zone, now): (&'a TimeZone, Timestamp),
) -> Asked<'a> {
    Asked {
        entry: Some((wanted.enrollment.entered_at, &wanted.enrollment.cart)),
        complete_to: wanted.due_at,
        known_complete: wanted.send.known_complete,
        ..world.asked(record, twins, zone, now, Manner::ForCertain)
    }
}

/// What is not known of the conditions under which the message may go, or an answer that is.
fn doubts(asked: &Asked<'_>, wanted: Wanted<'_>) -> Result<Doubts, Box<GuardAnswer>> {
    let mut doubts = Doubts::default();
    for (ending, cause) in wanted.journey.endings() {
        let answer = evaluate(ending, asked);
        match answer.truth {
            Truth::True => {
                let reasons = said(cause.told().1, ending, answer);
                return Err(Box::new(GuardAnswer::Exit(cause, reasons)));
            }
            Truth::Unknown => doubts.add(answer),
            Truth::False => doubts.next(answer.next),
        }
    }
    if let Some(ms) = wanted.send.deadline_ms
        && expires(wanted).is_some_and(|expires| asked.now >= expires)
    {
        let since = Told::EnteredSince { span: Span(ms) };
        let fact = Fact::new(since, Some(wanted.enrollment.entered_at));
        let reasons = vec![Reason::with(ReasonCode::Expired, vec![fact])];
        return Err(Box::new(GuardAnswer::Skip(reasons)));
    }
    if let Some(only_if) = &wanted.send.only_if {
        let answer = evaluate(only_if, asked);
        match answer.truth {
            Truth::False => {
                let reasons = said(ReasonCode::ConditionFalse, only_if, answer);
                return Err(Box::new(GuardAnswer::Skip(reasons)));
            }
            Truth::Unknown => doubts.add(answer),
            Truth::True => {}
        }
    }
    Ok(doubts)
}

/// The switch that lets messages leave, as something to wait for: whoever turns it on speaks for
/// a feed of this name, and what was held wakes.
#[must_use]
pub fn sending_switch() -> FeedName {
    FeedName { source: crate::work::OWN_SOURCE.to_owned(), feed: "sending".to_owned() }
}

/// What is open of the cart; in a journey, of what was in it at entry or was added since. What was in
/// it at entry is asked today: an event of before the entry may have arrived after it.
pub(super) fn open_lines(
    world: &World<'_>,
    record: &Record,
    enrollment: Option<&Enrollment>,
    now: Timestamp,
) -> Vec<Line> {
    let lines = |at| record.profile.cart.lines(&record.profile.orders, world.catalogue, at);
    let entry = enrollment.map(|enrollment| (enrollment, lines(enrollment.entered_at)));
    lines(now)
        .into_iter()
        .filter(|line| line.open != Truth::False)
        .filter(|line| {
            let Some((enrollment, at_entry)) = &entry else { return true };
            line.added.latest() >= enrollment.entered_at
                || at_entry.iter().any(|held| same_piece(held.line, line.line))
                || enrollment.cart.iter().any(|held| same_piece(held, line.line))
        })
        .map(|line| Line { quantity_milli: line.quantity_milli, ..line.line.clone() })
        .collect()
}

fn said(code: ReasonCode, condition: &Condition, answer: Answer) -> Vec<Reason> {
    let mut facts = vec![Fact::new(Told::ConditionSays { condition: condition.to_string() }, None)];
    facts.extend(answer.facts);
    vec![Reason::with(code, facts)]
}

/// A hold before the deadline, a skip after it.
fn held_or_over(
    wanted: Wanted<'_>,
    hold: Hold,
    deadline: Timestamp,
    now: Timestamp,
) -> GuardAnswer {
    if now < deadline {
        return GuardAnswer::Hold(hold);
    }
    let due = Told::DueFor { span: Span(wanted.send.patience_ms) };
    let over = Reason::with(ReasonCode::PatienceEnded, vec![Fact::new(due, Some(wanted.due_at))]);
    let mut reasons = vec![over];
    reasons.extend(hold.reasons);
    GuardAnswer::Skip(reasons)
}

/// Why conditions are not known, each reason once.
pub(super) fn doubted(answers: Vec<Answer>) -> Vec<Reason> {
    let mut doubts = Doubts::default();
    answers.into_iter().for_each(|answer| doubts.add(answer));
    doubts.reasons
}

/// What is not known, gathered over all conditions.
#[derive(Default)]
struct Doubts {
    reasons: Vec<Reason>,
    channel: Option<Channel>,
    waits_for: Vec<(FeedName, Timestamp)>,
    presumed: Option<Timestamp>,
    next: Option<Timestamp>,
}

impl Doubts {
    fn add(&mut self, answer: Answer) {
        for reason in answer.unknown_because {
            if !self.reasons.contains(&reason) {
                self.reasons.push(reason);
            }
        }
        if self.reasons.is_empty() {
            self.reasons.push(Reason::with(ReasonCode::ConditionUnknown, answer.facts));
        }
        for lacking in answer.waits_for {
            self.presumed = earlier(self.presumed, lacking.presumed_at);
            let wait = (lacking.feed, lacking.needed_until);
            if !self.waits_for.contains(&wait) {
                self.waits_for.push(wait);
            }
        }
        self.next(answer.next);
    }

    fn next(&mut self, next: Option<Timestamp>) {
        self.next = earlier(self.next, next);
    }

    /// When time alone may have settled something.
    fn soonest(&self, now: Timestamp) -> Timestamp {
        earlier(self.presumed, self.next).filter(|at| *at > now).unwrap_or(Timestamp::LATEST)
    }

    fn hold(self, until: Timestamp) -> Hold {
        let Self { reasons, channel, waits_for, .. } = self;
        Hold { until, reasons, channel, waits_for, turn: None }
    }

    /// Waits for a turn, or for the end of all patience if that comes first: then it is looked at a last
    /// time.
    fn until_turn(
        mut self,
        wanted: Wanted<'_>,
        turn: Turn,
        deadline: Timestamp,
        now: Timestamp,
    ) -> GuardAnswer {
        self.channel = Some(turn.waits.channel);
        self.reasons.push(turn.reason.clone());
        self.waits_for.push((turn.waits.feed(), turn.at));
        let in_time = turn.at < deadline;
        let mut hold = self.hold(turn.at.min(deadline));
        hold.turn = in_time.then_some(turn);
        held_or_over(wanted, hold, deadline, now)
    }
}

fn earlier(left: Option<Timestamp>, right: Option<Timestamp>) -> Option<Timestamp> {
    match (left, right) {
        (Some(left), Some(right)) => Some(left.min(right)),
        (left, right) => left.or(right),
    }
}

/// What asks for patience rather than forbids.
enum Pause<'a> {
    /// Nothing: it may go this way.
    Clear(Reached<'a>),
    /// Wait until then, over this channel where that is clear.
    Hold(Timestamp, Option<Channel>, Vec<Reason>),
    /// A no does not become a yes by waiting.
    Never(Vec<Reason>),
}

fn pause<'a>(
    world: &World<'_>,
    record: &Record,
    twins: &[Twin<'_>],
    wanted: Wanted<'a>,
    (now, deadline): (Timestamp, Timestamp),
) -> Pause<'a> {
    let purpose = wanted.journey.purpose;
    if !world.sending.lets(purpose) {
        let paused = Reason::bare(ReasonCode::SendingPaused);
        return Pause::Hold(Timestamp::LATEST, None, vec![paused]);
    }
    let found = match reach(world, record, twins, wanted, now) {
        Ok(found) => found,
        // An address, or a click on a link, may still come.
        Err(refused) if refused.iter().any(may_come) => {
            return Pause::Hold(Timestamp::LATEST, None, refused);
        }
        Err(refused) => return Pause::Never(refused),
    };
    if purpose == Purpose::Transactional {
        return Pause::Clear(found);
    }
    let channel = found.channel;
    let hold = |(until, reason)| Pause::Hold(until, Some(channel), vec![reason]);
    // Whoever asked for a break over one channel is not followed to another.
    if let Some(until) = paused(record, twins, &found.recipient, channel, now) {
        return hold(until);
    }
    if purpose == Purpose::Promotion
        && let Some((_, opened)) = record.profile.ticket_open()
    {
        let fact = Fact::new(Told::TicketOpen, Some(opened));
        return hold((Timestamp::LATEST, Reason::with(ReasonCode::OpenTicket, vec![fact])));
    }
    let mut holds = vec![capped(world, record, wanted, channel, now)];
    // Whoever looks at the site has come by themselves, and is not disturbed.
    if channel != Channel::Web {
        holds.extend([
            balance(world, record, wanted, now),
            visiting(record, now),
            quiet(world, record, channel, now),
        ]);
    }
    if let Some(until) = holds.into_iter().flatten().max_by_key(|(until, _)| *until) {
        return hold(until);
    }
    match suits(world, record, wanted.send, channel, now).filter(|(until, _)| *until < deadline) {
        Some(until) => hold(until),
        None => Pause::Clear(found),
    }
}
