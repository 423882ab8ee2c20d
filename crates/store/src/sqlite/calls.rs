//! What journeys tell other programs: what waits, and what became of the rest.

use regulars_engine::identity::PersonId;
use regulars_engine::journey::{Call, CallState};
use regulars_engine::time::Timestamp;
use rusqlite::{Connection, OptionalExtension, Params, params};

use super::number::{size, small, sql, word};
use super::rows::{self, Rows};
use crate::codec::{decode, encode};
use crate::error::StoreError;
use crate::reader::{CallCount, CallFilter};

const fn number(state: CallState) -> i64 {
    match state {
        CallState::Waiting { .. } => 0,
        CallState::Delivered => 1,
        CallState::GaveUp => 2,
        CallState::Withdrawn { .. } => 3,
    }
}

fn due(call: &Call) -> Option<i64> {
    call.state.not_before().map(|at| at.0)
}

fn kept_until(call: &Call) -> Option<i64> {
    call.kept_until().map(|at| at.0)
}

/// Counts calls of a destination in a state in or out.
fn count(
    connection: &Connection,
    (destination, state): (&str, i64),
    step: i64,
) -> rusqlite::Result<()> {
    connection
        .prepare_cached(
            "INSERT INTO call_count (destination, state, calls) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET calls = calls + excluded.calls",
        )?
        .execute((destination, state, step))?;
    Ok(())
}

/// Writes new ones; each gets the next number.
pub(super) fn append(connection: &Connection, calls: &[Call]) -> rusqlite::Result<()> {
    for call in calls {
        connection
            .prepare_cached(
                "INSERT INTO call (person, destination, journey, step, state, due, kept_until, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                sql(call.person.0),
                call.destination,
                call.journey,
                call.step,
                number(call.state),
                due(call),
                kept_until(call),
                encode(call),
            ])?;
        count(connection, (&call.destination, number(call.state)), 1)?;
    }
    Ok(())
}

/// Writes those anew that are still there; returns how many are.
pub(super) fn replace(connection: &Connection, calls: &[Call]) -> rusqlite::Result<usize> {
    let mut written = 0;
    for call in calls {
        let (id, state) = (sql(call.id), number(call.state));
        let held: Option<i64> = connection
            .prepare_cached("SELECT state FROM call WHERE id = ?1")?
            .query_row([id], |row| row.get(0))
            .optional()?;
        let Some(held) = held else { continue };
        connection
            .prepare_cached(
                "UPDATE call SET state = ?2, due = ?3, kept_until = ?4, body = ?5 WHERE id = ?1",
            )?
            .execute(params![id, state, due(call), kept_until(call), encode(call)])?;
        if held != state {
            count(connection, (&call.destination, held), -1)?;
            count(connection, (&call.destination, state), 1)?;
        }
        written += 1;
    }
    Ok(written)
}

fn read(id: u64, body: &[u8]) -> Result<Call, StoreError> {
    let call: Call = decode(body, || format!("call {id}"))?;
    Ok(Call { id, ..call })
}

/// One of them.
pub(super) fn get(connection: &Connection, id: u64) -> Result<Option<Call>, StoreError> {
    rows::body(connection, "call", id)?.map(|body| read(id, &body)).transpose()
}

/// Those that a filter lets through, the latest first.
pub(super) fn list(
    connection: &Connection,
    filter: &CallFilter,
    limit: usize,
) -> Result<Vec<Call>, StoreError> {
    let mut rows = Rows::of("call");
    if let Some(destination) = &filter.destination {
        rows.and("destination = ?", [destination.clone().into()]);
    }
    if let Some(journey) = &filter.journey {
        rows.and("journey = ?", [journey.clone().into()]);
    }
    if let Some(step) = &filter.step {
        rows.and("step = ?", [step.clone().into()]);
    }
    if let Some(state) = &filter.state {
        let number = CallState::WORDS.iter().position(|word| word == state);
        rows.and("state = ?", [number.map_or(-1, size).into()]);
    }
    rows.of_persons(&filter.persons);
    rows.latest(connection, (filter.before, limit), read)
}

/// Those that wait to be told to one destination, whichever is to be tried first before others.
pub(super) fn waiting(
    connection: &Connection,
    destination: &str,
    limit: usize,
) -> Result<Vec<Call>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, body FROM call WHERE destination = ?1 AND due IS NOT NULL
         ORDER BY due, id LIMIT ?2",
    )?;
    let mut rows = statement.query(params![destination, size(limit)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        found.push(read(word(row, 0)?, body)?);
    }
    Ok(found)
}

/// How many there are by destination and state, from the counters.
pub(super) fn counts(connection: &Connection) -> Result<Vec<CallCount>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT destination, state, calls FROM call_count WHERE calls <> 0")?;
    let mut rows = statement.query([])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        let state: usize = small(row.get(1)?, "a call's state")?;
        let state = CallState::WORDS.get(state).copied();
        counts.push(CallCount {
            destination: row.get(0)?,
            state: state.ok_or_else(|| StoreError::damaged("a call's state"))?,
            calls: word(row, 2)?,
        });
    }
    Ok(counts)
}

/// How many counters say something else than the rows, as a question: for checking a store.
pub(super) const MISCOUNTED: &str = "SELECT count(*) FROM (
       SELECT destination, state FROM (
         SELECT destination, state, 1 AS calls FROM call
         UNION ALL SELECT destination, state, -calls FROM call_count)
       GROUP BY destination, state HAVING sum(calls) <> 0)";

/// Whoever they were about is erased: nobody is told of them any more.
pub(super) fn erase(connection: &Connection, persons: &[PersonId]) -> rusqlite::Result<()> {
    for person in persons {
        let of = "SELECT id, destination, state FROM call WHERE person = ?1";
        take_away(connection, of, [sql(person.0)])?;
    }
    Ok(())
}

/// Takes away up to `limit` that are kept no longer at `now`; returns how many.
pub(super) fn thin(
    connection: &Connection,
    now: Timestamp,
    limit: usize,
) -> rusqlite::Result<usize> {
    let overdue = "SELECT id, destination, state FROM call WHERE kept_until <= ?1
         ORDER BY kept_until LIMIT ?2";
    take_away(connection, overdue, [now.0, size(limit)])
}

/// Takes away the calls that a question finds, and counts them out; returns how many.
fn take_away(
    connection: &Connection,
    question: &str,
    values: impl Params,
) -> rusqlite::Result<usize> {
    let mut statement = connection.prepare_cached(question)?;
    let rows = statement.query_map(values, |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let found: Vec<(i64, String, i64)> = rows.collect::<rusqlite::Result<_>>()?;
    for (id, destination, state) in &found {
        connection.prepare_cached("DELETE FROM call WHERE id = ?1")?.execute([id])?;
        count(connection, (destination, *state), -1)?;
    }
    Ok(found.len())
}
