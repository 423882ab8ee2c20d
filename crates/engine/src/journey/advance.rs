//! Going through a journey: exits at once, waits until their moment, messages through the guard.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::again::put_back;
use super::call::call_step;
use super::own;
use super::wait::{self, wait_until};
use super::{
    Arm, Draw, EndCause, Enrollment, Journey, Notice, Outcome, Send, State, Step, StepKind, way_of,
};
use crate::condition::{
    Answer, Asked, Condition, Manner, Twin, Weighed, evaluate, first_sure, weigh,
};
use crate::decision::{Decision, Message, Verdict};
use crate::event::{Channel, Line, LogPosition, Value};
use crate::guard::{Claim, GuardAnswer, Hold, Wanted, guard};
use crate::offer::Given;
use crate::pace::paced_until;
use crate::product::Known;
use crate::profile::list_of;
use crate::reason::{Fact, Reason, ReasonCode, Told};
use crate::record::Record;
use crate::source::{FeedName, Lacking};
use crate::step::{self, World, person_zone};
use crate::time::{DAY, MINUTE, Timestamp};
use crate::truth::Truth;

/// The most steps an enrollment takes at one moment: definitions without a wait in a loop are
/// refused, so this only bounds a fault of ours.
const STEPS_MAX: usize = 1_000;

/// What one call of `step` works with.
#[derive(Debug)]
pub struct Way<'w, 'o> {
    /// What holds for everybody.
    pub world: &'w World<'w>,
    /// Whoever may be the same person.
    pub twins: &'w [Twin<'w>],
    /// The moment.
    pub now: Timestamp,
    /// The log position that the next claim gets.
    pub next: LogPosition,
    /// Where decisions and claims go.
    pub outcome: &'o mut step::Outcome,
}

impl Way<'_, '_> {
    /// Notes a decision about the person that concerns a journey as a whole.
    pub(super) fn decide(
        &mut self,
        person: &Record,
        journey: &Journey,
        verdict: Verdict,
        reasons: Vec<Reason>,
    ) {
        self.outcome.decisions.push(Decision {
            at: self.now,
            person: person.id(),
            verdict,
            journey: journey.name.clone(),
            step: String::new(),
            channel: None,
            recipient: None,
            products: Vec::new(),
            until: None,
            reasons,
            known_to: self.world.known_to,
            message: None,
        });
    }

    /// Ends enrollment number `index`.
    pub(super) fn end(
        &mut self,
        person: &mut Record,
        index: usize,
        cause: EndCause,
        verdict: Verdict,
        reasons: Vec<Reason>,
    ) {
        let enrollment = &mut person.enrollments[index];
        enrollment.state = State::Ended { at: self.now, cause };
        self.outcome.passages.left(enrollment);
        let name = enrollment.journey.clone();
        let version = enrollment.version;
        if let Some(journey) = self.world.program.journey(&name, version) {
            self.decide(person, journey, verdict, reasons);
        }
    }

    /// Whether another message may be claimed.
    fn has_room(&self) -> bool {
        self.outcome.claims.len() < self.world.room
    }

    pub(super) fn ask(
        &self,
        person: &Record,
        enrollment: &Enrollment,
        condition: &Condition,
        complete_to: Timestamp,
    ) -> Answer {
        let zone = person_zone(self.world.program, person);
        let asked = self.asked(person, enrollment, &zone);
        evaluate(condition, &Asked { complete_to, ..asked })
    }

    /// What a condition of an enrollment is asked about, for certain, with feeds complete up to
    /// their usual lag.
    pub(super) fn asked<'a>(
        &'a self,
        person: &'a Record,
        enrollment: &'a Enrollment,
        zone: &'a TimeZone,
    ) -> Asked<'a> {
        let asked = self.world.asked(person, self.twins, zone, self.now, Manner::ForCertain);
        Asked { entry: Some((enrollment.entered_at, &enrollment.cart)), ..asked }
    }
}

