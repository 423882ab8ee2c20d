//! The profile as a whole: one event in, or two profiles into one.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::{Act, Cart, Consents, Offers, Orders, Path, Pulse, Stamp, Standing, Subscriptions};
use crate::condition::Aggregates;
use crate::event::{Channel, Event, Kind, Line, Purpose, Value};
use crate::part::Part;
use crate::time::Timestamp;
use crate::work::OWN_SOURCE;

/// What the names of traits begin with that say whether somebody is on a static list.
const LIST_PREFIX: &str = "list: ";

/// The trait that says whether somebody is on the static list of this name: stated by staff on an
/// identifier, so that it goes wherever the identifier goes; the last statement counts.
#[must_use]
pub fn list_trait(list: &str) -> String {
    format!("{LIST_PREFIX}{list}")
}

/// The static list that a trait of this name speaks of, if it does.
#[must_use]
pub fn list_of(trait_name: &str) -> Option<&str> {
    trait_name.strip_prefix(LIST_PREFIX)
}

/// A trait of the person with its provenance: the last statement counts.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Trait {
    /// When it was stated.
    #[n(0)]
    pub stamp: Stamp,
    /// What was stated.
    #[n(1)]
    pub value: Value,
    /// Who told us.
    #[n(2)]
    pub source: String,
}

/// How often and when something of one kind happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Activity {
    /// How many accepted events.
    #[n(0)]
    pub count: u64,
    /// The first.
    #[n(1)]
    pub first: Stamp,
    /// The last.
    #[n(2)]
    pub last: Stamp,
}

impl Activity {
    /// One event.
    pub(super) fn once(stamp: Stamp) -> Self {
        Self { count: 1, first: stamp, last: stamp }
    }

    /// Takes in other events of the kind.
    pub(super) fn merge(&mut self, other: Self) {
        self.count += other.count;
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
    }
}

/// The person's interest in one product.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Interest {
    /// The last look at it.
    #[n(0)]
    pub last: Stamp,
    /// The product as it was last seen.
    #[n(1)]
    pub line: Part<Line>,
}

/// A question to the service desk.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Ticket {
    /// When it was last opened.
    #[n(0)]
    pub opened: Option<Stamp>,
    /// When it was last closed.
    #[n(1)]
    pub closed: Option<Stamp>,
}

/// A message we sent, as the log has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Sent {
    /// When it was claimed.
    #[n(0)]
    pub stamp: Stamp,
    /// Over which channel.
    #[n(1)]
    pub channel: Channel,
    /// For what.
    #[n(2)]
    pub purpose: Purpose,
}

/// Everything a person's events come to.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Profile {
    /// Traits by name.
    #[n(0)]
    pub traits: Part<BTreeMap<String, Trait>>,
    /// Carts.
    #[n(1)]
    pub cart: Part<Cart>,
    /// Orders and returns.
    #[n(2)]
    pub orders: Part<Orders>,
    /// Interest by the product's strongest code.
    #[n(3)]
    pub interest: Part<BTreeMap<String, Interest>>,
    /// Consents and suppressions.
    #[n(4)]
    pub consents: Part<Consents>,
    /// Service tickets by id.
    #[n(5)]
    pub tickets: Part<BTreeMap<String, Ticket>>,
    /// Touchpoints.
    #[n(6)]
    pub path: Part<Path>,
    /// Activity by kind of event.
    #[n(7)]
    pub activity: BTreeMap<Kind, Activity>,
    /// The latest messages, for caps; in order.
    #[n(8)]
    pub sent: Part<Vec<Sent>>,
    /// Accepted events.
    #[n(9)]
    pub events: u64,
    /// What the person did, for engagement.
    #[n(10)]
    #[cbor(default)]
    pub pulse: Part<Pulse>,
    /// Claims that were taken back before they left, in order.
    #[n(11)]
    #[cbor(default)]
    pub taken_back: Vec<Stamp>,
    /// Standing aggregates: what conditions need of single events.
    #[n(12)]
    #[cbor(default)]
    pub standing: Part<Standing>,
    /// Offers that were given and used.
    #[n(13)]
    #[cbor(default)]
    pub offers: Part<Offers>,
    /// Browsers that take push messages.
    #[n(14)]
    #[cbor(default)]
    pub push: Part<Subscriptions>,
    /// Which set of aggregates was declared when the last event was taken in.
    #[n(15)]
    #[cbor(default)]
    pub standing_under: u64,
}

