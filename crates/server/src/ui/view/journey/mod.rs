//! One journey.

mod dry_run;
pub mod moving;
mod page;
mod tree;

pub use page::page;
