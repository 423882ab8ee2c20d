//! Enrolling on request: the shop asks, by the API or with a file, that people enter a journey, and is
//! told of each what came of it.
//!
//! Every request becomes an event of our own, so that who entered why stands in the log, a repeat of an
//! id changes nothing, and an erasure takes what was said beside it along.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::Hasher;

use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::event::{Event, Value};
use regulars_engine::identity::{Identifier, KeySalt, PersonId};
use regulars_engine::journey::{EntryRequest, RequestedBy};
use regulars_engine::program::Program;
use regulars_engine::reason::Reason;
use regulars_engine::time::Timestamp;
use regulars_engine::work::Accepted;
use regulars_store::{Reader, Store};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use siphasher::sip::SipHasher13;

use crate::secret;
use crate::segments::heading;
use crate::writer::{Keep, Writer, WriterError};

/// The most people of one call: they are taken in by one commit.
pub const PEOPLE_MAX: usize = 1_000;
/// The longest id or key of a request in bytes.
const ID_MAX: usize = 200;
/// The most identifiers of one person.
const IDENTIFIERS_MAX: usize = 20;
/// The most values said beside a request, and the longest name and text of one in bytes.
const DATA_MAX: usize = 50;
const DATA_NAME_MAX: usize = 64;
const DATA_TEXT_MAX: usize = 1_000;

/// One person who shall enter, as the shop asks.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Asked {
    /// The id of the request, by which a repeat is known; without one, no repeat is.
    #[serde(default)]
    pub id: Option<String>,
    /// Whom it is about: values by their kinds, such as `email`.
    pub identifiers: BTreeMap<String, String>,
    /// The cart's or order's key, for a journey that keeps entries apart by it.
    #[serde(default)]
    pub key: Option<String>,
    /// What messages and conditions of the journey may use: texts, numbers, true and false.
    #[serde(default)]
    pub data: BTreeMap<String, Json>,
}

impl std::fmt::Debug for Asked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Asked({} identifiers, ***)", self.identifiers.len())
    }
}

/// What a column of a file of people is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Column {
    Id,
    Key,
    /// Of this kind.
    Identifier(String),
    /// Of this name.
    Data(String),
}

/// The columns of a file of people: `id`, `key`, identifiers by their kinds, and what is said beside
/// them.
#[derive(Clone, Debug)]
pub struct Columns(Vec<Column>);

impl Columns {
    /// Reads the names of columns; `further` are those that hold identifiers of the shop's own kinds.
    #[must_use]
    pub fn of(names: &[String], further: &[String]) -> Self {
        let column = |name: &String| match (name.as_str(), heading(name)) {
            ("id", _) => Column::Id,
            ("key", _) => Column::Key,
            (_, Some(kind)) => Column::Identifier(kind.word().to_owned()),
            (_, None) if further.contains(name) => Column::Identifier(name.clone()),
            (_, None) => Column::Data(name.clone()),
        };
        Self(names.iter().map(column).collect())
    }

    /// Whether a column says who somebody is.
    #[must_use]
    pub fn names_people(&self) -> bool {
        self.0.iter().any(|column| matches!(column, Column::Identifier(_)))
    }

    /// The person of a row. Cells that are empty say nothing.
    #[must_use]
    pub fn row(&self, cells: &[String]) -> Asked {
        let mut asked = Asked::default();
        let said = cells.iter().map(|cell| cell.trim()).zip(&self.0);
        for (cell, column) in said.filter(|(cell, _)| !cell.is_empty()) {
            match column {
                Column::Id => asked.id = Some(cell.to_owned()),
                Column::Key => asked.key = Some(cell.to_owned()),
                Column::Identifier(kind) => {
                    asked.identifiers.insert(kind.clone(), cell.to_owned());
                }
                Column::Data(name) => {
                    // `007` is a number to nobody.
                    let whole = cell.parse::<i64>().ok().filter(|whole| whole.to_string() == cell);
                    let value = whole.map_or_else(|| Json::from(cell), Json::from);
                    asked.data.insert(name.clone(), value);
                }
            }
        }
        asked
    }
}

