//! Codes that staff give one person: by the rules of the last look, in one commit with the event that
//! says so, and once however often the same gift is asked for. Until it is used, a gift can be taken back.

use super::{Ground, OWN_SOURCE, Work};
use crate::commit::MessageKey;
use crate::event::{Event, Kind, Line, LogPosition, Reference, Value};
use crate::guard::{ByHand, by_hand};
use crate::identity::PersonId;
use crate::offer::{Code, CodeKey, CodeState, CodeWrite, Given};
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

/// A gift by its id, and who takes it back.
#[derive(Clone, Copy, Debug)]
pub struct TakingBack<'g> {
    /// The id under which it was given.
    pub id: &'g str,
    /// Who takes it back: a user's name or a key's.
    pub by: &'g str,
}

/// What became of a gift that staff want to take back, or would.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GiftBack {
    /// Its code, of this offer, is taken back from now on.
    Done(String),
    /// That of this offer was taken back before.
    Before(String),
    /// That of this offer was used: what was taken off cannot be taken back.
    Used(String),
    /// Nothing was given under this id.
    NoGift,
}

impl GiftBack {
    /// What taking a gift back comes to, by its code.
    fn of(code: Option<&Code>) -> Self {
        let Some(code) = code else { return Self::NoGift };
        let offer = code.offer.clone();
        match code.state {
            CodeState::Issued => Self::Done(offer),
            CodeState::TakenBack => Self::Before(offer),
            CodeState::Redeemed => Self::Used(offer),
            CodeState::Free => Self::NoGift,
        }
    }
}

/// The name of the event of a gift.
fn gift_name(id: &str) -> String {
    format!("gift-{id}")
}

impl Work<'_> {
    /// What it would come to if a gift were taken back; nothing is changed.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn may_take_back<G: Ground>(&self, ground: &mut G, id: &str) -> Result<GiftBack, G::Error> {
        let found = self.gift(ground, id)?;
        Ok(GiftBack::of(found.as_ref().map(|(.., code)| code)))
    }

    /// Takes a gift back: its code is no good any more, counts towards no budget, and its person may be
    /// given another one. Asking again changes nothing.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn take_gift_back<G: Ground>(
        &mut self,
        ground: &mut G,
        asked: &TakingBack<'_>,
        now: Timestamp,
    ) -> Result<GiftBack, G::Error> {
        let Some((position, key, mut code)) = self.gift(ground, asked.id)? else {
            return Ok(GiftBack::NoGift);
        };
        let found = GiftBack::of(Some(&code));
        if !matches!(found, GiftBack::Done(_)) {
            return Ok(found);
        }
        let text = |value: &str| Value::Text(value.to_owned());
        let given = ground.event(position)?.event;
        // Both hang on one identifier, so that they stay together wherever it goes.
        let event = Event {
            content: key.0,
            identifiers: given.identifiers,
            reference: Some(Reference { id: gift_name(asked.id) }),
            properties: [("offer", text(&code.offer)), ("by", text(asked.by))]
                .map(|(name, value)| (name.to_owned(), value))
                .into(),
            ..Event::bare(OWN_SOURCE, format!("taken-back-{}", asked.id), Kind::OfferTakenBack, now)
        };
        code.state = CodeState::TakenBack;
        code.taken_back_at = Some(now);
        code.text = None;
        let write = CodeWrite { key, read: Some(CodeState::Issued), code: Some(code) };
        self.commit.offer_codes.push(write);
        match self.bearer_of(ground, &event)? {
            Some(person) => self.note_own(person, event),
            None => self.log_own(event),
        }
        Ok(found)
    }

    /// The code that was given under an id, and where the log says so.
    fn gift<G: Ground>(
        &self,
        ground: &mut G,
        id: &str,
    ) -> Result<Option<(LogPosition, CodeKey, Code)>, G::Error> {
        let key = MessageKey::of(self.salt, OWN_SOURCE, &gift_name(id));
        let Some(noted) = ground.seen(&[key])?.first().copied().flatten() else { return Ok(None) };
        let key = CodeKey(noted.content);
        Ok(self.code_now(ground, key)?.map(|code| (noted.position, key, code)))
    }

    /// Whoever bears the identifier that an event of ours hangs on; `None`: they were erased.
    fn bearer_of<G: Ground>(
        &mut self,
        ground: &mut G,
        event: &Event,
    ) -> Result<Option<PersonId>, G::Error> {
        let Some(anchor) = event.anchor() else { return Ok(None) };
        let key = self.key(anchor);
        self.need_holders(ground, &[key])?;
        let Some(person) = self.holder(key) else { return Ok(None) };
        self.need_persons(ground, &[person])?;
        Ok(self.record(person).map(|_| person))
    }

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
        let message_id = gift_name(gift.id);
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
        let key = CodeKey::of(self.salt, &given.code).expect("what was drawn is a code");
        let event = Event { content: key.0, ..self.gift_event(gift, message_id, now) };
        self.note_own(gift.person, event);
        Ok(Gifted::Given(given))
    }

    /// That it was given stands in the log, so that it counts wherever the person goes. Its code does
    /// not, but for its keyed hash, by which the gift is found again.
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
