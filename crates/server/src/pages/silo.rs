//! What a tool of the online shop alone would have sent: begun, watched, looked at.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::measure::{Mistake, Side};
use regulars_store::{SqliteReader, StoreError};

use super::today::Names;
use super::visit::{OwnForm, Pages, Visit};
use super::{convert, decisions};
use crate::measure::silo::{Comparison, Example};
use crate::runs::Told;
use crate::ui::model::{ComparedModel, InsteadRow, MistakeWord, SiloModel, SiloRow, SiloSide};
use crate::ui::view::silo as view;

const HOME: &str = "/reports/silo";

/// The page.
pub(super) async fn page(State(pages): State<Pages>, visit: Visit) -> Response {
    let told = pages.app.silo();
    let version = version_of(told.as_ref());
    let read = pages.app.read(move |reader| model(reader, told)).await;
    match visit.or_wrong(read) {
        Ok(model) => visit.page(view::page(&visit.ctx, &version, &model)),
        Err(response) => response,
    }
}

/// The version that the page would have now.
pub(super) async fn version(State(pages): State<Pages>, _: Visit) -> Response {
    version_of(pages.app.silo().as_ref()).into_response()
}

fn version_of(told: Option<&Told<Comparison>>) -> String {
    match told {
        None => "n".to_owned(),
        Some(Told::Running { done, .. }) => format!("r{done}"),
        Some(Told::Played(compared)) => format!("p{}", compared.until.0),
        Some(Told::Stopped | Told::TooLong { .. } | Told::Failed) => "e".to_owned(),
    }
}

/// Begins to work it out.
pub(super) async fn begin(State(pages): State<Pages>, OwnForm { .. }: OwnForm) -> Response {
    // The page shows the one that goes on where this one does not begin.
    let _ = pages.app.begin_silo();
    Redirect::to(HOME).into_response()
}

/// Stops it.
pub(super) async fn stop(State(pages): State<Pages>, OwnForm { .. }: OwnForm) -> Response {
    pages.app.stop_silo();
    Redirect::to(HOME).into_response()
}

fn model(reader: &SqliteReader, told: Option<Told<Comparison>>) -> Result<SiloModel, StoreError> {
    Ok(match told {
        None => SiloModel::Never,
        Some(Told::Running { done, whole }) => SiloModel::Running { done, whole },
        Some(Told::Stopped) => SiloModel::Stopped,
        Some(Told::Failed) => SiloModel::Failed,
        Some(Told::TooLong { events }) => SiloModel::TooLong { events },
        Some(Told::Played(compared)) => {
            let mut names = Names::default();
            let mut examples = Vec::new();
            for example in &compared.examples {
                let name = names.of(reader, example.person)?;
                examples.push(row(example, name));
            }
            SiloModel::Compared(Box::new(ComparedModel {
                from: compared.from.0,
                until: compared.until.0,
                events: compared.events,
                unheard: compared.unheard.clone(),
                alone: side(&compared.silo),
                regulars: side(&compared.regulars),
                examples,
            }))
        }
    })
}

fn side(side: &Side) -> SiloSide {
    let money = side.offers.money.iter();
    SiloSide {
        messages: side.messages,
        left_out: side.unclear,
        wrong: side.wrong.iter().map(|(one, count)| (word(*one), *count)).collect(),
        offers: side.offers.number,
        worth: money.map(|one| convert::money(one.minor, one.currency)).collect(),
    }
}

fn row(example: &Example, name: String) -> SiloRow {
    let given = example.wrong.given_away.iter().flatten();
    SiloRow {
        at: example.at.0,
        person: (example.person.to_string(), name),
        journey: example.journey.clone(),
        step: example.step.clone(),
        mistake: word(example.wrong.mistake),
        reason: convert::reason(&example.wrong.reason),
        given: given.map(|one| convert::money(one.minor, one.currency)).collect(),
        instead: InsteadRow {
            at: example.instead.at.0,
            kind: example.instead.verdict.map(decisions::kind_of),
            reason: convert::reason(&example.instead.reason),
        },
    }
}

const fn word(mistake: Mistake) -> MistakeWord {
    match mistake {
        Mistake::Bought => MistakeWord::Bought,
        Mistake::Refused => MistakeWord::Refused,
        Mistake::Ticket => MistakeWord::Ticket,
        Mistake::Over => MistakeWord::Over,
    }
}
