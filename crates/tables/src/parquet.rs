//! Parquet: row by row; what nests is laid flat, times are written as people write them.

use std::path::Path;
use std::rc::Rc;

use parquet::basic::{Compression, LogicalType, TimeUnit};
use parquet::file::metadata::ParquetMetaData;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::{Field, Row};
use parquet::schema::types::Type;

use crate::flat::{Columns, DEPTH_MAX, within};
use crate::notes::Notes;
use crate::{Table, TableError, file};

const DAY_SECONDS: i64 = 86_400;

pub(crate) fn open(path: &Path) -> Result<Table, TableError> {
    let other = |_| TableError::Other { path: path.to_owned(), expected: "Parquet" };
    let reader = SerializedFileReader::new(file(path)?).map_err(other)?;
    refuse_what_is_not_unpacked(path, reader.metadata())?;
    let schema = reader.metadata().file_metadata().schema();
    let mut columns = Columns::default();
    let mut nanoseconds = Vec::new();
    for field in schema.get_fields() {
        meet(field, "", 0, &mut columns, &mut nanoseconds);
    }
    let (names, paths) = (columns.names(), columns.paths.clone());
    let path = path.to_owned();
    let rows = reader.into_iter().zip(1..).map(move |(row, line)| {
        let broken = |_| TableError::Row {
            path: path.clone(),
            line,
            what: "the row cannot be read".to_owned(),
            cure: "write the file again, uncompressed or with Snappy, gzip or Zstandard",
        };
        let row = row.map_err(broken)?;
        let mut values = vec![String::new(); columns.len()];
        lay_flat(&row, "", &mut |path, value| {
            if let Some(place) = columns.place(path).and_then(|at| values.get_mut(at))
                && place.is_empty()
            {
                let nanoseconds = nanoseconds.iter().any(|known| known == path);
                *place = if let (true, Field::Long(since)) = (nanoseconds, value) {
                    moment(since.div_euclid(1_000_000_000))
                } else {
                    text(value)
                };
            }
        });
        Ok(values)
    });
    Ok(Table { columns: names, paths, rows: Box::new(rows), notes: Rc::new(Notes::default()) })
}

fn refuse_what_is_not_unpacked(path: &Path, metadata: &ParquetMetaData) -> Result<(), TableError> {
    let columns = metadata.row_groups().iter().flat_map(|group| group.columns());
    let unknown = columns.map(|column| column.compression()).find(|compression| {
        !matches!(
            compression,
            Compression::UNCOMPRESSED
                | Compression::SNAPPY
                | Compression::GZIP(_)
                | Compression::ZSTD(_)
        )
    });
    unknown.map_or(Ok(()), |compression| {
        Err(TableError::Row {
            path: path.to_owned(),
            line: 1,
            what: format!("the rows are compressed with {compression}"),
            cure: "write the file again, uncompressed or with Snappy, gzip or Zstandard",
        })
    })
}

/// Meets the columns of a field in their order. Lists and maps have groups within that name nothing.
fn meet(
    field: &Type,
    outer: &str,
    depth: usize,
    columns: &mut Columns,
    nanoseconds: &mut Vec<String>,
) {
    let path = within(outer, field.name());
    if field.is_primitive() {
        let kind = field.get_basic_info().logical_type_ref();
        if matches!(kind, Some(LogicalType::Timestamp(time)) if time.unit == TimeUnit::NANOS) {
            nanoseconds.push(path.clone());
        }
        columns.meet(&path);
    } else if depth < DEPTH_MAX {
        for inner in field.get_fields() {
            meet(inner, &path, depth + 1, columns, nanoseconds);
        }
    }
}

fn lay_flat(row: &Row, outer: &str, visit: &mut dyn FnMut(&str, &Field)) {
    for (name, value) in row.get_column_iter() {
        let path = within(outer, name);
        if let Field::Group(row) = value {
            lay_flat(row, &path, visit);
        } else {
            visit(&path, value);
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "every other value writes itself as text")]
fn text(value: &Field) -> String {
    match value {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Bytes(bytes) => String::from_utf8_lossy(bytes.data()).into_owned(),
        Field::Float(number) => number.to_string(),
        Field::Double(number) => number.to_string(),
        Field::TimestampMillis(since) => moment(since.div_euclid(1_000)),
        Field::TimestampMicros(since) => moment(since.div_euclid(1_000_000)),
        other => other.to_string(),
    }
}

/// A moment in seconds since 1970, UTC: "1978-12-11 09:30:00", and at midnight the day alone.
fn moment(seconds: i64) -> String {
    let days = seconds.div_euclid(DAY_SECONDS);
    let day =
        i32::try_from(days).map_or_else(|_| String::new(), |days| Field::Date(days).to_string());
    match seconds.rem_euclid(DAY_SECONDS) {
        0 => day,
        rest => format!("{day} {:02}:{:02}:{:02}", rest / 3_600, rest / 60 % 60, rest % 60),
    }
}
