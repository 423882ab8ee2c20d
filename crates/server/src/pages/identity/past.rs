//! What changed of who is who, what staff said, and undoing it.

use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::event::{LogPosition, Value};
use regulars_engine::identity::{ChangeKind, PersonId};
use regulars_store::{NumberedChange, Reader, SqliteReader, StoreError};

use super::super::convert;
use super::super::visit::{Fields, OwnForm, Pages, Visit};
use crate::clock;
use crate::identity::{Said, said as said_before};
use crate::staff::{self, Statement};
use crate::ui::model::{
    Answer, ChangeRow, ChangeWord, ChangesModel, ErrorPage, EventKind, PairSide, SaidModel, SaidRow,
};
use crate::ui::view::identity;

/// Rows of one page.
const ROWS: usize = 50;

fn before(asked: &Fields) -> Option<u64> {
    asked.get("before").and_then(|text| text.parse().ok())
}

/// The rows of what was found, and the number before which older ones stand, if there may be any.
fn rows<T, R>(
    found: Vec<T>,
    number: impl Fn(&T) -> u64,
    row: impl Fn(T) -> Result<R, StoreError>,
) -> Result<(Vec<R>, Option<u64>), StoreError> {
    let older = found.last().filter(|_| found.len() == ROWS).map(number);
    Ok((found.into_iter().map(row).collect::<Result<_, _>>()?, older))
}

/// Who was joined and parted, the latest first.
pub(crate) async fn changes(
    State(pages): State<Pages>,
    visit: Visit,
    Query(asked): Query<Fields>,
) -> Response {
    let before = before(&asked);
    let read = pages.app.read(move |reader| {
        let found = reader.changes_before(before, ROWS)?;
        let (rows, older) = rows(found, |last| last.number, |found| change(reader, &found))?;
        Ok(ChangesModel { rows, older, paged: before.is_some() })
    });
    match visit.or_wrong(read.await) {
        Ok(model) => visit.page(identity::changes_page(&visit.ctx, &model)),
        Err(response) => response,
    }
}

fn change(reader: &SqliteReader, numbered: &NumberedChange) -> Result<ChangeRow, StoreError> {
    /// The most persons named in one row.
    const PERSONS: usize = 6;
    let change = &numbered.change;
    let entry = reader.events(&[change.cause])?.pop().filter(|entry| !entry.erased);
    let cause = entry.map(|entry| {
        let event = entry.logged.event;
        let by = event.properties.get("by").and_then(Value::as_text).map(str::to_owned);
        let by = by.filter(|_| event.kind.stated_by_staff());
        (EventKind::named(event.kind.name()), event.source, by)
    });
    let mut persons: Vec<PairSide> = Vec::new();
    for id in change.after.iter().take(PERSONS) {
        let row = reader.person(*id)?;
        let now = row.as_ref().map_or(*id, |(_, record)| record.id());
        let name = row.map(|(_, record)| convert::name_of(Some(&record), now));
        // Persons that were joined since are one.
        if !persons.iter().any(|side| side.id == now.to_string()) {
            persons.push(PairSide { id: now.to_string(), name });
        }
    }
    Ok(ChangeRow {
        number: numbered.number,
        at: change.at.0,
        word: match change.kind() {
            ChangeKind::Joined => ChangeWord::Joined,
            ChangeKind::Parted => ChangeWord::Parted,
            ChangeKind::Moved => ChangeWord::Moved,
            ChangeKind::Erased => ChangeWord::Erased,
        },
        persons,
        before: u64::try_from(change.before.len()).unwrap_or(0),
        cause,
    })
}

/// What staff said, the latest first.
pub(crate) async fn said(
    State(pages): State<Pages>,
    visit: Visit,
    Query(asked): Query<Fields>,
) -> Response {
    let before = before(&asked);
    let read = pages.app.read(move |reader| {
        let found = said_before(reader, before.map(LogPosition), ROWS)?;
        let (rows, older) = rows(found, |last| last.position.0, |said| statement(reader, said))?;
        Ok(SaidModel { rows, older, paged: before.is_some() })
    });
    match visit.or_wrong(read.await) {
        Ok(model) => visit.page(identity::said_page(&visit.ctx, &model)),
        Err(response) => response,
    }
}

fn statement(reader: &SqliteReader, said: Said) -> Result<SaidRow, StoreError> {
    let mut persons: Vec<String> = Vec::new();
    for identifier in said.pair.iter().flat_map(|(one, other)| [one, other]) {
        let holder: Option<PersonId> = reader.holder(identifier.key(reader.salt()))?;
        persons.extend(holder.map(|id| id.to_string()));
    }
    let shown = |identifier: regulars_engine::identity::Identifier| {
        (convert::identifier_kind(&identifier.kind), identifier.value().to_owned())
    };
    Ok(SaidRow {
        number: said.position.0,
        at: said.at.0,
        answer: match said.statement {
            Statement::Same => Answer::Same,
            Statement::Apart => Answer::Apart,
            Statement::Unsure => Answer::Unsure,
            Statement::TakenBack => Answer::TakenBack,
            Statement::LiveTogether => Answer::LiveTogether,
            Statement::LiveApart => Answer::LiveApart,
            Statement::HomeTakenBack => Answer::HomeTakenBack,
        },
        by: said.by,
        because: said.because,
        pair: said.pair.map(|(one, other)| [shown(one), shown(other)]),
        persons,
    })
}

/// Undoes a statement that the list shows.
pub(crate) async fn undo(
    State(pages): State<Pages>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let number = fields.get("statement").and_then(|text| text.parse().ok());
    let Some(number) = number else { return visit.wrong(ErrorPage::NotFound) };
    let by = visit.session.user.clone();
    let undone = pages
        .app
        .desk
        .ask(move |writer| staff::undo(writer, LogPosition(number), &by, clock::now()));
    match undone.await {
        Ok(Ok(pairs)) if !pairs.is_empty() => {
            Redirect::to("/identity/said?notice=taken-back").into_response()
        }
        Ok(Ok(_)) => visit.wrong(ErrorPage::NotFound),
        Ok(Err(_)) | Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}
