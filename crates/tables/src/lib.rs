//! Rows of tables in files, as text: CSV and TSV, NDJSON, Parquet.
//!
//! What a file is, its name tells: `.ndjson` and `.jsonl`, `.parquet`, `.tsv`; everything else is CSV.
//! A value that is not there is an empty text.

mod csv;
mod json;
mod parquet;

use std::io;
use std::path::{Path, PathBuf};

/// A table, row by row.
#[expect(missing_debug_implementations, reason = "rows hold people's data")]
pub struct Table {
    /// Names of the columns.
    pub columns: Vec<String>,
    rows: Box<dyn Iterator<Item = Result<Vec<String>, TableError>>>,
}

impl Iterator for Table {
    type Item = Result<Vec<String>, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.rows.next()
    }
}

/// A file that could not be read as a table.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The file could not be opened or read.
    #[error("could not read \"{path}\"")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// A row is not as it should be.
    #[error("\"{path}\", line {line}: {what}")]
    Row {
        /// The file.
        path: PathBuf,
        /// The line, from 1; in a Parquet file the row.
        line: u64,
        /// What is wrong.
        what: String,
        /// What would cure it.
        cure: &'static str,
    },
    /// The file as a whole is not what its name says.
    #[error("\"{path}\" is no {expected} file")]
    Other {
        /// The file.
        path: PathBuf,
        /// What it should be.
        expected: &'static str,
    },
}

impl TableError {
    /// What would cure it.
    #[must_use]
    pub fn cure(&self) -> &'static str {
        match self {
            Self::Read { .. } => "check that the file is there and may be read",
            Self::Row { cure, .. } => cure,
            Self::Other { .. } => "name the file by what it holds: .csv, .tsv, .ndjson or .parquet",
        }
    }
}

/// Opens a table.
///
/// # Errors
/// When the file cannot be opened, or its beginning is not what its name says.
pub fn open(path: &Path) -> Result<Table, TableError> {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    match ending.to_ascii_lowercase().as_str() {
        "parquet" => parquet::open(path),
        "ndjson" | "jsonl" | "json" => json::open(path),
        "tsv" => csv::open(path, b'\t'),
        _ => csv::open(path, b','),
    }
}

fn file(path: &Path) -> Result<std::fs::File, TableError> {
    std::fs::File::open(path).map_err(|source| TableError::Read { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests {

    use super::*;

    fn read(name: &str, text: &str) -> Result<(Vec<String>, Vec<Vec<String>>), TableError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let mut table = open(&path)?;
        let columns = std::mem::take(&mut table.columns);
        Ok((columns, table.collect::<Result<_, _>>()?))
    }

    #[test]
    fn csv_headers_lose_the_blanks_around_them() {
        let (columns, rows) =
            read("a.csv", "\u{feff}id, name\n1, Ana\n2,\"Boris, the elder\"\n").unwrap();
        assert_eq!(columns, ["id", "name"]);
        assert_eq!(rows, [["1", "Ana"], ["2", "Boris, the elder"]]);
    }

    #[test]
    fn a_line_of_another_length_is_named() {
        let error = read("a.csv", "id,name\n1,Ana\n2\n").unwrap_err();
        assert!(error.to_string().contains("line 3"), "{error}");
    }

    #[test]
    fn objects_may_lack_keys_and_nest() {
        let text =
            "{\"id\": 1, \"name\": \"Ana\"}\n\n{\"id\": 2, \"more\": [{\"city\": \"Porto\"}]}\n";
        let (columns, rows) = read("a.ndjson", text).unwrap();
        assert_eq!(columns, ["id", "name", "city"]);
        assert_eq!(rows, [["1", "Ana", ""], ["2", "", "Porto"]]);
        let error = read("a.ndjson", "{}\n[1]\n").unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
    }

    #[test]
    fn a_file_that_only_says_it_is_parquet_is_refused() {
        assert!(matches!(read("a.parquet", "id,name\n"), Err(TableError::Other { .. })));
    }
}
