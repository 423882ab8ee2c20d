//! The embedded backend, in a directory and in memory.

use regulars_store::SqliteStore;

use crate::backend::Backend;

/// SQLite in a directory.
pub(crate) struct Directory {
    store: Option<SqliteStore>,
    dir: tempfile::TempDir,
}

impl Backend for Directory {
    type Store = SqliteStore;

    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { store: Some(SqliteStore::open(dir.path()).unwrap()), dir }
    }

    fn store(&mut self) -> &mut SqliteStore {
        self.store.as_mut().unwrap()
    }

    fn reopen(mut self) -> Self {
        drop(self.store.take());
        self.store = Some(SqliteStore::open(self.dir.path()).unwrap());
        self
    }
}

/// SQLite in memory.
pub(crate) struct Memory(SqliteStore);

impl Backend for Memory {
    type Store = SqliteStore;

    fn new() -> Self {
        Self(SqliteStore::in_memory().unwrap())
    }

    fn store(&mut self) -> &mut SqliteStore {
        &mut self.0
    }

    fn reopen(self) -> Self {
        self
    }
}
