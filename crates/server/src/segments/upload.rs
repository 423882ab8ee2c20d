//! Static lists: identifiers that somebody uploads, taken in as statements of staff.
//!
//! A list hangs on identifiers, so it goes wherever they go: persons that become one are on the lists
//! of both, and an erasure takes its statements with it.

use std::collections::BTreeSet;

use regulars_engine::event::{Event, Kind, Place, Value};
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_engine::profile::list_trait;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::time::Timestamp;
use regulars_engine::work::OWN_SOURCE;
use regulars_store::{Reader, Store, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use crate::secret;
use crate::writer::{Writer, WriterError};

/// The space of the store that keeps what lists there are.
const SPACE: &str = "lists";
/// The longest name of a list in bytes.
const NAME_MAX: usize = 80;
/// Identifiers taken in by one commit.
const TOGETHER: usize = 1_000;
/// Rows that could not be understood, told by their numbers.
const UNREADABLE_MAX: usize = 20;

/// Onto the list, or off it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Onto {
    /// Onto it.
    Added,
    /// Off it.
    Removed,
}

/// Rows as somebody uploaded them, read.
#[derive(Clone, Debug, Default)]
pub struct Rows {
    /// The identifiers, each once, in the order of the rows.
    pub identifiers: Vec<Identifier>,
    /// Rows that said what another had said.
    pub repeated: u64,
    /// The numbers of rows that hold no identifier of the kind, the first some.
    pub unreadable: Vec<u64>,
    /// How many these are in all.
    pub unreadable_count: u64,
}

impl Rows {
    /// Reads one identifier a line, or the first column of a table. A first line that names a kind
    /// (`email`, `phone`, `loyalty_id`) says what they are, unless `kind` does; without either, what
    /// has an `@` is an address and anything else a login.
    #[must_use]
    pub fn read(text: &str, kind: Option<&str>, program: &Program) -> Self {
        let mut rows = Self::default();
        let mut seen: BTreeSet<Identifier> = BTreeSet::new();
        let mut stated = kind.map(|word| program.identity.kind(word));
        for (number, line) in (1..).zip(text.lines()) {
            let cell = first_cell(line);
            if cell.is_empty() {
                continue;
            }
            if number == 1
                && let Some(head) = heading(cell)
            {
                stated = stated.or(Some(head));
                continue;
            }
            let kind = stated.clone().unwrap_or_else(|| match cell.contains('@') {
                true => IdentifierKind::Email,
                false => IdentifierKind::UserId,
            });
            match Identifier::written_in(kind, cell, program.shop.calling_code) {
                Some(identifier) if seen.insert(identifier.clone()) => {
                    rows.identifiers.push(identifier);
                }
                Some(_) => rows.repeated += 1,
                None => {
                    rows.unreadable_count += 1;
                    if rows.unreadable.len() < UNREADABLE_MAX {
                        rows.unreadable.push(number);
                    }
                }
            }
        }
        rows
    }

    /// Asks of every identifier what is to be said of it, beside whoever bears it, and lets that
    /// arrive unless it is a dry run. Returns how many are of people who were erased: of those
    /// nothing is asked.
    ///
    /// # Errors
    /// If the store fails; what arrived before stays.
    pub(crate) fn each<S: Store>(
        &self,
        writer: &mut Writer<S>,
        (dry_run, now): (bool, Timestamp),
        say: &mut dyn FnMut(&Identifier, Option<&Record>) -> Option<Event>,
    ) -> Result<u64, WriterError> {
        let salt = writer.salt();
        let mut erased = 0;
        for chunk in self.identifiers.chunks(TOGETHER) {
            let mut events = Vec::new();
            for identifier in chunk {
                let key = identifier.key(salt);
                if writer.reader().erased(key)? {
                    erased += 1;
                    continue;
                }
                let holder = writer.reader().holder(key)?;
                let record = holder.map_or(Ok(None), |holder| writer.reader().person(holder))?;
                events.extend(say(identifier, record.as_ref().map(|(_, record)| record)));
            }
            if !dry_run && !events.is_empty() {
                writer.accept(events, Vec::new(), now)?;
            }
        }
        Ok(erased)
    }
}

