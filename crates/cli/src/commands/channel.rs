//! `channel check`: what the DNS says of the domain that mail comes from.

use std::fmt::Write;

use clap::{Args, Subcommand};
use regulars_server::clock;
use regulars_server::domain_check::{Checking, Looked, Standing};
use regulars_server::pushing::{self, PushingError, Replace};
use regulars_server::signing;
use regulars_server::writer::stored_program;

use super::serve::runtime;
use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::words::Print;

/// The ways by which messages leave.
#[derive(Debug, Subcommand)]
pub(crate) enum Channel {
    Check(Check),
    Push(Push),
}

/// Tell the key by which push services know the shop, or make it.
///
/// Pages of the site state its public half; the private half stays in the data directory. To make one
/// needs the directory for itself: stop the server first.
#[derive(Debug, Args)]
pub(crate) struct Push {
    /// Make the key.
    #[arg(long)]
    make_key: bool,
    /// Make another one in its place: every browser must subscribe again.
    #[arg(long, requires = "make_key")]
    replace: bool,
    #[command(flatten)]
    dir: DataDir,
}

/// Look up whether the DNS of the sender's domain is as receivers want it: MX, SPF, DKIM, DMARC.
/// Tells what is found, and the record to publish. Ends with 1 if mail suffers from something.
#[derive(Debug, Args)]
pub(crate) struct Check {
    /// The name server to ask; without it, those of this machine.
    #[arg(long, value_name = "IP[:PORT]", env = "REGULARS_DNS")]
    dns: Option<String>,
    /// The provider that sends mail, as "serve" is told.
    #[arg(long, value_name = "URL", env = "REGULARS_MAIL_PROVIDER", hide_env_values = true)]
    mail_provider: Option<String>,
    #[command(flatten)]
    dir: DataDir,
}

impl Channel {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::Check(asked) => asked.run(print),
            Self::Push(asked) => asked.run(print),
        }
    }
}

impl Push {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let key = if self.make_key {
            let replace = if self.replace { Replace::Yes } else { Replace::No };
            let mut writer = store::existing_writer(&self.dir.path)?;
            let made = pushing::make_key(writer.store(), replace, "command line", clock::now());
            if let Err(PushingError::Taken) = made {
                let cure = "keep it; --replace makes another one all the same";
                return Err(Wrong::failed(PushingError::Taken.to_string(), cure).into());
            }
            made?
        } else {
            let Some(key) = pushing::key(&store::reader(&self.dir.path)?)? else {
                let cure = "stop the server and make one: regulars channel push --make-key";
                return Err(Wrong::failed("there is no key for push messages", cure).into());
            };
            key
        };
        print.result(&key.to_json(), || {
            format!(
                "public key  {}\nsince       {}\nnext        state it as data-push-key beside the script of the site, and start the server",
                key.public, key.since
            )
        })?;
        Ok(Ending::Well)
    }
}

impl Check {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let Self { dns, mail_provider, dir } = self;
        let reader = store::reader(&dir.path)?;
        let (program, keys) = (stored_program(&reader)?, signing::list(&reader)?);
        let looked = runtime()?.block_on(async {
            let checking = Checking::from_settings(dns.as_deref(), mail_provider.as_deref())?;
            anyhow::Ok(checking.look(&program.shop.from_email, &keys).await)
        })?;
        let Some(looked) = looked else {
            let cure = "state \"from\" in the shop's definition";
            return Err(Wrong::failed("the shop has no sender, so no domain", cure).into());
        };
        print.result(&looked.to_json(), || to_text(&looked))?;
        let bad = |standing| matches!(standing, Standing::Bad | Standing::Unknown);
        let suffers = looked.findings.iter().any(|finding| bad(finding.verdict.standing()));
        Ok(if suffers { Ending::Amiss } else { Ending::Well })
    }
}

fn to_text(looked: &Looked) -> String {
    let mut text = String::new();
    for finding in &looked.findings {
        let standing = finding.verdict.standing().word();
        let _ = writeln!(text, "{:<6}{standing:<8}{}", finding.topic.word(), finding.name);
        let _ = writeln!(text, "  {}", finding.verdict.text());
        for found in &finding.found {
            let _ = writeln!(text, "  found    {found}");
        }
        if let Some(publish) = &finding.publish {
            let _ = writeln!(text, "  publish  {} TXT \"{}\"", publish.name, publish.value);
        }
    }
    text.trim_end().to_owned()
}
