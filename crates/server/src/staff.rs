//! What staff say of people: that two are one, or live together, that they are or do not, or that they
//! take it back.
//!
//! Every statement is an event of the log with who said it, so it is never lost, and what it
//! changed is undone exactly by taking it back.

use std::collections::BTreeMap;

use regulars_engine::event::{Channel, Event, Kind, LogPosition, Map, Place, Value};
use regulars_engine::identity::{Edge, Identifier, Ties, Topic};
use regulars_engine::record::Record;
use regulars_engine::time::{Occurred, Timestamp};
use regulars_engine::work::OWN_SOURCE;
use regulars_store::{Reader, Store, StoreError};

use crate::secret;
use crate::writer::{Writer, WriterError};

/// What is said of two identifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statement {
    /// They are one person's.
    Same,
    /// They are two people's.
    Apart,
    /// Nobody can tell: as if nothing had been said, but they were asked.
    Unsure,
    /// What was said of them does not stand any more.
    TakenBack,
    /// They live together.
    LiveTogether,
    /// They do not live together, whatever they share.
    LiveApart,
    /// What was said of where they live does not stand any more.
    HomeTakenBack,
}

impl Statement {
    /// Everything that can be said.
    pub const ALL: [Self; 7] = [
        Self::Same,
        Self::Apart,
        Self::Unsure,
        Self::TakenBack,
        Self::LiveTogether,
        Self::LiveApart,
        Self::HomeTakenBack,
    ];

    /// The word in the API, on the command line and in the log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Apart => "not the same",
            Self::Unsure => "unsure",
            Self::TakenBack => "taken back",
            Self::LiveTogether => "live together",
            Self::LiveApart => "live apart",
            Self::HomeTakenBack => "household taken back",
        }
    }

    /// Whether it takes something back and says nothing in its place.
    #[must_use]
    pub const fn takes_back(self) -> bool {
        matches!(self, Self::TakenBack | Self::HomeTakenBack)
    }

    /// What it is about.
    #[must_use]
    pub const fn topic(self) -> Topic {
        match self {
            Self::Same | Self::Apart | Self::Unsure | Self::TakenBack => Topic::Person,
            Self::LiveTogether | Self::LiveApart | Self::HomeTakenBack => Topic::Home,
        }
    }

    /// The statement that says nothing about the same.
    const fn taken_back(self) -> Self {
        match self.topic() {
            Topic::Person => Self::TakenBack,
            Topic::Home => Self::HomeTakenBack,
        }
    }

    /// The statement of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|statement| statement.word() == word)
    }

    /// What an event says, if it is a statement.
    #[must_use]
    pub fn told_by(kind: &Kind) -> Option<Self> {
        Self::ALL.into_iter().find(|statement| statement.kind() == *kind)
    }

    /// What an edge says, if staff said it.
    #[must_use]
    pub const fn of(ties: Ties) -> Option<Self> {
        match ties {
            Ties::Seen => None,
            Ties::AssertedSame => Some(Self::Same),
            Ties::AssertedApart => Some(Self::Apart),
            Ties::Unsure => Some(Self::Unsure),
            Ties::TakenBack => Some(Self::TakenBack),
            Ties::HomeSame => Some(Self::LiveTogether),
            Ties::HomeApart => Some(Self::LiveApart),
            Ties::HomeTakenBack => Some(Self::HomeTakenBack),
        }
    }

    const fn kind(self) -> Kind {
        match self {
            Self::Same => Kind::SamePersonStated,
            Self::Apart => Kind::DifferentPersonsStated,
            Self::Unsure => Kind::UnsureStated,
            Self::TakenBack => Kind::StatementTakenBack,
            Self::LiveTogether => Kind::SameHouseholdStated,
            Self::LiveApart => Kind::DifferentHouseholdsStated,
            Self::HomeTakenBack => Kind::HouseholdTakenBack,
        }
    }
}

/// Two identifiers of which something is said.
pub type Pair = (Identifier, Identifier);

