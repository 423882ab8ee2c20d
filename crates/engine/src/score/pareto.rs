//! Pareto/NBD: buyers buy at their own steady rate, and live for a time of their own.
//!
//! Sources: Schmittlein, Morrison & Colombo (1987), Management Science 33(1); likelihood and
//! expectations as in Fader & Hardie (2005), "A note on deriving the Pareto/NBD model". Their 2F1 is
//! taken in Euler's other form, relative to the part of a buyer who is alive: its terms are positive
//! and do not overflow, however many orders somebody has.

use minicbor::{Decode, Encode};

use super::beta_geometric::Fit;
use super::census::{Buyer, Census, DAYS_A_WEEK};
use super::climb::{Surface, climb};
use super::curve::Curve;
use super::special::{NOME_MAX, hypergeometric_of_one, ln_gamma, ln_one_plus_exp, nome, of_nome};

/// The model's parameters, times in weeks.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Pareto {
    /// Shape of the rates of buying.
    #[n(0)]
    pub r: f64,
    /// Scale of the rates of buying, in weeks: the mean rate is `r / alpha` a week.
    #[n(1)]
    pub alpha: f64,
    /// Shape of the rates of leaving.
    #[n(2)]
    pub s: f64,
    /// Scale of the rates of leaving, in weeks: the mean rate is `s / beta` a week.
    #[n(3)]
    pub beta: f64,
}

/// Over which churn is usually told: ninety days, in weeks.
const QUARTER_WEEKS: f64 = 90.0 / DAYS_A_WEEK;
/// Curves are drawn up to here: an age of 49 times the scale.
const QUARTER_SHARE_MAX: f64 = 0.98;

/// A likelihood costs two series a group: beyond so many buyers an even part of them tells as much.
pub const BUYERS_MAX: u64 = 100_000;

/// Fits the model by maximum likelihood. `None`: fewer than two buyers, or nobody came again.
///
/// Cost: about 0.15 µs a group and look, some 200 looks; at most [`BUYERS_MAX`] buyers are looked at.
#[must_use]
pub fn fit(census: &Census) -> Option<Fit<Pareto, 4>> {
    if census.buyers < 2 || census.repeats_max == 0 {
        return None;
    }
    let thin = census.thinned(BUYERS_MAX);
    let r: f64 = 0.5;
    let alpha = (r / census.rate().max(1e-9)).clamp(0.01, 1e5);
    let surface = Likelihood { census: &thin, by_repeats: thin.by_repeats() };
    let peak = climb(&surface, [r.ln(), alpha.ln(), -0.5, alpha.ln()]);
    let mut fit = Fit::of(Pareto::at(&peak.at), &peak);
    if thin.buyers < census.buyers {
        fit.ln_likelihood = fit.model.ln_likelihood(census);
        let share = (thin.buyers as f64 / census.buyers as f64).sqrt();
        fit.errors = fit.errors.map(|errors| errors.map(|error| error * share));
    }
    Some(fit)
}

impl Pareto {
    fn at(logarithms: &[f64; 4]) -> Self {
        let [r, alpha, s, beta] = logarithms.map(f64::exp);
        Self { r, alpha, s, beta }
    }

    /// The logarithm of the likelihood of a census.
    #[must_use]
    pub fn ln_likelihood(&self, census: &Census) -> f64 {
        Likelihood { census, by_repeats: census.by_repeats() }
            .value(&[self.r, self.alpha, self.s, self.beta].map(f64::ln))
    }

    /// Each end of the integral over the moment of leaving, relative to being alive then, for buyers
    /// of so many repeats; `rest` is the smaller of `alpha` and `beta` by the larger, both with the
    /// weeks from the first order to that end.
    fn end(&self, repeats: f64, rest: f64) -> f64 {
        let (n, m) = (self.r + repeats, self.r + repeats + self.s);
        if self.alpha >= self.beta {
            hypergeometric_of_one(n, m + 1.0, 1.0 - rest)
        } else {
            rest * hypergeometric_of_one(self.s + 1.0, m + 1.0, 1.0 - rest)
        }
    }

    /// Draws [`Pareto::end`] for buyers of so many repeats, by the nome.
    pub(super) fn draw(&self, repeats: u16) -> Option<Curve> {
        Curve::of(NOME_MAX, |nome| self.end(f64::from(repeats), 1.0 - of_nome(nome)))
    }

    /// Share, quiet and ends of the odds of having left, which are `share · (e^quiet · begin - end)`.
    fn parts_gone(&self, buyer: Buyer, ends: Option<&Curve>) -> (f64, f64, f64, f64) {
        let Self { r, alpha, s, beta } = *self;
        let (age, recency) = (buyer.age(), buyer.recency());
        let n = r + buyer.orders();
        let at = |weeks: f64| {
            let rest = (alpha.min(beta) + weeks) / (alpha.max(beta) + weeks);
            let drawn = ends.and_then(|ends| ends.at(nome(rest)));
            drawn.unwrap_or_else(|| self.end(buyer.orders(), rest))
        };
        let quiet = n * ((alpha + age) / (alpha + recency)).ln()
            + s * ((beta + age) / (beta + recency)).ln();
        (s / (n + s), quiet, at(recency), at(age))
    }

    /// The logarithm of the odds of having left.
    fn ln_odds_gone(&self, buyer: Buyer) -> f64 {
        let (share, quiet, begin, end) = self.parts_gone(buyer, None);
        if quiet > 500.0 {
            return share.ln() + quiet + begin.ln();
        }
        share.ln() + (quiet.exp() * begin - end).max(0.0).ln()
    }

