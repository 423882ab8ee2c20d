//! `erase`: makes a person unknown for good.

use std::io::IsTerminal;

use clap::Args;
use regulars_server::clock;
use regulars_store::Store;
use serde_json::json;

use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::store;
use crate::whom::Whom;
use crate::words::{self, Print};

/// Erase a person for good: log, search, outbox, quarantine and decisions. Without --yes, shows
/// what would go, and asks where there is somebody to ask.
#[derive(Debug, Args)]
pub(crate) struct Erase {
    #[command(flatten)]
    whom: Whom,
    /// Do it without asking.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    dir: DataDir,
}

impl Erase {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let mut writer = store::existing_writer(&self.dir.path)?;
        let person = self.whom.person(writer.reader())?.id();
        let erasure = writer.erasure(person)?;
        let (events, others) = (erasure.positions.len(), erasure.redacted.len());
        let identifiers = erasure.identifiers.len();
        if !self.yes {
            eprintln!(
                "this would make unknown, for good: {}, {} and the person's messages, decisions and quarantined rows; {} of others would lose what they say of the person",
                counted(identifiers, "identifier"),
                counted(events, "event"),
                counted(others, "event"),
            );
            if !agreed()? {
                let json = json!({
                    "erased": false, "identifiers": identifiers, "events": events, "redacted": others,
                });
                print.result(&json, || "nothing was erased".to_owned())?;
                return Ok(Ending::Well);
            }
        }
        let erased = writer.erase(person, clock::now())?;
        // Until the file is written anew, its free pages hold what was erased.
        writer.store().scrub()?;
        let json = json!({
            "erased": true,
            "identifiers": identifiers,
            "events": erased.events,
            "redacted": erased.redacted,
            "messages": erased.messages,
            "decisions": erased.decisions,
            "quarantined": erased.quarantined,
        });
        print.result(&json, || {
            format!(
                "erased: {}, {}, {}, {}",
                counted(identifiers, "identifier"),
                counted(erased.events, "event"),
                counted(erased.messages, "message"),
                counted(erased.decisions, "decision"),
            )
        })?;
        Ok(Ending::Well)
    }
}

/// Asks whoever sits at the terminal; nobody there means no.
fn agreed() -> anyhow::Result<bool> {
    if !std::io::stdin().is_terminal() {
        eprintln!("say --yes to do it");
        return Ok(false);
    }
    eprint!("erase? type yes: ");
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim() == "yes")
}

fn counted(number: usize, noun: &str) -> String {
    words::count(u64::try_from(number).unwrap_or(u64::MAX), noun)
}