/// Gives ids to the rows of a file that bear none: made of the file's name, of what the row says, and of
/// how many equal rows stand before it, so that the same file again changes nothing.
#[derive(Debug)]
pub struct RowIds {
    file: String,
    seen: BTreeMap<u64, u64>,
}

impl RowIds {
    /// For a file of this name.
    #[must_use]
    pub fn of(file: &str) -> Self {
        Self { file: file.to_owned(), seen: BTreeMap::new() }
    }

    /// Gives the row an id, if it has none.
    pub fn give(&mut self, asked: &mut Asked) {
        if asked.id.is_some() {
            return;
        }
        let content = hashed(KeySalt(0, 0), &(&asked.identifiers, &asked.key, &asked.data));
        let before = self.seen.entry(content).or_default();
        let mut whole = SipHasher13::new();
        whole.write(self.file.as_bytes());
        whole.write_u64(content);
        asked.id = Some(format!("row-{:016x}-{before}", whole.finish()));
        *before += 1;
    }
}

fn hashed(salt: KeySalt, said: &impl Serialize) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
    hasher.write(&serde_json::to_vec(said).unwrap_or_default());
    hasher.finish()
}

/// How people are to be enrolled.
#[derive(Clone, Debug)]
pub struct Enrolling {
    /// Into which journey.
    pub journey: String,
    /// How the shop asks.
    pub by: RequestedBy,
    /// Whether people of whom nobody is known are left out.
    pub known_only: bool,
    /// Whether it is only told what would come of it.
    pub dry_run: bool,
}

/// Why nobody can be enrolled: in words, with its cure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such journey.
    NoJourney(String),
    /// Nobody enters it in this way.
    NotAsked(String),
}

impl Enrolling {
    /// Why the journey takes nobody in on request; `None`: it does.
    #[must_use]
    pub fn refused(&self, program: &Program) -> Option<(Refused, String)> {
        let Some(journey) = program.live_journey(&self.journey) else {
            let message = format!("there is no journey \"{}\"", self.journey);
            let known: Vec<&str> = program.journeys.iter().map(|j| j.name.as_str()).collect();
            return Some((Refused::NoJourney(message), format!("there are: {}", known.join(", "))));
        };
        if journey.entry.requests.contains(&self.by) {
            return None;
        }
        let word = self.by.word();
        let message = format!("nobody enters the journey \"{}\" by {word}", self.journey);
        let cure = format!("name it among what starts the journey: enter: {{ on: [{word}] }}");
        Some((Refused::NotAsked(message), cure))
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoJourney(message) | Self::NotAsked(message) => f.write_str(message),
        }
    }
}

/// What came of one request.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// The person entered.
    Entered(PersonId),
    /// The person did not, and why.
    Declined(PersonId, Vec<Reason>),
    /// A request of this id was there already.
    Repeated,
    /// A request of this id, which said something else, was there already: the first stays.
    Conflict,
    /// Nobody is known by these identifiers, and nobody was to be made.
    Unknown,
    /// Whoever bore one of these identifiers was erased.
    Erased,
    /// It is not understood, and why, without what it says.
    NotUnderstood(&'static str),
}

impl Answer {
    /// Every word, in the order in which they are told.
    pub const WORDS: [&str; 7] =
        ["entered", "declined", "repeated", "conflict", "unknown", "erased", "not_understood"];

    /// The word in the API.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Entered(_) => Self::WORDS[0],
            Self::Declined(..) => Self::WORDS[1],
            Self::Repeated => Self::WORDS[2],
            Self::Conflict => Self::WORDS[3],
            Self::Unknown => Self::WORDS[4],
            Self::Erased => Self::WORDS[5],
            Self::NotUnderstood(_) => Self::WORDS[6],
        }
    }
}

