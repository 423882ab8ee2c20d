//! Drafts of journeys and templates: what somebody is writing, kept on the server edit by edit, so that it outlives
//! a restart, can be undone, and is lost by nobody's edit.
//!
//! A draft belongs to one user, and one journey or template. Every edit says which revision it was made on; one
//! that comes too late is kept aside whole, and whoever made it decides.

mod gallery;
mod keep;

pub use gallery::{Example, examples};
pub use keep::{
    Aside, Draft, Kept, Of, Start, all, begin, begin_new, discard, drop_aside, find, rebase,
    set_aside, turn, write,
};

pub(crate) use keep::redact;

#[cfg(test)]
mod tests;
