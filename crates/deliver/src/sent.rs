//! What is known after an attempt to send, and nothing beyond that.
//!
//! The line that matters is the end of the message's content: before it has been sent no server may
//! deliver, after it only the server's reply tells. [`Sent::Uncertain`] is for the second case
//! without a reply; a message that is uncertain may be in the person's inbox already.

use std::fmt;

use crate::refusal::says_nobody;

/// The outcome of one attempt to send one message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// The channel took responsibility for the message.
    Accepted {
        /// The server's own name for the message, where its reply states one.
        provider_id: Option<String>,
        /// Who accepted it.
        response_class: ResponseClass,
    },
    /// A server answered that it will not deliver: surely not delivered.
    Refused {
        /// Whether trying again is of no use: a reply of 500 and above, unless it is about a setting that
        /// can be put right.
        permanent: bool,
        /// The three digits of the reply: of a mail server 400 to 599, of a provider its status; 0: nobody
        /// was asked, since there is no use in it.
        code: u16,
        /// What was refused: only a refusal of the recipient says something about the person.
        stage: Stage,
        /// The server's words.
        text: ServerText,
    },
    /// The attempt ended before the end of the content was sent: surely not delivered.
    NotSent {
        /// What stopped it.
        cause: Cause,
        /// The server's or the system's words.
        text: ServerText,
    },
    /// The end of the content was sent and no valid reply came back: it may have been delivered.
    Uncertain {
        /// What stopped it.
        cause: Cause,
        /// The server's or the system's words.
        text: ServerText,
    },
}

/// Who accepted a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseClass {
    /// A mail server or provider, with the three digits of its reply, 200 to 299.
    Server {
        /// The reply's code.
        code: u16,
    },
    /// The built-in outbox: nothing left this machine.
    Outbox,
}

/// The part of the conversation that a server refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Our own sender address (`MAIL FROM`).
    Sender,
    /// The person's address (`RCPT TO`).
    Recipient,
    /// The request to send content (`DATA`).
    Data,
    /// The message itself, after it was sent whole.
    Content,
    /// The person's address, as one that the provider knows to be dead or closed to us.
    DeadRecipient,
    /// The person's address, whose owner told the provider to stop.
    StoppedRecipient,
    /// The person's address, to which no way leads from here though nothing is wrong with it.
    UnreachedRecipient,
}

/// Why an attempt ended without the server's verdict on the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// No connection, no greeting, or a greeting that turned us away.
    Connect,
    /// Encryption was asked for and could not be had.
    Encryption,
    /// The server did not accept the user name and password.
    Authentication,
    /// All connections stayed busy for too long.
    Busy,
    /// The connection was lost.
    Lost,
    /// An answer did not come in time.
    Timeout,
    /// The server said something that the protocol does not allow here.
    Protocol,
    /// The address or the content needs an extension that the server does not offer.
    Unsupported,
    /// The server's address is none that may be reached.
    Forbidden,
    /// The server broke while it had the message.
    Server,
}

impl Sent {
    /// Whether it is certain that this attempt delivered nothing.
    pub fn surely_not_delivered(&self) -> bool {
        match self {
            Self::Refused { .. } | Self::NotSent { .. } => true,
            Self::Accepted { .. } | Self::Uncertain { .. } => false,
        }
    }

    /// Whether it surely was not delivered and may be taken another time: the server was not there, was
    /// busy, or said that it will not take it now.
    pub fn may_be_taken_later(&self) -> bool {
        match self {
            Self::Refused { permanent, .. } => !permanent,
            Self::NotSent { cause: Cause::Unsupported | Cause::Forbidden, .. } => false,
            Self::NotSent { .. } => true,
            Self::Accepted { .. } | Self::Uncertain { .. } => false,
        }
    }

    /// Whether the provider said that the recipient has told it to stop, which is a no to us too.
    pub fn recipient_stopped(&self) -> bool {
        matches!(self, Self::Refused { stage: Stage::StoppedRecipient, .. })
    }

    /// Whether no way leads to the recipient's address from here: another channel may reach them.
    pub fn recipient_unreached(&self) -> bool {
        matches!(self, Self::Refused { permanent: true, stage: Stage::UnreachedRecipient, .. })
    }

    /// Whether the server said that the recipient's address does not exist or takes no mail, so that
    /// it belongs on the suppression list.
    ///
    /// A permanent refusal for reasons of policy or content (`5.7.1`, for one) is not this. Without
    /// an enhanced status code (RFC 3463) the words must say so.
    pub fn address_is_dead(&self) -> bool {
        if let Self::Refused { permanent: true, stage: Stage::DeadRecipient, .. } = self {
            return true;
        }
        let Self::Refused { permanent: true, code, stage: Stage::Recipient, text } = self else {
            return false;
        };
        match text.enhanced_status() {
            Some(status) => {
                ["5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"].contains(&status)
            }
            None => matches!(code, 550..=554) && says_nobody(text.reveal()),
        }
    }
}

/// The answer of an address that nobody needs to be asked about: nothing can ever go there.
#[must_use]
pub fn dead(why: &str) -> Sent {
    let text = ServerText::new(why);
    Sent::Refused { permanent: true, code: 0, stage: Stage::DeadRecipient, text }
}

