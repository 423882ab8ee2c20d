//! The rules of identity that are in force, as the API and the command line show them.

use std::fmt::Write;

use regulars_engine::identity::{IdentifierKind, IdentityRules};
use regulars_engine::time::DAY;
use serde_json::{Value, json};

/// Every kind of identifier with its limits, in the order in which evidence counts, and what stands
/// for nobody.
#[must_use]
pub fn rules_json(rules: &IdentityRules) -> Value {
    let kinds = rules.all_kinds().into_iter().map(|kind| {
        let limits = rules.limits(&kind);
        json!({
            "kind": kind.word(),
            "class": kind.class().word(),
            "priority": rules.place(&kind),
            "per_person": limits.per_person_max,
            "logins": limits.unique_seen_max,
            "contacts": limits.contacts_seen_max,
            "seen_with": rules.seen_with_max(&kind),
            "idle_seconds": limits.idle_ms.map(|ms| ms / 1_000),
        })
    });
    let blocked = rules.blocked.iter().map(|(kind, rule)| {
        json!({ "kind": kind.as_ref().map(IdentifierKind::word), "value": rule.to_string() })
    });
    json!({ "kinds": kinds.collect::<Vec<_>>(), "blocked": blocked.collect::<Vec<_>>() })
}

/// The same as a table.
#[must_use]
pub fn rules_text(rules: &IdentityRules) -> String {
    let mut text = format!(
        "{:<16}{:<10}{:>8}{:>12}{:>8}{:>10}  {}\n",
        "kind", "class", "priority", "per person", "logins", "contacts", "given on after"
    );
    for kind in rules.all_kinds() {
        let limits = rules.limits(&kind);
        let place = rules.place(&kind).map_or_else(|| "-".to_owned(), |place| place.to_string());
        let logins = rules.seen_with_max(&kind).unwrap_or(limits.unique_seen_max);
        let idle = match limits.idle_ms {
            None => "never".to_owned(),
            Some(0) => "at once".to_owned(),
            Some(ms) if ms % DAY == 0 => format!("{} days", ms / DAY),
            Some(ms) => format!("{} hours", ms / (DAY / 24)),
        };
        let _ = writeln!(
            text,
            "{:<16}{:<10}{place:>8}{:>12}{logins:>8}{:>10}  {idle}",
            kind.word(),
            kind.class().word(),
            limits.per_person_max,
            limits.contacts_seen_max,
        );
    }
    let _ = write!(text, "\n{} values and shapes stand for nobody", rules.blocked.len());
    for (kind, rule) in &rules.blocked {
        let _ = write!(text, "\n  {}: {rule}", kind.as_ref().map_or("any", IdentifierKind::word));
    }
    text
}
