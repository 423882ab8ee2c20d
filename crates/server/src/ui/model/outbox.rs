//! Messages in the built-in outbox, and one message as it was made.

use regulars_deliver::sms::Counted;

use super::{Channel, Purpose, Tone};

worded! {
    /// What became of a message.
    MessageStatus, "message" {
        /// Claimed; being sent.
        Sending => "sending", "sent";
        /// Landed in the built-in outbox; nothing left the machine.
        Outbox => "outbox", "outbox";
        /// Taken by the provider.
        Sent => "sent", "sent";
        /// Delivered, as the provider says.
        Delivered => "delivered", "good";
        /// Opened.
        Opened => "opened", "opened";
        /// A link was clicked.
        Clicked => "clicked", "clicked";
        /// Came back.
        Bounced => "bounced", "bounced";
        /// Reported as unwanted.
        Complained => "complained", "bad";
        /// Failed for good.
        Failed => "failed", "bad";
        /// Did not begin to leave in time, and was looked at again.
        TakenBack => "taken-back", "minus";
        /// Nobody knows whether it arrived.
        Uncertain => "uncertain", "uncertain";
    }
}

impl MessageStatus {
    /// How the status feels.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Delivered | Self::Opened | Self::Clicked | Self::Sent => Tone::Good,
            Self::Bounced | Self::Uncertain => Tone::Warn,
            Self::Complained | Self::Failed => Tone::Bad,
            Self::Sending | Self::Outbox | Self::TakenBack => Tone::Neutral,
        }
    }
}

/// One line of the outbox.
#[derive(Debug, Clone)]
pub struct OutboxRow {
    /// The message's id.
    pub id: String,
    /// When it was made.
    pub at: i64,
    /// The channel.
    pub channel: Channel,
    /// The subject, or the beginning of the text.
    pub subject: String,
    /// The person it is for: id and name.
    pub person: (String, String),
    /// The journey's name.
    pub journey: Option<String>,
    /// What became of it.
    pub status: MessageStatus,
}

/// The list of messages.
#[derive(Debug, Clone, Default)]
pub struct OutboxModel {
    /// The messages of this page, newest first.
    pub rows: Vec<OutboxRow>,
    /// How many there are in all.
    pub total: u64,
    /// The cursor of the next, older page.
    pub older: Option<String>,
    /// True when this is not the newest page.
    pub paged: bool,
}

/// One message as it was made.
#[derive(Debug, Clone)]
pub struct OutboxMessage {
    /// The message's id; its HTML is served at `/outbox/<id>/body`.
    pub id: String,
    /// When it was made.
    pub at: i64,
    /// The channel.
    pub channel: Channel,
    /// Why it is sent.
    pub purpose: Purpose,
    /// What became of it.
    pub status: MessageStatus,
    /// The subject, or the beginning of the text.
    pub subject: String,
    /// The sender's address; empty in a text or push message: who sends it stands elsewhere.
    pub from: String,
    /// The address it is for.
    pub to: String,
    /// The person it is for: id and name.
    pub person: (String, String),
    /// Where a push message leads; `None`: it is none, or leads nowhere any more.
    pub leads: Option<String>,
    /// The journey's name and the step's.
    pub journey: Option<(String, String)>,
    /// True when there is an HTML part.
    pub html: bool,
    /// The plain-text part.
    pub plain: String,
    /// The headers, in their order; none in a text message.
    pub headers: Vec<(String, String)>,
    /// What a text message comes to; `None`: it is mail.
    pub counted: Option<Counted>,
}
