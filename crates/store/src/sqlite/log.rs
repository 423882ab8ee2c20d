//! The log: frames of up to 32 events, and the packed rows of their message keys.

use std::collections::BTreeSet;

use memchr::memmem;
use minicbor::data::Type;
use minicbor::{Decode, Decoder, Encoder};
use regulars_engine::commit::{Logged, MessageKey};
use regulars_engine::event::{Document, Event, Kind, LogPosition};
use regulars_engine::identity::{IdentifierKey, KeySalt};
use regulars_engine::time::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::number::{size, small, sql, word};
use crate::codec::{compress, decompress};
use crate::erase::is_tombstone;
use crate::error::StoreError;
use crate::index::MessageKeys;
use crate::reader::Entry;
use crate::store::Seen;

/// Events in a frame. Reading one event decompresses its frame, so a page of 50 events of as many
/// frames takes half the time it would with 64, which shrink only by another twelfth.
pub(super) const FRAME_EVENTS: usize = 32;
/// Message keys in a row.
pub(super) const ROW_KEYS: usize = 1_024;
/// Bytes of a message key and of a content hash.
const KEY: usize = 16;
const CONTENT: usize = 8;

/// Appends events; their positions ascend without gaps from the next position.
pub(super) fn append(
    connection: &Connection,
    salt: KeySalt,
    events: &[Logged],
) -> Result<(), StoreError> {
    for events in events.chunks(FRAME_EVENTS) {
        write_frame(connection, salt, events)?;
    }
    for events in events.chunks(ROW_KEYS) {
        write_keys(connection, events)?;
    }
    Ok(())
}

/// Writes one frame, in place of the one with the same first position if there is one.
pub(super) fn write_frame(
    connection: &Connection,
    salt: KeySalt,
    events: &[Logged],
) -> Result<(), StoreError> {
    let mut bytes = Vec::with_capacity(events.len() * 512);
    for logged in events {
        put_entry(&mut bytes, salt, logged);
    }
    connection
        .prepare_cached("INSERT OR REPLACE INTO frame (first, count, events) VALUES (?1, ?2, ?3)")?
        .execute((sql(events[0].position.0), size(events.len()), compress(&bytes)))?;
    Ok(())
}

fn write_keys(connection: &Connection, events: &[Logged]) -> Result<(), StoreError> {
    let mut keys = Vec::with_capacity(events.len() * KEY);
    let mut contents = Vec::with_capacity(events.len() * CONTENT);
    for logged in events {
        keys.extend_from_slice(&logged.key.0.to_be_bytes());
        contents.extend_from_slice(&logged.event.content.to_le_bytes());
    }
    connection
        .prepare_cached("INSERT INTO message_key (first, keys, contents) VALUES (?1, ?2, ?3)")?
        .execute((sql(events[0].position.0), keys, contents))?;
    Ok(())
}

/// An entry is its length, then CBOR: the message key, the anchor, the event. The message key is
/// `true` where it is the one of the event's source and id, and the anchor where it is the key of
/// the event's first identifier: that is the rule, and hashes do not compress.
fn put_entry(bytes: &mut Vec<u8>, salt: KeySalt, logged: &Logged) {
    let start = bytes.len();
    bytes.extend_from_slice(&[0; 4]);
    let mut encoder = Encoder::new(&mut *bytes);
    let written = encoder.array(3).and_then(|e| {
        if logged.key == derived_key(&logged.event, salt) {
            e.bool(true)?
        } else {
            e.bytes(&logged.key.0.to_be_bytes())?
        };
        match logged.anchor {
            None => e.null(),
            Some(anchor) if Some(anchor) == derived_anchor(&logged.event, salt) => e.bool(true),
            Some(anchor) => e.u64(anchor.0),
        }?
        .encode(&logged.event)
    });
    written.expect("writing into memory does not fail");
    let length = u32::try_from(bytes.len() - start - 4).expect("events are bounded at intake");
    bytes[start..start + 4].copy_from_slice(&length.to_le_bytes());
}

fn derived_key(event: &Event, salt: KeySalt) -> MessageKey {
    MessageKey::of(salt, &event.source, &event.message_id)
}

fn derived_anchor(event: &Event, salt: KeySalt) -> Option<IdentifierKey> {
    event.anchor().map(|anchor| anchor.key(salt))
}

/// One frame, decompressed.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) first: u64,
    pub(super) count: u64,
    bytes: Vec<u8>,
}

impl Frame {
    fn read(first: u64, count: u64, events: &[u8]) -> Result<Self, StoreError> {
        let bytes = decompress(events, || format!("the log frame at {first}"))?;
        Ok(Self { first, count, bytes })
    }

    /// Whether the frame holds this position.
    pub(super) fn holds(&self, position: u64) -> bool {
        (self.first..self.first + self.count).contains(&position)
    }

