//! `sending`: the switch of everything that leaves.

use clap::{Args, ValueEnum};
use regulars_engine::time::Timestamp;
use regulars_server::clock;
use regulars_server::sending::{switch, switched};
use regulars_store::{Reader, Sending};
use serde_json::json;

use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::store;
use crate::words::{BY, Print};

/// Switch sending on or off, or tell what it is.
#[derive(Debug, Args)]
pub(crate) struct Switch {
    #[arg(value_enum)]
    to: To,
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum To {
    /// Messages may leave.
    On,
    /// Messages wait.
    Off,
    /// Tell what it is; works beside a running server.
    Status,
}

impl Switch {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self.to {
            To::Status => {}
            To::On => set(&self.dir, Sending::On)?,
            To::Off => set(&self.dir, Sending::Off)?,
        }
        let reader = store::reader(&self.dir.path)?;
        let (sending, note) = (reader.sending()?, switched(&reader)?);
        let since = note.as_ref().map(|note| Timestamp(note.at).to_string());
        let by = note.as_ref().map(|note| note.by.as_str());
        let json = json!({ "sending": sending.word(), "since": since, "by": by });
        print.result(&json, || match (&since, by) {
            (Some(since), Some(by)) => {
                format!("sending is {} since {since} (by: {by})", sending.word())
            }
            (Some(_) | None, _) => format!("sending is {}", sending.word()),
        })?;
        Ok(Ending::Well)
    }
}

fn set(dir: &DataDir, sending: Sending) -> anyhow::Result<()> {
    let mut writer = store::existing_writer(&dir.path)?;
    switch(&mut writer, sending, BY, clock::now())?;
    Ok(())
}
