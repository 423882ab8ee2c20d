//! TLS below the conversation: from the first byte, or after STARTTLS.
//!
//! STARTTLS is spoken here, on the bare connection, so that it can be checked that not one byte
//! followed the server's "go ahead": what an attacker slips in there unencrypted would otherwise be
//! taken for the server's answers once the connection is encrypted.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;

use super::transaction::Failure;
use crate::email::SettingsError;
use crate::tls;

/// Longest answer to greeting, EHLO and STARTTLS, in bytes.
const ANSWER_MAX: usize = 16 * 1024;

/// Encrypts connections to one server.
pub(super) struct Encryption {
    connector: TlsConnector,
    server: ServerName<'static>,
}

/// What STARTTLS came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum StartTls {
    /// The server waits for the handshake.
    Begun,
    /// The server does not offer it.
    NotOffered,
}

impl Encryption {
    /// For a server whose certificate bears the name `host`, signed by a public authority or by one
    /// in the file `authority`.
    pub(super) fn new(host: &str, authority: Option<&Path>) -> Result<Self, SettingsError> {
        let server = ServerName::try_from(host.to_owned()).map_err(|_| SettingsError::NotAUrl)?;
        let unreadable = |_| SettingsError::Authority {
            path: authority.map(Path::to_owned).unwrap_or_default(),
        };
        let connector = tls::connector(authority).map_err(unreadable)?;
        Ok(Self { connector, server })
    }

    /// Does the handshake; `preface` is what the first reader is told before the server's bytes.
    pub(super) async fn encrypt(
        &self,
        stream: TcpStream,
        preface: &'static [u8],
    ) -> io::Result<Prefaced<TlsStream<TcpStream>>> {
        let stream = self.connector.connect(self.server.clone(), stream).await?;
        Ok(Prefaced { stream, preface })
    }
}

/// Takes the greeting and asks for encryption, on a connection that nothing was read from.
pub(super) async fn start_tls(stream: &mut TcpStream, hello: &str) -> Result<StartTls, Failure> {
    answer(stream, 220).await?;
    say(stream, &format!("EHLO {hello}\r\n")).await?;
    let offers = answer(stream, 250).await?;
    let offered = offers.lines().any(|line| {
        line.get(4..).is_some_and(|word| word.trim_end().eq_ignore_ascii_case("STARTTLS"))
    });
    if !offered {
        return Ok(StartTls::NotOffered);
    }
    say(stream, "STARTTLS\r\n").await?;
    answer(stream, 220).await?;
    Ok(StartTls::Begun)
}

async fn say(stream: &mut TcpStream, line: &str) -> Result<(), Failure> {
    stream.write_all(line.as_bytes()).await.map_err(|error| lost(&error))
}

/// Reads one answer and demands that it is the whole of what was received.
async fn answer(stream: &mut TcpStream, expected: u16) -> Result<String, Failure> {
    let mut received = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&received);
        if let Some(end) = end_of_answer(&text) {
            let code = text.get(..3).and_then(|code| code.parse().ok());
            return match code {
                _ if end != text.len() => Err(Failure::Garbled),
                Some(code) if code == expected => Ok(text.into_owned()),
                Some(code @ 400..=599) => {
                    let text = text.get(4..).unwrap_or("").trim_end().to_owned();
                    Err(Failure::Reply { code, text })
                }
                Some(_) | None => Err(Failure::Garbled),
            };
        }
        if received.len() > ANSWER_MAX {
            return Err(Failure::Garbled);
        }
        match stream.read_buf(&mut received).await {
            Ok(0) => return Err(Failure::Lost { text: "the server hung up".to_owned() }),
            Ok(_) => {}
            Err(error) => return Err(lost(&error)),
        }
    }
}

/// The offset behind the line that ends an answer: the first one without a dash after its code.
fn end_of_answer(text: &str) -> Option<usize> {
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        end += line.len();
        if line.ends_with('\n') && line.as_bytes().get(3) != Some(&b'-') {
            return Some(end);
        }
    }
    None
}

fn lost(error: &io::Error) -> Failure {
    Failure::Lost { text: error.to_string() }
}

/// A connection on which something is read before what the server says: the greeting that was taken
/// already.
pub(super) struct Prefaced<S> {
    pub(super) stream: S,
    pub(super) preface: &'static [u8],
}

impl<S> fmt::Debug for Prefaced<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Prefaced")
    }
}

impl AsyncTokioStream for Prefaced<TcpStream> {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

impl AsyncTokioStream for Prefaced<TlsStream<TcpStream>> {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.get_ref().0.peer_addr()
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Prefaced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.preface.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, into);
        }
        let (now, later) = self.preface.split_at(self.preface.len().min(into.remaining()));
        into.put_slice(now);
        self.preface = later;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Prefaced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_ends_with_the_line_without_a_dash() {
        for (text, end) in [
            ("220 ready\r\n", Some(11)),
            ("250-a\r\n250 b\r\n", Some(14)),
            ("250-a\r\n250 b\r", None),
            ("250-a\r\n", None),
            ("220\r\n", Some(5)),
            ("220 go\r\n250 slipped in\r\n", Some(8)),
            ("", None),
        ] {
            assert_eq!(end_of_answer(text), end, "{text:?}");
        }
    }
}
