//! Erasing in the database, and scrubbing the file.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use regulars_engine::decision::{Decision, Message};
use regulars_engine::event::Event;
use regulars_engine::identity::{Identifier, IdentifierKey, IdentifierKind, KeySalt, PersonId};
use regulars_engine::offer::Given;
use regulars_engine::reason::{Fact, Told};
use regulars_engine::time::Timestamp;
use rusqlite::Connection;

use super::number::{sql, word};
use super::open::SqliteStore;
use super::persons::{self, Changes};
use super::pointers::{self, Chunk};
use super::turns::{self, Waiting};
use super::{
    calls, changes, decisions, identifiers, link_keys, log, messages, notices, offer_codes, small,
    sources,
};
use crate::codec::{decode, encode, seal};
use crate::erase::{Erased, Erasure, NAMED, tombstone};
use crate::error::{CommitError, StoreError};
use crate::index::KeyMap;

impl SqliteStore {
    pub(super) fn erase_persons(&mut self, erasure: &Erasure) -> Result<Erased, CommitError> {
        let salt = self.shared.salt;
        let mut keys: Vec<IdentifierKey> =
            erasure.identifiers.iter().map(|identifier| identifier.key(salt)).collect();
        keys.sort_unstable();
        keys.dedup();
        let at_hand = std::mem::take(&mut self.at_hand);
        let (erased, heads, dues) = self.transact(|transaction, store| {
            let next = store.shared.read().next;
            let mut erased = Erased::default();
            let mut changes = Changes::default();
            for write in &erasure.others {
                persons::write(transaction, write, next, &at_hand, &mut changes)?;
            }
            for person in &erasure.persons {
                let gone = persons::take_away(transaction, *person, &mut changes)?;
                erased.persons += usize::from(gone);
            }
            changes.write(transaction, Timestamp::default())?;
            turns::put_all_in(transaction)?;
            let heads = store.rewrite_log(transaction, erasure, &mut erased)?;
            let nobody: Vec<_> = keys.iter().map(|key| (*key, None)).collect();
            identifiers::append(transaction, &nobody)?;
            link_keys::write(transaction, &erasure.link_keys)?;
            for key in &keys {
                transaction
                    .prepare_cached("INSERT OR IGNORE INTO erased (key) VALUES (?1)")?
                    .execute([sql(key.0)])?;
            }
            for (id, key) in &erasure.named {
                let key = key.map(|key| key.0.to_le_bytes().to_vec()).unwrap_or_default();
                small::put(transaction, NAMED, &id.to_string(), Some(&key))?;
            }
            let subject = Subject { persons: &erasure.persons, keys: &keys };
            erased.decisions = subject.empty_decisions(transaction, salt)?;
            erased.messages = subject.empty_messages(transaction)?;
            erased.quarantined = empty_quarantine(transaction, erasure)?;
            changes::erase(transaction, &erasure.persons)?;
            offer_codes::forget(transaction, &erasure.persons)?;
            notices::erase(transaction, &erasure.persons)?;
            calls::erase(transaction, &erasure.persons)?;
            small::set_scrub_due(transaction, true)?;
            Ok::<_, CommitError>((erased, heads, changes.dues))
        })?;
        self.dues.apply(&dues);
        self.waiting = Waiting::default();
        let mut lookups = self.shared.write();
        for key in keys {
            lookups.holders.remove(key.0);
            lookups.erased.set(key.0, 1);
        }
        for (anchor, head) in heads {
            match head {
                Some(head) => lookups.heads.set(anchor, head),
                None => lookups.heads.remove(anchor),
            }
        }
        Ok(erased)
    }

    /// Rewrites the frames that hold the events, and takes them off their anchors. Returns the
    /// anchors' new last positions.
    fn rewrite_log(
        &self,
        connection: &Connection,
        erasure: &Erasure,
        erased: &mut Erased,
    ) -> Result<BTreeMap<u64, Option<u64>>, StoreError> {
        let mut changes: BTreeMap<u64, Option<&Event>> =
            erasure.redacted.iter().map(|(position, event)| (position.0, Some(event))).collect();
        changes.extend(erasure.positions.iter().map(|position| (position.0, None)));
        let mut gone: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
        while let Some((position, _)) = changes.first_key_value() {
            let frame = log::frame_at(connection, *position)?.filter(|f| f.holds(*position));
            let Some(frame) = frame else {
                changes.pop_first();
                continue;
            };
            let mut events = frame.all(self.shared.salt)?;
            for logged in &mut events {
                match changes.remove(&logged.position.0) {
                    None => {}
                    Some(Some(event)) => {
                        logged.event = event.clone();
                        erased.redacted += 1;
                    }
                    Some(None) => {
                        logged.event = tombstone(&logged.event);
                        if let Some(anchor) = logged.anchor.take() {
                            gone.entry(anchor.0).or_default().insert(logged.position.0);
                        }
                        erased.events += 1;
                    }
                }
            }
            log::write_frame(connection, self.shared.salt, &events)?;
        }
        unhang(connection, &self.shared.read().heads, &gone)
    }

