//! The ways through a journey: every step can be reached, and no way goes round without a wait.

use super::faults::too_late;
use super::steps::Draft;
use super::yaml::Sheet;
use crate::journey::StepKind;

/// Notes steps that nobody reaches, messages that are always too late, and loops without a wait.
pub(super) fn check(sheet: &Sheet<'_>, drafts: &[Draft]) {
    let reached = reach(drafts);
    let mut told = false;
    for (draft, reached) in drafts.iter().zip(&reached) {
        // One mistake for each stretch: what follows an unreachable step is unreachable by it.
        if !reached && draft.written && !told {
            let cure = "take it out, or move it before the step that leaves";
            sheet.wrong(draft.at, "no way leads to this step", cure);
            told = true;
        }
        told &= !reached || !draft.written;
    }
    for (index, message) in too_late(drafts.iter().map(|draft| &draft.kind)) {
        sheet.wrong(drafts[index].at, message, "give it a later deadline, or less to wait for");
    }
    if let Some(at) = endless(drafts) {
        let message = "this goes round without a wait";
        let cure = "put a wait into the loop: - wait: 1 day (a \"wait until\" may be over at once)";
        sheet.wrong(at, message, cure);
    }
}

/// The steps that may follow step `index`. One past the last step is the end.
fn next(drafts: &[Draft], index: usize) -> Vec<usize> {
    let number = u32::try_from(index).expect("a file holds fewer steps");
    let followers = drafts[index].kind.followers(number).into_iter();
    followers.map(|to| usize::try_from(to).expect("steps are counted in usize")).collect()
}

fn reach(drafts: &[Draft]) -> Vec<bool> {
    let mut reached = vec![false; drafts.len()];
    let mut open = vec![0];
    while let Some(index) = open.pop() {
        if index < drafts.len() && !reached[index] {
            reached[index] = true;
            open.extend(next(drafts, index));
        }
    }
    reached
}

/// Where a way that takes no time comes back to a step that it passed: Kahn's algorithm over all
/// steps but the waits leaves the steps of such loops.
fn endless(drafts: &[Draft]) -> Option<usize> {
    let instant = |index: usize| !drafts[index].kind.takes_time();
    let edges = |index: usize| {
        let next = if instant(index) { next(drafts, index) } else { Vec::new() };
        next.into_iter().filter(|to| *to < drafts.len() && instant(*to)).collect::<Vec<usize>>()
    };
    let mut incoming = vec![0_usize; drafts.len()];
    for to in (0..drafts.len()).flat_map(edges) {
        incoming[to] += 1;
    }
    let mut open: Vec<usize> = (0..drafts.len()).filter(|index| incoming[*index] == 0).collect();
    let mut done = vec![false; drafts.len()];
    while let Some(index) = open.pop() {
        done[index] = true;
        for to in edges(index) {
            incoming[to] -= 1;
            if incoming[to] == 0 {
                open.push(to);
            }
        }
    }
    let back = drafts.iter().enumerate().find(|(index, draft)| {
        !done[*index]
            && draft.written
            && matches!(draft.kind, StepKind::Goto(to) if usize::try_from(to).is_ok_and(|to| to <= *index))
    });
    back.map(|(_, draft)| draft.at)
}
