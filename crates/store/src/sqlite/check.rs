//! Checking a store by itself: whether everything reads, and whether what is derived agrees with
//! what it was made of as far as that can be told without folding again.

use std::collections::{BTreeMap, BTreeSet};

use regulars_engine::commit::Logged;
use regulars_engine::identity::{IdentifierKey, PersonId};
use regulars_engine::journey::StepPlace;
use regulars_engine::record::Record;
use rusqlite::{Connection, OptionalExtension};

use super::enrollments::EnrollmentRow;
use super::number::{sql, word};
use super::persons::{self, Beside};
use super::pointers::{self, Chunk};
use super::reader::SqliteReader;
use super::search::fold;
use super::{
    calls, changes, decisions, dues, enrollments, log, members, messages, notices, offer_codes,
    small, sources,
};
use crate::error::StoreError;
use crate::index::KeyMap;
use crate::reader::{CallFilter, DecisionFilter, NoticeFilter, QuarantineFilter};

/// Something that is not as it must be. Names tables and places, never identifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The table.
    pub table: &'static str,
    /// What is wrong, and where.
    pub what: String,
}

/// The most problems listed.
const PROBLEMS_MAX: usize = 100;

/// How far a long work has come: so many of so many.
pub type Progress<'p> = &'p mut dyn FnMut(u64, u64);

struct Check<'c> {
    connection: &'c Connection,
    reader: &'c SqliteReader,
    problems: Vec<Problem>,
}

impl SqliteReader {
    /// Reads everything and lists what is not as it must be, the most important first, at most a
    /// hundred. Costs about 5 µs an event and 50 µs a person, and 24 bytes of memory an anchor.
    ///
    /// # Errors
    /// If the database refuses to be read; what does not read by itself is a problem, not an error.
    pub fn check(&self, progress: Progress<'_>) -> Result<Vec<Problem>, StoreError> {
        self.snapshot(|connection| {
            let mut check = Check { connection, reader: self, problems: Vec::new() };
            check.database()?;
            check.log(progress)?;
            check.people()?;
            check.rest()?;
            check.problems.truncate(PROBLEMS_MAX);
            Ok(check.problems)
        })
    }
}

