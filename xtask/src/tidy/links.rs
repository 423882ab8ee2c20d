//! Relative links in Markdown documents lead to a file, and their anchors to a heading.

use std::collections::BTreeMap;

use super::report::Breach;
use crate::repository::SourceFile;

pub(super) fn dead(files: &[SourceFile]) -> Vec<Breach> {
    let texts: BTreeMap<&str, &str> =
        files.iter().map(|file| (file.path.as_str(), file.text.as_str())).collect();
    let mut breaches = Vec::new();
    for file in files.iter().filter(|file| file.has_extension(&["md"])) {
        for (number, target) in links(&file.text) {
            if let Some(problem) = problem(&file.path, &target, &texts) {
                breaches.push(Breach::at(
                    file,
                    number,
                    problem,
                    "correct the path, or link to what took its place",
                ));
            }
        }
    }
    breaches
}

/// Line numbers and targets of all links, in code left out.
fn links(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let mut fenced = false;
    for (index, line) in text.lines().enumerate() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        if fenced {
            continue;
        }
        let line = without_code(line);
        for (at, _) in line.match_indices("](") {
            let rest = &line[at + 2..];
            let end = rest.find(')').unwrap_or(rest.len());
            found.push((index + 1, rest[..end].to_owned()));
        }
        if let Some((label, target)) = line.split_once("]: ")
            && label.starts_with('[')
        {
            found.push((index + 1, target.to_owned()));
        }
    }
    found
}

fn without_code(line: &str) -> String {
    let parts = line.split('`').enumerate();
    parts.map(|(index, part)| if index % 2 == 0 { part } else { "code" }).collect()
}

fn problem(from: &str, target: &str, texts: &BTreeMap<&str, &str>) -> Option<String> {
    let target = target.split_whitespace().next().unwrap_or("").trim_matches(['<', '>']);
    let outside =
        ["http://", "https://", "mailto:"].iter().any(|scheme| target.starts_with(scheme));
    if outside || target.is_empty() {
        return None;
    }
    let (path, anchor) =
        target.split_once('#').map_or((target, None), |(path, anchor)| (path, Some(anchor)));
    let path = if path.is_empty() { Some(from.to_owned()) } else { resolve(from, path) };
    let path = path.filter(|path| is_there(path, texts));
    let Some(path) = path else { return Some(format!("\"{target}\" is not there")) };
    let text = texts.get(path.as_str()).filter(|_| path.ends_with(".md"))?;
    let anchor = anchor.filter(|anchor| !headings(text).iter().any(|heading| heading == anchor))?;
    Some(format!("\"{path}\" has no heading \"{anchor}\""))
}

/// A file, or a folder that holds files of the repository.
fn is_there(path: &str, texts: &BTreeMap<&str, &str>) -> bool {
    let folder = if path.is_empty() { String::new() } else { format!("{path}/") };
    texts.contains_key(path)
        || texts
            .range(folder.as_str()..)
            .next()
            .is_some_and(|(found, _)| found.starts_with(&folder))
        || IMAGES.iter().any(|extension| path.ends_with(extension))
            && crate::repository::root().join(path).is_file()
}

/// Pictures are no text, so they are not among the files that were read.
const IMAGES: [&str; 5] = [".png", ".jpg", ".gif", ".webp", ".ico"];

/// The path that a relative link means; none when it leaves the repository.
fn resolve(from: &str, link: &str) -> Option<String> {
    let mut parts: Vec<&str> =
        if link.starts_with('/') { Vec::new() } else { from.split('/').collect() };
    parts.pop();
    for part in link.split('/').filter(|part| !part.is_empty() && *part != ".") {
        if part == ".." {
            parts.pop()?;
        } else {
            parts.push(part);
        }
    }
    Some(parts.join("/"))
}

/// Anchors of a document's headings, made the way code hosts make them.
fn headings(text: &str) -> Vec<String> {
    let mut anchors: Vec<String> = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        }
        let title = line.trim_start_matches('#');
        if fenced || title.len() == line.len() || !title.starts_with(' ') {
            continue;
        }
        let kept = title.trim().to_lowercase();
        let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
        let anchor: String = kept.map(|c| if c == ' ' { '-' } else { c }).collect();
        let earlier = anchors.iter().filter(|known| **known == anchor).count();
        anchors.push(if earlier == 0 { anchor } else { format!("{anchor}-{earlier}") });
    }
    anchors
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let file =
            |path: &str, text: &str| SourceFile { path: path.to_owned(), text: text.to_owned() };
        let files = [
            file("README.md", "# Regulars\n## Two stories\n"),
            file("docs/guide.md", text),
            file("docs/decisions/0001-one.md", "# One\n"),
        ];
        dead(&files).into_iter().map(|breach| breach.problem).collect()
    }

    #[test]
    fn links_to_files_folders_and_headings_hold() {
        let text = "[a](../README.md) [b](../README.md#two-stories) [c](decisions) [d](decisions/0001-one.md \"t\")\n[e]: ../README.md\n[f](https://example.com/x)";
        assert_eq!(problems(text), Vec::<String>::new());
    }

    #[test]
    fn dead_links_are_found() {
        assert_eq!(problems("[a](nowhere.md)"), ["\"nowhere.md\" is not there"]);
        assert_eq!(problems("[a](../../outside.md)"), ["\"../../outside.md\" is not there"]);
        assert_eq!(problems("[a](../README.md#three)"), ["\"README.md\" has no heading \"three\""]);
        assert_eq!(problems("[a]: gone.md"), ["\"gone.md\" is not there"]);
    }

    #[test]
    fn code_is_no_link() {
        assert_eq!(problems("`[a](nowhere.md)`\n```\n[b](nowhere.md)\n```"), Vec::<String>::new());
    }
}
