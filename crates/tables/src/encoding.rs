//! Bytes of a file as UTF-8, whatever they were packed with and written in.
//!
//! A byte order mark is believed, then the zeroes that UTF-16 is full of. What is no UTF-8 is of one of
//! the two pages of Windows that exports are written in, and which of them its letters tell.

use std::borrow::Cow;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::{TableError, file};

const UTF_16: &str = "UTF-16";

/// So many bytes are looked at to tell what a file is written in.
pub(crate) const HEAD: u64 = 1 << 18;

/// A file as text.
pub(crate) struct Text {
    /// Its bytes, UTF-8 but for texts of `page`.
    pub(crate) bytes: Box<dyn BufRead + Send>,
    /// What a text is read as that is no UTF-8.
    pub(crate) page: Page,
    /// What the file was written in, if it is not UTF-8.
    pub(crate) written_in: Option<&'static str>,
}

/// Opens a file, unpacked if it is packed.
pub(crate) fn open(path: &Path) -> Result<Text, TableError> {
    text(file(path)?).map_err(|source| TableError::Read { path: path.to_owned(), source })
}

/// Bytes as UTF-8, if they are UTF-16; else as they are.
///
/// # Errors
/// If they cannot be read.
pub fn utf_16_as_utf_8(bytes: Box<dyn Read + Send>) -> io::Result<Box<dyn Read + Send>> {
    let (head, mut bytes) = head(bytes)?;
    let Some((mark, order)) = order(&head) else { return Ok(bytes) };
    bytes.read_exact(&mut [0; 2][..mark])?;
    Ok(Box::new(Wide::new(bytes, order)))
}

/// The same, and of a page of Windows if they are that, with what they were written in.
///
/// # Errors
/// If they cannot be read.
pub fn as_utf_8(bytes: Box<dyn Read + Send>) -> io::Result<Written> {
    let (head, bytes) = head(bytes)?;
    if order(&head).is_some() {
        return Ok(Written { bytes: utf_16_as_utf_8(bytes)?, written_in: Some(UTF_16) });
    }
    if whole_utf_8(&head) || mostly_utf_8(&head) {
        return Ok(Written { bytes, written_in: None });
    }
    let page = Page::of(&head);
    let bytes = BufReader::with_capacity(1 << 16, bytes);
    let lines = Lettered { bytes, page, line: Vec::new(), ready: Cursor::default() };
    Ok(Written { bytes: Box::new(lines), written_in: Some(page.name()) })
}

/// Bytes in UTF-8.
#[expect(missing_debug_implementations, reason = "they hold people's data")]
pub struct Written {
    /// The bytes.
    pub bytes: Box<dyn Read + Send>,
    /// What they were written in, if it is not UTF-8.
    pub written_in: Option<&'static str>,
}

fn text(file: File) -> io::Result<Text> {
    let mut packed = BufReader::with_capacity(1 << 16, file);
    let bytes: Box<dyn Read + Send> = if packed.fill_buf()?.starts_with(&[0x1f, 0x8b, 0x08]) {
        Box::new(MultiGzDecoder::new(packed))
    } else {
        Box::new(packed)
    };
    let (head, mut bytes) = head(bytes)?;
    let order = order(&head);
    let mark =
        order.map_or(if head.starts_with(&[0xef, 0xbb, 0xbf]) { 3 } else { 0 }, |(mark, _)| mark);
    bytes.read_exact(&mut [0; 3][..mark])?;
    let mut text =
        Text { page: Page::of(&head), written_in: None, bytes: Box::new(Cursor::new([])) };
    if let Some((_, order)) = order {
        text.written_in = Some(UTF_16);
        text.bytes = Box::new(BufReader::with_capacity(1 << 16, Wide::new(bytes, order)));
    } else {
        text.written_in = (!whole_utf_8(&head)).then(|| text.page.name());
        text.bytes = Box::new(BufReader::with_capacity(1 << 16, bytes));
    }
    Ok(text)
}

/// The first bytes, and all of them to be read.
pub(crate) fn head<R: Read + Send + 'static>(
    mut bytes: R,
) -> io::Result<(Vec<u8>, Box<dyn Read + Send>)> {
    let mut head = Vec::new();
    bytes.by_ref().take(HEAD).read_to_end(&mut head)?;
    Ok((head.clone(), Box::new(Cursor::new(head).chain(bytes))))
}

/// Whether it is UTF-8, but for a letter that the end cuts.
fn whole_utf_8(head: &[u8]) -> bool {
    std::str::from_utf8(head).err().is_none_or(|error| error.error_len().is_none())
}

