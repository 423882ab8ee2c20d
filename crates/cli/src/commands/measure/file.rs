//! A trial in a file, read twice: once for what its columns hold, once for the people.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use regulars_engine::measure::Trial;

use crate::ending::Wrong;
use crate::progress::Progress;

/// The most arms of a trial, and the most different texts of a column of what was known before.
const ARMS_MAX: usize = 50;
const TEXTS_MAX: usize = 20;

/// Which columns mean what.
pub(super) struct Chosen {
    pub(super) assignment: String,
    pub(super) outcomes: Vec<String>,
    pub(super) before: Vec<String>,
}

/// A file whose columns are known.
pub(super) struct TrialFile {
    path: PathBuf,
    assignment: usize,
    outcomes: Vec<(String, usize)>,
    before: Vec<Known>,
    /// The values of the assignment, in alphabetical order.
    pub(super) arms: Vec<String>,
    rows: u64,
    unassigned: u64,
    /// How the table was read.
    read_as: Vec<String>,
}

/// A column of what was known before.
struct Known {
    name: String,
    column: usize,
    numbers: u64,
    sum: f64,
    missing: u64,
    texts: BTreeMap<String, u64>,
    /// More different texts than [`TEXTS_MAX`]: kept as one to tell of.
    too_many: bool,
}

impl Known {
    fn survey(&mut self, cell: &str) {
        if cell.is_empty() {
            self.missing += 1;
        } else if let Some(number) = number(cell) {
            self.numbers += 1;
            self.sum += number;
        }
        if !cell.is_empty() && !self.too_many {
            *self.texts.entry(cell.to_owned()).or_default() += 1;
            self.too_many = self.texts.len() > TEXTS_MAX;
        }
    }

    fn numeric(&self, rows: u64) -> bool {
        self.numbers > 0 && self.numbers + self.missing == rows
    }

    /// How many numbers it becomes.
    fn width(&self, rows: u64) -> usize {
        if self.numeric(rows) { 1 } else { self.texts.len().saturating_sub(1) }
    }

    /// A number stands for itself, a missing one for the mean; of texts, each but the first is a
    /// yes or no.
    fn write(&self, cell: &str, rows: u64, row: &mut Vec<f64>) {
        if self.numeric(rows) {
            row.push(number(cell).unwrap_or_else(|| mean(self.sum, self.numbers)));
        } else {
            row.extend(self.texts.keys().skip(1).map(|text| f64::from(u8::from(text == cell))));
        }
    }
}

impl TrialFile {
    /// Reads the file once, for its arms and what its columns hold.
    pub(super) fn survey(path: &Path, chosen: &Chosen) -> anyhow::Result<Self> {
        let mut table = open(path)?;
        let columns = std::mem::take(&mut table.columns);
        let find = |name: &str| find(&columns, name, path);
        let mut file = Self {
            path: path.to_owned(),
            assignment: find(&chosen.assignment)?,
            outcomes: chosen
                .outcomes
                .iter()
                .map(|name| Ok((name.clone(), find(name)?)))
                .collect::<Result<_, Wrong>>()?,
            before: chosen
                .before
                .iter()
                .map(|name| Ok(Known::of(name, find(name)?)))
                .collect::<Result<_, Wrong>>()?,
            arms: Vec::new(),
            rows: 0,
            unassigned: 0,
            read_as: Vec::new(),
        };
        let mut arms: BTreeMap<String, u64> = BTreeMap::new();
        for row in table.by_ref() {
            let row = row.map_err(told)?;
            if row[file.assignment].trim().is_empty() {
                file.unassigned += 1;
                continue;
            }
            file.rows += 1;
            *arms.entry(row[file.assignment].trim().to_owned()).or_default() += 1;
            if arms.len() > ARMS_MAX {
                let message =
                    format!("\"{}\" has more than {ARMS_MAX} different values", chosen.assignment);
                return Err(Wrong::failed(
                    message,
                    "name the column that holds the few arms of the trial",
                )
                .into());
            }
            for known in &mut file.before {
                known.survey(row[known.column].trim());
            }
        }
        file.arms = arms.into_keys().collect();
        file.read_as = table.notes();
        file.refuse_what_cannot_be_used()?;
        Ok(file)
    }

    fn refuse_what_cannot_be_used(&self) -> Result<(), Wrong> {
        if self.arms.len() < 2 {
            let message = format!("\"{}\" assigns nobody to a second arm", self.path.display());
            return Err(Wrong::failed(
                message,
                "a lift needs two arms: those who got it, and a control",
            ));
        }
        for known in &self.before {
            if known.too_many && !known.numeric(self.rows) {
                let message =
                    format!("\"{}\" has more than {TEXTS_MAX} different texts", known.name);
                return Err(Wrong::failed(message, "leave it out, or give a column of numbers"));
            }
        }
        let width: usize = self.before.iter().map(|known| known.width(self.rows)).sum();
        if width > Trial::KNOWN_MAX {
            let message = format!("what was known before makes {width} numbers a person");
            return Err(Wrong::failed(
                message,
                format!("at most {} are used: leave some out", Trial::KNOWN_MAX),
            ));
        }
        Ok(())
    }

