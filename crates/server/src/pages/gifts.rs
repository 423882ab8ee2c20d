//! Offers for one person: which of them may be given now and why not, and giving one.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use regulars_engine::event::Line;
use regulars_engine::guard::ByHand;
use regulars_engine::identity::PersonId;
use regulars_engine::offer::{Code, Offer};
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_engine::work::GiftBack;
use regulars_store::{Reader, Store};

use super::visit::{Fields, OwnForm, Pages, Visit, Whose};
use super::{convert, messages, person_parts};
use crate::clock;
use crate::http::api::former_ids;
use crate::live::DeskError;
use crate::offers::{
    self, Answer, Back, GiftNoted, Giving, gift_id, give, given_by_hand, named_product,
};
use crate::secret::random_hex;
use crate::ui::model::{ErrorPage, GiftRow, GiftTold, GiftsModel, GivenRow};
use crate::ui::view::{gifts as view, offers as of_offers};
use crate::writer::{Writer, WriterError};

/// So many codes that were given are shown.
const GIVEN_SHOWN: usize = 50;

/// The page.
pub(super) async fn page(
    State(pages): State<Pages>,
    visit: Visit,
    Whose(id): Whose,
    Query(asked): Query<Fields>,
) -> Response {
    shown(&pages, &visit, id, &asked, None).await
}

/// Looks for whoever a form on an offer's page names, and leads to their page.
pub(super) async fn person(
    State(pages): State<Pages>,
    Path(name): Path<String>,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    match visit.or_wrong(messages::named(&pages, &fields).await) {
        Ok(Some(id)) => Redirect::to(&view::address(&id.to_string(), Some(&name))).into_response(),
        Ok(None) => {
            Redirect::to(&format!("{}?nobody=yes#give", of_offers::address(&name))).into_response()
        }
        Err(response) => response,
    }
}

/// Gives an offer.
pub(super) async fn act(
    State(pages): State<Pages>,
    Whose(person): Whose,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let field = |name: &str| fields.get(name).map(|text| text.trim()).unwrap_or_default();
    let (Some(gift), Ok(lines)) = (gift_id(field("id")), lines(&fields)) else {
        return visit.wrong(ErrorPage::NotFound);
    };
    let giving = Giving {
        id: gift.to_owned(),
        offer: field("offer").to_owned(),
        person,
        lines,
        by: visit.session.user.clone(),
        dry_run: false,
    };
    let asked = giving.clone();
    let given = pages.app.desk.ask(move |writer| give(writer, &asked, clock::now())).await;
    let told = match given {
        Ok(Ok(Answer::Given(given) | Answer::Before(Some(given)))) => {
            GiftTold::Given(given.text, given.code, given.until.0)
        }
        Ok(Ok(Answer::Before(None) | Answer::OtherGift)) => GiftTold::Before,
        Ok(Ok(Answer::TakenBack)) => GiftTold::Revoked,
        Ok(Ok(Answer::Refused(reasons) | Answer::Unknown(reasons))) => {
            GiftTold::Not(giving.offer, convert::reasons(&reasons))
        }
        Ok(Ok(Answer::May | Answer::Nobody)) => return visit.wrong(ErrorPage::NotFound),
        Ok(Err(_)) | Err(_) => return visit.wrong(ErrorPage::Unavailable),
    };
    shown(&pages, &visit, person, &fields, Some(told)).await
}

/// Takes back a code that the person was given.
pub(super) async fn revoke(
    State(pages): State<Pages>,
    Whose(person): Whose,
    OwnForm { visit, fields }: OwnForm,
) -> Response {
    let typed = fields.get("id").map(String::as_str).unwrap_or_default();
    match take_back(&pages, &visit, typed).await {
        Ok(Some(told)) => shown(&pages, &visit, person, &Fields::new(), Some(told)).await,
        Ok(None) => visit.wrong(ErrorPage::NotFound),
        Err(response) => response,
    }
}

/// Takes back the gift with an id; `None`: nothing was given under it.
pub(super) async fn take_back(
    pages: &Pages,
    visit: &Visit,
    typed: &str,
) -> Result<Option<GiftTold>, Response> {
    let Some(id) = gift_id(typed) else { return Ok(None) };
    let back = Back { id: id.to_owned(), by: visit.session.user.clone(), dry_run: false };
    let asked = pages.app.desk.ask(move |writer| offers::take_back(writer, &back, clock::now()));
    match asked.await {
        Ok(Ok(GiftBack::Done(offer))) => Ok(Some(GiftTold::TakenBack(offer))),
        Ok(Ok(GiftBack::Before(offer))) => Ok(Some(GiftTold::TakenBackBefore(offer))),
        Ok(Ok(GiftBack::Used(offer))) => Ok(Some(GiftTold::Used(offer))),
        Ok(Ok(GiftBack::NoGift)) => Ok(None),
        Ok(Err(_)) | Err(_) => Err(visit.wrong(ErrorPage::Unavailable)),
    }
}

