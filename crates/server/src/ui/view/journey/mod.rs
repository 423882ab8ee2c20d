//! One journey.

mod dry_run;
mod page;
mod tree;

pub use page::page;
