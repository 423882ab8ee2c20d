//! Connections: the writer's, the readers', and what each is told.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags};

use crate::error::StoreError;

/// A connection. In memory the writer and all readers share one, in turns.
#[derive(Clone, Debug)]
pub(super) struct Handle(Arc<Mutex<Connection>>);

impl Handle {
    pub(super) fn new(connection: Connection) -> Self {
        Self(Arc::new(Mutex::new(connection)))
    }

    /// One for another reader: with a connection of its own where there is a file.
    pub(super) fn for_reader(&self, path: Option<&Path>) -> Result<Self, StoreError> {
        match path {
            Some(path) => Ok(Self::new(reader(path)?)),
            None => Ok(self.clone()),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Connection> {
        // A panic elsewhere rolled its transaction back, so the connection is as good as before.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Statements kept ready: every statement of a commit and of the pages.
const STATEMENTS: usize = 128;
/// How long a statement waits for a lock that another connection holds for a moment.
const BUSY: Duration = Duration::from_secs(5);

/// The writer's connection to a file: durable when a commit returns. Checkpoints run elsewhere.
pub(super) fn writer(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "wal_autocheckpoint", 0)?;
    connection.pragma_update(None, "cache_size", -32_768)?;
    keep_plans(&connection)?;
    Ok(connection)
}

/// A reader's connection to a file.
pub(super) fn reader(path: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "query_only", true)?;
    connection.pragma_update(None, "cache_size", -8_192)?;
    keep_plans(&connection)?;
    Ok(connection)
}

/// A store of the memory, gone with its last handle.
pub(super) fn memory() -> Result<Connection, StoreError> {
    let connection = Connection::open_in_memory()?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "journal_mode", "MEMORY")?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    keep_plans(&connection)?;
    Ok(connection)
}

/// Statements keep their plan whatever is bound to them. Otherwise SQLite compiles anew each one
/// that has a bound `LIMIT` whenever another value is bound: 12 % of a writer's time.
fn keep_plans(connection: &Connection) -> Result<(), StoreError> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}
