//! `try-sms`: one text message to a number of one's own.

use clap::Args;
use regulars_server::clock;
use regulars_server::try_sms::try_text;
use regulars_server::writer::stored_program;
use serde_json::json;

use super::serve::{SmsWay, runtime};
use super::try_mail::{ending, words};
use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::words::Print;

/// Send one text message to a number of your own, and tell what was answered; works beside a server.
#[derive(Debug, Args)]
pub(crate) struct TrySms {
    /// Your number, with its country.
    to: String,
    #[command(flatten)]
    way: SmsWay,
    #[command(flatten)]
    dir: DataDir,
}

impl TrySms {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let Some(setting) = self.way.setting() else {
            let cure = "say --sms, or set it in the environment";
            return Err(Wrong::called("there is no provider of text messages", cure).into());
        };
        let program = stored_program(&store::reader(&self.dir.path)?)?;
        let trying = try_text(&program, &setting, &self.to, clock::now());
        let tried = runtime()?.block_on(trying)?;
        let json = json!({
            "outcome": tried.outcome.word(),
            "said": tried.said,
            "sms": tried.counted.to_json(),
        });
        print.result(&json, || {
            let (word, said) = (tried.outcome.word(), words(&tried.said));
            format!("{word}; the provider said: {said}\n{}", tried.counted)
        })?;
        Ok(ending(tried.outcome))
    }
}
