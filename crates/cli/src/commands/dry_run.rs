//! `dry-run`: definitions and a history on a virtual clock; every decision is printed.

use std::io::Read;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use clap::Args;
use regulars_engine::decision::Decision;
use regulars_engine::definition::check;
use regulars_engine::event::{Event, Mode};
use regulars_engine::program::Program;
use regulars_engine::time::{DAY, Timestamp};
use regulars_ingest::ndjson;
use regulars_server::dry_run;
use regulars_server::webhooks::would_post;
use regulars_store::{Reader, SqliteReader};

use crate::arguments::DataDir;
use crate::commands::import::open;
use crate::definitions::{self, mistakes_json};
use crate::ending::{Ending, Wrong};
use crate::progress::Progress;
use crate::store;
use crate::words::{self, Print};

/// Let definitions run over a history: what would have been decided, and why. Nothing is sent, and
/// nothing is kept.
#[derive(Debug, Args)]
pub(crate) struct DryRun {
    /// The folder of definitions.
    #[arg(value_name = "DEFINITIONS")]
    definitions: PathBuf,
    /// A file of events in the order of their arrival; - is stdin.
    #[arg(value_name = "EVENTS", required_unless_present = "stored", conflicts_with = "stored")]
    events: Option<PathBuf>,
    /// Take the log of the store instead; a server may be running on it.
    #[arg(long)]
    stored: bool,
    /// Stop at this moment instead of when nothing waits any more.
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// Print the decisions of this journey alone.
    #[arg(long, value_name = "NAME")]
    journey: Option<String>,
    /// The source of lines that name none.
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    #[command(flatten)]
    dir: DataDir,
}

/// What still waits a year after the last event, waits in a circle.
const GOES_ON_MS: i64 = 366 * DAY;
/// Stands for "the line does not say when it was received".
const NOT_SAID: Timestamp = Timestamp::LATEST;

impl DryRun {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let until = self.until.as_deref().map(words::moment).transpose()?;
        let files = definitions::read(std::slice::from_ref(&self.definitions))?;
        let program = match check(&files.definitions) {
            Ok((program, _)) => program,
            Err(mistakes) => {
                for mistake in &mistakes {
                    eprintln!("{mistake}");
                }
                if print.json {
                    let mistakes = serde_json::json!({ "mistakes": mistakes_json(&mistakes) });
                    words::line(&mistakes.to_string())?;
                }
                return Ok(Ending::Mistakes);
            }
        };
        if let Some(journey) = &self.journey
            && program.live_journey(journey).is_none()
        {
            let message = format!("the definitions hold no journey \"{journey}\"");
            let known: Vec<&str> = program.journeys.iter().map(|j| j.name.as_str()).collect();
            return Err(Wrong::called(message, format!("there are: {}", known.join(", "))).into());
        }
        let stored = self.stored.then(|| store::reader(&self.dir.path)).transpose()?;
        let tells = program.every_journey().any(|journey| journey.told().next().is_some());
        let begun = match &stored {
            Some(reader) => dry_run::DryRun::begin_beside(reader, program),
            None => dry_run::DryRun::begin(program),
        };
        let mut run = Run {
            dry_run: begun.context("could not begin the dry run")?,
            tells,
            print,
            journey: self.journey.clone(),
            decisions: 0,
            last: Timestamp::EARLIEST,
        };
        let rejected = match (&stored, &self.events) {
            (Some(reader), _) => run.stored(reader, until).map(|()| 0)?,
            (None, Some(path)) => run.file(path, self.source.as_deref(), until)?,
            (None, None) => 0,
        };
        run.go_on(until)?;
        let receipt = run.dry_run.receipt();
        eprintln!(
            "{}, {}, {}",
            words::count(receipt.accepted, "event"),
            words::count(receipt.duplicates + receipt.conflicts, "repeat"),
            words::count(run.decisions, "decision"),
        );
        let nothing_read = rejected > 0 && receipt.accepted == 0;
        Ok(if nothing_read { Ending::Amiss } else { Ending::Well })
    }
}

struct Run {
    dry_run: dry_run::DryRun,
    /// Whether a journey tells other programs.
    tells: bool,
    print: Print,
    journey: Option<String>,
    decisions: u64,
    last: Timestamp,
}