/// What came of all requests of a call, in their order, as programs read it.
#[must_use]
pub fn answers_json(asked: &[Asked], answers: &[Answer]) -> Json {
    let mut counts: BTreeMap<&str, u64> = Answer::WORDS.map(|word| (word, 0)).into();
    let mut people = Vec::with_capacity(answers.len());
    for (row, (asked, answer)) in (1_u64..).zip(asked.iter().zip(answers)) {
        *counts.entry(answer.word()).or_default() += 1;
        let mut told = json!({ "row": row, "id": asked.id, "outcome": answer.word() });
        match answer {
            Answer::Entered(person) => told["person"] = person.to_string().into(),
            Answer::Declined(person, reasons) => {
                told["person"] = person.to_string().into();
                told["reasons"] = reasons.iter().map(Reason::to_json).collect();
            }
            Answer::NotUnderstood(why) => told["why"] = (*why).into(),
            Answer::Repeated | Answer::Conflict | Answer::Unknown | Answer::Erased => {}
        }
        people.push(told);
    }
    json!({ "counts": counts, "people": people })
}

/// Enrolls people in one commit, or tells what would come of it. The journey takes them in: see
/// [`Enrolling::refused`].
///
/// # Errors
/// If the store fails; then nobody was enrolled.
pub fn enroll<S: Store>(
    writer: &mut Writer<S>,
    enrolling: &Enrolling,
    asked: &[Asked],
    now: Timestamp,
) -> Result<Vec<Answer>, WriterError> {
    let program = std::sync::Arc::clone(writer.program());
    let salt = writer.salt();
    let mut answers: Vec<Answer> = Vec::with_capacity(asked.len());
    let mut events: Vec<Event> = Vec::new();
    let mut places: Vec<usize> = Vec::new();
    for one in asked {
        let read = read(one, enrolling, &program, salt);
        let answer = match &read {
            Err(why) => Some(Answer::NotUnderstood(why)),
            Ok(request) => passed_over(writer.reader(), &request.identifiers, enrolling, salt)?,
        };
        if let (Ok(request), None) = (read, &answer) {
            places.push(answers.len());
            events.push(request.event(now));
        }
        // Filled in below where the request is heard.
        answers.push(answer.unwrap_or(Answer::Repeated));
    }
    let keep = if enrolling.dry_run { Keep::Nothing } else { Keep::Written };
    let heard = writer.request(events, keep, now)?;
    for (place, (accepted, decided)) in places.into_iter().zip(heard) {
        answers[place] = match accepted {
            Accepted::Logged(_) => answer(&decided, &enrolling.journey),
            Accepted::Duplicate => Answer::Repeated,
            Accepted::Conflict => Answer::Conflict,
        };
    }
    Ok(answers)
}

/// The journey's own word on a request that stands in the log.
fn answer(decided: &[Decision], journey: &str) -> Answer {
    let own = |decision: &&Decision| {
        decision.journey == journey && matches!(decision.verdict, Verdict::Enter | Verdict::Decline)
    };
    match decided.iter().find(own) {
        Some(decision) if decision.verdict == Verdict::Enter => Answer::Entered(decision.person),
        Some(decision) => Answer::Declined(decision.person, decision.reasons.clone()),
        None => Answer::NotUnderstood("it names nobody whom a journey can take in"),
    }
}

/// What is answered without a look at the journey.
fn passed_over<R: Reader>(
    reader: &R,
    identifiers: &[Identifier],
    enrolling: &Enrolling,
    salt: KeySalt,
) -> Result<Option<Answer>, WriterError> {
    let mut known = false;
    for identifier in identifiers {
        let key = identifier.key(salt);
        if reader.erased(key)? {
            return Ok(Some(Answer::Erased));
        }
        known |= reader.holder(key)?.is_some();
    }
    Ok((enrolling.known_only && !known).then_some(Answer::Unknown))
}