/// Tests the goal and the exit rules of every enrollment that runs: surely true ends it at once,
/// whatever it waits for. A message that is on its way cannot be called back: its enrollment is looked at as
/// soon as its outcome is known.
pub fn exit(way: &mut Way<'_, '_>, person: &mut Record) {
    for index in 0..person.enrollments.len() {
        let enrollment = &person.enrollments[index];
        if matches!(enrollment.state, State::Ended { .. } | State::Sending { .. }) {
            continue;
        }
        let world = way.world;
        let Some(journey) = world.program.journey(&enrollment.journey, enrollment.version) else {
            continue;
        };
        let zone = person_zone(world.program, person);
        let asked = way.asked(person, enrollment, &zone);
        // Most events end nothing: the words for it are made only where one does.
        let goal = first_sure(journey.goal.as_slice(), &asked).map(|goal| (goal, EndCause::Goal));
        let over = goal
            .or_else(|| first_sure(&journey.exits, &asked).map(|exit| (exit, EndCause::ExitRule)));
        let over = over.map(|(rule, cause)| {
            let (verdict, code) = cause.told();
            (cause, verdict, reason_of(code, rule, evaluate(rule, &asked)))
        });
        if let Some((cause, verdict, reason)) = over {
            way.end(person, index, cause, verdict, vec![reason]);
        }
    }
}

/// Sees to it that an enrollment is looked at when time alone may make one of its exit rules true:
/// a wait does not delay an exit. What holds by all that is known, and is not certain because a feed
/// has not told everything, is looked at again at that feed's word.
pub fn watch(way: &Way<'_, '_>, person: &mut Record) {
    let zone = person_zone(way.world.program, person);
    for index in 0..person.enrollments.len() {
        let enrollment = &person.enrollments[index];
        if matches!(enrollment.state, State::Ended { .. } | State::Sending { .. }) {
            continue;
        }
        let journey = way.world.program.journey(&enrollment.journey, enrollment.version);
        let asked = Asked { manner: Manner::AsKnown, ..way.asked(person, enrollment, &zone) };
        let endings = journey.into_iter().flat_map(Journey::endings);
        let weighed: Vec<(&Condition, Weighed)> =
            endings.map(|(rule, _)| (rule, weigh(rule, &asked))).collect();
        let turns = weighed.iter().filter_map(|(_, weighed)| weighed.next).min();
        let known = weighed.into_iter().filter(|(_, held)| held.truth.holds());
        let certain = Asked { manner: Manner::ForCertain, ..asked };
        let mut lacking: Vec<Lacking> =
            known.flat_map(|(condition, _)| evaluate(condition, &certain).waits_for).collect();
        if let Some((condition, entry)) = journey.and_then(|j| wait::waited_for(j, enrollment))
            && weigh(condition, &Asked { entry, ..asked }).truth.holds()
        {
            lacking.extend(evaluate(condition, &Asked { entry, ..certain }).waits_for);
        }
        let mut waits_for: Vec<(FeedName, Timestamp)> =
            lacking.into_iter().map(|lacking| (lacking.feed, lacking.needed_until)).collect();
        waits_for.sort();
        waits_for.dedup();
        person.enrollments[index].waits_for = waits_for;
        let Some(turns) = turns.filter(|at| *at > way.now) else { continue };
        match &mut person.enrollments[index].state {
            State::Waiting { until: Some(until) } | State::Held { until, .. } => {
                *until = (*until).min(turns);
            }
            State::Waiting { until } => *until = Some(turns),
            State::Sending { .. } | State::Ended { .. } => {}
        }
    }
}

fn reason_of(code: ReasonCode, condition: &Condition, answer: Answer) -> Reason {
    let mut facts = vec![Fact::new(Told::ConditionSays { condition: condition.to_string() }, None)];
    facts.extend(answer.facts);
    Reason::with(code, facts)
}

/// Takes every enrollment as far as it goes at this moment: of several messages that are due, that
/// of the journey with the highest priority comes first, and a cap holds the others.
pub fn advance(way: &mut Way<'_, '_>, person: &mut Record) {
    let mut order: Vec<usize> = (0..person.enrollments.len()).collect();
    order.sort_by_key(|index| {
        let enrollment = &person.enrollments[*index];
        let journey = way.world.program.journey(&enrollment.journey, enrollment.version);
        std::cmp::Reverse(journey.map_or(0, |journey| journey.priority))
    });
    for index in order {
        for _ in 0..STEPS_MAX {
            if !advance_once(way, person, index) {
                break;
            }
        }
        // What found no room is due now, and looked at again when there is room.
        if way.has_room() {
            push_on(&mut person.enrollments[index], way.now);
        }
    }
}

