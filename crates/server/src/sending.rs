//! The switch of everything that leaves, with who turned it and when.

use regulars_engine::guard::{Alarm, Received};
use regulars_engine::step::MayLeave;
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
    /// A user's name, a key's, `command line`, or `Regulars`.
    pub by: String,
    /// Why, where nobody asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
}

/// What made Regulars pause care and promotion by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cause {
    /// The word of the [`Alarm`].
    pub alarm: String,
    /// How many complained, or came back.
    pub count: u64,
    /// Of how many messages of the last days.
    pub sent: u64,
}

/// What may leave by the switch.
#[must_use]
pub fn may_leave(sending: Sending) -> MayLeave {
    match sending {
        Sending::On => MayLeave::Everything,
        Sending::Transactional => MayLeave::Transactional,
        Sending::Off | Sending::OffAfterRestore => MayLeave::Nothing,
    }
}

/// Pauses care and promotion, since too many complain or too much comes back. Messages about
/// people's own business go on.
///
/// # Errors
/// If the store fails.
pub fn alarmed<S: Store>(
    writer: &mut Writer<S>,
    alarm: Alarm,
    received: Received,
    now: Timestamp,
) -> Result<(), WriterError> {
    let count = match alarm {
        Alarm::Complaints => received.complained,
        Alarm::Bounces => received.bounced,
    };
    let cause = Cause { alarm: alarm.word().to_owned(), count, sent: received.sent };
    let by = format!("Regulars: {} {} of {} messages", cause.count, cause.alarm, cause.sent);
    turn(writer, Sending::Transactional, &by, Some(cause), now)
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
    turn(writer, to, by, None, now)
}

fn turn<S: Store>(
    writer: &mut Writer<S>,
    to: Sending,
    by: &str,
    cause: Option<Cause>,
    now: Timestamp,
) -> Result<(), WriterError> {
    writer.set_sending(to)?;
    let note = Switched { to: to.word().to_owned(), at: now.0, by: by.to_owned(), cause };
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
