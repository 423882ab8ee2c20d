//! The canonical form of an object: the same object always has the same text, and so the same hash.
//!
//! **Invariant:** reading a printed form gives the same object with the same form.

use std::fmt::Write;
use std::hash::Hasher;

use siphasher::sip::SipHasher13;

/// A tree of normalised texts, keys in the order in which they are read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A text, normalised by whoever read it.
    Text(String),
    /// A list.
    List(Vec<Form>),
    /// Keys and values.
    Map(Vec<(String, Form)>),
}

impl Form {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// How many lists and maps are inside each other.
    pub(super) fn levels(&self) -> usize {
        match self {
            Self::Text(_) => 0,
            Self::List(items) => 1 + items.iter().map(Self::levels).max().unwrap_or(0),
            Self::Map(entries) => {
                1 + entries.iter().map(|(_, value)| value.levels()).max().unwrap_or(0)
            }
        }
    }

    /// The form as a YAML document, without a document marker, with a line break at its end.
    pub(super) fn print(&self) -> String {
        let mut out = String::new();
        match self {
            Self::Map(entries) => print_map(&mut out, entries, 0),
            Self::List(items) => print_list(&mut out, items, 0),
            Self::Text(text) => {
                print_text(&mut out, text, 0);
                out.push('\n');
            }
        }
        out
    }
}

/// The hash of a canonical text: the version of the object. The keys are fixed for ever, so that a
/// definition has the same version on every machine and in every release.
pub(super) fn hash(canonical: &str) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(0x5265_6775_6c61_7273, 0x6465_6669_6e65_6421);
    hasher.write(canonical.as_bytes());
    hasher.finish()
}

fn print_map(out: &mut String, entries: &[(String, Form)], indent: usize) {
    for (index, (key, value)) in entries.iter().enumerate() {
        if index > 0 {
            pad(out, indent);
        }
        // Keys are words of ours, or kinds of identifiers.
        if bare(key) {
            out.push_str(key)
        } else {
            print_quoted(out, key)
        }
        out.push(':');
        match value {
            Form::Text(text) => {
                out.push(' ');
                print_text(out, text, indent + STEP);
                out.push('\n');
            }
            Form::List(items) if items.is_empty() => out.push_str(" []\n"),
            Form::Map(entries) if entries.is_empty() => out.push_str(" {}\n"),
            Form::List(items) => {
                out.push('\n');
                pad(out, indent + STEP);
                print_list(out, items, indent + STEP);
            }
            Form::Map(entries) => {
                out.push('\n');
                pad(out, indent + STEP);
                print_map(out, entries, indent + STEP);
            }
        }
    }
}

fn print_list(out: &mut String, items: &[Form], indent: usize) {
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            pad(out, indent);
        }
        out.push_str("- ");
        match item {
            Form::Text(text) => {
                print_text(out, text, indent + STEP);
                out.push('\n');
            }
            Form::List(items) if items.is_empty() => out.push_str("[]\n"),
            Form::Map(entries) if entries.is_empty() => out.push_str("{}\n"),
            Form::List(items) => print_list(out, items, indent + STEP),
            Form::Map(entries) => print_map(out, entries, indent + STEP),
        }
    }
}

const STEP: usize = 2;

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

/// Prints a text as it can be read back, in the plainest style that allows it.
fn print_text(out: &mut String, text: &str, indent: usize) {
    if plain(text) {
        out.push_str(text);
    } else if block(text) {
        print_block(out, text, indent);
    } else {
        print_quoted(out, text);
    }
}

/// Whether the text needs no quotes, and no other reader of YAML takes it for something else.
fn plain(text: &str) -> bool {
    const TAKEN: [&str; 8] = ["null", "true", "false", "on", "off", "y", "n", "nan"];
    let lower = text.to_ascii_lowercase();
    let yes_no = ["yes", "no"].contains(&lower.as_str());
    bare(text) && !TAKEN.contains(&lower.as_str()) && (!yes_no || lower == text)
}

/// Whether the text may stand without quotes.
fn bare(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_alphanumeric)
        && !text.ends_with([' ', ':'])
        && !text.contains(": ")
        && !text.contains(" #")
        && text.chars().all(printable)
}

/// A character that stands for itself in every style; a line break does not.
fn printable(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{feff}' | '\u{2028}' | '\u{2029}') && !c.is_whitespace()
        || c == ' '
}

/// Whether the text reads best line by line.
fn block(text: &str) -> bool {
    let body = text.trim_end_matches('\n');
    body.contains('\n')
        && text.chars().all(|c| printable(c) || c == '\n')
        && !body.lines().any(|line| line.ends_with(' '))
}

fn print_block(out: &mut String, text: &str, indent: usize) {
    let body = text.trim_end_matches('\n');
    out.push('|');
    if body.starts_with([' ', '\n']) {
        let _ = write!(out, "{STEP}");
    }
    match text.len() - body.len() {
        0 => out.push('-'),
        1 => {}
        _ => out.push('+'),
    }
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            pad(out, indent.max(STEP));
            out.push_str(line);
        }
    }
    // The line break after the last line is the caller's.
    for _ in 1..text.len() - body.len() {
        out.push('\n');
    }
}

fn print_quoted(out: &mut String, text: &str) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if printable(c) => out.push(c),
            c => {
                let _ = write!(out, "\\U{:08x}", u32::from(c));
            }
        }
    }
    out.push('"');
}
