//! Journeys with the accounts of their steps: in = left + waiting + done, always.

use axum::extract::State;
use axum::response::Response;
use regulars_engine::decision::Verdict;
use regulars_engine::journey::{Journey, Step, StepKind as Engine};
use regulars_engine::time::{DAY, HOUR, MINUTE};
use regulars_store::{Account, Reader, Tally};

use super::convert;
use super::visit::{Pages, Visit};
use crate::ui::model::{JourneyCard, JourneyState, JourneysModel, StepKind, StepRow};
use crate::ui::view::journeys;

/// All journeys.
pub(super) async fn page(State(pages): State<Pages>, visit: Visit) -> Response {
    let program = pages.app.desk.program();
    let read = pages.app.read(|reader| Ok((reader.accounts()?, reader.tallies(None)?))).await;
    match visit.or_wrong(read) {
        Ok((accounts, tallies)) => {
            let cards = program.journeys.iter().map(|j| card(j, &accounts, &tallies)).collect();
            visit.page(journeys::page(&visit.ctx, &JourneysModel { journeys: cards }))
        }
        Err(response) => response,
    }
}

fn card(journey: &Journey, accounts: &[Account], tallies: &[Tally]) -> JourneyCard {
    let own: Vec<&Account> = accounts
        .iter()
        .filter(|account| account.journey == journey.name && account.version == journey.version)
        .collect();
    // What an enrollment has passed: it came to every step of the trunk before its own.
    let at = |step: u32, state: &str| -> u64 {
        own.iter().filter(|a| a.step == step && a.state == state).map(|a| a.enrollments).sum()
    };
    let beyond =
        |step: u32| -> u64 { own.iter().filter(|a| a.step > step).map(|a| a.enrollments).sum() };
    let count = |step: &str, verdict: Verdict| -> u64 {
        tallies
            .iter()
            .filter(|t| t.journey == journey.name && t.step == step && t.verdict == verdict)
            .map(|t| t.decisions)
            .sum()
    };
    let steps = (0_u32..)
        .zip(&journey.steps)
        .filter(|(_, step)| !matches!(step.kind, Engine::Goto(_) | Engine::Exit))
        .map(|(number, step)| {
            let held = at(number, "held");
            let waiting = at(number, "waiting") + held + at(number, "sending");
            let left = at(number, "ended");
            let done = beyond(number);
            StepRow {
                kind: kind(step),
                label: label(step),
                depth: 0,
                entered: left + waiting + done,
                left,
                waiting,
                done,
                held,
                held_because: Vec::new(),
                sent: count(&step.name, Verdict::Send),
                skipped: count(&step.name, Verdict::Skip),
                skipped_because: Vec::new(),
                left_because: Vec::new(),
            }
        })
        .collect();
    JourneyCard {
        id: journey.name.clone(),
        name: journey.name.clone(),
        state: JourneyState::Live,
        purpose: convert::purpose(journey.purpose),
        version: format!("{:016x}", journey.version)[..8].to_owned(),
        entry: entry(journey),
        exits: journey.exits.iter().map(ToString::to_string).collect(),
        entered: count("", Verdict::Enter),
        reached_goal: None,
        steps,
    }
}

fn entry(journey: &Journey) -> String {
    let entry = &journey.entry;
    let mut starts: Vec<String> = entry.kinds.iter().map(|kind| kind.name().to_owned()).collect();
    let segments = entry.segments.iter();
    starts.extend(segments.map(|(way, name)| format!("segment {} \"{name}\"", way.word())));
    match &entry.condition {
        Some(condition) => format!("{} · {condition}", starts.join(", ")),
        None => starts.join(", "),
    }
}

fn kind(step: &Step) -> StepKind {
    match step.kind {
        Engine::Wait { .. } | Engine::WaitDays { .. } => StepKind::Wait,
        Engine::WaitUntil { .. } => StepKind::WaitUntil,
        Engine::Branch { .. } => StepKind::Branch,
        Engine::Send(_) => StepKind::Send,
        Engine::Goto(_) | Engine::Exit => StepKind::Wait,
    }
}

fn label(step: &Step) -> String {
    match &step.kind {
        Engine::Wait { ms } => span(*ms),
        Engine::WaitDays { days, at_minute: None } => format!("{days} d"),
        Engine::WaitDays { days, at_minute: Some(minute) } => {
            format!("{days} d, {:02}:{:02}", minute / 60, minute % 60)
        }
        Engine::WaitUntil { condition, at_most_ms } => {
            format!("{condition} (≤ {})", span(*at_most_ms))
        }
        Engine::Branch { condition, .. } => condition.to_string(),
        Engine::Send(send) => format!("{} · {}", step.name, send.template),
        Engine::Goto(_) | Engine::Exit => step.name.clone(),
    }
}

fn span(ms: i64) -> String {
    match ms {
        ms if ms % DAY == 0 => format!("{} d", ms / DAY),
        ms if ms % HOUR == 0 => format!("{} h", ms / HOUR),
        ms => format!("{} min", ms / MINUTE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_short() {
        assert_eq!(span(2 * DAY), "2 d");
        assert_eq!(span(4 * HOUR), "4 h");
        assert_eq!(span(90 * MINUTE), "90 min");
    }
}
