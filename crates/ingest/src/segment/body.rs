//! From a request's body to its messages.

use std::borrow::Cow;

use regulars_engine::time::Timestamp;

use super::{Message, build, read};
use crate::identifiers::header_anonymous_id;
use crate::json::{Content, Cut, Malformed, Scalar, Scanner, Tokens};
use crate::limits::{BODY_BYTES_MAX, MESSAGES_MAX};
use crate::received::{Batch, Received};
use crate::rejection::Rejection;
use crate::times;

/// Which kind of message the path speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathType {
    /// `/v1/batch` and paths that name no type: each message says its own.
    Batch,
    /// `/v1/track`, `/v1/t`.
    Track,
    /// `/v1/identify`, `/v1/i`.
    Identify,
    /// `/v1/page`, `/v1/p`.
    Page,
    /// `/v1/screen`, `/v1/s`.
    Screen,
    /// `/v1/group`, `/v1/g`.
    Group,
    /// `/v1/alias`, `/v1/a`.
    Alias,
}

impl PathType {
    /// The type of the last segment of a path: `t`, `track`, `batch`, `import`, ...
    #[must_use]
    pub fn of_segment(segment: &str) -> Option<Self> {
        Some(match segment {
            "batch" | "b" | "import" => Self::Batch,
            "track" | "t" => Self::Track,
            "identify" | "i" => Self::Identify,
            "page" | "p" => Self::Page,
            "screen" | "s" => Self::Screen,
            "group" | "g" => Self::Group,
            "alias" | "a" => Self::Alias,
            _ => return None,
        })
    }

    pub(crate) fn word(self) -> Option<&'static str> {
        Some(match self {
            Self::Batch => return None,
            Self::Track => "track",
            Self::Identify => "identify",
            Self::Page => "page",
            Self::Screen => "screen",
            Self::Group => "group",
            Self::Alias => "alias",
        })
    }
}

/// What the headers say, for messages that do not say it themselves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints<'a> {
    /// The header `AnonymousId`, as it came.
    pub anonymous_id: Option<&'a str>,
    /// The header `SentAt`, as it came.
    pub sent_at: Option<&'a str>,
}

/// Why no message could be cut out of a body: the sender is told, since nothing was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// There are no bytes.
    #[error("the body is empty (send one message, or {{\"batch\": [...]}})")]
    Empty,
    /// It is larger than [`BODY_BYTES_MAX`].
    #[error("the body has {bytes} bytes, more than 5242880 (send smaller batches)")]
    TooLarge {
        /// Its size.
        bytes: usize,
    },
    /// It holds more than [`MESSAGES_MAX`] messages.
    #[error("the body has more than 50000 messages (send smaller batches)")]
    TooManyMessages,
    /// Its brackets and quotes do not pair, so that no message can be cut out.
    #[error("the body is not JSON from byte {offset} on (look for a missing bracket or quote)")]
    NotJson {
        /// Bytes from the beginning to where reading stopped.
        offset: usize,
    },
    /// It is JSON, but holds no messages.
    #[error("the body holds no messages (send one message, a list, or {{\"batch\": [...]}})")]
    NoMessages,
}

impl BodyError {
    /// The word for it in answers and metrics.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "body_empty",
            Self::TooLarge { .. } => "body_too_large",
            Self::TooManyMessages => "body_too_many_messages",
            Self::NotJson { .. } => "body_not_json",
            Self::NoMessages => "body_without_messages",
        }
    }
}

impl From<Malformed> for BodyError {
    fn from(malformed: Malformed) -> Self {
        Self::NotJson { offset: malformed.offset }
    }
}

/// Reads a body, already inflated. Every message in it becomes an event or a rejection.
///
/// # Errors
/// [`BodyError`] if no message can be told from another; nothing was accepted then.
pub fn parse(
    body: &[u8],
    path_type: PathType,
    hints: &Hints<'_>,
    received: &Received<'_>,
) -> Result<Batch, BodyError> {
    let parts = split(body)?;
    let sent_at = [parts.sent_at.as_deref(), hints.sent_at]
        .into_iter()
        .flatten()
        .filter_map(|text| times::parse(text, &received.source.zone).ok())
        .map(|stated| stated.at)
        .max();
    let envelope = Envelope {
        type_word: path_type.word(),
        anonymous_id: hints.anonymous_id.map(header_anonymous_id),
        sent_at,
    };
    let mut batch = Batch::default();
    batch.events.reserve(parts.messages.len());
    for cut in &parts.messages {
        let mut message = Message::default();
        let outcome = read(cut, &parts.tokens, &mut message)
            .and_then(|()| build(&mut message, &envelope, received))
            .map_err(|reason| Rejection::new(cut.piece.bytes, reason, received.received_at));
        batch.push(outcome);
    }
    Ok(batch)
}

/// The write key that stands in a body, for senders that put it nowhere else. Costs one pass.
#[must_use]
pub fn write_key(body: &[u8]) -> Option<String> {
    split(body).ok()?.write_key
}

/// What the messages of one body share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Envelope {
    pub(crate) type_word: Option<&'static str>,
    pub(crate) anonymous_id: Option<String>,
    pub(crate) sent_at: Option<Timestamp>,
}

/// The messages of a body, and what stands beside them.
#[derive(Debug)]
struct Parts<'a> {
    tokens: Tokens<'a>,
    messages: Vec<Cut<'a>>,
    sent_at: Option<String>,
    write_key: Option<String>,
}

