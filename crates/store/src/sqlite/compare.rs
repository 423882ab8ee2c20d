//! Comparing a store with one that was filled anew from its log: what is derived must be equal.

use std::fmt;

use regulars_engine::identity::PersonId;
use regulars_engine::record::Record;
use rusqlite::{Connection, Row, Statement};

use super::check::Progress;
use super::number::{size, word};
use super::reader::SqliteReader;
use super::{log, persons, pointers, sources};
use crate::error::StoreError;
use crate::store::Versioned;

/// The first place where two stores differ. Names tables, persons and fields, never identifiers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// The person, where it is one's.
    pub person: Option<PersonId>,
    /// The field of a person's row, or the place in another table.
    pub field: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.person {
            Some(person) => write!(f, "{}: {} of person {person} differs", self.table, self.field),
            None => write!(f, "{}: {} differs", self.table, self.field),
        }
    }
}

type Compared = Result<Option<Difference>, StoreError>;

/// Compares what is derived in two stores of one log, whatever batches they were filled in:
/// persons (evidence, profile, latest events), who holds which identifier, pointers, message keys,
/// versions of documents, keys of linking, feeds, learned product codes, the search index and the counts of accepted events. `None`: they
/// are equal. Enrollments, decisions and messages are commitments and no part of it.
///
/// Persons come first and by ascending id, so the first one that differs is named. Costs some
/// 50 µs a person and 2 µs an event.
///
/// # Errors
/// If one of the databases refuses. A row that does not read is a difference.
pub fn compare(a: &SqliteReader, b: &SqliteReader, progress: Progress<'_>) -> Compared {
    a.snapshot(|left| {
        b.snapshot(|right| {
            if let Some(found) = compare_persons(left, right, progress)? {
                return Ok(Some(found));
            }
            if let Some(found) = compare_lookups(a, b) {
                return Ok(Some(found));
            }
            for compared in [compare_log, compare_words, compare_link_keys, compare_sources] {
                if let Some(found) = compared(left, right)? {
                    return Ok(Some(found));
                }
            }
            Ok(None)
        })
    })
}

fn differs(table: &'static str, person: Option<PersonId>, field: impl Into<String>) -> Compared {
    Ok(Some(Difference { table, person, field: field.into() }))
}

fn compare_persons(left: &Connection, right: &Connection, progress: Progress<'_>) -> Compared {
    /// Persons read at once.
    const PAGE: usize = 500;
    let total = super::small::persons(left)?;
    let (mut done, mut after) = (0u64, PersonId(0));
    loop {
        // Ids first: a row that does not read must still be named.
        let ids = (ids_after(left, after, PAGE)?, ids_after(right, after, PAGE)?);
        let Some(last) = ids.0.last().max(ids.1.last()).copied() else { return Ok(None) };
        let missing = ids.0.iter().zip(&ids.1).find(|(a, b)| a != b).map(|(a, b)| *a.min(b));
        let missing = missing.or_else(|| {
            let shared = ids.0.len().min(ids.1.len());
            ids.0.get(shared).or(ids.1.get(shared)).copied()
        });
        for id in ids.0.iter().take_while(|id| missing.is_none_or(|missing| **id < missing)) {
            let rows = (persons::get(left, *id), persons::get(right, *id));
            if let Some(field) = different_field(rows)? {
                return differs("person", Some(*id), field);
            }
        }
        if missing.is_some() {
            return differs("person", missing, "the whole row");
        }
        done += u64::try_from(ids.0.len()).unwrap_or(u64::MAX);
        progress(done, total);
        after = last;
    }
}

fn ids_after(
    connection: &Connection,
    after: PersonId,
    limit: usize,
) -> rusqlite::Result<Vec<PersonId>> {
    connection
        .prepare_cached("SELECT id FROM person WHERE id > ?1 ORDER BY id LIMIT ?2")?
        .query_map((super::number::sql(after.0), size(limit)), |row| word(row, 0).map(PersonId))?
        .collect()
}

type Got = Result<Option<Versioned>, StoreError>;

fn different_field((left, right): (Got, Got)) -> Result<Option<&'static str>, StoreError> {
    let mut records = Vec::new();
    for row in [left, right] {
        match row {
            Ok(Some((_, _, record))) => records.push(record),
            Ok(None) => return Ok(Some("the whole row")),
            Err(StoreError::Damaged { .. }) => return Ok(Some("a row that does not read")),
            Err(other) => return Err(other),
        }
    }
    let [a, b] = records.as_slice() else { return Ok(Some("the whole row")) };
    Ok(field(a, b))
}

