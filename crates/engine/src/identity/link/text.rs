//! Text as linking sees it: folded to plain letters, hashed, measured.
//!
//! Folding makes "Müller", "MULLER" and "muller" one value; distances are counted on folded bytes.

use std::borrow::Cow;

/// Folds text to lower-case ASCII letters and digits, words apart by one blank; apostrophes vanish.
pub(super) fn fold(text: &str) -> Cow<'_, str> {
    if is_folded(text) {
        return Cow::Borrowed(text);
    }
    let plain;
    let text = if text.is_ascii() {
        text
    } else {
        plain = deunicode::deunicode(text);
        &plain
    };
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() {
            if gap && !folded.is_empty() {
                folded.push(' ');
            }
            gap = false;
            folded.push(char::from(byte.to_ascii_lowercase()));
        } else if byte != b'\'' && byte != b'`' {
            gap = true;
        }
    }
    Cow::Owned(folded)
}

/// Whether folding would change nothing, as of most words and of all numbers.
fn is_folded(text: &str) -> bool {
    let mut before = b' ';
    for byte in text.bytes() {
        let plain = byte.is_ascii_lowercase() || byte.is_ascii_digit();
        if !plain && (byte != b' ' || before == b' ') {
            return false;
        }
        before = byte;
    }
    before != b' ' || text.is_empty()
}

/// A hash of bytes that is the same on every machine and in every release.
pub(super) fn hash(bytes: &[u8]) -> u64 {
    let mut state = 0x9e37_79b9_7f4a_7c15 ^ bytes.len() as u64;
    let (words, rest) = bytes.as_chunks();
    for word in words {
        state = mix(state, u64::from_le_bytes(*word));
    }
    if !rest.is_empty() {
        state = mix(state, rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte)));
    }
    mix(state, 0x2545_f491_4f6c_dd1d)
}

/// Folds one more word into a hash.
#[inline]
pub(super) fn mix(state: u64, word: u64) -> u64 {
    let mixed = (state ^ word).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    mixed ^ (mixed >> 29)
}

/// The optimal string alignment distance: insertions, deletions, substitutions, and swaps of neighbours. It
/// is counted to 2; whatever is further apart is 3, since nobody asks how far. Texts over 64 bytes are cut.
///
/// What both begin and end with costs nothing and is left out: one step is what is left then, and the first
/// of two is at the beginning of it.
pub(super) fn distance(left: &[u8], right: &[u8]) -> u32 {
    let left = &left[..left.len().min(64)];
    let right = &right[..right.len().min(64)];
    let (left, right) = from_first_difference(left, right);
    let end = left.iter().rev().zip(right.iter().rev()).take_while(|(l, r)| l == r).count();
    let (left, right) = (&left[..left.len() - end], &right[..right.len() - end]);
    if left.is_empty() && right.is_empty() {
        0
    } else if one_step(left, right) {
        1
    } else if two_steps(left, right) {
        2
    } else {
        3
    }
}

fn from_first_difference<'t>(left: &'t [u8], right: &'t [u8]) -> (&'t [u8], &'t [u8]) {
    let begin = left.iter().zip(right).take_while(|(l, r)| l == r).count();
    (&left[begin..], &right[begin..])
}

