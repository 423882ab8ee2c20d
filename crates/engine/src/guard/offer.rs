//! The rules of an offer, asked in the last look: whether it may be given with this message.
//!
//! What surely forbids it comes first, then what must surely hold. A maybe never grants.

use super::rules::{doubted, open_lines};
use crate::condition::{Answer, Asked, Condition, Manner, Twin, evaluate};
use crate::decision::Message;
use crate::event::{CodeKind, Line};
use crate::offer::{Codes, Offer};
use crate::product::{Catalogue, Known};
use crate::profile::Offers;
use crate::reason::{Fact, Reason, ReasonCode, Told};
use crate::record::Record;
use crate::step::{World, person_zone};
use crate::time::{DAY, Timestamp};
use crate::truth::Truth;

/// Whether an offer may be given.
pub(super) enum Granting {
    /// It may.
    Yes,
    /// It may not, for this reason.
    No(Reason),
    /// That is not known.
    Maybe(Vec<Answer>),
}

/// Whether an offer may be given to somebody by hand, now.
#[derive(Clone, Debug, PartialEq)]
pub enum ByHand {
    /// It may.
    May,
    /// It may not, for these reasons.
    No(Vec<Reason>),
    /// That is not known, for these reasons. A maybe never grants.
    Unknown(Vec<Reason>),
}

