//! How a text is encoded on its way to a phone, and in how many parts it travels.
//!
//! A text whose signs are all in the 7-bit alphabet takes one septet a sign, those of its extension
//! two; any other sign makes the whole text UCS-2, 16 bits a unit. A part holds 140 bytes: 160 septets
//! or 70 units, and 153 or 67 where several parts must be joined again. What takes two units is not
//! torn apart by the end of a part.
//!
//! Source: 3GPP TS 23.038 §6.2.1 (alphabets), TS 23.040 §9.2.3.24.1 (joining).

use std::fmt;

/// A text of more parts is none: each is paid for, and providers take 1,600 signs at most.
pub const SEGMENTS_MAX: usize = 10;
/// So many of the signs that make a text expensive are told.
const COSTLY_MAX: usize = 10;

/// The 7-bit alphabet, beside the letters and digits of ASCII.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
/// What takes two septets.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// How a text is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// The 7-bit alphabet.
    Gsm7,
    /// 16 bits a unit.
    Ucs2,
}

impl Encoding {
    /// Its name, as providers write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Gsm7 => "GSM-7",
            Self::Ucs2 => "UCS-2",
        }
    }

    /// Units of a text that travels alone, and of each part of one that does not.
    const fn room(self) -> (usize, usize) {
        match self {
            Self::Gsm7 => (160, 153),
            Self::Ucs2 => (70, 67),
        }
    }
}

/// What a text comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// How it is encoded.
    pub encoding: Encoding,
    /// Septets, or units of 16 bits.
    pub units: usize,
    /// Parts; 0 for an empty text.
    pub segments: usize,
    /// The first signs that are not in the 7-bit alphabet: without them it would take fewer parts.
    pub costly: Vec<char>,
}

impl Counted {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        serde_json::json!({
            "encoding": self.encoding.name(),
            "units": self.units,
            "segments": self.segments,
            "costly": self.costly.iter().map(char::to_string).collect::<Vec<_>>(),
        })
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = if self.segments == 1 { "part" } else { "parts" };
        let (encoding, units) = (self.encoding.name(), self.units);
        write!(f, "{} {parts} ({encoding}, {units} units)", self.segments)?;
        if !self.costly.is_empty() {
            let costly: Vec<String> = self.costly.iter().map(char::to_string).collect();
            write!(f, "; not in GSM-7: {}", costly.join(" "))?;
        }
        Ok(())
    }
}

/// Counts a text. Cost: linear in it.
#[must_use]
pub fn count(text: &str) -> Counted {
    let mut costly = Vec::new();
    for sign in text.chars().filter(|sign| septets(*sign).is_none()) {
        if costly.len() < COSTLY_MAX && !costly.contains(&sign) {
            costly.push(sign);
        }
    }
    let encoding = if costly.is_empty() { Encoding::Gsm7 } else { Encoding::Ucs2 };
    let units = |sign: char| match encoding {
        Encoding::Gsm7 => septets(sign).unwrap_or(1),
        Encoding::Ucs2 => sign.len_utf16(),
    };
    let all: usize = text.chars().map(units).sum();
    let (alone, joined) = encoding.room();
    let segments = if all <= alone {
        usize::from(all > 0)
    } else {
        let mut segments = 1;
        let mut held = 0;
        for sign in text.chars() {
            if held + units(sign) > joined {
                segments += 1;
                held = 0;
            }
            held += units(sign);
        }
        segments
    };
    Counted { encoding, units: all, segments, costly }
}

/// How many septets a sign takes in the 7-bit alphabet; `None`: it is not in it.
fn septets(sign: char) -> Option<usize> {
    if sign.is_ascii_alphanumeric() || BASIC.contains(sign) {
        return Some(1);
    }
    EXTENSION.contains(sign).then_some(2)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(text: &str) -> (Encoding, usize, usize) {
        let Counted { encoding, units, segments, .. } = count(text);
        (encoding, units, segments)
    }

    #[test]
    fn parts_are_counted_as_networks_do() {
        use Encoding::{Gsm7, Ucs2};
        assert_eq!(counted(""), (Gsm7, 0, 0));
        assert_eq!(counted(&"a".repeat(160)), (Gsm7, 160, 1));
        assert_eq!(counted(&"a".repeat(161)), (Gsm7, 161, 2));
        assert_eq!(counted(&"a".repeat(306)), (Gsm7, 306, 2));
        assert_eq!(counted(&"a".repeat(307)), (Gsm7, 307, 3));
        assert_eq!(counted(&"€".repeat(80)), (Gsm7, 160, 1));
        // 153 is odd: the last septet of each part stays empty.
        assert_eq!(counted(&"€".repeat(153)), (Gsm7, 306, 3));
        assert_eq!(counted(&"я".repeat(70)), (Ucs2, 70, 1));
        assert_eq!(counted(&"я".repeat(71)), (Ucs2, 71, 2));
        assert_eq!(counted(&"я".repeat(134)), (Ucs2, 134, 2));
        assert_eq!(counted(&"👍".repeat(35)), (Ucs2, 70, 1));
        assert_eq!(counted(&"👍".repeat(67)), (Ucs2, 134, 3));
        assert_eq!(counted("¿Qué? ¡Ñandú à la €!"), (Ucs2, 20, 1), "ú is not in the alphabet");
        assert_eq!(counted("¿Qué? ¡Ñandu à la €!"), (Gsm7, 21, 1));
    }

    #[test]
    fn whoever_writes_is_told_which_signs_cost() {
        let counted = count("Mañana más, “aquí” y así 👍");
        assert_eq!(counted.costly, ['á', '“', 'í', '”', '👍']);
        assert_eq!(counted.to_string(), "1 part (UCS-2, 27 units); not in GSM-7: á “ í ” 👍");
    }

    #[test]
    fn the_alphabet_has_as_many_signs_as_the_standard_lists() {
        // 128 places, of which one leads to the extension.
        assert_eq!(BASIC.chars().count() + 62, 127);
        assert_eq!(EXTENSION.chars().count(), 10);
    }
}
