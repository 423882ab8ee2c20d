//! `measure lift`: compares people who were assigned by chance.

use std::path::PathBuf;

use clap::Args;
use regulars_engine::measure::{Looks, Plan, balance, standing};
use regulars_server::measure::report::{Outcome, Report};
use serde_json::json;

use super::file::{Chosen, TrialFile};
use super::report::Told;
use crate::ending::{Ending, Wrong};
use crate::words::Print;

/// Compare people who were assigned by chance, from a file with a row for each of them (CSV, TSV,
/// NDJSON, Parquet).
///
/// Everybody counts in the arm they were assigned to, reached or not. The intervals stay valid
/// while one looks, so a trial may be measured every day and stopped on any.
#[derive(Debug, Args)]
pub(crate) struct Lift {
    /// The file.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The column that says who was assigned to what.
    #[arg(long, value_name = "COLUMN")]
    assignment: String,
    /// The value in it of those who got nothing, or what the others are compared with.
    #[arg(long, value_name = "VALUE")]
    control: String,
    /// A column with what became of them: a number, or yes and no. May be given several times.
    #[arg(long, required = true, value_name = "COLUMN")]
    outcome: Vec<String>,
    /// A column with what was known before the assignment; it makes the answer more exact. Numbers,
    /// or up to 20 different texts. May be given several times.
    #[arg(long, value_name = "COLUMN")]
    before: Vec<String>,
    /// The shares that were planned, such as control=1,mail=2; equal ones if not given.
    #[arg(long, value_name = "VALUE=SHARE,...")]
    shares: Option<String>,
    /// About how many people were planned, over all arms, before anybody looked.
    #[arg(long, value_name = "PEOPLE", default_value_t = Plan::PEOPLE)]
    planned: u64,
    /// The trial has ended on a day that was laid down before, and is looked at once: narrower intervals,
    /// the usual ones of statistics. Whoever looks earlier too must leave this out.
    #[arg(long)]
    once: bool,
    /// How sure all statements about one outcome are together.
    #[arg(long, value_name = "P", default_value_t = Plan::CONFIDENCE)]
    confidence: f64,
}

impl Lift {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        if !(self.confidence > 0.0 && self.confidence < 1.0) {
            let message = format!("{} is no confidence between 0 and 1", self.confidence);
            return Err(Wrong::called(message, "write one such as 0.95").into());
        }
        if self.planned == 0 {
            return Err(
                Wrong::called("a trial is planned for somebody", "write --planned 10000").into()
            );
        }
        let chosen = Chosen {
            assignment: self.assignment.clone(),
            outcomes: self.outcome.clone(),
            before: self.before.clone(),
        };
        let file = TrialFile::survey(&self.file, &chosen)?;
        let control = file.arm(&self.control)?;
        let shares = self.planned_shares(&file)?;
        let trials = file.trials()?;
        let looks = if self.once { Looks::Once } else { Looks::Any };
        let plan = Plan { people: self.planned, confidence: self.confidence, looks };
        let people = trials.first().map(|trial| trial.people()).unwrap_or_default();
        let found = Report {
            arms: file.arms.clone(),
            control,
            balance: balance(&people, &shares, looks),
            people,
            notes: file.notes(),
            outcomes: self
                .outcome
                .iter()
                .zip(&trials)
                .map(|(name, trial)| Outcome {
                    name: name.clone(),
                    lifts: trial.lifts(control, plan),
                    standing: standing(trial, plan),
                })
                .collect(),
            plan,
        };
        for note in &found.notes {
            eprintln!("note: {note}");
        }
        if found.balance.broken() && self.shares.is_none() {
            eprintln!(
                "note: equal arms were expected; if others were planned, say so: --shares \"{}\"",
                found.arms.iter().map(|arm| format!("{arm}=1")).collect::<Vec<_>>().join(",")
            );
        }
        let mut json = found.to_json();
        json["looks"] = json!(if self.once { "once" } else { "any" });
        print.result(&json, || Told(&found).text())?;
        Ok(if found.balance.broken() { Ending::Amiss } else { Ending::Well })
    }

    fn planned_shares(&self, file: &TrialFile) -> anyhow::Result<Vec<f64>> {
        let Some(text) = &self.shares else { return Ok(vec![1.0; file.arms.len()]) };
        let mut shares = vec![0.0; file.arms.len()];
        for part in text.split(',') {
            let wrong = || {
                Wrong::called(
                    format!("\"{part}\" is no share"),
                    "write VALUE=SHARE, such as control=1,mail=2",
                )
            };
            let (name, share) = part.rsplit_once('=').ok_or_else(wrong)?;
            let share: f64 = share.trim().parse().map_err(|_| wrong())?;
            if !(share > 0.0 && share.is_finite()) {
                return Err(wrong().into());
            }
            shares[file.arm(name.trim())?] = share;
        }
        let left_out = file.arms.iter().zip(&shares).find(|(_, share)| **share == 0.0);
        if let Some((arm, _)) = left_out {
            let message = format!("--shares says nothing of \"{arm}\"");
            return Err(Wrong::called(message, "give every arm its share").into());
        }
        Ok(shares)
    }
}
