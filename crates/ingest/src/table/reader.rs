//! From a mapping file's tree to a [`Mapping`]: every mistake is noted, with its place and cure.

use jiff::tz::TimeZone;
use regulars_engine::event::{Channel, Currency, Kind};
use regulars_engine::time::Precision;

use super::mapping::{
    All, Cell, Check, Clock, CompleteThrough, From, Mapping, Rows, Subject, Target, Test,
};
use super::yaml::{Content, Mistakes, Node};
use crate::decimal::Decimal;
use crate::{names, times};

const KEYS: &[&str] = &[
    "source",
    "rows",
    "kind",
    "delimiter",
    "decimal",
    "encoding",
    "columns",
    "traits",
    "properties",
    "return when",
    "adjustment when",
    "cancelled when",
    "complete_through",
];

/// The word of `known` that was probably meant, as a cure.
pub(super) fn did_you_mean<'k>(word: &str, known: impl Iterator<Item = &'k str> + Clone) -> String {
    let simple = |word: &str| word.to_lowercase().replace([' ', '_', '-'], "");
    let near = known.clone().map(|known| (distance(&simple(word), &simple(known)), known)).min();
    match near {
        Some((steps, near)) if steps <= 2 || near.starts_with(word) => {
            format!("did you mean \"{near}\"?")
        }
        Some(_) | None => format!("it can be {}", known.collect::<Vec<_>>().join(", ")),
    }
}

/// Levenshtein's distance.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, b) in other.iter().enumerate() {
            let next = (diagonal + usize::from(a != *b)).min(row[j] + 1).min(row[j + 1] + 1);
            diagonal = std::mem::replace(&mut row[j + 1], next);
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Reads a mapping and notes what is wrong with it, going on as far as it can.
pub(super) struct Reader<'m>(pub(super) &'m mut Mistakes);

