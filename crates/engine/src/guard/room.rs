//! Room for a message: caps over all channels and journeys, priority first, care between promotions.

use super::rules::Wanted;
use crate::event::{Channel, Purpose};
use crate::journey::{Enrollment, Journey, Send, State, StepKind};
use crate::program::Cap;
use crate::reason::{Fact, Messages, Reason, ReasonCode, Span, Told};
use crate::record::Record;
use crate::step::World;
use crate::time::Timestamp;

/// So many jumps are followed to the message that comes next.
const JUMPS_MAX: usize = 10;

/// A message that went out, or was claimed at this very moment.
#[derive(Clone, Copy)]
struct Gone {
    purpose: Purpose,
    channel: Channel,
    at: Timestamp,
}

/// Every message to the person that counts, the latest last.
fn gone(record: &Record, wanted: Wanted<'_>) -> Vec<Gone> {
    let of_now = wanted.claims.iter().map(|claim| Gone {
        purpose: claim.purpose,
        channel: claim.channel,
        at: claim.claimed_at,
    });
    let before = record.profile.sent.iter().map(|sent| Gone {
        purpose: sent.purpose,
        channel: sent.channel,
        at: sent.stamp.at,
    });
    let mut all: Vec<Gone> = before.chain(of_now).collect();
    all.sort_by_key(|gone| gone.at);
    all
}

/// A message of a journey with a higher priority that is due soon.
struct Higher<'j> {
    journey: &'j Journey,
    channel: Channel,
    due: Timestamp,
}

/// Caps count over all channels and journeys; the message waits until the window has room, and
/// takes no room that a message with a higher priority will need before it is free again.
pub(super) fn capped(
    world: &World<'_>,
    record: &Record,
    wanted: Wanted<'_>,
    channel: Channel,
    now: Timestamp,
) -> Option<(Timestamp, Reason)> {
    let caps = world.program.shop.caps.iter();
    let caps = caps.filter(|cap| cap.max > 0 && speaks_of(cap, channel));
    let all = gone(record, wanted);
    let mut higher: Option<Vec<Higher<'_>>> = None;
    let mut worst: Option<(Timestamp, Reason)> = None;
    for cap in caps {
        let counts = |purpose: Purpose, over: Channel| {
            purpose != Purpose::Transactional && speaks_of(cap, over)
        };
        let sent: Vec<Timestamp> = all
            .iter()
            .filter(|gone| counts(gone.purpose, gone.channel))
            .map(|gone| gone.at)
            .filter(|at| now.since(*at) < cap.window_ms)
            .collect();
        let held = full(cap, &sent).or_else(|| {
            let higher = higher.get_or_insert_with(|| due_soon(world, record, wanted, now));
            let mut reserved: Vec<&Higher<'_>> =
                higher.iter().filter(|h| counts(h.journey.purpose, h.channel)).collect();
            reserved.sort_by_key(|higher| higher.due);
            robs(cap, &sent, &reserved, now)
        });
        if let Some((until, reason)) = held
            && worst.as_ref().is_none_or(|(held, _)| *held < until)
        {
            worst = Some((until, reason));
        }
    }
    worst
}

/// Whether a cap counts what goes over a channel. What the site shows reaches nobody who has not come
/// by themselves: only a limit of its own counts it.
fn speaks_of(cap: &Cap, channel: Channel) -> bool {
    cap.channel.map_or(channel != Channel::Web, |of| of == channel)
}

/// Until when a cap has no room, given the messages in its window.
fn full(cap: &Cap, sent: &[Timestamp]) -> Option<(Timestamp, Reason)> {
    let most = usize::try_from(cap.max).unwrap_or(usize::MAX);
    if sent.len() < most {
        return None;
    }
    let until = sent[sent.len() - most].plus(cap.window_ms);
    let messages = Messages(u64::try_from(sent.len()).unwrap_or(u64::MAX));
    let lately = Told::MessagesLately { messages, window: Span(cap.window_ms) };
    let fact = Fact::new(lately, sent.last().copied());
    Some((until, Reason::with(ReasonCode::FrequencyCap, vec![fact])))
}

