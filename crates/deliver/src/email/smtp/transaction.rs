//! One message over an open connection, with an exact answer to "may it have been delivered?".
//!
//! A server may deliver a message only after it has received the line with the single dot that ends
//! its content. Content and that line are written together, and [`Seen`] counts how much was handed
//! over. So the last byte is the boundary: an error before it went is surely no delivery, an error
//! after it is not.
//!
//! Where the server takes commands together, the envelope and `DATA` are one write and one wait. Their
//! answers are read in order all the same, and content leaves only after the server's "go ahead".

use std::fmt;
use std::future::{Future as _, poll_fn};
use std::task::Poll;
use std::time::Duration;

use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{Extension, MailParameter};
use lettre::transport::smtp::response::{Response, Severity};
use tokio::time::{Instant, timeout, timeout_at};

use super::settings::Timeouts;
use super::watch::Seen;
use crate::email::Email;
use crate::sent::{Cause, ResponseClass, Sent, ServerText, Stage};

/// An open connection.
pub(super) struct Line {
    pub(super) connection: AsyncSmtpConnection,
    pub(super) seen: Seen,
    /// Whether the server takes commands together.
    pub(super) together: bool,
}

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

/// Sends `email` over a line.
pub(super) async fn send(line: &mut Line, email: &Email, timeouts: &Timeouts) -> Ended {
    match offer(line, email, timeouts.command).await {
        Ok(()) => {}
        Err(ended) => return *ended,
    }
    match content(line, email, timeouts).await {
        (Left::Whole, outcome) => after_end(outcome),
        (Left::Part, outcome) => before_end(&outcome.err().unwrap_or(Failure::Garbled)),
    }
}

/// Envelope and `DATA`: everything up to the server's "go ahead".
async fn offer(line: &mut Line, email: &Email, limit: Duration) -> Result<(), Box<Ended>> {
    let (envelope, connection) = (&email.envelope, &mut line.connection);
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
    let mut commands =
        vec![(Stage::Sender, Mail::new(envelope.from().cloned(), parameters).to_string())];
    for recipient in envelope.to() {
        let recipient = Rcpt::new(recipient.clone(), Vec::new());
        commands.push((Stage::Recipient, recipient.to_string()));
    }
    commands.push((Stage::Data, Data.to_string()));
    if line.together {
        return offer_together(connection, &commands, limit).await;
    }
    for (stage, command) in commands {
        let answer = ask(connection, command, limit).await;
        if let Err(ended) = judged(stage, answer) {
            return Err(Box::new(reset(connection, ended, limit).await));
        }
    }
    Ok(())
}

/// All of it in one write. A refusal leaves answers to what was asked behind it: they are read before
/// the connection is used again.
async fn offer_together(
    connection: &mut AsyncSmtpConnection,
    commands: &[(Stage, String)],
    limit: Duration,
) -> Result<(), Box<Ended>> {
    let all: String = commands.iter().map(|(_, command)| command.as_str()).collect();
    let mut answers = vec![ask(connection, all, limit).await];
    // Behind a goodbye, or what is no answer, nothing comes.
    let goes_on = |answer: &Result<Response, Failure>| match answer {
        Ok(_) => true,
        Err(Failure::Reply { code, .. }) => *code != 421,
        Err(Failure::Lost { .. } | Failure::Timeout | Failure::Garbled) => false,
    };
    while answers.len() < commands.len() && answers.last().is_some_and(goes_on) {
        answers.push(answered(limit, connection.read_response()).await);
    }
    let waits_for_content = answers.len() == commands.len()
        && matches!(answers.last(), Some(Ok(go)) if go.code().severity == Severity::PositiveIntermediate);
    for ((stage, _), answer) in commands.iter().zip(answers) {
        let Err(ended) = judged(*stage, answer) else { continue };
        // What waits for content takes anything else for it: there is nothing but to hang up.
        return Err(Box::new(match waits_for_content {
            true => Ended { connection: Usable::No, ..ended },
            false => reset(connection, ended, limit).await,
        }));
    }
    Ok(())
}

