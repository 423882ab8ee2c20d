//! Playing raw lines through a dry run, line by line, as they were received.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use regulars_deliver::{Channel, SmsChannel};
use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::definition::check;
use regulars_engine::event::{Event, Mode};
use regulars_engine::identity::{Identifier, PersonId};
use regulars_engine::journey::Enrollment;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::source::SourceSettings;
use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_ingest::ndjson;
use regulars_server::dry_run::DryRun;
use regulars_server::live::{Deliverers, Desk};
use regulars_server::pushing::Pushing;
use regulars_server::signing::Signing;
use regulars_server::writer::Writer;
use regulars_store::{Reader, Sending, SqliteStore, Store};
use serde_json::Value;

use super::second_opinion::identifiers;

/// The definitions of a shop with a web shop and a till: what follows is of the till, or begins with
/// `---`.
macro_rules! shop {
    ($rest:literal) => {
        concat!(
            "shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\n",
            "---\nsource: web\nsends orders: no\n",
            "---\nsource: pos\nchannel: store\nsends orders: yes\n",
            $rest
        )
    };
}
pub(crate) use shop;

/// The seed of everything that is drawn; `REGULARS_SEED` sets another.
pub(crate) fn seed() -> u64 {
    std::env::var("REGULARS_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// Real deliverers, by the settings of a server; without one, messages stay here.
pub(crate) fn deliverers(desk: &Desk, mail: Option<&str>, sms: Option<&str>) -> Arc<Deliverers> {
    Arc::new(Deliverers {
        desk: desk.clone(),
        channel: Channel::from_setting(mail).unwrap(),
        sms: SmsChannel::from_setting(sms).unwrap(),
        push: Pushing::default(),
        signing: Signing::default(),
        trouble: Arc::default(),
        sms_trouble: Arc::default(),
        push_trouble: Arc::default(),
    })
}

/// Numbers drawn from a seed (splitmix64).
pub(crate) struct Draws(u64);

impl Draws {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let bound = u64::try_from(bound.max(1)).unwrap();
        usize::try_from((mixed ^ (mixed >> 31)) % bound).unwrap()
    }

    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for place in (1..items.len()).rev() {
            items.swap(place, self.below(place + 1));
        }
    }
}

/// Every order of `0..count`.
pub(crate) fn orders(count: usize) -> Vec<Vec<usize>> {
    let mut orders = vec![Vec::new()];
    for next in 0..count {
        let grown = |order: &Vec<usize>| {
            let order = order.clone();
            (0..=order.len()).map(move |place| {
                let mut order = order.clone();
                order.insert(place, next);
                order
            })
        };
        orders = orders.iter().flat_map(grown).collect();
    }
    orders
}

/// The program of definition files.
pub(crate) fn program(files: &[(&str, &str)]) -> Program {
    let files: Vec<(String, String)> =
        files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    check(&files).map(|(program, _)| program).unwrap_or_else(|mistakes| {
        let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        panic!("{}", mistakes.join("\n"))
    })
}

/// The moment of an RFC 3339 text.
pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

/// A moment as the oracle knows it.
pub(crate) fn moment(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(at.0).unwrap()
}

/// Raw lines, read as an import does, with what the program states of their sources.
pub(crate) struct Lines {
    program: Arc<Program>,
    settings: BTreeMap<String, Arc<SourceSettings>>,
}

impl Lines {
    pub(crate) fn of(program: &Arc<Program>) -> Self {
        Self { program: Arc::clone(program), settings: BTreeMap::new() }
    }

    /// The event of a line; it must be one.
    pub(crate) fn event(&mut self, line: &Value) -> Event {
        self.event_in(line, Mode::Live)
    }

    /// The event of a line that comes live, or with history.
    pub(crate) fn event_in(&mut self, line: &Value, mode: Mode) -> Event {
        let name = line["source"].as_str().unwrap_or_default();
        let program = &self.program;
        let settings = self
            .settings
            .entry(name.to_owned())
            .or_insert_with(|| Arc::new(program.source(name).into_owned()));
        let settings_of = |_: &str| Arc::clone(settings);
        let file = ndjson::File {
            settings_of: &settings_of,
            rules: &program.identity,
            source: None,
            received_at: Timestamp::EARLIEST,
            mode,
        };
        let event = ndjson::parse_line(line.to_string().as_bytes(), 1, &file).unwrap();
        event.unwrap_or_else(|rejection| panic!("{}: {line}", rejection.reason))
    }
}