    /// The event at a position the frame holds.
    pub(super) fn get(&self, position: u64, salt: KeySalt) -> Result<Logged, StoreError> {
        let index = usize::try_from(position - self.first).expect("a frame is small");
        let entry = self.entries().nth(index).ok_or_else(|| self.damaged())?;
        self.parse(entry, position, salt)
    }

    /// All events in order.
    pub(super) fn all(&self, salt: KeySalt) -> Result<Vec<Logged>, StoreError> {
        let events: Result<Vec<Logged>, StoreError> = self
            .entries()
            .zip(self.first..)
            .map(|(entry, position)| self.parse(entry, position, salt))
            .collect();
        let events = events?;
        let whole = u64::try_from(events.len()).ok() == Some(self.count)
            && self.entries().map(|entry| entry.len() + 4).sum::<usize>() == self.bytes.len();
        if whole { Ok(events) } else { Err(self.damaged()) }
    }

    /// The heading of each event, with its position, in order.
    pub(super) fn headings(
        &self,
    ) -> impl Iterator<Item = Result<(LogPosition, Heading<'_>), StoreError>> {
        self.entries().zip(self.first..).map(|(entry, position)| {
            let heading = parse_heading(entry).map_err(|_| self.damaged())?;
            Ok((LogPosition(position), heading))
        })
    }

    /// Those whose kinds `kinds` lets through, in order.
    pub(super) fn some(
        &self,
        salt: KeySalt,
        kinds: &dyn Fn(&Kind) -> bool,
    ) -> impl Iterator<Item = Result<Logged, StoreError>> {
        self.entries().zip(self.first..).filter_map(move |(entry, position)| {
            match parse_heading(entry) {
                Ok(heading) => kinds(&heading.kind).then(|| self.parse(entry, position, salt)),
                Err(_) => Some(Err(self.damaged())),
            }
        })
    }

    /// The bytes of each entry, decompressed: for searching.
    pub(super) fn entries(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = self.bytes.as_slice();
        std::iter::from_fn(move || {
            let (length, after) = rest.split_first_chunk::<4>()?;
            let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
            let (entry, after) = after.split_at_checked(length)?;
            rest = after;
            Some(entry)
        })
    }

    fn parse(&self, entry: &[u8], position: u64, salt: KeySalt) -> Result<Logged, StoreError> {
        parse_entry(entry, position, salt).map_err(|_| self.damaged())
    }

    fn damaged(&self) -> StoreError {
        StoreError::damaged(format!("the log frame at {}", self.first))
    }
}

/// Of an event what puts it in its order, at a part of the cost of reading all that it says.
#[derive(Clone, Debug, PartialEq, Decode)]
pub struct Heading<'b> {
    /// The system that sent it.
    #[b(0)]
    pub source: &'b str,
    #[b(2)]
    message_id: &'b str,
    /// When we got it.
    #[n(5)]
    pub received_at: Timestamp,
    /// What it says.
    #[n(9)]
    pub kind: Kind,
}

impl Heading<'_> {
    /// Whether its person was erased: see [`is_tombstone`].
    #[must_use]
    pub fn erased(&self) -> bool {
        self.message_id.is_empty()
    }
}

/// The heading of an entry: of an event the fields of the same numbers.
fn parse_heading(entry: &[u8]) -> Result<Heading<'_>, minicbor::decode::Error> {
    let mut decoder = Decoder::new(entry);
    decoder.array()?;
    decoder.skip()?;
    decoder.skip()?;
    decoder.decode()
}

fn parse_entry(
    entry: &[u8],
    position: u64,
    salt: KeySalt,
) -> Result<Logged, minicbor::decode::Error> {
    let mut decoder = Decoder::new(entry);
    decoder.array()?;
    let key = if decoder.datatype()? == Type::Bool {
        decoder.skip().map(|()| None)?
    } else {
        let key: [u8; KEY] = decoder
            .bytes()?
            .try_into()
            .map_err(|_| minicbor::decode::Error::message("a message key of another length"))?;
        Some(MessageKey(u128::from_be_bytes(key)))
    };
    let stated = decoder.datatype()?;
    let explicit = if matches!(stated, Type::Null | Type::Bool) {
        decoder.skip().map(|()| None)?
    } else {
        decoder.u64().map(|key| Some(IdentifierKey(key)))?
    };
    let event: Event = decoder.decode()?;
    let anchor = if stated == Type::Bool { derived_anchor(&event, salt) } else { explicit };
    Ok(Logged {
        position: LogPosition(position),
        key: key.unwrap_or_else(|| derived_key(&event, salt)),
        event,
        anchor,
    })
}

/// Reads events one by one; neighbours come from one frame.
#[derive(Debug, Default)]
pub(super) struct Frames {
    last: Option<Frame>,
}