/// The strongest identifier of a person: what is said of the person is said of it.
#[must_use]
pub fn strongest(record: &Record) -> Option<Identifier> {
    record.evidence.nodes.first().map(|node| node.identifier.clone())
}

/// The pairs to state so that two people are `statement`, or what was said of them is taken back.
///
/// To keep people apart for certain, every value they share is kept apart too. To take back, all
/// that stands between the two; of one person, all that joins it by staff's word. Nothing else can be
/// said of one person.
#[must_use]
pub fn pairs(one: &Record, other: &Record, statement: Statement) -> Vec<Pair> {
    if one.id() == other.id() && !statement.takes_back() {
        return Vec::new();
    }
    let ends = |edge: &Edge| (edge.strong.clone(), edge.weak.clone());
    let between = |edge: &&Edge| {
        let holds = |record: &Record, identifier| record.evidence.holds(identifier);
        (holds(one, &edge.strong) && holds(other, &edge.weak))
            || (holds(one, &edge.weak) && holds(other, &edge.strong))
    };
    let edges = one.evidence.edges.iter().chain(&other.evidence.edges).filter(between);
    let strongest = strongest(one).zip(strongest(other)).filter(|(left, right)| left != right);
    let mut pairs: Vec<Pair> = match statement {
        Statement::Same | Statement::Unsure | Statement::LiveTogether | Statement::LiveApart => {
            strongest.into_iter().collect()
        }
        Statement::Apart => {
            let shared = edges.filter(|edge| edge.ties == Ties::Seen).map(ends);
            strongest.into_iter().chain(shared).collect()
        }
        Statement::TakenBack | Statement::HomeTakenBack => {
            let topic = statement.topic();
            let said = standing(one, topic).into_iter().chain(standing(other, topic));
            said.filter(between).map(ends).collect()
        }
    };
    for (left, right) in &mut pairs {
        if left > right {
            std::mem::swap(left, right);
        }
    }
    pairs.sort();
    pairs.dedup();
    pairs
}

/// The last word of staff on each pair of a person's identifiers, if it says something and stands.
#[must_use]
pub fn standing(record: &Record, topic: Topic) -> Vec<&Edge> {
    let mut latest: BTreeMap<(&Identifier, &Identifier), &Edge> = BTreeMap::new();
    let edges = record.evidence.edges.iter();
    for edge in edges.filter(|edge| edge.ties.topic() == Some(topic)) {
        let held = latest.entry((&edge.strong, &edge.weak)).or_insert(edge);
        if (held.last_at, held.ties) < (edge.last_at, edge.ties) {
            *held = edge;
        }
    }
    let says =
        |edge: &&Edge| !matches!(edge.ties, Ties::TakenBack | Ties::Unsure | Ties::HomeTakenBack);
    latest.into_values().filter(says).collect()
}

/// What somebody says, and who says it.
#[derive(Clone, Copy, Debug)]
pub struct Word<'w> {
    /// What is said.
    pub statement: Statement,
    /// A user's name or a key's, never an identifier of a person.
    pub by: &'w str,
    /// Why, in their words; may be empty. At most [`BECAUSE_MAX`] characters are kept.
    pub because: &'w str,
}

/// The longest reason that is kept, in characters.
pub const BECAUSE_MAX: usize = 500;

/// Writes what somebody said. Returns where in the log it begins, by which it can be undone.
///
/// # Errors
/// If the store fails; then nothing was kept.
pub fn state<S: Store>(
    writer: &mut Writer<S>,
    pairs: &[Pair],
    word: Word<'_>,
    now: Timestamp,
) -> Result<LogPosition, WriterError> {
    let act = secret::random_hex(16);
    let mut events = Vec::with_capacity(pairs.len());
    for (number, pair) in pairs.iter().enumerate() {
        let before = said_of(writer.reader(), pair, word.statement.topic())?;
        // Of two words of one moment it would not be plain which is the last.
        let at = before.map_or(now, |(_, at)| now.max(at.plus(1)));
        let before = before.map_or("", |(statement, _)| statement.word());
        let mut event = event(pair, word, at, now);
        event.message_id = format!("staff-{act}-{number}");
        let text = |value: &str| Value::Text(value.to_owned());
        event.properties.insert("act".to_owned(), text(&act));
        event.properties.insert("before".to_owned(), text(before));
        events.push(event);
    }
    let position = writer.store().next_position();
    writer.accept(events, Vec::new(), now)?;
    Ok(position)
}

