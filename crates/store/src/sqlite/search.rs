//! The search index: words to persons, and names in spite of a slip.
//!
//! A word is looked up as it is and as a beginning. A name is also looked up with one letter
//! wrong, missing, too many or swapped with its neighbour: some hundred words, each a look-up of
//! about a microsecond, which is far less than keeping an index of slips would cost the writer.

use std::collections::{BTreeMap, BTreeSet};

use regulars_engine::identity::{CallingCode, PersonId};
use rusqlite::Connection;

use super::number::{size, sql, word};
use super::persons;
use crate::error::StoreError;
use crate::reader::Found;

/// Rows read for one word. A word that leads to more is checked on the persons found by the others.
const POSTINGS_MAX: usize = 20_000;
/// Persons whose rows are read to check a word that leads to very many.
const CHECKED_MAX: usize = 2_000;
/// Words of what somebody types that are looked at.
const WORDS_MAX: usize = 8;
/// Shorter words are no names to find in spite of a slip: everything resembles them.
const NEAR_MIN: usize = 4;
/// Longer ones are no names.
const NEAR_MAX: usize = 40;
/// Fewer digits are not taken as a number with its signs.
const NUMBER_MIN: usize = 6;

/// Writes the words of a person that differ from those before.
pub(super) fn replace(
    connection: &Connection,
    id: PersonId,
    before: &[String],
    after: &[String],
) -> Result<(), StoreError> {
    let before: BTreeSet<String> = before.iter().map(|term| fold(term)).collect();
    let after: BTreeSet<String> = after.iter().map(|term| fold(term)).collect();
    for term in before.difference(&after) {
        connection
            .prepare_cached("DELETE FROM search_term WHERE term = ?1 AND person = ?2")?
            .execute((term, sql(id.0)))?;
    }
    for term in after.difference(&before) {
        connection
            .prepare_cached("INSERT OR IGNORE INTO search_term (term, person) VALUES (?1, ?2)")?
            .execute((term, sql(id.0)))?;
    }
    Ok(())
}

/// Lower case without accents, as both sides of the index have it.
pub(super) fn fold(text: &str) -> String {
    text.chars().flat_map(char::to_lowercase).map(plain).collect()
}

/// The letter without its accent, for the alphabets of our languages.
fn plain(letter: char) -> char {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => 'a',
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => 'c',
        'ď' | 'đ' => 'd',
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => 'e',
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => 'g',
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => 'i',
        'ł' | 'ĺ' | 'ļ' | 'ľ' => 'l',
        'ñ' | 'ń' | 'ņ' | 'ň' => 'n',
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => 'o',
        'ŕ' | 'ŗ' | 'ř' => 'r',
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => 's',
        'ţ' | 'ť' | 'ț' => 't',
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => 'u',
        'ý' | 'ÿ' => 'y',
        'ź' | 'ż' | 'ž' => 'z',
        'ё' => 'е',
        other => other,
    }
}

/// Whether a word may be a name: letters, perhaps with a hyphen or an apostrophe.
fn name_like(term: &str) -> bool {
    (NEAR_MIN..=NEAR_MAX).contains(&term.chars().count())
        && term.chars().all(|letter| letter.is_alphabetic() || matches!(letter, '-' | '\'' | '’'))
}

/// The letters somebody may have meant: those of the alphabet the word is written in.
fn alphabet(word: &[char]) -> Vec<char> {
    let mut letters: BTreeSet<char> = word.iter().copied().collect();
    if word.iter().any(char::is_ascii_alphabetic) {
        letters.extend(('a'..='z').chain(['-', '\'', 'ß', 'æ']));
    }
    if word.iter().any(|letter| ('а'..='џ').contains(letter)) {
        letters.extend(('а'..='я').chain(['-', 'і', 'ї', 'є', 'ў', 'ґ', 'ј']));
    }
    if word.iter().any(|letter| ('α'..='ώ').contains(letter)) {
        letters.extend('α'..='ω');
    }
    letters.into_iter().collect()
}

