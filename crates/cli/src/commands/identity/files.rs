//! Files of records in, clusters and pairs out.

use std::collections::BTreeMap;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use regulars_engine::identity::link::{Column, Field, Population, Record, guess};
use regulars_tables::TableError;
use serde_json::json;

use crate::ending::Wrong;
use crate::progress::Progress;
use crate::words;

/// So many rows are looked at to guess what columns are.
const LOOKED_AT: usize = 500;

/// Records read from files.
#[derive(Default)]
pub(super) struct Files {
    pub(super) population: Population,
    /// What each record is called: its id, or file and row.
    pub(super) names: Vec<String>,
    /// The value of the column that knows the truth; empty without one.
    pub(super) truth: Vec<String>,
    sources: BTreeMap<String, u16>,
}

/// What the caller says of columns.
pub(super) struct Said {
    pub(super) columns: Vec<(String, Column)>,
    pub(super) truth: Option<String>,
}

/// Reads `first_name=given,dob=birth_date,cluster=ignore`.
pub(super) fn columns(text: &str) -> Result<Vec<(String, Column)>, Wrong> {
    let mut columns = Vec::new();
    for pair in text.split(',').filter(|pair| !pair.trim().is_empty()) {
        let Some((name, field)) = pair.split_once('=') else {
            let message = format!("\"{pair}\" does not say what a column is");
            return Err(Wrong::called(message, "write column=field, such as dob=birth_date"));
        };
        let column = match field.trim() {
            "id" => Column::Id,
            "source" => Column::Source,
            "ignore" => Column::Ignored,
            field => Column::Field(Field::named(field).ok_or_else(|| unknown(field))?),
        };
        columns.push((name.trim().to_owned(), column));
    }
    Ok(columns)
}

fn unknown(field: &str) -> Wrong {
    let names: Vec<&str> = Field::NAMES.iter().map(|(name, _)| *name).collect();
    let cure = format!(
        "fields are {}, unique1 to unique4, word1, word2, id, source and ignore",
        names.join(", ")
    );
    Wrong::called(format!("there is no field \"{field}\""), cure)
}

impl Files {
    /// Reads one file.
    pub(super) fn read(&mut self, path: &Path, said: &Said) -> anyhow::Result<()> {
        let mut table = regulars_tables::open(path).map_err(told)?;
        let headers = std::mem::take(&mut table.columns);
        let mut first = Vec::new();
        for row in table.by_ref().take(LOOKED_AT) {
            first.push(row.map_err(told)?);
        }
        let mut columns = guess(&table.paths, &first);
        let mut truth = None;
        let place = |name: &str| {
            let at = headers.iter().position(|header| header == name);
            at.ok_or_else(|| {
                let message = format!("\"{}\" has no column \"{name}\"", path.display());
                Wrong::called(message, format!("its columns are {}", headers.join(", ")))
            })
        };
        for (name, column) in &said.columns {
            columns[place(name)?] = *column;
        }
        if let Some(name) = &said.truth {
            let at = place(name)?;
            columns[at] = Column::Ignored;
            truth = Some(at);
        }
        tell(path, &headers, &columns);
        if !columns.iter().any(|column| matches!(column, Column::Field(_))) {
            let message = format!("nothing is known of the columns of \"{}\"", path.display());
            return Err(Wrong::called(
                message,
                "say what they are: --columns name=full_name,dob=birth_date",
            )
            .into());
        }
        let mut progress = Progress::begin(format!("reading {}", path.display()));
        let mut record = Record::default();
        let mut empty = 0;
        for (number, row) in first.into_iter().map(Ok).chain(table.by_ref()).enumerate() {
            let row = row.map_err(told)?;
            if row.iter().all(String::is_empty) {
                empty += 1;
            } else {
                self.add(path, number, &row, &columns, truth, &mut record);
            }
            progress.at(number as u64, 0);
        }
        progress.end();
        let left_out =
            (empty > 0).then(|| format!("{} left out", words::count(empty, "empty row")));
        for note in table.notes().into_iter().chain(left_out) {
            eprintln!("note: {}: {note}", path.display());
        }
        Ok(())
    }

