//! `identity household`: who lives with a person, and why.

use clap::Args;
use regulars_server::identity::{household, household_json, household_text};
use regulars_server::writer::stored_program;

use super::two::named;
use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::store;
use crate::words::Print;

/// Who lives with a person, and why: a level above persons that joins nobody. Works beside a running
/// server.
#[derive(Args)]
pub(crate) struct Lives {
    /// An address, a number, a login, or an id such as p123.
    #[arg(value_name = "WHO")]
    who: String,
    #[command(flatten)]
    dir: DataDir,
}

impl std::fmt::Debug for Lives {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Lives(***)")
    }
}

impl Lives {
    pub(super) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let reader = store::reader(&self.dir.path)?;
        let (record, _) = named(&reader, &self.who)?;
        let found = household(&reader, &stored_program(&reader)?.identity, &record)?;
        print.result(&household_json(&found), || {
            if found.persons.len() < 2 {
                return "nobody is known to live with this person; \"identity live-together\" says so"
                    .to_owned();
            }
            household_text(&found).join("\n")
        })?;
        Ok(Ending::Well)
    }
}
