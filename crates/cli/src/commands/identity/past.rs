//! `identity how`, `changes` and `said`: how a person came together, who was joined and parted, and
//! what staff said.

use std::fmt::Write;
use std::time::Duration;

use clap::Args;
use regulars_engine::event::LogPosition;
use regulars_engine::program::Program;
use regulars_server::identity::{Said, change_json, joined_by, past, past_json, said, said_json};
use regulars_server::ui::WhoWords;
use regulars_server::writer::stored_program;
use regulars_store::{NumberedChange, Reader};
use serde_json::{Value, json};

use super::two::named;
use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::store;
use crate::words::{self, Print};

/// How a person came together: the evidence that joined, and the history. Works beside a running
/// server.
#[derive(Args)]
pub(crate) struct How {
    /// An address, a number, a login, or an id such as p123.
    #[arg(value_name = "WHO")]
    who: String,
    /// In which language: en, es, ru.
    #[arg(long, default_value = "en")]
    language: String,
    #[command(flatten)]
    dir: DataDir,
}

impl std::fmt::Debug for How {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("How(***)")
    }
}

impl How {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let language = words::language(&self.language)?;
        let reader = store::reader(&self.dir.path)?;
        let program = stored_program(&reader)?;
        let who = WhoWords::new(language, &program);
        let (record, _) = named(&reader, &self.who)?;
        let moments = past(&reader, &program.identity, &record)?;
        let joined = joined_by(&reader, &program.identity, &record)?;
        let texts: Vec<String> = joined.iter().map(|tied| who.tied(tied)).collect();
        let json = json!({
            "person": record.id().to_string(),
            "joined_by": texts,
            "history": past_json(&moments, &who),
        });
        print.result(&json, || {
            let mut text = format!("{}\n\n{}\n", record.id(), who.above_ties());
            for line in &texts {
                let _ = writeln!(text, "  {line}");
            }
            if texts.is_empty() {
                let _ = writeln!(text, "  {}", who.alone());
            }
            let _ = writeln!(text, "\n{}", who.above_history());
            for moment in &moments {
                let event = &moment.event;
                let at = words::minute(event.occurred.at, &program);
                let _ = writeln!(text, "  {at}  {} ({})", event.kind.name(), event.source);
                for step in &moment.moment.steps {
                    let _ = writeln!(text, "      {}", who.step(step));
                }
            }
            text.trim_end().to_owned()
        })?;
        Ok(Ending::Well)
    }
}

/// Who was joined and parted, in order. Works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct Changes {
    /// Only what came after the change of this number.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    after: u64,
    /// Go on with what comes, until it is stopped.
    #[arg(long)]
    follow: bool,
    #[command(flatten)]
    dir: DataDir,
}

impl Changes {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        /// Changes of one read.
        const PAGE: usize = 1_000;
        /// How often it is looked for what is new.
        const EVERY: Duration = Duration::from_millis(500);
        let reader = store::reader(&self.dir.path)?;
        let program = stored_program(&reader)?;
        let mut after = self.after;
        loop {
            let found = reader.changes_after(after, PAGE)?;
            for numbered in &found {
                print.result(&change_json(numbered), || change_text(numbered, &program))?;
                after = numbered.number;
            }
            match (found.is_empty(), self.follow) {
                (true, false) => return Ok(Ending::Well),
                (true, true) => std::thread::sleep(EVERY),
                (false, _) => {}
            }
        }
    }
}

fn change_text(NumberedChange { number, change }: &NumberedChange, program: &Program) -> String {
    let ids = |ids: &[regulars_engine::identity::PersonId]| {
        ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    };
    let at = words::minute(change.at, program);
    let kind = change.kind().word();
    format!("{number:>8}  {at}  {kind:<7} {} -> {}", ids(&change.before), ids(&change.after))
        .trim_end_matches(" -> ")
        .trim_end()
        .to_owned()
}

/// What staff said of people, the latest first: an audit that only grows. Works beside a running
/// server.
#[derive(Debug, Args)]
pub(crate) struct Statements {
    /// Only what was said before the statement of this number.
    #[arg(long, value_name = "NUMBER")]
    before: Option<u64>,
    /// How many are shown.
    #[arg(long, default_value_t = 50)]
    limit: usize,
    #[command(flatten)]
    dir: DataDir,
}

impl Statements {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let program = stored_program(&reader)?;
        let found = said(&reader, self.before.map(LogPosition), self.limit)?;
        let json: Vec<Value> = found.iter().map(said_json).collect();
        print.result(&Value::from(json), || {
            if found.is_empty() {
                return "staff said nothing so far; \"identity queue\" shows what to answer"
                    .to_owned();
            }
            found.iter().map(|said| said_text(said, &program)).collect::<Vec<_>>().join("\n")
        })?;
        Ok(Ending::Well)
    }
}

fn said_text(said: &Said, program: &Program) -> String {
    let at = words::minute(said.at, program);
    let of = match &said.pair {
        Some((one, other)) => format!("{} and {}", one.value(), other.value()),
        None => "somebody who was erased".to_owned(),
    };
    let because =
        if said.because.is_empty() { String::new() } else { format!(" ({})", said.because) };
    format!(
        "{:>8}  {at}  {}: {of}, said {}{because}",
        said.position.0,
        said.statement.word(),
        said.by
    )
}
