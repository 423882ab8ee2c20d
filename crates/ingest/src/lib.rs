//! Turns the bytes of other systems into events or rejections; pure: no clock, no file, no network.
//!
//! Every message, line or row that comes in leaves as exactly one [`Event`] or one [`Rejection`]
//! (rows of one document leave as one event together); nothing is dropped, and nothing panics.
//! - [`segment`]: the protocol that stock SDKs speak, one request body at a time.
//! - [`ndjson`]: event files, one line at a time.
//! - [`table`]: CSV files of receipts, orders or customers, read through a mapping file.
//! - [`providers`]: what e-mail providers tell of messages.
//! - [`gzip`]: compressed bodies, bounded.
//!
//! [`limits`] holds every bound with its reason.
//!
//! [`Event`]: regulars_engine::event::Event

mod content;
mod decimal;
pub mod gzip;
mod identifiers;
mod json;
pub mod limits;
mod names;
pub mod ndjson;
pub mod providers;
mod received;
mod rejection;
mod retail;
pub mod segment;
pub mod table;
mod times;

pub use received::{Batch, Received};
pub use rejection::{Place, Rejection, RejectionReason};