/// The first cell of a line of a table, without quotes.
fn first_cell(line: &str) -> &str {
    let line = line.trim_start_matches('\u{feff}').trim();
    match line.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next().unwrap_or_default().trim(),
        None => line.split([',', ';', '\t']).next().unwrap_or_default().trim(),
    }
}

/// The kind that a heading names; `None`: it is a value.
pub(crate) fn heading(cell: &str) -> Option<IdentifierKind> {
    let word = cell.to_lowercase().replace([' ', '-'], "_");
    let known = [
        ("email", "email"),
        ("e_mail", "email"),
        ("mail", "email"),
        ("phone", "phone"),
        ("telephone", "phone"),
        ("user_id", "user_id"),
        ("login", "user_id"),
        ("customer_id", "customer_id"),
        ("loyalty_id", "loyalty_id"),
        ("card", "loyalty_id"),
        ("anonymous_id", "anonymous_id"),
        ("device_id", "device_id"),
    ];
    let found = known.iter().find(|(name, _)| *name == word);
    found.map(|(_, kind)| IdentifierKind::parse(kind))
}

/// What an upload came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Uploaded {
    /// Rows whose person was known.
    pub matched: u64,
    /// Of these, persons for whom nothing changes: they were on the list already, or not on it.
    pub unchanged: u64,
    /// Rows of whom nobody was known: a person was made of each.
    pub new: u64,
    /// Rows of whom nobody was known and of whom nobody was made.
    pub unmatched: u64,
    /// Rows whose person was erased: they are left out for good.
    pub erased: u64,
    /// Rows that said what another had said.
    pub repeated: u64,
    /// Rows that hold no identifier of their kind.
    pub unreadable: u64,
    /// The numbers of the first of these.
    pub unreadable_rows: Vec<u64>,
}

impl Uploaded {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Json {
        json!({
            "matched": self.matched,
            "unchanged": self.unchanged,
            "new": self.new,
            "unmatched": self.unmatched,
            "erased": self.erased,
            "repeated": self.repeated,
            "unreadable": self.unreadable,
            "unreadable_rows": self.unreadable_rows,
        })
    }
}

/// How an upload is to be taken in.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The list.
    pub list: String,
    /// Onto it, or off it.
    pub onto: Onto,
    /// Whether rows of whom nobody is known are left out.
    pub known_only: bool,
    /// Whether it is only told what would become of it.
    pub dry_run: bool,
    /// Who says so: a user's name or a key's.
    pub by: String,
}

impl Upload {
    /// What is wrong with the name of the list, in words; `None`: nothing.
    #[must_use]
    pub fn wrong_name(&self) -> Option<&'static str> {
        let name = self.list.trim();
        if name.is_empty() {
            return Some("the list has no name");
        }
        let odd = name.len() > NAME_MAX || name.contains(['"', '\n', '\\']);
        odd.then_some("a list's name has at most 80 bytes, on one line and without quotes")
    }
}

/// Takes in an upload, or tells what would become of it.
///
/// # Errors
/// If the store fails; what was taken in before stays, and the same upload again changes nothing of it.
pub fn upload<S: Store>(
    writer: &mut Writer<S>,
    upload: &Upload,
    rows: &Rows,
    now: Timestamp,
) -> Result<Uploaded, WriterError> {
    let list = upload.list.trim();
    let mut told = Uploaded {
        repeated: rows.repeated,
        unreadable: rows.unreadable_count,
        unreadable_rows: rows.unreadable.clone(),
        ..Uploaded::default()
    };
    let call = secret::random_hex(8);
    let mut said = 0_u64;
    told.erased = rows.each(writer, (upload.dry_run, now), &mut |identifier, record| {
        match record {
            Some(record) => {
                told.matched += 1;
                if record.profile.listed(list) == (upload.onto == Onto::Added) {
                    told.unchanged += 1;
                    return None;
                }
            }
            None if upload.known_only || upload.onto == Onto::Removed => {
                told.unmatched += 1;
                return None;
            }
            None => told.new += 1,
        }
        said += 1;
        Some(stated(upload, identifier, &format!("list-{call}-{said}"), now))
    })?;
    if !upload.dry_run {
        note(writer, list, &upload.by, now)?;
    }
    Ok(told)
}

