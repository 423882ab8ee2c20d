//! Journeys with the accounts of their steps: in = left + waiting + done, as they were counted.

use axum::extract::State;
use axum::response::Response;
use regulars_engine::decision::Verdict;
use regulars_engine::event::Kind;
use regulars_engine::journey::{
    Draw, DrawPurpose, DrawnWay, Journey, Passage, Step, StepKind as Engine,
};
use regulars_engine::profile::list_of;
use regulars_engine::time::{DAY, HOUR, MINUTE};
use regulars_store::{Account, Reader, Tally};

use super::convert;
use super::visit::{Pages, Visit};
use crate::drafts::{self, Of};
use crate::ui::context::Ctx;
use crate::ui::format::time::weekday_key;
use crate::ui::model::{
    DraftRow, EventKind, JourneyCard, JourneyState, JourneysModel, OnSiteCount, StepKind, StepRow,
};
use crate::ui::view::journeys;
use crate::ui::view::webhooks::calls_of;

/// All journeys.
pub(super) async fn page(State(pages): State<Pages>, visit: Visit) -> Response {
    let program = pages.app.desk.program();
    let read = pages.app.read(|reader| {
        Ok((reader.accounts()?, reader.tallies(None)?, drafts::all(reader, Of::Journey)?))
    });
    match visit.or_wrong(read.await) {
        Ok((accounts, tallies, drafted)) => {
            let card = |journey| card(&visit.ctx, journey, &accounts, &tallies);
            let cards = program.journeys.iter().map(card).collect();
            let drafts = drafted.into_iter().map(|draft| DraftRow {
                journey: draft.name,
                user: draft.user,
                changed_at: draft.changed_at,
            });
            let model = JourneysModel { journeys: cards, drafts: drafts.collect() };
            visit.page(journeys::page(&visit.ctx, &model))
        }
        Err(response) => response,
    }
}

/// How many decisions of a journey's step and verdict.
fn count(tallies: &[Tally], journey: &Journey, step: &str, verdict: Verdict) -> u64 {
    tallies
        .iter()
        .filter(|t| t.journey == journey.name && t.step == step && t.verdict == verdict)
        .map(|t| t.decisions)
        .sum()
}

/// A version of a journey with its rules, without its steps.
pub(super) fn head(journey: &Journey, tallies: &[Tally]) -> JourneyCard {
    let count = |verdict| count(tallies, journey, "", verdict);
    JourneyCard {
        id: journey.name.clone(),
        name: journey.name.clone(),
        state: JourneyState::Live,
        purpose: convert::purpose(journey.purpose),
        version: format!("{:016x}", journey.version)[..8].to_owned(),
        entry: entry(journey),
        exits: journey.exits.iter().map(ToString::to_string).collect(),
        entered: count(Verdict::Enter),
        reached_goal: journey.goal.is_some().then(|| count(Verdict::Goal)),
        goal: journey.goal.as_ref().map(ToString::to_string),
        steps: Vec::new(),
    }
}

/// A step with its accounts in this version; messages are counted over all versions.
pub(super) fn row(
    ctx: &Ctx,
    journey: &Journey,
    (number, step): (u32, &Step),
    accounts: &[Account],
    tallies: &[Tally],
) -> StepRow {
    let account = accounts.iter().find(|account| {
        account.journey == journey.name
            && account.version == journey.version
            && account.step == number
    });
    let passage = account.map_or_else(Passage::default, |account| account.passage);
    let count = |verdict| count(tallies, journey, &step.name, verdict);
    StepRow {
        kind: kind(step),
        label: label(ctx, step),
        depth: 0,
        entered: passage.came,
        left: passage.left,
        waiting: account.map_or(0, Account::present),
        done: passage.done,
        held: account.map_or(0, |account| account.held),
        held_because: Vec::new(),
        // A claim that was taken back, or is on its way, has sent nothing yet.
        sent: count(Verdict::Sent) + count(Verdict::Uncertain),
        skipped: count(Verdict::Skip),
        skipped_because: Vec::new(),
        left_because: Vec::new(),
        told: step.kind.destination().map(|_| calls_of(&journey.name, &step.name)),
        on_site: step.kind.show().map(|_| OnSiteCount {
            shown: count(Verdict::Shown),
            clicked: count(Verdict::Clicked),
            dismissed: count(Verdict::Dismissed),
        }),
    }
}

fn card(ctx: &Ctx, journey: &Journey, accounts: &[Account], tallies: &[Tally]) -> JourneyCard {
    let steps = (0_u32..)
        .zip(&journey.steps)
        .filter(|(_, step)| !matches!(step.kind, Engine::Goto(_) | Engine::Exit))
        .map(|step| row(ctx, journey, step, accounts, tallies))
        .collect();
    JourneyCard { steps, ..head(journey, tallies) }
}

