//! What there is of an offer: codes, what state they are in, and what they came to.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::{Budget, CodeKey, Codes, Offer};
use crate::event::{Currency, Money};
use crate::identity::PersonId;
use crate::time::{DAY, Timestamp};

/// What a message gives: the offer with the code that stands for it.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Given {
    /// The offer's name.
    #[n(0)]
    pub offer: String,
    /// What it gives, in its own wording.
    #[n(1)]
    pub text: String,
    /// The code. Whoever knows it may use it: shown to the person, never logged.
    #[n(2)]
    pub code: String,
    /// Until when it may be used.
    #[n(3)]
    pub until: Timestamp,
}

/// What state a code is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum CodeState {
    /// It lies in a pool.
    #[n(0)]
    Free,
    /// It was given to somebody and may be used.
    #[n(1)]
    Issued,
    /// It was used.
    #[n(2)]
    Redeemed,
    /// It was given by hand, and staff took it back.
    #[n(3)]
    TakenBack,
}

impl CodeState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::Free, Self::Issued, Self::Redeemed, Self::TakenBack];

    /// The word in files, the API and on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Issued => "issued",
            Self::Redeemed => "redeemed",
            Self::TakenBack => "taken_back",
        }
    }
}

/// A code, as it is kept under its key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Code {
    /// Of which offer.
    #[n(0)]
    pub offer: String,
    /// In which state.
    #[n(1)]
    pub state: CodeState,
    /// The code as people read it, until it was used: no `Debug` of ours may be logged.
    #[n(2)]
    pub text: Option<String>,
    /// The log position of the message that it went out with, or of the event by which staff gave it;
    /// 0: it lies in a pool, or its person was erased.
    #[n(3)]
    pub message: u64,
    /// To whom it was given, as they were known then.
    #[n(4)]
    pub person: PersonId,
    /// When it was given.
    #[n(5)]
    pub issued_at: Timestamp,
    /// Until when it may be used.
    #[n(6)]
    pub until: Timestamp,
    /// Its use, where it was used: see [`CodeState::Redeemed`].
    #[n(7)]
    pub used: Option<Used>,
    /// When staff took it back, if they did: see [`CodeState::TakenBack`].
    #[n(8)]
    pub taken_back_at: Option<Timestamp>,
}

/// How a code was used.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Used {
    /// When.
    #[n(0)]
    pub at: Timestamp,
    /// A keyed hash of the redemption's id.
    #[n(1)]
    pub redemption: u64,
    /// A keyed hash of the order's key; 0: nobody said which order.
    #[n(2)]
    pub order: u64,
    /// What it cost, where that was said.
    #[n(3)]
    pub cost: Option<Money>,
}

impl Given {
    /// An offer that is given at a moment, before it has its code.
    #[must_use]
    pub fn of(offer: &Offer, now: Timestamp) -> Self {
        Self {
            offer: offer.name.clone(),
            text: offer.benefit.to_string(),
            code: String::new(),
            until: now.plus(offer.valid_ms),
        }
    }
}

impl Code {
    /// A code that lies in a pool.
    #[must_use]
    pub fn free(offer: &str, text: &str) -> Self {
        Self {
            offer: offer.to_owned(),
            state: CodeState::Free,
            text: Some(text.to_owned()),
            message: 0,
            person: PersonId(0),
            issued_at: Timestamp::EARLIEST,
            until: Timestamp::EARLIEST,
            used: None,
            taken_back_at: None,
        }
    }

    /// The state of a code that was given and is not used.
    #[must_use]
    pub fn unused(&self) -> CodeState {
        match self.taken_back_at {
            Some(_) => CodeState::TakenBack,
            None => CodeState::Issued,
        }
    }

    /// The day of UTC under which it is counted: of a used one that of its use, of any other that was
    /// given its last.
    #[must_use]
    pub fn day(&self) -> i64 {
        match self.state {
            CodeState::Free => 0,
            CodeState::Issued | CodeState::TakenBack => day(self.until),
            CodeState::Redeemed => self.used.as_ref().map_or(0, |used| day(used.at)),
        }
    }

