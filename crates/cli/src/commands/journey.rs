//! `journey`: who shall enter journeys and go on in other versions, and what they ask staff to see to.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use regulars_engine::journey::{Notice, NoticeDone, RequestedBy};
use regulars_server::clock;
use regulars_server::enroll::{
    Answer, Asked, Columns, Enrolling, PEOPLE_MAX, RowIds, answers_json, enroll,
};
use regulars_server::notices::settle;
use regulars_server::writer::Writer;
use regulars_store::{NoticeFilter, Reader, SqliteStore};
use regulars_tables::TableError;
use serde_json::{Value, json};

use crate::arguments::{DataDir, Server};
use crate::ending::{Ending, Wrong};
use crate::progress::Progress;
use crate::remote::Remote;
use crate::store;
use crate::words::{self, Print};

/// The most rows that a dry run looks at together: what would become of them all is held in memory.
const DRY_RUN_MAX: usize = 50_000;

/// People in journeys.
#[derive(Debug, Subcommand)]
pub(crate) enum Journey {
    Enroll(Enroll),
    Move(super::moving::Move),
    Notices(Notices),
    Done(Done),
}

/// What journeys ask staff to see to.
#[derive(Debug, Args)]
pub(crate) struct Notices {
    /// Also those that are done.
    #[arg(long)]
    all: bool,
    /// At most so many, the latest.
    #[arg(long, default_value_t = 50)]
    limit: usize,
    #[command(flatten)]
    to: Server,
    #[command(flatten)]
    dir: DataDir,
}

/// Note that somebody did what a journey asks for.
#[derive(Debug, Args)]
pub(crate) struct Done {
    /// The number of the notice.
    id: u64,
    /// It is to be done after all.
    #[arg(long)]
    undo: bool,
    #[command(flatten)]
    to: Server,
    #[command(flatten)]
    dir: DataDir,
}

/// Let the people of a file enter a journey that is entered by file. The same file again changes
/// nothing.
///
/// The first row names the columns: identifiers by their kinds (email, phone, user_id, customer_id,
/// loyalty_id), "id" for the request's own id, "key" for a cart's or order's; every other column is
/// what messages and conditions of the journey may use.
#[derive(Debug, Args)]
pub(crate) struct Enroll {
    /// The journey.
    journey: String,
    /// The file: CSV, TSV, NDJSON or Parquet, by its name.
    file: PathBuf,
    /// A column that holds identifiers of a kind of the shop's own; may be repeated.
    #[arg(long = "identifier", value_name = "COLUMN")]
    identifiers: Vec<String>,
    /// What rows without an id are told apart by from those of other files; else the file's name.
    #[arg(long, value_name = "NAME")]
    batch: Option<String>,
    /// Leave out people of whom nobody is known.
    #[arg(long)]
    known_only: bool,
    /// Only tell what would come of the rows. Of a large file, or over a server, parts of it are looked
    /// at by themselves.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    to: Server,
    #[command(flatten)]
    dir: DataDir,
}

impl Journey {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::Enroll(enroll) => enroll.run(print),
            Self::Move(moving) => moving.run(print),
            Self::Notices(notices) => notices.run(print),
            Self::Done(done) => done.run(print),
        }
    }
}

impl Notices {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let told = match self.to.remote()? {
            Some(remote) => {
                let open = if self.all { "" } else { "&open=true" };
                let path = format!("/api/v1/notices?limit={}{open}", self.limit);
                remote.ask("GET", &path, &Value::Null)?
            }
            None => {
                let reader = store::reader(&self.dir.path)?;
                let open = (!self.all).then_some(true);
                let filter = NoticeFilter { open, ..NoticeFilter::default() };
                let notices = reader.notices(&filter, self.limit)?;
                let notices: Vec<Value> = notices.iter().map(Notice::to_json).collect();
                json!({ "notices": notices, "open": reader.open_notices()? })
            }
        };
        print.result(&told, || {
            let rows = told["notices"].as_array().into_iter().flatten();
            let mut lines: Vec<String> = rows.map(notice_line).collect();
            lines.push(format!("{} open", words::number(told["open"].as_u64().unwrap_or(0))));
            lines.join("\n")
        })?;
        Ok(Ending::Well)
    }
}

