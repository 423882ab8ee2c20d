//! The forecast that is used: the mean of the models that proved themselves, each at its level.

use std::fmt;

use minicbor::{Decode, Encode};

use super::buying::Buying;
use super::census::Buyer;
use super::outlook::{Drawn, Outlook};

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

/// Models together; empty where nothing was fitted.
#[derive(Clone, Default, Encode, Decode)]
pub struct Blend {
    // Invariant: never changed, since `drawn` follows from them; each kind at most once.
    #[n(0)]
    parts: Vec<Part>,
    #[cbor(skip)]
    drawn: Drawn,
}

impl PartialEq for Blend {
    fn eq(&self, other: &Self) -> bool {
        self.parts == other.parts
    }
}

impl fmt::Debug for Blend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Blend").field("parts", &self.parts).finish_non_exhaustive()
    }
}

impl Blend {
    /// Models together, each kind at most once.
    #[must_use]
    pub fn of(parts: Vec<Part>) -> Self {
        Self { parts, drawn: Drawn::default() }
    }

    /// The models.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// One buyer, for whatever is asked of them.
    #[must_use]
    pub fn outlook(&self, buyer: Buyer) -> Outlook<'_> {
        Outlook::new(&self.parts, &self.drawn, buyer)
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
