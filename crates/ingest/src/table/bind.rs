//! A mapping bound to the header of one file.

use super::mapping::{All, Cell, Check, From, Mapping, Target, Test};
use super::reader::did_you_mean;
use crate::limits::TABLE_BYTES_MAX;

/// Why a table could not be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TableError {
    /// It is larger than [`TABLE_BYTES_MAX`].
    #[error("the file has {bytes} bytes, more than {TABLE_BYTES_MAX} (split it between documents)")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It has no header.
    #[error("the file has no header (put the names of the columns into its first line)")]
    NoHeader,
    /// The mapping names columns that the header does not have.
    #[error("{}", .0.join("\n"))]
    Columns(Vec<String>),
}

/// Where a value of a row comes from.
#[derive(Clone, Debug)]
pub(super) struct BoundCell {
    pub(super) source: Source,
    strip: Option<String>,
    /// The column's name, for reasons.
    pub(super) name: String,
}

#[derive(Clone, Debug)]
pub(super) enum Source {
    Column(usize),
    Value(String),
}

impl BoundCell {
    /// Takes off what the mapping says to.
    pub(super) fn strip<'t>(&self, text: &'t str) -> &'t str {
        match &self.strip {
            Some(end) => text.strip_suffix(end.as_str()).unwrap_or(text).trim_end(),
            None => text,
        }
    }
}

/// Every cell and test of a mapping, by column number.
#[derive(Clone, Debug)]
pub(super) struct Bound {
    cells: Vec<Option<BoundCell>>,
    pub(super) traits: Vec<(String, BoundCell)>,
    pub(super) properties: Vec<(String, BoundCell)>,
    pub(super) return_when: Vec<Vec<(BoundCell, Check)>>,
    pub(super) adjustment_when: Vec<Vec<(BoundCell, Check)>>,
    pub(super) cancelled_when: Vec<Vec<(BoundCell, Check)>>,
    pub(super) columns: usize,
}

impl Bound {
    pub(super) fn new(mapping: &Mapping, header: &[String]) -> Result<Self, TableError> {
        let mut binder = Binder { header, wrong: Vec::new() };
        let mut cells = vec![None; Target::ALL.len()];
        for (target, cell) in &mapping.columns {
            cells[*target as usize] = binder.bind(cell);
        }
        let traits = binder.named(&mapping.traits);
        let properties = binder.named(&mapping.properties);
        let return_when = binder.tests(&mapping.return_when);
        let adjustment_when = binder.tests(&mapping.adjustment_when);
        let cancelled_when = binder.tests(&mapping.cancelled_when);
        if !binder.wrong.is_empty() {
            binder.wrong.dedup();
            return Err(TableError::Columns(binder.wrong));
        }
        let columns = header.len();
        Ok(Self {
            cells,
            traits,
            properties,
            return_when,
            adjustment_when,
            cancelled_when,
            columns,
        })
    }

    pub(super) fn cell(&self, target: Target) -> Option<&BoundCell> {
        self.cells[target as usize].as_ref()
    }
}

/// Whether this can be the name of a column, and not what stands below it.
fn is_name(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    !text.is_empty() && !text.contains('@') && digits * 2 < text.len() && text.len() <= 64
}

struct Binder<'h> {
    header: &'h [String],
    wrong: Vec<String>,
}

impl Binder<'_> {
    fn bind(&mut self, cell: &Cell) -> Option<BoundCell> {
        let (source, name) = match &cell.from {
            From::Value(value) => (Source::Value(value.clone()), value.clone()),
            From::Column(column) => match self.header.iter().position(|name| name == column) {
                Some(number) => (Source::Column(number), column.clone()),
                None => {
                    let known = self.header.iter().map(String::as_str);
                    let cure = if self.header.iter().all(|name| is_name(name)) {
                        did_you_mean(column, known)
                    } else {
                        // A first line that is data may name people: it is not repeated.
                        "does the file's first line hold the names of its columns?".to_owned()
                    };
                    self.wrong.push(format!(
                        "column \"{column}\", mapped on line {}, is not in the file's header; {cure}",
                        cell.at.line
                    ));
                    return None;
                }
            },
        };
        Some(BoundCell { source, strip: cell.strip.clone(), name })
    }

    fn named(&mut self, cells: &[(String, Cell)]) -> Vec<(String, BoundCell)> {
        cells.iter().filter_map(|(name, cell)| Some((name.clone(), self.bind(cell)?))).collect()
    }

    fn tests(&mut self, ways: &[All]) -> Vec<Vec<(BoundCell, Check)>> {
        let mut bind = |test: &Test| Some((self.bind(&test.cell)?, test.check.clone()));
        ways.iter().map(|way| way.iter().filter_map(&mut bind).collect()).collect()
    }
}
