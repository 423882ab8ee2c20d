//! `segment`: who is in which segment, how many a condition would hold, and why.

use std::fmt::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use regulars_engine::identity::PersonId;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::time::Timestamp;
use regulars_server::clock;
use regulars_server::segments::{self, Counted, Draft, Estimate, Figure, Listed, Onto, Rows};
use regulars_server::ui::explained;
use regulars_server::writer::stored_program;
use regulars_store::{Reader, SqliteReader};
use serde_json::{Value, json};

use crate::arguments::{DataDir, Server};
use crate::ending::{Ending, Wrong};
use crate::progress::Progress;
use crate::rows;
use crate::store;
use crate::whom::Whom;
use crate::words::{self, Print};

/// Segments: their sizes and members, how many a condition would hold, and why somebody is in one.
/// Works beside a running server.
#[derive(Debug, Subcommand)]
pub(crate) enum Segment {
    /// List all segments with their sizes, and how far new ones are computed.
    List(List),
    /// Show one segment: its condition, its size over time, whom messages reach, and what it shares
    /// with others.
    Show(Show),
    /// Tell how many a condition would hold, before it is saved: an estimate with its interval.
    Preview(Preview),
    /// List the members of a segment, by id or by an identifier, for other programs to take on.
    #[command(visible_alias = "export")]
    Members(Members),
    /// Explain why somebody is in a segment, or is not, or why that is not certain.
    Explain(Explain),
    /// Put identifiers of a file on a static list, or take them off it; conditions ask for it with
    /// in list "NAME". Tells how many rows were known, new and not understood.
    Upload(Upload),
    /// List the static lists.
    Lists(List),
}

#[derive(Debug, Args)]
pub(crate) struct Upload {
    /// The list; it is made if there is none.
    #[arg(value_name = "LIST")]
    list: String,
    /// One identifier a line, or a table whose first column they are; - reads from stdin.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What the identifiers are, such as email, phone, loyalty_id; else the heading or their looks tell.
    #[arg(long)]
    kind: Option<String>,
    /// Take them off the list.
    #[arg(long)]
    remove: bool,
    /// Leave out whom nobody is known by, instead of making a person of each.
    #[arg(long)]
    known_only: bool,
    /// Only tell what would become of the rows.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    to: Server,
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Debug, Args)]
pub(crate) struct Show {
    /// The segment.
    #[arg(value_name = "SEGMENT")]
    name: String,
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Debug, Args)]
pub(crate) struct Preview {
    /// The condition, such as "orders at least 2 in the last 90 days".
    #[arg(value_name = "CONDITION")]
    condition: String,
    /// Count everybody instead of estimating.
    #[arg(long)]
    exact: bool,
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Debug, Args)]
pub(crate) struct Members {
    /// The segment.
    #[arg(value_name = "SEGMENT")]
    name: String,
    /// How many at most; all without it.
    #[arg(long)]
    limit: Option<usize>,
    /// Print identifiers of this kind, such as email, in place of ids; who has none is left out.
    #[arg(long, value_name = "KIND")]
    identifier: Option<String>,
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Debug, Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    whom: Whom,
    /// The segment, or a condition with --condition.
    #[arg(value_name = "SEGMENT")]
    what: String,
    /// Take SEGMENT for a condition that has no name yet.
    #[arg(long)]
    condition: bool,
    /// In which language: en, es, ru.
    #[arg(long, default_value = "en")]
    language: String,
    #[command(flatten)]
    dir: DataDir,
}

impl Segment {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::List(list) => list.run(print),
            Self::Show(show) => show.run(print),
            Self::Preview(preview) => preview.run(print),
            Self::Members(members) => members.run(print),
            Self::Explain(explain) => explain.run(print),
            Self::Upload(upload) => upload.run(print),
            Self::Lists(lists) => lists.lists(print),
        }
    }
}

/// A store and what is published in it.
fn opened(dir: &DataDir) -> anyhow::Result<(SqliteReader, Program)> {
    let reader = store::reader(&dir.path)?;
    let program = stored_program(&reader)?;
    Ok((reader, program))
}

fn named<'l>(listed: &'l [Listed], name: &str) -> anyhow::Result<&'l Listed> {
    listed.iter().find(|listed| listed.name == name).ok_or_else(|| {
        let names: Vec<&str> = listed.iter().map(|listed| listed.name.as_str()).collect();
        let cure = match names.is_empty() {
            true => "define one, and publish it with \"regulars apply\"".to_owned(),
            false => format!("there are: {}", names.join(", ")),
        };
        Wrong::failed(format!("there is no segment \"{name}\""), cure).into()
    })
}

fn computing(listed: &Listed) -> String {
    let Some(progress) = listed.computing else { return String::new() };
    format!(
        "  being computed: {} of {}",
        words::number(progress.done),
        words::count(progress.total, "person")
    )
}

