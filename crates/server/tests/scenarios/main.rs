//! Golden scenarios: plain text that a marketer can read, with the expectations inside.
//!
//! Every file of `tests/scenarios/*.txt` is a shop and what happened, in the order of arrival. Each
//! line becomes a line of an event file, is read as `import` reads it, and goes through a dry run.
//! `REGULARS_BLESS=1` writes what came out in place of what was expected; `REGULARS_SCENARIO=maria`
//! runs the files whose name contains that word.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![expect(clippy::print_stdout, reason = "a test says what it counted")]
#![expect(clippy::wildcard_enum_match_arm, reason = "of the many kinds only some matter here")]

mod line;
mod run;
mod scenario;
mod show;

use std::path::PathBuf;

use scenario::Scenario;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios")
}

fn files() -> Vec<PathBuf> {
    let wanted = std::env::var("REGULARS_SCENARIO").unwrap_or_default();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder of scenarios is part of the repository")
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .filter(|path| {
            path.file_stem().is_some_and(|stem| stem.to_string_lossy().contains(&wanted))
        })
        .collect();
    files.sort();
    files
}

#[test]
fn every_scenario_ends_as_its_file_says() {
    let bless = std::env::var("REGULARS_BLESS").is_ok_and(|value| value == "1");
    let files = files();
    assert!(!files.is_empty(), "no scenario bears the word that was asked for");
    let mut wrong = Vec::new();
    for path in &files {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).unwrap();
        let outcome = Scenario::parse(&text, &folder()).and_then(|scenario| run::run(&scenario));
        match outcome {
            Err(mistake) => wrong.push(format!("{name}: {mistake}")),
            Ok(found) if found == text => {}
            Ok(found) if bless => std::fs::write(path, found).unwrap(),
            Ok(found) => wrong.push(format!("{name}:\n{}", difference(&text, &found))),
        }
    }
    println!("{} scenarios", files.len());
    assert!(
        wrong.is_empty(),
        "{} of {} scenarios differ (REGULARS_SCENARIO=<name> runs one, REGULARS_BLESS=1 accepts):\n\n{}",
        wrong.len(),
        files.len(),
        wrong.join("\n\n")
    );
}

/// The lines that differ, expected ones with `-`, found ones with `+`, between what both begin and
/// end with.
fn difference(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<&str>, Vec<&str>) =
        (expected.lines().collect(), found.lines().collect());
    let same_start = expected.iter().zip(&found).take_while(|(left, right)| left == right).count();
    let (left, right) = (&expected[same_start..], &found[same_start..]);
    let same_end =
        left.iter().rev().zip(right.iter().rev()).take_while(|(left, right)| left == right).count();
    let mut lines = vec![format!("line {}:", same_start + 1)];
    lines.extend(left[..left.len() - same_end].iter().map(|line| format!("- {line}")));
    lines.extend(right[..right.len() - same_end].iter().map(|line| format!("+ {line}")));
    lines.join("\n")
}
