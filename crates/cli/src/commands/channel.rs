//! `channel check`: what the DNS says of the domain that mail comes from.

use std::fmt::Write;

use clap::{Args, Subcommand};
use regulars_server::clock;
use regulars_server::domain_check::{Checking, Looked, Standing};
use regulars_server::pushing::{self, Making, PushKeyShown, PushingError, Replace};
use regulars_server::signing;
use regulars_server::writer::stored_program;
use serde_json::{Value, json};

use super::serve::runtime;
use crate::arguments::{DataDir, Server};
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::words::{BY, Print};

/// The ways by which messages leave.
#[derive(Debug, Subcommand)]
pub(crate) enum Channel {
    Check(Check),
    Push(Push),
}

/// Tell the key by which push services know the shop, or make it.
///
/// Pages of the site state its public half; the private half stays in the data directory. While a server
/// runs, name it with --server and an API key of the scope admin: the key is in force at once.
#[derive(Debug, Args)]
pub(crate) struct Push {
    /// Make the key.
    #[arg(long)]
    make_key: bool,
    /// Make another one in its place: subscriptions under the former one end, and every browser must
    /// subscribe again.
    #[arg(long, requires = "make_key")]
    replace: bool,
    /// Only tell what making it would come to.
    #[arg(long, requires = "make_key")]
    dry_run: bool,
    #[command(flatten)]
    to: Server,
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
        let remote = self.to.remote()?;
        let told = match (&remote, self.make_key) {
            (Some(remote), true) => {
                let body = json!({ "replace": self.replace, "dry_run": self.dry_run });
                remote.ask("POST", "/api/v1/channels/push", &body)?
            }
            (Some(remote), false) => remote.ask("GET", "/api/v1/channels/push", &json!({}))?,
            (None, true) => self.make()?.to_json(),
            (None, false) => {
                let key = pushing::key(&store::reader(&self.dir.path)?)?;
                json!({ "key": key.as_ref().map(PushKeyShown::to_json) })
            }
        };
        if !self.make_key && told["key"].is_null() {
            let cure = "make one: regulars channel push --make-key";
            return Err(Wrong::failed("there is no key for push messages", cure).into());
        }
        // The key itself where there is one, as for every other command that tells of one thing.
        let shown = if told["key"].is_null() { &told } else { &told["key"] };
        print.result(shown, || said(&told))?;
        Ok(Ending::Well)
    }

    /// Makes the key in a directory, or tells what that would come to.
    fn make(&self) -> anyhow::Result<Making> {
        let replace = if self.replace { Replace::Yes } else { Replace::No };
        let making = || {
            let reader = store::reader(&self.dir.path)?;
            let would = pushing::would_make(&reader, &stored_program(&reader)?, replace)?;
            if self.dry_run {
                return Ok(would);
            }
            drop(reader);
            let mut writer = store::existing_writer(&self.dir.path)?;
            let key = pushing::make_key(writer.store(), replace, BY, clock::now())?;
            Ok(Making { key: Some(key), ..would })
        };
        making().map_err(|error: anyhow::Error| match error.downcast_ref() {
            Some(PushingError::Taken) => {
                let cure = "keep it; --replace makes another one all the same";
                Wrong::failed(PushingError::Taken.to_string(), cure).into()
            }
            _ => error,
        })
    }
}

/// What is told of the key, in words.
fn said(told: &Value) -> String {
    let mut said = String::new();
    if told["replaces"] == true {
        let ends = match told["subscriptions_end"].as_u64() {
            Some(0) => "nobody has subscribed under the former key".to_owned(),
            Some(1) => "the subscription of 1 person under the former key ends".to_owned(),
            Some(people) => {
                format!("the subscriptions of {people} people under the former key end")
            }
            None => "every subscription under the former key ends".to_owned(),
        };
        let _ = writeln!(said, "replaces    {ends}; browsers must subscribe again");
    }
    match (told["key"]["public_key"].as_str(), told["key"]["since"].as_str()) {
        (Some(public), Some(since)) => {
            let _ = write!(
                said,
                "public key  {public}\nsince       {since}\nnext        state it as data-push-key beside the script of the site"
            );
        }
        _ => said.push_str("dry run     no key was made"),
    }
    said
}

impl Check {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let Self { dns, mail_provider, dir } = self;
        let reader = store::reader(&dir.path)?;
        let (program, keys) = (stored_program(&reader)?, signing::list(&reader)?);
        let looked = runtime()?.block_on(async {
            let checking = Checking::from_settings(dns.as_deref(), mail_provider.as_deref())?;
            anyhow::Ok(checking.look(program.shop.sending_domain(), &keys).await)
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
