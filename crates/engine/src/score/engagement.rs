//! Engagement: how much somebody has to do with the brand at this moment, 0 to 100.
//!
//! Acts weigh by how well they foretell a purchase, learned from the shop's own purchases, and count
//! half after thirty days. The sum decays for everybody at one rate, so its logarithm falls along one
//! line and nothing needs to be written for it: what a person's row holds are whole numbers relative
//! to 1970. The score is the share of people, in percent, who were less engaged when the scale was made.

use minicbor::{Decode, Encode};

use super::purchases::Purchases;
use crate::event::Channel;
use crate::profile::{Act, MONTH_DAYS, Pulse, UNIT};
use crate::time::{DAY, Timestamp};

/// Weights of acts in their order where the shop's purchases do not tell others.
pub const WEIGHTS: [f64; 6] = [1.0, 1.5, 4.0, 10.0, 2.0, 5.0];
/// Purchases in the month that is learned from, below which the usual weights stay.
const PURCHASES_MIN: u64 = 50;
/// As many purchases speak for the usual weight of each act.
const USUAL_PURCHASES: f64 = 10.0;
/// So many people tell weights as well as all.
const LEARNERS_MAX: usize = 50_000;
/// A channel needs so many people for a scale of its own.
const CHANNEL_PEOPLE_MIN: usize = 20;
/// Below this, a sum is nothing: one visit of two years ago.
const NOTHING: f64 = 1e-7;

/// Where the percents lie: logarithms (base 2) of sums, from the least to the most engaged.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Scale {
    /// 101 logarithms, ascending; empty where nobody was engaged.
    #[n(0)]
    pub percents: Vec<f32>,
}

impl Scale {
    fn of(mut sums: Vec<f32>) -> Self {
        sums.sort_unstable_by(f32::total_cmp);
        if sums.is_empty() {
            return Self::default();
        }
        let last = sums.len() - 1;
        Self { percents: (0..=100).map(|percent| sums[last * percent / 100].log2()).collect() }
    }

    /// The score of a sum, 0 to 100.
    #[must_use]
    pub fn score(&self, sum: f64) -> f64 {
        if sum <= NOTHING || self.percents.is_empty() {
            return 0.0;
        }
        let log = sum.log2();
        let above = self.percents.partition_point(|percent| f64::from(*percent) <= log);
        let (Some(below), Some(next)) = (above.checked_sub(1), self.percents.get(above)) else {
            return if above == 0 { 0.0 } else { 100.0 };
        };
        let from = f64::from(self.percents[below]);
        below as f64 + (log - from) / (f64::from(*next) - from)
    }

    /// The least logarithm of a sum whose score is at least `score`; `None`: no sum has it.
    #[must_use]
    pub fn least(&self, score: f64) -> Option<f64> {
        if score <= 0.0 {
            return Some(f64::NEG_INFINITY);
        }
        let whole =
            self.percents.iter().enumerate().rposition(|(percent, _)| percent as f64 <= score)?;
        let from = f64::from(self.percents[whole]);
        let rest = score - whole as f64;
        match self.percents.get(whole + 1) {
            Some(next) => Some(from + rest * (f64::from(*next) - from)),
            None => (rest <= 0.0).then_some(from),
        }
    }
}

/// The weights and scales of a shop.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Engagement {
    /// Weights of acts in the order of [`Act::ALL`]; their sum is that of [`WEIGHTS`].
    #[n(0)]
    pub weights: Vec<f64>,
    /// How many purchases the weights were learned from; 0: they are the usual ones.
    #[n(1)]
    pub purchases: u64,
    /// Over all channels.
    #[n(2)]
    pub overall: Scale,
    /// Over each channel on which enough people did something.
    #[n(3)]
    pub channels: Vec<(Channel, Scale)>,
}

impl Default for Engagement {
    fn default() -> Self {
        Self {
            weights: WEIGHTS.into(),
            purchases: 0,
            overall: Scale::default(),
            channels: Vec::new(),
        }
    }
}

/// How much an act of a month's first day counts at `now`, by months from 1970.
fn decay(month: u16, now: Timestamp) -> f64 {
    let months = now.0 as f64 / (MONTH_DAYS * DAY) as f64;
    (f64::from(month) - months).exp2() / f64::from(UNIT)
}