impl Check<'_> {
    fn problem(&mut self, table: &'static str, what: impl Into<String>) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(Problem { table, what: what.into() });
        }
    }

    /// What does not read becomes a problem; what the database refuses stays an error.
    fn read<T>(
        &mut self,
        table: &'static str,
        result: Result<T, StoreError>,
    ) -> Result<Option<T>, StoreError> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(StoreError::Damaged { what }) => {
                self.problem(table, what);
                Ok(None)
            }
            Err(other) => Err(other),
        }
    }

    /// The database's own structure: pages, and indexes against their tables.
    fn database(&mut self) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare("PRAGMA integrity_check(20)")?;
        let found: Vec<String> =
            statement.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        for what in found.into_iter().filter(|what| what != "ok") {
            self.problem("database", what);
        }
        Ok(())
    }

    /// Frames without gaps, and the keys and pointers of every event.
    fn log(&mut self, progress: Progress<'_>) -> Result<(), StoreError> {
        let end = log::next_position(self.connection)?;
        let mut keys = KeyWalk::new(self.connection)?;
        let mut pointers = PointerWalk::new(self.connection)?;
        let mut expected = 1;
        let mut firsts = self.connection.prepare("SELECT first FROM frame ORDER BY first")?;
        let mut rows = firsts.query([])?;
        while let Some(row) = rows.next()? {
            let first = word(row, 0)?;
            if first != expected {
                self.problem("frame", format!("positions {expected} to {first} are missing"));
            }
            let frame = log::frame_at(self.connection, first);
            let events = frame.and_then(|frame| match frame {
                Some(frame) => frame.all(self.reader.shared.salt),
                None => Ok(Vec::new()),
            });
            let Some(events) = self.read("frame", events)? else {
                expected = first + self.count_of(first)?;
                continue;
            };
            for logged in &events {
                if let Some(what) = keys.differs(logged)? {
                    self.problem("message_key", what);
                }
                if let Some(what) = pointers.differs(logged)? {
                    self.problem("pointer", what);
                }
            }
            expected = events.last().map_or(first, |logged| logged.position.0 + 1);
            progress(expected.saturating_sub(1), end - 1);
        }
        for what in [keys.rest()?, pointers.rest(&self.reader.shared.read().heads)?] {
            for what in what {
                self.problem("pointer", what);
            }
        }
        Ok(())
    }

    fn count_of(&self, first: u64) -> rusqlite::Result<u64> {
        self.connection
            .prepare_cached("SELECT count FROM frame WHERE first = ?1")?
            .query_row([sql(first)], |row| word(row, 0))
    }

    /// Every person's row, and everything that is found by it.
    fn people(&mut self) -> Result<(), StoreError> {
        let mut found = 0u64;
        let (mut words, mut waits, mut names) = (0u64, 0u64, 0u64);
        let mut accounts: BTreeMap<EnrollmentRow, i64> = BTreeMap::new();
        let mut members: BTreeMap<u32, Vec<PersonId>> = BTreeMap::new();
        let mut statement = self.connection.prepare(
            "SELECT id, due_at, turns_at, terms, waits, stands, segments, checksum, record, room,
             decided FROM person ORDER BY id",
        )?;
        let (mut dues, _) = dues::load(self.connection)?;
        let mut decided = BTreeMap::new();
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            found += 1;
            let id = PersonId(word(row, 0)?);
            let record = persons::read(id, row, 7);
            let Some(record) = self.read("person", record)? else { continue };
            let terms = record.search_terms();
            let columns = (row.get(1)?, row.get(2)?, Beside::read(row, 3)?);
            let due = (record.due_at().map(|at| at.0), record.membership.due_at.map(|at| at.0));
            if columns != (due.0, due.1, Beside::of(&record)) {
                self.problem("person", format!("the columns of person {id} are not its row's"));
            }
            if row.get_ref(9)?.as_blob().is_ok_and(|room| room.iter().any(|byte| *byte != 0)) {
                self.problem("person", format!("the room behind the row of person {id} is taken"));
            }
            if dues.remove(&id.0) != record.due_at().map(|at| at.0) {
                self.problem("due", format!("person {id} is due at another moment"));
            }
            decided.insert(id.0, word(row, 10)?);
            words += self.words(id, &terms)?;
            waits += self.waits(id, &record)?;
            let stands = enrollments::stands(&record.enrollments);
            for enrollment in enrollments::rows(id, &stands)? {
                *accounts.entry(enrollment).or_default() += 1;
            }
            names += self.names(id, &record);
            for within in &record.membership.within {
                members.entry(within.segment).or_default().push(id);
            }
        }
        self.members(members)?;
        if let Some((person, _)) = dues.first_key_value() {
            self.problem("due", format!("{} is due, and is nobody", PersonId(*person)));
        }
        self.count("search_term", "SELECT count(*) FROM search_term", words)?;
        self.count("wait", "SELECT count(*) FROM wait", waits)?;
        self.accounts(&accounts)?;
        self.chains(decided)?;
        let held = u64::try_from(self.reader.shared.read().holders.len()).unwrap_or(u64::MAX);
        if held != names {
            let what = format!("{held} identifiers are held, persons have {names}");
            self.problem("identifier", what);
        }
        let counted = small::persons(self.connection)?;
        if counted != found {
            self.problem("person", format!("{counted} persons are counted, {found} are there"));
        }
        Ok(())
    }

    fn words(&mut self, id: PersonId, terms: &[String]) -> Result<u64, StoreError> {
        let terms: BTreeSet<String> = terms.iter().map(|term| fold(term)).collect();
        let mut statement = self
            .connection
            .prepare_cached("SELECT 1 FROM search_term WHERE term = ?1 AND person = ?2")?;
        for term in &terms {
            if !statement.exists((term, sql(id.0)))? {
                self.problem("search_term", format!("a word of person {id} is missing"));
            }
        }
        Ok(u64::try_from(terms.len()).unwrap_or(u64::MAX))
    }

    fn waits(&mut self, id: PersonId, record: &Record) -> Result<u64, StoreError> {
        let waits = record.waits_for();
        for (feed, until) in &waits {
            let there = self
                .connection
                .prepare_cached(
                    "SELECT 1 FROM wait
                     WHERE source = ?1 AND feed = ?2 AND needed_until = ?3 AND person = ?4",
                )?
                .exists((&feed.source, &feed.feed, until.0, sql(id.0)))?;
            if !there {
                self.problem("wait", format!("what person {id} waits for is missing"));
            }
        }
        Ok(u64::try_from(waits.len()).unwrap_or(u64::MAX))
    }

    /// What is counted of enrollments.
    fn accounts(&mut self, expected: &BTreeMap<EnrollmentRow, i64>) -> Result<(), StoreError> {
        let mut statement = self
            .connection
            .prepare("SELECT journey, version, step, state, enrollments FROM account")?;
        let rows = statement.query_map([], |row| {
            Ok(((row.get(0)?, word(row, 1)?, row.get(2)?, row.get(3)?), row.get(4)?))
        })?;
        let counted: BTreeMap<EnrollmentRow, i64> = rows.collect::<rusqlite::Result<_>>()?;
        if counted != *expected {
            self.problem("account", "the enrollments of persons come to other counts".to_owned());
        }
        // Came = left + went on + are there: of steps that all have left, too.
        let passages = enrollments::passages(self.connection)?;
        let mut present: BTreeMap<StepPlace, i64> = BTreeMap::new();
        for ((journey, version, step, _), count) in expected {
            *present.entry((journey.clone(), *version, *step)).or_default() += count;
        }
        for (place, passage) in passages {
            let there = present.remove(&place).unwrap_or(0);
            let left = passage.left.saturating_add(passage.done);
            if passage.came.checked_sub(left) != u64::try_from(there).ok() {
                let (journey, _, step) = place;
                let what = format!("step {step} of the journey {journey} does not add up");
                self.problem("passage", what);
            }
        }
        if let Some(((journey, _, step), _)) = present.first_key_value() {
            let what = format!("nobody came to step {step} of the journey {journey}, and some are");
            self.problem("passage", what);
        }
        Ok(())
    }

    /// The chains of decisions, whose last ones stand in the rows of persons.
    fn chains(&mut self, mut ends: BTreeMap<u64, u64>) -> Result<(), StoreError> {
        let mut statement = self.connection.prepare("SELECT person, last FROM decided")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            ends.insert(word(row, 0)?, word(row, 1)?);
        }
        ends.retain(|_, last| *last != 0);
        let mut found = BTreeMap::new();
        let mut statement =
            self.connection.prepare("SELECT id, person, before FROM decision ORDER BY id")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let (id, person) = (word(row, 0)?, word(row, 1)?);
            if found.insert(person, id).unwrap_or(0) != word(row, 2)? {
                self.problem("decision", format!("decision {id} does not follow the one before"));
            }
        }
        if found != ends {
            self.problem("decision", "the last decisions about persons are others".to_owned());
        }
        Ok(())
    }

    /// Who the rows say is in which segment, against the index and the counts.
    fn members(&mut self, wanted: BTreeMap<u32, Vec<PersonId>>) -> Result<(), StoreError> {
        let counts = members::counts(self.connection)?;
        let held = members::all(self.connection);
        let held = self.read("member", held)?;
        let in_index = held.iter().flat_map(BTreeMap::keys);
        let numbers = wanted.keys().chain(in_index).chain(counts.keys());
        let numbers: BTreeSet<u32> = numbers.copied().collect();
        for number in numbers {
            let rows = wanted.get(&number).map_or(&[][..], Vec::as_slice);
            let indexed = |held: &BTreeMap<u32, Vec<PersonId>>| {
                held.get(&number).cloned().unwrap_or_default()
            };
            if held.as_ref().is_some_and(|held| indexed(held) != rows) {
                self.problem("member", format!("the members of segment {number} differ"));
            }
            let counted = counts.get(&number).copied().unwrap_or(0);
            if u64::try_from(rows.len()).ok() != Some(counted) {
                let what = format!("{counted} members of segment {number} are counted");
                self.problem("segment_count", format!("{what}, {} are there", rows.len()));
            }
        }
        Ok(())
    }

    fn names(&mut self, id: PersonId, record: &Record) -> u64 {
        for node in &record.evidence.nodes {
            let key = node.identifier.key(self.reader.shared.salt);
            if self.reader.shared.read().holders.get(key.0) != Some(id.0) {
                self.problem("identifier", format!("an identifier of person {id} leads elsewhere"));
            }
        }
        u64::try_from(record.evidence.nodes.len()).unwrap_or(u64::MAX)
    }

    fn count(&mut self, table: &'static str, text: &str, expected: u64) -> Result<(), StoreError> {
        let found = self.connection.query_row(text, [], |row| word(row, 0))?;
        if found != expected {
            self.problem(table, format!("{found} rows are there, {expected} belong there"));
        }
        Ok(())
    }

    /// Feeds, codes, decisions with their totals, messages, quarantine.
    fn rest(&mut self) -> Result<(), StoreError> {
        let feeds = sources::feeds(self.connection);
        self.read("feed", feeds)?;
        let changes = changes::check(self.connection);
        self.read("identity_change", changes)?;
        let codes = sources::codes(self.connection);
        self.read("learned", codes)?;
        let all = i64::MAX.try_into().unwrap_or(usize::MAX);
        let quarantine =
            sources::quarantine_list(self.connection, &QuarantineFilter::default(), all);
        self.read("quarantine", quarantine)?;
        let mut filter = DecisionFilter::default();
        loop {
            let page = decisions::list(self.connection, &filter, 1_000);
            let Some(page) = self.read("decision", page)? else { break };
            let Some(last) = page.last() else { break };
            filter.before = Some(last.id);
        }
        let mut statement = self.connection.prepare("SELECT id FROM message")?;
        let ids: Vec<u64> =
            statement.query_map([], |row| word(row, 0))?.collect::<rusqlite::Result<_>>()?;
        for id in ids {
            let message = messages::get(self.connection, id);
            self.read("message", message)?;
        }
        let filter = NoticeFilter::default();
        let notices = notices::list(self.connection, &filter, all);
        self.read("notice", notices)?;
        let calls = calls::list(self.connection, &CallFilter::default(), all);
        self.read("call", calls)?;
        self.count("call_count", calls::MISCOUNTED, 0)?;
        let differing = "SELECT count(*) FROM (
               SELECT at / 3600000 - (at % 3600000 < 0) AS hour, journey, step, verdict, count(*)
               FROM decision GROUP BY 1, 2, 3, 4
             EXCEPT SELECT hour, journey, step, verdict, decisions FROM tally)";
        self.count("tally", differing, 0)?;
        let miscounted = offer_codes::miscounted(self.connection);
        if self.read("offer_code", miscounted)? == Some(true) {
            self.problem("offer_count", "codes of offers are counted otherwise than they are");
        }
        Ok(())
    }
}

