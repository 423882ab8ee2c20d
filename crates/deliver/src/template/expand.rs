//! Puts partials and words in their places, before anything else is looked at.
//!
//! `{% include "footer" %}` is replaced by the text of a partial, `{{ words.hello }}` by what the
//! template says in the language it is compiled for, `{{ language }}` by that language. It is done
//! once, when a template is saved, and on its text: whatever is put in passes the same checks as what
//! was written around it, and rendering knows nothing of it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::error::{Part, Problem, TemplateError};
use super::policy;
use super::scan::{Piece, Tag, TagKind, count_lines, keyword, scan, skeleton};
use super::source::{LEVELS_MAX, SIZE_MAX, Template};

/// Texts by language and then by name.
pub type Words = BTreeMap<String, BTreeMap<String, String>>;

/// What a template is compiled with beside its own text.
#[derive(Debug, Clone, Default)]
pub struct Beside {
    /// Partials by name.
    pub partials: BTreeMap<String, Partial>,
    /// What the template says in each language.
    pub words: Words,
    /// The languages in which words are looked up, the best first.
    pub languages: Vec<String>,
}

/// A part that templates share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Partial {
    /// MJML with placeholders.
    pub body: String,
    /// What it says in each language; what it does not say itself is asked of the template.
    pub words: Words,
}

/// Where a line was written: in which partial, if in one, and on which line there.
type Written = (Option<Arc<str>>, usize);

/// Where the lines of the expanded parts were written.
#[derive(Debug, Default)]
pub(super) struct Lines {
    body: Vec<Written>,
    text: Vec<Written>,
}

impl Lines {
    /// Where a line of an expanded part was written: in which partial, and on which line there.
    pub(super) fn written(&self, part: Part, line: usize) -> Written {
        let lines = match part {
            Part::Body => &self.body,
            Part::Text => &self.text,
            Part::Subject | Part::Preheader | Part::Push(_) => return (None, line),
        };
        let found = line.checked_sub(1).and_then(|index| lines.get(index));
        found.cloned().unwrap_or((None, line))
    }

    /// The error with the place at which it was written.
    pub(super) fn place(&self, error: TemplateError) -> TemplateError {
        if error.within.is_some() {
            return error;
        }
        let (within, line) = self.written(error.part, error.line);
        TemplateError { within, line, ..error }
    }
}

/// Puts everything in its place.
///
/// # Errors
/// Partials and words that are missing, that go round in a circle, or that are wrong in themselves.
pub(super) fn expand(
    template: &Template,
    beside: &Beside,
) -> Result<(Template, Lines), Vec<TemplateError>> {
    let mut expansion = Expansion::new(beside);
    let subject = expansion.part(Part::Subject, &template.subject).0;
    let preheader = expansion.part(Part::Preheader, &template.preheader).0;
    let (body, body_lines) = expansion.part(Part::Body, &template.body);
    let text = template.text.as_deref().map(|text| expansion.part(Part::Text, text));
    if !expansion.errors.is_empty() {
        return Err(expansion.errors);
    }
    let (text, text_lines) = text.unzip();
    let expanded = Template { kind: template.kind, subject, preheader, body, text };
    Ok((expanded, Lines { body: body_lines, text: text_lines.unwrap_or_default() }))
}

/// Puts words in their places in one text, which holds no partials.
///
/// # Errors
/// As for [`expand`].
pub(super) fn expand_text(
    part: Part,
    source: &str,
    beside: &Beside,
) -> Result<String, Vec<TemplateError>> {
    let mut expansion = Expansion::new(beside);
    let (text, _) = expansion.part(part, source);
    if expansion.errors.is_empty() { Ok(text) } else { Err(expansion.errors) }
}

