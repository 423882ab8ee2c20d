//! Looking at everybody again, a slice at a time: what follows when the model of linking or the rules
//! of identity are others than those by which persons were made.

use std::collections::BTreeSet;

use super::resolve::Component;
use super::{Ground, Purpose, Work};
use crate::identity::PersonId;
use crate::step::Input;
use crate::time::Timestamp;

impl Work<'_> {
    /// Resolves persons again under the rules and the model in force. When everybody has been, in
    /// slices of any size and in whatever order, persons are what they would be had it always been so.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn revisit<G: Ground>(
        &mut self,
        ground: &mut G,
        persons: &[PersonId],
        now: Timestamp,
    ) -> Result<(), G::Error> {
        for person in persons {
            self.need_persons(ground, &[*person])?;
            let Some(record) = self.record(*person) else { continue };
            if self.model.is_some() && !record.cards.is_empty() {
                let cards = record.cards.clone().into_value();
                self.note_outdated(&cards);
            }
            let mut joined = self.settle_cards(ground)?;
            if self.record(*person).is_some() {
                let start = BTreeSet::from([*person]);
                let mut component = Component::default();
                let found = self.read_on(ground, vec![*person], &start, &mut component)?;
                joined.extend(self.apply(ground, &component, &found, &[])?);
                joined.extend(self.settle_cards(ground)?);
            }
            joined.sort_unstable();
            joined.dedup();
            if self.purpose == Purpose::Live {
                for person in joined {
                    self.decide(ground, person, Input::Joined, now)?;
                }
            }
        }
        Ok(())
    }
}