impl Frames {
    /// The event at a position; `None` if the log does not reach so far.
    pub(super) fn get(
        &mut self,
        connection: &Connection,
        salt: KeySalt,
        position: LogPosition,
    ) -> Result<Option<Logged>, StoreError> {
        if !self.last.as_ref().is_some_and(|frame| frame.holds(position.0)) {
            self.last = frame_at(connection, position.0)?;
        }
        match &self.last {
            Some(frame) if frame.holds(position.0) => frame.get(position.0, salt).map(Some),
            Some(_) | None => Ok(None),
        }
    }
}

/// The frame that holds a position, or the last one before it.
pub(super) fn frame_at(
    connection: &Connection,
    position: u64,
) -> Result<Option<Frame>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT first, count, events FROM frame WHERE first <= ?1 ORDER BY first DESC LIMIT 1",
    )?;
    let mut rows = statement.query([sql(position)])?;
    match rows.next()? {
        Some(row) => {
            let events = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
            Frame::read(word(row, 0)?, word(row, 1)?, events).map(Some)
        }
        None => Ok(None),
    }
}

/// Walks the frames from the one that holds `from` on, until `visit` says no.
pub(super) fn walk(
    connection: &Connection,
    from: u64,
    mut visit: impl FnMut(&Frame) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT first, count, events FROM frame
         WHERE first >= coalesce((SELECT max(first) FROM frame WHERE first <= ?1), 0)
         ORDER BY first",
    )?;
    let mut rows = statement.query([sql(from)])?;
    while let Some(row) = rows.next()? {
        let events = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        if !visit(&Frame::read(word(row, 0)?, word(row, 1)?, events)?)? {
            break;
        }
    }
    Ok(())
}

/// The event as pages read it.
pub(super) fn entry(connection: &Connection, logged: Logged) -> Result<Entry, StoreError> {
    let overtaken_by = match logged.event.document {
        Document::Once => None,
        Document::Versioned => overtaken_by(connection, logged.position)?,
    };
    Ok(Entry { erased: is_tombstone(&logged.event), logged, overtaken_by })
}

/// The next newer version of the document at a position.
pub(super) fn overtaken_by(
    connection: &Connection,
    position: LogPosition,
) -> rusqlite::Result<Option<LogPosition>> {
    connection
        .prepare_cached("SELECT new FROM overtaken WHERE old = ?1")?
        .query_row([sql(position.0)], |row| word(row, 0).map(LogPosition))
        .optional()
}

/// Notes which events a new version has overtaken.
pub(super) fn overtake(
    connection: &Connection,
    overtaken: &[(LogPosition, LogPosition)],
) -> rusqlite::Result<()> {
    for (old, new) in overtaken {
        connection
            .prepare_cached("INSERT OR REPLACE INTO overtaken (old, new) VALUES (?1, ?2)")?
            .execute((sql(old.0), sql(new.0)))?;
    }
    Ok(())
}

/// The position the next event will have.
pub(super) fn next_position(connection: &Connection) -> Result<u64, StoreError> {
    let last = connection
        .prepare_cached("SELECT first + count FROM frame ORDER BY first DESC LIMIT 1")?
        .query_row([], |row| row.get::<_, i64>(0))
        .optional()?;
    small(last.unwrap_or(1), "the last log frame")
}

/// Reads all message keys into the look-up. Contents are passed over unread.
pub(super) fn load_keys(connection: &Connection) -> Result<MessageKeys, StoreError> {
    /// Keys taken in at once: 16 MB on the way.
    const AT_ONCE: usize = 1 << 20;
    // No file holds more keys than there is room for in it, whatever its last frame says.
    let bytes: i64 = connection.query_row(
        "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
        [],
        |row| row.get(0),
    )?;
    let room = usize::try_from(bytes).unwrap_or(0) / KEY;
    let count = usize::try_from(next_position(connection)?.saturating_sub(1)).unwrap_or(0);
    let mut found = MessageKeys::with_room_for(count.min(room));
    let mut batch: Vec<(u64, LogPosition)> = Vec::new();
    let mut statement = connection.prepare("SELECT first, keys FROM message_key ORDER BY first")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let first = word(row, 0)?;
        let keys = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        for (key, position) in keys.chunks_exact(KEY).zip(first..) {
            let high = u64::from_be_bytes(*key.first_chunk().expect("keys have 16 bytes"));
            batch.push((high, LogPosition(position)));
        }
        if batch.len() >= AT_ONCE {
            found.add_all(&batch);
            batch.clear();
        }
    }
    found.add_all(&batch);
    Ok(found)
}

/// The last row of message keys that was read: repeats come in runs.
#[derive(Debug, Default)]
pub(super) struct KeyRow {
    first: u64,
    keys: Vec<u8>,
    contents: Vec<u8>,
}

