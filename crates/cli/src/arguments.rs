//! The command line: commands and their options.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

use crate::commands;
use crate::remote::Remote;

/// Turn shoppers into regulars: one person out of every channel, and the right message or none.
#[derive(Debug, Parser)]
#[command(name = "regulars", version, propagate_version = true, max_term_width = 100)]
pub(crate) struct Arguments {
    /// Print results as JSON, one value a line.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Serve(commands::serve::Serve),
    Demo(commands::demo::Demo),
    Import(commands::import::Import),
    Check(commands::check::Check),
    Diff(commands::publish::Diff),
    Apply(commands::publish::Apply),
    Export(commands::publish::Export),
    DryRun(commands::dry_run::DryRun),
    Explain(commands::explain::Explain),
    #[command(subcommand)]
    Segment(commands::segment::Segment),
    #[command(subcommand)]
    Journey(commands::journey::Journey),
    #[command(subcommand)]
    Template(commands::template::Template),
    Stats(commands::stats::Stats),
    #[command(subcommand)]
    Score(commands::score::Score),
    #[command(subcommand)]
    Quarantine(commands::quarantine::Quarantine),
    #[command(subcommand)]
    Identity(commands::identity::Identity),
    #[command(subcommand)]
    Measure(commands::measure::Measure),
    #[command(subcommand)]
    Offer(commands::offer::Offer),
    Sending(commands::sending::Switch),
    Pace(commands::pace::ShowPace),
    TryMail(commands::try_mail::TryMail),
    TrySms(commands::try_sms::TrySms),
    #[command(subcommand)]
    Channel(commands::channel::Channel),
    #[command(subcommand)]
    Dkim(commands::dkim::Dkim),
    #[command(subcommand)]
    Hook(commands::hook::Hook),
    #[command(subcommand)]
    Webhook(commands::webhook::Webhook),
    #[command(subcommand)]
    Suppression(commands::suppression::Suppression),
    Verify(commands::upkeep::Verify),
    Backup(commands::upkeep::Backup),
    Restore(commands::upkeep::Restore),
    Disclose(commands::disclose::Disclose),
    Erase(commands::erase::Erase),
    #[command(subcommand)]
    Source(commands::keys::Source),
    #[command(subcommand)]
    Key(commands::keys::Key),
    #[command(subcommand)]
    User(commands::user::User),
}

/// Where the store is.
#[derive(Clone, Debug, Args)]
pub(crate) struct DataDir {
    /// The directory of the store.
    #[arg(
        long = "data-dir",
        value_name = "DIR",
        default_value = ".regulars",
        env = "REGULARS_DATA_DIR"
    )]
    pub(crate) path: PathBuf,
}

/// A running server to ask, in place of a directory.
#[derive(Debug, Args)]
pub(crate) struct Server {
    /// The address of a running server, such as http://127.0.0.1:8080.
    #[arg(long, value_name = "URL", requires = "key")]
    server: Option<String>,
    /// An API key with the scope write; better set in the environment, where nobody else sees it.
    #[arg(long, env = "REGULARS_KEY", hide_env_values = true)]
    key: Option<String>,
}

impl Server {
    /// The server, if one is named.
    pub(crate) fn remote(&self) -> anyhow::Result<Option<Remote>> {
        match (&self.server, &self.key) {
            (Some(server), Some(key)) => Ok(Some(Remote::new(server, key)?)),
            (Some(_) | None, _) => Ok(None),
        }
    }
}
