//! What would become of the people of older versions, moved to the one in force.

/// The page on which people are moved.
#[derive(Debug, Clone, Default)]
pub struct MovingModel {
    /// The journey's name.
    pub journey: String,
    /// The version in force, as it is shown.
    pub version: String,
    /// What happens to people whose step is gone: `stay`, `leave`, or a step.
    pub gone: String,
    /// The steps of the version in force to which they may come.
    pub steps: Vec<String>,
    /// How many people are in older versions.
    pub people: u64,
    /// What becomes of whom.
    pub rows: Vec<MovingRow>,
}

/// The people at one step of an older version.
#[derive(Debug, Clone)]
pub struct MovingRow {
    /// The version, as it is shown.
    pub version: String,
    /// Their step.
    pub step: String,
    /// How many are there.
    pub people: u64,
    /// Where they come to; `None`: their step is gone.
    pub to: Option<String>,
}
