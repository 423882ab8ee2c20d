//! Offers: the list, and one of them.

use super::{GiftTold, Money};

/// All offers.
#[derive(Debug, Clone, Default)]
pub struct OffersModel {
    /// By name.
    pub offers: Vec<OfferRow>,
    /// Wrong codes that were tried in the last 30 days.
    pub wrong: u64,
    /// Requests in that time that nobody listened to, since too many wrong codes had been tried.
    pub unheard: u64,
}

/// One offer in the list.
#[derive(Debug, Clone, Default)]
pub struct OfferRow {
    /// Its name.
    pub name: String,
    /// What it gives; `None`: it is not defined any more.
    pub gives: Option<String>,
    /// Codes that were given, whatever became of them.
    pub given: u64,
    /// Codes that may still be used.
    pub open: u64,
    /// Codes that were used.
    pub used: u64,
    /// Codes that are valid no longer.
    pub expired: u64,
    /// Codes that staff took back.
    pub taken_back: u64,
    /// Codes left in its pool; `None`: they are made as needed.
    pub free: Option<u64>,
    /// Whether the pool calls for more.
    pub low: bool,
    /// Whether another code may be given.
    pub room: bool,
    /// What used codes cost, by currency.
    pub cost: Vec<Money>,
    /// Used codes of which nobody said what they cost.
    pub unpriced: u64,
    /// What open codes may cost at most, where that is known.
    pub liability: Option<Money>,
}

/// One offer.
#[derive(Debug, Clone, Default)]
pub struct OfferModel {
    /// How it stands.
    pub row: OfferRow,
    /// Its definition; `None`: a step states it, or it is not defined any more.
    pub rules: Option<String>,
    /// What was used by day, the latest first: milliseconds, codes, cost.
    pub days: Vec<(i64, u64, Vec<Money>)>,
    /// Whether somebody was looked for whom nobody knows.
    pub nobody: bool,
    /// What came of taking a gift back; `None` within: nothing was given under its id.
    pub back: Option<Option<GiftTold>>,
    /// What became of codes that were just put into its pool: added, there already, no codes.
    pub pooled: Option<(u64, u64, u64)>,
}
