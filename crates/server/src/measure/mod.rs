//! What messages caused, and what they should not have: the store read, the engine asked, and the
//! answers as programs read them.

mod message;
pub mod regret;
pub mod report;
pub mod silo;
pub mod trial;
pub mod viewpoints;

use regulars_engine::measure::Sum;
use regulars_engine::time::Timestamp;
use serde_json::{Value, json};

/// Which messages are looked at.
#[derive(Clone, Copy, Debug)]
pub struct Span<'s> {
    /// Claimed from this moment on.
    pub since: Timestamp,
    /// Of this journey only.
    pub journey: Option<&'s str>,
    /// The latest so many.
    pub most: usize,
}

/// Days of messages that are looked at where nobody says how many.
pub const SPAN_DAYS: u32 = 30;

/// Days that count of everybody whom chance assigned, where nobody says how many.
pub const OUTCOME_DAYS: u32 = 14;

/// A number of things and their money, as programs read them.
fn sum_json(things: &str, sum: Option<&Sum>) -> Value {
    let none = Sum::default();
    let sum = sum.unwrap_or(&none);
    let money: Vec<String> = sum.money.iter().map(ToString::to_string).collect();
    json!({ things: sum.number, "money": money })
}
