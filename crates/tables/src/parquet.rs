//! Parquet: flat columns, read row by row.

use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};

use parquet::record::Field;

use crate::{Table, TableError, file};

pub(crate) fn open(path: &Path) -> Result<Table, TableError> {
    let other = |_| TableError::Other { path: path.to_owned(), expected: "Parquet" };
    let reader = SerializedFileReader::new(file(path)?).map_err(other)?;
    let schema = reader.metadata().file_metadata().schema();
    let columns = schema.get_fields().iter().map(|field| field.name().to_owned()).collect();
    let path = path.to_owned();
    let rows = reader.into_iter().zip(1..).map(move |(row, line)| {
        let broken = |_| TableError::Row {
            path: path.clone(),
            line,
            what: "the row cannot be read".to_owned(),
            cure: "write the file again, uncompressed or with Snappy or Zstandard",
        };
        let row = row.map_err(broken)?;
        Ok(row.get_column_iter().map(|(_, value)| text(value)).collect())
    });
    Ok(Table { columns, rows: Box::new(rows) })
}

#[expect(clippy::wildcard_enum_match_arm, reason = "every other value writes itself as text")]
fn text(value: &Field) -> String {
    match value {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        other => other.to_string(),
    }
}
