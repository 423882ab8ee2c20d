//! Consents and suppressions: by address, channel and purpose, the last statement counts.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::{DoubleOptIn, Stamp};
use crate::event::{Channel, ConsentAnswer, Event, Kind, Purpose};
use crate::guard::address_kind;
use crate::identity::{Class, Identifier};
use crate::time::Timestamp;

/// Who consents to what, over which channel.
type ConsentKey = (Identifier, Channel, Purpose);

/// The last statement about one address, channel and purpose.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct ConsentRecord {
    /// When it was stated. A yes and a no of the same moment: the no counts.
    #[n(0)]
    pub stamp: Stamp,
    /// Yes or no.
    #[n(1)]
    pub answer: ConsentAnswer,
    /// Who told us.
    #[n(2)]
    pub source: String,
    /// The words the person agreed to.
    #[n(3)]
    pub wording: Option<String>,
    /// When a yes was last confirmed by whoever reads the address.
    #[n(4)]
    #[cbor(default)]
    pub confirmed_at: Option<Timestamp>,
    /// The latest no of before this statement, if it is a yes.
    #[n(5)]
    #[cbor(default)]
    pub refused_at: Option<Timestamp>,
    /// The earliest yes of before this statement.
    #[n(6)]
    #[cbor(default)]
    pub yes_before: Option<Timestamp>,
}

impl ConsentRecord {
    /// Takes in another statement about the same: the last one counts; at the same time a no beats
    /// a yes.
    pub(super) fn state(&mut self, other: Self) {
        let rank = |r: &Self| (r.stamp.at, r.answer, r.stamp.tie);
        let later = rank(self) < rank(&other);
        self.remember(&other, later);
    }
}

/// Why an address gets nothing any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum SuppressionCause {
    /// The receiving server refused it for good.
    #[n(0)]
    Bounced,
    /// The person complained.
    #[n(1)]
    Complained,
}

/// A hard stop on an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Suppression {
    /// Since when.
    #[n(0)]
    pub stamp: Stamp,
    /// Why.
    #[n(1)]
    pub cause: SuppressionCause,
}

/// A break that the person asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Break {
    /// When it was asked for.
    #[n(0)]
    pub stamp: Stamp,
    /// Until when; the moment of asking takes an earlier one back.
    #[n(1)]
    pub until: Timestamp,
}

/// A person's statements.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Consents {
    /// The last statement for each.
    #[n(0)]
    pub by_key: BTreeMap<ConsentKey, ConsentRecord>,
    /// Addresses under a hard stop, with its first cause.
    #[n(1)]
    pub suppressions: BTreeMap<Identifier, Suppression>,
    /// The last break asked for, by address and channel.
    #[n(2)]
    #[cbor(default)]
    pub breaks: BTreeMap<(Identifier, Channel), Break>,
}

impl Consents {
    /// Whether an event says anything of consent, a bounce or a complaint.
    #[must_use]
    pub fn touched_by(event: &Event) -> bool {
        event.consent.is_some() || event.kind.stops_address()
    }

    /// Takes in what an event says of consent, a bounce or a complaint.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these kinds of event matter here")]
    pub fn fold(&mut self, event: &Event, stamp: Stamp) {
        if let Some(consent) = &event.consent
            && let Some(until) = consent.until
        {
            for identifier in about(event, consent.channel) {
                self.pause((identifier.clone(), consent.channel), Break { stamp, until });
            }
        } else if let Some(consent) = &event.consent {
            let purposes = match consent.purpose {
                Some(ref purpose) => std::slice::from_ref(purpose),
                None => &[Purpose::Care, Purpose::Promotion][..],
            };
            let confirms = event.kind == Kind::ConsentConfirmed;
            for identifier in about(event, consent.channel) {
                for purpose in purposes {
                    self.state(
                        (identifier.clone(), consent.channel, *purpose),
                        ConsentRecord {
                            stamp,
                            answer: consent.answer,
                            source: event.source.clone(),
                            wording: consent.wording.clone(),
                            confirmed_at: confirms.then_some(stamp.at),
                            refused_at: None,
                            yes_before: None,
                        },
                    );
                }
            }
        }
        let (cause, channel) = match event.kind {
            Kind::EmailBounced => (SuppressionCause::Bounced, Channel::Email),
            Kind::EmailMarkedAsSpam => (SuppressionCause::Complained, Channel::Email),
            Kind::SmsBounced => (SuppressionCause::Bounced, Channel::Sms),
            _ => return,
        };
        for identifier in about(event, channel) {
            self.suppress(identifier.clone(), Suppression { stamp, cause });
        }
    }