impl Beside {
    /// What is wrong with the partials, whether or not a template puts them in. Words that a
    /// template would have to say are no mistake of theirs.
    #[must_use]
    pub fn partial_mistakes(&self) -> Vec<TemplateError> {
        let mut expansion = Expansion::new(self);
        for name in self.partials.keys() {
            expansion.out.clear();
            expansion.lines.clear();
            expansion.full = false;
            expansion.include(name, 1);
        }
        let own = |error: &TemplateError| !matches!(error.problem, Problem::NoWord { .. });
        expansion.errors.into_iter().filter(own).collect()
    }
}

struct Expansion<'b> {
    beside: &'b Beside,
    part: Part,
    /// The partials that are being put in, the outermost first.
    open: Vec<Arc<str>>,
    /// Those that were looked at by themselves.
    checked: BTreeSet<(Part, String)>,
    errors: Vec<TemplateError>,
    out: String,
    lines: Vec<Written>,
    /// Whether it became so large that nothing more is put in.
    full: bool,
}

impl<'b> Expansion<'b> {
    fn new(beside: &'b Beside) -> Self {
        Self {
            beside,
            part: Part::Body,
            open: Vec::new(),
            checked: BTreeSet::new(),
            errors: Vec::new(),
            out: String::new(),
            lines: Vec::new(),
            full: false,
        }
    }

    /// The part with everything in its place, and where each of its lines was written.
    fn part(&mut self, part: Part, source: &str) -> (String, Vec<Written>) {
        self.part = part;
        self.out.clear();
        self.lines.clear();
        self.lines.push((None, 1));
        self.put(source);
        (std::mem::take(&mut self.out), std::mem::take(&mut self.lines))
    }

    /// Puts in a text of the template or of the partial that is open.
    fn put(&mut self, source: &str) {
        let pieces = match scan(self.part, source) {
            Ok(pieces) => pieces,
            Err(error) => return self.wrong(error.line, error.problem),
        };
        let mut line = 1;
        for piece in pieces {
            if self.full {
                return;
            }
            match piece {
                Piece::Literal(text) | Piece::Comment(text) => self.write(text, &mut line),
                Piece::Tag(tag) => match role(&tag) {
                    Role::Include(name) if self.part == Part::Body => {
                        self.include(name, line);
                        line += count_lines(tag.source);
                        // So that what follows on this line is told apart from the partial.
                        self.begin_line(line);
                    }
                    Role::Word(name) => {
                        self.word(name, line);
                        line += count_lines(tag.source);
                    }
                    Role::Language if !self.beside.languages.is_empty() => {
                        self.out.push_str(&self.beside.languages[0]);
                        line += count_lines(tag.source);
                    }
                    Role::Language | Role::Include(_) | Role::Other => {
                        self.write(tag.source, &mut line);
                    }
                },
            }
        }
    }

    fn write(&mut self, text: &str, line: &mut usize) {
        self.out.push_str(text);
        for _ in 0..count_lines(text) {
            *line += 1;
            self.lines.push((self.open.last().cloned(), *line));
        }
        self.full |= self.out.len() > SIZE_MAX;
    }

    fn begin_line(&mut self, line: usize) {
        self.out.push('\n');
        self.lines.push((self.open.last().cloned(), line));
        self.full |= self.out.len() > SIZE_MAX;
    }

    fn wrong(&mut self, line: usize, problem: Problem) {
        let within = self.open.last().cloned();
        let error = TemplateError { within, ..TemplateError::new(self.part, line, problem) };
        if !self.errors.contains(&error) {
            self.errors.push(error);
        }
    }

    fn include(&mut self, name: &str, line: usize) {
        let beside = self.beside;
        let Some(partial) = beside.partials.get(name) else {
            let known = beside.partials.keys().cloned().collect();
            return self.wrong(line, Problem::NoPartial { name: name.to_owned(), known });
        };
        if self.open.iter().any(|open| &**open == name) {
            return self.wrong(line, Problem::Circle { name: name.to_owned() });
        }
        if self.open.len() >= LEVELS_MAX {
            return self.wrong(line, Problem::TooDeep);
        }
        self.open.push(name.into());
        if self.checked.insert((self.part, name.to_owned())) {
            self.check_alone(&partial.body);
        }
        // So that lines of the partial begin where its text does.
        self.begin_line(1);
        self.put(&partial.body);
        self.open.pop();
    }

