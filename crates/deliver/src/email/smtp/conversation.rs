//! Commands and answers over a connection, and how much of what is said was handed over.
//!
//! Answers are read as servers write them: with a bare code, with digits that no table lists, in the
//! letters of another alphabet, spread over any number of packets. What counts is the code; of one that
//! cannot be made out nothing is believed.

use std::fmt;
use std::io;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

use crate::sent::{Cause, ServerText};

/// Longest answer, in bytes.
const ANSWER_MAX: usize = 16 * 1024;
/// Room for the answers to commands that go together, so that one look takes them all.
const ROOM: usize = 1_024;

/// What a conversation is held over: the network, or encryption on it.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// A connection on which one side speaks and the other answers.
pub(super) struct Conversation<S = Box<dyn Stream>> {
    stream: S,
    /// What was received and not yet taken for an answer.
    received: Vec<u8>,
}

/// A server's answer that is a yes: 200 to 399.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) code: u16,
    /// What stands behind the code, line by line; at least one.
    pub(super) lines: Vec<String>,
}

/// Why a command got no welcome answer.
#[derive(Debug, PartialEq, Eq)]
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

impl<S: Stream> Conversation<S> {
    pub(super) fn over(stream: S) -> Self {
        Self { stream, received: Vec::with_capacity(ROOM) }
    }

    /// The connection, if nothing waits on it that was not asked for.
    pub(super) fn into_stream(self) -> Result<S, Failure> {
        if self.received.is_empty() { Ok(self.stream) } else { Err(Failure::Garbled) }
    }

    /// Hands bytes over to the network, or to encryption: `handed` grows with each that was, and one that
    /// was not has surely not left.
    pub(super) async fn hand_over(
        &mut self,
        bytes: &[u8],
        handed: &mut usize,
    ) -> Result<(), Failure> {
        while *handed < bytes.len() {
            match self.stream.write(&bytes[*handed..]).await {
                Ok(0) => return Err(Failure::hung_up()),
                Ok(taken) => *handed += taken,
                Err(error) => return Err(Failure::lost(&error)),
            }
        }
        self.stream.flush().await.map_err(|error| Failure::lost(&error))
    }

    /// Says one or more commands and waits for the answer to the first.
    pub(super) async fn ask(&mut self, commands: &str, limit: Duration) -> Result<Reply, Failure> {
        within(limit, async {
            self.hand_over(commands.as_bytes(), &mut 0).await?;
            self.next_answer().await
        })
        .await?
    }

    /// Waits for the next answer.
    pub(super) async fn answer(&mut self, limit: Duration) -> Result<Reply, Failure> {
        within(limit, self.next_answer()).await?
    }

    async fn next_answer(&mut self) -> Result<Reply, Failure> {
        let (mut begin, mut said) = (0, Vec::new());
        loop {
            while let Some(length) = self.received[begin..].iter().position(|byte| *byte == b'\n') {
                let end = begin + length + 1;
                let line = Line::read(&self.received[begin..end]).ok_or(Failure::Garbled)?;
                let last = !line.goes_on;
                said.push(line);
                if last {
                    self.received.drain(..end);
                    return whole(said);
                }
                begin = end;
            }
            if self.received.len() > ANSWER_MAX {
                return Err(Failure::Garbled);
            }
            match self.stream.read_buf(&mut self.received).await {
                Ok(0) => return Err(Failure::hung_up()),
                Ok(_) => {}
                Err(error) => return Err(Failure::lost(&error)),
            }
        }
    }
}

impl<S: Stream + 'static> Conversation<S> {
    /// The same, whatever it is held over.
    pub(super) fn boxed(self) -> Conversation {
        Conversation { stream: Box::new(self.stream), received: self.received }
    }
}

impl<S> fmt::Debug for Conversation<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Conversation")
    }
}

/// One line of an answer.
struct Line {
    code: u16,
    goes_on: bool,
    text: String,
}

impl Line {
    /// Reads a line with its end, which may lack its carriage return (RFC 5321 §4.2: text may be left
    /// out, and the blank before it).
    fn read(bytes: &[u8]) -> Option<Self> {
        let line = bytes.strip_suffix(b"\n")?;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let (digits, rest) = line.split_at_checked(3)?;
        if !matches!(digits[0], b'2'..=b'5') || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let code = digits.iter().fold(0, |code, digit| code * 10 + u16::from(digit - b'0'));
        let (goes_on, text) = match rest.split_first() {
            None => (false, rest),
            Some((b' ', text)) => (false, text),
            Some((b'-', text)) => (true, text),
            Some(_) => return None,
        };
        Some(Self { code, goes_on, text: String::from_utf8_lossy(text).into_owned() })
    }
}

