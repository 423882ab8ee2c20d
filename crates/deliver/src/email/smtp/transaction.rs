//! One message over an open connection, with an exact answer to "may it have been delivered?".
//!
//! A server may deliver a message only after it has received the line with the single dot that ends
//! its content. [`AsyncSmtpConnection::message_iter`] writes the content piece by piece, asks for
//! the next piece, and only when there is none writes that line. So the moment at which it is told
//! "no more" is the boundary: an error before it is surely no delivery, an error after it is not.

use std::future::{Future as _, poll_fn};
use std::sync::OnceLock;
use std::task::Poll;
use std::time::Duration;

use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{Extension, MailParameter};
use lettre::transport::smtp::response::{Response, Severity};
use tokio::time::{Instant, timeout, timeout_at};

use super::settings::Timeouts;
use crate::email::Email;
use crate::sent::{Cause, ResponseClass, Sent, ServerText, Stage};

/// How one message ended, and whether the connection can carry another.
pub(super) struct Ended {
    pub(super) sent: Sent,
    pub(super) connection: Usable,
}

/// What a connection is good for after a message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Usable {
    /// It can carry another message.
    Again,
    /// It must be dropped.
    No,
    /// It had died before our first command was answered: another may be tried.
    WasStale,
}

/// Why a command got no welcome answer.
pub(super) enum Failure {
    /// The server said no.
    Reply { code: u16, text: String },
    /// The connection broke, or could not be had.
    Lost { text: String },
    /// No answer in time.
    Timeout,
    /// An answer that is none.
    Garbled,
}

/// Sends `email` over `connection`.
pub(super) async fn send(
    connection: &mut AsyncSmtpConnection,
    email: &Email,
    timeouts: &Timeouts,
) -> Ended {
    match offer(connection, email, timeouts.command).await {
        Ok(()) => {}
        Err(ended) => return *ended,
    }
    let (end_sent_at, outcome) = content(connection, email, timeouts).await;
    let Some(_) = end_sent_at else {
        let failure = outcome.err().unwrap_or(Failure::Garbled);
        return before_end(&failure);
    };
    after_end(outcome)
}

/// Envelope and `DATA`: everything up to the server's "go ahead".
async fn offer(
    connection: &mut AsyncSmtpConnection,
    email: &Email,
    limit: Duration,
) -> Result<(), Box<Ended>> {
    let envelope = &email.envelope;
    let mut parameters = Vec::new();
    let address_is_ascii = |address: &lettre::Address| AsRef::<str>::as_ref(address).is_ascii();
    if !envelope.from().into_iter().chain(envelope.to()).all(address_is_ascii) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            let text = ServerText::new("an address beyond ASCII needs SMTPUTF8");
            let sent = Sent::NotSent { cause: Cause::Unsupported, text };
            return Err(Box::new(Ended { sent, connection: Usable::Again }));
        }
        parameters.push(MailParameter::SmtpUtfEight);
    }
    let sender = Mail::new(envelope.from().cloned(), parameters);
    step(connection, Stage::Sender, sender, limit).await?;
    for recipient in envelope.to() {
        let recipient = Rcpt::new(recipient.clone(), Vec::new());
        step(connection, Stage::Recipient, recipient, limit).await?;
    }
    step(connection, Stage::Data, Data, limit).await
}

async fn step(
    connection: &mut AsyncSmtpConnection,
    stage: Stage,
    command: impl std::fmt::Display,
    limit: Duration,
) -> Result<(), Box<Ended>> {
    let expected = match stage {
        Stage::Sender
        | Stage::Recipient
        | Stage::Content
        | Stage::DeadRecipient
        | Stage::StoppedRecipient
        | Stage::UnreachedRecipient => Severity::PositiveCompletion,
        Stage::Data => Severity::PositiveIntermediate,
    };
    let failure = match ask(connection, command, limit).await {
        Ok(reply) if reply.code().severity == expected => return Ok(()),
        // Out of step: what we take for this answer may be the answer to something else.
        Ok(_) => Failure::Garbled,
        Err(failure) => failure,
    };
    let ended = match failure {
        Failure::Reply { code: 421, text } if stage == Stage::Sender => {
            Ended { sent: refused(421, stage, &text), connection: Usable::WasStale }
        }
        Failure::Reply { code, text } => {
            let reset = ask(connection, Rset, limit).await.is_ok();
            let connection = if reset { Usable::Again } else { Usable::No };
            Ended { sent: refused(code, stage, &text), connection }
        }
        failure @ Failure::Lost { .. } if stage == Stage::Sender => {
            Ended { connection: Usable::WasStale, ..before_end(&failure) }
        }
        failure @ (Failure::Lost { .. } | Failure::Timeout | Failure::Garbled) => {
            before_end(&failure)
        }
    };
    Err(Box::new(ended))
}

