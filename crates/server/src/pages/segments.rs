//! Segments: the list, one of them, writing one with a live count, and why somebody is in or not.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::condition::{self, Suggests};
use regulars_engine::definition::{ObjectKind, ObjectName};
use regulars_engine::identity::PersonId;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_store::Reader;

use super::convert;
use super::visit::{Fields, OwnForm, Pages, Visit};
use crate::clock;
use crate::segments::{self, Draft, Listed, Onto, Reached, Rows, Upload, Wrong};
use crate::ui::model::{
    ConditionMistake, CountModel, ErrorPage, MemberWhy, PreviewModel, SegmentModel, SegmentProblem,
    SegmentRow, SegmentsModel, UploadReport,
};
use crate::ui::view::{segment, segments as list};
use crate::writer::{PublishError, SegmentChange, segment_text};

/// How many members a page shows.
const SHOWN: usize = 12;
/// How many persons a question "why" answers at most, where a name is many people's.
const WHYS: usize = 3;

/// All segments.
pub(super) async fn page(State(pages): State<Pages>, visit: Visit) -> Response {
    match all(&pages, &visit).await {
        Ok(model) => visit.page(list::page(&visit.ctx, &model)),
        Err(response) => response,
    }
}

async fn all(pages: &Pages, visit: &Visit) -> Result<SegmentsModel, Response> {
    let program = pages.app.desk.program();
    let read = pages
        .app
        .read(move |reader| {
            let lists = segments::lists(reader)?;
            Ok(SegmentsModel {
                segments: segments::list(reader, &program)?.iter().map(row).collect(),
                people: reader.totals()?.persons,
                lists: lists.into_iter().map(|list| (list.name, list.at, list.by)).collect(),
                ..SegmentsModel::default()
            })
        })
        .await;
    visit.or_wrong(read)
}

/// Puts identifiers on a static list, takes them off, or tells what would become of them. They come
/// in the body, so that they stand in no address.
pub(super) async fn upload(
    State(pages): State<Pages>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let how = field(&fields, "how");
    let upload = Upload {
        list: field(&fields, "list"),
        onto: if how == "remove" { Onto::Removed } else { Onto::Added },
        known_only: false,
        dry_run: how == "try",
        by: visit.session.user.clone(),
    };
    let (list, dry_run) = (upload.list.clone(), upload.dry_run);
    let rows = Rows::read(&field(&fields, "rows"), None, &pages.app.desk.program());
    let problem = upload.wrong_name().map(str::to_owned);
    let told = match &problem {
        Some(_) => None,
        None => {
            let taken = pages
                .app
                .desk
                .ask(move |writer| segments::upload(writer, &upload, &rows, clock::now()));
            match taken.await {
                Ok(Ok(told)) => Some(told),
                Ok(Err(_)) => return visit.wrong(ErrorPage::Internal),
                Err(_) => return visit.wrong(ErrorPage::Unavailable),
            }
        }
    };
    match all(&pages, &visit).await {
        Ok(model) => {
            let uploaded = told.map(|told| UploadReport {
                list,
                dry_run,
                rows: [
                    told.matched,
                    told.unchanged,
                    told.new,
                    told.unmatched,
                    told.erased,
                    told.repeated,
                    told.unreadable,
                ],
                unreadable: told.unreadable_rows,
            });
            let model = SegmentsModel { uploaded, upload_problem: problem, ..model };
            visit.page(list::page(&visit.ctx, &model))
        }
        Err(response) => response,
    }
}

fn row(listed: &Listed) -> SegmentRow {
    SegmentRow {
        name: listed.name.clone(),
        condition: listed.condition.clone(),
        members: listed.members,
        sizes: listed.sizes.iter().map(|(at, members)| (at.0, *members)).collect(),
        computing: listed.computing.map(|progress| (progress.done, progress.total)),
    }
}

/// A new segment; another page may have filled in the name and the condition.
pub(super) async fn new(
    State(_): State<Pages>,
    visit: Visit,
    Query(asked): Query<Fields>,
) -> Response {
    let field = |name: &str| asked.get(name).cloned().unwrap_or_default();
    let (name, when) = (field("name"), field("condition"));
    visit.page(segment::page(&visit.ctx, &SegmentModel { name, when, ..SegmentModel::default() }))
}

