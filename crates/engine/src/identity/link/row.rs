//! A record as numbers: three lines of a processor's cache that comparing reads instead of text.

use std::borrow::Cow;

use super::birth::BirthDate;
use super::contact;
use super::field::Field;
use super::lexicon::{Family, Lexicon, Text, ValueId, may_be_alike, may_be_slips};
use super::name::Name;
use super::outline;
use super::place::Place;
use super::record::Record;
use super::text::fold;

/// Places of a row. Names of constants say what stands there.
pub(super) mod slot {
    pub(in super::super) const GIVEN: usize = 0;
    pub(in super::super) const SURNAME: usize = 1;
    pub(in super::super) const FURTHER: usize = 2; // and 3, 4
    pub(in super::super) const BIRTH: usize = 5;
    pub(in super::super) const STREET: usize = 6;
    pub(in super::super) const NUMBER: usize = 7;
    pub(in super::super) const UNIT: usize = 8;
    pub(in super::super) const POSTCODE: usize = 9;
    pub(in super::super) const CITY: usize = 10;
    pub(in super::super) const STATE: usize = 11;
    pub(in super::super) const EMAIL: usize = 12;
    pub(in super::super) const PHONE: usize = 13;
    pub(in super::super) const UNIQUE: usize = 14; // to 17
    pub(in super::super) const DEVICE: usize = 18;
    pub(in super::super) const MORE: usize = 19;
    pub(in super::super) const WORD: usize = 20; // birth place, occupation, two others
    pub(in super::super) const ADDRESS: usize = 24; // street and number together
    pub(in super::super) const COUNT: usize = 25;
    /// The family of each place's values.
    pub(in super::super) const FAMILY: [super::Family; COUNT] = {
        use super::Family as F;
        [
            F::Given,
            F::Surname,
            F::Given,
            F::Given,
            F::Given,
            F::Birth,
            F::Street,
            F::Number,
            F::Unit,
            F::Postcode,
            F::City,
            F::State,
            F::Email,
            F::Phone,
            F::Unique1,
            F::Unique2,
            F::Unique3,
            F::Unique4,
            F::Device,
            F::More,
            F::BirthPlace,
            F::Occupation,
            F::Word1,
            F::Word2,
            F::Address,
        ]
    };
}

/// A record as numbers. Rows that are compared lie far apart, so no row begins amid a line of the cache.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(64))]
pub(super) struct Row {
    /// The value in each place; 0 where there is none.
    pub(super) ids: [ValueId; slot::COUNT],
    /// How rare the value is: `-log2` of its frequency, in eighths of a bit.
    pub(super) rarity: [u8; slot::COUNT],
    /// 1 elder, 2 younger, 3 and on; 0: not said.
    pub(super) generation: u8,
    /// 1 female, 2 male; 0: not said.
    pub(super) sex: u8,
    /// Age in years and 1; 0: not said, or beyond belief.
    pub(super) age: u8,
    /// Which places hold a value: a bit each.
    pub(super) present: u32,
    /// Which places hold a value that is nobody's own: a bit each.
    pub(super) shared: u32,
    /// The date of birth, packed.
    pub(super) birth: u32,
    /// Its eight digits, four bits each.
    pub(super) birth_digits: u32,
    /// Sketches of the values in [`SKETCHED`] places, so that most comparisons need no text.
    pub(super) sketches: [u32; SKETCHED.len()],
    /// Outlines of given name and surname.
    pub(super) outlines: [u32; 2],
}

/// Places whose values are sketched.
pub(super) const SKETCHED: [usize; 9] = [
    slot::GIVEN,
    slot::SURNAME,
    slot::STREET,
    slot::CITY,
    slot::UNIQUE,
    slot::MORE,
    slot::WORD,
    slot::PHONE,
    slot::POSTCODE,
];

/// Where each place's sketch stands among the sketches; of most places there is none.
const SKETCH_OF: [Option<usize>; slot::COUNT] = {
    let mut of = [None; slot::COUNT];
    let mut at = 0;
    while at < SKETCHED.len() {
        of[SKETCHED[at]] = Some(at);
        at += 1;
    }
    of
};

impl Row {
    /// Reads a record; its values get numbers.
    pub(super) fn of(record: &Record, lexicon: &mut Lexicon) -> Self {
        let mut row = Self {
            ids: [0; slot::COUNT],
            rarity: [0; slot::COUNT],
            generation: 0,
            sex: 0,
            age: 0,
            present: 0,
            shared: 0,
            birth: 0,
            birth_digits: 0,
            sketches: [0; SKETCHED.len()],
            outlines: [0; 2],
        };
        let name = Name::of(record);
        row.generation = name.generation;
        let mut texts = Texts(Vec::with_capacity(slot::COUNT));
        texts.put(slot::GIVEN, name.given);
        texts.put(slot::SURNAME, name.surname);
        for (at, word) in name.further.into_iter().enumerate().take(3) {
            texts.put(slot::FURTHER + at, word);
        }
        let place = Place::of(record);
        texts.put(slot::STREET, place.street);
        texts.put(slot::NUMBER, place.number);
        texts.put(slot::UNIT, place.unit);
        texts.put(slot::POSTCODE, place.postcode);
        texts.put(slot::CITY, place.city);
        texts.put(slot::STATE, place.state);
        for (field, value) in record.values() {
            row.plain(field, value, &mut texts);
        }
        lexicon.ask(texts.0.iter().map(|(_, text)| text));
        for (at, text) in &texts.0 {
            row.ids[*at] = lexicon.number(text);
        }
        for (outline, at) in row.outlines.iter_mut().zip([slot::GIVEN, slot::SURNAME]) {
            let id = row.ids[at];
            *outline = outline::outline(lexicon.text(id), lexicon.value(id).sound);
        }
        row.ids[slot::ADDRESS] = lexicon.both(row.ids[slot::STREET], row.ids[slot::NUMBER]);
        for (place, id) in row.ids.iter().enumerate() {
            row.present |= u32::from(*id != 0) << place;
        }
        for (sketch, at) in row.sketches.iter_mut().zip(SKETCHED) {
            *sketch = lexicon.value(row.ids[at]).sketch;
        }
        row
    }