/// The first field that differs.
fn field(a: &Record, b: &Record) -> Option<&'static str> {
    let (p, q) = (&a.profile, &b.profile);
    let fields = [
        ("evidence.nodes", a.evidence.nodes == b.evidence.nodes),
        ("evidence.edges", a.evidence.edges == b.evidence.edges),
        ("profile.traits", p.traits == q.traits),
        ("profile.cart", p.cart == q.cart),
        ("profile.orders", p.orders == q.orders),
        ("profile.interest", p.interest == q.interest),
        ("profile.consents", p.consents == q.consents),
        ("profile.tickets", p.tickets == q.tickets),
        ("profile.path", p.path == q.path),
        ("profile.activity", p.activity == q.activity),
        ("profile.sent", p.sent == q.sent),
        ("profile.standing", p.standing.agrees(&q.standing)),
        ("profile.offers", p.offers == q.offers),
        ("profile.push", p.push == q.push),
        ("profile", p.events == q.events),
        ("recent", a.recent == b.recent),
        ("cards", a.cards == b.cards),
    ];
    fields.into_iter().find(|(_, equal)| !equal).map(|(name, _)| name)
}

/// Who holds which identifier, and where chains of pointers begin.
fn compare_lookups(a: &SqliteReader, b: &SqliteReader) -> Option<Difference> {
    let (left, right) = (a.shared.read(), b.shared.read());
    let pairs = (left.holders.sorted(), right.holders.sorted());
    if let Some((_, person)) = first_difference(&pairs.0, &pairs.1) {
        let person = Some(PersonId(*person));
        let field = "who holds an identifier".to_owned();
        return Some(Difference { table: "identifier", person, field });
    }
    let pairs = (left.heads.sorted(), right.heads.sorted());
    let (_, position) = first_difference(&pairs.0, &pairs.1)?;
    let field = format!("the last event of an anchor, at {position},");
    Some(Difference { table: "pointer", person: None, field })
}

fn first_difference<'v, T: PartialEq>(left: &'v [T], right: &'v [T]) -> Option<&'v T> {
    let shared = left.iter().zip(right).find(|(a, b)| a != b).map(|(a, _)| a);
    let length = left.len().min(right.len());
    shared.or_else(|| left.get(length)).or_else(|| right.get(length))
}

/// Message keys, versions and pointers, event by event, since rows may be cut otherwise.
fn compare_log(left: &Connection, right: &Connection) -> Compared {
    let ends = (log::next_position(left)?, log::next_position(right)?);
    if ends.0 != ends.1 {
        return differs("frame", None, format!("the end of the log, at {},", ends.0.min(ends.1)));
    }
    let keys = "SELECT first, keys, contents FROM message_key ORDER BY first";
    if let Some(at) = unequal(left, right, keys, key_items)? {
        return differs("message_key", None, format!("the key at {at}"));
    }
    let overtaken = "SELECT old, new FROM overtaken ORDER BY old";
    if let Some(at) = unequal(left, right, overtaken, overtaken_items)? {
        return differs("overtaken", None, format!("what took the place of the event at {at}"));
    }
    let statements = "SELECT position, position FROM statement ORDER BY position";
    if let Some(at) = unequal(left, right, statements, overtaken_items)? {
        return differs("statement", None, format!("that the event at {at} is staff's"));
    }
    let pointers = "SELECT first, chunks FROM pointer ORDER BY first";
    if let Some(at) = unequal(left, right, pointers, pointer_items)? {
        return differs("pointer", None, format!("the anchor of the event at {at}"));
    }
    Ok(None)
}

