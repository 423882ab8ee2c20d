//! Conditions ask the program for scores and stages: it holds the model in force.

use super::scorer::Scorer;
use crate::condition::{Beside, Judged, Limit, Number, Stage};
use crate::profile::Profile;
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
    fn score(
        &self,
        name: &str,
        limit: Limit<Number>,
        profile: &Profile,
        now: Timestamp,
    ) -> Option<Judged> {
        self.scorer()?.score_within(name, limit, profile, now)
    }

    fn stage(&self, stage: Stage, profile: &Profile, now: Timestamp) -> Option<Judged> {
        Some(self.scorer()?.stands(stage, profile, now))
    }
}
