//! "Did you mean": what is said of a word that is none of those that would have been right.

use crate::nearest::nearest;

/// A cure that names the nearest candidate, else all of them if they are few, else `otherwise`.
pub(super) fn write_instead<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str> + Clone,
    otherwise: &str,
) -> String {
    if let Some(near) = nearest(word, candidates.clone()) {
        return format!("did you mean \"{near}\"?");
    }
    let all: Vec<&str> = candidates.into_iter().take(LISTED_MAX + 1).collect();
    if all.is_empty() || all.len() > LISTED_MAX {
        return otherwise.to_owned();
    }
    format!("write one of: {}", all.join(", "))
}

/// More words than that are no help.
const LISTED_MAX: usize = 20;
