//! Backup while the program runs, and restoring.
//!
//! A backup is one file: a store as of one moment, in which sending is off until a person says
//! otherwise, since what was sent after that moment is not known to it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use super::check::{Problem, Progress};
use super::open::{FILE, lock, migrate, schema};
use super::reader::SqliteReader;
use super::small;
use crate::error::StoreError;
use crate::store::Sending;

/// Pages copied between two calls of the progress: 8 MB.
const PAGES_A_STEP: i32 = 2_048;

/// Whether a restore may replace a store that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// It refuses.
    Never,
    /// It does, once the backup has been copied and checked.
    Existing,
}

impl SqliteReader {
    /// Copies the store as of this moment to `to`: a directory, or the file itself. Beside the
    /// writer, which goes on; its log cannot be moved into the database meanwhile and grows by
    /// what it writes. `progress` hears of pages done and pages in all. Returns the file.
    ///
    /// # Errors
    /// If there is such a file already, or it cannot be written. A backup that did not end leaves
    /// only a file whose name ends in `.partial`.
    pub fn backup(&self, to: &Path, progress: Progress<'_>) -> Result<PathBuf, StoreError> {
        let target = if to.is_dir() { to.join(FILE) } else { to.to_owned() };
        if target.exists() {
            return Err(StoreError::Exists { dir: target });
        }
        let partial = partial(&target);
        remove(&partial)?;
        let mut copy = Connection::open(&partial)?;
        // With the snapshot held, the copy is of one moment, and writing does not start it over.
        self.snapshot(|source| {
            source.query_row("SELECT count(*) FROM erased", [], |_| Ok(()))?;
            let backup = Backup::new(source, &mut copy)?;
            loop {
                let step = backup.step(PAGES_A_STEP)?;
                let pages = backup.progress();
                let all = u64::try_from(pages.pagecount).unwrap_or(0);
                let left = u64::try_from(pages.remaining).unwrap_or(0);
                progress(all - left, all);
                if step == StepResult::Done {
                    return Ok(());
                }
            }
        })?;
        settle(copy, &partial)?;
        rename(&partial, &target)?;
        Ok(target)
    }
}

/// Puts a backup in place as the store of `dir`, checked before and with sending off until a
/// person says otherwise.
///
/// # Errors
/// If the backup is no store, damaged ([`StoreError::Damaged`] names the first problem) or newer,
/// if `dir` is in use, or if there is a store already and `replace` does not say so.
pub fn restore(
    from: &Path,
    dir: &Path,
    replace: Replace,
    progress: Progress<'_>,
) -> Result<(), StoreError> {
    let from = if from.is_dir() { from.join(FILE) } else { from.to_owned() };
    if !from.is_file() {
        return Err(StoreError::NotAStore { path: from });
    }
    let target = dir.join(FILE);
    let lock = lock(dir)?;
    if target.exists() && replace == Replace::Never {
        return Err(StoreError::Exists { dir: dir.to_owned() });
    }
    let partial = partial(&target);
    remove(&partial)?;
    fs::copy(&from, &partial).map_err(failed("copy", &from))?;
    let mut copy = Connection::open(&partial)?;
    if schema(&copy, &from)? == 0 {
        return Err(StoreError::NotAStore { path: from });
    }
    migrate(&mut copy, &from)?;
    settle(copy, &partial)?;
    let problems = SqliteReader::open_file(&partial)?.check(progress)?;
    if let Some(Problem { table, what }) = problems.first() {
        remove(&partial)?;
        return Err(StoreError::damaged(format!("the backup's {table}: {what}")));
    }
    // The write-ahead log of the store that was there must not be played into the backup, nor be
    // missing from that store: so the store goes first, and a crash in between leaves none.
    for ending in ["db", "db-wal", "db-shm"] {
        remove(&target.with_extension(ending))?;
    }
    rename(&partial, &target)?;
    drop(lock);
    Ok(())
}

/// Switches sending off in a copy and makes the copy durable as one file.
fn settle(copy: Connection, path: &Path) -> Result<(), StoreError> {
    copy.pragma_update(None, "journal_mode", "DELETE")?;
    small::set_sending(&copy, Sending::OffAfterRestore)?;
    copy.close().map_err(|(_, error)| error)?;
    File::open(path).and_then(|file| file.sync_all()).map_err(failed("write", path))
}

fn partial(target: &Path) -> PathBuf {
    let mut name = target.file_name().unwrap_or_default().to_owned();
    name.push(".partial");
    target.with_file_name(name)
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(failed("remove", path)(error))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::rename(from, to).map_err(failed("move into place", to))?;
    let dir = to.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(failed("write", to))
}

pub(super) fn failed(
    doing: &'static str,
    path: &Path,
) -> impl FnOnce(std::io::Error) -> StoreError + use<> {
    let path = path.to_owned();
    move |source| StoreError::File { doing, path, source }
}
