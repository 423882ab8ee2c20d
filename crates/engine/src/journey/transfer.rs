//! Moving people to another version of their journey: which step of the old one is which step of the
//! new one, and what happens to those whose step is gone.

use super::advance::{Way, place_decision};
use super::{EndCause, Journey, State, StepKind};
use crate::decision::Verdict;
use crate::reason::{Fact, Reason, ReasonCode, Told};
use crate::record::Record;

/// How people go from one version of a journey to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// The journey's name.
    pub journey: String,
    /// The version they are in.
    pub from: u64,
    /// The version they come to.
    pub to: u64,
    /// For each step of the old version, in order, the step of the new one; `None`: it is gone.
    pub steps: Vec<Option<u32>>,
    /// What happens to people whose step is gone.
    pub gone: Gone,
    /// Who says so.
    pub by: String,
}

/// What happens to people whose step is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gone {
    /// They stay in the version they are in.
    #[default]
    Stay,
    /// They leave the journey.
    Leave,
    /// They come to this step of the new version.
    Step(u32),
}

impl Transfer {
    /// How many enrollments of the person run in the old version.
    #[must_use]
    pub fn concerned(&self, person: &Record) -> usize {
        let old = person.enrollments.iter().filter(|enrollment| {
            enrollment.journey == self.journey && enrollment.version == self.from
        });
        old.filter(|enrollment| enrollment.runs()).count()
    }

    /// Where somebody at a step of the old version comes to; `None`: nowhere in the new one.
    #[must_use]
    pub fn place(&self, step: u32) -> Option<u32> {
        match self.gone {
            Gone::Step(to) => self.same(step).or(Some(to)),
            Gone::Stay | Gone::Leave => self.same(step),
        }
    }

    /// The step of the new version that a step of the old one is; `None`: it is gone.
    #[must_use]
    pub fn same(&self, step: u32) -> Option<u32> {
        usize::try_from(step).ok().and_then(|step| self.steps.get(step).copied().flatten())
    }
}

/// Which step of `new` each step of `old` is; `None`: it is gone.
///
/// Steps are the same that bear the same given name, or that do exactly the same in the same order;
/// what stands alone between two such steps and is of one sort, such as a wait that became longer, is
/// the same too. Cost: the product of both lengths.
#[must_use]
pub fn matched(old: &Journey, new: &Journey) -> Vec<Option<u32>> {
    let (olds, news) = (sides(old), sides(new));
    let mut to: Vec<Option<usize>> = vec![None; olds.len()];
    let mut taken = vec![false; news.len()];
    let mut anchors = common(&olds, &news);
    for (i, j) in &anchors {
        to[*i] = Some(*j);
        taken[*j] = true;
    }
    // A named step may have been moved elsewhere.
    for (i, side) in olds.iter().enumerate().filter(|(_, side)| side.name.is_some()) {
        let same = |(j, other): &(usize, &Side<'_>)| {
            !taken[*j] && other.name == side.name && other.sort == side.sort
        };
        if to[i].is_none()
            && let Some((j, _)) = news.iter().enumerate().find(same)
        {
            to[i] = Some(j);
            taken[j] = true;
        }
    }
    anchors.push((olds.len(), news.len()));
    let (mut i, mut j) = (0, 0);
    for (next_i, next_j) in anchors {
        between(&olds, &news, (i..next_i, j..next_j), &mut to, &mut taken);
        (i, j) = (next_i + 1, next_j + 1);
    }
    to.into_iter().map(|place| place.and_then(|place| u32::try_from(place).ok())).collect()
}

/// A step as it is compared.
struct Side<'j> {
    /// The name it was given; `None`: it was made from its place.
    name: Option<&'j str>,
    /// What it does, without where it jumps.
    kind: StepKind,
    sort: Sort,
}

/// Sorts of steps at which somebody is in the same way.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Wait,
    Branch,
    Draw,
    Send,
    Show,
    /// Nobody stays there.
    Passing,
}

fn sides(journey: &Journey) -> Vec<Side<'_>> {
    let made = |name: &str| {
        let number = name.strip_prefix("step-").or_else(|| name.strip_prefix("join-"));
        number.is_some_and(|number| number.trim_end_matches('+').parse::<u32>().is_ok())
    };
    let side = |step: &'_ super::Step| (step.kind.clone(), sort(&step.kind));
    let all = journey.steps.iter().map(|step| {
        let (mut kind, sort) = side(step);
        kind.forget_jumps();
        Side { name: Some(step.name.as_str()).filter(|name| !made(name)), kind, sort }
    });
    all.collect()
}

fn sort(kind: &StepKind) -> Sort {
    match kind {
        StepKind::Wait { .. }
        | StepKind::WaitDays { .. }
        | StepKind::WaitWeekday { .. }
        | StepKind::WaitUntil { .. }
        | StepKind::WaitFor { .. } => Sort::Wait,
        StepKind::Branch { .. } => Sort::Branch,
        StepKind::Draw(_) => Sort::Draw,
        StepKind::Send(_) => Sort::Send,
        StepKind::Show(_) => Sort::Show,
        StepKind::Set { .. }
        | StepKind::Notify { .. }
        | StepKind::Webhook { .. }
        | StepKind::Goto(_)
        | StepKind::Exit => Sort::Passing,
    }
}

impl Side<'_> {
    fn same(&self, other: &Self) -> bool {
        match (self.name, other.name) {
            (Some(own), Some(others)) => own == others && self.sort == other.sort,
            (None, None) => self.kind == other.kind,
            (Some(_), None) | (None, Some(_)) => false,
        }
    }
}

