//! Codes that are used: once, whoever asks how often; and what becomes of them when everything that
//! was bought with them comes back.

use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::{Ground, OWN_SOURCE, Purpose, Work};
use crate::commit::MessageKey;
use crate::event::{Event, Kind, Money, Reference, Value};
use crate::identity::PersonId;
use crate::offer::{
    Code, CodeKey, CodeState, CodeWrite, Counter, OnReturn, Refusal, Usable, Used, usable,
};
use crate::profile::Profile;
use crate::time::{Occurred, Timestamp};

/// A code that somebody wants to use.
#[derive(Clone, Debug, Default)]
pub struct Redemption<'r> {
    /// Its id, as the till or the shop gave it: the same id is the same redemption.
    pub id: &'r str,
    /// The code as it was typed.
    pub code: &'r str,
    /// The order it is for, by its key, where that is known.
    pub order: Option<&'r str>,
    /// What lies on the counter.
    pub counter: Counter<'r>,
    /// What was taken off, where the till says so.
    pub taken_off: Option<Money>,
    /// When it was, at a till that was offline; `None`: now.
    pub at: Option<Timestamp>,
    /// Whoever the code was given to, as they are known today.
    pub holder: Option<PersonId>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Redeemed {
    /// The code is used from now on.
    Done {
        /// Of which offer.
        offer: String,
        /// What it was used for.
        usable: Usable,
        /// What it cost, where that is known.
        cost: Option<Money>,
    },
    /// This redemption had been noted before.
    Again {
        /// Of which offer.
        offer: String,
    },
    /// It is not taken.
    Refused(Refusal),
}

