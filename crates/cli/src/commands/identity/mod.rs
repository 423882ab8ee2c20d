//! `identity`: who is who, in files without a store, and as staff say.

mod files;
mod link;
mod measure;
mod staff;

use clap::Subcommand;
use regulars_server::staff::Statement;

use crate::ending::Ending;
use crate::words::Print;

/// Who is who: link records of files, say who is one person and who is not.
#[derive(Debug, Subcommand)]
pub(crate) enum Identity {
    Link(Box<link::Link>),
    /// They are one person.
    Same(staff::Two),
    /// They are not one person: whatever they share joins them no more.
    Apart(staff::Two),
    /// What was said of them does not stand any more; nothing else changes.
    TakeBack(staff::Two),
}

impl Identity {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::Link(link) => link.run(print),
            Self::Same(two) => two.run(Statement::Same, print),
            Self::Apart(two) => two.run(Statement::Apart, print),
            Self::TakeBack(two) => two.run(Statement::TakenBack, print),
        }
    }
}