/// What a step does, in words: `Wait 2 d`.
pub(super) fn in_words(ctx: &Ctx, step: &Step) -> String {
    format!("{} {}", ctx.t(kind(step).key()), label(ctx, step))
}

fn entry(journey: &Journey) -> String {
    let entry = &journey.entry;
    let mut starts: Vec<String> = entry.kinds.iter().map(|kind| kind.name().to_owned()).collect();
    let segments = entry.segments.iter();
    starts.extend(segments.map(|(way, name)| format!("segment {} \"{name}\"", way.word())));
    starts.extend(entry.dates.iter().map(ToString::to_string));
    starts.extend(entry.requests.iter().map(|by| by.word().to_owned()));
    match &entry.condition {
        Some(condition) => format!("{} · {condition}", starts.join(", ")),
        None => starts.join(", "),
    }
}

fn kind(step: &Step) -> StepKind {
    match &step.kind {
        Engine::Wait { .. } | Engine::WaitDays { .. } | Engine::WaitWeekday { .. } => {
            StepKind::Wait
        }
        Engine::WaitUntil { .. } => StepKind::WaitUntil,
        Engine::WaitFor { .. } => StepKind::WaitFor,
        Engine::Branch { .. } => StepKind::Branch,
        Engine::Draw(Draw { purpose: DrawPurpose::Split, .. }) => StepKind::Split,
        Engine::Draw(Draw { purpose: DrawPurpose::Test, .. }) => StepKind::Test,
        Engine::Draw(Draw { purpose: DrawPurpose::Holdout, .. }) => StepKind::Holdout,
        Engine::Send(_) => StepKind::Send,
        Engine::Show(_) => StepKind::Show,
        Engine::Set { .. } => StepKind::Set,
        Engine::Notify { .. } => StepKind::Notify,
        Engine::Webhook { .. } => StepKind::Webhook,
        Engine::Goto(_) => StepKind::GoTo,
        Engine::Exit => StepKind::Exit,
    }
}

fn label(ctx: &Ctx, step: &Step) -> String {
    match &step.kind {
        Engine::Wait { ms } => span(*ms),
        Engine::WaitDays { days, at_minute: None } => format!("{days} d"),
        Engine::WaitDays { days, at_minute: Some(minute) } => {
            format!("{days} d, {:02}:{:02}", minute / 60, minute % 60)
        }
        Engine::WaitWeekday { weekday, at_minute } => {
            format!("{}, {:02}:{:02}", ctx.t(weekday_key(*weekday)), at_minute / 60, at_minute % 60)
        }
        Engine::WaitUntil { condition, at_most_ms, .. } => {
            format!("{condition} (≤ {})", span(*at_most_ms))
        }
        Engine::WaitFor { kind, at_most_ms, .. } => {
            format!("{} (≤ {})", event_name(ctx, kind), span(*at_most_ms))
        }
        Engine::Draw(draw) => format!("{} · {}", step.name, ways(draw)),
        Engine::Branch { condition, .. } => condition.to_string(),
        Engine::Set { traits } => {
            let names = traits.keys().map(|name| list_of(name).unwrap_or(name));
            names.collect::<Vec<_>>().join(", ")
        }
        Engine::Notify { text, .. } => text.clone(),
        Engine::Webhook { to, with } if with.is_empty() => to.clone(),
        Engine::Webhook { to, with } => format!("{to} · {}", with.join(", ")),
        Engine::Send(send) => {
            let templates: Vec<&str> = send.ways().map(|(_, template)| template).collect();
            format!("{} · {}", step.name, templates.join(" → "))
        }
        Engine::Show(show) => {
            let message = &show.message;
            let span = span(message.patience_ms);
            format!("{} · {} · {} (≤ {span})", step.name, show.slot, message.template)
        }
        Engine::Goto(_) | Engine::Exit => step.name.clone(),
    }
}

/// `Ordered`, or the name a shop gave its own event.
fn event_name(ctx: &Ctx, kind: &Kind) -> String {
    let known = EventKind::named(kind.name());
    if known == EventKind::Custom { kind.name().to_owned() } else { ctx.t(known.key()) }
}

/// `warm 60 %, cool 40 %`; of a holdout only those kept out.
fn ways(draw: &Draw) -> String {
    let total: u32 = draw.ways.iter().map(|way| way.weight).sum();
    let share = |way: &DrawnWay| {
        let tenths = u64::from(way.weight) * 1_000 / u64::from(total.max(1));
        let tenth = if tenths % 10 == 0 { String::new() } else { format!(".{}", tenths % 10) };
        format!("{}{tenth} %", tenths / 10)
    };
    if draw.purpose == DrawPurpose::Holdout {
        return draw.ways.first().map(share).unwrap_or_default();
    }
    draw.ways
        .iter()
        .map(|way| format!("{} {}", way.name, share(way)))
        .collect::<Vec<_>>()
        .join(", ")
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
