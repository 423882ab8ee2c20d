//! BG/NBD and MBG/NBD: buyers buy at their own steady rate and drop out after an order.
//!
//! Sources: Fader, Hardie & Lee (2005), "Counting your customers the easy way", Marketing Science
//! 24(2); the probability to be alive per their note of 2008. The modified model, in which somebody
//! may drop out right after the first order too: Batislam, Denizel & Filiztekin (2007), Int. J. of
//! Research in Marketing 24(3). It has the formulas of the first with `b + 1` in the place of `b`.

use minicbor::{Decode, Encode};

use super::census::{Buyer, Census};
use super::climb::{Peak, Place, Surface, climb};
use super::curve::Curve;
use super::special::{NOME_MAX, hypergeometric_less_one, ln_one_plus_exp, nome, of_nome};

/// After which orders somebody may drop out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
#[cbor(index_only)]
pub enum Dropout {
    /// After each repeat: BG/NBD. Who bought once is alive for sure.
    #[n(0)]
    AfterRepeats,
    /// After the first order too: MBG/NBD.
    #[n(1)]
    AfterAnyOrder,
}

impl Dropout {
    /// What is added to `b`.
    fn shift(self) -> f64 {
        match self {
            Self::AfterRepeats => 0.0,
            Self::AfterAnyOrder => 1.0,
        }
    }
}

/// The model's parameters, times in weeks.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct BetaGeometric {
    /// Shape of the rates of buying: below 1, most buy rarely and few often.
    #[n(0)]
    pub r: f64,
    /// Scale of the rates of buying, in weeks: the mean rate is `r / alpha` a week.
    #[n(1)]
    pub alpha: f64,
    /// With `b`: the mean probability to drop out after an order is `a / (a + b)`.
    #[n(2)]
    pub a: f64,
    /// See `a`.
    #[n(3)]
    pub b: f64,
    /// Which of the two models.
    #[n(4)]
    pub dropout: Dropout,
}

/// A model with how well it fits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Fit<M, const N: usize> {
    /// The model.
    pub model: M,
    /// The logarithm of its likelihood.
    pub ln_likelihood: f64,
    /// Standard errors of its parameters in their order; `None` where the data does not tell them.
    pub errors: Option<[f64; N]>,
    /// Whether a best place was found inside the bounds.
    pub settled: bool,
}

impl<M, const N: usize> Fit<M, N> {
    /// Of a climb over logarithms.
    pub(super) fn of(model: M, peak: &Peak<N>) -> Self {
        let errors = peak.errors.map(|errors| {
            let mut errors = errors;
            for (error, at) in errors.iter_mut().zip(&peak.at) {
                // The delta method: an error of the logarithm is one relative to the parameter.
                *error *= at.exp();
            }
            errors
        });
        Self { model, ln_likelihood: peak.value, errors, settled: peak.settled }
    }
}

/// Buyers of a census above which a first climb is made on fewer of them.
const FIRST_CLIMB: u64 = 40_000;

/// Fits the model by maximum likelihood. `None`: fewer than two buyers, or nobody came again.
///
/// Cost: about 60 ns a group and step; eight to fifteen steps, of which three on large data.
#[must_use]
pub fn fit(census: &Census, dropout: Dropout) -> Option<Fit<BetaGeometric, 4>> {
    if census.buyers < 2 || census.repeats_max == 0 {
        return None;
    }
    let r: f64 = 0.5;
    let mut from = [r.ln(), (r / census.rate().max(1e-9)).clamp(0.01, 1e5).ln(), 0.0, 1.0];
    if census.buyers > FIRST_CLIMB {
        from = climb(&Likelihood::new(&census.thinned(FIRST_CLIMB / 2), dropout), from).at;
    }
    let peak = climb(&Likelihood::new(census, dropout), from);
    Some(Fit::of(BetaGeometric::at(&peak.at, dropout), &peak))
}

