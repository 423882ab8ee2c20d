//! What can go wrong with a store. Nothing here carries an identifier or an event.

use std::path::PathBuf;

/// The store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Another process writes this directory.
    #[error(
        "data directory \"{dir}\" is in use by another process; stop that process or name another directory with --data-dir"
    )]
    InUse {
        /// Which directory.
        dir: PathBuf,
    },
    /// A newer program wrote this store.
    #[error(
        "the store has schema {found} and this program knows schemas up to {known}; install the version that wrote it, or a later one"
    )]
    Newer {
        /// The schema that was found.
        found: u32,
        /// The latest schema this program knows.
        known: u32,
    },
    /// An older program wrote this store, and only its writer may bring it up to date.
    #[error(
        "the store has schema {found} and this program reads schema {known}; start the program on it once"
    )]
    Older {
        /// The schema that was found.
        found: u32,
        /// The schema this program reads.
        known: u32,
    },
    /// The store is from before the first release, and nothing brings it up to date.
    #[error(
        "the store has schema {found}, from before the first release, and this program knows schemas from {first} on; import its events anew"
    )]
    Unreleased {
        /// The schema that was found.
        found: u32,
        /// The first schema this program knows.
        first: u32,
    },
    /// The file is something else.
    #[error("\"{path}\" is not a store of Regulars")]
    NotAStore {
        /// Which file.
        path: PathBuf,
    },
    /// There is a store already where one was to be made.
    #[error(
        "\"{dir}\" already holds a store; choose an empty directory, or say --force to replace it"
    )]
    Exists {
        /// Which directory.
        dir: PathBuf,
    },
    /// A file could not be opened, written or moved.
    #[error("could not {doing} \"{path}\"")]
    File {
        /// What was tried: "open", "create", ...
        doing: &'static str,
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// Somebody is reading what is to be removed.
    #[error("a reader has held its snapshot for too long; try again when it is done")]
    Busy,
    /// The database below refused.
    #[error("the database refused")]
    Database {
        /// What it said.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What was read is not what was written.
    #[error(
        "the store is damaged: {what}; restore a backup, or rebuild it from the log with verify"
    )]
    Damaged {
        /// What does not read, by table and place.
        what: String,
    },
}

impl StoreError {
    /// An error that says which part does not read.
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged { what: what.into() }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(source: rusqlite::Error) -> Self {
        Self::Database { source: Box::new(source) }
    }
}

/// A commit did not happen; nothing of it was written.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// Something it was decided on has changed since it was read: read again, decide again.
    #[error("another commit came first")]
    Conflict,
    /// The store could not write it.
    #[error("could not commit")]
    Store(#[from] StoreError),
}

impl From<rusqlite::Error> for CommitError {
    fn from(source: rusqlite::Error) -> Self {
        Self::Store(source.into())
    }
}
