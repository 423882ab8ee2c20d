//! Event files: one message a line, with its source, perhaps its feed, and when it was received.
//! Watermarks and heartbeats are lines of their own.

use std::sync::Arc;

use regulars_engine::event::{Event, Mode};
use regulars_engine::identity::IdentityRules;
use regulars_engine::source::SourceSettings;
use regulars_engine::time::Timestamp;

use crate::json::{Malformed, Reader, Scalar, Scanner};
use crate::limits::{EVENT_BYTES_MAX, ID_BYTES_MAX};
use crate::received::Received;
use crate::rejection::{Place, Rejection, RejectionReason};
use crate::segment::{self, Envelope, Message};
use crate::times;

/// What is known about a file beside its lines.
#[derive(Clone, Copy)]
pub struct File<'a> {
    /// The settings of a source by its name; a name nobody has stated gets defaults from here.
    pub settings_of: &'a dyn Fn(&str) -> Arc<SourceSettings>,
    /// Which identifiers stand for nobody.
    pub rules: &'a IdentityRules,
    /// The source of lines that name none; without it such lines are rejected.
    pub source: Option<&'a str>,
    /// When lines that do not say so were received: when the file was.
    pub received_at: Timestamp,
    /// Whether the events may start something.
    pub mode: Mode,
}

impl std::fmt::Debug for File<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("File")
            .field("source", &self.source)
            .field("received_at", &self.received_at)
            .field("mode", &self.mode)
            .finish_non_exhaustive()
    }
}

/// Reads one line, with or without its line break; `number` counts from 1. A line that is blank
/// is `None`.
///
/// # Errors
/// A [`Rejection`] that bears the line's number.
pub fn parse_line(line: &[u8], number: u64, file: &File<'_>) -> Option<Result<Event, Rejection>> {
    let line = line.trim_ascii();
    if line.is_empty() {
        return None;
    }
    Some(read(line, file).map_err(|(reason, at)| Rejection::new(line, reason, at).at_line(number)))
}

/// The lines of a file in memory, blank ones left out.
pub fn parse<'a>(
    bytes: &'a [u8],
    file: &'a File<'a>,
) -> impl Iterator<Item = Result<Event, Rejection>> + 'a {
    let numbered = (1..).zip(bytes.split(|byte| *byte == b'\n'));
    numbered.filter_map(|(number, line)| parse_line(line, number, file))
}

fn read(line: &[u8], file: &File<'_>) -> Result<Event, (RejectionReason, Timestamp)> {
    let unread = |reason| (reason, file.received_at);
    if line.len() > EVENT_BYTES_MAX {
        return Err(unread(RejectionReason::EventTooLarge { bytes: line.len() }));
    }
    let mut message = Message::default();
    understand(line, &mut message).map_err(unread)?;
    let named = message.source.text();
    let name = named.as_deref().or(file.source).ok_or(unread(RejectionReason::NoSource))?;
    if name.len() > ID_BYTES_MAX {
        return Err(unread(RejectionReason::TooLong { place: Place::of("source") }));
    }
    let settings = (file.settings_of)(name);
    // A line that does not say when it was received tells nothing about its sender's clock.
    let received_at = if message.received_at.present() {
        times::read(message.received_at, &settings.zone)
            .map_err(|fault| unread(fault.reason(Place::of("receivedAt"))))?
            .at
    } else {
        message.sent_at = Scalar::Absent;
        file.received_at
    };
    let received =
        Received { source: &settings, rules: file.rules, received_at, mode: file.mode, feed: None };
    let (mut event, said) = segment::build(&mut message, &Envelope::default(), &received)
        .map_err(|reason| (reason, received_at))?;
    said.settle(None, &mut event);
    Ok(event)
}

/// Reads the one message of a line into `message`, which is empty.
fn understand<'a>(line: &'a [u8], message: &mut Message<'a>) -> Result<(), RejectionReason> {
    if let Ok(text) = std::str::from_utf8(line) {
        let mut reader = Reader::new(text);
        if let Some(understood) = segment::read(&mut reader, message)
            && reader.peek().is_none()
        {
            return understood;
        }
    }
    // Something is unusual: what, and where?
    let not_json = |malformed: Malformed| RejectionReason::NotJson { offset: malformed.offset };
    let mut scanner = Scanner::new(line);
    let cut = scanner.message().map_err(not_json)?;
    if scanner.peek().is_some() {
        return Err(not_json(scanner.malformed()));
    }
    *message = Message::default();
    segment::read(&mut Reader::new(cut.text()?), message).expect("the text was read before")
}