impl BetaGeometric {
    fn at(logarithms: &[f64; 4], dropout: Dropout) -> Self {
        let [r, alpha, a, b] = logarithms.map(f64::exp);
        Self { r, alpha, a, b, dropout }
    }

    /// The logarithm of the likelihood of a census.
    #[must_use]
    pub fn ln_likelihood(&self, census: &Census) -> f64 {
        let at = [self.r, self.alpha, self.a, self.b].map(f64::ln);
        Likelihood::new(census, self.dropout).value(&at)
    }

    /// The odds of having dropped out; 0: surely alive.
    fn odds_gone(&self, buyer: Buyer) -> f64 {
        let x = buyer.orders();
        let least = x + self.dropout.shift() - 1.0;
        if least < -0.5 {
            return 0.0;
        }
        let quiet = ((self.alpha + buyer.age()) / (self.alpha + buyer.recency())).ln();
        self.a / (self.b + least) * ((self.r + x) * quiet).exp()
    }

    /// Probability in [0, 1] that a buyer still buys.
    #[must_use]
    pub fn probability_alive(&self, buyer: Buyer) -> f64 {
        1.0 / (1.0 + self.odds_gone(buyer))
    }

    /// How many orders to expect in the next `weeks`, at least 0.
    #[must_use]
    pub fn expected_orders(&self, buyer: Buyer, weeks: f64) -> f64 {
        self.probability_alive(buyer) * self.orders_while_alive(buyer, weeks, None)
    }

    /// The same of a buyer who surely still buys; read off where `series` was drawn by
    /// [`BetaGeometric::draw`] for as many repeats.
    pub(super) fn orders_while_alive(
        &self,
        buyer: Buyer,
        weeks: f64,
        series: Option<&Curve>,
    ) -> f64 {
        let held = self.alpha + buyer.age();
        let nome = nome(held / (held + weeks));
        let drawn = series.and_then(|series| series.at(nome)).map(|each| each * nome);
        drawn.unwrap_or_else(|| self.series(buyer.orders(), weeks / (held + weeks))).max(0.0)
    }

    /// Equation (10) of the paper without the probability to be alive, after Euler's transformation
    /// of its 2F1, whose terms then do not overflow for buyers of hundreds of orders. `z` is the
    /// weeks ahead, by `alpha`, the age and the weeks ahead. Cost: about 0.1 µs where the weeks ahead
    /// are as many as the age, and more where they are more.
    fn series(&self, repeats: f64, z: f64) -> f64 {
        // The formula divides by a - 1; close to it, its limit is taken from beside.
        let less = if (self.a - 1.0).abs() < 1e-9 { 1e-9 } else { self.a - 1.0 };
        let c = less + self.b + self.dropout.shift() + repeats;
        // 1 - (1 - z)^(a - 1) · 2F1, without taking one number near 1 from another.
        let above = hypergeometric_less_one(c - repeats - self.r, less, c, z);
        let power = (less * (-z).ln_1p()).exp_m1();
        -c / less * (power + above + power * above)
    }

    /// Draws [`BetaGeometric::series`] for buyers of so many repeats over its nome, by the nome.
    pub(super) fn draw(&self, repeats: u16) -> Option<Curve> {
        Curve::of(NOME_MAX, |nome| self.series(f64::from(repeats), of_nome(nome)) / nome)
    }

    /// Probabilities that a buyer orders at least 1, 2, 3, ... times in the next `weeks`, until they
    /// are below one in a thousand, at most [`super::forecast::ORDERS_MAX`] of them.
    #[must_use]
    pub fn at_least(&self, buyer: Buyer, weeks: f64) -> Vec<f64> {
        let (n, held) = (self.r + buyer.orders(), self.alpha + buyer.age());
        let mut tails =
            super::forecast::mixed(self.probability_alive(buyer), n, held, &[(1.0, weeks)]);
        // The k-th order comes only if none before it was the last.
        let b = self.b + self.dropout.shift() + buyer.orders();
        let mut stays = 1.0;
        for (k, tail) in tails.iter_mut().enumerate() {
            *tail *= stays;
            stays *= (b + k as f64) / (self.a + b + k as f64);
        }
        tails.truncate(tails.partition_point(|tail| *tail >= 1e-3));
        tails
    }
}