/// The request of one person; else why it is not understood.
fn read(
    asked: &Asked,
    enrolling: &Enrolling,
    program: &Program,
    salt: KeySalt,
) -> Result<EntryRequest, &'static str> {
    let long = |text: &Option<String>| text.as_ref().is_some_and(|text| text.len() > ID_MAX);
    if long(&asked.id) || long(&asked.key) {
        return Err("an id or key has at most 200 bytes");
    }
    if asked.identifiers.len() > IDENTIFIERS_MAX {
        return Err("a person has at most 20 identifiers here");
    }
    let mut identifiers = BTreeSet::new();
    for (word, value) in &asked.identifiers {
        let kind = program.identity.kind(word);
        let identifier = Identifier::written_in(kind, value, program.shop.calling_code)
            .ok_or("an identifier is no value of its kind")?;
        if !program.identity.blocks(&identifier) {
            identifiers.insert(identifier);
        }
    }
    if identifiers.is_empty() {
        return Err("no identifier says who it is");
    }
    let id = asked.id.clone().unwrap_or_else(|| secret::random_hex(12));
    Ok(EntryRequest {
        journey: enrolling.journey.clone(),
        by: enrolling.by,
        id,
        content: hashed(salt, &(&asked.identifiers, &asked.key, &asked.data)),
        identifiers: identifiers.into_iter().collect(),
        key: asked.key.clone(),
        data: data(&asked.data)?,
    })
}

fn data(said: &BTreeMap<String, Json>) -> Result<BTreeMap<String, Value>, &'static str> {
    if said.len() > DATA_MAX {
        return Err("at most 50 values are said beside a request");
    }
    let mut data = BTreeMap::new();
    for (name, value) in said {
        if name.is_empty() || name.len() > DATA_NAME_MAX {
            return Err("the name of a value has 1 to 64 bytes");
        }
        if EntryRequest::RESERVED.contains(&name.as_str()) {
            return Err("a value is named \"journey\" or \"by\", which the request itself says");
        }
        let value = match value {
            Json::Null => continue,
            Json::Bool(yes) => Value::Bool(*yes),
            Json::Number(number) => match number.as_i64() {
                Some(whole) => Value::Integer(whole),
                None => Value::Number(number.as_f64().ok_or("a number is too large")?),
            },
            Json::String(text) if text.len() <= DATA_TEXT_MAX => Value::Text(text.clone()),
            Json::String(_) => return Err("a text has at most 1,000 bytes"),
            Json::Array(_) | Json::Object(_) => {
                return Err("values are texts, numbers, true and false");
            }
        };
        data.insert(name.clone(), value);
    }
    Ok(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(columns: &[&str], cells: &[&str]) -> Asked {
        let owned = |texts: &[&str]| texts.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>();
        Columns::of(&owned(columns), &["club".to_owned()]).row(&owned(cells))
    }

    #[test]
    fn columns_say_who_and_what() {
        let asked = row(
            &["id", "E-mail", "club", "voucher", "points", "note"],
            &["r1", "ana@shop.example", "c9", "007", "12", ""],
        );
        assert_eq!(asked.id.as_deref(), Some("r1"));
        let kinds: Vec<&str> = asked.identifiers.keys().map(String::as_str).collect();
        assert_eq!(kinds, ["club", "email"]);
        assert_eq!((&asked.data["voucher"], &asked.data["points"]), (&json!("007"), &json!(12)));
        assert!(!asked.data.contains_key("note"));
    }

    #[test]
    fn equal_rows_of_one_file_get_ids_of_their_own_and_the_same_ones_again() {
        let rows = || {
            let mut ids = RowIds::of("autumn.csv");
            [0, 1, 2].map(|number| {
                let email = if number == 2 { "bea@shop.example" } else { "ana@shop.example" };
                let mut asked = row(&["email"], &[email]);
                ids.give(&mut asked);
                asked.id.unwrap()
            })
        };
        let once: BTreeSet<String> = rows().into();
        assert_eq!(once.len(), 3);
        assert_eq!(rows(), rows());
        let mut other = row(&["email"], &["ana@shop.example"]);
        RowIds::of("winter.csv").give(&mut other);
        assert!(!once.contains(other.id.as_deref().unwrap()));
    }
}