/// One segment.
pub(super) async fn one(
    State(pages): State<Pages>,
    visit: Visit,
    Path(name): Path<String>,
) -> Response {
    match model_of(&pages, &visit, &name).await {
        Ok(Some(model)) => visit.page(segment::page(&visit.ctx, &model)),
        Ok(None) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}

async fn model_of(
    pages: &Pages,
    visit: &Visit,
    name: &str,
) -> Result<Option<SegmentModel>, Response> {
    let program = pages.app.desk.program();
    let wanted = name.to_owned();
    let read = pages
        .app
        .read(move |reader| {
            let all = segments::list(reader, &program)?;
            let Some(listed) = all.iter().find(|listed| listed.name == wanted) else {
                return Ok(None);
            };
            let shared = segments::shared(reader, &program, &all, listed)?;
            let mut people = Vec::new();
            for id in reader.segment_members(listed.number, PersonId(0), SHOWN)? {
                people.extend(reader.person(id)?.map(|(_, record)| named(&record)));
            }
            let object = ObjectName { kind: ObjectKind::Segment, name: wanted.clone() };
            let by_files = !crate::writer::made_here(reader, &object)?;
            Ok(Some(SegmentModel {
                row: Some(row(listed)),
                name: listed.name.clone(),
                when: listed.laid_out.clone(),
                was: hash_of(&program, &wanted),
                by_files,
                people,
                reach: shared.reach.map(|all| {
                    let one = |r: Reached| (convert::channel(r.channel), r.reachable, r.promotable);
                    all.into_iter().map(one).collect()
                }),
                overlaps: shared
                    .overlaps
                    .into_iter()
                    .map(|o| (o.name, o.both, o.members))
                    .collect(),
                ..SegmentModel::default()
            }))
        })
        .await;
    visit.or_wrong(read)
}

fn hash_of(program: &Program, name: &str) -> String {
    let object = ObjectName { kind: ObjectKind::Segment, name: name.to_owned() };
    program.objects.get(&object).map(|held| format!("{:016x}", held.version)).unwrap_or_default()
}

fn named(record: &Record) -> (String, Option<String>) {
    (record.id().to_string(), record.display_name())
}

fn field(fields: &Fields, name: &str) -> String {
    fields.get(name).map(|text| text.trim().to_owned()).unwrap_or_default()
}

/// What a condition would hold, while it is written.
pub(super) async fn preview(
    State(pages): State<Pages>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let text = field(&fields, "when");
    if text.is_empty() {
        return visit.page(maud::html! {});
    }
    let program = pages.app.desk.program();
    let draft = match Draft::parse(&text, &program) {
        Ok(draft) => draft,
        Err(wrong) => {
            let mistakes = wrong.iter().map(|wrong| mistake(&text, wrong)).collect();
            let model = PreviewModel { mistakes, ..PreviewModel::default() };
            return visit.page(segment::preview(&visit.ctx, &model));
        }
    };
    let condition = draft.condition.to_string();
    let (now, written) = (clock::now(), text.clone());
    let read = pages
        .app
        .read(move |reader| {
            let notices = draft.notices(&written, &segments::names(reader, &program)?);
            Ok((segments::estimate(reader, &program, &draft.condition, now)?, notices))
        })
        .await;
    match visit.or_wrong(read) {
        Ok((estimate, notices)) => {
            let members = estimate.members;
            let told = field(&fields, "told") == condition;
            let reach = estimate.reachable.iter().zip(&estimate.promotable).filter(|_| !told);
            let model = PreviewModel {
                mistakes: Vec::new(),
                notices: notices.iter().map(|notice| mistake(&text, notice)).collect(),
                condition,
                members: (members.count, members.low, members.high),
                people: estimate.persons,
                exact: members.low == members.high,
                reach: reach
                    .map(|((over, reachable), (_, promotable))| {
                        (convert::channel(*over), reachable.count, promotable.count)
                    })
                    .collect(),
                some: estimate.people.iter().map(named).collect(),
            };
            visit.page(segment::preview(&visit.ctx, &model))
        }
        Err(response) => response,
    }
}

/// How many suggestions stand below the text.
const SUGGESTED: usize = 12;

/// What may stand at the cursor, while a condition is written.
pub(super) async fn complete(
    State(pages): State<Pages>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    // A form with several conditions says which of them is being written.
    let asked = fields.get("asked").map_or("before", String::as_str);
    let before = fields.get(asked).cloned().unwrap_or_default();
    let program = pages.app.desk.program();
    match visit.or_wrong(pages.app.read(move |reader| segments::names(reader, &program)).await) {
        Ok(names) => {
            let completion = condition::complete(&before, &names);
            let typed = before[completion.from..].encode_utf16().count();
            let all = completion.suggestions.into_iter().take(SUGGESTED);
            let all: Vec<(String, bool)> =
                all.map(|one| (one.text, one.kind == Suggests::Value)).collect();
            visit.page(segment::suggestions(&visit.ctx, &all, typed))
        }
        Err(response) => response,
    }
}

/// The text cut around its mistake.
fn mistake(text: &str, wrong: &Wrong) -> ConditionMistake {
    let cut = |at: usize| (at..=text.len()).find(|at| text.is_char_boundary(*at));
    let start = cut(wrong.start).unwrap_or(text.len());
    let end = cut(wrong.end).unwrap_or(text.len()).max(start);
    ConditionMistake {
        before: text[..start].to_owned(),
        at: text[start..end].to_owned(),
        behind: text[end..].to_owned(),
        message: wrong.message.clone(),
        cure: wrong.cure.clone(),
    }
}

/// The next part of an exact count.
pub(super) async fn count(
    State(pages): State<Pages>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let number = |name: &str| field(&fields, name).parse::<u64>().unwrap_or(0);
    let (seen, members) = (number("seen"), number("members"));
    let when = field(&fields, "when");
    let after = field(&fields, "after").parse().unwrap_or(PersonId(0));
    let program = pages.app.desk.program();
    let Ok(draft) = Draft::parse(&when, &program) else {
        return visit.page(maud::html! {});
    };
    let now = clock::now();
    let read = pages
        .app
        .read(move |reader| {
            let place = (after, segments::part_of(&program, &draft.condition));
            let part = segments::count_part(reader, &program, &draft.condition, place, now)?;
            Ok((part, reader.totals()?.persons))
        })
        .await;
    match visit.or_wrong(read) {
        Ok((part, people)) => {
            let model = CountModel {
                when,
                next: part.next.map(|id| id.to_string()),
                seen: seen + part.counted.seen,
                people,
                members: members + part.counted.members,
            };
            visit.page(segment::counting(&visit.ctx, &model))
        }
        Err(response) => response,
    }
}

/// Saves a segment, or gives the change to take home where files manage it.
pub(super) async fn save(
    State(pages): State<Pages>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let (name, when, was) = (field(&fields, "name"), field(&fields, "when"), field(&fields, "was"));
    let held = match model_of(&pages, &visit, &name).await {
        Ok(held) => held,
        Err(response) => return response,
    };
    let mut model = held.unwrap_or_default();
    if model.row.is_some() && model.by_files && !was.is_empty() {
        let text = segment_text(&name, &when);
        (model.patch, model.when) = (Some(text), when);
        return visit.page(segment::page(&visit.ctx, &model));
    }
    let expected = u64::from_str_radix(&was, 16).ok();
    let change = SegmentChange { name: name.clone(), when: Some(when.clone()), expected };
    model.problem = match publish(&pages, change).await {
        Ok(()) => {
            let to = format!("{}?notice=segment-saved", list::address(&name));
            return Redirect::to(&to).into_response();
        }
        Err(problem) => problem,
    };
    if model.problem.is_none() {
        return visit.wrong(ErrorPage::Internal);
    }
    (model.name, model.when, model.was) = (name, when, was);
    visit.page(segment::page(&visit.ctx, &model))
}

/// Takes a segment away.
pub(super) async fn remove(
    State(pages): State<Pages>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let name = field(&fields, "name");
    let expected = u64::from_str_radix(&field(&fields, "was"), 16).ok();
    let problem =
        match publish(&pages, SegmentChange { name: name.clone(), when: None, expected }).await {
            Ok(()) => return Redirect::to("/segments?notice=segment-removed").into_response(),
            Err(problem) => problem,
        };
    match (problem, model_of(&pages, &visit, &name).await) {
        (Some(problem), Ok(Some(mut model))) => {
            model.problem = Some(problem);
            visit.page(segment::page(&visit.ctx, &model))
        }
        (_, Err(response)) => response,
        (None, Ok(_)) | (Some(_), Ok(None)) => visit.wrong(ErrorPage::Internal),
    }
}

/// Publishes one segment; `Err(None)`: the store failed.
async fn publish(pages: &Pages, change: SegmentChange) -> Result<(), Option<SegmentProblem>> {
    let now = clock::now();
    let published = pages.app.desk.ask(move |writer| writer.publish_segment(&change, now)).await;
    match published.map_err(|_| None)? {
        Ok(()) => Ok(()),
        Err(PublishError::Mistakes(mistakes)) => {
            let told = mistakes.iter().map(|m| format!("{} ({})", m.message, m.cure)).collect();
            Err(Some(SegmentProblem::Mistakes(told)))
        }
        Err(PublishError::Stale(_)) => Err(Some(SegmentProblem::Stale)),
        Err(PublishError::Writer(_) | PublishError::Store(_)) => Err(None),
    }
}

/// Why somebody is in a segment or not.
pub(super) async fn why(
    State(pages): State<Pages>,
    Path(name): Path<String>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let program = pages.app.desk.program();
    let Some(kept) = program.standing.named(&name).cloned() else {
        return visit.wrong(ErrorPage::NotFound);
    };
    let query = field(&fields, "q");
    let now = clock::now();
    let read = pages
        .app
        .read(move |reader| {
            let found = if query.is_empty() {
                Vec::new()
            } else {
                reader.search(&query, &program.calling_codes(), WHYS)?
            };
            let ask = |found: &regulars_store::Found| {
                let asked = (&kept.condition, Some(&kept));
                let why = segments::why(reader, &program, &found.record, asked, now)?;
                let (id, name) = named(&found.record);
                Ok(MemberWhy {
                    id,
                    name,
                    member: why.known.truth.holds(),
                    since: why.since.map(|at| at.0),
                    because: why.known.facts,
                    unknown: convert::reasons(&why.certain.unknown_because),
                    next: why.known.next.map(|at| at.0),
                })
            };
            found.iter().map(ask).collect::<Result<Vec<_>, _>>()
        })
        .await;
    match visit.or_wrong(read) {
        Ok(answers) if visit.partial() => visit.page(segment::whys(&visit.ctx, &answers)),
        Ok(answers) => {
            let title = visit.ctx.t("segment-why");
            let content = segment::whys(&visit.ctx, &answers);
            visit.page(crate::ui::layout::shell(&visit.ctx, &title, content))
        }
        Err(response) => response,
    }
}
