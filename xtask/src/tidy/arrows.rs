//! Which crate may depend on which: `cli → server → {store, deliver, ingest} → engine`.
//!
//! Asked of Cargo itself, so that renamed, optional and transitive dependencies are seen.

use std::path::Path;

use anyhow::Result;

use super::report::Breach;
use crate::command;

const PREFIX: &str = "regulars-";

/// Direct arrows that are allowed, by crate. A crate that is not listed may depend on none of ours.
const ALLOWED: [(&str, &[&str]); 8] = [
    ("engine", &[]),
    ("ingest", &["engine"]),
    ("store", &["engine"]),
    ("deliver", &["engine"]),
    ("server", &["engine", "ingest", "store", "deliver"]),
    ("sim", &["engine"]),
    ("cli", &["engine", "ingest", "store", "deliver", "server", "sim", "tables"]),
    ("tables", &[]),
];

/// Libraries that bring a clock, a file, the network or chance; not even by way of another library.
const IMPURE: [&str; 14] = [
    "tokio",
    "async-std",
    "smol",
    "mio",
    "socket2",
    "rusqlite",
    "axum",
    "hyper",
    "reqwest",
    "ureq",
    "rand",
    "fastrand",
    "getrandom",
    "chrono",
];
const PURE: [&str; 2] = ["engine", "ingest"];

/// Arrows that point the wrong way.
pub(super) fn forbidden(root: &Path) -> Result<Vec<Breach>> {
    let mut breaches = Vec::new();
    for name in crates(root)? {
        let package = format!("{PREFIX}{name}");
        let direct = dependencies(root, &package, "normal,build", Some(1))?;
        breaches.extend(wrong_direct(&name, &direct));
        // A test may use the town of shoppers, and whatever its crate may use.
        let for_tests = dependencies(root, &package, "dev", Some(1))?;
        let for_tests: Vec<String> =
            for_tests.into_iter().filter(|found| found != "regulars-sim").collect();
        breaches.extend(wrong_direct(&name, &for_tests));
        let all = dependencies(root, &package, "normal,build", None)?;
        breaches.extend(wrong_transitive(&name, &all));
    }
    Ok(breaches)
}

fn crates(root: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(root.join("crates"))? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").is_file() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Names of what a package depends on, itself left out.
fn dependencies(root: &Path, package: &str, edges: &str, depth: Option<u8>) -> Result<Vec<String>> {
    let depth = depth.map(|depth| depth.to_string());
    let mut arguments = vec!["tree", "--package", package, "--edges", edges];
    arguments.extend(["--prefix", "none", "--format", "{p}", "--no-dedupe"]);
    if let Some(depth) = &depth {
        arguments.extend(["--depth", depth]);
    }
    let listing = command::read(root, "cargo", &arguments)?;
    let mut names: Vec<String> = listing.lines().filter_map(package_name).collect();
    names.retain(|name| name != package);
    names.sort_unstable();
    names.dedup();
    Ok(names)
}

/// From `serde_json serde_json v1.0.1 (path)`: the package's name, which precedes its version.
fn package_name(line: &str) -> Option<String> {
    let words: Vec<&str> = line.split_whitespace().collect();
    let version = words.iter().position(|word| {
        word.strip_prefix('v').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    })?;
    words.get(version.checked_sub(1)?).map(|name| (*name).to_owned())
}

fn wrong_direct(name: &str, direct: &[String]) -> Vec<Breach> {
    let allowed = ALLOWED.iter().find(|(from, _)| *from == name).map_or(&[][..], |(_, to)| *to);
    direct
        .iter()
        .filter_map(|dependency| dependency.strip_prefix(PREFIX))
        .filter(|dependency| !allowed.contains(dependency))
        .map(|dependency| Breach {
            place: format!("crates/{name}/Cargo.toml"),
            problem: format!("\"{name}\" depends on \"{dependency}\""),
            cure: "arrows are cli → server → {store, deliver, ingest} → engine: move the code, or pass the value in",
        })
        .collect()
}

fn wrong_transitive(name: &str, all: &[String]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for dependency in all {
        if PURE.contains(&name) && IMPURE.contains(&dependency.as_str()) {
            breaches.push(Breach {
                place: format!("crates/{name}/Cargo.toml"),
                problem: format!("\"{name}\" reaches \"{dependency}\", which is not pure"),
                cure: "the pure crates see no clock, file, network or chance: take the value as an argument",
            });
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(breaches: &[Breach]) -> Vec<&str> {
        breaches.iter().map(|breach| breach.problem.as_str()).collect()
    }

    #[test]
    fn the_store_may_not_see_the_channels() {
        let direct = ["regulars-engine".to_owned(), "regulars-deliver".to_owned()];
        assert_eq!(problems(&wrong_direct("store", &direct)), ["\"store\" depends on \"deliver\""]);
    }

    #[test]
    fn an_unlisted_crate_may_use_none_of_ours() {
        let direct = ["regulars-engine".to_owned(), "serde".to_owned()];
        assert_eq!(
            problems(&wrong_direct("surprise", &direct)),
            ["\"surprise\" depends on \"engine\""]
        );
    }

    #[test]
    fn chance_is_forbidden_in_the_engine_only() {
        let all = ["rand".to_owned()];
        assert_eq!(
            problems(&wrong_transitive("engine", &all)),
            ["\"engine\" reaches \"rand\", which is not pure"]
        );
        assert!(wrong_transitive("sim", &all).is_empty());
    }

    #[test]
    fn package_names_are_read_with_and_without_a_library_name() {
        assert_eq!(package_name("serde_json serde_json v1.0.1").as_deref(), Some("serde_json"));
        assert_eq!(
            package_name(" regulars-cli v0.1.0 (crates/cli)").as_deref(),
            Some("regulars-cli")
        );
        assert_eq!(package_name("[dev-dependencies]"), None);
    }
}