    /// Takes in another person's statements.
    pub fn merge(&mut self, other: Self) {
        for (key, record) in other.by_key {
            self.state(key, record);
        }
        for (identifier, suppression) in other.suppressions {
            self.suppress(identifier, suppression);
        }
        for (key, asked) in other.breaks {
            self.pause(key, asked);
        }
    }

    fn pause(&mut self, key: (Identifier, Channel), asked: Break) {
        // By time; of two asked for at the same time the longer.
        let rank = |asked: &Break| (asked.stamp.at, asked.until, asked.stamp.tie);
        self.breaks
            .entry(key)
            .and_modify(|held| {
                if rank(held) < rank(&asked) {
                    *held = asked;
                }
            })
            .or_insert(asked);
    }

    /// Until when the person wants nothing over a channel, whatever the address; `None`: no break
    /// goes on at `now`.
    #[must_use]
    pub fn paused(&self, channel: Channel, now: Timestamp) -> Option<Timestamp> {
        let of_channel = self.breaks.iter().filter(|((_, of), _)| *of == channel);
        of_channel.map(|(_, asked)| asked.until).filter(|until| now < *until).max()
    }

    fn state(&mut self, key: ConsentKey, record: ConsentRecord) {
        match self.by_key.get_mut(&key) {
            Some(held) => held.state(record),
            None => {
                self.by_key.insert(key, record);
            }
        }
    }

    fn suppress(&mut self, identifier: Identifier, suppression: Suppression) {
        self.suppressions
            .entry(identifier)
            .and_modify(|held| *held = (*held).min(suppression))
            .or_insert(suppression);
    }

    /// The statement about one address, channel and purpose.
    #[must_use]
    pub fn stated(
        &self,
        address: &Identifier,
        channel: Channel,
        purpose: Purpose,
    ) -> Option<&ConsentRecord> {
        self.by_key.get(&(address.clone(), channel, purpose))
    }

    /// Since when not even transactional messages can go to an address over a channel, as its provider
    /// said; `None`: nobody said so, or the person has said yes to messages there since. Only providers
    /// of text messages hold back what is transactional.
    #[must_use]
    pub fn stopped(&self, address: &Identifier, channel: Channel) -> Option<Stamp> {
        if channel != Channel::Sms {
            return None;
        }
        let no = self.stated(address, channel, Purpose::Transactional)?;
        let yes = [Purpose::Care, Purpose::Promotion]
            .into_iter()
            .filter_map(|purpose| self.stated(address, channel, purpose))
            .any(|said| said.answer == ConsentAnswer::Given && no.stamp < said.stamp);
        (no.answer == ConsentAnswer::Withdrawn && !yes).then_some(no.stamp)
    }

    /// Whether `address` itself may get messages of a purpose, by what was said of it and of the
    /// person as a whole, and by whether the shop asks twice (`asked`); `None`: nobody was asked or
    /// has confirmed, and the purpose needs a yes. A standing no under another address and hard
    /// stops are not looked at.
    #[must_use]
    pub fn allows(
        &self,
        address: &Identifier,
        (channel, purpose): (Channel, Purpose),
        asked: Option<&DoubleOptIn>,
    ) -> Option<bool> {
        let whole_person = || {
            self.by_key.iter().any(|((identifier, held, held_purpose), record)| {
                // A yes that names no address speaks of the person: it is kept at the strongest
                // identifier.
                identifier.kind != address.kind
                    && (*held, *held_purpose) == (channel, purpose)
                    && record.grants(asked)
            })
        };
        match (purpose, self.stated(address, channel, purpose)) {
            (Purpose::Transactional, _) => Some(true),
            (_, Some(stated)) if stated.answer == ConsentAnswer::Withdrawn => Some(false),
            (_, Some(stated)) if stated.grants(asked) => Some(true),
            // Care needs no yes, unless the shop asks twice for one.
            (Purpose::Care, _) if asked.is_none() => Some(true),
            (Purpose::Care | Purpose::Promotion, _) => whole_person().then_some(true),
        }
    }

