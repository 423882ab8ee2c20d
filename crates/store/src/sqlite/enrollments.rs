//! Where enrollments stand, beside the persons' rows that hold them, and how many stand where.

use std::collections::BTreeMap;

use regulars_engine::identity::PersonId;
use regulars_engine::journey::{Enrollment, State};
use rusqlite::Connection;

use super::number::{size, small, sql, word};
use super::persons::Changes;
use crate::error::StoreError;
use crate::reader::Account;

/// Words of the states by their numbers in the table.
const STATES: [&str; 4] = ["waiting", "held", "sending", "ended"];

fn state(enrollment: &Enrollment) -> i64 {
    match enrollment.state {
        State::Waiting { .. } => 0,
        State::Held { .. } => 1,
        State::Sending { .. } => 2,
        State::Ended { .. } => 3,
    }
}

/// What the table says of one enrollment: journey, version, step, state.
pub(super) type EnrollmentRow = (String, u64, u32, i64);

/// What the table says of a person's enrollments.
pub(super) fn rows(enrollments: &[Enrollment]) -> Vec<EnrollmentRow> {
    enrollments.iter().map(|e| (e.journey.clone(), e.version, e.step, state(e))).collect()
}

/// Writes the rows that differ, since most events move nothing, and notes what changed.
pub(super) fn write(
    connection: &Connection,
    id: PersonId,
    enrollments: &[Enrollment],
    changes: &mut Changes,
) -> Result<(), StoreError> {
    let held = read(connection, id)?;
    let wanted = rows(enrollments);
    for (number, row) in wanted.iter().enumerate() {
        if held.get(number) == Some(row) {
            continue;
        }
        let (journey, version, step, state) = row;
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO enrollment (person, number, journey, version, step, state)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            )?
            .execute((sql(id.0), size(number), journey, sql(*version), step, state))?;
    }
    if held.len() > wanted.len() {
        connection
            .prepare_cached("DELETE FROM enrollment WHERE person = ?1 AND number >= ?2")?
            .execute((sql(id.0), size(wanted.len())))?;
    }
    for (rows, more) in [(held, -1), (wanted, 1)] {
        for row in rows {
            *changes.enrollments.entry(row).or_default() += more;
        }
    }
    Ok(())
}

/// The rows of a person.
pub(super) fn read(
    connection: &Connection,
    id: PersonId,
) -> Result<Vec<EnrollmentRow>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT journey, version, step, state FROM enrollment WHERE person = ?1 ORDER BY number",
    )?;
    let rows = statement
        .query_map([sql(id.0)], |row| Ok((row.get(0)?, word(row, 1)?, row.get(2)?, row.get(3)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds to the counts.
pub(super) fn count(
    connection: &Connection,
    more: &BTreeMap<EnrollmentRow, i64>,
) -> Result<(), StoreError> {
    for ((journey, version, step, state), more) in more.iter().filter(|(_, more)| **more != 0) {
        let key = (journey, sql(*version), step, state);
        let left: i64 = connection
            .prepare_cached(
                "INSERT INTO account (journey, version, step, state, enrollments)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET enrollments = enrollments + excluded.enrollments
                 RETURNING enrollments",
            )?
            .query_row((key.0, key.1, key.2, key.3, more), |row| row.get(0))?;
        if left == 0 {
            connection
                .prepare_cached(
                    "DELETE FROM account
                     WHERE journey = ?1 AND version = ?2 AND step = ?3 AND state = ?4",
                )?
                .execute(key)?;
        }
    }
    Ok(())
}

/// How many enrollments stand where.
pub(super) fn accounts(connection: &Connection) -> Result<Vec<Account>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT journey, version, step, state, enrollments FROM account
         ORDER BY journey, version, step, state",
    )?;
    let mut rows = statement.query([])?;
    let mut accounts = Vec::new();
    while let Some(row) = rows.next()? {
        let state: usize = small(row.get(3)?, "an enrollment's state")?;
        let state =
            STATES.get(state).ok_or_else(|| StoreError::damaged("an enrollment's state"))?;
        accounts.push(Account {
            journey: row.get(0)?,
            version: word(row, 1)?,
            step: row.get(2)?,
            state,
            enrollments: word(row, 4)?,
        });
    }
    Ok(accounts)
}
