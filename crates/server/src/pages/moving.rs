//! Moving the people of a journey to the version in force.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::identity::PersonId;
use regulars_engine::journey::StepKind;
use regulars_store::Reader;

use super::visit::{Fields, OwnForm, Pages, Visit};
use crate::http::api::move_part;
use crate::moving::{MoveRow, Moves, Moving, moves};
use crate::ui::model::{ErrorPage, MovingModel, MovingRow};
use crate::ui::view::journey::moving as view;
use crate::ui::view::journeys::address;

/// Who would come where.
pub(super) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Path(name): Path<String>,
    Query(asked): Query<Fields>,
) -> Response {
    let moving = asked_for(&visit, name, &asked);
    match worked_out(&pages, &visit, &moving).await {
        Ok(found) => {
            let steps = pages.app.desk.program().live_journey(&moving.journey).map(|journey| {
                let stays = journey
                    .steps
                    .iter()
                    .filter(|step| !matches!(step.kind, StepKind::Goto(_) | StepKind::Exit));
                stays.map(|step| step.name.clone()).collect()
            });
            let model = model(moving, &found, steps.unwrap_or_default());
            visit.page(view::page(&visit.ctx, &model))
        }
        Err(response) => response,
    }
}

/// Moves them, in the background: the journey's page shows how far it is.
pub(super) async fn act(
    State(pages): State<Pages>,
    Path(name): Path<String>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let moving = asked_for(&visit, name, &fields);
    let found = match worked_out(&pages, &visit, &moving).await {
        Ok(found) => found,
        Err(response) => return response,
    };
    let (app, to) = (pages.app.clone(), address(&moving.journey));
    tokio::spawn(async move {
        let mut next = Some(PersonId(0));
        while let Some(after) = next {
            next = match move_part(&app, &found, after).await {
                Ok((_, next)) => next,
                Err(error) => {
                    tracing::error!(code = error.code, "people could not be moved");
                    None
                }
            };
        }
    });
    Redirect::to(&format!("{to}?notice=people-moved#versions")).into_response()
}

fn asked_for(visit: &Visit, journey: String, fields: &Fields) -> Moving {
    let gone = fields.get("gone").filter(|gone| !gone.is_empty());
    let gone = gone.cloned().unwrap_or_else(|| "stay".to_owned());
    Moving { journey, gone, by: visit.session.user.clone() }
}

async fn worked_out(pages: &Pages, visit: &Visit, moving: &Moving) -> Result<Moves, Response> {
    let accounts = visit.or_wrong(pages.app.read(|reader| reader.accounts()).await)?;
    moves(&pages.app.desk.program(), &accounts, moving)
        .map_err(|_| visit.wrong(ErrorPage::NotFound))
}

fn model(moving: Moving, found: &Moves, steps: Vec<String>) -> MovingModel {
    let short = |version: u64| format!("{version:016x}")[..8].to_owned();
    let row = |row: &MoveRow| MovingRow {
        version: short(row.version),
        step: row.step.1.clone(),
        people: row.people,
        to: row.to.as_ref().map(|(_, name)| name.clone()),
    };
    MovingModel {
        journey: moving.journey,
        version: short(found.to),
        gone: moving.gone,
        steps,
        people: found.people(),
        rows: found.rows.iter().map(row).collect(),
    }
}
