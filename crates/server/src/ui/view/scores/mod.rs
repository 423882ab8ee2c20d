//! Scores: what was learned from the shop's people, and how far to trust it.

mod learned;
mod page;
mod people;

pub use page::{Chosen, ScoresPage, page};
