//! Cards: what was stated of somebody under one identifier, as far as records are linked by it.
//!
//! An event that carries a name, a date of birth or an address states it of its anchor. The latest
//! statement counts, so a card is the same whatever order its events arrive in, and parts with its
//! identifier when persons part. A number that was given to somebody (a login, a loyalty card) has a
//! card for what was seen with it, too, even if nobody ever stated a name: see [`Card::fits`].
//! **Invariant:** which ties a card has is a function of all cards and the model; who is who in a
//! component is a function of its cards, ties and other evidence.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::link::{Alike, Field, Linker, Record};
use super::{Class, Evidence, Identifier, IdentifierKey, IdentifierKind, Ties};
use crate::event::{Event, Map, Value};
use crate::profile::Stamp;

/// What was stated under one identifier.
#[derive(Clone, Default, PartialEq, Encode, Decode)]
pub struct Card {
    /// What was stated, by the number of the field, and when.
    #[n(0)]
    stated: BTreeMap<u8, (Stamp, String)>,
    /// What was seen with the identifier when the card was last linked, by the number of the field.
    #[n(1)]
    seen: BTreeMap<u8, String>,
    /// Other cards that are like it, the likest first; at most [`Card::TIES_MAX`].
    #[n(2)]
    pub ties: Vec<Tie>,
    /// The generation of the model under which it was last linked.
    #[n(3)]
    pub(crate) generation: u32,
}

/// That two cards are alike. It counts where each names the other.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Tie {
    /// The identifier of the other card.
    #[n(0)]
    pub other: IdentifierKey,
    /// See [`Alike::weight_bits`].
    #[n(1)]
    weight_bits: f32,
    /// See [`Alike::together_bits`].
    #[n(2)]
    together_bits: f32,
}

impl Tie {
    /// That a card is like the one of `other`.
    #[must_use]
    pub fn new(other: IdentifierKey, alike: Alike) -> Self {
        let Alike { weight_bits, together_bits } = alike;
        Self { other, weight_bits, together_bits }
    }

    /// How alike they are.
    #[must_use]
    pub fn alike(&self) -> Alike {
        Alike { weight_bits: self.weight_bits, together_bits: self.together_bits }
    }
}

/// The fields of a card with the names of the traits that state them. Their numbers are their places.
pub(crate) const FIELDS: [(Field, &[&str]); 13] = [
    (Field::Given, &["first_name", "firstName", "firstname", "given_name", "givenName"]),
    (
        Field::Surname,
        &["last_name", "lastName", "lastname", "family_name", "familyName", "surname"],
    ),
    (Field::FullName, &["name", "full_name", "fullName"]),
    (Field::Middle, &["middle_name", "middleName"]),
    (Field::Generation, &["generation", "suffix", "name_suffix"]),
    (
        Field::BirthDate,
        &["birthday", "birth_date", "birthDate", "birthdate", "date_of_birth", "dob"],
    ),
    (Field::Sex, &["gender", "sex"]),
    (Field::Address, &["address", "street", "address1", "address_1", "address_line"]),
    (Field::StreetNumber, &["house_number", "street_number"]),
    (Field::AddressMore, &["address2", "address_2", "address_more"]),
    (Field::City, &["city", "town"]),
    (Field::Postcode, &["postcode", "postal_code", "postalCode", "zip", "zip_code", "zipCode"]),
    (Field::State, &["state", "region", "province"]),
];
/// The fields that only other identifiers fill; numbers from here on.
const SEEN: [(u8, Field); 4] =
    [(32, Field::Email), (33, Field::Phone), (34, Field::Unique(0)), (35, Field::Device)];
/// Numbers of the fields of which a card needs one where a model was never trained; see
/// [`Card::linked_by`].
const NAMES: [u8; 3] = [0, 1, 2];
/// Numbers of the fields that say where somebody lives.
const PLACES: std::ops::RangeInclusive<u8> = 7..=12;

/// Longer values are cut: no name or address is so long.
const TEXT_MAX: usize = 200;

