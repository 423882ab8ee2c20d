//! The model: everything that was learned from a shop's own people at one moment. An immutable
//! version: a new fit makes a new one, and what an older one said can be said again.

use minicbor::{Decode, Encode};

use super::blend::Blend;
use super::buying::Fitted;
use super::buying::Parameter;
use super::churn::Churn;
use super::engagement::Engagement;
use super::gamma_gamma::GammaGamma;
use super::holdout::Comparison;
use super::rfm::{Fifths, Migration, RfmGroup};
use crate::condition::Stage;
use crate::event::Currency;
use crate::time::Timestamp;

/// The value of orders, as fitted.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct FittedValue {
    /// The model.
    #[n(0)]
    pub model: GammaGamma,
    /// Its parameters by name.
    #[n(1)]
    pub parameters: Vec<Parameter>,
    /// The logarithm of its likelihood.
    #[n(2)]
    pub ln_likelihood: f64,
    /// Buyers with repeat orders that it was fitted on.
    #[n(3)]
    pub repeaters: u64,
}

/// What the shop as a whole may expect.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Forecast {
    /// In so many days.
    #[n(0)]
    pub days: u16,
    /// So many orders from today's customers.
    #[n(1)]
    pub orders: f64,
    /// So much money from them, in units of the currency.
    #[n(2)]
    pub value: f64,
}

/// How many people went from one stage to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Flow {
    /// The stage before; `None`: was not known yet.
    #[n(0)]
    pub from: Option<Stage>,
    /// The stage after.
    #[n(1)]
    pub to: Stage,
    /// How many people.
    #[n(2)]
    pub people: u64,
}

/// From which amounts on somebody is a big spender, and a future one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub struct Spenders {
    /// Spent in the last year, in minor units: the top tenth of those who bought in it.
    #[n(0)]
    pub big_minor: i64,
    /// Expected in the next year, in units of the currency: the top tenth of all buyers.
    #[n(1)]
    pub future: f64,
}

/// A version.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Model {
    /// When it was fitted.
    #[n(0)]
    pub fitted_at: Timestamp,
    /// The last day it knew, from 1970-01-01 in the shop's zone.
    #[n(1)]
    pub today: i32,
    /// The currency of its money.
    #[n(2)]
    pub currency: Currency,
    /// People looked at.
    #[n(3)]
    pub people: u64,
    /// Buyers that it was fitted on.
    #[n(4)]
    pub buyers: u64,
    /// Staff, resellers and others who buy by the hundreds: left out.
    #[n(5)]
    pub outliers: u64,
    /// Every model of buying that could be fitted.
    #[n(6)]
    pub fits: Vec<Fitted>,
    /// How they did on what they had not seen.
    #[n(7)]
    pub comparison: Comparison,
    /// Those that are used.
    #[n(8)]
    pub blend: Blend,
    /// The value of orders; `None`: too few repeat orders.
    #[n(9)]
    pub value: Option<FittedValue>,
    /// The mean value of an order, in units of the currency.
    #[n(10)]
    pub mean_value: f64,
    /// How churn risks are told; `None`: too short a history, or too few buyers.
    #[n(11)]
    pub churn: Option<Churn>,
    /// Weights and scales of engagement.
    #[n(12)]
    pub engagement: Engagement,
    /// Bounds of recency, frequency and money.
    #[n(13)]
    pub fifths: Fifths,
    /// Buyers by recency (rows, 1 to 5) and the mean of frequency and money (columns, 1 to 5).
    #[n(14)]
    pub grid: Vec<Vec<u64>>,
    /// Buyers by named group, each with how many.
    #[n(15)]
    pub groups: Vec<(RfmGroup, u64)>,
    /// Ways between named groups over the last ninety days.
    #[n(16)]
    pub migration: Migration,
    /// People by stage.
    #[n(17)]
    pub stages: Vec<(Stage, u64)>,
    /// Ways between stages over the last ninety days.
    #[n(18)]
    pub flows: Vec<Flow>,
    /// The median gap in days of those who came again.
    #[n(19)]
    pub typical_gap_days: u16,
    /// What the shop as a whole may expect.
    #[n(20)]
    pub forecasts: Vec<Forecast>,
    /// Bounds of the ready segments.
    #[n(21)]
    pub spenders: Spenders,
}

impl Model {
    /// The version as it is stored.
    ///
    /// # Panics
    /// Never: writing into memory does not fail.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        minicbor::to_vec(self).expect("writing into memory does not fail")
    }

    /// A version read back; `None`: it was written by another release, and is to be fitted again.
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        minicbor::decode(bytes).ok()
    }
}