fn split(body: &[u8]) -> Result<Parts<'_>, BodyError> {
    if body.len() > BODY_BYTES_MAX {
        return Err(BodyError::TooLarge { bytes: body.len() });
    }
    let tokens = Tokens::new(body);
    let mut parts = Parts { tokens, messages: Vec::new(), sent_at: None, write_key: None };
    if Scanner::new(body).peek().is_none() {
        return Err(BodyError::Empty);
    }
    match whole(body, &mut parts) {
        Some(Whole::Messages) => {}
        Some(Whole::NoMessages) => return Err(BodyError::NoMessages),
        None => pieces(body, &mut parts)?,
    }
    if parts.messages.len() > MESSAGES_MAX {
        return Err(BodyError::TooManyMessages);
    }
    Ok(parts)
}

/// What a body is that follows the grammar from end to end.
enum Whole {
    Messages,
    NoMessages,
}

/// Takes a body in one pass, as nearly all come; `None` if something in it is unusual.
fn whole<'a>(body: &'a [u8], parts: &mut Parts<'a>) -> Option<Whole> {
    let mut scanner = Scanner::new(body);
    let cut = parts.tokens.message(&mut scanner).ok()?;
    let (first, end) = (cut.first.ok()?, scanner.peek());
    let text = std::str::from_utf8(cut.piece.bytes).ok().filter(|_| end.is_none())?;
    let node = parts.tokens.node(&cut, text, first);
    let mut batch = None;
    match node.content() {
        Content::List => batch = Some(node),
        Content::Map => {
            for (name, value) in node.entries() {
                match &*name {
                    "batch" if matches!(value.content(), Content::List) => batch = Some(value),
                    "sentAt" => parts.sent_at = Scalar::of(value).text().map(Cow::into_owned),
                    "writeKey" => parts.write_key = Scalar::of(value).text().map(Cow::into_owned),
                    _ => {}
                }
            }
        }
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::Text(_) => {
            return Some(Whole::NoMessages);
        }
    }
    parts.messages = match batch {
        Some(list) => {
            list.items().take(MESSAGES_MAX + 1).map(|item| parts.tokens.cut(&item)).collect()
        }
        None => vec![cut],
    };
    Some(Whole::Messages)
}

/// Takes a body piece by piece, so that what is wrong with one message stays with it.
fn pieces<'a>(body: &'a [u8], parts: &mut Parts<'a>) -> Result<(), BodyError> {
    parts.tokens = Tokens::new(body);
    let mut scanner = Scanner::new(body);
    match scanner.peek() {
        Some(b'[') => parts.messages = items(&mut scanner, &mut parts.tokens)?,
        Some(b'{') => object(&mut scanner, parts)?,
        Some(_) | None => return Err(BodyError::NotJson { offset: 0 }),
    }
    if scanner.peek().is_some() {
        return Err(scanner.malformed().into());
    }
    Ok(())
}

/// The body's object: a batch with what its messages share, or one message itself.
fn object<'a>(scanner: &mut Scanner<'a>, parts: &mut Parts<'a>) -> Result<(), BodyError> {
    let begin = scanner.position();
    scanner.take(b'{');
    let mut batch = None;
    if !scanner.take(b'}') {
        loop {
            if scanner.peek() != Some(b'"') {
                return Err(scanner.malformed().into());
            }
            let name = scanner.value()?;
            if !scanner.take(b':') {
                return Err(scanner.malformed().into());
            }
            if name.bytes == b"\"batch\"" && scanner.peek() == Some(b'[') {
                batch = Some(items(scanner, &mut parts.tokens)?);
            } else {
                let value = scanner.value()?;
                match name.bytes {
                    b"\"sentAt\"" => parts.sent_at = text_of(value.bytes),
                    b"\"writeKey\"" => parts.write_key = text_of(value.bytes),
                    _ => {}
                }
            }
            if scanner.take(b'}') {
                break;
            }
            if !scanner.take(b',') {
                return Err(scanner.malformed().into());
            }
        }
    }
    parts.messages = match batch {
        Some(messages) => messages,
        None => {
            scanner.move_to(begin);
            vec![parts.tokens.message(scanner)?]
        }
    };
    Ok(())
}

/// The items of a list, each cut out.
fn items<'a>(
    scanner: &mut Scanner<'a>,
    tokens: &mut Tokens<'a>,
) -> Result<Vec<Cut<'a>>, Malformed> {
    scanner.take(b'[');
    let mut items = Vec::new();
    if scanner.take(b']') {
        return Ok(items);
    }
    loop {
        let cut = tokens.message(scanner)?;
        // One too many says as much as a million too many.
        if items.len() <= MESSAGES_MAX {
            items.push(cut);
        }
        if scanner.take(b']') {
            return Ok(items);
        }
        if !scanner.take(b',') {
            return Err(scanner.malformed());
        }
    }
}

/// The text of a value that stands alone.
fn text_of(bytes: &[u8]) -> Option<String> {
    let mut tokens = Tokens::new(bytes);
    let cut = tokens.message(&mut Scanner::new(bytes)).ok()?;
    let text = std::str::from_utf8(bytes).ok()?;
    Scalar::of(tokens.node(&cut, text, cut.first.ok()?)).text().map(Cow::into_owned)
}
