//! Offers: what a person is given, under which rules, and the codes that stand for it.
//!
//! **Invariant:** a code is issued where the guard's rules let it be given, in the commit that claims
//! its message or notes that staff gave it, and nowhere else. A maybe never grants. A code is used once.

mod code;
mod definition;
mod guess;
mod redeem;
mod stock;

pub use code::{CodeKey, folded, generated, printed};
pub use definition::{Benefit, Budget, Codes, Excluded, Offer, OnReturn};
pub use guess::{Guesses, Limit};
pub use redeem::{Counter, Refusal, Usable, usable, worth};
pub use stock::{Code, CodeState, CodeWrite, Counted, Given, Stand, Stock, Used};