struct Likelihood<'c> {
    census: &'c Census,
    by_repeats: Vec<f64>,
    dropout: Dropout,
}

impl<'c> Likelihood<'c> {
    fn new(census: &'c Census, dropout: Dropout) -> Self {
        Self { census, by_repeats: census.by_repeats(), dropout }
    }

    /// What depends on the repeats alone: `Γ(r+x)/Γ(r) · B(a, b+x)/B(a, b)`, as sums over orders.
    fn of_repeats(&self, model: &BetaGeometric, place: &mut Raw) {
        let BetaGeometric { r, a, b, .. } = *model;
        let later: Vec<f64> = {
            let mut above = 0.0;
            let mut later: Vec<f64> = self
                .by_repeats
                .iter()
                .rev()
                .map(|n| {
                    above += n;
                    above
                })
                .collect();
            later.reverse();
            later
        };
        // Buyers with more than k repeats pay the k-th factor of each product once.
        for (k, have) in later.iter().skip(1).enumerate() {
            let one = 1.0 / (r + k as f64);
            place.value += have * (r + k as f64).ln();
            place.r += have * one;
            place.rr -= have * one * one;
        }
        let skipped = if self.dropout == Dropout::AfterRepeats { 1 } else { 0 };
        for (k, have) in later.iter().skip(skipped).enumerate() {
            let (all, stay) = (1.0 / (a + b + k as f64), 1.0 / (b + k as f64));
            place.value += have * (all / stay).ln();
            place.a -= have * all;
            place.b += have * (stay - all);
            place.aa += have * all * all;
            place.ab += have * all * all;
            place.bb += have * (all * all - stay * stay);
        }
    }
}

/// Sums over groups: the value and its derivatives by the parameters themselves.
#[derive(Clone, Copy, Default)]
struct Raw {
    value: f64,
    r: f64,
    alpha: f64,
    a: f64,
    b: f64,
    rr: f64,
    r_alpha: f64,
    ra: f64,
    rb: f64,
    alpha_alpha: f64,
    alpha_a: f64,
    alpha_b: f64,
    aa: f64,
    ab: f64,
    bb: f64,
}

impl Raw {
    /// The same by logarithms of the parameters.
    fn place(&self, model: &BetaGeometric) -> Place<4> {
        let at = [model.r, model.alpha, model.a, model.b];
        let slope = [self.r, self.alpha, self.a, self.b];
        let bend = [
            [self.rr, self.r_alpha, self.ra, self.rb],
            [self.r_alpha, self.alpha_alpha, self.alpha_a, self.alpha_b],
            [self.ra, self.alpha_a, self.aa, self.ab],
            [self.rb, self.alpha_b, self.ab, self.bb],
        ];
        let (mut gradient, mut hessian) = ([0.0; 4], [[0.0; 4]; 4]);
        for i in 0..4 {
            gradient[i] = at[i] * slope[i];
            for j in 0..4 {
                hessian[i][j] = at[i] * at[j] * bend[i][j];
            }
            hessian[i][i] += gradient[i];
        }
        Place { value: self.value, gradient, hessian }
    }
}

