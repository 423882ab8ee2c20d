//! The word that was meant: the nearest of those that would have been right.

/// Longer words are compared by their beginning: the work grows with the square.
const COMPARED_MAX: usize = 64;

/// The candidate nearest to `word`, if at most one letter in three is wrong, in any case.
pub(crate) fn nearest<'a>(
    word: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<&'a str> {
    let word: Vec<char> = word.trim().to_lowercase().chars().take(COMPARED_MAX).collect();
    let slips_max = (word.len() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate.to_lowercase().chars().take(COMPARED_MAX).collect();
        // A word that was left off half-way is one slip.
        let begun = word.len() > 1 && letters.starts_with(&word);
        let slips = if begun { 1 } else { slips(&word, &letters) };
        if slips <= slips_max
            && slips < letters.len()
            && best.is_none_or(|(least, _)| slips < least)
        {
            best = Some((slips, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// The fewest letters to put in, take out, exchange, or swap with a neighbour.
fn slips(left: &[char], right: &[char]) -> usize {
    let width = right.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut row: Vec<usize> = (0..width).collect();
    for (i, a) in left.iter().enumerate() {
        let mut next = vec![i + 1; width];
        for (j, b) in right.iter().enumerate() {
            next[j + 1] = (row[j + 1] + 1).min(next[j] + 1).min(row[j] + usize::from(a != b));
            if i > 0 && j > 0 && *a == right[j - 1] && left[i - 1] == *b {
                next[j + 1] = next[j + 1].min(before[j - 1] + 1);
            }
        }
        before = row;
        row = next;
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_hand_is_recognised_and_another_word_is_not() {
        assert_eq!(nearest("bougth", ["bought", "kept"]), Some("bought"));
        assert_eq!(nearest("OPNE", ["open", "empty"]), Some("open"));
        assert_eq!(nearest("zebra", ["open", "empty"]), None);
        assert_eq!(nearest("Purpsoe", ["priority", "purpose", "steps"]), Some("purpose"));
    }

    #[test]
    fn a_swap_of_neighbours_is_one_slip() {
        assert_eq!(slips(&['a', 'b', 'c'], &['a', 'c', 'b']), 1);
        assert_eq!(slips(&[], &['a']), 1);
    }
}
