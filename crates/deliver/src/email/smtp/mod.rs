//! The conversation with a mail server.
//!
//! [`settings`] is what an operator states, [`client`] keeps a few connections, [`connect`] opens
//! one, encrypted by [`encrypt`] and seen by [`watch`], and [`transaction`] sends one message over it and knows at every step what may have
//! happened to it.

mod client;
mod connect;
mod encrypt;
mod settings;
mod transaction;
mod watch;

pub use client::SmtpClient;
pub use settings::{SmtpSettings, Timeouts, Tls};
