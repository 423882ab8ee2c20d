//! Any table as CSV, for a reader that takes columns by name: in UTF-8, a list of objects laid out in rows.

use std::path::Path;

use crate::flat::{Columns, last, within};
use crate::{Named, Table, TableError, json, open};

/// The table of a file as CSV with this delimiter. `wanted` says which columns are asked for, by their last word or their path.
///
/// Objects of a JSON file that hold a list of objects with wanted values ("items" of an order) become a row for
/// each of them, with what stands beside the list in each.
///
/// # Errors
/// When the file cannot be read, or two lists of an object would both make rows.
pub fn as_csv(
    path: &Path,
    delimiter: u8,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Vec<u8>, TableError> {
    let table = match Named::of(path) {
        Named::Json => json::open_in_rows(path, wanted)?,
        Named::Parquet | Named::Tsv | Named::Csv => open(path)?,
    };
    let asked = |table: &Table, at: usize| {
        let (name, path) = (&table.columns[at], &table.paths[at]);
        if wanted(path) { path.clone() } else { name.clone() }
    };
    let header: Vec<String> = (0..table.columns.len()).map(|at| asked(&table, at)).collect();
    let failed = |source: csv::Error| TableError::Read {
        path: path.to_owned(),
        source: std::io::Error::other(source),
    };
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
    writer.write_record(&header).map_err(failed)?;
    for row in table {
        writer.write_record(&row?).map_err(failed)?;
    }
    writer
        .into_inner()
        .map_err(|error| TableError::Read { path: path.to_owned(), source: error.into_error() })
}

/// The name of the list of an object that makes rows.
///
/// # Errors
/// The names of two that would.
pub(crate) fn list_of_rows(
    object: &serde_json::Map<String, serde_json::Value>,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Option<String>, [String; 2]> {
    let mut found: Option<String> = None;
    for (name, value) in object {
        let Some(list) = value.as_array().filter(|list| list.len() > 1) else { continue };
        if !list.iter().all(serde_json::Value::is_object) {
            continue;
        }
        let mut columns = Columns::default();
        for inner in list {
            json::flat(inner, &within("", name), 0, &mut |path, _| columns.meet(path));
        }
        let asked = columns.paths.iter().any(|path| wanted(path) || wanted(last(path)));
        match (&found, asked) {
            (Some(other), true) => return Err([other.clone(), name.clone()]),
            (None, true) => found = Some(name.clone()),
            (_, false) => {}
        }
    }
    Ok(found)
}
