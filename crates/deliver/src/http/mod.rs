//! Requests to other machines: one at a time, to addresses that were looked at, once.
//!
//! A name is resolved once, every address it has is checked, and the connection is opened to an
//! address that was checked: whoever answers differently the next time changes nothing. Redirections
//! are not followed. Time and size of everything are bounded.

mod address;
mod client;
mod connect;
mod content;
mod target;

pub use address::outside;
pub use client::{HttpClient, Limits, Reply, Request, Unanswered};
pub use connect::Names;
pub use target::{Reach, Target, TargetError};
