//! What can be wrong with a template: where, what, and what to do about it.

use std::fmt;
use std::sync::Arc;

use super::mjml::{TOKEN_END, TOKEN_START};
use super::site::SitePlace;
use super::source::{LEVELS_MAX, RENDERED_MAX, SIZE_MAX, TAG_SIZE_MAX, TAGS_MAX};
use crate::sms::SEGMENTS_MAX;

/// The part of a template that an error is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The subject.
    Subject,
    /// The preheader.
    Preheader,
    /// The MJML body.
    Body,
    /// The plain text.
    Text,
    /// A part of a push message.
    Push(SitePlace),
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Subject => "subject",
            Self::Preheader => "preheader",
            Self::Body => "body",
            Self::Text => "text",
            Self::Push(place) => place.word(),
        })
    }
}

/// One mistake in a template, found when it is saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}, line {line}: {problem}; {}", self.place(), problem.cure())]
pub struct TemplateError {
    /// The part.
    pub part: Part,
    /// What was put into that part, if the mistake stands there: the name of a partial, or which
    /// words in which language.
    pub within: Option<Arc<str>>,
    /// The line from 1: in what was put in, else in the part.
    pub line: usize,
    /// What is wrong.
    pub problem: Problem,
}

impl TemplateError {
    pub(super) fn new(part: Part, line: usize, problem: Problem) -> Self {
        Self { part, within: None, line, problem }
    }

    /// Where it stands: `body`, or `body, partial "footer"`.
    #[must_use]
    pub fn place(&self) -> String {
        place(self.part, self.within.as_deref())
    }
}

fn place(part: Part, within: Option<&str>) -> String {
    match within {
        None => part.to_string(),
        Some(words) if words.starts_with("words ") => format!("{part}, {words}"),
        Some(partial) => format!("{part}, partial \"{partial}\""),
    }
}

