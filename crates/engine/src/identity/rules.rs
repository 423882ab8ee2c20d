//! The rules of identity: which values count, and how many of them make sense.

use super::{Class, Identifier, IdentifierKind};

const DAY_MS: i64 = 86_400_000;

/// Limits of one kind, in both directions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindRule {
    /// The most values of this kind one person may have; one more is a contradiction.
    pub per_person_max: u32,
    /// The most values of a unique kind that may be seen directly with one value of this kind
    /// before it counts as shared and joins nobody.
    pub unique_seen_max: u32,
    /// The most contacts that may be seen directly with one value of this kind, where no unique
    /// one is, before it counts as shared.
    pub contacts_seen_max: u32,
    /// How long nobody must have been seen with a value, in milliseconds, before another person's
    /// use of it says that it was given to somebody else; `None`: it never is.
    pub idle_ms: Option<i64>,
}

/// A value, or a shape of values, that stands for nobody: what a cashier types to get on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// Exactly this value, after normalisation.
    Exact(String),
    /// Every value that begins so.
    Prefix(String),
    /// Every value that ends so.
    Suffix(String),
    /// Every value that is one character, repeated.
    Repeated(char),
}

impl Blocked {
    fn meets(&self, value: &str) -> bool {
        match self {
            Self::Exact(text) => value.eq_ignore_ascii_case(text),
            Self::Prefix(text) => value.starts_with(text.as_str()),
            Self::Suffix(text) => value.ends_with(text.as_str()),
            Self::Repeated(sign) => value
                .strip_prefix('+')
                .unwrap_or(value)
                .chars()
                .all(|c| c.to_ascii_lowercase() == *sign),
        }
    }
}

/// Everything identity depends on beside the evidence itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityRules {
    /// Kinds of the shop's own, by word, with their class.
    pub kinds: Vec<(String, Class)>,
    /// Values that stand for nobody, by kind (`None`: of every kind).
    pub blocked: Vec<(Option<IdentifierKind>, Blocked)>,
    /// Limits that differ from the defaults.
    pub limits: Vec<(IdentifierKind, KindRule)>,
    /// Kinds of which a value is shared as soon as more than so many values of a unique kind were
    /// seen with it, however many of those a person may have.
    pub seen_with: Vec<(IdentifierKind, u32)>,
}

impl Default for IdentityRules {
    fn default() -> Self {
        let email = |text: &str| (Some(IdentifierKind::Email), Blocked::Prefix(text.to_owned()));
        let word = |text: &str| (None, Blocked::Exact(text.to_owned()));
        let mut blocked = vec![
            email("test@"),
            email("noreply@"),
            email("no-reply@"),
            email("none@"),
            email("no@"),
            email("nomail@"),
            email("noemail@"),
            email("xxx@"),
            email("asdf@"),
            (None, Blocked::Repeated('0')),
            (None, Blocked::Repeated('-')),
            (None, Blocked::Repeated('.')),
            (None, Blocked::Repeated('x')),
        ];
        for text in [
            "null",
            "undefined",
            "none",
            "nan",
            "n/a",
            "na",
            "unknown",
            "anonymous",
            "guest",
            "test",
            "true",
            "false",
            "[object object]",
            "nil",
            "(null)",
            "anonymous_user",
            "not set",
            "(not set)",
            "00000000-0000-0000-0000-000000000000",
        ] {
            blocked.push(word(text));
        }
        for digit in '1'..='9' {
            blocked.push((Some(IdentifierKind::Phone), Blocked::Repeated(digit)));
        }
        for phone in ["123456", "1234567", "12345678", "123456789", "1234567890"] {
            blocked.push((Some(IdentifierKind::Phone), Blocked::Exact(phone.to_owned())));
        }
        Self { kinds: Vec::new(), blocked, limits: Vec::new(), seen_with: Vec::new() }
    }
}

impl IdentityRules {
    /// The kind of this word: built in, defined by the shop, or else a unique one.
    #[must_use]
    pub fn kind(&self, word: &str) -> IdentifierKind {
        match self.kinds.iter().find(|(defined, _)| defined == word) {
            Some((_, class)) => IdentifierKind::custom(*class, word.to_owned()),
            None => IdentifierKind::parse(word),
        }
    }

    /// Whether the value stands for nobody; of a phone number in any form in which it may have been
    /// typed. Cost: one pass over the rules.
    #[must_use]
    pub fn blocks(&self, identifier: &Identifier) -> bool {
        let typed = identifier.at_home();
        self.blocked.iter().any(|(kind, rule)| {
            kind.as_ref().is_none_or(|kind| *kind == identifier.kind)
                && (rule.meets(identifier.value()) || typed.iter().any(|form| rule.meets(form)))
        })
    }

    /// The limits of `kind`.
    #[must_use]
    pub fn limits(&self, kind: &IdentifierKind) -> KindRule {
        if let Some((_, rule)) = self.limits.iter().find(|(listed, _)| listed == kind) {
            return *rule;
        }
        let (per_person_max, unique_seen_max, contacts_seen_max, idle_days) = match kind {
            // Two logins, or two customer numbers, are two people until somebody says otherwise.
            IdentifierKind::UserId
            | IdentifierKind::CustomerId
            | IdentifierKind::CustomUnique(_) => (1, 1, 10, None),
            // Cards get lost and replaced.
            IdentifierKind::LoyaltyId => (3, 1, 10, None),
            // An address seen with two logins is a household's, unless one came long after the
            // other: networks give a number to somebody else after half a year at the latest.
            IdentifierKind::Email | IdentifierKind::Phone | IdentifierKind::CustomContact(_) => {
                (5, 1, 5, Some(180))
            }
            // A second login makes a device one that changes hands: see `partition`.
            IdentifierKind::AnonymousId
            | IdentifierKind::DeviceId
            | IdentifierKind::CartToken
            | IdentifierKind::CustomDevice(_) => (200, 1, 5, Some(0)),
            IdentifierKind::PaymentCard | IdentifierKind::CustomHint(_) => (10, 1, 3, None),
        };
        KindRule {
            per_person_max,
            unique_seen_max,
            contacts_seen_max,
            idle_ms: idle_days.map(|days: i64| days * DAY_MS),
        }
    }

    /// The most values of the unique kind `seen` that may stand directly beside a value of `kind`:
    /// a person may well have two loyalty cards with one address.
    #[must_use]
    pub fn unique_seen_max(&self, kind: &IdentifierKind, seen: &IdentifierKind) -> u32 {
        debug_assert_eq!(seen.class(), Class::Unique, "fan-out counts unique kinds");
        if let Some((_, most)) = self.seen_with.iter().find(|(listed, _)| listed == kind) {
            return *most;
        }
        self.limits(kind).unique_seen_max.max(self.limits(seen).per_person_max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cashier_types_to_get_on_stands_for_nobody() {
        let rules = IdentityRules::default();
        let blocked = |kind, value| {
            Identifier::new(kind, value).is_none_or(|identifier| rules.blocks(&identifier))
        };
        assert!(blocked(IdentifierKind::Email, "TEST@test.com"));
        assert!(blocked(IdentifierKind::Phone, "000 000 000"));
        assert!(blocked(IdentifierKind::Phone, "+34 999 999 999"));
        assert!(blocked(IdentifierKind::Phone, "+49 1234567890"));
        assert!(!blocked(IdentifierKind::Phone, "+34 610 000 043"));
        assert!(blocked(IdentifierKind::UserId, "undefined"));
        assert!(blocked(IdentifierKind::LoyaltyId, "0000"));
        assert!(!blocked(IdentifierKind::Email, "maria@example.com"));
    }
}
