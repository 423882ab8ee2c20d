//! `measure journey`: a journey from both points of view, and what chance says of it.

use std::fmt::Write;

use clap::Args;
use regulars_engine::measure::{Claim, Lived, Sum, Viewpoints};
use regulars_engine::program::Program;
use regulars_engine::time::{DAY, lasting};
use regulars_server::measure::trial::{Drawn, trials, trials_json};
use regulars_server::measure::viewpoints::{Looked, Seen, viewpoints};
use regulars_server::measure::{OUTCOME_DAYS, Span};
use regulars_server::writer::stored_program;

use super::Days;
use super::report::Told;
use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::progress::Progress;
use crate::store;
use crate::words::{self, Print};

/// Tell what a journey's channels would claim beside what its customers lived, and what its holdouts
/// and tests say. Works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct Journey {
    /// The journey.
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    days: Days,
    /// Days for which a channel claims the orders that follow a message.
    #[arg(long, value_name = "DAYS", default_value_t = days(Viewpoints::WINDOW_MS), value_parser = clap::value_parser!(u32).range(1..=90))]
    window: u32,
    /// Days that count of everybody whom chance assigned.
    #[arg(long, value_name = "DAYS", default_value_t = OUTCOME_DAYS, value_parser = clap::value_parser!(u32).range(1..=365))]
    outcome_days: u32,
    #[command(flatten)]
    dir: DataDir,
}

fn days(ms: i64) -> u32 {
    u32::try_from(ms / DAY).unwrap_or(u32::MAX)
}

impl Journey {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let (since, now) = self.days.span()?;
        let program = stored_program(&reader)?;
        let Some(journey) = program.live_journey(&self.name) else {
            let message = format!("there is no journey \"{}\"", self.name);
            return Err(Wrong::called(message, journeys(&program)).into());
        };
        let span = Span { since, journey: Some(&self.name), most: usize::MAX };
        let window = i64::from(self.window) * DAY;
        let mut progress = Progress::begin("looking at messages");
        let looked = viewpoints(&reader, &program, span, window, &mut |seen| progress.at(seen, 0))?;
        progress.end();
        let mut progress = Progress::begin("looking at those whom chance assigned");
        let counted = (self.outcome_days, now);
        let drawn = trials(&reader, &program, journey, counted, &mut |seen| progress.at(seen, 0))?;
        progress.end();
        let json = || {
            let mut value = looked.to_json();
            value["journey"] = self.name.clone().into();
            value["trials"] = trials_json(&drawn);
            value
        };
        print.result(&json(), || self.told(&looked, &drawn, &program))?;
        let broken = drawn.iter().any(|drawn| drawn.report.balance.broken());
        Ok(if broken { Ending::Amiss } else { Ending::Well })
    }

    fn told(&self, looked: &Looked, drawn: &[Drawn], program: &Program) -> String {
        let summary = &looked.summary;
        let mut text = format!(
            "{} of the journey \"{}\" in {}",
            words::count(summary.messages, "message"),
            self.name,
            words::count(u64::from(self.days.days), "day"),
        );
        if looked.left_out > 0 {
            let _ = write!(text, "; {} cannot be told any more", words::number(looked.left_out));
        }
        let window = lasting(i64::from(self.window) * DAY);
        let _ = write!(text, "\n\nWhat the channel would claim, within {window}");
        for claim in Claim::ALL {
            row(&mut text, by(claim), summary.claimed.get(&claim), "order");
        }
        row(&mut text, "in all", Some(&summary.claimed_in_all()), "order");
        text.push_str("\n\nWhat the customers lived");
        for lived in Lived::ALL {
            row(&mut text, what(lived), summary.lived.get(&lived), "message");
        }
        row(&mut text, "what the till kept of it", Some(&summary.kept_in_all()), "message");
        if !looked.telling.is_empty() {
            text.push_str("\n\nWhere the two differ most");
            for seen in &looked.telling {
                let _ = write!(text, "\n  {}", one(seen, program));
            }
        }
        for drawn in drawn {
            let _ = write!(
                text,
                "\n\nWhat it caused, by the {} \"{}\": orders over all channels within {} of the assignment",
                drawn.purpose.word(),
                drawn.step,
                words::count(u64::from(drawn.days), "day"),
            );
            if drawn.running > 0 {
                let _ = write!(text, " ({} have days to go)", words::number(drawn.running));
            }
            let _ = write!(text, "\n{}", Told(&drawn.report).text());
        }
        if drawn.is_empty() {
            text.push_str(
                "\n\nWhat it caused cannot be told: nobody is kept out by chance. A step `holdout` does that.",
            );
        }
        text
    }
}

fn journeys(program: &Program) -> String {
    let names: Vec<String> =
        program.journeys.iter().map(|journey| format!("\"{}\"", journey.name)).collect();
    if names.is_empty() {
        "none is published; `regulars apply` does".to_owned()
    } else {
        format!("there are {}", names.join(", "))
    }
}

fn row(text: &mut String, what: &str, sum: Option<&Sum>, thing: &str) {
    let none = Sum::default();
    let sum = sum.unwrap_or(&none);
    let money: Vec<String> = sum.money.iter().map(ToString::to_string).collect();
    let number = words::count(sum.number, thing);
    let _ = write!(text, "\n  {what:<44}{number:>16}  {}", money.join(" and "));
}

const fn by(claim: Claim) -> &'static str {
    match claim {
        Claim::Coupon => "bears a coupon",
        Claim::Product => "followed its link",
        Claim::Clicked => "followed a link",
        Claim::Opened => "opened the message",
        Claim::Received => "only received it",
    }
}

const fn what(lived: Lived) -> &'static str {
    match lived {
        Lived::ReturnedAndRebought => "gave it back and bought it again",
        Lived::HadBought => "had bought it before the message came",
        Lived::GaveBack => "bought, and gave it back",
        Lived::BoughtElsewhere => "bought elsewhere, without the message",
        Lived::Bought => "bought",
        Lived::OptedOut => "wanted no more of them",
        Lived::Nothing => "nothing of that",
    }
}

/// One message, in a line.
fn one(seen: &Seen, program: &Program) -> String {
    let claims: Vec<String> =
        seen.viewpoints.claimed.iter().map(|order| order.money.to_string()).collect();
    let claims = if claims.is_empty() { "nothing".to_owned() } else { claims.join(" and ") };
    let kept: Vec<String> = seen.viewpoints.kept.iter().map(ToString::to_string).collect();
    let kept = if kept.is_empty() { "nothing".to_owned() } else { kept.join(" and ") };
    format!(
        "{}  {} to person {}: {}; the channel claims {claims}, the till kept {kept}",
        words::minute(seen.message.claimed_at, program),
        seen.message.step,
        seen.message.person,
        what(seen.viewpoints.lived),
    )
}
