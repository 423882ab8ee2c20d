//! What journeys asked staff to see to, open or done.

use regulars_engine::identity::PersonId;
use regulars_engine::journey::Notice;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::number::{size, sql, word};
use crate::codec::{decode, encode};
use crate::error::StoreError;
use crate::reader::NoticeFilter;

/// Writes new ones; each gets the next number.
pub(super) fn append(connection: &Connection, notices: &[Notice]) -> rusqlite::Result<()> {
    for notice in notices {
        connection
            .prepare_cached(
                "INSERT INTO notice (person, open, mail_due, body) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((
                sql(notice.person.0),
                notice.done.is_none(),
                notice.mail_due,
                encode(notice),
            ))?;
    }
    Ok(())
}

/// Writes one anew, if it is still there.
pub(super) fn replace(connection: &Connection, notice: &Notice) -> rusqlite::Result<bool> {
    let written = connection
        .prepare_cached("UPDATE notice SET open = ?2, mail_due = ?3, body = ?4 WHERE id = ?1")?
        .execute((sql(notice.id), notice.done.is_none(), notice.mail_due, encode(notice)))?;
    Ok(written > 0)
}

fn read(id: u64, body: &[u8]) -> Result<Notice, StoreError> {
    let notice: Notice = decode(body, || format!("notice {id}"))?;
    Ok(Notice { id, ..notice })
}

/// One of them.
pub(super) fn get(connection: &Connection, id: u64) -> Result<Option<Notice>, StoreError> {
    let body: Option<Vec<u8>> = connection
        .prepare_cached("SELECT body FROM notice WHERE id = ?1")?
        .query_row([sql(id)], |row| row.get(0))
        .optional()?;
    body.map(|body| read(id, &body)).transpose()
}

/// Those that a filter lets through, the latest first.
pub(super) fn list(
    connection: &Connection,
    filter: &NoticeFilter,
    limit: usize,
) -> Result<Vec<Notice>, StoreError> {
    let mut text = String::from("SELECT id, body FROM notice WHERE true");
    let mut values: Vec<Value> = Vec::new();
    if let Some(open) = filter.open {
        text.push_str(" AND open = ?");
        values.push(i64::from(open).into());
    }
    if filter.mail_due {
        text.push_str(" AND mail_due <> 0");
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
        let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        found.push(read(word(row, 0)?, body)?);
    }
    Ok(found)
}

/// How many are open.
pub(super) fn open(connection: &Connection) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT count(*) FROM notice WHERE open = 1")?
        .query_row([], |row| word(row, 0))
}

/// Whoever it was about is erased: nothing is left to do for them.
pub(super) fn erase(connection: &Connection, persons: &[PersonId]) -> rusqlite::Result<()> {
    for person in persons {
        connection
            .prepare_cached("DELETE FROM notice WHERE person = ?1")?
            .execute([sql(person.0)])?;
    }
    Ok(())
}
