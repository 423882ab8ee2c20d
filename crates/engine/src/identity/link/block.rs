//! Keys: which pairs are compared at all.
//!
//! A record has *atoms*: a sound, a date, a number, each with the chance of a slip in mind. An atom
//! that few records share is a key by itself. One that many share is joined with others until few
//! are left; how many share it is what the model has counted. So the keys of a record depend on the
//! record and the model alone, and two records are compared when they have a key in common.

use minicbor::{Decode, Encode};

use super::birth::BirthDate;
use super::lexicon::{Lexicon, short};
use super::row::{Row, slot};
use super::slots::Slots;
use super::text::{hash, mix, sound};

/// Keys have so many bits: enough that two keys are equal by chance less than once in a population.
pub(super) const KEY_BITS: u32 = 40;
/// The most keys that are made for a record; of these it keeps [`Common::joined_max`].
const MADE_MAX: usize = 128;
/// So many joined keys a record keeps, or as many as records may share one, if that is more: whoever
/// is one person with another shares many, and each costs strangers to be compared.
const JOINED_MIN: usize = 24;
/// The most atoms joined into one key.
const ATOMS_MAX: usize = 4;

/// Which keys are too common to stand alone.
#[derive(Clone, Debug, Encode, Decode)]
pub(super) struct Common {
    /// Keys that more than [`Self::most`] records share, and how many do; sorted.
    #[n(0)]
    counts: Vec<(u64, u32)>,
    /// How many records may share a key.
    #[n(1)]
    pub(super) most: u32,
    /// Records counted.
    #[n(2)]
    records: u64,
}

impl Default for Common {
    fn default() -> Self {
        Self { counts: Vec::new(), most: 50, records: 0 }
    }
}

impl Common {
    pub(super) fn new(most: u32, records: u64) -> Self {
        Self { counts: Vec::new(), most, records }
    }

    /// How many joined keys a record keeps.
    fn joined_max(&self) -> usize {
        JOINED_MIN.max(self.most as usize)
    }

    /// Folds what keys depend on into a hash.
    pub(super) fn print(&self, state: u64) -> u64 {
        let state = mix(mix(state, self.records), u64::from(self.most));
        self.counts
            .iter()
            .fold(state, |state, (key, count)| mix(mix(state, *key), u64::from(*count)))
    }

    pub(super) fn add(&mut self, more: impl IntoIterator<Item = (u64, u32)>) {
        self.counts.extend(more);
        self.counts.sort_unstable();
        self.counts.dedup_by_key(|(key, _)| *key);
    }
}

/// The table of common keys, ready to be looked up.
#[derive(Debug)]
pub(super) struct CommonLookup<'a> {
    common: &'a Common,
    /// Words of key and count.
    counts: Slots,
    /// A bit for each key, many keys a bit: most keys that are asked for are not common, and a bit that
    /// is not set says so without a look at the map.
    maybe: Vec<u64>,
}

/// The most bits that keys are told by; they fit a processor's own cache.
const MAYBE_BITS_MAX: usize = 1 << 22;

impl<'a> CommonLookup<'a> {
    pub(super) fn new(common: &'a Common) -> Self {
        Self { common, counts: Slots::default(), maybe: Vec::new() }
    }

    /// For many look-ups: the table in the shape of a hash map.
    pub(super) fn hashed(common: &'a Common) -> Self {
        let table = &common.counts;
        let bits = (table.len() * 16).next_power_of_two().clamp(1 << 10, MAYBE_BITS_MAX);
        let counts = Slots::sized(table.len());
        let mut lookup = Self { common, counts, maybe: vec![0; bits / 64] };
        for (key, count) in table {
            let word = key << (64 - KEY_BITS);
            lookup.counts.put(word, word | u64::from(*count.min(&COUNT_MAX)));
            let (word, bit) = lookup.bit_of(*key);
            lookup.maybe[word] |= bit;
        }
        lookup
    }