/// Whoever waits, waits for a later moment: a moment that has passed would be looked at for ever.
fn push_on(enrollment: &mut Enrollment, now: Timestamp) {
    let overdue = enrollment.due_at().is_some_and(|due| due <= now);
    debug_assert!(!overdue, "an enrollment that was looked at waits for a later moment");
    if overdue {
        match &mut enrollment.state {
            State::Waiting { until } => *until = Some(now.plus(MINUTE)),
            State::Held { until, .. } => *until = now.plus(MINUTE),
            State::Sending { .. } | State::Ended { .. } => {}
        }
    }
}

/// Takes one step of one enrollment; returns whether another may follow at the same moment.
fn advance_once(way: &mut Way<'_, '_>, person: &mut Record, index: usize) -> bool {
    let enrollment = &person.enrollments[index];
    let world = way.world;
    if matches!(enrollment.state, State::Ended { .. } | State::Sending { .. }) {
        return false;
    }
    let Some(journey) = world.program.journey(&enrollment.journey, enrollment.version) else {
        way.end(person, index, EndCause::Removed, Verdict::Exit, Vec::new());
        return false;
    };
    let number = usize::try_from(enrollment.step).unwrap_or(usize::MAX);
    let Some(step) = journey.steps.get(number) else {
        let reason = Reason::bare(ReasonCode::JourneyDone);
        way.end(person, index, EndCause::Done, Verdict::Done, vec![reason]);
        return false;
    };
    match &step.kind {
        StepKind::Wait { ms } => {
            let until = person.enrollments[index].since.plus(*ms);
            wait::wait(way, person, index, until)
        }
        StepKind::WaitDays { days, at_minute } => {
            let since = person.enrollments[index].since;
            let until = wait::calendar(world.program, person, since, *days, *at_minute);
            wait::wait(way, person, index, until)
        }
        StepKind::WaitWeekday { weekday, at_minute } => {
            let since = person.enrollments[index].since;
            let until = wait::weekday(world.program, person, since, *weekday, *at_minute);
            wait::wait(way, person, index, until)
        }
        StepKind::WaitUntil { condition, at_most_ms, otherwise } => {
            let since = enrollment.entered_at;
            wait_until(way, person, index, (condition, since), (*at_most_ms, *otherwise))
        }
        StepKind::WaitFor { happened, at_most_ms, otherwise, .. } => {
            let since = enrollment.since;
            wait_until(way, person, index, (happened, since), (*at_most_ms, *otherwise))
        }
        StepKind::Branch { condition, otherwise, unknown } => {
            branch(way, person, index, (journey, step), condition, (*otherwise, *unknown))
        }
        StepKind::Draw(draw) => draw_step(way, person, index, (journey, step), draw),
        StepKind::Set { traits } => set_step(way, person, index, (journey, step), traits),
        StepKind::Notify { text, to } => {
            notify_step(way, person, index, (journey, step), (text, to.as_ref()))
        }
        StepKind::Webhook { to, with } => {
            call_step(way, person, index, (journey, step), (to, with))
        }
        StepKind::Goto(step) => go(way, person, index, *step),
        StepKind::Send(send) => send_step(way, person, index, journey, step, send),
        StepKind::Show(show) => {
            let until = person.enrollments[index].since.plus(show.message.patience_ms);
            wait::wait(way, person, index, until)
        }
        StepKind::Exit => {
            let reason = Reason::bare(ReasonCode::JourneyDone);
            way.end(person, index, EndCause::Done, Verdict::Done, vec![reason]);
            false
        }
    }
}

/// Comes to another step.
pub(super) fn go(way: &mut Way<'_, '_>, person: &mut Record, index: usize, step: u32) -> bool {
    let enrollment = &mut person.enrollments[index];
    way.outcome.passages.done(enrollment);
    enrollment.step = step;
    enrollment.since = way.now;
    enrollment.again = None;
    enrollment.state = State::Waiting { until: Some(way.now) };
    way.outcome.passages.came(enrollment);
    true
}

pub(super) fn go_on(way: &mut Way<'_, '_>, person: &mut Record, index: usize) -> bool {
    let step = person.enrollments[index].step + 1;
    go(way, person, index, step)
}

