//! `hook`: addresses at which providers tell what became of messages, and what people wrote back.

use std::io::Read;
use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use regulars_engine::time::Timestamp;
use regulars_server::clock;
use regulars_server::hooks::{self, Added, Copied, Proof, Provider};
use regulars_server::http::api::{added_json, hook_json};
use serde_json::json;

use super::keys::{checked_name, publish_source};
use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::words::{BY, Print};

/// Hooks: where providers tell of deliveries, openings, bounces, complaints, and of STOP.
#[derive(Debug, Subcommand)]
pub(crate) enum Hook {
    Add(AddHook),
    Rotate(RotateHook),
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
    #[command(flatten)]
    settings: ProviderSettings,
    #[command(flatten)]
    dir: DataDir,
}

/// Make another address in place of a hook's; or, with a key of the provider's, keep that one in place of
/// the one of before. What it was before is good for a day more.
#[derive(Debug, Args)]
pub(crate) struct RotateHook {
    /// Its id, as `hook list` shows it.
    id: String,
    #[command(flatten)]
    settings: ProviderSettings,
    #[command(flatten)]
    dir: DataDir,
}

/// What the provider's settings say.
#[derive(Args)]
struct ProviderSettings {
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
}

impl std::fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProviderSettings(***)")
    }
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
            Self::Rotate(asked) => asked.run(print),
            Self::List(asked) => {
                let reader = store::reader(&asked.dir.path)?;
                for hook in hooks::list(&reader)? {
                    let told = hooks::last_told(&reader, &hook)?;
                    let mut json = hook_json(&hook);
                    json["last_told_at"] = told.map(|at| at.to_string()).into();
                    print.result(&json, || said(&hook, told))?;
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

/// A hook on a few lines.
fn said(hook: &hooks::Hook, told: Option<Timestamp>) -> String {
    let mut text = format!("{}  {}  into {}", hook.id, hook.provider, hook.source);
    match told {
        Some(at) => text += &format!("\n  last told something at {at}"),
        None => text += "\n  told nothing yet",
    }
    if let Some(until) = hook.until {
        text += &format!("\n  another address took its place; answers until {}", Timestamp(until));
    }
    if let Some((_, until)) = &hook.former {
        text += &format!("\n  the key of before is good until {}", Timestamp(*until));
    }
    if let Some(url) = &hook.confirm {
        text += &format!("\n  confirm the subscription at {url}");
    }
    text
}

impl AddHook {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let provider = self.provider.provider();
        let name = self.source.as_deref().unwrap_or(provider.word());
        let source = checked_name(name, "the source")?;
        let copied = self.settings.copied(Some(provider))?.unwrap_or_default();
        let proof = Proof::of(provider, copied);
        let mut writer = store::writer(&self.dir.path)?;
        if !writer.program().sources.contains_key(&source) {
            publish_source(&mut writer, &source, provider.channel())?;
        }
        let added = hooks::add(writer.store(), provider, &source, proof, BY, clock::now())?;
        tell(&added, &writer.program().shop.base_url, print)
    }
}

impl RotateHook {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let mut writer = store::existing_writer(&self.dir.path)?;
        let Some(copied) = self.settings.copied(None)? else {
            let added = hooks::rotate(writer.store(), &self.id, BY, clock::now())?;
            return tell(&added, &writer.program().shop.base_url, print);
        };
        let hook = hooks::renew(writer.store(), &self.id, copied, clock::now())?;
        print.result(&json!({ "hook": hook_json(&hook) }), || {
            format!("kept; the key of before is good for a day more\nhook     {}", hook.id)
        })?;
        Ok(Ending::Well)
    }
}

fn tell(added: &Added, base_url: &str, print: Print) -> anyhow::Result<Ending> {
    let json = added_json(added, base_url);
    let url = json["url"].as_str().unwrap_or_default();
    let name = added.hook.of().map_or("", Provider::name);
    print.result(&json, || {
        format!("hook     {} of {name}\naddress  {url}  (shown once)", added.hook.id)
    })?;
    Ok(Ending::Well)
}

impl ProviderSettings {
    /// What they say, if anything; of a provider whose hook is made, what is missing is told.
    fn copied(&self, of: Option<Provider>) -> anyhow::Result<Option<Copied>> {
        let lacks = |what: &str, cure: String| Err(Wrong::called(what.to_owned(), cure).into());
        let piped = |provider: &Provider| {
            format!(
                "printf %s \"$KEY\" | regulars hook add {} --signing-key-stdin",
                provider.word()
            )
        };
        match of {
            Some(Provider::SendGrid) if self.public_key.is_none() => {
                return lacks(
                    "SendGrid's public key is missing",
                    "say --public-key, as its settings show it".to_owned(),
                );
            }
            Some(Provider::Ses) if self.topic.is_none() => {
                let cure = "say --topic arn:aws:sns:REGION:ACCOUNT:NAME".to_owned();
                return lacks("the topic is missing", cure);
            }
            Some(provider @ Provider::Mailgun) if !self.signing_key_stdin => {
                return lacks("Mailgun's signing key is missing", piped(&provider));
            }
            Some(provider @ Provider::Twilio) if !self.signing_key_stdin => {
                return lacks("Twilio's auth token is missing", piped(&provider));
            }
            Some(provider @ Provider::Standard) if !self.signing_key_stdin => {
                return lacks("the secret of both sides is missing", piped(&provider));
            }
            Some(_) | None => {}
        }
        let mut copied = Copied::default();
        if self.signing_key_stdin {
            std::io::stdin().lock().take(KEY_BYTES_MAX).read_to_string(&mut copied.key)?;
        } else if let Some(key) = &self.public_key {
            copied.key.clone_from(key);
        }
        copied.topic = self.topic.clone().unwrap_or_default();
        for file in &self.certificate {
            let text = std::fs::read_to_string(file)
                .with_context(|| format!("could not read \"{}\"", file.display()))?;
            copied.certificates.push_str(&text);
            copied.certificates.push('\n');
        }
        let said = self.signing_key_stdin
            || self.public_key.is_some()
            || self.topic.is_some()
            || !self.certificate.is_empty();
        Ok(said.then_some(copied))
    }
}
