//! The `regulars` command as a whole: the real binary, real files, a real server.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod check;
mod demo;
mod disclose;
mod dry_run;
mod explain;
mod guide;
mod identity;
mod import;
mod journey;
mod linking;
mod measure;
mod numbers;
mod offer;
mod program;
mod score;
mod serve;
mod template;
mod try_mail;
mod upkeep;
mod webhook;
