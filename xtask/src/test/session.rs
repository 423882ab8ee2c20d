//! One session of `cargo xtask test`: install, build, run, and say what came of it.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use super::counts::Counts;
use super::install;
use super::suites::{self, Suite, Wish};
use crate::repository;

#[derive(Debug, Default)]
struct Options {
    only: Vec<String>,
    seed: Option<String>,
    list: bool,
    arguments: Vec<String>,
}

pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    let options = parse(arguments)?;
    let root = repository::root();
    let suites = chosen(suites::all(&root)?, &options)?;
    if options.list {
        suites.iter().for_each(|suite| println!("{}", suite.name()));
        return Ok(true);
    }
    let wish =
        Wish { seed: options.seed.unwrap_or_else(|| "1".to_owned()), arguments: options.arguments };
    println!("seed {}", wish.seed);
    let total = run_all(&root, &suites, &wish)?;
    println!("{total}");
    Ok(total.failed == 0)
}

/// Runs the suites in turn; a suite that cannot run has failed, and the others still run.
fn run_all(root: &Path, suites: &[Suite], wish: &Wish) -> Result<Counts> {
    let mut ledger = Ledger::default();
    let started = Instant::now();
    heading("install");
    let (tools, installed) = install::run(root, suites)?;
    ledger.note("install", started.elapsed(), installed);
    let mut program = None;
    if suites.iter().any(Suite::needs_program) {
        heading("build");
        let started = Instant::now();
        program = suites::build(root)?;
        ledger.note("build", started.elapsed(), Counts::of_one(program.is_some()));
    }
    let built = Instant::now();
    for suite in suites {
        heading(suite.name());
        let started = Instant::now();
        let counts =
            suites::run(suite, root, &tools, program.as_deref(), wish).unwrap_or_else(|error| {
                println!("error: {error:#}");
                Counts::of_one(false)
            });
        ledger.note(suite.name(), started.elapsed(), counts);
    }
    ledger.tell(built.elapsed());
    Ok(ledger.total())
}

fn parse(arguments: &[String]) -> Result<Options> {
    let mut options = Options::default();
    let mut rest = arguments.iter();
    while let Some(argument) = rest.next() {
        match argument.as_str() {
            "--only" => options.only.push(rest.next().context("--only names a suite")?.clone()),
            "--seed" => {
                let seed = rest.next().context("--seed takes a number")?;
                seed.parse::<u64>().with_context(|| format!("\"{seed}\" is no seed"))?;
                options.seed = Some(seed.clone());
            }
            "--list" => options.list = true,
            "--" => options.arguments = rest.by_ref().cloned().collect(),
            _ => bail!("no option \"{argument}\"; there are --only SUITE, --seed N, --list"),
        }
    }
    ensure!(
        options.arguments.is_empty() || options.only.len() == 1,
        "arguments after -- are for one suite: name it with --only"
    );
    Ok(options)
}

fn chosen(all: Vec<Suite>, options: &Options) -> Result<Vec<Suite>> {
    if options.only.is_empty() {
        return Ok(all);
    }
    let names: Vec<&str> = all.iter().map(Suite::name).collect();
    for name in &options.only {
        ensure!(
            names.contains(&name.as_str()),
            "no suite \"{name}\"; there are {}",
            names.join(", ")
        );
    }
    Ok(all
        .into_iter()
        .filter(|suite| options.only.iter().any(|name| name == suite.name()))
        .collect())
}

fn heading(name: &str) {
    println!("\n== {name}");
}

/// What each suite took and gave.
#[derive(Debug, Default)]
struct Ledger {
    rows: Vec<(String, Duration, Counts)>,
}

impl Ledger {
    fn note(&mut self, name: &str, took: Duration, counts: Counts) {
        println!("-- {name}: {counts} in {}", clock(took));
        self.rows.push((name.to_owned(), took, counts));
    }

    fn total(&self) -> Counts {
        let mut total = Counts::default();
        self.rows.iter().for_each(|(_, _, counts)| total += *counts);
        total
    }

    fn tell(&self, since_build: Duration) {
        println!("\n== all suites");
        for (name, took, counts) in &self.rows {
            println!("{name:<12} {:>6}  {counts}", clock(*took));
        }
        println!("after the build: {} (the bound is 12:00)\n", clock(since_build));
    }
}

/// Minutes and seconds.
fn clock(took: Duration) -> String {
    let seconds = took.as_secs_f64().round();
    format!("{}:{:02}", (seconds / 60.0).floor(), seconds % 60.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Options> {
        parse(&line.split(' ').map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn options_are_read_and_mistakes_are_told() {
        let options = parsed("--only crash --seed 7 -- --kills 500").expect("these are options");
        assert_eq!(options.only, ["crash"]);
        assert_eq!(options.seed.as_deref(), Some("7"));
        assert_eq!(options.arguments, ["--kills", "500"]);
        assert!(parsed("--seed seven").is_err());
        assert!(parsed("--fast").is_err());
        assert!(parsed("-- --kills 500").is_err());
    }

    #[test]
    fn an_unknown_suite_is_told_with_those_that_exist() {
        let options = Options { only: vec!["crush".to_owned()], ..Options::default() };
        let error =
            chosen(vec![Suite::Tidy, Suite::Rust], &options).expect_err("there is no such suite");
        assert_eq!(error.to_string(), "no suite \"crush\"; there are tidy, rust");
    }

    #[test]
    fn time_is_told_in_minutes_and_seconds() {
        assert_eq!(clock(Duration::from_millis(125_400)), "2:05");
        assert_eq!(clock(Duration::ZERO), "0:00");
    }
}
