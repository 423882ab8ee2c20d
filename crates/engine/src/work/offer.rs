//! Codes of offers: issued with their claims, given back with them.

use super::{Ground, Work};
use crate::decision::Message;
use crate::identity::PersonId;
use crate::offer::{Code, CodeKey, CodeState, CodeWrite, Codes, Given, Offer, generated};
use crate::time::Timestamp;

impl Work<'_> {
    /// Gives a claimed message the code of its offer, in the same commit.
    pub(super) fn issue<G: Ground>(
        &mut self,
        ground: &mut G,
        person: PersonId,
        claim: &mut Message,
    ) -> Result<(), G::Error> {
        let Some(given) = &mut claim.offer else { return Ok(()) };
        let Some(offer) = self.program.offers.get(&given.offer) else { return Ok(()) };
        self.draw(ground, (offer, given), (claim.id, person), claim.claimed_at)
    }

    /// Takes a code of an offer for a person, out of its pool or made of random bits: `number` is the
    /// log position of the event that says so.
    pub(super) fn draw<G: Ground>(
        &mut self,
        ground: &mut G,
        (offer, given): (&Offer, &mut Given),
        (number, person): (u64, PersonId),
        now: Timestamp,
    ) -> Result<(), G::Error> {
        let (key, text, read) = match offer.codes {
            Codes::Generated => {
                let text = generated(self.random, number);
                let key = CodeKey::of(self.salt, &text).expect("what was made is a code");
                (key, text, None)
            }
            Codes::Pool { .. } => {
                let after = self.drawn.get(&offer.name).copied();
                let free = ground.free_codes(&offer.name, after, 1)?.pop();
                // The guard counted one, and counters follow the rows.
                let (key, code) = free.expect("a pool holds as many codes as were counted");
                self.drawn.insert(offer.name.clone(), key);
                (key, code.text.unwrap_or_default(), Some(CodeState::Free))
            }
        };
        given.code.clone_from(&text);
        self.stock.issue(offer, given.until);
        let code = Code {
            offer: offer.name.clone(),
            state: CodeState::Issued,
            text: Some(text),
            message: number,
            person,
            issued_at: now,
            until: given.until,
            used: None,
            taken_back_at: None,
        };
        self.commit.offer_codes.push(CodeWrite { key, read, code: Some(code) });
        Ok(())
    }

    /// A message that surely did not leave gives its code back: one out of a pool may be given to
    /// somebody else, one that was made is no code any more. The log says of the claim that it does
    /// not count.
    pub(super) fn give_back<G: Ground>(
        &mut self,
        ground: &mut G,
        message: &Message,
    ) -> Result<(), G::Error> {
        let Some(given) = &message.offer else { return Ok(()) };
        let Some(key) = CodeKey::of(self.salt, &given.code) else { return Ok(()) };
        // Whoever erased the person, or used the code, has settled it.
        let issued = ground.offer_code(key)?;
        let Some(code) = issued.filter(|code| code.message == message.id) else { return Ok(()) };
        if code.state != CodeState::Issued {
            return Ok(());
        }
        let pooled = self.program.offers.get(&code.offer).map(|offer| offer.codes);
        let free = match pooled {
            Some(Codes::Pool { .. }) => Some(Code::free(&code.offer, &given.code)),
            Some(Codes::Generated) | None => None,
        };
        let write = CodeWrite { key, read: Some(CodeState::Issued), code: free };
        self.commit.offer_codes.push(write);
        Ok(())
    }
}
