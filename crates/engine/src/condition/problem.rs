//! What is wrong with a condition: the place, what is wrong there, and what would cure it.

use std::ops::Range;

/// A mistake in the text of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where, in bytes of the text; empty at the end of the text where something is missing.
    pub at: Range<usize>,
    /// What is wrong.
    pub message: String,
    /// What would cure it.
    pub cure: String,
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}; {}", self.message, self.cure)
    }
}

/// Words in a row for a message: `"a", "b" or "c"`.
pub(super) fn listed(words: &[&str]) -> String {
    let quoted: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
    match quoted.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, before)) => format!("{} or {last}", before.join(", ")),
    }
}