/// Whether a message that goes now would leave one with a higher priority without room when that is
/// due; then it waits for that moment, at which the higher one is looked at first.
fn robs(
    cap: &Cap,
    sent: &[Timestamp],
    reserved: &[&Higher<'_>],
    now: Timestamp,
) -> Option<(Timestamp, Reason)> {
    let most = usize::try_from(cap.max).unwrap_or(usize::MAX);
    for (before, higher) in reserved.iter().enumerate() {
        if higher.due.since(now) >= cap.window_ms {
            return None;
        }
        let still = sent.iter().filter(|at| higher.due.since(**at) < cap.window_ms).count();
        // What went, what has a reservation before it, and the message that asks.
        if still + before + 1 >= most {
            let told = Told::HigherDue { journey: higher.journey.name.clone() };
            let fact = Fact::new(told, Some(higher.due));
            return Some((higher.due, Reason::with(ReasonCode::HigherFirst, vec![fact])));
        }
    }
    None
}

/// Messages of journeys with a higher priority that the person will be due for after `now`.
fn due_soon<'j>(
    world: &World<'j>,
    record: &Record,
    wanted: Wanted<'_>,
    now: Timestamp,
) -> Vec<Higher<'j>> {
    let program = world.program;
    let running = record.enrollments.iter().filter(|enrollment| enrollment.runs());
    let found = running.filter_map(|enrollment| {
        let journey = program.journey(&enrollment.journey, enrollment.version)?;
        let above = journey.priority > wanted.journey.priority;
        let (send, due) = (above && journey.purpose != Purpose::Transactional)
            .then(|| next_send(journey, enrollment))??;
        (due > now).then_some(Higher { journey, channel: send.channel, due })
    });
    found.collect()
}

/// The message an enrollment waits for, or with, and when: at its step or right behind its wait.
fn next_send<'j>(journey: &'j Journey, enrollment: &Enrollment) -> Option<(&'j Send, Timestamp)> {
    let due = match &enrollment.state {
        State::Waiting { until } => (*until)?,
        State::Held { until, reasons, .. } => {
            let reachable = |reason: &Reason| {
                !matches!(reason.code, ReasonCode::NoAddress | ReasonCode::SendingPaused)
            };
            if !reasons.iter().all(reachable) {
                return None;
            }
            *until
        }
        State::Sending { .. } | State::Ended { .. } => return None,
    };
    let mut number = enrollment.step;
    for _ in 0..JUMPS_MAX {
        let kind = &journey.steps.get(usize::try_from(number).ok()?)?.kind;
        if let Some(send) = kind.send() {
            return Some((send, due));
        }
        if let StepKind::Goto(to) = kind {
            number = *to;
        } else if kind.waits() && number == enrollment.step {
            number += 1;
        } else {
            return None;
        }
    }
    None
}

/// Care between promotions: after so many promotions in a row the next one waits until a message
/// that asks for nothing went out, or until the oldest of them is long enough ago.
pub(super) fn balance(
    world: &World<'_>,
    record: &Record,
    wanted: Wanted<'_>,
    now: Timestamp,
) -> Option<(Timestamp, Reason)> {
    let balance = world.program.shop.balance?;
    if wanted.journey.purpose != Purpose::Promotion {
        return None;
    }
    let all = gone(record, wanted);
    let sent = all.iter().filter(|gone| gone.channel != Channel::Web);
    let lately = sent.filter(|gone| now.since(gone.at) < balance.window_ms);
    let in_a_row: Vec<Timestamp> = lately
        .rev()
        .take_while(|gone| gone.purpose != Purpose::Care)
        .filter(|gone| gone.purpose == Purpose::Promotion)
        .map(|gone| gone.at)
        .collect();
    let most = usize::try_from(balance.promotions).unwrap_or(usize::MAX);
    // The latest come first: as soon as the last of `most` is long ago, the row is shorter.
    let until = in_a_row.get(most.checked_sub(1)?)?.plus(balance.window_ms);
    let messages = Messages(u64::try_from(in_a_row.len()).unwrap_or(u64::MAX));
    let told = Told::PromotionsInARow { messages, window: Span(balance.window_ms) };
    let fact = Fact::new(told, in_a_row.first().copied());
    Some((until, Reason::with(ReasonCode::CareFirst, vec![fact])))
}
