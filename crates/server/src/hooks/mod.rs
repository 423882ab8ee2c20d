//! Hooks: addresses at which providers tell what became of messages and what people wrote back, and
//! other systems whatever happened, signed as Standard Webhooks lays down.
//!
//! Each hook has a secret in its address, and beside it whatever signature its provider gives. Only
//! the hash of the address's secret is kept.
//!
//! **Invariant:** nothing of a body reaches the log before [`verify::check`] has let it through.

mod heard;
mod keep;
pub mod sms;
mod standard;
mod twilio;
mod verify;

pub use heard::{Call, Heard, last_told};
pub use keep::{
    Added, BOTH_MS, Copied, Hook, HookError, Proof, add, confirmed_by, find, list,
    note_confirmation, remove, renew, rotate, tells_as,
};
pub use regulars_ingest::providers::Provider;
pub use verify::{Refused, Said, Signed, believed, check, topic_confirmation};
