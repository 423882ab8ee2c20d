//! How a name begins, ends and sounds, in one word: with the sketch of its letters it tells most names
//! that are not alike, though they are made of the same letters, without reading them.

use super::compare::{ALIKE, slips_allowed};
use super::lexicon::{PARTED, apart};

/// A text of so many letters, or more, is told by its sketch alone.
const LONG: u32 = 31;
const LETTER_BITS: u32 = 5;
/// Where the first letters stand, how many there are, and where the last letter and the sound do.
const BEGIN: u32 = 5;
const BEGIN_LETTERS: u32 = 3;
const LAST: u32 = BEGIN + BEGIN_LETTERS * LETTER_BITS;
const SOUND: u32 = LAST + LETTER_BITS;

/// The outline of a folded text that sounds like `sound`.
pub(super) fn outline(text: &[u8], sound: u32) -> u32 {
    let letter = |byte: &u8| u32::from(byte & 31);
    let first = text.iter().take(BEGIN_LETTERS as usize).enumerate();
    let begin = first.fold(0, |all, (at, byte)| all | letter(byte) << (at as u32 * LETTER_BITS));
    let length = u32::try_from(text.len()).unwrap_or(LONG).min(LONG);
    let last = text.last().map_or(0, letter);
    // The upper bits of a product depend on all bits of its factor.
    let heard = sound.wrapping_mul(0x9e37_79b1) >> SOUND;
    length | begin << BEGIN | last << LAST | heard << SOUND
}

/// Whether a text may be an initial, or nothing.
pub(super) fn may_be_initial(outline: u32) -> bool {
    outline & LONG < 2
}

/// So similar two texts must be before what they begin with is counted, so that they are alike after it:
/// what the shares of letters in common then add up to, in parts of 1,024, rounded down. By how many
/// letters they begin with in common.
const SHARES_LEAST: [u32; 5] = {
    let mut least = [0; 5];
    let mut begin = 0;
    while begin < least.len() {
        let prefix = 0.1 * begin as f32;
        let jaro = (ALIKE - prefix) / (1.0 - prefix);
        least[begin] = ((3.0 * jaro - 1.0) * 1024.0) as u32 - 1;
        begin += 1;
    }
    least
};

/// Whether texts with these sketches and outlines may be alike in any way; if not, they are certainly not.
#[inline]
pub(super) fn may_be_alike(sketches: (u32, u32), outlines: (u32, u32)) -> bool {
    let differ = outlines.0 ^ outlines.1;
    let (left, right) = (outlines.0 & LONG, outlines.1 & LONG);
    let (shorter, longer) = (left.min(right), left.max(right));
    let parted = (sketches.0 | sketches.1) & PARTED != 0;
    if parted || differ >> SOUND == 0 || shorter < 2 || longer == LONG {
        return true;
    }
    let only = apart(sketches.0, sketches.1);
    if longer - shorter <= 2 && only.0.max(only.1) <= slips_allowed(shorter as usize) {
        return true;
    }
    // Three letters in common may be four.
    let begin = match differ >> BEGIN & ((1 << (BEGIN_LETTERS * LETTER_BITS)) - 1) {
        0 => BEGIN_LETTERS + 1,
        letters => letters.trailing_zeros() / LETTER_BITS,
    };
    let same_last = differ >> LAST & 31 == 0;
    let only_shorter = if left < right { only.0 } else { only.1 };
    if shorter < longer && only_shorter == 0 && (begin > BEGIN_LETTERS || same_last) {
        return true;
    }
    let common = left.saturating_sub(only.0).min(right.saturating_sub(only.1));
    common * (left + right) * 1024 >= left * right * SHARES_LEAST[begin as usize]
}

#[cfg(test)]
mod tests {
    use super::super::compare::{Likeness, likeness};
    use super::super::lexicon::{Family, Lexicon, Text};
    use super::super::text::mix;
    use super::*;

    /// A name of few letters, so that many are alike, and every third another with a slip.
    fn name(number: u64) -> String {
        let pick = |salt: u64, of: u64| mix(number / 3, salt) % of;
        let mut name: String = (0..1 + pick(1, 9))
            .map(|at| char::from(b"abeglnorst"[pick(at + 10, 10) as usize]))
            .collect();
        if !number.is_multiple_of(3) {
            let at = (mix(number, 2) % name.len() as u64) as usize;
            match mix(number, 3) % 4 {
                0 => name.insert(at, 'n'),
                1 if name.len() > 1 => drop(name.remove(at)),
                2 => name.truncate(at + 1),
                _ => name.push('o'),
            }
        }
        name
    }

    /// Whoever is told apart by outlines is told apart by a look at the names themselves.
    #[test]
    fn outlines_tell_apart_nobody_who_is_alike() {
        let mut lexicon = Lexicon::default();
        let mut numbers = Vec::new();
        for number in 0..1_200 {
            let family = if number % 2 == 0 { Family::Given } else { Family::Surname };
            let text = Text::of(family, name(number).into()).expect("no name is empty");
            numbers.push(lexicon.number(&text));
        }
        let seen = |id| {
            let value = lexicon.value(id);
            (value.sketch, outline(lexicon.text(id), value.sound))
        };
        let (mut apart, mut alike) = (0, 0);
        for one in &numbers {
            for other in numbers.iter().filter(|other| *other != one) {
                let (left, right) = (seen(*one), seen(*other));
                let may = may_be_alike((left.0, right.0), (left.1, right.1));
                let texts = [lexicon.text(*one), lexicon.text(*other)].map(String::from_utf8_lossy);
                let none = matches!(likeness(*one, *other, &lexicon), Likeness::None);
                assert!(may || none, "{texts:?}");
                assert_eq!(may, may_be_alike((right.0, left.0), (right.1, left.1)), "{texts:?}");
                apart += u32::from(!may);
                alike += u32::from(!none);
            }
        }
        assert!(apart > 500_000 && alike > 10_000, "{apart} apart, {alike} alike");
    }
}
