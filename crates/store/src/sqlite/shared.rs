//! What the writer and the readers of one store share: its salt and the look-ups in memory.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use regulars_engine::identity::{IdentifierKey, KeySalt};
use rusqlite::Connection;

use super::{identifiers, log, pointers};
use crate::error::StoreError;
use crate::index::KeyMap;

/// What the writer and the readers of one store share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) salt: KeySalt,
    lookups: RwLock<Lookups>,
}

/// The look-ups. They change after the transaction that made them true, under one lock.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    /// Identifier key to person.
    pub(super) holders: KeyMap,
    /// Anchor key to the last position that hangs on it.
    pub(super) heads: KeyMap,
    /// Identifier keys that were erased; the numbers mean nothing.
    pub(super) erased: KeyMap,
    /// The position the next event will have.
    pub(super) next: u64,
}

impl Shared {
    pub(super) fn load(connection: &Connection, salt: KeySalt) -> Result<Self, StoreError> {
        let lookups = Lookups {
            holders: identifiers::load(connection)?,
            heads: pointers::load(connection)?,
            erased: identifiers::load_erased(connection)?,
            next: log::next_position(connection)?,
        };
        Ok(Self { salt, lookups: RwLock::new(lookups) })
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, Lookups> {
        self.lookups.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last positions that hang on these anchors.
    pub(super) fn heads(&self, anchors: &[IdentifierKey]) -> Vec<Option<u64>> {
        let lookups = self.read();
        anchors.iter().map(|anchor| lookups.heads.get(anchor.0)).collect()
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Lookups> {
        self.lookups.write().unwrap_or_else(PoisonError::into_inner)
    }
}
