//! `hook`: addresses at which providers tell what became of messages, and what people wrote back.

use std::io::Read;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use regulars_server::clock;
use regulars_server::hooks::{self, Proof, Provider};
use regulars_server::http::api::hook_json;
use serde_json::json;

use super::keys::{checked_name, publish_source};
use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::words::Print;

/// Hooks: where providers tell of deliveries, openings, bounces, complaints, and of STOP.
#[derive(Debug, Subcommand)]
pub(crate) enum Hook {
    Add(AddHook),
    List(ListHooks),
    Remove(RemoveHook),
}

/// Make the address that goes into the provider's settings. It is shown once.
#[derive(Debug, Args)]
pub(crate) struct AddHook {
    /// Who will call.
    #[arg(value_enum)]
    provider: Who,
    /// The source that its events come from; without it, the provider's name.
    #[arg(long)]
    source: Option<String>,
    /// SendGrid: the public key that its signature settings show.
    #[arg(long)]
    public_key: Option<String>,
    /// Mailgun: read the signing key from stdin; Twilio: the account's auth token; Standard Webhooks:
    /// the secret. That is the only way: arguments are seen by others.
    #[arg(long)]
    signing_key_stdin: bool,
    /// SES: the ARN of the SNS topic.
    #[arg(long)]
    topic: Option<String>,
    /// SES: the certificate of Amazon SNS, a PEM file; several when one is about to replace another.
    #[arg(long)]
    certificate: Vec<PathBuf>,
    #[command(flatten)]
    dir: DataDir,
}

/// List hooks, without their secrets; works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct ListHooks {
    #[command(flatten)]
    dir: DataDir,
}

/// Remove a hook: its address answers nobody any more.
#[derive(Debug, Args)]
pub(crate) struct RemoveHook {
    /// Its id, as `hook list` shows it.
    id: String,
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Who {
    #[value(name = "sendgrid")]
    SendGrid,
    Postmark,
    Ses,
    Mailgun,
    Twilio,
    Standard,
}

impl Who {
    fn provider(self) -> Provider {
        match self {
            Self::SendGrid => Provider::SendGrid,
            Self::Postmark => Provider::Postmark,
            Self::Ses => Provider::Ses,
            Self::Mailgun => Provider::Mailgun,
            Self::Twilio => Provider::Twilio,
            Self::Standard => Provider::Standard,
        }
    }
}

/// No key is longer.
const KEY_BYTES_MAX: u64 = 4 << 10;

impl Hook {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::Add(asked) => asked.run(print),
            Self::List(asked) => {
                let reader = store::reader(&asked.dir.path)?;
                for hook in hooks::list(&reader)? {
                    print.result(&hook_json(&hook), || {
                        let confirm = hook.confirm.as_ref();
                        let confirm =
                            confirm.map(|url| format!("\n  confirm the subscription at {url}"));
                        format!(
                            "{}  {}  into {}{}",
                            hook.id,
                            hook.provider,
                            hook.source,
                            confirm.unwrap_or_default()
                        )
                    })?;
                }
                Ok(Ending::Well)
            }
            Self::Remove(asked) => {
                let mut writer = store::existing_writer(&asked.dir.path)?;
                let hook = hooks::remove(writer.store(), &asked.id)?;
                print.result(&json!({ "removed": hook.id }), || {
                    format!("removed the hook of {}", hook.provider)
                })?;
                Ok(Ending::Well)
            }
        }
    }
}

impl AddHook {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let provider = self.provider.provider();
        let name = self.source.as_deref().unwrap_or(provider.word());
        let source = checked_name(name, "the source")?;
        let proof = self.proof()?;
        let mut writer = store::writer(&self.dir.path)?;
        if !writer.program().sources.contains_key(&source) {
            publish_source(&mut writer, &source, provider.channel())?;
        }
        let added =
            hooks::add(writer.store(), provider, &source, proof, "command line", clock::now())?;
        let base = writer.program().shop.base_url.clone();
        let url = format!("{base}{}", added.path);
        let json = json!({ "hook": hook_json(&added.hook), "path": added.path, "url": url });
        print.result(&json, || {
            format!(
                "hook     {} of {}\naddress  {url}  (shown once)",
                added.hook.id,
                provider.name()
            )
        })?;
        Ok(Ending::Well)
    }

    fn proof(&self) -> anyhow::Result<Proof> {
        let lacks = |what: &str, cure: &str| Wrong::called(what.to_owned(), cure.to_owned());
        Ok(match self.provider {
            Who::Postmark => Proof::Address,
            Who::SendGrid => Proof::PublicKey(self.public_key.clone().ok_or_else(|| {
                lacks(
                    "SendGrid's public key is missing",
                    "say --public-key, as its settings show it",
                )
            })?),
            Who::Mailgun => Proof::SigningKey(self.key_from_stdin("Mailgun's signing key")?),
            Who::Standard => Proof::Secret(self.key_from_stdin("the secret of both sides")?),
            Who::Twilio => Proof::AuthToken(self.key_from_stdin("Twilio's auth token")?),
            Who::Ses => {
                let arn = self.topic.clone().ok_or_else(|| {
                    lacks("the topic is missing", "say --topic arn:aws:sns:REGION:ACCOUNT:NAME")
                })?;
                let mut certificates = String::new();
                for file in &self.certificate {
                    let text = std::fs::read_to_string(file)
                        .with_context(|| format!("could not read \"{}\"", file.display()))?;
                    certificates.push_str(&text);
                    certificates.push('\n');
                }
                Proof::Topic { arn, certificates }
            }
        })
    }

    /// A key that arguments must not show.
    fn key_from_stdin(&self, what: &str) -> anyhow::Result<String> {
        if !self.signing_key_stdin {
            let provider = self.provider.provider().word();
            let cure =
                format!("printf %s \"$KEY\" | regulars hook add {provider} --signing-key-stdin");
            return Err(Wrong::called(format!("{what} is missing"), cure).into());
        }
        let mut key = String::new();
        std::io::stdin().lock().take(KEY_BYTES_MAX).read_to_string(&mut key)?;
        Ok(key.trim().to_owned())
    }
}
