//! Offers as pages, the API and the command line show them.

mod guessing;
mod listed;
mod used;

pub use guessing::{Asker, Attempts, Guessing};
pub use listed::{Listed, list, money_json, pooled_json};
pub use used::{redeemed_json, valid_json};
