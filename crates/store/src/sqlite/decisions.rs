//! Decisions, and their totals by the hour.

use std::collections::BTreeMap;

use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::identity::KeySalt;
use regulars_engine::time::{HOUR, Timestamp};
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::number::{size, sql, word};
use crate::codec::{decode, encode};
use crate::error::StoreError;
use crate::reader::{Decided, DecisionFilter, Tally};

/// Every verdict by its number in the table.
pub(super) const VERDICTS: [Verdict; 10] = [
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
    }
}

fn verdict(number: i64) -> Result<Verdict, StoreError> {
    usize::try_from(number)
        .ok()
        .and_then(|index| VERDICTS.get(index).copied())
        .ok_or_else(|| StoreError::damaged("a decision's verdict"))
}

/// Appends decisions and adds them to the totals.
pub(super) fn append(
    connection: &Connection,
    salt: KeySalt,
    decisions: &[Decision],
) -> rusqlite::Result<()> {
    let mut totals: BTreeMap<(i64, &str, &str, i64), i64> = BTreeMap::new();
    for decision in decisions {
        let verdict = number(decision.verdict);
        connection
            .prepare_cached(
                "INSERT INTO decision (at, person, journey, step, verdict, recipient, body)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute((
                decision.at.0,
                sql(decision.person.0),
                &decision.journey,
                &decision.step,
                verdict,
                decision.recipient.as_ref().map(|recipient| sql(recipient.key(salt).0)),
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
    let mut text = String::from("SELECT id, body FROM decision WHERE true");
    let mut values: Vec<Value> = Vec::new();
    if !filter.persons.is_empty() {
        let marks = vec!["?"; filter.persons.len()].join(", ");
        text.push_str(&format!(" AND person IN ({marks})"));
        values.extend(filter.persons.iter().map(|person| Value::from(sql(person.0))));
    }
    if let Some(journey) = &filter.journey {
        text.push_str(" AND journey = ?");
        values.push(journey.clone().into());
    }
    if let Some(verdict) = filter.verdict {
        text.push_str(" AND verdict = ?");
        values.push(number(verdict).into());
    }
    if let Some(since) = filter.since {
        text.push_str(" AND at >= ?");
        values.push(since.0.into());
    }
    if let Some(before) = filter.before {
        text.push_str(" AND id < ?");
        values.push(sql(before).into());
    }
    text.push_str(" ORDER BY id DESC LIMIT ?");
    values.push(size(limit).into());
    let mut statement = connection.prepare_cached(&text)?;
    let mut rows = statement.query(params_from_iter(values))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let id = word(row, 0)?;
        let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        found.push(Decided { id, decision: decode(body, || format!("decision {id}"))? });
    }
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
