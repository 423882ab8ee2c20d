//! The table of mistakes: `mistakes.txt` holds definitions and what is said of them.
//!
//! A case begins with `== ` and its title; `-- ` begins a file of that name (`shop.yaml` where none
//! is named); lines behind `> ` are what is expected. `REGULARS_BLESS=1` writes what is said.

use std::path::Path;

use regulars_engine::definition::{Mistake, check};

struct Case {
    title: String,
    text: String,
    expected: Vec<String>,
}

impl Case {
    fn files(&self) -> Vec<(String, String)> {
        let mut files: Vec<(String, String)> = Vec::new();
        for line in self.text.lines() {
            match line.strip_prefix("-- ") {
                Some(name) => files.push((name.to_owned(), String::new())),
                None => {
                    if files.is_empty() {
                        files.push(("shop.yaml".to_owned(), String::new()));
                    }
                    let (_, text) = files.last_mut().expect("one was begun");
                    // A tab cannot be seen in a table.
                    text.push_str(&line.replace("<TAB>", "\t"));
                    text.push('\n');
                }
            }
        }
        files
    }

    fn said(&self) -> Vec<String> {
        match check(&self.files()) {
            Ok((_, notices)) if notices.is_empty() => vec!["well".to_owned()],
            Ok((_, notices)) => notices.iter().map(|notice| format!("notice {notice}")).collect(),
            Err(mistakes) => mistakes.iter().map(ToString::to_string).collect(),
        }
    }
}

fn read(table: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in table.lines() {
        if let Some(title) = line.strip_prefix("== ") {
            cases.push(Case { title: title.to_owned(), text: String::new(), expected: Vec::new() });
        } else if let Some(case) = cases.last_mut() {
            match line.strip_prefix("> ") {
                Some(expected) => case.expected.push(expected.to_owned()),
                None => {
                    case.text.push_str(line);
                    case.text.push('\n');
                }
            }
        }
    }
    cases
}

const TABLE: &str = include_str!("mistakes.txt");

#[test]
fn every_mistake_is_told_with_place_and_cure() {
    let cases = read(TABLE);
    if std::env::var_os("REGULARS_BLESS").is_some() {
        let mut table = TABLE.split("== ").next().unwrap().to_owned();
        for case in &cases {
            let text = case.text.trim_end();
            table += &format!("== {}\n{text}\n", case.title);
            table.extend(case.said().iter().map(|line| format!("> {line}\n")));
            table.push('\n');
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/definitions/mistakes.txt");
        std::fs::write(path, table.trim_end().to_owned() + "\n").unwrap();
        return;
    }
    let wrong: Vec<String> = cases
        .iter()
        .filter(|case| case.said() != case.expected)
        .map(|case| {
            let (said, expected) = (case.said().join("\n  "), case.expected.join("\n  "));
            format!("{}\nsaid:\n  {said}\nexpected:\n  {expected}\n", case.title)
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let single = cases.iter().filter(|case| case.said().len() == 1).count();
    assert!(single >= 40, "only {single} cases of one mistake");
}

#[test]
fn five_mistakes_in_one_file_are_told_at_once() {
    let cases = read(TABLE);
    let five = cases.iter().find(|case| case.title == "five mistakes in one file").unwrap();
    let Err(mistakes) = check(&five.files()) else { panic!("five mistakes passed") };
    assert_eq!(mistakes.len(), 5);
    assert!(mistakes.iter().all(|mistake| mistake.line > 0 && !mistake.cure.is_empty()));
}

/// A chain of segments each of which names the one before it.
fn chain(count: usize) -> Vec<Mistake> {
    let one = |number: usize| match number {
        0 => "segment: s0\nwhen: orders at least 2\n".to_owned(),
        _ => format!("segment: s{number}\nwhen: in segment \"s{}\"\n", number - 1),
    };
    let text = (0..count).map(one).collect::<Vec<_>>().join("---\n");
    check(&[("shop.yaml".to_owned(), text)]).map_or_else(|mistakes| mistakes, |_| Vec::new())
}

#[test]
fn a_chain_of_segments_is_as_deep_as_it_is_asked() {
    assert_eq!(chain(32), []);
    let told: Vec<String> = chain(40).iter().map(ToString::to_string).collect();
    let cure = "write what the innermost ones say in its own condition";
    assert_eq!(told, [format!("shop.yaml:97:1: the segment \"s32\" is 32 segments deep; {cure}")]);
}
