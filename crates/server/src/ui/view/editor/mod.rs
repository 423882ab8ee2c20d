//! A journey that is being written: its tree, a form beside it, what becomes otherwise.

mod fields;
mod new;
mod page;
mod panel;
mod state;
mod tree;
mod words;

pub use new::{drafts, new_page};
pub use page::{address, page};
