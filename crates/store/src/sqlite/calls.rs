//! What journeys tell other programs: what waits, and what became of the rest.

use regulars_engine::identity::PersonId;
use regulars_engine::journey::{Call, CallState};
use rusqlite::{Connection, params};

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
        CallState::Withdrawn => 3,
    }
}

fn due(call: &Call) -> Option<i64> {
    call.state.not_before().map(|at| at.0)
}

/// Writes new ones; each gets the next number.
pub(super) fn append(connection: &Connection, calls: &[Call]) -> rusqlite::Result<()> {
    for call in calls {
        connection
            .prepare_cached(
                "INSERT INTO call (person, destination, journey, step, state, due, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                sql(call.person.0),
                call.destination,
                call.journey,
                call.step,
                number(call.state),
                due(call),
                encode(call),
            ])?;
    }
    Ok(())
}

/// Writes one anew, if it is still there.
pub(super) fn replace(connection: &Connection, call: &Call) -> rusqlite::Result<bool> {
    let written = connection
        .prepare_cached("UPDATE call SET state = ?2, due = ?3, body = ?4 WHERE id = ?1")?
        .execute(params![sql(call.id), number(call.state), due(call), encode(call)])?;
    Ok(written > 0)
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
    if !filter.persons.is_empty() {
        let marks = vec!["?"; filter.persons.len()].join(", ");
        let persons = filter.persons.iter().map(|person| sql(person.0).into());
        rows.and(&format!("person IN ({marks})"), persons);
    }
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

/// How many there are by destination, step and state.
pub(super) fn counts(connection: &Connection) -> Result<Vec<CallCount>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT destination, journey, step, state, count(*) FROM call
         GROUP BY destination, journey, step, state",
    )?;
    let mut rows = statement.query([])?;
    let mut counts = Vec::new();
    while let Some(row) = rows.next()? {
        let state: usize = small(row.get(3)?, "a call's state")?;
        let state = CallState::WORDS.get(state).copied();
        counts.push(CallCount {
            destination: row.get(0)?,
            journey: row.get(1)?,
            step: row.get(2)?,
            state: state.ok_or_else(|| StoreError::damaged("a call's state"))?,
            calls: word(row, 4)?,
        });
    }
    Ok(counts)
}

/// Whoever they were about is erased: nobody is told of them any more.
pub(super) fn erase(connection: &Connection, persons: &[PersonId]) -> rusqlite::Result<()> {
    for person in persons {
        connection
            .prepare_cached("DELETE FROM call WHERE person = ?1")?
            .execute([sql(person.0)])?;
    }
    Ok(())
}
