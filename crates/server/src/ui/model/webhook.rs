//! Whom journeys may tell, and what became of it.

/// A destination as the page shows it.
#[derive(Debug, Clone)]
pub struct DestinationRow {
    /// Its name.
    pub name: String,
    /// The machine it is on.
    pub host: String,
    /// When it was set, and by whom.
    pub set: (i64, String),
    /// Until when the secret before this one signs too.
    pub both_until: Option<i64>,
    /// Since when it is told nothing, and who said so; `None` inside: it answered so itself.
    pub paused: Option<(i64, Option<String>)>,
    /// How many calls wait, were taken, given up and withdrawn.
    pub calls: [u64; 4],
    /// What a test call came to: whether it was taken, what was answered, and in how many ms.
    pub tested: Option<(bool, String, u64)>,
}

/// One call.
#[derive(Debug, Clone)]
pub struct CallRow {
    /// Its number.
    pub id: u64,
    /// About whom: id and name.
    pub person: (String, String),
    /// The journey and the step.
    pub step: (String, String),
    /// Whom it tells.
    pub destination: String,
    /// The word of its state.
    pub state: &'static str,
    /// When the person came to the step.
    pub at: i64,
    /// When it is tried next.
    pub next_at: Option<i64>,
    /// How often it was tried.
    pub attempts: u32,
    /// What was answered last.
    pub answer: String,
}

/// What the page of webhooks shows.
#[derive(Debug, Clone, Default)]
pub struct WebhooksModel {
    /// Destinations by name.
    pub destinations: Vec<DestinationRow>,
    /// Steps that tell a name nobody knows: journey, step, name, and how much waits.
    pub unknown: Vec<(String, String, String, u64)>,
    /// Calls, the latest first.
    pub calls: Vec<CallRow>,
    /// The question that the list answers, part by part: the path without its state.
    pub asked: String,
    /// The state that is chosen.
    pub state: Option<String>,
    /// From which number on older ones follow, if some do.
    pub older: Option<u64>,
    /// A destination whose secret was just made, with it: shown once.
    pub secret: Option<(String, String)>,
    /// What was wrong with a form, with the name and the URL that were written.
    pub wrong: Option<(String, String, String)>,
    /// How many calls are being made again, where somebody asked for it.
    pub again: Option<u64>,
}
