//! From bytes to a tree of texts, lists and maps in which every node knows its place.
//!
//! All scalars are text: what they mean is said by the key they stand under, so `no` and `1.0` are
//! never taken for something else. Anchors, aliases and tags are refused: without them a file is
//! as large as it looks.

use std::cell::RefCell;
use std::ops::Range;

use saphyr_parser::{Event, Parser, Span};

use super::mistake::{Findings, Place, quoted};
use super::object::ObjectKind;

/// A file may have so many bytes: a thousand journeys.
pub(super) const FILE_SIZE_MAX: usize = 1024 * 1024;
/// Levels of lists and maps: sixteen branches inside each other.
pub(super) const LEVELS_MAX: usize = 64;

/// One file of definitions, and where its mistakes go.
#[derive(Debug)]
pub(super) struct Sheet<'a> {
    /// Its name.
    pub(super) file: &'a str,
    /// Its characters.
    pub(super) chars: Vec<char>,
    /// At which character each line begins.
    lines: Vec<usize>,
    /// Where its mistakes go.
    pub(super) findings: &'a Findings,
    /// Names that its objects use of others.
    pub(super) uses: RefCell<Vec<Use>>,
}

/// A name that one object uses of another.
#[derive(Clone, Debug)]
pub(super) struct Use {
    /// What it must name.
    pub(super) kind: ObjectKind,
    /// The name.
    pub(super) name: String,
    /// Where it is used.
    pub(super) place: Place,
}

impl<'a> Sheet<'a> {
    pub(super) fn new(file: &'a str, text: &str, findings: &'a Findings) -> Self {
        let chars: Vec<char> = text.chars().collect();
        let mut lines = vec![0];
        lines.extend(chars.iter().enumerate().filter(|(_, c)| **c == '\n').map(|(at, _)| at + 1));
        Self { file, chars, lines, findings, uses: RefCell::default() }
    }

    /// The place of the character number `at`.
    pub(super) fn place(&self, at: usize) -> Place {
        let line = self.lines.partition_point(|start| *start <= at).max(1);
        Place { file: self.file.to_owned(), line, column: at - self.lines[line - 1] + 1 }
    }

    /// The character at a line and column, each from 1; the first one for a file as a whole.
    pub(super) fn offset(&self, line: usize, column: usize) -> usize {
        let start = line.checked_sub(1).and_then(|line| self.lines.get(line)).copied();
        start.unwrap_or(0) + column.saturating_sub(1)
    }

    /// Notes that the object named `name` is used at the character number `at`.
    pub(super) fn uses(&self, at: usize, kind: ObjectKind, name: &str) {
        let place = self.place(at);
        self.uses.borrow_mut().push(Use { kind, name: name.to_owned(), place });
    }

    /// Notes a mistake at the character number `at`.
    pub(super) fn wrong(&self, at: usize, message: impl Into<String>, cure: impl Into<String>) {
        self.findings.mistake(self.place(at), message.into(), cure.into());
    }
}

/// A node of the tree.
#[derive(Clone, Debug)]
pub(super) struct Node {
    /// Its characters in the file; of a list or map, up to its last item.
    pub(super) at: Range<usize>,
    /// What it holds.
    pub(super) value: Value,
}

/// What a node holds.
#[derive(Clone, Debug)]
pub(super) enum Value {
    /// A scalar, whatever its style; empty where nothing was written.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Keys and values in the order of the file.
    Map(Vec<(Node, Node)>),
}

impl Node {
    /// The text of a scalar.
    pub(super) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            Value::List(_) | Value::Map(_) => None,
        }
    }

    /// Whether nothing was written, or an empty text.
    pub(super) fn blank(&self) -> bool {
        self.text().is_some_and(|text| text.trim().is_empty())
    }
}

/// One document of a file.
#[derive(Debug)]
pub(super) enum Document {
    /// It could be read.
    Whole(Node),
    /// It could not: what was read up to the mistake, which is noted.
    Broken(Option<(String, String)>),
}

/// Reads all documents of a file. A mistake in one leaves the others whole.
pub(super) fn read(sheet: &Sheet<'_>) -> Vec<Document> {
    let mut documents = Vec::new();
    let mut start = 0;
    for end in sheet.lines.iter().skip(1).copied().chain([sheet.chars.len()]) {
        let last = end == sheet.chars.len();
        if last || begins_document(&sheet.chars[end..]) {
            read_part(sheet, start..end, &mut documents);
            start = end;
        }
        if last {
            break;
        }
    }
    documents
}

fn begins_document(chars: &[char]) -> bool {
    chars.starts_with(&['-', '-', '-']) && chars.get(3).is_none_or(|c| c.is_whitespace())
}

fn read_part(sheet: &Sheet<'_>, part: Range<usize>, documents: &mut Vec<Document>) {
    let text: String = sheet.chars[part.clone()].iter().collect();
    let text = text.trim_start_matches('\u{feff}');
    let base = part.end - text.chars().count();
    let mut tree = Tree { sheet, base, open: Vec::new(), done: None };
    let mut parser = Parser::new_from_str(text);
    while let Some(next) = parser.next_event() {
        let broken = match next {
            Ok((Event::DocumentEnd, _)) => {
                documents.extend(tree.done.take().map(Document::Whole));
                false
            }
            Ok((event, span)) => tree.take(event, span).is_err(),
            Err(error) => {
                let at = base + error.marker().index().min(part.len().saturating_sub(1));
                let (message, cure) = in_our_words(error.info(), sheet, at);
                sheet.wrong(at, message, cure);
                true
            }
        };
        if broken {
            documents.push(Document::Broken(tree.first_entry()));
            return;
        }
    }
}

