//! Messages: the templates, one of them as somebody would get it, and its test over real people.

use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_deliver::Rendered;
use regulars_engine::definition::{ObjectKind, ObjectName};
use regulars_engine::identity::PersonId;
use regulars_engine::program::{Program, Slot};
use regulars_engine::record::Record;
use regulars_store::{Reader, SqliteReader, StoreError};

use super::convert;
use super::visit::{Fields, OwnForm, Pages, Visit};
use crate::clock;
use crate::drafts::{self, Of};
use crate::http::ApiError;
use crate::templates::{self, DAYS, Listed, Otherwise, Preview, Previews, Scheme, StandIn, Trial};
use crate::ui::model::{
    ErrorPage, Instead, LackRow, MessagesModel, ShownMessage, TemplateModel, TemplateRow,
    TrialModel,
};
use crate::ui::response;
use crate::ui::view::messages as view;

/// The templates, with what became of their messages.
pub(super) async fn page(State(pages): State<Pages>, visit: Visit) -> Response {
    let drafts = pages.app.read(|reader| drafts::all(reader, Of::Template)).await;
    let read = match listed(&pages).await {
        Ok((all, whole)) => drafts.map(|drafts| (all, whole, drafts)),
        Err(error) => Err(error),
    };
    match visit.or_wrong(read) {
        Ok((all, whole, drafts)) => {
            let templates = all.iter().map(row).collect();
            let drafts = drafts.into_iter().map(|one| (one.name, one.user, one.changed_at));
            let drafts = drafts.collect();
            let model = MessagesModel { templates, drafts, days: days(), whole };
            visit.page(view::page(&visit.ctx, &model))
        }
        Err(response) => response,
    }
}

fn days() -> u64 {
    u64::try_from(DAYS).unwrap_or_default()
}

/// Every template, and whether the log was read to its end.
async fn listed(pages: &Pages) -> Result<(Vec<Listed>, bool), ApiError> {
    let (tally, program) = (Arc::clone(&pages.app.tally), pages.app.desk.program());
    pages
        .app
        .read(move |reader| templates::list_caught_up(reader, &program, &tally, clock::now()))
        .await
}

/// A template as it stands in the list.
fn row(listed: &Listed) -> TemplateRow {
    let numbers = |sent: templates::Sent| {
        [sent.sent, sent.opened, sent.clicked, sent.bounced, sent.complaints]
    };
    TemplateRow {
        name: listed.name.clone(),
        channel: convert::channel(listed.channel),
        purpose: convert::purpose(listed.purpose),
        journeys: listed.journeys.clone(),
        languages: listed.languages.clone(),
        sent: listed.sent.map(numbers),
    }
}

/// One template, for whoever is asked for.
pub(super) async fn one(
    State(pages): State<Pages>,
    visit: Visit,
    Path(name): Path<String>,
    Query(asked): Query<Fields>,
) -> Response {
    shown(&pages, &visit, name, &asked, None).await
}

/// Looks for somebody to show the template for, and leads to the page of both.
pub(super) async fn person(
    State(pages): State<Pages>,
    Path(name): Path<String>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    led_to(&pages, &visit, &view::address(&name), &fields).await
}

/// Looks for whoever a form names.
pub(super) async fn named(pages: &Pages, fields: &Fields) -> Result<Option<PersonId>, ApiError> {
    let text = fields.get("who").map(|text| text.trim().to_owned()).unwrap_or_default();
    let calling = pages.app.desk.program().calling_codes();
    let found = pages.app.read(move |reader| reader.search(&text, &calling, 1)).await?;
    Ok(found.into_iter().next().map(|found| found.person))
}

/// Looks for whoever a form names, and leads to the page at an address that shows the message for them.
pub(super) async fn led_to(pages: &Pages, visit: &Visit, at: &str, fields: &Fields) -> Response {
    let found = match visit.or_wrong(named(pages, fields).await) {
        Ok(found) => found,
        Err(response) => return response,
    };
    let person = found.map_or_else(|| "person=none".to_owned(), |id| format!("person={id}"));
    let language = fields.get("language").filter(|tag| is_tag(tag));
    let language = language.map(|tag| format!("&language={tag}")).unwrap_or_default();
    Redirect::to(&format!("{at}?{person}{language}")).into_response()
}

