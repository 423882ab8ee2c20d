//! Messages to the world, one file per channel.
//!
//! [`template`] turns what a marketer wrote into a subject, HTML and plain text, and refuses when it
//! is saved whatever could fail or do harm when it is sent. [`email`] builds the message and hands it
//! to a server or, over [`http`], to a provider; [`sms`] counts a text message and hands it to one;
//! [`push`] encrypts a message for a browser;
//! [`outbox`] stands in where neither is set.
//! [`webhook`] tells other programs what journeys ask it to.
//! [`dns`] looks up whether receivers find what they want of the sender's domain.
//! [`Channel`] is one of the three, and [`Sent`] is its answer: what the caller may write down as certain, and what it may not.
//!
//! **Invariant:** no `Debug`, `Display` or error of this crate shows an address, a name, a password
//! or the text of a message.

pub mod channel;
pub mod dns;
pub mod email;
pub mod http;
pub mod outbox;
mod pace;
mod provided;
pub mod push;
mod refusal;
mod said;
pub mod sent;
pub mod sms;
pub mod template;
mod tls;
pub mod webhook;

pub use channel::{Channel, Way};
pub use email::{Email, Mailbox, Message, SmtpClient, SmtpSettings, Unsubscribe};
pub use outbox::Outbox;
pub use push::{PushChannel, PushMessage, PushWay};
pub use sent::Sent;
pub use sms::{SmsChannel, SmsWay, TextMessage};
pub use template::{Compiled, PushTemplate, Rendered, Template, TextTemplate};
