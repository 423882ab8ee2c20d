//! `try-mail`: one message to an address of one's own.

use clap::Args;
use regulars_server::clock;
use regulars_server::try_mail::{Became, SignedBy, try_mail};
use regulars_server::writer::stored_program;
use serde_json::json;

use super::serve::{MailWay, runtime};
use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::words::Print;

/// Send one message to an address of your own, and tell what was answered; works beside a server.
#[derive(Debug, Args)]
pub(crate) struct TryMail {
    /// Your address.
    to: String,
    #[command(flatten)]
    way: MailWay,
    #[command(flatten)]
    dir: DataDir,
}

impl TryMail {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let Some(setting) = self.way.setting() else {
            let cure = "say --smtp or --mail-provider, or set it in the environment";
            return Err(Wrong::called("there is no mail server and no provider", cure).into());
        };
        let reader = store::reader(&self.dir.path)?;
        let program = stored_program(&reader)?;
        let trying = try_mail(&reader, &program, &setting, &self.to, clock::now());
        let tried = runtime()?.block_on(trying)?;
        let json = json!({
            "by": tried.way,
            "outcome": tried.outcome.word(),
            "said": tried.said,
            "signed_by": tried.signed.word(),
        });
        print.result(&json, || {
            let signed = match tried.signed {
                SignedBy::Us => "signed",
                SignedBy::Provider => "signed by the provider",
                SignedBy::Nobody => "not signed: see `regulars dkim generate`",
            };
            let (word, said) = (tried.outcome.word(), words(&tried.said));
            format!("{word} by {}, which said: {said}\n{signed}", tried.way)
        })?;
        Ok(ending(tried.outcome))
    }
}

/// What was answered, in words.
pub(super) fn words(said: &str) -> &str {
    if said.is_empty() { "nothing" } else { said }
}

/// How a command ends by what became of its message.
pub(super) fn ending(outcome: Became) -> Ending {
    if outcome == Became::Taken { Ending::Well } else { Ending::Amiss }
}
