//! A document whose rows could not all be read, as a small table by itself: its mapping, the header,
//! and every row of it. So it can be repaired and read again when its file is long gone.
//!
//! A document comes whole or not at all: a row that were read again alone would be a new version of
//! its document with one line. Therefore what is kept, repaired and replayed is the document.

use super::Mapping;
use crate::limits::RAW_BYTES_MAX;

/// Stands before the mapping.
const MAPPING: &[u8] = b"=== mapping ===\n";
/// Stands before the header and the rows.
const ROWS: &[u8] = b"\n=== rows ===\n";

/// The rows of a document with what is needed to read them again; `None` if that is too large to
/// be kept.
pub(super) fn by_itself<'r>(
    mapping: &Mapping,
    header: &[u8],
    rows: impl Iterator<Item = &'r [u8]>,
) -> Option<Vec<u8>> {
    let mut bytes = [MAPPING, mapping.text.trim_end().as_bytes(), ROWS, header].concat();
    for row in rows {
        bytes.push(b'\n');
        bytes.extend_from_slice(row);
        if bytes.len() > RAW_BYTES_MAX {
            return None;
        }
    }
    Some(bytes)
}

/// A table by itself, taken apart: the text of its mapping, and the file of its rows. `None` if the
/// bytes are no such table.
#[must_use]
pub fn taken_apart(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let rest = bytes.strip_prefix(MAPPING)?;
    let at = rest.windows(ROWS.len()).position(|window| window == ROWS)?;
    let mapping = std::str::from_utf8(&rest[..at]).ok()?;
    Some((mapping, &rest[at + ROWS.len()..]))
}
