//! Linking inside the live path: the model is trained first, then records come as events in the order
//! in which they arrived, through the same parser, writer and store as a shop's.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, Result};
use regulars_engine::definition::check;
use regulars_engine::event::Mode;
use regulars_engine::identity::link::{Field, Population, train};
use regulars_engine::identity::{Identifier, IdentifierKind, PersonId};
use regulars_engine::source::SourceSettings;
use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_ingest::Received;
use regulars_ingest::segment::{Hints, PathType, parse};
use regulars_server::writer::Writer;
use regulars_store::{Reader, SqliteStore};
use serde_json::{Map, Value, json};

use super::{Set, truth};
use crate::machine::process_cpu;

/// Every channel keeps customer records of its own, and a person may have many; what two of them share
/// joins nobody by itself, since families and shops share such things.
const RULES: &str = "identity:
  limits:
    customer_id: { per person: 40 }
    loyalty_id: { per person: 40, seen with: 1 }
    email: { per person: 40, seen with: 1 }
    phone: { per person: 40, seen with: 1 }
    anonymous_id: { seen with: 1 }
";
/// How many events are committed together.
const BATCH: usize = 50;
/// After so many records each comes alone.
const RESIDENTS: usize = 50_000;
/// So many of them are timed.
const TIMED: usize = 2_000;

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
pub(super) fn run(path: &Path) -> Result<()> {
    let mut set = Set::default();
    set.read(path, truth)?;
    let mut population: Population = set.population();
    let model = train(&mut population, |_| ());
    drop(population);
    let (program, _) = check(&[("identity.yaml".to_owned(), RULES.to_owned())])
        .map_err(|mistakes| anyhow::anyhow!("{mistakes:?}"))?;
    let mut writer = Writer::open(SqliteStore::in_memory()?, Purpose::Live)?;
    writer.borrow_program(program)?;
    writer.apply_model(&model)?;
    writer.walk(Timestamp(1))?;
    let lines: Vec<Value> =
        set.records.iter().enumerate().map(|(number, record)| message(number, record)).collect();
    let mut times: Vec<u128> = Vec::new();
    let before = process_cpu().as_secs_f64();
    let mut at = 0;
    while at < lines.len() {
        let alone = (RESIDENTS..RESIDENTS + TIMED).contains(&at);
        let end = if alone { at + 1 } else { (at + BATCH).min(lines.len()) };
        let start = Instant::now();
        accept(&mut writer, &lines[at..end], at)?;
        if alone {
            times.push(start.elapsed().as_micros());
        }
        at = end;
    }
    let cpu = process_cpu().as_secs_f64() - before;
    let clusters = persons(&writer, lines.len())?;
    let (precision, recall, f1) = set.measure(&clusters);
    println!(
        "retail through the live path: precision {precision:.4} recall {recall:.4} F1 {f1:.4}; largest cluster {}; {:.0} µs CPU a record",
        super::largest(&clusters),
        cpu * 1e6 / lines.len() as f64
    );
    times.sort_unstable();
    if let (Some(worst), false) = (times.last(), times.is_empty()) {
        let share = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
        println!(
            "one record as an event against {RESIDENTS} residents, parsed, linked and committed (in memory): p50 {} µs, p99 {} µs, worst {worst} µs",
            share(50),
            share(99)
        );
    }
    Ok(())
}

/// A record as a shop's system would send it.
fn message(number: usize, record: &regulars_engine::identity::link::Record) -> Value {
    let mut traits = Map::new();
    let mut anonymous = None;
    for (field, text) in record.values() {
        let name = match field {
            Field::Given => "first_name",
            Field::Surname => "last_name",
            Field::FullName => "name",
            Field::BirthDate => "birthday",
            Field::Email => "email",
            Field::Phone => "phone",
            Field::Address => "address",
            Field::Postcode => "postcode",
            Field::City => "city",
            Field::Unique(_) => "loyalty_id",
            Field::Device => {
                anonymous = Some(text.to_owned());
                continue;
            }
            Field::Middle
            | Field::Generation
            | Field::Age
            | Field::Sex
            | Field::StreetNumber
            | Field::Street
            | Field::Unit
            | Field::AddressMore
            | Field::State
            | Field::BirthPlace
            | Field::Occupation
            | Field::Word(_) => continue,
        };
        traits.insert(name.to_owned(), text.into());
    }
    traits.insert("customer_id".to_owned(), format!("r{number:06}").into());
    let mut line = json!({
        "type": "identify", "messageId": format!("r{number}"), "traits": traits,
        "timestamp": Timestamp(1_700_000_000_000 + i64::try_from(number).unwrap_or(0) * 1_000).to_string(),
    });
    if let Some(device) = anonymous {
        line["anonymousId"] = device.into();
    }
    line
}

fn accept(writer: &mut Writer<SqliteStore>, lines: &[Value], first: usize) -> Result<()> {
    let source = SourceSettings::named("crm");
    let received_at = Timestamp(1_700_000_001_000 + i64::try_from(first)? * 1_000);
    let rules = writer.program().identity.clone();
    let received =
        Received { source: &source, rules: &rules, received_at, mode: Mode::Live, feed: None };
    let body = serde_json::to_vec(&json!({ "batch": lines }))?;
    let parsed = parse(&body, PathType::Batch, &Hints::default(), &received)?;
    anyhow::ensure!(parsed.events.len() == lines.len(), "a record was not understood");
    writer.accept(parsed.events, Vec::new(), received_at)?;
    Ok(())
}

/// Each record's person, by the lowest number of a record of theirs.
fn persons(writer: &Writer<SqliteStore>, records: usize) -> Result<Vec<u32>> {
    let reader = writer.reader();
    let mut first: BTreeMap<PersonId, u32> = BTreeMap::new();
    let mut clusters = Vec::with_capacity(records);
    for number in 0..records {
        let name = Identifier::new(IdentifierKind::CustomerId, &format!("r{number:06}"))
            .context("a customer id")?;
        let person = reader.holder(name.key(reader.salt()))?.context("everybody has a person")?;
        clusters.push(*first.entry(person).or_insert(u32::try_from(number)?));
    }
    Ok(clusters)
}
