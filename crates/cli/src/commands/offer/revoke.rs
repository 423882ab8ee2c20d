//! `offer revoke`: a code that was given by hand is taken back.

use clap::Args;
use regulars_server::clock;
use regulars_server::offers::{Back, back_json, take_back};
use serde_json::{Value, json};

use super::{Server, gift};
use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::words::{BY, Print};

#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The id under which it was given, such as the ticket's.
    #[arg(value_name = "ID")]
    id: String,
    /// Only tell whether it may be taken back, and why not.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    to: Server,
    #[command(flatten)]
    dir: DataDir,
}

impl Revoke {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let id = gift(&self.id)?;
        let told = match self.to.remote()? {
            Some(remote) => {
                let body = json!({ "id": id, "dry_run": self.dry_run });
                remote.ask("POST", "/api/v1/offers/revoke", &body)?
            }
            None => {
                let mut writer = store::existing_writer(&self.dir.path)?;
                writer.hold_sending();
                let back = Back { id, by: BY.to_owned(), dry_run: self.dry_run };
                back_json(&take_back(&mut writer, &back, clock::now())?, &back)
            }
        };
        if told["outcome"] == "no_gift" {
            let cure = "look at the person's page for the gifts and their ids";
            return Err(Wrong::failed("nothing was given under this id", cure).into());
        }
        print.result(&told, || said(&told))?;
        Ok(if told["outcome"] == "used" { Ending::Amiss } else { Ending::Well })
    }
}

/// The answer in words.
fn said(told: &Value) -> String {
    let offer = told["offer"].as_str().unwrap_or_default();
    match told["outcome"].as_str().unwrap_or_default() {
        "taken_back" => {
            format!("the code of {offer} is taken back; it is good for nothing any more")
        }
        "taken_back_before" => format!("the code of {offer} was taken back before"),
        "may_be_taken_back" => {
            format!("the code of {offer} may be taken back; nothing was changed")
        }
        _ => format!("the code of {offer} was used, so it cannot be taken back"),
    }
}