    fn add(
        &mut self,
        path: &Path,
        number: usize,
        row: &[String],
        columns: &[Column],
        truth: Option<usize>,
        record: &mut Record,
    ) {
        record.clear();
        let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        let (mut name, mut source) = (None, file);
        for (value, column) in row.iter().zip(columns) {
            match column {
                Column::Field(field) if record.get(*field).is_none() => record.set(*field, value),
                Column::Id => name = Some(value.as_str()),
                Column::Source if !value.is_empty() => source = value,
                Column::Field(_) | Column::Source | Column::Ignored => {}
            }
        }
        let next = u16::try_from(self.sources.len()).unwrap_or(u16::MAX);
        let source = *self.sources.entry(source.to_owned()).or_insert(next);
        self.population.add(record, source);
        self.names.push(name.map_or_else(|| format!("{file}:{}", number + 1), str::to_owned));
        if let Some(truth) = truth.and_then(|at| row.get(at)) {
            self.truth.push(truth.clone());
        }
    }

    /// The numbers of these sources, by name.
    pub(super) fn sources(&self, names: &[String]) -> Result<Vec<u16>, Wrong> {
        let known = || self.sources.keys().cloned().collect::<Vec<_>>().join(", ");
        let number = |name: &String| {
            let source = self.sources.get(name).copied();
            source.ok_or_else(|| {
                Wrong::called(
                    format!("there is no source \"{name}\""),
                    format!("there are {}", known()),
                )
            })
        };
        let mut numbers = names.iter().map(number).collect::<Result<Vec<u16>, _>>()?;
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// The record with this name.
    pub(super) fn named(&self, name: &str) -> Result<u32, Wrong> {
        let at = self.names.iter().position(|known| known == name);
        let number = at.and_then(|at| u32::try_from(at).ok());
        number.ok_or_else(|| {
            let cure = "records are called by their id column, or as file:row where there is none";
            Wrong::called(format!("there is no record \"{name}\""), cure)
        })
    }
}

/// Says what every column is taken for, so that a wrong guess is seen.
fn tell(path: &Path, headers: &[String], columns: &[Column]) {
    let word = |column: &Column| match column {
        Column::Field(field) => field.name(),
        Column::Id => "id".to_owned(),
        Column::Source => "source".to_owned(),
        Column::Ignored => "ignore".to_owned(),
    };
    let pairs: Vec<String> = headers
        .iter()
        .zip(columns)
        .map(|(header, column)| format!("{header}={}", word(column)))
        .collect();
    eprintln!("{}: {}", path.display(), pairs.join(","));
}

fn told(error: TableError) -> anyhow::Error {
    let cause = std::error::Error::source(&error).map(|cause| format!(": {cause}"));
    Wrong::failed(format!("{error}{}", cause.unwrap_or_default()), error.cure()).into()
}

/// A file of results: CSV, or NDJSON where its name says so.
pub(super) struct Results {
    path: PathBuf,
    file: BufWriter<std::fs::File>,
    names: &'static [&'static str],
    json: bool,
}

impl Results {
    pub(super) fn create(path: &Path, names: &'static [&'static str]) -> anyhow::Result<Self> {
        let file = std::fs::File::create(path)
            .with_context(|| format!("could not write \"{}\"", path.display()))?;
        let json = path.extension().is_some_and(|ending| ending == "ndjson" || ending == "jsonl");
        let mut results = Self { path: path.to_owned(), file: BufWriter::new(file), names, json };
        if !json {
            let header: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            results.line(&header)?;
        }
        Ok(results)
    }

    pub(super) fn line(&mut self, values: &[String]) -> anyhow::Result<()> {
        let line = if self.json {
            let object: serde_json::Map<_, _> = self
                .names
                .iter()
                .zip(values)
                .map(|(name, value)| ((*name).to_owned(), json!(value)))
                .collect();
            serde_json::Value::Object(object).to_string()
        } else {
            values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(",")
        };
        writeln!(self.file, "{line}")
            .with_context(|| format!("could not write \"{}\"", self.path.display()))
    }

    pub(super) fn end(mut self) -> anyhow::Result<()> {
        self.file.flush().with_context(|| format!("could not write \"{}\"", self.path.display()))
    }
}

fn quoted(value: &str) -> String {
    if value.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", value.replace('"', "\"\""))
    } else {
        value.to_owned()
    }
}
