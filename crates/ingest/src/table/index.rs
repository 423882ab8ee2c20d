//! Which rows of a file belong together: one pass, then rows on demand by their place.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Cursor;

use csv::{ByteRecord, Position, Reader, ReaderBuilder};

use super::bind::{Bound, TableError};
use super::mapping::{Mapping, Rows};
use super::row::Row;
use crate::limits::{RAW_BYTES_MAX, TABLE_BYTES_MAX};
use crate::rejection::RejectionReason;

/// No row follows.
const LAST: u32 = u32::MAX;

/// Where a row begins, on which line, and which row of its document follows.
#[derive(Clone, Copy, Debug)]
struct Entry {
    begin: u32,
    line: u32,
    next: u32,
}

/// The first and last row of a document.
#[derive(Clone, Copy, Debug)]
struct Chain {
    first: u32,
    last: u32,
    /// Among rows of many kinds, one of an order.
    order: bool,
}

/// A file in memory and the rows of each of its documents.
pub(super) struct Index<'a> {
    file: &'a [u8],
    reader: Reader<Cursor<&'a [u8]>>,
    record: ByteRecord,
    header: Vec<String>,
    header_row: &'a [u8],
    entries: Vec<Entry>,
    chains: Vec<Chain>,
}

impl std::fmt::Debug for Index<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Index({} rows, {} documents)", self.entries.len(), self.chains.len())
    }
}

impl<'a> Index<'a> {
    pub(super) fn open(file: &'a [u8], mapping: &Mapping) -> Result<Self, TableError> {
        if file.len() > TABLE_BYTES_MAX {
            return Err(TableError::TooLarge { bytes: file.len() });
        }
        let (mut reader, mut record) = (reader(file, b','), ByteRecord::new());
        let mut header: Vec<String> = Vec::new();
        let mut found = None;
        for delimiter in mapping.delimiter.map_or(DELIMITERS.to_vec(), |said| vec![said]) {
            let (mut other, mut first) = (self::reader(file, delimiter), ByteRecord::new());
            let there = other.read_byte_record(&mut first).unwrap_or(false);
            let names: Vec<String> = first.iter().map(|name| column_name(name, mapping)).collect();
            let mapped = names.iter().filter(|name| mapping.names(name)).count();
            if there && found.is_none_or(|found| mapped > found) {
                (reader, record, header, found) = (other, first, names, Some(mapped));
            }
        }
        if found.is_none() || header.iter().all(String::is_empty) {
            return Err(TableError::NoHeader);
        }
        let end = to_usize(reader.position().byte()).min(file.len());
        let header_row = file[leading_breaks(file)..end].trim_ascii_end();
        let (entries, chains) = (Vec::new(), Vec::new());
        Ok(Self { file, reader, record, header, header_row, entries, chains })
    }

