//! Forecasts in whole orders: of all ways to write down whole numbers whose sum is what the shop as
//! a whole may expect, the one with the least expected error.
//!
//! An expectation of 0.2 orders is right on the whole and wrong for everybody: four in five order
//! nothing. Whoever plans wants a number of parcels. The sum of absolute errors, with the sum of
//! forecasts held, is least where everybody stands at the same quantile of their own distribution
//! (Lagrange; without the sum held it is everybody's median).

use super::census::Group;

/// Nobody is forecast more orders than this within one horizon.
pub const ORDERS_MAX: usize = 400;

/// Probabilities of at least 1, 2, 3, ... orders of somebody who is alive with probability `alive`,
/// buys at a rate of shape `n` and scale `held` weeks, and does so for one of the `stretches`, each
/// with its probability and its weeks: a mixture of negative binomials.
pub(super) fn mixed(alive: f64, n: f64, held: f64, stretches: &[(f64, f64)]) -> Vec<f64> {
    // For each stretch: the probability of exactly k, and of more than k.
    let mut terms: Vec<(f64, f64, f64, f64)> = stretches
        .iter()
        .map(|(share, weeks)| {
            let none = (held / (held + weeks)).powf(n);
            (*share, weeks / (held + weeks), none, 1.0 - none)
        })
        .collect();
    let mut tails = Vec::new();
    for k in 0..ORDERS_MAX {
        let tail = alive * terms.iter().map(|(share, _, _, more)| share * more).sum::<f64>();
        if tail < 1e-3 {
            break;
        }
        tails.push(tail);
        for (_, step, exactly, more) in &mut terms {
            *exactly *= (n + k as f64) / (k as f64 + 1.0) * *step;
            *more = (*more - *exactly).max(0.0);
        }
    }
    tails
}

/// Whole orders of one buyer of each group, which together come to `total`.
///
/// `at_least` gives a group's probabilities of at least 1, 2, 3, ... orders. Where the last step of
/// the sum would go past `total`, the groups at the margin share it, and get a part of an order.
#[must_use]
pub fn whole_orders(groups: &[Group], tails: &[Vec<f64>], total: f64) -> Vec<f64> {
    let sum = |least: f64| -> f64 {
        let of = |(group, tails): (&Group, &Vec<f64>)| {
            f64::from(group.count) * tails.partition_point(|tail| *tail >= least) as f64
        };
        groups.iter().zip(tails).map(of).sum()
    };
    // The more likely an order must be, the fewer are forecast.
    let (mut few, mut many) = (1.0 + 1e-9, 0.0);
    for _ in 0..60 {
        let middle = (few + many) / 2.0;
        if sum(middle) < total { few = middle } else { many = middle }
    }
    let (below, above) = (sum(few), sum(many));
    let share =
        if above > below { ((total - below) / (above - below)).clamp(0.0, 1.0) } else { 0.0 };
    tails
        .iter()
        .map(|tails| {
            let least = tails.partition_point(|tail| *tail >= few) as f64;
            let most = tails.partition_point(|tail| *tail >= many) as f64;
            least + (most - least) * share
        })
        .collect()
}
