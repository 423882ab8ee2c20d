//! The single view of a customer.

mod cart;
mod header;
mod household;
mod identity;
mod journeys;
mod ledger;
mod orders;
mod page;
mod path;
mod reach;
mod scores;
mod timeline;

pub use ledger::{LedgerPage, ledger};
pub use page::page;
pub use timeline::timeline;
