//! `webhook`: whom journeys may tell, and what became of it.

use std::io::Read;
use std::net::IpAddr;

use clap::{Args, Subcommand};
use regulars_engine::journey::{Call, CallState};
use regulars_server::clock;
use regulars_server::webhooks::{
    self, Added, Destination, Force, Webhooks, call_json, calls_of, destination_json, find, list,
    listed_json,
};
use regulars_store::{CallFilter, Reader};
use serde_json::json;

use super::serve::runtime;
use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::words::{self, BY, Print};

/// Webhooks out: whom journeys may tell, and what became of what they told.
///
/// Changes need the directory for themselves: while a server runs, use its pages or its API.
#[derive(Debug, Subcommand)]
pub(crate) enum Webhook {
    /// Set where a name leads. Its secret is shown once.
    Add(Add),
    List(List),
    /// Lead a name to another URL; its secret stays.
    Move(Add),
    /// Give a destination another secret, shown once; the one before signs beside it for a day.
    Rotate(Named),
    /// Tell a destination nothing until it is resumed.
    Pause(Named),
    /// Tell a destination what has waited.
    Resume(Named),
    Test(Test),
    Remove(Remove),
    Calls(Calls),
    Again(Again),
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The name, as journeys write it: crm.
    name: String,
    /// The https URL that takes the calls; - reads it from stdin, where nobody else sees it.
    url: String,
    #[command(flatten)]
    inside: Inside,
    #[command(flatten)]
    dir: DataDir,
}

/// What webhooks may reach beside the world.
#[derive(Clone, Debug, Args)]
pub(crate) struct Inside {
    /// Addresses of your own network that webhooks may lead to, encrypted or not.
    #[arg(long, value_name = "IP", value_delimiter = ',', env = "REGULARS_WEBHOOKS_INSIDE")]
    pub(crate) webhooks_inside: Vec<IpAddr>,
}

/// List destinations with what waits for them; works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Debug, Args)]
pub(crate) struct Named {
    /// The name.
    name: String,
    #[command(flatten)]
    dir: DataDir,
}

/// Post one call without a person, and tell what was answered; works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// The name.
    name: String,
    #[command(flatten)]
    inside: Inside,
    #[command(flatten)]
    dir: DataDir,
}

/// Remove a destination. What it was to be told waits.
#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// The name.
    name: String,
    /// Though a journey tells it.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    dir: DataDir,
}

/// List what journeys tell other programs, the latest first; works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct Calls {
    /// To this destination.
    #[arg(long, value_name = "NAME")]
    to: Option<String>,
    /// In this journey.
    #[arg(long, value_name = "NAME")]
    journey: Option<String>,
    /// In this state.
    #[arg(long, value_name = "STATE", value_parser = CallState::WORDS)]
    state: Option<String>,
    /// At most so many.
    #[arg(long, default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    dir: DataDir,
}

/// Make calls again, under the same ids, when the server runs next.
#[derive(Debug, Args)]
pub(crate) struct Again {
    /// The number of one call, as `webhook calls` shows it.
    #[arg(required_unless_present = "given_up_at")]
    call: Option<u64>,
    /// All that this destination did not take, up to a thousand.
    #[arg(long, value_name = "NAME", conflicts_with = "call")]
    given_up_at: Option<String>,
    #[command(flatten)]
    dir: DataDir,
}

/// No URL is longer.
const URL_BYTES_MAX: u64 = 4 << 10;

impl Webhook {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::Add(asked) => {
                let (url, webhooks) = (asked.url()?, asked.inside.webhooks());
                let mut writer = store::writer(&asked.dir.path)?;
                let named = (asked.name.as_str(), url.as_str());
                let by = BY;
                let added = webhooks::add(writer.store(), named, &webhooks, by, clock::now())?;
                tell_secret(&added, print)
            }
            Self::Move(asked) => {
                let (url, webhooks) = (asked.url()?, asked.inside.webhooks());
                let mut writer = store::existing_writer(&asked.dir.path)?;
                let named = (asked.name.as_str(), url.as_str());
                let moved = webhooks::move_to(writer.store(), named, &webhooks)?;
                tell(&moved, print)
            }
            Self::Rotate(asked) => {
                let mut writer = store::existing_writer(&asked.dir.path)?;
                let added = webhooks::rotate(writer.store(), &asked.name, clock::now())?;
                tell_secret(&added, print)
            }
            Self::Pause(asked) => {
                let mut writer = store::existing_writer(&asked.dir.path)?;
                let by = Some(BY);
                tell(&webhooks::pause(writer.store(), &asked.name, by, clock::now())?, print)
            }
            Self::Resume(asked) => {
                let mut writer = store::existing_writer(&asked.dir.path)?;
                tell(&webhooks::resume(writer.store(), &asked.name)?, print)
            }
            Self::Remove(asked) => asked.run(print),
            Self::Test(asked) => asked.run(print),
            Self::List(asked) => asked.run(print),
            Self::Calls(asked) => asked.run(print),
            Self::Again(asked) => asked.run(print),
        }
    }
}

