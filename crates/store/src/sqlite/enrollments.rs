//! Where enrollments stand, beside the records that hold them, how many stand where, and how many
//! have passed.

use std::collections::BTreeMap;

use regulars_engine::identity::PersonId;
use regulars_engine::journey::{Enrollment, Passage, Passages, State, StepPlace};
use rusqlite::Connection;

use super::number::{sql, word};
use super::persons::Changes;
use crate::codec::{decode, encode};
use crate::error::StoreError;
use crate::reader::Account;

/// The number of a state, and of a column of [`Account`].
fn state(enrollment: &Enrollment) -> Option<i64> {
    match enrollment.state {
        State::Waiting { .. } => Some(0),
        State::Held { .. } => Some(1),
        State::Sending { .. } => Some(2),
        State::Ended { .. } => None,
    }
}

/// What is counted of one enrollment that runs: journey, version, step, state.
pub(super) type EnrollmentRow = (String, u64, u32, i64);

/// What is counted of a person's enrollments, as it stands beside the record; empty for none.
pub(super) fn stands(enrollments: &[Enrollment]) -> Vec<u8> {
    let row = |e: &Enrollment| state(e).map(|state| (e.journey.clone(), e.version, e.step, state));
    let rows: Vec<EnrollmentRow> = enrollments.iter().filter_map(row).collect();
    if rows.is_empty() { Vec::new() } else { encode(&rows) }
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

/// Adds to the counts of those who passed.
pub(super) fn pass(connection: &Connection, more: &Passages) -> rusqlite::Result<()> {
    for ((journey, version, step), passage) in more.iter() {
        let [came, left, done] = [passage.came, passage.left, passage.done].map(sql);
        connection
            .prepare_cached(
                "INSERT INTO passage (journey, version, step, came, out, done)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET came = came + excluded.came,
                 out = out + excluded.out, done = done + excluded.done",
            )?
            .execute((journey, sql(*version), step, came, left, done))?;
    }
    Ok(())
}

/// Whoever stood somewhere is erased: they left there.
pub(super) fn leave(
    connection: &Connection,
    id: PersonId,
    stands: &[u8],
) -> Result<(), StoreError> {
    for (journey, version, step, _) in rows(id, stands)? {
        connection
            .prepare_cached(
                "UPDATE passage SET out = out + 1
                 WHERE journey = ?1 AND version = ?2 AND step = ?3",
            )?
            .execute((journey, sql(version), step))?;
    }
    Ok(())
}

/// How many passed each step.
pub(super) fn passages(
    connection: &Connection,
) -> Result<BTreeMap<StepPlace, Passage>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT journey, version, step, came, out, done FROM passage")?;
    let rows = statement.query_map([], |row| {
        let passage = Passage { came: word(row, 3)?, left: word(row, 4)?, done: word(row, 5)? };
        Ok(((row.get(0)?, word(row, 1)?, row.get(2)?), passage))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// How many are at each step, and how many passed it.
pub(super) fn accounts(connection: &Connection) -> Result<Vec<Account>, StoreError> {
    let mut accounts: BTreeMap<StepPlace, Account> = BTreeMap::new();
    let account = |(journey, version, step): &StepPlace, passage| Account {
        journey: journey.clone(),
        version: *version,
        step: *step,
        passage,
        waiting: 0,
        held: 0,
        sending: 0,
    };
    for (place, passage) in passages(connection)? {
        let found = account(&place, passage);
        accounts.insert(place, found);
    }
    let mut statement = connection
        .prepare_cached("SELECT journey, version, step, state, enrollments FROM account")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let place: StepPlace = (row.get(0)?, word(row, 1)?, row.get(2)?);
        let found = account(&place, Passage::default());
        let account = accounts.entry(place).or_insert(found);
        let count = word(row, 4)?;
        match row.get::<_, i64>(3)? {
            0 => account.waiting = count,
            1 => account.held = count,
            2 => account.sending = count,
            _ => return Err(StoreError::damaged("an enrollment's state")),
        }
    }
    Ok(accounts.into_values().collect())
}
