//! The page on which a message is written: what it shows, and where it begins. Its edits are those of
//! every draft.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::definition::{Mistake, ObjectKind, ObjectName};
use regulars_engine::event;
use regulars_engine::program::Program;
use regulars_store::{SqliteReader, StoreError};

use super::editor_look::{Open, canonical, open};
use super::messages::{self, Body};
use super::visit::{Fields, OwnForm, Pages, Visit};
use crate::clock;
use crate::drafts::{self, Of, Start};
use crate::http::ApiError;
use crate::templates::TemplateSketch;
use crate::ui::model::{
    Channel, DraftModel, EditorProblem, ErrorPage, MessageEditorModel, NewMessageModel, Purpose,
    TemplateModel, TemplateRow, TrialModel,
};
use crate::ui::response;
use crate::ui::view::message_editor as view;
use crate::writer::with_draft;

/// What is told on the page beside the draft.
#[derive(Debug, Default)]
pub(super) struct Told {
    pub(super) status: StatusCode,
    pub(super) problems: Vec<EditorProblem>,
    /// What came of a test: the subject under which it left, nothing where it stays here, or why not.
    pub(super) tested: Option<Result<Option<String>, String>>,
    /// What a test over real people found.
    pub(super) trial: Option<TrialModel>,
}

/// A draft with the shop as it would be.
pub(super) struct Drafted {
    open: Open,
    sketch: TemplateSketch,
    /// The definitions with the draft among them, or what is wrong with it.
    pub(super) program: Result<Arc<Program>, Vec<Mistake>>,
}

/// The draft of a message, else the version in force; `None`: there is neither.
pub(super) async fn drafted(
    pages: &Pages,
    visit: &Visit,
    name: &str,
) -> Result<Option<Drafted>, ApiError> {
    let (force, user) = (pages.app.desk.program(), visit.session.user.clone());
    let name = name.to_owned();
    pages.app.read(move |reader| read(reader, &force, &name, &user)).await
}

fn read(
    reader: &SqliteReader,
    force: &Program,
    name: &str,
    user: &str,
) -> Result<Option<Drafted>, StoreError> {
    let Some(open) = open(reader, force, (Of::Template, name), user)? else { return Ok(None) };
    let damaged = || StoreError::Damaged { what: "the text of a draft".to_owned() };
    let sketch = TemplateSketch::read(&open.text).ok_or_else(damaged)?;
    let program = with_draft(force, &open.object, &sketch.document(name)).map(Arc::new);
    Ok(Some(Drafted { open, sketch, program }))
}

/// A message, as the user's draft or the version in force has it.
pub(super) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Path(name): Path<String>,
    Query(asked): Query<Fields>,
) -> Response {
    show(&pages, &visit, &name, &asked, Told::default()).await
}

/// The page, with what is told on it.
pub(super) async fn show(
    pages: &Pages,
    visit: &Visit,
    name: &str,
    asked: &Fields,
    told: Told,
) -> Response {
    let model = match visit.or_wrong(model(pages, visit, name, asked, told).await) {
        Ok(Some(model)) => model,
        Ok(None) => return visit.wrong(ErrorPage::NotFound),
        Err(response) => return response,
    };
    let (status, model) = model;
    response::page(&visit.headers, status, view::page(&visit.ctx, &model))
}

async fn model(
    pages: &Pages,
    visit: &Visit,
    name: &str,
    asked: &Fields,
    told: Told,
) -> Result<Option<(StatusCode, MessageEditorModel)>, ApiError> {
    let Some(drafted) = drafted(pages, visit, name).await? else { return Ok(None) };
    let force = pages.app.desk.program();
    let looked = match &drafted.program {
        Ok(program) => Some(messages::look(pages, Arc::clone(program), name, asked).await?),
        Err(_) => None,
    };
    let (record, preview) = looked.flatten().unzip();
    let record = record.flatten();
    let Drafted { open, sketch, program } = drafted;
    let text = match &program {
        Ok(program) => canonical(program, &open.object),
        Err(_) => sketch.document(name),
    };
    let draft = {
        let (force, user) = (Arc::clone(&force), visit.session.user.clone());
        pages.app.read(move |reader| open.model(reader, &force, &user, text)).await?
    };
    let mut languages = force.shop.languages.clone();
    languages
        .extend(sketch.words.keys().filter(|tag| !force.shop.languages.contains(tag)).cloned());
    // What became of its messages stands on the page of the version in force.
    let row = TemplateRow {
        name: name.to_owned(),
        purpose: Purpose::Promotion,
        channel: match (&sketch.site, &sketch.sms, &sketch.push) {
            (Some(_), _, _) => Channel::Web,
            (None, Some(_), _) => Channel::Sms,
            (None, None, Some(_)) => Channel::Push,
            (None, None, None) => Channel::Email,
        },
        journeys: Vec::new(),
        languages: sketch.words.keys().cloned().collect(),
        sent: None,
    };
    let one = TemplateModel {
        at: view::edit_address(name),
        source: String::new(),
        shown: preview.map(messages::message).unwrap_or_default(),
        trial: told.trial,
        revision: Some(draft.revision),
        slots: messages::slots(&force, name),
        ..messages::looked_at(row, record.as_ref(), asked)
    };
    let model = MessageEditorModel {
        one,
        draft: DraftModel { problems: told.problems, ..draft },
        languages,
        faults: program.err().into_iter().flatten().map(|one| (one.message, one.cure)).collect(),
        sketch,
        tested: told.tested,
    };
    Ok(Some((told.status, model)))
}