/// `12  2026-11-16T10:00:00Z  p7  Call her (service / call)`
fn notice_line(notice: &Value) -> String {
    let text = |key: &str| notice[key].as_str().unwrap_or_default().to_owned();
    let done = notice["done_by"].as_str().map(|by| format!(", done by {by}")).unwrap_or_default();
    format!(
        "{}  {}  {}  {} ({} / {}){done}",
        notice["id"],
        text("at"),
        text("person"),
        text("text"),
        text("journey"),
        text("step"),
    )
}

impl Done {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let told = match self.to.remote()? {
            Some(remote) => {
                let body = json!({ "id": self.id, "done": !self.undo });
                remote.ask("POST", "/api/v1/notices/done", &body)?
            }
            None => {
                let mut writer = store::existing_writer(&self.dir.path)?;
                let by = "the command line".to_owned();
                let done = (!self.undo).then(|| NoticeDone { at: clock::now(), by });
                let Some(notice) = settle(&mut writer, self.id, done)? else {
                    let message = format!("there is no notice {}", self.id);
                    let cure = "\"regulars journey notices\" lists them";
                    return Err(Wrong::failed(message, cure).into());
                };
                notice.to_json()
            }
        };
        print.result(&told, || notice_line(&told))?;
        Ok(Ending::Well)
    }
}

impl Enroll {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let people = self.people()?;
        let enrolling = Enrolling {
            journey: self.journey.clone(),
            by: RequestedBy::File,
            known_only: self.known_only,
            dry_run: self.dry_run,
        };
        let mut door = match self.to.remote()? {
            Some(remote) => Door::Server(remote),
            None => {
                let writer = store::existing_writer(&self.dir.path)?;
                if let Some((refused, cure)) = enrolling.refused(writer.program()) {
                    return Err(Wrong::failed(refused.to_string(), cure).into());
                }
                Door::Store(Box::new(writer))
            }
        };
        let mut told = Told::default();
        let mut progress = Progress::begin("enrolling");
        let whole = to_u64(people.len());
        let together = door.together(self.dry_run);
        for chunk in people.chunks(together) {
            let answer = door.ask(&enrolling, chunk)?;
            told.take(&answer, print)?;
            progress.at(told.rows, whole);
        }
        progress.end();
        let counts = json!({ "counts": told.counts(), "dry_run": self.dry_run });
        print.result(&counts, || told.report())?;
        if self.dry_run {
            eprintln!("nothing was changed");
        }
        if self.dry_run && people.len() > together {
            eprintln!(
                "each {} rows were looked at by themselves: whoever stands in two such parts may be told \
                 to enter in both, and enters once",
                words::number(to_u64(together))
            );
        }
        Ok(if told.count("not_understood") > 0 { Ending::Amiss } else { Ending::Well })
    }

    /// The people of the file, each with an id.
    fn people(&self) -> anyhow::Result<Vec<Asked>> {
        let mut table = regulars_tables::open(&self.file).map_err(told)?;
        let names = std::mem::take(&mut table.columns);
        if let Some(missing) = self.identifiers.iter().find(|name| !names.contains(name)) {
            let message = format!("\"{}\" has no column \"{missing}\"", self.file.display());
            let cure = format!("its columns are {}", names.join(", "));
            return Err(Wrong::called(message, cure).into());
        }
        let columns = Columns::of(&names, &self.identifiers);
        if !columns.names_people() {
            let message = format!("no column of \"{}\" says who somebody is", self.file.display());
            let cure = "name one by its kind, such as email, or say which with --identifier";
            return Err(Wrong::failed(message, cure).into());
        }
        let mut ids = RowIds::of(&self.batch_name());
        let mut people = Vec::new();
        for row in table.by_ref() {
            let mut asked = columns.row(&row.map_err(told)?);
            ids.give(&mut asked);
            people.push(asked);
        }
        for note in table.notes() {
            eprintln!("note: {}: {note}", self.file.display());
        }
        Ok(people)
    }

    fn batch_name(&self) -> String {
        let name = || Path::file_name(&self.file).unwrap_or_default().to_string_lossy();
        self.batch.clone().unwrap_or_else(|| name().into_owned())
    }
}