fn number_of(name: &str) -> Option<u8> {
    let at = FIELDS.iter().position(|(_, names)| names.contains(&name))?;
    u8::try_from(at).ok()
}

fn field(number: u8) -> Option<Field> {
    let stated = FIELDS.get(usize::from(number)).map(|(field, _)| *field);
    stated.or_else(|| SEEN.iter().find(|(seen, _)| *seen == number).map(|(_, field)| *field))
}

impl Card {
    /// The most cards that one is tied to; those that are most like it.
    pub const TIES_MAX: usize = 32;

    /// Whether an event states anything that cards hold.
    #[must_use]
    pub fn told_by(event: &Event) -> bool {
        event.traits.keys().any(|name| number_of(name).is_some())
    }

    /// Whether a trait of this name says who somebody is: a name, a date of birth, an address.
    #[must_use]
    pub fn describes(name: &str) -> bool {
        number_of(name).is_some()
    }

    /// Takes in what an event states. The order of calls does not matter.
    pub fn state(&mut self, event: &Event) {
        let stamp = Stamp::of(event);
        for (number, text) in statements(&event.traits) {
            let text = (stamp, cut(text));
            let held = self.stated.entry(number).or_default();
            if *held < text {
                *held = text;
            }
        }
    }

    /// Notes what was seen with the card's identifier, that which was seen first of each kind.
    pub fn look(&mut self, anchor: &Identifier, evidence: &Evidence) {
        self.seen.clear();
        let mut first: BTreeMap<u8, (crate::time::Timestamp, &str)> = BTreeMap::new();
        let beside = evidence
            .edges
            .iter()
            .filter(|edge| edge.strong == *anchor && edge.ties == Ties::Seen)
            .map(|edge| (&edge.weak, edge.first_at));
        for (identifier, at) in beside {
            let Some(number) = seen_as(&identifier.kind) else { continue };
            let seen = (at, identifier.value());
            let held = first.entry(number).or_insert(seen);
            *held = (*held).min(seen);
        }
        self.seen.extend(first.into_iter().map(|(number, (_, text))| (number, text.to_owned())));
        if let Some(number) = seen_as(&anchor.kind) {
            self.seen.insert(number, anchor.value().to_owned());
        }
    }

    /// Whether an identifier may have a card of which nothing was stated: a number that one person was
    /// given. An address or a device says by itself all that such a card would.
    #[must_use]
    pub fn fits(anchor: &Identifier) -> bool {
        anchor.kind.class() == Class::Unique
    }

    /// Whether nothing is stated, or nothing any more.
    #[must_use]
    pub fn blank(&self) -> bool {
        self.stated.is_empty()
    }

    /// The card with what it states, seen and tied as the other.
    #[must_use]
    pub fn linked_as(self, other: &Self) -> Self {
        Self { stated: self.stated, ..other.clone() }
    }

    /// The card as a record that a model can link; `None` where it says too little for it. One that was
    /// never trained does not know how many of a shop's people share an address, and needs a name.
    #[must_use]
    pub fn linked_by(&self, linker: &Linker<'_>, anchor: &Identifier) -> Option<Record> {
        let named = self.named();
        let own = seen_as(&anchor.kind);
        let seen = || self.seen.keys().any(|number| Some(*number) != own);
        let says = || !self.blank() || Self::fits(anchor) && seen();
        (named || linker.trained() && says()).then(|| self.record())
    }

    /// All that is on the card as a record.
    #[must_use]
    pub fn record(&self) -> Record {
        let mut record = Record::default();
        let stated = self.stated.iter().map(|(number, (_, text))| (number, text));
        for (number, text) in stated.chain(&self.seen) {
            if let Some(field) = field(*number) {
                record.set(field, text);
            }
        }
        record
    }

    /// Whether a name is stated.
    #[must_use]
    pub fn named(&self) -> bool {
        NAMES.iter().any(|number| self.stated.contains_key(number))
    }

    /// When an address was last stated; `None`: never.
    #[must_use]
    pub fn housed_at(&self) -> Option<Stamp> {
        let stated = self.stated.iter().filter(|(number, _)| PLACES.contains(number));
        stated.map(|(_, (stamp, _))| *stamp).max()
    }

