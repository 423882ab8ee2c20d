//! What sources send beside events of persons: states of feeds, counts, product codes, and what
//! could not be understood.

use regulars_engine::commit::{Counts, Quarantined};
use regulars_engine::event::{Code, CodeKind};
use regulars_engine::source::{Feed, FeedName};
use regulars_engine::time::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::number::{sql, word};
use super::rows::{self, Rows};
use crate::codec::{compress, decode, decompress, encode};
use crate::error::StoreError;
use crate::reader::{QuarantineCount, QuarantineFilter};
use crate::store::QuarantineOutcome;

/// Writes states of feeds whole.
pub(super) fn write_feeds(
    connection: &Connection,
    feeds: &[(FeedName, Feed)],
) -> rusqlite::Result<()> {
    for (name, feed) in feeds {
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO feed (source, feed, state) VALUES (?1, ?2, ?3)",
            )?
            .execute((&name.source, &name.feed, encode(feed)))?;
    }
    Ok(())
}

/// What every feed sent.
pub(super) fn feeds(connection: &Connection) -> Result<Vec<(FeedName, Feed)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT source, feed, state FROM feed ORDER BY source, feed")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let name = FeedName { source: row.get(0)?, feed: row.get(1)? };
        let state = row.get_ref(2)?.as_blob().map_err(rusqlite::Error::from)?;
        let feed = decode(state, || format!("the state of feed \"{name}\""))?;
        found.push((name, feed));
    }
    Ok(found)
}

/// Adds to the counts of sources.
pub(super) fn add_counts(
    connection: &Connection,
    counts: &[(String, Counts)],
) -> rusqlite::Result<()> {
    for (source, counts) in counts {
        connection
            .prepare_cached(
                "INSERT INTO source_count (source, accepted, duplicates, conflicts, quarantined)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT DO UPDATE SET accepted = accepted + excluded.accepted,
                   duplicates = duplicates + excluded.duplicates,
                   conflicts = conflicts + excluded.conflicts,
                   quarantined = quarantined + excluded.quarantined",
            )?
            .execute((
                source,
                sql(counts.accepted),
                sql(counts.duplicates),
                sql(counts.conflicts),
                sql(counts.quarantined),
            ))?;
    }
    Ok(())
}

/// Counts of what each source sent.
pub(super) fn counts(connection: &Connection) -> Result<Vec<(String, Counts)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT source, accepted, duplicates, conflicts, quarantined FROM source_count
         ORDER BY source",
    )?;
    let rows = statement.query_map([], |row| {
        let counts = Counts {
            accepted: word(row, 1)?,
            duplicates: word(row, 2)?,
            conflicts: word(row, 3)?,
            quarantined: word(row, 4)?,
        };
        Ok((row.get(0)?, counts))
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

const CODE_KINDS: [CodeKind; 5] =
    [CodeKind::Product, CodeKind::Variant, CodeKind::Sku, CodeKind::Gtin, CodeKind::Till];

fn code_number(kind: CodeKind) -> i64 {
    match kind {
        CodeKind::Product => 0,
        CodeKind::Variant => 1,
        CodeKind::Sku => 2,
        CodeKind::Gtin => 3,
        CodeKind::Till => 4,
    }
}

/// Writes learned product codes; a later lesson about a code takes the place of the earlier one.
pub(super) fn write_codes(
    connection: &Connection,
    codes: &[(Code, String, Timestamp)],
) -> rusqlite::Result<()> {
    for (code, product, at) in codes {
        connection
            .prepare_cached(
                "INSERT OR REPLACE INTO learned (kind, value, product, at)
                 VALUES (?1, ?2, ?3, ?4)",
            )?
            .execute((code_number(code.kind), &code.value, product, at.0))?;
    }
    Ok(())
}

/// All learned product codes.
pub(super) fn codes(connection: &Connection) -> Result<Vec<(Code, String, Timestamp)>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT kind, value, product, at FROM learned ORDER BY kind, value")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let kind = usize::try_from(row.get::<_, i64>(0)?).ok();
        let kind = kind.and_then(|index| CODE_KINDS.get(index).copied());
        let kind = kind.ok_or_else(|| StoreError::damaged("the kind of a learned code"))?;
        let code = Code { kind, value: row.get(1)? };
        found.push((code, row.get(2)?, Timestamp(row.get(3)?)));
    }
    Ok(found)
}

