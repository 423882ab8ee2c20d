//! Licences and bans of the whole tree of dependencies, as `deny.toml` states them.
//!
//! `cargo deny` reads the same file and checks more, but takes minutes to build on a bare machine.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};

use super::report::Breach;
use crate::command;

/// Packages whose licence is not allowed, and packages that are banned.
pub(super) fn forbidden(root: &Path) -> Result<Vec<Breach>> {
    let policy = std::fs::read_to_string(root.join("deny.toml")).context("no \"deny.toml\"")?;
    let allowed = listed(&policy, "allow");
    let banned = listed(&policy, "deny");
    let arguments =
        ["tree", "--workspace", "--target", "all", "--edges", "all", "--prefix", "none"];
    let listing =
        command::read(root, "cargo", &[&arguments[..], &["--format", "{p}|{l}"]].concat())?;
    Ok(packages(&listing)
        .iter()
        .filter_map(|(name, licence)| judge(name, licence, &allowed, &banned))
        .collect())
}

fn judge(name: &str, licence: &str, allowed: &[String], banned: &[String]) -> Option<Breach> {
    let problem = if banned.iter().any(|ban| ban == name) {
        format!("\"{name}\" is banned")
    } else if !allows(licence, allowed) {
        format!("\"{name}\" has the licence \"{licence}\"")
    } else {
        return None;
    };
    let cure = "choose another library or other features (cargo tree -i names who asks), or change deny.toml and say why";
    Some(Breach { place: "deny.toml".to_owned(), problem, cure })
}

/// Names and licences from lines `serde v1.0.0 (proc-macro)|MIT OR Apache-2.0`.
fn packages(listing: &str) -> BTreeMap<&str, &str> {
    let lines = listing.lines().filter_map(|line| line.rsplit_once('|'));
    lines
        .filter_map(|(package, licence)| {
            Some((package.split(' ').next()?, licence.trim_end_matches(" (*)")))
        })
        .collect()
}

/// The quoted values of the list `name = [...]`, each on a line of its own.
fn listed(policy: &str, name: &str) -> Vec<String> {
    let start = format!("{name} = [");
    let lines = policy.lines().skip_while(|line| *line != start).skip(1);
    let values =
        lines.take_while(|line| *line != "]").filter(|line| !line.trim_start().starts_with('#'));
    values.filter_map(|line| line.split('"').nth(1)).map(str::to_owned).collect()
}

/// Whether a licence expression can be met with the allowed licences alone.
fn allows(licence: &str, allowed: &[String]) -> bool {
    let spaced = licence.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let mut words = spaced.split_whitespace().peekable();
    either(&mut words, allowed)
}

type Words<'text> = std::iter::Peekable<std::str::SplitWhitespace<'text>>;

fn either(words: &mut Words<'_>, allowed: &[String]) -> bool {
    let mut met = both(words, allowed);
    while words.next_if_eq(&"OR").is_some() {
        met |= both(words, allowed);
    }
    met
}

fn both(words: &mut Words<'_>, allowed: &[String]) -> bool {
    let mut met = one(words, allowed);
    while words.next_if_eq(&"AND").is_some() {
        met &= one(words, allowed);
    }
    met
}

fn one(words: &mut Words<'_>, allowed: &[String]) -> bool {
    if words.next_if_eq(&"(").is_some() {
        let met = either(words, allowed);
        words.next_if_eq(&")");
        return met;
    }
    let Some(name) = words.next() else { return false };
    let full = match words.next_if_eq(&"WITH").and_then(|_| words.next()) {
        Some(exception) => format!("{name} WITH {exception}"),
        None => name.to_owned(),
    };
    allowed.contains(&full)
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: &str = "[licenses]\nallow = [\n  \"MIT\", # why\n  \"ISC\",\n]\n[bans]\ndeny = [\n  # because \"x\"\n  { crate = \"openssl\" },\n]\n";

    fn judged(name: &str, licence: &str) -> Option<String> {
        judge(name, licence, &listed(POLICY, "allow"), &listed(POLICY, "deny"))
            .map(|breach| breach.problem)
    }

    #[test]
    fn expressions_are_met_with_what_is_allowed() {
        let met = [
            "MIT",
            "MIT OR GPL-3.0",
            "GPL-3.0/MIT",
            "MIT AND ISC",
            "(MIT OR X) AND ISC",
            "X AND Y OR MIT",
        ];
        assert_eq!(met.map(|licence| judged("a", licence)), [const { None }; 6]);
        let unmet = ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR X) AND Y", "MIT WITH exception"];
        assert!(unmet.iter().all(|licence| judged("a", licence).is_some()));
    }

    #[test]
    fn a_banned_library_is_told_whatever_its_licence() {
        assert_eq!(judged("openssl", "MIT").as_deref(), Some("\"openssl\" is banned"));
    }

    #[test]
    fn the_listing_is_read_with_its_marks() {
        let listing = "serde v1.0.0|MIT\nserde_derive v1.0.0 (proc-macro)|MIT OR Apache-2.0\nserde v1.0.0|MIT (*)\n";
        let read: Vec<_> = packages(listing).into_iter().collect();
        assert_eq!(read, [("serde", "MIT"), ("serde_derive", "MIT OR Apache-2.0")]);
    }
}
