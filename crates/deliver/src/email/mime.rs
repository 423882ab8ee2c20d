//! From a [`Message`] to the bytes that travel, the same bytes every time.

use std::fmt;

use lettre::address::Envelope;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, MultiPart, SinglePart};

use super::body::quoted_printable;
use super::header::one_line;
use super::message::{Mailbox, Message, MessageError, Unsubscribe};

/// A message ready to travel: envelope and bytes.
#[derive(Clone)]
pub struct Email {
    pub(super) envelope: Envelope,
    pub(super) bytes: Vec<u8>, // Invariant: ASCII, lines end with CRLF and only so.
    message_id: String,
}

/// Neither encoding we use can contain `=_` (quoted-printable writes `=` as `=3D`, base64 has no
/// `_`), so one boundary serves all messages and the same message is always the same bytes.
const BOUNDARY: &str = "=_regulars_=";
const HEADER_VALUE_MAX: usize = 900;
/// RFC 5322 allows long ids, but some stores truncate them.
const MESSAGE_ID_MAX: usize = 200;

impl Email {
    /// Builds the bytes of `message`.
    pub fn build(message: &Message) -> Result<Self, MessageError> {
        let message_id = parse_message_id(&message.message_id)?;
        let sender = message.bounces_to.as_ref().unwrap_or(&message.from);
        let envelope =
            Envelope::new(Some(sender.address.clone()), vec![message.to.address.clone()])
                .map_err(|_| MessageError::Address)?;
        let mut builder = lettre::Message::builder()
            .envelope(envelope.clone())
            .date(message.sent_at)
            .message_id(Some(format!("<{message_id}>")))
            .from(lettre_mailbox(&message.from))
            .to(lettre_mailbox(&message.to))
            .subject(message.subject_line());
        if let Some(reply_to) = &message.reply_to {
            builder = builder.reply_to(lettre_mailbox(reply_to));
        }
        if let Some(unsubscribe) = &message.unsubscribe {
            for header in unsubscribe_headers(unsubscribe) {
                builder = builder.raw_header(header);
            }
        }
        for (name, value) in &message.headers {
            builder = builder.raw_header(further_header(name, value)?);
        }
        let alternatives = MultiPart::alternative()
            .boundary(BOUNDARY)
            .singlepart(part(ContentType::TEXT_PLAIN, &message.text))
            .singlepart(part(ContentType::TEXT_HTML, &message.html));
        let built = builder.multipart(alternatives).map_err(|_| MessageError::Address)?;
        Ok(Self { envelope, bytes: built.formatted(), message_id })
    }

    /// The bytes of the message, headers and body: what is sent, and what an outbox stores.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The id, without angle brackets.
    pub fn message_id(&self) -> &str {
        &self.message_id
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Email({} bytes)", self.bytes.len())
    }
}

fn lettre_mailbox(mailbox: &Mailbox) -> lettre::message::Mailbox {
    lettre::message::Mailbox::new(mailbox.name.clone(), mailbox.address.clone())
}

fn parse_message_id(text: &str) -> Result<String, MessageError> {
    let id = text.strip_prefix('<').and_then(|id| id.strip_suffix('>')).unwrap_or(text);
    let (left, right) = id.split_once('@').ok_or(MessageError::MessageId)?;
    let plain = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_+=$".contains(&byte))
    };
    let fits = id.len() <= MESSAGE_ID_MAX && plain(left) && plain(right);
    if fits { Ok(id.to_owned()) } else { Err(MessageError::MessageId) }
}

/// RFC 8058: the one-click header counts only beside an https address.
fn unsubscribe_headers(unsubscribe: &Unsubscribe) -> [HeaderValue; 2] {
    let mut list = format!("<{}>", unsubscribe.https);
    if let Some(mailto) = &unsubscribe.mailto {
        list.push_str(&format!(",\r\n <{mailto}>"));
    }
    let encoded = |name, value: String| {
        HeaderValue::dangerous_new_pre_encoded(
            HeaderName::new_from_ascii_str(name),
            value.clone(),
            value,
        )
    };
    [
        encoded("List-Unsubscribe", list),
        encoded("List-Unsubscribe-Post", "List-Unsubscribe=One-Click".to_owned()),
    ]
}

/// A header from a definition. The ones that say who sent what to whom are ours alone.
fn further_header(name: &str, value: &str) -> Result<HeaderValue, MessageError> {
    const OURS: [&str; 17] = [
        "from",
        "sender",
        "reply-to",
        "to",
        "cc",
        "bcc",
        "subject",
        "date",
        "message-id",
        "mime-version",
        "return-path",
        "received",
        "list-unsubscribe",
        "list-unsubscribe-post",
        "dkim-signature",
        "references",
        "in-reply-to",
    ];
    let lower = name.to_ascii_lowercase();
    let allowed = (1..=60).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
        && !OURS.contains(&lower.as_str())
        && !["content-", "resent-", "arc-"].iter().any(|prefix| lower.starts_with(prefix));
    let refused = || MessageError::Header { name: one_line(name, 60) };
    if !allowed {
        return Err(refused());
    }
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| refused())?;
    Ok(HeaderValue::new(name, one_line(value, HEADER_VALUE_MAX)))
}

/// One part, always in an encoding that keeps lines short and pure ASCII: no server has to be asked
/// for 8-bit content, and no line of the text can end the message early.
fn part(content_type: ContentType, text: &str) -> SinglePart {
    // Quoted-printable triples every byte beyond ASCII, base64 adds a third to all of them.
    let beyond_ascii = text.bytes().filter(|byte| !byte.is_ascii()).count();
    let body = if beyond_ascii * 6 > text.len() {
        Body::new_with_encoding(with_crlf(text), ContentTransferEncoding::Base64)
            .expect("base64 can hold any text")
    } else {
        Body::dangerous_pre_encoded(
            quoted_printable(text),
            ContentTransferEncoding::QuotedPrintable,
        )
    };
    SinglePart::builder().header(content_type).body(body)
}

fn with_crlf(text: &str) -> String {
    let mut lines = String::with_capacity(text.len() + text.len() / 30);
    let mut rest = text;
    while let Some(at) = rest.find(['\r', '\n']) {
        lines.push_str(&rest[..at]);
        lines.push_str("\r\n");
        let end = if rest[at..].starts_with("\r\n") { at + 2 } else { at + 1 };
        rest = &rest[end..];
    }
    lines.push_str(rest);
    lines
}