fn branch(
    way: &mut Way<'_, '_>,
    person: &mut Record,
    index: usize,
    (journey, step): (&Journey, &Step),
    condition: &Condition,
    (otherwise, unknown): (u32, u32),
) -> bool {
    let enrollment = &person.enrollments[index];
    let end = enrollment.since.plus(Send::PATIENCE_MS);
    let answer = way.ask(person, enrollment, condition, enrollment.since);
    match answer.truth {
        Truth::True => go_on(way, person, index),
        Truth::False => go(way, person, index, otherwise),
        Truth::Unknown if way.now >= end => go(way, person, index, unknown),
        Truth::Unknown => {
            let presumed = answer.waits_for.iter().filter_map(|l| l.presumed_at).min();
            let moments = [answer.next, presumed, Some(end)].into_iter().flatten();
            let until = moments.filter(|at| *at > way.now).min().unwrap_or(end);
            let waits = answer.waits_for.into_iter();
            let hold = Hold {
                until,
                reasons: answer.unknown_because,
                channel: None,
                waits_for: waits.map(|lacking| (lacking.feed, lacking.needed_until)).collect(),
                turn: None,
            };
            let decision = about(way, person, journey, step, None, Verdict::Hold);
            let due_at = person.enrollments[index].since;
            held(way, &mut person.enrollments[index], due_at, hold, decision);
            false
        }
    }
}

/// Goes the way that chance chose when the person first came to this step.
fn draw_step(
    way: &mut Way<'_, '_>,
    person: &mut Record,
    index: usize,
    (journey, step): (&Journey, &Step),
    draw: &Draw,
) -> bool {
    let arms = &person.enrollments[index].arms;
    let before = arms.iter().find(|arm| arm.step == step.name);
    let before = before.and_then(|arm| draw.ways.iter().find(|way| way.name == arm.way));
    let fresh = || way_of((&journey.name, &step.name), draw, person.id());
    let Some(chosen) = before.or_else(fresh) else { return go_on(way, person, index) };
    let told = Told::DrawnInto { experiment: step.name.clone(), way: chosen.name.clone() };
    let reason = |code| Reason::with(code, vec![Fact::new(told.clone(), None)]);
    if before.is_none() {
        let mut decision = about(way, person, journey, step, None, Verdict::Assign);
        decision.reasons = vec![reason(ReasonCode::Drawn)];
        way.outcome.decisions.push(decision);
        let arm = Arm { step: step.name.clone(), way: chosen.name.clone() };
        let arms = &mut person.enrollments[index].arms;
        arms.retain(|held| held.step != arm.step);
        arms.push(arm);
    }
    match chosen.to {
        Some(to) => go(way, person, index, to),
        None => {
            let reasons = vec![reason(ReasonCode::Holdout)];
            way.end(person, index, EndCause::KeptOut, Verdict::Exit, reasons);
            false
        }
    }
}

/// States traits as an event of our own, which stands in the log as every other one; what it makes
/// true ends journeys at once.
fn set_step(
    way: &mut Way<'_, '_>,
    person: &mut Record,
    index: usize,
    (journey, step): (&Journey, &Step),
    traits: &BTreeMap<String, Value>,
) -> bool {
    let position = way.next;
    way.next = LogPosition(position.0 + 1);
    let event = own::traits_set(person, (&journey.name, &step.name), traits, (position, way.now));
    person.profile.fold(&event, &way.world.program.aggregates);
    person.remember(position);
    way.outcome.stated.push((position, event));
    let mut decision = about(way, person, journey, step, None, Verdict::Set);
    let said = |name: &String| match list_of(name) {
        Some(list) => Fact::new(Told::InList { list: list.to_owned() }, None),
        None => Fact::new(Told::TraitStated { name: name.clone() }, None),
    };
    decision.reasons =
        vec![Reason::with(ReasonCode::SetByJourney, traits.keys().map(said).collect())];
    way.outcome.decisions.push(decision);
    let on = go_on(way, person, index);
    exit(way, person);
    on
}

/// Asks staff to see to something.
fn notify_step(
    way: &mut Way<'_, '_>,
    person: &mut Record,
    index: usize,
    (journey, step): (&Journey, &Step),
    (text, to): (&str, Option<&String>),
) -> bool {
    let mut decision = about(way, person, journey, step, None, Verdict::Notify);
    let told = Told::NoticeSays { text: text.to_owned() };
    decision.reasons = vec![Reason::with(ReasonCode::StaffAsked, vec![Fact::new(told, None)])];
    way.outcome.decisions.push(decision);
    way.outcome.notices.push(Notice {
        id: 0,
        at: way.now,
        person: person.id(),
        journey: journey.name.clone(),
        step: step.name.clone(),
        text: text.to_owned(),
        done: None,
        to: to.cloned(),
        mail_due: to.is_some(),
    });
    go_on(way, person, index)
}

