//! Running a scenario: every line as `import` reads it, then a dry run.

use std::sync::Arc;

use regulars_engine::commit::Quarantined;
use regulars_engine::decision::Decision;
use regulars_engine::event::{Document, Event, Mode};
use regulars_engine::identity::link::Model;
use regulars_engine::time::{HOUR, Timestamp};
use regulars_ingest::ndjson;
use regulars_server::dry_run::DryRun;

use super::line::event_line;
use super::scenario::{Happening, Part, Question, Scenario};
use super::show;

/// A scenario under way.
pub(crate) struct Running {
    pub(crate) dry: DryRun,
    pub(crate) clock: Timestamp,
    /// What was decided since it was last asked for.
    pub(crate) decisions: Vec<Decision>,
    /// The latest decision ever.
    pub(crate) latest: Option<Decision>,
    /// What could not be understood, by the number of its line.
    pub(crate) rejected: Vec<(usize, String)>,
    /// What came so far of a batch that goes on.
    batch: Vec<Event>,
    /// Hours between two signs of life of every feed, and when the next is due.
    beats: Option<(i64, Timestamp)>,
}

/// Runs a scenario; returns the file as it would have to be for everything in it to hold.
pub(crate) fn run(scenario: &Scenario) -> Result<String, String> {
    let mut dry = DryRun::begin(scenario.program.clone()).map_err(|error| error.to_string())?;
    if scenario.by_likeness {
        let applied = dry.writer().apply_model(&Model::before_training());
        applied.map_err(|error| error.to_string())?;
        while dry.writer().walk(Timestamp::EARLIEST).map_err(|error| error.to_string())? {}
    }
    let mut running = Running {
        dry,
        clock: Timestamp::EARLIEST,
        decisions: Vec::new(),
        latest: None,
        rejected: Vec::new(),
        batch: Vec::new(),
        beats: scenario.beat_hours.map(|hours| (hours, Timestamp::EARLIEST)),
    };
    let mut answers: Vec<Vec<String>> = vec![Vec::new(); scenario.lines.len()];
    for part in &scenario.parts {
        match part {
            Part::Happened(happening) => {
                let said = running.happen(happening);
                said.map_err(|mistake| format!("line {}: {mistake}", happening.number))?;
            }
            Part::Asked { line, what } => answers[*line] = running.answer(what)?,
        }
    }
    let mut text = String::new();
    for (line, answer) in scenario.lines.iter().zip(answers) {
        for line in std::iter::once(line).chain(&answer) {
            text.push_str(line.trim_end());
            text.push('\n');
        }
    }
    Ok(text)
}

impl Running {
    fn happen(&mut self, happening: &Happening) -> Result<(), String> {
        if happening.received_at < self.clock {
            return Err("this arrives before what stands above it".to_owned());
        }
        self.beat(happening.received_at)?;
        let zone = self.dry.program().shop.zone.clone();
        let line = event_line(happening, &zone)?;
        let history = happening.notes.iter().any(|note| note == "history");
        let mode = if history { Mode::Backfill } else { Mode::Live };
        match self.read(&line, happening.number, mode) {
            Ok(mut event) => {
                if let Some(kind) = happening.staff() {
                    event.kind = kind;
                }
                if let Some(kind) = happening.told_by_us() {
                    event.kind = kind;
                }
                // As rows of a table that is mapped: its id may come again with other content.
                if let Some(key) = happening.document() {
                    key.clone_into(&mut event.message_id);
                    event.document = Document::Versioned;
                }
                self.batch.push(event);
                if !happening.notes.iter().any(|note| note == "with the next") {
                    let batch = std::mem::take(&mut self.batch);
                    let decided = self.dry.arrive(batch, happening.received_at);
                    self.decided(decided.map_err(|error| error.to_string())?);
                }
            }
            Err(rejected) => {
                self.rejected.push((happening.number, rejected.text.clone()));
                let accepted =
                    self.dry.writer().accept(Vec::new(), vec![rejected], happening.received_at);
                accepted.map_err(|error| error.to_string())?;
            }
        }
        self.clock = happening.received_at;
        Ok(())
    }