    /// What it cost, where it was used and that was said.
    #[must_use]
    pub fn cost(&self) -> Option<Money> {
        self.used.as_ref().filter(|_| self.state == CodeState::Redeemed)?.cost
    }
}

fn day(at: Timestamp) -> i64 {
    at.0.div_euclid(DAY)
}

/// A code to be written, by compare-and-set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeWrite {
    /// Its key.
    pub key: CodeKey,
    /// The state it was read in; `None`: there was no such code. A store that finds another one
    /// refuses the whole commit.
    pub read: Option<CodeState>,
    /// The code from here on; `None`: there is no such code any more.
    pub code: Option<Code>,
}

/// How many codes, and what they came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// How many.
    pub codes: u64,
    /// What they cost, in minor units.
    pub cost_minor: i64,
}

/// Codes of one offer by state, day and currency of their cost.
type Counters = BTreeMap<(CodeState, i64, Option<Currency>), Counted>;

/// Codes of every offer by state, day and currency of their cost: counters that are kept as codes
/// change, so that nobody counts rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stock {
    by_offer: BTreeMap<String, Counters>,
}

/// How an offer stands at a moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stand {
    /// Codes that lie in its pool.
    pub free: u64,
    /// Codes that were given and may still be used.
    pub open: u64,
    /// Codes that were given and are valid no longer.
    pub expired: u64,
    /// Codes that were used.
    pub redeemed: u64,
    /// Of those, the ones of which nobody said what they cost.
    pub unpriced: u64,
    /// Codes that staff took back: they count for nothing.
    pub taken_back: u64,
    /// What the used ones cost, by currency.
    pub cost: BTreeMap<Currency, i64>,
}

/// An offer that nothing is there of.
static NOTHING: Stock = Stock { by_offer: BTreeMap::new() };

impl Stock {
    /// A stock of nothing, for whoever asks a question to which offers do not matter.
    #[must_use]
    pub fn nothing() -> &'static Self {
        &NOTHING
    }

    /// Counts codes of one kind.
    pub fn count(
        &mut self,
        offer: &str,
        (state, day, currency): (CodeState, i64, Option<Currency>),
        counted: Counted,
    ) {
        let of = self.by_offer.entry(offer.to_owned()).or_default();
        let held = of.entry((state, day, currency)).or_default();
        held.codes += counted.codes;
        held.cost_minor = held.cost_minor.saturating_add(counted.cost_minor);
    }

    /// Counts a code that is given, out of its pool if it has one.
    pub fn issue(&mut self, offer: &Offer, until: Timestamp) {
        if matches!(offer.codes, Codes::Pool { .. })
            && let Some(of) = self.by_offer.get_mut(&offer.name)
            && let Some(free) = of.get_mut(&(CodeState::Free, 0, None))
        {
            free.codes = free.codes.saturating_sub(1);
        }
        let counted = Counted { codes: 1, cost_minor: 0 };
        self.count(&offer.name, (CodeState::Issued, day(until), None), counted);
    }

    /// How an offer stands at `now`.
    #[must_use]
    pub fn stand(&self, offer: &str, now: Timestamp) -> Stand {
        let mut stand = Stand::default();
        for ((state, last, currency), counted) in self.by_offer.get(offer).into_iter().flatten() {
            match state {
                CodeState::Free => stand.free += counted.codes,
                // The last day counts whole: money is set aside rather too long than too short.
                CodeState::Issued if *last >= day(now) => stand.open += counted.codes,
                CodeState::Issued => stand.expired += counted.codes,
                CodeState::TakenBack => stand.taken_back += counted.codes,
                CodeState::Redeemed => {
                    stand.redeemed += counted.codes;
                    match currency {
                        Some(currency) => {
                            *stand.cost.entry(*currency).or_default() += counted.cost_minor;
                        }
                        None => stand.unpriced += counted.codes,
                    }
                }
            }
        }
        stand
    }

    /// What was used of an offer, by day of UTC and currency, ascending: for its report.
    pub fn used(&self, offer: &str) -> impl Iterator<Item = (i64, Option<Currency>, Counted)> {
        let of = self.by_offer.get(offer).into_iter().flatten();
        of.filter(|((state, ..), _)| *state == CodeState::Redeemed)
            .map(|((_, day, currency), counted)| (*day, *currency, *counted))
    }

    /// The offers of which there are codes.
    pub fn offers(&self) -> impl Iterator<Item = &str> {
        self.by_offer.keys().map(String::as_str)
    }
}

