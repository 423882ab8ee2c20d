//! From a mapping file's text to a tree of texts, lists and maps in which every node knows its
//! place. All scalars are text: `.0` stays `.0`, whatever YAML would make of it.

use regulars_engine::definition::Mistake;
use saphyr_parser::{Event, Parser, Span};

/// The largest mapping file in bytes; a mapping of every column of a wide file has a few kilobytes.
const BYTES_MAX: usize = 256 << 10;

/// The deepest nesting; mappings need four levels.
const LEVELS_MAX: usize = 16;

/// Where a node begins: line and column, both from 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct At {
    pub(super) line: usize,
    pub(super) column: usize,
}

/// A node of the tree.
#[derive(Clone, Debug)]
pub(super) struct Node {
    pub(super) at: At,
    pub(super) value: Content,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Text(String),
    List(Vec<Node>),
    Map(Vec<(Node, Node)>),
}

impl Node {
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Content::Text(text) => Some(text.trim()),
            Content::List(_) | Content::Map(_) => None,
        }
    }
}

/// Everything that is wrong with a file, gathered so that one run tells all.
#[derive(Debug)]
pub(super) struct Mistakes {
    file: String,
    pub(super) found: Vec<Mistake>,
}

impl Mistakes {
    pub(super) fn new(file: &str) -> Self {
        Self { file: file.to_owned(), found: Vec::new() }
    }

    pub(super) fn add(&mut self, at: At, message: impl Into<String>, cure: impl Into<String>) {
        self.found.push(Mistake {
            file: self.file.clone(),
            line: at.line,
            column: at.column,
            message: message.into(),
            cure: cure.into(),
        });
    }
}

/// Reads the one document of a mapping file; `None` if it could not be read, which is noted.
pub(super) fn read(text: &str, mistakes: &mut Mistakes) -> Option<Node> {
    if text.len() > BYTES_MAX {
        mistakes.add(At::default(), "the mapping has more than 256 kB", "is it the table itself?");
        return None;
    }
    let mut tree = Tree { open: Vec::new(), done: None };
    for next in Parser::new_from_str(text.trim_start_matches('\u{feff}')) {
        match next {
            Ok((event, span)) => tree.take(event, span, mistakes)?,
            Err(error) => {
                let at = At { line: error.marker().line(), column: error.marker().col() + 1 };
                mistakes.add(
                    at,
                    format!("this is not YAML: {}", error.info()),
                    "look at the indentation, colons and quotes of this line and the one before",
                );
                return None;
            }
        }
    }
    if tree.done.is_none() {
        mistakes.add(
            At { line: 1, column: 1 },
            "the mapping is empty",
            "begin with \"rows: lines\"",
        );
    }
    tree.done
}

struct Open {
    node: Node,
    key: Option<Node>,
}

struct Tree {
    open: Vec<Open>,
    done: Option<Node>,
}

impl Tree {
    fn take(&mut self, event: Event<'_>, span: Span, mistakes: &mut Mistakes) -> Option<()> {
        let at = At { line: span.start.line(), column: span.start.col() + 1 };
        match event {
            Event::Scalar(text, ..) => {
                self.put(Node { at, value: Content::Text(text.into_owned()) }, mistakes);
            }
            Event::SequenceStart(..) => self.begin(at, Content::List(Vec::new()), mistakes)?,
            Event::MappingStart(..) => self.begin(at, Content::Map(Vec::new()), mistakes)?,
            Event::SequenceEnd | Event::MappingEnd => {
                let open = self.open.pop()?;
                self.put(open.node, mistakes);
            }
            Event::Alias(_) => {
                mistakes.add(at, "an alias (*) is used", "write it out");
                return None;
            }
            Event::DocumentStart(_) if self.done.is_some() => {
                mistakes.add(at, "a second document begins", "write one mapping a file");
                return None;
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
            #[expect(unreachable_patterns, reason = "the parser may learn to report comments")]
            _ => {}
        }
        Some(())
    }

    fn begin(&mut self, at: At, value: Content, mistakes: &mut Mistakes) -> Option<()> {
        if self.open.len() >= LEVELS_MAX {
            mistakes.add(at, "lists and maps are nested too deep", "a mapping needs four levels");
            return None;
        }
        self.open.push(Open { node: Node { at, value }, key: None });
        Some(())
    }

    fn put(&mut self, node: Node, mistakes: &mut Mistakes) {
        let Some(open) = self.open.last_mut() else {
            self.done = Some(node);
            return;
        };
        match (&mut open.node.value, open.key.take()) {
            (Content::List(items), _) => items.push(node),
            (Content::Map(entries), Some(key)) => {
                if entries
                    .iter()
                    .any(|(known, _)| known.text().is_some() && known.text() == key.text())
                {
                    let name = key.text().unwrap_or_default().to_owned();
                    mistakes.add(
                        key.at,
                        format!("\"{name}\" stands here twice"),
                        "keep one of them",
                    );
                }
                entries.push((key, node));
            }
            (Content::Map(_), None) => open.key = Some(node),
            (Content::Text(_), _) => {}
        }
    }
}
