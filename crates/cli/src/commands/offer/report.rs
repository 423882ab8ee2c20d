//! `offer report`, `offer offline`, `offer reconcile`: what offers cost, and tills without a line.

use std::fmt::Write;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use regulars_engine::event::{Currency, Money};
use regulars_engine::time::Timestamp;
use regulars_server::clock;
use regulars_server::offers::{self, Reconciled, Report, UsedRow};
use regulars_server::writer::{Asked, Bound, stored_program};
use regulars_store::Reader;
use serde_json::{Value, json};

use super::{Server, told};
use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::words::{self, Print};

#[derive(Debug, Args)]
pub(crate) struct Costs {
    /// The first day, such as 2026-11-01 (UTC).
    #[arg(long)]
    from: Option<String>,
    /// The last day.
    #[arg(long)]
    to: Option<String>,
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Debug, Args)]
pub(crate) struct Offline {
    /// Of this offer alone.
    #[arg(long, value_name = "OFFER")]
    offer: Option<String>,
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Debug, Args)]
pub(crate) struct Reconcile {
    /// Redemptions as JSON, one a line: redemption, code, at, order, discount_minor, currency.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    #[command(flatten)]
    to: Server,
    #[command(flatten)]
    dir: DataDir,
}

impl Costs {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let day = |text: Option<&String>, otherwise| match text {
            None => Ok(otherwise),
            Some(text) => offers::day_of(text).ok_or_else(|| {
                Wrong::called(format!("\"{text}\" is no day"), "write one such as 2026-11-30")
            }),
        };
        let days = (
            day(self.from.as_ref(), Timestamp::EARLIEST)?,
            day(self.to.as_ref(), Timestamp::LATEST)?,
        );
        let reader = store::reader(&self.dir.path)?;
        let program = stored_program(&reader)?;
        let report = Report::of(&reader.stock()?, &program, days, clock::now());
        print.result(&report.to_json(), || {
            let mut text = String::new();
            for one in &report.offers {
                let _ = writeln!(text, "{}", told(one));
            }
            if !report.used.is_empty() {
                text.push_str("Used by day\n");
            }
            for row in &report.used {
                let _ = writeln!(text, "  {}", used(row));
            }
            if report.offers.is_empty() {
                text.push_str("there is no offer");
            }
            text.trim_end().to_owned()
        })?;
        Ok(Ending::Well)
    }
}

fn used(row: &UsedRow) -> String {
    let cost = row.cost.map_or_else(|| "no price told".to_owned(), |cost| cost.to_string());
    let day = offers::day_text(row.day);
    format!("{day}  {:<24}{:>8}{cost:>16}", row.offer, words::number(row.codes))
}

impl Offline {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let program = stored_program(&reader)?;
        if let Some(name) = self.offer.as_ref().filter(|name| !program.offers.contains_key(*name)) {
            let message = format!("there is no offer \"{name}\"");
            return Err(Wrong::failed(message, "\"regulars offer list\" names them").into());
        }
        let list = offers::offline(&reader, &program, self.offer.as_deref(), clock::now())?;
        // It is for a program either way.
        print.result(&list, || list.to_string())?;
        Ok(Ending::Well)
    }
}

/// A redemption as a line of the file tells it; `None`: it is none.
fn happened(line: &str, base: Currency) -> Option<Asked> {
    let row: Value = serde_json::from_str(line).ok()?;
    let text = |key: &str| row[key].as_str().map(str::to_owned);
    let currency = row["currency"].as_str().map_or(Some(base), Currency::parse)?;
    let at = match row["at"].as_str() {
        None => None,
        Some(at) => Some(Timestamp(at.parse::<jiff::Timestamp>().ok()?.as_millisecond())),
    };
    Some(Asked {
        redemption: text("redemption")?,
        code: text("code")?,
        order: text("order"),
        taken_off: row["discount_minor"].as_i64().map(|minor| Money { minor, currency }),
        at,
        ..Asked::default()
    })
}

/// So many are told to a server at once.
const AT_ONCE: usize = 500;

impl Reconcile {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let text = std::fs::read_to_string(&self.file)
            .with_context(|| format!("could not read \"{}\"", self.file.display()))?;
        let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
        let counts = match self.to.remote()? {
            Some(remote) => {
                let mut counts = [0; 4];
                for part in lines.chunks(AT_ONCE) {
                    let rows: Vec<Value> = part
                        .iter()
                        .map(|line| serde_json::from_str(line).map_err(|_| no_json()))
                        .collect::<Result<_, Wrong>>()?;
                    let body = json!({ "redemptions": rows });
                    let told = remote.ask("POST", "/api/v1/offers/reconcile", &body)?;
                    for (count, (key, _)) in counts.iter_mut().zip(OUTCOMES) {
                        *count += told[key].as_u64().unwrap_or(0);
                    }
                }
                counts
            }
            None => self.to_store(&lines)?,
        };
        let json: serde_json::Map<String, Value> = OUTCOMES
            .iter()
            .zip(counts)
            .map(|((key, _), n)| ((*key).to_owned(), n.into()))
            .collect();
        print.result(&json.into(), || {
            let mut text = String::new();
            for ((_, what), count) in OUTCOMES.iter().zip(counts) {
                let _ = writeln!(text, "{what:<28}{:>16}", words::number(count));
            }
            text.trim_end().to_owned()
        })?;
        Ok(if counts[2] + counts[3] == 0 { Ending::Well } else { Ending::Amiss })
    }

    fn to_store(&self, lines: &[&str]) -> anyhow::Result<[u64; 4]> {
        let mut writer = store::existing_writer(&self.dir.path)?;
        writer.hold_sending();
        let base = writer.program().shop.currency;
        let mut all = Reconciled::default();
        for line in lines {
            let asked = happened(line, base).ok_or_else(no_json)?;
            let done = writer.redeem(&asked, Bound::HasHappened, clock::now())?;
            all.note(&asked.redemption, &done);
        }
        let count = |key| u64::try_from(all.count(key)).unwrap_or(u64::MAX);
        Ok(OUTCOMES.map(|(key, _)| count(key)))
    }
}

const OUTCOMES: [(&str, &str); 4] = [
    ("redeemed", "used from now on"),
    ("again", "noted before"),
    ("used_before", "used before at another till"),
    ("not_valid", "no codes"),
];

fn no_json() -> Wrong {
    let cure =
        r#"write {"redemption": "r-1", "code": "7Q4X-K2MB-90Z31", "at": "2026-11-30T10:00:00Z"}"#;
    Wrong::called("a line of the file is no redemption", cure)
}
