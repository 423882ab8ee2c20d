//! CSV files, read through a mapping file: a till's receipts, an order export, a list of customers.
//!
//! A [`Mapping`] says which column means what. [`Table::open`] binds it to a file's header and finds
//! which rows belong together; the table is then an iterator of events and rejections.
//!
//! - `rows: lines`: several rows make one document, wherever in the file they stand. Its message id
//!   is `order/<key>`, `return/<key>` or `adjustment/<key>`, and its content is the multiset of its
//!   rows: equal rows of one receipt all count, a second import changes nothing, and a document
//!   that comes again with other rows is a new version. A document must be whole in its file.
//! - `rows: events`: each row is an event. Its id is a column, or its content and how many equal
//!   rows stand before it.
//!
//! A row that cannot be understood is set aside by itself with its line number. The rest of its
//! document is accepted, bears the property `rows_rejected`, and gets a line that names no product
//! in its place: so what the bad row may have said stays unknown until it is repaired. What is kept
//! of a row that was set aside is its whole document with the mapping ([`taken_apart`]), so that a
//! repaired document can take the place of the one that was read. If the rows of a document bear several times, the earliest counts, and the property `times_differ` says so.
//!
//! The file stands in memory, at most [`crate::limits::TABLE_BYTES_MAX`], with 12 bytes a row beside
//! it; events are made one document at a time.

mod bind;
mod document;
mod index;
mod mapping;
mod reader;
mod repair;
mod row;
mod yaml;

use std::collections::VecDeque;

use regulars_engine::event::Event;

use crate::received::Received;
use crate::rejection::Rejection;

pub use bind::TableError;
pub use mapping::Mapping;
pub use repair::taken_apart;

use bind::Bound;
use document::Maker;
use index::Index;

/// What was in a table, once it is read to its end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Rows below the header.
    pub rows: u64,
    /// Of them, rows that became a line or an event.
    pub rows_accepted: u64,
    /// Of them, rows that were set aside.
    pub rows_rejected: u64,
    /// Documents or events.
    pub events: u64,
    /// Documents whose rows bear several times; the earliest counts.
    pub times_differ: u64,
}

/// A file that is being read through a mapping. Iterate to the end, then ask for the summary.
#[derive(Debug)]
pub struct Table<'a> {
    index: Index<'a>,
    maker: Maker<'a>,
    ready: VecDeque<Result<Event, Rejection>>,
    next_document: usize,
    done: bool,
}

impl<'a> Table<'a> {
    /// Binds `mapping` to the header of `file`, and finds the rows of each document. Reads the file
    /// once; `received` says whose it is.
    ///
    /// # Errors
    /// [`TableError`] if the file is too large, has no header, or lacks mapped columns: all at once.
    pub fn open(
        file: &'a [u8],
        mapping: &'a Mapping,
        received: &Received<'a>,
    ) -> Result<Self, TableError> {
        let mut index = Index::open(file, mapping)?;
        let bound = Bound::new(mapping, index.header())?;
        let mut ready = VecDeque::new();
        let mut summary = Summary::default();
        let header = index.header_row();
        index.read(&bound, mapping, &mut |raw, line, reason| {
            summary.rows += 1;
            summary.rows_rejected += 1;
            let alone = repair::by_itself(mapping, header, std::iter::once(raw));
            let raw = alone.as_deref().unwrap_or(raw);
            ready.push_back(Err(Rejection::new(raw, reason, received.received_at).at_line(line)));
        })?;
        let maker = Maker::new(mapping, bound, *received, summary);
        Ok(Self { index, maker, ready, next_document: 0, done: false })
    }

    /// What was in the table; complete once the iterator is at its end.
    #[must_use]
    pub fn summary(&self) -> Summary {
        self.maker.summary
    }

    /// How many documents or events the table will yield beside rejections.
    #[must_use]
    pub fn documents(&self) -> usize {
        self.index.documents()
    }
}

impl Iterator for Table<'_> {
    type Item = Result<Event, Rejection>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(outcome) = self.ready.pop_front() {
                return Some(outcome);
            }
            if self.next_document < self.index.documents() {
                let document = self.next_document;
                self.next_document += 1;
                self.maker.make(document, &mut self.index, &mut self.ready);
            } else if self.done {
                return None;
            } else {
                self.done = true;
                self.maker.watermarks(&mut self.ready);
            }
        }
    }
}