    /// Where a key's bit stands: the number of its word, and the bit in it.
    #[inline]
    fn bit_of(&self, key: u64) -> (usize, u64) {
        ((key as usize >> 6) & (self.maybe.len() - 1), 1 << (key & 63))
    }

    fn count(&self, key: u64) -> Option<u32> {
        let table = &self.common.counts;
        let count = if self.maybe.is_empty() {
            table.binary_search_by_key(&key, |(key, _)| *key).ok().map(|at| table[at].1)
        } else {
            let (word, bit) = self.bit_of(key);
            if self.maybe[word] & bit == 0 {
                return None;
            }
            let word = key << (64 - KEY_BITS);
            let found = self.counts.find(word, |held| held >> (64 - KEY_BITS) == key);
            found.map(|held| (held & u64::from(COUNT_MAX)) as u32)
        };
        count.map(|count| count.min(COUNT_MAX))
    }

    /// The atom with what the table says of it.
    pub(super) fn counted(&self, atom: Atom) -> Atom {
        let count =
            if self.common.records == 0 { atom.assumed } else { self.count(atom.key).unwrap_or(0) };
        Atom { count, ..atom }
    }
}

/// Before anything was counted: how many records of a shop of [`ASSUMED`] share a piece of this kind.
/// Common sense, on the high side: what is found by several pieces together is found all the same.
fn assumed(kind: u8) -> Option<u32> {
    match kind {
        20 => None,                // A whole date of birth.
        21..=23 => Some(150),      // Two parts of it.
        24 => Some(1_000),         // A year.
        30 | 33 | 34 => Some(700), // A name as it sounds, its beginning, its end.
        31 => Some(1_500),         // A family of nicknames.
        32 => Some(200),           // A whole surname, or a part.
        36 => Some(150),           // A street.
        38 => Some(400),           // A postcode.
        39 => Some(5_000),         // A city.
        59..=63 => Some(500),      // Other words.
        _ => None,                 // What is given to one person, or one address.
    }
}

/// So many records a shop is taken to have before they were counted.
const ASSUMED: u64 = 50_000;

/// A piece of a record that it may be found by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Atom {
    pub(super) key: u64,
    /// How many records are taken to share it before any were counted; 0: few.
    assumed: u32,
    /// Atoms of one group say much the same, and are not joined.
    group: u8,
    /// How many records share it, where it is common; else 0.
    count: u32,
}

const GROUP_BITS: u32 = 5;
/// Counts beyond are as common as each other.
const COUNT_MAX: u32 = (1 << (64 - KEY_BITS - GROUP_BITS)) - 1;

impl Atom {
    /// The atom in one word.
    pub(super) fn packed(self) -> u64 {
        let low = u64::from(self.group) << (64 - KEY_BITS - GROUP_BITS) | u64::from(self.count);
        self.key << (64 - KEY_BITS) | low
    }

    /// The atom that [`Self::packed`] has made a word.
    pub(super) fn unpacked(word: u64) -> Self {
        let count = u32::try_from(word & u64::from(COUNT_MAX)).expect("19 bits");
        let group = word >> (64 - KEY_BITS - GROUP_BITS) & ((1 << GROUP_BITS) - 1);
        Self { key: word >> (64 - KEY_BITS), group: group as u8, assumed: 0, count }
    }
}

/// A record's atoms.
#[derive(Debug, Default)]
pub(super) struct Atoms(Vec<Atom>);

impl Atoms {
    fn add(&mut self, kind: u8, group: u8, content: u64) {
        let key = mix(content, u64::from(kind) << 8 | 0x5a) >> (64 - KEY_BITS);
        if self.0.iter().all(|atom| atom.key != key) {
            let assumed = assumed(kind).unwrap_or(0);
            self.0.push(Atom { key, group, assumed, count: 0 });
        }
    }