/// What the parser says, in the words of somebody who does not know YAML by heart.
fn in_our_words(info: &str, sheet: &Sheet<'_>, at: usize) -> (String, String) {
    let place = sheet.place(at);
    let line_start = at + 1 - place.column;
    let indent = sheet.chars[line_start..].iter().take_while(|c| c.is_whitespace() && **c != '\n');
    let message = format!("this is not YAML: {info}");
    let cure = if indent.into_iter().any(|c| *c == '\t') {
        "indent with spaces: a tab has no width in YAML"
    } else if info.contains("recursion") {
        "there are too many lists and maps inside each other: split it"
    } else if info.contains("mapping values") {
        "put quotes around a text with a colon, or begin a new line"
    } else if info.contains("simple key") || info.contains("expected ':'") {
        "write \"key: value\" with a space after the colon"
    } else if info.contains("quoted scalar") {
        "close the quotes"
    } else if info.contains("anchor") || info.contains("alias") {
        "put quotes around a text that begins with * or &"
    } else if info.contains("flow ") {
        "close the brackets, and put commas between what stands in them"
    } else if info.contains("unexpected character") {
        "put quotes around a text that begins with a sign such as @, %, * or `"
    } else {
        "look at the indentation, brackets and quotes of this line and the one before"
    };
    (message, cure.to_owned())
}

/// A list or map that is being read.
struct Open {
    start: usize,
    value: Value,
    key: Option<Node>,
}

/// The tree as far as it is read.
struct Tree<'s> {
    sheet: &'s Sheet<'s>,
    base: usize,
    open: Vec<Open>,
    done: Option<Node>,
}

/// The document goes no further; the mistake is noted.
struct Stop;

impl Tree<'_> {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Stop> {
        let at = self.base + span.start.index()..self.base + span.end.index();
        match event {
            Event::Scalar(text, _, anchor, tag) => {
                self.plain(at.start, anchor, tag.is_some());
                self.put(Node { at, value: Value::Text(text.into_owned()) });
            }
            Event::Alias(_) => {
                // What it stands for is not known, so nothing else can be said of the document.
                self.sheet.wrong(at.start, "an alias (*) is used", "write it out");
                return Err(Stop);
            }
            Event::SequenceStart(anchor, tag) => {
                self.plain(at.start, anchor, tag.is_some());
                self.begin(at.start, Value::List(Vec::new()))?;
            }
            Event::MappingStart(anchor, tag) => {
                self.plain(at.start, anchor, tag.is_some());
                self.begin(at.start, Value::Map(Vec::new()))?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let open = self.open.pop().expect("the parser closes what it opened");
                self.put(Node { at: open.start..at.end.max(open.start), value: open.value });
            }
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn plain(&self, at: usize, anchor: usize, tagged: bool) {
        if anchor > 0 {
            self.sheet.wrong(at, "an anchor (&) is set", "write things out where they are used");
        }
        if tagged {
            self.sheet.wrong(at, "a tag (!) is set", "leave it out: a key says what its value is");
        }
    }

    fn begin(&mut self, start: usize, value: Value) -> Result<(), Stop> {
        if self.open.len() >= LEVELS_MAX {
            let message = format!("more than {LEVELS_MAX} lists and maps inside each other");
            self.sheet.wrong(start, message, "split it: a journey may hand over to another one");
            return Err(Stop);
        }
        self.open.push(Open { start, value, key: None });
        Ok(())
    }

    fn put(&mut self, node: Node) {
        let Some(open) = self.open.last_mut() else {
            self.done = Some(node);
            return;
        };
        match (&mut open.value, open.key.take()) {
            (Value::List(items), _) => items.push(node),
            (Value::Map(entries), Some(key)) => entries.push((key, node)),
            (Value::Map(_), None) => open.key = Some(node),
            (Value::Text(_), _) => unreachable!("only lists and maps are opened"),
        }
    }

    /// The first key and value of the document: which object it was going to be.
    fn first_entry(&self) -> Option<(String, String)> {
        let Value::Map(entries) = &self.open.first()?.value else { return None };
        let (key, value) = entries.first()?;
        Some((key.text()?.trim().to_owned(), value.text()?.trim().to_owned()))
    }
}

/// Says that a node is not what is wanted here.
pub(super) fn not_a(sheet: &Sheet<'_>, node: &Node, wanted: &str, example: &str) {
    let found = match &node.value {
        Value::Text(text) if text.trim().is_empty() => "nothing".to_owned(),
        Value::Text(text) => format!("the text {}", quoted(text.trim())),
        Value::List(_) => "a list".to_owned(),
        Value::Map(_) => "keys and values".to_owned(),
    };
    sheet.wrong(
        node.at.start,
        format!("{wanted} is wanted here, and {found} stands here"),
        format!("write it like this: {example}"),
    );
}
