//! From a request's body to its messages.

use std::borrow::Cow;

use regulars_engine::event::Event;
use regulars_engine::time::Timestamp;

use super::{Message, Said, build, read};
use crate::identifiers::header_anonymous_id;
use crate::json::{Cut, Malformed, Reader, Scalar, Scanner};
use crate::limits::{BODY_BYTES_MAX, MESSAGES_MAX};
use crate::received::{Batch, Received};
use crate::rejection::{Rejection, RejectionReason};
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
    check(body)?;
    let envelope = Envelope {
        type_word: path_type.word(),
        anonymous_id: hints.anonymous_id.map(header_anonymous_id),
    };
    let mut taken = Taken::new(&envelope, received, body);
    let beside = match whole(body, |reader| taken.message(reader)) {
        Some(beside) => beside?,
        None => {
            taken = Taken::new(&envelope, received, body);
            let (cuts, beside) = pieces(body)?;
            cuts.iter().for_each(|cut| taken.cut(cut));
            beside
        }
    };
    if taken.batch.len() > MESSAGES_MAX {
        return Err(BodyError::TooManyMessages);
    }
    let sent_at = [beside.sent_at.as_deref(), hints.sent_at]
        .into_iter()
        .flatten()
        .filter_map(|text| times::parse(text, &received.source.zone).ok())
        .map(|stated| stated.at)
        .max();
    Ok(taken.finish(sent_at))
}

/// The write key that stands in a body, for senders that put it nowhere else. Costs one pass.
#[must_use]
pub fn write_key(body: &[u8]) -> Option<String> {
    check(body).ok()?;
    let beside = match whole(body, Reader::skip) {
        Some(beside) => beside.ok()?,
        None => pieces(body).ok()?.1,
    };
    beside.write_key
}

/// What is known of the messages of one body before they are read.
#[derive(Clone, Debug, Default)]
pub(crate) struct Envelope {
    pub(crate) type_word: Option<&'static str>,
    pub(crate) anonymous_id: Option<String>,
}

/// What stands beside the messages of a body, mostly behind them.
#[derive(Clone, Debug, Default)]
struct Beside {
    sent_at: Option<String>,
    write_key: Option<String>,
}

impl Beside {
    fn field(&mut self, name: &str, reader: &mut Reader<'_>) -> Option<()> {
        let part = match name {
            "sentAt" => &mut self.sent_at,
            "writeKey" => &mut self.write_key,
            _ => return reader.skip(),
        };
        *part = Scalar::read(reader)?.text().map(Cow::into_owned);
        Some(())
    }
}

/// The messages of a body, as they are taken out of it.
struct Taken<'r> {
    envelope: &'r Envelope,
    received: &'r Received<'r>,
    batch: Batch,
    /// What each event's message says of its time, which is settled when the whole body is read.
    said: Vec<Said>,
}

impl<'r> Taken<'r> {
    fn new(envelope: &'r Envelope, received: &'r Received<'r>, body: &[u8]) -> Self {
        // An event of a shop has a few hundred bytes, and a batch some hundred events.
        let count = (body.len() / 512).min(1_000);
        let batch = Batch { events: Vec::with_capacity(count), rejections: Vec::new() };
        Self { envelope, received, batch, said: Vec::with_capacity(count) }
    }

    /// Takes the next message; `None` where it is unusual.
    fn message(&mut self, reader: &mut Reader<'_>) -> Option<()> {
        // One too many says as much as a million too many.
        if self.batch.len() > MESSAGES_MAX {
            return reader.skip();
        }
        reader.peek()?;
        let begin = reader.position();
        let mut message = Message::default();
        let understood = read(reader, &mut message)?;
        let built = understood.and_then(|()| build(&mut message, self.envelope, self.received));
        match built.and_then(|built| self.its_to_tell(built)) {
            Ok((event, said)) => {
                self.batch.events.push(event);
                self.said.push(said);
            }
            Err(reason) => self.reject(reader.since(begin).as_bytes(), reason),
        }
        Some(())
    }

    /// What became of mail counts only from who can know it. Files are brought by the shop itself.
    fn its_to_tell(&self, (event, said): (Event, Said)) -> Result<(Event, Said), RejectionReason> {
        if event.kind.told_of_mail() && !self.received.source.may_tell_of_mail() {
            return Err(RejectionReason::NotItsToTell);
        }
        Ok((event, said))
    }

