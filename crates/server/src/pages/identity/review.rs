//! Pairs to review, the most valuable answer first, and the answers.

use axum::extract::{Path, State};
use axum::response::Response;
use regulars_engine::event::{Currency, LogPosition};
use regulars_engine::identity::link::{Comparison, Part};
use regulars_engine::identity::{Class, IdentifierKind as EngineKind, PersonId};
use regulars_engine::program::Program;
use regulars_engine::reason::Fact;
use regulars_engine::record::Record;
use regulars_store::{Reader, SqliteReader, StoreError};

use super::super::visit::{OwnForm, Pages, Visit};
use super::super::{convert, people};
use crate::clock;
use crate::identity::{Pending, against, pending};
use crate::staff::{self, Statement, Word};
use crate::ui::model::{
    Answer, Compared, ComparedRow, ComparedWhat, ErrorPage, Likeness, PairCard, PairSide,
    ReviewModel, WeightRow, Weights,
};
use crate::ui::view::identity;
use crate::writer::WriterError;

/// Pairs of one page.
const PAIRS: usize = 10;
/// Values of one kind that are shown.
const VALUES: usize = 6;

/// The queue.
pub(crate) async fn page(State(pages): State<Pages>, visit: Visit) -> Response {
    let surveyed = pages.app.surveys.latest(&pages.app).await;
    let (found, looking) = match visit.or_wrong(surveyed) {
        Ok(found) => found,
        Err(response) => return response,
    };
    let program = pages.app.desk.program();
    let total = found.as_ref().map_or(0, |found| found.pairs_total);
    let read = pages.app.read(move |reader| {
        let mut cards = Vec::new();
        for pair in found.iter().flat_map(|found| &found.pairs) {
            if cards.len() == PAIRS {
                break;
            }
            let pending = pending(reader, (pair.one, pair.other), program.shop.currency)?;
            cards.extend(pending.map(|pending| card(reader, &program, &pending)).transpose()?);
        }
        Ok(cards)
    });
    match visit.or_wrong(read.await) {
        Ok(pairs) => {
            let total = total.max(u64::try_from(pairs.len()).unwrap_or(0));
            let model = ReviewModel { pairs, total, looking };
            visit.page(identity::review_page(&visit.ctx, &model))
        }
        Err(response) => response,
    }
}

/// One pair.
pub(crate) async fn pair(
    State(pages): State<Pages>,
    visit: Visit,
    Path((one, other)): Path<(String, String)>,
) -> Response {
    let Some(ids) = ids(&one, &other) else { return visit.wrong(ErrorPage::NotFound) };
    show(&pages, &visit, ids, None).await
}

fn ids(one: &str, other: &str) -> Option<(PersonId, PersonId)> {
    one.parse().ok().zip(other.parse().ok())
}

