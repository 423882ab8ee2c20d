//! How far work in the background is, and whether it is to end: asked by pages while it runs.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// So much is done, of how much; 0 while that is being counted.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    stop: AtomicBool,
    done: AtomicU64,
    whole: AtomicU64,
}

impl Progress {
    /// Begins anew.
    pub(crate) fn begin(&self) {
        self.stop.store(false, Ordering::Release);
        self.note(0, 0);
    }

    /// Notes how far it is. Returns whether to go on.
    pub(crate) fn note(&self, done: u64, whole: u64) -> bool {
        self.done.store(done, Ordering::Relaxed);
        self.whole.store(whole, Ordering::Relaxed);
        !self.stopped()
    }

    /// Notes that so much more is done.
    pub(crate) fn advance(&self, more: u64) {
        self.done.fetch_add(more, Ordering::Relaxed);
    }

    /// How much is done, and of how much.
    pub(crate) fn told(&self) -> (u64, u64) {
        (self.done.load(Ordering::Relaxed), self.whole.load(Ordering::Relaxed))
    }

    /// Asks whoever works to end soon.
    pub(crate) fn stop(&self) {
        self.stop.store(true, Ordering::Release);
    }

    /// Whether somebody asked to end.
    pub(crate) fn stopped(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}
