//! What a tool that hears a part of the channels would have sent: the shop's own rules, asked of what
//! such a tool hears, and every message weighed on all that is known today.
//!
//! There is no second set of rules in it. [`siloed`] gives a program to be run over those events alone
//! that [`heard_by_silo`] lets through; [`weigh`] asks of each message what [`super::judge`] asks.

use std::collections::BTreeMap;

use super::regret::{Case, Today, View};
use super::viewpoint::Sum;
use crate::event::{Channel, Currency, Line, Money};
use crate::journey::StepKind;
use crate::offer::worth;
use crate::program::Program;
use crate::reason::{Reason, ReasonCode};
use crate::truth::Truth;

/// Whether a tool that is fed by the online shop hears what comes over a channel: all but the stores
/// and the service desk. What no such tool would miss is left to it, so that its mistakes are counted
/// low rather than high.
#[must_use]
pub const fn heard_by_silo(channel: Channel) -> bool {
    match channel {
        Channel::Store | Channel::Service => false,
        Channel::Web
        | Channel::App
        | Channel::Email
        | Channel::Sms
        | Channel::Push
        | Channel::Social
        | Channel::Ads
        | Channel::Other => true,
    }
}

/// The program as such a tool runs it: the same journeys, caps and quiet hours, and what it has heard
/// is all there is. It waits for no other source's word.
#[must_use]
pub fn siloed(program: &Program) -> Program {
    let mut alone = program.clone();
    alone.sources.retain(|_, source| heard_by_silo(source.channel));
    for source in alone.sources.values_mut() {
        source.sends_orders = Some(false);
        source.feeds.clear();
    }
    for step in alone.journeys.iter_mut().flat_map(|journey| &mut journey.steps) {
        if let StepKind::Send(send) = &mut step.kind {
            send.known_complete = false;
        }
    }
    alone
}

/// Why a message should not have gone; the first that is true counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mistake {
    /// What it was about had been bought.
    Bought,
    /// The person had said no, or the address was under a hard stop.
    Refused,
    /// A question to the service desk was open.
    Ticket,
    /// The journey was over for another reason, or its condition did not hold.
    Over,
}

impl Mistake {
    /// Every one, in the order in which it counts.
    pub const ALL: [Self; 4] = [Self::Bought, Self::Refused, Self::Ticket, Self::Over];

    /// The word in the API and on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Bought => "bought",
            Self::Refused => "refused",
            Self::Ticket => "ticket",
            Self::Over => "over",
        }
    }
}

/// A message that should not have gone.
#[derive(Clone, Debug, PartialEq)]
pub struct Wrong {
    /// Why.
    pub mistake: Mistake,
    /// What forbids it, with its facts.
    pub reason: Reason,
    /// What its offer would take off what had been paid for already, by currency; `None` where it
    /// bears no offer.
    pub given_away: Option<Vec<Money>>,
}

/// What is to be said of a message that would have gone.
#[derive(Clone, Debug, PartialEq)]
pub enum Weighed {
    /// On all that is known today it might have gone.
    Well,
    /// It should not have gone.
    Wrong(Wrong),
    /// The log does not tell who would have got it.
    Unclear,
}

/// Weighs a message on everything of before it that is known today.
///
/// Cost: two folds of the person's history.
#[must_use]
pub fn weigh(today: Today<'_>, case: &Case<'_>) -> Weighed {
    let Some(view) = View::of_today(today, case) else { return Weighed::Unclear };
    let bought = view.bought_unnoticed(today, case);
    let mistake = bought.is_some().then_some(Mistake::Bought);
    let Some(reason) = bought.or_else(|| view.forbids(today, case)) else { return Weighed::Well };
    let over = matches!(reason.code, ReasonCode::ExitRule | ReasonCode::ConditionFalse);
    let mistake = mistake.unwrap_or(match reason.code == ReasonCode::OpenTicket {
        true => Mistake::Ticket,
        false if over => Mistake::Over,
        // Whatever else forbids is about the address and what was said of it.
        false => Mistake::Refused,
    });
    let offer = case.send.offer.as_ref().filter(|_| !case.message.without_offer);
    let offer = offer.and_then(|name| today.program.offers.get(name));
    let given_away = offer.map(|offer| {
        let paid = paid(today, case, &view).into_iter();
        paid.filter_map(|(currency, lines)| worth(offer, &lines, currency, today.catalogue))
            .collect()
    });
    Weighed::Wrong(Wrong { mistake, reason, given_away })
}

/// What the person had paid, since she entered, for what lay in the cart, by currency.
fn paid(today: Today<'_>, case: &Case<'_>, view: &View) -> BTreeMap<Currency, Vec<Line>> {
    let orders = view.record.profile.orders.by_key.values();
    let standing = orders.filter(|order| order.cancelled.is_none());
    let sales = standing.filter_map(|order| order.sale.as_ref());
    let mut paid: BTreeMap<Currency, Vec<Line>> = BTreeMap::new();
    for sale in sales.filter(|sale| sale.occurred.at >= case.entered_at) {
        let of_cart = |line: &&Line| {
            view.cart.iter().any(|held| today.catalogue.same(held, line) == Truth::True)
        };
        paid.entry(sale.currency).or_default().extend(sale.lines.iter().filter(of_cart).cloned());
    }
    paid
}

/// What went, or would have gone, and what of it was wrong.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Side {
    /// Messages that were weighed.
    pub messages: u64,
    /// Messages of which the log does not tell who would have got them; not among the others.
    pub unclear: u64,
    /// Those that should not have gone, by why.
    pub wrong: BTreeMap<Mistake, u64>,
    /// Those of them that bore an offer, and what these offers take off what had been paid.
    pub offers: Sum,
}

impl Side {
    /// Takes in a message.
    pub fn add(&mut self, weighed: &Weighed) {
        match weighed {
            Weighed::Unclear => self.unclear += 1,
            Weighed::Well => self.messages += 1,
            Weighed::Wrong(wrong) => {
                self.messages += 1;
                *self.wrong.entry(wrong.mistake).or_default() += 1;
                if let Some(money) = &wrong.given_away {
                    self.offers.add(money);
                }
            }
        }
    }

    /// All that should not have gone.
    #[must_use]
    pub fn wrong_in_all(&self) -> u64 {
        self.wrong.values().sum()
    }
}