/// Shows a pair as it is at this moment, or what was answered of it.
async fn show(
    pages: &Pages,
    visit: &Visit,
    ids: (PersonId, PersonId),
    answered: Option<(Answer, u64)>,
) -> Response {
    let program = pages.app.desk.program();
    let read = pages.app.read(move |reader| {
        let found = pending(reader, ids, program.shop.currency)?;
        let card = found.map(|pending| card(reader, &program, &pending)).transpose()?;
        match answered {
            // What is answered is a pair no more, but it is shown with the way back.
            Some(_) => {
                Ok(Some(PairCard { answered, ..card.map_or_else(|| bare(reader, ids), Ok)? }))
            }
            None => Ok(card),
        }
    });
    match visit.or_wrong(read.await) {
        Ok(Some(card)) => visit.page(identity::pair_page(&visit.ctx, &card)),
        Ok(None) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}

/// A pair of which only the names are told. It keeps the ids by which it was asked for: the place
/// on the page bears them.
fn bare(reader: &SqliteReader, (one, other): (PersonId, PersonId)) -> Result<PairCard, StoreError> {
    let side = |id: PersonId| {
        let name = reader.person(id)?.and_then(|(_, record)| record.display_name());
        Ok::<_, StoreError>(PairSide { id: id.to_string(), name })
    };
    Ok(PairCard {
        one: side(one)?,
        other: side(other)?,
        permille: 0,
        why: None,
        worth: convert::money(0, Currency::EUR),
        held: None,
        wasted: None,
        unsure_at: None,
        rows: Vec::new(),
        against: Vec::new(),
        weights: Weights::default(),
        answered: None,
    })
}

/// An answer, or its undoing.
pub(crate) async fn act(
    State(pages): State<Pages>,
    Path((one, other, verb)): Path<(String, String, String)>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let Some(ids) = ids(&one, &other) else { return visit.wrong(ErrorPage::NotFound) };
    let by = visit.session.user.clone();
    match verb.as_str() {
        "answer" => {
            let word = fields.get("answer").and_then(|word| Answer::from_word(word));
            let statement = match word {
                Some(Answer::Same) => Statement::Same,
                Some(Answer::Apart) => Statement::Apart,
                Some(Answer::Unsure) => Statement::Unsure,
                Some(
                    Answer::TakenBack
                    | Answer::LiveTogether
                    | Answer::LiveApart
                    | Answer::HomeTakenBack,
                )
                | None => return visit.wrong(ErrorPage::NotFound),
            };
            let because = fields.get("because").cloned().unwrap_or_default();
            let said = pages.app.desk.ask(move |writer| {
                let rows = writer.reader().person(ids.0)?.zip(writer.reader().person(ids.1)?);
                let Some(((_, one), (_, other))) = rows else { return Ok(None) };
                let pairs = staff::pairs(&one, &other, statement);
                if pairs.is_empty() {
                    return Ok(None);
                }
                let word = Word { statement, by: &by, because: &because };
                staff::state(writer, &pairs, word, clock::now()).map(Some)
            });
            match said.await {
                Ok(Ok(Some(position))) => {
                    let answered = word.map(|word| (word, position.0));
                    show(&pages, &visit, ids, answered).await
                }
                Ok(Ok(None)) => visit.wrong(ErrorPage::NotFound),
                Ok(Err(_)) | Err(_) => visit.wrong(ErrorPage::Unavailable),
            }
        }
        "undo" => {
            let number = fields.get("statement").and_then(|text| text.parse().ok());
            let Some(number) = number else { return visit.wrong(ErrorPage::NotFound) };
            let undone = pages
                .app
                .desk
                .ask(move |writer| staff::undo(writer, LogPosition(number), &by, clock::now()));
            match undone.await {
                Ok::<Result<_, WriterError>, _>(Ok(pairs)) if !pairs.is_empty() => {
                    show(&pages, &visit, ids, None).await
                }
                Ok(Ok(_)) => visit.wrong(ErrorPage::NotFound),
                Ok(Err(_)) | Err(_) => visit.wrong(ErrorPage::Unavailable),
            }
        }
        _ => visit.wrong(ErrorPage::NotFound),
    }
}

fn card(
    reader: &SqliteReader,
    program: &Program,
    pending: &Pending,
) -> Result<PairCard, StoreError> {
    let (currency, zone) = (program.shop.currency, &program.shop.zone);
    let Pending { pair, one, other, weights: found } = pending;
    let told = pair.because.told(pair.percent);
    let side = |record: &Record| PairSide {
        id: record.id().to_string(),
        name: record.display_name().or_else(|| strongest(record)),
    };
    let money = |minor: i64| (minor > 0).then(|| convert::money(minor, currency));
    Ok(PairCard {
        one: side(one),
        other: side(other),
        permille: u16::from(pair.percent) * 10,
        why: Some(Fact::new(told, None)),
        worth: convert::money(pair.worth_minor(), currency),
        held: money(pair.stake.held_minor),
        wasted: money(pair.stake.wasted_minor),
        unsure_at: pair.unsure_at.map(|at| at.0),
        rows: side_by_side(one, other, currency, zone),
        against: against(reader, &program.identity, one, other)?,
        weights: weights(found),
        answered: None,
    })
}

/// A name for somebody who gave none: the strongest identifier, which the page shows anyway.
fn strongest(record: &Record) -> Option<String> {
    record.evidence.nodes.first().map(|node| node.identifier.value().to_owned())
}

/// What two records say, as pages show it.
pub(crate) fn weights(found: &Comparison) -> Weights {
    #[expect(clippy::cast_possible_truncation, reason = "weights are some tens of bits")]
    let centibits = |bits: f32| (bits * 100.0).round() as i32;
    let row = |part: &Part| WeightRow { found: part.found, centibits: centibits(part.bits) };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a probability is between 0 and 1"
    )]
    let permille = (found.probability * 1_000.0).round() as u16;
    Weights {
        rows: found.parts.iter().map(row).collect(),
        centibits: centibits(found.weight_bits),
        permille,
    }
}

