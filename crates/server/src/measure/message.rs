//! Messages that went out, each with the decisions and the step behind it.

use regulars_engine::decision::{Decision, Message, MessageState, Verdict};
use regulars_engine::journey::{Journey, Send, StepKind};
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_store::{DecisionFilter, MessageFilter, Reader, SqliteReader, StoreError};

use super::Span;
use crate::http::api::former_ids;

/// Messages are read in pages of so many.
const PAGE: usize = 500;

/// Goes through the messages of a span that went out, or may have, the latest first; whether some
/// were left because they were too many.
pub(super) fn went_out(
    reader: &SqliteReader,
    span: Span<'_>,
    each: &mut dyn FnMut(Message) -> Result<(), StoreError>,
) -> Result<bool, StoreError> {
    let mut before = None;
    let mut left = span.most;
    loop {
        let filter = MessageFilter { before, ..MessageFilter::default() };
        let page = reader.messages(&filter, PAGE)?;
        let whole = page.len() == PAGE;
        before = page.last().map(|message| message.id);
        for message in page {
            if message.claimed_at < span.since {
                return Ok(false);
            }
            let gone = matches!(message.state, MessageState::Sent | MessageState::Uncertain);
            if !gone || span.journey.is_some_and(|name| message.journey != name) {
                continue;
            }
            if left == 0 {
                return Ok(true);
            }
            left -= 1;
            each(message)?;
        }
        if !whole {
            return Ok(false);
        }
    }
}

/// The decision that claimed a message, and the one by which the person had entered.
pub(super) fn claim_and_entry(
    reader: &SqliteReader,
    record: &Record,
    message: &Message,
) -> Result<Option<(Decision, Option<Decision>)>, StoreError> {
    let filter = |verdict| DecisionFilter {
        persons: former_ids(record),
        journey: Some(message.journey.clone()),
        verdict: Some(verdict),
        ..DecisionFilter::default()
    };
    let decisions = |verdict| -> Result<Vec<Decision>, StoreError> {
        let decided = reader.decisions(&filter(verdict), Record::ENROLLMENTS_MAX * 4)?;
        Ok(decided.into_iter().map(|decided| decided.decision).collect())
    };
    let claims = decisions(Verdict::Send)?.into_iter();
    let Some(claim) = claims.into_iter().find(|d| d.message == Some(message.id)) else {
        return Ok(None);
    };
    let entries = decisions(Verdict::Enter)?.into_iter();
    let entry = entries.filter(|decision| decision.at <= message.claimed_at).max_by_key(|d| d.at);
    Ok(Some((claim, entry)))
}

/// The step that sent a message, of the version the person was in where that is known.
pub(super) fn step_of<'p>(
    program: &'p Program,
    record: &Record,
    message: &Message,
) -> Option<(&'p Journey, &'p Send)> {
    let enrollments = record.enrollments.iter();
    let version = enrollments
        .filter(|e| e.journey == message.journey && e.entered_at <= message.claimed_at)
        .max_by_key(|e| e.entered_at)
        .map(|e| e.version);
    let journey = version.and_then(|version| program.journey(&message.journey, version));
    let journey = journey.or_else(|| program.live_journey(&message.journey))?;
    let step = journey.steps.iter().find(|step| step.name == message.step)?;
    let StepKind::Send(send) = &step.kind else { return None };
    Some((journey, send))
}
