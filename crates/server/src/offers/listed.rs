//! Every offer with what was given, used and set aside.

use regulars_engine::event::Money;
use regulars_engine::offer::{Budget, Codes, Offer, Stand, Stock};
use regulars_engine::program::Program;
use regulars_engine::time::{DAY, Timestamp};
use serde_json::{Value, json};

use crate::writer::Pooled;

/// One offer and how it stands.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// The offer; `None`: it is defined no longer, and codes of it are about.
    pub offer: Option<Offer>,
    /// How it stands.
    pub stand: Stand,
}

/// Whether the codes of an offer come out of a pool.
#[must_use]
pub fn pooled(offer: &Offer) -> bool {
    matches!(offer.codes, Codes::Pool { .. })
}

impl Listed {
    /// Codes that were given to somebody, whatever became of them.
    #[must_use]
    pub fn issued(&self) -> u64 {
        let Stand { open, expired, redeemed, taken_back, .. } = &self.stand;
        open + expired + redeemed + taken_back
    }

    /// Whether its pool calls for more codes.
    #[must_use]
    pub fn low(&self) -> bool {
        match self.offer.as_ref().map(|offer| offer.codes) {
            Some(Codes::Pool { alarm_below }) => self.stand.free < alarm_below,
            Some(Codes::Generated) | None => false,
        }
    }

    /// Whether its codes come out of a pool.
    #[must_use]
    pub fn pooled(&self) -> bool {
        self.offer.as_ref().is_some_and(pooled)
    }

    /// What open codes may come to at most, where that is known.
    #[must_use]
    pub fn liability(&self) -> Option<Money> {
        self.stand.liability(self.offer.as_ref()?)
    }

    /// What used codes cost, by currency.
    #[must_use]
    pub fn cost(&self) -> Vec<Money> {
        let of = |(currency, minor): (_, &i64)| Money { minor: *minor, currency };
        self.stand.cost.iter().map(|(currency, minor)| of((*currency, minor))).collect()
    }

    /// The offer as the API shows it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let offer = self.offer.as_ref();
        let budget = offer.and_then(|offer| offer.budget).map(|budget| match budget {
            Budget::Codes(codes) => json!({ "codes": codes }),
            Budget::Money(money) => money_json(money),
        });
        json!({
            "offer": self.name,
            "gives": offer.map(|offer| offer.benefit.to_string()),
            "codes": if self.pooled() { "pool" } else { "generated" },
            "valid_days": offer.map(|offer| (offer.valid_ms + DAY - 1) / DAY),
            "free": self.pooled().then_some(self.stand.free),
            "low": self.low(),
            "issued": self.issued(),
            "open": self.stand.open,
            "expired": self.stand.expired,
            "redeemed": self.stand.redeemed,
            "taken_back": self.stand.taken_back,
            "unpriced": self.stand.unpriced,
            "cost": self.cost().into_iter().map(money_json).collect::<Vec<_>>(),
            "liability": self.liability().map(money_json),
            "budget": budget,
            "room": offer.is_some_and(|offer| self.stand.room(offer)),
        })
    }
}

/// An amount as the API shows it.
#[must_use]
pub fn money_json(money: Money) -> Value {
    json!({ "minor": money.minor, "currency": money.currency.code() })
}

/// Every offer by name: those that are defined, and those of which codes are about.
#[must_use]
pub fn list(stock: &Stock, program: &Program, now: Timestamp) -> Vec<Listed> {
    let mut names: Vec<&str> = program.offers.keys().map(String::as_str).collect();
    names.extend(stock.offers());
    names.sort_unstable();
    names.dedup();
    let one = |name: &str| Listed {
        name: name.to_owned(),
        offer: program.offers.get(name).cloned(),
        stand: stock.stand(name, now),
    };
    names.into_iter().map(one).collect()
}

/// The most numbers of rows that are told.
const ROWS_TOLD: usize = 20;

/// What became of codes that were put into a pool, as the API tells it.
#[must_use]
pub fn pooled_json(pooled: &Pooled) -> Value {
    json!({
        "added": pooled.added,
        "repeated": pooled.repeated,
        "unreadable": pooled.unreadable.len(),
        "unreadable_rows": pooled.unreadable.iter().take(ROWS_TOLD).collect::<Vec<_>>(),
    })
}