impl Engagement {
    /// The decayed sum of what somebody did; over one channel, or over all.
    #[must_use]
    pub fn sum(&self, pulse: &Pulse, channel: Option<Channel>, now: Timestamp) -> f64 {
        let (mut month, mut factor, mut sum) = (None, 0.0, 0.0);
        for beat in pulse.beats() {
            if channel.is_some_and(|only| only != beat.channel) {
                continue;
            }
            if month != Some(beat.month) {
                (month, factor) = (Some(beat.month), decay(beat.month, now));
            }
            let weight = self.weights.get(beat.act as usize).copied().unwrap_or(1.0);
            sum += weight * f64::from(beat.sum) * factor;
        }
        sum
    }

    /// The scale over a channel, or over all; `None`: too few people did anything there.
    #[must_use]
    pub fn scale(&self, channel: Option<Channel>) -> Option<&Scale> {
        let scale = match channel {
            None => Some(&self.overall),
            Some(channel) => {
                self.channels.iter().find(|(held, _)| *held == channel).map(|(_, scale)| scale)
            }
        };
        scale.filter(|scale| !scale.percents.is_empty())
    }

    /// The score, 0 to 100; `None`: there is no scale to compare with.
    #[must_use]
    pub fn score(&self, pulse: &Pulse, channel: Option<Channel>, now: Timestamp) -> Option<f64> {
        Some(self.scale(channel)?.score(self.sum(pulse, channel, now)))
    }

    /// What each act adds to the sum, for people to read: in the order of [`Act::ALL`].
    #[must_use]
    pub fn parts(&self, pulse: &Pulse, now: Timestamp) -> [f64; 6] {
        let mut parts = [0.0; 6];
        for beat in pulse.beats() {
            let weight = self.weights.get(beat.act as usize).copied().unwrap_or(1.0);
            parts[beat.act as usize] += weight * f64::from(beat.sum) * decay(beat.month, now);
        }
        parts
    }
}

/// What weights and scales are learned from, gathered person by person.
#[derive(Clone, Debug)]
pub(super) struct Learning {
    now: Timestamp,
    /// The month whose purchases are to be foretold.
    month: u16,
    /// Every so many people are learned from.
    every: usize,
    seen: usize,
    rows: Vec<([f32; 6], u16)>,
    pulses: Vec<Pulse>,
}

impl Learning {
    pub(super) fn new(now: Timestamp) -> Self {
        let months = now.0.div_euclid(MONTH_DAYS * DAY) - 1;
        let month = u16::try_from(months.max(0)).unwrap_or(u16::MAX);
        Self { now, month, every: 1, seen: 0, rows: Vec::new(), pulses: Vec::new() }
    }

    pub(super) fn push(&mut self, pulse: &Pulse, purchases: &Purchases) {
        if pulse.beats().is_empty() {
            return;
        }
        self.seen += 1;
        if !self.seen.is_multiple_of(self.every) {
            return;
        }
        let begins = Timestamp(i64::from(self.month) * MONTH_DAYS * DAY);
        let mut acts = [0.0_f32; 6];
        for beat in pulse.beats().iter().filter(|beat| beat.month < self.month) {
            let one = f64::from(beat.sum) * decay(beat.month, begins);
            #[expect(clippy::cast_possible_truncation, reason = "a sum of acts needs few digits")]
            let one = one as f32;
            acts[beat.act as usize] += one;
        }
        let days = i32::from(self.month) * 30..(i32::from(self.month) + 1) * 30;
        let bought = purchases.days.iter().filter(|one| days.contains(&one.day)).count();
        self.rows.push((acts, u16::try_from(bought).unwrap_or(u16::MAX)));
        self.pulses.push(pulse.clone());
        if self.rows.len() > LEARNERS_MAX {
            let mut odd = false;
            let mut keep = || {
                odd = !odd;
                odd
            };
            self.rows.retain(|_| keep());
            let mut odd = false;
            self.pulses.retain(|_| {
                odd = !odd;
                odd
            });
            self.every *= 2;
        }
    }

