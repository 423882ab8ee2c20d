//! CSV and TSV: a line of headers, then rows. What parts the values, the header tells.

use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use csv::ByteRecord;

use crate::encoding::{self, Page};
use crate::notes::Notes;
use crate::{Named, Table, TableError};

/// What may part values, the likeliest first.
const DELIMITERS: [u8; 4] = *b",;\t|";

pub(crate) fn open(path: &Path, named: Named) -> Result<Table, TableError> {
    let failed = |source| TableError::Read { path: path.to_owned(), source };
    let text = encoding::open(path)?;
    let (head, bytes) = encoding::head(text.bytes).map_err(failed)?;
    let mut bytes = BufReader::with_capacity(1 << 16, bytes);
    let delimiter = match said(&head) {
        Some(delimiter) => {
            bytes.read_until(b'\n', &mut Vec::new()).map_err(failed)?;
            delimiter
        }
        None => guessed(&head, named),
    };
    let quoting = named == Named::Csv || delimiter != b'\t';
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .quoting(quoting)
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(Box::new(bytes) as Box<dyn Read + Send>);
    let headers = reader.byte_headers().map_err(|error| wrong(path, error))?;
    let columns: Vec<String> =
        headers.iter().map(|name| text.page.read(name).into_owned()).collect();
    if columns.iter().all(String::is_empty) {
        return Err(TableError::Row {
            path: path.to_owned(),
            line: 1,
            what: "no column has a name".to_owned(),
            cure: "write the names of the columns into the first line",
        });
    }
    let notes = Rc::new(Notes::default());
    notes.read_as(text.written_in, delimiter, named);
    let rows = Rows {
        path: path.to_owned(),
        reader,
        row: ByteRecord::new(),
        width: columns.len(),
        page: text.page,
        utf_8: text.written_in.is_none(),
        notes: Rc::clone(&notes),
    };
    Ok(Table { paths: columns.clone(), columns, rows: Box::new(rows), notes })
}

/// A first line "sep=;", as Excel writes and reads it.
fn said(head: &[u8]) -> Option<u8> {
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default().trim_ascii();
    match line {
        [b's' | b'S', b'e' | b'E', b'p' | b'P', b'=', delimiter] => Some(*delimiter),
        _ => None,
    }
}

/// What parts the names of the columns: of a few signs the one that is seen most, outside of quotes.
fn guessed(head: &[u8], named: Named) -> u8 {
    let mut counts = [0_usize; DELIMITERS.len()];
    let (mut quoted, mut begun) = (false, false);
    for byte in head {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' | b'\r' if !quoted && begun => break,
            _ => {}
        }
        begun |= !byte.is_ascii_whitespace();
        if let Some(at) = DELIMITERS.iter().position(|delimiter| delimiter == byte)
            && !quoted
        {
            counts[at] += 1;
        }
    }
    let usual = if named == Named::Tsv { b'\t' } else { b',' };
    let mut best = usual;
    let count = |delimiter: u8| {
        DELIMITERS.iter().position(|known| *known == delimiter).map_or(0, |at| counts[at])
    };
    for delimiter in DELIMITERS {
        if count(delimiter) > count(best) {
            best = delimiter;
        }
    }
    best
}

struct Rows {
    path: PathBuf,
    reader: csv::Reader<Box<dyn Read + Send>>,
    row: ByteRecord,
    width: usize,
    page: Page,
    utf_8: bool,
    notes: Rc<Notes>,
}

impl Iterator for Rows {
    type Item = Result<Vec<String>, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.reader.read_byte_record(&mut self.row) {
                Ok(true) if self.blank() => {}
                Ok(true) => return Some(self.values()),
                Ok(false) => return None,
                Err(error) => return Some(Err(wrong(&self.path, error))),
            }
        }
    }
}

impl Rows {
    /// A line of blanks in a table of several columns is no row.
    fn blank(&self) -> bool {
        self.width > 1 && self.row.len() == 1 && self.row[0].is_empty()
    }

    fn values(&mut self) -> Result<Vec<String>, TableError> {
        let line = self.row.position().map_or(0, csv::Position::line);
        let surplus = self.row.iter().skip(self.width).any(|value| !value.is_empty());
        let cut = self.row.len() < self.width
            && self.row.iter().next_back().is_some_and(|value| value.contains(&b'\n'));
        if surplus || cut {
            return Err(self.ragged(line, cut));
        }
        if self.row.len() < self.width {
            self.notes.short_row(line);
        }
        if self.utf_8 && self.row.iter().any(|value| std::str::from_utf8(value).is_err()) {
            self.notes.foreign_row(line);
        }
        let mut values: Vec<String> = self
            .row
            .iter()
            .take(self.width)
            .map(|value| self.page.read(value).into_owned())
            .collect();
        values.resize(self.width, String::new());
        Ok(values)
    }

    fn ragged(&self, line: u64, cut: bool) -> TableError {
        let what = if cut {
            "a quote is opened that is not closed in its row".to_owned()
        } else {
            let s = if self.width == 1 { "" } else { "s" };
            format!("{} values where the header names {} column{s}", self.row.len(), self.width)
        };
        let cure = if cut {
            "close the quote; a quote within a quoted value is written twice"
        } else if self.width == 1 {
            "the first line must name the columns: take out what stands above it"
        } else {
            "put quotes around values that hold what parts them, or take out what is too much"
        };
        TableError::Row { path: self.path.clone(), line, what, cure }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "what is left does not come from reading")]
fn wrong(path: &Path, error: csv::Error) -> TableError {
    let path = path.to_owned();
    match error.into_kind() {
        csv::ErrorKind::Io(source) => TableError::Read { path, source },
        _ => TableError::Read { path, source: io::Error::other("the table ends in the middle") },
    }
}
