//! The switch of everything that leaves, with who turned it and when.

use regulars_engine::time::Timestamp;
use regulars_store::{Reader, Sending, Store, StoreError};
use serde::{Deserialize, Serialize};

use crate::writer::{Writer, WriterError};

/// Where the last turn of the switch stands among the server's own rows.
const SPACE: &str = "sending";
const KEY: &str = "switched";

/// The last turn of the switch by a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Switched {
    /// To what: the word of [`Sending`].
    pub to: String,
    /// When, in milliseconds since 1970 (UTC).
    pub at: i64,
    /// A user's name, a key's, or `command line`.
    pub by: String,
}

/// Turns the switch, and notes who did.
///
/// # Errors
/// If the store fails.
pub fn switch<S: Store>(
    writer: &mut Writer<S>,
    to: Sending,
    by: &str,
    now: Timestamp,
) -> Result<(), WriterError> {
    writer.set_sending(to)?;
    let note = Switched { to: to.word().to_owned(), at: now.0, by: by.to_owned() };
    let bytes = serde_json::to_vec(&note).expect("two texts and a number are JSON");
    writer.store().put(SPACE, KEY, Some(&bytes))?;
    Ok(())
}

/// Who turned the switch to what it is; `None` where nobody did, as after a restore.
///
/// # Errors
/// If the store cannot be read.
pub fn switched<R: Reader>(reader: &R) -> Result<Option<Switched>, StoreError> {
    let sending = reader.sending()?;
    let bytes = reader.get(SPACE, KEY)?;
    let note = bytes.and_then(|bytes| serde_json::from_slice::<Switched>(&bytes).ok());
    Ok(note.filter(|note| note.to == sending.word()))
}
