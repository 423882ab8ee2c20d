//! Fitting on everybody, and the versions that are kept.

use std::sync::Arc;

use regulars_engine::identity::PersonId;
use regulars_engine::program::Program;
use regulars_engine::score::{
    Counting, FIT_STEPS, Migration, Model, Population, Purchases, Raw, outlier,
};
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, Store, StoreError};

use crate::writer::{Progress, Writer};

/// The space of the store that keeps versions.
const SPACE: &str = "scores";
/// The key of the number of the version in force.
const CURRENT: &str = "current";
/// So many versions are kept, the latest ones.
pub const VERSIONS_MAX: u64 = 30;
/// Persons read at once.
const PAGE: usize = 500;

fn key(number: u64) -> String {
    format!("version/{number:020}")
}

/// Gives everybody to `take`, in the order of ids, in pages of one short snapshot each.
fn everybody<R: Reader>(
    reader: &R,
    progress: Progress<'_>,
    mut take: impl FnMut(&regulars_engine::record::Record),
) -> Result<(), StoreError> {
    let whole = reader.totals()?.persons + FIT_STEPS;
    let (mut after, mut done) = (PersonId(0), 0);
    loop {
        let page = reader.persons_after(after, PAGE)?;
        let Some(last) = page.last() else { return Ok(()) };
        after = last.0;
        for (_, _, record) in &page {
            take(record);
        }
        done += page.len() as u64;
        progress(done, whole.max(done));
    }
}

/// Fits a model on everybody in a store. Cost: a read of everybody, about 20 µs each, then seconds
/// for a million buyers; nothing waits for it.
///
/// # Errors
/// If the store cannot be read.
pub fn fit<R: Reader>(
    reader: &R,
    program: &Program,
    now: Timestamp,
    progress: Progress<'_>,
) -> Result<Model, StoreError> {
    let shop = &program.shop;
    let mut population = Population::new(now, shop.zone.clone(), shop.currency);
    let mut people = 0;
    everybody(reader, progress, |record| {
        people += 1;
        population.push(&record.profile);
    })?;
    let mut step = 0;
    let model = population.fit(&mut || {
        step += 1;
        progress(people + step, people + FIT_STEPS);
    });
    Ok(model)
}

/// Keeps a model as a new version, and puts it in force. Returns its number.
///
/// # Errors
/// If the store fails.
pub fn keep<S: Store>(writer: &mut Writer<S>, model: Model) -> Result<u64, StoreError> {
    let number = current(writer.reader())?.map_or(1, |number| number + 1);
    let store = writer.store();
    store.put(SPACE, &key(number), Some(&model.encode()))?;
    store.put(SPACE, CURRENT, Some(&number.to_le_bytes()))?;
    if let Some(old) = number.checked_sub(VERSIONS_MAX).filter(|old| *old > 0) {
        store.put(SPACE, &key(old), None)?;
    }
    writer.take_scores(Arc::new(model))?;
    Ok(number)
}

fn current<R: Reader>(reader: &R) -> Result<Option<u64>, StoreError> {
    let bytes = reader.get(SPACE, CURRENT)?;
    Ok(bytes.and_then(|bytes| bytes.first_chunk::<8>().copied()).map(u64::from_le_bytes))
}

/// The version in force with its number. One that another release wrote counts as none: it is only
/// fitted again.
///
/// # Errors
/// If the store cannot be read.
pub fn stored<R: Reader>(reader: &R) -> Result<Option<(u64, Model)>, StoreError> {
    let Some(number) = current(reader)? else { return Ok(None) };
    let bytes = reader.get(SPACE, &key(number))?;
    Ok(bytes.and_then(|bytes| Model::decode(&bytes)).map(|model| (number, model)))
}

/// All versions that are kept, the latest first.
///
/// # Errors
/// If the store cannot be read.
pub fn versions<R: Reader>(reader: &R) -> Result<Vec<(u64, Model)>, StoreError> {
    let rows = reader.list(SPACE)?.into_iter().rev();
    Ok(rows
        .filter_map(|(key, bytes)| {
            let number = key.strip_prefix("version/")?.parse().ok()?;
            Some((number, Model::decode(&bytes)?))
        })
        .collect())
}

/// How buyers went from one RFM group to another between the ends of two days (from 1970-01-01), by
/// the bounds of the model in force.
///
/// # Errors
/// If the store cannot be read.
pub fn migration<R: Reader>(
    reader: &R,
    program: &Program,
    model: &Model,
    (from_day, to_day): (i32, i32),
    progress: Progress<'_>,
) -> Result<Migration, StoreError> {
    let counting = Counting { zone: &program.shop.zone, currency: model.currency };
    let mut migration = Migration { from_day, to_day, ways: Vec::new() };
    everybody(reader, progress, |record| {
        let purchases = Purchases::of(&record.profile.orders, counting, Timestamp::LATEST);
        if outlier(&record.profile, &purchases) {
            return;
        }
        let group = |day| Raw::of(&purchases, day).map(|raw| model.fifths.rfm(raw).group());
        if let Some(to) = group(to_day) {
            migration.add(group(from_day), to);
        }
    })?;
    Ok(migration)
}
