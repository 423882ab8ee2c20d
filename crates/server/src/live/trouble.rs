//! Whether messages are taken: since when a mail server or provider has taken nothing, and what it says.
//!
//! A wrong key or a server that is down concerns every message, and each is tried again for hours: whoever
//! runs the shop must see that on the first one. What is said of a single message or address is no sign
//! of trouble.

use std::sync::{Mutex, MutexGuard, PoisonError};

use regulars_deliver::Sent;
use regulars_deliver::sent::{Cause, Stage, refusal};
use regulars_engine::time::Timestamp;

/// What is known of how messages of one channel are taken, shared by deliverers and pages.
#[derive(Debug, Default)]
pub struct Trouble(Mutex<Option<Lasting>>);

/// Trouble that lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lasting {
    /// Since when nothing was taken.
    pub since: Timestamp,
    /// What was said last, without any address.
    pub said: String,
}

impl Trouble {
    /// Takes in what came of sending a message. The first sign of trouble and its end are logged.
    pub fn note(&self, sent: &Sent, now: Timestamp) {
        let mut held = self.held();
        match sign(sent) {
            Sign::Well => {
                if held.take().is_some() {
                    tracing::info!("messages are taken again");
                }
            }
            Sign::Wrong(said) => match held.as_mut() {
                Some(lasting) => lasting.said = said,
                None => {
                    tracing::warn!(%said, "messages are not taken; they are tried again");
                    *held = Some(Lasting { since: now, said });
                }
            },
            Sign::None => {}
        }
    }

    /// The trouble that lasts, if any.
    #[must_use]
    pub fn lasting(&self) -> Option<Lasting> {
        self.held().clone()
    }

    fn held(&self) -> MutexGuard<'_, Option<Lasting>> {
        // Nothing can panic while it is held; if something did, what it holds stays valid.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

enum Sign {
    Well,
    Wrong(String),
    None,
}

fn sign(sent: &Sent) -> Sign {
    match sent {
        Sent::Accepted { .. } => Sign::Well,
        // It talks to us, and said no to this one person.
        Sent::Refused {
            stage:
                Stage::Recipient
                | Stage::DeadRecipient
                | Stage::StoppedRecipient
                | Stage::UnreachedRecipient,
            ..
        } => Sign::None,
        Sent::Refused { permanent: true, stage: Stage::Content | Stage::Data, .. } => Sign::None,
        Sent::Refused { code, text, .. } => Sign::Wrong(refusal(*code, &text.to_string())),
        Sent::NotSent { cause: Cause::Unsupported, .. } => Sign::None,
        Sent::NotSent { text, .. } | Sent::Uncertain { text, .. } => Sign::Wrong(text.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use regulars_deliver::sent::{ResponseClass, ServerText};

    use super::*;

    fn refused(permanent: bool, code: u16, stage: Stage, text: &str) -> Sent {
        Sent::Refused { permanent, code, stage, text: ServerText::new(text) }
    }

    #[test]
    fn trouble_lasts_from_its_first_sign_until_something_is_taken() {
        let trouble = Trouble::default();
        let taken = Sent::Accepted {
            provider_id: None,
            response_class: ResponseClass::Server { code: 250 },
        };
        trouble.note(&refused(true, 550, Stage::Recipient, "5.1.1 no such user"), Timestamp(1));
        trouble.note(&refused(true, 554, Stage::Content, "5.7.1 spam"), Timestamp(2));
        trouble.note(&refused(false, 450, Stage::Recipient, "4.2.0 greylisted"), Timestamp(3));
        assert_eq!(trouble.lasting(), None, "a no to one message or person is no trouble");
        trouble.note(&refused(false, 401, Stage::Sender, "401 no such token"), Timestamp(4));
        let lost = ServerText::new("lost to <ana@example.com>");
        trouble.note(&Sent::NotSent { cause: Cause::Connect, text: lost }, Timestamp(5));
        let lasting = Lasting { since: Timestamp(4), said: "lost to ***".to_owned() };
        assert_eq!(trouble.lasting(), Some(lasting));
        trouble.note(&taken, Timestamp(6));
        assert_eq!(trouble.lasting(), None);
    }
}
