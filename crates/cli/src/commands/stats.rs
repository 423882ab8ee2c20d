//! `stats`: how much there is.

use std::fmt::Write;

use clap::Args;
use regulars_store::{Reader, Tally};
use serde_json::{Value, json};

use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::store;
use crate::words::{self, Print};

/// Count what the store holds. Works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct Stats {
    #[command(flatten)]
    dir: DataDir,
}

impl Stats {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let (totals, counts) = (reader.totals()?, reader.counts()?);
        let (tallies, sending) = (reader.tallies(None)?, reader.sending()?);
        let rows = [
            ("events", totals.events),
            ("persons", totals.persons),
            ("identifiers", totals.identifiers),
            ("messages held", totals.held),
            ("messages on their way", totals.claimed),
            ("messages uncertain", totals.uncertain),
            ("rows in quarantine", totals.quarantined),
            ("bytes on disk", totals.disk_bytes),
        ];
        let sources: Vec<Value> = counts
            .iter()
            .map(|(source, counts)| {
                json!({
                    "source": source,
                    "accepted": counts.accepted,
                    "duplicates": counts.duplicates,
                    "conflicts": counts.conflicts,
                    "quarantined": counts.quarantined,
                })
            })
            .collect();
        let mut json: serde_json::Map<String, Value> = rows
            .iter()
            .map(|(what, number)| (what.replace(' ', "_"), Value::from(*number)))
            .collect();
        json.insert("sending".to_owned(), sending.word().into());
        json.insert("sources".to_owned(), sources.into());
        json.insert("decisions".to_owned(), tallies.iter().map(tally_json).collect());
        print.result(&Value::Object(json), || {
            let mut text = String::new();
            for (what, number) in rows {
                let _ = writeln!(text, "{what:<28}{:>16}", words::number(number));
            }
            let _ = writeln!(text, "{:<28}{:>16}", "sending", sending.word());
            for (source, counts) in &counts {
                let what = format!("from {source}");
                let _ = writeln!(text, "{what:<28}{:>16}", words::number(counts.accepted));
            }
            for Tally { journey, step, verdict, decisions } in &tallies {
                let step = if step.is_empty() { String::new() } else { format!(" / {step}") };
                let what = format!("{journey}{step} {}", verdict.word());
                let _ = writeln!(text, "{what:<28}{:>16}", words::number(*decisions));
            }
            text.trim_end().to_owned()
        })?;
        Ok(Ending::Well)
    }
}

fn tally_json(tally: &Tally) -> Value {
    json!({
        "journey": tally.journey,
        "step": tally.step,
        "decision": tally.verdict.word(),
        "count": tally.decisions,
    })
}
