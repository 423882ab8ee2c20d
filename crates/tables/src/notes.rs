//! How a table was read, where that is not as plain as its name says.

use std::cell::{Cell, RefCell};

use crate::Named;

/// What a reader of a table should know of it.
#[derive(Default)]
pub(crate) struct Notes {
    read_as: RefCell<Option<String>>,
    /// The first line of a kind, and how many there are.
    short: Cell<(u64, u64)>,
    foreign: Cell<(u64, u64)>,
}

impl Notes {
    pub(crate) fn read_as(&self, written_in: Option<&str>, delimiter: u8, named: Named) {
        let usual = if named == Named::Tsv { b'\t' } else { b',' };
        let parted = (delimiter != usual).then(|| match delimiter {
            b'\t' => "values parted by tabs".to_owned(),
            sign => format!("values parted by \"{}\"", char::from(sign)),
        });
        let parts: Vec<String> = written_in.map(str::to_owned).into_iter().chain(parted).collect();
        if !parts.is_empty() {
            *self.read_as.borrow_mut() = Some(format!("read as {}", parts.join(", ")));
        }
    }

    pub(crate) fn written_in(&self, written_in: Option<&str>) {
        *self.read_as.borrow_mut() = written_in.map(|encoding| format!("read as {encoding}"));
    }

    pub(crate) fn short_row(&self, line: u64) {
        count(&self.short, line);
    }

    pub(crate) fn foreign_row(&self, line: u64) {
        count(&self.foreign, line);
    }

    pub(crate) fn sentences(&self) -> Vec<String> {
        let mut sentences: Vec<String> = self.read_as.borrow().iter().cloned().collect();
        let mut tell = |(first, rows): (u64, u64), what: &str| match rows {
            0 => {}
            1 => sentences.push(format!("line {first} {what}")),
            _ => sentences.push(format!("{rows} lines, from line {first} on, each {what}")),
        };
        tell(
            self.short.get(),
            "has fewer values than the header has columns: the last ones are empty",
        );
        tell(self.foreign.get(), "holds a text that is no UTF-8, read as a page of Windows");
        sentences
    }
}

fn count(of: &Cell<(u64, u64)>, line: u64) {
    let (first, rows) = of.get();
    of.set((if rows == 0 { line } else { first }, rows + 1));
}
