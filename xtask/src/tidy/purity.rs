//! `engine` and `ingest` see no clock, file, network, thread, environment, chance or async.
//!
//! The arrows keep libraries out; this rule keeps the standard library's own ways out. Test code may
//! read its fixtures, so what stands under `#[cfg(test)]` is left out.

use super::report::Breach;
use crate::repository::SourceFile;

/// What is not pure, as it is written.
const IMPURE: [&str; 16] = [
    "SystemTime::now",
    "Timestamp::now",
    "Zoned::now",
    "Instant::now",
    "TimeZone::system",
    "std::fs",
    "std::net",
    "std::env::",
    "std::process",
    "std::thread",
    "std::io::stdin",
    "std::io::stdout",
    "RandomState",
    "thread_local!",
    "async fn",
    "println!",
];

pub(super) fn impure(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (file, code) in pure_code(files) {
        for (number, line) in code {
            for word in IMPURE.iter().filter(|word| line.contains(**word)) {
                breaches.push(Breach::at(
                    file,
                    number,
                    format!("`{word}` in a pure crate"),
                    "take the value as an argument, or move the code to `server` or `store`",
                ));
            }
        }
    }
    breaches
}

type NumberedLines<'files> = Vec<(usize, &'files str)>;

/// The pure crates' files with their lines of code: no comments, no test code.
pub(super) fn pure_code(files: &[SourceFile]) -> Vec<(&SourceFile, NumberedLines<'_>)> {
    let pure = |file: &&SourceFile| {
        ["crates/engine/src/", "crates/ingest/src/"]
            .iter()
            .any(|folder| file.path.starts_with(folder))
            && file.has_extension(&["rs"])
    };
    let sources: Vec<&SourceFile> = files.iter().filter(pure).collect();
    let only_tests: Vec<String> = sources.iter().flat_map(|file| test_modules(file)).collect();
    let is_test = |file: &SourceFile| {
        let stem = file.path.trim_end_matches(".rs").trim_end_matches("/mod");
        only_tests.iter().any(|module| stem == module || stem.starts_with(&format!("{module}/")))
    };
    let code = sources.into_iter().filter(|file| !is_test(file));
    code.map(|file| (file, lines_of_code(file))).collect()
}

/// Paths (without `.rs`) of the modules that a file declares under `#[cfg(test)]`.
fn test_modules(file: &SourceFile) -> Vec<String> {
    let stem = file.path.trim_end_matches(".rs");
    let folder = match stem.rsplit_once('/') {
        Some((folder, "mod" | "lib" | "main")) => folder,
        _ => stem,
    };
    let mut modules = Vec::new();
    let mut marked = false;
    for line in file.text.lines().map(str::trim) {
        if marked
            && let Some(name) = line.strip_prefix("mod ").and_then(|rest| rest.strip_suffix(';'))
        {
            modules.push(format!("{folder}/{name}"));
        }
        marked = line == "#[cfg(test)]" || marked && line.starts_with("#[");
    }
    modules
}

/// Tests stand last in a file, so code ends where an inline test module begins.
fn lines_of_code(file: &SourceFile) -> Vec<(usize, &str)> {
    let lines: Vec<(usize, &str)> = file.lines().collect();
    let is_test_module = |pair: &[(usize, &str)]| {
        pair[0].1.trim() == "#[cfg(test)]"
            && pair[1].1.trim_start().starts_with("mod ")
            && pair[1].1.ends_with('{')
    };
    let end = lines.windows(2).position(is_test_module).unwrap_or(lines.len());
    let code = lines.into_iter().take(end);
    code.filter(|(_, line)| !line.trim_start().starts_with("//")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &str) -> SourceFile {
        SourceFile { path: path.to_owned(), text: text.to_owned() }
    }

    fn places(files: &[SourceFile]) -> Vec<String> {
        impure(files).into_iter().map(|breach| breach.place).collect()
    }

    #[test]
    fn a_clock_in_the_engine_is_found_and_one_in_the_server_is_not() {
        let text = "//! M.\nlet now = Timestamp::now();\n";
        let files =
            [file("crates/engine/src/guard.rs", text), file("crates/server/src/clock.rs", text)];
        assert_eq!(places(&files), ["crates/engine/src/guard.rs:2"]);
    }

    #[test]
    fn comments_and_tests_may_name_what_code_may_not_use() {
        let text =
            "//! M.\n// never std::fs\nfn f() {}\n#[cfg(test)]\nmod tests {\n use std::fs;\n}\n";
        assert!(places(&[file("crates/ingest/src/csv.rs", text)]).is_empty());
    }

    #[test]
    fn a_test_module_in_a_file_of_its_own_is_left_out() {
        let files = [
            file(
                "crates/engine/src/profile/mod.rs",
                "//! M.\n#[cfg(test)]\nmod laws;\nmod fold;\n",
            ),
            file("crates/engine/src/profile/laws.rs", "//! L.\nuse std::fs;\n"),
            file("crates/engine/src/profile/fold.rs", "//! F.\nuse std::fs;\n"),
        ];
        assert_eq!(places(&files), ["crates/engine/src/profile/fold.rs:2"]);
    }
}