impl List {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let (reader, program) = opened(&self.dir)?;
        let listed = segments::list(&reader, &program)?;
        let json: Vec<Value> = listed.iter().map(Listed::to_json).collect();
        print.result(&json!({ "segments": json }), || {
            let mut text = String::new();
            for one in &listed {
                let members = words::number(one.members);
                let _ = writeln!(text, "{:<28}{members:>16}{}", one.name, computing(one));
            }
            if listed.is_empty() {
                text.push_str("no segment is defined; write one into a file and publish it with \"regulars apply\"");
            }
            text.trim_end().to_owned()
        })?;
        Ok(Ending::Well)
    }
}

impl List {
    fn lists(self, print: Print) -> anyhow::Result<Ending> {
        let (reader, program) = opened(&self.dir)?;
        let lists = segments::lists(&reader)?;
        let json: Vec<Value> = lists.iter().map(segments::List::to_json).collect();
        print.result(&json!({ "lists": json }), || {
            let mut text = String::new();
            for list in &lists {
                let at = words::minute(Timestamp(list.at), &program);
                let _ = writeln!(text, "{:<28}{at}  by {}", list.name, list.by);
            }
            if lists.is_empty() {
                text.push_str("there is no list; make one with \"regulars segment upload\"");
            }
            text.trim_end().to_owned()
        })?;
        Ok(Ending::Well)
    }
}

impl Upload {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let text = rows::read(&self.file)?;
        let told = match self.to.remote()? {
            Some(remote) => {
                let body = json!({
                    "list": self.list,
                    "rows": text,
                    "kind": self.kind,
                    "remove": self.remove,
                    "known_only": self.known_only,
                    "dry_run": self.dry_run,
                });
                remote.ask("POST", "/api/v1/lists", &body)?
            }
            None => self.to_store(&text)?,
        };
        print.result(&told, || {
            let count = |key: &str| words::number(told[key].as_u64().unwrap_or(0));
            let mut text = String::new();
            let lines = [
                ("known", "matched"),
                ("  of them without a change", "unchanged"),
                ("new persons", "new"),
                ("nobody known, left out", "unmatched"),
                ("erased, left out", "erased"),
                ("repeated rows", "repeated"),
                ("rows not understood", "unreadable"),
            ];
            for (what, key) in lines {
                let _ = writeln!(text, "{what:<28}{:>16}", count(key));
            }
            if let Some(rows) = told["unreadable_rows"].as_array().filter(|rows| !rows.is_empty()) {
                let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
                let _ = writeln!(text, "  rows {}", rows.join(", "));
            }
            let _ = write!(text, "ask for it with: in list \"{}\"", self.list.trim());
            text
        })?;
        if self.dry_run {
            eprintln!("nothing was changed");
        }
        Ok(Ending::Well)
    }

    fn to_store(&self, text: &str) -> anyhow::Result<Value> {
        let upload = segments::Upload {
            list: self.list.clone(),
            onto: if self.remove { Onto::Removed } else { Onto::Added },
            known_only: self.known_only,
            dry_run: self.dry_run,
            by: "the command line".to_owned(),
        };
        if let Some(wrong) = upload.wrong_name() {
            return Err(Wrong::called(wrong, "write one such as vips-2026").into());
        }
        let mut writer = store::existing_writer(&self.dir.path)?;
        let rows = Rows::read(text, self.kind.as_deref(), writer.program());
        let told = segments::upload(&mut writer, &upload, &rows, clock::now())?;
        store::compute(&mut writer)?;
        Ok(told.to_json())
    }
}

impl Show {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let (reader, program) = opened(&self.dir)?;
        let all = segments::list(&reader, &program)?;
        let one = named(&all, &self.name)?;
        let shared = segments::shared(&reader, &program, &all, one)?;
        print.result(&one.to_json_with(&shared), || {
            let mut text = format!("{}\n  {}\n", one.name, one.laid_out.replace('\n', "\n  "));
            let _ = writeln!(text, "  {}{}", words::count(one.members, "member"), computing(one));
            for (at, members) in one.sizes.iter().rev().take(24).rev() {
                let at = words::minute(*at, &program);
                let _ = writeln!(text, "  {at}{:>16}", words::number(*members));
            }
            for reached in shared.reach.iter().flatten() {
                let channel = reached.channel.word();
                let reachable = words::number(reached.reachable);
                let promotable = words::number(reached.promotable);
                let _ = writeln!(
                    text,
                    "  by {channel:<23}{reachable:>16} reachable, {promotable} with a yes to promotion"
                );
            }
            let overlaps = || shared.overlaps.iter().filter(|overlap| overlap.both > 0);
            if overlaps().next().is_some() {
                text.push_str("Shared with\n");
            }
            for overlap in overlaps() {
                let both = words::number(overlap.both);
                let of = words::number(overlap.members);
                let _ = writeln!(text, "  {:<26}{both:>16} of {of}", overlap.name);
            }
            text.trim_end().to_owned()
        })?;
        Ok(Ending::Well)
    }
}

/// A condition from the command line.
fn drafted(text: &str, program: &Program) -> anyhow::Result<Draft> {
    Draft::parse(text, program).map_err(|wrong| {
        let mut shown = format!("the condition holds mistakes\n  {text}");
        for one in &wrong {
            let before = text.get(..one.start).map_or(0, |before| before.chars().count());
            let _ = write!(shown, "\n  {}^ {}", " ".repeat(before), one.message);
        }
        let cure = wrong.first().map(|wrong| wrong.cure.clone()).unwrap_or_default();
        Wrong::called(shown, cure).into()
    })
}

