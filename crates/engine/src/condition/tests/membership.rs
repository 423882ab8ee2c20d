//! The law of membership: who is kept in which segment, at any moment, against an evaluator that
//! reads the raw log at that moment.
//!
//! Histories of a few people come in late, twice and out of order, over days on which clocks
//! change; devices and logins join and part them; some segments are defined in the middle and
//! computed while events go on coming in. `cargo xtask laws` runs more.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::convert::Infallible;

use jiff::tz::TimeZone;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::laws::{cases, condition, history};
use super::naive::Log;
use super::shop::{at, catalogue};
use crate::commit::{Logged, MessageKey};
use crate::condition::{Aggregates, Asked, Condition, Manner, NothingBeside, evaluate};
use crate::event::{Event, LogPosition};
use crate::identity::{
    Edge, Identifier, IdentifierKey, IdentifierKind, KeySalt, PersonId, Ties, edges_of, partition,
};
use crate::offer::{self, CodeKey, Stock};
use crate::product::Catalogue;
use crate::program::Program;
use crate::record::Record;
use crate::segment::Book;
use crate::source::Sources;
use crate::time::{DAY, HOUR, Timestamp};
use crate::work::{Ground, Holder, Purpose, Seen, Setting, Work};

const SALT: KeySalt = KeySalt(3, 4);

/// Who an event is about: one of these, so that people meet.
const NAMES: [&[(IdentifierKind, &str)]; 10] = [
    &[(IdentifierKind::UserId, "ana")],
    &[(IdentifierKind::UserId, "ben")],
    &[(IdentifierKind::AnonymousId, "d1")],
    &[(IdentifierKind::AnonymousId, "d2")],
    &[(IdentifierKind::Email, "ana@shop.example")],
    &[(IdentifierKind::UserId, "ana"), (IdentifierKind::AnonymousId, "d1")],
    &[(IdentifierKind::UserId, "ana"), (IdentifierKind::Email, "ana@shop.example")],
    &[(IdentifierKind::UserId, "ben"), (IdentifierKind::AnonymousId, "d2")],
    &[(IdentifierKind::UserId, "ben"), (IdentifierKind::AnonymousId, "d1")],
    &[(IdentifierKind::Email, "ana@shop.example"), (IdentifierKind::AnonymousId, "d2")],
];

/// A shop in memory with its people, and the moment.
struct Town {
    program: Program,
    book: Book,
    catalogue: Catalogue,
    sources: Sources,
    now: Timestamp,
    kept: Kept,
}

/// The plainest store.
#[derive(Default)]
struct Kept {
    log: Vec<Logged>,
    seen: HashMap<MessageKey, Seen>,
    holders: HashMap<IdentifierKey, PersonId>,
    persons: BTreeMap<PersonId, (u64, Record)>,
}

impl Ground for Kept {
    type Error = Infallible;

    fn seen(&mut self, keys: &[MessageKey]) -> Result<Vec<Option<Seen>>, Infallible> {
        Ok(keys.iter().map(|key| self.seen.get(key).copied()).collect())
    }

    fn holders(&mut self, keys: &[IdentifierKey]) -> Result<Vec<Holder>, Infallible> {
        let holder = |key| self.holders.get(key).map_or(Holder::Nobody, |id| Holder::Person(*id));
        Ok(keys.iter().map(holder).collect())
    }

    fn persons(&mut self, ids: &[PersonId]) -> Result<Vec<(PersonId, u64, Record)>, Infallible> {
        let row = |id: &PersonId| self.persons.get(id).map(|held| (*id, held.0, held.1.clone()));
        Ok(ids.iter().filter_map(row).collect())
    }

    fn hanging(&mut self, anchors: &[IdentifierKey]) -> Result<Vec<LogPosition>, Infallible> {
        let hangs = |logged: &&Logged| logged.anchor.is_some_and(|key| anchors.contains(&key));
        Ok(self.log.iter().filter(hangs).map(|logged| logged.position).collect())
    }

