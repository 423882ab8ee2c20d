//! Linking by likeness: learning a model, trying one, putting one into force, and going back.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::identity::PersonId;
use regulars_engine::identity::link::{Model, Round};
use regulars_store::{Reader, SqliteReader, StoreError};

use super::super::convert;
use super::super::visit::{Fields, OwnForm, Pages, Visit};
use crate::linkage::{Kept, Models, RECORDS_MIN, WrongLines, name_of, with_lines};
use crate::linking::{EVENTS_MAX, Told, Trial, Tried, Work};
use crate::ui::model::{
    ErrorPage, KeptModel, LinkingModel, LinkingTold, LinkingWrong, Looking, ModelCard, PairSide,
    RoundRow, TriedModel,
};
use crate::ui::view::identity;

const PAGE: &str = "/identity/linking";
/// Persons that are named of one example.
const NAMED: usize = 8;

/// The page.
pub(crate) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Query(asked): Query<Fields>,
) -> Response {
    let again = match visit.or_wrong(pages.app.looking_again().await) {
        Ok(again) => again,
        Err(response) => return response,
    };
    let told = pages.app.linking.told(pages.app.erasures());
    let wrong = asked.get("wrong").and_then(|word| LinkingWrong::from_word(word));
    let read = pages.app.read(move |reader| {
        let models = Models::of(reader)?;
        Ok(LinkingModel {
            version: drawn_from(&models, again, &told),
            linking: models.linking(),
            models: Kept::ALL.into_iter().filter_map(|kept| card(&models, kept)).collect(),
            again,
            told: shown(reader, told)?,
            wrong,
        })
    });
    match visit.or_wrong(read.await) {
        Ok(model) => visit.page(identity::linking_page(&visit.ctx, &model)),
        Err(response) => response,
    }
}

/// The version that the page would have now.
pub(crate) async fn version(State(pages): State<Pages>, visit: Visit) -> Response {
    let again = match visit.or_wrong(pages.app.looking_again().await) {
        Ok(again) => again,
        Err(response) => return response,
    };
    let told = pages.app.linking.told(pages.app.erasures());
    let read = pages.app.read(move |reader| Ok(drawn_from(&Models::of(reader)?, again, &told)));
    match visit.or_wrong(read.await) {
        Ok(version) => version.into_response(),
        Err(response) => response,
    }
}

/// What the page is drawn from.
fn drawn_from(models: &Models, again: Looking, told: &Told) -> String {
    let name = |kept| models.kept(kept).map(|model| name_of(&model)).unwrap_or_default();
    let state = match told {
        Told::Nothing => "nothing".to_owned(),
        Told::Running { done, whole, rounds, .. } => format!("{done}-{whole}-{}", rounds.len()),
        Told::Trained { model, .. } => format!("learned-{model}"),
        Told::TooFew => "few".to_owned(),
        Told::Tried(tried) => format!("tried-{}-{:?}", tried.model, tried.found.persons_after),
        Told::Stopped(_) => "stopped".to_owned(),
        Told::TooLong { events } => format!("long-{events}"),
        Told::Failed(_) => "failed".to_owned(),
    };
    let again = again.map(|(done, of)| format!("{done}-{of}")).unwrap_or_default();
    format!(
        "{}.{}.{}.{again}.{state}",
        name(Kept::InForce),
        name(Kept::Learned),
        name(Kept::Former)
    )
}

fn word(kept: Kept) -> KeptModel {
    match kept {
        Kept::InForce => KeptModel::InForce,
        Kept::Learned => KeptModel::Learned,
        Kept::Former => KeptModel::Former,
        Kept::BuiltIn => KeptModel::BuiltIn,
        Kept::Nobody => KeptModel::Nobody,
    }
}

fn kept(word: &str) -> Option<Kept> {
    let named = KeptModel::from_word(word)?;
    Kept::ALL.into_iter().find(|kept| self::word(*kept) == named)
}

/// One of the models; that in force only where likeness joins anybody.
fn card(models: &Models, kept: Kept) -> Option<ModelCard> {
    if kept == Kept::InForce && !models.linking() {
        return None;
    }
    models.kept(kept).map(|model| card_of(kept, &model))
}

fn card_of(kept: Kept, model: &Model) -> ModelCard {
    ModelCard {
        kept: word(kept),
        name: name_of(model),
        records: model.records,
        links: model.links(),
        sure_permille: permille(model.sure),
        possible_permille: permille(model.possible),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share is between 0 and 1"
)]
fn permille(share: f64) -> u16 {
    (share * 1_000.0).round() as u16
}

