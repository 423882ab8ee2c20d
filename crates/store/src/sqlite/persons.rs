//! The rows of persons, and what is found by them: due times and waits.

use std::collections::{BTreeMap, HashMap};

use minicbor::Encode;
use regulars_engine::commit::PersonWrite;
use regulars_engine::identity::PersonId;
use regulars_engine::record::Record;
use regulars_engine::segment::Membership;
use regulars_engine::source::FeedName;
use regulars_engine::time::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::decisions::Chains;
use super::dues::{self, Move};
use super::enrollments::{self, EnrollmentRow};
use super::number::{size, sql, word};
use super::turns::Turns;
use super::{decisions, search, small};
use crate::codec::{checksum, decode_fast, encode, encode_fast};
use crate::error::{CommitError, StoreError};
use crate::store::Versioned;

/// What is stored beside a person's record.
#[derive(Clone, Debug, Default)]
pub(super) struct Row {
    version: u64,
    due_at: Option<i64>,
    /// The last decision about the person.
    decided: u64,
    beside: Beside,
}

/// What was read beside the records since the last transaction: nobody else writes, so it holds
/// until the next one.
pub(super) type AtHand = HashMap<PersonId, Row>;

/// The most that a row's numbers take, and its header: ten numbers of up to 8 bytes, and 20.
/// A row that takes more would spill over to a page of its own.
const BESIDE: usize = 100;
/// What a row may take so that four fill a page, or one: that share of 4,088 bytes, less 13 for its
/// length, its number and its place. Nothing between: a visit adds some 700 bytes, and would take
/// most rows from one share to the next.
const SHARES: [usize; 2] = [1_009, 4_061];
/// Longer rows are rounded up to this.
const LONG: usize = 1_024;

/// Zeros to store behind a record. A row that is as long as before is written in its place; one
/// that grows by a few bytes would push its neighbours to other pages, which are written too: a
/// third of all pages of a live batch.
fn room(bytes: usize) -> usize {
    let taken = bytes + BESIDE;
    let share = SHARES.into_iter().find(|share| taken <= *share);
    share.unwrap_or_else(|| taken.next_multiple_of(LONG)) - taken
}

/// What further tables say of a person, in short: hashes, 0 where they say nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Beside {
    /// The words in the search index.
    terms: u64,
    /// What the person waits for.
    waits: u64,
    /// The segments the person is in.
    segments: u64,
    /// Where the person stands in journeys, in full: it is short, and needed when it changes.
    stands: Vec<u8>,
}

impl Beside {
    /// What they must say of a record.
    pub(super) fn of(record: &Record) -> Self {
        Self { terms: hash_of(&record.search_terms()), ..Self::beside_terms(record) }
    }

    /// The same without the words, which cost most.
    fn beside_terms(record: &Record) -> Self {
        let waits = hash_of(&record.waits_for());
        let stands = enrollments::stands(&record.enrollments);
        Self { terms: 0, waits, stands, segments: within_of(&record.membership) }
    }

    /// As the row has it, its four columns from `first` on.
    pub(super) fn read(row: &rusqlite::Row<'_>, first: usize) -> rusqlite::Result<Self> {
        let (terms, waits) = (word(row, first)?, word(row, first + 1)?);
        Ok(Self { terms, waits, stands: row.get(first + 2)?, segments: word(row, first + 3)? })
    }
}

/// A hash of the segments that a person is in; 0 for none.
fn within_of(membership: &Membership) -> u64 {
    hash_of(&membership.within.iter().map(|within| within.segment).collect::<Vec<u32>>())
}

/// A hash of items in their order; 0 for none.
fn hash_of<T: Encode<()>>(items: &Vec<T>) -> u64 {
    if items.is_empty() { 0 } else { checksum(&encode(items)).max(1) }
}

/// What writing rows of persons adds to the counts, gathered over a commit.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// How many persons there are more.
    persons: i64,
    /// How many enrollments there are more of each kind.
    pub(super) enrollments: BTreeMap<EnrollmentRow, i64>,
    /// Who comes into segments and who goes.
    pub(super) turns: Turns,
    /// Who is due at another moment.
    pub(super) dues: Vec<Move>,
    /// Where the decisions of the commit belong.
    pub(super) chains: Chains,
}

impl Row {
    /// Its columns, from the first on.
    fn read(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
        let (version, due_at, decided) = (word(row, 0)?, row.get(1)?, word(row, 2)?);
        Ok(Self { version, due_at, decided, beside: Beside::read(row, 3)? })
    }
}

impl Changes {
    /// Of a commit with decisions.
    pub(super) fn along(chains: Chains) -> Self {
        Self { chains, ..Self::default() }
    }

    fn due(&mut self, person: PersonId, before: Option<i64>, after: Option<i64>) {
        if before != after {
            self.dues.push(Move { person, before, after });
        }
    }

    /// Adds them; `at` is the moment of what was decided.
    pub(super) fn write(&self, connection: &Connection, at: Timestamp) -> Result<(), StoreError> {
        self.turns.write(connection, at)?;
        small::add_persons(connection, self.persons)?;
        dues::append(connection, &self.dues)?;
        enrollments::count(connection, &self.enrollments)
    }
}

