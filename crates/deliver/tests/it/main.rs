//! Templates, messages, mail servers and providers, from the outside.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, in its helpers too")]

mod built_in;
mod guide;
mod hostile;
mod message;
mod odd_servers;
mod partials;
mod provider;
mod reach;
mod server;
mod sms;
mod smtp;
mod web_server;