fn shown(reader: &SqliteReader, told: Told) -> Result<LinkingTold, StoreError> {
    Ok(match told {
        Told::Nothing => LinkingTold::Nothing,
        Told::Running { work, done, whole, rounds } => LinkingTold::Running {
            learning: work == Work::Train,
            done,
            whole,
            rounds: rounds.iter().map(round).collect(),
        },
        Told::Trained { records, rounds, .. } => {
            LinkingTold::Learned { records, rounds: rounds.iter().map(round).collect() }
        }
        Told::TooFew => LinkingTold::TooFew(RECORDS_MIN),
        Told::Tried(tried) => LinkingTold::Tried(Box::new(outcome(reader, &tried)?)),
        Told::Stopped(_) => LinkingTold::Stopped,
        Told::TooLong { events } => LinkingTold::TooLong(events, EVENTS_MAX),
        Told::Failed(_) => LinkingTold::Failed,
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "pairs are counted, and rates lie between 0 and 1"
)]
fn round(round: &Round) -> RoundRow {
    RoundRow {
        number: round.number,
        matches: round.matches.round() as u64,
        moved_permille: (round.moved * 1_000.0).ceil() as u64,
        settled: round.settled,
    }
}

fn outcome(reader: &SqliteReader, tried: &Tried) -> Result<TriedModel, StoreError> {
    let found = &tried.found;
    let side = |id: &PersonId| {
        let row = reader.person(*id)?;
        let name = row.map(|(_, record)| convert::name_of(Some(&record), *id));
        Ok::<_, StoreError>(PairSide { id: id.to_string(), name })
    };
    let sides = |ids: &[PersonId]| -> Result<Vec<PairSide>, StoreError> {
        ids.iter().take(NAMED).map(side).collect()
    };
    Ok(TriedModel {
        model: ModelCard {
            kept: word(tried.kept),
            name: tried.model.clone(),
            records: tried.records,
            links: tried.links,
            sure_permille: permille(tried.sure),
            possible_permille: permille(tried.possible),
        },
        other_rules: tried.other_rules,
        lines: (tried.sure, tried.possible),
        persons: (found.persons_before, found.persons_after),
        merges: found.merges,
        splits: found.splits,
        merging: found.merging.iter().map(|of| sides(of)).collect::<Result<_, _>>()?,
        splitting: found.splitting.iter().map(side).collect::<Result<_, _>>()?,
        messages: found.messages,
        repeated: found.messages_repeated,
    })
}

/// Begins, stops or applies.
pub(crate) async fn act(
    State(pages): State<Pages>,
    Path(verb): Path<String>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let app = &pages.app;
    let wrong = match verb.as_str() {
        "learn" => (!app.begin_training()).then_some(LinkingWrong::Busy),
        "stop" => {
            app.linking.stop();
            None
        }
        "try" | "apply" => {
            let read = app.read(Models::of).await;
            let models = match visit.or_wrong(read) {
                Ok(models) => models,
                Err(response) => return response,
            };
            match wanted(&models, &fields) {
                Err(wrong) => Some(wrong),
                Ok((kept, model)) if verb == "try" => {
                    let begun = app.begin_trial(Trial { kept, model, rules: None });
                    (!begun).then_some(LinkingWrong::Busy)
                }
                Ok((_, model))
                    if fields.get("name").is_some_and(|name| *name != name_of(&model)) =>
                {
                    Some(LinkingWrong::OtherModel)
                }
                Ok((_, model)) => {
                    match app.desk.ask(move |writer| writer.apply_model(&model)).await {
                        Ok(Ok(())) => None,
                        Ok(Err(_)) | Err(_) => return visit.wrong(ErrorPage::Unavailable),
                    }
                }
            }
        }
        _ => return visit.wrong(ErrorPage::NotFound),
    };
    let to = match wrong {
        None => PAGE.to_owned(),
        Some(wrong) => format!("{PAGE}?wrong={}", wrong.word()),
    };
    Redirect::to(&to).into_response()
}

/// The model that a form names, with its lines.
fn wanted(models: &Models, fields: &Fields) -> Result<(Kept, Model), LinkingWrong> {
    let text = |name: &str| fields.get(name).map_or("", |text| text.trim());
    let kept = kept(text("model")).ok_or(LinkingWrong::OtherModel)?;
    let model = models.kept(kept).ok_or(LinkingWrong::OtherModel)?;
    let line = |name: &str| match text(name).trim_end_matches('%').trim().replace(',', ".") {
        empty if empty.is_empty() => Ok(None),
        typed => {
            let percent: f64 = typed.parse().map_err(|_| LinkingWrong::NoShare)?;
            Ok(Some(percent / 100.0))
        }
    };
    // What was tried is applied with exactly the same lines.
    let share = |name: &str| text(name).parse::<f64>().ok();
    let lines = match share("sure_share").zip(share("possible_share")) {
        Some((sure, possible)) => (Some(sure), Some(possible)),
        None => (line("sure")?, line("possible")?),
    };
    let lined = with_lines(model, lines.0, lines.1);
    let model = lined.map_err(|wrong| match wrong {
        WrongLines::NoShare => LinkingWrong::NoShare,
        WrongLines::Crossed => LinkingWrong::Crossed,
        WrongLines::Nobody => LinkingWrong::NoLines,
    })?;
    Ok((kept, model))
}