fn send_step(
    way: &mut Way<'_, '_>,
    person: &mut Record,
    index: usize,
    journey: &Journey,
    step: &Step,
    send: &Send,
) -> bool {
    let enrollment = &person.enrollments[index];
    let due_at = enrollment.since;
    if let Some(again) = enrollment.again.as_ref().filter(|again| way.now < again.not_before) {
        let decision = about(way, person, journey, step, Some(send.channel), Verdict::Hold);
        let reasons = vec![Reason::bare(ReasonCode::NotTaken)];
        let (until, waits_for) = (again.not_before, Vec::new());
        let hold = Hold { until, reasons, channel: None, waits_for, turn: None };
        held(way, &mut person.enrollments[index], due_at, hold, decision);
        return false;
    }
    let wanted = Wanted { journey, enrollment, send, due_at, claims: &way.outcome.claims };
    let answer = guard(way.world, person, way.twins, wanted, way.now);
    match answer {
        GuardAnswer::Send(_) if !way.has_room() => {
            // Whoever has come for a promised turn keeps it until somebody is free to send it.
            if paced_until(&enrollment.state).is_none() {
                person.enrollments[index].state = State::Waiting { until: Some(way.now) };
            }
            false
        }
        GuardAnswer::Send(claim) => {
            let id = claim_message(way, person, journey, step, claim);
            person.enrollments[index].state = State::Sending { message: id };
            false
        }
        GuardAnswer::Hold(hold) => {
            let channel = hold.channel.unwrap_or(send.channel);
            way.outcome.turns.extend(hold.turn.clone());
            let decision = about(way, person, journey, step, Some(channel), Verdict::Hold);
            held(way, &mut person.enrollments[index], due_at, hold, decision);
            false
        }
        GuardAnswer::Skip(reasons) => {
            let mut decision = about(way, person, journey, step, Some(send.channel), Verdict::Skip);
            decision.reasons = reasons;
            way.outcome.decisions.push(decision);
            go_on(way, person, index)
        }
        GuardAnswer::Exit(cause, reasons) => {
            way.end(person, index, cause, cause.told().0, reasons);
            false
        }
    }
}

/// Lets an enrollment wait where it is due. That is told when its causes are others than before:
/// not every time at which the clock in their words has moved on.
fn held(
    way: &mut Way<'_, '_>,
    enrollment: &mut Enrollment,
    due_at: Timestamp,
    hold: Hold,
    mut decision: Decision,
) {
    let cause = |reason: &Reason| (reason.code, reason.person);
    let news = match &enrollment.state {
        State::Held { reasons, waits_for, .. } => {
            !reasons.iter().map(cause).eq(hold.reasons.iter().map(cause))
                || *waits_for != hold.waits_for
        }
        State::Waiting { .. } | State::Sending { .. } | State::Ended { .. } => true,
    };
    if news {
        decision.until = Some(hold.until);
        decision.reasons.clone_from(&hold.reasons);
        way.outcome.decisions.push(decision);
    }
    let Hold { until, reasons, waits_for, .. } = hold;
    enrollment.state = State::Held { due_at, until, reasons, waits_for };
}

/// Notes a decision about the person at a step.
pub(super) fn place_decision(
    way: &mut Way<'_, '_>,
    person: &Record,
    (journey, step): (&Journey, &Step),
    verdict: Verdict,
    reasons: Vec<Reason>,
) {
    let mut decision = about(way, person, journey, step, None, verdict);
    decision.reasons = reasons;
    way.outcome.decisions.push(decision);
}

/// Notes what a browser did with a message on the site.
pub(super) fn site_decision(
    way: &mut Way<'_, '_>,
    person: &Record,
    place: (&Journey, &Step),
    verdict: Verdict,
) {
    let decision = about(way, person, place.0, place.1, Some(Channel::Web), verdict);
    way.outcome.decisions.push(decision);
}

fn about(
    way: &Way<'_, '_>,
    person: &Record,
    journey: &Journey,
    step: &Step,
    channel: Option<Channel>,
    verdict: Verdict,
) -> Decision {
    Decision {
        at: way.now,
        person: person.id(),
        verdict,
        journey: journey.name.clone(),
        step: step.name.clone(),
        channel,
        recipient: None,
        products: Vec::new(),
        until: None,
        reasons: Vec::new(),
        known_to: way.world.known_to,
        message: None,
    }
}