impl Profile {
    /// The most products of interest kept; those looked at last stay.
    pub const INTEREST_MAX: usize = 50;
    /// The most traits kept; those with the smallest names stay.
    pub const TRAITS_MAX: usize = 200;
    /// The most tickets kept; those with the largest ids stay.
    pub const TICKETS_MAX: usize = 50;
    /// The most messages kept of one channel: no cap counts further.
    pub const SENT_MAX: usize = 100;
    /// The most kinds of event counted apart.
    pub const KINDS_MAX: usize = 200;

    /// Takes in one accepted event. The order of calls does not matter; each event is taken in
    /// once, which the log sees to. Cost: O(1) in the history but for the bounded parts touched.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these kinds of event matter here")]
    ///
    /// `aggregates` are those that the live definitions declare.
    pub fn fold(&mut self, event: &Event, aggregates: &Aggregates) {
        let stamp = Stamp::of(event);
        if self.standing_under != aggregates.version() {
            // This event goes by what is not declared, so that it would miss it if it is again.
            self.standing.keep(aggregates);
            self.standing_under = aggregates.version();
        }
        if self.events == 0 && !aggregates.is_empty() {
            self.standing = Standing::begun(aggregates).into();
        }
        if aggregates.concern(&event.kind) {
            self.standing.fold(event, stamp, aggregates);
        }
        self.events += 1;
        self.count(event.kind.clone(), Activity::once(stamp));
        // A part that an event says nothing of is left unread.
        if !event.traits.is_empty() {
            for (name, value) in &event.traits {
                // Who is on a list, staff say, and nobody who merely has a write key.
                if name.starts_with(LIST_PREFIX) && event.source != OWN_SOURCE {
                    continue;
                }
                let stated = Trait { stamp, value: value.clone(), source: event.source.clone() };
                self.state(name.clone(), stated);
            }
            self.bound_traits();
        }
        if event.kind.touches_cart() {
            self.cart.fold(event, stamp);
        }
        if event.kind.touches_orders() {
            self.orders.fold(event, stamp);
        }
        if Consents::touched_by(event) {
            self.consents.fold(event, stamp);
        }
        if Subscriptions::touched_by(event) {
            self.push.fold(event, stamp);
        }
        if event.kind.touchpoint() {
            self.path.fold(event, stamp);
        }
        if Act::of(&event.kind).is_some() {
            self.pulse.fold(event);
        }
        if let Some(offer) = Offers::named(event) {
            self.offers.fold(event, stamp, offer);
        }
        match event.kind {
            Kind::ProductViewed | Kind::ProductClicked | Kind::ProductAddedToWishlist => {
                for line in &event.lines {
                    if let Some(code) = line.codes.first() {
                        let look = Interest { last: stamp, line: line.clone().into() };
                        self.look(code.value.clone(), look);
                    }
                }
                self.bound_interest();
            }
            Kind::TicketOpened | Kind::TicketClosed => self.ticket(event, stamp),
            Kind::MessageSent | Kind::SiteMessageShown => self.sent(event, stamp),
            Kind::MessageTakenBack => self.take_back(Stamp::of_the_claim(event)),
            _ => {}
        }
    }

    /// Takes the aggregates that are not here from what was folded of all events there are.
    pub fn complete_with(&mut self, told: Standing, aggregates: &Aggregates) {
        self.standing.complete_with(told);
        self.standing.keep(aggregates);
        self.standing_under = aggregates.version();
    }

