//! What is wrong with definitions, where, and what would cure it; gathered, never one at a time.

use std::cell::RefCell;
use std::fmt;

use super::object::ObjectKind;

/// A place in a file of definitions.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file's name as it was handed in.
    pub file: String,
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// The column in characters, from 1; 0 for the file as a whole.
    pub column: usize,
}

impl fmt::Display for Place {
    /// `journeys/cart.yaml:12:7`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        Ok(())
    }
}

/// Something that has to be put right before the definitions can be used.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mistake {
    /// The file's name as it was handed in.
    pub file: String,
    /// The line, from 1; 0 for the file as a whole.
    pub line: usize,
    /// The column in characters, from 1; 0 for the file as a whole.
    pub column: usize,
    /// What is wrong.
    pub message: String,
    /// What would cure it.
    pub cure: String,
}

impl fmt::Display for Mistake {
    /// `journeys/cart.yaml:12:7: unknown key "prority" in the journey; did you mean "priority"?`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = Place { file: self.file.clone(), line: self.line, column: self.column };
        write!(f, "{place}: {}; {}", self.message, self.cure)
    }
}

/// Something that works but is perhaps not what was meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Notice {
    /// Where.
    pub place: Place,
    /// What.
    pub message: String,
}

impl fmt::Display for Notice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// Everything found so far. Readers add to it and go on, so that one run tells all.
#[derive(Debug, Default)]
pub(super) struct Findings {
    mistakes: RefCell<Vec<Mistake>>,
    notices: RefCell<Vec<Notice>>,
}

impl Findings {
    /// Nobody reads more; a file of rubbish must not fill the memory with its mistakes.
    const MISTAKES_MAX: usize = 1_000;

    pub(super) fn mistake(&self, place: Place, message: String, cure: String) {
        let mut mistakes = self.mistakes.borrow_mut();
        if mistakes.len() < Self::MISTAKES_MAX {
            let Place { file, line, column } = place;
            mistakes.push(Mistake { file, line, column, message, cure });
        }
    }

    pub(super) fn notice(&self, place: Place, message: String) {
        self.notices.borrow_mut().push(Notice { place, message });
    }

    /// Notes that an object could not be read, unless a mistake says why. A reader that gives up
    /// without a word would be our fault; an object must not be lost by it.
    pub(super) fn unless_told(&self, place: Place, kind: ObjectKind) {
        if self.mistakes.borrow().is_empty() {
            let message = format!("this {} could not be read", kind.word());
            self.mistake(
                place,
                message,
                "this is a fault of the program: please report it".to_owned(),
            );
        }
    }

    /// Mistakes by place, each once, and notices by place.
    pub(super) fn into_parts(self) -> (Vec<Mistake>, Vec<Notice>) {
        let (mut mistakes, mut notices) = (self.mistakes.into_inner(), self.notices.into_inner());
        mistakes.sort();
        mistakes.dedup();
        notices.sort();
        notices.dedup();
        (mistakes, notices)
    }
}

/// The longest quotation from a file in a message.
const QUOTED_MAX: usize = 60;

/// Text from a file in double quotes, shortened, on one line.
pub(super) fn quoted(text: &str) -> String {
    let mut short: String =
        text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(QUOTED_MAX).collect();
    if text.chars().nth(QUOTED_MAX).is_some() {
        short.push('…');
    }
    format!("\"{short}\"")
}
