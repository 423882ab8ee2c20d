//! Gamma-Gamma: what an order of somebody is worth, between their own mean and everybody's.
//!
//! Source: Fader & Hardie (2013), "The Gamma-Gamma model of monetary value", after Colombo & Jiang
//! (1999); fitted, as there, on the repeat orders of those who have some.

use minicbor::{Decode, Encode};

use super::beta_geometric::Fit;
use super::climb::{Surface, climb};
use super::special::ln_gamma;

/// The model's parameters; `v` in units of the currency (not minor ones).
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct GammaGamma {
    /// Shape of one person's orders: large where somebody's orders are much alike.
    #[n(0)]
    pub p: f64,
    /// Shape of people's means: large where people are much alike.
    #[n(1)]
    pub q: f64,
    /// Scale, in units of the currency.
    #[n(2)]
    pub v: f64,
}

/// What somebody's repeat orders came to.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spend {
    /// How many, at least 1.
    pub orders: u16,
    /// Their mean in units of the currency, above 0.
    pub mean: f64,
}

/// So many repeaters tell the parameters to three digits; more are thinned evenly.
const REPEATERS_MAX: usize = 200_000;

/// Fits the model by maximum likelihood. `None`: fewer than ten repeaters, or all of one mean.
///
/// Orders of 0 or less, of returns for more than was bought, are for the caller to leave out.
#[must_use]
pub fn fit(spends: &[Spend]) -> Option<Fit<GammaGamma, 3>> {
    let every = spends.len().div_ceil(REPEATERS_MAX).max(1);
    let spends: Vec<Spend> = spends
        .iter()
        .copied()
        .step_by(every)
        .filter(|one| one.orders > 0 && one.mean > 0.0)
        .collect();
    let first = spends.first()?.mean;
    if spends.len() < 10 || spends.iter().all(|one| (one.mean - first).abs() < 1e-9 * first) {
        return None;
    }
    let mean = spends.iter().map(|one| one.mean).sum::<f64>() / spends.len() as f64;
    let most = spends.iter().map(|one| usize::from(one.orders)).max()?;
    let mut by_orders = vec![0.0; most + 1];
    for one in &spends {
        by_orders[usize::from(one.orders)] += 1.0;
    }
    let surface = Likelihood { spends: &spends, by_orders };
    let peak = climb(&surface, [2.0_f64.ln(), 3.0_f64.ln(), mean.ln()]);
    let [p, q, v] = peak.at.map(f64::exp);
    let mut fit = Fit::of(GammaGamma { p, q, v }, &peak);
    let share = 1.0 / (every as f64).sqrt();
    fit.errors = fit.errors.map(|errors| errors.map(|error| error * share));
    Some(fit)
}

impl GammaGamma {
    /// What one more order may be expected to come to, in units of the currency; `spend` is of the
    /// repeat orders so far. `None` where people differ so much (`q` at most 1) that there is no mean.
    #[must_use]
    pub fn expected_value(&self, spend: Option<Spend>) -> Option<f64> {
        let (orders, total) = spend
            .map_or((0.0, 0.0), |one| (f64::from(one.orders), one.mean * f64::from(one.orders)));
        let weight = self.p * orders + self.q - 1.0;
        (weight > 1e-9).then(|| self.p * (self.v + total) / weight)
    }
}

struct Likelihood<'s> {
    spends: &'s [Spend],
    by_orders: Vec<f64>,
}

impl Surface<3> for Likelihood<'_> {
    fn value(&self, at: &[f64; 3]) -> f64 {
        let [p, q, v] = at.map(f64::exp);
        let start = q * at[2] - ln_gamma(q);
        let mut value = 0.0;
        for (orders, count) in self.by_orders.iter().enumerate().filter(|(_, count)| **count > 0.0)
        {
            let px = p * orders as f64;
            value += count * (ln_gamma(px + q) - ln_gamma(px) + px * (orders as f64).ln() + start);
        }
        for one in self.spends {
            let (x, m) = (f64::from(one.orders), one.mean);
            value += (p * x - 1.0) * m.ln() - (p * x + q) * (v + m * x).ln();
        }
        value
    }
}