impl Surface<4> for Likelihood<'_> {
    const FORMULA: bool = true;

    fn value(&self, at: &[f64; 4]) -> f64 {
        let model = BetaGeometric::at(at, self.dropout);
        let mut sums = Raw::default();
        self.of_repeats(&model, &mut sums);
        let (ln_alpha, ln_a) = (model.alpha.ln(), model.a.ln());
        let ln_b = self.logarithms(&model);
        let (mut age, mut ln_age) = (u16::MAX, 0.0);
        let mut value = sums.value;
        for group in &self.census.groups {
            let (buyer, count) = (group.buyer, f64::from(group.count));
            if buyer.age_days != age {
                (age, ln_age) = (buyer.age_days, (model.alpha + buyer.age()).ln());
            }
            let n = model.r + buyer.orders();
            let mut one = model.r * ln_alpha - n * ln_age;
            if let Some(ln_b) = ln_b[usize::from(buyer.repeats)] {
                let quiet = ln_age - (model.alpha + buyer.recency()).ln();
                one += ln_one_plus_exp(ln_a - ln_b + n * quiet);
            }
            value += count * one;
        }
        value
    }

    fn place(&self, at: &[f64; 4]) -> Place<4> {
        let model = BetaGeometric::at(at, self.dropout);
        let BetaGeometric { r, alpha, a, b, .. } = model;
        let mut sums = Raw::default();
        self.of_repeats(&model, &mut sums);
        let (ln_alpha, ln_a, shift) = (alpha.ln(), a.ln(), self.dropout.shift());
        let ln_b = self.logarithms(&model);
        let (mut age, mut ln_age, mut by_age) = (u16::MAX, 0.0, 0.0);
        for group in &self.census.groups {
            let (buyer, count) = (group.buyer, f64::from(group.count));
            if buyer.age_days != age {
                age = buyer.age_days;
                ln_age = (alpha + buyer.age()).ln();
                by_age = 1.0 / (alpha + buyer.age());
            }
            let n = r + buyer.orders();
            sums.value += count * (r * ln_alpha - n * ln_age);
            sums.r += count * (ln_alpha - ln_age);
            sums.alpha += count * (r / alpha - n * by_age);
            sums.r_alpha += count * (1.0 / alpha - by_age);
            sums.alpha_alpha += count * (n * by_age * by_age - r / (alpha * alpha));
            let Some(ln_b) = ln_b[usize::from(buyer.repeats)] else { continue };
            // What dropping out adds: ln(1 + e^odds), with p its slope by the odds.
            let by_recency = 1.0 / (alpha + buyer.recency());
            let by_b = 1.0 / (b + buyer.orders() + shift - 1.0);
            let quiet = ln_age - (alpha + buyer.recency()).ln();
            let odds = ln_a - ln_b + n * quiet;
            let raised = (-odds.abs()).exp();
            let p = if odds > 0.0 { 1.0 / (1.0 + raised) } else { raised / (1.0 + raised) };
            sums.value += count * (odds.max(0.0) + (1.0 + raised).ln());
            let slack = by_age - by_recency;
            let (by_r, by_alpha, by_a, by_b) = (quiet, n * slack, 1.0 / a, -by_b);
            let (first, second) = (count * p, count * p * (1.0 - p));
            sums.r += first * by_r;
            sums.alpha += first * by_alpha;
            sums.a += first * by_a;
            sums.b += first * by_b;
            sums.rr += second * by_r * by_r;
            sums.r_alpha += first * slack + second * by_r * by_alpha;
            sums.ra += second * by_r * by_a;
            sums.rb += second * by_r * by_b;
            sums.alpha_alpha += first * n * (by_recency * by_recency - by_age * by_age)
                + second * by_alpha * by_alpha;
            sums.alpha_a += second * by_alpha * by_a;
            sums.alpha_b += second * by_alpha * by_b;
            sums.aa += (second - first) * by_a * by_a;
            sums.ab += second * by_a * by_b;
            sums.bb += (first + second) * by_b * by_b;
        }
        sums.place(&model)
    }
}

impl Likelihood<'_> {
    /// `ln(b + x - 1)` by repeats (one more in the modified model); `None` where nobody drops out.
    fn logarithms(&self, model: &BetaGeometric) -> Vec<Option<f64>> {
        let least = |x: usize| x as f64 + self.dropout.shift() - 1.0;
        (0..self.by_repeats.len())
            .map(|x| (least(x) > -0.5).then(|| (model.b + least(x)).ln()))
            .collect()
    }
}
