//! Every distinct value once: a number for it, and what comparing it needs, worked out in advance.

use std::borrow::Cow;
use std::hash::Hasher;
use std::sync::LazyLock;

use super::frequency::table_key;
use super::nickname::Nicknames;
use super::pages::Pages;
use super::slots::Slots;
use super::text::{hash, mix, sound};

/// What a value is; equal texts of different families are different values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub(super) enum Family {
    Given,
    Surname,
    Birth,
    Street,
    Number,
    Unit,
    Postcode,
    City,
    State,
    Email,
    Phone,
    Device,
    More,
    BirthPlace,
    Occupation,
    Word1,
    Word2,
    Address,
    Unique1,
    Unique2,
    Unique3,
    Unique4,
}

impl Family {
    pub(super) const COUNT: usize = 22;

    /// Whether how a value sounds is ever asked for: of what is copied digit by digit it is not.
    fn is_said(self) -> bool {
        !matches!(
            self,
            Self::Birth | Self::Number | Self::Unit | Self::Postcode | Self::Phone | Self::Device
        ) && self < Self::Unique1
    }

    fn has_parts(self) -> bool {
        !matches!(self, Self::Birth | Self::Phone | Self::Device | Self::Number | Self::Email)
    }
}

/// The number of a value; 0 stands for no value.
pub(super) type ValueId = u32;

/// A distinct value. Values are read in any order: none lies across two lines of a processor's cache.
#[derive(Clone, Copy, Debug)]
#[repr(align(32))]
pub(super) struct Value {
    pub(super) hash: u64,
    start: u32,
    /// Where its [`More`] stands; 0: there is none.
    more: u32,
    /// How it sounds, if that is ever asked for; of an e-mail address the local part's hash.
    pub(super) sound: u32,
    /// What tells most values that are not alike without reading them: [`letters`], of a number its
    /// [`histogram`], of a postcode its [`digits_in_order`].
    pub(super) sketch: u32,
    length: u8,
    pub(super) family: u8,
}

/// What few values have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct More {
    /// Families of nicknames it belongs to.
    nicknames: [u16; 4],
    /// Its words' hashes, where it has more than one.
    parts: [u32; 4],
}

/// A folded text that is about to get its number.
pub(super) struct Text<'t> {
    family: Family,
    text: Cow<'t, str>,
    /// The text without blanks, where it has some that do not count.
    compact: Option<String>,
    hash: u64,
    /// See [`table_key`].
    key: u64,
}

impl<'t> Text<'t> {
    /// None where there is no text.
    pub(super) fn of(family: Family, text: Cow<'t, str>) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        let compact = (text.contains(' ') && family.has_parts()).then(|| text.replace(' ', ""));
        let hash = hash(compact.as_deref().unwrap_or(&text).as_bytes());
        Some(Self { family, text, compact, hash, key: table_key(hash, family as u8) })
    }

    fn whole(&self) -> &str {
        self.compact.as_deref().unwrap_or(&self.text)
    }
}

/// A number stands in so many bits of a slot.
const ID_BITS: u32 = u32::BITS;
/// The first table is for so many values: more than one record has.
const SLOTS_MIN: usize = 40;

/// What tells keys of neighbouring slots apart: the lower bits, since the upper ones are the place.
fn tag(key: u64) -> u64 {
    key & u64::from(u32::MAX)
}

/// The number in a slot.
fn id(word: u64) -> ValueId {
    word as ValueId
}

/// Given names are looked up in one table, read once.
static NICKNAMES: LazyLock<Nicknames> = LazyLock::new(Nicknames::read);

/// Distinct values of a population.
#[derive(Debug)]
pub(super) struct Lexicon {
    bytes: Vec<u8>,
    values: Pages<Value>, // Invariant: the first is nobody's, so that 0 is no value.
    more: Vec<More>,      // Invariant: the first is empty.
    /// Numbers of values by [`table_key`]: words of [`tag`] and number.
    numbers: Slots,
}

impl Default for Lexicon {
    fn default() -> Self {
        let none =
            Value { hash: 0, start: 0, more: 0, sound: 0, sketch: 0, length: 0, family: u8::MAX };
        let mut values = Pages::default();
        values.push(none);
        let more = vec![More::default()];
        Self { bytes: Vec::new(), values, more, numbers: Slots::default() }
    }
}

