//! Where messages land while no mail server is set: accepted, stored by the caller, delivered nowhere.

use crate::email::Email;
use crate::sent::{ResponseClass, Sent};

/// The channel that needs no server. It keeps nothing: the caller stores the message with its
/// outcome, as it does for every channel, and the UI shows it from there.
#[derive(Debug, Default, Clone, Copy)]
pub struct Outbox;

impl Outbox {
    /// Accepts a message; its Message-ID is its only name.
    pub fn accept(&self, email: &Email) -> Sent {
        Sent::Accepted {
            provider_id: Some(email.message_id().to_owned()),
            response_class: ResponseClass::Outbox,
        }
    }
}
