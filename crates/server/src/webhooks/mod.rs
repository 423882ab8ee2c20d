//! Webhooks out: whom journeys may tell, what they are told, and what becomes of it.
//!
//! A journey names a *destination*; its URL and its secret are settings of the server, so that no file of
//! definitions holds them. What is promised stands in the store before anything leaves, and is looked at
//! a last time before each attempt.
//!
//! **Invariant:** a secret is shown when it is made, and never again.

mod body;
mod keep;
mod look;
mod test;

pub use body::{body, call_json};
pub use keep::{
    Added, Destination, DestinationError, Force, Unknown, add, calls_of, destination_json, find,
    gone, list, listed_json, move_to, pause, remove, resume, rotate, unknown,
};
pub use look::{again, again_all, call_id, look, settle, would_post};
pub use regulars_deliver::webhook::Webhooks;
pub use test::{TestAnswer, test};