/// What is wrong with a template.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// All parts together are over the limit.
    #[error("the template has {size} bytes")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// The HTML that the body makes is over the limit.
    #[error("the body makes {size} bytes of HTML")]
    LongHtml {
        /// Its size in bytes.
        size: usize,
    },
    /// A text message that is too long whatever is filled in.
    #[error("it takes {segments} text messages, and at most {SEGMENTS_MAX} are sent as one")]
    LongText {
        /// How many it takes.
        segments: usize,
    },
    /// Elements or statements stand too deep inside each other.
    #[error("more than {LEVELS_MAX} levels are nested")]
    TooDeep,
    /// A part has too many placeholders.
    #[error("more than {TAGS_MAX} placeholders")]
    TooManyTags,
    /// One placeholder is too long.
    #[error("a placeholder is longer than {TAG_SIZE_MAX} bytes")]
    TagTooLong,
    /// A placeholder or comment has no end.
    #[error("\"{opening}\" is never closed")]
    NotClosed {
        /// `{{`, `{%` or `{#`.
        opening: String,
    },
    /// A word that stands for placeholders while a template is compiled.
    #[error("the words \"{TOKEN_START}\" and \"{TOKEN_END}\" cannot be used")]
    Reserved,
    /// The part is empty and must not be.
    #[error("the {part} is empty")]
    Empty {
        /// The part.
        part: Part,
    },
    /// The subject has several lines.
    #[error("the subject has more than one line")]
    SubjectLines,
    /// A placeholder cannot be read.
    #[error("the placeholder cannot be read: {detail}")]
    Syntax {
        /// What the parser says; it quotes the template only.
        detail: String,
    },
    /// A statement that templates may not use.
    #[error("the statement \"{name}\" cannot be used here")]
    Statement {
        /// Its name.
        name: String,
    },
    /// A filter that does not exist here.
    #[error("there is no filter \"{name}\"")]
    Filter {
        /// Its name.
        name: String,
    },
    /// A test that does not exist here.
    #[error("there is no test \"is {name}\"")]
    Test {
        /// Its name.
        name: String,
    },
    /// A call of a function or method.
    #[error("templates cannot call anything")]
    Call,
    /// An operator that could make texts grow without bound.
    #[error("the operator \"{operator}\" cannot be used here")]
    Operator {
        /// The operator.
        operator: String,
    },
    /// A literal that templates have no use for.
    #[error("a map in braces cannot be used here")]
    MapLiteral,
    /// MJML that the engine does not take.
    #[error("the MJML cannot be read: {detail}")]
    Mjml {
        /// What the engine says, without values.
        detail: String,
    },
    /// `mj-include`, in any spelling.
    #[error("mj-include cannot be used")]
    Include,
    /// A partial that does not exist.
    #[error("there is no partial \"{name}\"")]
    NoPartial {
        /// Its name.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// A partial that is put into itself.
    #[error("the partial \"{name}\" is put into itself")]
    Circle {
        /// Its name.
        name: String,
    },
    /// Words that no language has.
    #[error("no words \"{name}\" are written, in none of the languages asked")]
    NoWord {
        /// Their name.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// Words that are used otherwise than printed as they are.
    #[error("words can only be printed as they are")]
    Words,
    /// Words or partials inside words.
    #[error("words cannot hold other words or partials")]
    WordsInWords,
    /// An element that has no place in a message.
    #[error("the element \"{name}\" has no place in an e-mail")]
    Element {
        /// Its name.
        name: String,
    },
    /// An attribute that runs script.
    #[error("the attribute \"{name}\" would run script")]
    Script {
        /// Its name.
        name: String,
    },
    /// A placeholder where a value could change the structure of the message.
    #[error("a placeholder cannot stand {place}")]
    Place {
        /// Where it stands.
        place: &'static str,
    },
    /// A link with a scheme that is not allowed, or none.
    #[error("the {attribute} of an element does not lead to http, https, mailto or tel")]
    Link {
        /// The attribute.
        attribute: String,
    },
    /// A marketing template that does not let people go.
    #[error("a marketing template must print {{{{ {variable} }}}}")]
    Required {
        /// The variable.
        variable: &'static str,
    },
}

impl Problem {
    /// What to do about it.
    pub fn cure(&self) -> String {
        match self {
            Self::TooLarge { .. } => format!(
                "keep it under {} kB, with images as links rather than inside",
                SIZE_MAX / 1024
            ),
            Self::LongHtml { .. } => format!(
                "keep it under {} kB: mail programs cut messages at about 100 kB",
                RENDERED_MAX / 1024
            ),
            Self::LongText { .. } => "make it shorter; lead to a page that says the rest".into(),
            Self::TooDeep => "flatten it: a section, a column and the content are enough".into(),
            Self::TooManyTags => "use a loop over a list instead of repeated placeholders".into(),
            Self::TagTooLong => "compute the value before, or split it".into(),
            Self::NotClosed { opening } => format!("close it with \"{}\"", closing(opening)),
            Self::Reserved => "write them differently".into(),
            Self::Empty { part } => format!("write a {part}"),
            Self::SubjectLines => "put it on one line".into(),
            Self::Syntax { .. } => "check its brackets, quotes and spelling".into(),
            Self::Statement { .. } => "use if, elif, else, for, set and with".into(),
            Self::Filter { .. } => format!("use one of {}", super::filters::NAMES.join(", ")),
            Self::Test { .. } => format!("use one of {}", super::filters::TEST_NAMES.join(", ")),
            Self::Call => "use a filter, or have the value put into the context".into(),
            Self::Operator { .. } => "have the value computed and put into the context".into(),
            Self::MapLiteral => "use a list, or have the value put into the context".into(),
            Self::Mjml { .. } => {
                "check the element's name, its place, its attributes and its end".into()
            }
            Self::Include => {
                "make it a partial, and write {% include \"footer\" %} in its place".into()
            }
            Self::NoPartial { known, .. } if known.is_empty() => {
                "define one: a document that begins with \"partial:\"".into()
            }
            Self::NoPartial { known, .. } => format!("use one of {}", known.join(", ")),
            Self::Circle { .. } => "take one of them out of the other".into(),
            Self::NoWord { known, .. } if known.is_empty() => {
                "write them under \"words\", by language".into()
            }
            Self::NoWord { known, .. } => {
                format!("write them under \"words\", or use one of {}", known.join(", "))
            }
            Self::Words => "write {{ words.hello }} by itself, and filters inside the words".into(),
            Self::WordsInWords => "write them side by side in the template".into(),
            Self::Element { .. } => "remove it; mail programs do".into(),
            Self::Script { .. } => "remove it; use a link".into(),
            Self::Place { .. } => {
                "put it into text or into the quoted value of an attribute".into()
            }
            Self::Link { .. } => "write the whole address, with its scheme first".into(),
            Self::Required { variable } => match *variable {
                super::source::UNSUBSCRIBE_URL => {
                    "add a link: <a href=\"{{ unsubscribe_url }}\">Unsubscribe</a>".into()
                }
                super::source::STOP_LINE => {
                    "end with {{ stop_line }}, or with {{ unsubscribe_url }}: people must see how to stop it".into()
                }
                super::source::SHOP_NAME => {
                    "begin with {{ shop.name }}: people must see who writes".into()
                }
                variable => format!("add {{{{ {variable} }}}} to the footer"),
            },
        }
    }
}

fn closing(opening: &str) -> &'static str {
    match opening {
        "{{" => "}}",
        "{%" => "%}",
        _ => "#}",
    }
}

