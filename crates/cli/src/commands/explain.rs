//! `explain`: a person, why they are one person, what was decided about them, and what would be now.

use std::fmt::Write;

use clap::Args;
use regulars_engine::identity::Ties;
use regulars_server::clock;
use regulars_server::explain::{Explained, explain};
use regulars_server::ui::{Language, WhoWords};

use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::store;
use crate::whom::{Whom, gone};
use crate::words::{self, Print};

/// Explain a person: why these records are one person, where they stand in journeys, what was
/// decided and why, and what would be decided now. Works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct Explain {
    #[command(flatten)]
    whom: Whom,
    /// Decide as if it were this moment, on what is known.
    #[arg(long, value_name = "TIME")]
    at: Option<String>,
    /// How many of the last decisions are shown.
    #[arg(long, default_value_t = 20)]
    decisions: usize,
    #[command(flatten)]
    dir: DataDir,
}

impl Explain {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let at = self.at.as_deref().map(words::moment).transpose()?.unwrap_or_else(clock::now);
        let identifier = self.whom.held(&reader)?;
        let explained = explain(&reader, &identifier, at, self.decisions)?;
        let explained = explained.ok_or_else(gone)?;
        print.result(&explained.to_json(), || to_text(&explained))?;
        Ok(Ending::Well)
    }
}

fn to_text(explained: &Explained) -> String {
    let Explained { record, program, .. } = explained;
    let name = record.display_name();
    let mut text = format!(
        "{}  ({}, {}, {})\n",
        name.clone().unwrap_or_else(|| "Nobody has said a name".to_owned()),
        record.id(),
        words::count(record.profile.events, "event"),
        counted(record.profile.orders.by_key.len(), "order"),
    );
    for node in &record.evidence.nodes {
        let _ = writeln!(text, "  {:<14}{}", node.identifier.kind.word(), node.identifier.value());
    }
    text.push_str("\nWhy this is one person\n");
    why(&mut text, explained);
    text.push_str("\nDecisions, the latest first\n");
    for decision in &explained.decided {
        text.push_str(&words::decision_lines(decision, name.as_deref(), program, "  "));
    }
    if explained.decided.is_empty() {
        text.push_str("  none\n");
    }
    let _ = write!(
        text,
        "\nIf the next message were due at {}\n",
        words::minute(explained.at, program)
    );
    next_messages(&mut text, explained);
    on_site(&mut text, explained);
    text.trim_end().to_owned()
}

fn why(text: &mut String, Explained { record, alike, program, .. }: &Explained) {
    for edge in &record.evidence.edges {
        let joins = record.evidence.holds(&edge.strong) && record.evidence.holds(&edge.weak);
        let how = match (edge.ties, joins) {
            (Ties::Seen, true) => "seen together",
            (Ties::Seen, false) => "seen together, but shared: it joins nobody",
            (Ties::AssertedSame, _) => "staff say that they are the same person",
            (Ties::AssertedApart, _) => "staff say that they are not the same person",
            (Ties::TakenBack, _) => "staff took back what they said of the two",
            (Ties::Unsure, _) => "staff could not tell",
            (Ties::HomeSame, _) => "staff say that they live together",
            (Ties::HomeApart, _) => "staff say that they do not live together",
            (Ties::HomeTakenBack, _) => "staff took back what they said of where they live",
        };
        let _ = writeln!(
            text,
            "  {} {} and {} {}: {how}, {} to {}",
            edge.strong.kind.word(),
            edge.strong.value(),
            edge.weak.kind.word(),
            edge.weak.value(),
            words::minute(edge.first_at, program),
            words::minute(edge.last_at, program),
        );
    }
    let words = WhoWords::new(Language::English, program);
    for tied in alike {
        let _ = writeln!(text, "  {}", words.tied(tied));
    }
    if record.evidence.edges.is_empty() && alike.is_empty() {
        text.push_str("  one identifier alone\n");
    }
}

fn next_messages(text: &mut String, explained: &Explained) {
    let Explained { program, would, .. } = explained;
    for would in would {
        let due = would.due_at.map(|due| format!(" until {}", words::minute(due, program)));
        let _ = writeln!(
            text,
            "  {}  in it since {}, stands at {}{}",
            would.journey,
            words::minute(would.entered_at, program),
            would.stands_at,
            due.unwrap_or_default(),
        );
        match &would.decision {
            Some(decision) => {
                let name = explained.record.display_name();
                text.push_str(&words::decision_lines(decision, name.as_deref(), program, "    "));
            }
            None => text.push_str("  no message follows\n"),
        }
    }
    if would.is_empty() {
        text.push_str("  in no journey\n");
    }
}

/// What the shop's own site would show whoever signs in as the person.
fn on_site(text: &mut String, explained: &Explained) {
    let Explained { program, site, at, .. } = explained;
    if !site.is_empty() {
        let _ = writeln!(text, "\nOn the site at {}", words::minute(*at, program));
    }
    for shown in site {
        let name = explained.record.display_name();
        let until = words::minute(shown.until, program);
        let _ = writeln!(text, "  in slot {} until {until}", shown.slot);
        text.push_str(&words::decision_lines(&shown.decision, name.as_deref(), program, "    "));
    }
}

fn counted(number: usize, noun: &str) -> String {
    words::count(u64::try_from(number).unwrap_or(u64::MAX), noun)
}
