//! `identity household`: who lives with a person, and why.

use clap::Args;
use regulars_server::identity::{household, household_json};
use regulars_server::ui::WhoWords;
use regulars_server::writer::stored_program;

use super::two::named;
use crate::arguments::DataDir;
use crate::ending::Ending;
use crate::store;
use crate::words::{self, Print};

/// Who lives with a person, and why: a level above persons that joins nobody. Works beside a running
/// server.
#[derive(Args)]
pub(crate) struct Lives {
    /// An address, a number, a login, or an id such as p123.
    #[arg(value_name = "WHO")]
    who: String,
    /// In which language: en, es, ru.
    #[arg(long, default_value = "en")]
    language: String,
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
        let language = words::language(&self.language)?;
        let reader = store::reader(&self.dir.path)?;
        let program = stored_program(&reader)?;
        let who = WhoWords::new(language, &program);
        let (record, _) = named(&reader, &self.who)?;
        let found = household(&reader, &program.identity, &record)?;
        let alone = found.persons.len() < 2;
        print.result(&household_json(&found, &who), || match alone {
            true => who.lives_alone(),
            false => who.household(&found).join("\n"),
        })?;
        if alone && !print.json {
            eprintln!(
                "note: where staff know of somebody, \"regulars identity live-together\" says so"
            );
        }
        Ok(Ending::Well)
    }
}
