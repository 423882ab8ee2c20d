//! Lots: which of several ways chance chooses for a person.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::{Draw, DrawnWay};
use crate::identity::PersonId;

/// A number that is drawn once and for ever for a person and an experiment, even over all numbers.
/// The keys are fixed, so that every machine and release draws the same.
#[must_use]
pub fn lot(person: PersonId, experiment: &str) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(0x5265_6775_6c61_7273, 0x6c6f_7473_2164_7277);
    hasher.write_u64(person.0);
    hasher.write(experiment.as_bytes());
    hasher.finish()
}

/// The way that chance chooses for a person at a step. It depends on the names of journey and step and
/// on the ways, and on nothing else that is written in the journey.
#[must_use]
pub fn way_of<'d>(
    (journey, step): (&str, &str),
    draw: &'d Draw,
    person: PersonId,
) -> Option<&'d DrawnWay> {
    drawn(lot(person, &format!("{journey}/{step}")), &draw.ways)
}

/// The way that the lot chooses: ways lie side by side in their order, each as wide as its weight.
/// `None` if there are none.
fn drawn(lot: u64, ways: &[DrawnWay]) -> Option<&DrawnWay> {
    let total: u128 = ways.iter().map(|way| u128::from(way.weight)).sum();
    let point = (u128::from(lot) * total) >> 64;
    let mut passed = 0;
    ways.iter().find(|way| {
        passed += u128::from(way.weight);
        point < passed
    })
}

/// Whether the lot falls into a share of `permille` thousandths.
#[must_use]
pub fn within(lot: u64, permille: u32) -> bool {
    (u128::from(lot) * 1_000) >> 64 < u128::from(permille)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ways(weights: &[u32]) -> Vec<DrawnWay> {
        let name = |index: usize| format!("way {index}");
        let way = |(index, weight): (usize, &u32)| DrawnWay {
            name: name(index),
            weight: *weight,
            to: None,
        };
        weights.iter().enumerate().map(way).collect()
    }

    /// How many of so many persons each way gets.
    fn counts(experiment: &str, weights: &[u32], persons: u64) -> Vec<u64> {
        let ways = ways(weights);
        let mut counts = vec![0; ways.len()];
        for person in 0..persons {
            let chosen = drawn(lot(PersonId(person), experiment), &ways).unwrap();
            counts[ways.iter().position(|way| way == chosen).unwrap()] += 1;
        }
        counts
    }

    /// Pearson's statistic; with 1 to 4 degrees of freedom it passes 23 in one of 10,000 draws at most.
    fn chi_square(counts: &[u64], weights: &[u32]) -> f64 {
        let (persons, total) = (counts.iter().sum::<u64>(), weights.iter().sum::<u32>());
        let expected = |weight: u32| f64::from(weight) * persons as f64 / f64::from(total);
        let part = |(count, weight): (&u64, &u32)| {
            let (found, expected) = (*count as f64, expected(*weight));
            (found - expected).powi(2) / expected
        };
        counts.iter().zip(weights).map(part).sum()
    }

    #[test]
    fn shares_are_what_is_stated_within_the_bounds_of_chance() {
        for weights in [&[1, 1][..], &[1, 1, 1], &[900, 100], &[5, 15, 30, 20, 30]] {
            for experiment in ["cart/tone", "welcome/subject", "a", ""] {
                let counts = counts(experiment, weights, 100_000);
                let statistic = chi_square(&counts, weights);
                assert!(statistic < 23.0, "{experiment} {weights:?}: {counts:?}, {statistic}");
            }
        }
    }

    /// Two experiments know nothing of each other, or one would disturb what the other measures.
    #[test]
    fn experiments_are_independent() {
        let two = ways(&[1, 1]);
        let mut table = [0; 4];
        for person in 0..100_000 {
            let side = |experiment| drawn(lot(PersonId(person), experiment), &two) == two.first();
            let cell = usize::from(side("cart/tone")) * 2 + usize::from(side("cart/colour"));
            table[cell] += 1;
        }
        assert!(chi_square(&table, &[1, 1, 1, 1]) < 23.0, "{table:?}");
    }

    #[test]
    fn a_share_of_thousandths_is_one() {
        let within = (0..100_000).filter(|person| within(lot(PersonId(*person), "holdout"), 50));
        let count = within.count();
        assert!((4_700..5_300).contains(&count), "{count}");
    }

    #[test]
    fn a_person_draws_the_same_for_ever() {
        // Fixed: a release that drew otherwise would mix the arms of every running test.
        assert_eq!(lot(PersonId(7), "cart/tone"), 13_842_692_415_815_843_077);
    }
}
