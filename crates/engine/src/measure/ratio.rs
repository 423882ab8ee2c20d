//! Whether people were assigned in the shares that were planned.

use libm::lgamma as ln_gamma;

use super::lift::Looks;
use super::moments::count;

/// How the numbers of people in the arms fit the shares that were planned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Balance {
    /// The smallest probability, at any look that is allowed, of numbers as far off as these; 0 to 1. Below
    /// [`Balance::ALARM`] the assignment or the counting is broken, and no lift can be believed.
    pub probability: f64,
}

impl Balance {
    /// Below this the trial is not what it was planned to be.
    pub const ALARM: f64 = 0.001;

    /// Whether the assignment or the counting is broken.
    #[must_use]
    pub fn broken(&self) -> bool {
        self.probability < Self::ALARM
    }
}

/// How firmly the alternatives are believed to lie near the plan: as if so many people had been
/// seen in the planned shares. Broken assignments are off by a few per cent, not by half.
const FIRMNESS: f64 = 100.0;

/// Compares the numbers of people in the arms with planned shares. Shares need not sum to 1; an arm of
/// share 0 with people in it is broken for sure.
///
/// For any looks it is the inverse of the Bayes factor of a Dirichlet mixture around the plan against
/// the plan, which is a p-value at every moment. Source: Lindon & Malek (2022), "Anytime-valid inference
/// for multinomial count data", NeurIPS. For a single look it is Pearson's chi-squared test.
///
/// # Panics
/// If there are not as many shares as arms.
#[must_use]
pub fn balance(people: &[u64], shares: &[f64], looks: Looks) -> Balance {
    assert_eq!(people.len(), shares.len(), "every arm has its share");
    if people.iter().zip(shares).any(|(n, share)| *share <= 0.0 && *n > 0) {
        return Balance { probability: 0.0 };
    }
    let all: f64 = shares.iter().sum();
    let planned: Vec<(f64, f64)> = (people.iter().zip(shares))
        .filter(|(_, share)| **share > 0.0)
        .map(|(n, share)| (count(*n), share / all))
        .collect();
    let total: f64 = planned.iter().map(|(n, _)| n).sum();
    let probability = match looks {
        Looks::Any => at_every_look(&planned, total),
        Looks::Once if total == 0.0 => 1.0,
        Looks::Once => {
            let off = |(n, share): &(f64, f64)| (n - total * share).powi(2) / (total * share);
            chi_squared_beyond(planned.iter().map(off).sum(), planned.len().saturating_sub(1))
        }
    };
    Balance { probability }
}

fn at_every_look(planned: &[(f64, f64)], total: f64) -> f64 {
    let mut evidence = ln_gamma(FIRMNESS) - ln_gamma(FIRMNESS + total);
    for (n, share) in planned {
        let prior = FIRMNESS * share;
        evidence += ln_gamma(prior + n) - ln_gamma(prior) - n * share.ln();
    }
    (-evidence).exp().min(1.0)
}

/// The probability that a sum of so many squared normal numbers exceeds `value`: the upper incomplete
/// gamma function Q(freedom / 2, value / 2), by its recurrence in the first argument
/// (Abramowitz & Stegun, 6.5.21).
fn chi_squared_beyond(value: f64, freedom: usize) -> f64 {
    let half = value / 2.0;
    if freedom == 0 || half <= 0.0 {
        return 1.0;
    }
    let odd = freedom % 2 == 1;
    let (mut shape, mut beyond) =
        if odd { (0.5, libm::erfc(half.sqrt())) } else { (1.0, (-half).exp()) };
    for _ in 0..(freedom - 1) / 2 {
        beyond += (shape * half.ln() - half - ln_gamma(shape + 1.0)).exp();
        shape += 1.0;
    }
    beyond.min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chi_squared_is_as_tables_have_it() {
        for (value, freedom, probability) in [
            (3.841_459, 1, 0.05),
            (5.991_465, 2, 0.05),
            (16.266_236, 3, 0.001),
            (18.307_038, 10, 0.05),
        ] {
            let found = chi_squared_beyond(value, freedom);
            assert!((found - probability).abs() < 1e-6, "{freedom}: {found}");
        }
    }

    /// Three in a hundred of 21,000 lost: too few to be told while one looks, and enough for a single look.
    #[test]
    fn a_single_look_sees_smaller_losses() {
        let people = [21_387, 21_307, 20_667];
        let once = balance(&people, &[1.0; 3], Looks::Once);
        assert!((once.probability - 0.000_628).abs() < 0.000_001 && once.broken(), "{once:?}");
        assert!(!balance(&people, &[1.0; 3], Looks::Any).broken());
        assert!(balance(&[21_387, 21_307, 20_241], &[1.0; 3], Looks::Any).broken());
    }
}
