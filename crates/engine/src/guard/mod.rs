//! The guard: everything that must hold for a message to be claimed. One function, the only way
//! to a send.
//!
//! **Invariant:** [`guard`] is the only place that makes a [`GuardAnswer::Send`]. A maybe never
//! grants: what is not known for certain holds the message until it is, or until the patience ends.

mod address;
mod confirm;
mod moment;
mod offer;
mod reach;
mod reputation;
mod room;
mod rules;
mod site;

pub(crate) use address::browsers;
pub use address::{Address, address_kind, addresses, paused, permitted};
pub use confirm::{to_confirm, unconfirmed};
pub use offer::{ByHand, by_hand};
pub use reputation::{Alarm, Received, Reputation};
pub use rules::{Claim, GuardAnswer, Hold, Wanted, guard, sending_switch};
