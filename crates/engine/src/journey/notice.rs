//! Notices: what a journey asks staff to see to. A commitment, kept until somebody has done it.

use minicbor::{Decode, Encode};

use crate::identity::PersonId;
use crate::time::Timestamp;

/// Something that somebody of the shop shall see to.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Notice {
    /// Its number, which the store gives; 0 before.
    #[n(0)]
    pub id: u64,
    /// When the person came to the step.
    #[n(1)]
    pub at: Timestamp,
    /// About whom.
    #[n(2)]
    pub person: PersonId,
    /// In which journey.
    #[n(3)]
    pub journey: String,
    /// At which step.
    #[n(4)]
    pub step: String,
    /// What is to be done, as the definition says it.
    #[n(5)]
    pub text: String,
    /// When somebody had done it, and who; `None`: it is open.
    #[n(6)]
    pub done: Option<NoticeDone>,
    /// The address of staff that is also told; `None`: it stands on the page alone.
    #[n(7)]
    pub to: Option<String>,
    /// Whether that address is still to be told.
    #[n(8)]
    pub mail_due: bool,
}

/// That somebody did what a notice asks for.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct NoticeDone {
    /// When it was said.
    #[n(0)]
    pub at: Timestamp,
    /// Who said so: a user's name or a key's.
    #[n(1)]
    pub by: String,
}

impl Notice {
    /// The notice as programs read it.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "id": self.id,
            "at": self.at.to_string(),
            "person": self.person.to_string(),
            "journey": self.journey,
            "step": self.step,
            "text": self.text,
            "done_at": self.done.as_ref().map(|done| done.at.to_string()),
            "done_by": self.done.as_ref().map(|done| &done.by),
        })
    }
}