/// A live writer on a store in memory with these definitions, which nothing has happened to.
pub(crate) fn writer(shop: &str) -> Writer<SqliteStore> {
    let mut store = SqliteStore::in_memory().unwrap();
    store.set_sending(Sending::On).unwrap();
    let mut writer = Writer::open(store, Purpose::Live).unwrap();
    writer.borrow_program(program(&[("shop.yaml", shop)])).unwrap();
    writer.take_decided();
    writer
}

/// A live writer with a clock that is set by hand.
pub(crate) struct Bench {
    pub(crate) writer: Writer<SqliteStore>,
    pub(crate) now: Timestamp,
    /// Whether what arrives waits for what comes next, to be one batch with it.
    pub(crate) goes_on: bool,
    batch: Vec<Event>,
    read: Lines,
    lines: u64,
}

impl Bench {
    pub(crate) fn begin(shop: &str) -> Self {
        let writer = writer(shop);
        let read = Lines::of(writer.program());
        let now = at("2026-11-16T09:00:00Z");
        Self { writer, read, now, goes_on: false, batch: Vec::new(), lines: 0 }
    }

    /// Lets something arrive; when this returns, it is accepted, unless its batch goes on.
    pub(crate) fn arrive(&mut self, mut line: Value) {
        self.lines += 1;
        let object = line.as_object_mut().unwrap();
        object.entry("type").or_insert("track".into());
        object.entry("source").or_insert("web".into());
        object.insert("messageId".to_owned(), format!("m{}", self.lines).into());
        object.insert("timestamp".to_owned(), self.now.to_string().into());
        object.insert("receivedAt".to_owned(), self.now.to_string().into());
        self.batch.push(self.read.event(&line));
        if !self.goes_on {
            let batch = std::mem::take(&mut self.batch);
            let arrived = u64::try_from(batch.len()).unwrap();
            let receipt = self.writer.accept(batch, Vec::new(), self.now).unwrap();
            assert_eq!(receipt.accepted, arrived, "{line}");
        }
    }
}

/// A dry run with the raw lines it was given.
pub(crate) struct Play {
    pub(crate) dry: DryRun,
    pub(crate) told: Told,
    read: Lines,
}

/// Raw lines in the order in which they were received, and which of them are whose.
#[derive(Default)]
pub(crate) struct Told {
    pub(crate) lines: Vec<Value>,
    /// The numbers of the lines of which an identifier is the strongest.
    by: BTreeMap<Identifier, Vec<usize>>,
    /// Addresses that bounced or complained, whoever the line says it was.
    pub(crate) stopped: BTreeSet<String>,
    /// Up to when each feed said that it had told everything.
    pub(crate) complete: BTreeMap<(String, String), jiff::Timestamp>,
    /// Names of people who were erased: nobody is known by them any more.
    pub(crate) erased: BTreeSet<Identifier>,
    /// The number of the last version of each document, by its source and id.
    documents: BTreeMap<(String, String), usize>,
    /// What was told so far, by its source and id.
    heard: BTreeSet<(String, String)>,
}

impl Told {
    /// Something that is told; what is told again is not news, nor does it have another date.
    pub(crate) fn push(&mut self, line: Value) {
        if line["messageId"].is_null() || self.heard.insert(source_and_id(&line)) {
            self.take(line);
        }
    }

    fn take(&mut self, line: Value) {
        self.hear(&line);
        let names = identifiers(&line).into_iter().filter(|name| !self.erased.contains(name));
        if let Some(anchor) = names.min() {
            self.by.entry(anchor).or_default().push(self.lines.len());
        }
        let stops =
            matches!(line["event"].as_str(), Some("Email Bounced" | "Email Marked as Spam"));
        let address = line["properties"]["email"].as_str().filter(|_| stops);
        self.stopped.extend(address.map(str::to_lowercase));
        self.lines.push(line);
    }

