//! Opening a store: the lock, the schema, the salt, the look-ups.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use regulars_engine::identity::KeySalt;
use rusqlite::{Connection, TransactionBehavior};

use super::backup::failed;
use super::checkpoint::Checkpointer;
use super::connection::{self, Handle};
use super::dues::Dues;
use super::log::{self, KeyRow};
use super::persons::AtHand;
use super::reader::SqliteReader;
use super::shared::Shared;
use super::small;
use super::turns::Waiting;
use crate::error::StoreError;
use crate::index::MessageKeys;

/// The database's name in the data directory.
pub(super) const FILE: &str = "regulars.db";
/// The lock's name. It is held by the system for as long as the process lives, so that a killed
/// one leaves no lock behind.
const LOCK: &str = "lock";
/// Says that a file is ours: "RGLR".
const APPLICATION_ID: i32 = 0x5247_4c52;
/// Every schema, as the step from the one before; the first from nothing.
const MIGRATIONS: [(u32, &str); 1] = [(8, include_str!("../schema/0008.sql"))];
/// The first schema this program knows. Earlier ones were never released.
const FIRST: u32 = MIGRATIONS[0].0;
/// The latest.
const LATEST: u32 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// The embedded store: its one writer.
#[derive(Debug)]
pub struct SqliteStore {
    // Fields are dropped in this order: the thread ends before the last connection closes, and the
    // lock goes last.
    pub(super) checkpointer: Option<Checkpointer>,
    pub(super) handle: Handle,
    pub(super) shared: Arc<Shared>,
    pub(super) keys: MessageKeys,
    pub(super) key_row: KeyRow,
    pub(super) dues: Dues,
    pub(super) waiting: Waiting,
    pub(super) at_hand: AtHand,
    pub(super) path: Option<PathBuf>,
    _lock: Option<File>,
}

impl SqliteStore {
    /// Opens the store in `dir`, or makes one there. Nobody else writes it while it is open.
    ///
    /// Costs about two seconds for 20,000,000 events behind.
    ///
    /// # Errors
    /// If the directory is in use, holds something else or a newer store, or cannot be written.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        let lock = lock(dir)?;
        let path = dir.join(FILE);
        let connection = connection::writer(&path).map_err(|error| foreign(&path, error))?;
        let mut store = Self::load(connection, Some(path.clone()), Some(lock))?;
        let checkpointer = Checkpointer::start(path, &mut store.handle.lock())?;
        store.checkpointer = Some(checkpointer);
        Ok(store)
    }

    /// A store of the memory, empty, gone when it is dropped: for dry runs and tests.
    ///
    /// # Errors
    /// If there is no memory.
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::load(connection::memory()?, None, None)
    }

    /// Takes over another store's salt, so that the log of that store makes the same keys here:
    /// for rebuilding.
    ///
    /// # Errors
    /// [`StoreError::Exists`] if anything was committed here already, under another salt.
    pub fn with_salt(mut self, salt: KeySalt) -> Result<Self, StoreError> {
        if salt == self.shared.salt {
            return Ok(self);
        }
        if self.shared.read().next > 1 || self.shared.read().holders.len() > 0 {
            let dir = self.path.unwrap_or_default();
            return Err(StoreError::Exists { dir });
        }
        let shared = {
            let connection = self.handle.lock();
            small::set_salt(&connection, salt)?;
            Shared::load(&connection, salt)?
        };
        self.shared = Arc::new(shared);
        Ok(self)
    }

    fn load(
        mut connection: Connection,
        path: Option<PathBuf>,
        lock: Option<File>,
    ) -> Result<Self, StoreError> {
        migrate(&mut connection, path.as_deref().unwrap_or(Path::new(":memory:")))?;
        let salt = small::salt(&connection)?.ok_or_else(|| StoreError::damaged("the salt"))?;
        let (shared, keys) = match &path {
            None => (Shared::load(&connection, salt), log::load_keys(&connection)),
            // The two read different tables and take about as long.
            Some(path) => std::thread::scope(|scope| {
                let keys = scope.spawn(|| log::load_keys(&connection::reader(path)?));
                let shared = Shared::load(&connection, salt);
                (shared, keys.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            }),
        };
        let (shared, keys) = (Arc::new(shared?), keys?);
        let dues = Dues::open(&connection)?;
        let waiting = Waiting::open(&connection)?;
        Ok(Self {
            checkpointer: None,
            handle: Handle::new(connection),
            shared,
            keys,
            key_row: KeyRow::default(),
            dues,
            waiting,
            at_hand: AtHand::default(),
            path,
            _lock: lock,
        })
    }

    /// Bytes of memory that the look-ups for identifiers take: who holds one, and the last event
    /// that hangs on it.
    #[must_use]
    pub fn identifier_bytes(&self) -> usize {
        let lookups = self.shared.read();
        lookups.holders.bytes() + lookups.heads.bytes()
    }

    /// Bytes of memory that the look-ups for message keys take.
    #[must_use]
    pub fn message_key_bytes(&self) -> usize {
        self.keys.bytes()
    }
}

