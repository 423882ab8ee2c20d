//! Everybody again, a slice at a time: after another model was applied, or other rules of identity were
//! published. It goes on where it stopped, also after a restart, and live work goes first.

use regulars_engine::identity::PersonId;
use regulars_engine::identity::link::Model;
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, Store, StoreError};

use super::{Writer, WriterError};
use crate::linkage::{FORMER, MODEL, SPACE, WALK, stored_model};

/// How many persons are looked at again in one slice: some milliseconds.
const SLICE: usize = 16;

/// After whom the walk of a store goes on, if one is under way.
///
/// # Errors
/// If the store cannot be read.
pub(super) fn stored_walk<R: Reader>(reader: &R) -> Result<Option<PersonId>, StoreError> {
    let text = reader.get(SPACE, WALK)?.and_then(|bytes| String::from_utf8(bytes).ok());
    Ok(text.and_then(|text| text.parse().ok()))
}

impl<S: Store> Writer<S> {
    /// Links with another model from here on, and lets everybody be looked at again.
    ///
    /// # Errors
    /// If the store fails.
    pub fn apply_model(&mut self, model: &Model) -> Result<(), WriterError> {
        let generation = self.model.generation + 1;
        let model = model.clone().with_generation(generation).encode();
        let start = PersonId(0);
        // Whoever wants back what was in force takes this one. Before any was, nobody was linked.
        let former = match self.model.generation {
            0 => Model::of_nobody().encode(),
            _ => self.model.encode(),
        };
        // At once: under one model nobody is to be found by another's keys.
        let start_told = start.to_string();
        let kept = [(MODEL, &model[..]), (FORMER, &former[..]), (WALK, start_told.as_bytes())];
        self.store.relink(SPACE, &kept)?;
        self.walk = Some(start);
        self.model = stored_model(&self.reader)?;
        Ok(())
    }

    /// Lets everybody be looked at again.
    ///
    /// # Errors
    /// If the store fails.
    pub(super) fn begin_walk(&mut self) -> Result<(), StoreError> {
        self.go_on_after(PersonId(0))
    }

    fn go_on_after(&mut self, person: PersonId) -> Result<(), StoreError> {
        self.store.put(SPACE, WALK, Some(person.to_string().as_bytes()))?;
        self.walk = Some(person);
        Ok(())
    }

    /// After whom everybody is being looked at again; `None`: nobody has to be.
    #[must_use]
    pub fn walking(&self) -> Option<PersonId> {
        self.walk
    }

    /// Looks at the next few persons again. Returns whether there are more.
    ///
    /// # Errors
    /// If the store fails.
    pub fn walk(&mut self, now: Timestamp) -> Result<bool, WriterError> {
        let Some(after) = self.walk else { return Ok(false) };
        let page = self.reader.persons_after(after, SLICE)?;
        let persons: Vec<PersonId> = page.iter().map(|(id, ..)| *id).collect();
        let Some(last) = persons.last().copied() else {
            self.store.put(SPACE, WALK, None)?;
            self.walk = None;
            return Ok(false);
        };
        self.batch(|work, ground| work.revisit(ground, &persons, now))?;
        self.go_on_after(last)?;
        Ok(true)
    }
}
