//! The guide: everything that `docs/guide/conditions.md` shows is so.

use crate::condition::Condition;
use crate::condition::statement::SUBJECTS;

const GUIDE: &str = include_str!("../../../../../docs/guide/conditions.md");

/// What stands in fenced blocks of this language, without the fences.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    GUIDE.split(&fence).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// The code in the cells of a table row.
fn cells(row: &str) -> Vec<&str> {
    row.trim_matches('|').split(" | ").map(|cell| cell.trim().trim_matches('`')).collect()
}

/// The rows of the tables whose first column has this heading.
fn rows(heading: &str) -> Vec<Vec<&'static str>> {
    let mut rows = Vec::new();
    let mut inside = false;
    for line in GUIDE.lines() {
        if line.starts_with(&format!("| {heading} |")) {
            inside = true;
        } else if !line.starts_with('|') {
            inside = false;
        } else if inside && !line.starts_with("|---") {
            rows.push(cells(line));
        }
    }
    rows
}

#[test]
fn every_example_is_a_condition_in_its_printed_form() {
    let lines = blocks("condition").into_iter().flat_map(str::lines).collect::<Vec<_>>();
    assert!(lines.len() > 10);
    for line in lines {
        assert!(Condition::parse(line).is_ok(), "{line}: {:?}", Condition::parse(line));
    }
    let table = rows("Condition");
    assert!(table.len() > 40);
    for row in table {
        let printed = Condition::parse(row[0]).map(|condition| condition.to_string());
        assert_eq!(printed.as_deref(), Ok(row[0]));
    }
}

#[test]
fn what_is_also_understood_prints_as_told() {
    let (printed, cures): (Vec<_>, Vec<_>) =
        rows("Written").into_iter().partition(|row| Condition::parse(row[0]).is_ok());
    assert!(printed.len() > 10 && cures.len() > 4);
    for row in printed {
        assert_eq!(Condition::parse(row[0]).unwrap().to_string(), row[1]);
    }
    for row in cures {
        assert_eq!(Condition::parse(row[0]).unwrap_err()[0].cure, row[1]);
    }
}

#[test]
fn the_grammar_has_every_statement() {
    let grammar = blocks("grammar").concat();
    for subject in SUBJECTS {
        assert!(grammar.contains(&format!("\"{subject}\"")), "{subject}");
    }
}
