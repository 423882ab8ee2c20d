//! Standing aggregates as definitions declare them: what a condition needs of single events and
//! no other part of the profile keeps.

use std::collections::BTreeMap;
use std::hash::{Hash, Hasher};

use siphasher::sip::SipHasher13;

use super::ast::{Condition, Limit, MarkOf, Window};
use super::figure::{Figure, Of};
use super::filter::{self, Asks, FieldTest, Filter, Held};
use crate::event::{Event, Kind, Line};
use crate::profile::{Atom, Standing};

/// One aggregate: the events of a kind that pass a filter, with the values of one field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Aggregate {
    /// Events of this kind.
    pub kind: Kind,
    /// What they must pass, as far as the event tells by itself.
    filter: Vec<FieldTest>,
    /// Whether their lines are kept, since only the catalogue tells which of them are meant.
    lines: bool,
    /// The field whose values are kept; `None`: only how many there are matters.
    field: Option<String>,
}

/// What an aggregate keeps of an event.
pub(crate) struct Taken {
    pub(crate) values: Vec<Atom>,
    pub(crate) lines: Vec<Line>,
}

impl Aggregate {
    /// The aggregate for events of `kind` that pass `filter`, with the values of `field`.
    pub(super) fn new(kind: &Kind, filter: &Filter, field: Option<&str>) -> Self {
        let lines = filter.asks_catalogue();
        // What is asked of the same line as the catalogue's part is asked together with it.
        let own = |test: &&FieldTest| !lines || !line_field(&test.field);
        Self {
            kind: kind.clone(),
            filter: filter.0.iter().filter(own).cloned().collect(),
            lines,
            field: field.filter(|field| !(lines && line_field(field))).map(str::to_owned),
        }
    }

    /// Its key: equal for equal aggregates, whatever asks for them.
    #[must_use]
    pub fn key(&self) -> u64 {
        let mut hasher = SipHasher13::new_with_keys(0, 0);
        self.hash(&mut hasher);
        hasher.finish()
    }

    /// Whether an event of its kind can change what it tells of somebody whose profile keeps
    /// `standing`, under `key`. While it is still to be computed, any can: how many there are
    /// bounds what is not known.
    pub(crate) fn touched_by(&self, key: u64, event: &Event, standing: &Standing) -> bool {
        !standing.by_key.contains_key(&key) || self.takes(event).is_some()
    }

    /// What it keeps of an event; `None`: the event is not meant.
    pub(crate) fn takes(&self, event: &Event) -> Option<Taken> {
        let of_line = |field: &str| line_field(field) || filter::of_event_line(event, field);
        let needs_lines = self.lines
            || self.field.as_deref().is_some_and(of_line)
            || self.filter.iter().any(|test| of_line(&test.field));
        let mut lines = if needs_lines { event.described_lines() } else { Vec::new() };
        if self.lines && lines.is_empty() {
            lines.extend(list_line(event));
        }
        let whole = |test: &&FieldTest| !filter::of_event_line(event, &test.field);
        let passes = |test: &FieldTest| {
            let held = filter::event_field(event, &test.field);
            passes(&test.asks, held)
        };
        if !self.filter.iter().filter(whole).all(passes) {
            return None;
        }
        let asks_lines = self.filter.iter().any(|test| filter::of_event_line(event, &test.field));
        let meant: Vec<&Line> =
            lines.iter().filter(|line| filter::event_line(event, line, &self.filter)).collect();
        if asks_lines && meant.is_empty() {
            return None;
        }
        // Where the catalogue tells which lines are meant, what they say is read from them then.
        let field = self.field.as_deref();
        let field = field.filter(|field| !(self.lines && filter::of_event_line(event, field)));
        let values = field.map(|field| filter::event_values(event, &meant, field));
        let values = values.unwrap_or_default().into_iter().map(Atom::from).collect();
        let lines = if self.lines { meant.into_iter().map(stripped).collect() } else { Vec::new() };
        Some(Taken { values, lines })
    }
}

/// A list or page of one category, told as one line of it.
fn list_line(event: &Event) -> Option<Line> {
    let category = filter::property(&event.properties, "category")?.as_text()?;
    Some(Line { category: Some(category.to_owned()), ..Line::default() })
}

/// A list passes where one of its items does.
fn passes(asks: &Asks, held: Option<Held>) -> bool {
    match held {
        Some(Held::Value(crate::event::Value::List(items))) if !matches!(asks, Asks::IsNot(_)) => {
            items.into_iter().any(|item| asks.of(Some(&Held::Value(item))))
        }
        held => asks.of(held.as_ref()),
    }
}

fn line_field(name: &str) -> bool {
    filter::LINE_FIELDS.iter().any(|(word, _)| *word == name)
}

/// A line without what conditions never ask for.
fn stripped(line: &Line) -> Line {
    Line { url: None, image_url: None, ..line.clone() }
}

impl From<Held> for Atom {
    fn from(held: Held) -> Self {
        match held {
            Held::Value(value) => Self::Value(value),
            Held::Amount(money) => Self::Amount(money),
        }
    }
}

/// All aggregates that a program declares.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aggregates {
    by_key: BTreeMap<u64, Aggregate>,
    by_kind: BTreeMap<Kind, Vec<u64>>,
    version: u64,
}

impl Aggregates {
    /// The most aggregates of one program: each costs every person a few bytes.
    pub const COUNT_MAX: usize = 200;