/// Every word one slip away.
fn slips(word: &[char]) -> BTreeSet<String> {
    let letters = alphabet(word);
    let mut found = BTreeSet::new();
    for place in 0..=word.len() {
        let (before, after) = word.split_at(place);
        let mut put = |middle: &[char], rest: &[char]| {
            found.insert(before.iter().chain(middle).chain(rest).collect::<String>());
        };
        for letter in &letters {
            put(&[*letter], after);
        }
        let Some((first, rest)) = after.split_first() else { continue };
        put(&[], rest);
        for letter in &letters {
            put(&[*letter], rest);
        }
        if let Some((second, rest)) = rest.split_first() {
            put(&[*second, *first], rest);
        }
    }
    found
}

/// Whether two words differ by at most one letter changed, left out, added or swapped with its
/// neighbour.
fn one_slip(left: &str, right: &str) -> bool {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let start = left.iter().zip(&right).take_while(|(a, b)| a == b).count();
    let (left, right) = (&left[start..], &right[start..]);
    let end = left.iter().rev().zip(right.iter().rev()).take_while(|(a, b)| a == b).count();
    match (&left[..left.len() - end], &right[..right.len() - end]) {
        ([] | [_], [] | [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        (_, _) => false,
    }
}

/// How well a person matches one word; the smallest is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    Whole = 0,
    Beginning = 1,
    Slip = 3,
}

/// One word of what somebody typed, with the persons it leads to.
struct Word {
    forms: Vec<String>,
    persons: BTreeMap<u64, Match>,
    complete: bool,
}

/// Persons found by what somebody types, the best first.
pub(super) fn search(
    connection: &Connection,
    text: &str,
    calling: &[CallingCode],
    limit: usize,
) -> Result<Vec<Found>, StoreError> {
    let mut words: Vec<Word> = typed(text, calling)
        .into_iter()
        .map(|forms| look_up(connection, forms))
        .collect::<Result<_, _>>()?;
    words.sort_by_key(|word| (!word.complete, word.persons.len()));
    let Some((first, others)) = words.split_first() else { return Ok(Vec::new()) };
    let (complete, others): (Vec<&Word>, Vec<&Word>) =
        others.iter().partition(|word| word.complete);
    let mut candidates: Vec<(u32, u64)> = first
        .persons
        .iter()
        .filter_map(|(person, matched)| {
            let more = complete.iter().map(|word| word.persons.get(person).copied());
            let more: Option<u32> = more.map(|found| found.map(|found| found as u32)).sum();
            Some((*matched as u32 + more?, *person))
        })
        .collect();
    candidates.sort_unstable();
    let mut found = Vec::new();
    for (_, person) in candidates.into_iter().take(CHECKED_MAX.max(limit)) {
        if found.len() >= limit {
            break;
        }
        let Some((person, _, record)) = persons::get(connection, PersonId(person))? else {
            continue;
        };
        let terms = || record.search_terms().iter().map(|term| fold(term)).collect::<Vec<_>>();
        if others.is_empty() || others.iter().all(|word| word.matches(&terms())) {
            found.push(Found { person, record });
        }
    }
    Ok(found)
}

/// The words somebody typed, each in the forms in which it may be indexed. Digits with signs
/// between them are one number, perhaps without the code of its country.
fn typed(text: &str, calling: &[CallingCode]) -> Vec<Vec<String>> {
    let text = fold(text.trim());
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let number = digits.len() >= NUMBER_MIN
        && text.chars().all(|c| c.is_ascii_digit() || " +-()./".contains(c));
    if number {
        let mut forms = vec![digits.clone(), format!("+{digits}")];
        if let Some(rest) = digits.strip_prefix("00") {
            forms.push(format!("+{rest}"));
        }
        let abroad = text.strip_prefix('+').map(|_| digits.as_str());
        match abroad.or(digits.strip_prefix("00")) {
            // Whoever wrote it without its country may have done so before anybody said which it is.
            Some(abroad) => {
                let behind = calling.iter().filter_map(|code| code.behind(abroad));
                forms.extend(behind.filter(|rest| rest.len() >= NUMBER_MIN).map(str::to_owned));
            }
            None => forms.extend(calling.iter().flat_map(|code| code.beginnings(&digits))),
        }
        // A card or an order may be written with its signs.
        forms.extend(
            text.split_whitespace().next().filter(|_| !text.contains(' ')).map(str::to_owned),
        );
        forms.sort();
        forms.dedup();
        return vec![forms];
    }
    text.split_whitespace().take(WORDS_MAX).map(|word| vec![word.to_owned()]).collect()
}

fn look_up(connection: &Connection, forms: Vec<String>) -> Result<Word, StoreError> {
    let mut word = Word { forms, persons: BTreeMap::new(), complete: true };
    for form in word.forms.clone() {
        let end = format!("{form}\u{10ffff}");
        word.collect(connection, &form, &form, &end)?;
        if name_like(&form) {
            for term in near_terms(connection, &form)? {
                let end = format!("{term}\0");
                word.collect(connection, &form, &term, &end)?;
            }
        }
    }
    Ok(word)
}

/// Indexed names one slip away.
fn near_terms(connection: &Connection, form: &str) -> Result<Vec<String>, StoreError> {
    let letters: Vec<char> = form.chars().collect();
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM search_term WHERE term = ?1 LIMIT 1")?;
    let mut found = Vec::new();
    for term in slips(&letters) {
        if !term.starts_with(form) && statement.exists([&term])? {
            found.push(term);
        }
    }
    Ok(found)
}

impl Word {
    /// Takes in the persons of the words from `start` to before `end`.
    fn collect(
        &mut self,
        connection: &Connection,
        form: &str,
        start: &str,
        end: &str,
    ) -> Result<(), StoreError> {
        let mut statement = connection.prepare_cached(
            "SELECT term, person FROM search_term WHERE term >= ?1 AND term < ?2
             ORDER BY term, person LIMIT ?3",
        )?;
        let mut rows = statement.query((start, end, size(POSTINGS_MAX)))?;
        let mut read = 0;
        while let Some(row) = rows.next()? {
            let term = row.get_ref(0)?.as_str().map_err(rusqlite::Error::from)?;
            let matched = if term == form {
                Match::Whole
            } else if term.starts_with(form) {
                Match::Beginning
            } else {
                Match::Slip
            };
            let held = self.persons.entry(word(row, 1)?).or_insert(matched);
            *held = (*held).min(matched);
            read += 1;
        }
        self.complete &= read < POSTINGS_MAX;
        Ok(())
    }

    /// Whether one of a person's words matches.
    fn matches(&self, terms: &[String]) -> bool {
        self.forms.iter().any(|form| {
            let slips = name_like(form);
            terms.iter().any(|term| term.starts_with(form) || (slips && one_slip(term, form)))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_slip_is_one_letter() {
        for word in ["maria", "mara", "mariia", "maira", "marja", "aria", "mari"] {
            assert!(one_slip("maria", word), "{word}");
        }
        for word in ["mar", "mraai", "marko", "arias", "mariaaa"] {
            assert!(!one_slip("maria", word), "{word}");
        }
    }

    #[test]
    fn slips_are_all_words_one_slip_away() {
        let word: Vec<char> = "maria".chars().collect();
        let found = slips(&word);
        assert!(found.iter().all(|slip| one_slip(slip, "maria")));
        for slip in ["mara", "mariia", "maira", "marja", "aria", "mari", "mariaz", "amria"] {
            assert!(found.contains(slip), "{slip}");
        }
    }

    #[test]
    fn numbers_are_found_however_they_are_written() {
        assert_eq!(typed("+34 600-11 22 33", &[]), [["+34600112233", "34600112233"]]);
        assert_eq!(typed("0034600112233", &[]).concat().len(), 3);
        let spain: Vec<CallingCode> = CallingCode::parse("34").into_iter().collect();
        assert!(typed("600 11 22", &spain).concat().contains(&"+346001122".to_owned()));
        assert!(typed("+34 600 11 22 33", &spain).concat().contains(&"600112233".to_owned()));
        assert!(!typed("+33 600 11 22 33", &spain).concat().contains(&"600112233".to_owned()));
        assert_eq!(typed(" María  López ", &spain), [["maria"], ["lopez"]]);
    }
}