/// May staff give a person this offer, without a message? By the rules of the last look, on all that
/// is known at `now`. `lines` is what it is for; `None`: what is open in the person's cart.
#[must_use]
pub fn by_hand(
    world: &World<'_>,
    record: &Record,
    twins: &[Twin<'_>],
    (name, lines): (&str, Option<&[Line]>),
    now: Timestamp,
) -> ByHand {
    let zone = person_zone(world.program, record);
    let asked = world.asked(record, twins, &zone, now, Manner::ForCertain);
    let cart: Vec<Line>;
    let lines = match lines {
        Some(lines) => lines,
        None => {
            cart = open_lines(world, record, None, now);
            &cart
        }
    };
    match grant(world, &asked, &[], name, lines) {
        Granting::Yes => ByHand::May,
        Granting::No(reason) => ByHand::No(vec![reason]),
        Granting::Maybe(answers) => ByHand::Unknown(doubted(answers)),
    }
}

/// May the message's offer be given now? `lines` is what the message is about; `claims` are
/// messages to the same person of this very moment.
pub(super) fn grant(
    world: &World<'_>,
    asked: &Asked<'_>,
    claims: &[Message],
    name: &str,
    lines: &[Line],
) -> Granting {
    let Some(offer) = world.program.offers.get(name) else {
        return no(vec![Fact::new(Told::OfferMissing { offer: name.to_owned() }, None)]);
    };
    let forbidden = out_of_time(world, offer, asked.now)
        .or_else(|| out_of_stock(world, offer, asked.now))
        .or_else(|| had(offer, &asked.profile.offers, asked.now))
        .or_else(|| had_now(offer, claims))
        .or_else(|| nothing_left(offer, lines, asked.catalogue));
    if let Some(fact) = forbidden {
        return no(vec![fact]);
    }
    let mut maybe = Vec::new();
    if let Some(only_for) = &offer.only_for {
        let answer = evaluate(only_for, asked);
        match answer.truth {
            Truth::True => {}
            Truth::False => {
                let said = Told::ConditionSays { condition: only_for.to_string() };
                return no(once(Fact::new(said, None), answer.facts));
            }
            Truth::Unknown => maybe.push(answer),
        }
    }
    for line in lines {
        let answer = evaluate(&paid_before(line, offer, asked.catalogue), asked);
        match answer.truth {
            Truth::False => {}
            Truth::True => {
                let product = line.label().to_owned();
                return no(once(Fact::new(Told::OfferBought { product }, None), answer.facts));
            }
            Truth::Unknown => maybe.push(answer),
        }
    }
    maybe.extend(had_by_a_twin(offer, asked));
    if maybe.is_empty() { Granting::Yes } else { Granting::Maybe(maybe) }
}

fn no(facts: Vec<Fact>) -> Granting {
    Granting::No(Reason::with(ReasonCode::OfferRefused, facts))
}

fn once(first: Fact, rest: Vec<Fact>) -> Vec<Fact> {
    std::iter::once(first).chain(rest).collect()
}

/// Not before its first day, nor after its last, in the shop's zone.
fn out_of_time(world: &World<'_>, offer: &Offer, now: Timestamp) -> Option<Fact> {
    let today = now.in_zone(&world.program.shop.zone).date();
    let early = offer.from.is_some_and(|from| today < from);
    let late = offer.until.is_some_and(|until| until < today);
    let offer = offer.name.clone();
    (early || late).then(|| Fact::new(Told::OfferNotNow { offer }, None))
}

/// Not where its pool or its budget is at its end.
fn out_of_stock(world: &World<'_>, offer: &Offer, now: Timestamp) -> Option<Fact> {
    let stand = world.stock.stand(&offer.name, now);
    let name = || offer.name.clone();
    if matches!(offer.codes, Codes::Pool { .. }) && stand.free == 0 {
        return Some(Fact::new(Told::OfferPoolEmpty { offer: name() }, None));
    }
    (!stand.room(offer)).then(|| Fact::new(Told::OfferBudgetSpent { offer: name() }, None))
}

/// One per person and period, over all their records.
fn had(offer: &Offer, offers: &Offers, now: Timestamp) -> Option<Fact> {
    let of_this = offers.given.iter().chain(&offers.used).filter(|held| held.offer == offer.name);
    let last = of_this.map(|held| held.stamp.at).max()?;
    let told = Told::OfferHad { offer: offer.name.clone() };
    (now.since(last) < offer.per_person_ms).then(|| Fact::new(told, Some(last)))
}

/// A message that was claimed at this very moment counts too.
fn had_now(offer: &Offer, claims: &[Message]) -> Option<Fact> {
    let gives = |claim: &&Message| claim.offer.as_ref().is_some_and(|of| of.offer == offer.name);
    let same = claims.iter().find(gives)?;
    let told = Told::OfferHad { offer: offer.name.clone() };
    Some(Fact::new(told, Some(same.claimed_at)))
}

/// Not where it is for nothing that the message is about; a product that may be excluded counts as
/// one that is.
fn nothing_left(offer: &Offer, lines: &[Line], catalogue: &Catalogue) -> Option<Fact> {
    let excluded = |line: &&Line| offer.not_for.holds(line, catalogue) != Truth::False;
    let first = lines.first()?;
    let product = first.label().to_owned();
    lines
        .iter()
        .all(|line| excluded(&line))
        .then(|| Fact::new(Told::OfferExcludes { product }, None))
}

/// What must surely not be so of a product: it was bought and kept, at all or within the time after
/// which the offer may be given for it again; or it was bought or brought back so lately that
/// returning it and buying it again would pay.
fn paid_before(line: &Line, offer: &Offer, catalogue: &Catalogue) -> Condition {
    let rebuy = days(Offer::REBUY_MS);
    let product = match catalogue.of_line(line) {
        Known::Product(id) => Some(id),
        Known::Unmapped => line.code(CodeKind::Product),
    };
    let kept = offer.again_after_ms.map(|ms| format!(" in the last {}", days(ms)));
    let kept = kept.unwrap_or_default();
    let text = match product {
        Some(id) => {
            let id = id.replace('\\', "\\\\").replace('"', "\\\"");
            format!(
                "has kept product \"{id}\"{kept} or has bought product \"{id}\" in the last {rebuy} or \
                 has returned product \"{id}\" in the last {rebuy}"
            )
        }
        // Whatever was bought may have been this.
        None => format!("has ordered{kept} or has ordered in the last {rebuy}"),
    };
    Condition::parse(&text).unwrap_or(Condition::Always)
}

fn days(ms: i64) -> String {
    format!("{} days", (ms + DAY - 1) / DAY)
}

/// Somebody who may be the same person had it already.
fn had_by_a_twin(offer: &Offer, asked: &Asked<'_>) -> Vec<Answer> {
    let of_twin = asked.twins.iter().filter_map(|twin| {
        let had = had(offer, &twin.profile.offers, asked.now)?;
        let facts = vec![Fact::new(twin.because.told(twin.likely_percent), None), had];
        Some(Answer {
            truth: Truth::Unknown,
            facts: Vec::new(),
            unknown_because: vec![Reason {
                code: ReasonCode::TwinMaybe,
                facts,
                person: Some(twin.person),
            }],
            waits_for: Vec::new(),
            next: None,
        })
    });
    of_twin.collect()
}
