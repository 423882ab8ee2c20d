//! What is compared, and the levels of likeness each comparison knows.
//!
//! A level has defaults for three kinds of pairs: records of one person, of two strangers, and of
//! two people who share a household. Training replaces them; where there is little to learn from,
//! they stay.

use super::row::slot;

/// How the rarity of the values changes what a level is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rarity {
    /// Not at all.
    None,
    /// The value itself is as likely among strangers as it is frequent.
    Same(usize),
    /// The rarer of two like values is the likelier to be a slip of the other.
    Like(usize),
    /// As [`Rarity::Same`], for values that are the same in different places: the commoner counts.
    Found(usize),
    /// As [`Rarity::Same`], for street and house number together.
    Address,
}

/// One level of likeness.
#[derive(Clone, Copy, Debug)]
pub(super) struct Level {
    /// In words for people.
    pub(super) words: &'static str,
    /// How often it is seen between records of one person.
    pub(super) person: f64,
    /// The most often it can be: training does not go beyond.
    pub(super) person_max: f64,
    /// How often between strangers.
    pub(super) stranger: f64,
    pub(super) rarity: Rarity,
    /// Levels of one group are what can happen where the same is known of both records: their
    /// frequencies add up to 1.
    pub(super) group: u8,
}

/// One thing that is compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Aspect {
    pub(super) name: &'static str,
    pub(super) levels: &'static [Level],
    /// The share of households whose members have this in common; 0 for what is one's own.
    pub(super) household: f64,
}

const fn level(words: &'static str, person: f64, stranger: f64) -> Level {
    Level { words, person, person_max: 1.0, stranger, rarity: Rarity::None, group: 0 }
}

impl Level {
    const fn rarity(self, rarity: Rarity) -> Self {
        Self { rarity, ..self }
    }

    const fn at_most(self, person_max: f64) -> Self {
        Self { person_max, ..self }
    }

    const fn group(self, group: u8) -> Self {
        Self { group, ..self }
    }
}

pub(super) const GIVEN: usize = 0;
pub(super) const SURNAME: usize = 1;
pub(super) const FURTHER: usize = 2;
pub(super) const BIRTH: usize = 3;
pub(super) const STREET: usize = 4;
pub(super) const POSTCODE: usize = 5;
pub(super) const CITY: usize = 6;
pub(super) const STATE: usize = 7;
pub(super) const EMAIL: usize = 8;
pub(super) const PHONE: usize = 9;
pub(super) const UNIQUE: usize = 10; // to 13
pub(super) const DEVICE: usize = 14;
pub(super) const MORE: usize = 15;
pub(super) const WORD: usize = 16; // to 19
pub(super) const SEX: usize = 20;
pub(super) const GENERATION: usize = 21;
pub(super) const MAIL_GIVEN: usize = 22;
pub(super) const MAIL_SURNAME: usize = 23;
pub(super) const AGE: usize = 24;
/// How many aspects there are.
pub(super) const ASPECTS: usize = 25;
/// The most levels an aspect has.
pub(super) const LEVELS: usize = 8;
/// Stands for a comparison that could not be made, since a value is missing.
pub(super) const MISSING: u8 = u8::MAX;

pub(super) mod given {
    pub(in super::super) const SAME: u8 = 0;
    pub(in super::super) const NICKNAME: u8 = 1;
    pub(in super::super) const SLIP: u8 = 2;
    pub(in super::super) const ELSEWHERE: u8 = 3;
    pub(in super::super) const ALIKE: u8 = 4;
    pub(in super::super) const DIFFERENT: u8 = 5;
    pub(in super::super) const INITIAL: u8 = 6;
    pub(in super::super) const OTHER_INITIAL: u8 = 7;
}