fn claim_message(
    way: &mut Way<'_, '_>,
    person: &Record,
    journey: &Journey,
    step: &Step,
    claim: Claim,
) -> u64 {
    let id = way.next.0;
    way.next = LogPosition(id + 1);
    let mut decision = about(way, person, journey, step, Some(claim.channel), Verdict::Send);
    decision.recipient = Some(claim.recipient.clone());
    decision.products = claim.lines.iter().map(|line| product_of(way, line)).collect();
    decision.reasons = claim.reasons;
    decision.message = Some(id);
    way.outcome.decisions.push(decision);
    // The code is filled in by whoever has random bits, before anything is written.
    let offer = claim.offer.and_then(|name| way.world.program.offers.get(&name));
    let offer = offer.map(|offer| Given::of(offer, way.now));
    let to = (claim.channel, claim.recipient);
    way.outcome.claims.push(Message {
        journey: journey.name.clone(),
        step: step.name.clone(),
        template: claim.template,
        lines: claim.lines,
        without_offer: claim.without_offer,
        offer,
        ..Message::claimed(id, person.id(), to, journey.purpose, way.now)
    });
    id
}

/// What a line is called in a decision: the product's id, else what its source calls it.
fn product_of(way: &Way<'_, '_>, line: &Line) -> String {
    let named = match way.world.catalogue.of_line(line) {
        Known::Product(id) => Some(id),
        Known::Unmapped => line.codes.first().map(|code| code.value.as_str()),
    };
    named.unwrap_or(line.label()).to_owned()
}

/// Takes in what became of a message. The next wait counts from here.
pub fn settle(
    way: &mut Way<'_, '_>,
    person: &mut Record,
    (message, channel): (u64, Channel),
    outcome: Outcome,
) {
    let sending = State::Sending { message };
    let Some(index) = person.enrollments.iter().position(|e| e.state == sending) else { return };
    let world = way.world;
    let back = outcome
        .back_because()
        .filter(|_| put_back(&mut person.enrollments[index], outcome, channel, way.now));
    let enrollment = &person.enrollments[index];
    let number = usize::try_from(enrollment.step).unwrap_or(usize::MAX);
    let journey = world.program.journey(&enrollment.journey, enrollment.version);
    if let Some(journey) = journey
        && let Some(step @ Step { kind: StepKind::Send(_), .. }) = journey.steps.get(number)
    {
        let (verdict, because) = match outcome {
            _ if back.is_some() => (Verdict::TakenBack, back),
            Outcome::Sent => (Verdict::Sent, None),
            Outcome::Uncertain => (Verdict::Uncertain, Some(ReasonCode::Uncertain)),
            Outcome::Failed
            | Outcome::TakenBack
            | Outcome::Overtaken
            | Outcome::Postponed
            | Outcome::Rejected
            | Outcome::Unreached => (Verdict::Failed, None),
        };
        let mut decision = about(way, person, journey, step, Some(channel), verdict);
        decision.message = Some(message);
        decision.reasons = because.into_iter().map(Reason::bare).collect();
        way.outcome.decisions.push(decision);
    }
    if back.is_none() {
        go_on(way, person, index);
    }
}

/// Drops enrollments that ended so long ago that no re-entry rule asks for them, then the oldest
/// above the limit: those that ended before those that run, which leave where they stand.
pub fn forget(way: &mut Way<'_, '_>, person: &mut Record) {
    let (program, now) = (way.world.program, way.now);
    person.enrollments.retain(|enrollment| match &enrollment.state {
        State::Ended { .. } => {
            let journey = program.journey(&enrollment.journey, enrollment.version);
            let keep_ms = journey.map_or(0, |journey| journey.re_entry_ms);
            now < enrollment.entered_at.plus(keep_ms.max(30 * DAY))
        }
        State::Waiting { .. } | State::Held { .. } | State::Sending { .. } => true,
    });
    while person.enrollments.len() > Record::ENROLLMENTS_MAX {
        let ended = person.enrollments.iter().position(|enrollment| !enrollment.runs());
        let dropped = person.enrollments.remove(ended.unwrap_or(0));
        if dropped.runs() {
            way.outcome.passages.left(&dropped);
        }
    }
}
