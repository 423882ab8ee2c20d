//! What others' events say of a person, which goes when the person is erased.
//!
//! A value names the person if it is one of their identifiers, or holds, as whole words, an identifier,
//! a full name, an address or a date of birth of theirs. **What somebody states of themselves is
//! theirs and stays**, also where it is the same: people of one household state one address each, and
//! the one who is erased takes nobody else's away.

use super::{Card, Identifier, IdentifierKind};
use crate::event::{Event, Value};
use crate::record::Record;

/// Traits that name a person beside the identifiers.
const NAMING_TRAITS: [&str; 8] =
    ["first_name", "last_name", "firstName", "lastName", "name", "address", "street", "birthday"];

/// Fewer characters than these name nobody inside a longer text: "ana" may be anybody, and "7"
/// anything.
const TELLING_MIN: usize = 8;

/// By what others' events name a person.
#[derive(Clone)]
pub struct Mentions {
    identifiers: Vec<Identifier>,
    /// Whole names, addresses and dates of birth, as they were stated.
    texts: Vec<String>,
    words: Vec<Words>,
}

/// What may name the person inside a value, in lower case.
#[derive(Clone)]
struct Words {
    text: String,
    /// Whether it counts inside a longer text, too.
    within: bool,
    /// Whether digits may precede it: those of the country.
    prefixed: bool,
}

impl Mentions {
    /// What names the person of a row.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let identifiers: Vec<Identifier> =
            record.evidence.nodes.iter().map(|node| node.identifier.clone()).collect();
        let texts = naming_texts(record);
        let of_identifier = |name: &Identifier| {
            let text = name.value().to_lowercase();
            let within = name.kind == IdentifierKind::Email || text.chars().count() >= TELLING_MIN;
            Words { text, within, prefixed: false }
        };
        let whole =
            |text: &String| Words { text: text.to_lowercase(), within: true, prefixed: false };
        // Others may have written a number as people of its country do.
        let national = |digits: &str| Words { text: digits.into(), within: true, prefixed: true };
        let mut words: Vec<Words> = identifiers.iter().map(of_identifier).collect();
        words.extend(texts.iter().map(whole));
        words.extend(identifiers.iter().filter_map(Identifier::national).map(national));
        Self { identifiers, texts, words }
    }

    /// The person's identifiers.
    #[must_use]
    pub fn identifiers(&self) -> &[Identifier] {
        &self.identifiers
    }

    /// Further texts that name the person: full names, addresses, dates of birth, telephone numbers
    /// as they are written in their country.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let national = self.identifiers.iter().filter_map(Identifier::national);
        self.texts.iter().cloned().chain(national.map(str::to_owned)).collect()
    }

    /// Somebody else's event without the person: identifiers go, every value that names them, and the
    /// subscription of a browser of theirs.
    /// `None`: it says nothing of them.
    #[must_use]
    pub fn taken_out_of(&self, event: &Event) -> Option<Event> {
        let mut left = event.clone();
        let anchor = event.anchor();
        left.identifiers.retain(|id| Some(id) == anchor || !self.identifiers.contains(id));
        if left.browser() != event.browser() {
            left.push = None;
        }
        left.properties.retain(|_, value| !self.in_value(value));
        left.traits.retain(|name, value| Card::describes(name) || !self.in_value(value));
        (left != *event).then_some(left)
    }

    fn in_value(&self, value: &Value) -> bool {
        match value {
            Value::Null | Value::Bool(_) | Value::Number(_) => false,
            Value::Integer(number) => self.in_number(&number.to_string()),
            Value::Text(text) => self.in_text(text),
            Value::List(values) => values.iter().any(|value| self.in_value(value)),
            Value::Map(parts) => {
                parts.iter().any(|(name, value)| self.in_text(name) || self.in_value(value))
            }
        }
    }

    /// A short number counts things, whoever has it for a login.
    fn in_number(&self, number: &str) -> bool {
        let telling = self.words.iter().filter(|words| words.within);
        telling.into_iter().any(|words| words.occur_in(number))
    }

    fn in_text(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.words.iter().any(|words| words.text == text.trim() || words.occur_in(&text))
    }
}

impl Words {
    fn occur_in(&self, text: &str) -> bool {
        let part_of = |outside: Option<char>, edge: Option<char>| {
            outside.is_some_and(char::is_alphanumeric) && edge.is_some_and(char::is_alphanumeric)
        };
        self.within
            && text.match_indices(&self.text).any(|(at, found)| {
                let before = text[..at].chars().next_back();
                let after = text[at + found.len()..].chars().next();
                let led = self.prefixed && before.is_some_and(|c| c.is_ascii_digit());
                (led || !part_of(before, found.chars().next()))
                    && !part_of(after, found.chars().next_back())
            })
    }
}

impl std::fmt::Debug for Mentions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mentions").field("words", &self.words.len()).finish_non_exhaustive()
    }
}

/// Whole names, addresses and dates of birth: a first name alone is many people's.
fn naming_texts(record: &Record) -> Vec<String> {
    let traits = NAMING_TRAITS.iter().filter_map(|name| record.profile.trait_text(name));
    let mut texts: Vec<String> = traits
        .map(str::to_owned)
        .chain(record.display_name())
        .filter(|text| text.contains(' ') || text.chars().any(|c| c.is_ascii_digit()))
        .collect();
    texts.sort();
    texts.dedup();
    texts
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Kind, PushSubscription};
    use crate::time::Timestamp;

    fn words(text: &str) -> Words {
        Words { text: text.to_owned(), within: true, prefixed: false }
    }

    #[test]
    fn an_address_is_not_found_inside_another() {
        assert!(!words("calle mayor 1").occur_in("calle mayor 14"));
        assert!(words("calle mayor 1").occur_in("to: calle mayor 1, 3b"));
        assert!(!words("ana@x.es").occur_in("mariana@x.es"));
        assert!(words("ana@x.es").occur_in("mail <ana@x.es>"));
    }

    #[test]
    fn a_number_is_found_however_its_country_is_written() {
        let national = Words { prefixed: true, ..words("600111222") };
        for text in ["600111222", "+34600111222", "call 0034600111222."] {
            assert!(national.occur_in(text), "{text}");
        }
        assert!(!national.occur_in("6001112223"));
    }

    #[test]
    fn the_subscription_of_a_browser_goes_with_it() {
        let named = |kind, name| Identifier::new(kind, name).unwrap();
        let (login, browser) =
            (named(IdentifierKind::UserId, "eva"), named(IdentifierKind::AnonymousId, "b-1"));
        let keys = (format!("B{}", "a".repeat(86)), "b".repeat(22));
        let push = PushSubscription::new("https://push.example/1", &keys.0, &keys.1);
        let event = Event {
            identifiers: vec![login.clone(), browser.clone()],
            push,
            ..Event::bare("web", "1".to_owned(), Kind::PushSubscribed, Timestamp(0))
        };
        let of = |identifiers| Mentions { identifiers, texts: Vec::new(), words: Vec::new() };
        let left = of(vec![browser]).taken_out_of(&event).unwrap();
        assert_eq!((left.identifiers, left.push), (vec![login], None));
        assert_eq!(of(Vec::new()).taken_out_of(&event), None);
    }

    #[test]
    fn a_short_login_names_nobody_inside_a_text() {
        let login = Words { within: false, ..words("ana") };
        let named = Mentions { identifiers: Vec::new(), texts: Vec::new(), words: vec![login] };
        assert!(named.in_text("Ana"), "as a whole value it may be the login");
        assert!(!named.in_text("for Ana Belén"));
        assert!(!named.in_value(&Value::Integer(7)));
    }
}
