//! What works in a journey but is perhaps not what was meant: told, with a cure, and stops nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::check::Stated;
use super::mistake::{Findings, quoted};
use crate::condition::{Condition, Occasion, Reads};
use crate::event::{Channel, Kind, Purpose};
use crate::journey::{DrawPurpose, Journey, Send, Step, StepKind};
use crate::program::Shop;
use crate::source::SourceSettings;
use crate::time::{DAY, HOUR, MINUTE, lasting};

/// From so much time on, a message that nothing but time has led to is one of winning back.
const WIN_BACK_MS: i64 = 30 * DAY;

/// What journeys are looked at against.
pub(super) struct Surroundings<'s> {
    /// The shop.
    pub(super) shop: &'s Shop,
    /// What is stated of sources.
    pub(super) sources: &'s BTreeMap<String, SourceSettings>,
    /// Segments by name.
    pub(super) segments: &'s BTreeMap<String, Condition>,
}

/// Notes what is perhaps not what was meant.
pub(super) fn notice(
    journeys: &[Stated<Journey>],
    surroundings: &Surroundings<'_>,
    findings: &Findings,
) {
    for stated in journeys {
        let Some(journey) = &stated.value else { continue };
        let mut told = Vec::new();
        told.extend(sending(journey, surroundings.shop));
        told.extend(measuring(journey));
        told.extend(elapsed(journey, surroundings.segments));
        told.extend(unfed(journey, surroundings));
        for message in told {
            findings.notice(stated.place.clone(), message);
        }
    }
}

fn sends(journey: &Journey) -> impl Iterator<Item = (&Step, &Send)> {
    journey.steps.iter().filter_map(|step| Some((step, step.kind.send()?)))
}

fn sending(journey: &Journey, shop: &Shop) -> Vec<String> {
    let name = quoted(&journey.name);
    let mut told = Vec::new();
    let asks = |step: &Step| {
        matches!(step.kind, StepKind::Notify { .. } | StepKind::Webhook { .. } | StepKind::Show(_))
    };
    if sends(journey).next().is_none() {
        // Staff who are asked, a program that is told or the site do what is to be done.
        if journey.steps.iter().any(asks) {
            return told;
        }
        told.push(format!("the journey {name} sends nothing"));
    } else if journey.purpose == Purpose::Promotion
        && journey.exits.is_empty()
        && journey.goal.is_none()
    {
        told.push(format!("the journey {name} has no exit: it goes on after a purchase"));
    }
    for (step, send) in sends(journey) {
        let hours = send.ways().filter_map(|(channel, _)| shop.quiet_hours_of(channel));
        let quiet_ms = hours.map(|(from, to)| i64::from((to - from).rem_euclid(24 * 60)) * MINUTE);
        let quiet_ms = quiet_ms.max().unwrap_or(0);
        if journey.purpose != Purpose::Transactional && send.patience_ms <= quiet_ms {
            let hours = send.patience_ms / HOUR;
            told.push(format!(
                "the step {} of the journey {name} is held for {hours} hours at most: quiet hours alone may use that up",
                quoted(&step.name)
            ));
        }
        if send.at_best_hour && send.patience_ms < DAY {
            told.push(format!(
                "the step {} of the journey {name} waits for the best hour, and is held for less than a day: it may not live to see it; write \"hold at most: 24 hours\" or more",
                quoted(&step.name)
            ));
        }
    }
    let by_mail = sends(journey)
        .flat_map(|(_, send)| send.ways())
        .any(|(channel, _)| channel == Channel::Email);
    if !shop.name.is_empty() && shop.from_email.is_empty() && by_mail {
        told.push(format!(
            "the journey {name} sends, and the shop does not say from which address"
        ));
    }
    told
}

/// What is kept apart to be measured needs something to measure.
fn measuring(journey: &Journey) -> Vec<String> {
    if journey.goal.is_some() {
        return Vec::new();
    }
    let tests = |step: &&Step| step.kind.draw().is_some_and(|d| d.purpose == DrawPurpose::Test);
    let name = quoted(&journey.name);
    let told = journey.steps.iter().filter(tests).map(|step| {
        format!(
            "the test {} of the journey {name} has nothing to be judged by; add a \"goal\" to the journey",
            quoted(&step.name)
        )
    });
    told.collect()
}

/// A promotion that goes for no other reason than that time has passed.
fn elapsed(journey: &Journey, segments: &BTreeMap<String, Condition>) -> Option<String> {
    if journey.purpose != Purpose::Promotion {
        return None;
    }
    let asked: Vec<&Condition> = journey
        .entry
        .condition
        .iter()
        .chain(journey.steps.iter().filter_map(|step| step.kind.condition()))
        .collect();
    if asked.iter().any(|condition| !only_time(condition, segments)) {
        return None;
    }
    let mut waited_ms = 0;
    for step in &journey.steps {
        waited_ms += step.kind.least_ms();
        if step.kind.send().is_some() && (waited_ms >= WIN_BACK_MS || !asked.is_empty()) {
            return Some(format!(
                "the message {} of the journey {} goes for no other reason than that time has passed; say what else speaks for it, such as what the person bought, looked at, or the stage they are in",
                quoted(&step.name),
                quoted(&journey.name)
            ));
        }
    }
    None
}

