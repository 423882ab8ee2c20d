//! Definition files on disk: folders are read whole, in the order of their names.

use std::path::{Path, PathBuf};

use anyhow::Context;
use regulars_engine::definition::Mistake;
use serde_json::{Value, json};

use crate::ending::Wrong;

/// What definitions refer to by path.
const ATTACHED: [&str; 4] = ["mjml", "html", "htm", "txt"];
/// Folders deeper than this are no definitions, or lead back to themselves.
const LEVELS_MAX: usize = 16;

/// Files by what they are; names are paths as they were given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Files {
    /// Definitions and what they refer to.
    pub(crate) definitions: Vec<(String, String)>,
    /// Mappings of tables, which are no definitions.
    pub(crate) mappings: Vec<(String, String)>,
}

/// Reads folders and files.
pub(crate) fn read(paths: &[PathBuf]) -> anyhow::Result<Files> {
    let mut files = Files::default();
    for path in paths {
        let found = std::fs::metadata(path)
            .with_context(|| format!("could not read \"{}\"", path.display()))?;
        if found.is_dir() {
            read_folder(path, 0, &mut files)?;
        } else {
            read_file(path, &mut files)?;
        }
    }
    if files.definitions.is_empty() && files.mappings.is_empty() {
        let names: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        let message = format!("there are no definitions in \"{}\"", names.join("\", \""));
        let cure = "name a folder or files with names that end in .yaml";
        return Err(Wrong::called(message, cure).into());
    }
    Ok(files)
}

fn read_folder(folder: &Path, level: usize, files: &mut Files) -> anyhow::Result<()> {
    let unread = || format!("could not read \"{}\"", folder.display());
    let mut entries: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(unread)? {
        entries.push(entry.with_context(unread)?.path());
    }
    entries.sort();
    for path in entries {
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if hidden {
            continue;
        }
        if path.is_dir() {
            if level < LEVELS_MAX {
                read_folder(&path, level + 1, files)?;
            }
        } else if holds_definitions(&path) || ends_in(&path, &ATTACHED) {
            read_file(&path, files)?;
        }
    }
    Ok(())
}

fn read_file(path: &Path, files: &mut Files) -> anyhow::Result<()> {
    let bytes =
        std::fs::read(path).with_context(|| format!("could not read \"{}\"", path.display()))?;
    let name = path.display().to_string();
    let text = String::from_utf8(bytes)
        .map_err(|_| Wrong::called(format!("\"{name}\" is not UTF-8 text"), "save it as UTF-8"))?;
    if holds_definitions(path) && is_mapping(&text) {
        files.mappings.push((name, text));
    } else {
        files.definitions.push((name, text));
    }
    Ok(())
}

fn holds_definitions(path: &Path) -> bool {
    ends_in(path, &["yaml", "yml"])
}

fn ends_in(path: &Path, endings: &[&str]) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    endings.iter().any(|known| known.eq_ignore_ascii_case(ending))
}

/// A mapping says how rows become events, which no definition does.
fn is_mapping(text: &str) -> bool {
    let key = |name: &str| text.lines().any(|line| line.starts_with(name));
    key("rows:") && key("columns:")
}

/// Mistakes as programs read them.
pub(crate) fn mistakes_json(mistakes: &[Mistake]) -> Vec<Value> {
    let one = |mistake: &Mistake| {
        json!({
            "file": mistake.file,
            "line": mistake.line,
            "column": mistake.column,
            "message": mistake.message,
            "cure": mistake.cure,
        })
    };
    mistakes.iter().map(one).collect()
}
