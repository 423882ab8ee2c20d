//! The embedded backend: one SQLite file with its write-ahead log.

mod backup;
mod calls;
mod changes;
mod check;
mod checkpoint;
mod compare;
mod connection;
mod decisions;
mod dues;
mod enrollments;
mod erase;
mod identifiers;
mod link_keys;
mod log;
mod members;
mod messages;
mod notices;
mod number;
mod offer_codes;
mod open;
mod persons;
mod pointers;
mod reader;
mod rows;
mod search;
mod shared;
mod small;
mod sources;
mod tidy;
mod turns;
mod writer;

pub use backup::{Replace, restore};
pub use check::{Problem, Progress};
pub use compare::{Difference, compare};
pub use open::SqliteStore;
pub use reader::SqliteReader;
