//! What journeys asked staff to see to, open or done.

use regulars_engine::identity::PersonId;
use regulars_engine::journey::Notice;
use rusqlite::Connection;

use super::number::{sql, word};
use super::rows::{self, Rows};
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
    rows::body(connection, "notice", id)?.map(|body| read(id, &body)).transpose()
}

/// Those that a filter lets through, the latest first.
pub(super) fn list(
    connection: &Connection,
    filter: &NoticeFilter,
    limit: usize,
) -> Result<Vec<Notice>, StoreError> {
    let mut rows = Rows::of("notice");
    if let Some(open) = filter.open {
        rows.and("open = ?", [i64::from(open).into()]);
    }
    if filter.mail_due {
        rows.and("mail_due <> 0", []);
    }
    rows.latest(connection, (filter.before, limit), read)
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
