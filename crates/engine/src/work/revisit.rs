//! Looking at everybody again, a slice at a time: what follows when the model of linking or the rules
//! of identity are others than those by which persons were made.

use std::collections::BTreeSet;

use super::resolve::Component;
use super::{Ground, Purpose, Work};
use crate::identity::{PersonId, Standing};
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
        // Whoever is joined or parted by this is so from here on.
        self.now = self.now.max(now);
        for person in persons {
            self.need_persons(ground, &[*person])?;
            let Some(record) = self.record(*person) else { continue };
            if self.model.is_some() {
                let (evidence, cards) = (record.evidence.clone(), record.cards.clone());
                self.note_outdated(&evidence, &cards);
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

    /// Resolves persons again, and folds each of them anew from the log: what it says of them is not
    /// what it said. Costs a reading of all events that hang on them.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn fold_again<G: Ground>(
        &mut self,
        ground: &mut G,
        persons: &[PersonId],
        now: Timestamp,
    ) -> Result<(), G::Error> {
        self.need_persons(ground, persons)?;
        let of = |id: &PersonId| self.record(*id)?.evidence.nodes.first().cloned();
        let named: Vec<_> = persons.iter().filter_map(of).collect();
        self.revisit(ground, persons, now)?;
        for node in named {
            self.need_holders(ground, &[self.key(&node.identifier)])?;
            let Some(person) = self.holder(self.key(&node.identifier)) else { continue };
            let start = BTreeSet::from([person]);
            let mut component = Component::default();
            let found = self.read_on(ground, vec![person], &start, &mut component)?;
            let whole = |index: &usize| {
                found.groups[*index].members.iter().all(|member| component.names.contains(member))
            };
            let mut again: BTreeSet<usize> = found.group_of(&node.identifier).into_iter().collect();
            if let Some(Standing::ChangesHands(stretches)) = found.set_aside.get(&node.identifier) {
                // Events that hang on the device are those of whoever was on it.
                again.extend(stretches.iter().filter_map(|at| found.group_of(&at.identifier)));
            }
            again.retain(whole);
            let rows = self.refold(ground, &component, &found, &again)?;
            let mut joined = self.write_rows(&found, rows);
            joined.extend(self.settle_cards(ground)?);
            joined.retain(|id| self.record(*id).is_some());
            if self.purpose == Purpose::Live {
                for person in joined {
                    self.decide(ground, person, Input::Joined, now)?;
                }
            }
        }
        Ok(())
    }
}