/// The answer that these lines are: each says the same code, else nobody knows what was meant.
fn whole(said: Vec<Line>) -> Result<Reply, Failure> {
    let code = said.last().map_or(0, |line| line.code);
    if said.iter().any(|line| line.code != code) {
        return Err(Failure::Garbled);
    }
    let lines: Vec<String> = said.into_iter().map(|line| line.text).collect();
    match code {
        0..400 => Ok(Reply { code, lines }),
        _ => Err(Failure::Reply { code, text: joined(&lines) }),
    }
}

/// The words of an answer in one line: a status that every line repeats (RFC 2034 §4) stands there once.
fn joined(lines: &[String]) -> String {
    let status = lines.first().and_then(|line| line.split(' ').next());
    let status = status.filter(|word| word.split('.').count() == 3);
    let rest = lines.iter().skip(1).map(|line| {
        let repeated = status.and_then(|status| line.strip_prefix(status)?.strip_prefix(' '));
        repeated.unwrap_or(line)
    });
    lines.first().map(String::as_str).into_iter().chain(rest).collect::<Vec<_>>().join(" ")
}

/// Waits for something to be done.
pub(super) async fn within<T>(
    limit: Duration,
    work: impl Future<Output = T>,
) -> Result<T, Failure> {
    timeout(limit, work).await.map_err(|_| Failure::Timeout)
}

impl Failure {
    pub(super) fn lost(error: &io::Error) -> Self {
        Self::Lost { text: error.to_string() }
    }

    fn hung_up() -> Self {
        Self::Lost { text: "the server hung up".to_owned() }
    }

    pub(super) fn cause(&self) -> Cause {
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

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    /// The first answer in what a server says before it hangs up.
    async fn heard(bytes: &[u8]) -> Result<Reply, Failure> {
        Conversation::over(tokio::io::join(bytes, tokio::io::sink())).answer(LIMIT).await
    }

    fn reply(code: u16, lines: &[&str]) -> Result<Reply, Failure> {
        Ok(Reply { code, lines: lines.iter().map(|line| (*line).to_owned()).collect() })
    }

    #[tokio::test]
    async fn an_answer_is_read_however_it_is_written() {
        assert_eq!(heard(b"250 2.0.0 Ok\r\n").await, reply(250, &["2.0.0 Ok"]));
        assert_eq!(
            heard(b"250-a\r\n250-b c\r\n250 d\r\nmore").await,
            reply(250, &["a", "b c", "d"])
        );
        assert_eq!(heard(b"354\r\n").await, reply(354, &[""]));
        assert_eq!(heard(b"250-\r\n250\r\n").await, reply(250, &["", ""]));
        assert_eq!(heard(b"250 fine\n").await, reply(250, &["fine"]));
        assert_eq!(heard(b"250 aceptado \xe1\r\n").await, reply(250, &["aceptado \u{fffd}"]));
        assert_eq!(heard("220 ¡Hola!\r\n".as_bytes()).await, reply(220, &["¡Hola!"]));
        let refused = |code, text: &str| Err(Failure::Reply { code, text: text.to_owned() });
        assert_eq!(heard(b"571 blocked\r\n").await, refused(571, "blocked"));
        assert_eq!(
            heard(b"450-4.2.0 grey\r\n450 4.2.0 list\r\n").await,
            refused(450, "4.2.0 grey list")
        );
    }

    #[tokio::test]
    async fn of_what_is_no_answer_nothing_is_believed() {
        for garbled in [
            "hello\r\n",
            "25\r\n",
            "\r\n",
            "150 go\r\n",
            "600 go\r\n",
            "2500 go\r\n",
            "250_go\r\n",
            "250-a\r\n550 b\r\n",
            " 250 a\r\n",
        ] {
            assert_eq!(heard(garbled.as_bytes()).await, Err(Failure::Garbled), "{garbled:?}");
        }
        for half in ["", "250 fi", "250-a\r\n", "250-a\r\n250 b\r"] {
            assert_eq!(heard(half.as_bytes()).await, Err(Failure::hung_up()), "{half:?}");
        }
    }

    #[tokio::test]
    async fn nobody_listens_for_longer_than_it_takes() {
        for endless in ["250-x\r\n".repeat(10_000), "250 x".repeat(10_000)] {
            assert_eq!(heard(endless.as_bytes()).await, Err(Failure::Garbled));
        }
    }
}
