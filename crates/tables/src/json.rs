//! NDJSON: an object a line; objects and lists inside are laid flat, the first of a name counts.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Lines};
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{Table, TableError, file};

/// How deep objects may nest; deeper ones are left out.
const DEPTH_MAX: usize = 8;

pub(crate) fn open(path: &Path) -> Result<Table, TableError> {
    // Any line may bring a new name, so that all are read once before.
    let mut columns: Vec<String> = Vec::new();
    let mut known: BTreeMap<String, usize> = BTreeMap::new();
    for object in Objects::of(path)? {
        let (_, object) = object?;
        flat(&object, 0, &mut |name, _| {
            if !known.contains_key(name) {
                known.insert(name.to_owned(), columns.len());
                columns.push(name.to_owned());
            }
        });
    }
    let width = columns.len();
    let rows = Objects::of(path)?.map(move |object| {
        let (_, object) = object?;
        let mut row = vec![String::new(); width];
        flat(&object, 0, &mut |name, value| {
            if let Some(place) = known.get(name).and_then(|at| row.get_mut(*at))
                && place.is_empty()
            {
                *place = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            }
        });
        Ok(row)
    });
    Ok(Table { columns, rows: Box::new(rows) })
}

struct Objects {
    path: PathBuf,
    lines: Lines<BufReader<std::fs::File>>,
    line: u64,
}

impl Objects {
    fn of(path: &Path) -> Result<Self, TableError> {
        Ok(Self { path: path.to_owned(), lines: BufReader::new(file(path)?).lines(), line: 0 })
    }

    fn wrong(&self, what: String) -> TableError {
        let cure = "write one JSON object a line, such as {\"name\": \"Ana\"}";
        TableError::Row { path: self.path.clone(), line: self.line, what, cure }
    }
}

impl Iterator for Objects {
    type Item = Result<(u64, Value), TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = match self.lines.next()? {
                Ok(line) => line,
                Err(source) => {
                    return Some(Err(TableError::Read { path: self.path.clone(), source }));
                }
            };
            self.line += 1;
            if line.trim().is_empty() {
                continue;
            }
            return Some(match serde_json::from_str::<Value>(&line) {
                Ok(object @ Value::Object(_)) => Ok((self.line, object)),
                Ok(_) => Err(self.wrong("a value that is no object".to_owned())),
                Err(error) => Err(self.wrong(format!("column {} is not JSON", error.column()))),
            });
        }
    }
}

/// Visits every plain value with its name.
fn flat(value: &Value, depth: usize, visit: &mut dyn FnMut(&str, &Value)) {
    if depth > DEPTH_MAX {
        return;
    }
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                match value {
                    Value::Object(_) | Value::Array(_) => flat(value, depth + 1, visit),
                    Value::Null => {}
                    Value::Bool(_) | Value::Number(_) | Value::String(_) => visit(name, value),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| flat(value, depth + 1, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
