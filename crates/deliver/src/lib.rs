//! Messages to the world, one file per channel.
//!
//! [`email`] builds a message and hands it to a server; [`outbox`] stands in where no server is set. [`Channel`] is either of the two, and
//! [`Sent`] is its answer: what the caller may write down as certain, and what it may not.
//!
//! **Invariant:** no `Debug`, `Display` or error of this crate shows an address, a name, a password
//! or the text of a message.

pub mod channel;
pub mod email;
pub mod outbox;
pub mod sent;

pub use channel::Channel;
pub use email::{Email, Mailbox, Message, SmtpClient, SmtpSettings, Unsubscribe};
pub use outbox::Outbox;
pub use sent::Sent;