impl Work<'_> {
    /// Uses a code, if it may be used: exactly one redemption of it wins.
    ///
    /// `bound` says that it has happened whatever the rules say: an order that bears the code, a till
    /// that was offline. Then only a code that is none, or is used, is refused.
    ///
    /// # Errors
    /// Those of the ground.
    pub fn redeem<G: Ground>(
        &mut self,
        ground: &mut G,
        asked: &Redemption<'_>,
        bound: bool,
        now: Timestamp,
    ) -> Result<Redeemed, G::Error> {
        let Some(key) = CodeKey::of(self.salt, asked.code) else {
            return Ok(Redeemed::Refused(Refusal::NotValid));
        };
        let id = format!("redemption-{}", asked.id);
        let content = self.hash(&[&key.0.to_string(), asked.order.unwrap_or_default()]);
        let noted = self.noted(ground, MessageKey::of(self.salt, OWN_SOURCE, &id))?;
        let code = self.code_now(ground, key)?;
        if let Some(noted) = noted {
            let same = noted == content;
            return Ok(match code.filter(|_| same) {
                Some(code) => Redeemed::Again { offer: code.offer },
                None => Redeemed::Refused(Refusal::OtherRedemption),
            });
        }
        let order = asked.order.map_or(0, |order| self.order_hash(order));
        let program = self.program;
        let offer = code.as_ref().and_then(|code| program.offers.get(&code.offer));
        if let Some(holder) = asked.holder {
            self.need_persons(ground, &[holder])?;
        }
        let holder = asked.holder.and_then(|id| self.record(id)).map(|record| &record.profile);
        let at = asked.at.unwrap_or(now).min(now);
        let found = usable(offer, code.as_ref(), holder, (asked.counter, self.catalogue), at);
        let found = match found {
            Err(
                Refusal::TakenBack
                | Refusal::Expired
                | Refusal::OnePerPerson
                | Refusal::NotForThese,
            ) if bound => Usable { lines: Vec::new(), takes_off: None },
            Err(refusal) => return Ok(Redeemed::Refused(refusal)),
            Ok(found) => found,
        };
        let Some(mut code) = code else { return Ok(Redeemed::Refused(Refusal::NotValid)) };
        let cost = asked.taken_off.or(found.takes_off);
        let read = Some(code.state);
        code.state = CodeState::Redeemed;
        code.used = Some(Used { at, redemption: self.hash(&[asked.id]), order, cost });
        if offer.is_none_or(|offer| offer.on_return == OnReturn::Close) {
            code.text = None;
        }
        let name = code.offer.clone();
        self.commit.offer_codes.push(CodeWrite { key, read, code: Some(code) });
        self.note_redeemed(asked, (&id, content), (&name, cost), (at, now));
        Ok(Redeemed::Done { offer: name, usable: found, cost })
    }

    /// That a code was used stands in the log, with its person if there is one.
    fn note_redeemed(
        &mut self,
        asked: &Redemption<'_>,
        (message_id, content): (&str, u64),
        (offer, cost): (&str, Option<Money>),
        (at, now): (Timestamp, Timestamp),
    ) {
        let holder = asked.holder.filter(|id| self.record(*id).is_some());
        let record = holder.and_then(|id| self.record(id));
        let strongest = record.and_then(|record| record.evidence.nodes.first());
        let identifiers = strongest.map(|node| node.identifier.clone()).into_iter().collect();
        let text = |value: &str| Value::Text(value.to_owned());
        let mut properties = std::collections::BTreeMap::from([("offer".to_owned(), text(offer))]);
        if let Some(cost) = cost {
            properties.insert("cost".to_owned(), text(&cost.to_string()));
        }
        if let Some(order) = asked.order {
            properties.insert("order".to_owned(), text(order));
        }
        let event = Event {
            content,
            occurred: Occurred::instant(at),
            identifiers,
            reference: Some(Reference { id: asked.id.to_owned() }),
            properties,
            ..Event::bare(OWN_SOURCE, message_id.to_owned(), Kind::OfferRedeemed, now)
        };
        match holder {
            Some(holder) => self.note_own(holder, event),
            None => self.log_own(event),
        }
    }

    /// An order that bears a code of ours has used it; one that came back whole opens or closes it by
    /// the offer's rule. Whichever is heard of first, the code ends in the same state.
    pub(super) fn follow_order<G: Ground>(
        &mut self,
        ground: &mut G,
        person: Option<PersonId>,
        event: &Event,
        now: Timestamp,
    ) -> Result<(), G::Error> {
        if self.purpose == Purpose::Rebuild || !event.kind.touches_orders() {
            return Ok(());
        }
        let Some(order) = &event.order else { return Ok(()) };
        let bought = matches!(event.kind, Kind::OrderCompleted | Kind::OrderUpdated);
        if let Some(coupon) = order.coupon.as_deref().filter(|_| bought) {
            self.redeem_by_order(ground, person, (coupon, event), now)?;
        }
        match person {
            Some(person) => self.follow_return(ground, person, &order.key),
            None => Ok(()),
        }
    }

    fn redeem_by_order<G: Ground>(
        &mut self,
        ground: &mut G,
        person: Option<PersonId>,
        (coupon, event): (&str, &Event),
        now: Timestamp,
    ) -> Result<(), G::Error> {
        let Some(order) = &event.order else { return Ok(()) };
        let Some(key) = CodeKey::of(self.salt, coupon) else { return Ok(()) };
        let Some(code) = self.code_now(ground, key)? else { return Ok(()) };
        let taken_off = order.discount_minor.map(|minor| Money { minor, currency: order.currency });
        let same = code.used.as_ref().is_some_and(|used| used.order == self.order_hash(&order.key));
        if code.state == CodeState::Redeemed && same {
            // The till asked before it told of the order; what that says of the cost is what counts.
            let known = code.cost();
            if taken_off.is_some() && known != taken_off {
                let mut priced = code;
                if let Some(used) = &mut priced.used {
                    used.cost = taken_off;
                }
                let read = Some(CodeState::Redeemed);
                self.commit.offer_codes.push(CodeWrite { key, read, code: Some(priced) });
            }
            return Ok(());
        }
        let asked = Redemption {
            id: &format!("order-{}", order.key),
            code: coupon,
            order: Some(&order.key),
            taken_off,
            at: Some(event.occurred.at),
            holder: person.or(Some(code.person)),
            ..Redemption::default()
        };
        self.redeem(ground, &asked, true, now).map(drop)
    }

    /// Opens the codes of an order again of which nothing was kept, where their offers say so.
    fn follow_return<G: Ground>(
        &mut self,
        ground: &mut G,
        person: PersonId,
        order: &str,
    ) -> Result<(), G::Error> {
        let back = |profile: &Profile| {
            profile
                .orders
                .by_key
                .get(order)
                .is_some_and(|order| order.sale.is_some() && !order.kept())
        };
        if !self.record(person).is_some_and(|record| back(&record.profile)) {
            return Ok(());
        }
        let hash = self.order_hash(order);
        let mut keys: Vec<CodeKey> =
            ground.codes_of_order(hash)?.into_iter().map(|(key, _)| key).collect();
        // What this batch has used stands only here.
        keys.extend(self.commit.offer_codes.iter().map(|write| write.key));
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let Some(mut code) = self.code_now(ground, key)? else { continue };
            if code.used.as_ref().is_none_or(|used| used.order != hash) {
                continue;
            }
            let offer = self.program.offers.get(&code.offer);
            let reopens = offer.is_some_and(|offer| offer.on_return == OnReturn::Reopen);
            if code.state != CodeState::Redeemed || !reopens {
                continue;
            }
            code.state = code.unused();
            let write = CodeWrite { key, read: Some(CodeState::Redeemed), code: Some(code) };
            self.commit.offer_codes.push(write);
        }
        Ok(())
    }

    /// A code as it is by now, with what this batch has done.
    pub(super) fn code_now<G: Ground>(
        &self,
        ground: &mut G,
        key: CodeKey,
    ) -> Result<Option<Code>, G::Error> {
        match self.commit.offer_codes.iter().rev().find(|write| write.key == key) {
            Some(write) => Ok(write.code.clone()),
            None => ground.offer_code(key),
        }
    }

    /// The content of one of our own events, if it stands in the log.
    fn noted<G: Ground>(&self, ground: &mut G, key: MessageKey) -> Result<Option<u64>, G::Error> {
        if let Some(logged) = self.commit.events.iter().find(|logged| logged.key == key) {
            return Ok(Some(logged.event.content));
        }
        Ok(ground.seen(&[key])?.first().copied().flatten().map(|seen| seen.content))
    }

    fn order_hash(&self, order: &str) -> u64 {
        self.hash(&["order", order]).max(1)
    }

    fn hash(&self, parts: &[&str]) -> u64 {
        let mut hasher = SipHasher13::new_with_keys(self.salt.0, self.salt.1);
        for part in parts {
            hasher.write(part.as_bytes());
            hasher.write_u8(0xff);
        }
        hasher.finish()
    }
}