    /// Takes in the profile of other events of the same person.
    pub fn merge(&mut self, other: Self) {
        if self.events == 0 {
            (self.standing, self.standing_under) = (other.standing, other.standing_under);
        } else if other.events > 0 {
            self.standing.merge(other.standing.into_value());
            if self.standing_under != other.standing_under {
                // No set that is declared: the next event tells.
                self.standing_under = 1;
            }
        }
        self.events += other.events;
        for (kind, activity) in other.activity {
            self.count(kind, activity);
        }
        for (name, stated) in other.traits.into_value() {
            self.state(name, stated);
        }
        self.bound_traits();
        self.cart.merge(other.cart.into_value());
        self.orders.merge(other.orders.into_value());
        self.consents.merge(other.consents.into_value());
        self.path.merge(other.path.into_value());
        self.pulse.merge(other.pulse.into_value());
        for (code, interest) in other.interest.into_value() {
            self.look(code, interest);
        }
        self.bound_interest();
        for (id, ticket) in other.tickets.into_value() {
            let held = self.tickets.entry(id).or_default();
            held.opened = held.opened.max(ticket.opened);
            held.closed = held.closed.max(ticket.closed);
        }
        for sent in other.sent.into_value() {
            self.keep_sent(sent);
        }
        for claim in other.taken_back {
            self.take_back(claim);
        }
        self.offers.merge(other.offers.into_value());
        self.push.merge(other.push.into_value());
    }

    /// Whether a question to the service desk is open.
    #[must_use]
    pub fn ticket_open(&self) -> Option<(&str, Timestamp)> {
        self.tickets
            .iter()
            .filter(|(_, ticket)| ticket.opened.is_some() && ticket.opened > ticket.closed)
            .filter_map(|(id, ticket)| ticket.opened.map(|stamp| (id.as_str(), stamp.at)))
            .min_by_key(|(_, at)| *at)
    }

    /// Whether the person is on the static list of this name.
    #[must_use]
    pub fn listed(&self, list: &str) -> bool {
        self.traits.get(&list_trait(list)).is_some_and(|held| held.value == Value::Bool(true))
    }

    /// The text of a trait, if there is one.
    #[must_use]
    pub fn trait_text(&self, name: &str) -> Option<&str> {
        self.traits.get(name).and_then(|held| held.value.as_text())
    }

    fn count(&mut self, kind: Kind, activity: Activity) {
        match self.activity.get_mut(&kind) {
            Some(held) => held.merge(activity),
            None => {
                self.activity.insert(kind, activity);
                if self.activity.len() > Self::KINDS_MAX {
                    self.activity.pop_last();
                }
            }
        }
    }

    fn state(&mut self, name: String, stated: Trait) {
        match self.traits.get_mut(&name) {
            Some(held) if held.stamp >= stated.stamp => {}
            Some(held) => *held = stated,
            None => {
                self.traits.insert(name, stated);
            }
        }
    }

    fn bound_traits(&mut self) {
        while self.traits.len() > Self::TRAITS_MAX {
            self.traits.pop_last();
        }
    }

    fn look(&mut self, code: String, look: Interest) {
        match self.interest.get_mut(&code) {
            Some(held) if (held.last, &held.line) >= (look.last, &look.line) => {}
            Some(held) => *held = look,
            None => {
                self.interest.insert(code, look);
            }
        }
    }

    fn bound_interest(&mut self) {
        while self.interest.len() > Self::INTEREST_MAX {
            let oldest =
                self.interest.iter().min_by_key(|(code, held)| (held.last, (*code).clone()));
            let Some(oldest) = oldest.map(|(code, _)| code.clone()) else { return };
            self.interest.remove(&oldest);
        }
    }

    fn ticket(&mut self, event: &Event, stamp: Stamp) {
        let Some(reference) = &event.reference else { return };
        let held = self.tickets.entry(reference.id.clone()).or_default();
        if event.kind == Kind::TicketOpened {
            held.opened = held.opened.max(Some(stamp));
        } else {
            held.closed = held.closed.max(Some(stamp));
        }
        while self.tickets.len() > Self::TICKETS_MAX {
            self.tickets.pop_first();
        }
    }