    pub(super) fn finish(self) -> Engagement {
        let purchases: u64 = self.rows.iter().map(|(_, bought)| u64::from(*bought)).sum();
        let weights = if purchases < PURCHASES_MIN { WEIGHTS } else { learn(&self.rows) };
        let purchases = if purchases < PURCHASES_MIN { 0 } else { purchases };
        let mut engagement =
            Engagement { weights: weights.into(), purchases, ..Engagement::default() };
        let sums = |channel: Option<Channel>| -> Vec<f32> {
            let sum = |pulse: &Pulse| engagement.sum(pulse, channel, self.now);
            #[expect(
                clippy::cast_possible_truncation,
                reason = "a scale of percents needs few digits"
            )]
            self.pulses.iter().map(sum).filter(|sum| *sum > NOTHING).map(|sum| sum as f32).collect()
        };
        let overall = Scale::of(sums(None));
        let mut channels = Vec::new();
        for channel in Channel::ALL {
            let sums = sums(Some(channel));
            if sums.len() >= CHANNEL_PEOPLE_MIN {
                channels.push((channel, Scale::of(sums)));
            }
        }
        (engagement.overall, engagement.channels) = (overall, channels);
        engagement
    }
}

/// Weights under which the acts before a month best foretell its purchases: a Poisson regression with
/// weights that are never negative, by Richardson's and Lucy's steps (1972, 1974), drawn towards the
/// usual weights as by ten purchases each.
fn learn(rows: &[([f32; 6], u16)]) -> [f64; 6] {
    let mut sums = [0.0; 6];
    let mut bought = 0.0;
    for (acts, purchases) in rows {
        bought += f64::from(*purchases);
        for (sum, act) in sums.iter_mut().zip(acts) {
            *sum += f64::from(*act);
        }
    }
    let usual: f64 = sums.iter().zip(WEIGHTS).map(|(sum, weight)| sum * weight).sum();
    let unit = bought / usual.max(1e-9);
    let prior = WEIGHTS.map(|weight| weight * unit);
    // People who did nothing before buy too, and no act explains them.
    let (mut weights, mut ground) = (prior, bought / rows.len().max(1) as f64 / 10.0);
    for _ in 0..60 {
        let (mut explained, mut unexplained) = ([0.0; 6], 0.0);
        for (acts, purchases) in rows.iter().filter(|(_, purchases)| *purchases > 0) {
            let parts: [f64; 6] = std::array::from_fn(|act| weights[act] * f64::from(acts[act]));
            let share = f64::from(*purchases) / (ground + parts.iter().sum::<f64>());
            unexplained += ground * share;
            for (sum, part) in explained.iter_mut().zip(parts) {
                *sum += part * share;
            }
        }
        ground = unexplained / rows.len().max(1) as f64;
        for act in 0..6 {
            weights[act] = (explained[act] + USUAL_PURCHASES)
                / (sums[act] + USUAL_PURCHASES / prior[act].max(1e-12));
        }
    }
    let total: f64 = weights.iter().sum();
    weights.map(|weight| weight / total * WEIGHTS.iter().sum::<f64>())
}

/// The acts, for whoever shows their weights.
pub const ACTS: [Act; 6] = Act::ALL;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_and_its_bound_are_inverse() {
        let scale = Scale::of((1..=500).map(|n| n as f32 / 7.0).collect());
        for score in [0.5, 1.0, 37.25, 70.0, 99.5] {
            let sum = scale.least(score).unwrap().exp2();
            assert!((scale.score(sum) - score).abs() < 1e-6, "{score}");
        }
        assert_eq!(scale.least(100.5), None);
        assert_eq!(scale.score(0.0), 0.0);
    }

    #[test]
    fn weights_follow_what_foretells_purchases() {
        // Whoever voiced something buys; looks mean nothing here.
        let rows: Vec<([f32; 6], u16)> = (0..2_000_u16)
            .map(|n| {
                let voice = f32::from(n % 5 == 0);
                ([1.0, f32::from(n % 7), 0.0, 0.0, 0.0, voice], u16::from(n % 5 == 0))
            })
            .collect();
        let weights = learn(&rows);
        assert!(weights[5] > 5.0 * weights[1], "{weights:?}");
        assert!((weights.iter().sum::<f64>() - WEIGHTS.iter().sum::<f64>()).abs() < 1e-9);
    }
}
