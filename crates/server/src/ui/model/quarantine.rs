//! Rows that were accepted but not understood.

use super::Reason;

/// The list of quarantined rows.
#[derive(Debug, Clone, Default)]
pub struct QuarantineModel {
    /// The rows of this page, newest first.
    pub rows: Vec<QuarantineRow>,
    /// Rows by source and reason, for the filter.
    pub filters: Vec<QuarantineFilter>,
    /// The page's place.
    pub page: Page,
}

/// Where a page stands among its rows.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// Rows in all, under the filter chosen.
    pub total: u64,
    /// The cursor of the next, older page.
    pub older: Option<String>,
    /// True when this is not the newest page.
    pub paged: bool,
}

/// One choice of the filter: a source and a reason.
#[derive(Debug, Clone)]
pub struct QuarantineFilter {
    /// The source's id.
    pub source_id: String,
    /// The source's name.
    pub source: String,
    /// The code of the reason.
    pub code: String,
    /// Rows that wait.
    pub count: u64,
    /// True when this is the choice.
    pub selected: bool,
}

/// The raw bytes as text, as far as they may be seen.
#[derive(Debug, Clone)]
pub enum Excerpt {
    /// With personal data masked; see `ui::mask`.
    Masked(String),
    /// As received, after someone asked to see it.
    Shown(String),
}

worded! {
    /// What became of a row.
    QuarantineState, "quarantine-state" {
        /// It waits for a repair or a replay.
        Waiting => "waiting", "warn";
        /// Accepted after all.
        Replayed => "replayed", "good";
        /// Put aside for good by a person.
        Dismissed => "dismissed", "minus";
    }
}

/// A form to repair a row.
#[derive(Debug, Clone)]
pub struct Repair {
    /// The JSON to edit: as received, or as typed last time.
    pub json: String,
    /// Why the last try was refused, in words.
    pub problem: Option<String>,
}

/// One quarantined row.
#[derive(Debug, Clone)]
pub struct QuarantineRow {
    /// The row's id.
    pub id: String,
    /// The source's id and name.
    pub source: (String, String),
    /// The feed's name.
    pub feed: Option<String>,
    /// When it arrived.
    pub received_at: i64,
    /// Why it was not understood; the text is the key `quarantine-<code>`.
    pub reason: Reason,
    /// What became of it.
    pub state: QuarantineState,
    /// Its bytes, as far as they may be seen.
    pub excerpt: Excerpt,
    /// The form, once someone asked to repair it.
    pub repair: Option<Repair>,
}