    fn events(&mut self, positions: &[LogPosition]) -> Result<Vec<Logged>, Infallible> {
        positions.iter().map(|position| self.event(*position)).collect()
    }

    fn event(&mut self, position: LogPosition) -> Result<Logged, Infallible> {
        Ok(self.log[usize::try_from(position.0).unwrap() - 1].clone())
    }

    fn overtaken_by(&mut self, _: LogPosition) -> Result<Option<LogPosition>, Infallible> {
        Ok(None)
    }

    fn link_members(
        &mut self,
        keys: &[u64],
        _: usize,
    ) -> Result<Vec<Vec<IdentifierKey>>, Infallible> {
        Ok(vec![Vec::new(); keys.len()])
    }

    fn offer_code(&mut self, _: CodeKey) -> Result<Option<offer::Code>, Infallible> {
        Ok(None)
    }

    fn codes_of_order(&mut self, _: u64) -> Result<Vec<(CodeKey, offer::Code)>, Infallible> {
        Ok(Vec::new())
    }

    fn free_codes(
        &mut self,
        _: &str,
        _: Option<CodeKey>,
        _: usize,
    ) -> Result<Vec<(CodeKey, offer::Code)>, Infallible> {
        Ok(Vec::new())
    }
}

impl Town {
    fn of(segments: &[Condition], zone: &str) -> Self {
        let mut program = Program::default();
        program.shop.zone = TimeZone::get(zone).unwrap();
        let mut town = Self {
            program,
            book: Book::default(),
            catalogue: catalogue(),
            sources: Sources::default(),
            now: Timestamp::EARLIEST,
            kept: Kept::default(),
        };
        town.define(segments);
        town
    }

    /// Defines segments besides those there are; the first of them is read by one more.
    fn define(&mut self, segments: &[Condition]) {
        let first = self.program.segments.len();
        for (number, condition) in segments.iter().enumerate() {
            let name = format!("s{:02}", first + number);
            self.program.segments.insert(name, condition.clone());
        }
        let nested = Condition::parse(&format!("not in segment \"s{first:02}\"")).unwrap();
        self.program.segments.insert(format!("s{:02}", first + segments.len()), nested);
        let next = LogPosition(u64::try_from(self.kept.log.len()).unwrap() + 1);
        self.book.take_in(&self.program, next, self.now);
        self.program.aggregates = Aggregates::of(self.program.segments.values());
        let ids: Vec<PersonId> = self.kept.persons.keys().copied().collect();
        self.work(|work, kept, now| {
            work.complete(kept, &ids, (None, usize::MAX), now).unwrap();
        });
        self.program.standing = self.book.stand(&self.program);
    }

