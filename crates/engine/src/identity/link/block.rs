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
    /// Two bits of a word for each key, many keys a bit: most keys that are asked for are not common, and
    /// a bit that is not set says so without a look at the table (Bloom 1970; Putze, Sanders and Singler 2007).
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
            let (word, bits) = lookup.bits_of(*key);
            lookup.maybe[word] |= bits;
        }
        lookup
    }

    /// Where a key's bits stand: the number of their word, and the bits in it.
    #[inline]
    fn bits_of(&self, key: u64) -> (usize, u64) {
        let word = (key as usize >> 6) & (self.maybe.len() - 1);
        (word, 1 << (key & 63) | 1 << (key >> (KEY_BITS - 6) & 63))
    }

    /// Whether the table may hold a key; if not, it certainly does not.
    #[inline]
    fn may_hold(&self, key: u64) -> bool {
        self.maybe.is_empty() || {
            let (word, bits) = self.bits_of(key);
            self.maybe[word] & bits == bits
        }
    }

    fn count(&self, key: u64) -> Option<u32> {
        let table = &self.common.counts;
        let count = if self.maybe.is_empty() {
            table.binary_search_by_key(&key, |(key, _)| *key).ok().map(|at| table[at].1)
        } else {
            if !self.may_hold(key) {
                return None;
            }
            let word = key << (64 - KEY_BITS);
            let found = self.counts.find(word, |held| held >> (64 - KEY_BITS) == key);
            found.map(|held| (held & u64::from(COUNT_MAX)) as u32)
        };
        count.map(|count| count.min(COUNT_MAX))
    }

    /// The atom with what the table says of it.
    fn counted(&self, atom: Counted) -> Counted {
        atom.shared_by(self.count(atom.key()).unwrap_or(0))
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
struct Atom {
    key: u64,
    /// How many records are taken to share it before any were counted; 0: few.
    assumed: u32,
    /// Atoms of one group say much the same, and are not joined.
    group: u8,
}

const GROUP_BITS: u32 = 5;
/// Counts beyond are as common as each other.
pub(super) const COUNT_MAX: u32 = (1 << (64 - KEY_BITS - GROUP_BITS)) - 1;

/// An atom with how many records share it, 0 where few do: in one word, so that those that fewer share
/// come first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Counted(u64);

impl Counted {
    fn of(key: u64, group: u8, count: u32) -> Self {
        debug_assert!(group < 1 << GROUP_BITS && key < 1 << KEY_BITS, "each has its bits");
        let count = u64::from(count.min(COUNT_MAX)) << (KEY_BITS + GROUP_BITS);
        Self(count | key << GROUP_BITS | u64::from(group))
    }

    /// The word that it is.
    #[inline]
    pub(super) fn word(self) -> u64 {
        self.0
    }

    /// The atom of a [`Self::word`].
    #[inline]
    pub(super) fn of_word(word: u64) -> Self {
        Self(word)
    }

    /// The same atom, shared by so many.
    #[inline]
    pub(super) fn shared_by(self, count: u32) -> Self {
        Self::of(self.key(), self.group(), count)
    }

    #[inline]
    pub(super) fn key(self) -> u64 {
        self.0 >> GROUP_BITS & ((1 << KEY_BITS) - 1)
    }

    #[inline]
    fn group(self) -> u8 {
        (self.0 & ((1 << GROUP_BITS) - 1)) as u8
    }

    #[inline]
    pub(super) fn count(self) -> u32 {
        (self.0 >> (KEY_BITS + GROUP_BITS)) as u32
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
            self.0.push(Atom { key, group, assumed });
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
                // A word shares its group with a date, a name or the street. Joined with these as well, it
                // finds strangers: of historical figures, who have a place of birth and an occupation,
                // precision fell from .9946 to .9920 and recall from .8865 to .8856.
                self.number(40 + kind, kind - 12, value.sound);
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
            for family in lexicon.nicknames(given).iter().filter(|family| **family != 0) {
                self.number(31, 9, u32::from(*family));
            }
        }
        if surname != 0 {
            for part in lexicon.parts(surname).iter().filter(|part| **part != 0) {
                self.number(32, 8, *part);
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

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// All atoms, none counted yet.
    pub(super) fn uncounted(&self) -> impl Iterator<Item = Counted> {
        self.0.iter().map(|atom| Counted::of(atom.key, atom.group, 0))
    }

    /// The record's keys into `keys`, in no order; see [`join`].
    pub(super) fn join(&self, lookup: &CommonLookup<'_>, keys: &mut Vec<u64>) {
        let mut counted: Vec<Counted> = if lookup.common.records == 0 {
            self.0.iter().map(|atom| Counted::of(atom.key, atom.group, atom.assumed)).collect()
        } else {
            self.uncounted().map(|atom| lookup.counted(atom)).collect()
        };
        counted.sort_unstable();
        join(&counted, lookup, keys);
    }
}

/// The keys that counted and sorted atoms make, into `keys`: rare ones, and common ones joined until they
/// are rare. They come in no order, and by chance one comes twice. Of many joined keys those with the least
/// numbers stay, which is chance, and the same chance for all records.
pub(super) fn join(atoms: &[Counted], lookup: &CommonLookup<'_>, keys: &mut Vec<u64>) {
    keys.clear();
    let (rare, common) = atoms.split_at(atoms.partition_point(|atom| atom.count() == 0));
    keys.extend(rare.iter().map(|atom| atom.key()));
    let records = if lookup.common.records == 0 { ASSUMED } else { lookup.common.records } as f64;
    let most = f64::from(lookup.common.most) * records;
    let join = Join { lookup, most, records };
    for (at, atom) in common.iter().enumerate() {
        let (count, group) = (f64::from(atom.count()), 1 << atom.group());
        join.extend(&common[at + 1..], atom.key(), count, group, 1, keys);
    }
    let (alone, kept) = (rare.len(), lookup.common.joined_max());
    if keys.len() - alone > kept {
        keys[alone..].select_nth_unstable(kept);
        keys.truncate(alone + kept);
    }
}

struct Join<'a> {
    lookup: &'a CommonLookup<'a>,
    /// How many records may share a key, times how many there are.
    most: f64,
    records: f64,
}

impl Join<'_> {
    /// Joins a common key with each later atom of another group.
    fn extend(
        &self,
        later: &[Counted],
        key: u64,
        expected: f64,
        groups: u32,
        joined: usize,
        keys: &mut Vec<u64>,
    ) {
        for (at, atom) in later.iter().enumerate() {
            if keys.len() >= MADE_MAX {
                return;
            }
            if groups >> atom.group() & 1 == 1 {
                continue;
            }
            // A division for each would take a third of the time.
            let product = expected * f64::from(atom.count());
            let rare = product <= self.most;
            // Atoms that come later are as common, or more.
            if !rare && joined + 1 == ATOMS_MAX {
                return;
            }
            let both = mix(key, atom.key()) >> (64 - KEY_BITS);
            if rare && !self.lookup.may_hold(both) {
                keys.push(both);
                continue;
            }
            let counted = self.lookup.count(both);
            if rare && counted.is_none() {
                keys.push(both);
            } else if joined + 1 < ATOMS_MAX {
                let expected = counted.map_or_else(|| product / self.records, f64::from);
                let groups = groups | 1 << atom.group();
                self.extend(&later[at + 1..], both, expected, groups, joined + 1, keys);
            }
        }
    }
}
