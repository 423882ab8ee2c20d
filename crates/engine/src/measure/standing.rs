//! How a test of several variants stands, and whether it may be stopped.

use super::lift::{Plan, Trial, Verdict};

/// How a test stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Too few people for any statement.
    TooEarly,
    /// No variant is surely better than all others; this one leads.
    Open {
        /// The variant's number.
        leader: usize,
    },
    /// This variant is surely better than all others: the test may stop, today or on any other day.
    Decided {
        /// The variant's number.
        winner: usize,
    },
}

/// How a test of the trial's arms against one another stands, by the mean of the outcome.
///
/// Each pair of variants is compared, all pairs together hold with the plan's confidence at all
/// looks that it allows; where it allows any, one may stop at [`Standing::Decided`].
#[must_use]
pub fn standing(trial: &Trial, plan: Plan) -> Standing {
    let arms = trial.people().len();
    let pairs = arms * arms.saturating_sub(1) / 2;
    let mut early = arms < 2;
    let mut leader = 0;
    for arm in 1..arms {
        let lift = trial.compare((arm, leader), pairs, plan);
        if lift.difference > 0.0 {
            leader = arm;
        }
    }
    let better = (0..arms).filter(|arm| *arm != leader).all(|arm| {
        let lift = trial.compare((leader, arm), pairs, plan);
        early |= matches!(lift.verdict, Verdict::TooEarly { .. });
        lift.verdict == Verdict::Higher
    });
    match (early, better) {
        (true, _) => Standing::TooEarly,
        (false, true) => Standing::Decided { winner: leader },
        (false, false) => Standing::Open { leader },
    }
}