/// Whether it is UTF-8 with damage: of a page of Windows few letters look like UTF-8.
fn mostly_utf_8(head: &[u8]) -> bool {
    let (mut well, mut ill) = (0, 0);
    for chunk in head.utf8_chunks() {
        well += chunk.valid().chars().filter(|letter| !letter.is_ascii()).count();
        ill += chunk.invalid().len();
    }
    well > ill
}

/// Which byte of a unit comes first.
#[derive(Clone, Copy)]
enum Order {
    Little,
    Big,
}

/// How long its mark is, and the order of its bytes, if it is UTF-16.
fn order(head: &[u8]) -> Option<(usize, Order)> {
    match head {
        [0xff, 0xfe, ..] => Some((2, Order::Little)),
        [0xfe, 0xff, ..] => Some((2, Order::Big)),
        head => order_by_zeroes(head).map(|order| (0, order)),
    }
}

/// Latin letters have a zero in every unit of UTF-16, and no text has one in UTF-8.
fn order_by_zeroes(head: &[u8]) -> Option<Order> {
    let (mut first, mut second) = (0_usize, 0_usize);
    for unit in head.chunks_exact(2) {
        first += usize::from(unit[0] == 0);
        second += usize::from(unit[1] == 0);
    }
    let many = head.len() / 8;
    match (first, second) {
        (_, second) if second > many && second > 4 * first => Some(Order::Little),
        (first, _) if first > many && first > 4 * second => Some(Order::Big),
        _ => None,
    }
}

/// UTF-16 read as UTF-8; what is no letter is U+FFFD.
struct Wide<R> {
    bytes: R,
    order: Order,
    /// Bytes of a unit, or of a letter of two units, that is not whole yet.
    rest: Vec<u8>,
    ready: Cursor<Vec<u8>>,
}

impl<R: Read> Wide<R> {
    fn new(bytes: R, order: Order) -> Self {
        Self { bytes, order, rest: Vec::new(), ready: Cursor::default() }
    }

    /// Decodes some more; false at the end.
    fn more(&mut self) -> io::Result<bool> {
        let from = self.rest.len();
        self.rest.resize(from + (1 << 14), 0);
        let read = self.bytes.read(&mut self.rest[from..])?;
        self.rest.truncate(from + read);
        if self.rest.is_empty() {
            return Ok(false);
        }
        let mut units: Vec<u16> = self
            .rest
            .chunks_exact(2)
            .map(|unit| match self.order {
                Order::Little => u16::from_le_bytes([unit[0], unit[1]]),
                Order::Big => u16::from_be_bytes([unit[0], unit[1]]),
            })
            .collect();
        let half = |unit: &u16| (0xd800..0xdc00).contains(unit);
        if read > 0 && units.last().is_some_and(half) {
            units.pop();
        }
        let taken = if read == 0 { self.rest.len() } else { units.len() * 2 };
        self.rest.drain(..taken);
        let letters =
            char::decode_utf16(units).map(|letter| letter.unwrap_or(char::REPLACEMENT_CHARACTER));
        self.ready = Cursor::new(letters.collect::<String>().into_bytes());
        Ok(true)
    }
}

impl<R: Read> Read for Wide<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.ready.read(into)?;
            if read > 0 || into.is_empty() || !self.more()? {
                return Ok(read);
            }
        }
    }
}

/// Lines of a page of Windows read as UTF-8; those that are UTF-8 stay as they are.
struct Lettered<R> {
    bytes: R,
    page: Page,
    line: Vec<u8>,
    ready: Cursor<Vec<u8>>,
}

impl<R: BufRead> Read for Lettered<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            let read = self.ready.read(into)?;
            if read > 0 || into.is_empty() {
                return Ok(read);
            }
            self.line.clear();
            // Without an end to its lines a file is read by parts.
            self.bytes.by_ref().take(HEAD).read_until(b'\n', &mut self.line)?;
            if self.line.is_empty() {
                return Ok(0);
            }
            self.ready = Cursor::new(self.page.read(&self.line).into_owned().into_bytes());
        }
    }
}

/// A page of letters of one byte each, as Windows has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
    /// Windows-1252, of Western Europe.
    Western,
    /// Windows-1251, Cyrillic.
    Cyrillic,
}

/// From 0x80 to 0x9f; from there on it is Latin-1.
const WESTERN: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
/// From 0x80 to 0xbf; from there on it is the alphabet.
const CYRILLIC: &str =
    "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{98}™љ›њќћџ\u{a0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{ad}®Ї°±Ііґµ¶·ё№є»јЅѕї";

