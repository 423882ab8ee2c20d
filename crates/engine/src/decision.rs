//! Decisions and messages: what was decided about a person, and what was claimed for sending.

use minicbor::{Decode, Encode};

use crate::event::{Channel, Line, LogPosition, Purpose};
use crate::identity::{Identifier, PersonId};
use crate::journey::Outcome;
use crate::offer::Given;
use crate::reason::Reason;
use crate::time::Timestamp;

/// What was decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Verdict {
    /// The person entered a journey.
    #[n(0)]
    Enter,
    /// What would have started a journey did not.
    #[n(1)]
    Decline,
    /// A message was claimed for sending.
    #[n(2)]
    Send,
    /// A message is due and waits.
    #[n(3)]
    Hold,
    /// A message was left out.
    #[n(4)]
    Skip,
    /// The person left a journey before its end.
    #[n(5)]
    Exit,
    /// The person went through all steps.
    #[n(6)]
    Done,
    /// A claimed message went out.
    #[n(7)]
    Sent,
    /// A claimed message surely did not go out.
    #[n(8)]
    Failed,
    /// Nobody knows whether a claimed message went out.
    #[n(9)]
    Uncertain,
    /// Chance chose a way for the person.
    #[n(10)]
    Assign,
    /// The person reached the journey's goal, which ends it.
    #[n(11)]
    Goal,
    /// A journey stated something of the person.
    #[n(12)]
    Set,
    /// A journey asked staff to see to something.
    #[n(13)]
    Notify,
    /// Staff moved the person to another version of the journey.
    #[n(14)]
    Move,
    /// A journey tells another program.
    #[n(15)]
    Webhook,
    /// The site showed a message.
    #[n(16)]
    Shown,
    /// The person followed a message on the site.
    #[n(17)]
    Clicked,
    /// The person closed a message on the site.
    #[n(18)]
    Dismissed,
    /// A claim went back before anything left, and its message is due as it was.
    #[n(19)]
    TakenBack,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 20] = [
        Self::Enter,
        Self::Decline,
        Self::Send,
        Self::Hold,
        Self::Skip,
        Self::Exit,
        Self::Done,
        Self::Sent,
        Self::Failed,
        Self::Uncertain,
        Self::Assign,
        Self::Goal,
        Self::Set,
        Self::Notify,
        Self::Move,
        Self::Webhook,
        Self::Shown,
        Self::Clicked,
        Self::Dismissed,
        Self::TakenBack,
    ];

    /// The word in files, the API and on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Enter => "enter",
            Self::Decline => "decline",
            Self::Send => "send",
            Self::Hold => "hold",
            Self::Skip => "skip",
            Self::Exit => "exit",
            Self::Done => "done",
            Self::Sent => "sent",
            Self::Failed => "failed",
            Self::Uncertain => "uncertain",
            Self::Assign => "assign",
            Self::Goal => "goal",
            Self::Set => "set",
            Self::Notify => "notify",
            Self::Move => "move",
            Self::Webhook => "webhook",
            Self::Shown => "shown",
            Self::Clicked => "clicked",
            Self::Dismissed => "dismissed",
            Self::TakenBack => "taken-back",
        }
    }
}

/// A decision with its reasons, as it is kept and shown.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Decision {
    /// When.
    #[n(0)]
    pub at: Timestamp,
    /// About whom.
    #[n(1)]
    pub person: PersonId,
    /// What.
    #[n(2)]
    pub verdict: Verdict,
    /// In which journey.
    #[n(3)]
    pub journey: String,
    /// At which step; empty for entries and exits.
    #[n(4)]
    pub step: String,
    /// Over which channel, for messages.
    #[n(5)]
    pub channel: Option<Channel>,
    /// To which address, for messages. Personal data.
    #[n(6)]
    pub recipient: Option<Identifier>,
    /// About which products: their ids or labels.
    #[n(7)]
    pub products: Vec<String>,
    /// For a hold: when it is looked at again at the latest.
    #[n(8)]
    pub until: Option<Timestamp>,
    /// Why.
    #[n(9)]
    pub reasons: Vec<Reason>,
    /// The last log position that was known: "what did we know then?" can always be answered.
    #[n(10)]
    pub known_to: LogPosition,
    /// The message, for those about one.
    #[n(11)]
    pub message: Option<u64>,
}

