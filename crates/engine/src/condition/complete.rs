//! Completion: what may stand at the cursor, by the same parser that reads conditions, so that
//! whatever is suggested is understood.

use super::names::Names;
use super::parse::expected_at_end;

/// What a suggestion is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Suggests {
    /// A word of the language.
    Word,
    /// A kind of event.
    Event,
    /// A trait.
    Trait,
    /// A field of an event, an order or a line.
    Field,
    /// A segment.
    Segment,
    /// A static list.
    List,
    /// A score.
    Score,
    /// A product.
    Product,
    /// A category.
    Category,
    /// A text, number, length of time or day, which only the writer knows.
    Value,
}

impl Suggests {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Word => "word",
            Self::Event => "event",
            Self::Trait => "trait",
            Self::Field => "field",
            Self::Segment => "segment",
            Self::List => "list",
            Self::Score => "score",
            Self::Product => "product",
            Self::Category => "category",
            Self::Value => "value",
        }
    }
}

/// One suggestion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Suggestion {
    /// What to put in place of what has been typed; names stand in their quotes. Of a
    /// [`Suggests::Value`] an example of its form.
    pub text: String,
    /// What it is.
    pub kind: Suggests,
}

/// What may stand at the cursor.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completion {
    /// Where what is being typed begins, in bytes: a suggestion goes from here to the cursor.
    pub from: usize,
    /// Suggestions, the likeliest first: words as the language lists them, then names.
    pub suggestions: Vec<Suggestion>,
}

/// The most suggestions: more than fit on a screen.
const SUGGESTIONS_MAX: usize = 50;

/// What may stand behind `before`, the text up to the cursor. Empty where something in it is wrong,
/// or inside of a text that only the writer knows.
#[must_use]
pub fn complete(before: &str, names: &Names) -> Completion {
    let from = typed_from(before);
    let typed = before[from..].trim_start_matches('"').to_lowercase();
    let quoted = before[from..].starts_with('"');
    let mut starts = Vec::new();
    let mut holds = Vec::new();
    for hint in expected_at_end(&before[..from]) {
        for suggestion in suggestions(&hint, names) {
            if quoted && suggestion.kind == Suggests::Word {
                continue;
            }
            let plain = suggestion.text.trim_matches('"').to_lowercase();
            let list = if plain.starts_with(&typed) || suggestion.kind == Suggests::Value {
                &mut starts
            } else if plain.contains(&typed) {
                &mut holds
            } else {
                continue;
            };
            if plain != typed && !list.contains(&suggestion) {
                list.push(suggestion);
            }
        }
    }
    if !typed.is_empty() {
        starts.retain(|suggestion| suggestion.kind != Suggests::Value);
    }
    starts.extend(holds);
    starts.truncate(SUGGESTIONS_MAX);
    Completion { from, suggestions: starts }
}

/// Where the word or the open quote before the cursor begins.
fn typed_from(before: &str) -> usize {
    let mut open = None;
    let mut escaped = false;
    for (index, c) in before.char_indices() {
        match c {
            '\\' if open.is_some() && !escaped => {
                escaped = true;
                continue;
            }
            '"' if !escaped => open = if open.is_some() { None } else { Some(index) },
            _ => {}
        }
        escaped = false;
    }
    open.unwrap_or_else(|| {
        let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        before.trim_end_matches(word).len()
    })
}

/// What the parser would take at the end of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Hint {
    /// This word.
    Word(&'static str),
    /// A name of this kind.
    Name(Suggests),
    /// Something of this form.
    Value(&'static str),
}

fn suggestions(hint: &Hint, names: &Names) -> Vec<Suggestion> {
    let named = |kind: Suggests, held: &[String]| -> Vec<Suggestion> {
        let quote = |name: &String| {
            let bare = matches!(kind, Suggests::Trait | Suggests::Field)
                && !name.is_empty()
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                && !name.starts_with(|c: char| c.is_ascii_digit());
            if bare { name.clone() } else { super::print::Quoted(name).to_string() }
        };
        held.iter().map(|name| Suggestion { text: quote(name), kind }).collect()
    };
    match hint {
        Hint::Word(word) => vec![Suggestion { text: (*word).to_owned(), kind: Suggests::Word }],
        Hint::Value(form) => vec![Suggestion { text: (*form).to_owned(), kind: Suggests::Value }],
        Hint::Name(kind) => match kind {
            Suggests::Event => named(*kind, &names.events),
            Suggests::Trait => named(*kind, &names.traits),
            Suggests::Field => named(*kind, &names.fields),
            Suggests::Segment => named(*kind, &names.segments),
            Suggests::List => named(*kind, &names.lists),
            Suggests::Score => named(*kind, &names.scores),
            Suggests::Product => named(*kind, &names.products),
            Suggests::Category => named(*kind, &names.categories),
            Suggests::Word | Suggests::Value => Vec::new(),
        },
    }
}