/// A refusal in one line: its code, and the words that were said. Those of providers begin with the code
/// already, and where nobody was asked there is none.
#[must_use]
pub fn refusal(code: u16, words: &str) -> String {
    let digits = code.to_string();
    match code == 0 || words.starts_with(&digits) {
        true => words.to_owned(),
        false => format!("{digits} {words}"),
    }
}

/// What a server said: to be stored and shown to staff, never logged.
///
/// `Debug` shows nothing of it and `Display` hides every word with an `@` or a phone number.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct ServerText(String); // Invariant: at most LENGTH_MAX characters, no control characters.

impl ServerText {
    /// Longer texts are cut: what a server says is for a person to read.
    pub const LENGTH_MAX: usize = 500;

    /// Keeps the first [`Self::LENGTH_MAX`] characters of `text`, control characters as spaces.
    pub fn new(text: &str) -> Self {
        let plain = |c: char| if c.is_control() { ' ' } else { c };
        Self(text.trim().chars().map(plain).take(Self::LENGTH_MAX).collect())
    }

    /// The text as the server said it; it may hold the person's address.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The enhanced status code (RFC 3463) at its start, for example `5.1.1`, or as qmail writes it at its
    /// end: `(#5.1.1)`.
    pub fn enhanced_status(&self) -> Option<&str> {
        fn marked(word: &str) -> Option<&str> {
            word.strip_prefix("(#")?.strip_suffix(')')
        }
        let words = || self.0.split(' ');
        let word = words().find_map(marked).or_else(|| words().next())?;
        let parts: Vec<&str> = word.split('.').collect();
        let digits = |part: &&str| {
            (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        (parts.len() == 3 && parts.iter().all(digits)).then_some(word)
    }
}

impl fmt::Debug for ServerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServerText(***)")
    }
}

impl fmt::Display for ServerText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, word) in self.0.split(' ').enumerate() {
            let gap = if index == 0 { "" } else { " " };
            write!(f, "{gap}{}", if names_somebody(word) { "***" } else { word })?;
        }
        Ok(())
    }
}

/// Whether a word holds an address, or a number in international form.
fn names_somebody(word: &str) -> bool {
    const DIGITS_MIN: usize = 6;
    let plain = word.to_ascii_lowercase().replace("%2b", "+").replace("%40", "@");
    let number = |(at, _): (usize, &str)| {
        plain[at + 1..].bytes().take_while(u8::is_ascii_digit).count() >= DIGITS_MIN
    };
    plain.contains('@') || plain.match_indices('+').any(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u16, stage: Stage, text: &str) -> Sent {
        Sent::Refused { permanent: code >= 500, code, stage, text: ServerText::new(text) }
    }

    #[test]
    fn only_a_permanent_refusal_of_the_address_itself_says_it_is_dead() {
        assert!(refused(550, Stage::Recipient, "5.1.1 no such user").address_is_dead());
        assert!(refused(550, Stage::Recipient, "No such user here").address_is_dead());
        assert!(refused(550, Stage::Recipient, "sorry, nobody (#5.1.1)").address_is_dead());
        assert!(!refused(553, Stage::Recipient, "no such rcpthost (#5.7.1)").address_is_dead());
        assert!(!refused(550, Stage::Recipient, "relay not permitted").address_is_dead());
        assert!(!refused(550, Stage::Recipient, "5.7.1 listed on a blocklist").address_is_dead());
        assert!(!refused(450, Stage::Recipient, "4.2.1 try later").address_is_dead());
        assert!(!refused(550, Stage::Sender, "5.1.8 bad sender").address_is_dead());
        assert!(!refused(554, Stage::Content, "5.7.1 looks like spam").address_is_dead());
    }

    #[test]
    fn only_what_surely_did_not_go_out_and_may_yet_is_tried_again() {
        let text = ServerText::default;
        assert!(refused(450, Stage::Recipient, "4.2.0 greylisted").may_be_taken_later());
        assert!(!refused(550, Stage::Recipient, "5.1.1 no such user").may_be_taken_later());
        assert!(Sent::NotSent { cause: Cause::Connect, text: text() }.may_be_taken_later());
        assert!(!Sent::NotSent { cause: Cause::Forbidden, text: text() }.may_be_taken_later());
        assert!(!Sent::Uncertain { cause: Cause::Timeout, text: text() }.may_be_taken_later());
    }

    #[test]
    fn a_refusal_has_its_code_once() {
        assert_eq!(refusal(550, "5.1.1 no such user"), "550 5.1.1 no such user");
        assert_eq!(refusal(410, "410"), "410");
        assert_eq!(refusal(0, "the browser's key is none"), "the browser's key is none");
    }

    #[test]
    fn what_a_server_says_never_shows_an_address() {
        let text =
            ServerText::new("5.1.1 <ana@example.com>: unknown, see x?to=ana%40example.com\r\n");
        assert_eq!(format!("{text:?}"), "ServerText(***)");
        assert_eq!(text.to_string(), "5.1.1 *** unknown, see ***");
        let number = ServerText::new("21211 The 'To' number '+34600112233' is no number, 1+1 is 2");
        assert_eq!(number.to_string(), "21211 The 'To' number *** is no number, 1+1 is 2");
        assert!(text.reveal().contains("ana@example.com"));
        let sent = Sent::Refused { permanent: true, code: 550, stage: Stage::Recipient, text };
        assert!(!format!("{sent:?}").contains("ana"));
    }
}