/// Undoes what was said at a place of the log: of every pair it spoke of, what was said before
/// stands again. Returns the pairs; none if nothing was said there, or somebody in it was erased.
///
/// # Errors
/// If the store fails; then nothing was undone.
pub fn undo<S: Store>(
    writer: &mut Writer<S>,
    position: LogPosition,
    by: &str,
    now: Timestamp,
) -> Result<Vec<Pair>, WriterError> {
    /// More pairs than one statement ever speaks of.
    const PAIRS_MAX: usize = 1_000;
    let entries = writer.reader().log(position, PAIRS_MAX)?;
    let act =
        |event: &Event| event.properties.get("act").and_then(Value::as_text).map(str::to_owned);
    let Some(first) = entries.first().and_then(|entry| act(&entry.logged.event)) else {
        return Ok(Vec::new());
    };
    let told = entries.iter().map(|entry| &entry.logged.event);
    let mut said: BTreeMap<&'static str, (Statement, Vec<Pair>)> = BTreeMap::new();
    for event in told.take_while(|event| act(event).as_ref() == Some(&first)) {
        let [one, other] = event.identifiers.as_slice() else { continue };
        let before = event.properties.get("before").and_then(Value::as_text).unwrap_or_default();
        let Some(was) = Statement::told_by(&event.kind) else { continue };
        let statement = Statement::parse(before).unwrap_or(was.taken_back());
        let slot = said.entry(statement.word()).or_insert((statement, Vec::new()));
        slot.1.push((one.clone(), other.clone()));
    }
    let mut undone = Vec::new();
    for (statement, pairs) in said.into_values() {
        state(writer, &pairs, Word { statement, by, because: "" }, now)?;
        undone.extend(pairs);
    }
    Ok(undone)
}

/// The last word of staff on two identifiers and a topic, and when it was said.
fn said_of<R: Reader>(
    reader: &R,
    (one, other): &Pair,
    topic: Topic,
) -> Result<Option<(Statement, Timestamp)>, StoreError> {
    let holder = reader.holder(one.key(reader.salt()))?;
    let Some((_, record)) = holder.map_or(Ok(None), |id| reader.person(id))? else {
        return Ok(None);
    };
    let of_pair = record.evidence.edges.iter().filter(|edge| {
        (&edge.strong, &edge.weak) == (one, other) || (&edge.strong, &edge.weak) == (other, one)
    });
    let of_topic = of_pair.filter(|edge| edge.ties.topic() == Some(topic));
    let said =
        of_topic.filter_map(|edge| Some((edge.last_at, edge.ties, Statement::of(edge.ties)?)));
    Ok(said.max_by_key(|(at, ties, _)| (*at, *ties)).map(|(at, _, statement)| (statement, at)))
}

fn event((one, other): &Pair, word: Word<'_>, at: Timestamp, received_at: Timestamp) -> Event {
    let mut identifiers = vec![one.clone(), other.clone()];
    identifiers.sort();
    let because: String = word.because.trim().chars().take(BECAUSE_MAX).collect();
    let mut properties: Map = [("by".to_owned(), Value::Text(word.by.to_owned()))].into();
    if !because.is_empty() {
        properties.insert("because".to_owned(), Value::Text(because));
    }
    Event {
        occurred: Occurred::instant(at),
        identifiers,
        place: Place { channel: Channel::Other, ..Place::default() },
        properties,
        ..Event::bare(OWN_SOURCE, String::new(), word.statement.kind(), received_at)
    }
}
