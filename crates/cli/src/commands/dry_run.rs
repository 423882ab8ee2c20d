//! `dry-run`: definitions and a history on a virtual clock; every decision is printed.

use std::io::Read;
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
use regulars_server::dry_run::{self, Replayed, Step};
use regulars_server::webhooks::would_post;
use regulars_store::SqliteReader;

use crate::arguments::DataDir;
use crate::commands::import::{open, unread};
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
        let each = program.every_journey().any(|journey| journey.told().next().is_some());
        let begun = match &stored {
            Some(reader) => dry_run::DryRun::begin_beside(reader, program),
            None => dry_run::DryRun::begin(program),
        };
        let mut run = Run {
            dry_run: begun.context("could not begin the dry run")?,
            each,
            until,
            telling: Telling { print, journey: self.journey.clone(), decisions: 0 },
        };
        let rejected = match (&stored, &self.events) {
            (Some(reader), _) => run.stored(reader).map(|()| 0)?,
            (None, Some(path)) => run.file(path, self.source.as_deref())?,
            (None, None) => 0,
        };
        let receipt = run.dry_run.receipt();
        eprintln!(
            "{}, {}, {}",
            words::count(receipt.accepted, "event"),
            words::count(receipt.duplicates + receipt.conflicts, "repeat"),
            words::count(run.telling.decisions, "decision"),
        );
        let nothing_read = rejected > 0 && receipt.accepted == 0;
        Ok(if nothing_read { Ending::Amiss } else { Ending::Well })
    }
}

struct Run {
    dry_run: dry_run::DryRun,
    /// Whether each moment is told by itself: what a call to another program would post is known at its
    /// moment alone.
    each: bool,
    until: Option<Timestamp>,
    telling: Telling,
}

impl Run {
    /// Lets the events of a file arrive; how many lines were not understood.
    fn file(&mut self, path: &Path, source: Option<&str>) -> anyhow::Result<u64> {
        let mut bytes = Vec::new();
        let whose = || format!("could not read \"{}\"", path.display());
        let (mut file, _) = open(path).with_context(whose)?;
        file.read_to_end(&mut bytes).map_err(unread).with_context(whose)?;
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
        if let Some(until) = self.until {
            events.truncate(events.partition_point(|event| event.received_at <= until));
        }
        let end = self.end(events.last().map(|event| event.received_at));
        let (mut done, whole) = (0, events.len());
        let mut events = events.into_iter();
        while done < whole {
            let part: Vec<Event> = events.by_ref().take(dry_run::AT_ONCE).collect();
            done += part.len();
            self.dry_run.tell_of(part, self.each, &mut |step| self.telling.take(step))?;
            progress.at(to_u64(done), to_u64(whole));
        }
        progress.end();
        self.dry_run.go_on_while(end, &mut |step| self.telling.take(step))?;
        self.note_waiting(end)?;
        Ok(rejected)
    }

    /// Lets the events of a store arrive, in the order in which they were received.
    fn stored(&mut self, reader: &SqliteReader) -> anyhow::Result<()> {
        let mut progress = Progress::begin("dry run");
        let order = dry_run::arrivals(reader, self.until).context("could not read the log")?;
        let end = self.end(order.last().map(|(received_at, _)| *received_at));
        let span = Replayed {
            order: &order,
            from: Timestamp::EARLIEST,
            until: end,
            each: self.each,
            hears: &|_| true,
        };
        let (mut done, whole) = (0, to_u64(order.len()));
        dry_run::replay(reader, &mut self.dry_run, &span, &mut |step| {
            if let Step::Arriving { read, .. } = step {
                progress.at(done, whole);
                done += read;
            }
            self.telling.take(step)
        })?;
        progress.end();
        self.note_waiting(end)
    }

    /// Until when time goes on: a stated moment, or until nothing waits any more.
    fn end(&self, last: Option<Timestamp>) -> Timestamp {
        self.until.unwrap_or(last.unwrap_or(Timestamp::EARLIEST).plus(GOES_ON_MS))
    }

    fn note_waiting(&mut self, end: Timestamp) -> anyhow::Result<()> {
        if self.dry_run.writer().next_due()?.is_some() {
            let end = words::minute(end, self.dry_run.program());
            eprintln!(
                "note: stopped at {end} while somebody still waits; --until goes on for longer"
            );
        }
        Ok(())
    }
}

/// Prints decisions.
struct Telling {
    print: Print,
    journey: Option<String>,
    decisions: u64,
}

impl Telling {
    fn take(&mut self, step: Step<'_>) -> anyhow::Result<bool> {
        let Step::Decided(writer, decisions) = step else { return Ok(true) };
        let asked = |one: &&Decision| self.journey.as_ref().is_none_or(|of| *of == one.journey);
        for decision in decisions.iter().filter(asked) {
            self.decisions += 1;
            let post = would_post(writer, decision)?;
            if self.print.json {
                let mut json = decision.to_json();
                if let Some(body) = post {
                    json["would_post"] = body;
                }
                words::line(&json.to_string())?;
            } else {
                let who = writer.person(decision.person)?;
                let name = who.and_then(|record| record.display_name());
                words::line(&words::decision(decision, name.as_deref(), writer.program()))?;
                if let Some(body) = post {
                    words::line(&format!("    would post {body}"))?;
                }
            }
        }
        Ok(true)
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