fn is_tag(text: &str) -> bool {
    text.len() <= 35 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Tests the template over real people.
pub(super) async fn test(
    State(pages): State<Pages>,
    Path(name): Path<String>,
    OwnForm { visit, .. }: OwnForm,
) -> Response {
    let program = pages.app.desk.program();
    if !program.templates.contains_key(&name) {
        return visit.wrong(ErrorPage::NotFound);
    }
    match visit.or_wrong(tried(&pages, program, name.clone()).await) {
        Ok(found) => shown(&pages, &visit, name, &Fields::new(), Some(found)).await,
        Err(response) => response,
    }
}

/// Tests a template of `program` over real people.
pub(super) async fn tried(
    pages: &Pages,
    program: Arc<Program>,
    name: String,
) -> Result<TrialModel, ApiError> {
    let salt = pages.app.desk.salt();
    let read = pages.app.read(move |reader| {
        let with = (salt, clock::now());
        templates::trial(reader, &program, (&name, None), false, with, |_, _| {})
    });
    read.await.map(|found| trial(&found))
}

/// The HTML of a preview, for the frames of its page.
pub(super) async fn body(
    State(pages): State<Pages>,
    visit: Visit,
    Path(name): Path<String>,
    Query(asked): Query<Fields>,
) -> Response {
    let program = pages.app.desk.program();
    framed(&pages, &visit, program, Body { name, asked }).await
}

/// Which message, for whom, in which language and scheme.
pub(super) struct Body {
    pub(super) name: String,
    pub(super) asked: Fields,
}

/// The HTML of a message of `program`, for a frame.
pub(super) async fn framed(
    pages: &Pages,
    visit: &Visit,
    program: Arc<Program>,
    Body { name, asked }: Body,
) -> Response {
    match visit.or_wrong(look(pages, program, &name, &asked).await) {
        Ok(Some((_, Preview { made: Ok(made), .. }))) => {
            let scheme = match asked.get("scheme").map(String::as_str) {
                Some("dark") => Scheme::Dark,
                _ => Scheme::Light,
            };
            response::message_body(&visit.headers, scheme.answered(&made.html))
        }
        Ok(_) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}

/// The template as it is for whoever is asked for; `None`: there is no such template.
pub(super) async fn look(
    pages: &Pages,
    program: Arc<Program>,
    name: &str,
    asked: &Fields,
) -> Result<Option<(Option<Record>, Preview)>, ApiError> {
    if !program.templates.contains_key(name) && !program.site_templates.contains_key(name) {
        return Ok(None);
    }
    let person = asked.get("person").and_then(|text| text.parse::<PersonId>().ok());
    let language = asked.get("language").filter(|tag| is_tag(tag)).cloned();
    let (name, salt) = (name.to_owned(), pages.app.desk.salt());
    let read = pages.app.read(move |reader| {
        let record = match person {
            Some(id) => reader.person(id)?.map(|(_, record)| record),
            None => None,
        };
        let preview = previewed(reader, &program, &name, record.as_ref(), language, salt)?;
        Ok((record, preview))
    });
    read.await.map(Some)
}

fn previewed(
    reader: &SqliteReader,
    program: &Program,
    name: &str,
    record: Option<&Record>,
    language: Option<String>,
    salt: regulars_engine::identity::KeySalt,
) -> Result<Preview, StoreError> {
    let mut previews = Previews::begin(reader, program, name, salt, clock::now())?;
    Ok(previews.preview(record, language.as_deref()))
}

async fn shown(
    pages: &Pages,
    visit: &Visit,
    name: String,
    asked: &Fields,
    trial: Option<TrialModel>,
) -> Response {
    let read = match look(pages, pages.app.desk.program(), &name, asked).await {
        Ok(Some(looked)) => listed(pages).await.map(|(all, _)| Some((looked, all))),
        Ok(None) => Ok(None),
        Err(error) => Err(error),
    };
    let ((record, preview), all) = match visit.or_wrong(read) {
        Ok(Some(found)) => found,
        Ok(None) => return visit.wrong(ErrorPage::NotFound),
        Err(response) => return response,
    };
    let Some(listed) = all.iter().find(|listed| listed.name == name) else {
        return visit.wrong(ErrorPage::NotFound);
    };
    let program = pages.app.desk.program();
    let object = ObjectName { kind: ObjectKind::Template, name };
    let source = program.objects.get(&object).map(|held| held.canonical.clone());
    let model = TemplateModel {
        source: source.unwrap_or_default(),
        shown: message(preview),
        trial,
        slots: slots(&program, &listed.name),
        ..looked_at(row(listed), record.as_ref(), asked)
    };
    visit.page(view::one(&visit.ctx, &model))
}

/// The places in which a message on the site is shown, each with its height.
pub(super) fn slots(program: &Program, name: &str) -> Vec<(String, u32)> {
    let slots = templates::slots_of(program, name).into_iter();
    let high = |slot: &Slot| slot.height_px.unwrap_or(templates::OVER_THE_PAGE_PX);
    slots.map(|slot| (slot.name.clone(), high(slot))).collect()
}

/// A template for whoever is asked for, with nothing made yet.
pub(super) fn looked_at(
    row: TemplateRow,
    record: Option<&Record>,
    asked: &Fields,
) -> TemplateModel {
    let person =
        record.map(|record| (record.id().to_string(), convert::name_of(Some(record), record.id())));
    TemplateModel {
        at: view::address(&row.name),
        row,
        days: days(),
        source: String::new(),
        nobody: asked.contains_key("person") && person.is_none(),
        person,
        language: asked.get("language").filter(|tag| is_tag(tag)).cloned(),
        shown: ShownMessage::default(),
        trial: None,
        slots: Vec::new(),
        revision: None,
    }
}

/// A message as its page shows it.
pub(super) fn message(preview: Preview) -> ShownMessage {
    let made_up = |one| preview.stand_ins.contains(&one);
    let made_up = (made_up(StandIn::Products), made_up(StandIn::Offer));
    let (language, counted) = (preview.language, preview.counted);
    match preview.made {
        Ok(made) => {
            let Rendered { subject, text, notification, .. } = made;
            ShownMessage { language, subject, text, problem: None, made_up, counted, notification }
        }
        Err(problem) => {
            ShownMessage { language, problem: Some(problem), made_up, ..ShownMessage::default() }
        }
    }
}

/// What a test found, as the page shows it.
fn trial(found: &Trial) -> TrialModel {
    let samples = |samples: &[templates::Sample]| {
        let one = |sample: &templates::Sample| {
            (sample.person.to_string(), sample.address.clone(), sample.subject.clone())
        };
        samples.iter().map(one).collect()
    };
    let failures = found.failures.iter().map(|failure| LackRow {
        what: failure.why.clone(),
        place: None,
        instead: Instead::NoMessage,
        people: failure.people,
        samples: samples(&failure.samples),
    });
    let findings = found.findings.iter().map(|finding| LackRow {
        what: finding.asked.placeholder.clone(),
        place: Some(finding.place()),
        instead: match &finding.asked.otherwise {
            Otherwise::Says(says) if !says.trim().is_empty() => Instead::Says(says.clone()),
            Otherwise::Says(_) | Otherwise::Held => Instead::Nothing,
            Otherwise::Chooses => Instead::Other,
        },
        people: finding.missing + finding.blank,
        samples: samples(&finding.samples),
    });
    TrialModel {
        people: [found.persons, found.looked_at, found.recipients],
        come_out: [found.whole, found.lacking, found.held],
        languages: found.languages.iter().map(|(tag, people)| (tag.clone(), *people)).collect(),
        findings: failures.chain(findings).collect(),
    }
}
