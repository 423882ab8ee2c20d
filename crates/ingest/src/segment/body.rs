//! From a request's body to its messages.

use std::borrow::Cow;

use regulars_engine::time::Timestamp;

use super::{Message, build, read};
use crate::identifiers::header_anonymous_id;
use crate::json::{Facts, Malformed, Piece, Scalar, Scanner};
use crate::limits::BODY_BYTES_MAX;
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
    let sent_at = [parts.sent_at.as_ref().and_then(Scalar::text), hints.sent_at.map(Cow::Borrowed)]
        .into_iter()
        .flatten()
        .filter_map(|text| times::parse(&text, &received.source.zone).ok())
        .map(|stated| stated.at)
        .max();
    let envelope = Envelope {
        type_word: path_type.word(),
        anonymous_id: hints.anonymous_id.map(header_anonymous_id),
        sent_at,
    };
    let mut batch = Batch::default();
    batch.events.reserve(parts.messages.len());
    for piece in parts.messages {
        let mut message = Message::default();
        let outcome = read(&piece, &mut message)
            .and_then(|()| build(&mut message, &envelope, received))
            .map_err(|reason| Rejection::new(piece.bytes, reason, received.received_at));
        batch.push(outcome);
    }
    Ok(batch)
}

/// The write key that stands in a body, for senders that put it nowhere else. Costs one pass.
#[must_use]
pub fn write_key(body: &[u8]) -> Option<String> {
    let parts = split(body).ok()?;
    parts.write_key?.text().map(Cow::into_owned)
}

/// What the messages of one body share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Envelope {
    pub(crate) type_word: Option<&'static str>,
    pub(crate) anonymous_id: Option<String>,
    pub(crate) sent_at: Option<Timestamp>,
}

#[derive(Default)]
struct Parts<'a> {
    messages: Vec<Piece<'a>>,
    sent_at: Option<Scalar<'a>>,
    write_key: Option<Scalar<'a>>,
}

fn split(body: &[u8]) -> Result<Parts<'_>, BodyError> {
    if body.len() > BODY_BYTES_MAX {
        return Err(BodyError::TooLarge { bytes: body.len() });
    }
    let mut scanner = Scanner::new(body);
    let mut parts = Parts::default();
    match scanner.peek() {
        None => return Err(BodyError::Empty),
        Some(b'[') => parts.messages = items(&mut scanner)?,
        Some(b'{') => object(body, &mut scanner, &mut parts)?,
        Some(_) => {
            let piece = scanner.value()?;
            let json = serde_json::from_slice::<serde::de::IgnoredAny>(piece.bytes).is_ok();
            return Err(if json {
                BodyError::NoMessages
            } else {
                BodyError::NotJson { offset: 0 }
            });
        }
    }
    if scanner.peek().is_some() {
        return Err(scanner.malformed().into());
    }
    Ok(parts)
}

/// The body's object: a batch with what its messages share, or one message itself.
fn object<'a>(
    body: &'a [u8],
    scanner: &mut Scanner<'a>,
    parts: &mut Parts<'a>,
) -> Result<(), BodyError> {
    let begin = scanner.malformed().offset;
    scanner.take(b'{');
    let mut facts = Facts::default();
    let mut batch = None;
    if !scanner.take(b'}') {
        loop {
            if scanner.peek() != Some(b'"') {
                return Err(scanner.malformed().into());
            }
            let name = scanner.value()?;
            facts.widen(name.facts);
            if !scanner.take(b':') {
                return Err(scanner.malformed().into());
            }
            if name.bytes == b"\"batch\"" && scanner.peek() == Some(b'[') {
                batch = Some(items(scanner)?);
            } else {
                let value = scanner.value()?;
                facts.widen(value.facts);
                match name.bytes {
                    b"\"sentAt\"" => parts.sent_at = serde_json::from_slice(value.bytes).ok(),
                    b"\"writeKey\"" => parts.write_key = serde_json::from_slice(value.bytes).ok(),
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
    facts.depth += 1;
    let end = scanner.malformed().offset;
    parts.messages = batch.unwrap_or_else(|| vec![Piece { bytes: &body[begin..end], facts }]);
    Ok(())
}

/// The items of a list, each cut out.
fn items<'a>(scanner: &mut Scanner<'a>) -> Result<Vec<Piece<'a>>, Malformed> {
    scanner.take(b'[');
    let mut items = Vec::new();
    if scanner.take(b']') {
        return Ok(items);
    }
    loop {
        items.push(scanner.value()?);
        if scanner.take(b']') {
            return Ok(items);
        }
        if !scanner.take(b',') {
            return Err(scanner.malformed());
        }
    }
}
