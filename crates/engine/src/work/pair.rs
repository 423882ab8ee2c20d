//! Possible pairs: two persons who are possibly one, as the review queue shows them, and what it is
//! worth to know.
//!
//! The pairs are those by which the guard holds messages: see [`possible`](super::likely). What the
//! answer is worth is the probability times the money that hangs on it: carts whose message is held
//! because of the pair, and carts about which both would be written to.

use crate::condition::Likeness;
use crate::event::{Currency, Line};
use crate::identity::link::{Comparison, Field, Model, Record as Described, compare};
use crate::identity::{FIELDS, IdentifierKind, PersonId, Ties, Topic};
use crate::journey::{Enrollment, State};
use crate::reason::ReasonCode;
use crate::record::Record;
use crate::time::Timestamp;

/// Two persons who are possibly one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PossiblePair {
    /// The one with the smaller id.
    pub one: PersonId,
    /// The other.
    pub other: PersonId,
    /// How likely, in percent, 1 to 99: the guard's own figure.
    pub percent: u8,
    /// Why.
    pub because: Likeness,
    /// What hangs on the answer.
    pub stake: Stake,
    /// When staff last looked at the pair and could not tell.
    pub unsure_at: Option<Timestamp>,
}

/// What hangs on knowing whether two persons are one, in minor units of the shop's currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stake {
    /// Carts of messages that are held because the two are possibly one.
    pub held_minor: i64,
    /// Carts about which both are in the same journey: the second message is wasted on one person.
    pub wasted_minor: i64,
    /// What both have spent so far and kept: what orders pairs on which nothing hangs at the moment.
    pub spent_minor: i64,
}

impl PossiblePair {
    /// What the answer is worth, in minor units: the probability times the money held or wasted.
    #[must_use]
    pub fn worth_minor(&self) -> i64 {
        let money = self.stake.held_minor.saturating_add(self.stake.wasted_minor);
        money.saturating_mul(i64::from(self.percent)) / 100
    }

    /// The place in the queue, the largest first: what nobody could tell comes last, then by worth,
    /// then by what the two have spent.
    #[must_use]
    pub fn rank(&self) -> (bool, i64, i64, std::cmp::Reverse<(PersonId, PersonId)>) {
        let spent = self.stake.spent_minor.saturating_mul(i64::from(self.percent)) / 100;
        let ids = std::cmp::Reverse((self.one, self.other));
        (self.unsure_at.is_none(), self.worth_minor(), spent, ids)
    }
}

/// The pair of two records, of which one is a possible twin of the other.
#[must_use]
pub fn possible_pair(
    one: &Record,
    other: &Record,
    (percent, because): (u8, Likeness),
    currency: Currency,
) -> PossiblePair {
    let (one, other) = if one.id() <= other.id() { (one, other) } else { (other, one) };
    PossiblePair {
        one: one.id(),
        other: other.id(),
        percent,
        because,
        stake: stake(one, other, currency),
        unsure_at: (one.evidence.last_word(&other.evidence, Topic::Person))
            .filter(|word| word.ties == Ties::Unsure)
            .map(|word| word.last_at),
    }
}

/// What hangs on knowing whether two persons are one.
#[must_use]
pub fn stake(one: &Record, other: &Record, currency: Currency) -> Stake {
    let held = |own: &Record, twin: &Record| -> i64 {
        let waits = own.enrollments.iter().filter(|enrollment| waits_for(enrollment, twin.id()));
        waits.map(|enrollment| cart_minor(enrollment, currency)).sum()
    };
    let runs = |record: &'_ Record| -> Vec<(String, i64)> {
        let running = record.enrollments.iter().filter(|enrollment| enrollment.runs());
        running.map(|e| (e.journey.clone(), cart_minor(e, currency))).collect()
    };
    let theirs = runs(other);
    let twice = |(journey, minor): &(String, i64)| {
        let same = theirs.iter().filter(|(other, _)| other == journey);
        same.map(|(_, other)| *other.min(minor)).max().unwrap_or(0)
    };
    Stake {
        held_minor: held(one, other) + held(other, one),
        wasted_minor: runs(one).iter().map(twice).sum(),
        spent_minor: spent_minor(one, currency) + spent_minor(other, currency),
    }
}

/// Whether a message of an enrollment is held because `twin` is possibly the same person.
fn waits_for(enrollment: &Enrollment, twin: PersonId) -> bool {
    let State::Held { reasons, .. } = &enrollment.state else { return false };
    reasons.iter().any(|reason| reason.code == ReasonCode::TwinMaybe && reason.person == Some(twin))
}

fn cart_minor(enrollment: &Enrollment, currency: Currency) -> i64 {
    let own = |line: &&Line| line.currency.is_none_or(|of| of == currency);
    enrollment.cart.iter().filter(own).filter_map(|line| line.total_minor).sum()
}

fn spent_minor(record: &Record, currency: Currency) -> i64 {
    let kept = record.profile.orders.by_key.values().filter(|order| order.kept());
    kept.filter(|order| order.sale.as_ref().is_some_and(|sale| sale.currency == currency))
        .map(crate::profile::OrderRecord::net_minor)
        .sum()
}

/// What a person's traits and contacts say of them, as records are compared.
#[must_use]
pub fn described(record: &Record) -> Described {
    let mut described = Described::default();
    for (field, names) in FIELDS {
        if let Some(text) = names.iter().find_map(|name| record.profile.trait_text(name)) {
            described.set(field, text);
        }
    }
    for node in record.evidence.nodes.iter().rev() {
        let value = node.identifier.value();
        if node.identifier.kind == IdentifierKind::Email {
            described.set(Field::Email, value);
        } else if node.identifier.kind == IdentifierKind::Phone {
            described.set(Field::Phone, value);
        }
    }
    described
}

/// What the two records themselves say: names, dates, places and contacts, as `model` weighs them.
#[must_use]
pub fn weighed(one: &Record, other: &Record, model: &Model) -> Comparison {
    compare(model, &described(one), &described(other))
}
