//! E-mail: a message in, MIME bytes out, and a conversation with a mail server or a provider that
//! knows at every moment whether the message may have been delivered.

mod body;
mod dkim;
mod header;
mod message;
mod mime;
mod provider;
mod settings;
mod smtp;

pub use dkim::{Algorithm, DkimKey, KeyError, NewKey, Record, Signers};
pub(crate) use header::{breaks_line, one_line, turns_direction};
pub use message::{Mailbox, Message, MessageError, Unsubscribe};
pub use mime::Email;
pub use provider::{Provider, ProviderClient, ProviderSettings};
pub use settings::SettingsError;
pub use smtp::{SmtpClient, SmtpSettings, Timeouts, Tls};
