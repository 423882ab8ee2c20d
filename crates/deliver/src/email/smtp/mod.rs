//! The conversation with a mail server.
//!
//! [`settings`] is what an operator states, [`client`] keeps a few connections, [`connect`] opens one,
//! encrypted by [`encrypt`], [`conversation`] says commands over it and reads what a server makes of
//! them, and [`transaction`] sends one message and knows at every step what may have happened to it.

mod client;
mod connect;
mod conversation;
mod encrypt;
mod settings;
mod transaction;

pub use client::SmtpClient;
pub use settings::{SmtpSettings, Timeouts, Tls};
