//! Dates of birth in the many ways people write them.

use super::text::fold;

/// A date of birth, perhaps only its year.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct BirthDate(pub(super) u32); // Invariant: year << 9 | month << 5 | day; 0: none.

/// Two-digit years up to this one belong to this century.
const CENTURY_TURN: u32 = 25;

impl BirthDate {
    pub(super) fn new(year: u32, month: u32, day: u32) -> Self {
        Self(year << 9 | month << 5 | day)
    }

    #[inline]
    pub(super) fn year(self) -> u32 {
        self.0 >> 9
    }

    #[inline]
    pub(super) fn month(self) -> u32 {
        self.0 >> 5 & 15
    }

    #[inline]
    pub(super) fn day(self) -> u32 {
        self.0 & 31
    }

    pub(super) fn digits(self) -> [u8; 8] {
        let mut digits = [0; 8];
        let mut rest = self.year() * 10_000 + self.month() * 100 + self.day();
        for place in digits.iter_mut().rev() {
            *place = b'0' + u8::try_from(rest % 10).expect("a digit");
            rest /= 10;
        }
        digits
    }

    /// Reads "1978-12-11", "19781211", "12/11/1978", "3/1/70", "Mar 1 1970", "24-May-11", "1978".
    ///
    /// Where day and month can be told apart by neither form nor size, the month is taken to come
    /// first; a date that was written the other way then differs by a swap, which is a level.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(date) = plain(text.as_bytes()) {
            return Some(date);
        }
        let folded = fold(text);
        let mut numbers: Vec<(u32, usize)> = Vec::new();
        let mut named = None;
        for word in folded.split(' ') {
            if let Some(month) = month_named(word) {
                named = Some((month, numbers.len()));
            } else {
                // "1st", "1970nian", "3yue": a number and letters that say what it is.
                let number = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
                match number.len() {
                    0 => {}
                    length @ 1..=8 => numbers.push((number.parse().ok()?, length)),
                    _ => {}
                }
            }
        }
        match (named, numbers.as_slice()) {
            (Some((month, _)), [(day, dl), (year, yl), ..]) if *dl <= 2 => {
                whole(*year, *yl, month, *day)
            }
            (Some((month, _)), [(year, yl), (day, _), ..]) => whole(*year, *yl, month, *day),
            (None, [(all, 8), ..]) => eight(*all),
            (None, [(year, 4)]) => whole(*year, 4, 0, 0),
            (None, [(days, 5)]) => of_a_spreadsheet(*days),
            (None, [(year, 4), (month, _), (day, _), ..]) => either(*year, 4, *month, *day),
            (None, [(first, _), (second, _), (year, yl), ..]) => {
                either(*year, *yl, *first, *second)
            }
            _ => None,
        }
    }
}

/// The usual form, read without allocating: "1978-12-11" or "19781211".
fn plain(text: &[u8]) -> Option<BirthDate> {
    let digits: [u8; 8] = match text {
        [y1, y2, y3, y4, b'-' | b'/' | b'.', m1, m2, b'-' | b'/' | b'.', d1, d2, rest @ ..]
            if rest.first().is_none_or(|b| matches!(b, b'T' | b' ')) =>
        {
            [*y1, *y2, *y3, *y4, *m1, *m2, *d1, *d2]
        }
        _ => text.try_into().ok()?,
    };
    let mut number = 0;
    for digit in digits {
        number = number * 10 + char::from(digit).to_digit(10)?;
    }
    eight(number)
}

/// Spreadsheets count days from 1899-12-30 on, and write the bare number where a cell has no format.
fn of_a_spreadsheet(days: u32) -> Option<BirthDate> {
    let date = jiff::civil::date(1899, 12, 30).checked_add(jiff::Span::new().days(days)).ok()?;
    let number = |part: i8| u32::try_from(part).ok();
    let year = u32::try_from(date.year()).ok().filter(|year| *year < 2100)?;
    Some(BirthDate::new(year, number(date.month())?, number(date.day())?))
}

