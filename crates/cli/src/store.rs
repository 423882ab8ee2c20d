//! The store behind `--data-dir`: to write, where no server runs, or to read beside one.

use std::path::Path;

use anyhow::Context;
use regulars_server::clock;
use regulars_server::writer::Writer;
use regulars_store::{SqliteReader, SqliteStore, StoreError};

use crate::ending::Wrong;
use crate::progress::Progress;

/// Opens the store to write it, and makes one where there is none.
pub(crate) fn writer(dir: &Path) -> anyhow::Result<Writer<SqliteStore>> {
    let mut writer = regulars_server::serve::open_writer(dir).map_err(|error| {
        let used = in_use(&error);
        let error = anyhow::Error::new(error);
        if used { error.context(busy(dir)) } else { error }
    })?;
    // Nobody here delivers: what is due waits for the next start of the server.
    writer.hold_sending();
    Ok(writer)
}

/// Opens the store to write it; it must be there.
pub(crate) fn existing_writer(dir: &Path) -> anyhow::Result<Writer<SqliteStore>> {
    must_exist(dir)?;
    writer(dir)
}

/// Opens the store to read it, beside a running server if there is one.
pub(crate) fn reader(dir: &Path) -> anyhow::Result<SqliteReader> {
    must_exist(dir)?;
    SqliteReader::open(dir)
        .with_context(|| format!("could not read the store in \"{}\"", dir.display()))
}

/// Computes new and changed segments for everybody; a server does so beside its other work.
pub(crate) fn compute(writer: &mut Writer<SqliteStore>) -> anyhow::Result<()> {
    if !writer.computing() {
        return Ok(());
    }
    let mut progress = Progress::begin("computing segments");
    while writer.compute(clock::now())? {
        if let Some(at) = writer.computed()? {
            progress.at(at.done, at.total);
        }
    }
    progress.end();
    Ok(())
}

/// Whether there is a store.
pub(crate) fn exists(dir: &Path) -> bool {
    dir.join("regulars.db").exists()
}

fn must_exist(dir: &Path) -> anyhow::Result<()> {
    if exists(dir) {
        return Ok(());
    }
    let message = format!("there is no store in \"{}\"", dir.display());
    Err(Wrong::failed(message, "name its directory with --data-dir").into())
}

fn busy(dir: &Path) -> Wrong {
    Wrong::failed(
        format!("a server is running on \"{}\", and only one process may write it", dir.display()),
        "do it through the server (its pages, its API, or --server where the command has it), or stop the server first",
    )
}

fn in_use(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(cause) = next {
        if matches!(cause.downcast_ref(), Some(StoreError::InUse { .. })) {
            return true;
        }
        next = cause.source();
    }
    false
}
