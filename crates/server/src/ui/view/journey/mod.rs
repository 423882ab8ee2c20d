//! One journey.

mod dry_run;
pub mod moving;
mod page;
mod tree;

pub(super) use dry_run::{DryRunCard, dry_run_card};
pub(super) use page::changes;
pub use page::page;