impl Reader<'_> {
    pub(super) fn mapping(&mut self, node: &Node) -> Option<Mapping> {
        let entries = self.entries(node, "the mapping")?;
        let mut mapping = Mapping::empty();
        let (mut rows, mut kind, mut columns) = (None, None, false);
        for (key, value) in entries {
            let name = self.text(key)?;
            match name {
                "source" => mapping.source = self.text(value).map(str::to_owned),
                "rows" => rows = self.rows(value),
                "kind" => kind = self.subject(value),
                "delimiter" => mapping.delimiter = Some(self.delimiter(value)),
                "decimal" => {
                    mapping.decimal_comma = self.one_of(value, &["point", "comma"]) == Some("comma")
                }
                "encoding" => {
                    mapping.latin_1 = self.one_of(value, &["utf-8", "latin-1"]) == Some("latin-1")
                }
                "columns" => {
                    columns = true;
                    self.columns(value, &mut mapping);
                }
                "traits" => mapping.traits = self.named_cells(value),
                "properties" => mapping.properties = self.named_cells(value),
                "return when" => mapping.return_when = self.tests(value),
                "adjustment when" => mapping.adjustment_when = self.tests(value),
                "cancelled when" => mapping.cancelled_when = self.tests(value),
                "complete_through" => mapping.complete_through = self.complete_through(value),
                other => {
                    let cure = did_you_mean(other, KEYS.iter().copied());
                    self.0.add(key.at, format!("unknown key \"{other}\""), cure);
                }
            }
        }
        let missing = [
            (
                "rows",
                rows.is_none() && !has(entries, "rows"),
                "say \"rows: lines\" or \"rows: events\"",
            ),
            (
                "kind",
                kind.is_none() && !has(entries, "kind"),
                "say \"kind: order\", \"kind: customers\" or an event's name",
            ),
            ("columns", !columns, "say which column means what"),
        ];
        for (key, absent, cure) in missing {
            if absent {
                self.0.add(node.at, format!("\"{key}\" is missing"), cure);
            }
        }
        mapping.rows = rows.unwrap_or(Rows::Events);
        mapping.subject = kind.unwrap_or(Subject::Orders);
        if columns {
            self.check(node, &mapping);
        }
        Some(mapping)
    }

    /// What no single key can tell: which columns this kind of table needs.
    fn check(&mut self, node: &Node, mapping: &Mapping) {
        let has = |target| mapping.cell(target).is_some();
        let mut need = |there: bool, message: &str, cure: &str| {
            if !there {
                self.0.add(node.at, message, cure);
            }
        };
        let key = has(Target::OrderId) || has(Target::ReceiptId);
        if mapping.rows == Rows::Lines {
            need(
                mapping.subject == Subject::Orders,
                "\"rows: lines\" is for \"kind: order\"",
                "say \"rows: events\", or \"kind: order\"",
            );
        }
        let whose = [
            Target::UserId,
            Target::CustomerId,
            Target::LoyaltyId,
            Target::Email,
            Target::Phone,
            Target::AnonymousId,
        ];
        match &mapping.subject {
            Subject::Orders => {
                need(
                    key || mapping.rows == Rows::Events,
                    "no column is the document's number",
                    "map \"order_id\" or \"receipt_id\"; if each row is an order by itself, say \"rows: events\"",
                );
                need(
                    has(Target::OccurredAt),
                    "no column is the document's time",
                    "map \"occurred_at\"",
                );
            }
            Subject::Customers => {
                need(
                    whose.into_iter().any(has),
                    "no column says who the customer is",
                    "map \"customer_id\", \"email\" or another identifier",
                );
            }
            Subject::Named => {
                need(has(Target::Event), "no column is the event's name", "map \"event\"")
            }
            Subject::Events(_) => {}
        }
        if mapping.subject != Subject::Orders {
            let ways = [&mapping.return_when, &mapping.adjustment_when, &mapping.cancelled_when];
            let none = ways.iter().all(|ways| ways.is_empty());
            need(
                none,
                "only orders have returns and adjustments, and are cancelled",
                "remove \"return when\", \"adjustment when\" and \"cancelled when\"",
            );
        }
    }

    fn entries<'n>(&mut self, node: &'n Node, what: &str) -> Option<&'n [(Node, Node)]> {
        match &node.value {
            Content::Map(entries) => Some(entries),
            Content::Text(_) | Content::List(_) => {
                self.0.add(
                    node.at,
                    format!("{what} is not a list of keys"),
                    "write \"key: value\" lines",
                );
                None
            }
        }
    }

    fn text<'n>(&mut self, node: &'n Node) -> Option<&'n str> {
        let text = node.text().filter(|text| !text.is_empty());
        if text.is_none() {
            self.0.add(
                node.at,
                "a word is expected here",
                "write a text, in quotes if it has signs in it",
            );
        }
        text
    }

    fn one_of<'k>(&mut self, node: &Node, known: &[&'k str]) -> Option<&'k str> {
        let word = self.text(node)?;
        let found = known.iter().find(|known| known.eq_ignore_ascii_case(word)).copied();
        if found.is_none() {
            let cure = did_you_mean(word, known.iter().copied());
            self.0.add(node.at, format!("unknown word \"{word}\""), cure);
        }
        found
    }

    fn rows(&mut self, node: &Node) -> Option<Rows> {
        Some(if self.one_of(node, &["lines", "events"])? == "lines" {
            Rows::Lines
        } else {
            Rows::Events
        })
    }

    fn subject(&mut self, node: &Node) -> Option<Subject> {
        let word = self.text(node)?;
        match word {
            "order" | "orders" => return Some(Subject::Orders),
            "customers" | "customer" => return Some(Subject::Customers),
            "event" | "events" => return Some(Subject::Named),
            _ => {}
        }
        let kind = names::kind(word);
        if let Kind::Custom(_) = kind {
            let ours = |name: &&str| !matches!(names::kind(name), Kind::Custom(_));
            let known = Kind::ALL.iter().map(Kind::name).filter(ours);
            let cure = did_you_mean(word, ["order", "customers", "event"].into_iter().chain(known));
            self.0.add(node.at, format!("unknown kind \"{word}\""), cure);
            return None;
        }
        if kind.touches_orders() {
            let message = format!("\"{word}\" is told by documents");
            self.0.add(node.at, message, "say \"kind: order\", with \"return when\" for returns");
            return None;
        }
        Some(Subject::Events(kind))
    }

    fn delimiter(&mut self, node: &Node) -> u8 {
        // A tab is white space, which `text` would cut off.
        let written = match &node.value {
            Content::Text(text) => text.as_str(),
            Content::List(_) | Content::Map(_) => "",
        };
        match written {
            "tab" | "\t" => b'\t',
            "," | ";" | "|" => written.as_bytes()[0],
            _ => {
                self.0.add(node.at, "unknown delimiter", "write \",\", \";\", \"|\" or tab");
                b','
            }
        }
    }

    fn columns(&mut self, node: &Node, mapping: &mut Mapping) {
        for (key, value) in self.entries(node, "\"columns\"").unwrap_or_default() {
            let Some(name) = self.text(key) else { continue };
            let Some(position) = Target::WORDS.iter().position(|word| *word == name) else {
                let cure = did_you_mean(name, Target::WORDS.iter().copied());
                self.0.add(key.at, format!("unknown meaning \"{name}\""), cure);
                continue;
            };
            let target = Target::ALL[position];
            let mut allowed: &[&str] = &[];
            if target == Target::OccurredAt {
                allowed = &["format", "zone", "precision"];
            } else if target == Target::Event {
                allowed = &["names"];
            }
            let Some(cell) = self.cell(value, allowed) else { continue };
            if target == Target::OccurredAt {
                self.clock(value, &mut mapping.clock);
            }
            if target == Target::Event {
                self.event_names(value, &mut mapping.names);
            }
            self.constant(target, &cell);
            mapping.columns.push((target, cell));
        }
    }

    /// `names: {view: Product Viewed}`: what the source's own names mean.
    fn event_names(&mut self, node: &Node, names: &mut Vec<(String, Kind)>) {
        let Content::Map(entries) = &node.value else { return };
        let said = entries.iter().find(|(key, _)| key.text() == Some("names"));
        let Some((_, said)) = said else { return };
        for (name, meaning) in self.entries(said, "\"names\"").unwrap_or_default() {
            let (Some(name), Some(word)) = (self.text(name), self.text(meaning)) else { continue };
            let kind = names::kind(word);
            if let Kind::Custom(_) = kind {
                let ours = |name: &&str| !matches!(names::kind(name), Kind::Custom(_));
                let cure = did_you_mean(word, Kind::ALL.iter().map(Kind::name).filter(ours));
                self.0.add(meaning.at, format!("unknown kind \"{word}\""), cure);
            } else {
                names.push((name.to_owned(), kind));
            }
        }
    }

    /// Checks a constant once, instead of on every row.
    fn constant(&mut self, target: Target, cell: &Cell) {
        let From::Value(value) = &cell.from else { return };
        if target == Target::Currency && Currency::parse(value).is_none() {
            self.0.add(
                cell.at,
                format!("\"{value}\" is not a currency of ISO 4217"),
                "write three letters such as EUR",
            );
        }
        if target == Target::Channel && Channel::parse(value).is_none() {
            let cure = did_you_mean(value, Channel::ALL.iter().map(|channel| channel.word()));
            self.0.add(cell.at, format!("\"{value}\" is not a channel"), cure);
        }
    }

    fn named_cells(&mut self, node: &Node) -> Vec<(String, Cell)> {
        let mut cells = Vec::new();
        for (key, value) in self.entries(node, "this").unwrap_or_default() {
            if let (Some(name), Some(cell)) = (self.text(key), self.cell(value, &[])) {
                cells.push((name.to_owned(), cell));
            }
        }
        cells
    }

    /// A column's name, or `{column: ..., strip: ...}`, or `{value: ...}`.
    fn cell(&mut self, node: &Node, also: &[&str]) -> Option<Cell> {
        if node.text().is_some() {
            let column = self.text(node)?.to_owned();
            return Some(Cell { from: From::Column(column), strip: None, at: node.at });
        }
        let entries = self.entries(node, "a column")?;
        let (mut from, mut strip) = (Vec::new(), None);
        for (key, value) in entries {
            let name = self.text(key)?;
            match name {
                "column" => from.push(From::Column(self.text(value)?.to_owned())),
                "value" => from.push(From::Value(self.text(value)?.to_owned())),
                "strip" => strip = self.text(value).map(str::to_owned),
                other if also.contains(&other) => {}
                other => {
                    let known =
                        ["column", "value", "strip"].into_iter().chain(also.iter().copied());
                    let cure = did_you_mean(other, known);
                    self.0.add(key.at, format!("unknown key \"{other}\""), cure);
                }
            }
        }
        match (from.pop(), from.is_empty()) {
            (Some(from), true) => Some(Cell { from, strip, at: node.at }),
            (Some(_), false) => {
                self.0.add(node.at, "both a column and a value", "keep \"column\" or \"value\"");
                None
            }
            (None, _) => {
                self.0.add(
                    node.at,
                    "neither a column nor a value",
                    "add \"column: ...\" or \"value: ...\"",
                );
                None
            }
        }
    }

    fn clock(&mut self, node: &Node, clock: &mut Clock) {
        let Content::Map(entries) = &node.value else { return };
        for (key, value) in entries {
            match key.text().unwrap_or_default() {
                "format" => {
                    let format = self.text(value).unwrap_or_default();
                    let sample = jiff::Timestamp::UNIX_EPOCH.to_zoned(TimeZone::UTC);
                    if jiff::fmt::strtime::format(format, &sample).is_err() {
                        self.0.add(
                            value.at,
                            format!("\"{format}\" is not a time format"),
                            "write one such as \"%Y-%m-%d %H:%M:%S\"",
                        );
                    }
                    clock.format = Some(format.to_owned());
                }
                "zone" => {
                    let name = self.text(value).unwrap_or_default();
                    match TimeZone::get(name) {
                        Ok(zone) => clock.zone = Some(zone),
                        Err(_) => self.0.add(
                            value.at,
                            format!("\"{name}\" is not a time zone"),
                            "write one such as Europe/London",
                        ),
                    }
                }
                "precision" => {
                    clock.precision = match self.one_of(value, &["instant", "minute", "day"]) {
                        Some("day") => Some(Precision::Day),
                        Some("minute") => Some(Precision::Minute),
                        Some(_) => Some(Precision::Instant),
                        None => None,
                    };
                }
                _ => {} // Read by `cell`.
            }
        }
    }

    /// One test, or a list of them of which any may hold; `all:` holds several that must.
    fn tests(&mut self, node: &Node) -> Vec<All> {
        match &node.value {
            Content::List(items) => items.iter().filter_map(|item| self.way(item)).collect(),
            Content::Map(_) | Content::Text(_) => self.way(node).into_iter().collect(),
        }
    }

    fn way(&mut self, node: &Node) -> Option<All> {
        let entries = self.entries(node, "a test")?;
        if let [(key, value)] = entries
            && key.text() == Some("all")
        {
            let Content::List(items) = &value.value else {
                self.0.add(
                    value.at,
                    "\"all\" is not a list",
                    "write \"all: [{column: ..., below: 0}, ...]\"",
                );
                return None;
            };
            return items.iter().map(|item| self.test(item)).collect();
        }
        self.test(node).map(|test| vec![test])
    }

    fn test(&mut self, node: &Node) -> Option<Test> {
        const CHECKS: [&str; 6] = ["equals", "starts_with", "ends_with", "empty", "below", "above"];
        let cell = self.cell(node, &CHECKS)?;
        let mut checks = Vec::new();
        for (key, value) in self.entries(node, "a test")? {
            let name = key.text().unwrap_or_default();
            if !CHECKS.contains(&name) {
                continue;
            }
            let text = self.text(value)?;
            checks.push(match name {
                "equals" => Check::Equals(text.to_owned()),
                "starts_with" => Check::StartsWith(text.to_owned()),
                "ends_with" => Check::EndsWith(text.to_owned()),
                "empty" => match self.one_of(value, &["yes", "no"])? {
                    "yes" => Check::Empty,
                    _ => Check::Filled,
                },
                _ => match (Decimal::parse(text), name) {
                    (Some(bound), "below") => Check::Below(bound),
                    (Some(bound), _) => Check::Above(bound),
                    (None, _) => {
                        self.0.add(
                            value.at,
                            format!("\"{text}\" is not a number"),
                            "write digits with a point",
                        );
                        return None;
                    }
                },
            });
        }
        match (checks.pop(), checks.is_empty()) {
            (Some(check), true) => Some(Test { cell, check }),
            (Some(_), false) => {
                self.0.add(
                    node.at,
                    "a test with several checks",
                    "write \"all: [...]\" with one check each",
                );
                None
            }
            (None, _) => {
                self.0.add(node.at, "a test without a check", "add \"equals\", \"starts_with\", \"ends_with\", \"empty\", \"below\" or \"above\"");
                None
            }
        }
    }

    fn complete_through(&mut self, node: &Node) -> Option<CompleteThrough> {
        let word = self.text(node)?;
        match word {
            "latest" => Some(CompleteThrough::Latest),
            "received" => Some(CompleteThrough::Received),
            moment => match times::parse(moment, &TimeZone::UTC) {
                Ok(stated) => Some(CompleteThrough::At(stated.at)),
                Err(_) => {
                    self.0.add(
                        node.at,
                        format!("\"{moment}\" is not a moment"),
                        "write latest, received, or 2026-11-21T10:00:00Z",
                    );
                    None
                }
            },
        }
    }
}

fn has(entries: &[(Node, Node)], name: &str) -> bool {
    entries.iter().any(|(key, _)| key.text() == Some(name))
}