    /// The number of an arm.
    pub(super) fn arm(&self, name: &str) -> Result<usize, Wrong> {
        self.arms.iter().position(|arm| arm == name).ok_or_else(|| {
            let message = format!("nobody was assigned to \"{name}\"");
            Wrong::called(message, format!("the arms are {}", quoted(&self.arms)))
        })
    }

    /// What a reader of the figures should know.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = self.read_as.clone();
        if self.unassigned > 0 {
            notes.push(format!("{} rows name no arm and are left out", self.unassigned));
        }
        for known in self.before.iter().filter(|known| known.missing > 0) {
            notes.push(format!("\"{}\" is empty in {} rows", known.name, known.missing));
        }
        notes
    }

    /// Reads the file again: one trial for each outcome.
    pub(super) fn trials(&self) -> anyhow::Result<Vec<Trial>> {
        let width = self.before.iter().map(|known| known.width(self.rows)).sum();
        let mut trials = vec![Trial::of_arms(self.arms.len(), width); self.outcomes.len()];
        let mut progress = Progress::begin(format!("measuring {}", self.path.display()));
        let mut known = Vec::with_capacity(width);
        for (index, row) in open(&self.path)?.enumerate() {
            let row = row.map_err(told)?;
            let done = index as u64 + 1;
            if done.is_multiple_of(4_096) {
                progress.at(done, self.rows);
            }
            let Ok(arm) =
                self.arms.binary_search_by(|arm| arm.as_str().cmp(row[self.assignment].trim()))
            else {
                continue;
            };
            known.clear();
            for column in &self.before {
                column.write(row[column.column].trim(), self.rows, &mut known);
            }
            for (trial, (name, column)) in trials.iter_mut().zip(&self.outcomes) {
                let cell = row[*column].trim();
                let outcome = number(cell).ok_or_else(|| {
                    let message = format!(
                        "\"{}\", row {done}: column \"{name}\" holds no number",
                        self.path.display()
                    );
                    Wrong::failed(message, "write a number, or yes or no; 0 where nothing happened")
                })?;
                trial.add(arm, outcome, &known);
            }
        }
        progress.end();
        Ok(trials)
    }
}

impl Known {
    fn of(name: &str, column: usize) -> Self {
        let name = name.to_owned();
        Self {
            name,
            column,
            numbers: 0,
            sum: 0.0,
            missing: 0,
            texts: BTreeMap::new(),
            too_many: false,
        }
    }
}

fn open(path: &Path) -> anyhow::Result<regulars_tables::Table> {
    Ok(regulars_tables::open(path).map_err(told)?)
}

fn told(error: regulars_tables::TableError) -> Wrong {
    let cure = error.cure();
    Wrong::failed(error.to_string(), cure)
}

fn find(columns: &[String], name: &str, path: &Path) -> Result<usize, Wrong> {
    columns.iter().position(|column| column == name).ok_or_else(|| {
        let message = format!("\"{}\" has no column \"{name}\"", path.display());
        Wrong::called(message, format!("its columns are {}", quoted(columns)))
    })
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(", ")
}

/// A number, or yes and no as 1 and 0. A single comma is a decimal one, as spreadsheets of half the world
/// write it; "1,234" is no number, since it may be either. "0,125" is: nobody counts thousands of none.
fn number(cell: &str) -> Option<f64> {
    match cell.to_ascii_lowercase().as_str() {
        "yes" | "true" | "y" | "t" => Some(1.0),
        "no" | "false" | "n" | "f" => Some(0.0),
        text => {
            let decimal = text
                .split_once(',')
                .filter(|(before, after)| {
                    let digits = before.trim_start_matches(['-', '+']);
                    let thousands = (1..=3).contains(&digits.len()) && !digits.starts_with('0');
                    !after.is_empty()
                        && (after.len() != 3 || !thousands)
                        && !after.contains([',', '.'])
                })
                .map(|(before, after)| format!("{before}.{after}"));
            let text = decimal.as_deref().unwrap_or(text);
            text.parse::<f64>().ok().filter(|number| number.is_finite())
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "rows of a file stay far below 2^53")]
fn mean(sum: f64, numbers: u64) -> f64 {
    if numbers == 0 { 0.0 } else { sum / numbers as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_is_a_decimal_one_where_it_can_be_nothing_else() {
        for (cell, told) in [
            ("1,5", 1.5),
            ("-0,125", -0.125),
            ("0,125", 0.125),
            ("12345,678", 12_345.678),
            ("1,2345", 1.2345),
            ("1.234", 1.234),
            ("yes", 1.0),
        ] {
            assert_eq!(number(cell), Some(told), "{cell}");
        }
        for cell in ["1,234", "-12,345", "1,234,567", "1.234,5", "1,", ",", "", "nan", "inf"] {
            assert_eq!(number(cell), None, "{cell}");
        }
    }
}