/// Why a template could not be rendered for one person. It quotes the template, and never a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{}, line {line}: {problem}{}; {}",
    place(*.part, .within.as_deref()),
    Quoted(.placeholder.as_deref()),
    problem.cure()
)]
pub struct RenderError {
    /// The part.
    pub part: Part,
    /// The partial in that part, if the placeholder stands in one.
    pub within: Option<Arc<str>>,
    /// The line from 1: in the partial, else in the part.
    pub line: usize,
    /// The placeholder as it is written, where one can be named.
    pub placeholder: Option<String>,
    /// What is wrong.
    pub problem: RenderProblem,
}

struct Quoted<'a>(Option<&'a str>);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(placeholder) => write!(f, " in {placeholder}"),
            None => Ok(()),
        }
    }
}

/// What went wrong while values were filled in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RenderProblem {
    /// A value is missing or null.
    #[error("a value is missing")]
    Missing,
    /// A value is a list or a map, or of no use to the filter.
    #[error("a value is not of the kind that is needed")]
    WrongKind,
    /// A colour or size that is not one.
    #[error("a value cannot stand in a style")]
    Style,
    /// The work or the result is over the limit.
    #[error("it takes too much work or becomes too long")]
    TooMuch,
    /// A link leads to a scheme that is not allowed.
    #[error("a link or image does not lead to http, https, mailto or tel")]
    Link,
    /// The subject came out empty.
    #[error("the subject is empty")]
    EmptySubject,
    /// The text came out empty.
    #[error("the text is empty")]
    EmptyText,
    /// The text came out too long.
    #[error("it takes more than {SEGMENTS_MAX} text messages")]
    LongText,
    /// The text came out longer than a push message is.
    #[error(
        "it is longer than a push message, which has {} characters at most",
        super::push::PushTemplate::TEXT_MAX
    )]
    LongPush,
    /// Who writes or how to stop it did not come out in the text.
    #[error("the text does not show who writes and how to stop it")]
    RequiredText,
    /// The unsubscribe link did not come out in the message.
    #[error("the message does not show the unsubscribe link and the postal address")]
    Required,
}

impl RenderProblem {
    /// What to do about it.
    pub fn cure(self) -> &'static str {
        match self {
            Self::Missing => "add a fallback: {{ value | default(\"there\") }}",
            Self::WrongKind => "name one field of it, or loop over it",
            Self::Style => "use a plain colour, number or word there",
            Self::TooMuch => "loop over fewer things, for example products[:5]",
            Self::Link => "give the whole address, with its scheme first",
            Self::EmptySubject | Self::EmptyText => "give it words that do not depend on a value",
            Self::LongText | Self::LongPush => "make it shorter, or loop over fewer things",
            Self::RequiredText => {
                "print shop.name, and stop_line or unsubscribe_url, outside of conditions"
            }
            Self::Required => "print unsubscribe_url and shop.address outside of conditions",
        }
    }
}