const NAME_GIVEN: [Level; 8] = [
    level("same given name", 0.75, 0.01).rarity(Rarity::Same(slot::GIVEN)),
    level("a short form of the given name", 0.06, 0.004),
    level("given name with a slip", 0.06, 0.002).rarity(Rarity::Like(slot::GIVEN)),
    level("given name found in another place of the name", 0.03, 0.003)
        .at_most(0.15)
        .rarity(Rarity::Found(slot::GIVEN)),
    level("given name that is alike", 0.03, 0.01).rarity(Rarity::Like(slot::GIVEN)),
    level("another given name", 0.07, 0.971).at_most(0.15),
    level("same initial", 0.95, 0.09).group(1),
    level("another initial", 0.05, 0.91).group(1),
];
const NAME_SURNAME: [Level; 8] = [
    level("same surname", 0.80, 0.002).rarity(Rarity::Same(slot::SURNAME)),
    level("part of the surname", 0.03, 0.0005),
    level("surname with a slip", 0.06, 0.001).rarity(Rarity::Like(slot::SURNAME)),
    level("surname found in another place of the name", 0.02, 0.001)
        .at_most(0.15)
        .rarity(Rarity::Found(slot::SURNAME)),
    level("surname that is alike", 0.02, 0.008).rarity(Rarity::Like(slot::SURNAME)),
    level("another surname", 0.07, 0.9875).at_most(0.25),
    level("same initial", 0.95, 0.09).group(1),
    level("another initial", 0.05, 0.91).group(1),
];
pub(super) mod further {
    pub(in super::super) const SAME: u8 = 0;
    pub(in super::super) const INITIAL: u8 = 1;
    pub(in super::super) const DIFFERENT: u8 = 2;
}
const NAME_FURTHER: [Level; 3] = [
    level("same further name", 0.75, 0.01),
    level("same initial of a further name", 0.10, 0.05),
    level("other further names", 0.15, 0.94),
];
pub(super) mod birth {
    pub(in super::super) const SAME: u8 = 0;
    pub(in super::super) const SWAPPED: u8 = 1;
    pub(in super::super) const SLIP: u8 = 2;
    pub(in super::super) const TWO_PARTS: u8 = 3;
    pub(in super::super) const SAME_YEAR: u8 = 4;
    pub(in super::super) const DIFFERENT: u8 = 5;
    pub(in super::super) const YEAR: u8 = 6;
    pub(in super::super) const OTHER_YEAR: u8 = 7;
}
const BIRTH_DATE: [Level; 8] = [
    level("same date of birth", 0.85, 0.00004).rarity(Rarity::Same(slot::BIRTH)),
    level("day and month of birth swapped", 0.01, 0.00003).at_most(0.15),
    level("date of birth with a slip", 0.06, 0.0008),
    level("two parts of the date of birth", 0.03, 0.004).at_most(0.2),
    level("same year of birth", 0.02, 0.014),
    level("another date of birth", 0.03, 0.98).at_most(0.15),
    level("same year of birth, no day", 0.95, 0.015).group(1),
    level("another year of birth, no day", 0.05, 0.985).at_most(0.15).group(1),
];
pub(super) mod street {
    pub(in super::super) const SAME: u8 = 0;
    pub(in super::super) const NEAR: u8 = 1;
    pub(in super::super) const OTHER_UNIT: u8 = 2;
    pub(in super::super) const OTHER_NUMBER: u8 = 3;
    pub(in super::super) const SAME_NUMBER: u8 = 4;
    pub(in super::super) const DIFFERENT: u8 = 5;
    pub(in super::super) const STREET: u8 = 6;
    pub(in super::super) const OTHER_STREET: u8 = 7;
}
const ADDRESS: [Level; 8] = [
    level("same address", 0.60, 0.00002).rarity(Rarity::Address),
    level("address with a slip", 0.12, 0.00005),
    level("same house, another flat", 0.02, 0.0001),
    level("same street, another house", 0.04, 0.002),
    level("same house number, another street", 0.02, 0.01),
    level("another address", 0.20, 0.9878),
    level("same street", 0.85, 0.002).rarity(Rarity::Same(slot::STREET)).group(1),
    level("another street", 0.15, 0.998).group(1),
];
pub(super) mod postcode {
    pub(in super::super) const SAME: u8 = 0;
    pub(in super::super) const SLIP: u8 = 1;
    pub(in super::super) const NEAR: u8 = 2;
    pub(in super::super) const DIFFERENT: u8 = 3;
}
const POSTAL_CODE: [Level; 4] = [
    level("same postcode", 0.80, 0.001).rarity(Rarity::Same(slot::POSTCODE)),
    level("postcode with a slip", 0.06, 0.002),
    level("neighbouring postcode", 0.03, 0.02),
    level("another postcode", 0.11, 0.977),
];
/// Added to a level of a place that is nothing new, since a narrower place agrees already.
pub(super) const KNOWN: u8 = 3;
const TOWN: [Level; 6] = [
    level("same town", 0.85, 0.01).rarity(Rarity::Same(slot::CITY)),
    level("town spelt alike", 0.08, 0.002),
    level("another town", 0.07, 0.988),
    level("same town, as the postcode says", 0.94, 0.80).group(1),
    level("town spelt alike, same postcode", 0.03, 0.01).group(1),
    level("another town, same postcode", 0.03, 0.19).group(1),
];
const REGION: [Level; 6] = [
    level("same state", 0.94, 0.20).rarity(Rarity::Same(slot::STATE)),
    level("state spelt alike", 0.01, 0.01),
    level("another state", 0.05, 0.79),
    level("same state, as the town says", 0.97, 0.95).group(1),
    level("state spelt alike, same town", 0.01, 0.01).group(1),
    level("another state, same town", 0.02, 0.04).group(1),
];
pub(super) mod email {
    pub(in super::super) const SAME: u8 = 0;
    pub(in super::super) const SLIP: u8 = 1;
    pub(in super::super) const LOCAL: u8 = 2;
    pub(in super::super) const LIKE: u8 = 3;
    pub(in super::super) const DIFFERENT: u8 = 4;
}
const E_MAIL: [Level; 5] = [
    level("same e-mail address", 0.60, 0.000_002).rarity(Rarity::Same(slot::EMAIL)),
    level("e-mail address with a slip", 0.05, 0.000_005),
    level("same e-mail name at another provider", 0.03, 0.000_02),
    level("like e-mail name", 0.02, 0.0003),
    level("another e-mail address", 0.30, 0.9996),
];
pub(super) mod phone {
    pub(in super::super) const SAME: u8 = 0;
    pub(in super::super) const SLIP: u8 = 1;
    pub(in super::super) const ENDING: u8 = 2;
    pub(in super::super) const DIFFERENT: u8 = 3;
}
const TELEPHONE: [Level; 4] = [
    level("same phone number", 0.70, 0.000_005).rarity(Rarity::Same(slot::PHONE)),
    level("phone number one digit off", 0.03, 0.000_1),
    level("same phone number without its prefix", 0.02, 0.000_01),
    level("another phone number", 0.25, 0.99988),
];
pub(super) mod unique {
    pub(in super::super) const SAME: u8 = 0;
    pub(in super::super) const SLIP: u8 = 1;
    pub(in super::super) const SLIPS: u8 = 2;
    pub(in super::super) const DIFFERENT: u8 = 3;
}
const fn own_number(at: usize) -> [Level; 4] {
    [
        level("same number of its kind", 0.93, 0.000_002).rarity(Rarity::Same(at)),
        level("number of its kind with a slip", 0.04, 0.000_05),
        level("number of its kind with two slips", 0.005, 0.001).at_most(0.1),
        level("another number of its kind", 0.025, 0.9989).at_most(0.3),
    ]
}
const UNIQUE1: [Level; 4] = own_number(slot::UNIQUE);
const UNIQUE2: [Level; 4] = own_number(slot::UNIQUE + 1);
const UNIQUE3: [Level; 4] = own_number(slot::UNIQUE + 2);
const UNIQUE4: [Level; 4] = own_number(slot::UNIQUE + 3);
const MACHINE: [Level; 2] = [
    level("same device", 0.50, 0.000_01).rarity(Rarity::Same(slot::DEVICE)),
    level("another device", 0.50, 0.99999),
];
pub(super) mod word {
    pub(in super::super) const SAME: u8 = 0;
    pub(in super::super) const SLIP: u8 = 1;
    pub(in super::super) const PART: u8 = 2;
    pub(in super::super) const DIFFERENT: u8 = 3;
}
const fn words(at: usize, texts: [&'static str; 4]) -> [Level; 4] {
    [
        level(texts[0], 0.75, 0.01).rarity(Rarity::Same(at)),
        level(texts[1], 0.06, 0.001).rarity(Rarity::Like(at)),
        level(texts[2], 0.04, 0.004).rarity(Rarity::Like(at)),
        level(texts[3], 0.15, 0.985),
    ]
}
const SECOND_LINE: [Level; 4] = words(
    slot::MORE,
    [
        "same second address line",
        "second address line with a slip",
        "part of the second address line",
        "another second address line",
    ],
);
const BIRTH_PLACE: [Level; 4] = words(
    slot::WORD,
    [
        "same place of birth",
        "place of birth with a slip",
        "part of the place of birth",
        "another place of birth",
    ],
);
const OCCUPATION: [Level; 4] = words(
    slot::WORD + 1,
    ["same occupation", "occupation with a slip", "part of the occupation", "another occupation"],
);
const OTHER: [&str; 4] = ["same word", "word with a slip", "part of the word", "another word"];
const WORD1: [Level; 4] = words(slot::WORD + 2, OTHER);
const WORD2: [Level; 4] = words(slot::WORD + 3, OTHER);
const SEXES: [Level; 2] =
    [level("same sex", 0.98, 0.5), level("another sex", 0.02, 0.5).at_most(0.1)];
const GENERATIONS: [Level; 2] =
    [level("same generation", 0.99, 0.5), level("another generation", 0.01, 0.5).at_most(0.05)];

pub(super) mod age {
    pub(in super::super) const SAME: u8 = 0;
    pub(in super::super) const NEXT: u8 = 1;
    pub(in super::super) const NEAR: u8 = 2;
    pub(in super::super) const DIFFERENT: u8 = 3;
    pub(in super::super) const FITS: u8 = 4;
    pub(in super::super) const NOR: u8 = 5;
}
const AGES: [Level; 6] = [
    level("same age", 0.75, 0.014),
    level("a year older or younger", 0.15, 0.028),
    level("some years older or younger", 0.06, 0.12),
    level("another age", 0.04, 0.838),
    level("same age, whatever the dates say", 0.60, 0.045).group(1),
    level("another age too", 0.40, 0.955).group(1),
];

pub(super) mod mail {
    pub(in super::super) const WHOLE: u8 = 0;
    pub(in super::super) const INITIAL: u8 = 1;
    pub(in super::super) const NOT: u8 = 2;
}
const NAME_IN_MAIL: [Level; 3] = [
    level("e-mail address made of the given name", 0.50, 0.004),
    level("e-mail address made of the initial and surname", 0.20, 0.01),
    level("given name not in the e-mail address", 0.30, 0.986),
];
const SURNAME_IN_MAIL: [Level; 2] = [
    level("e-mail address made of the surname", 0.60, 0.002).rarity(Rarity::Found(slot::SURNAME)),
    level("surname not in the e-mail address", 0.40, 0.998),
];

const fn aspect(name: &'static str, levels: &'static [Level], household: f64) -> Aspect {
    Aspect { name, levels, household }
}

/// All aspects, in the order of their numbers.
pub(super) const ALL: [Aspect; ASPECTS] = [
    aspect("given name", &NAME_GIVEN, 0.0),
    aspect("surname", &NAME_SURNAME, 0.80),
    aspect("further names", &NAME_FURTHER, 0.0),
    aspect("date of birth", &BIRTH_DATE, 0.0),
    aspect("address", &ADDRESS, 0.90),
    aspect("postcode", &POSTAL_CODE, 0.95),
    aspect("town", &TOWN, 0.95),
    aspect("state", &REGION, 0.98),
    aspect("e-mail", &E_MAIL, 0.10),
    aspect("phone", &TELEPHONE, 0.30),
    aspect("number 1", &UNIQUE1, 0.0003),
    aspect("number 2", &UNIQUE2, 0.0003),
    aspect("number 3", &UNIQUE3, 0.0003),
    aspect("number 4", &UNIQUE4, 0.0003),
    aspect("device", &MACHINE, 0.10),
    aspect("second address line", &SECOND_LINE, 0.90),
    aspect("place of birth", &BIRTH_PLACE, 0.30),
    aspect("occupation", &OCCUPATION, 0.10),
    aspect("word 1", &WORD1, 0.20),
    aspect("word 2", &WORD2, 0.20),
    aspect("sex", &SEXES, 0.0),
    aspect("generation", &GENERATIONS, 0.0),
    aspect("given name and e-mail", &NAME_IN_MAIL, 0.0),
    aspect("surname and e-mail", &SURNAME_IN_MAIL, 0.6),
    aspect("age", &AGES, 0.0),
];