impl Stand {
    /// What open codes may come to at most; `None` where one code may cost any amount.
    #[must_use]
    pub fn liability(&self, offer: &Offer) -> Option<Money> {
        let worst = offer.worst()?;
        let open = i64::try_from(self.open).unwrap_or(i64::MAX);
        Some(Money { minor: worst.minor.saturating_mul(open), ..worst })
    }

    /// Whether another code may be given: the pool has one, and the budget has room for the worst
    /// that it and every open one may cost.
    #[must_use]
    pub fn room(&self, offer: &Offer) -> bool {
        match offer.budget {
            None => true,
            Some(Budget::Codes(most)) => self.open.saturating_add(self.redeemed) < most,
            Some(Budget::Money(budget)) => {
                let spent = self.spent(offer, budget.currency);
                let worst = offer.worst().map_or(i64::MAX, |worst| worst.minor);
                spent.saturating_add(worst) <= budget.minor
            }
        }
    }

    /// What used codes cost and open ones may, in one currency. What was used without a price, or
    /// in another currency, counts with the worst.
    #[must_use]
    pub fn spent(&self, offer: &Offer, currency: Currency) -> i64 {
        let worst = offer.worst().map_or(0, |worst| worst.minor);
        let known = self.cost.get(&currency).copied().unwrap_or(0);
        let times = |codes: u64| worst.saturating_mul(i64::try_from(codes).unwrap_or(i64::MAX));
        let elsewhere =
            if self.cost.keys().any(|held| *held != currency) { self.redeemed } else { 0 };
        known.saturating_add(times(self.open + self.unpriced)).saturating_add(times(elsewhere))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::offer::Benefit;

    fn offer(budget: Budget) -> Offer {
        let eur = |minor| Money { minor, currency: Currency::EUR };
        Offer { budget: Some(budget), ..Offer::of(Benefit::Amount(eur(500))) }
    }

    #[test]
    fn a_budget_counts_open_codes_at_their_worst_and_expired_ones_not_at_all() {
        let offer = offer(Budget::Money(Money { minor: 1_200, currency: Currency::EUR }));
        let mut stock = Stock::default();
        let room =
            |stock: &Stock, day: i64| stock.stand(&offer.name, Timestamp(day * DAY)).room(&offer);
        assert!(room(&stock, 0));
        stock.issue(&offer, Timestamp(3 * DAY));
        assert!(room(&stock, 0));
        stock.issue(&offer, Timestamp(9 * DAY));
        assert!(!room(&stock, 3));
        assert!(room(&stock, 4), "the first is valid no longer");
        let used = Counted { codes: 1, cost_minor: 480 };
        stock.count(&offer.name, (CodeState::Redeemed, 2, Some(Currency::EUR)), used);
        assert!(!room(&stock, 4));
        assert!(room(&stock, 10));
    }

    #[test]
    fn a_number_of_codes_is_a_budget_too() {
        let offer = offer(Budget::Codes(2));
        let mut stock = Stock::default();
        let now = Timestamp(DAY);
        for _ in 0..2 {
            assert!(stock.stand(&offer.name, now).room(&offer));
            stock.issue(&offer, now);
        }
        assert!(!stock.stand(&offer.name, now).room(&offer));
    }
}