/// Walks the packed message keys beside the log.
struct KeyWalk<'c> {
    connection: &'c Connection,
    row: log::KeyRow,
}

impl<'c> KeyWalk<'c> {
    fn new(connection: &'c Connection) -> Result<Self, StoreError> {
        Ok(Self { connection, row: log::KeyRow::default() })
    }

    fn differs(&mut self, logged: &Logged) -> Result<Option<String>, StoreError> {
        let position = logged.position;
        match self.row.confirm(self.connection, position, logged.key) {
            Ok(Some(seen)) if seen.content == logged.event.content => Ok(None),
            Ok(_) => Ok(Some(format!("the message key at {} is another", position.0))),
            Err(StoreError::Damaged { what }) => Ok(Some(what)),
            Err(other) => Err(other),
        }
    }

    fn rest(&self) -> Result<Vec<String>, StoreError> {
        let end = log::next_position(self.connection)?;
        let beyond: i64 = self.connection.query_row(
            "SELECT count(*) FROM message_key WHERE first + length(keys) / 16 > ?1
             OR length(keys) / 16 <> length(contents) / 8",
            [sql(end)],
            |row| row.get(0),
        )?;
        let what = format!("{beyond} rows of message keys have another length");
        Ok(if beyond == 0 { Vec::new() } else { vec![what] })
    }
}