/// A position with what is said of it.
type Item = (u64, [u64; 3]);
type Items = fn(&Row<'_>) -> Result<Vec<Item>, StoreError>;

fn key_items(row: &Row<'_>) -> Result<Vec<Item>, StoreError> {
    let first = word(row, 0)?;
    let keys = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
    let contents = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
    let number = |bytes: &[u8]| bytes.first_chunk().map_or(0, |chunk| u64::from_be_bytes(*chunk));
    Ok(keys
        .chunks(16)
        .zip(contents.chunks(8))
        .zip(first..)
        .map(|((key, content), at)| {
            (at, [number(key), number(&key[key.len() / 2..]), number(content)])
        })
        .collect())
}

fn overtaken_items(row: &Row<'_>) -> Result<Vec<Item>, StoreError> {
    Ok(vec![(word(row, 0)?, [word(row, 1)?, 0, 0])])
}

fn pointer_items(row: &Row<'_>) -> Result<Vec<Item>, StoreError> {
    let first = word(row, 0)?;
    let chunks = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
    let mut items = Vec::new();
    for (anchor, chunk) in pointers::read_row(first, chunks)? {
        let mut before = chunk.before;
        for position in chunk.positions {
            items.push((position, [anchor, before, 0]));
            before = position;
        }
    }
    items.sort_unstable();
    Ok(items)
}

/// The first position at which two packed tables say something else.
fn unequal(
    left: &Connection,
    right: &Connection,
    text: &str,
    items: Items,
) -> Result<Option<u64>, StoreError> {
    let (mut left, mut right) = (left.prepare(text)?, right.prepare(text)?);
    let (mut left, mut right) = (Walk::new(&mut left, items)?, Walk::new(&mut right, items)?);
    loop {
        let next = (left.next(), right.next());
        match next {
            (Err(StoreError::Damaged { .. }), _) | (_, Err(StoreError::Damaged { .. })) => {
                return Ok(Some(left.at.max(right.at)));
            }
            (Err(error), _) | (_, Err(error)) => return Err(error),
            (Ok(None), Ok(None)) => return Ok(None),
            (Ok(Some(a)), Ok(Some(b))) if a == b => {}
            (Ok(Some((a, _))), Ok(Some((b, _)))) => return Ok(Some(a.min(b))),
            (Ok(Some((at, _))), Ok(None)) | (Ok(None), Ok(Some((at, _)))) => return Ok(Some(at)),
        }
    }
}

/// The items of all rows of a packed table.
struct Walk<'s> {
    rows: rusqlite::Rows<'s>,
    items: Items,
    row: std::vec::IntoIter<Item>,
    at: u64,
}

impl<'s> Walk<'s> {
    fn new(statement: &'s mut Statement<'_>, items: Items) -> Result<Self, StoreError> {
        Ok(Self { rows: statement.query([])?, items, row: Vec::new().into_iter(), at: 0 })
    }

    fn next(&mut self) -> Result<Option<Item>, StoreError> {
        loop {
            if let Some(item) = self.row.next() {
                self.at = item.0;
                return Ok(Some(item));
            }
            let Some(row) = self.rows.next()? else { return Ok(None) };
            self.row = (self.items)(row)?.into_iter();
        }
    }
}

/// The search index, word by word.
fn compare_words(left: &Connection, right: &Connection) -> Compared {
    let text = "SELECT term, person FROM search_term ORDER BY term, person";
    let (mut left, mut right) = (left.prepare(text)?, right.prepare(text)?);
    let (mut left, mut right) = (left.query([])?, right.query([])?);
    let pair = |row: Option<&Row<'_>>| -> rusqlite::Result<Option<(String, u64)>> {
        row.map(|row| Ok((row.get(0)?, word(row, 1)?))).transpose()
    };
    loop {
        let (a, b) = (pair(left.next()?)?, pair(right.next()?)?);
        match (a, b) {
            (None, None) => return Ok(None),
            (a, b) if a == b => {}
            (a, b) => {
                let person = a.min(b.clone()).or(b).map(|(_, person)| PersonId(person));
                return differs("search_term", person, "a word");
            }
        }
    }
}

/// By which keys cards are found.
fn compare_link_keys(left: &Connection, right: &Connection) -> Compared {
    let items: Items = |row| Ok(vec![(word(row, 0)?, [word(row, 1)?, 0, 0])]);
    let text = "SELECT key, card FROM link_key ORDER BY key, card";
    match unequal(left, right, text, items)? {
        Some(_) => differs("link_key", None, "by what a card is found"),
        None => Ok(None),
    }
}

/// Feeds, product codes, counts.
fn compare_sources(left: &Connection, right: &Connection) -> Compared {
    match (sources::feeds(left), sources::feeds(right)) {
        (Ok(a), Ok(b)) => {
            if let Some((name, _)) = first_difference(&a, &b) {
                return differs("feed", None, format!("feed \"{name}\""));
            }
        }
        (Err(StoreError::Damaged { what }), _) | (_, Err(StoreError::Damaged { what })) => {
            return differs("feed", None, what);
        }
        (Err(error), _) | (_, Err(error)) => return Err(error),
    }
    let codes = (sources::codes(left)?, sources::codes(right)?);
    if let Some((code, _, _)) = first_difference(&codes.0, &codes.1) {
        return differs("learned", None, format!("what a {} leads to", code.kind.word()));
    }
    let accepted = |connection: &Connection| -> Result<Vec<(String, u64)>, StoreError> {
        let counts = sources::counts(connection)?;
        let counts = counts.into_iter().map(|(source, counts)| (source, counts.accepted));
        Ok(counts.filter(|(_, accepted)| *accepted > 0).collect())
    };
    let counts = (accepted(left)?, accepted(right)?);
    match first_difference(&counts.0, &counts.1) {
        Some((source, _)) => {
            differs("source_count", None, format!("the events accepted from \"{source}\""))
        }
        None => Ok(None),
    }
}
