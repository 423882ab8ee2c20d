//! `offer`: what was given and used, and pools of codes.

mod issue;
mod report;
mod revoke;

use std::fmt::Write;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use regulars_engine::offer::Codes;
use regulars_server::clock;
use regulars_server::offers::{self, Listed, gift_id};
use regulars_server::writer::{Asked, Bound, stored_program};
use regulars_store::Reader;
use serde_json::{Value, json};

use crate::arguments::{DataDir, Server};
use crate::ending::{Ending, Wrong};
use crate::rows;
use crate::store;
use crate::words::{self, Print};

/// Offers: what was given and used, what that costs, and pools of codes.
#[derive(Debug, Subcommand)]
pub(crate) enum Offer {
    /// List all offers: codes given, open, used and left, what they cost and may still cost. Works
    /// beside a running server.
    List(List),
    /// Put codes of a file into an offer's pool, one a line. A code that is there already stays as
    /// it is, so the same file may be given again.
    Import(Import),
    /// Give one person a code of an offer, by the rules by which messages give it: told and not given
    /// where the person bought what it is for, had one lately, or that is not known for certain.
    Issue(issue::Issue),
    /// Take back a code that was given to one person, by the id of the gift: it is good for nothing any
    /// more, and its money is free again. One that was used stays used.
    Revoke(revoke::Revoke),
    /// Report what offers cost and may still cost, by offer and by the day of use. Works beside a
    /// running server.
    Report(report::Costs),
    /// Print a list of the codes that may be used, hashed, for tills that go offline. Works beside a
    /// running server.
    Offline(report::Offline),
    /// Note redemptions of tills that were offline: the first use of a code counts, a second is told.
    Reconcile(report::Reconcile),
    /// Tell whether a code may be used, without using it.
    Validate(Validate),
    /// Use a code, as a till does. The same redemption given again is told the same.
    Redeem(Redeem),
}

#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The offer; its definition says codes: pool.
    #[arg(value_name = "OFFER")]
    offer: String,
    /// One code a line, each of at least 8 letters and digits; - reads from stdin.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Only tell what would become of the codes.
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    to: Server,
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Args)]
pub(crate) struct Validate {
    /// The code; - reads it from stdin, so that no history of commands keeps it.
    #[arg(value_name = "CODE")]
    code: String,
    #[command(flatten)]
    to: Server,
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Args)]
pub(crate) struct Redeem {
    /// The code; - reads it from stdin, so that no history of commands keeps it.
    #[arg(value_name = "CODE")]
    code: String,
    /// An id of the redemption, such as the receipt's: the same id is the same redemption.
    #[arg(long, value_name = "ID")]
    redemption: String,
    /// The order it is for.
    #[arg(long, value_name = "KEY")]
    order: Option<String>,
    #[command(flatten)]
    to: Server,
    #[command(flatten)]
    dir: DataDir,
}

impl std::fmt::Debug for Validate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Validate(***)")
    }
}

impl std::fmt::Debug for Redeem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Redeem(***)")
    }
}

impl Offer {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::List(list) => list.run(print),
            Self::Import(import) => import.run(print),
            Self::Issue(issue) => issue.run(print),
            Self::Revoke(revoke) => revoke.run(print),
            Self::Report(report) => report.run(print),
            Self::Offline(offline) => offline.run(print),
            Self::Reconcile(reconcile) => reconcile.run(print),
            Self::Validate(validate) => validate.run(print),
            Self::Redeem(redeem) => redeem.run(print),
        }
    }
}

/// The id of a gift as it is kept.
fn gift(typed: &str) -> Result<String, Wrong> {
    let cure = "give one of 1 to 200 bytes, such as the ticket's";
    let wrong = || Wrong::called("the id of the gift is empty or too long", cure);
    gift_id(typed).map(str::to_owned).ok_or_else(wrong)
}

impl List {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let program = stored_program(&reader)?;
        let listed = offers::list(&reader.stock()?, &program, clock::now());
        let json: Vec<Value> = listed.iter().map(Listed::to_json).collect();
        print.result(&json!({ "offers": json }), || {
            let mut text = String::new();
            for one in &listed {
                let _ = writeln!(text, "{}", told(one));
            }
            if listed.is_empty() {
                text.push_str("there is no offer; write one into a file and publish it with \"regulars apply\"");
            }
            text.trim_end().to_owned()
        })?;
        Ok(Ending::Well)
    }
}