/// Puts rows into quarantine.
pub(super) fn quarantine(connection: &Connection, rows: &[Quarantined]) -> rusqlite::Result<()> {
    for row in rows {
        connection
            .prepare_cached("INSERT INTO quarantine (source, code, body) VALUES (?1, ?2, ?3)")?
            .execute((&row.source, &row.code, compress(&encode_quarantined(row))))?;
    }
    Ok(())
}

fn encode_quarantined(row: &Quarantined) -> Vec<u8> {
    let raw = minicbor::bytes::ByteVec::from(row.raw.clone());
    encode(&(&row.source, &row.feed, row.received_at, &row.code, &row.text, raw))
}

pub(super) fn read_quarantined(id: u64, body: &[u8]) -> Result<Quarantined, StoreError> {
    let what = || format!("quarantine row {id}");
    type Parts = (String, String, Timestamp, String, String, minicbor::bytes::ByteVec);
    let (source, feed, received_at, code, text, raw): Parts =
        decode(&decompress(body, what)?, what)?;
    Ok(Quarantined { source, feed, received_at, code, text, raw: raw.into() })
}

/// Rows in quarantine, the latest first.
pub(super) fn quarantine_list(
    connection: &Connection,
    filter: &QuarantineFilter,
    limit: usize,
) -> Result<Vec<(u64, Quarantined)>, StoreError> {
    let mut rows = Rows::of("quarantine");
    if let Some(source) = &filter.source {
        rows.and("source = ?", [source.clone().into()]);
    }
    if let Some(code) = &filter.code {
        rows.and("code = ?", [code.clone().into()]);
    }
    rows.latest(connection, (filter.before, limit), |id, body| {
        Ok((id, read_quarantined(id, body)?))
    })
}

/// One row in quarantine.
pub(super) fn quarantined(
    connection: &Connection,
    id: u64,
) -> Result<Option<Quarantined>, StoreError> {
    rows::body(connection, "quarantine", id)?.map(|body| read_quarantined(id, &body)).transpose()
}

/// Rows in quarantine by source and reason.
pub(super) fn quarantine_counts(
    connection: &Connection,
) -> Result<Vec<QuarantineCount>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT source, code, count(*) FROM quarantine GROUP BY source, code ORDER BY source, code",
    )?;
    let rows = statement.query_map([], |row| {
        Ok(QuarantineCount { source: row.get(0)?, code: row.get(1)?, rows: word(row, 2)? })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Takes rows out of quarantine and counts what became of them.
pub(super) fn settle(
    connection: &Connection,
    ids: &[u64],
    outcome: QuarantineOutcome,
) -> rusqlite::Result<usize> {
    let outcome = match outcome {
        QuarantineOutcome::Replayed => 0,
        QuarantineOutcome::Dismissed => 1,
    };
    let mut settled = 0;
    for id in ids {
        let source: Option<String> = connection
            .prepare_cached("DELETE FROM quarantine WHERE id = ?1 RETURNING source")?
            .query_row([sql(*id)], |row| row.get(0))
            .optional()?;
        let Some(source) = source else { continue };
        connection
            .prepare_cached(
                "INSERT INTO quarantine_outcome (source, outcome, rows) VALUES (?1, ?2, 1)
                 ON CONFLICT DO UPDATE SET rows = rows + 1",
            )?
            .execute((source, outcome))?;
        settled += 1;
    }
    Ok(settled)
}
