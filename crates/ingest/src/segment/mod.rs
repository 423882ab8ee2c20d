//! The Segment protocol as stock SDKs really speak it: one request body at a time.
//!
//! A body is `{"batch": [...]}`, one message, or a list of messages. Each message is cut out and
//! read by itself, so that a bad one is set aside and the others are accepted. The quirks obeyed:
//! JSON whatever the content type says; `type` from the path; `null` and `""` as absent; ids that
//! are numbers; `user_id` and `action` beside `userId` and `type`; `[]` for an empty object;
//! `timestamp`, else `originalTimestamp`, else when it was received, corrected by `sentAt`; an
//! anonymous id in a header, perhaps in base64; messages without ids.

mod body;
mod event;
mod message;

pub(crate) use body::Envelope;
pub use body::{BodyError, Hints, PathType, parse, write_key};
pub(crate) use event::{Said, build};
pub(crate) use message::{Message, read};
