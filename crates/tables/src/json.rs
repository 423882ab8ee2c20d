//! JSON: an object a line, or a document with a list of objects; what nests is laid flat.
//!
//! Of a list within an object, the first value of each column counts.

use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;

use serde_json::Value;

use crate::encoding::{self, Page, Text};
use crate::flat::{Columns, DEPTH_MAX, within};
use crate::mapped::list_of_rows;
use crate::notes::Notes;
use crate::{Table, TableError};

type Objects = Box<dyn Iterator<Item = Result<Value, TableError>>>;

/// Opens a file with a row for each of the objects in an object's list, where `wanted` values are in it.
pub(crate) fn open_in_rows(
    path: &Path,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Table, TableError> {
    let (document, written_in) = document(path)?;
    let document = document.map(Rc::new);
    let mut rows = Vec::new();
    for (object, line) in objects(path, document.as_ref())?.zip(1..) {
        let Value::Object(object) = object? else { continue };
        let list = list_of_rows(&object, wanted).map_err(|[one, other]| TableError::Row {
            path: path.to_owned(),
            line,
            what: format!("\"{one}\" and \"{other}\" are lists of several values"),
            cure: "map columns of one list only: each of its values makes a row",
        })?;
        match list {
            None => rows.push(Value::Object(object)),
            Some(name) => {
                let inner =
                    object.get(&name).and_then(Value::as_array).cloned().unwrap_or_default();
                for value in inner {
                    let mut row = object.clone();
                    row.insert(name.clone(), value);
                    rows.push(Value::Object(row));
                }
            }
        }
    }
    table(path, Some(&Rc::new(rows)), written_in)
}

pub(crate) fn open(path: &Path) -> Result<Table, TableError> {
    let (document, written_in) = document(path)?;
    table(path, document.map(Rc::new).as_ref(), written_in)
}

fn table(
    path: &Path,
    document: Option<&Rc<Vec<Value>>>,
    written_in: Option<&'static str>,
) -> Result<Table, TableError> {
    // Any object may bring a new name, so that all are read once before.
    let mut columns = Columns::default();
    for object in objects(path, document)? {
        flat(&object?, "", 0, &mut |path, _| columns.meet(path));
    }
    let notes = Rc::new(Notes::default());
    notes.written_in(written_in);
    let (names, paths) = (columns.names(), columns.paths.clone());
    let rows = objects(path, document)?.map(move |object| {
        let mut row = vec![String::new(); columns.len()];
        flat(&object?, "", 0, &mut |path, value| {
            if let Some(place) = columns.place(path).and_then(|at| row.get_mut(at))
                && place.is_empty()
            {
                *place = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            }
        });
        Ok(row)
    });
    Ok(Table { columns: names, paths, rows: Box::new(rows), notes })
}

/// The objects of a file that is one document; nothing if it has an object a line.
fn document(path: &Path) -> Result<(Option<Vec<Value>>, Option<&'static str>), TableError> {
    let read = |source| TableError::Read { path: path.to_owned(), source };
    let Text { bytes, page, written_in } = encoding::open(path)?;
    let (head, mut bytes) = encoding::head(bytes).map_err(read)?;
    let mut lines = head.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let first = lines.find(|line| !line.is_empty()).unwrap_or_default();
    let alone = first.ends_with(b"}") && serde_json::from_slice::<Value>(first).is_ok();
    let list = first.starts_with(b"[");
    // A first line that is longer than what was looked at is no document that somebody wrote by hand.
    if !list && (alone || head.len() as u64 >= encoding::HEAD && first.len() == head.len()) {
        return Ok((None, written_in));
    }
    let mut whole = Vec::new();
    bytes.read_to_end(&mut whole).map_err(read)?;
    let parsed = serde_json::from_str::<Value>(&page.read(&whole));
    match parsed {
        Ok(Value::Array(rows)) => Ok((Some(rows), written_in)),
        Ok(Value::Object(object)) => Ok((Some(rows_within(object)), written_in)),
        Ok(_) => Ok((None, written_in)),
        Err(error) if list => {
            let what = format!("column {} is not JSON", error.column());
            let line = u64::try_from(error.line()).unwrap_or_default();
            let cure = "write a list of objects, or one object a line";
            Err(TableError::Row { path: path.to_owned(), line, what, cure })
        }
        // Lines are judged one by one, so that the line that is wrong is named.
        Err(_) => Ok((None, written_in)),
    }
}

/// The longest list of objects in an answer such as `{"customers": [...]}`, or the object itself.
fn rows_within(object: serde_json::Map<String, Value>) -> Vec<Value> {
    let objects = |value: &Value| match value {
        Value::Array(rows) if rows.iter().all(Value::is_object) => rows.len(),
        Value::Array(_) | Value::Object(_) | Value::Null => 0,
        Value::Bool(_) | Value::Number(_) | Value::String(_) => 0,
    };
    let plain = object.values().all(|value| !value.is_object());
    let longest = object.iter().max_by_key(|(_, value)| objects(value));
    match longest.filter(|(_, value)| plain && objects(value) > 0) {
        Some((_, rows)) => rows.as_array().cloned().unwrap_or_default(),
        None => vec![Value::Object(object)],
    }
}

fn objects(path: &Path, document: Option<&Rc<Vec<Value>>>) -> Result<Objects, TableError> {
    let Some(rows) = document.map(Rc::clone) else {
        return Ok(Box::new(Lines::of(path)?));
    };
    let path = path.to_owned();
    Ok(Box::new((0..rows.len()).map(move |at| match &rows[at] {
        object @ Value::Object(_) => Ok(object.clone()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            Err(TableError::Row {
                path: path.clone(),
                line: at as u64 + 1,
                what: "a value of the list that is no object".to_owned(),
                cure: "write a list of objects, such as [{\"name\": \"Ana\"}]",
            })
        }
    })))
}

struct Lines {
    path: PathBuf,
    bytes: Box<dyn BufRead + Send>,
    page: Page,
    line: u64,
    text: Vec<u8>,
}

impl Lines {
    fn of(path: &Path) -> Result<Self, TableError> {
        let Text { bytes, page, .. } = encoding::open(path)?;
        Ok(Self { path: path.to_owned(), bytes, page, line: 0, text: Vec::new() })
    }

    fn wrong(&self, what: String) -> TableError {
        let cure = "write one JSON object a line, such as {\"name\": \"Ana\"}";
        TableError::Row { path: self.path.clone(), line: self.line, what, cure }
    }
}

impl Iterator for Lines {
    type Item = Result<Value, TableError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            self.text.clear();
            match self.bytes.read_until(b'\n', &mut self.text) {
                Ok(0) => return None,
                Ok(_) => self.line += 1,
                Err(source) => {
                    return Some(Err(TableError::Read { path: self.path.clone(), source }));
                }
            }
            let line = self.text.trim_ascii();
            if line.is_empty() {
                continue;
            }
            return Some(match serde_json::from_str::<Value>(&self.page.read(line)) {
                Ok(object @ Value::Object(_)) => Ok(object),
                Ok(_) => Err(self.wrong("a value that is no object".to_owned())),
                Err(error) => Err(self.wrong(format!("column {} is not JSON", error.column()))),
            });
        }
    }
}

/// Visits every plain value with its path.
pub(crate) fn flat(value: &Value, path: &str, depth: usize, visit: &mut dyn FnMut(&str, &Value)) {
    if depth > DEPTH_MAX {
        return;
    }
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                flat(value, &within(path, name), depth + 1, visit);
            }
        }
        Value::Array(values) => {
            values.iter().for_each(|value| flat(value, path, depth + 1, visit));
        }
        Value::Null => {}
        Value::Bool(_) | Value::Number(_) | Value::String(_) => visit(path, value),
    }
}
