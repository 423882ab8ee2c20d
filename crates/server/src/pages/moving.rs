//! Moving the people of a journey to the version in force.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::identity::PersonId;
use regulars_engine::journey::StepKind;
use regulars_engine::program::Program;
use regulars_store::Reader;

use super::journeys::in_words;
use super::visit::{Fields, OwnForm, Pages, Visit};
use crate::http::api::move_part;
use crate::moving::{MoveRow, Moves, Moving, moves};
use crate::ui::Ctx;
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
            let program = pages.app.desk.program();
            let steps = program.live_journey(&moving.journey).map(|journey| {
                let stays = journey
                    .steps
                    .iter()
                    .filter(|step| !matches!(step.kind, StepKind::Goto(_) | StepKind::Exit));
                stays.map(|step| step.name.clone()).collect()
            });
            let model = model(&visit.ctx, &program, moving, &found);
            let model = MovingModel { steps: steps.unwrap_or_default(), ..model };
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

fn model(ctx: &Ctx, program: &Program, moving: Moving, found: &Moves) -> MovingModel {
    let told = |version: u64, (number, name): &(u32, String)| {
        let journey = program.journey(&moving.journey, version);
        let number = usize::try_from(*number).unwrap_or(usize::MAX);
        let step = journey.and_then(|journey| journey.steps.get(number));
        step.map_or_else(|| name.clone(), |step| format!("{name}: {}", in_words(ctx, step)))
    };
    let short = |version: u64| format!("{version:016x}")[..8].to_owned();
    let row = |row: &MoveRow| MovingRow {
        version: short(row.version),
        step: told(row.version, &row.step),
        people: row.people,
        to: row.to.as_ref().map(|to| told(found.to, to)),
    };
    let rows = found.rows.iter().map(row).collect();
    MovingModel {
        journey: moving.journey,
        version: short(found.to),
        gone: moving.gone,
        steps: Vec::new(),
        people: found.people(),
        rows,
    }
}
