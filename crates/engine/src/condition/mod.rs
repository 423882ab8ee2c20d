//! Conditions: one small language that reads as a sentence, and its one evaluator.

mod ask;
mod language;

pub use language::Condition;
pub use ask::{Answer, Asked, Manner, Twin};
