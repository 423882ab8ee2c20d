//! Decisions in plain words, as the command line and the scenarios show them.
//!
//! Addresses are part of the words: print them, never log them.

use jiff::tz::TimeZone;
use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::identity::PersonId;
use regulars_engine::reason::{Fact, Reason};
use regulars_engine::time::Timestamp;

/// `16 Nov 2026 14:05`, in `zone`; seconds only where there are some.
#[must_use]
pub fn moment(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.in_zone(zone);
    let form = if local.second() == 0 { "%-d %b %Y %H:%M" } else { "%-d %b %Y %H:%M:%S" };
    local.strftime(form).to_string()
}

/// How much of its reasons a decision on one line tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// What kind of reasons they are.
    Short,
    /// The facts behind them too.
    WithFacts,
}

/// A decision on one line: when, what, whom it concerns, and why.
///
/// `name` says what to call a person.
#[must_use]
pub fn decision_line(
    decision: &Decision,
    zone: &TimeZone,
    name: &dyn Fn(PersonId) -> String,
    told: Told,
) -> String {
    let reasons = decision.reasons.iter().map(|reason| match told {
        Told::Short => reason.code.words().to_owned(),
        Told::WithFacts => reason.text(),
    });
    let reasons: Vec<String> = reasons.map(|text| text.trim_end_matches('.').to_owned()).collect();
    let mut line = headline(decision, zone, name);
    if !reasons.is_empty() {
        let between = if told == Told::Short { "; " } else { ". " };
        line.push_str(": ");
        line.push_str(&reasons.join(between));
        line.push('.');
    }
    line
}

/// A decision with every reason and every fact behind it, a line each.
#[must_use]
pub fn why_lines(
    decision: &Decision,
    zone: &TimeZone,
    name: &dyn Fn(PersonId) -> String,
) -> Vec<String> {
    let mut lines = vec![headline(decision, zone, name)];
    for reason in &decision.reasons {
        lines.push(format!("- {}", reason_words(reason, name)));
        lines.extend(reason.facts.iter().map(|fact| format!("  . {}", fact_words(fact, zone))));
    }
    lines
}

fn headline(decision: &Decision, zone: &TimeZone, name: &dyn Fn(PersonId) -> String) -> String {
    let mut line = format!(
        "{}  {:<7} {}  {}",
        moment(decision.at, zone),
        decision.verdict.word(),
        name(decision.person),
        decision.journey
    );
    if !decision.step.is_empty() {
        line.push_str(" / ");
        line.push_str(&decision.step);
    }
    if let Some(recipient) = &decision.recipient {
        line.push_str(" to ");
        line.push_str(recipient.value());
    }
    if !decision.products.is_empty() {
        line.push_str(" about ");
        line.push_str(&decision.products.join(", "));
    }
    if decision.verdict == Verdict::Hold
        && let Some(until) = decision.until
    {
        line.push_str(" until ");
        line.push_str(&moment(until, zone));
    }
    line
}

fn reason_words(reason: &Reason, name: &dyn Fn(PersonId) -> String) -> String {
    match reason.person {
        Some(person) => format!("{} ({})", reason.code.words(), name(person)),
        None => reason.code.words().to_owned(),
    }
}

fn fact_words(fact: &Fact, zone: &TimeZone) -> String {
    match fact.at {
        Some(at) => format!("{}, {}", fact.text(), moment(at, zone)),
        None => fact.text(),
    }
}