impl SqliteReader {
    /// Reads the store in `dir` from another process than its writer's. It sees what was committed
    /// when it was opened, and rows that changed since as they are.
    ///
    /// # Errors
    /// If there is no store of a schema this program knows.
    pub fn open(dir: &Path) -> Result<Self, StoreError> {
        Self::open_file(&dir.join(FILE))
    }

    pub(super) fn open_file(path: &Path) -> Result<Self, StoreError> {
        let path = path.to_owned();
        if !path.exists() {
            return Err(StoreError::NotAStore { path });
        }
        let connection = connection::reader(&path)?;
        let version = schema(&connection, &path)?;
        if version == 0 {
            return Err(StoreError::NotAStore { path });
        }
        if version < LATEST {
            return Err(StoreError::Older { found: version, known: LATEST });
        }
        let salt = small::salt(&connection)?.ok_or_else(|| StoreError::damaged("the salt"))?;
        let shared = Arc::new(Shared::load(&connection, salt)?);
        Ok(Self::new(Handle::new(connection), shared, Some(path)))
    }
}

pub(super) fn lock(dir: &Path) -> Result<File, StoreError> {
    create(dir).map_err(failed("create", dir))?;
    let path = dir.join(LOCK);
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(failed("create", &path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::InUse { dir: dir.to_owned() }),
        Err(TryLockError::Error(source)) => Err(failed("lock", &path)(source)),
    }
}

/// Makes the directory for its owner alone: it holds what people entrusted.
fn create(dir: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// A file that is no database at all says so in its own words.
fn foreign(path: &Path, error: StoreError) -> StoreError {
    let StoreError::Database { source } = &error else { return error };
    let not_ours = source
        .downcast_ref::<rusqlite::Error>()
        .and_then(rusqlite::Error::sqlite_error_code)
        .is_some_and(|code| code == rusqlite::ErrorCode::NotADatabase);
    if not_ours { StoreError::NotAStore { path: path.to_owned() } } else { error }
}

/// The schema of a file; 0: it is empty.
pub(super) fn schema(connection: &Connection, path: &Path) -> Result<u32, StoreError> {
    let number = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i32>(0));
    let found = number("user_version")
        .and_then(|version| Ok((version, number("application_id")?, number("schema_version")?)));
    let (version, application, statements) =
        found.map_err(|source| foreign(path, source.into()))?;
    if application != APPLICATION_ID && (statements != 0 || version != 0) {
        return Err(StoreError::NotAStore { path: path.to_owned() });
    }
    let version = u32::try_from(version).unwrap_or(u32::MAX);
    match version {
        0 | FIRST..=LATEST => Ok(version),
        1..FIRST => Err(StoreError::Unreleased { found: version, first: FIRST }),
        _ => Err(StoreError::Newer { found: version, known: LATEST }),
    }
}

/// Brings a store up to the schema this program knows, step by step.
pub(super) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let found = schema(connection, path)?;
    for (version, text) in MIGRATIONS.into_iter().filter(|(version, _)| *version > found) {
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute_batch(text)?;
        if version == FIRST {
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            small::set_salt(&transaction, fresh_salt()?)?;
        }
        transaction.pragma_update(None, "user_version", version)?;
        transaction.commit()?;
    }
    Ok(())
}

fn fresh_salt() -> Result<KeySalt, StoreError> {
    let random =
        || getrandom::u64().map_err(|source| StoreError::Database { source: source.into() });
    Ok(KeySalt(random()?, random()?))
}
