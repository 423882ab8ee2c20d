//! Whether people were assigned in the shares that were planned.

use libm::lgamma as ln_gamma;

use super::moments::count;

/// How the numbers of people in the arms fit the shares that were planned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Balance {
    /// The smallest probability, at any look, of numbers as far off as these; 0 to 1. Below
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

/// Compares the numbers of people in the arms with planned shares, at any time and as often as one
/// likes. Shares need not sum to 1; an arm of share 0 with people in it is broken for sure.
///
/// The inverse of the Bayes factor of a Dirichlet mixture around the plan against the plan, which
/// is a p-value at every moment. Source: Lindon & Malek (2022), "Anytime-valid inference for
/// multinomial count data", NeurIPS.
///
/// # Panics
/// If there are not as many shares as arms.
#[must_use]
pub fn balance(people: &[u64], shares: &[f64]) -> Balance {
    assert_eq!(people.len(), shares.len(), "every arm has its share");
    let all: f64 = shares.iter().sum();
    let total: f64 = people.iter().map(|n| count(*n)).sum();
    let mut evidence = ln_gamma(FIRMNESS) - ln_gamma(FIRMNESS + total);
    for (n, share) in people.iter().zip(shares) {
        let (n, share) = (count(*n), share / all);
        if share <= 0.0 {
            if n > 0.0 {
                return Balance { probability: 0.0 };
            }
            continue;
        }
        let prior = FIRMNESS * share;
        evidence += ln_gamma(prior + n) - ln_gamma(prior) - n * share.ln();
    }
    Balance { probability: (-evidence).exp().min(1.0) }
}
