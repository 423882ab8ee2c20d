//! Moving the write-ahead log into the database, beside the writer.
//!
//! A checkpoint inside a commit would stall it for as long as some hundred megabytes take. So the
//! writer never does a large one: a thread with a connection of its own moves the log when it has
//! grown to 256 MB or when nobody has written for a second, and the writer then moves the little
//! that was added meanwhile, after which the log starts over from its beginning. The price: up to
//! 256 MB more on disk (more while a backup or a long read holds a snapshot), and as much to read
//! when the program starts after it was killed.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicU8, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use super::connection;
use crate::error::StoreError;

/// Pages of 4 KiB in the log at which it is moved: 256 MB.
const PAGES_MAX: i32 = 65_536;
/// The log is moved after this long without a commit.
const IDLE: Duration = Duration::from_secs(1);

const RESTING: u8 = 0;
const MOVING: u8 = 1;
const MOVED: u8 = 2;

/// The thread that moves the log, as the writer holds it.
#[derive(Debug)]
pub(super) struct Checkpointer {
    notes: Option<Sender<Note>>,
    state: Arc<AtomicU8>,
    /// Pages in the log after the last commit.
    pages: Arc<AtomicI32>,
    thread: Option<JoinHandle<()>>,
}

enum Note {
    Written,
    Grown,
}

impl Checkpointer {
    /// Starts the thread; `writer` tells it how far the log has grown.
    pub(super) fn start(path: PathBuf, writer: &mut Connection) -> Result<Self, StoreError> {
        let pages = Arc::new(AtomicI32::new(0));
        let counted = Arc::clone(&pages);
        writer.wal_hook(Some(move |_: &mut Wal, pages| {
            counted.store(pages, Ordering::Relaxed);
            Ok(())
        }))?;
        let connection = connection::writer(&path)?;
        let (notes, received) = channel();
        let state = Arc::new(AtomicU8::new(RESTING));
        let shared = Arc::clone(&state);
        let thread = std::thread::Builder::new()
            .name("checkpoint".to_owned())
            .spawn(move || run(&connection, &received, &shared))
            .map_err(|source| StoreError::File { doing: "start a thread for", path, source })?;
        Ok(Self { notes: Some(notes), state, pages, thread: Some(thread) })
    }

    /// Tells of a commit.
    pub(super) fn written(&self, writer: &Connection) {
        let grown = self.pages.load(Ordering::Relaxed) >= PAGES_MAX;
        if self.state.compare_exchange(MOVED, RESTING, Ordering::AcqRel, Ordering::Acquire).is_ok()
        {
            move_log(writer);
        }
        let asks = grown
            && self
                .state
                .compare_exchange(RESTING, MOVING, Ordering::AcqRel, Ordering::Acquire)
                .is_ok();
        let note = if asks { Note::Grown } else { Note::Written };
        if let Some(notes) = &self.notes {
            // The thread ends before the writer only if it panicked; the log then grows until the
            // store is opened again, and loses nothing.
            drop(notes.send(note));
        }
    }
}

impl Drop for Checkpointer {
    fn drop(&mut self) {
        self.notes = None;
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

fn run(connection: &Connection, notes: &Receiver<Note>, state: &AtomicU8) {
    let mut written = false;
    loop {
        let note = if written {
            notes.recv_timeout(IDLE)
        } else {
            notes.recv().map_err(|_| RecvTimeoutError::Disconnected)
        };
        match note {
            Ok(Note::Written) => written = true,
            Ok(Note::Grown) => {
                move_log(connection);
                state.store(MOVED, Ordering::Release);
                written = true;
            }
            Err(RecvTimeoutError::Timeout) => {
                move_log(connection);
                written = false;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        }
    }
}

/// Moves what no reader still needs. A failure is not ours to report: what it comes from, a full
/// or broken disk, fails the next commit too, and that is reported.
fn move_log(connection: &Connection) {
    drop(connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(())));
}