    /// Fields whose value is one value of the row.
    fn plain<'t>(&mut self, field: Field, value: &'t str, texts: &mut Texts<'t>) {
        match field {
            Field::BirthDate => {
                if let Some(date) = BirthDate::parse(value) {
                    self.birth = date.0;
                    let digits = date.digits();
                    self.birth_digits =
                        digits.iter().fold(0, |all, digit| all << 4 | u32::from(digit - b'0'));
                    if digits == value.as_bytes() {
                        texts.put(slot::BIRTH, value);
                    } else {
                        let text = std::str::from_utf8(&digits).expect("digits");
                        texts.put(slot::BIRTH, text.to_owned());
                    }
                }
            }
            Field::Sex => self.sex = sex(value),
            Field::Age => self.age = age(value),
            Field::Email => {
                if let Some((local, domain)) = contact::email(value) {
                    texts.put(slot::EMAIL, format!("{local}@{domain}"));
                }
            }
            Field::Phone => {
                texts.put(slot::PHONE, contact::phone(value).unwrap_or_default());
            }
            Field::Unique(kind) => {
                let at = slot::UNIQUE + usize::from(kind.min(Field::UNIQUES - 1));
                texts.put(at, contact::unique(value));
            }
            Field::Device => texts.put(slot::DEVICE, value),
            Field::AddressMore => texts.put(slot::MORE, fold(value)),
            Field::BirthPlace => texts.put(slot::WORD, fold(value)),
            Field::Occupation => texts.put(slot::WORD + 1, fold(value)),
            Field::Word(kind) => {
                let at = slot::WORD + 2 + usize::from(kind.min(Field::WORDS - 1));
                texts.put(at, fold(value));
            }
            Field::Given | Field::Surname | Field::FullName | Field::Middle | Field::Generation => {
            }
            Field::Address | Field::StreetNumber | Field::Street | Field::Unit | Field::City => {}
            Field::Postcode | Field::State => {}
        }
    }

    /// The sketch of the value in a place; 0 in places that have none.
    #[inline]
    pub(super) fn sketch(&self, at: usize) -> u32 {
        SKETCH_OF[at].map_or(0, |sketch| self.sketches[sketch])
    }

    /// Asks for the whole row without waiting for it, as far as the caller waits for nothing either.
    #[inline]
    pub(super) fn ask(&self) -> u32 {
        const { assert!(size_of::<Self>() == 192) };
        self.ids[0] ^ self.ids[16] ^ self.sketches[SKETCHED.len() - 1]
    }

    /// Which places hold a value that says something about the person: a bit each.
    #[inline]
    pub(super) fn owned(&self) -> u32 {
        self.present & !self.shared
    }

    /// The value in a place that says something about the person: a shared one does not.
    #[inline]
    pub(super) fn own(&self, at: usize) -> ValueId {
        if self.shared >> at & 1 == 1 { 0 } else { self.ids[at] }
    }

    /// Whether the different values that two rows have in a place may be alike, as far as can be told
    /// without reading them.
    #[inline]
    pub(super) fn may_be_alike(&self, other: &Self, at: usize) -> bool {
        let Some(sketch) = SKETCH_OF[at] else { return true };
        let (left, right) = (self, other);
        let (one, other) = (left.sketches[sketch], right.sketches[sketch]);
        if matches!(at, slot::UNIQUE | slot::PHONE | slot::POSTCODE) {
            may_be_slips(one, other)
        } else {
            may_be_alike(one, other)
                && (at > slot::SURNAME
                    || outline::may_be_alike((one, other), (left.outlines[at], right.outlines[at])))
        }
    }
}

/// The texts of a record that are about to get their numbers, with their places in its row.
struct Texts<'t>(Vec<(usize, Text<'t>)>);

impl<'t> Texts<'t> {
    fn put(&mut self, at: usize, text: impl Into<Cow<'t, str>>) {
        if let Some(text) = Text::of(slot::FAMILY[at], text.into()) {
            self.0.push((at, text));
        }
    }
}

fn age(value: &str) -> u8 {
    const AGE_MAX: u8 = 120;
    match value.split(['.', ' ']).next().unwrap_or_default().parse::<u8>() {
        Ok(years) if years <= AGE_MAX => years + 1,
        Ok(_) | Err(_) => 0,
    }
}

fn sex(value: &str) -> u8 {
    match value.trim().to_lowercase().as_str() {
        "f" | "female" | "w" | "woman" | "weiblich" | "frau" | "mujer" | "femenino" | "femme"
        | "2" => 1,
        "ж" | "жен" | "женский" | "女" => 1,
        "m" | "male" | "man" | "männlich" | "herr" | "hombre" | "masculino" | "homme" | "1" => 2,
        "м" | "муж" | "мужской" | "男" => 2,
        _ => 0,
    }
}
