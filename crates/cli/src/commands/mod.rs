//! One file per command, or per family of them.

pub(crate) mod channel;
pub(crate) mod check;
pub(crate) mod demo;
pub(crate) mod disclose;
pub(crate) mod dkim;
pub(crate) mod dry_run;
pub(crate) mod erase;
pub(crate) mod explain;
pub(crate) mod hook;
pub(crate) mod identity;
pub(crate) mod import;
pub(crate) mod journey;
pub(crate) mod keys;
pub(crate) mod measure;
pub(crate) mod moving;
pub(crate) mod offer;
pub(crate) mod pace;
pub(crate) mod publish;
pub(crate) mod quarantine;
pub(crate) mod score;
pub(crate) mod segment;
pub(crate) mod sending;
pub(crate) mod serve;
pub(crate) mod stats;
pub(crate) mod suppression;
pub(crate) mod template;
pub(crate) mod try_mail;
pub(crate) mod try_sms;
pub(crate) mod upkeep;
pub(crate) mod user;
pub(crate) mod webhook;

use crate::arguments::Command;
use crate::ending::Ending;
use crate::words::Print;

/// Runs a command.
pub(crate) fn run(command: Command, print: Print) -> anyhow::Result<Ending> {
    match command {
        Command::Serve(serve) => serve.run(print),
        Command::Demo(demo) => demo.run(print),
        Command::Import(import) => import.run(print),
        Command::Check(check) => check.run(print),
        Command::Diff(diff) => diff.run(print),
        Command::Apply(apply) => apply.run(print),
        Command::Export(export) => export.run(print),
        Command::DryRun(dry_run) => dry_run.run(print),
        Command::Explain(explain) => explain.run(print),
        Command::Identity(identity) => identity.run(print),
        Command::Segment(segment) => segment.run(print),
        Command::Journey(journey) => journey.run(print),
        Command::Measure(measure) => measure.run(print),
        Command::Offer(offer) => offer.run(print),
        Command::Template(template) => template.run(print),
        Command::Stats(stats) => stats.run(print),
        Command::Score(score) => score.run(print),
        Command::Quarantine(quarantine) => quarantine.run(print),
        Command::Sending(switch) => switch.run(print),
        Command::Pace(pace) => pace.run(print),
        Command::TryMail(trying) => trying.run(print),
        Command::TrySms(trying) => trying.run(print),
        Command::Channel(channel) => channel.run(print),
        Command::Dkim(dkim) => dkim.run(print),
        Command::Hook(hook) => hook.run(print),
        Command::Webhook(webhook) => webhook.run(print),
        Command::Suppression(suppression) => suppression.run(print),
        Command::Verify(verify) => verify.run(print),
        Command::Backup(backup) => backup.run(print),
        Command::Restore(restore) => restore.run(print),
        Command::Disclose(disclose) => disclose.run(print),
        Command::Erase(erase) => erase.run(print),
        Command::Source(source) => source.run(print),
        Command::Key(key) => key.run(print),
        Command::User(user) => user.run(print),
    }
}