/// Sends the content. Returns the server's answer, and when the end of the content was about to be
/// written, if it came to that.
async fn content(
    connection: &mut AsyncSmtpConnection,
    email: &Email,
    timeouts: &Timeouts,
) -> (Option<Instant>, Result<Response, Failure>) {
    let end_sent_at = OnceLock::new();
    // The library ends the content with a line end of its own.
    let content = email.bytes.strip_suffix(b"\r\n").unwrap_or(&email.bytes);
    let mut pieces = content.chunks(64 * 1024);
    let pieces = std::iter::from_fn(|| {
        let piece = pieces.next();
        if piece.is_none() {
            end_sent_at.get_or_init(Instant::now);
        }
        piece
    });
    let mut deadline = Instant::now() + timeouts.command;
    let mut waiting_for = Part::Content;
    let mut sending = std::pin::pin!(connection.message_iter(pieces));
    let answer = loop {
        let progress = poll_fn(|context| match sending.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending if waiting_for == Part::Content && end_sent_at.get().is_some() => {
                Poll::Ready(None)
            }
            Poll::Pending => Poll::Pending,
        });
        match timeout_at(deadline, progress).await {
            Ok(Some(Ok(response))) => break Ok(response),
            Ok(Some(Err(error))) => break Err(classify(&error)),
            Ok(None) => {
                waiting_for = Part::Verdict;
                deadline = Instant::now() + timeouts.verdict;
            }
            Err(_) => break Err(Failure::Timeout),
        }
    };
    (end_sent_at.get().copied(), answer)
}

/// What the sender of content waits for: each has a time of its own.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Content,
    Verdict,
}

fn before_end(failure: &Failure) -> Ended {
    let sent = Sent::NotSent { cause: failure.cause(), text: failure.text() };
    Ended { sent, connection: Usable::No }
}

fn after_end(outcome: Result<Response, Failure>) -> Ended {
    match outcome {
        Ok(reply) if reply.code().severity == Severity::PositiveCompletion => {
            let text: Vec<&str> = reply.message().collect();
            let response_class = ResponseClass::Server { code: reply.code().into() };
            let sent = Sent::Accepted { provider_id: provider_id(&text.join(" ")), response_class };
            Ended { sent, connection: Usable::Again }
        }
        Err(Failure::Reply { code, text }) => {
            let connection = if code == 421 { Usable::No } else { Usable::Again };
            Ended { sent: refused(code, Stage::Content, &text), connection }
        }
        other => {
            let failure = other.err().unwrap_or(Failure::Garbled);
            let sent = Sent::Uncertain { cause: failure.cause(), text: failure.text() };
            Ended { sent, connection: Usable::No }
        }
    }
}

/// Sends one command and waits for its answer.
pub(super) async fn ask(
    connection: &mut AsyncSmtpConnection,
    command: impl std::fmt::Display,
    limit: Duration,
) -> Result<Response, Failure> {
    match timeout(limit, connection.command(command)).await {
        Ok(Ok(response)) => Ok(response),
        Ok(Err(error)) => Err(classify(&error)),
        Err(_) => Err(Failure::Timeout),
    }
}

/// Reads the library's error: it tells a reply from everything else, and that is enough, since the
/// boundary is ours.
pub(super) fn classify(error: &lettre::transport::smtp::Error) -> Failure {
    let text = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    match error.status() {
        Some(code) => Failure::Reply { code: code.into(), text },
        None if error.is_timeout() => Failure::Timeout,
        // This is how the library says that the connection was closed before an answer.
        None if error.is_response() && text != "incomplete response" => Failure::Garbled,
        None => Failure::Lost { text },
    }
}

fn refused(code: u16, stage: Stage, text: &str) -> Sent {
    Sent::Refused { permanent: code >= 500, code, stage, text: ServerText::new(text) }
}

impl Failure {
    fn cause(&self) -> Cause {
        match self {
            Self::Reply { .. } | Self::Garbled => Cause::Protocol,
            Self::Lost { .. } => Cause::Lost,
            Self::Timeout => Cause::Timeout,
        }
    }

    /// What is known of it in words.
    pub(super) fn text(&self) -> ServerText {
        match self {
            Self::Reply { code, text } => ServerText::new(&format!("{code} {text}")),
            Self::Lost { text } => ServerText::new(text),
            Self::Timeout => ServerText::new("no answer in time"),
            Self::Garbled => ServerText::new("not an answer that the protocol allows here"),
        }
    }
}

/// The server's name for a message it accepted, as Postfix, Exim, SES and others state it: the word
/// after `queued as` or `id=`, else the last word if it looks like an id.
fn provider_id(text: &str) -> Option<String> {
    let is_id = |word: &&str| {
        (4..=200).contains(&word.len())
            && word.bytes().any(|byte| byte.is_ascii_digit())
            && word.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>\"".contains(&byte))
    };
    let after = |marker: &str| {
        let rest = text.split_once(marker)?.1.split(' ').find(|word| !word.is_empty())?;
        Some(rest.trim_end_matches(['.', ',', ')', ']'])).filter(is_id)
    };
    let last = || {
        let word = text.split(' ').next_back()?.trim_matches(['<', '>', '(', ')', '[', ']']);
        Some(word).filter(is_id).filter(|word| text != *word && !word.contains('@'))
    };
    after("queued as ").or_else(|| after("id=")).or_else(last).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_name_for_a_message_is_found_in_its_words() {
        for (text, id) in [
            ("2.0.0 Ok: queued as 4XyZ1c2d3e", Some("4XyZ1c2d3e")),
            ("OK id=1rXyZ-0001Ab-2C", Some("1rXyZ-0001Ab-2C")),
            ("Ok 0102018f-e1a2-000000", Some("0102018f-e1a2-000000")),
            ("2.0.0 OK  1716 a64-20020a0d-gsmtp", Some("a64-20020a0d-gsmtp")),
            ("Ok", None),
            ("Message accepted for delivery", None),
            ("queued for ana1@example.com", None),
        ] {
            assert_eq!(provider_id(text).as_deref(), id, "{text}");
        }
    }
}
