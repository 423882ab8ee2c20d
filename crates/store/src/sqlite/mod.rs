//! The embedded backend: one SQLite file with its write-ahead log.

mod checkpoint;
mod connection;
mod decisions;
mod identifiers;
mod log;
mod messages;
mod number;
mod open;
mod persons;
mod pointers;
mod reader;
mod search;
mod shared;
mod small;
mod sources;
mod writer;

pub use open::SqliteStore;
pub use reader::SqliteReader;
