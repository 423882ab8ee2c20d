//! Masking of personal data in raw rows: keeps the shape that helps to see what is wrong, hides who it is.

/// Keys of JSON whose values say what happened, never to whom; everything else is masked.
const PLAIN_KEYS: &[&str] = &[
    "type",
    "event",
    "timestamp",
    "sentAt",
    "receivedAt",
    "originalTimestamp",
    "channel",
    "currency",
    "price",
    "quantity",
    "total",
    "subtotal",
    "revenue",
    "shipping",
    "tax",
    "discount",
    "sku",
    "gtin",
    "product_id",
    "variant",
    "category",
    "brand",
    "position",
    "store_id",
    "till",
    "feed",
    "source",
    "purpose",
    "completeThrough",
];

/// `raw` with every letter and digit hidden that could belong to a person.
///
/// In JSON, keys stay, and so do the values of keys that only say what happened. In other text,
/// dates and short numbers stay, so that the columns of a row can be told apart; words and long
/// numbers are hidden.
pub fn mask(raw: &str) -> String {
    let opening = raw.trim_start().chars().next();
    if matches!(opening, Some('{' | '[')) { mask_json(raw) } else { mask_text(raw) }
}

/// Works on characters rather than a parsed value, as broken JSON is what lands in quarantine.
fn mask_json(raw: &str) -> String {
    let characters: Vec<char> = raw.chars().collect();
    let mut out = String::with_capacity(raw.len());
    let mut key = String::new();
    let mut place = 0;
    while place < characters.len() {
        let character = characters[place];
        if character == '"' {
            let end = string_end(&characters, place);
            let text: String = characters[place..end].iter().collect();
            if is_key(&characters, end) {
                key = text.trim_matches('"').to_owned();
                out.push_str(&text);
            } else {
                out.push_str(&if plain(&key, &text) { text } else { hide(&text) });
                key.clear();
            }
            place = end;
        } else if character.is_alphanumeric() || matches!(character, '-' | '+' | '.') {
            let end = (place..characters.len())
                .find(|at| {
                    !characters[*at].is_alphanumeric()
                        && !matches!(characters[*at], '-' | '+' | '.')
                })
                .unwrap_or(characters.len());
            let text: String = characters[place..end].iter().collect();
            let word = matches!(text.as_str(), "true" | "false" | "null");
            out.push_str(&if word || plain(&key, &text) { text } else { hide(&text) });
            key.clear();
            place = end;
        } else {
            out.push(character);
            place += 1;
        }
    }
    out
}

/// A key speaks for the one value after it, and for none that looks like an address.
fn plain(key: &str, value: &str) -> bool {
    PLAIN_KEYS.contains(&key) && !value.contains('@')
}

/// The place after the closing quote, or the end when it never closes.
fn string_end(characters: &[char], start: usize) -> usize {
    let mut place = start + 1;
    while place < characters.len() {
        match characters[place] {
            '\\' => place += 2,
            '"' => return place + 1,
            _ => place += 1,
        }
    }
    characters.len()
}

fn is_key(characters: &[char], end: usize) -> bool {
    characters[end..].iter().find(|character| !character.is_whitespace()) == Some(&':')
}

/// Numbers of at most this many digits name nobody.
const PLAIN_NUMBER_DIGITS_MAX: usize = 5;

fn mask_text(raw: &str) -> String {
    // Not at spaces: the parts of a phone number would each look short.
    raw.split_inclusive([',', ';', '\t', '\n', '|'])
        .map(|piece| {
            let number =
                piece.trim_start().starts_with(|c: char| c.is_ascii_digit() || "-.\n".contains(c))
                    && piece.chars().all(|c| c.is_ascii_digit() || ".,;\t\n\r| -:/TZ".contains(c));
            let digits = piece.chars().filter(char::is_ascii_digit).count();
            let date = number && piece.contains(['-', ':', '/']) && looks_like_date(piece);
            if number && (digits <= PLAIN_NUMBER_DIGITS_MAX || date) {
                piece.to_owned()
            } else {
                hide(piece)
            }
        })
        .collect()
}

/// `2026-11-21`, `21/11/2026`, `14:32:00`, or both in one piece; a phone number has longer runs.
fn looks_like_date(piece: &str) -> bool {
    let runs: Vec<usize> = piece
        .split(|c: char| !c.is_ascii_digit())
        .map(str::len)
        .filter(|length| *length > 0)
        .collect();
    (2..=7).contains(&runs.len())
        && runs.iter().all(|length| matches!(length, 1 | 2 | 4))
        && runs.iter().filter(|length| **length == 4).count() <= 1
}

fn hide(text: &str) -> String {
    text.chars()
        .map(|character| if character.is_alphanumeric() { '•' } else { character })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn json_keeps_keys_and_what_happened_and_hides_who() {
        let raw = r#"{"type":"track","event":"Order Completed","userId":"ana-1","properties":{"total":59.9,"email":"ana@example.com","phone":34600111222,"paid":true}}"#;
        assert_eq!(
            mask(raw),
            r#"{"type":"track","event":"Order Completed","userId":"•••-•","properties":{"total":59.9,"email":"•••@•••••••.•••","phone":•••••••••••,"paid":true}}"#
        );
    }

    #[test]
    fn broken_json_hides_what_follows_too() {
        let masked = mask(r#"{"email":"ana@example.com","name":"Ana Gar"#);
        assert!(!masked.contains("ana") && !masked.contains("Ana") && masked.contains("\"email\""));
    }

    #[test]
    fn a_plain_key_vouches_for_one_value_and_for_no_address() {
        assert_eq!(mask(r#"{"sku":"ana@example.com"}"#), r#"{"sku":"•••@•••••••.•••"}"#);
        assert_eq!(mask(r#"{"sku":"tee","Ana"}"#), r#"{"sku":"tee","•••"}"#);
    }

    #[test]
    fn rows_keep_dates_and_short_numbers() {
        assert_eq!(
            mask("T-114;2026-11-21 14:32;Ana García;ana@x.es;2;59.90"),
            "•-•••;2026-11-21 14:32;••• ••••••;•••@•.••;2;59.90"
        );
        assert_eq!(mask("600 111 222,4012888888881881"), "••• ••• •••,••••••••••••••••");
    }

    /// No run of letters or long digits of a value outlives masking, wherever it stands.
    #[test]
    fn nothing_personal_survives() {
        for raw in [
            "ana@example.com",
            "+34 600111222",
            "{\"traits\":{\"a\":{\"b\":[\"ana@example.com\"]}}}",
            "[\"Ana\\\"García\"]",
        ] {
            let masked = mask(raw);
            assert!(
                !masked.contains("ana@")
                    && !masked.contains("600111222")
                    && !masked.contains("García"),
                "{masked}"
            );
        }
    }
}
