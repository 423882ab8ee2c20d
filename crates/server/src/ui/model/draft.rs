//! What is told of every draft, whatever is written in it.

/// A draft beside the version in force.
#[derive(Debug, Clone)]
pub struct DraftModel {
    /// Where it is written.
    pub at: String,
    /// The revision that the page shows; 0: nothing has been drafted.
    pub revision: u64,
    /// When the draft was changed last.
    pub drafted_at: Option<i64>,
    /// Whether an edit can be undone, and done again.
    pub turns: (bool, bool),
    /// Whether a version of it is in force.
    pub in_force: bool,
    /// Whether files manage it.
    pub by_files: bool,
    /// What becomes otherwise: `+`, `-` or a blank, and the line.
    pub changes: Vec<(char, String)>,
    /// The definition as a file has it.
    pub text: String,
    /// The version in force, if it is another than the draft began from.
    pub overtaken: Option<Overtaken>,
    /// Why the last edit was not made, in sentences.
    pub problems: Vec<EditorProblem>,
    /// Texts that came too late.
    pub aside: Vec<OtherText>,
    /// Drafts of the same by others.
    pub others: Vec<OtherText>,
}

/// What was published since the draft began.
#[derive(Debug, Clone)]
pub struct Overtaken {
    /// The version in force; empty: it was taken away.
    pub version: String,
    /// What it has otherwise than the version that the draft began from, or where that is not kept, than
    /// the draft.
    pub changes: Vec<(char, String)>,
}

/// A text beside the draft.
#[derive(Debug, Clone)]
pub struct OtherText {
    /// Its revision, or whose it is.
    pub id: String,
    /// When it was changed last.
    pub at: i64,
    /// What it has otherwise than the draft.
    pub changes: Vec<(char, String)>,
}

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EditorProblem {
    /// The draft had been changed elsewhere: the edit is kept aside.
    Late,
    /// The draft had been changed elsewhere: nothing was done.
    Changed,
    /// What the edit is about is not there, or cannot be so.
    Impossible(String),
    /// Publishing found mistakes; this is one of them.
    Mistake(String),
    /// Another version is in force than the draft began from.
    Overtaken,
}
