//! Messages from their claim on: most of one is the mail as it was sent, which is compressed.

use regulars_engine::decision::{Message, MessageState};
use regulars_engine::identity::KeySalt;
use rusqlite::Connection;

use super::number::{sql, word};
use super::rows::{self, Rows};
use crate::codec::{decode, encode, seal, unseal};
use crate::error::StoreError;
use crate::reader::MessageFilter;

/// The number of a state in the table.
pub(super) fn number(state: MessageState) -> i64 {
    match state {
        MessageState::Claimed => 0,
        MessageState::Sent => 1,
        MessageState::Failed => 2,
        MessageState::Uncertain => 3,
        MessageState::TakenBack => 4,
    }
}

/// Writes messages whole, new or changed. What has ended keeps its place in the indices by person and
/// address, unless its person bears another id by now.
pub(super) fn write(
    connection: &Connection,
    salt: KeySalt,
    messages: &[Message],
) -> rusqlite::Result<()> {
    for message in messages {
        let body = seal(&encode(message));
        let (id, person) = (sql(message.id), sql(message.person.0));
        let (state, recipient) = (number(message.state), sql(message.recipient.key(salt).0));
        let in_place = message.state != MessageState::Claimed
            && connection
                .prepare_cached(
                    "UPDATE message SET state = ?3, body = ?5
                     WHERE id = ?1 AND person = ?2 AND recipient = ?4",
                )?
                .execute((id, person, state, recipient, &body))?
                == 1;
        if in_place {
            continue;
        }
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO message (id, person, state, recipient, body)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute((id, person, state, recipient, body))?;
    }
    Ok(())
}

pub(super) fn read(id: u64, body: &[u8]) -> Result<Message, StoreError> {
    let what = || format!("message {id}");
    decode(&unseal(body, what)?, what)
}

/// One message.
pub(super) fn get(connection: &Connection, id: u64) -> Result<Option<Message>, StoreError> {
    rows::body(connection, "message", id)?.map(|body| read(id, &body)).transpose()
}

/// Messages, the latest first.
pub(super) fn list(
    connection: &Connection,
    filter: &MessageFilter,
    limit: usize,
) -> Result<Vec<Message>, StoreError> {
    let mut rows = Rows::of("message");
    rows.of_persons(&filter.persons);
    if let Some(state) = filter.state {
        rows.and("state = ?", [number(state).into()]);
    }
    rows.latest(connection, (filter.before, limit), read)
}

/// How many messages are in a state.
pub(super) fn count(connection: &Connection, state: MessageState) -> rusqlite::Result<u64> {
    connection
        .prepare_cached("SELECT count(*) FROM message WHERE state = ?1")?
        .query_row([number(state)], |row| word(row, 0))
}
