//! The formatter: a condition in its printed form, broken into lines where it is long.
//!
//! **Invariant:** what is laid out parses to the same tree, so laying it out again changes nothing.

use super::ast::Condition;

/// The longest line, in characters; statements are never broken.
const WIDTH: usize = 80;

impl Condition {
    /// The printed form; a part that does not fit into a line has one line for each of its own.
    #[must_use]
    pub fn laid_out(&self) -> String {
        let mut text = String::new();
        write(self, 0, 0, Place::Outside, &mut text);
        text
    }
}

/// What stands around a part, which decides on its brackets.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Outside,
    Inside,
}

/// Writes `condition` where `taken` characters of the line are used, in lines that begin with
/// `indent` spaces.
#[expect(clippy::wildcard_enum_match_arm, reason = "only groups are broken")]
fn write(condition: &Condition, indent: usize, taken: usize, place: Place, text: &mut String) {
    let printed = condition.to_string();
    let fits = indent + taken + printed.chars().count() <= WIDTH;
    let (parts, word) = match condition {
        Condition::All(parts) if !fits => (parts, "and "),
        Condition::Any(parts) if !fits => (parts, "or "),
        _ => {
            let grouped = matches!(condition, Condition::All(_) | Condition::Any(_));
            if grouped && place == Place::Inside {
                text.push('(');
                text.push_str(&printed);
                text.push(')');
            } else {
                text.push_str(&printed);
            }
            return;
        }
    };
    let brackets = place == Place::Inside;
    let inner = if brackets { indent + 2 } else { indent };
    if brackets {
        text.push('(');
        line(inner, text);
    }
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            line(inner, text);
            text.push_str(word);
        }
        let taken = if index > 0 { word.len() } else { 0 };
        write(part, inner, taken, Place::Inside, text);
    }
    if brackets {
        line(indent, text);
        text.push(')');
    }
}

fn line(indent: usize, text: &mut String) {
    text.push('\n');
    text.extend(std::iter::repeat_n(' ', indent));
}
