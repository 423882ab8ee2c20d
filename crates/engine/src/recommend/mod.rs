//! What to show a person of the shop's products.

mod blocks;

pub use blocks::{SHOWN_MAX, bought_last, looked_at};