    /// Lets every feed say that it lives, at each full stretch of hours up to `end`.
    fn beat(&mut self, end: Timestamp) -> Result<(), String> {
        let Some((hours, mut next)) = self.beats else { return Ok(()) };
        if next == Timestamp::EARLIEST {
            next = Timestamp(end.0.div_euclid(HOUR) * HOUR);
        }
        let program = Arc::clone(self.dry.program());
        while next <= end {
            let mut events = Vec::new();
            for (source, settings) in &program.sources {
                let mut feeds: Vec<&str> = settings.feeds.iter().map(|f| f.name.as_str()).collect();
                if feeds.is_empty() {
                    feeds.push("");
                }
                for feed in feeds {
                    let line = serde_json::json!({ "type": "heartbeat", "source": source,
                        "feed": feed, "receivedAt": next.to_string() });
                    let read = self.read(&line.to_string(), 0, Mode::Live);
                    events.push(read.map_err(|rejected| rejected.text)?);
                }
            }
            let decided = self.dry.arrive(events, next).map_err(|error| error.to_string())?;
            self.decided(decided);
            next = next.plus(hours * HOUR);
        }
        self.beats = Some((hours, next));
        Ok(())
    }

    #[expect(clippy::result_large_err, reason = "a rejected line is told whole")]
    fn read(&mut self, line: &str, number: usize, mode: Mode) -> Result<Event, Quarantined> {
        let program = Arc::clone(self.dry.program());
        let settings_of = |name: &str| Arc::new(program.source(name).into_owned());
        let file = ndjson::File {
            settings_of: &settings_of,
            rules: &program.identity,
            source: None,
            received_at: self.clock,
            mode,
        };
        let number = u64::try_from(number).expect("a file has fewer lines");
        let read = ndjson::parse_line(line.as_bytes(), number, &file);
        read.expect("the line is not blank").map_err(|rejection| Quarantined {
            source: String::new(),
            feed: String::new(),
            received_at: self.clock,
            code: rejection.reason.code().to_owned(),
            text: rejection.reason.to_string(),
            raw: line.as_bytes().to_vec(),
        })
    }

    fn decided(&mut self, decisions: Vec<Decision>) {
        self.latest = decisions.last().cloned().or(self.latest.take());
        self.decisions.extend(decisions);
    }

    fn answer(&mut self, question: &Question) -> Result<Vec<String>, String> {
        let failed = |error: regulars_server::writer::WriterError| error.to_string();
        let mut lines = match question {
            Question::Until(moment) => {
                if *moment < self.clock {
                    return Err("time does not go back".to_owned());
                }
                self.beat(*moment)?;
                let decided = self.dry.go_on_until(*moment).map_err(failed)?;
                self.decided(decided);
                self.clock = *moment;
                return Ok(Vec::new());
            }
            Question::Decisions => {
                let decisions = std::mem::take(&mut self.decisions);
                show::decisions(self, &decisions)
            }
            Question::Why => {
                let latest: Vec<Decision> = self.latest.iter().cloned().collect();
                show::why(self, &latest)
            }
            Question::WhyTwo(one, other) => show::why_two(self, one, other)?,
            Question::How(who) => show::how(self, who)?,
            Question::Household(who) => show::household(self, who)?,
            Question::People => show::people(self),
            Question::Site(who) => show::site(self, who)?,
            Question::Person(who) => show::person(self, who)?,
            Question::Segments => show::segments(self),
            Question::Membership(who, segment) => show::membership(self, who, segment)?,
            Question::Sources => show::sources(self),
            Question::Received => show::received(self),
            Question::Quarantine => {
                let rows = self.rejected.iter();
                rows.map(|(number, text)| format!("line {number}: {text}")).collect()
            }
        };
        if lines.is_empty() {
            lines.push("none".to_owned());
        }
        Ok(lines)
    }
}
