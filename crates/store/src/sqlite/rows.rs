//! Rows that are a number and a body: one of them, and the latest that a filter lets through.

use regulars_engine::identity::PersonId;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params_from_iter};

use super::number::{size, sql, word};
use crate::error::StoreError;

/// The body of one row of a table.
pub(super) fn body(
    connection: &Connection,
    table: &'static str,
    id: u64,
) -> rusqlite::Result<Option<Vec<u8>>> {
    connection
        .prepare_cached(&format!("SELECT body FROM {table} WHERE id = ?1"))?
        .query_row([sql(id)], |row| row.get(0))
        .optional()
}

/// A question for rows of a table, narrowed part by part.
pub(super) struct Rows {
    text: String,
    values: Vec<Value>,
}

impl Rows {
    /// All rows of a table.
    pub(super) fn of(table: &'static str) -> Self {
        let text = format!("SELECT id, body FROM {table} WHERE true");
        Self { text, values: Vec::new() }
    }

    /// Narrows it by a condition with a value for each of its marks.
    pub(super) fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
        self.values.extend(values);
    }

    /// Narrows it to rows about one of these persons; empty: about anybody.
    pub(super) fn of_persons(&mut self, persons: &[PersonId]) {
        if !persons.is_empty() {
            let marks = vec!["?"; persons.len()].join(", ");
            let ids = persons.iter().map(|person| sql(person.0).into());
            self.and(&format!("person IN ({marks})"), ids);
        }
    }

    /// Those with a smaller number than `before`, the latest first.
    pub(super) fn latest<T>(
        mut self,
        connection: &Connection,
        (before, limit): (Option<u64>, usize),
        read: impl Fn(u64, &[u8]) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        if let Some(before) = before {
            self.and("id < ?", [sql(before).into()]);
        }
        self.text.push_str(" ORDER BY id DESC LIMIT ?");
        self.values.push(size(limit).into());
        let mut statement = connection.prepare_cached(&self.text)?;
        let mut rows = statement.query(params_from_iter(self.values))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
            found.push(read(word(row, 0)?, body)?);
        }
        Ok(found)
    }
}
