//! One message over an open connection, with an exact answer to "may it have been delivered?".
//!
//! A server may deliver a message only after it has received the line with the single dot that ends
//! its content. Content and that line are written together, and it is counted how much was handed
//! over. So the last byte is the boundary: an error before it went is surely no delivery, an error
//! after it is not.
//!
//! Where the server takes commands together, the envelope and `DATA` are one write and one wait. Their
//! answers are read in order all the same, and content leaves only after the server's "go ahead".

use std::time::Duration;

use super::connect::Offers;
use super::conversation::{Conversation, Failure, Reply, within};
use super::settings::Timeouts;
use crate::email::Email;
use crate::refusal::says_no_relay;
use crate::sent::{Cause, ResponseClass, Sent, ServerText, Stage};

/// An open connection.
pub(super) struct Line {
    pub(super) conversation: Conversation,
    pub(super) offers: Offers,
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
    let envelope = &email.envelope;
    let sender = envelope.from().map_or("", AsRef::as_ref);
    let recipients = || envelope.to().iter().map(AsRef::<str>::as_ref);
    let plain = sender.is_ascii() && recipients().all(str::is_ascii);
    if !plain && !line.offers.utf8 {
        let text = ServerText::new("an address beyond ASCII needs SMTPUTF8");
        let sent = Sent::NotSent { cause: Cause::Unsupported, text };
        return Err(Box::new(Ended { sent, connection: Usable::Again }));
    }
    let parameters = if plain { "" } else { " SMTPUTF8" };
    let mut commands = vec![(Stage::Sender, format!("MAIL FROM:<{sender}>{parameters}\r\n"))];
    commands.extend(recipients().map(|to| (Stage::Recipient, format!("RCPT TO:<{to}>\r\n"))));
    commands.push((Stage::Data, "DATA\r\n".to_owned()));
    let conversation = &mut line.conversation;
    if line.offers.together {
        return offer_together(conversation, &commands, limit).await;
    }
    for (stage, command) in commands {
        let answer = conversation.ask(&command, limit).await;
        if let Err(ended) = judged(stage, answer) {
            return Err(Box::new(reset(conversation, ended, limit).await));
        }
    }
    Ok(())
}

/// All of it in one write. A refusal leaves answers to what was asked behind it: they are read before
/// the connection is used again.
async fn offer_together(
    conversation: &mut Conversation,
    commands: &[(Stage, String)],
    limit: Duration,
) -> Result<(), Box<Ended>> {
    let all: String = commands.iter().map(|(_, command)| command.as_str()).collect();
    let mut answers = vec![conversation.ask(&all, limit).await];
    // Behind a goodbye, or what is no answer, nothing comes.
    let goes_on = |answer: &Result<Reply, Failure>| match answer {
        Ok(_) => true,
        Err(Failure::Reply { code, .. }) => *code != 421,
        Err(Failure::Lost { .. } | Failure::Timeout | Failure::Garbled) => false,
    };
    while answers.len() < commands.len() && answers.last().is_some_and(goes_on) {
        answers.push(conversation.answer(limit).await);
    }
    let waits_for_content = answers.len() == commands.len()
        && matches!(answers.last(), Some(Ok(go)) if expected(Stage::Data, go));
    for ((stage, _), answer) in commands.iter().zip(answers) {
        let Err(ended) = judged(*stage, answer) else { continue };
        // What waits for content takes anything else for it: there is nothing but to hang up.
        return Err(Box::new(match waits_for_content {
            true => Ended { connection: Usable::No, ..ended },
            false => reset(conversation, ended, limit).await,
        }));
    }
    Ok(())
}

/// Whether a yes is the one that the stage wants.
fn expected(stage: Stage, reply: &Reply) -> bool {
    let goes_ahead = reply.code >= 300;
    match stage {
        Stage::Data => goes_ahead,
        Stage::Sender
        | Stage::Recipient
        | Stage::Content
        | Stage::DeadRecipient
        | Stage::StoppedRecipient
        | Stage::UnreachedRecipient => !goes_ahead,
    }
}

/// Whether an answer is the one that the stage wants, or how the message ended; a connection that can
/// carry another is to be reset first.
fn judged(stage: Stage, answer: Result<Reply, Failure>) -> Result<(), Ended> {
    let failure = match answer {
        Ok(reply) if expected(stage, &reply) => return Ok(()),
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
async fn reset(conversation: &mut Conversation, ended: Ended, limit: Duration) -> Ended {
    if ended.connection == Usable::Again && conversation.ask("RSET\r\n", limit).await.is_err() {
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

/// Sends the content. Returns how much of it went, and the server's answer if it came to that. The wait
/// for the answer begins when all of it went.
async fn content(
    line: &mut Line,
    email: &Email,
    timeouts: &Timeouts,
) -> (Left, Result<Reply, Failure>) {
    let content = ended(email.bytes());
    let mut handed = 0;
    let handing = line.conversation.hand_over(content.as_bytes(), &mut handed);
    let written = within(timeouts.command, handing).await.flatten();
    let left = if handed < content.len() { Left::Part } else { Left::Whole };
    match written {
        Err(failure) => (left, Err(failure)),
        Ok(()) => (left, line.conversation.answer(timeouts.verdict).await),
    }
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

fn before_end(failure: &Failure) -> Ended {
    let sent = Sent::NotSent { cause: failure.cause(), text: failure.text() };
    Ended { sent, connection: Usable::No }
}

fn after_end(outcome: Result<Reply, Failure>) -> Ended {
    match outcome {
        Ok(reply) if expected(Stage::Content, &reply) => {
            let response_class = ResponseClass::Server { code: reply.code };
            let provider_id = provider_id(&reply.lines.join(" "));
            let sent = Sent::Accepted { provider_id, response_class };
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

/// A sender that the server does not take, a password that it wants and mail that it does not pass on are
/// settings to put right, and no fault of the message.
fn refused(code: u16, stage: Stage, text: &str) -> Sent {
    let setting = stage == Stage::Sender
        || matches!(code, 530 | 534 | 535 | 538)
        || (stage == Stage::Recipient && says_no_relay(text));
    Sent::Refused { permanent: code >= 500 && !setting, code, stage, text: ServerText::new(text) }
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