    fn work(&mut self, run: impl FnOnce(&mut Work<'_>, &mut Kept, Timestamp)) {
        let mut stock = Stock::default();
        let mut work = Work::begin(Setting {
            stock: &mut stock,
            random: 0,
            pace: None,
            program: &self.program,
            catalogue: &mut self.catalogue,
            sources: &mut self.sources,
            salt: SALT,
            sending: crate::step::MayLeave::Everything,
            room: usize::MAX,
            purpose: Purpose::Live,
            next: LogPosition(u64::try_from(self.kept.log.len()).unwrap() + 1),
            model: None,
        });
        run(&mut work, &mut self.kept, self.now);
        let commit = work.finish();
        let kept = &mut self.kept;
        for logged in commit.events {
            let seen = Seen { position: logged.position, content: logged.event.content };
            kept.seen.insert(logged.key, seen);
            kept.log.push(logged);
        }
        for (key, person) in commit.identifiers {
            match person {
                Some(person) => kept.holders.insert(key, person),
                None => kept.holders.remove(&key),
            };
        }
        for write in commit.persons {
            match write.record {
                Some(record) => {
                    kept.persons.insert(write.person, (write.read_version + 1, record));
                }
                None => drop(kept.persons.remove(&write.person)),
            }
        }
    }

    /// Lets time go on: whoever is due is looked at in the very millisecond.
    fn go_on(&mut self, until: Timestamp) {
        let mut looks = 0;
        loop {
            let due = self.kept.persons.values().filter_map(|(_, record)| record.due_at()).min();
            let Some(due) = due.filter(|due| *due <= until) else { break };
            self.now = self.now.max(due);
            let ids: Vec<PersonId> = (self.kept.persons.iter())
                .filter(|(_, (_, record))| record.due_at().is_some_and(|at| at <= due))
                .map(|(id, _)| *id)
                .collect();
            self.work(|work, kept, now| {
                work.look(kept, &ids, now).unwrap();
            });
            looks += 1;
            assert!(looks < 10_000, "somebody is due again and again");
        }
        self.now = self.now.max(until);
    }

    /// A slice of computing: one person.
    fn compute(&mut self) {
        if !self.book.computing() {
            return;
        }
        let next = self.kept.persons.keys().find(|id| **id > self.book.after).copied();
        match next {
            Some(id) => {
                self.work(|work, kept, now| work.look_at_segments(kept, &[id], now).unwrap());
                self.book.advance(id, 1);
            }
            None => {
                self.book.finish();
                self.program.standing = self.book.stand(&self.program);
            }
        }
    }

    fn arrive(&mut self, event: Event) {
        let key = MessageKey::of(SALT, &event.source, &event.message_id);
        self.work(|work, kept, now| {
            work.accept(kept, key, event, now).unwrap();
        });
    }

    /// Everybody's raw events, in the order of their moments, found by one partition of all evidence.
    fn everybody(&self) -> Vec<(BTreeSet<Identifier>, Vec<Event>)> {
        let mut names: BTreeSet<Identifier> = BTreeSet::new();
        let mut edges: BTreeMap<(Identifier, Identifier, Ties), Edge> = BTreeMap::new();
        for logged in &self.kept.log {
            names.extend(logged.event.identifiers.iter().cloned());
            for edge in edges_of(&logged.event) {
                let slot = (edge.strong.clone(), edge.weak.clone(), edge.ties);
                let held = edges.entry(slot).or_insert_with(|| edge.clone());
                held.first_at = held.first_at.min(edge.first_at);
                held.last_at = held.last_at.max(edge.last_at);
            }
        }
        let edges: Vec<Edge> = edges.into_values().collect();
        let found = partition(&names, &edges, &self.program.identity, &BTreeSet::new());
        let mut people: Vec<(BTreeSet<Identifier>, Vec<Event>)> = (found.groups.iter())
            .map(|group| (group.members.iter().cloned().collect(), Vec::new()))
            .collect();
        for logged in &self.kept.log {
            let anchor = logged.event.anchor().unwrap();
            let group = found.group_at(anchor, logged.event.occurred.at).unwrap();
            people[group].1.push(logged.event.clone());
        }
        for (_, events) in &mut people {
            events.sort_by_key(|event| event.occurred.at);
        }
        people
    }

    /// Everybody is kept in exactly the segments that the raw log says.
    fn check(&self) -> Result<(), TestCaseError> {
        let people = self.everybody();
        for (names, events) in &people {
            let holder = self.kept.holders[&names.first().unwrap().key(SALT)];
            let record = &self.kept.persons[&holder].1;
            for segment in self.program.standing.defined() {
                let wanted = !events.is_empty() && self.naive(&segment.condition, events, record);
                prop_assert_eq!(
                    record.membership.holds(segment.number),
                    wanted,
                    "at {}, {}: {} ({:?})\n{:#?}",
                    self.now,
                    segment.name,
                    &segment.condition,
                    record.membership,
                    events
                );
            }
        }
        Ok(())
    }

    fn naive(&self, condition: &Condition, events: &[Event], record: &Record) -> bool {
        if let Condition::Not(inner) = condition
            && let Condition::Segment(name) = &**inner
        {
            // What is still being computed holds neither here nor there.
            let inner = &self.program.segments[name];
            return match self.computing(inner, record) {
                true => false,
                false => !self.naive(inner, events, record),
            };
        }
        let log = Log { events, entry: None, zone: &self.program.shop.zone, now: self.now };
        match self.computing(condition, record) {
            true => record.membership.holds(self.number_of(condition)),
            false => log.holds(condition),
        }
    }

    fn number_of(&self, condition: &Condition) -> u32 {
        let mut all = self.program.standing.defined();
        all.find(|kept| kept.condition == *condition).unwrap().number
    }

    /// Whether the profile does not keep all that the answer needs: a law of the evaluator's own.
    fn computing(&self, condition: &Condition, record: &Record) -> bool {
        let answer = evaluate(
            condition,
            &Asked {
                profile: &record.profile,
                evidence: &record.evidence,
                twins: &[],
                catalogue: &self.catalogue,
                sources: &self.sources,
                segments: &self.program.segments,
                entry: None,
                zone: &self.program.shop.zone,
                now: self.now,
                complete_to: self.now,
                known_complete: false,
                beside: &NothingBeside,
                manner: Manner::AsKnown,
                memo: None,
            },
        );
        answer.facts.iter().any(|fact| fact.kind() == "computing")
    }
}

/// Segments: what lets itself be asked outside a journey, and of everybody in the same way.
fn segments() -> impl Strategy<Value = Vec<Condition>> {
    // The naive evaluator knows of one address a person, and consent is by address.
    let outside = |text: &String| {
        !["since entry", "reachable", "consent"].iter().any(|word| text.contains(word))
    };
    let one = condition().prop_filter("only of people", outside);
    vec(one.prop_map(|text| Condition::parse(&text).unwrap()), 1..8)
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: None,
        max_global_rejects: 1_000_000,
        ..ProptestConfig::with_cases(cases(100))
    })]

    /// A segment means at every moment what its condition says of the log at that moment, though
    /// nothing is asked but what an event touched and what time turned.
    #[test]
    fn membership_at_any_moment_is_what_the_raw_log_says(
        events in history(),
        who in vec(select(NAMES.to_vec()), 14),
        twice in vec(any::<bool>(), 14),
        (first, further) in (segments(), segments()),
        (zone, defined_after) in
            (select(vec!["Europe/Madrid", "America/Sao_Paulo", "UTC"]), 0..14_usize),
        steps in vec(1..2_000_i64, 3),
    ) {
        let mut town = Town::of(&first, zone);
        let mut arriving: Vec<Event> = Vec::new();
        for (number, (event, names)) in events.into_iter().zip(who).enumerate() {
            let name = |(kind, value): &(IdentifierKind, &str)| Identifier::new(kind.clone(), value);
            let mut identifiers: Vec<Identifier> = names.iter().filter_map(name).collect();
            identifiers.sort();
            let event = Event { identifiers, ..event };
            if twice[number] {
                let later = event.received_at.plus(HOUR).min(at("2026-04-19T12:00"));
                arriving.push(Event { received_at: later, ..event.clone() });
            }
            arriving.push(event);
        }
        arriving.sort_by_key(|event| event.received_at);
        for (number, event) in arriving.into_iter().enumerate() {
            town.go_on(event.received_at.plus(-1).max(town.now));
            if !town.book.computing() {
                town.check()?;
            }
            town.now = town.now.max(event.received_at);
            if number == defined_after {
                town.define(&further);
            }
            town.arrive(event);
            town.compute();
            // Whoever is due in the very millisecond of an event is looked at right behind it.
            town.go_on(town.now);
            if !town.book.computing() {
                town.check()?;
            }
        }
        while town.book.computing() {
            town.compute();
        }
        town.check()?;
        for hours in steps {
            town.go_on(town.now.plus(hours * HOUR));
            town.check()?;
        }
        town.go_on(town.now.plus(900 * DAY));
        town.check()?;
    }
}
