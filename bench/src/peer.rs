//! The peer, Splink on DuckDB, on the same sets and the same machine: installed from PyPI into a folder
//! of its own below `target/`, and run with the settings of its own tutorials.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

const SCRIPT: &str = include_str!("peer.py");

/// Runs the peer on the historical figures.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
pub(crate) fn run(data: &Path) -> Result<()> {
    let home = Path::new("target/peers/splink");
    let python = home.join("bin/python");
    if !python.is_file() {
        std::fs::create_dir_all("target/peers").context("could not make \"target/peers\"")?;
        done(Command::new("python3").args(["-m", "venv"]).arg(home))?;
        done(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "splink", "duckdb", "pandas", "pyarrow"]),
        )?;
    }
    let file = data.join("historical_figures_with_errors_50k.parquet");
    let output = Command::new(&python)
        .arg("-c")
        .arg(SCRIPT)
        .arg(file)
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
