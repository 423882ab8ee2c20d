//! One record beside others that callers keep elsewhere: how alike they are, and who of a few is whom.

use minicbor::{Decode, Encode};

use super::cluster::{Bonds, Pair, Rules, clusters_with};
use super::compare;
use super::hope::One;
use super::level::{
    BIRTH, CITY, DEVICE, EMAIL, FURTHER, GENERATION, GIVEN, MAIL_GIVEN, MAIL_SURNAME, MORE, PHONE,
    SEX, STATE, STREET, SURNAME, UNIQUE,
};
use super::lexicon::Lexicon;
use super::pair::Linker;
use super::population::Population;
use super::record::Record;
use super::row::Row;
use super::score;

/// How alike two records are, as far as it bears on who is who.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Alike {
    /// Log odds in bits that they are of one person.
    pub weight_bits: f32,
    /// Log odds in bits that they are of one person, as long as a household is left out of account.
    pub together_bits: f32,
}

/// A record that is about to be compared with others, taken apart once.
#[derive(Debug)]
pub struct Beside<'l, 'a> {
    linker: &'l Linker<'a>,
    lexicon: Lexicon,
    row: Row,
}

impl<'a> Linker<'a> {
    /// Takes a record apart, to be compared with others.
    #[must_use]
    pub fn beside<'l>(&'l self, record: &Record) -> Beside<'l, 'a> {
        let mut lexicon = Lexicon::default();
        let row = self.row(record, &mut lexicon);
        Beside { linker: self, lexicon, row }
    }

    /// The log odds in bits from which on two records may be of one person.
    #[must_use]
    pub fn possible_bits(&self) -> f32 {
        self.weights.possible
    }

    /// Who of a few records is whom, as [`link`](super::link) finds it among many: the cluster of
    /// each. `pairs` are all pairs that are [`Beside::alike`], `known` those that are of one person
    /// whatever their likeness. What joins is told to `bonds`, and what they refuse does not.
    pub(crate) fn cluster<'r>(
        &self,
        records: impl Iterator<Item = &'r Record>,
        pairs: &[(u32, u32, Alike)],
        known: &[(u32, u32)],
        bonds: &mut dyn Bonds,
    ) -> Vec<u32> {
        let mut population = Population::default();
        for record in records {
            let row = self.row(record, &mut population.lexicon);
            population.rows.push(row);
            population.sources.push(0);
        }
        let pairs: Vec<Pair> = (pairs.iter())
            .map(|(left, right, alike)| Pair {
                left: *left,
                right: *right,
                weight: alike.weight_bits,
                // Who of a household is whom takes a model that knows the shop's names.
                together: if self.trained() { alike.together_bits } else { f32::NEG_INFINITY },
            })
            .collect();
        clusters_with(&population, &pairs, &self.weights, &Rules::default(), known, bonds)
    }
}

/// What two records have in common, as people would tell it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct Points(#[n(0)] u8);

impl Points {
    /// The words for what may be in common, in the order in which they are told.
    pub const WORDS: [&'static str; 6] =
        ["name", "date of birth", "address", "e-mail", "phone", "card"];

    /// The words of what is in common.
    pub fn words(self) -> impl Iterator<Item = &'static str> {
        let held = move |(at, _): &(usize, &str)| self.0 >> at & 1 == 1;
        Self::WORDS.into_iter().enumerate().filter(held).map(|(_, word)| word)
    }

    /// The point that an aspect belongs to.
    fn of(aspect: usize) -> Option<u8> {
        match aspect {
            GIVEN | SURNAME | FURTHER => Some(0),
            BIRTH => Some(1),
            STREET..=CITY | MORE => Some(2),
            EMAIL => Some(3),
            PHONE => Some(4),
            _ if (UNIQUE..DEVICE).contains(&aspect) => Some(5),
            _ => None,
        }
    }
}

/// From so many bits on, what two records have in common is worth telling.
const TELLING_BITS: f32 = 2.0;

/// What a model that was never trained must find beside a name before two records count as alike, in
/// bits: names alone are many people's, and how many's it does not know.
const BESIDE_NAMES_BITS: f32 = 6.0;

impl Beside<'_, '_> {
    /// How alike the two are, if that can bear on who is who: they may be of one person, or surely
    /// live together. Which of the two comes first makes no difference.
    pub fn alike(&mut self, other: &Record) -> Option<Alike> {
        let linker = self.linker;
        let other = linker.row(other, &mut self.lexicon);
        let weights = &linker.weights;
        let one = One::of(0, &self.row, weights);
        let pair = score::pair(&one, (1, &other), &self.lexicon, weights)?;
        let bears = pair.weight >= weights.possible.min(0.0)
            || linker.trained() && pair.together >= weights.together;
        let trusted = linker.trained() || self.more_than_names(&other);
        (bears && trusted)
            .then_some(Alike { weight_bits: pair.weight, together_bits: pair.together })
    }

    /// What the two have in common.
    pub fn points(&mut self, other: &Record) -> Points {
        let other = self.linker.row(other, &mut self.lexicon);
        let levels = compare::all(&self.row, &other, &self.lexicon);
        let mut points = 0;
        for (at, level) in levels.iter().enumerate() {
            let (bits, _) = score::worth(at, *level, &self.row, &other, &self.linker.weights);
            if let Some(point) = Points::of(at).filter(|_| bits >= TELLING_BITS) {
                points |= 1 << point;
            }
        }
        Points(points)
    }

    fn more_than_names(&self, other: &Row) -> bool {
        const NAMES: [usize; 8] =
            [GIVEN, SURNAME, FURTHER, SEX, GENERATION, MAIL_GIVEN, MAIL_SURNAME, STATE];
        let levels = compare::all(&self.row, other, &self.lexicon);
        levels.iter().enumerate().filter(|(at, _)| !NAMES.contains(at) && *at != CITY).any(
            |(at, level)| {
                let weights = &self.linker.weights;
                score::worth(at, *level, &self.row, other, weights).0 >= BESIDE_NAMES_BITS
            },
        )
    }
}