    fn sent(&mut self, event: &Event, stamp: Stamp) {
        let purpose = event.properties.get("purpose").and_then(Value::as_text);
        let purpose = purpose.and_then(Purpose::parse).unwrap_or(Purpose::Promotion);
        // What no cap counts would only take the place of what it must count.
        if purpose == Purpose::Transactional {
            return;
        }
        self.keep_sent(Sent { stamp, channel: event.place.channel, purpose });
    }

    /// A claim that was taken back counts for nothing, whichever of the two is heard of first.
    fn take_back(&mut self, claim: Stamp) {
        if let Err(index) = self.taken_back.binary_search(&claim) {
            self.taken_back.insert(index, claim);
            if self.taken_back.len() > Self::SENT_MAX {
                self.taken_back.remove(0);
            }
        }
        if self.sent.iter().any(|sent| sent.stamp == claim) {
            self.sent.retain(|sent| sent.stamp != claim);
        }
    }

    fn keep_sent(&mut self, sent: Sent) {
        if self.taken_back.contains(&sent.stamp) {
            return;
        }
        if let Err(index) = self.sent.binary_search(&sent) {
            let channel = sent.channel;
            self.sent.insert(index, sent);
            let mut same = self.sent.iter().enumerate().filter(|(_, held)| held.channel == channel);
            let oldest = same.next().map(|(index, _)| index);
            if same.count() == Self::SENT_MAX
                && let Some(oldest) = oldest
            {
                self.sent.remove(oldest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(kind: Kind, message_id: &str, reference: &str) -> Event {
        Event {
            occurred: crate::time::Occurred::instant(Timestamp(5)),
            place: crate::event::Place::default(),
            reference: Some(crate::event::Reference { id: reference.to_owned() }),
            mode: crate::event::Mode::Live,
            document: crate::event::Document::Once,
            ..Event::bare("regulars", message_id.to_owned(), kind, Timestamp(5))
        }
    }

    /// A merge or a refold may bring the two in any order; a cap must count neither of them.
    #[test]
    fn a_claim_that_was_taken_back_counts_for_nothing_in_any_order() {
        let claim = own(Kind::MessageSent, "message-7", "7");
        let other = own(Kind::MessageSent, "message-8", "8");
        let back = own(Kind::MessageTakenBack, "message-7-taken-back", "message-7");
        let folded = |events: [&Event; 3]| {
            let mut profile = Profile::default();
            events.into_iter().for_each(|event| profile.fold(event, &Aggregates::default()));
            profile
        };
        let one = folded([&claim, &other, &back]);
        assert_eq!(one.sent.len(), 1);
        assert_eq!(one, folded([&back, &claim, &other]));
        let (mut left, mut right) = (Profile::default(), Profile::default());
        left.fold(&back, &Aggregates::default());
        right.fold(&claim, &Aggregates::default());
        right.fold(&other, &Aggregates::default());
        left.merge(right);
        assert_eq!(left, one);
    }

    /// What caps count loses its place to nothing that another cap counts, or none.
    #[test]
    fn only_messages_of_the_same_channel_push_out_the_oldest() {
        let mut profile = Profile::default();
        let mut send = |at: i64, channel: Channel, purpose: Purpose| {
            let sent = own(Kind::MessageSent, &format!("message-{at}"), &at.to_string());
            let event = Event {
                occurred: crate::time::Occurred::instant(Timestamp(at)),
                place: crate::event::Place { channel, ..crate::event::Place::default() },
                properties: [("purpose".to_owned(), Value::Text(purpose.word().to_owned()))].into(),
                ..sent
            };
            profile.fold(&event, &Aggregates::default());
        };
        send(0, Channel::Sms, Purpose::Care);
        (1..=150).for_each(|at| send(at, Channel::Email, Purpose::Promotion));
        (151..=300).for_each(|at| send(at, Channel::Email, Purpose::Transactional));
        let kept: Vec<i64> = profile.sent.iter().map(|sent| sent.stamp.at.0).collect();
        assert_eq!(kept, std::iter::once(0).chain(51..=150).collect::<Vec<_>>());
    }
}
