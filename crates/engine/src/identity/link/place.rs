//! Addresses apart: number, street, unit, city, postcode, state.

use std::borrow::Cow;

use super::field::Field;
use super::record::Record;
use super::text::fold;

/// An address in parts, each folded.
#[derive(Debug, Default)]
pub(super) struct Place<'r> {
    pub(super) number: Cow<'r, str>,
    pub(super) street: String,
    pub(super) unit: String,
    pub(super) city: Cow<'r, str>,
    pub(super) postcode: Cow<'r, str>,
    pub(super) state: Cow<'r, str>,
}

const UNITS: [&str; 11] =
    ["apt", "apartment", "unit", "suite", "ste", "flat", "appt", "room", "rm", "piso", "kv"];

/// "Apt. 4b" and "# 4B" are the flat "4b".
fn unit(text: &str) -> String {
    let folded = fold(text);
    let words = folded.split(' ').filter(|word| !UNITS.contains(word) && *word != "no");
    words.collect()
}

/// The text in one word.
fn without_blanks(text: Cow<'_, str>) -> Cow<'_, str> {
    if text.contains(' ') { Cow::Owned(text.replace(' ', "")) } else { text }
}

impl<'r> Place<'r> {
    pub(super) fn of(record: &'r Record) -> Self {
        let field = |field| record.get(field).map(fold).unwrap_or_default();
        let mut place = Self {
            number: field(Field::StreetNumber),
            city: field(Field::City),
            postcode: without_blanks(field(Field::Postcode)),
            state: field(Field::State),
            unit: record.get(Field::Unit).map(unit).unwrap_or_default(),
            ..Self::default()
        };
        if let Some(text) = record.get(Field::Street) {
            place.street = street_words(fold(text).split(' '));
        }
        if let Some(text) = record.get(Field::Address) {
            place.line(text);
        }
        place
    }

    /// One line: the part with the house number is the street, the rest names the place.
    fn line(&mut self, text: &str) {
        let parts: Vec<&str> = text.split([',', ';']).collect();
        let numbered = |part: &&str| {
            let mut words = part.split_whitespace();
            let first = words.next().unwrap_or_default();
            first.bytes().any(|b| b.is_ascii_digit()) && words.next().is_some()
        };
        // "Calle Mayor, 5": the number stands in a part of its own, behind the street.
        let digit = |b: u8| b.is_ascii_digit();
        let bare = |part: &str| {
            let part = part.trim();
            part.bytes().next().is_some_and(digit) && !part.contains(' ') && !is_postcode(part)
        };
        let behind = |at: usize| at > 0 && bare(parts[at]) && !parts[at - 1].bytes().any(digit);
        let street_at = (0..parts.len())
            .find(|at| numbered(&parts[*at]) || behind(*at))
            .or_else(|| parts.iter().position(|part| part.bytes().any(|b| b.is_ascii_digit())))
            .unwrap_or(0);
        let named = street_at.checked_sub(1).filter(|_| behind(street_at));
        for (at, part) in parts.iter().enumerate() {
            let mut folded = fold(part).into_owned();
            if at == street_at {
                if let Some(named) = named {
                    folded = format!("{} {folded}", fold(parts[named]));
                }
                self.street_part(&folded);
            } else if at > street_at {
                self.rest(&folded);
            }
        }
    }

    fn street_part(&mut self, folded: &str) {
        let mut kept: Vec<&str> = Vec::new();
        let mut words = folded.split(' ').peekable();
        while let Some(word) = words.next() {
            if UNITS.contains(&word) && words.peek().is_some() {
                self.unit = words.next().unwrap_or_default().to_owned();
            } else if self.number.is_empty()
                && word.bytes().next().is_some_and(|b| b.is_ascii_digit())
            {
                self.number = Cow::Owned(word.to_owned());
            } else {
                kept.push(word);
            }
        }
        // A postcode at the end belongs to the place, with the state before it.
        if kept.len() > 2 && self.postcode.is_empty() && kept.last().is_some_and(|w| is_postcode(w))
        {
            self.postcode = Cow::Owned(kept.pop().unwrap_or_default().to_owned());
            if self.state.is_empty() && kept.last().is_some_and(|w| w.len() == 2) {
                self.state = Cow::Owned(kept.pop().unwrap_or_default().to_owned());
            }
        }
        self.street = street_words(kept.into_iter());
    }

    fn rest(&mut self, folded: &str) {
        let mut city: Vec<&str> = Vec::new();
        for word in folded.split(' ') {
            if is_postcode(word) && self.postcode.is_empty() {
                self.postcode = Cow::Owned(word.to_owned());
            } else if word.len() == 2 && self.state.is_empty() {
                self.state = Cow::Owned(word.to_owned());
            } else if !is_postcode(word) && *word != *self.state {
                city.push(word);
            }
        }
        if self.city.is_empty() {
            self.city = Cow::Owned(city.join(" "));
        }
    }
}

fn is_postcode(word: &str) -> bool {
    (4..=9).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_digit())
}

/// The words of a street, usual ones shortened.
fn street_words<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut street = String::new();
    for word in words {
        if !street.is_empty() {
            street.push(' ');
        }
        street.push_str(short(word));
    }
    street
}

/// A word of a street, shortened where it is a usual one.
fn short(word: &str) -> &str {
    match word {
        "street" | "str" | "strasse" | "saint" => "st",
        "avenue" | "av" | "avenida" => "ave",
        "road" => "rd",
        "drive" => "dr",
        "lane" => "ln",
        "court" => "ct",
        "place" => "pl",
        "boulevard" => "blvd",
        "circle" => "cir",
        "circuit" => "cct",
        "crescent" => "cres",
        "terrace" | "tce" => "ter",
        "parkway" => "pkwy",
        "highway" => "hwy",
        "square" => "sq",
        "trail" => "trl",
        "close" => "cl",
        "gardens" => "gdns",
        "grove" => "gr",
        "way" => "wy",
        "parade" => "pde",
        "expressway" => "expy",
        "freeway" => "fwy",
        "heights" => "hts",
        "mount" => "mt",
        "calle" => "c",
        "ulitsa" => "ul",
        "north" => "n",
        "south" => "s",
        "east" => "e",
        "west" => "w",
        "northeast" => "ne",
        "northwest" => "nw",
        "southeast" => "se",
        "southwest" => "sw",
        "building" | "bldg" => "bld",
        "point" => "pt",
        _ => word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> String {
        let record = Record::default().with(Field::Address, text);
        let place = Place::of(&record);
        let Place { number, street, unit, city, state, postcode } = place;
        [&*number, &street, &unit, &city, &state, &postcode].join("|")
    }

    #[test]
    fn lines_come_apart() {
        assert_eq!(parts("159 Golden Drive"), "159|golden dr||||");
        assert_eq!(parts("123 Main Street, Las Vegas NV 89132"), "123|main st||las vegas|nv|89132");
        assert_eq!(parts("Suite 900, 1450 N City Rd"), "1450|n city rd||||");
        assert_eq!(parts("Calle Mayor, 5"), "5|c mayor||||");
        assert_eq!(parts("Calle Mayor, 5, 28013 Madrid"), "5|c mayor||madrid||28013");
        assert_eq!(parts("7 Oak Road Apt 4"), "7|oak rd|4|||");
    }
}
