//! Segments at work: who is in which, kept for every person as it changes.
//!
//! A segment is a named condition. [`keep`] asks it again only when an event touched what it
//! reads, or when the moment has come at which time alone can change its answer; so membership is
//! exact at every moment and nothing polls. [`Book`] says which segments are kept and how far new
//! ones are computed for the people who were there before.

mod book;
mod keep;
mod mask;
mod membership;
mod reach;
mod standing;

pub use book::{Book, Progress};
pub use keep::{Cause, Turned, ask_known, computed, concerns, explain, keep};
pub use membership::{Membership, Stale, Turn, Turns, Way, Within};
pub use reach::Reach;
pub use standing::{Kept, Standing};