/// Walks the packed pointers beside the log.
struct PointerWalk<'c> {
    connection: &'c Connection,
    first: u64,
    chunks: BTreeMap<u64, Chunk>,
    last: KeyMap,
    /// Events that hang on an anchor.
    hanging: u64,
}

impl<'c> PointerWalk<'c> {
    fn new(connection: &'c Connection) -> Result<Self, StoreError> {
        Ok(Self {
            connection,
            first: 0,
            chunks: BTreeMap::new(),
            last: KeyMap::default(),
            hanging: 0,
        })
    }

    fn differs(&mut self, logged: &Logged) -> Result<Option<String>, StoreError> {
        let Some(IdentifierKey(anchor)) = logged.anchor else { return Ok(None) };
        let position = logged.position.0;
        let before = self.last.get(anchor).unwrap_or(0);
        self.last.set(anchor, position);
        self.hanging += 1;
        match self.turn_to(position) {
            Ok(()) => {}
            Err(StoreError::Damaged { what }) => return Ok(Some(what)),
            Err(other) => return Err(other),
        }
        let found = self.chunks.get(&anchor).is_some_and(|chunk| {
            let place = chunk.positions.binary_search(&position);
            place.is_ok_and(|place| match place {
                0 => chunk.before == before,
                place => chunk.positions[place - 1] == before,
            })
        });
        Ok((!found).then(|| format!("the pointer to {position} is missing or leads elsewhere")))
    }