/// What is known of both, row by row; what neither has is left out.
fn side_by_side(
    one: &Record,
    other: &Record,
    currency: Currency,
    zone: &jiff::tz::TimeZone,
) -> Vec<ComparedRow> {
    let mut rows = Vec::new();
    let text = |record: &Record, names: &[&str]| -> Vec<String> {
        let found = names.iter().find_map(|name| record.profile.trait_text(name));
        found.map(str::to_owned).into_iter().collect()
    };
    let name = |record: &Record| record.display_name().into_iter().collect::<Vec<_>>();
    let mut add = |what, one: Vec<String>, other: Vec<String>, comparable: bool| {
        if !one.is_empty() || !other.is_empty() {
            let likeness = comparable.then(|| likeness(&one, &other));
            rows.push(ComparedRow { what, one, other, likeness });
        }
    };
    add(ComparedWhat::Of(Compared::Name), name(one), name(other), true);
    let birth = ["birthday", "birth_date", "date_of_birth"];
    add(ComparedWhat::Of(Compared::BirthDate), text(one, &birth), text(other, &birth), true);
    let address = |record: &Record| -> Vec<String> {
        let parts = [&["address", "street"][..], &["postcode", "postal_code", "zip"], &["city"]];
        let parts: Vec<String> = parts.iter().flat_map(|names| text(record, names)).collect();
        if parts.is_empty() { Vec::new() } else { vec![parts.join(", ")] }
    };
    add(ComparedWhat::Of(Compared::Address), address(one), address(other), true);
    for kind in kinds(one, other) {
        let what = ComparedWhat::Identifiers(convert::identifier_kind(&kind));
        let comparable = kind.class() != Class::Device;
        add(what, values(one, &kind), values(other, &kind), comparable);
    }
    let orders = |record: &Record| {
        let (orders, spent) = people::spent(record, currency);
        if orders == 0 {
            Vec::new()
        } else {
            vec![format!("{orders} · {}", amount(spent, currency))]
        }
    };
    add(ComparedWhat::Of(Compared::Orders), orders(one), orders(other), false);
    let seen = |record: &Record| -> Vec<String> {
        let first = record.profile.activity.values().map(|held| held.first.at).min();
        let last = people::last_at(record).map(regulars_engine::time::Timestamp);
        let day = |at: regulars_engine::time::Timestamp| at.in_zone(zone).date().to_string();
        first
            .zip(last)
            .map(|(first, last)| format!("{} – {}", day(first), day(last)))
            .into_iter()
            .collect()
    };
    add(ComparedWhat::Of(Compared::Seen), seen(one), seen(other), false);
    rows
}

fn amount(minor: i64, currency: Currency) -> String {
    format!("{}.{:02} {}", minor / 100, minor.abs() % 100, currency.code())
}

/// The kinds of identifiers that either has, the strongest first.
fn kinds(one: &Record, other: &Record) -> Vec<EngineKind> {
    let nodes = one.evidence.nodes.iter().chain(&other.evidence.nodes);
    let mut kinds: Vec<EngineKind> = nodes.map(|node| node.identifier.kind.clone()).collect();
    kinds.sort();
    kinds.dedup();
    kinds
}

fn values(record: &Record, kind: &EngineKind) -> Vec<String> {
    let nodes = record.evidence.nodes.iter().filter(|node| node.identifier.kind == *kind);
    let mut values: Vec<String> =
        nodes.map(|node| node.identifier.value().to_owned()).take(VALUES + 1).collect();
    if values.len() > VALUES {
        values.truncate(VALUES);
        values.push("…".to_owned());
    }
    values
}

fn likeness(one: &[String], other: &[String]) -> Likeness {
    if one.is_empty() || other.is_empty() {
        return Likeness::Missing;
    }
    let same = |value: &String| other.iter().any(|far| far.to_lowercase() == value.to_lowercase());
    if one.iter().any(same) { Likeness::Same } else { Likeness::Different }
}
