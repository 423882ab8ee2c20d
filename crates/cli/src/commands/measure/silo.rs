//! `measure silo`: what a tool that hears the online shop alone would have sent.

use std::fmt::Write;

use anyhow::Context;
use clap::Args;
use regulars_engine::measure::{Mistake, Side};
use regulars_engine::program::Program;
use regulars_server::measure::silo::{Comparison, Example, compare};
use regulars_server::writer::stored_program;

use super::Days;
use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::progress::Progress;
use crate::store;
use crate::words::{self, Print};

/// Tell what a tool that hears the online shop alone would have sent, beside Regulars: the same
/// journeys on the same log, once without stores and service desk, and every message weighed on all
/// that is known today. Sends nothing; works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct Silo {
    #[command(flatten)]
    days: Days,
    #[command(flatten)]
    dir: DataDir,
}

impl Silo {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let (since, now) = self.days.span()?;
        let program = stored_program(&reader)?;
        let mut progress = Progress::begin("playing the log twice");
        let mut go_on = |done, whole| {
            progress.at(done, whole);
            true
        };
        let found = compare(&reader, &program, (since, now), &mut go_on);
        let found = found.context("could not play the log")?.context("nobody stopped it")?;
        progress.end();
        print.result(&found.to_json(), || told(&found, &program))?;
        Ok(Ending::Well)
    }
}

fn told(found: &Comparison, program: &Program) -> String {
    let days = words::count(u64::from(found.days()), "day");
    let mut text = format!("{days}, {}", words::count(found.events.0, "event"));
    if found.unheard.is_empty() {
        text.push_str("; every source is of the online shop, so both hear the same");
    } else {
        let _ = write!(
            text,
            "; the tool does not hear {}: {}",
            found.unheard.join(", "),
            words::count(found.events.1, "event"),
        );
    }
    let (alone, regulars) = (&found.silo, &found.regulars);
    let _ = write!(text, "\n\n  {:<52}{:>14}{:>14}", "", "online alone", "Regulars");
    let mut row = |what: &str, of: &dyn Fn(&Side) -> String| {
        let _ = write!(text, "\n  {what:<52}{:>14}{:>14}", of(alone), of(regulars));
    };
    row("messages", &|side| words::number(side.messages));
    row("of them wrong by all that is known today", &|side| words::number(side.wrong_in_all()));
    for mistake in Mistake::ALL {
        let count = |side: &Side| side.wrong.get(&mistake).copied().unwrap_or(0);
        row(&format!("  {}", what(mistake)), &|side| words::number(count(side)));
    }
    row("offers in these", &|side| words::number(side.offers.number));
    row("what they take off what was paid already", &|side| {
        let money: Vec<String> = side.offers.money.iter().map(ToString::to_string).collect();
        if money.is_empty() { "nothing".to_owned() } else { money.join(" and ") }
    });
    let left_out = alone.unclear + regulars.unclear;
    if left_out > 0 {
        let _ = write!(text, "\n\n{} cannot be weighed any more", words::number(left_out));
    }
    for example in &found.examples {
        let _ = write!(text, "\n\n{}", one(example, program));
    }
    text
}

const fn what(mistake: Mistake) -> &'static str {
    match mistake {
        Mistake::Bought => "after the purchase",
        Mistake::Refused => "after a no",
        Mistake::Ticket => "while a question to the service desk was open",
        Mistake::Over => "after the journey was over for another reason",
    }
}

/// One person, in two or three lines.
fn one(example: &Example, program: &Program) -> String {
    let mut text = format!(
        "{}  {} / {} to person {}\n  online alone: {}: {}",
        words::minute(example.at, program),
        example.journey,
        example.step,
        example.person,
        what(example.wrong.mistake),
        example.wrong.reason.text(),
    );
    for money in example.wrong.given_away.iter().flatten() {
        let _ = write!(text, "; its offer takes {money} off what was paid already");
    }
    let instead = &example.instead;
    let _ = match instead.verdict {
        Some(verdict) => {
            let at = words::minute(instead.at, program);
            write!(text, "\n  Regulars:     {} at {at}: {}", verdict.word(), instead.reason.text())
        }
        None => write!(text, "\n  Regulars:     sent nothing: {}", instead.reason.text()),
    };
    text
}
