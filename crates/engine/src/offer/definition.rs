//! Offers as their definitions state them.

use std::fmt;

use jiff::civil::Date;

use crate::condition::Condition;
use crate::event::{Line, Money};
use crate::product::{Catalogue, Known};
use crate::time::DAY;
use crate::truth::Truth;

/// What an offer gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Benefit {
    /// So many per cent off, 1 to 100.
    Percent(u8),
    /// An amount off, more than nothing.
    Amount(Money),
    /// Nothing to pay for the shipping.
    FreeShipping,
    /// Points of the loyalty programme, more than none.
    Points(u32),
    /// A thing, by its name.
    Gift(String),
}

impl fmt::Display for Benefit {
    /// `20 % off`, `5.00 EUR off`, `free shipping`, `100 points`, `gift: a cap`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Percent(percent) => write!(f, "{percent} % off"),
            Self::Amount(money) => write!(f, "{money} off"),
            Self::FreeShipping => f.write_str("free shipping"),
            Self::Points(points) => write!(f, "{points} points"),
            Self::Gift(gift) => write!(f, "gift: {gift}"),
        }
    }
}

/// Where its codes come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Codes {
    /// Made as they are given: 60 random bits and a check character.
    Generated,
    /// Out of a pool that somebody imported, which till or shop know already.
    Pool {
        /// With fewer left the pool calls for more.
        alarm_below: u64,
    },
}

/// How much an offer may come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    /// So many codes that are open or used.
    Codes(u64),
    /// So much money, counting an open code at the most it may cost.
    Money(Money),
}

/// What happens to a used code when everything that was bought with it comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnReturn {
    /// It stays used.
    Close,
    /// It may be used again, as long as it is valid.
    Reopen,
}

/// What an offer is not for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excluded {
    /// Products, by id.
    pub products: Vec<String>,
    /// Categories, with those below them.
    pub categories: Vec<String>,
}

impl Excluded {
    /// Whether a line is left out. Unknown where its product or its category is not known.
    #[must_use]
    pub fn holds(&self, line: &Line, catalogue: &Catalogue) -> Truth {
        let product = |id: &String| match catalogue.of_line(line) {
            Known::Product(held) => (catalogue.circle(held) == catalogue.circle(id)).into(),
            Known::Unmapped => Truth::Unknown,
        };
        let products = self.products.iter().map(product);
        let categories = self.categories.iter().map(|name| catalogue.in_category(line, name));
        products.chain(categories).fold(Truth::False, Truth::or)
    }
}

/// An offer.
#[derive(Clone, Debug, PartialEq)]
pub struct Offer {
    /// Its name; of one that a step states itself, the wording of what it gives.
    pub name: String,
    /// What it gives.
    pub benefit: Benefit,
    /// The most that one code may cost; of a percentage also the most that is taken off.
    pub at_most: Option<Money>,
    /// Where its codes come from.
    pub codes: Codes,
    /// Milliseconds for which a code is valid from when it was given.
    pub valid_ms: i64,
    /// The first day on which it is given, in the shop's zone.
    pub from: Option<Date>,
    /// The last day on which it is given, in the shop's zone.
    pub until: Option<Date>,
    /// How much it may come to; `None`: whatever it comes to.
    pub budget: Option<Budget>,
    /// What must surely hold of whoever gets it.
    pub only_for: Option<Condition>,
    /// What it is not for.
    pub not_for: Excluded,
    /// Milliseconds in which a person gets one, over all their records; `i64::MAX`: once ever.
    pub per_person_ms: i64,
    /// Milliseconds after which what was bought may be offered again; `None`: never.
    pub again_after_ms: Option<i64>,
    /// What happens to a used code when everything comes back.
    pub on_return: OnReturn,
}

impl Offer {
    /// A code is valid for 30 days where nothing is said.
    pub const VALID_MS: i64 = 30 * DAY;
    /// A person gets one in 30 days where nothing is said.
    pub const PER_PERSON_MS: i64 = 30 * DAY;
    /// What was bought or brought back so lately is not offered: returning and buying again must
    /// not pay. As long as shops take things back.
    pub const REBUY_MS: i64 = 30 * DAY;
    /// With fewer codes left a pool calls for more, where nothing is said.
    pub const ALARM_BELOW: u64 = 100;

    /// The offer that a step states by its benefit alone, under the usual rules.
    #[must_use]
    pub fn of(benefit: Benefit) -> Self {
        Self {
            name: benefit.to_string(),
            benefit,
            at_most: None,
            codes: Codes::Generated,
            valid_ms: Self::VALID_MS,
            from: None,
            until: None,
            budget: None,
            only_for: None,
            not_for: Excluded::default(),
            per_person_ms: Self::PER_PERSON_MS,
            again_after_ms: None,
            on_return: OnReturn::Close,
        }
    }

    /// The most that one code may cost, where that is known.
    #[must_use]
    pub fn worst(&self) -> Option<Money> {
        match &self.benefit {
            Benefit::Amount(money) => Some(*money),
            Benefit::Percent(_) | Benefit::FreeShipping | Benefit::Points(_) | Benefit::Gift(_) => {
                self.at_most
            }
        }
    }
}
