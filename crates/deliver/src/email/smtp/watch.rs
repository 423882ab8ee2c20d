//! What passes over a connection, as far as it matters to whoever speaks: how many bytes were handed
//! over, and what the server offered.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Longest greeting and answer to EHLO that is listened to, in bytes.
const HEARD_MAX: usize = 16 * 1024;

/// What was seen of a connection so far.
#[derive(Clone, Default)]
pub(super) struct Seen {
    handed: Arc<AtomicU64>,
    /// What the server said; `None`: nobody listens any more.
    heard: Arc<Mutex<Option<Vec<u8>>>>,
}

impl Seen {
    /// Begins to count and to listen.
    pub(super) fn new() -> Self {
        let heard = Arc::new(Mutex::new(Some(Vec::new())));
        Self { heard, ..Self::default() }
    }

    /// How many bytes were handed to what is below: encryption or the network. A byte that was not
    /// has surely not left.
    pub(super) fn handed(&self) -> u64 {
        self.handed.load(Ordering::Acquire)
    }

    /// Whether the server takes commands together (RFC 2920). To be asked once, after its answer to
    /// EHLO: nobody listens afterwards.
    pub(super) fn takes_commands_together(&self) -> bool {
        let heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner).take();
        let heard = heard.unwrap_or_default();
        let text = String::from_utf8_lossy(&heard);
        text.lines().any(|line| {
            let offer = line.strip_prefix("250").and_then(|line| line.get(1..));
            offer.is_some_and(|word| word.trim_end().eq_ignore_ascii_case("PIPELINING"))
        })
    }

    fn hear(&self, bytes: &[u8]) {
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(heard) = heard.as_mut().filter(|heard| heard.len() < HEARD_MAX) {
            heard.extend_from_slice(bytes);
        }
    }
}

/// A connection that is watched.
pub(super) struct Watched {
    pub(super) stream: Box<dyn AsyncTokioStream>,
    pub(super) seen: Seen,
}

impl fmt::Debug for Watched {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Watched")
    }
}

impl AsyncTokioStream for Watched {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.stream.peer_addr()
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, into);
        self.seen.hear(&into.filled()[before..]);
        read
    }
}

impl AsyncWrite for Watched {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if let Poll::Ready(Ok(taken)) = &written {
            let taken = u64::try_from(*taken).unwrap_or(u64::MAX);
            self.seen.handed.fetch_add(taken, Ordering::Release);
        }
        written
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

    fn offers(heard: &str) -> bool {
        let seen = Seen::new();
        seen.hear(heard.as_bytes());
        seen.takes_commands_together()
    }

    #[test]
    fn a_server_that_takes_commands_together_says_so() {
        assert!(offers("220 ready\r\n250-here\r\n250-PIPELINING\r\n250 8BITMIME\r\n"));
        assert!(offers("220 ready\r\n250-here\r\n250 pipelining\r\n"));
        for other in ["", "220 PIPELINING\r\n", "250-XPIPELINING\r\n250 ok\r\n", "250", "250é\r\n"]
        {
            assert!(!offers(other), "{other}");
        }
    }

    #[test]
    fn nobody_listens_for_longer_than_it_takes() {
        let seen = Seen::new();
        for _ in 0..100 {
            seen.hear(&[b'x'; 1024]);
        }
        assert_eq!(seen.heard.lock().unwrap().as_ref().unwrap().len(), HEARD_MAX);
        assert!(!seen.takes_commands_together());
        seen.hear(b"250 PIPELINING\r\n");
        assert!(!seen.takes_commands_together());
    }
}
