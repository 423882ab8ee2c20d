//! Pairs that training reads again and again: what was found and how rare it is, without their rows.

use super::compare;
use super::level::{ALL, ASPECTS, LEVELS, MISSING};
use super::population::Population;
use super::score::rarity;

/// One aspect of a pair that could be compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// Aspect and level, as one number among all levels of all aspects.
    cell: u8,
    /// See [`rarity`].
    pub(super) rarity: u8,
}

impl Found {
    /// Aspect and level, as one number among [`LEVELS`] of each of [`ASPECTS`].
    #[inline]
    pub(super) fn cell(self) -> usize {
        const { assert!(ASPECTS * LEVELS <= 1 << u8::BITS) };
        usize::from(self.cell)
    }
}

/// Pairs, each as what was found.
#[derive(Debug, Default)]
pub(super) struct Sample {
    found: Vec<Found>,
    /// Where each pair ends among what was found.
    ends: Vec<u32>,
}

impl Sample {
    /// Compares two records, and keeps what was found.
    pub(super) fn compare(&mut self, population: &Population, left: u32, right: u32) {
        let row = |number: u32| &population.rows[number as usize];
        let (left, right) = (row(left), row(right));
        let levels = compare::all(left, right, &population.lexicon);
        for (at, level) in levels.iter().enumerate().filter(|(_, level)| **level != MISSING) {
            let rarity = rarity(ALL[at].levels[usize::from(*level)].rarity, left, right);
            let cell = (at * LEVELS) as u8 + level;
            self.found.push(Found { cell, rarity });
        }
        self.ends.push(u32::try_from(self.found.len()).expect("some ten levels a pair"));
    }

    /// The pairs, in order of coming.
    pub(super) fn pairs(&self) -> impl Iterator<Item = &[Found]> {
        let mut start = 0;
        self.ends.iter().map(move |end| {
            let from = std::mem::replace(&mut start, *end as usize);
            &self.found[from..start]
        })
    }
}