/// Eight digits are year, month, day; only where that is no date and the year comes last is it so.
fn eight(number: u32) -> Option<BirthDate> {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    let (first, second, last) = (number / 1_000_000, number / 10_000 % 100, number % 10_000);
    let is_date = |year, month, day| {
        (1800..2200).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
    };
    if is_date(year, month, day) || !is_date(last, first.min(second), first.max(second)) {
        whole(year, 4, month, day)
    } else {
        either(last, 4, first, second)
    }
}

fn either(year: u32, length: usize, month: u32, day: u32) -> Option<BirthDate> {
    if month > 12 && day <= 12 {
        whole(year, length, day, month)
    } else {
        whole(year, length, month, day)
    }
}

/// Typing errors are kept where they fit the digits ("1856-86-18"), since they still compare well.
fn whole(year: u32, length: usize, month: u32, day: u32) -> Option<BirthDate> {
    let year = match (length, year) {
        (..=2, year) if year <= CENTURY_TURN => year + 2000,
        (..=2, year) => year + 1900,
        (_, year) => year,
    };
    let (month, day) =
        if month > 12 && (1..=12).contains(&day) { (day, month) } else { (month, day) };
    let sane = (1..=9999).contains(&year);
    sane.then(|| BirthDate::new(year, month.min(15), day.min(31)))
}

/// Months by how their names begin: English, and what German, Spanish, French, Italian, Portuguese and
/// Russian write otherwise. Chinese and Japanese write numbers ("3yue").
const MONTHS: [&str; 12] = [
    "jan ene gen ianv yanv",
    "feb fev",
    "mar mae mrz",
    "apr abr avr",
    "may mai mag",
    "jun juin giu iiun",
    "jul juil lug iiul",
    "aug ago aou avg",
    "sep set sen",
    "oct okt out ott",
    "nov noi",
    "dec dez dic dek",
];

fn month_named(word: &str) -> Option<u32> {
    let begins = |names: &&str| names.split(' ').any(|name| word.starts_with(name));
    let at = MONTHS.iter().position(begins)?;
    u32::try_from(at + 1).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_many_forms() {
        let read = |text| BirthDate::parse(text).map(|d| (d.year(), d.month(), d.day()));
        for text in [
            "1970-03-01",
            "19700301",
            "3/1/1970",
            "3/1/70",
            "Mar 1 1970",
            "1-Mar-70",
            "1 March 1970",
        ] {
            assert_eq!(read(text), Some((1970, 3, 1)), "{text}");
        }
        assert_eq!(read("20/8/1991"), Some((1991, 8, 20)));
        assert_eq!(read("8/20/91"), Some((1991, 8, 20)));
        assert_eq!(read("03011970"), Some((1970, 3, 1)));
        assert_eq!(read("18568618"), Some((1856, 15, 18)));
        assert_eq!(read("1861"), Some((1861, 0, 0)));
        assert_eq!(read("25628"), Some((1970, 3, 1)));
        assert_eq!(read("soon"), None);
        assert_eq!(read("351912345678"), None);
    }

    #[test]
    fn months_have_names_in_other_languages() {
        let read = |text| BirthDate::parse(text).map(|d| (d.year(), d.month(), d.day()));
        for (text, month) in [
            ("1 de enero de 1970", 1),
            ("martes, 1 de diciembre de 1970", 12),
            ("1. Mai 1970", 5),
            ("1. Oktober 1970", 10),
            ("1er août 1970", 8),
            ("1 juillet 1970", 7),
            ("1 gennaio 1970", 1),
            ("1 de setembro de 1970", 9),
            ("1 января 1970", 1),
            ("1 мая 1970 г.", 5),
            ("1 июля 1970", 7),
            ("1970年3月1日", 3),
        ] {
            assert_eq!(read(text), Some((1970, month, 1)), "{text}");
        }
    }
}
