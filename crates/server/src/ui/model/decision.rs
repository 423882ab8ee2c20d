//! Decisions and their reasons.

use super::{Channel, Money, Tone};

/// Why something was decided: a code of the engine's closed list, with the facts it rests on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// The engine's code, such as `feed_behind`; its text is the key `reason-<code>`.
    pub code: String,
    /// The facts; the sentence ends in them, and "Why?" lists them all.
    pub facts: Vec<Fact>,
}

/// One fact of a reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is, such as `feed`; its label is the key `fact-<name>`.
    pub name: String,
    /// Its value.
    pub value: FactValue,
    /// When it happened, if it has a moment of its own.
    pub at: Option<i64>,
}

/// The value of a fact, so that it can be written in the reader's language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FactValue {
    /// A text, shown as it is.
    Text(String),
    /// What the engine told, written from its code and values.
    Said(regulars_engine::reason::Fact),
    /// A number of things.
    Count(i64),
    /// A moment.
    Moment(i64),
    /// A length of time in milliseconds.
    Span(i64),
    /// An amount.
    Money(Money),
    /// A share in thousandths.
    Permille(u16),
    /// A person, linked.
    Person {
        /// The person's id.
        id: String,
        /// The name to show.
        name: String,
    },
}

/// How often a reason was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReasonCount {
    /// The engine's code.
    pub code: String,
    /// How many decisions name it.
    pub count: u64,
}

worded! {
    /// What was decided; the words are those of files and the API.
    DecisionKind, "decision" {
        /// An enrollment began.
        Entered => "enter", "entered";
        /// What would have started a journey did not.
        Declined => "decline", "minus";
        /// A message was claimed for sending.
        Claimed => "send", "waiting";
        /// A claimed message went out.
        Sent => "sent", "sent";
        /// A message went out although something was not known, as the journey allows.
        SentNotKnowing => "sent-not-knowing", "sent";
        /// A message waits.
        Held => "hold", "held";
        /// A message will not be sent.
        Skipped => "skip", "skipped";
        /// A message may never go to this address.
        Suppressed => "suppressed", "withdrawn";
        /// The enrollment ended before its end.
        Exited => "exit", "exited";
        /// The enrollment reached its end.
        Completed => "done", "done";
        /// Sending failed for good.
        Failed => "failed", "bad";
        /// Nobody knows whether the message arrived; it is never sent again blindly.
        Uncertain => "uncertain", "uncertain";
        /// Chance chose a way.
        Assigned => "assign", "branch";
        /// The journey's goal was reached.
        Reached => "goal", "done";
        /// The journey stated a trait.
        Stated => "set", "trait";
        /// The journey asked somebody of the shop to see to something.
        Notified => "notify", "push";
        /// Staff moved the person to another version.
        Moved => "move", "arrow-right";
        /// The journey tells another program.
        Told => "webhook", "webhook";
        /// The site showed a message.
        Shown => "shown", "eye";
        /// The person followed a message on the site.
        Clicked => "clicked", "clicked";
        /// The person closed a message on the site.
        Dismissed => "dismissed", "skipped";
        /// A claim went back before anything left, and its message is due as it was.
        TakenBack => "taken-back", "minus";
    }
}

impl DecisionKind {
    /// How the decision feels.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Sent | Self::Completed | Self::Reached | Self::Shown | Self::Clicked => {
                Tone::Good
            }
            Self::Held | Self::Uncertain | Self::SentNotKnowing => Tone::Warn,
            Self::Failed => Tone::Bad,
            Self::Entered | Self::Claimed => Tone::Accent,
            Self::Declined
            | Self::Skipped
            | Self::Suppressed
            | Self::Exited
            | Self::Assigned
            | Self::Stated
            | Self::Notified
            | Self::Told
            | Self::Moved
            | Self::Dismissed
            | Self::TakenBack => Tone::Neutral,
        }
    }
}

/// One decision about one person.
#[derive(Debug, Clone)]
pub struct DecisionRow {
    /// When it was taken.
    pub at: i64,
    /// What was decided.
    pub kind: DecisionKind,
    /// The journey's name.
    pub journey: Option<String>,
    /// The step's name.
    pub step: Option<String>,
    /// The channel of the message.
    pub channel: Option<Channel>,
    /// The address the message went to, or would go to.
    pub address: Option<String>,
    /// The products it is about, by name.
    pub products: Vec<String>,
    /// Held until.
    pub until: Option<i64>,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
    /// The log position the decision read: what was known then.
    pub log_position: Option<u64>,
    /// The message it led to, if any.
    pub message_id: Option<String>,
}
