//! `dkim`: the keys that mail is signed with.

use std::path::PathBuf;

use anyhow::Context;
use clap::{Args, Subcommand, ValueEnum};
use regulars_engine::program::Shop;
use regulars_server::clock;
use regulars_server::http::api::key_json;
use regulars_server::signing::{self, Algorithm, Force, KeyState, NewKey, Shown, Which};
use serde_json::json;

use crate::arguments::DataDir;
use crate::ending::{Ending, Wrong};
use crate::store;
use crate::words::{BY, Print};

/// Keys that sign mail, so that receivers know it is the shop's (DKIM).
#[derive(Debug, Subcommand)]
pub(crate) enum Dkim {
    Generate(Generate),
    Import(Import),
    Use(Use),
    List(List),
    Remove(Remove),
}

/// Make a key, and print the record that the DNS needs. It signs once `dkim use` says so.
#[derive(Debug, Args)]
pub(crate) struct Generate {
    #[command(flatten)]
    name: Name,
    /// RSA is known to every receiver; Ed25519 goes beside it.
    #[arg(long, value_enum, default_value = "rsa")]
    algorithm: Kind,
    #[command(flatten)]
    dir: DataDir,
}

/// Take in a key that another program made: a PEM file with an RSA or Ed25519 private key.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The file.
    file: PathBuf,
    #[command(flatten)]
    name: Name,
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Debug, Args)]
struct Name {
    /// The domain of the sender's address; without it, that of the shop's definition.
    #[arg(long)]
    domain: Option<String>,
    /// The key's name in the DNS; without it, the first free of regulars1, regulars2, ...
    #[arg(long)]
    selector: Option<String>,
}

/// Let a key sign, in place of the one with its domain and algorithm. Its record must be in the DNS.
#[derive(Debug, Args)]
pub(crate) struct Use {
    /// The key's name in the DNS.
    selector: String,
    /// Its domain; without it, that of the shop's definition.
    #[arg(long)]
    domain: Option<String>,
    #[command(flatten)]
    dir: DataDir,
}

/// List keys with their records; works beside a running server.
#[derive(Debug, Args)]
pub(crate) struct List {
    #[command(flatten)]
    dir: DataDir,
}

/// Remove a key that does not sign.
#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// The key's name in the DNS.
    selector: String,
    /// Its domain; without it, that of the shop's definition.
    #[arg(long)]
    domain: Option<String>,
    /// Remove it even if it signs: mail leaves without its signature.
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    dir: DataDir,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    Rsa,
    Ed25519,
}

/// No key file is larger.
const FILE_BYTES_MAX: u64 = 64 << 10;

impl Dkim {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::Generate(generate) => {
                let algorithm = match generate.algorithm {
                    Kind::Rsa => Algorithm::Rsa,
                    Kind::Ed25519 => Algorithm::Ed25519,
                };
                keep(generate.name, &generate.dir, &NewKey::generate(algorithm), print)
            }
            Self::Import(import) => {
                let file = import.file.display();
                let size = std::fs::metadata(&import.file)
                    .with_context(|| format!("could not open \"{file}\""))?
                    .len();
                if size > FILE_BYTES_MAX {
                    let message = format!("\"{file}\" is too large for a key");
                    return Err(Wrong::failed(message, "name the PEM file of the key").into());
                }
                let text = std::fs::read_to_string(&import.file)
                    .with_context(|| format!("could not read \"{file}\""))?;
                let key = NewKey::from_pem(&text)
                    .with_context(|| format!("could not take the key in \"{file}\""))?;
                keep(import.name, &import.dir, &key, print)
            }
            Self::Use(asked) => {
                let mut writer = store::existing_writer(&asked.dir.path)?;
                let domain = domain(asked.domain, &writer.program().shop)?;
                let which = Which { domain, selector: asked.selector };
                let key = signing::sign_with(writer.store(), &which, BY, clock::now())?;
                tell(&key, print)
            }
            Self::List(asked) => {
                let reader = store::reader(&asked.dir.path)?;
                for key in signing::list(&reader)? {
                    print.result(&key_json(&key), || told(&key))?;
                }
                Ok(Ending::Well)
            }
            Self::Remove(asked) => {
                let mut writer = store::existing_writer(&asked.dir.path)?;
                let domain = domain(asked.domain, &writer.program().shop)?;
                let which = Which { domain, selector: asked.selector };
                let force = if asked.force { Force::Yes } else { Force::No };
                signing::remove(writer.store(), &which, force)?;
                let json = json!({ "removed": which.selector, "domain": which.domain });
                print
                    .result(&json, || format!("removed {} of {}", which.selector, which.domain))?;
                Ok(Ending::Well)
            }
        }
    }
}

fn keep(name: Name, dir: &DataDir, key: &NewKey, print: Print) -> anyhow::Result<Ending> {
    let mut writer = store::writer(&dir.path)?;
    let domain = domain(name.domain, &writer.program().shop)?;
    let selector = name.selector.as_deref();
    let key = signing::keep(writer.store(), &domain, selector, key, BY, clock::now())?;
    tell(&key, print)
}

fn domain(stated: Option<String>, shop: &Shop) -> Result<String, Wrong> {
    let own = shop.sending_domain();
    stated.or((!own.is_empty()).then(|| own.to_owned())).ok_or_else(|| {
        let message = "the shop has no sender address, so its domain is not known";
        Wrong::called(message, "say --domain, or state \"from\" in the shop's definition")
    })
}

fn tell(key: &Shown, print: Print) -> anyhow::Result<Ending> {
    print.result(&key_json(key), || told(key))?;
    Ok(Ending::Well)
}

fn told(key: &Shown) -> String {
    let next = match key.state {
        KeyState::Waiting => format!(
            "\nnext       put the record into the DNS of {}, then: regulars dkim use {} --domain {}",
            key.domain, key.selector, key.domain
        ),
        KeyState::Signing => String::new(),
        KeyState::Retired => "\nnext       remove it a week after it last signed".to_owned(),
    };
    format!(
        "key        {} of {}, {}\nstate      {} since {}\nrecord     {}\nvalue      {}\nzone file  {}{next}",
        key.selector,
        key.domain,
        key.algorithm.word(),
        key.state.word(),
        key.since,
        key.record.name,
        key.record.value,
        key.record.zone_line(),
    )
}