impl Preview {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let (reader, program) = opened(&self.dir)?;
        let draft = drafted(&self.condition, &program)?;
        for notice in draft.notices(&self.condition, &segments::names(&reader, &program)?) {
            eprintln!("note: {}; {}", notice.message, notice.cure);
        }
        let now = clock::now();
        if self.exact {
            let counted = exact(&reader, &program, &draft, now)?;
            print.result(&counted.to_json(), || {
                let mut text = format!(
                    "{} of {}\n",
                    words::number(counted.members),
                    words::count(counted.seen, "person")
                );
                for (channel, count) in &counted.reachable {
                    let count = words::number(*count);
                    let _ = writeln!(text, "  reachable by {:<13}{count:>16}", channel.word());
                }
                text.trim_end().to_owned()
            })?;
            return Ok(Ending::Well);
        }
        let estimate = segments::estimate(&reader, &program, &draft.condition, now)?;
        print.result(&estimate.to_json(), || told(&estimate))?;
        Ok(Ending::Well)
    }
}

fn exact(
    reader: &SqliteReader,
    program: &Program,
    draft: &Draft,
    now: Timestamp,
) -> anyhow::Result<Counted> {
    // Persons between two steps of the progress bar.
    let limit = segments::part_of(program, &draft.condition);
    let persons = reader.totals()?.persons;
    let mut progress = Progress::begin("counting");
    let (mut counted, mut next) = (Counted::default(), Some(PersonId(0)));
    while let Some(after) = next {
        let part = segments::count_part(reader, program, &draft.condition, (after, limit), now)?;
        counted.add(&part.counted);
        next = part.next;
        progress.at(counted.seen, persons);
    }
    progress.end();
    Ok(counted)
}

fn told(estimate: &Estimate) -> String {
    let figure = |figure: &Figure| match figure.low == figure.high {
        true => words::number(figure.count),
        false => format!(
            "about {} ({} to {})",
            words::number(figure.count),
            words::number(figure.low),
            words::number(figure.high)
        ),
    };
    let mut text =
        format!("{} of {}\n", figure(&estimate.members), words::count(estimate.persons, "person"));
    for (channel, reachable) in &estimate.reachable {
        let _ = writeln!(text, "  reachable by {:<8}{}", channel.word(), figure(reachable));
    }
    for record in &estimate.people {
        let name = record.display_name().unwrap_or_else(|| "nobody has said a name".to_owned());
        let _ = writeln!(text, "  {:<16}{name}", record.id().to_string());
    }
    text.trim_end().to_owned()
}

impl Members {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        /// Members read at once.
        const PAGE: usize = 1_000;
        let (reader, program) = opened(&self.dir)?;
        let listed = segments::list(&reader, &program)?;
        let number = named(&listed, &self.name)?.number;
        let mut left = self.limit.unwrap_or(usize::MAX);
        let mut after = PersonId(0);
        while left > 0 {
            let ids = reader.segment_members(number, after, PAGE.min(left))?;
            let Some(last) = ids.last().copied() else { break };
            for id in &ids {
                let row = reader.person(*id)?;
                let Some((_, record)) = row else { continue };
                if let Some(line) = self.line(&record, print) {
                    words::line(&line)?;
                }
            }
            left -= ids.len();
            after = last;
        }
        Ok(Ending::Well)
    }

    fn line(&self, record: &Record, print: Print) -> Option<String> {
        let value = match &self.identifier {
            None => None,
            Some(kind) => {
                let nodes = &record.evidence.nodes;
                let node = nodes.iter().find(|node| node.identifier.kind.word() == kind)?;
                Some(node.identifier.value().to_owned())
            }
        };
        let id = record.id().to_string();
        Some(match (print.json, value) {
            (true, None) => json!({ "person": id }).to_string(),
            (true, Some(value)) => json!({ "person": id, "identifier": value }).to_string(),
            (false, Some(value)) => value,
            (false, None) => id,
        })
    }
}

impl Explain {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let language = words::language(&self.language)?;
        let (reader, program) = opened(&self.dir)?;
        let record = self.whom.person(&reader)?;
        let drafted = if self.condition { Some(drafted(&self.what, &program)?) } else { None };
        let kept = match &drafted {
            Some(_) => None,
            None => {
                named(&segments::list(&reader, &program)?, &self.what)?;
                program.standing.named(&self.what)
            }
        };
        let condition = drafted.as_ref().map(|drafted| &drafted.condition);
        let condition = condition.or_else(|| kept.map(|kept| &kept.condition));
        let condition = condition.expect("a segment that is listed stands");
        let now = clock::now();
        let why = segments::why(&reader, &program, &record, (condition, kept), now)?;
        let name = record.display_name().unwrap_or_else(|| record.id().to_string());
        print.result(&why.to_json(), || {
            explained(language, &program, &name, &why, now).join("\n")
        })?;
        Ok(Ending::Well)
    }
}
