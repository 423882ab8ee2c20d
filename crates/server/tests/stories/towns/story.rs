//! What went wrong, told so that somebody can see why: who it was, what was known, what was claimed.

use std::fmt::Write;

use regulars_engine::decision::Decision;
use regulars_engine::record::Record;
use regulars_engine::time::Timestamp;
use serde_json::Value;

use super::Setting;
use crate::play::Told;
use crate::second_opinion::known_by;

/// So many of the person's lines are told, the last ones.
const LINES: usize = 30;

/// The story of a claim that was forbidden.
pub(super) fn tell(
    setting: &Setting,
    told: &Told,
    record: &Record,
    (decision, wrong, lately): (&Decision, &str, Vec<String>),
) -> String {
    let (own, shared) = known_by(record);
    let names = |names: &std::collections::BTreeSet<regulars_engine::identity::Identifier>| {
        let names = names.iter().map(|name| format!("{} {}", name.kind.word(), name.value()));
        names.collect::<Vec<_>>().join(", ")
    };
    let mut story = format!("{wrong}\n{}\n", decision.to_json());
    writeln!(story, "known by: {}", names(&own)).unwrap();
    writeln!(story, "shared with others: {}", names(&shared)).unwrap();
    for row in &record.enrollments {
        writeln!(story, "in {} since {}: {:?}", row.journey, row.entered_at, row.state).unwrap();
    }
    writeln!(story, "claimed before:").unwrap();
    lately.iter().for_each(|gone| writeln!(story, "  {gone}").unwrap());
    let lines = told.of(own.iter().chain(&shared));
    // What it is about, by its judge too, stands in quotes.
    let about: Vec<&str> = wrong.split('"').skip(1).step_by(2).collect();
    let tells = |line: &&&Value| {
        let text = line["properties"].to_string();
        about.iter().any(|product| text.contains(&format!("\"{product}\"")))
    };
    writeln!(
        story,
        "known of her, the last of {} lines, after those on what it is about:",
        lines.len()
    )
    .unwrap();
    let (earlier, last) = lines.split_at(lines.len().saturating_sub(LINES));
    for line in earlier.iter().filter(tells).chain(last) {
        writeln!(story, "  {}", brief(line)).unwrap();
    }
    story + &again(setting)
}

/// The story of what must not happen to whomever.
pub(super) fn happened(setting: &Setting, now: Timestamp, words: &str) -> String {
    format!("at {now}: {words}\n{}", again(setting))
}

fn again(setting: &Setting) -> String {
    let Setting { seed, people, days, .. } = setting;
    format!("again: cargo xtask towns --seed {seed} --towns 1 --days {days} --people {people}")
}

/// A line in few words.
fn brief(line: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let what = if line["event"].is_string() { &line["event"] } else { &line["type"] };
    let mut brief = format!(
        "received {}, said {}: {} {} by {}{}",
        text(&line["receivedAt"]),
        text(&line["timestamp"]),
        text(what),
        text(&line["feed"]),
        text(&line["source"]),
        text(&line["context"]["timezone"]),
    );
    for key in ["userId", "anonymousId", "properties", "traits"] {
        if !line[key].is_null() {
            write!(brief, " {}", line[key]).unwrap();
        }
    }
    brief.chars().take(400).collect()
}
