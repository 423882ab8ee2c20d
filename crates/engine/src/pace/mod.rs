//! Pace: how fast messages leave, over all people. So many in a stretch of time, to everybody or to one
//! mailbox provider, and ever more day by day while a sending domain is new.
//!
//! **Invariant:** in no stretch of time are more messages claimed than a limit allows, whatever arrives,
//! and however often the program ends in between: claims are counted in the commit that makes them.
//! What finds no turn waits until a known moment; nobody is looked at over and over.

mod count;
mod limit;
mod plan;
mod promise;
mod provider;
#[cfg(test)]
mod tests;

pub use count::{Kept, LaneKey, Paces};
pub use limit::{Target, WarmUpStage};
pub use plan::{Pace, Rate, To, WarmUp};
pub(crate) use promise::Asking;
pub use promise::{Rank, Turn, Waits, paced_until};
pub use provider::provider_of;