/// An offer on a few lines.
fn told(one: &Listed) -> String {
    let gives = one.offer.as_ref().map(|offer| offer.benefit.to_string());
    let mut text = one.name.clone();
    match gives {
        Some(gives) if gives == one.name => {}
        Some(gives) => {
            let _ = write!(text, ": {gives}");
        }
        None => text.push_str(": not defined any more"),
    }
    let stand = &one.stand;
    let mut line = |what: &str, number: u64| {
        let _ = write!(text, "\n  {what:<26}{:>16}", words::number(number));
    };
    line("given", one.issued());
    line("  may still be used", stand.open);
    line("  used", stand.redeemed);
    line("  valid no longer", stand.expired);
    if stand.taken_back > 0 {
        line("  taken back", stand.taken_back);
    }
    if one.pooled() {
        line("left in the pool", stand.free);
    }
    for cost in one.cost() {
        let _ = write!(text, "\n  {:<26}{:>16}", "cost so far", cost.to_string());
    }
    if let Some(liability) = one.liability() {
        let _ = write!(text, "\n  {:<26}{:>16}", "may still cost", liability.to_string());
    }
    if one.low() {
        text.push_str("\n  the pool runs low: add codes with \"regulars offer import\"");
    }
    text
}

impl Import {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let text = rows::read(&self.file)?;
        let rows: Vec<&str> = text.lines().filter(|row| !row.trim().is_empty()).collect();
        let told = match self.to.remote()? {
            Some(remote) => {
                let body = json!({ "offer": self.offer, "codes": rows, "dry_run": self.dry_run });
                remote.ask("POST", "/api/v1/offers/codes", &body)?
            }
            None => self.to_store(&rows)?,
        };
        print.result(&told, || {
            let mut text = String::new();
            let count = |key: &str| words::number(told[key].as_u64().unwrap_or(0));
            for (what, key) in [
                ("added to the pool", "added"),
                ("there already", "repeated"),
                ("rows that are no code", "unreadable"),
            ] {
                let _ = writeln!(text, "{what:<28}{:>16}", count(key));
            }
            if let Some(rows) = told["unreadable_rows"].as_array().filter(|rows| !rows.is_empty()) {
                let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
                let _ = writeln!(
                    text,
                    "  rows {}: a code has 8 to 40 letters and digits",
                    rows.join(", ")
                );
            }
            text.trim_end().to_owned()
        })?;
        if self.dry_run {
            eprintln!("nothing was changed");
        }
        Ok(Ending::Well)
    }

    fn to_store(&self, rows: &[&str]) -> anyhow::Result<Value> {
        let mut writer = store::existing_writer(&self.dir.path)?;
        writer.hold_sending();
        let codes = writer.program().offers.get(&self.offer).map(|offer| offer.codes);
        match codes {
            Some(Codes::Pool { .. }) => {}
            Some(Codes::Generated) => {
                let message =
                    format!("the codes of the offer \"{}\" are made as needed", self.offer);
                let cure = "write \"codes: pool\" into its definition";
                return Err(Wrong::failed(message, cure).into());
            }
            None => {
                let message = format!("there is no offer \"{}\"", self.offer);
                let cure = "\"regulars offer list\" names them";
                return Err(Wrong::failed(message, cure).into());
            }
        }
        let pooled = writer.pool(&self.offer, rows, !self.dry_run)?;
        Ok(offers::pooled_json(&pooled))
    }
}

/// The code that was given, or the first line of stdin.
fn code(given: &str) -> anyhow::Result<String> {
    if given != "-" {
        return Ok(given.to_owned());
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim().to_owned())
}

impl Validate {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let code = code(&self.code)?;
        let told = match self.to.remote()? {
            Some(remote) => {
                remote.ask("POST", "/api/v1/offers/validate", &json!({ "code": code }))?
            }
            None => {
                let mut writer = store::existing_writer(&self.dir.path)?;
                writer.hold_sending();
                let asked = Asked { code, ..Asked::default() };
                let found = writer.validate(&asked, clock::now())?;
                offers::valid_json(&found, writer.program())
            }
        };
        answer(print, &told, "valid", "the code may be used")
    }
}

impl Redeem {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let code = code(&self.code)?;
        let told = match self.to.remote()? {
            Some(remote) => {
                let body =
                    json!({ "code": code, "redemption": self.redemption, "order": self.order });
                remote.ask("POST", "/api/v1/offers/redeem", &body)?
            }
            None => {
                let mut writer = store::existing_writer(&self.dir.path)?;
                writer.hold_sending();
                let redemption = self.redemption;
                let asked = Asked { redemption, code, order: self.order, ..Asked::default() };
                let done = writer.redeem(&asked, Bound::ByTheRules, clock::now())?;
                offers::redeemed_json(&done, writer.program())
            }
        };
        answer(print, &told, "redeemed", "the code is used")
    }
}

/// What was answered; a code that is not taken ends with 1.
fn answer(print: Print, told: &Value, what: &str, well: &str) -> anyhow::Result<Ending> {
    let good = told[what] == true;
    print.result(told, || {
        let text = |key: &str| told[key].as_str().unwrap_or_default().to_owned();
        match good {
            true => format!("{well}: {} ({})", text("gives"), text("offer")),
            false => text("message"),
        }
    })?;
    Ok(if good { Ending::Well } else { Ending::Amiss })
}
