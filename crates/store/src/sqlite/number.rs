//! Our unsigned words as SQLite's signed ones, bit by bit. Positions and ids stay below 2^63, so
//! their order is kept.

use rusqlite::Row;

use crate::error::StoreError;

/// A word for a parameter.
pub(super) fn sql(word: u64) -> i64 {
    word.cast_signed()
}

/// A size for a parameter.
pub(super) fn size(size: usize) -> i64 {
    i64::try_from(size).unwrap_or(i64::MAX)
}

/// A word of a row.
pub(super) fn word(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    row.get::<_, i64>(column).map(i64::cast_unsigned)
}

/// A small number of a row that should fit.
pub(super) fn small<T: TryFrom<i64>>(number: i64, what: &str) -> Result<T, StoreError> {
    T::try_from(number).map_err(|_| StoreError::damaged(what))
}
