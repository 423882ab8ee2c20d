//! The suites: what Cargo checks and tests, then every folder of `tests/` that has a runner.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result};

use super::counts::{self, Counts};
use super::install::Tools;
use crate::{command, repository, tidy};

/// A suite that runs for longer hangs: the whole command is to take 12 minutes.
const LIMIT: Duration = Duration::from_secs(20 * 60);
/// The long form of a suite, on a busy machine too.
const LONG_LIMIT: Duration = Duration::from_secs(6 * 3_600);

/// What a suite is, in the order in which they run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Suite {
    Tidy,
    Format,
    Clippy,
    Deny,
    Rust,
    DocTests,
    /// A folder of `tests/`, by its runner.
    Folder {
        name: String,
        runner: PathBuf,
    },
}

impl Suite {
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Tidy => "tidy",
            Self::Format => "format",
            Self::Clippy => "clippy",
            Self::Deny => "deny",
            Self::Rust => "rust",
            Self::DocTests => "doctests",
            Self::Folder { name, .. } => name,
        }
    }

    /// Whether it talks to the running program, so that the program is built first.
    pub(super) fn needs_program(&self) -> bool {
        matches!(self, Self::Folder { .. })
    }
}

/// How a session asked its suites to run.
#[derive(Debug)]
pub(super) struct Wish {
    pub(super) seed: String,
    /// Passed on to a folder's runner.
    pub(super) arguments: Vec<String>,
}

const RUNNERS: [&str; 3] = ["run.mjs", "run.py", "run.sh"];

/// These run first, in this order; other folders follow by name.
const FIRST: [&str; 3] = ["clients", "browser", "crash"];

/// Every suite there is.
pub(super) fn all(root: &Path) -> Result<Vec<Suite>> {
    let mut suites =
        vec![Suite::Tidy, Suite::Format, Suite::Clippy, Suite::Deny, Suite::Rust, Suite::DocTests];
    let mut folders = Vec::new();
    for entry in std::fs::read_dir(root.join("tests")).context("no folder \"tests\"")? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let runners = RUNNERS.iter().map(|runner| entry.path().join(runner));
        if let Some(runner) = runners.into_iter().find(|runner| runner.is_file()) {
            let rank = FIRST.iter().position(|first| *first == name).unwrap_or(FIRST.len());
            folders.push((rank, name, runner));
        }
    }
    folders.sort();
    suites.extend(folders.into_iter().map(|(_, name, runner)| Suite::Folder { name, runner }));
    Ok(suites)
}

/// Builds the program that the suites run; its path, or none when it does not build.
pub(super) fn build(root: &Path) -> Result<Option<PathBuf>> {
    let ended = cargo(root, &["build", "--release", "--locked", "--workspace", "--bins"])?;
    let program = repository::target_folder(root).join("release/regulars");
    Ok((ended.well && program.is_file()).then_some(program))
}

pub(super) fn run(
    suite: &Suite,
    root: &Path,
    tools: &Tools,
    program: Option<&Path>,
    wish: &Wish,
) -> Result<Counts> {
    match suite {
        Suite::Tidy => {
            let (passed, failed) = tidy::check(root)?;
            Ok(Counts { passed, failed, skipped: 0 })
        }
        Suite::Format => Ok(Counts::of_one(cargo(root, &["fmt", "--all", "--check"])?.well)),
        Suite::Clippy => {
            let arguments = [
                "clippy",
                "--release",
                "--locked",
                "--workspace",
                "--all-targets",
                "--",
                "-D",
                "warnings",
            ];
            Ok(Counts::of_one(cargo(root, &arguments)?.well))
        }
        Suite::Deny => deny(root),
        Suite::Rust => rust(root, &wish.seed),
        Suite::DocTests => {
            let ended = cargo(
                root,
                &["test", "--release", "--locked", "--workspace", "--doc", "--no-fail-fast"],
            )?;
            // The crates may have no documented example at all.
            let counts = counts::from_cargo_test(&ended.talk);
            Ok(if ended.well { counts } else { counts.judged(false) })
        }
        Suite::Folder { runner, .. } => folder(runner, root, tools, program, wish),
    }
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<command::Ended> {
    command::aloud(Command::new("cargo").args(arguments).current_dir(root), LIMIT)
}

/// Licences, bans and sources; advisories need the network and belong to a scheduled run.
fn deny(root: &Path) -> Result<Counts> {
    if !command::works("cargo", &["deny", "--version"]) {
        println!("skipped: cargo-deny is not installed (cargo install --locked cargo-deny)");
        return Ok(Counts { skipped: 1, ..Counts::default() });
    }
    Ok(Counts::of_one(
        cargo(root, &["deny", "--offline", "check", "licenses", "bans", "sources"])?.well,
    ))
}

fn rust(root: &Path, seed: &str) -> Result<Counts> {
    let with_nextest = command::works("cargo", &["nextest", "--version"]);
    let mut cargo = Command::new("cargo");
    if with_nextest {
        cargo.args(["nextest", "run", "--cargo-profile", "release"]);
    } else {
        cargo.args(["test", "--release", "--all-targets"]);
    }
    cargo.args(["--locked", "--workspace", "--no-fail-fast"]);
    cargo.env("REGULARS_SEED", seed).env("PROPTEST_RNG_SEED", seed).current_dir(root);
    let ended = command::aloud(&mut cargo, LIMIT)?;
    let counts = if with_nextest {
        counts::from_nextest(&ended.talk)
    } else {
        counts::from_cargo_test(&ended.talk)
    };
    Ok(counts.judged(ended.well))
}

fn folder(
    runner: &Path,
    root: &Path,
    tools: &Tools,
    program: Option<&Path>,
    wish: &Wish,
) -> Result<Counts> {
    let program = program.context("there is no program to test: it did not build")?;
    let interpreter = match runner.extension().and_then(|extension| extension.to_str()) {
        Some("mjs") => tools.node.clone(),
        Some("py") => tools.python(),
        _ => PathBuf::from("sh"),
    };
    let mut command = Command::new(&interpreter);
    command
        .arg(runner)
        .args(&wish.arguments)
        .env("REGULARS_BIN", program)
        .env("REGULARS_SEED", &wish.seed)
        .env("REGULARS_TOOLS", &tools.folder)
        .current_dir(root);
    if let Some(chromium) = &tools.chromium {
        command.env("CHROMIUM_BIN", chromium);
    }
    let limit = if wish.arguments.is_empty() { LIMIT } else { LONG_LIMIT };
    let ended = command::aloud(&mut command, limit)?;
    let Some(counts) = counts::from_suite(&ended.talk) else {
        println!("the suite did not end with a line \"N passed, N failed\"");
        return Ok(Counts::of_one(false));
    };
    Ok(counts.judged(ended.well))
}
