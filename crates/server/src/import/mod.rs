//! Importing files: read on one thread, written on another, through the same batch path as live.
//!
//! A file is never half understood: every line ends in the log, among the repeats, or in
//! quarantine. A file that is imported again changes nothing. Nothing is sent by an import.

mod file;
mod tally;

pub use file::{Import, ImportError, Imported, Progress};
pub use tally::Tally;