/// Writes a person's row and all that is found by it, if it still has the version that was read.
///
/// The new version is larger than every earlier one of this id, even if the person was gone in
/// between: `next_position` only grows, and so a version that was read long ago never fits again.
pub(super) fn write(
    connection: &Connection,
    write: &PersonWrite,
    next_position: u64,
    at_hand: &AtHand,
    changes: &mut Changes,
) -> Result<(), CommitError> {
    let id = write.person;
    let held = match at_hand.get(&id) {
        Some(row) => Some(row.clone()),
        None => held(connection, id)?,
    };
    if held.as_ref().map_or(0, |held| held.version) != write.read_version {
        return Err(CommitError::Conflict);
    }
    let held = held.unwrap_or_default();
    let (was, is) = (i64::from(held.version != 0), i64::from(write.record.is_some()));
    match &write.record {
        Some(record) => {
            let version = (held.version + 1).max(next_position);
            put(connection, (id, version), &held, record, changes)?;
        }
        None => remove(connection, id, &held, changes)?,
    }
    changes.persons += is - was;
    Ok(())
}

fn put(
    connection: &Connection,
    (id, version): (PersonId, u64),
    held: &Row,
    record: &Record,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    let mut beside = Beside { terms: held.beside.terms, ..Beside::beside_terms(record) };
    if held.version == 0 || record.search_terms_touched() {
        let words = record.search_terms();
        beside.terms = hash_of(&words);
        if beside.terms != held.beside.terms {
            let before = match record.search_terms_before() {
                _ if held.beside.terms == 0 => Vec::new(),
                Some(before) => before,
                None => words_before(connection, id, held)?,
            };
            search::replace(connection, id, &before, &words)?;
        }
    }
    if beside.waits != held.beside.waits {
        write_waits(connection, id, &record.waits_for())?;
    }
    if beside.stands != held.beside.stands {
        enrollments::moved(id, &held.beside.stands, &beside.stands, changes)?;
    }
    if beside.segments != held.beside.segments {
        let before = match record.membership.before() {
            Some(before) if within_of(&before) == held.beside.segments => before.into_owned(),
            // The record was made, or of another row.
            Some(_) | None => membership_before(connection, id, held)?,
        };
        changes.turns.note(id, &before, &record.membership);
    }
    let bytes = encode_fast(record);
    let due_at = record.due_at().map(|at| at.0);
    changes.due(id, held.due_at, due_at);
    let decided =
        if held.version == 0 { decisions::take_up(connection, id)? } else { held.decided };
    let decided = changes.chains.last(id, decided);
    let row = (
        sql(id.0),
        sql(version),
        due_at,
        sql(beside.terms),
        sql(beside.waits),
        &beside.stands,
        sql(checksum(&bytes)),
        &bytes,
        size(room(bytes.len() + beside.stands.len())),
        sql(decided),
        record.membership.due_at.map(|at| at.0),
        sql(beside.segments),
    );
    // An update in place spares the look-up for a row to replace.
    let text = if held.version == 0 {
        "INSERT INTO person (id, version, due_at, terms, waits, stands, checksum, record, room,
         decided, turns_at, segments)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, zeroblob(?9), ?10, ?11, ?12)"
    } else {
        "UPDATE person SET version = ?2, due_at = ?3, terms = ?4, waits = ?5, stands = ?6,
         checksum = ?7, record = ?8, room = zeroblob(?9), decided = ?10, turns_at = ?11,
         segments = ?12 WHERE id = ?1"
    };
    connection.prepare_cached(text)?.execute(row)?;
    Ok(())
}

/// The words by which the person was found so far.
fn words_before(
    connection: &Connection,
    id: PersonId,
    held: &Row,
) -> Result<Vec<String>, StoreError> {
    if held.beside.terms == 0 {
        return Ok(Vec::new());
    }
    Ok(get(connection, id)?.map(|(_, _, record)| record.search_terms()).unwrap_or_default())
}

/// The segments that the person was in so far.
fn membership_before(
    connection: &Connection,
    id: PersonId,
    held: &Row,
) -> Result<Membership, StoreError> {
    if held.beside.segments == 0 {
        return Ok(Membership::default());
    }
    let row = get(connection, id)?;
    Ok(row.map(|(_, _, record)| record.membership.into_value()).unwrap_or_default())
}

/// Takes the row of a person who is erased away, whatever its version: where they stood in journeys,
/// they left. Returns whether there was one.
pub(super) fn take_away(
    connection: &Connection,
    id: PersonId,
    changes: &mut Changes,
) -> Result<bool, StoreError> {
    let held = held(connection, id)?;
    if let Some(held) = &held {
        remove(connection, id, held, changes)?;
        enrollments::leave(connection, id, &held.beside.stands)?;
        changes.persons -= 1;
    }
    Ok(held.is_some())
}

