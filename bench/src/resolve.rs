//! Resolution alone: from the identifiers of live events that bring no new evidence to their
//! person, with the rows of a batch at hand; and what the index of identifiers holds in memory.

use std::collections::{BTreeSet, HashMap};
use std::convert::Infallible;
use std::time::Duration;

use anyhow::Result;
use regulars_engine::commit::{Commit, Logged, MessageKey};
use regulars_engine::event::{Event, LogPosition, Mode};
use regulars_engine::identity::link::Model;
use regulars_engine::identity::{IdentifierKey, KeySalt, PersonId};
use regulars_engine::offer::{Code, CodeKey, Stock};
use regulars_engine::product::Catalogue;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::source::{SourceSettings, Sources};
use regulars_engine::time::Timestamp;
use regulars_engine::work::{Ground, Holder, Purpose, Seen, Setting, Work};
use regulars_ingest::Received;
use regulars_ingest::segment::{Hints, PathType, parse};
use regulars_server::writer::Writer;
use regulars_sim::load::Load;
use regulars_store::{Reader, SqliteStore};

use crate::machine::{described, thread_cpu};
use crate::number;
use crate::path::batched;

const SALT: KeySalt = KeySalt(1, 2);

/// Runs it: `--people N`, `--events N`.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
pub(crate) fn run(options: &[String]) -> Result<()> {
    let people = number(options, "--people", 100_000)?;
    let events = number(options, "--events", 200_000)?;
    println!("machine: {}", described());
    measure(people, events)
}

/// Measures `events` of so many people.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
#[expect(clippy::cast_precision_loss, reason = "figures for people")]
pub(crate) fn measure(people: u64, events: u64) -> Result<()> {
    let mut load = Load::new(batched(people, events));
    let mut memory = Memory::default();
    let mut shop = Writer::open(SqliteStore::in_memory()?, Purpose::Live)?;
    let (mut taken, mut known, mut news) = (Duration::ZERO, 0_u64, 0_u64);
    let mut bytes = Vec::new();
    while let Some(batch) = load.next_batch(&mut bytes) {
        let received_at = Timestamp(batch.received_at.as_millisecond());
        let events = parsed(&std::mem::take(&mut bytes), received_at)?;
        if batch.introduction {
            let events = events.iter().map(|(_, event)| event.clone()).collect();
            shop.accept(events, Vec::new(), received_at)?;
        }
        memory.with_work(|work, memory| {
            work.read_ahead(memory, events.iter().map(|(key, event)| (*key, event)))?;
            if !batch.introduction {
                let before = thread_cpu();
                for (_, event) in &events {
                    let keys: Vec<_> = event.identifiers.iter().map(|id| id.key(SALT)).collect();
                    match work.known_person(event, &keys) {
                        Some(_) => known += 1,
                        None => news += 1,
                    }
                }
                taken += thread_cpu() - before;
            }
            for (key, event) in events {
                work.accept(memory, key, event, received_at)?;
            }
            Ok(())
        })?;
    }
    let each = taken.as_secs_f64() * 1e6 / (known + news).max(1) as f64;
    println!(
        "resolution alone: {each:.2} µs CPU an event, {known} events, {news} with new evidence"
    );
    let identifiers = shop.reader().totals()?.identifiers;
    println!(
        "index of identifiers: {:.1} bytes of memory each, for {identifiers} of a shop's store",
        shop.store().identifier_bytes() as f64 / identifiers.max(1) as f64
    );
    Ok(())
}

fn parsed(bytes: &[u8], received_at: Timestamp) -> Result<Vec<(MessageKey, Event)>> {
    let (source, rules) = (SourceSettings::named("web"), Program::default().identity);
    let received =
        Received { source: &source, rules: &rules, received_at, mode: Mode::Live, feed: None };
    let events = parse(bytes, PathType::Batch, &Hints::default(), &received)?.events;
    let key = |event: &Event| MessageKey::of(SALT, &event.source, &event.message_id);
    Ok(events.into_iter().map(|event| (key(&event), event)).collect())
}

/// Rows in memory, as a store hands them out: unread.
#[derive(Default)]
struct Memory {
    holders: HashMap<IdentifierKey, PersonId>,
    rows: HashMap<PersonId, (u64, Vec<u8>)>,
    events: u64,
    catalogue: Catalogue,
    sources: Sources,
    program: Program,
    model: Model,
    link_keys: BTreeSet<(u64, IdentifierKey)>,
}