    fn number(&mut self, kind: u8, group: u8, number: u32) {
        if number != 0 {
            self.add(kind, group, u64::from(number));
        }
    }

    /// Takes a record apart.
    pub(super) fn read(&mut self, row: &Row, lexicon: &Lexicon) {
        self.0.clear();
        let whole = |at: usize| match row.own(at) {
            0 => None,
            id => Some(lexicon.value(id)),
        };
        if let Some(value) = whole(slot::EMAIL) {
            self.add(0, 0, value.hash);
            self.number(1, 0, value.sound);
            self.mail_names(lexicon.text(row.own(slot::EMAIL)));
        }
        if let Some(value) = whole(slot::PHONE) {
            self.add(2, 1, value.hash);
            let digits = lexicon.text(row.own(slot::PHONE));
            self.add(3, 1, hash(&digits[digits.len().saturating_sub(7)..]));
        }
        for kind in 0..4_u8 {
            let at = slot::UNIQUE + usize::from(kind);
            if let Some(value) = whole(at) {
                self.add(8 + kind, 2 + kind, value.hash);
                let digits = lexicon.text(row.own(at));
                let (first, second) = digits.split_at(digits.len() / 2);
                self.add(12 + kind, 2 + kind, hash(first));
                self.add(16 + kind, 2 + kind, hash(second));
            }
        }
        if let Some(value) = whole(slot::DEVICE) {
            self.add(4, 6, value.hash);
        }
        self.birth(row);
        self.names(row, lexicon);
        self.place(row, lexicon);
        for at in [slot::MORE, slot::WORD, slot::WORD + 1, slot::WORD + 2, slot::WORD + 3] {
            if let Some(value) = whole(at) {
                let kind = u8::try_from(at).expect("a small number");
                self.number(40 + kind, 20 + kind, value.sound);
            }
        }
    }

    /// Words of an e-mail address that may be names, as names.
    fn mail_names(&mut self, address: &[u8]) {
        let local = address.split(|byte| *byte == b'@').next().unwrap_or_default();
        for word in
            local.split(|byte| !byte.is_ascii_alphabetic()).filter(|word| word.len() >= 4).take(3)
        {
            self.number(30, 0, sound(word));
        }
    }

    fn birth(&mut self, row: &Row) {
        if row.own(slot::BIRTH) == 0 {
            return;
        }
        let date = BirthDate(row.birth);
        let (year, month, day) = (date.year(), date.month(), date.day());
        if day == 0 {
            self.number(24, 7, year);
            return;
        }
        // Day and month in order of size, so that swapping them changes nothing.
        self.number(20, 7, year << 10 | month.min(day) << 5 | month.max(day));
        self.number(21, 7, year << 5 | month);
        self.number(22, 7, year << 5 | day);
        self.number(23, 7, month << 5 | day);
        self.number(24, 7, year);
    }

    fn names(&mut self, row: &Row, lexicon: &Lexicon) {
        let (given, surname) = (row.own(slot::GIVEN), row.own(slot::SURNAME));
        // Initials name nobody.
        let sound = |id| match id {
            0 => 0,
            id if lexicon.text(id).len() < 2 => 0,
            id => lexicon.value(id).sound,
        };
        let (given_sound, surname_sound) = (sound(given), sound(surname));
        // A name is found in either place, since people swap them.
        self.number(30, 8, surname_sound);
        self.number(30, 9, given_sound);
        if given != 0 {
            for family in lexicon.value(given).nicknames.into_iter().filter(|family| *family != 0) {
                self.number(31, 9, u32::from(family));
            }
        }
        if surname != 0 {
            for part in lexicon.value(surname).parts.into_iter().filter(|part| *part != 0) {
                self.number(32, 8, part);
            }
            self.number(32, 8, short(lexicon.value(surname).hash));
            let text = lexicon.text(surname);
            if text.len() >= 5 {
                self.add(33, 8, hash(&text[..4]));
                self.add(34, 8, hash(&text[text.len() - 4..]));
            }
        }
        for at in slot::FURTHER..slot::FURTHER + 3 {
            self.number(30, 10, sound(row.ids[at]));
        }
    }

