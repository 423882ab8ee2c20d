//! Names apart: given names, surname, further names, generation.

use std::borrow::Cow;

use super::field::Field;
use super::record::Record;
use super::text::fold;

/// A name in parts, each folded.
#[derive(Debug, Default)]
pub(super) struct Name<'r> {
    pub(super) given: Cow<'r, str>,
    pub(super) surname: Cow<'r, str>,
    pub(super) further: Vec<String>,
    /// 1 for the elder (Sr, I), 2 for the younger (Jr, II), 3 and up for III and on; 0: not said.
    pub(super) generation: u8,
}

/// Words of a name that name nobody.
pub(super) const TITLES: [&str; 41] = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "lady", "lord", "baron", "baronet",
    "bart", "earl", "duke", "duchess", "count", "countess", "viscount", "marquess", "dame", "rev",
    "hon", "the", "of", "and", "von", "van", "de", "da", "del", "la", "le", "el", "dos", "di",
    "bin", "ibn", "sra", "sig", "herr",
];

impl<'r> Name<'r> {
    pub(super) fn of(record: &'r Record) -> Self {
        let mut name = Self::default();
        if let Some(text) = record.get(Field::Generation) {
            name.generation = fold(text).split(' ').find_map(generation).unwrap_or(0);
        }
        if let Some(text) = record.get(Field::Given) {
            name.given = name.without_generation(fold(text));
        }
        if let Some(text) = record.get(Field::Surname) {
            name.surname = name.without_generation(fold(text));
        }
        if let Some(text) = record.get(Field::Middle) {
            name.further.extend(fold(text).split(' ').map(str::to_owned));
        }
        if let Some(text) = record.get(Field::FullName) {
            name.whole(text);
        }
        name.further.retain(|word| !word.is_empty());
        name.further.truncate(3);
        name
    }

    fn without_generation(&mut self, folded: Cow<'r, str>) -> Cow<'r, str> {
        // A word alone is a name, whatever it says.
        if !folded.contains(' ') {
            return folded;
        }
        let mut kept: Vec<&str> = Vec::new();
        for word in folded.split(' ') {
            match generation(word) {
                Some(found) if !kept.is_empty() => self.generation = found,
                Some(_) | None => kept.push(word),
            }
        }
        Cow::Owned(kept.join(" "))
    }

    /// A whole name: "Jones, Kaylee" is turned round, else the last word is the surname. Where given
    /// name and surname are known already, only what they lack is taken.
    fn whole(&mut self, text: &str) {
        if let Some((surname, given)) = unbroken(text.trim())
            && self.given.is_empty()
            && self.surname.is_empty()
        {
            self.surname = Cow::Owned(fold(surname).into_owned());
            self.given = Cow::Owned(fold(given).into_owned());
            return;
        }
        let turned = match text.split_once(',') {
            Some((surname, given))
                if self.given.is_empty() && generation(&fold(given)).is_none() =>
            {
                Cow::Owned(format!("{given} {surname}"))
            }
            Some(_) | None => Cow::Borrowed(text),
        };
        let folded = fold(&turned);
        let mut words: Vec<&str> = Vec::new();
        for word in folded.split(' ') {
            match generation(word) {
                Some(found) if !words.is_empty() => self.generation = found,
                Some(_) | None if TITLES.contains(&word) || ordinal(word) => {}
                Some(_) | None => words.push(word),
            }
        }
        if self.given.is_empty() && self.surname.is_empty() {
            if let Some(surname) = words.pop() {
                self.surname = Cow::Owned(surname.to_owned());
            }
            if !words.is_empty() {
                self.given = Cow::Owned(words.remove(0).to_owned());
            }
        }
        let known = |word: &&str| {
            self.given.split(' ').chain(self.surname.split(' ')).any(|part| part == *word)
        };
        let more: Vec<String> =
            words.iter().filter(|word| !known(word)).map(|word| (*word).to_owned()).collect();
        self.further.extend(more);
    }
}

/// Chinese, Japanese and Korean names stand in one word, surname first: one sign of it in names of two or
/// three, two in names of four.
fn unbroken(text: &str) -> Option<(&str, &str)> {
    let sign = |c: char| matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}');
    if !text.chars().all(sign) {
        return None;
    }
    let surname = match text.chars().count() {
        2 | 3 => 1,
        4 => 2,
        _ => return None,
    };
    let (at, _) = text.char_indices().nth(surname)?;
    Some(text.split_at(at))
}

fn ordinal(word: &str) -> bool {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    word.len() > digits.len() && !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit())
}

/// Which generation a word says.
fn generation(word: &str) -> Option<u8> {
    match word {
        "sr" | "senior" | "snr" | "i" => Some(1),
        "jr" | "junior" | "jnr" | "ii" | "2nd" => Some(2),
        "iii" | "3rd" => Some(3),
        "iv" | "4th" => Some(4),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(field: Field, text: &str) -> String {
        let record = Record::default().with(field, text);
        let name = Name::of(&record);
        format!("{}|{}|{}|{}", name.given, name.surname, name.further.join(" "), name.generation)
    }

    #[test]
    fn whole_names_come_apart() {
        assert_eq!(parts(Field::FullName, "Jones, Kaylee"), "kaylee|jones||0");
        assert_eq!(parts(Field::FullName, "Dr. Ana Lucia Silva Jr"), "ana|silva|lucia|2");
        for (whole, given, surname) in [
            ("王伟", "伟", "王"),
            ("林静玲", "静玲", "林"),
            ("山田太郎", "太郎", "山田"),
            ("김철수", "철수", "김"),
        ] {
            let apart = Record::default().with(Field::Given, given).with(Field::Surname, surname);
            let apart = Name::of(&apart);
            assert_eq!(
                parts(Field::FullName, whole),
                format!("{}|{}||0", apart.given, apart.surname)
            );
        }
        assert_eq!(parts(Field::Surname, "Dobbins Senior"), "|dobbins||1");
        assert_eq!(parts(Field::Given, "Morris II"), "morris|||2");
    }
}
