//! A batch that stays open over many moments, as in a dry run: what it stirs is told as it happens,
//! since nobody can read it in a store before the batch ends.

use super::{Ground, Work};
use crate::decision::{Message, MessageState};
use crate::identity::PersonId;
use crate::record::Record;
use crate::source::{FeedName, Sources};

impl Work<'_> {
    /// Tells of whoever changed since the last call, with their row; `None`: nobody bears the id any
    /// more.
    pub fn take_stirred(&mut self, mut tell: impl FnMut(PersonId, Option<&Record>)) {
        for id in std::mem::take(&mut self.stirred) {
            if let Some(held) = self.persons.get_mut(id) {
                held.stirred = false;
                tell(id, held.record.as_deref());
            }
        }
    }

    /// Tells of the feeds that spoke since the last call, and what is known of all of them.
    pub fn take_spoken(&mut self, mut tell: impl FnMut(&Sources, &FeedName)) {
        while let Some(name) = self.spoken.pop_first() {
            tell(self.sources, &name);
            if !self.told_of.contains(&name) {
                self.told_of.insert(name);
            }
        }
    }

    /// Messages claimed since the last call, to be settled within the batch: the commit holds them as
    /// they are then.
    pub fn take_claims(&mut self) -> Vec<Message> {
        let messages = &mut self.commit.messages;
        let claimed = |message: &Message| message.state == MessageState::Claimed;
        let fresh = messages.split_off(self.claims_told.min(messages.len()));
        let (claims, others): (Vec<Message>, Vec<Message>) = fresh.into_iter().partition(claimed);
        messages.extend(others);
        self.claims_told = messages.len();
        claims
    }

    /// Gives a claim back that is settled by a later batch.
    pub fn put_back(&mut self, claim: Message) {
        self.commit.messages.push(claim);
    }

    /// Whether the batch taught a product code.
    #[must_use]
    pub fn taught(&self) -> bool {
        !self.commit.codes.is_empty()
    }

    /// Whoever bears an id, which may be that of somebody who was joined since: then it is whoever
    /// holds the identifier it was made of. `None`: nobody does, as after an erasure.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn bearer<G: Ground>(
        &mut self,
        ground: &mut G,
        id: PersonId,
    ) -> Result<Option<PersonId>, G::Error> {
        self.need_persons(ground, &[id])?;
        if self.record(id).is_some() {
            return Ok(Some(id));
        }
        let key = match ground.led_to(id)? {
            Some(led) => led,
            None => {
                let (position, index) = id.origin();
                let logged = self.logged(ground, position)?;
                logged.event.identifiers.get(index).map(|identifier| self.key(identifier))
            }
        };
        let Some(key) = key else { return Ok(None) };
        self.need_holders(ground, &[key])?;
        Ok(self.holder(key))
    }
}