    fn cut(&mut self, cut: &Cut<'_>) {
        match cut.text() {
            Ok(text) => self.message(&mut Reader::new(text)).expect("the text was read before"),
            Err(reason) => self.reject(cut.bytes(), reason),
        }
    }

    fn reject(&mut self, bytes: &[u8], reason: RejectionReason) {
        self.batch.rejections.push(Rejection::new(bytes, reason, self.received.received_at));
    }

    fn finish(mut self, sent_at: Option<Timestamp>) -> Batch {
        for (event, said) in self.batch.events.iter_mut().zip(self.said) {
            said.settle(sent_at, event);
        }
        self.batch
    }
}

fn check(body: &[u8]) -> Result<(), BodyError> {
    if body.len() > BODY_BYTES_MAX {
        return Err(BodyError::TooLarge { bytes: body.len() });
    }
    if Scanner::new(body).peek().is_none() { Err(BodyError::Empty) } else { Ok(()) }
}

/// Takes a body that follows the grammar from end to end, as nearly all do, in one pass; `None` if
/// something in it is unusual. Then what `each` took does not count.
fn whole<'a>(
    body: &'a [u8],
    mut each: impl FnMut(&mut Reader<'a>) -> Option<()>,
) -> Option<Result<Beside, BodyError>> {
    let text = std::str::from_utf8(body).ok()?;
    let mut reader = Reader::new(text.strip_prefix('\u{feff}').unwrap_or(text));
    let mut beside = Beside::default();
    match reader.peek()? {
        b'[' => reader.list(&mut each)?,
        b'{' => {
            let mut single = reader.clone();
            let mut batches = 0;
            reader.map(|reader, name| {
                if name == "batch" && reader.peek()? == b'[' {
                    batches += 1;
                    // Of two, the last would count.
                    return if batches > 1 { None } else { reader.list(&mut each) };
                }
                beside.field(name, reader)
            })?;
            if batches == 0 {
                each(&mut single)?;
            }
        }
        _ => {
            reader.skip()?;
            return reader.peek().is_none().then_some(Err(BodyError::NoMessages));
        }
    }
    reader.peek().is_none().then_some(Ok(beside))
}

/// Takes a body piece by piece, so that what is wrong with one message stays with it.
fn pieces(body: &[u8]) -> Result<(Vec<Cut<'_>>, Beside), BodyError> {
    let mut scanner = Scanner::new(body);
    let parts = match scanner.peek() {
        Some(b'[') => (items(&mut scanner)?, Beside::default()),
        Some(b'{') => object(&mut scanner)?,
        Some(_) | None => return Err(BodyError::NotJson { offset: 0 }),
    };
    if scanner.peek().is_some() {
        return Err(scanner.malformed().into());
    }
    if parts.0.len() > MESSAGES_MAX {
        return Err(BodyError::TooManyMessages);
    }
    Ok(parts)
}

/// The body's object: a batch with what its messages share, or one message itself.
fn object<'a>(scanner: &mut Scanner<'a>) -> Result<(Vec<Cut<'a>>, Beside), BodyError> {
    let mut beside = Beside::default();
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
                batch = Some(items(scanner)?);
            } else {
                let value = scanner.value()?;
                match name.bytes {
                    b"\"sentAt\"" => beside.sent_at = text_of(value.bytes),
                    b"\"writeKey\"" => beside.write_key = text_of(value.bytes),
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
    let messages = match batch {
        Some(messages) => messages,
        None => {
            scanner.move_to(begin);
            vec![scanner.message()?]
        }
    };
    Ok((messages, beside))
}

/// The items of a list, each cut out.
fn items<'a>(scanner: &mut Scanner<'a>) -> Result<Vec<Cut<'a>>, Malformed> {
    scanner.take(b'[');
    let mut items = Vec::new();
    if scanner.take(b']') {
        return Ok(items);
    }
    loop {
        let cut = scanner.message()?;
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
    let mut reader = Reader::new(std::str::from_utf8(bytes).ok()?);
    Scalar::read(&mut reader)?.text().map(Cow::into_owned)
}
