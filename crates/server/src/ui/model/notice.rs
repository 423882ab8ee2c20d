//! What journeys ask staff to see to.

use super::Reason;

/// Something that somebody shall see to.
#[derive(Debug, Clone)]
pub struct NoticeRow {
    /// Its number.
    pub id: u64,
    /// About whom: id and name.
    pub person: (String, String),
    /// What is to be done.
    pub text: String,
    /// The journey's name.
    pub journey: String,
    /// The step's name.
    pub step: String,
    /// When the person came there.
    pub at: i64,
    /// Why the person is in that journey.
    pub because: Vec<Reason>,
    /// Who did it, and when; `None`: it is open.
    pub done: Option<(String, i64)>,
}

/// The page of all notices.
#[derive(Debug, Clone, Default)]
pub struct NoticesModel {
    /// Open ones, the latest first.
    pub open: Vec<NoticeRow>,
    /// How many are open in all.
    pub open_total: u64,
    /// The latest that are done.
    pub done: Vec<NoticeRow>,
    /// From which number on older open ones follow, if some do.
    pub older: Option<u64>,
}
