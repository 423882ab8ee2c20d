//! Measurement: what a message, a journey or an offer caused, told from what would have happened anyway.
//!
//! A [`Trial`] gathers what became of people who were assigned by chance, by arm, whether or not
//! they were reached (intention to treat); [`Trial::lifts`] compares each arm with the control.
//!
//! [`judge`] finds messages that should not have gone by what is known today; [`Viewpoints`] tells what
//! a channel would claim beside what its customer lived; [`weigh`] asks of messages that a tool which
//! hears less would have sent.
//!
//! **Invariant:** every interval holds at all times at once, unless its plan says that one looks once. Whoever looks each morning and stops
//! on the first good one is wrong no more often than who looks once; [`sequence`] says how.

mod adjust;
mod lift;
mod moments;
mod ratio;
mod regret;
pub mod sequence;
mod silo;
mod standing;
mod viewpoint;

pub use lift::{Interval, Lift, Looks, Plan, Relative, Trial, Verdict};
pub use ratio::{Balance, balance};
pub use regret::{Case, Cause, Heard, Judgement, Regret, Today, judge};
pub use silo::{Mistake, Side, Weighed, Wrong, heard_by_silo, siloed, weigh};
pub use standing::{Standing, standing};
pub use viewpoint::{Claim, Claimed, Lived, Received, Sum, Summary, Viewpoints};

#[cfg(test)]
mod tests;
