//! `identity rules`: kinds of identifiers, which of them count first, and their limits.

use clap::Args;
use regulars_server::identity::{rules_json, rules_text};
use regulars_server::writer::stored_program;

use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::store;
use crate::words::Print;

/// The rules in force: kinds in the order in which evidence counts, their limits, and what stands for
/// nobody. Works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct Rules {
    #[command(flatten)]
    dir: DataDir,
}

impl Rules {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let rules = stored_program(&store::reader(&self.dir.path)?)?.identity;
        print.result(&rules_json(&rules), || rules_text(&rules))?;
        Ok(Ending::Well)
    }
}