    /// Those that some conditions need; what the segments they name need is asked of those.
    #[must_use]
    pub fn of<'c>(conditions: impl IntoIterator<Item = &'c Condition>) -> Self {
        let mut aggregates = Self::default();
        aggregates.extend(conditions);
        aggregates
    }

    /// Adds those that some conditions need.
    pub fn extend<'c>(&mut self, conditions: impl IntoIterator<Item = &'c Condition>) {
        for condition in conditions {
            condition.each(&mut |statement| {
                needed(statement).for_each(|aggregate| self.add(aggregate));
            });
        }
    }

    /// Adds what some figures need.
    pub fn extend_by_figures<'f>(&mut self, figures: impl IntoIterator<Item = &'f Figure>) {
        for figure in figures {
            let needed = of_figure(figure).into_iter().chain(of_marks(&figure.window));
            needed.for_each(|aggregate| self.add(aggregate));
        }
    }

    /// Adds one, as long as there is room: a check tells before that there is none.
    pub fn add(&mut self, aggregate: Aggregate) {
        let (key, kind) = (aggregate.key(), aggregate.kind.clone());
        if self.by_key.len() >= Self::COUNT_MAX && !self.by_key.contains_key(&key) {
            return;
        }
        if self.by_key.insert(key, aggregate).is_none() {
            self.by_kind.entry(kind).or_default().push(key);
            self.version = version(&self.by_key);
        }
    }

    /// How many of some others are not among these.
    #[must_use]
    pub fn lack(&self, others: &Self) -> usize {
        others.by_key.keys().filter(|key| !self.by_key.contains_key(key)).count()
    }

    /// Adds those of some others, if there is room for all of them; whether there was.
    pub fn take_in(&mut self, others: Self) -> bool {
        if self.by_key.len() + self.lack(&others) > Self::COUNT_MAX {
            return false;
        }
        others.by_key.into_values().for_each(|aggregate| self.add(aggregate));
        true
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// The keys, ascending.
    pub fn keys(&self) -> impl Iterator<Item = u64> {
        self.by_key.keys().copied()
    }

    /// Names the whole set: equal for equal sets; 0 for none.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// Those of these whose keys `keep` lets through.
    #[must_use]
    pub fn only(&self, keep: impl Fn(u64) -> bool) -> Self {
        let mut kept = Self::default();
        let chosen = self.by_key.iter().filter(|(key, _)| keep(**key));
        chosen.for_each(|(_, aggregate)| kept.add(aggregate.clone()));
        kept
    }

    /// Whether one under this key is declared.
    #[must_use]
    pub fn declare(&self, key: u64) -> bool {
        self.by_key.contains_key(&key)
    }

    /// How many of them events of a kind concern.
    #[must_use]
    pub fn number_about(&self, kind: &Kind) -> usize {
        self.by_kind.get(kind).map_or(0, Vec::len)
    }

    /// How many of them one event may concern at most.
    #[must_use]
    pub fn most_about(&self) -> usize {
        self.by_kind.values().map(Vec::len).max().unwrap_or(0)
    }

    /// Whether events of a kind concern any of them.
    #[must_use]
    pub fn concern(&self, kind: &Kind) -> bool {
        !self.is_empty() && self.by_kind.contains_key(kind)
    }

    /// Those that events of a kind concern, with their keys.
    pub fn about(&self, kind: &Kind) -> impl Iterator<Item = (u64, &Aggregate)> {
        let keys = self.by_kind.get(kind).map_or(&[][..], Vec::as_slice);
        keys.iter().filter_map(|key| Some((*key, self.by_key.get(key)?)))
    }
}

/// The name of a set that is not empty.
fn version(aggregates: &BTreeMap<u64, Aggregate>) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(0, 0);
    aggregates.keys().for_each(|key| hasher.write_u64(*key));
    hasher.finish()
}

/// The aggregates that a statement needs; none: what the profile keeps anyway answers it.
fn needed(statement: &Condition) -> impl Iterator<Item = Aggregate> {
    let marks = statement.window().into_iter().flat_map(of_marks);
    of_statement(statement).into_iter().chain(marks)
}

/// Those that tell when something was which other things come before or after. Of events that
/// are meant as such, the first and the last are kept anyway.
fn of_marks(window: &Window) -> impl Iterator<Item = Aggregate> {
    window.marks().filter_map(|mark| match &mark.of {
        MarkOf::Event(kind) => {
            (!mark.ends_are_kept()).then(|| Aggregate::new(kind, &mark.filter, None))
        }
        MarkOf::Order { .. } | MarkOf::Touch(_) => None,
    })
}

/// The one that tells of what a statement counts.
fn of_statement(statement: &Condition) -> Option<Aggregate> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "the statements that ask for single events")]
    match statement {
        Condition::Event { kind, filter, limit, window } => {
            let one = *limit == Limit::ONCE;
            let ends = matches!(window, Window::Ever | Window::Last(_) | Window::Before(_));
            let kept = filter.is_empty() && (*window == Window::Ever || one && ends);
            (!kept).then(|| Aggregate::new(kind, filter, None))
        }
        Condition::EventAge { kind, filter, .. } => {
            (!filter.is_empty()).then(|| Aggregate::new(kind, filter, None))
        }
        Condition::Figure { figure, .. } => of_figure(figure),
        Condition::Trait { computed: Some(computed), .. } => of_figure(&computed.figure),
        _ => None,
    }
}

/// The aggregate that a figure needs.
fn of_figure(figure: &Figure) -> Option<Aggregate> {
    match &figure.of {
        Of::Event(kind) => Some(Aggregate::new(kind, &figure.filter, figure.field.as_deref())),
        Of::Orders => None,
    }
}
