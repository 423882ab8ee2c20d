//! What a tool of the online shop alone would have sent.

use super::{DecisionKind, Money, Reason};

/// Whether it was worked out, and what it came to.
#[derive(Debug, Clone)]
pub enum SiloModel {
    /// Not yet.
    Never,
    /// It is being worked out: so many events of how many.
    Running {
        /// Played.
        done: u64,
        /// Of so many; 0 while they are being counted.
        whole: u64,
    },
    /// It is there.
    Compared(Box<ComparedModel>),
    /// Somebody stopped it.
    Stopped,
    /// The log is too long for a server that has other things to do.
    TooLong {
        /// Events in it.
        events: u64,
    },
    /// The store failed.
    Failed,
}

worded! {
    /// Why a message should not have gone.
    MistakeWord, "mistake" {
        /// What it was about had been bought.
        Bought => "bought", "order";
        /// The person had said no.
        Refused => "refused", "withdrawn";
        /// A question to the service desk was open.
        Ticket => "ticket", "ticket";
        /// The journey was over for another reason.
        Over => "over", "exited";
    }
}

/// Both sides.
#[derive(Debug, Clone)]
pub struct ComparedModel {
    /// From when on messages count.
    pub from: i64,
    /// Until when.
    pub until: i64,
    /// Events of these days, and how many of them the tool does not hear.
    pub events: (u64, u64),
    /// Sources that the tool does not hear, by name.
    pub unheard: Vec<String>,
    /// What the tool would have sent.
    pub alone: SiloSide,
    /// What Regulars would have.
    pub regulars: SiloSide,
    /// People behind the figures.
    pub examples: Vec<SiloRow>,
}

/// One side.
#[derive(Debug, Clone)]
pub struct SiloSide {
    /// Messages.
    pub messages: u64,
    /// Messages that cannot be weighed; not among the others.
    pub left_out: u64,
    /// Those that should not have gone, by why.
    pub wrong: Vec<(MistakeWord, u64)>,
    /// Offers in those.
    pub offers: u64,
    /// What these take off what had been paid, by currency.
    pub worth: Vec<Money>,
}

impl SiloSide {
    /// How many should not have gone for this reason.
    #[must_use]
    pub fn count(&self, mistake: MistakeWord) -> u64 {
        self.wrong.iter().find(|(one, _)| *one == mistake).map_or(0, |(_, count)| *count)
    }

    /// All that should not have gone.
    #[must_use]
    pub fn wrong_in_all(&self) -> u64 {
        self.wrong.iter().map(|(_, count)| count).sum()
    }
}

/// A message of the tool to somebody who should not have got it.
#[derive(Debug, Clone)]
pub struct SiloRow {
    /// When it would have gone.
    pub at: i64,
    /// To whom: id and name.
    pub person: (String, String),
    /// Of which journey.
    pub journey: String,
    /// At which step.
    pub step: String,
    /// Why it is wrong.
    pub mistake: MistakeWord,
    /// What forbids it.
    pub reason: Reason,
    /// What its offer takes off what had been paid.
    pub given: Vec<Money>,
    /// What Regulars decided.
    pub instead: InsteadRow,
}

/// A decision of Regulars beside it.
#[derive(Debug, Clone)]
pub struct InsteadRow {
    /// When.
    pub at: i64,
    /// What; `None`: the person was not in the journey.
    pub kind: Option<DecisionKind>,
    /// Why.
    pub reason: Reason,
}
