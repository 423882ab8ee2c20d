//! What goes to stdout: text for people, or one JSON value a line for programs.

use std::io::Write;

use regulars_engine::decision::Decision;
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_server::ui::Language;
use regulars_server::words::{Told, decision_line, why_lines};
use serde_json::Value;

use crate::ending::Wrong;

/// Who did what was done by a command, in the log.
pub(crate) const BY: &str = "command line";

/// How results are printed.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Print {
    /// As JSON.
    pub(crate) json: bool,
}

impl Print {
    /// Prints a result: as a line of JSON, or as what `text` says.
    pub(crate) fn result(self, json: &Value, text: impl FnOnce() -> String) -> anyhow::Result<()> {
        if self.json { line(&json.to_string()) } else { line(&text()) }
    }
}

/// Prints a line.
pub(crate) fn line(text: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")?;
    out.flush()?;
    Ok(())
}

/// A moment as a marketer reads it, to the minute in the shop's zone: `2026-11-16 18:47`.
pub(crate) fn minute(at: Timestamp, program: &Program) -> String {
    at.in_zone(&program.shop.zone).strftime("%Y-%m-%d %H:%M").to_string()
}

/// A decision on one line, about somebody whose name may be known, with the facts behind it.
pub(crate) fn decision(decision: &Decision, name: Option<&str>, program: &Program) -> String {
    let who = |person| name.map_or_else(|| format!("person {person}"), str::to_owned);
    decision_line(decision, &program.shop.zone, &who, Told::WithFacts)
}

/// A decision about somebody whose name may be known, with every fact behind it on a line of its own: when it
/// was, too. Each line begins with `indent`.
pub(crate) fn decision_lines(
    decision: &Decision,
    name: Option<&str>,
    program: &Program,
    indent: &str,
) -> String {
    let who = |person| name.map_or_else(|| format!("person {person}"), str::to_owned);
    let lines = why_lines(decision, &program.shop.zone, &who);
    lines.iter().fold(String::new(), |text, line| text + indent + line + "\n")
}

/// A moment that somebody wrote on the command line.
pub(crate) fn moment(text: &str) -> Result<Timestamp, Wrong> {
    let at: jiff::Timestamp = text.parse().map_err(|_| {
        let message = format!("\"{text}\" is not a moment");
        Wrong::called(message, "write one such as 2026-11-16T18:47:00Z")
    })?;
    Ok(Timestamp(at.as_millisecond()))
}

/// A language that somebody chose on the command line.
pub(crate) fn language(code: &str) -> Result<Language, Wrong> {
    Language::parse(code).ok_or_else(|| {
        let message = format!("\"{code}\" is no language of the program");
        Wrong::called(message, "write en, es or ru")
    })
}

/// A number with its thousands apart: `541,909`.
pub(crate) fn number(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number and its noun: `1 line`, `2 lines`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{} {noun}{s}", self::number(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_stand_apart() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(541_909), "541,909");
        assert_eq!(count(1, "line"), "1 line");
    }
}