    /// Writes the file anew and empties its log, if something was erased since the last time.
    pub(super) fn scrub_file(&mut self) -> Result<(), StoreError> {
        let connection = self.handle.lock();
        if !small::scrub_due(&connection)? {
            return Ok(());
        }
        if let Some(dir) = self.path.as_ref().and_then(|path| path.parent()) {
            // The copy is as large as the store, and the system's directory for such may be small.
            connection.pragma_update(None, "temp_store_directory", dir.to_string_lossy())?;
        }
        connection.execute_batch("VACUUM")?;
        empty_wal(&connection)?;
        small::set_scrub_due(&connection, false)?;
        Ok(())
    }
}

/// Moves the whole log into the file and cuts it off.
pub(super) fn empty_wal(connection: &Connection) -> Result<(), StoreError> {
    let busy: i64 =
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
    if busy == 0 { Ok(()) } else { Err(StoreError::Busy) }
}

/// Takes positions off their anchors. Returns the anchors' new last positions.
fn unhang(
    connection: &Connection,
    heads: &KeyMap,
    gone: &BTreeMap<u64, BTreeSet<u64>>,
) -> Result<BTreeMap<u64, Option<u64>>, StoreError> {
    let mut rows: BTreeMap<u64, BTreeMap<u64, Chunk>> = BTreeMap::new();
    let mut new_heads = BTreeMap::new();
    for (anchor, positions) in gone {
        let mut chunks = Vec::new();
        let mut at = heads.get(*anchor).unwrap_or(0);
        while at != 0 {
            let (first, chunk) = pointers::chunk_at(connection, *anchor, at)?;
            at = chunk.before;
            chunks.push((first, chunk));
        }
        let mut last = 0;
        for (first, mut chunk) in chunks.into_iter().rev() {
            let row = match rows.entry(first) {
                Entry::Occupied(row) => row.into_mut(),
                Entry::Vacant(row) => row.insert(pointers::row(connection, first)?),
            };
            chunk.positions.retain(|position| !positions.contains(position));
            chunk.before = last;
            match chunk.positions.last() {
                Some(position) => {
                    last = *position;
                    row.insert(*anchor, chunk);
                }
                None => drop(row.remove(anchor)),
            }
        }
        new_heads.insert(*anchor, (last != 0).then_some(last));
    }
    for (first, chunks) in &rows {
        if chunks.is_empty() {
            connection
                .prepare_cached("DELETE FROM pointer WHERE first = ?1")?
                .execute([sql(*first)])?;
        } else {
            pointers::write_row(connection, *first, chunks)?;
        }
    }
    Ok(new_heads)
}

/// Whose decisions and messages are emptied: by person, and by address for persons who bore
/// another id then.
struct Subject<'e> {
    persons: &'e [PersonId],
    keys: &'e [IdentifierKey],
}