impl Page {
    /// The accents of Western names stand alone between plain letters; Cyrillic words are of high bytes
    /// throughout.
    fn of(head: &[u8]) -> Self {
        let letter = |byte: u8| byte >= 0xc0;
        let (mut alone, mut together) = (0_u64, 0_u64);
        for (at, _) in head.iter().enumerate().filter(|(_, byte)| letter(**byte)) {
            let before = at.checked_sub(1).and_then(|at| head.get(at));
            let beside = [before, head.get(at + 1)].into_iter().flatten().any(|b| letter(*b));
            *if beside { &mut together } else { &mut alone } += 1;
        }
        if together > 2 * alone { Self::Cyrillic } else { Self::Western }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Western => "Windows-1252",
            Self::Cyrillic => "Windows-1251",
        }
    }

    /// The text of these bytes: UTF-8 where they are that.
    pub(crate) fn read(self, bytes: &[u8]) -> Cow<'_, str> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(bytes.iter().map(|byte| self.letter(*byte)).collect()),
        }
    }

    fn letter(self, byte: u8) -> char {
        let (table, rest) = match self {
            Self::Western => (WESTERN, 0xa0),
            Self::Cyrillic => (CYRILLIC, u32::from('А')),
        };
        let Some(high) = byte.checked_sub(0x80) else { return char::from(byte) };
        let high = usize::from(high);
        let listed = table.chars().count();
        table.chars().nth(high).unwrap_or_else(|| {
            let beyond = u32::try_from(high - listed).unwrap_or_default();
            char::from_u32(rest + beyond).unwrap_or(char::REPLACEMENT_CHARACTER)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_are_those_of_windows() {
        assert_eq!(Page::Western.read(b"Mu\xf1oz \x80 \x9f \xa0\xff"), "Muñoz € Ÿ \u{a0}ÿ");
        assert_eq!(
            Page::Cyrillic.read(b"\xc8\xe2\xe0\xed\xee\xe2 \xb8 \xb9 \x80 \xff"),
            "Иванов ё № Ђ я"
        );
        assert_eq!((WESTERN.chars().count(), CYRILLIC.chars().count()), (32, 64));
    }

    #[test]
    fn letters_tell_the_page() {
        assert_eq!(Page::of(b"Jos\xe9;Mu\xf1oz;Garc\xeda"), Page::Western);
        assert_eq!(
            Page::of(b"\xc0\xed\xed\xe0;\xc8\xe2\xe0\xed\xee\xe2\xe0;ana@shop.example"),
            Page::Cyrillic
        );
        assert_eq!(Page::of(b"plain"), Page::Western);
    }

    fn told(written: impl Into<Vec<u8>>) -> (String, Option<&'static str>) {
        let Written { mut bytes, written_in } =
            as_utf_8(Box::new(Cursor::new(written.into()))).unwrap();
        let mut read = Vec::new();
        bytes.read_to_end(&mut read).unwrap();
        (String::from_utf8_lossy(&read).into_owned(), written_in)
    }

    #[test]
    fn bytes_are_read_as_what_they_are_written_in() {
        let cyrillic = b"\xc8\xec\xff;\xc0\xed\xed\xe0\r\n\xc8\xe2\xe0\xed;x".to_vec();
        let long = [cyrillic.as_slice(), &[0xc0].repeat(300_000)].concat();
        assert_eq!(told(cyrillic), ("Имя;Анна\r\nИван;x".to_owned(), Some("Windows-1251")));
        assert_eq!(told(long).0.chars().filter(|letter| *letter == 'А').count(), 300_001);
        assert_eq!(told(b"a\nJos\xe9\n".to_vec()), ("a\nJosé\n".to_owned(), Some("Windows-1252")));
        assert_eq!(told("Иван;José\n"), ("Иван;José\n".to_owned(), None));
        let damaged = ["Имя;Анна\n".as_bytes(), b"\xff\n"].concat();
        assert_eq!(told(damaged), ("Имя;Анна\n\u{fffd}\n".to_owned(), None), "left as it is");
        assert_eq!(told(b"\xff\xfea\0\n\0".to_vec()), ("a\n".to_owned(), Some("UTF-16")));
        assert_eq!(told(Vec::new()), (String::new(), None));
    }

    #[test]
    fn letters_of_two_units_may_lie_across_reads() {
        struct Dribble(Vec<u8>);
        impl Read for Dribble {
            fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
                let some = self.0.len().min(3).min(into.len());
                into[..some].copy_from_slice(&self.0[..some]);
                self.0.drain(..some);
                Ok(some)
            }
        }
        let written = "Ana 😀 Иван 😀";
        for order in [Order::Little, Order::Big] {
            let bytes = written.encode_utf16().flat_map(|unit| match order {
                Order::Little => unit.to_le_bytes(),
                Order::Big => unit.to_be_bytes(),
            });
            let mut bytes: Vec<u8> = bytes.collect();
            bytes.push(7);
            let mut read = String::new();
            Wide::new(Dribble(bytes), order).read_to_string(&mut read).unwrap();
            assert_eq!(read.trim_end_matches('\u{fffd}'), written);
        }
    }
}
