//! E-mail: a message in, MIME bytes out, and a conversation with a mail server that knows at every
//! moment whether the message may have been delivered.

mod dkim;
mod header;
mod message;
mod mime;
mod smtp;

pub use dkim::{Algorithm, DkimKey, KeyError, NewKey, Record, Signers};
pub(crate) use header::{breaks_line, one_line, turns_direction};
pub use message::{Mailbox, Message, MessageError, Unsubscribe};
pub use mime::Email;
pub use smtp::{SettingsError, SmtpClient, SmtpSettings, Timeouts, Tls};
