//! Journeys: definitions of steps, and each person's way through them.
//!
//! **Invariant:** a person leaves every step she comes to, or waits at it: entered = left +
//! waiting + done at every step.

mod advance;
mod definition;
mod enrollment;
mod enter;

pub use advance::{Way, advance, exit, forget, settle, watch};
pub use definition::{Entry, Journey, OnPatienceEnd, Send, Step, StepKind};
pub use enrollment::{EndCause, Enrollment, EntryKey, Outcome, State};
pub use enter::{enter, enter_by_segments, join};
