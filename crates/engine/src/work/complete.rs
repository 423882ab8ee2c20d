//! Computing standing aggregates: whoever lacks one that the definitions declare is folded again
//! from the log, through the same path as everything else.

use std::collections::BTreeSet;

use super::resolve::Component;
use super::{Ground, Purpose, Work};
use crate::identity::PersonId;
use crate::step::Input;
use crate::time::Timestamp;

impl Work<'_> {
    /// Folds again those of `persons` who lack an aggregate, and looks again at what runs for
    /// them: what was *being computed* is known then. Returns how many were folded.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn complete<G: Ground>(
        &mut self,
        ground: &mut G,
        persons: &[PersonId],
        now: Timestamp,
    ) -> Result<usize, G::Error> {
        self.need_persons(ground, persons)?;
        let mut folded = 0;
        for person in persons {
            if self.complete_one(ground, *person)? {
                folded += 1;
                if self.purpose == Purpose::Live {
                    self.decide(ground, *person, Input::Joined, now)?;
                }
            }
        }
        Ok(folded)
    }

    fn complete_one<G: Ground>(
        &mut self,
        ground: &mut G,
        person: PersonId,
    ) -> Result<bool, G::Error> {
        let aggregates = &self.program.aggregates;
        let Some(record) = self.record(person) else { return Ok(false) };
        if record.profile.standing.complete(aggregates) {
            return Ok(false);
        }
        let Some(node) = record.evidence.nodes.first() else { return Ok(false) };
        let name = node.identifier.clone();
        let mut component = Component::default();
        let start = BTreeSet::from([person]);
        let found = self.read_on(ground, vec![person], &start, &mut component)?;
        let Some(index) = found.group_of(&name) else { return Ok(false) };
        let whole = found.groups[index].members.iter().all(|m| component.names.contains(m));
        if !whole {
            return Ok(false);
        }
        let rows = self.refold(ground, &component, &found, &BTreeSet::from([index]))?;
        self.write_rows(&found, rows);
        Ok(true)
    }
}
