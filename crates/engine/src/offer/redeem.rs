//! May a code be used, by whoever holds it, for what lies on the counter?

use super::{Benefit, Code, CodeState, Offer};
use crate::event::{Currency, Line, Money};
use crate::product::Catalogue;
use crate::profile::{Orders, Profile};
use crate::time::Timestamp;
use crate::truth::Truth;

/// Why a code is not taken. What is no code of ours, was given back or lies in a pool is one case:
/// whoever guesses learns nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Refusal {
    /// It is no code that somebody was given.
    NotValid,
    /// It was used.
    Used,
    /// Staff took it back.
    TakenBack,
    /// Its last day is over.
    Expired,
    /// The person used another one of this offer too short a time ago.
    OnePerPerson,
    /// The offer is for none of these products, or they came back lately.
    NotForThese,
    /// The id of the redemption was used for another code or order.
    OtherRedemption,
}

impl Refusal {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::NotValid,
        Self::Used,
        Self::TakenBack,
        Self::Expired,
        Self::OnePerPerson,
        Self::NotForThese,
        Self::OtherRedemption,
    ];

    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::NotValid => "not_valid",
            Self::Used => "used",
            Self::TakenBack => "taken_back",
            Self::Expired => "expired",
            Self::OnePerPerson => "one_per_person",
            Self::NotForThese => "not_for_these",
            Self::OtherRedemption => "other_redemption",
        }
    }

    /// What to tell whoever shows it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::NotValid => "this code is not valid",
            Self::Used => "this code has been used",
            Self::TakenBack => "this code was taken back",
            Self::Expired => "this code is valid no longer",
            Self::OnePerPerson => "another code of this offer was used too short a time ago",
            Self::NotForThese => {
                "the offer is for none of these products, or they came back lately"
            }
            Self::OtherRedemption => "this redemption was for another code or order",
        }
    }
}

/// What lies on the counter.
#[derive(Clone, Copy, Debug, Default)]
pub struct Counter<'c> {
    /// The products, where they are told.
    pub lines: &'c [Line],
    /// What they come to, where that is told.
    pub total: Option<Money>,
}

/// A code that may be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usable {
    /// For which of the lines, by number from 0; all of them where none was told.
    pub lines: Vec<usize>,
    /// What it takes off, where that can be told.
    pub takes_off: Option<Money>,
}

/// Whether a code may be used at `now`. `holder` is the profile of whoever it was given to, if they
/// are known. As known: what a till asks cannot wait.
///
/// # Errors
/// Why not.
pub fn usable(
    offer: Option<&Offer>,
    code: Option<&Code>,
    holder: Option<&Profile>,
    (counter, catalogue): (Counter<'_>, &Catalogue),
    now: Timestamp,
) -> Result<Usable, Refusal> {
    let (Some(offer), Some(code)) = (offer, code) else { return Err(Refusal::NotValid) };
    match code.state {
        CodeState::Free => return Err(Refusal::NotValid),
        CodeState::Redeemed => return Err(Refusal::Used),
        CodeState::TakenBack => return Err(Refusal::TakenBack),
        CodeState::Issued => {}
    }
    if code.until < now {
        return Err(Refusal::Expired);
    }
    let used = holder.into_iter().flat_map(|profile| &profile.offers.used);
    let last = used.filter(|used| used.offer == offer.name).map(|used| used.stamp.at).max();
    // A code that was opened again by a return is the same one.
    let again = code.used.as_ref().map(|used| used.at);
    if last.is_some_and(|last| again != Some(last) && now.since(last) < offer.per_person_ms) {
        return Err(Refusal::OnePerPerson);
    }
    let orders = holder.map(|profile| &*profile.orders);
    let fits = |line: &Line| {
        offer.not_for.holds(line, catalogue) == Truth::False
            && !orders.is_some_and(|orders| came_back(orders, line, catalogue, now))
    };
    let numbered = counter.lines.iter().enumerate();
    let lines: Vec<usize> =
        numbered.filter(|(_, line)| fits(line)).map(|(number, _)| number).collect();
    if !counter.lines.is_empty() && lines.is_empty() {
        return Err(Refusal::NotForThese);
    }
    let takes_off = takes_off(offer, counter, &lines);
    Ok(Usable { lines, takes_off })
}

/// What an offer would take off lines that were paid in `currency`; `None` where it is for none of
/// them, or takes off no money.
#[must_use]
pub fn worth(
    offer: &Offer,
    lines: &[Line],
    currency: Currency,
    catalogue: &Catalogue,
) -> Option<Money> {
    let fits = |line: &&Line| offer.not_for.holds(line, catalogue) == Truth::False;
    let lines: Vec<Line> = lines.iter().filter(fits).cloned().collect();
    let minor = lines.iter().filter_map(|line| line.total_minor).sum();
    let counter = Counter { lines: &lines, total: Some(Money { minor, currency }) };
    let numbers: Vec<usize> = (0..lines.len()).collect();
    takes_off(offer, counter, &numbers).filter(|money| !lines.is_empty() && money.minor > 0)
}

/// Whether a product was cancelled or brought back so lately that buying it again with a code would
/// pay.
fn came_back(orders: &Orders, line: &Line, catalogue: &Catalogue, now: Timestamp) -> bool {
    orders.by_key.values().any(|order| {
        let backs = order.refunds.values().map(|refund| (refund.occurred.at, &refund.lines));
        let of_sale = order.sale.as_ref().map(|sale| &sale.lines);
        let cancelled = order.cancelled.map(|stamp| stamp.at).into_iter();
        let cancelled = cancelled.filter_map(|at| Some((at, of_sale?)));
        backs.chain(cancelled).any(|(at, lines)| {
            let lines = if lines.is_empty() { of_sale.unwrap_or(lines) } else { lines };
            now.since(at) < Offer::REBUY_MS
                && lines.iter().any(|back| catalogue.same(line, back) == Truth::True)
        })
    })
}

/// What a code takes off: an amount at most what there is to pay; a percentage of the lines it is
/// for, or of the whole where nothing else is known.
fn takes_off(offer: &Offer, counter: Counter<'_>, lines: &[usize]) -> Option<Money> {
    let total = counter.total;
    match &offer.benefit {
        Benefit::Amount(amount) => {
            let most = total.filter(|total| total.currency == amount.currency);
            Some(Money {
                minor: most.map_or(amount.minor, |most| amount.minor.min(most.minor)),
                ..*amount
            })
        }
        Benefit::Percent(percent) => {
            let total = total?;
            let priced = lines.iter().filter_map(|number| counter.lines[*number].total_minor);
            let all_priced = !lines.is_empty()
                && lines.iter().all(|number| counter.lines[*number].total_minor.is_some());
            let of = if all_priced { priced.sum::<i64>().min(total.minor) } else { total.minor };
            let off = of.saturating_mul(i64::from(*percent)) / 100;
            let most = offer.at_most.filter(|most| most.currency == total.currency);
            Some(Money { minor: most.map_or(off, |most| off.min(most.minor)), ..total })
        }
        Benefit::FreeShipping | Benefit::Points(_) | Benefit::Gift(_) => None,
    }
}
