//! `identity queue` and `health`: what waits for an answer, and how identity does.

use std::fmt::Write;

use clap::Args;
use regulars_engine::identity::SIZES;
use regulars_server::clock;
use regulars_server::identity::{Look, Pending, Surveyed, pending, pending_json, surveyed_json};
use regulars_server::ui::WhoWords;
use regulars_server::writer::stored_program;
use regulars_store::{Reader, SqliteReader};
use serde_json::{Value, json};

use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::progress::Progress;
use crate::store;
use crate::words::{self, Print};

/// Looks at everybody, and tells how far it is.
fn looked(reader: &SqliteReader) -> anyhow::Result<Surveyed> {
    let program = stored_program(reader)?;
    let total = reader.totals()?.persons;
    let mut progress = Progress::begin("looking at everybody");
    let mut look = Look::default();
    while look.go_on(reader, &program)? {
        progress.at(look.done(), total);
    }
    progress.end();
    Ok(look.end(reader, clock::now())?)
}

/// Pairs of people who are possibly one, the most valuable answer first. Works beside a running
/// server.
#[derive(Debug, Args)]
pub(crate) struct Queue {
    /// How many are shown.
    #[arg(long, default_value_t = 20)]
    limit: usize,
    /// In which language reasons are told: en, es, ru.
    #[arg(long, default_value = "en")]
    language: String,
    #[command(flatten)]
    dir: DataDir,
}

impl Queue {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let language = words::language(&self.language)?;
        let reader = store::reader(&self.dir.path)?;
        let program = stored_program(&reader)?;
        let (currency, who) = (program.shop.currency, WhoWords::new(language, &program));
        let found = looked(&reader)?;
        let mut shown: Vec<Pending> = Vec::new();
        for pair in found.pairs.iter().take(self.limit) {
            shown.extend(pending(&reader, (pair.one, pair.other), currency)?);
        }
        let pairs: Vec<Value> =
            shown.iter().map(|pair| pending_json(pair, currency, &who)).collect();
        let json = json!({ "pairs": pairs, "total": found.pairs_total });
        print.result(&json, || {
            if shown.is_empty() {
                return "nobody is possibly somebody else: there is nothing to answer".to_owned();
            }
            let mut text = String::new();
            for pending in &shown {
                line(&mut text, pending, currency.code(), &who);
            }
            let _ = write!(
                text,
                "{} of {}; answer with \"identity same\", \"apart\" or \"unsure\"",
                shown.len(),
                words::count(found.pairs_total, "pair")
            );
            text
        })?;
        Ok(Ending::Well)
    }
}

fn line(
    text: &mut String,
    Pending { pair, one, other, .. }: &Pending,
    currency: &str,
    who: &WhoWords,
) {
    let name = |record: &regulars_engine::record::Record| {
        let masked = || record.evidence.nodes.first().map(|node| node.identifier.masked());
        record.display_name().or_else(masked).unwrap_or_default()
    };
    let worth = pair.worth_minor();
    let _ = writeln!(
        text,
        "{:>3} %  {:>10}  {} {}  and  {} {}",
        pair.percent,
        format!("{}.{:02} {currency}", worth / 100, worth % 100),
        pair.one,
        name(one),
        pair.other,
        name(other),
    );
    let _ = writeln!(text, "       {}", who.likely(pair.percent, &pair.because));
}

/// How identity does: sizes, shared values, contradictions avoided, joining and parting by day.
/// Works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct Health {
    #[command(flatten)]
    dir: DataDir,
}

impl Health {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let found = looked(&reader)?;
        print.result(&surveyed_json(&found), || health_text(&found))?;
        Ok(Ending::Well)
    }
}

fn health_text(found: &Surveyed) -> String {
    let survey = &found.survey;
    let mut text = format!(
        "{}, {}, {} to answer\n\nIdentifiers per person\n",
        words::count(survey.persons, "person"),
        words::count(survey.identifiers, "identifier"),
        words::count(found.pairs_total, "pair"),
    );
    let mut from = 1;
    for (to, persons) in SIZES.iter().zip(survey.sizes) {
        let step = match *to {
            u32::MAX => format!("{from} and more"),
            to if to == from => to.to_string(),
            to => format!("{from} to {to}"),
        };
        let _ = writeln!(text, "  {step:<14}{:>12}", words::number(persons));
        from = to.saturating_add(1);
    }
    text.push_str("\nLargest persons\n");
    for large in survey.largest.iter().take(10) {
        let _ = writeln!(text, "  {:<14}{:>12} identifiers", large.person, large.identifiers);
    }
    text.push_str("\nValues that join nobody, since so many use them\n");
    for shared in survey.shared.iter().take(20) {
        let kind = shared.identifier.kind.word();
        let people = words::number(u64::from(shared.people));
        let _ = writeln!(text, "  {kind:<14}{people:>12} people  {}", shared.identifier.value());
    }
    text.push_str("\nContradictions that kept people apart\n");
    for (kind, held) in &survey.contradictions {
        let _ = writeln!(text, "  {:<14}{:>12}", kind.word(), words::number(held.avoided));
    }
    text.push_str("\nJoined and parted by day\n");
    for day in &found.days {
        let at = regulars_engine::time::Timestamp(day.day * regulars_engine::time::DAY).to_string();
        let _ = writeln!(
            text,
            "  {:<14}{:>12} joined{:>12} parted",
            at.get(..10).unwrap_or(&at),
            words::number(day.joined),
            words::number(day.parted)
        );
    }
    text.trim_end().to_owned()
}
