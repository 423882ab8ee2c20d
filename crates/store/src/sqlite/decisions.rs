//! Decisions, and their totals by the hour.
//!
//! Those about one person are a chain from the last to the first: the last one stands in the
//! person's row, which is written with them anyway, so that no index by person is.

use std::collections::{BTreeMap, BTreeSet};

use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::identity::PersonId;
use regulars_engine::time::{HOUR, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use super::number::{sql, word};
use super::rows::Rows;
use crate::codec::{decode, encode};
use crate::error::StoreError;
use crate::reader::{Decided, DecisionFilter, Tally};

/// Every verdict by its number in the table.
pub(super) const VERDICTS: [Verdict; 20] = [
    Verdict::Enter,
    Verdict::Decline,
    Verdict::Send,
    Verdict::Hold,
    Verdict::Skip,
    Verdict::Exit,
    Verdict::Done,
    Verdict::Sent,
    Verdict::Failed,
    Verdict::Uncertain,
    Verdict::Assign,
    Verdict::Goal,
    Verdict::Set,
    Verdict::Notify,
    Verdict::Move,
    Verdict::Webhook,
    Verdict::Shown,
    Verdict::Clicked,
    Verdict::Dismissed,
    Verdict::TakenBack,
];

fn number(verdict: Verdict) -> i64 {
    match verdict {
        Verdict::Enter => 0,
        Verdict::Decline => 1,
        Verdict::Send => 2,
        Verdict::Hold => 3,
        Verdict::Skip => 4,
        Verdict::Exit => 5,
        Verdict::Done => 6,
        Verdict::Sent => 7,
        Verdict::Failed => 8,
        Verdict::Uncertain => 9,
        Verdict::Assign => 10,
        Verdict::Goal => 11,
        Verdict::Set => 12,
        Verdict::Notify => 13,
        Verdict::Move => 14,
        Verdict::Webhook => 15,
        Verdict::Shown => 16,
        Verdict::Clicked => 17,
        Verdict::Dismissed => 18,
        Verdict::TakenBack => 19,
    }
}

fn verdict(number: i64) -> Result<Verdict, StoreError> {
    usize::try_from(number)
        .ok()
        .and_then(|index| VERDICTS.get(index).copied())
        .ok_or_else(|| StoreError::damaged("a decision's verdict"))
}

/// The ends of the chains that a commit makes longer.
#[derive(Debug, Default)]
pub(super) struct Chains {
    /// The number of the commit's first decision.
    first: u64,
    /// The commit's last decision about each person.
    last: BTreeMap<PersonId, u64>,
    /// The decision before the commit's first about each person whose row is written.
    before: BTreeMap<PersonId, u64>,
}

impl Chains {
    /// Those of a commit; its decisions get the numbers that follow.
    pub(super) fn of(connection: &Connection, decisions: &[Decision]) -> rusqlite::Result<Self> {
        if decisions.is_empty() {
            return Ok(Self::default());
        }
        let first = connection
            .prepare_cached("SELECT coalesce(max(id), 0) + 1 FROM decision")?
            .query_row([], |row| word(row, 0))?;
        let last = decisions.iter().zip(first..).map(|(d, id)| (d.person, id)).collect();
        Ok(Self { first, last, before: BTreeMap::new() })
    }

    /// The last decision about a person after the commit, where it was `held` before.
    pub(super) fn last(&mut self, person: PersonId, held: u64) -> u64 {
        let Some(last) = self.last.get(&person) else { return held };
        self.before.insert(person, held);
        *last
    }
}

/// Takes what is kept of a person who was no more, and is again.
pub(super) fn take_up(connection: &Connection, person: PersonId) -> rusqlite::Result<u64> {
    let last = connection
        .prepare_cached("DELETE FROM decided WHERE person = ?1 RETURNING last")?
        .query_row([sql(person.0)], |row| word(row, 0))
        .optional()?;
    Ok(last.unwrap_or(0))
}

/// Keeps the last decision about a person who is no more.
pub(super) fn lay_down(
    connection: &Connection,
    person: PersonId,
    last: u64,
) -> rusqlite::Result<()> {
    if last == 0 {
        return Ok(());
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO decided (person, last) VALUES (?1, ?2)")?
        .execute((sql(person.0), sql(last)))
        .map(drop)
}

/// The last decision about a person; 0: there is none.
fn last(connection: &Connection, person: PersonId) -> rusqlite::Result<u64> {
    let found = connection
        .prepare_cached(
            "SELECT decided FROM person WHERE id = ?1
             UNION ALL SELECT last FROM decided WHERE person = ?1",
        )?
        .query_row([sql(person.0)], |row| word(row, 0))
        .optional()?;
    Ok(found.unwrap_or(0))
}

/// Ends the chains of persons whose rows are not written with their decisions.
fn end_others(connection: &Connection, chains: &mut Chains) -> rusqlite::Result<()> {
    for (person, end) in &chains.last {
        if chains.before.contains_key(person) {
            continue;
        }
        let before = last(connection, *person)?;
        let there = connection
            .prepare_cached("UPDATE person SET decided = ?2 WHERE id = ?1")?
            .execute((sql(person.0), sql(*end)))?;
        if there == 0 {
            lay_down(connection, *person, *end)?;
        }
        chains.before.insert(*person, before);
    }
    Ok(())
}

/// Appends decisions, after the rows of persons, and adds them to the totals.
pub(super) fn append(
    connection: &Connection,
    decisions: &[Decision],
    mut chains: Chains,
) -> rusqlite::Result<()> {
    end_others(connection, &mut chains)?;
    let mut totals: BTreeMap<(i64, &str, &str, i64), i64> = BTreeMap::new();
    for (decision, id) in decisions.iter().zip(chains.first..) {
        let verdict = number(decision.verdict);
        let before = chains.before.insert(decision.person, id);
        connection
            .prepare_cached(
                "INSERT INTO decision
                 (id, at, person, before, journey, step, verdict, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute((
                sql(id),
                decision.at.0,
                sql(decision.person.0),
                sql(before.unwrap_or(0)),
                &decision.journey,
                &decision.step,
                verdict,
                encode(decision),
            ))?;
        let hour = decision.at.0.div_euclid(HOUR);
        *totals.entry((hour, &decision.journey, &decision.step, verdict)).or_default() += 1;
    }
    for ((hour, journey, step, verdict), count) in totals {
        connection
            .prepare_cached(
                "INSERT INTO tally (hour, journey, step, verdict, decisions)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET decisions = decisions + excluded.decisions",
            )?
            .execute((hour, journey, step, verdict, count))?;
    }
    Ok(())
}

/// Decisions, the latest first.
pub(super) fn list(
    connection: &Connection,
    filter: &DecisionFilter,
    limit: usize,
) -> Result<Vec<Decided>, StoreError> {
    if !filter.persons.is_empty() {
        return of_persons(connection, filter, limit);
    }
    let mut rows = Rows::of("decision");
    if let Some(journey) = &filter.journey {
        rows.and("journey = ?", [journey.clone().into()]);
    }
    if let Some(verdict) = filter.verdict {
        rows.and("verdict = ?", [number(verdict).into()]);
    }
    if let Some(since) = filter.since {
        rows.and("at >= ?", [since.0.into()]);
    }
    rows.latest(connection, (filter.before, limit), |id, body| {
        Ok(Decided { id, decision: decode(body, || format!("decision {id}"))? })
    })
}

/// The numbers of decisions about persons, the latest first, until `visit` says no.
pub(super) fn walk(
    connection: &Connection,
    persons: &[PersonId],
    mut visit: impl FnMut(u64, &[u8]) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    let mut ends = BTreeSet::new();
    for person in persons {
        ends.insert(last(connection, *person)?);
    }
    let mut statement =
        connection.prepare_cached("SELECT before, body FROM decision WHERE id = ?1")?;
    while let Some(id) = ends.pop_last().filter(|id| *id != 0) {
        let mut rows = statement.query([sql(id)])?;
        let damaged = || StoreError::damaged(format!("decision {id}"));
        let row = rows.next()?.ok_or_else(damaged)?;
        let before = word(row, 0)?;
        // A chain that does not go back would be walked for ever.
        if before >= id {
            return Err(damaged());
        }
        ends.insert(before);
        if !visit(id, row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?)? {
            break;
        }
    }
    Ok(())
}

fn of_persons(
    connection: &Connection,
    filter: &DecisionFilter,
    limit: usize,
) -> Result<Vec<Decided>, StoreError> {
    let mut found = Vec::new();
    walk(connection, &filter.persons, |id, body| {
        if filter.before.is_some_and(|before| id >= before) {
            return Ok(true);
        }
        let decision: Decision = decode(body, || format!("decision {id}"))?;
        let asked = filter.journey.as_ref().is_none_or(|journey| *journey == decision.journey)
            && filter.verdict.is_none_or(|verdict| verdict == decision.verdict)
            && filter.since.is_none_or(|since| since <= decision.at);
        if asked && found.len() < limit {
            found.push(Decided { id, decision });
        }
        Ok(found.len() < limit)
    })?;
    Ok(found)
}

/// Decisions by journey, step and verdict since a moment: whole hours from the totals, the rest
/// of the first hour from the rows.
pub(super) fn tallies(
    connection: &Connection,
    since: Option<Timestamp>,
) -> Result<Vec<Tally>, StoreError> {
    let since = since.map_or(i64::MIN, |since| since.0);
    let hour = since.div_euclid(HOUR) + i64::from(since.rem_euclid(HOUR) != 0);
    let mut statement = connection.prepare_cached(
        "SELECT journey, step, verdict, sum(decisions) FROM (
           SELECT journey, step, verdict, decisions FROM tally WHERE hour >= ?1
           UNION ALL
           SELECT journey, step, verdict, 1 FROM decision WHERE at >= ?2 AND at < ?3
         ) GROUP BY journey, step, verdict ORDER BY journey, step, verdict",
    )?;
    let mut rows = statement.query((hour, since, hour.saturating_mul(HOUR)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(Tally {
            journey: row.get(0)?,
            step: row.get(1)?,
            verdict: verdict(row.get(2)?)?,
            decisions: word(row, 3)?,
        });
    }
    Ok(found)
}
