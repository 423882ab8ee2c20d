//! The long forms of tests whose share is in every run: a million interleavings, a thousand towns, codes of
//! offers, the laws of conditions. They are the same tests, told by their environment how much to do.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::{command, repository};

/// A million interleavings take an hour, a thousand towns that live for a year an evening.
const LIMIT: Duration = Duration::from_secs(24 * 3_600);

/// `cargo xtask interleavings --seed N --runs N`
pub(crate) fn interleavings(arguments: &[String]) -> Result<bool> {
    let known = [("--seed", "REGULARS_SEED", "1"), ("--runs", "REGULARS_INTERLEAVINGS", "1000000")];
    // Drawn orders, and real threads.
    run(arguments, &known, &["--test", "stories", "--", "interleavings::"])
}

/// `cargo xtask towns --seed N --towns N --days N --people N --jobs N`
pub(crate) fn towns(arguments: &[String]) -> Result<bool> {
    let known = [
        ("--seed", "REGULARS_SEED", "1"),
        ("--towns", "REGULARS_TOWNS", "1000"),
        ("--days", "REGULARS_DAYS", "365"),
        ("--people", "REGULARS_PEOPLE", "200"),
        ("--jobs", "REGULARS_JOBS", "2"),
    ];
    run_story(arguments, &known, "towns::no_message_of_any_town_was_forbidden_by_what_was_known")
}

/// `cargo xtask codes --seed N --runs N`
pub(crate) fn codes(arguments: &[String]) -> Result<bool> {
    let known = [("--seed", "REGULARS_SEED", "1"), ("--runs", "REGULARS_CODES", "10000")];
    run_story(arguments, &known, "codes::of_two_tills_exactly_one_wins_in_any_order")
}

/// `cargo xtask laws --seed N --cases N`
pub(crate) fn laws(arguments: &[String]) -> Result<bool> {
    let known = [("--seed", "PROPTEST_RNG_SEED", "1"), ("--cases", "REGULARS_LAW_CASES", "50000")];
    run(arguments, &known, &["--lib", "--", "condition::tests::"])
}

/// Runs one test of the stories.
fn run_story(arguments: &[String], known: &[(&str, &str, &str)], test: &str) -> Result<bool> {
    run(arguments, known, &["--test", "stories", "--", "--exact", test])
}

/// Runs tests with what the arguments say in their environment. All packages are built together, as the test
/// command builds them: by itself, one would be compiled again with other features.
fn run(arguments: &[String], known: &[(&str, &str, &str)], tests: &[&str]) -> Result<bool> {
    let mut values: Vec<String> =
        known.iter().map(|(_, _, default)| (*default).to_owned()).collect();
    for pair in arguments.chunks(2) {
        let Some(index) = known.iter().position(|(name, ..)| *name == pair[0]) else {
            let names: Vec<&str> = known.iter().map(|(name, ..)| *name).collect();
            bail!("no option \"{}\"; there are {}", pair[0], names.join(", "));
        };
        let value = pair.get(1).with_context(|| format!("\"{}\" needs a number", pair[0]))?;
        value.parse::<u64>().with_context(|| format!("\"{value}\" is no number"))?;
        values[index].clone_from(value);
    }
    let mut cargo = Command::new("cargo");
    cargo.args(["test", "--release", "--workspace"]).args(tests).arg("--nocapture");
    for ((_, variable, _), value) in known.iter().zip(&values) {
        cargo.env(variable, value);
    }
    cargo.current_dir(repository::root());
    Ok(command::aloud(&mut cargo, LIMIT)?.well)
}
