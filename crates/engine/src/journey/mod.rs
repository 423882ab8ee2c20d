//! Journeys: definitions of steps, and each person's way through them.

mod definition;
mod enrollment;

pub use definition::{Entry, Journey, OnPatienceEnd, Send, Step, StepKind};
pub use enrollment::{EndCause, Enrollment, EntryKey, Outcome, State};