impl Decision {
    /// The decision as files and the API show it; keys that do not apply are left out.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        let mut map = serde_json::Map::new();
        let mut put = |key: &str, value: serde_json::Value| map.insert(key.to_owned(), value);
        put("at", self.at.to_string().into());
        put("decision", self.verdict.word().into());
        put("person", self.person.to_string().into());
        if let Some(recipient) = &self.recipient {
            put("recipient", serde_json::json!({ recipient.kind.word(): recipient.value() }));
        }
        put("journey", self.journey.clone().into());
        if !self.step.is_empty() {
            put("step", self.step.clone().into());
        }
        if let Some(channel) = self.channel {
            put("channel", channel.word().into());
        }
        if !self.products.is_empty() {
            put("products", self.products.clone().into());
        }
        if let Some(until) = self.until {
            put("until", until.to_string().into());
        }
        put("reasons", self.reasons.iter().map(Reason::to_json).collect());
        map.into()
    }
}

/// The state of a message that was claimed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum MessageState {
    /// Claimed: on its way to the provider.
    #[n(0)]
    Claimed,
    /// The provider accepted it.
    #[n(1)]
    Sent,
    /// It surely did not go out.
    #[n(2)]
    Failed,
    /// Caught between the provider's acceptance and our note of it: counts as sent.
    #[n(3)]
    Uncertain,
    /// It did not begin to leave before it was to be looked at again, or was not taken, and counts for
    /// nothing: another claim may follow.
    #[n(4)]
    TakenBack,
}

impl From<Outcome> for MessageState {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Sent => Self::Sent,
            Outcome::Failed => Self::Failed,
            Outcome::Uncertain => Self::Uncertain,
            Outcome::TakenBack
            | Outcome::Overtaken
            | Outcome::Postponed
            | Outcome::Rejected
            | Outcome::Unreached => Self::TakenBack,
        }
    }
}

/// A message, from its claim on.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Message {
    /// Its id: the log position of the claim.
    #[n(0)]
    pub id: u64,
    /// To whom.
    #[n(1)]
    pub person: PersonId,
    /// To which address.
    #[n(2)]
    pub recipient: Identifier,
    /// Over which channel.
    #[n(3)]
    pub channel: Channel,
    /// For what.
    #[n(4)]
    pub purpose: Purpose,
    /// In which journey.
    #[n(5)]
    pub journey: String,
    /// At which step.
    #[n(6)]
    pub step: String,
    /// Which template.
    #[n(7)]
    pub template: String,
    /// The lines it is about.
    #[n(8)]
    pub lines: Vec<Line>,
    /// Whether its offer was left out.
    #[n(9)]
    pub without_offer: bool,
    /// When it was claimed.
    #[n(10)]
    pub claimed_at: Timestamp,
    /// What became of it.
    #[n(11)]
    pub state: MessageState,
    /// When that was noted.
    #[n(12)]
    pub settled_at: Option<Timestamp>,
    /// What the provider said, or why it failed. May hold an address: shown, never logged.
    #[n(13)]
    pub note: String,
    /// The subject as sent.
    #[n(14)]
    pub subject: String,
    /// The HTML part as sent.
    #[n(15)]
    pub html: String,
    /// The plain-text part as sent.
    #[n(16)]
    pub text: String,
    /// What it gives, with the code.
    #[n(17)]
    #[cbor(default)]
    pub offer: Option<Given>,
    /// Where its links lead that were made to lead over us; empty: none was, or it never was rendered.
    #[n(18)]
    #[cbor(default)]
    pub links: Vec<Link>,
}

impl Message {
    /// One that is claimed at `claimed_at` and was not rendered yet, about nothing and of no journey.
    #[must_use]
    pub fn claimed(
        id: u64,
        person: PersonId,
        (channel, recipient): (Channel, Identifier),
        purpose: Purpose,
        claimed_at: Timestamp,
    ) -> Self {
        Self {
            id,
            person,
            recipient,
            channel,
            purpose,
            journey: String::new(),
            step: String::new(),
            template: String::new(),
            lines: Vec::new(),
            without_offer: false,
            claimed_at,
            state: MessageState::Claimed,
            settled_at: None,
            note: String::new(),
            subject: String::new(),
            html: String::new(),
            text: String::new(),
            offer: None,
            links: Vec::new(),
        }
    }
}

/// A link of a message.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Link {
    /// The address that it leads to.
    #[n(0)]
    pub target: String,
    /// The number of the message's line whose product it shows, if it shows one.
    #[n(1)]
    pub line: Option<u32>,
}
