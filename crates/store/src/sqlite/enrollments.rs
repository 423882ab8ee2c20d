//! Where enrollments stand, beside the records that hold them, and how many stand where.

use std::collections::BTreeMap;

use regulars_engine::identity::PersonId;
use regulars_engine::journey::{Enrollment, State};
use rusqlite::Connection;

use super::number::{small, sql, word};
use super::persons::Changes;
use crate::codec::{decode, encode};
use crate::error::StoreError;
use crate::reader::Account;

/// Words of the states by their numbers.
const STATES: [&str; 4] = ["waiting", "held", "sending", "ended"];

fn state(enrollment: &Enrollment) -> i64 {
    match enrollment.state {
        State::Waiting { .. } => 0,
        State::Held { .. } => 1,
        State::Sending { .. } => 2,
        State::Ended { .. } => 3,
    }
}

/// What is counted of one enrollment: journey, version, step, state.
pub(super) type EnrollmentRow = (String, u64, u32, i64);

/// What is counted of a person's enrollments, as it stands beside the record; empty for none.
pub(super) fn stands(enrollments: &[Enrollment]) -> Vec<u8> {
    if enrollments.is_empty() {
        return Vec::new();
    }
    let rows: Vec<(&str, u64, u32, i64)> =
        enrollments.iter().map(|e| (e.journey.as_str(), e.version, e.step, state(e))).collect();
    encode(&rows)
}

/// Notes what changed from one [`stands`] to another.
pub(super) fn moved(
    id: PersonId,
    before: &[u8],
    after: &[u8],
    changes: &mut Changes,
) -> Result<(), StoreError> {
    for (stands, more) in [(before, -1), (after, 1)] {
        for row in rows(id, stands)? {
            *changes.enrollments.entry(row).or_default() += more;
        }
    }
    Ok(())
}

/// The enrollments of a [`stands`].
pub(super) fn rows(id: PersonId, stands: &[u8]) -> Result<Vec<EnrollmentRow>, StoreError> {
    if stands.is_empty() {
        return Ok(Vec::new());
    }
    decode(stands, || format!("where person {id} stands"))
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