/// The product that a code is to be for, as it is typed; empty: what is open in the cart.
fn product(asked: &Fields) -> &str {
    asked.get("product").map(|text| text.trim()).unwrap_or_default()
}

/// What a code is to be for, where somebody says so; an error where that names no product: it would be
/// another code than the one that was asked for.
fn lines(asked: &Fields) -> Result<Option<Vec<Line>>, ()> {
    match product(asked) {
        "" => Ok(None),
        typed => named_product(typed).map(|line| Some(vec![line])).ok_or(()),
    }
}

async fn shown(
    pages: &Pages,
    visit: &Visit,
    id: PersonId,
    asked: &Fields,
    told: Option<GiftTold>,
) -> Response {
    let Ok(lines) = lines(asked) else { return visit.wrong(ErrorPage::NotFound) };
    let read = pages.app.desk.ask(move |writer| model(writer, id, lines.as_deref(), clock::now()));
    let model = match read.await {
        Ok(Ok(Some(model))) => model,
        Ok(Ok(None)) => return visit.wrong(ErrorPage::NotFound),
        Ok(Err(_)) => return visit.wrong(ErrorPage::Internal),
        Err(DeskError::Writer(_)) => return visit.wrong(ErrorPage::Internal),
        Err(_) => return visit.wrong(ErrorPage::Unavailable),
    };
    let wanted = asked.get("offer").map(|text| text.trim().to_owned());
    let wanted = wanted.filter(|wanted| model.offers.iter().any(|row| row.name == *wanted));
    let product = product(asked).to_owned();
    let model = GiftsModel { wanted, product, told, id: random_hex(12), ..model };
    visit.page(view::page(&visit.ctx, &model))
}

/// What may be given to a person and what was, with one answer of the guard's rules an offer.
fn model<S: Store>(
    writer: &mut Writer<S>,
    id: PersonId,
    lines: Option<&[Line]>,
    now: Timestamp,
) -> Result<Option<GiftsModel>, WriterError> {
    let Some((_, record)) = writer.reader().person(id)? else { return Ok(None) };
    let program = std::sync::Arc::clone(writer.program());
    let names: Vec<&str> = program.offers.keys().map(String::as_str).collect();
    let answers = writer.may_give(record.id(), (&names, lines), now)?.unwrap_or_default();
    let offers = program.offers.values().zip(answers).map(|(offer, answer)| row(offer, answer));
    let offers = offers.collect();
    let mut codes = writer.reader().codes_of(&former_ids(&record))?;
    codes.sort_by_key(|code| std::cmp::Reverse(code.issued_at));
    codes.truncate(GIVEN_SHOWN);
    let by_hand = given_by_hand(writer.reader(), &codes)?;
    let cart = person_parts::cart(&record, writer.catalogue(), now).open;
    Ok(Some(GiftsModel {
        person: record.id().to_string(),
        name: record.display_name(),
        cart: cart.into_iter().map(|line| line.product).collect(),
        offers,
        given: codes.iter().map(|code| given(code, by_hand.get(&code.message), &program)).collect(),
        ..GiftsModel::default()
    }))
}

fn row(offer: &Offer, answer: ByHand) -> GiftRow {
    let (may, reasons) = match answer {
        ByHand::May => (Some(true), Vec::new()),
        ByHand::No(reasons) => (Some(false), reasons),
        ByHand::Unknown(reasons) => (None, reasons),
    };
    GiftRow {
        name: offer.name.clone(),
        gives: offer.benefit.to_string(),
        may,
        reasons: convert::reasons(&reasons),
    }
}

fn given(code: &Code, gift: Option<&GiftNoted>, program: &Program) -> GivenRow {
    GivenRow {
        offer: code.offer.clone(),
        gives: program.offers.get(&code.offer).map(|offer| offer.benefit.to_string()),
        at: code.issued_at.0,
        until: code.until.0,
        used_at: code.used.as_ref().map(|used| used.at.0),
        taken_back_at: code.taken_back_at.map(|at| at.0),
        gift: gift.map(|gift| (gift.id.clone(), gift.by.clone())),
    }
}