    /// A partial opens nothing that another would have to close.
    fn check_alone(&mut self, body: &str) {
        let Ok(pieces) = scan(self.part, body) else { return };
        let own: Vec<Piece<'_>> = pieces
            .into_iter()
            .map(|piece| match piece {
                Piece::Tag(tag) if !matches!(role(&tag), Role::Other) => Piece::Comment(tag.source),
                Piece::Tag(_) | Piece::Literal(_) | Piece::Comment(_) => piece,
            })
            .collect();
        for (line, problem) in policy::check(&skeleton(&own)).problems {
            self.wrong(line, problem);
        }
    }

    /// What is said under `name`, in the best language there is: by the partial that asks, else by
    /// those around it, else by the template.
    fn word(&mut self, name: &str, line: usize) {
        let beside = self.beside;
        let around = self.open.iter().rev().filter_map(|open| beside.partials.get(&**open));
        let all: Vec<&Words> =
            around.map(|partial| &partial.words).chain([&beside.words]).collect();
        let found = beside.languages.iter().find_map(|language| {
            all.iter().find_map(|words| Some((language, words.get(language)?.get(name)?)))
        });
        let Some((language, text)) = found else {
            let held: BTreeSet<String> = all
                .iter()
                .flat_map(|words| words.values())
                .flat_map(|said| said.keys().cloned())
                .collect();
            let known = held.into_iter().collect();
            return self.wrong(line, Problem::NoWord { name: name.to_owned(), known });
        };
        self.check_word(name, language, text);
        self.out.push_str(text);
        let within = self.open.last().cloned();
        self.lines.extend((0..count_lines(text)).map(|_| (within.clone(), line)));
        self.full |= self.out.len() > SIZE_MAX;
    }

    /// The words are wrong in themselves: told at their own place, since they may be used anywhere.
    fn check_word(&mut self, name: &str, language: &str, text: &str) {
        let label = format!("words \"{name}\" in {language}");
        if !self.checked.insert((self.part, label.clone())) {
            return;
        }
        let problems = match scan(self.part, text) {
            Err(error) => vec![(error.line, error.problem)],
            Ok(pieces) if pieces.iter().any(|piece| !stands_for_itself(piece)) => {
                vec![(1, Problem::WordsInWords)]
            }
            Ok(pieces) => policy::check(&skeleton(&pieces)).problems,
        };
        for (line, problem) in problems {
            let within = Some(label.as_str().into());
            let error = TemplateError { within, ..TemplateError::new(self.part, line, problem) };
            self.errors.push(error);
        }
    }
}

fn stands_for_itself(piece: &Piece<'_>) -> bool {
    match piece {
        Piece::Tag(tag) => matches!(role(tag), Role::Other),
        Piece::Literal(_) | Piece::Comment(_) => true,
    }
}

/// What a tag stands for.
enum Role<'a> {
    Include(&'a str),
    Word(&'a str),
    Language,
    Other,
}

fn role<'a>(tag: &Tag<'a>) -> Role<'a> {
    let source = tag.source;
    let inside = source[2..source.len() - 2].trim_matches(['-', '+']).trim();
    match tag.kind {
        TagKind::Statement if keyword(source) == "include" => {
            let name = inside["include".len()..].trim();
            let bare = ['"', '\'']
                .iter()
                .find_map(|quote| name.strip_prefix(*quote)?.strip_suffix(*quote));
            bare.filter(|name| !name.contains(['"', '\''])).map_or(Role::Other, Role::Include)
        }
        TagKind::Print if inside == "language" => Role::Language,
        TagKind::Print => match inside.strip_prefix("words.") {
            Some(name)
                if !name.is_empty()
                    && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') =>
            {
                Role::Word(name)
            }
            Some(_) | None => Role::Other,
        },
        TagKind::Statement => Role::Other,
    }
}
