//! Identity health, from a look at everybody.

use axum::extract::State;
use axum::response::Response;
use regulars_engine::identity::{Blocked, IdentifierKind, IdentityRules, PersonId, SIZES};
use regulars_engine::time::{DAY, Timestamp};
use regulars_store::{Reader, SqliteReader, StoreError};

use super::super::convert;
use super::super::visit::{Pages, Visit};
use crate::identity::{DAYS, Surveyed};
use crate::ui::model::{HealthModel, KindRow, PairSide, SharedRow, SizeRow};
use crate::ui::view::identity;

/// Rows of each list.
const ROWS: usize = 20;

/// The page.
pub(crate) async fn page(State(pages): State<Pages>, visit: Visit) -> Response {
    let surveyed = pages.app.surveys.latest(&pages.app).await;
    let (found, looking) = match visit.or_wrong(surveyed) {
        Ok(found) => found,
        Err(response) => return response,
    };
    let program = pages.app.desk.program();
    let read = pages.app.read(move |reader| match &found {
        Some(found) => model(reader, found, &program.identity),
        None => Ok(HealthModel::default()),
    });
    match visit.or_wrong(read.await) {
        Ok(model) => {
            let model = HealthModel { looking, ..model };
            visit.page(identity::health_page(&visit.ctx, &model))
        }
        Err(response) => response,
    }
}

fn model(
    reader: &SqliteReader,
    found: &Surveyed,
    rules: &IdentityRules,
) -> Result<HealthModel, StoreError> {
    let survey = &found.survey;
    let mut largest = Vec::new();
    for large in survey.largest.iter().take(ROWS) {
        largest.push((side(reader, large.person)?, large.identifiers, large.edges));
    }
    let mut from = 1;
    let sizes = SIZES.iter().zip(survey.sizes).map(|(to, persons)| {
        let from = std::mem::replace(&mut from, to.saturating_add(1));
        SizeRow { from, to: (*to != u32::MAX).then_some(*to), persons }
    });
    let shared = survey.shared.iter().take(ROWS).map(|shared| SharedRow {
        kind: convert::identifier_kind(&shared.identifier.kind),
        kind_word: shared.identifier.kind.word().to_owned(),
        value: shared.identifier.value().to_owned(),
        people: shared.people,
        changes_hands: shared.changes_hands,
        person_id: shared.person.to_string(),
    });
    let contradictions = survey.contradictions.iter().map(|(kind, held)| {
        let persons = held.persons.iter().take(5).map(ToString::to_string).collect();
        (convert::identifier_kind(kind), held.avoided, persons)
    });
    Ok(HealthModel {
        known: true,
        at: found.at.0,
        looking: None,
        persons: survey.persons,
        identifiers: survey.identifiers,
        pairs: found.pairs_total,
        sizes: sizes.collect(),
        largest,
        shared: shared.collect(),
        shared_total: survey.shared_total,
        contradictions: contradictions.collect(),
        days: days(found),
        kinds: rules.all_kinds().iter().map(|kind| kind_row(kind, rules)).collect(),
        blocked: rules.blocked.iter().map(|(kind, rule)| blocked(kind.as_ref(), rule)).collect(),
    })
}

/// Every day that is shown, also those on which nothing changed.
fn days(found: &Surveyed) -> Vec<(i64, u64, u64)> {
    let today = found.at.0.div_euclid(DAY);
    (today - DAYS + 1..=today)
        .map(|day| {
            let held = found.days.iter().find(|held| held.day == day);
            let (joined, parted) = held.map_or((0, 0), |held| (held.joined, held.parted));
            (Timestamp(day * DAY).0, joined, parted)
        })
        .collect()
}

fn side(reader: &SqliteReader, id: PersonId) -> Result<PairSide, StoreError> {
    let name = reader.person(id)?.map(|(_, record)| convert::name_of(Some(&record), id));
    Ok(PairSide { id: id.to_string(), name })
}

fn kind_row(kind: &IdentifierKind, rules: &IdentityRules) -> KindRow {
    let limits = rules.limits(kind);
    KindRow {
        kind: convert::identifier_kind(kind),
        word: kind.word().to_owned(),
        class: convert::identifier_class(kind.class()),
        per_person: limits.per_person_max,
        logins: rules.seen_with_max(kind).unwrap_or(limits.unique_seen_max),
        idle_ms: limits.idle_ms,
    }
}

/// A rule as definitions write it.
fn blocked(kind: Option<&IdentifierKind>, rule: &Blocked) -> String {
    format!("{}: {rule}", kind.map_or("any", |kind| kind.word()))
}