/// Whether a condition asks for nothing but how long ago something was.
fn only_time(condition: &Condition, segments: &BTreeMap<String, Condition>) -> bool {
    if !condition.parts().is_empty() {
        return condition.parts().iter().all(|part| only_time(part, segments));
    }
    if let Condition::Segment(name) = condition {
        // A segment that names itself is another mistake, and told as one.
        return segments.get(name).is_some_and(|segment| {
            !segment.reads_through(segments).segments.contains(name) && only_time(segment, segments)
        });
    }
    matches!(condition, Condition::OrderAge { .. } | Condition::EventAge { .. } | Condition::Always)
}

/// What a journey starts by or asks for, and no stated source tells of.
fn unfed(journey: &Journey, surroundings: &Surroundings<'_>) -> Vec<String> {
    let sources = surroundings.sources;
    if sources.is_empty() {
        // Sources may be learned from what they send.
        return Vec::new();
    }
    let mut reads = Reads::default();
    for condition in journey.conditions() {
        reads.merge(condition.reads_through(surroundings.segments));
    }
    let kinds: BTreeSet<&Kind> = journey.entry.kinds.iter().chain(reads.kinds.keys()).collect();
    let mut channels: BTreeSet<Channel> = kinds.iter().filter_map(|kind| told_over(kind)).collect();
    if reads.tickets {
        channels.insert(Channel::Service);
    }
    let name = quoted(&journey.name);
    let missing = channels
        .into_iter()
        .filter(|channel| !sources.values().any(|source| source.channel == *channel));
    let mut told: Vec<String> = missing
        .map(|channel| {
            let word = channel.word();
            format!(
                "the journey {name} depends on what happens over {word}, and no source tells of it; define one: source: {word}"
            )
        })
        .collect();
    let first = journey.entry.dates.iter().any(|date| date.of == Occasion::FirstOrder);
    let orders = first || reads.orders || kinds.contains(&Kind::OrderCompleted);
    if orders && sources.values().all(|source| source.sends_orders == Some(false)) {
        told.push(format!(
            "the journey {name} depends on orders, and no source sends them; write \"sends orders: yes\" at the one that does"
        ));
    }
    told
}

/// The channel over which alone something of this kind is told of.
fn told_over(kind: &Kind) -> Option<Channel> {
    let service = [Kind::TicketOpened, Kind::TicketClosed];
    let store = [Kind::StoreVisited, Kind::ProductTried];
    let app = [Kind::ApplicationInstalled, Kind::ApplicationOpened, Kind::ApplicationUninstalled];
    let of = |kinds: &[Kind], channel| kinds.contains(kind).then_some(channel);
    of(&service, Channel::Service)
        .or_else(|| of(&store, Channel::Store))
        .or_else(|| of(&app, Channel::App))
}

/// A message whose deadline has passed before anybody can come to it, by step: its deadline, and
/// the least time on the way. A way back takes no less time than the way before it.
pub(super) fn too_late<'s>(
    steps: impl Iterator<Item = &'s StepKind> + Clone,
) -> Vec<(usize, String)> {
    let kinds: Vec<&StepKind> = steps.collect();
    let mut least = vec![i64::MAX; kinds.len() + 1];
    least[0] = 0;
    // Bellman and Ford: a jump back never shortens a way, so few rounds settle everything.
    for _ in 0..kinds.len() {
        let before = least.clone();
        for (index, kind) in kinds.iter().enumerate().filter(|(index, _)| before[*index] < i64::MAX)
        {
            let behind = least[index].saturating_add(kind.least_ms());
            let number = u32::try_from(index).expect("a file holds fewer steps");
            for to in kind.followers(number) {
                let to = usize::try_from(to).expect("steps are counted in usize");
                if let Some(held) = least.get_mut(to) {
                    *held = (*held).min(behind);
                }
            }
        }
        if before == least {
            break;
        }
    }
    let late = kinds.iter().enumerate().filter_map(|(index, kind)| {
        let deadline_ms = kind.send()?.deadline_ms?;
        let least = least[index];
        (least < i64::MAX && least >= deadline_ms).then(|| {
            let (deadline, least) = (lasting(deadline_ms), lasting(least));
            (index, format!("this message never goes: its deadline is {deadline} after the entry, and {least} pass before it"))
        })
    });
    late.collect()
}
