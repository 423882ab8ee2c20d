//! What needs someone, and what happened.

use super::{
    Channel, DecisionKind, Money, NoticeRow, OutboxRow, Reason, ReasonCount, WatermarkState,
};
use crate::live::Lasting;
use crate::pacing::Queue;

worded! {
    /// What made the program pause by itself.
    PauseCause, "sending-alarm" {
        /// Too many complained.
        Complaints => "complaints", "bad";
        /// Too much came back.
        Bounces => "bounces", "bounced";
    }
}

/// Whether messages go out at all.
#[derive(Debug, Clone, Default)]
pub enum Sending {
    /// They do.
    #[default]
    On,
    /// They do not, until a person says so.
    Paused {
        /// Who paused and when, where that was noted.
        by: Option<(String, i64)>,
        /// Whether the data came from a backup, and nobody has looked at it since.
        restored: bool,
    },
    /// Care and promotion wait, since too many complained or too much came back.
    Alarmed {
        /// Which of the two; `None`: a person lets only messages about people's own business go.
        cause: Option<PauseCause>,
        /// How many complained, or came back.
        count: u64,
        /// Of how many messages of the last days.
        sent: u64,
        /// Who paused, and when.
        by: Option<(String, i64)>,
    },
}

/// What the last days brought.
#[derive(Debug, Clone, Default)]
pub struct Takings {
    /// The days, the latest first.
    pub days: Vec<DayTakings>,
    /// Whether older events are still being counted.
    pub counting: bool,
}

/// What one day brought.
#[derive(Debug, Clone)]
pub struct DayTakings {
    /// A moment of the day.
    pub at: i64,
    /// Orders that were not cancelled.
    pub orders: u64,
    /// What they came to less returns, in the shop's currency.
    pub net: Money,
    /// Orders in other currencies, which are in no sum.
    pub foreign: u64,
}

/// The first page of the day.
#[derive(Debug, Clone, Default)]
pub struct TodayModel {
    /// The visitor's last look; `None` on the first visit.
    pub since: Option<i64>,
    /// Whether messages go out.
    pub sending: Sending,
    /// Since when the mail server or provider takes nothing.
    pub trouble: Option<Lasting>,
    /// Destinations of webhooks that want no more calls, with since when.
    pub webhooks_gone: Vec<(String, i64)>,
    /// Sources that exist; at zero the page says how to begin.
    pub sources: u64,
    /// What journeys ask staff to see to, the latest first; possibly only the first few.
    pub notices: Vec<NoticeRow>,
    /// How many of these there are in all.
    pub notices_total: u64,
    /// Messages held at this moment, the most urgent first; possibly only the first few.
    pub held: Vec<HeldSend>,
    /// How many are held in all.
    pub held_total: u64,
    /// Those of them that wait for their turn, by limit.
    pub queues: Vec<Queue>,
    /// Feeds that should have spoken and did not.
    pub silent: Vec<SilentFeed>,
    /// Quarantined rows by source and reason.
    pub quarantine: Vec<QuarantineGroup>,
    /// Messages nobody knows the fate of.
    pub uncertain: Vec<UncertainSend>,
    /// Decisions since the last look, by kind.
    pub happened: Vec<DecisionCount>,
    /// What the last days brought.
    pub takings: Takings,
    /// What the page was drawn from; another value means that there is something new.
    pub version: String,
    /// The newest messages of the outbox.
    pub outbox: Vec<OutboxRow>,
    /// How many messages the outbox holds.
    pub outbox_total: u64,
}

/// A message that waits.
#[derive(Debug, Clone)]
pub struct HeldSend {
    /// The person it is for: id and name.
    pub person: (String, String),
    /// The journey's name.
    pub journey: String,
    /// The step's name.
    pub step: String,
    /// The channel.
    pub channel: Channel,
    /// Waits since.
    pub since: i64,
    /// Waits at most until.
    pub until: i64,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
}

/// A feed that should have spoken.
#[derive(Debug, Clone)]
pub struct SilentFeed {
    /// The source's id and name.
    pub source: (String, String),
    /// The feed's name.
    pub feed: Option<String>,
    /// Behind or never heard.
    pub state: WatermarkState,
    /// The last event.
    pub last_at: Option<i64>,
    /// When it would usually have spoken again.
    pub expected_at: Option<i64>,
    /// Messages held because of it.
    pub holding: u64,
}

/// Quarantined rows of one source and one reason.
#[derive(Debug, Clone)]
pub struct QuarantineGroup {
    /// The source's id and name.
    pub source: (String, String),
    /// The code of the reason.
    pub code: String,
    /// How many wait.
    pub count: u64,
    /// The latest of them.
    pub latest_at: i64,
}

/// A message nobody knows the fate of.
#[derive(Debug, Clone)]
pub struct UncertainSend {
    /// The message's id, if it can be opened.
    pub message_id: Option<String>,
    /// The person it was for: id and name.
    pub person: (String, String),
    /// The channel.
    pub channel: Channel,
    /// The subject.
    pub subject: String,
    /// When it was claimed.
    pub at: i64,
}

/// Decisions of one kind.
#[derive(Debug, Clone)]
pub struct DecisionCount {
    /// What was decided.
    pub kind: DecisionKind,
    /// How often.
    pub count: u64,
    /// Why, the commonest first.
    pub reasons: Vec<ReasonCount>,
}