/// Whether an answer is the one that the stage wants, or how the message ended; a connection that can
/// carry another is to be reset first.
fn judged(stage: Stage, answer: Result<Response, Failure>) -> Result<(), Ended> {
    let expected = match stage {
        Stage::Sender
        | Stage::Recipient
        | Stage::Content
        | Stage::DeadRecipient
        | Stage::StoppedRecipient
        | Stage::UnreachedRecipient => Severity::PositiveCompletion,
        Stage::Data => Severity::PositiveIntermediate,
    };
    let failure = match answer {
        Ok(reply) if reply.code().severity == expected => return Ok(()),
        // Out of step: what we take for this answer may be the answer to something else.
        Ok(_) => Failure::Garbled,
        Err(failure) => failure,
    };
    Err(match failure {
        Failure::Reply { code: 421, text } if stage == Stage::Sender => {
            Ended { sent: refused(421, stage, &text), connection: Usable::WasStale }
        }
        Failure::Reply { code, text } => {
            Ended { sent: refused(code, stage, &text), connection: Usable::Again }
        }
        failure @ Failure::Lost { .. } if stage == Stage::Sender => {
            Ended { connection: Usable::WasStale, ..before_end(&failure) }
        }
        failure @ (Failure::Lost { .. } | Failure::Timeout | Failure::Garbled) => {
            before_end(&failure)
        }
    })
}

/// Lets the server forget the message that it refused.
async fn reset(connection: &mut AsyncSmtpConnection, ended: Ended, limit: Duration) -> Ended {
    if ended.connection == Usable::Again && ask(connection, Rset, limit).await.is_err() {
        return Ended { connection: Usable::No, ..ended };
    }
    ended
}

/// How much of the content was handed over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Left {
    Part,
    Whole,
}

/// Sends the content. Returns how much of it went, and the server's answer if it came to that.
async fn content(
    line: &mut Line,
    email: &Email,
    timeouts: &Timeouts,
) -> (Left, Result<Response, Failure>) {
    let content = ended(email.bytes());
    let seen = line.seen.clone();
    let end = seen.handed() + u64::try_from(content.len()).unwrap_or(u64::MAX);
    let left = || if seen.handed() < end { Left::Part } else { Left::Whole };
    let mut deadline = Instant::now() + timeouts.command;
    let mut waiting_for = Part::Content;
    let mut sending = std::pin::pin!(line.connection.command(content));
    let answer = loop {
        let progress = poll_fn(|context| match sending.as_mut().poll(context) {
            Poll::Ready(answer) => Poll::Ready(Some(answer)),
            Poll::Pending if waiting_for == Part::Content && left() == Left::Whole => {
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
    (left(), answer)
}

/// The content as it travels: a dot more before each dot that starts a line (RFC 5321 §4.5.2), and the
/// line that ends it.
fn ended(bytes: &[u8]) -> String {
    let text = std::str::from_utf8(bytes).expect("an e-mail is ASCII");
    let mut content = String::with_capacity(text.len() + 64);
    for line in text.split_inclusive('\n') {
        if line.starts_with('.') {
            content.push('.');
        }
        content.push_str(line);
    }
    if !content.is_empty() && !content.ends_with("\r\n") {
        content.push_str("\r\n");
    }
    content.push_str(".\r\n");
    content
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
    command: impl fmt::Display,
    limit: Duration,
) -> Result<Response, Failure> {
    answered(limit, connection.command(command)).await
}

/// Waits for what the library makes of an answer.
pub(super) async fn answered<T>(
    limit: Duration,
    answer: impl Future<Output = Result<T, lettre::transport::smtp::Error>>,
) -> Result<T, Failure> {
    match timeout(limit, answer).await {
        Ok(Ok(answer)) => Ok(answer),
        Ok(Err(error)) => Err(classify(&error)),
        Err(_) => Err(Failure::Timeout),
    }
}

/// Reads the library's error: it tells a reply from everything else, and that is enough, since the
/// boundary is ours.
fn classify(error: &lettre::transport::smtp::Error) -> Failure {
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
    fn a_dot_that_starts_a_line_does_not_end_the_content() {
        for (bytes, travels) in [
            ("a\r\n.\r\nb\r\n", "a\r\n..\r\nb\r\n.\r\n"),
            (".a\r\n..b", "..a\r\n...b\r\n.\r\n"),
            ("a.\r\n b.c\r\n", "a.\r\n b.c\r\n.\r\n"),
            ("", ".\r\n"),
        ] {
            assert_eq!(ended(bytes.as_bytes()), travels, "{bytes:?}");
        }
    }

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
