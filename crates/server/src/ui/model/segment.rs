//! Segments: the list, one of them, and what is shown while a condition is written.

use super::{Channel, Reason};

/// All segments.
#[derive(Debug, Clone, Default)]
pub struct SegmentsModel {
    /// By name.
    pub segments: Vec<SegmentRow>,
    /// How many persons there are.
    pub people: u64,
    /// Static lists: name, when it was changed, by whom.
    pub lists: Vec<(String, i64, String)>,
    /// What the last upload came to.
    pub uploaded: Option<UploadReport>,
    /// What keeps an upload from being taken in, in words.
    pub upload_problem: Option<String>,
}

/// What an upload came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UploadReport {
    /// The list.
    pub list: String,
    /// Whether nothing was changed, since it was only asked what would become of the rows.
    pub dry_run: bool,
    /// Rows by what became of them: known, of these unchanged, new, left out since nobody is known,
    /// left out since erased, repeated, not understood.
    pub rows: [u64; 7],
    /// The numbers of the first rows that could not be read.
    pub unreadable: Vec<u64>,
}

/// One segment in the list.
#[derive(Debug, Clone, Default)]
pub struct SegmentRow {
    /// Its name.
    pub name: String,
    /// Its condition as it is printed.
    pub condition: String,
    /// How many are in it.
    pub members: u64,
    /// Sizes over time: milliseconds and members, ascending.
    pub sizes: Vec<(i64, u64)>,
    /// How far it is computed, done and of how many; `None`: for everybody.
    pub computing: Option<(u64, u64)>,
}

/// One segment, or a new one that is being written.
#[derive(Debug, Clone, Default)]
pub struct SegmentModel {
    /// What is known of it; `None`: it is new.
    pub row: Option<SegmentRow>,
    /// The name in the form.
    pub name: String,
    /// The condition in the form.
    pub when: String,
    /// The hash of what is in force as the form knows it; empty for a new one.
    pub was: String,
    /// Whether it is managed by files: then the page gives a patch to take home.
    pub by_files: bool,
    /// Some members: id and name.
    pub people: Vec<(String, Option<String>)>,
    /// How many messages reach, by channel: there is an address, and promotion may go there; `None`:
    /// that is still being computed.
    pub reach: Option<Vec<(Channel, u64, u64)>>,
    /// What it shares with others: name, both, members of the other.
    pub overlaps: Vec<(String, u64, u64)>,
    /// What keeps it from being saved.
    pub problem: Option<SegmentProblem>,
    /// The change to take home, as lines.
    pub patch: Option<String>,
}

/// What keeps a segment from being saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SegmentProblem {
    /// Mistakes, as the check of definitions tells them.
    Mistakes(Vec<String>),
    /// Somebody else changed it meanwhile.
    Stale,
}

/// A mistake in a condition, cut at its place.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConditionMistake {
    /// What stands before it.
    pub before: String,
    /// What is wrong; may be empty at the end.
    pub at: String,
    /// What stands behind it.
    pub behind: String,
    /// What is wrong with it.
    pub message: String,
    /// What cures it.
    pub cure: String,
}

/// What a condition would hold.
#[derive(Debug, Clone, Default)]
pub struct PreviewModel {
    /// Everything that is wrong with it; then the rest is empty.
    pub mistakes: Vec<ConditionMistake>,
    /// Names in it that may be slips.
    pub notices: Vec<ConditionMistake>,
    /// As it is printed.
    pub condition: String,
    /// How many, at least, at most.
    pub members: (u64, u64, u64),
    /// How many persons there are.
    pub people: u64,
    /// Whether the number is exact.
    pub exact: bool,
    /// By channel: reachable, and with a yes to promotion; empty: the page tells it already.
    pub reach: Vec<(Channel, u64, u64)>,
    /// Some of them: id and name.
    pub some: Vec<(String, Option<String>)>,
}

/// How far an exact count is.
#[derive(Debug, Clone, Default)]
pub struct CountModel {
    /// The condition.
    pub when: String,
    /// Where it goes on; `None`: it is through.
    pub next: Option<String>,
    /// Persons seen.
    pub seen: u64,
    /// Of how many.
    pub people: u64,
    /// How many so far.
    pub members: u64,
}

/// Why somebody is in a segment or not.
#[derive(Debug, Clone, Default)]
pub struct MemberWhy {
    /// The person's id.
    pub id: String,
    /// The name, if known.
    pub name: Option<String>,
    /// Whether the person is in it.
    pub member: bool,
    /// Since when.
    pub since: Option<i64>,
    /// What makes it so.
    pub because: Vec<regulars_engine::reason::Fact>,
    /// Why it is not certain; empty where it is.
    pub unknown: Vec<Reason>,
    /// When time alone can change it.
    pub next: Option<i64>,
}