impl Run {
    /// Lets the events of a file arrive; how many lines were not understood.
    fn file(
        &mut self,
        path: &Path,
        source: Option<&str>,
        until: Option<Timestamp>,
    ) -> anyhow::Result<u64> {
        let mut bytes = Vec::new();
        let unread = || format!("could not read \"{}\"", path.display());
        open(path)?.0.read_to_end(&mut bytes).with_context(unread)?;
        let (mut events, rejected) = parse(&bytes, source, self.dry_run.program(), path);
        drop(bytes);
        let sorted = events.is_sorted_by_key(|event| event.received_at);
        if !sorted {
            eprintln!(
                "note: the lines are not in the order of \"receivedAt\"; they are taken in that order"
            );
            events.sort_by_key(|event| event.received_at);
        }
        let mut progress = Progress::begin("dry run");
        if let Some(until) = until {
            events.truncate(events.partition_point(|event| event.received_at <= until));
        }
        let (mut done, whole) = (0, events.len());
        let mut events = events.into_iter();
        while done < whole {
            let part: Vec<Event> = events.by_ref().take(dry_run::AT_ONCE).collect();
            done += part.len();
            self.play(part)?;
            progress.at(to_u64(done), to_u64(whole));
        }
        progress.end();
        Ok(rejected)
    }

    /// Lets the events of a store arrive, in the order in which they were received.
    fn stored(&mut self, reader: &SqliteReader, until: Option<Timestamp>) -> anyhow::Result<()> {
        let mut progress = Progress::begin("dry run");
        let order = dry_run::arrivals(reader, until).context("could not read the log")?;
        let mut done = 0;
        dry_run::read_in_order(reader, &order, |events| {
            done += events.len();
            self.play(events)?;
            progress.at(to_u64(done), to_u64(order.len()));
            Ok::<_, anyhow::Error>(ControlFlow::Continue(()))
        })?;
        progress.end();
        Ok(())
    }

    /// What a call would post is known at its moment alone: where journeys make calls, each moment is
    /// played by itself, which takes longer.
    fn play(&mut self, events: Vec<Event>) -> anyhow::Result<()> {
        if !self.tells {
            return self.play_together(events);
        }
        let mut events = events.into_iter().peekable();
        while let Some(first) = events.next() {
            let at = first.received_at;
            let mut together = vec![first];
            while let Some(event) = events.next_if(|event| event.received_at == at) {
                together.push(event);
            }
            if at > self.last {
                let decisions = self.dry_run.go_on_until(at.plus(-1))?;
                self.tell(&decisions)?;
            }
            self.play_together(together)?;
        }
        Ok(())
    }

    fn play_together(&mut self, events: Vec<Event>) -> anyhow::Result<()> {
        self.last = events.last().map_or(self.last, |last| self.last.max(last.received_at));
        let decisions = self.dry_run.play(events)?;
        self.tell(&decisions)
    }

    /// After the last event: until a stated moment, or until nothing waits any more.
    fn go_on(&mut self, until: Option<Timestamp>) -> anyhow::Result<()> {
        let end = until.unwrap_or(self.last.plus(GOES_ON_MS));
        let decisions = self.dry_run.go_on_until(end)?;
        self.tell(&decisions)?;
        if self.dry_run.writer().next_due()?.is_some() {
            let end = words::minute(end, self.dry_run.program());
            eprintln!(
                "note: stopped at {end} while somebody still waits; --until goes on for longer"
            );
        }
        Ok(())
    }

    fn tell(&mut self, decisions: &[Decision]) -> anyhow::Result<()> {
        for decision in decisions {
            if self.journey.as_ref().is_some_and(|journey| *journey != decision.journey) {
                continue;
            }
            self.decisions += 1;
            let post = would_post(self.dry_run.writer(), decision)?;
            if self.print.json {
                let mut json = decision.to_json();
                if let Some(body) = post {
                    json["would_post"] = body;
                }
                words::line(&json.to_string())?;
            } else {
                let program = Arc::clone(self.dry_run.program());
                let who = self.dry_run.writer().reader().person(decision.person)?;
                let name = who.and_then(|(_, record)| record.display_name());
                words::line(&words::decision(decision, name.as_deref(), &program))?;
                if let Some(body) = post {
                    words::line(&format!("    would post {body}"))?;
                }
            }
        }
        Ok(())
    }
}

/// The events of a file; lines that are none are told.
fn parse(
    bytes: &[u8],
    source: Option<&str>,
    program: &Arc<Program>,
    path: &Path,
) -> (Vec<Event>, u64) {
    let facts = ndjson::File {
        settings_of: &|name| Arc::new(program.source(name).into_owned()),
        rules: &program.identity,
        source,
        received_at: NOT_SAID,
        mode: Mode::Live,
    };
    let (mut events, mut rejected) = (Vec::new(), 0);
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    for outcome in ndjson::parse(bytes, &facts) {
        match outcome {
            Ok(mut event) => {
                if event.received_at == NOT_SAID {
                    // It arrived when it happened, as far as anybody knows.
                    event.received_at = event.occurred.at;
                }
                events.push(event);
            }
            Err(rejection) => {
                rejected += 1;
                let line = rejection.line.unwrap_or_default();
                let (reason, cure) = (&rejection.reason, rejection.reason.cure());
                eprintln!("{}:{line}: {reason} ({cure})", path.display());
            }
        }
    }
    if rejected > 0 {
        eprintln!("{} left out", words::count(rejected, "line"));
    }
    (events, rejected)
}

fn to_u64(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