/// Staff say that whoever bears the identifier is on the list, or is not.
fn stated(upload: &Upload, identifier: &Identifier, id: &str, now: Timestamp) -> Event {
    let on_it = Value::Bool(upload.onto == Onto::Added);
    Event {
        identifiers: vec![identifier.clone()],
        place: Place { channel: regulars_engine::event::Channel::Other, ..Place::default() },
        traits: [(list_trait(upload.list.trim()), on_it)].into(),
        properties: [("by".to_owned(), Value::Text(upload.by.clone()))].into(),
        ..Event::bare(OWN_SOURCE, id.to_owned(), Kind::Identify, now)
    }
}

/// A list that was uploaded, or that a journey puts people on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct List {
    /// Its name.
    #[serde(skip)]
    pub name: String,
    /// When it was last changed, in milliseconds since 1970.
    pub at: i64,
    /// By whom, or by which journey.
    pub by: String,
}

impl List {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let changed_at = Timestamp(self.at).to_string();
        json!({ "name": self.name, "changed_at": changed_at, "by": self.by })
    }
}

fn note<S: Store>(
    writer: &mut Writer<S>,
    list: &str,
    by: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let row = List { name: String::new(), at: now.0, by: by.to_owned() };
    let bytes = serde_json::to_vec(&row).unwrap_or_default();
    writer.store().put(SPACE, list, Some(&bytes))
}

/// Notes the lists that journeys put people on, so that they stand among the others before anybody is
/// on them.
///
/// # Errors
/// If the store fails.
pub(crate) fn note_of_journeys<S: Store>(
    store: &mut S,
    known: &[List],
    program: &Program,
    now: Timestamp,
) -> Result<(), StoreError> {
    for journey in &program.journeys {
        for list in journey.steps.iter().flat_map(|step| step.kind.lists()) {
            if known.iter().any(|held| held.name == list) {
                continue;
            }
            let row = List { name: String::new(), at: now.0, by: journey.name.clone() };
            store.put(SPACE, list, Some(&serde_json::to_vec(&row).unwrap_or_default()))?;
        }
    }
    Ok(())
}

/// The lists that were uploaded, or that journeys put people on, by name.
///
/// # Errors
/// If the store cannot be read.
pub fn lists<R: Reader>(reader: &R) -> Result<Vec<List>, StoreError> {
    let rows = reader.list(SPACE)?;
    let read = |(name, bytes): (String, Vec<u8>)| {
        let list: Option<List> = serde_json::from_slice(&bytes).ok();
        list.map(|list| List { name, ..list })
    };
    Ok(rows.into_iter().filter_map(read).collect())
}

#[cfg(test)]
mod tests {
    use regulars_engine::identity::CallingCode;

    use super::*;

    #[test]
    fn rows_are_read_with_their_heading_and_without() {
        let mut program = Program::default();
        program.shop.calling_code = CallingCode::parse("34");
        let rows = Rows::read(
            "email,name\n\"Ana@Shop.example\";x\nana@shop.example\nnobody\n\n",
            None,
            &program,
        );
        assert_eq!(rows.identifiers.len(), 1);
        assert_eq!(rows.identifiers[0].kind, IdentifierKind::Email);
        assert_eq!((rows.repeated, rows.unreadable), (1, vec![4]));
        let rows = Rows::read("ana@shop.example\n4711", None, &program);
        let kinds: Vec<&str> = rows.identifiers.iter().map(|id| id.kind.word()).collect();
        assert_eq!(kinds, ["email", "user_id"]);
        let cards = Rows::read("4711", Some("loyalty_id"), &program);
        assert_eq!(cards.identifiers[0].kind, IdentifierKind::LoyaltyId);
        let phones = Rows::read("phone\n610 000 043\n+34610000043", None, &program);
        assert_eq!((phones.identifiers[0].value(), phones.repeated), ("+34610000043", 1));
    }
}
