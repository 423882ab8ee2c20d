//! Hiding what is of others in what is shown to a person.

use std::collections::BTreeSet;

use regulars_engine::identity::{Class, Edge, Identifier, IdentifierKind, Ties};
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use serde_json::Value;

/// What stands in place of an identifier of somebody else.
const HIDDEN: &str = "***";

/// The identifiers that are a person's own, or were seen in use by the person.
#[derive(Debug)]
pub struct Own {
    identifiers: BTreeSet<Identifier>,
}

impl Own {
    /// Of a person, and beside them the address that the shop itself writes from.
    #[must_use]
    pub fn of(record: &Record, program: &Program) -> Self {
        let held = record.evidence.nodes.iter().map(|node| node.identifier.clone());
        let used = record.evidence.edges.iter().filter(|edge| used_by(record, edge));
        let shop = Identifier::new(IdentifierKind::Email, &program.shop.from_email);
        let used = used.map(|edge| edge.weak.clone());
        Self { identifiers: held.chain(used).chain(shop).collect() }
    }

    /// Whether an identifier may be shown.
    #[must_use]
    pub fn holds(&self, identifier: &Identifier) -> bool {
        self.identifiers.contains(identifier)
    }

    /// Whether a text names the person: one of their logins, addresses, numbers or cards stands in it
    /// as a word of its own.
    #[must_use]
    pub fn named_in(&self, text: &str) -> bool {
        let lower = text.to_lowercase();
        let personal = self.identifiers.iter().filter(|one| one.kind.class() != Class::Hint);
        personal.map(|one| one.value().to_lowercase()).any(|value| {
            lower.match_indices(&value).any(|(at, _)| {
                let before = lower[..at].chars().next_back();
                let after = lower[at + value.len()..].chars().next();
                !before.is_some_and(of_identifier) && !after.is_some_and(of_identifier)
            })
        })
    }

    /// Hides addresses and telephone numbers of others in every text of a value.
    pub fn hide(&self, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(hidden) = self.hidden(text) {
                    *text = hidden;
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.hide(item)),
            Value::Object(map) => map.values_mut().for_each(|item| self.hide(item)),
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    /// The text without identifiers of others; `None` if there are none in it.
    fn hidden(&self, text: &str) -> Option<String> {
        let mut shown = String::with_capacity(text.len());
        let mut changed = false;
        for word in text.split_inclusive(|sign: char| !of_identifier(sign)) {
            let cut = word.find(|sign: char| !of_identifier(sign)).unwrap_or(word.len());
            let (core, rest) = word.split_at(cut);
            let theirs = named(core.trim_matches('.')).is_some_and(|one| !self.holds(&one));
            changed |= theirs;
            shown.push_str(if theirs { HIDDEN } else { core });
            shown.push_str(rest);
        }
        changed.then_some(shown)
    }
}

/// Whether a tie says that the person used what is at its other end, such as a shared telephone.
pub(super) fn used_by(record: &Record, edge: &Edge) -> bool {
    edge.ties == Ties::Seen && record.evidence.holds(&edge.strong)
}

fn of_identifier(sign: char) -> bool {
    sign.is_alphanumeric() || matches!(sign, '@' | '.' | '_' | '%' | '+' | '-')
}

/// The address or international number that a word is.
fn named(word: &str) -> Option<Identifier> {
    /// Fewer digits reach nobody from abroad.
    const DIGITS_MIN: usize = 8;
    if word.contains('@') {
        return Identifier::new(IdentifierKind::Email, word);
    }
    let digits = word.strip_prefix('+')?.bytes().filter(u8::is_ascii_digit).count();
    if digits < DIGITS_MIN {
        return None;
    }
    Identifier::new(IdentifierKind::Phone, word)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn own() -> Own {
        let identifier = |kind, value| Identifier::new(kind, value).unwrap();
        let identifiers = [
            identifier(IdentifierKind::Email, "maria@example.com"),
            identifier(IdentifierKind::Phone, "+34600111222"),
        ];
        Own { identifiers: identifiers.into() }
    }

    #[test]
    fn a_text_names_the_person_by_a_whole_word() {
        assert!(own().named_in("{\"email\":\"MARIA@example.com\"}"));
        assert!(!own().named_in("{\"email\":\"anamaria@example.com\"}"));
        assert!(!own().named_in("{\"email\":\"maria@example.com.br\"}"));
    }

    #[test]
    fn identifiers_of_others_are_hidden_wherever_they_stand() {
        let mut value = json!({
            "note": "Maria@Example.com asked for eva@example.com, and eva@example.com.",
            "list": ["+34 is a code", "call +34600999888 or +34600111222", 7],
            "raw": "{\"email\":\"eva@example.com\",\"friend\":\"maria@example.com\"}",
        });
        own().hide(&mut value);
        let expected = json!({
            "note": "Maria@Example.com asked for ***, and ***",
            "list": ["+34 is a code", "call *** or +34600111222", 7],
            "raw": "{\"email\":\"***\",\"friend\":\"maria@example.com\"}",
        });
        assert_eq!(value, expected);
    }
}
