//! The rules of identity that are in force, as the API and the command line show them.

use std::fmt::Write;

use regulars_engine::identity::{IdentifierKind, IdentityRules};
use regulars_engine::time::lasting;
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
    let kinds = rules.all_kinds();
    let width = kinds.iter().map(|kind| kind.word().chars().count() + 2).fold(16, usize::max);
    let mut text = format!(
        "{:<width$}{:<10}{:>8}{:>12}{:>8}{:>10}  {}\n",
        "kind", "class", "priority", "per person", "logins", "contacts", "given on after"
    );
    for kind in kinds {
        let limits = rules.limits(&kind);
        let place = rules.place(&kind).map_or_else(|| "-".to_owned(), |place| place.to_string());
        let logins = rules.seen_with_max(&kind).unwrap_or(limits.unique_seen_max);
        let idle = match limits.idle_ms {
            None => "never".to_owned(),
            Some(0) => "at once".to_owned(),
            Some(ms) => lasting(ms),
        };
        let _ = writeln!(
            text,
            "{:<width$}{:<10}{place:>8}{:>12}{logins:>8}{:>10}  {idle}",
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