impl Lexicon {
    /// Asks for what is known of texts, which lies far apart in memory, so that all of it is waited for
    /// together.
    pub(super) fn ask<'t>(&self, texts: impl Iterator<Item = &'t Text<'t>> + Clone) {
        let slots = texts.clone().fold(0, |asked, text| asked ^ self.numbers.ask(text.key));
        std::hint::black_box(slots);
        let values = texts.fold(0, |asked, text| match self.numbers.ask(text.key) {
            word if word >> ID_BITS == tag(text.key) => asked ^ self.value(id(word)).hash,
            _ => asked,
        });
        std::hint::black_box(values);
    }

    /// The number of a text.
    pub(super) fn number(&mut self, text: &Text<'_>) -> ValueId {
        let known = self.known(text.key, text.family, text.hash);
        known.unwrap_or_else(|| {
            let value = self.describe(text.family, &text.text, text.whole(), text.hash);
            self.enter(text.key, value)
        })
    }

    fn known(&self, key: u64, family: Family, hash: u64) -> Option<ValueId> {
        let found = self.numbers.find(key, |word| {
            word >> ID_BITS == tag(key) && {
                let value = self.value(id(word));
                value.hash == hash && value.family == family as u8
            }
        });
        found.map(id)
    }

    /// Gives a new value its number.
    fn enter(&mut self, key: u64, value: Value) -> ValueId {
        let number = self.values.len();
        if !self.numbers.has_room() {
            self.numbers = Slots::sized((number * 3 / 2).max(SLOTS_MIN));
            for (number, value) in (0..).zip(self.values.iter()).skip(1) {
                let key = table_key(value.hash, value.family);
                self.numbers.put(key, tag(key) << ID_BITS | number);
            }
        }
        self.values.push(value);
        self.numbers.put(key, tag(key) << ID_BITS | number as u64);
        ValueId::try_from(number).expect("fewer than four billion distinct values")
    }

    /// The number of two values taken together as an address; none where one is missing.
    pub(super) fn both(&mut self, street: ValueId, number: ValueId) -> ValueId {
        if street == 0 || number == 0 {
            return 0;
        }
        let hash = mix(self.value(street).hash, self.value(number).hash);
        let family = Family::Address;
        let key = table_key(hash, family as u8);
        self.known(key, family, hash).unwrap_or_else(|| {
            let value = Value { hash, family: family as u8, ..self.values[0] };
            self.enter(key, value)
        })
    }

    fn describe(&mut self, family: Family, text: &str, whole: &str, hash: u64) -> Value {
        let start = u32::try_from(self.bytes.len()).expect("under four gigabytes of distinct text");
        let kept = &whole.as_bytes()[..whole.len().min(64)];
        self.bytes.extend_from_slice(kept);
        let mut parts = [0; 4];
        if text.len() != whole.len() {
            let words = text.split(' ').filter(|word| word.len() > 1);
            for (place, word) in parts.iter_mut().zip(words) {
                *place = short(super::text::hash(word.as_bytes()));
            }
        }
        let sound = if family == Family::Email {
            short(super::text::hash(whole.split('@').next().unwrap_or(whole).as_bytes()))
        } else if family.is_said() {
            sound(kept)
        } else {
            0
        };
        let nicknames = if family == Family::Given { NICKNAMES.of(hash) } else { [0; 4] };
        let sketch = if family == Family::Postcode {
            digits_in_order(kept)
        } else if family == Family::Phone || family >= Family::Unique1 {
            histogram(kept)
        } else if parts[0] != 0 || nicknames[0] != 0 {
            letters(kept) | PARTED
        } else {
            letters(kept)
        };
        let length = u8::try_from(kept.len()).expect("at most 64");
        let more = self.keep(More { nicknames, parts });
        Value { hash, start, more, sound, sketch, length, family: family as u8 }
    }

    fn keep(&mut self, more: More) -> u32 {
        if more == More::default() {
            return 0;
        }
        self.more.push(more);
        u32::try_from(self.more.len() - 1).expect("fewer than four billion distinct values")
    }

    #[inline]
    pub(super) fn value(&self, number: ValueId) -> &Value {
        &self.values[number as usize]
    }

    #[inline]
    pub(super) fn text(&self, number: ValueId) -> &[u8] {
        let value = self.value(number);
        let start = value.start as usize;
        &self.bytes[start..start + usize::from(value.length)]
    }

    pub(super) fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether a name is made of more than one word, or is part of one that is.
    pub(super) fn share_part(&self, left: ValueId, right: ValueId) -> bool {
        let (one, other) = (self.parts(left), self.parts(right));
        let holds = |parts: &[u32; 4], part: u32| part != 0 && parts.contains(&part);
        holds(one, short(self.value(right).hash))
            || holds(other, short(self.value(left).hash))
            || one.iter().any(|part| holds(other, *part))
    }

    /// The hashes of a value's words, where it has more than one; 0 where there is none.
    #[inline]
    pub(super) fn parts(&self, number: ValueId) -> &[u32; 4] {
        &self.more[self.value(number).more as usize].parts
    }

    /// The families of nicknames that a value belongs to; 0 where there is none.
    #[inline]
    pub(super) fn nicknames(&self, number: ValueId) -> &[u16; 4] {
        &self.more[self.value(number).more as usize].nicknames
    }

    /// Whether two values sound alike and are names.
    pub(super) fn sound_alike(&self, left: ValueId, right: ValueId) -> bool {
        let (left, right) = (self.value(left), self.value(right));
        left.sound == right.sound && left.sound != 0 && (left.family < 2) == (right.family < 2)
    }
}