fn held(connection: &Connection, id: PersonId) -> rusqlite::Result<Option<Row>> {
    connection
        .prepare_cached(
            "SELECT version, due_at, decided, terms, waits, stands, segments
             FROM person WHERE id = ?1",
        )?
        .query_row([sql(id.0)], Row::read)
        .optional()
}

fn remove(
    connection: &Connection,
    id: PersonId,
    held: &Row,
    changes: &mut Changes,
) -> Result<(), StoreError> {
    if held.version == 0 {
        return Ok(());
    }
    search::replace(connection, id, &words_before(connection, id, held)?, &[])?;
    if held.beside.waits != 0 {
        write_waits(connection, id, &[])?;
    }
    if held.beside.segments != 0 {
        let before = membership_before(connection, id, held)?;
        changes.turns.note(id, &before, &Membership::default());
    }
    enrollments::moved(id, &held.beside.stands, &[], changes)?;
    changes.due(id, held.due_at, None);
    decisions::lay_down(connection, id, changes.chains.last(id, held.decided))?;
    connection.prepare_cached("DELETE FROM person WHERE id = ?1")?.execute([sql(id.0)])?;
    Ok(())
}

fn write_waits(
    connection: &Connection,
    id: PersonId,
    waits: &[(&FeedName, Timestamp)],
) -> rusqlite::Result<()> {
    connection.prepare_cached("DELETE FROM wait WHERE person = ?1")?.execute([sql(id.0)])?;
    for (name, until) in waits {
        connection
            .prepare_cached(
                "INSERT INTO wait (source, feed, needed_until, person) VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((&name.source, &name.feed, until.0, sql(id.0)))?;
    }
    Ok(())
}

/// A person's row for the writer, with what stands beside the record.
pub(super) fn read_ahead(
    connection: &Connection,
    id: PersonId,
    at_hand: &mut AtHand,
) -> Result<Option<Versioned>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT version, due_at, decided, terms, waits, stands, segments, checksum, record
         FROM person WHERE id = ?1",
    )?;
    let mut rows = statement.query([sql(id.0)])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (beside, record) = (Row::read(row)?, read(id, row, 7)?);
    let version = beside.version;
    at_hand.insert(id, beside);
    Ok(Some((id, version, record)))
}

/// The same of persons by ascending id after `after`.
pub(super) fn read_ahead_after(
    connection: &Connection,
    after: PersonId,
    limit: usize,
    at_hand: &mut AtHand,
) -> Result<Vec<Versioned>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT version, due_at, decided, terms, waits, stands, segments, checksum, record, id
         FROM person WHERE id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let mut rows = statement.query((sql(after.0), size(limit)))?;
    let mut found = Vec::with_capacity(limit.min(1_024));
    while let Some(row) = rows.next()? {
        let id = PersonId(word(row, 9)?);
        let (beside, record) = (Row::read(row)?, read(id, row, 7)?);
        found.push((id, beside.version, record));
        at_hand.insert(id, beside);
    }
    Ok(found)
}

/// A person's row.
pub(super) fn get(connection: &Connection, id: PersonId) -> Result<Option<Versioned>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT version, checksum, record FROM person WHERE id = ?1")?;
    let mut rows = statement.query([sql(id.0)])?;
    match rows.next()? {
        Some(row) => Ok(Some((id, word(row, 0)?, read(id, row, 1)?))),
        None => Ok(None),
    }
}

/// The record of a row whose checksum and record stand in the columns from `first` on. Parts of a
/// record are read late, so nothing is handed out whose checksum does not hold.
pub(super) fn read(
    id: PersonId,
    row: &rusqlite::Row<'_>,
    first: usize,
) -> Result<Record, StoreError> {
    let bytes = row.get_ref(first + 1)?.as_blob().map_err(rusqlite::Error::from)?;
    if checksum(bytes) != word(row, first)? {
        return Err(StoreError::damaged(format!("the row of person {id}")));
    }
    decode_fast(bytes, || format!("the row of person {id}"))
}

/// Rows by ascending id after `after`.
pub(super) fn after(
    connection: &Connection,
    after: PersonId,
    limit: usize,
) -> Result<Vec<Versioned>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, version, checksum, record FROM person WHERE id > ?1 ORDER BY id LIMIT ?2",
    )?;
    let mut rows = statement.query((sql(after.0), size(limit)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let id = PersonId(word(row, 0)?);
        found.push((id, word(row, 1)?, read(id, row, 2)?));
    }
    Ok(found)
}

/// Persons who wait for a feed that is complete now.
pub(super) fn waiting_for(
    connection: &Connection,
    feed: &FeedName,
    complete_to: Timestamp,
    limit: usize,
) -> Result<Vec<PersonId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT person FROM wait WHERE source = ?1 AND feed = ?2 AND needed_until <= ?3
         GROUP BY person ORDER BY min(needed_until), person LIMIT ?4",
    )?;
    let parameters = (&feed.source, &feed.feed, complete_to.0, size(limit));
    let rows = statement.query_map(parameters, |row| word(row, 0).map(PersonId))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
