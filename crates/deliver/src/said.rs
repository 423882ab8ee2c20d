//! What a provider's answer over HTTP comes to, whatever it was asked to carry.

use crate::http::Reply;
use crate::sent::{Cause, ResponseClass, Sent, ServerText, Stage};

/// What a provider's answer says, in the provider's own form.
pub(crate) struct Said {
    /// Its name for the message.
    pub(crate) id: Option<String>,
    /// Its words, with the status before them.
    pub(crate) text: String,
    /// What it refuses, if it refuses.
    pub(crate) stage: Stage,
    /// Whether it refuses in spite of its status.
    pub(crate) refuses: bool,
}

impl Said {
    /// An answer of which nothing but the status and these words is known.
    pub(crate) fn words(reply: &Reply, words: Option<&str>) -> Self {
        let text = match words {
            Some(words) => format!("{} {words}", reply.status),
            None => reply.status.to_string(),
        };
        Self { id: None, text, stage: Stage::Content, refuses: false }
    }

    /// What is known after it.
    pub(crate) fn verdict(self, reply: &Reply) -> Sent {
        let text = ServerText::new(&self.text);
        match reply.status {
            // An agreement to what was not sent whole is out of step: nobody knows to what.
            200..=299 if !reply.after_all => Sent::Uncertain { cause: Cause::Protocol, text },
            200..=299 if self.refuses => {
                Sent::Refused { permanent: true, code: reply.status, stage: self.stage, text }
            }
            code @ 200..=299 => {
                let response_class = ResponseClass::Server { code };
                Sent::Accepted { provider_id: self.id, response_class }
            }
            code @ (401 | 403) => {
                let stage = Stage::Sender;
                Sent::Refused { permanent: false, code, stage, text }
            }
            // Too late, too many, not now: it said no before it looked at the message.
            code @ (408 | 425 | 429 | 503) => {
                Sent::Refused { permanent: false, code, stage: Stage::Content, text }
            }
            code @ 300..=499 => {
                // A sender that it does not take is a setting to put right, and no fault of the message.
                let permanent = self.stage != Stage::Sender;
                Sent::Refused { permanent, code, stage: self.stage, text }
            }
            // It broke while it had the message.
            _ => Sent::Uncertain { cause: Cause::Server, text },
        }
    }
}

/// An id that a provider states, as far as it looks like one.
pub(crate) fn id(text: Option<&str>) -> Option<String> {
    let fits = |text: &&str| {
        (1..=200).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
    };
    text.filter(fits).map(str::to_owned)
}
