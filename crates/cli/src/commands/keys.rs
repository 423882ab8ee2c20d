//! `source add`, `key create`: who may send and read.

use anyhow::Context;
use clap::{Args, Subcommand};
use regulars_engine::definition::export;
use regulars_engine::event::Channel;
use regulars_server::access::{self, Scope};
use regulars_server::clock;
use regulars_server::writer::Writer;
use regulars_store::SqliteStore;
use serde_json::json;

use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::words::Print;

/// Sources: systems that send events.
#[derive(Debug, Subcommand)]
pub(crate) enum Source {
    Add(AddSource),
    Secret(SourceSecret),
}

/// Make the secret with which your server vouches for logins at a source, so that the site may show
/// people their own messages. It is shown once, and takes the place of the one before.
#[derive(Debug, Args)]
pub(crate) struct SourceSecret {
    /// The source's name, such as web.
    name: String,
    #[command(flatten)]
    dir: DataDir,
}

/// Add a source, or give an existing one a further write key. The key is shown once.
#[derive(Debug, Args)]
pub(crate) struct AddSource {
    /// Its name, such as web or pos-lisbon.
    name: String,
    /// The channel its events come over: web, app, pos, email, sms, push, service, social, ads, other.
    #[arg(long)]
    kind: Option<String>,
    /// The write key that its SDKs already bear; without it a new one is made.
    #[arg(long)]
    write_key: Option<String>,
    #[command(flatten)]
    dir: DataDir,
}

/// Keys of the API.
#[derive(Debug, Subcommand)]
pub(crate) enum Key {
    Create(CreateKey),
}

/// Make an API key. It is shown once.
#[derive(Debug, Args)]
pub(crate) struct CreateKey {
    /// What it may do; each allows what stands before it: read, write, admin.
    #[arg(long, value_parser = ["read", "write", "admin"])]
    scope: String,
    /// What it is called, to tell keys apart.
    #[arg(long, default_value = "command line")]
    name: String,
    #[command(flatten)]
    dir: DataDir,
}

impl Source {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::Add(add) => add.run(print),
            Self::Secret(secret) => secret.run(print),
        }
    }
}

impl SourceSecret {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let mut writer = store::writer(&self.dir.path)?;
        if !writer.program().sources.contains_key(&self.name) {
            let message = format!("there is no source \"{}\"", self.name);
            let cure = "add it first: regulars source add NAME";
            return Err(Wrong::failed(message, cure).into());
        }
        let secret = access::make_site_secret(writer.store(), &self.name)?;
        print.result(&json!({ "source": self.name, "secret": secret }), || {
            format!("source  {}\nsecret  {secret}  (shown once; keep it on your server)", self.name)
        })?;
        Ok(Ending::Well)
    }
}

impl AddSource {
    fn run(self, print: Print) -> anyhow::Result<Ending> {
        let Self { name, kind, write_key, dir } = self;
        let name = checked_name(&name, "the source")?;
        let channel = kind.as_deref().map(channel).transpose()?;
        let mut writer = store::writer(&dir.path)?;
        publish_source(&mut writer, &name, channel)?;
        let key = match write_key {
            Some(key) => {
                access::keep_write_key(writer.store(), &name, &key)?;
                key
            }
            None => access::make_write_key(writer.store(), &name)?,
        };
        print.result(&json!({ "source": name, "write_key": key }), || {
            format!("source     {name}\nwrite key  {key}  (shown once)")
        })?;
        Ok(Ending::Well)
    }
}

/// States the source in the definitions, unless it is there.
pub(crate) fn publish_source(
    writer: &mut Writer<SqliteStore>,
    name: &str,
    channel: Option<Channel>,
) -> anyhow::Result<()> {
    if let Some(known) = writer.program().sources.get(name) {
        if channel.is_some_and(|channel| channel != known.channel) {
            let message = format!(
                "the source \"{name}\" is defined with the channel \"{}\"",
                known.channel.word()
            );
            return Err(Wrong::called(message, "leave out --kind, or change its definition").into());
        }
        return Ok(());
    }
    let mut files = export(writer.program());
    let mut text = format!("source: {}\n", json!(name));
    if let Some(channel) = channel {
        text.push_str(&format!("channel: {}\n", channel.word()));
    }
    files.push((format!("source {name}.yaml"), text));
    writer.publish(&files, clock::now()).context("could not define the source")?;
    Ok(())
}

fn channel(kind: &str) -> Result<Channel, Wrong> {
    Channel::parse(kind).ok_or_else(|| {
        let known: Vec<&str> = Channel::ALL.iter().map(|channel| channel.word()).collect();
        let message = format!("\"{kind}\" is no kind of source");
        Wrong::called(message, format!("say pos, {}", known.join(", ")))
    })
}

impl Key {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        let Self::Create(CreateKey { scope, name, dir }) = self;
        let name = checked_name(&name, "the key")?;
        let scope = Scope::parse(&scope).context("the scopes are read, write and admin")?;
        let mut writer = store::writer(&dir.path)?;
        let key = access::make_api_key(writer.store(), &name, scope)?;
        print.result(&json!({ "key": key, "name": name, "scope": scope }), || {
            format!("key  {key}  (shown once)")
        })?;
        Ok(Ending::Well)
    }
}

pub(crate) fn checked_name(name: &str, whose: &str) -> Result<String, Wrong> {
    let wrong = || {
        let message = format!("the name of {whose} is empty, too long or holds odd characters");
        let cure = format!("give a name of 1 to {} characters", access::NAME_MAX);
        Wrong::called(message, cure)
    };
    access::named(name).map(str::to_owned).ok_or_else(wrong)
}
