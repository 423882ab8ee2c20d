//! Calls of other programs, as Standard Webhooks lays down: a body with an id and a time, signed with a
//! secret that both sides know, to a URL that somebody set.
//!
//! **Invariant:** no `Debug` and no error shows a secret or a URL.

mod client;
mod secret;

pub use client::{Answer, Post, Webhooks};
pub use secret::Secret;