impl Memory {
    fn with_work(
        &mut self,
        run: impl FnOnce(&mut Work<'_>, &mut Self) -> Result<(), Infallible>,
    ) -> Result<()> {
        let mut catalogue = std::mem::take(&mut self.catalogue);
        let mut sources = std::mem::take(&mut self.sources);
        let program = std::mem::take(&mut self.program);
        let model = std::mem::take(&mut self.model);
        let mut stock = Stock::default();
        let mut work = Work::begin(Setting {
            stock: &mut stock,
            random: 0,
            program: &program,
            catalogue: &mut catalogue,
            sources: &mut sources,
            salt: SALT,
            sending: regulars_engine::step::MayLeave::Nothing,
            room: 0,
            pace: None,
            purpose: Purpose::Rebuild,
            next: LogPosition(self.events + 1),
            model: Some(&model),
        });
        run(&mut work, self)?;
        let commit = work.finish();
        self.model = model;
        (self.catalogue, self.sources, self.program) = (catalogue, sources, program);
        self.write(commit)
    }

    fn write(&mut self, commit: Commit) -> Result<()> {
        for write in &commit.link_keys {
            if write.found {
                self.link_keys.insert((write.key, write.card));
            } else {
                self.link_keys.remove(&(write.key, write.card));
            }
        }
        self.events += u64::try_from(commit.events.len())?;
        for (key, person) in commit.identifiers {
            match person {
                Some(person) => drop(self.holders.insert(key, person)),
                None => drop(self.holders.remove(&key)),
            }
        }
        for write in commit.persons {
            match write.record {
                Some(record) => {
                    let row = (write.read_version + 1, minicbor::to_vec(&record)?);
                    self.rows.insert(write.person, row);
                }
                None => drop(self.rows.remove(&write.person)),
            }
        }
        Ok(())
    }
}

impl Ground for Memory {
    type Error = Infallible;

    fn seen(&mut self, keys: &[MessageKey]) -> Result<Vec<Option<Seen>>, Infallible> {
        Ok(vec![None; keys.len()])
    }

    fn holders(&mut self, keys: &[IdentifierKey]) -> Result<Vec<Holder>, Infallible> {
        let holder = |key| self.holders.get(key).map_or(Holder::Nobody, |id| Holder::Person(*id));
        Ok(keys.iter().map(holder).collect())
    }

    fn persons(&mut self, ids: &[PersonId]) -> Result<Vec<(PersonId, u64, Record)>, Infallible> {
        let found = ids.iter().filter_map(|id| {
            let (version, bytes) = self.rows.get(id)?;
            Some((*id, *version, minicbor::decode(bytes).ok()?))
        });
        Ok(found.collect())
    }

    fn hanging(&mut self, _: &[IdentifierKey]) -> Result<Vec<LogPosition>, Infallible> {
        unreachable!("nobody of the load is torn apart");
    }

    fn events(&mut self, _: &[LogPosition]) -> Result<Vec<Logged>, Infallible> {
        unreachable!("nobody of the load is torn apart");
    }

    fn event(&mut self, _: LogPosition) -> Result<Logged, Infallible> {
        unreachable!("nothing of the load is corrected");
    }

    fn overtaken_by(&mut self, _: LogPosition) -> Result<Option<LogPosition>, Infallible> {
        Ok(None)
    }

    fn offer_code(&mut self, _: CodeKey) -> Result<Option<Code>, Self::Error> {
        Ok(None)
    }

    fn codes_of_order(&mut self, _: u64) -> Result<Vec<(CodeKey, Code)>, Self::Error> {
        Ok(Vec::new())
    }

    fn free_codes(
        &mut self,
        _: &str,
        _: Option<CodeKey>,
        _: usize,
    ) -> Result<Vec<(CodeKey, Code)>, Self::Error> {
        Ok(Vec::new())
    }

    fn link_members(
        &mut self,
        keys: &[u64],
        limit: usize,
    ) -> Result<Vec<Vec<IdentifierKey>>, Infallible> {
        let of = |key: &u64| {
            let all = (*key, IdentifierKey(0))..=(*key, IdentifierKey(u64::MAX));
            self.link_keys.range(all).map(|(_, card)| *card).take(limit).collect()
        };
        Ok(keys.iter().map(of).collect())
    }
}
