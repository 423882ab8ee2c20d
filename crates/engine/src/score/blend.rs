//! The forecast that is used: the mean of the models that proved themselves, each at its level.

use minicbor::{Decode, Encode};

use super::buying::Buying;
use super::census::Buyer;

/// A model in the blend.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Part {
    /// The model.
    #[n(0)]
    pub model: Buying,
    /// What its expectations are multiplied by.
    #[n(1)]
    pub level: f64,
}

/// Models together; never empty where something was fitted.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Blend {
    /// The models.
    #[n(0)]
    pub parts: Vec<Part>,
}

impl Blend {
    fn mean(&self, of: impl Fn(&Part) -> f64) -> f64 {
        self.parts.iter().map(of).sum::<f64>() / (self.parts.len().max(1) as f64)
    }

    /// Probability in [0, 1] that a buyer still buys.
    #[must_use]
    pub fn probability_alive(&self, buyer: Buyer) -> f64 {
        self.mean(|part| part.model.probability_alive(buyer))
    }

    /// How many orders to expect in the next `weeks`, at least 0.
    #[must_use]
    pub fn expected_orders(&self, buyer: Buyer, weeks: f64) -> f64 {
        self.mean(|part| part.level * part.model.expected_orders(buyer, weeks))
    }

    /// Probability of at least one order in the next `weeks`, as the models have it.
    #[must_use]
    pub fn any_order(&self, buyer: Buyer, weeks: f64) -> f64 {
        self.mean(|part| part.model.any_order(buyer, weeks))
    }

    /// Probabilities of at least 1, 2, 3, ... orders in the next `weeks`, as the models have them.
    #[must_use]
    pub fn at_least(&self, buyer: Buyer, weeks: f64) -> Vec<f64> {
        let mut sums: Vec<f64> = Vec::new();
        for part in &self.parts {
            let tails = part.model.at_least(buyer, weeks);
            sums.resize(sums.len().max(tails.len()), 0.0);
            for (sum, tail) in sums.iter_mut().zip(tails) {
                *sum += tail / self.parts.len() as f64;
            }
        }
        sums
    }
}