/// The HTML of the draft, for the frames of its page.
pub(super) async fn body(
    State(pages): State<Pages>,
    visit: Visit,
    Path(name): Path<String>,
    Query(asked): Query<Fields>,
) -> Response {
    match visit.or_wrong(drafted(&pages, &visit, &name).await) {
        Ok(Some(Drafted { program: Ok(program), .. })) => {
            messages::framed(&pages, &visit, program, Body { name, asked }).await
        }
        Ok(_) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}

/// Tests the draft over real people, before it is published.
pub(super) async fn test(pages: &Pages, visit: &Visit, name: &str, asked: &Fields) -> Response {
    let program = match visit.or_wrong(drafted(pages, visit, name).await) {
        Ok(Some(Drafted { program: Ok(program), .. })) => program,
        Ok(Some(_)) => return show(pages, visit, name, asked, Told::default()).await,
        Ok(None) => return visit.wrong(ErrorPage::NotFound),
        Err(response) => return response,
    };
    match visit.or_wrong(messages::tried(pages, program, name.to_owned()).await) {
        Ok(found) => {
            let told = Told { trial: Some(found), ..Told::default() };
            show(pages, visit, name, asked, told).await
        }
        Err(response) => response,
    }
}

fn new_model(program: &Program) -> NewMessageModel {
    NewMessageModel {
        templates: program.templates.keys().chain(program.site_templates.keys()).cloned().collect(),
        channel: event::Channel::Email,
        ..NewMessageModel::default()
    }
}

/// What to begin with.
pub(super) async fn new(State(pages): State<Pages>, visit: Visit) -> Response {
    visit.page(view::new_page(&visit.ctx, &new_model(&pages.app.desk.program())))
}

/// Begins a draft.
pub(super) async fn begin(
    State(pages): State<Pages>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let field = |key: &str| fields.get(key).map(|text| text.trim().to_owned()).unwrap_or_default();
    let (name, from) = (field("name"), field("from"));
    let program = pages.app.desk.program();
    let channel = event::Channel::parse(field("kind").as_str()).unwrap_or(event::Channel::Email);
    let sketch = match TemplateSketch::in_force(&program, &from) {
        Some(sketch) => sketch,
        None => TemplateSketch::blank_over(channel),
    };
    let object = ObjectName { kind: ObjectKind::Template, name: name.clone() };
    let named = with_draft(&program, &object, &TemplateSketch::blank().document(&name));
    let start = Start {
        of: Of::Template,
        name: name.clone(),
        user: visit.session.user.clone(),
        base: None,
        text: sketch.print(),
        beside: String::new(),
    };
    let taken = program.templates.contains_key(&name) || program.site_templates.contains_key(&name);
    let begun = pages.app.desk.write(move |writer| -> Result<bool, StoreError> {
        Ok(!taken && named.is_ok() && drafts::begin_new(writer, &start, clock::now())?)
    });
    match begun.await {
        Ok(true) => Redirect::to(&view::edit_address(&name)).into_response(),
        Ok(false) => {
            let model = NewMessageModel { name, from, channel, wrong: true, ..new_model(&program) };
            let page = view::new_page(&visit.ctx, &model);
            response::page(&visit.headers, StatusCode::UNPROCESSABLE_ENTITY, page)
        }
        Err(_) => visit.wrong(ErrorPage::Unavailable),
    }
}