impl Inside {
    fn webhooks(&self) -> Webhooks {
        Webhooks::new(&self.webhooks_inside)
    }
}

impl Add {
    fn url(&self) -> anyhow::Result<String> {
        if self.url != "-" {
            return Ok(self.url.clone());
        }
        let mut url = String::new();
        std::io::stdin().lock().take(URL_BYTES_MAX).read_to_string(&mut url)?;
        Ok(url.trim().to_owned())
    }
}

impl Remove {
    fn run(&self, print: Print) -> anyhow::Result<Ending> {
        let mut writer = store::existing_writer(&self.dir.path)?;
        let program = std::sync::Arc::clone(writer.program());
        let force = if self.force { Force::Yes } else { Force::No };
        let removed = webhooks::remove(writer.store(), &self.name, &program, force)?;
        print
            .result(&json!({ "removed": removed.name }), || format!("removed {}", removed.name))?;
        Ok(Ending::Well)
    }
}

impl Test {
    fn run(&self, print: Print) -> anyhow::Result<Ending> {
        let destination = find(&store::reader(&self.dir.path)?, &self.name)?;
        let webhooks = self.inside.webhooks();
        let answer = runtime()?.block_on(webhooks::test(&webhooks, &destination, clock::now()));
        let ms = answer.took.as_millis();
        let json = json!({
            "taken": answer.taken,
            "answer": answer.said,
            "took_ms": u64::try_from(ms).unwrap_or(u64::MAX),
        });
        print.result(&json, || {
            let word = if answer.taken { "taken" } else { "not taken" };
            format!("{word} in {ms} ms: {}", answer.said)
        })?;
        Ok(if answer.taken { Ending::Well } else { Ending::Amiss })
    }
}

impl List {
    fn run(&self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let counts = reader.call_counts()?;
        let destinations = list(&reader)?;
        if destinations.is_empty() {
            eprintln!("there is no destination; `regulars webhook add crm https://…` sets one");
        }
        for destination in destinations {
            print.result(&listed_json(&destination, &counts, clock::now()), || {
                let counted = calls_of(&destination.name, &counts).into_iter();
                let words: Vec<String> = counted
                    .zip(CallState::WORDS)
                    .map(|(calls, state)| format!("{calls} {state}"))
                    .collect();
                let paused = if destination.paused.is_some() { "  paused" } else { "" };
                let (name, host) = (&destination.name, destination.host());
                format!("{name}  {host}  {}{paused}", words.join(", "))
            })?;
        }
        Ok(Ending::Well)
    }
}

impl Calls {
    fn run(&self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let filter = CallFilter {
            destination: self.to.clone(),
            journey: self.journey.clone(),
            state: self.state.clone(),
            ..CallFilter::default()
        };
        for call in reader.calls(&filter, self.limit.clamp(1, 100_000))? {
            print.result(&call_json(&call), || line(&call))?;
        }
        Ok(Ending::Well)
    }
}

fn line(call: &Call) -> String {
    let next = call.state.not_before().map(|at| format!(" until {at}")).unwrap_or_default();
    let said = if call.note.is_empty() { String::new() } else { format!(": {}", call.note) };
    format!(
        "{}  {}  {} · {}  to {}  {}{next}, {}{said}",
        call.id,
        call.person,
        call.journey,
        call.step,
        call.destination,
        call.state.word(),
        words::count(u64::from(call.attempts), "attempt"),
    )
}

impl Again {
    fn run(&self, print: Print) -> anyhow::Result<Ending> {
        let mut writer = store::existing_writer(&self.dir.path)?;
        let again = match (self.call, &self.given_up_at) {
            (_, Some(name)) => webhooks::again_all(&mut writer, name, clock::now())?,
            (Some(id), None) => {
                if !webhooks::again(&mut writer, id, clock::now())? {
                    let cure = "`regulars webhook calls` lists them";
                    return Err(Wrong::failed(format!("there is no call {id}"), cure).into());
                }
                1
            }
            (None, None) => 0,
        };
        let counted = words::count(u64::try_from(again).unwrap_or(u64::MAX), "call");
        print.result(&json!({ "again": again }), || {
            format!("{counted} will be made again when the server runs")
        })?;
        Ok(Ending::Well)
    }
}

fn tell(destination: &Destination, print: Print) -> anyhow::Result<Ending> {
    print.result(&destination_json(destination, clock::now()), || {
        let state = if destination.paused.is_some() { "paused" } else { "is told" };
        format!("{}  {}  {state}", destination.name, destination.host())
    })?;
    Ok(Ending::Well)
}

fn tell_secret(added: &Added, print: Print) -> anyhow::Result<Ending> {
    let shown = destination_json(&added.destination, clock::now());
    print.result(&json!({ "webhook": shown, "secret": added.secret }), || {
        let (name, host) = (&added.destination.name, added.destination.host());
        format!("webhook  {name} at {host}\nsecret   {}  (shown once)", added.secret)
    })?;
    Ok(Ending::Well)
}