fn told(error: TableError) -> anyhow::Error {
    let cure = error.cure();
    let message = error.to_string();
    anyhow::Error::new(error).context(Wrong::failed(message, cure))
}

/// Where people are enrolled.
enum Door {
    Server(Remote),
    Store(Box<Writer<SqliteStore>>),
}

impl Door {
    /// How many rows are asked about at once. A dry run forgets what came of those before.
    fn together(&self, dry_run: bool) -> usize {
        match self {
            Self::Store(_) if dry_run => DRY_RUN_MAX,
            Self::Store(_) | Self::Server(_) => PEOPLE_MAX,
        }
    }

    fn ask(&mut self, enrolling: &Enrolling, people: &[Asked]) -> anyhow::Result<Value> {
        match self {
            Self::Server(remote) => {
                let body = json!({
                    "journey": enrolling.journey,
                    "by": enrolling.by.word(),
                    "known_only": enrolling.known_only,
                    "dry_run": enrolling.dry_run,
                    "people": people,
                });
                remote.ask("POST", "/api/v1/journeys/enroll", &body)
            }
            Self::Store(writer) => {
                let answers = enroll(writer, enrolling, people, clock::now())?;
                Ok(answers_json(people, &answers))
            }
        }
    }
}

/// What came of all rows so far.
#[derive(Default)]
struct Told {
    rows: u64,
    counts: [u64; Answer::WORDS.len()],
}

impl Told {
    /// Takes in the answer to some rows, and tells of each: as JSON of all, else of those who did not
    /// enter.
    fn take(&mut self, answer: &Value, print: Print) -> anyhow::Result<()> {
        for person in answer["people"].as_array().into_iter().flatten() {
            self.rows += 1;
            let outcome = person["outcome"].as_str().unwrap_or_default();
            if let Some(place) = Answer::WORDS.iter().position(|word| *word == outcome) {
                self.counts[place] += 1;
            }
            if print.json {
                let mut person = person.clone();
                person["row"] = self.rows.into();
                words::line(&person.to_string())?;
            } else if !matches!(outcome, "entered" | "repeated") {
                let why = person["why"].as_str().or(person["reasons"][0]["text"].as_str());
                let why = why.map(|why| format!(": {why}")).unwrap_or_default();
                words::line(&format!("row {}: {}{why}", self.rows, outcome.replace('_', " ")))?;
            }
        }
        Ok(())
    }

    fn count(&self, word: &str) -> u64 {
        let place = Answer::WORDS.iter().position(|known| *known == word);
        place.map_or(0, |place| self.counts[place])
    }

    fn counts(&self) -> Value {
        Answer::WORDS
            .iter()
            .zip(self.counts)
            .map(|(word, count)| ((*word).to_owned(), count.into()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    }

    fn report(&self) -> String {
        let lines = [
            ("entered", "entered"),
            ("not let in by the journey", "declined"),
            ("asked for before", "repeated"),
            ("another request of that id", "conflict"),
            ("nobody known", "unknown"),
            ("erased, left out", "erased"),
            ("rows not understood", "not_understood"),
        ];
        let line = |(what, word): &(&str, &str)| {
            format!("{what:<32}{:>12}", words::number(self.count(word)))
        };
        lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

fn to_u64(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
