//! Invented buyers of a BG/NBD crowd, the same for every run.

use regulars_engine::score::Buyer;

use crate::crowd::Dice;

/// The parameters of the crowd: those of the CDNOW cohort, rounded.
const R: f64 = 0.24;
const ALPHA: f64 = 4.4;
const A: f64 = 0.79;
const B: f64 = 2.43;

/// Variates from the dice.
struct Chance(Dice);

impl Chance {
    /// A number above 0 and at most 1.
    fn unit(&mut self) -> f64 {
        ((self.0.next() >> 11) + 1) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (-2.0 * self.unit().ln()).sqrt() * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// A gamma variate of shape `k` and scale 1: Marsaglia & Tsang (2000).
    fn gamma(&mut self, k: f64) -> f64 {
        if k < 1.0 {
            return self.gamma(k + 1.0) * self.unit().powf(1.0 / k);
        }
        let d = k - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && self.unit().ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }
}

/// So many buyers, of ages of 27 to 39 weeks, as in the cohort.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "days below 274")]
pub(crate) fn buyers(count: u64) -> Vec<Buyer> {
    let mut chance = Chance(Dice::new(7));
    (0..count)
        .map(|_| {
            let age = 189.0 + chance.0.below(85) as f64;
            let rate = chance.gamma(R) / ALPHA / 7.0;
            let (a, b) = (chance.gamma(A), chance.gamma(B));
            let drops = a / (a + b);
            let (mut repeats, mut recency) = (0_u16, 0.0);
            loop {
                let next = recency - chance.unit().ln() / rate.max(1e-300);
                if next > age {
                    break;
                }
                (recency, repeats) = (next, repeats + 1);
                if chance.unit() <= drops {
                    break;
                }
            }
            Buyer { age_days: age as u16, recency_days: recency.ceil() as u16, repeats }
        })
        .collect()
}
