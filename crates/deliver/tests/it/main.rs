//! Templates, messages and mail servers, from the outside.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod built_in;
mod guide;
mod hostile;
mod message;
mod server;
mod smtp;