    /// The header as it stands in the file.
    pub(super) fn header_row(&self) -> &'a [u8] {
        self.header_row
    }

    pub(super) fn header(&self) -> &[String] {
        &self.header
    }

    pub(super) fn documents(&self) -> usize {
        self.chains.len()
    }

    /// Reads the whole file once. Rows that are no rows, or belong to no document, go to `reject`
    /// with their bytes and line.
    pub(super) fn read(
        &mut self,
        bound: &Bound,
        mapping: &Mapping,
        reject: &mut dyn FnMut(&[u8], u64, RejectionReason),
    ) -> Result<(), TableError> {
        let mut documents: BTreeMap<Box<str>, u32> = BTreeMap::new();
        let mut last: Option<(Box<str>, u32)> = None;
        loop {
            let position = self.reader.position().clone();
            let Some((raw, line)) = self.next_row() else { return Ok(()) };
            if raw.len() > RAW_BYTES_MAX {
                // A quote that is never closed swallows the rows below it: only its line is bad.
                let end = raw.iter().position(|byte| *byte == b'\n').unwrap_or(raw.len());
                reject(&raw[..end], line, RejectionReason::UnclosedQuote);
                self.skip_to(position.byte() + to_u64(end) + 1, line + 1);
                continue;
            }
            if self.record.iter().all(|cell| cell.trim_ascii().is_empty()) {
                // Spreadsheets write the cells below a table too: a row that says nothing is none.
                continue;
            }
            let row = Row { record: &self.record, bound, mapping };
            let order = row.order_side().is_some();
            let key = row.check().and_then(|()| match mapping.rows {
                Rows::Lines => row.document_key().map(Some),
                Rows::Events if order => {
                    row.number_of_document().map(|key| Some(key).filter(|key| !key.is_empty()))
                }
                Rows::Events => Ok(None),
            });
            let document = match &key {
                Err(reason) => {
                    reject(raw, line, reason.clone());
                    continue;
                }
                Ok(None) => None,
                Ok(Some(key)) => match &last {
                    Some((last, document)) if **last == **key => Some(*document),
                    Some(_) | None => documents.get(&**key).copied(),
                },
            };
            let entry = to_u32(self.entries.len());
            let begin =
                position.byte() + to_u64(leading_breaks(&self.file[to_usize(position.byte())..]));
            self.entries.push(Entry {
                begin: u32::try_from(begin).unwrap_or(LAST),
                line: u32::try_from(line).unwrap_or(LAST),
                next: LAST,
            });
            match document {
                Some(document) => {
                    let chain = &mut self.chains[to_usize(u64::from(document))];
                    self.entries[to_usize(u64::from(chain.last))].next = entry;
                    chain.last = entry;
                    if let (Ok(Some(key)), Some((held, number))) = (&key, &mut last)
                        && **held != **key
                    {
                        (*held, *number) = (Box::from(&**key), document);
                    }
                }
                None => {
                    let document = to_u32(self.chains.len());
                    self.chains.push(Chain { first: entry, last: entry, order });
                    if let Ok(Some(key)) = key {
                        documents.insert(Box::from(&*key), document);
                        last = Some((Box::from(&*key), document));
                    }
                }
            }
        }
    }

    /// Whether a document among rows of many kinds is an order.
    pub(super) fn order(&self, document: usize) -> bool {
        self.chains[document].order
    }

    /// The rows of a document, from the first: their entries' numbers.
    pub(super) fn rows(&self, document: usize) -> RowNumbers {
        RowNumbers { next: self.chains[document].first }
    }

    /// The row that `numbers` comes to next: its record, bytes and line.
    pub(super) fn row(&mut self, numbers: &mut RowNumbers) -> Option<(&ByteRecord, &'a [u8], u64)> {
        if numbers.next == LAST {
            return None;
        }
        let entry = self.entries[to_usize(u64::from(numbers.next))];
        numbers.next = entry.next;
        let at = to_usize(self.reader.position().byte());
        let breaks = leading_breaks(self.file.get(at..).unwrap_or_default());
        if at + breaks != to_usize(u64::from(entry.begin)) {
            self.skip_to(u64::from(entry.begin), u64::from(entry.line));
        }
        let (raw, _) = self.next_row()?;
        Some((&self.record, raw, u64::from(entry.line)))
    }

    /// Reads the next row into the record; its bytes and line.
    fn next_row(&mut self) -> Option<(&'a [u8], u64)> {
        let begin = to_usize(self.reader.position().byte());
        // Reading from memory cannot fail, and rows of any length are welcome.
        if !self.reader.read_byte_record(&mut self.record).unwrap_or(false) {
            return None;
        }
        let end = to_usize(self.reader.position().byte()).min(self.file.len());
        let breaks = leading_breaks(&self.file[begin..end]);
        let raw = self.file[begin + breaks..end].trim_ascii_end();
        let lines = self.file[begin..begin + breaks].iter().filter(|byte| **byte == b'\n').count();
        let line = self.record.position().map_or(0, Position::line);
        Some((raw, line.max(1) + to_u64(lines)))
    }

    fn skip_to(&mut self, byte: u64, line: u64) {
        let mut position = Position::new();
        position.set_byte(byte.min(to_u64(self.file.len()))).set_line(line);
        self.reader.seek(position).expect("a place in memory can be reached");
    }
}

/// What may part values, the likeliest first.
const DELIMITERS: [u8; 4] = *b",;\t|";

fn reader(file: &[u8], delimiter: u8) -> Reader<Cursor<&[u8]>> {
    ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(Cursor::new(file))
}

fn column_name(name: &[u8], mapping: &Mapping) -> String {
    let name = if mapping.latin_1 {
        Cow::Owned(name.iter().map(|byte| char::from(*byte)).collect::<String>())
    } else {
        String::from_utf8_lossy(name)
    };
    name.trim_start_matches('\u{feff}').trim().to_owned()
}

/// The rows of one document that are still to come.
#[derive(Clone, Copy, Debug)]
pub(super) struct RowNumbers {
    next: u32,
}

/// Line breaks before a row: blank lines are no rows.
fn leading_breaks(bytes: &[u8]) -> usize {
    bytes.iter().take_while(|byte| matches!(byte, b'\n' | b'\r')).count()
}

fn to_u64(number: usize) -> u64 {
    u64::try_from(number).expect("a size fits 64 bits")
}

fn to_usize(number: u64) -> usize {
    usize::try_from(number).expect("a place in memory fits")
}

/// A table has at most 2^31 bytes, so its rows can be counted in 32 bits.
fn to_u32(number: usize) -> u32 {
    u32::try_from(number).expect("a table's rows fit 32 bits")
}
