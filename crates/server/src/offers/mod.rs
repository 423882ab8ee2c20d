//! Offers as pages, the API and the command line show them.

mod back;
mod by_hand;
mod guessing;
mod listed;
mod offline;
mod report;
mod used;

pub use back::{Back, GiftNoted, back_json, given_by_hand, take_back};
pub use by_hand::{Answer, Giving, SHOWN_AGAIN_MS, codes_json, gift_id, give, named_product};
pub use guessing::{Asker, Attempts, Guessing};
pub use listed::{Listed, list, money_json, pooled, pooled_json};
pub use offline::{Reconciled, offline};
pub use report::{Report, UsedRow, day_of, day_text};
pub use used::{redeemed_json, valid_json};
