//! Codes of offers under their keys, and the counters that follow them.

use regulars_engine::event::Currency;
use regulars_engine::identity::PersonId;
use regulars_engine::offer::{Code, CodeKey, CodeState, CodeWrite, Counted, Stock};
use rusqlite::{Connection, OptionalExtension, Row};

use super::number::{size, small, sql, word};
use crate::codec::{decode, encode};
use crate::error::{CommitError, StoreError};

/// The number of a state in the tables.
const fn number(state: CodeState) -> i64 {
    match state {
        CodeState::Free => 0,
        CodeState::Issued => 1,
        CodeState::Redeemed => 2,
        CodeState::TakenBack => 3,
    }
}

/// Keys use all their bits; flipping the highest keeps their order as signed numbers.
const HIGHEST: u64 = 1 << 63;

fn stored(key: CodeKey) -> i64 {
    sql(key.0 ^ HIGHEST)
}

/// Writes codes by compare-and-set, and counts them.
pub(super) fn write(connection: &Connection, writes: &[CodeWrite]) -> Result<(), CommitError> {
    for write in writes {
        let held = get(connection, write.key)?;
        if held.as_ref().map(|code| code.state) != write.read {
            return Err(CommitError::Conflict);
        }
        if let Some(held) = &held {
            count(connection, held, -1)?;
        }
        match &write.code {
            Some(code) => put(connection, write.key, code)?,
            None => drop(
                connection
                    .prepare_cached("DELETE FROM offer_code WHERE key = ?1")
                    .and_then(|mut statement| statement.execute([stored(write.key)]))
                    .map_err(StoreError::from)?,
            ),
        }
        if let Some(code) = &write.code {
            count(connection, code, 1)?;
        }
    }
    Ok(())
}

fn put(connection: &Connection, key: CodeKey, code: &Code) -> Result<(), StoreError> {
    let order = code.used.as_ref().map_or(0, |used| used.order);
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO offer_code (key, offer, state, person, placed, body)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute((
            stored(key),
            &code.offer,
            number(code.state),
            sql(code.person.0),
            sql(order),
            encode(code),
        ))?;
    Ok(())
}

/// Counts a code in or out.
fn count(connection: &Connection, code: &Code, step: i64) -> Result<(), StoreError> {
    let cost = code.cost();
    let currency = cost.map_or_else(String::new, |cost| cost.currency.code().to_owned());
    let minor = cost.map_or(0, |cost| cost.minor).saturating_mul(step);
    connection
        .prepare_cached(
            "INSERT INTO offer_count (offer, state, day, currency, codes, cost)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET codes = codes + excluded.codes, cost = cost + excluded.cost",
        )?
        .execute((&code.offer, number(code.state), code.day(), currency, step, minor))?;
    Ok(())
}

fn read(row: &Row<'_>) -> Result<(CodeKey, Code), StoreError> {
    let key = CodeKey(word(row, 0)? ^ HIGHEST);
    let body = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
    Ok((key, decode(body, || "a code of an offer".to_owned())?))
}

/// The code under a key.
pub(super) fn get(connection: &Connection, key: CodeKey) -> Result<Option<Code>, StoreError> {
    let body: Option<Vec<u8>> = connection
        .prepare_cached("SELECT body FROM offer_code WHERE key = ?1")?
        .query_row([stored(key)], |row| row.get(0))
        .optional()?;
    body.map(|body| decode(&body, || "a code of an offer".to_owned())).transpose()
}

/// Codes of an offer in one state with keys above `after`, by key.
pub(super) fn list(
    connection: &Connection,
    offer: &str,
    state: CodeState,
    after: Option<CodeKey>,
    limit: usize,
) -> Result<Vec<(CodeKey, Code)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT key, body FROM offer_code WHERE offer = ?1 AND state = ?2 AND key > ?3
         ORDER BY key LIMIT ?4",
    )?;
    // The smallest number is the key 0, which one hash in 2^64 comes to.
    let after = after.map_or(i64::MIN, stored);
    let mut rows = statement.query((offer, number(state), after, size(limit)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// The codes that were used for an order, by the hash of its key.
pub(super) fn of_order(
    connection: &Connection,
    order: u64,
) -> Result<Vec<(CodeKey, Code)>, StoreError> {
    if order == 0 {
        return Ok(Vec::new());
    }
    let mut statement = connection
        .prepare_cached("SELECT key, body FROM offer_code WHERE placed = ?1 AND placed <> 0")?;
    let mut rows = statement.query([sql(order)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// What there is of every offer, from the counters.
pub(super) fn stock(connection: &Connection) -> Result<Stock, StoreError> {
    let mut stock = Stock::default();
    let mut statement = connection
        .prepare_cached("SELECT offer, state, day, currency, codes, cost FROM offer_count")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let offer: String = row.get(0)?;
        let state = match row.get::<_, i64>(1)? {
            0 => CodeState::Free,
            1 => CodeState::Issued,
            2 => CodeState::Redeemed,
            3 => CodeState::TakenBack,
            _ => return Err(StoreError::damaged("the state of an offer's codes")),
        };
        let currency: String = row.get(3)?;
        let currency = match currency.as_str() {
            "" => None,
            code => Some(
                Currency::parse(code).ok_or_else(|| StoreError::damaged("a currency of codes"))?,
            ),
        };
        let codes = small(row.get(4)?, "a number of codes")?;
        let counted = Counted { codes, cost_minor: row.get(5)? };
        if counted != Counted::default() {
            stock.count(&offer, (state, row.get(2)?, currency), counted);
        }
    }
    Ok(stock)
}

/// The codes that were given to a person under this id, by key.
pub(super) fn of_person(
    connection: &Connection,
    person: PersonId,
) -> Result<Vec<(CodeKey, Code)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT key, body FROM offer_code WHERE person = ?1 AND person <> 0 ORDER BY key",
    )?;
    let mut rows = statement.query([sql(person.0)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

/// Takes every trace of persons off their codes, which stay what they are: a code that was given may
/// be used, and counts.
pub(super) fn forget(connection: &Connection, persons: &[PersonId]) -> Result<(), StoreError> {
    for person in persons {
        for (key, mut code) in of_person(connection, *person)? {
            (code.person, code.message, code.text) = (PersonId(0), 0, None);
            if let Some(used) = &mut code.used {
                (used.order, used.redemption) = (0, 0);
            }
            put(connection, key, &code)?;
        }
    }
    Ok(())
}

/// Whether the counters say something else than the rows: for checking a store.
pub(super) fn miscounted(connection: &Connection) -> Result<bool, StoreError> {
    let mut counted = Stock::default();
    let mut statement = connection.prepare("SELECT key, body FROM offer_code")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (_, code) = read(row)?;
        let cost = code.cost();
        let of = (code.state, code.day(), cost.map(|cost| cost.currency));
        let one = Counted { codes: 1, cost_minor: cost.map_or(0, |cost| cost.minor) };
        counted.count(&code.offer, of, one);
    }
    Ok(counted != stock(connection)?)
}
