//! No iteration over hash maps in the pure crates: their order differs from run to run.
//!
//! Best effort on text: a binding or field that is declared as a hash map or set, then walked. Look-ups
//! are fine; what has to be walked is a `BTreeMap`, a `BTreeSet` or a sorted `Vec`.

use super::purity::pure_code;
use super::report::Breach;
use crate::repository::SourceFile;

const WALKS: [&str; 9] = [
    ".iter()",
    ".iter_mut()",
    ".keys()",
    ".values()",
    ".values_mut()",
    ".drain()",
    ".into_iter()",
    ".into_keys()",
    ".into_values()",
];

pub(super) fn iterated(files: &[SourceFile]) -> Vec<Breach> {
    let mut breaches = Vec::new();
    for (file, code) in pure_code(files) {
        let mut local: Vec<String> = Vec::new();
        let fields: Vec<String> = code
            .iter()
            .filter(|(_, line)| is_field(line))
            .filter_map(|(_, line)| declared(line))
            .collect();
        for (number, line) in code {
            if line.contains("fn ") {
                local.clear();
                local.extend(parameters(line));
            }
            if !is_field(line) {
                local.extend(declared(line));
            }
            let walked = local.iter().any(|name| walks(line, name))
                || fields.iter().any(|name| walks(line, &format!("self.{name}")));
            if walked {
                breaches.push(Breach::at(
                    file,
                    number,
                    format!("`{}` walks a hash map", line.trim()),
                    "use a BTreeMap, a BTreeSet or a sorted Vec; a hash map is for look-ups only",
                ));
            }
        }
    }
    breaches
}

fn is_hashed(kind: &str) -> bool {
    ["HashMap<", "HashSet<", "HashMap::", "HashSet::"].iter().any(|name| kind.contains(name))
}

/// A struct's field: `name: Type,` without `let` or a function around it.
fn is_field(line: &str) -> bool {
    let line = line.trim();
    line.ends_with(',') && line.contains(": ") && !line.contains("let ") && !line.contains("fn ")
}

/// The name that a `let` or a field declares as a hash map or set.
fn declared(line: &str) -> Option<String> {
    let line = line.trim().trim_start_matches("pub(crate) ").trim_start_matches("pub ");
    if line.contains("fn ") || line.starts_with("use ") {
        return None;
    }
    let (before, after) = line.split_once([':', '='])?;
    let name = before.trim().trim_start_matches("let ").trim_start_matches("mut ").trim();
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_');
    // A collection that holds hash maps is walked in its own order.
    let outer = after.trim_start_matches(['&', ' ', ':']);
    let kind = outer.split('=').next_back().filter(|value| is_hashed(value)).unwrap_or(outer);
    let first = kind.find('<').map_or(kind, |end| &kind[..=end]);
    (plain
        && (is_hashed(first) || is_hashed(kind) && kind.contains("Hash") && first.contains("::")))
    .then(|| name.to_owned())
}

/// Names of a function's parameters that are hash maps or sets, as far as they stand on its first line.
fn parameters(line: &str) -> Vec<String> {
    let Some((_, list)) = line.split_once('(') else { return Vec::new() };
    let mut names = Vec::new();
    for part in list.split(", ") {
        if let Some((name, kind)) = part.split_once(": ") {
            let kind = kind.trim_start_matches("&mut ").trim_start_matches('&');
            if kind.starts_with("HashMap<") || kind.starts_with("HashSet<") {
                names.push(name.trim_start_matches("mut ").to_owned());
            }
        }
    }
    names
}

fn walks(line: &str, name: &str) -> bool {
    let called = WALKS.iter().any(|walk| holds_word(line, &format!("{name}{walk}")));
    let looped = line.trim_start().starts_with("for ")
        && ["in ", "in &", "in &mut "].iter().any(|lead| {
            line.split_once(&format!("{lead}{name}"))
                .is_some_and(|(_, rest)| rest.trim_start().starts_with('{'))
        });
    called || looped
}

/// Whether `word` stands in `line` and is not the tail of a longer name or path.
fn holds_word(line: &str, word: &str) -> bool {
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<String> {
        let file = SourceFile { path: "crates/engine/src/a.rs".to_owned(), text: text.to_owned() };
        iterated(&[file])
            .into_iter()
            .map(|breach| breach.place.replace("crates/engine/src/a.rs:", ""))
            .collect()
    }

    #[test]
    fn a_walked_local_map_is_found() {
        assert_eq!(
            places("let mut seen = HashMap::new();\nfor x in &seen {\nseen.keys().count();\n"),
            ["2", "3"]
        );
        assert_eq!(places("let seen: HashSet<u32> = x.collect();\nseen.iter().sum();\n"), ["2"]);
        assert_eq!(
            places("let seen = HashMap::<u8, u8>::default();\nseen.into_values();\n"),
            ["2"]
        );
    }

    #[test]
    fn a_walked_field_or_parameter_is_found() {
        assert_eq!(places("pub(crate) rows: HashMap<u8, u8>,\n self.rows.values().sum()\n"), ["2"]);
        assert_eq!(places("fn sum(rows: &HashMap<u8, u8>) -> u8 {\n rows.values().sum()\n"), ["2"]);
    }

    #[test]
    fn look_ups_and_ordered_maps_are_fine() {
        assert!(
            places("let seen = HashMap::new();\nseen.get(&1);\nseen.insert(1, 2);\n").is_empty()
        );
        assert!(places("let seen = BTreeMap::new();\nseen.iter();\n").is_empty());
        assert!(places("let rows: Vec<HashMap<u8, u8>> = x;\nrows.iter();\n").is_empty());
    }

    #[test]
    fn a_name_is_forgotten_with_its_function() {
        assert!(
            places("let seen = HashMap::new();\nfn other(seen: &[u8]) {\nseen.iter();\n")
                .is_empty()
        );
    }
}