    /// Reads the row that covers a position, unless it is at hand.
    fn turn_to(&mut self, position: u64) -> Result<(), StoreError> {
        let first = self
            .connection
            .prepare_cached(
                "SELECT first FROM pointer WHERE first <= ?1 ORDER BY first DESC LIMIT 1",
            )?
            .query_row([sql(position)], |row| word(row, 0))
            .optional()?
            .ok_or_else(|| pointers::damaged(position))?;
        if first != self.first {
            self.chunks.clear();
            self.first = first;
            self.chunks = pointers::row(self.connection, first)?;
        }
        Ok(())
    }

    /// What is pointed at without hanging there, and look-ups that lead elsewhere.
    fn rest(&self, heads: &KeyMap) -> Result<Vec<String>, StoreError> {
        let mut problems = Vec::new();
        let mut positions = 0u64;
        let mut statement = self.connection.prepare("SELECT first FROM pointer ORDER BY first")?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            match pointers::row(self.connection, word(row, 0)?) {
                Ok(chunks) => {
                    let held: usize = chunks.values().map(|chunk| chunk.positions.len()).sum();
                    positions += u64::try_from(held).unwrap_or(u64::MAX);
                }
                Err(StoreError::Damaged { what }) => problems.push(what),
                Err(other) => return Err(other),
            }
        }
        if problems.is_empty() && positions != self.hanging {
            problems.push(format!("{positions} pointers are there, {} belong there", self.hanging));
        }
        if heads.sorted() != self.last.sorted() {
            problems.push("the last position of an anchor is another".to_owned());
        }
        Ok(problems)
    }
}
