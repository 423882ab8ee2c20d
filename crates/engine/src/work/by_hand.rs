//! Codes that staff give one person: by the rules of the last look, in one commit with the event that
//! says so, and once however often the same gift is asked for.

use super::{Ground, OWN_SOURCE, Work};
use crate::commit::MessageKey;
use crate::event::{Event, Kind, Line, LogPosition, Reference, Value};
use crate::guard::{ByHand, by_hand};
use crate::identity::PersonId;
use crate::offer::Given;
use crate::reason::Reason;
use crate::time::Timestamp;

/// A code that staff want to give.
#[derive(Clone, Copy, Debug)]
pub struct Gift<'g> {
    /// Its id, as whoever asks gave it: the same id is the same gift.
    pub id: &'g str,
    /// The offer's name.
    pub offer: &'g str,
    /// To whom.
    pub person: PersonId,
    /// What it is for; `None`: what is open in the person's cart.
    pub lines: Option<&'g [Line]>,
    /// Who gives it: a user's name or a key's.
    pub by: &'g str,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Gifted {
    /// The person has it from now on.
    Given(Given),
    /// This id was noted before, at this position of the log.
    Noted(LogPosition),
    /// It may not be given.
    Refused(Vec<Reason>),
    /// Whether it may be given is not known. A maybe never grants.
    Unknown(Vec<Reason>),
    /// Nobody bears the id of the person.
    Nobody,
}

impl Work<'_> {
    /// Which of some offers staff may give a person at `now`, in their order; nothing is changed.
    /// `None`: nobody bears the id of the person.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn may_give<G: Ground>(
        &mut self,
        ground: &mut G,
        person: PersonId,
        (offers, lines): (&[&str], Option<&[Line]>),
        now: Timestamp,
    ) -> Result<Option<Vec<ByHand>>, G::Error> {
        self.need_persons(ground, &[person])?;
        let twins = self.twins_of(ground, person)?;
        let Some(record) = self.record(person) else { return Ok(None) };
        let (world, twins) = (self.world(), self.profiles_of(&twins));
        let answer = |offer: &&str| by_hand(&world, record, &twins, (offer, lines), now);
        Ok(Some(offers.iter().map(answer).collect()))
    }

    /// Gives a person a code of an offer, if it may be given.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn give<G: Ground>(
        &mut self,
        ground: &mut G,
        gift: &Gift<'_>,
        now: Timestamp,
    ) -> Result<Gifted, G::Error> {
        let message_id = format!("gift-{}", gift.id);
        let key = MessageKey::of(self.salt, OWN_SOURCE, &message_id);
        if let Some(noted) = ground.seen(&[key])?.first().copied().flatten() {
            return Ok(Gifted::Noted(noted.position));
        }
        let answers = self.may_give(ground, gift.person, (&[gift.offer], gift.lines), now)?;
        match answers.and_then(|answers| answers.into_iter().next()) {
            None => return Ok(Gifted::Nobody),
            Some(ByHand::No(reasons)) => return Ok(Gifted::Refused(reasons)),
            Some(ByHand::Unknown(reasons)) => return Ok(Gifted::Unknown(reasons)),
            Some(ByHand::May) => {}
        }
        let program = self.program;
        let offer =
            program.offers.get(gift.offer).expect("only an offer that is there may be given");
        let mut given = Given::of(offer, now);
        self.draw(ground, (offer, &mut given), (self.next.0, gift.person), now)?;
        let event = self.gift_event(gift, message_id, now);
        self.note_own(gift.person, event);
        Ok(Gifted::Given(given))
    }

    /// That it was given stands in the log, so that it counts wherever the person goes. Its code does
    /// not.
    fn gift_event(&self, gift: &Gift<'_>, message_id: String, now: Timestamp) -> Event {
        let record = self.record(gift.person);
        let strongest = record.and_then(|record| record.evidence.nodes.first());
        let text = |value: &str| Value::Text(value.to_owned());
        Event {
            identifiers: strongest.map(|node| node.identifier.clone()).into_iter().collect(),
            lines: gift.lines.unwrap_or_default().to_vec(),
            reference: Some(Reference { id: gift.id.to_owned() }),
            properties: [("offer", text(gift.offer)), ("by", text(gift.by))]
                .map(|(name, value)| (name.to_owned(), value))
                .into(),
            ..Event::bare(OWN_SOURCE, message_id, Kind::OfferGiven, now)
        }
    }
}
