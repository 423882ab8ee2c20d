//! CSV and TSV: a line of headers, then rows of the same length.

use std::io::{self, BufRead, BufReader};
use std::path::Path;

use crate::{Table, TableError, file};

pub(crate) fn open(path: &Path, delimiter: u8) -> Result<Table, TableError> {
    let mut input = BufReader::with_capacity(1 << 16, file(path)?);
    let read = |source| TableError::Read { path: path.to_owned(), source };
    if input.fill_buf().map_err(read)?.starts_with(b"\xef\xbb\xbf") {
        input.consume(3);
    }
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .quoting(delimiter == b',')
        .trim(csv::Trim::All)
        .from_reader(input);
    let path = path.to_owned();
    let columns =
        reader.headers().map_err(|error| wrong(&path, error))?.iter().map(str::to_owned).collect();
    let rows = reader.into_records().map(move |row| {
        let row = row.map_err(|error| wrong(&path, error))?;
        Ok(row.iter().map(str::to_owned).collect())
    });
    Ok(Table { columns, rows: Box::new(rows) })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what is left does not come from reading")]
fn wrong(path: &Path, error: csv::Error) -> TableError {
    let line = error.position().map_or(0, csv::Position::line);
    let path = path.to_owned();
    match error.into_kind() {
        csv::ErrorKind::Io(source) => TableError::Read { path, source },
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => TableError::Row {
            path,
            line,
            what: format!("{len} values where the header names {expected_len} columns"),
            cure: "put quotes around values with commas, or add the missing values",
        },
        csv::ErrorKind::Utf8 { err, .. } => TableError::Row {
            path,
            line,
            what: format!("column {} is not UTF-8", err.field() + 1),
            cure: "save the file as UTF-8",
        },
        _ => TableError::Read { path, source: io::Error::other("the table ends in the middle") },
    }
}
