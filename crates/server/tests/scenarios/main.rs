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

use std::path::{Path, PathBuf};

use scenario::Scenario;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../tests/scenarios")
}

/// The gallery: every journey of it with a shop's first days.
fn gallery() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../examples/gallery")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let wanted = std::env::var("REGULARS_SCENARIO").unwrap_or_default();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
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
    play(&folder());
}

#[test]
fn every_journey_of_the_gallery_goes_through_its_first_days() {
    play(&gallery());
}

/// The gallery is one shop that passes, without a word of doubt, and with templates that render.
#[test]
fn the_gallery_is_one_shop_of_at_least_thirty_journeys_each_with_its_story() {
    let files = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
        paths
    };
    let journeys = files(&gallery());
    assert!(journeys.len() >= 30, "{} journeys", journeys.len());
    for path in &journeys {
        assert!(path.with_extension("txt").exists(), "{} has no story", path.display());
    }
    let all: Vec<(String, String)> = journeys
        .into_iter()
        .chain(files(&gallery().join("shops")))
        .map(|path| (path.display().to_string(), std::fs::read_to_string(&path).unwrap()))
        .collect();
    match regulars_engine::definition::check(&all) {
        Ok((program, notices)) => {
            let notices: Vec<String> = notices.iter().map(ToString::to_string).collect();
            assert!(notices.is_empty(), "{}", notices.join("\n"));
            let mistakes = regulars_server::live::template_mistakes(&program, &all);
            let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            assert!(mistakes.is_empty(), "{}", mistakes.join("\n"));
        }
        Err(mistakes) => {
            let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            panic!("{}", mistakes.join("\n"));
        }
    }
}

fn play(folder: &Path) {
    let bless = std::env::var("REGULARS_BLESS").is_ok_and(|value| value == "1");
    let files = files(folder);
    let asked = std::env::var_os("REGULARS_SCENARIO").is_some();
    assert!(asked || !files.is_empty(), "no scenario is there");
    let mut wrong = Vec::new();
    for path in &files {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(path).unwrap();
        let outcome = Scenario::parse(&text, folder).and_then(|scenario| run::run(&scenario));
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