impl KeyRow {
    /// What was accepted at `position`, if it has this very key.
    pub(super) fn confirm(
        &mut self,
        connection: &Connection,
        position: LogPosition,
        key: MessageKey,
    ) -> Result<Option<Seen>, StoreError> {
        if !self.holds(position.0) {
            *self = connection
                .prepare_cached(
                    "SELECT first, keys, contents FROM message_key
                     WHERE first <= ?1 ORDER BY first DESC LIMIT 1",
                )?
                .query_row([sql(position.0)], |row| {
                    Ok(Self { first: word(row, 0)?, keys: row.get(1)?, contents: row.get(2)? })
                })
                .optional()?
                .unwrap_or_default();
        }
        let damaged = || StoreError::damaged(format!("the message keys at {}", position.0));
        if !self.holds(position.0) {
            return Err(damaged());
        }
        let index = usize::try_from(position.0 - self.first).expect("rows are small");
        if self.keys[index * KEY..(index + 1) * KEY] != key.0.to_be_bytes() {
            return Ok(None);
        }
        let content = self.contents.get(index * CONTENT..).and_then(<[u8]>::first_chunk);
        let content = u64::from_le_bytes(*content.ok_or_else(damaged)?);
        Ok(Some(Seen { position, content }))
    }

    /// Forgets the row, after rows were merged or rewritten.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }

    fn holds(&self, position: u64) -> bool {
        position
            .checked_sub(self.first)
            .and_then(|index| usize::try_from(index).ok())
            .is_some_and(|index| index < self.keys.len() / KEY)
    }
}

/// Texts to look for, letters in any case.
#[derive(Debug)]
pub(super) struct Needles(Vec<memmem::Finder<'static>>);

impl Needles {
    /// Beyond ASCII a letter is found as it was given, and in texts that are wholly in capitals or
    /// wholly not.
    pub(super) fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut forms: BTreeSet<String> = BTreeSet::new();
        for text in texts.filter(|text| !text.is_empty()) {
            for form in [text.to_owned(), text.to_lowercase(), text.to_uppercase()] {
                forms.insert(form.to_ascii_lowercase());
            }
        }
        Self(forms.iter().map(|form| memmem::Finder::new(form).into_owned()).collect())
    }

    /// Whether one of the texts occurs.
    pub(super) fn occur_in(&self, text: &[u8]) -> bool {
        let text = text.to_ascii_lowercase();
        self.0.iter().any(|finder| finder.find(&text).is_some())
    }

    /// Whether one of the texts occurs and no number in it goes on: "Calle Mayor 1" is no part of
    /// "Calle Mayor 14".
    pub(super) fn stand_in(&self, text: &[u8]) -> bool {
        let text = text.to_ascii_lowercase();
        let digit = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_digit);
        self.0.iter().any(|finder| {
            let needle = finder.needle();
            finder.find_iter(&text).any(|at| {
                let (before, after) = (text[..at].last(), text.get(at + needle.len()));
                let goes_on =
                    digit(needle.first()) && digit(before) || digit(needle.last()) && digit(after);
                !goes_on
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use regulars_engine::event::Value;

    use super::*;

    /// A heading is read by the numbers of an event's fields, which nothing but this holds together.
    #[test]
    fn a_heading_says_what_its_event_says() {
        let salt = KeySalt(7, 7);
        let at = |day: i64| Timestamp(day * 86_400_000);
        let mut view = Event::bare("web", "m1".to_owned(), Kind::ProductViewed, at(3));
        view.feed = "app".to_owned();
        view.received_at = at(5);
        view.properties.insert("colour".to_owned(), Value::Text("red".to_owned()));
        let own = Event::bare("till", "m2".to_owned(), Kind::Custom("Fitted".to_owned()), at(4));
        let gone = Event::bare("web", String::new(), Kind::PageViewed, at(6));
        let mut bytes = Vec::new();
        for (event, position) in [&view, &own, &gone].into_iter().zip(1..) {
            let key = MessageKey(u128::from(position));
            let (position, event) = (LogPosition(position), event.clone());
            put_entry(&mut bytes, salt, &Logged { position, key, event, anchor: None });
        }
        let frame = Frame { first: 1, count: 3, bytes };
        let headings: Result<Vec<_>, StoreError> = frame.headings().collect();
        let told: Vec<_> = headings
            .unwrap()
            .into_iter()
            .map(|(position, heading)| {
                (position.0, heading.source, heading.received_at, heading.erased(), heading.kind)
            })
            .collect();
        let expected = [
            (1, "web", at(5), false, Kind::ProductViewed),
            (2, "till", at(4), false, own.kind.clone()),
            (3, "web", at(6), true, Kind::PageViewed),
        ];
        assert_eq!(told, expected);
    }
}