    /// A version of a document: it takes the place of the one before, unless it says the same.
    pub(crate) fn push_version(&mut self, line: Value) {
        let document = source_and_id(&line);
        if let Some(number) = self.documents.get(&document).copied() {
            let received_now = |before: &Value| {
                let mut again = before.clone();
                again["receivedAt"] = line["receivedAt"].clone();
                again
            };
            if received_now(&self.lines[number]) == line {
                return;
            }
            let before = self.lines[number].take();
            for name in identifiers(&before) {
                if let Some(numbers) = self.by.get_mut(&name) {
                    numbers.retain(|held| *held != number);
                }
            }
        }
        self.documents.insert(document, self.lines.len());
        self.take(line);
    }

    fn hear(&mut self, line: &Value) {
        let said = match line["type"].as_str() {
            Some("heartbeat") => "receivedAt",
            Some("watermark") => "completeThrough",
            _ => return,
        };
        let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        let moment = |key: &str| text(key).parse::<jiff::Timestamp>().unwrap();
        // Nobody tells what is still to come.
        let through = moment(said).min(moment("receivedAt"));
        let held = self.complete.entry((text("source"), text("feed"))).or_insert(through);
        *held = through.max(*held);
    }

    /// Forgets everything that was told under these names, and whatever will be.
    pub(crate) fn forget(&mut self, names: &BTreeSet<Identifier>) {
        for name in names {
            self.stopped.remove(name.value());
            for number in self.by.remove(name).unwrap_or_default() {
                self.lines[number] = Value::Null;
            }
        }
        self.erased.extend(names.iter().cloned());
    }

    /// The numbers of the lines that are of any of these, ascending.
    pub(crate) fn numbers<'n>(
        &self,
        names: impl IntoIterator<Item = &'n Identifier>,
    ) -> BTreeSet<usize> {
        names.into_iter().filter_map(|name| self.by.get(name)).flatten().copied().collect()
    }

    /// The lines that are of any of these, as they were received.
    pub(crate) fn of<'n>(&self, names: impl IntoIterator<Item = &'n Identifier>) -> Vec<&Value> {
        self.numbers(names).into_iter().map(|number| &self.lines[number]).collect()
    }
}

fn source_and_id(line: &Value) -> (String, String) {
    let text = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
    (text("source"), text("messageId"))
}

impl Play {
    pub(crate) fn begin(program: Program) -> Self {
        let dry = DryRun::begin(program).unwrap();
        let read = Lines::of(dry.program());
        Self { dry, told: Told::default(), read }
    }

    /// Lets a line arrive at the moment it says; returns what was decided since the last call.
    pub(crate) fn arrive(&mut self, text: &str) -> Vec<Decision> {
        let line: Value = serde_json::from_str(text).unwrap();
        let event = self.read.event(&line);
        let received_at = event.received_at;
        self.told.push(line);
        self.dry.arrive(vec![event], received_at).unwrap()
    }

    /// Lets time go on.
    pub(crate) fn until(&mut self, end: Timestamp) -> Vec<Decision> {
        self.dry.go_on_until(end).unwrap()
    }

    /// A person, by the id that a decision bore.
    pub(crate) fn person(&mut self, id: PersonId) -> Record {
        self.dry.writer().reader().person(id).unwrap().expect("an old id leads to somebody").1
    }

    /// Everybody.
    pub(crate) fn people(&mut self) -> Vec<Record> {
        let mut people = Vec::new();
        let mut after = PersonId(0);
        loop {
            let page = self.dry.writer().reader().persons_after(after, 1_000).unwrap();
            let Some((last, ..)) = page.last() else { return people };
            after = *last;
            people.extend(page.into_iter().map(|(_, _, record)| record));
        }
    }
}

/// That nothing was lost on its way through a journey: whoever entered left, went through, or is
/// still inside; every message that was due was sent or left out, or its journey ended, or waits.
pub(crate) fn assert_accounts(decisions: &[Decision], people: &[Record]) {
    let count = |verdict| decisions.iter().filter(|decision| decision.verdict == verdict).count();
    let running = people
        .iter()
        .flat_map(|record| &record.enrollments)
        .filter(|enrollment| Enrollment::runs(enrollment))
        .count();
    let (entered, exited) = (count(Verdict::Enter), count(Verdict::Exit) + count(Verdict::Goal));
    let done = count(Verdict::Done);
    assert_eq!(entered, exited + done + running, "entered = exited + done + running");
}
