//! "Did you mean": the nearest of the words that would have been right.

/// The candidate nearest to `word`, if it is near enough to be what was meant: at most one slip
/// in three letters, in any case.
pub(super) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word: Vec<char> = word.trim().to_lowercase().chars().take(LENGTH_MAX).collect();
    let slips_max = (word.len() / 3).max(1);
    candidates
        .into_iter()
        .map(|candidate| {
            let letters: Vec<char> = candidate.to_lowercase().chars().take(LENGTH_MAX).collect();
            (slips(&word, &letters), candidate)
        })
        .filter(|(slips, _)| *slips <= slips_max)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Longer words are compared by their beginning: the work grows with the square.
const LENGTH_MAX: usize = 64;

/// The fewest letters to put in, take out, exchange, or swap with their neighbour (optimal string
/// alignment distance).
fn slips(left: &[char], right: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, l) in left.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, r) in right.iter().enumerate() {
            let mut best = (row[j] + usize::from(l != r)).min(row[j + 1] + 1).min(next[j] + 1);
            if i > 0 && j > 0 && *l == right[j - 1] && left[i - 1] == *r {
                best = best.min(before[j - 1] + 1);
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row[right.len()]
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_in_three_letters_is_forgiven() {
        let keys = ["priority", "purpose", "exit", "steps"];
        assert_eq!(nearest("prority", keys), Some("priority"));
        assert_eq!(nearest("Purpsoe", keys), Some("purpose"));
        assert_eq!(nearest("exti", keys), Some("exit"));
        assert_eq!(nearest("colour", keys), None);
    }

    #[test]
    fn a_swap_of_neighbours_is_one_slip() {
        assert_eq!(slips(&['a', 'b', 'c'], &['a', 'c', 'b']), 1);
        assert_eq!(slips(&[], &['a']), 1);
    }
}
