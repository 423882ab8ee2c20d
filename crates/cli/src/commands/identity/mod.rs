//! `identity`: who is who in files, without a store.

mod files;
mod link;
mod measure;

use clap::Subcommand;

use crate::ending::Ending;
use crate::words::Print;

/// Who is who in files of records.
#[derive(Debug, Subcommand)]
pub(crate) enum Identity {
    Link(link::Link),
}

impl Identity {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::Link(link) => link.run(print),
        }
    }
}