    fn place(&mut self, row: &Row, lexicon: &Lexicon) {
        let (street, number) = (row.own(slot::STREET), row.ids[slot::NUMBER]);
        let postcode = row.own(slot::POSTCODE);
        if street != 0 {
            let sound = lexicon.value(street).sound;
            self.number(36, 11, sound);
            if number != 0 {
                self.add(35, 11, mix(lexicon.value(number).hash, u64::from(sound)));
            }
        }
        if number != 0 && postcode != 0 {
            self.add(37, 11, mix(lexicon.value(number).hash, lexicon.value(postcode).hash));
        }
        if postcode != 0 {
            self.add(38, 12, lexicon.value(postcode).hash);
        }
        if row.own(slot::CITY) != 0 {
            self.number(39, 12, lexicon.value(row.own(slot::CITY)).sound);
        }
    }

    /// All atoms, none counted yet.
    pub(super) fn all(&self) -> &[Atom] {
        &self.0
    }

    /// The record's keys into `keys`, in no order; see [`join`].
    pub(super) fn join(&self, lookup: &CommonLookup<'_>, keys: &mut Vec<u64>) {
        join(self.0.iter().map(|atom| lookup.counted(*atom)), lookup, keys);
    }
}

/// The keys that counted atoms make, into `keys`: rare ones, and common ones joined until they are
/// rare. They come in no order, and by chance one comes twice. Of many joined keys those with the least
/// numbers stay, which is chance, and the same chance for all records.
pub(super) fn join(
    atoms: impl Iterator<Item = Atom>,
    lookup: &CommonLookup<'_>,
    keys: &mut Vec<u64>,
) {
    keys.clear();
    let mut common = Vec::with_capacity(32);
    for atom in atoms {
        if atom.count == 0 {
            keys.push(atom.key);
        } else {
            common.push(atom);
        }
    }
    common.sort_unstable_by_key(|atom| (atom.count, atom.key));
    let records = if lookup.common.records == 0 { ASSUMED } else { lookup.common.records } as f64;
    let join = Join { atoms: &common, lookup, records };
    let alone = keys.len();
    for (at, atom) in common.iter().enumerate() {
        join.extend(at + 1, atom.key, f64::from(atom.count), 1 << atom.group, 1, keys);
    }
    let kept = lookup.common.joined_max();
    if keys.len() - alone > kept {
        keys[alone..].select_nth_unstable(kept);
        keys.truncate(alone + kept);
    }
}

struct Join<'a> {
    atoms: &'a [Atom],
    lookup: &'a CommonLookup<'a>,
    records: f64,
}

impl Join<'_> {
    /// Joins a common key with each later atom of another group.
    fn extend(
        &self,
        from: usize,
        key: u64,
        expected: f64,
        groups: u64,
        joined: usize,
        keys: &mut Vec<u64>,
    ) {
        if joined == ATOMS_MAX {
            return;
        }
        for (at, atom) in self.atoms.iter().enumerate().skip(from) {
            if keys.len() >= MADE_MAX {
                return;
            }
            if groups >> atom.group & 1 == 1 {
                continue;
            }
            let both = mix(key, atom.key) >> (64 - KEY_BITS);
            let expected = expected * f64::from(atom.count) / self.records;
            let rare = expected <= f64::from(self.lookup.common.most);
            if !rare && joined + 1 == ATOMS_MAX {
                continue;
            }
            let counted = self.lookup.count(both);
            if rare && counted.is_none() {
                keys.push(both);
            } else {
                let expected = counted.map_or(expected, f64::from);
                self.extend(at + 1, both, expected, groups | 1 << atom.group, joined + 1, keys);
            }
        }
    }
}
