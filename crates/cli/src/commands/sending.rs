//! `sending`: the switch of everything that leaves.

use clap::{Args, ValueEnum};
use regulars_store::{Reader, Sending};
use serde_json::json;

use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::store;
use crate::words::Print;

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
        let sending = match self.to {
            To::Status => store::reader(&self.dir.path)?.sending()?,
            To::On => set(&self.dir, Sending::On)?,
            To::Off => set(&self.dir, Sending::Off)?,
        };
        print.result(&json!({ "sending": sending.word() }), || {
            format!("sending is {}", sending.word())
        })?;
        Ok(Ending::Well)
    }
}

fn set(dir: &DataDir, sending: Sending) -> anyhow::Result<Sending> {
    store::existing_writer(&dir.path)?.set_sending(sending)?;
    Ok(sending)
}
