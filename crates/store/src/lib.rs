//! The log and all state, in one directory. One trait, shaped by the engine; the embedded SQLite
//! backend is the default.
//!
//! **Invariants:** one process writes a directory; what a commit wrote is durable when it returns,
//! and nothing lives outside the database's transactions. The log and the commitments (decisions,
//! messages, notices, enrollments, changes of who is who) are ground; every other table can be made again from the log.

mod codec;
mod erase;
mod error;
mod index;
mod reader;
mod sqlite;
mod store;

pub use erase::{Erased, Erasure, first_named, is_tombstone, led_to, tombstone};
pub use error::{CommitError, StoreError};
pub use reader::{
    Account, CallCount, CallFilter, ChangeDay, Decided, DecisionFilter, Entry, Found,
    MessageFilter, NoticeFilter, NumberedChange, QuarantineCount, QuarantineFilter, Reader, Tally,
    Totals, Waiting,
};
pub use sqlite::{
    Difference, Heading, Problem, Progress, Replace, SqliteReader, SqliteStore, compare, restore,
};
pub use store::{
    Definition, Loaded, Published, QuarantineOutcome, Seen, Sending, Store, Versioned, Want,
};