    /// Probability in [0, 1] that a buyer still buys.
    #[must_use]
    pub fn probability_alive(&self, buyer: Buyer) -> f64 {
        self.alive(buyer, None)
    }

    /// The same; read off where `ends` was drawn by [`Pareto::draw`] for as many repeats.
    pub(super) fn alive(&self, buyer: Buyer, ends: Option<&Curve>) -> f64 {
        let (share, quiet, begin, end) = self.parts_gone(buyer, ends);
        1.0 / (1.0 + share * (quiet.exp() * begin - end).max(0.0))
    }

    /// How many orders to expect in the next `weeks`, at least 0.
    #[must_use]
    pub fn expected_orders(&self, buyer: Buyer, weeks: f64) -> f64 {
        self.probability_alive(buyer) * self.orders_while_alive(buyer, weeks)
    }

    /// The same of a buyer who surely still buys.
    pub(super) fn orders_while_alive(&self, buyer: Buyer, weeks: f64) -> f64 {
        let Self { r, alpha, s, beta } = *self;
        let lived = beta + buyer.age();
        let rate = (r + buyer.orders()) / (alpha + buyer.age());
        let left = (lived / (lived + weeks)).ln();
        // Weeks that somebody who is alive may be expected to buy in.
        let buying = if (s - 1.0).abs() < 1e-6 {
            -lived * left
        } else {
            -lived * ((s - 1.0) * left).exp_m1() / (s - 1.0)
        };
        rate * buying
    }

    /// For how long somebody who still buys does so within the next `weeks`: moments with their
    /// probabilities. Whoever leaves does so at a moment of Lomax's distribution, cut into eight equal
    /// shares by their middles.
    fn stretches(&self, age: f64, weeks: f64) -> [(f64, f64); 9] {
        let lived = self.beta + age;
        let stays = (lived / (lived + weeks)).powf(self.s);
        std::array::from_fn(|part| {
            if part == 0 {
                return (stays, weeks);
            }
            let later = stays + (1.0 - stays) * (part as f64 - 0.5) / 8.0;
            ((1.0 - stays) / 8.0, lived * (later.powf(-1.0 / self.s) - 1.0))
        })
    }

    /// Probability that somebody who surely still buys orders nothing in the next `weeks`; read off
    /// where `quarter` was drawn by [`Pareto::draw_quarter`] for as many repeats.
    pub(super) fn none_while_alive(
        &self,
        buyer: Buyer,
        weeks: f64,
        quarter: Option<&Curve>,
    ) -> f64 {
        let share = buyer.age() / (buyer.age() + self.scale());
        let drawn = quarter.filter(|_| weeks == QUARTER_WEEKS).and_then(|curve| curve.at(share));
        drawn
            .map(|above| above - 1.0)
            .unwrap_or_else(|| self.none(buyer.orders(), buyer.age(), weeks))
    }

    fn none(&self, repeats: f64, age: f64, weeks: f64) -> f64 {
        let (n, held) = (self.r + repeats, self.alpha + age);
        let none = |(share, weeks): (f64, f64)| share * (held / (held + weeks)).powf(n);
        self.stretches(age, weeks).into_iter().map(none).sum()
    }

    /// Between the two scales, in weeks.
    fn scale(&self) -> f64 {
        (self.alpha * self.beta).sqrt()
    }

    /// Draws [`Pareto::none`] over a quarter of a year for buyers of so many repeats, by the share
    /// that their age takes of itself and the scale; with 1 added, since it is how far off the
    /// probability is that counts, however small it is.
    pub(super) fn draw_quarter(&self, repeats: u16) -> Option<Curve> {
        let age = |share: f64| self.scale() * share / (1.0 - share);
        Curve::of(QUARTER_SHARE_MAX, |share| {
            1.0 + self.none(f64::from(repeats), age(share), QUARTER_WEEKS)
        })
    }

    /// Probabilities that a buyer orders at least 1, 2, 3, ... times in the next `weeks`, until they
    /// are below one in a thousand, at most [`super::forecast::ORDERS_MAX`] of them.
    #[must_use]
    pub fn at_least(&self, buyer: Buyer, weeks: f64) -> Vec<f64> {
        let (n, held) = (self.r + buyer.orders(), self.alpha + buyer.age());
        let stretches = self.stretches(buyer.age(), weeks);
        super::forecast::mixed(self.probability_alive(buyer), n, held, &stretches)
    }
}

struct Likelihood<'c> {
    census: &'c Census,
    by_repeats: Vec<f64>,
}

impl Surface<4> for Likelihood<'_> {
    fn value(&self, at: &[f64; 4]) -> f64 {
        let model = Pareto::at(at);
        let Pareto { r, alpha, s, beta } = model;
        let first = ln_gamma(r);
        let mut value: f64 = self
            .by_repeats
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0.0)
            .map(|(x, count)| count * (ln_gamma(r + x as f64) - first))
            .sum();
        let start = r * at[1] + s * at[3];
        let (mut age, mut ln_alpha, mut ln_beta) = (u16::MAX, 0.0, 0.0);
        for group in &self.census.groups {
            let buyer = group.buyer;
            if buyer.age_days != age {
                age = buyer.age_days;
                (ln_alpha, ln_beta) = ((alpha + buyer.age()).ln(), (beta + buyer.age()).ln());
            }
            let alive = start - (r + buyer.orders()) * ln_alpha - s * ln_beta;
            value += f64::from(group.count) * (alive + ln_one_plus_exp(model.ln_odds_gone(buyer)));
        }
        value
    }
}