    /// A standing no for the channel and purpose on any identifier of the person, the latest.
    #[must_use]
    pub fn withdrawn(
        &self,
        channel: Channel,
        purpose: Purpose,
    ) -> Option<(&Identifier, &ConsentRecord)> {
        self.by_key
            .iter()
            .filter(|((_, held_channel, held_purpose), record)| {
                *held_channel == channel
                    && *held_purpose == purpose
                    && record.answer == ConsentAnswer::Withdrawn
            })
            .map(|((identifier, _, _), record)| (identifier, record))
            .max_by_key(|(_, record)| record.stamp)
    }
}

/// The identifiers a statement is about: the addresses of its channel that the event carries,
/// else the strongest identifier of the event, which then speaks for the whole person.
fn about(event: &Event, channel: Channel) -> Vec<&Identifier> {
    let kind = address_kind(channel);
    let addresses: Vec<&Identifier> =
        event.identifiers.iter().filter(|identifier| identifier.kind == kind).collect();
    if addresses.is_empty() {
        let strongest = event.identifiers.first();
        return strongest.filter(|id| id.kind.class() != Class::Hint).into_iter().collect();
    }
    addresses
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Consent;
    use crate::identity::IdentifierKind;

    fn address() -> Identifier {
        Identifier::new(IdentifierKind::Email, "ana@example.com").unwrap()
    }

    fn asked(at: i64, until: i64) -> Consents {
        let mut consents = Consents::default();
        let stamp = Stamp { at: Timestamp(at), tie: 0 };
        consents.pause((address(), Channel::Email), Break { stamp, until: Timestamp(until) });
        consents
    }

    #[test]
    fn a_break_goes_on_until_its_end_and_for_its_channel() {
        let consents = asked(10, 100);
        assert_eq!(consents.paused(Channel::Email, Timestamp(99)), Some(Timestamp(100)));
        assert_eq!(consents.paused(Channel::Email, Timestamp(100)), None);
        assert_eq!(consents.paused(Channel::Sms, Timestamp(50)), None);
    }

    /// A number that takes no text messages says nothing of the person's mail.
    #[test]
    fn a_bounce_stops_the_address_of_its_channel() {
        let phone = Identifier::new(IdentifierKind::Phone, "+34600112233").unwrap();
        let both = vec![address(), phone.clone()];
        for (kind, stopped) in [(Kind::SmsBounced, phone), (Kind::EmailBounced, address())] {
            let event = Event {
                identifiers: both.clone(),
                ..Event::bare("twilio", "1".to_owned(), kind, Timestamp(10))
            };
            let mut consents = Consents::default();
            assert!(Consents::touched_by(&event));
            consents.fold(&event, Stamp { at: Timestamp(10), tie: 0 });
            assert!(consents.suppressions.keys().eq([&stopped]));
        }
    }

    /// What a provider holds back is held back until the person says yes again; a no to offers and advice
    /// says nothing of what is transactional.
    #[test]
    fn a_number_that_the_provider_holds_back_is_stopped_until_a_yes() {
        let phone = Identifier::new(IdentifierKind::Phone, "+34600112233").unwrap();
        let mut consents = Consents::default();
        let mut say = |at: i64, purpose, answer| {
            let (channel, wording, until) = (Channel::Sms, None, None);
            let consent = Some(Consent { channel, purpose, answer, wording, until });
            let bare = Event::bare("twilio", at.to_string(), Kind::Unsubscribed, Timestamp(at));
            let event = Event { identifiers: vec![phone.clone()], consent, ..bare };
            consents.fold(&event, Stamp { at: Timestamp(at), tie: 0 });
            let stopped = |channel| consents.stopped(&phone, channel).map(|stamp| stamp.at.0);
            (stopped(Channel::Sms), stopped(Channel::Email))
        };
        let (no, yes) = (ConsentAnswer::Withdrawn, ConsentAnswer::Given);
        assert_eq!(say(10, None, no), (None, None));
        assert_eq!(say(20, Some(Purpose::Transactional), no), (Some(20), None));
        assert_eq!(say(30, Some(Purpose::Promotion), no), (Some(20), None));
        assert_eq!(say(40, None, yes), (None, None));
        assert_eq!(say(50, Some(Purpose::Transactional), no), (Some(50), None));
    }

    /// Whoever takes a break back is heard, in whichever order the two arrive.
    #[test]
    fn the_last_word_on_a_break_counts_in_any_order() {
        for (first, second) in [(asked(10, 100), asked(20, 20)), (asked(20, 20), asked(10, 100))] {
            let mut both = first;
            both.merge(second);
            assert_eq!(both.paused(Channel::Email, Timestamp(50)), None);
        }
    }
}