/// Whether texts that begin with different bytes, and end so, are one step apart.
fn one_step(left: &[u8], right: &[u8]) -> bool {
    match (left, right) {
        ([], rest) | (rest, []) => rest.len() <= 1,
        ([_], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

/// Whether they are at most two steps apart.
fn two_steps(left: &[u8], right: &[u8]) -> bool {
    let ([first, left_rest @ ..], [other, right_rest @ ..]) = (left, right) else {
        return left.len().max(right.len()) <= 2;
    };
    if left.len().abs_diff(right.len()) > 2 {
        return false;
    }
    let one_left = |left: &[u8], right: &[u8]| {
        let (left, right) = from_first_difference(left, right);
        one_step(left, right)
    };
    one_left(left_rest, right_rest)
        || one_left(left_rest, right)
        || one_left(left, right_rest)
        || matches!((left_rest, right_rest), ([second, left @ ..], [another, right @ ..])
            if first == another && second == other && one_left(left, right))
}

/// The similarity of Jaro and Winkler in [0, 1], with a prefix of up to four bytes at 0.1 each.
pub(super) fn similarity(left: &[u8], right: &[u8]) -> f32 {
    let left = &left[..left.len().min(64)];
    let right = &right[..right.len().min(64)];
    if left.is_empty() || right.is_empty() {
        return 0.0;
    }
    let window = (left.len().max(right.len()) / 2).saturating_sub(1);
    let (mut taken, mut common) = (0_u64, [0_u8; 64]);
    let mut count = 0;
    for (at, byte) in left.iter().enumerate() {
        let from = at.saturating_sub(window);
        let to = (at + window + 1).min(right.len());
        if let Some(place) = (from..to).find(|&p| right[p] == *byte && taken & (1 << p) == 0) {
            taken |= 1 << place;
            common[count] = *byte;
            count += 1;
        }
    }
    if count == 0 {
        return 0.0;
    }
    let in_right = right.iter().enumerate().filter(|(p, _)| taken & (1 << p) != 0);
    let crossed = in_right.zip(&common).filter(|((_, right), left)| *right != *left).count();
    let count = count as f32;
    let jaro = (count / left.len() as f32
        + count / right.len() as f32
        + (count - (crossed / 2) as f32) / count)
        / 3.0;
    let prefix = left.iter().zip(right).take(4).take_while(|(l, r)| l == r).count();
    jaro + prefix as f32 * 0.1 * (1.0 - jaro)
}

/// The most that [`similarity`] can be where so many different letters are in one of the texts only, and
/// so many in the other only.
pub(super) fn most_similar(left: &[u8], right: &[u8], only: (u32, u32)) -> f32 {
    let (long, wide) = (left.len().min(64), right.len().min(64));
    let common = long.saturating_sub(only.0 as usize).min(wide.saturating_sub(only.1 as usize));
    let common = common as f32;
    let jaro = (common / long as f32 + common / wide as f32 + 1.0) / 3.0;
    let prefix = left.iter().zip(right).take(4).take_while(|(l, r)| l == r).count();
    jaro + prefix as f32 * 0.1 * (1.0 - jaro)
}

/// How a name sounds: a short code that most misspellings keep. Vowels count only at the start,
/// sounds that are often confused share a letter, doubled letters are one.
pub(super) fn sound(name: &[u8]) -> u32 {
    let mut code = 0_u32;
    let mut length = 0;
    let mut last = 0;
    let mut at = 0;
    while at < name.len() && length < 6 {
        let here = name[at];
        let next = name.get(at + 1).copied().unwrap_or(0);
        let class = if at == 0 { leading(here, next, &mut at) } else { inner(here, next, &mut at) };
        at += 1;
        if class != 0 && class != last {
            code = code * 32 + u32::from(class);
            length += 1;
        }
        if here != b'h' && here != b'w' {
            last = class;
        }
    }
    code
}

fn leading(here: u8, next: u8, at: &mut usize) -> u8 {
    match (here, next) {
        (b'k' | b'g' | b'p', b'n') | (b'w', b'r') => {
            *at += 1;
            if next == b'n' { 5 } else { 6 }
        }
        (b'p', b'h') => {
            *at += 1;
            1
        }
        (b'a' | b'e' | b'i' | b'o' | b'u' | b'y', _) => 8,
        (b'h', _) => 9,
        (b'w', _) => 10,
        (b'j', _) => 11,
        _ => inner(here, next, at),
    }
}

fn inner(here: u8, next: u8, at: &mut usize) -> u8 {
    match (here, next) {
        (b'p', b'h') => {
            *at += 1;
            1
        }
        (b'g', b'h') => {
            *at += 1;
            0
        }
        (b'c', b'e' | b'i' | b'y') => 2,
        (b's' | b'c', b'h') | (b't', b'h') => {
            *at += 1;
            if here == b't' { 3 } else { 2 }
        }
        (b'b' | b'p', _) => 7,
        (b'f' | b'v', _) => 1,
        (b's' | b'z' | b'x', _) => 2,
        (b'c' | b'k' | b'q' | b'g' | b'j', _) => 12,
        (b'd' | b't', _) => 3,
        (b'l', _) => 4,
        (b'm' | b'n', _) => 5,
        (b'r', _) => 6,
        (b'0'..=b'9', _) => 13 + (here - b'0'),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_and_case_do_not_count() {
        assert_eq!(fold("  Müller-O'Neil, "), "muller oneil");
        assert_eq!(fold("Васильев"), "vasilev");
        for folded in ["", "ana", "calle mayor 5"] {
            assert!(is_folded(folded) && fold(folded) == folded, "{folded}");
        }
        for loose in [" ", " ana", "ana ", "calle  mayor", "o'neil", "Ana", "josé"] {
            assert!(!is_folded(loose) && is_folded(&fold(loose)), "{loose}");
        }
    }

    #[test]
    fn a_swap_of_neighbours_is_one_step() {
        assert_eq!(distance(b"townsend", b"towsnend"), 1);
        assert_eq!(distance(b"walnut", b"walnwut"), 1);
        assert_eq!(distance(b"kitten", b"sitting"), 3);
        assert_eq!(distance(b"", b"abc"), 3);
    }

    /// The distance as it is defined, step by step.
    fn by_definition(left: &[u8], right: &[u8]) -> u32 {
        let (Some((a, left_rest)), Some((b, right_rest))) = (left.split_last(), right.split_last())
        else {
            return left.len().max(right.len()) as u32;
        };
        let changed = by_definition(left_rest, right_rest) + u32::from(a != b);
        let shorter = by_definition(left_rest, right).min(by_definition(left, right_rest)) + 1;
        let swapped = match (left, right) {
            ([left @ .., c, a], [right @ .., b, d]) if a == b && c == d => {
                by_definition(left, right) + 1
            }
            _ => u32::MAX,
        };
        changed.min(shorter).min(swapped)
    }

    #[test]
    fn steps_are_counted_as_they_are_defined() {
        let text = |salt: u64| -> Vec<u8> {
            (0..mix(salt, 1) % 7).map(|at| b'a' + (mix(salt, at + 2) % 3) as u8).collect()
        };
        let mut met = [0_u32; 4];
        for number in 0..6_000 {
            let (left, right) = (text(number), text(number + 10_000));
            let steps = by_definition(&left, &right).min(3);
            assert_eq!(distance(&left, &right), steps, "{left:?} {right:?}");
            met[steps as usize] += 1;
        }
        assert!(met.iter().all(|count| *count > 50), "{met:?}");
    }

    #[test]
    fn similarity_agrees_with_the_published_example() {
        assert!((similarity(b"martha", b"marhta") - 0.961).abs() < 0.001);
        assert!((similarity(b"dixon", b"dicksonx") - 0.813).abs() < 0.001);
    }

    #[test]
    fn misspellings_sound_alike() {
        for (one, other) in [("smith", "smyth"), ("garski", "garsky"), ("philip", "filip")] {
            assert_eq!(sound(one.as_bytes()), sound(other.as_bytes()), "{one} {other}");
        }
        assert_ne!(sound(b"smith"), sound(b"jones"));
    }
}
