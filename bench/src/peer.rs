//! The peers on the same sets and the same machine: Splink on DuckDB for linking, lifetimes for models of
//! buying. Installed from PyPI into folders of their own below `target/`, and run with the settings of
//! their own tutorials.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

const SCRIPT: &str = include_str!("peer.py");
const LIFETIMES: &str = include_str!("lifetimes.py");

/// Runs Splink on the historical figures.
pub(crate) fn run(data: &Path) -> Result<()> {
    let file = data.join("historical_figures_with_errors_50k.parquet");
    peer("splink", &["splink>=5,<6", "duckdb", "pandas", "pyarrow"], SCRIPT, &[file.as_os_str()])
}

/// Runs lifetimes on the summaries of the CDNOW sample, and on so many simulated customers.
pub(crate) fn lifetimes(summaries: &Path, customers: u64) -> Result<()> {
    let customers = customers.to_string();
    let arguments = [summaries.as_os_str(), OsStr::new(&customers)];
    peer("lifetimes", &["lifetimes", "pandas"], LIFETIMES, &arguments)
}

#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
fn peer(name: &str, packages: &[&str], script: &str, arguments: &[&OsStr]) -> Result<()> {
    let home = Path::new("target/peers").join(name);
    let python = home.join("bin/python");
    if !python.is_file() {
        std::fs::create_dir_all("target/peers").context("could not make \"target/peers\"")?;
        done(Command::new("python3").args(["-m", "venv"]).arg(&home))?;
        done(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))?;
    }
    let output = Command::new(&python)
        .arg("-c")
        .arg(script)
        .args(arguments)
        .output()
        .context("could not start python")?;
    ensure!(
        output.status.success(),
        "the peer failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    print!("{}", String::from_utf8_lossy(&output.stdout));
    Ok(())
}

fn done(command: &mut Command) -> Result<()> {
    let status =
        command.status().with_context(|| format!("could not start {:?}", command.get_program()))?;
    ensure!(status.success(), "{:?} failed", command.get_program());
    Ok(())
}