/// Set in the sketch of a value that has parts, or is a nickname: it may be like another without
/// sharing its letters.
pub(super) const PARTED: u32 = 1 << 31;

/// Which letters and digits a text holds, a bit each; digits share bits.
fn letters(text: &[u8]) -> u32 {
    text.iter().fold(0, |bits, byte| match byte {
        b'a'..=b'z' => bits | 1 << (byte - b'a'),
        b'0'..=b'9' => bits | 1 << (26 + (byte - b'0') % 5),
        _ => bits,
    })
}

/// How many of each digit a number holds, letters by their place in the alphabet: up to three, each a bit
/// of its own, so that the bits in which two differ are digits that only one of them holds.
fn histogram(text: &[u8]) -> u32 {
    text.iter().fold(0, |bits, byte| {
        let place = byte % 10 * 3;
        let held = bits >> place & 7;
        bits | (held << 1 | 1) << place & 7 << place
    })
}

/// The digits of a number of up to eight, four bits each from the top, counted from 1 so that none is 0; 0
/// for what is no such number.
pub(super) fn digits_in_order(text: &[u8]) -> u32 {
    if text.len() > 8 || !text.iter().all(u8::is_ascii_digit) {
        return 0;
    }
    let digits = text.iter().fold(0, |all, digit| all << 4 | u32::from(digit - b'0' + 1));
    digits << (4 * (8 - text.len()))
}

/// Whether texts with these sketches may be like each other; if not, they are certainly not.
#[inline]
pub(super) fn may_be_alike(left: u32, right: u32) -> bool {
    let (one, other) = (left & !PARTED, right & !PARTED);
    (one ^ other).count_ones() <= 5
        || one & other == one
        || one & other == other
        || left & right & PARTED != 0
        || (left | right) & PARTED != 0 && (one & other).count_ones() >= 3
}

/// Letters that only one of two texts holds, and letters that only the other does, by their sketches: one
/// slip adds or takes at most one on each side.
#[inline]
pub(super) fn apart(left: u32, right: u32) -> (u32, u32) {
    ((left & !right & !PARTED).count_ones(), (right & !left & !PARTED).count_ones())
}

/// Whether texts with these sketches may be the same but for one slip, or parts of each other.
#[inline]
pub(super) fn may_read_the_same(left: u32, right: u32) -> bool {
    let only = apart(left, right);
    (left | right) & PARTED != 0 || only.0 <= 1 && only.1 <= 1
}

/// Whether numbers with these sketches may be a slip or two apart.
#[inline]
pub(super) fn may_be_slips(left: u32, right: u32) -> bool {
    (left ^ right).count_ones() <= 4
}

/// The upper half of a hash; never 0.
#[inline]
pub(super) fn short(hash: u64) -> u32 {
    u32::try_from(hash >> 32).expect("the upper half").max(1)
}

/// A hasher for keys that are hashes.
#[derive(Debug, Default)]
pub(super) struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = hash(bytes);
    }

    fn write_u64(&mut self, word: u64) {
        // Keys of blocks have nothing in their upper bits, which a map tells its entries apart by.
        self.0 = word ^ word << 24;
    }
}
