//! A new journey: blank, or as an example of the gallery has it.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::definition::Sketch;

use super::editor_look::{name_wrong, runs};
use super::visit::{OwnForm, Pages, Visit};
use crate::clock;
use crate::drafts::{self, Of, Start, examples};
use crate::ui::model::{ErrorPage, NewJourneyModel};
use crate::ui::view::editor::{address, new_page};

fn model() -> NewJourneyModel {
    let examples = examples().iter().map(|example| (example.name, example.line())).collect();
    NewJourneyModel { examples, ..NewJourneyModel::default() }
}

/// What to begin with.
pub(super) async fn page(State(_): State<Pages>, visit: Visit) -> Response {
    visit.page(new_page(&visit.ctx, &model()))
}

/// Begins a draft.
pub(super) async fn begin(
    State(pages): State<Pages>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let field = |key: &str| fields.get(key).map(|text| text.trim().to_owned()).unwrap_or_default();
    let (name, from) = (field("name"), field("from"));
    let program = pages.app.desk.program();
    let problem = name_wrong(&program, &name);
    let again = |problem, taken| {
        let model =
            NewJourneyModel { name: name.clone(), from: from.clone(), problem, taken, ..model() };
        visit.page(new_page(&visit.ctx, &model))
    };
    let taken = runs(&program, &name);
    if problem.is_some() || taken {
        return again(problem, taken);
    }
    let example = examples().iter().find(|example| example.name == from);
    let (sketch, beside) = match example.map(|example| example.parts()) {
        Some((journey, beside)) => (Sketch::read(journey), beside),
        None => (Some(Sketch::new(&name)), ""),
    };
    let Some(sketch) = sketch else { return visit.wrong(ErrorPage::Internal) };
    let start = Start {
        of: Of::Journey,
        name: name.clone(),
        user: visit.session.user.clone(),
        base: None,
        text: sketch.named(&name).print(),
        beside: beside.to_owned(),
    };
    let begun = pages.app.desk.write(move |writer| drafts::begin_new(writer, &start, clock::now()));
    match begun.await {
        Ok(true) => Redirect::to(&address(&name)).into_response(),
        Ok(false) => again(None, true),
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}
