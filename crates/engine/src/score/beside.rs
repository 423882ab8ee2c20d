//! Conditions ask the program for scores and stages: it holds the model in force.

use super::scorer::Scorer;
use crate::condition::{Beside, Judge};
use crate::event::{Channel, Purpose};
use crate::identity::Identifier;
use crate::profile::{DoubleOptIn, Profile};
use crate::program::Program;
use crate::time::Timestamp;

impl Program {
    /// Whoever scores people with the model in force; `None`: nothing was fitted yet.
    #[must_use]
    pub fn scorer(&self) -> Option<Scorer<'_>> {
        Some(Scorer { model: self.scores.as_deref()?, zone: &self.shop.zone })
    }
}

impl Beside for Program {
    fn judge<'p>(&'p self, profile: &'p Profile, now: Timestamp) -> Option<Box<dyn Judge + 'p>> {
        Some(Box::new(self.scorer()?.of(profile, now)))
    }

    fn asks_twice(&self, channel: Channel, purpose: Purpose) -> Option<&DoubleOptIn> {
        self.shop.asks_twice(channel, purpose)
    }

    fn texts(&self, number: &Identifier) -> bool {
        self.shop.texts(number)
    }
}