    /// The tie to the card of `other`.
    #[must_use]
    pub fn tie(&self, other: IdentifierKey) -> Option<&Tie> {
        self.ties.iter().find(|tie| tie.other == other)
    }

    /// Puts a tie in the place of the one to the same card, or takes it away. Returns whether that
    /// changed anything.
    pub(crate) fn retie(&mut self, other: IdentifierKey, alike: Option<Alike>) -> Retied {
        let new = alike.map(|alike| Tie::new(other, alike));
        let was = self.ties.iter().position(|tie| tie.other == other);
        if was.map(|at| self.ties[at]) == new {
            return Retied::Same;
        }
        let full = self.ties.len() >= Self::TIES_MAX;
        let weaker =
            was.is_some_and(|at| new.is_none_or(|new| new.weight_bits < self.ties[at].weight_bits));
        if full && weaker {
            // One that found no place before may have one now.
            return Retied::Unknown;
        }
        if let Some(at) = was {
            self.ties.remove(at);
        }
        let Some(new) = new else { return Retied::Changed };
        let at = self.ties.partition_point(|tie| likest(tie, &new).is_lt());
        if at >= Self::TIES_MAX {
            return Retied::Same;
        }
        self.ties.insert(at, new);
        self.ties.truncate(Self::TIES_MAX);
        Retied::Changed
    }

    /// Puts ties in the place of all; of too many the likest stay. Returns whether that changed
    /// anything.
    pub(crate) fn retie_all(&mut self, mut ties: Vec<Tie>) -> bool {
        ties.sort_unstable_by(likest);
        ties.truncate(Self::TIES_MAX);
        let changed = ties != self.ties;
        self.ties = ties;
        changed
    }

    /// What the card holds, field by field.
    pub fn fields(&self) -> impl Iterator<Item = (Field, &str)> {
        let stated = self.stated.iter().map(|(number, (_, text))| (number, text));
        let all = stated.chain(&self.seen);
        all.filter_map(|(number, text)| Some((field(*number)?, text.as_str())))
    }
}

/// What became of a tie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retied {
    /// Nothing is different.
    Same,
    /// It was put, changed or taken away.
    Changed,
    /// All ties of the card must be looked for anew.
    Unknown,
}

/// The likest first; keys break ties.
fn likest(one: &Tie, other: &Tie) -> std::cmp::Ordering {
    other.weight_bits.total_cmp(&one.weight_bits).then(one.other.cmp(&other.other))
}

/// What an event states, by the number of the field. An address may be a map of its parts.
fn statements(traits: &Map) -> impl Iterator<Item = (u8, String)> {
    let whole = traits.iter().filter_map(|(name, value)| Some((number_of(name)?, text_of(value)?)));
    let parts = match traits.get("address") {
        Some(Value::Map(parts)) => Some(parts),
        Some(_) | None => None,
    };
    let parts = parts.into_iter().flatten();
    whole.chain(parts.filter_map(|(name, value)| Some((number_of(name)?, text_of(value)?))))
}

fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::List(_) | Value::Map(_) => None,
    }
}

fn cut(mut text: String) -> String {
    if text.len() > TEXT_MAX {
        let end = (0..=TEXT_MAX).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
        text.truncate(end);
    }
    text
}

/// The number of the field that an identifier of this kind fills; `None`: none.
fn seen_as(kind: &IdentifierKind) -> Option<u8> {
    let device = kind.class() == Class::Device && *kind != IdentifierKind::CartToken;
    let fills = [
        (32, *kind == IdentifierKind::Email),
        (33, *kind == IdentifierKind::Phone),
        (34, *kind == IdentifierKind::LoyaltyId),
        (35, device),
    ];
    fills.into_iter().find_map(|(number, fills)| fills.then_some(number))
}

impl std::fmt::Debug for Card {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let fields: Vec<Field> = self.fields().map(|(field, _)| field).collect();
        f.debug_struct("Card").field("fields", &fields).field("ties", &self.ties).finish()
    }
}
