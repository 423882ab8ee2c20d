//! The last look before an attempt, and what came of it. Both run where everything is written, so that
//! they see all that was accepted.

use regulars_deliver::webhook::Answer;
use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::identity::KeySalt;
use regulars_engine::journey::{Call, CallState, Tried};
use regulars_engine::time::Timestamp;
use regulars_store::{CallFilter, Reader, Store, StoreError};
use serde_json::Value;

use super::{DestinationError, body, pause};
use crate::live::message_mark;
use crate::writer::{Writer, WriterError};

/// Calls that are asked for again in one go: more are read when these are through.
const AGAIN_MAX: usize = 1_000;

/// The id of a call, the same at every attempt and never that of another one, even after a restore has
/// brought an earlier state of the store back.
#[must_use]
pub fn call_id(call: &Call, salt: KeySalt) -> String {
    format!("call_{}_{}_{:x}", message_mark(salt), call.id, call.at.0)
}

/// Looks at a call that is due: what is to be posted, or `None` where it stands no longer, was tried
/// already, or is gone with its person.
///
/// # Errors
/// If the store fails.
pub fn look<S: Store>(
    writer: &mut Writer<S>,
    id: u64,
    now: Timestamp,
) -> Result<Option<(Call, Vec<u8>)>, WriterError> {
    let due = |call: &Call| call.state.not_before().is_some_and(|not_before| not_before <= now);
    let Some(mut call) = writer.reader().call(id)?.filter(due) else { return Ok(None) };
    let record = writer.reader().person(call.person)?.map(|(_, record)| record);
    let Some(record) = record.filter(|record| call.stands(record)) else {
        call.state = CallState::Withdrawn { at: now };
        writer.store().note_calls(&[call])?;
        return Ok(None);
    };
    let told = body(writer, &record, &call, now)?;
    Ok(Some((call, told.to_string().into_bytes())))
}

/// What a call that was just decided on would post, as all is known: for dry runs. `None`: the decision
/// makes no call.
///
/// # Errors
/// If the store cannot be read.
pub fn would_post<S: Store>(
    writer: &Writer<S>,
    decision: &Decision,
) -> Result<Option<Value>, StoreError> {
    if decision.verdict != Verdict::Webhook {
        return Ok(None);
    }
    let filter = CallFilter {
        journey: Some(decision.journey.clone()),
        step: Some(decision.step.clone()),
        persons: vec![decision.person],
        ..CallFilter::default()
    };
    let calls = writer.reader().calls(&filter, AGAIN_MAX)?;
    let call = calls.into_iter().find(|call| call.at == decision.at);
    let Some((call, record)) = call.zip(writer.person(decision.person)?) else { return Ok(None) };
    body(writer, &record, &call, decision.at).map(Some)
}

/// Notes what came of an attempt at `now`. A destination that wants no more is told nothing until
/// somebody has looked.
///
/// # Errors
/// If the store fails.
pub fn settle<S: Store>(
    writer: &mut Writer<S>,
    id: u64,
    answer: Answer,
    now: Timestamp,
) -> Result<(), WriterError> {
    // Whoever it was about may have been erased while it was under way.
    let Some(mut call) = writer.reader().call(id)? else { return Ok(()) };
    let (tried, said) = match answer {
        Answer::Taken(said) => (Tried::Taken, said),
        Answer::NotTaken(said, patience) => {
            let patience_ms = patience.map_or(0, |patience| patience.as_millis());
            let patience_ms = i64::try_from(patience_ms).unwrap_or(i64::MAX);
            (Tried::NotTaken { patience_ms }, said)
        }
        Answer::Gone(said) => (Tried::Unwanted, said),
    };
    call.tried(tried, said, now);
    writer.store().note_calls(std::slice::from_ref(&call))?;
    if tried == Tried::Unwanted {
        match pause(writer.store(), &call.destination, None, now) {
            Ok(_) | Err(DestinationError::Unknown(_)) => {}
            Err(DestinationError::Store(error)) => return Err(error.into()),
            Err(error) => tracing::error!(%error, "could not pause a destination"),
        }
    }
    Ok(())
}

/// Lets one call be made again, from its first attempt, under the same id. Returns whether there is one.
///
/// # Errors
/// If the store fails.
pub fn again<S: Store>(
    writer: &mut Writer<S>,
    id: u64,
    now: Timestamp,
) -> Result<bool, WriterError> {
    let call = writer.reader().call(id)?;
    Ok(all_again(writer, call.into_iter().collect(), now)? > 0)
}

/// Lets calls that were given up at a destination be made again: up to a thousand, the latest first.
/// Returns how many.
///
/// # Errors
/// If the store fails.
pub fn again_all<S: Store>(
    writer: &mut Writer<S>,
    destination: &str,
    now: Timestamp,
) -> Result<usize, WriterError> {
    let filter = CallFilter {
        destination: Some(destination.to_owned()),
        state: Some(CallState::GaveUp.word().to_owned()),
        ..CallFilter::default()
    };
    let given_up = writer.reader().calls(&filter, AGAIN_MAX)?;
    all_again(writer, given_up, now)
}

fn all_again<S: Store>(
    writer: &mut Writer<S>,
    mut calls: Vec<Call>,
    now: Timestamp,
) -> Result<usize, WriterError> {
    for call in &mut calls {
        call.again(now);
    }
    let written = writer.store().note_calls(&calls)?;
    writer.wake_calls();
    Ok(written)
}
