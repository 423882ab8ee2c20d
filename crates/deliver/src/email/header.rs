//! Text that is safe in a header: one line, no tricks of direction, of bounded length.

/// Makes one line of `text`: control characters and line ends become spaces, characters that change
/// the direction of what follows them are dropped, runs of spaces become one. At most `length_max`
/// characters.
pub(crate) fn one_line(text: &str, length_max: usize) -> String {
    let mut line = String::with_capacity(text.len().min(length_max * 4));
    let mut length = 0;
    let mut space = false;
    for c in text.chars().filter(|c| !turns_direction(*c)) {
        if breaks_line(c) || c == ' ' {
            space = length > 0;
            continue;
        }
        let needed = if space { 2 } else { 1 };
        if length + needed > length_max {
            break;
        }
        if std::mem::take(&mut space) {
            line.push(' ');
        }
        line.push(c);
        length += needed;
    }
    line
}

/// [`one_line`] for what a mail program shows: what looks like an encoded word (RFC 2047 §2) is shown as it
/// was written, and not as what it stands for, which could be everything that is kept out.
pub(super) fn shown_line(text: &str, length_max: usize) -> String {
    let line = one_line(text, length_max);
    match line.split_once("=?") {
        Some((_, rest)) if rest.contains("?=") => line.replace("=?", "= ?"),
        Some(_) | None => line,
    }
}

/// Whether `c` is a control character or ends a line in some reader's eyes.
pub(crate) fn breaks_line(c: char) -> bool {
    c.is_control() || c == '\u{2028}' || c == '\u{2029}'
}

/// Whether `c` opens or closes a stretch of text with a direction of its own. One such character in
/// a name would turn around the words that come after the name.
pub(crate) fn turns_direction(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_become_one_space() {
        assert_eq!(one_line(" Ana\r\nBcc: x\u{2028}y\0 ", 100), "Ana Bcc: x y");
    }

    #[test]
    fn an_encoded_word_is_not_decoded() {
        assert_eq!(shown_line("=?utf-8?q?=E2=80=AEeve?=", 100), "= ?utf-8?q?=E2=80=AEeve?=");
        assert_eq!(shown_line("2 + 2 =? Guess!", 100), "2 + 2 =? Guess!");
    }

    #[test]
    fn long_text_is_cut_by_characters() {
        assert_eq!(one_line("ñandú corre", 7), "ñandú c");
        assert_eq!(one_line("ñandú corre", 6), "ñandú");
    }

    #[test]
    fn direction_marks_are_dropped() {
        assert_eq!(one_line("\u{202E}evil\u{2066}", 100), "evil");
    }
}
