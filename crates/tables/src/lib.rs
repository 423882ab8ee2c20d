//! Rows of tables in files, as text: CSV and TSV, JSON, Parquet.
//!
//! What a file is, its name tells: `.json`, `.ndjson` and `.jsonl`, `.parquet`, `.tsv`; everything else is
//! CSV. `.gz` behind it changes nothing. A value that is not there is an empty text.

mod csv;
mod encoding;
mod flat;
mod json;
mod mapped;
mod notes;
mod parquet;

use std::io;
use std::path::{Path, PathBuf};
use std::rc::Rc;

pub use encoding::{Written, as_utf_8, utf_16_as_utf_8};
pub use mapped::as_csv;

use notes::Notes;

/// A table, row by row.
#[expect(missing_debug_implementations, reason = "rows hold people's data")]
pub struct Table {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The same with what holds them, where values nest: "store.name" for "name".
    pub paths: Vec<String>,
    rows: Box<dyn Iterator<Item = Result<Vec<String>, TableError>>>,
    notes: Rc<Notes>,
}

impl Table {
    /// How the table was read up to here, where that is not plain: its encoding, what parts its values,
    /// and lines that lack some. Sentences without a full stop.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        self.notes.sentences()
    }
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
            Self::Read { source, .. } => cure_of(source),
            Self::Row { cure, .. } => cure,
            Self::Other { .. } => "name the file by what it holds: .csv, .tsv, .ndjson or .parquet",
        }
    }
}

/// What would cure a file that could not be read.
#[must_use]
pub fn cure_of(error: &io::Error) -> &'static str {
    // As unpacking says it: every other error is the system's, and has a number of its own.
    let broken = matches!(error.kind(), io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData);
    let cut = error.kind() == io::ErrorKind::UnexpectedEof;
    if error.raw_os_error().is_none() && (broken || cut) {
        "its gzip is broken or cut short: fetch or pack the file again"
    } else {
        "check that the file is there and may be read"
    }
}

/// What the name of a file says of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Named {
    /// Tabs, and quotes mean nothing.
    Tsv,
    /// An object a line, or a document.
    Json,
    /// Columns in a binary file.
    Parquet,
    /// Anything else.
    Csv,
}

impl Named {
    /// What a name says, with `.gz` behind it or not.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let name = name.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        match name.rsplit_once('.').map_or("", |(_, ending)| ending) {
            "parquet" => Self::Parquet,
            "ndjson" | "jsonl" | "json" => Self::Json,
            "tsv" => Self::Tsv,
            _ => Self::Csv,
        }
    }

    /// Whether a table is to be laid out in rows before columns are taken by name: see [`as_csv`].
    #[must_use]
    pub fn nests(self) -> bool {
        matches!(self, Self::Json | Self::Parquet)
    }
}

/// Opens a table.
///
/// # Errors
/// When the file cannot be opened, or its beginning is not what its name says.
pub fn open(path: &Path) -> Result<Table, TableError> {
    match Named::of(path) {
        Named::Parquet => parquet::open(path),
        Named::Json => json::open(path),
        named @ (Named::Tsv | Named::Csv) => csv::open(path, named),
    }
}

fn file(path: &Path) -> Result<std::fs::File, TableError> {
    std::fs::File::open(path).map_err(|source| TableError::Read { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests;
