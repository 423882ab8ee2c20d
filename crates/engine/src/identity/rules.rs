//! The rules of identity: which values count, how many of them make sense, and which evidence counts
//! first.

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
    /// Every value of this shape.
    Shape(Shape),
    /// Every value that is one character, repeated.
    Repeated(char),
}

impl Blocked {
    fn meets(&self, value: &str) -> bool {
        match self {
            Self::Exact(text) => value.eq_ignore_ascii_case(text),
            Self::Shape(shape) => shape.is_met(value),
            Self::Repeated(sign) => value
                .strip_prefix('+')
                .unwrap_or(value)
                .chars()
                .all(|c| c.to_ascii_lowercase() == *sign),
        }
    }
}

/// As definitions write it.
impl std::fmt::Display for Blocked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Exact(text) => f.write_str(text),
            Self::Shape(shape) => shape.fmt(f),
            Self::Repeated(sign) => write!(f, "^{sign}+$"),
        }
    }
}

/// What values look like: texts with stars between them, each of which stands for anything. They occur in
/// this order, the first at the beginning and the last at the end; as in [`Blocked::Exact`], capital
/// letters do not count. Taken apart once, since every identifier of every event is held against it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    begin: String,
    middle: Vec<String>,
    end: String,
}

impl Shape {
    /// Reads `till-*@shop.example`; `None`: there is no star.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (begin, rest) = text.split_once('*')?;
        let (middle, end) = rest.rsplit_once('*').unwrap_or(("", rest));
        let parts = middle.split('*').filter(|part| !part.is_empty());
        let middle = parts.map(str::to_owned).collect();
        Some(Self { begin: begin.to_owned(), middle, end: end.to_owned() })
    }

    /// Whether a value is of this shape. What stands between two stars is looked for as early as it can
    /// be: that leaves most room for what follows, so that nothing need be tried again.
    fn is_met(&self, value: &str) -> bool {
        let is = |found: &[u8], text: &str| found.eq_ignore_ascii_case(text.as_bytes());
        let Some((begin, rest)) = value.as_bytes().split_at_checked(self.begin.len()) else {
            return false;
        };
        if !is(begin, &self.begin) {
            return false;
        }
        let inner = rest.len().checked_sub(self.end.len()).map(|at| rest.split_at(at));
        let Some((mut left, end)) = inner else { return false };
        is(end, &self.end)
            && self.middle.iter().all(|part| {
                let found = left.windows(part.len()).position(|window| is(window, part));
                left = found.map_or(&[], |at| &left[at + part.len()..]);
                found.is_some()
            })
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}*", self.begin)?;
        self.middle.iter().try_for_each(|part| write!(f, "{part}*"))?;
        f.write_str(&self.end)
    }
}

/// How early evidence of a kind counts, the earliest first: by class, then by the shop's priority.
pub(super) type Rank = (Class, usize);

/// Everything identity depends on beside the evidence itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdentityRules {
    /// Kinds of the shop's own, by word, with their class.
    pub kinds: Vec<(String, Class)>,
    /// Within each class, the kinds whose evidence counts first, the first of them first. Where what was
    /// seen contradicts itself or a limit leaves no room for all of it, the rest gives way. Kinds that
    /// are not listed follow those of their class that are, alike among themselves.
    pub priority: Vec<IdentifierKind>,
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
        let email = |text: &str| {
            let shape = Shape { begin: text.to_owned(), ..Shape::default() };
            (Some(IdentifierKind::Email), Blocked::Shape(shape))
        };
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
        let (kinds, priority, limits) = (Vec::new(), Vec::new(), Vec::new());
        Self { kinds, priority, blocked, limits, seen_with: Vec::new() }
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

    /// The place of a kind in the shop's priority, from 1; `None`: it is not listed.
    #[must_use]
    pub fn place(&self, kind: &IdentifierKind) -> Option<usize> {
        self.priority.iter().position(|listed| listed == kind).map(|index| index + 1)
    }

    /// How early evidence of a kind counts.
    pub(super) fn rank(&self, kind: &IdentifierKind) -> Rank {
        (kind.class(), self.place(kind).unwrap_or(usize::MAX))
    }

    /// Every kind that the shop has, in the order in which evidence of it counts: what is built in,
    /// what is defined, and what limits or the priority name.
    #[must_use]
    pub fn all_kinds(&self) -> Vec<IdentifierKind> {
        let defined =
            self.kinds.iter().map(|(word, class)| IdentifierKind::custom(*class, word.clone()));
        let limited = self.limits.iter().map(|(kind, _)| kind.clone());
        let mut all: Vec<IdentifierKind> = (IdentifierKind::BUILT_IN.into_iter())
            .chain(defined)
            .chain(limited)
            .chain(self.priority.iter().cloned())
            .collect();
        all.sort_unstable_by(|one, other| (self.rank(one), one).cmp(&(self.rank(other), other)));
        all.dedup();
        all
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
        let usual = || self.limits(kind).unique_seen_max.max(self.limits(seen).per_person_max);
        self.seen_with_max(kind).unwrap_or_else(usual)
    }

    /// The most unique values that a value of `kind` may be seen with, however many of those a person
    /// may have; `None`: the limits of both kinds say it.
    #[must_use]
    pub fn seen_with_max(&self, kind: &IdentifierKind) -> Option<u32> {
        self.seen_with.iter().find(|(listed, _)| listed == kind).map(|(_, most)| *most)
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

    #[test]
    fn a_shape_is_met_whatever_stands_for_its_stars() {
        let meets = |text: &str, value: &str| {
            let shape = Shape::read(text).expect("it has a star");
            assert_eq!(shape.to_string(), text);
            shape.is_met(value)
        };
        for (shape, value) in [
            ("test@*", "test@shop.es"),
            ("*@shop.es", "till@shop.es"),
            ("till-*@shop.es", "till-7@shop.es"),
            ("*dummy*", "a-dummy-b"),
            ("*Dummy*", "a-dUMMY-b"),
            ("Señor*", "señor x"),
            ("a*b*a", "abba"),
            ("a*a*a", "aaa"),
            ("*", "anything"),
        ] {
            assert!(meets(shape, value), "{value} is of {shape}");
        }
        for (shape, value) in [
            ("test@*", "latest@shop.es"),
            ("*@shop.es", "till@shop.eso"),
            ("till-*@shop.es", "till-@other.es"),
            ("ab*ba", "aba"),
            ("a*b*a", "aba-b"),
            ("a*a*a", "aa"),
            ("abc*", "ab"),
        ] {
            assert!(!meets(shape, value), "{value} is not of {shape}");
        }
        assert_eq!(Shape::read("no star"), None);
    }

    #[test]
    fn kinds_stand_in_the_order_in_which_they_count() {
        let priority = ["phone", "email"].map(IdentifierKind::parse).to_vec();
        let kinds = vec![("club_mail".to_owned(), Class::Contact)];
        let rules = IdentityRules { priority, kinds, ..IdentityRules::default() };
        let words: Vec<String> =
            rules.all_kinds().iter().map(|kind| kind.word().to_owned()).collect();
        let unique = ["user_id", "customer_id", "loyalty_id"];
        assert_eq!(words[..3], unique);
        assert_eq!(words[3..6], ["phone", "email", "club_mail"]);
        assert_eq!(words.len(), 10);
    }
}
