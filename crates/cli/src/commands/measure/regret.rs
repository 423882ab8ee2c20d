//! `measure regret`: messages that should not have gone.

use std::fmt::Write;

use clap::Args;
use regulars_engine::event::Money;
use regulars_engine::measure::Cause;
use regulars_engine::program::Program;
use regulars_engine::time::{DAY, HOUR, MINUTE, SECOND, lasting};
use regulars_server::measure::Span;
use regulars_server::measure::regret::{Regrets, Regretted, regrets};
use regulars_server::writer::stored_program;

use super::Days;
use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::progress::Progress;
use crate::store;
use crate::words::{self, Print};

/// Tell which messages should not have gone, by what is known today: why they went, and what that
/// cost. Works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct Regret {
    #[command(flatten)]
    days: Days,
    /// Messages of this journey only.
    #[arg(long, value_name = "NAME")]
    journey: Option<String>,
    /// The latest so many at most.
    #[arg(long, value_name = "MESSAGES", default_value_t = 1_000_000, value_parser = clap::value_parser!(u32).range(1..))]
    most: u32,
    #[command(flatten)]
    dir: DataDir,
}

impl Regret {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let (since, _) = self.days.span()?;
        let program = stored_program(&reader)?;
        let most = usize::try_from(self.most).unwrap_or(usize::MAX);
        let span = Span { since, journey: self.journey.as_deref(), most };
        let mut progress = Progress::begin("judging messages");
        let found = regrets(&reader, &program, span, &mut |judged| progress.at(judged, 0))?;
        progress.end();
        print.result(&found.to_json(), || told(&found, &program))?;
        Ok(Ending::Well)
    }
}

fn told(found: &Regrets, program: &Program) -> String {
    let mut text = format!(
        "{} judged, {} should not have gone",
        words::count(found.judged, "message"),
        words::number(found.regretted.len() as u64),
    );
    if found.left_out > 0 {
        let _ = write!(text, "; {} cannot be judged any more", words::number(found.left_out));
    }
    if found.more {
        text.push_str("; older ones were not asked for");
    }
    for (of, sum) in found.by_cause() {
        let cost = costs(", ", &sum.money);
        let _ = write!(text, "\n  {}: {}{cost}", cause(of, Kind::Only), words::number(sum.number));
    }
    for regretted in &found.regretted {
        let _ = write!(text, "\n\n{}", one(regretted, program));
    }
    text
}

/// One message, in two lines.
fn one(regretted: &Regretted, program: &Program) -> String {
    let message = &regretted.message;
    let cost = costs("; it cost ", &regretted.regret.cost);
    format!(
        "{}  {} / {} to person {}\n  {}{cost}\n  {}",
        words::minute(message.claimed_at, program),
        message.journey,
        message.step,
        message.person,
        cause(&regretted.regret.cause, Kind::WithPlace),
        regretted.regret.reason.text(),
    )
}

/// What something cost, with words before it; nothing where it cost nothing.
fn costs(before: &str, money: &[Money]) -> String {
    let money: Vec<String> = money.iter().map(ToString::to_string).collect();
    if money.is_empty() { String::new() } else { format!("{before}{}", money.join(" and ")) }
}

#[derive(Clone, Copy)]
enum Kind {
    Only,
    WithPlace,
}

fn cause(cause: &Cause, kind: Kind) -> String {
    match (cause, kind) {
        (Cause::LateSource { .. }, Kind::Only) => "a source told too late".to_owned(),
        (Cause::LateSource { feed, late_ms }, Kind::WithPlace) => {
            let feed = if feed.feed.is_empty() {
                feed.source.clone()
            } else {
                format!("{} of {}", feed.feed, feed.source)
            };
            format!("{feed} told {} after it happened", lasting(rounded(*late_ms)))
        }
        (Cause::MissingLink, _) => "that it was the same person was learned too late".to_owned(),
        (Cause::UnderstoodLater, _) => "it was understood later".to_owned(),
        (Cause::NoExitRule, _) => "the journey has no rule that stops it".to_owned(),
    }
}

/// A lateness in the largest unit that it holds twice.
fn rounded(ms: i64) -> i64 {
    let unit = [DAY, HOUR, MINUTE].into_iter().find(|unit| ms >= 2 * unit).unwrap_or(SECOND);
    ((ms + unit / 2) / unit).max(1) * unit
}