impl Subject<'_> {
    /// Keeps what the accounts need: when, which journey and step, which verdict, which reasons.
    fn empty_decisions(&self, connection: &Connection, salt: KeySalt) -> Result<usize, StoreError> {
        let mut ids = BTreeSet::new();
        decisions::walk(connection, self.persons, |id, _| {
            ids.insert(id);
            Ok(true)
        })?;
        ids.extend(self.sent_to(connection, salt)?);
        for id in &ids {
            let body: Vec<u8> = connection
                .prepare_cached("SELECT body FROM decision WHERE id = ?1")?
                .query_row([sql(*id)], |row| row.get(0))?;
            let mut decision: Decision = decode(&body, || format!("decision {id}"))?;
            decision.recipient = None;
            decision.products.clear();
            for fact in decision.reasons.iter_mut().flat_map(|reason| &mut reason.facts) {
                *fact = Fact::new(Told::Erased, fact.at);
            }
            connection
                .prepare_cached("UPDATE decision SET body = ?2 WHERE id = ?1")?
                .execute((sql(*id), encode(&decision)))?;
        }
        Ok(ids.len())
    }

    /// The decisions to send to one of the addresses: they are about those whose message it was.
    fn sent_to(&self, connection: &Connection, salt: KeySalt) -> Result<BTreeSet<u64>, StoreError> {
        let keys = self.keys.iter().map(|key| key.0);
        let persons = rows(connection, "SELECT person FROM message WHERE recipient = ?1", keys)?;
        let persons: Vec<PersonId> = persons.into_iter().map(PersonId).collect();
        let mut ids = BTreeSet::new();
        decisions::walk(connection, &persons, |id, body| {
            let decision: Decision = decode(body, || format!("decision {id}"))?;
            let to = decision.recipient.map(|recipient| recipient.key(salt));
            if to.is_some_and(|to| self.keys.contains(&to)) {
                ids.insert(id);
            }
            Ok(true)
        })?;
        Ok(ids)
    }

    /// Keeps what the accounts need: when, which journey and step, what became of it.
    fn empty_messages(&self, connection: &Connection) -> Result<usize, StoreError> {
        let keys = self.keys.iter().map(|key| key.0);
        let mut ids = rows(connection, "SELECT id FROM message WHERE recipient = ?1", keys)?;
        let persons = self.persons.iter().map(|person| person.0);
        ids.extend(rows(connection, "SELECT id FROM message WHERE person = ?1", persons)?);
        let nobody = nobody();
        for id in &ids {
            let Some(message) = messages::get(connection, *id)? else { continue };
            let emptied = Message {
                recipient: nobody.clone(),
                lines: Vec::new(),
                note: String::new(),
                subject: String::new(),
                html: String::new(),
                text: String::new(),
                links: Vec::new(),
                offer: message.offer.map(|given| Given { code: String::new(), ..given }),
                ..message
            };
            connection
                .prepare_cached("UPDATE message SET recipient = 0, body = ?2 WHERE id = ?1")?
                .execute((sql(*id), seal(&encode(&emptied))))?;
        }
        Ok(ids.len())
    }
}

/// The numbers that a statement finds for each of some values.
fn rows(
    connection: &Connection,
    text: &str,
    values: impl Iterator<Item = u64>,
) -> rusqlite::Result<BTreeSet<u64>> {
    let mut found = BTreeSet::new();
    let mut statement = connection.prepare_cached(text)?;
    for value in values {
        for row in statement.query_map([sql(value)], |row| word(row, 0))? {
            found.insert(row?);
        }
    }
    Ok(found)
}

/// The recipient of a message whose person was erased.
fn nobody() -> Identifier {
    let kind = IdentifierKind::CustomUnique("erased".to_owned());
    Identifier::new(kind, "erased").expect("a value like any other")
}

/// Takes away quarantine rows in which an identifier or a text occurs. Numbers are also compared
/// by their digits alone, since they come with all kinds of signs between.
fn empty_quarantine(connection: &Connection, erasure: &Erasure) -> Result<usize, StoreError> {
    let values = erasure.identifiers.iter().map(Identifier::value);
    let needles = log::Needles::new(values.chain(erasure.texts.iter().map(String::as_str)));
    let phones = erasure.identifiers.iter().filter(|name| name.kind == IdentifierKind::Phone);
    let numbers: Vec<String> =
        phones.map(|phone| digits(phone.national().unwrap_or(phone.value()))).collect();
    let numbers = log::Needles::new(numbers.iter().map(String::as_str));
    let mut statement = connection.prepare_cached("SELECT id, body FROM quarantine")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let id = word(row, 0)?;
        let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        let raw = sources::read_quarantined(id, body)?.raw;
        let digits = digits(&String::from_utf8_lossy(&raw));
        if needles.stand_in(&raw) || numbers.occur_in(digits.as_bytes()) {
            found.push(id);
        }
    }
    drop(rows);
    for id in &found {
        connection.prepare_cached("DELETE FROM quarantine WHERE id = ?1")?.execute([sql(*id)])?;
    }
    Ok(found.len())
}

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

impl SqliteStore {
    /// Whether something was erased whose bytes may still be in the file.
    ///
    /// # Errors
    /// If the database refuses.
    pub fn scrub_due(&self) -> Result<bool, StoreError> {
        small::scrub_due(&self.handle.lock())
    }
}
