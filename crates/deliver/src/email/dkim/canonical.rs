//! The relaxed forms of header and body (RFC 6376 §3.4.2 and §3.4.4): what relays do to white space
//! does not break a signature.

use std::ops::Range;

/// A field of the header as it stands in the message: its name in small letters, and all of it
/// without the line end that closes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field<'m> {
    pub(super) name: String,
    pub(super) text: &'m [u8],
}

/// The fields of a message's header, from the top, and where its body stands.
pub(super) fn parts(message: &[u8]) -> (Vec<Field<'_>>, Range<usize>) {
    let (mut fields, mut begun, mut at) = (Vec::new(), 0, 0);
    loop {
        let Some(length) = message[at..].windows(2).position(|two| two == b"\r\n") else {
            return (fields, message.len()..message.len());
        };
        let next = at + length + 2;
        if length == 0 {
            return (fields, next..message.len());
        }
        // A line that begins with white space goes on with the field before it.
        if !matches!(message.get(next), Some(b' ' | b'\t')) {
            fields.push(field(&message[begun..next - 2]));
            begun = next;
        }
        at = next;
    }
}

fn field(text: &[u8]) -> Field<'_> {
    let end = text.iter().position(|byte| *byte == b':').unwrap_or(text.len());
    Field { name: String::from_utf8_lossy(&text[..end]).trim().to_ascii_lowercase(), text }
}

/// Adds the relaxed form of a field, with the line end that closes it where `closed`.
pub(super) fn add_field(canonical: &mut Vec<u8>, text: &[u8], closed: Closed) {
    let end = text.iter().position(|byte| *byte == b':').unwrap_or(text.len());
    canonical.extend(text[..end].trim_ascii().to_ascii_lowercase());
    canonical.push(b':');
    let mut words = text[(end + 1).min(text.len())..]
        .split(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'))
        .filter(|word| !word.is_empty());
    if let Some(first) = words.next() {
        canonical.extend_from_slice(first);
    }
    for word in words {
        canonical.push(b' ');
        canonical.extend_from_slice(word);
    }
    if closed == Closed::Yes {
        canonical.extend_from_slice(b"\r\n");
    }
}

/// Whether a field ends with a line end: the signature's own does not (RFC 6376 §3.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Closed {
    Yes,
    No,
}

/// The relaxed form of a body whose lines end with CRLF.
pub(super) fn body(body: &[u8]) -> Vec<u8> {
    let mut canonical = Vec::with_capacity(body.len());
    let mut empty_lines = 0;
    let mut rest = body;
    while !rest.is_empty() {
        let length = rest.windows(2).position(|two| two == b"\r\n");
        let (line, after) = match length {
            Some(length) => (&rest[..length], &rest[length + 2..]),
            None => (rest, &rest[rest.len()..]),
        };
        rest = after;
        let kept = line.iter().rposition(|byte| !matches!(byte, b' ' | b'\t'));
        let line = &line[..kept.map_or(0, |last| last + 1)];
        if line.is_empty() {
            empty_lines += 1;
            continue;
        }
        for _ in 0..std::mem::take(&mut empty_lines) {
            canonical.extend_from_slice(b"\r\n");
        }
        let mut space = false;
        for byte in line {
            if matches!(byte, b' ' | b'\t') {
                space = true;
                continue;
            }
            if std::mem::take(&mut space) {
                canonical.push(b' ');
            }
            canonical.push(*byte);
        }
        canonical.extend_from_slice(b"\r\n");
    }
    canonical
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of RFC 6376 §3.4.5.
    #[test]
    fn the_relaxed_form_is_that_of_the_standard() {
        let message = b"A: X\r\nB : Y\t\r\n\tZ  \r\n\r\n C \r\nD \t E\r\n\r\n\r\n";
        let (fields, at) = parts(message);
        let mut header = Vec::new();
        for field in &fields {
            add_field(&mut header, field.text, Closed::Yes);
        }
        assert_eq!(String::from_utf8_lossy(&header), "a:X\r\nb:Y Z\r\n");
        assert_eq!(String::from_utf8_lossy(&body(&message[at])), " C\r\nD E\r\n");
    }

    #[test]
    fn an_empty_body_is_empty_and_a_line_end_that_lacks_is_added() {
        assert_eq!(body(b""), b"");
        assert_eq!(body(b"\r\n\r\n"), b"");
        assert_eq!(body(b"a\r\n\r\nb"), b"a\r\n\r\nb\r\n");
    }

    #[test]
    fn a_folded_field_is_one_field() {
        let (fields, body) = parts(b"Subject: a\r\n b\r\nTo: x\r\n\r\nbody");
        let names: Vec<&str> = fields.iter().map(|field| field.name.as_str()).collect();
        assert_eq!((names, body), (vec!["subject", "to"], 25..29));
        assert_eq!(fields[0].text, b"Subject: a\r\n b");
    }
}
