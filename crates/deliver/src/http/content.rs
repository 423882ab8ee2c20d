//! The body of a request, which tells when its last piece was taken.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::sync::oneshot;

/// What is asked for at a time: small beside what a connection buffers, so that the last piece is
/// taken only once most of a long body is on its way.
const PIECE: usize = 16 * 1024;

/// Bytes that are handed out in pieces.
#[derive(Debug)]
pub(super) struct Content {
    rest: Bytes,
    whole: Option<oneshot::Sender<()>>,
}

impl Content {
    /// The body, and what is told once its last piece was taken: from then on the server may have
    /// all of it.
    pub(super) fn new(bytes: Bytes) -> (Self, oneshot::Receiver<()>) {
        let (whole, taken) = oneshot::channel();
        (Self { rest: bytes, whole: Some(whole) }, taken)
    }
}

impl Body for Content {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let length = self.rest.len().min(PIECE);
        let piece = self.rest.split_to(length);
        if self.rest.is_empty()
            && let Some(whole) = self.whole.take()
        {
            // Nobody waits for it any more only where the request was given up.
            let _ = whole.send(());
        }
        Poll::Ready((length > 0).then_some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.whole.is_none()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.rest.len() as u64)
    }
}
