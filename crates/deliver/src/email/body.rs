//! The text of a part as it travels: quoted-printable (RFC 2045 §6.7), in one pass over it.

/// The longest line, less the `=` that says it goes on.
const COLUMNS_MAX: usize = 75;
const HEX: &[u8; 16] = b"0123456789ABCDEF";

/// Bytes that stand for themselves anywhere; the ends of lines, blanks, `=` and all that is no printable
/// ASCII do not.
static PLAIN: [bool; 256] = {
    let mut plain = [false; 256];
    let mut byte = b'!';
    while byte <= b'~' {
        plain[byte as usize] = byte != b'=';
        byte += 1;
    }
    plain
};

/// Writes a text as quoted-printable. Every end of a line becomes CRLF, a blank before it is encoded, and
/// no line is longer than 76 characters.
pub(super) fn quoted_printable(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len() + bytes.len() / 8 + 16);
    let (mut at, mut column) = (0, 0);
    while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
        let line = &rest[..rest.len().min(COLUMNS_MAX - column)];
        let ends = |byte: &u8| !PLAIN[usize::from(*byte)];
        let run = line.iter().position(ends).unwrap_or(line.len());
        out.extend_from_slice(&line[..run]);
        (at, column) = (at + run, column + run);
        let Some(byte) = bytes.get(at).copied() else { break };
        let next = bytes.get(at + 1).copied();
        if byte == b'\n' || byte == b'\r' {
            out.extend_from_slice(b"\r\n");
            column = 0;
            at += if (byte, next) == (b'\r', Some(b'\n')) { 2 } else { 1 };
            continue;
        }
        let blank = matches!(byte, b' ' | b'\t') && !matches!(next, None | Some(b'\r' | b'\n'));
        let itself = blank || PLAIN[usize::from(byte)];
        let width = if itself { 1 } else { 3 };
        if column + width > COLUMNS_MAX {
            out.extend_from_slice(b"=\r\n");
            column = 0;
        }
        if itself {
            out.push(byte);
        } else {
            let [high, low] = [byte >> 4, byte & 15].map(|digit| HEX[usize::from(digit)]);
            out.extend_from_slice(&[b'=', high, low]);
        }
        (at, column) = (at + 1, column + width);
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn encoded(text: &str) -> String {
        String::from_utf8(quoted_printable(text)).unwrap()
    }

    /// What a mail program makes of it, by the rules of RFC 2045 alone.
    fn decoded(encoded: &str) -> String {
        let mut bytes = Vec::new();
        let mut rest = encoded;
        while let Some((before, after)) = rest.split_once('=') {
            bytes.extend_from_slice(before.as_bytes());
            rest = after.strip_prefix("\r\n").unwrap_or_else(|| {
                bytes.push(u8::from_str_radix(&after[..2], 16).unwrap());
                &after[2..]
            });
        }
        bytes.extend_from_slice(rest.as_bytes());
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn what_mail_may_lose_is_encoded() {
        assert_eq!(encoded("a=b ñ"), "a=3Db =C3=B1");
        assert_eq!(
            encoded("blank \nand tab\t\r\nand both \t"),
            "blank=20\r\nand tab=09\r\nand both =09"
        );
        assert_eq!(encoded("a\rb\n\rc\r\n"), "a\r\nb\r\n\r\nc\r\n");
        assert_eq!(encoded("\0\u{7f}"), "=00=7F");
        assert_eq!(encoded(""), "");
    }

    #[test]
    fn lines_go_on_within_their_length() {
        let x = |count| "x".repeat(count);
        assert_eq!(encoded(&x(75)), x(75));
        assert_eq!(encoded(&x(76)), format!("{}=\r\nx", x(75)));
        assert_eq!(encoded(&format!("{}ñ", x(70))), format!("{}=C3=\r\n=B1", x(70)));
        assert_eq!(encoded(&format!("{}\nb", x(75))), format!("{}\r\nb", x(75)));
        assert_eq!(encoded(&format!("{} y", x(75))), format!("{}=\r\n y", x(75)));
    }

    proptest! {
        /// Nothing of a text is lost but which sign ended its lines, and no relay need touch a line of it.
        #[test]
        fn a_text_is_read_as_it_was_written(
            text in prop_oneof![any::<String>(), "[a-z=ñ. \t\r\n]{0,400}"],
        ) {
            let encoded = encoded(&text);
            let lines = text.replace("\r\n", "\n").replace('\r', "\n").replace('\n', "\r\n");
            prop_assert_eq!(decoded(&encoded), lines);
            for line in encoded.split("\r\n") {
                prop_assert!(line.len() <= 76 && !line.ends_with([' ', '\t']), "{}", line);
                prop_assert!(line.bytes().all(|byte| matches!(byte, b' '..=b'~' | b'\t')), "{}", line);
            }
        }
    }
}
