//! The list of rules, and the telling of what breaches them.

use std::path::Path;

use anyhow::{Result, ensure};

use super::{arrows, code, hashed, licences, links, purity, wording};
use crate::repository::{self, SourceFile};

/// One place that breaks a rule, with its cure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Breach {
    /// `path` or `path:line`.
    pub(super) place: String,
    /// What is wrong there.
    pub(super) problem: String,
    /// What to do about it.
    pub(super) cure: &'static str,
}

impl Breach {
    pub(super) fn at(file: &SourceFile, line: usize, problem: String, cure: &'static str) -> Self {
        Self { place: format!("{}:{line}", file.path), problem, cure }
    }

    pub(super) fn of(file: &SourceFile, problem: String, cure: &'static str) -> Self {
        Self { place: file.path.clone(), problem, cure }
    }
}

type Rule = fn(&[SourceFile]) -> Vec<Breach>;

const RULES: [(&str, Rule); 8] = [
    ("files stay under 1,000 lines", code::too_long),
    ("every module says what it is for", code::undocumented),
    ("nothing is left undone", code::undone),
    ("versions stand in the root manifest", code::versions),
    ("the pure crates are pure", purity::impure),
    ("the pure crates iterate over no hash map", hashed::iterated),
    ("links in documents lead somewhere", links::dead),
    ("files speak of no one machine", wording::machine_bound),
];

/// How many rules hold and how many do not; what breaks them is printed.
pub(crate) fn check(root: &Path) -> Result<(usize, usize)> {
    let files = repository::files(root)?;
    let mut broken = 0;
    broken += usize::from(tell("dependency arrows point one way", &arrows::forbidden(root)?));
    broken += usize::from(tell("licences and bans hold", &licences::forbidden(root)?));
    for (name, rule) in RULES {
        broken += usize::from(tell(name, &rule(&files)));
    }
    for warning in code::long(&files) {
        println!("warning: {}: {}", warning.place, warning.problem);
    }
    let rules = RULES.len() + 2;
    println!("tidy: {} files, {rules} rules, {broken} broken", files.len());
    Ok((rules - broken, broken))
}

fn tell(name: &str, breaches: &[Breach]) -> bool {
    if breaches.is_empty() {
        return false;
    }
    println!("\nbroken: {name}");
    for breach in breaches {
        println!("  {}: {}\n      cure: {}", breach.place, breach.problem, breach.cure);
    }
    true
}

pub(crate) fn run(arguments: &[String]) -> Result<bool> {
    ensure!(arguments.is_empty(), "tidy takes no arguments");
    let (_, broken) = check(&repository::root())?;
    Ok(broken == 0)
}
