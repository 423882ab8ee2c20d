//! Reports: what messages caused, and what they should not have.

use super::{Money, Purpose, Reason};
use crate::measure::trial::Drawn;

/// The list of reports.
#[derive(Debug, Clone)]
pub struct ReportsModel {
    /// Days of messages that count.
    pub days: u32,
    /// Journeys with what they sent in those days.
    pub journeys: Vec<ReportRow>,
}

/// A journey in the list.
#[derive(Debug, Clone)]
pub struct ReportRow {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub purpose: Purpose,
    /// Messages sent, held back for good, and people who entered.
    pub sent: u64,
    /// Messages left out.
    pub skipped: u64,
    /// People who entered.
    pub entered: u64,
}

worded! {
    /// By what a channel claims an order.
    ClaimWord, "claim" {
        /// The order bears a coupon.
        Coupon => "coupon", "coupon";
        /// A link had been followed that shows what was bought.
        Product => "product", "product";
        /// A link had been followed.
        Clicked => "clicked", "clicked";
        /// The message had been opened.
        Opened => "opened", "opened";
        /// The message had only been received.
        Received => "received", "email";
    }
}

worded! {
    /// What a customer lived.
    LivedWord, "lived" {
        /// Gave it back and bought it again.
        ReturnedAndRebought => "returned-and-rebought", "return";
        /// Had bought it before the message came.
        HadBought => "had-bought", "order";
        /// Bought, and gave it back.
        GaveBack => "gave-back", "return";
        /// Bought elsewhere, without the message.
        BoughtElsewhere => "bought-elsewhere", "store";
        /// Bought.
        Bought => "bought", "order";
        /// Wanted no more of them.
        OptedOut => "opted-out", "withdrawn";
        /// Nothing of that.
        Nothing => "nothing", "minus";
    }
}

/// One line of a point of view: how many, and what they came to.
#[derive(Debug, Clone)]
pub struct ViewLine<W> {
    /// What.
    pub what: W,
    /// How many.
    pub number: u64,
    /// What they came to, by currency.
    pub money: Vec<Money>,
}

/// A journey from both points of view.
#[derive(Debug, Clone)]
pub struct JourneyReport {
    /// The journey.
    pub name: String,
    /// Days of messages that count.
    pub days: u32,
    /// Days for which a channel claims what follows.
    pub window_days: u32,
    /// Messages looked at.
    pub messages: u64,
    /// Messages that cannot be told any more.
    pub left_out: u64,
    /// Whether there are older ones that were not looked at.
    pub more: bool,
    /// What the channel would claim, the strongest first.
    pub claimed: Vec<ViewLine<ClaimWord>>,
    /// All of it.
    pub claimed_in_all: (u64, Vec<Money>),
    /// What the customers lived.
    pub lived: Vec<ViewLine<LivedWord>>,
    /// What the till kept of all.
    pub kept_in_all: Vec<Money>,
    /// Where the two differ most.
    pub telling: Vec<TellingRow>,
    /// What chance says.
    pub drawn: Vec<Drawn>,
}

/// A message where the two points of view differ.
#[derive(Debug, Clone)]
pub struct TellingRow {
    /// When it was claimed for sending.
    pub at: i64,
    /// To whom: id and name.
    pub person: (String, String),
    /// What the channel claims for it.
    pub claimed: Vec<Money>,
    /// What the customer lived.
    pub lived: LivedWord,
    /// What the till kept.
    pub kept: Vec<Money>,
}

worded! {
    /// Why a message went out that should not have.
    RegretCause, "regret" {
        /// A source told too late.
        LateSource => "late-source", "late";
        /// That it was the same person was learned too late.
        MissingLink => "missing-link", "unlink";
        /// It was understood later.
        UnderstoodLater => "understood-later", "clock";
        /// The journey has no rule that stops it.
        NoExitRule => "no-exit-rule", "exited";
    }
}

/// Messages that should not have gone.
#[derive(Debug, Clone)]
pub struct RegretModel {
    /// Days of messages that count.
    pub days: u32,
    /// Messages judged.
    pub judged: u64,
    /// Messages that cannot be judged any more.
    pub left_out: u64,
    /// Whether there are older ones that were not judged.
    pub more: bool,
    /// By cause: how many, and what they cost.
    pub causes: Vec<ViewLine<RegretCause>>,
    /// The latest of them.
    pub rows: Vec<RegretRow>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct RegretRow {
    /// When it was claimed for sending.
    pub at: i64,
    /// To whom: id and name.
    pub person: (String, String),
    /// Which journey and step sent it.
    pub journey: String,
    /// At which step.
    pub step: String,
    /// Why it went.
    pub cause: RegretCause,
    /// Whose word came late, and by how many milliseconds.
    pub late: Option<(String, i64)>,
    /// What forbids it.
    pub reason: Reason,
    /// What it cost.
    pub cost: Vec<Money>,
}