/// Pairs of the same steps in both orders, as many as can be (longest common subsequence).
fn common(olds: &[Side<'_>], news: &[Side<'_>]) -> Vec<(usize, usize)> {
    let width = news.len() + 1;
    let mut length = vec![0_u32; (olds.len() + 1) * width];
    for i in (0..olds.len()).rev() {
        for j in (0..news.len()).rev() {
            length[i * width + j] = if olds[i].same(&news[j]) {
                length[(i + 1) * width + j + 1] + 1
            } else {
                length[(i + 1) * width + j].max(length[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j, mut pairs) = (0, 0, Vec::new());
    while i < olds.len() && j < news.len() {
        if olds[i].same(&news[j]) {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if length[(i + 1) * width + j] >= length[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// Pairs what stands between two pairs: one step of a sort that bears no name on each side.
fn between(
    olds: &[Side<'_>],
    news: &[Side<'_>],
    (old, new): (std::ops::Range<usize>, std::ops::Range<usize>),
    to: &mut [Option<usize>],
    taken: &mut [bool],
) {
    for sort in [Sort::Wait, Sort::Branch, Sort::Draw, Sort::Send, Sort::Show] {
        let alone = |side: &Side<'_>| side.name.is_none() && side.sort == sort;
        let left: Vec<usize> =
            old.clone().filter(|i| to[*i].is_none() && alone(&olds[*i])).collect();
        let right: Vec<usize> = new.clone().filter(|j| !taken[*j] && alone(&news[*j])).collect();
        if let ([i], [j]) = (left.as_slice(), right.as_slice()) {
            to[*i] = Some(*j);
            taken[*j] = true;
        }
    }
}

/// Moves the person's enrollments of the old version. What they waited for is looked at anew at once,
/// counted from when they came to their step. A message on its way stays with its step: where that is
/// no message in the new version, its enrollment stays until the message's outcome is known.
pub fn transfer(way: &mut Way<'_, '_>, person: &mut Record, transfer: &Transfer) {
    let world = way.world;
    let Some(old) = world.program.journey(&transfer.journey, transfer.from) else { return };
    let Some(new) = world.program.journey(&transfer.journey, transfer.to) else { return };
    for index in 0..person.enrollments.len() {
        let enrollment = &person.enrollments[index];
        let own = enrollment.journey == transfer.journey && enrollment.version == transfer.from;
        if !own || !enrollment.runs() {
            continue;
        }
        let at = |journey: &Journey, step: u32| {
            usize::try_from(step).ok().and_then(|step| journey.steps.get(step).cloned())
        };
        let sending = matches!(enrollment.state, State::Sending { .. });
        let before = at(old, enrollment.step).map(|step| step.name).unwrap_or_default();
        let Some(to) = transfer.place(enrollment.step) else {
            if transfer.gone == Gone::Leave && !sending {
                let facts = vec![Fact::new(Told::StepWas { step: before }, None)];
                let reason = Reason::with(ReasonCode::StepGone, facts);
                way.end(person, index, EndCause::Removed, Verdict::Exit, vec![reason]);
            }
            continue;
        };
        let Some(step) = at(new, to) else { continue };
        if sending && step.kind.send().is_none() {
            continue;
        }
        let elsewhere = transfer.same(enrollment.step).is_none();
        let enrollment = &mut person.enrollments[index];
        way.outcome.passages.done(enrollment);
        if elsewhere {
            enrollment.since = way.now;
            enrollment.again = None;
        }
        enrollment.version = transfer.to;
        enrollment.step = to;
        enrollment.waits_for.clear();
        if !sending {
            enrollment.state = State::Waiting { until: Some(way.now) };
        }
        way.outcome.passages.came(enrollment);
        let told = Told::MovedBy { by: transfer.by.clone(), step: before };
        let reason = Reason::with(ReasonCode::MovedToVersion, vec![Fact::new(told, None)]);
        place_decision(way, person, (new, &step), Verdict::Move, vec![reason]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::check;

    fn journey(steps: &str) -> Journey {
        let text = format!("journey: j\npurpose: care\nenter: Product Added\nsteps:\n{steps}");
        let (program, _) = check(&[("j.yaml".to_owned(), text)]).unwrap();
        program.journeys[0].clone()
    }

    fn places(old: &str, new: &str) -> Vec<Option<u32>> {
        matched(&journey(old), &journey(new))
    }

    #[test]
    fn a_step_that_was_put_in_moves_the_others_along() {
        let old = "  - wait: 1 hour\n  - set: { a: yes }\n  - wait: 2 days\n";
        let new = "  - wait: 1 hour\n  - notify: call\n  - set: { a: yes }\n  - wait: 2 days\n";
        assert_eq!(places(old, new), [Some(0), Some(2), Some(3)]);
    }

    #[test]
    fn a_wait_that_became_longer_is_the_same_wait() {
        let old = "  - wait: 1 hour\n  - set: { a: yes }\n  - wait: 2 days\n";
        let new = "  - wait: 5 hours\n  - set: { a: yes }\n  - wait: 2 days\n";
        assert_eq!(places(old, new), [Some(0), Some(1), Some(2)]);
    }

    #[test]
    fn a_name_is_found_wherever_it_went_and_what_was_taken_out_is_gone() {
        let old = "  - { wait: 1 hour, name: first }\n  - { wait: 2 days, name: second }\n  - { wait: 3 days, name: third }\n";
        let new = "  - { wait: 3 days, name: third }\n  - { wait: 9 hours, name: first }\n";
        assert_eq!(places(old, new), [Some(1), None, Some(0)]);
    }

    #[test]
    fn of_two_waits_in_the_place_of_one_none_is_guessed() {
        let old = "  - wait: 1 hour\n  - set: { a: yes }\n";
        let new = "  - wait: 5 hours\n  - notify: call\n  - wait: 6 hours\n  - set: { a: yes }\n";
        assert_eq!(places(old, new), [None, Some(3)]);
    }
}
