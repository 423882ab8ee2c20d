//! Rules on the shape of source files: length, module docs, nothing left undone, versions in one place.

use super::report::Breach;
use crate::repository::SourceFile;

const CODE: [&str; 7] = ["rs", "js", "mjs", "py", "css", "sh", "ftl"];
const LINES_MAX: usize = 1_000;
const LINES_WARN: usize = 750;

pub(super) fn too_long(files: &[SourceFile]) -> Vec<Breach> {
    longer_than(files, LINES_MAX)
}

/// Files that will soon be too long; a warning, not a breach.
pub(super) fn long(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = longer_than(files, LINES_WARN);
    breaches.sort_by(|left, right| left.place.cmp(&right.place));
    breaches
}

fn longer_than(files: &[SourceFile], bound: usize) -> Vec<Breach> {
    let code = files.iter().filter(|file| file.has_extension(&CODE));
    code.filter_map(|file| {
        let lines = file.text.lines().count();
        (lines > bound).then(|| {
            Breach::of(
                file,
                format!("{lines} lines, more than {bound}"),
                "give each concept in it a file of its own (healthy is 100 to 300 lines)",
            )
        })
    })
    .collect()
}

pub(super) fn undocumented(files: &[SourceFile]) -> Vec<Breach> {
    let modules = files.iter().filter(|file| file.has_extension(&["rs"]));
    let bare = modules.filter(|file| {
        let first = file.text.lines().find(|line| !line.trim().is_empty());
        !first.is_some_and(|line| line.starts_with("//!"))
    });
    bare.map(|file| {
        Breach::of(
            file,
            "the first line is no `//!`".to_owned(),
            "begin the file with `//!` and a sentence that says what it is for and what holds in it",
        )
    })
    .collect()
}

/// What says "not yet"; pieced together, so that this file does not break its own rule.
const UNDONE: [&str; 4] = [
    concat!("todo", "!("),
    concat!("unimplemented", "!("),
    concat!("#[", "ignore"),
    concat!("FIX", "ME"),
];

pub(super) fn undone(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.has_extension(&["rs"])) {
        for (number, line) in file.lines() {
            for mark in UNDONE.iter().filter(|mark| line.contains(**mark)) {
                breaches.push(Breach::at(
                    file,
                    number,
                    format!("`{mark}`"),
                    "finish it, or take it out; a test that is not run holds nothing",
                ));
            }
        }
    }
    breaches
}

/// A crate names its dependencies; their versions and features have one place, the root manifest.
pub(super) fn versions(files: &[SourceFile]) -> Vec<Breach> {
    let is_member = |path: &str| {
        path.starts_with("crates/") && path.ends_with("/Cargo.toml") || path == "xtask/Cargo.toml"
    };
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| is_member(&file.path)) {
        let mut within = false;
        for (number, line) in file.lines() {
            if let Some(section) = line.strip_prefix('[') {
                within = section.trim_end_matches(']').ends_with("dependencies");
                continue;
            }
            let line = line.trim();
            let is_entry = within && !line.is_empty() && !line.starts_with('#');
            let spaceless: String = line.split_whitespace().collect();
            if is_entry && !spaceless.contains("workspace=true") {
                breaches.push(Breach::at(
                    file,
                    number,
                    format!("`{line}` has its version here"),
                    "put version and features under [workspace.dependencies] of the root, with the reason, and write `name.workspace = true`",
                ));
            }
        }
    }
    breaches
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile { path: path.to_owned(), text: text.to_owned() }
    }

    fn places(breaches: &[Breach]) -> Vec<&str> {
        breaches.iter().map(|breach| breach.place.as_str()).collect()
    }

    #[test]
    fn a_file_of_1001_lines_is_too_long_and_one_of_751_is_warned_of() {
        let files = [
            file("a.rs", &"\n".repeat(1_001)),
            file("b.rs", &"\n".repeat(751)),
            file("c.md", &"\n".repeat(2_000)),
        ];
        assert_eq!(places(&too_long(&files)), ["a.rs"]);
        assert_eq!(places(&long(&files)), ["a.rs", "b.rs"]);
    }

    #[test]
    fn a_module_begins_with_its_purpose() {
        let files = [
            file("told.rs", "//! Orders.\nuse std;"),
            file("bare.rs", "use std;\n//! late"),
            file("item.rs", "/// An item.\nfn f() {}"),
        ];
        assert_eq!(places(&undocumented(&files)), ["bare.rs", "item.rs"]);
    }

    #[test]
    fn what_is_left_undone_is_found_with_its_line() {
        let left = concat!("//! M.\nfn f() { todo", "!() }\n#[", "ignore]\n");
        assert_eq!(places(&undone(&[file("a.rs", left)])), ["a.rs:2", "a.rs:3"]);
    }

    #[test]
    fn a_version_in_a_crate_is_found() {
        let manifest = "[package]\nversion = \"1\"\n[dependencies]\nserde.workspace = true\nrand = \"0.9\"\nx = { workspace = true }\n";
        assert_eq!(
            places(&versions(&[file("crates/a/Cargo.toml", manifest)])),
            ["crates/a/Cargo.toml:5"]
        );
    }
}
