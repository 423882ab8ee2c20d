//! The segments that stand: compiled, with an index from what an event touches to those who read it.

use std::collections::BTreeMap;

use super::mask::Mask;
use super::reach::Reach;
use crate::condition::{Aggregate, Condition, Meant, Reads};
use crate::event::{Channel, Event, Kind, LogPosition};
use crate::profile::Subscriptions;
use crate::record::Record;
use crate::step::ZONE_TRAITS;
use crate::time::Timestamp;

/// A segment whose members are kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Its number: the same for as long as its name stands.
    pub number: u32,
    /// Its name; empty where it is none that a shop defines.
    pub name: String,
    /// The way of reaching people that it is kept for; `None`: it is a segment of the shop.
    pub reach: Option<Reach>,
    /// Who is in it.
    pub condition: Condition,
    /// What that reads, through other segments too.
    pub reads: Reads,
    /// The generation with which it came to mean what it means.
    pub introduced: u32,
    /// The generation with which everybody was last to be asked anew; not before `introduced`.
    pub refreshed: u32,
    /// The log position at which it came to mean what it means: who was there before is computed.
    pub from: LogPosition,
    /// When it came to mean what it means.
    pub at: Timestamp,
}

/// All segments that are kept, made by [`super::Book::stand`].
#[derive(Clone, Debug, Default)]
pub struct Standing {
    /// The latest generation.
    pub generation: u32,
    /// The generation up to which everybody has been asked.
    pub complete: u32,
    /// The ways of reaching people, then the shop's segments by name, at most
    /// [`Standing::SEGMENTS_MAX`] of them.
    pub segments: Vec<Kept>,
    index: Index,
}

/// From what an event touches to the places of the segments that read it.
#[derive(Clone, Debug, Default)]
struct Index {
    orders: Mask,
    cart: Mask,
    consents: Mask,
    addresses: Mask,
    tickets: Mask,
    scores: Mask,
    time: Mask,
    channels: BTreeMap<Channel, Mask>,
    kinds: BTreeMap<Kind, OfKind>,
    traits: BTreeMap<String, Mask>,
    all: Mask,
}

/// The segments that read events of one kind.
#[derive(Clone, Debug, Default)]
struct OfKind {
    every: Mask,
    /// Those that read what a filter lets through: each filter is asked once, whoever states it.
    some: BTreeMap<u64, (Aggregate, Mask)>,
}

const _: () = assert!(Standing::SEGMENTS_MAX + Reach::ALL.len() <= Standing::PLACES_MAX);

impl Standing {
    /// The most segments that a shop may have.
    pub const SEGMENTS_MAX: usize = 1_000;
    /// The most that are kept, with the ways of reaching people.
    pub(super) const PLACES_MAX: usize = 1_024;

    /// Stands up segments. What exceeds the places there are is left out.
    #[must_use]
    pub(super) fn new(generation: u32, complete: u32, mut segments: Vec<Kept>) -> Self {
        segments.truncate(Self::PLACES_MAX);
        let mut index = Index::default();
        for (place, kept) in segments.iter().enumerate() {
            index.add(place, &kept.reads);
        }
        Self { generation, complete, segments, index }
    }

    /// The segments of the shop, by name.
    pub fn defined(&self) -> impl Iterator<Item = &Kept> {
        self.segments.iter().filter(|kept| kept.reach.is_none())
    }

    /// The segment of this name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Kept> {
        self.defined().find(|kept| kept.name == name)
    }

    /// The segment of this number.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Option<&Kept> {
        self.segments.iter().find(|kept| kept.number == number)
    }

    /// Whether everybody has been asked since the segment came to mean what it means.
    #[must_use]
    pub fn computed(&self, kept: &Kept) -> bool {
        kept.introduced <= self.complete
    }

    /// Segments that somebody last asked under `generation` must be asked anew.
    pub(super) fn newer_than(&self, generation: u32) -> Mask {
        let mut mask = Mask::EMPTY;
        for (place, kept) in self.segments.iter().enumerate() {
            if kept.refreshed > generation || generation > self.generation {
                mask.add(place);
            }
        }
        mask
    }

    /// All of them.
    pub(super) fn all(&self) -> &Mask {
        &self.index.all
    }

    /// Those whose answer time alone may change.
    pub(super) fn timed(&self) -> &Mask {
        &self.index.time
    }

    /// Segments that an event of the person, folded in already, may have changed.
    pub(super) fn touched(&self, event: &Event, person: &Record) -> Mask {
        let (index, kind) = (&self.index, &event.kind);
        let mut mask = Mask::EMPTY;
        if kind.touches_orders() {
            mask.with(&index.orders);
            mask.with(&index.cart);
        }
        if kind.touches_cart() {
            mask.with(&index.cart);
        }
        if event.consent.is_some() {
            mask.with(&index.consents);
        }
        // An address is news where the person got an identifier, a hard stop came for one, or a browser
        // takes push messages no more.
        let stopped = kind.stops_address() || Subscriptions::touched_by(event);
        if stopped || event.consent.is_some() || person.evidence.nodes.changed() {
            mask.with(&index.addresses);
        }
        if matches!(kind, Kind::TicketOpened | Kind::TicketClosed) {
            mask.with(&index.tickets);
        }
        if kind.touchpoint()
            && let Some(found) = index.channels.get(&event.place.channel)
        {
            mask.with(found);
        }
        if kind.touchpoint() || kind.touches_orders() {
            mask.with(&index.scores);
        }
        if let Some(found) = index.kinds.get(kind) {
            mask.with(&found.every);
            let standing = &person.profile.standing;
            for (key, (aggregate, places)) in &found.some {
                if aggregate.touched_by(*key, event, standing) {
                    mask.with(places);
                }
            }
        }
        for name in event.traits.keys() {
            if let Some(found) = index.traits.get(name) {
                mask.with(found);
            }
            if ZONE_TRAITS.contains(&name.as_str()) {
                mask.with(&index.time);
            }
        }
        mask
    }
}

impl Index {
    fn add(&mut self, place: usize, reads: &Reads) {
        // Every field by its name: what is read and not indexed would go unnoticed.
        let Reads {
            orders,
            cart,
            consents,
            addresses,
            tickets,
            channels,
            kinds,
            traits,
            segments: _,
            scores,
            stage,
            lists: _,
            products: _,
            categories: _,
            entry: _,
            time,
        } = reads;
        let flags = [
            (orders, &mut self.orders),
            (cart, &mut self.cart),
            (consents, &mut self.consents),
            (addresses, &mut self.addresses),
            (tickets, &mut self.tickets),
            (time, &mut self.time),
            (&(*stage || !scores.is_empty()), &mut self.scores),
        ];
        for (read, mask) in flags {
            if *read {
                mask.add(place);
            }
        }
        for channel in channels {
            self.channels.entry(*channel).or_default().add(place);
        }
        for (kind, meant) in kinds {
            let held = self.kinds.entry(kind.clone()).or_default();
            match meant {
                Meant::Every => held.every.add(place),
                Meant::Some(aggregates) => {
                    for (key, aggregate) in aggregates {
                        let one = || (aggregate.clone(), Mask::EMPTY);
                        held.some.entry(*key).or_insert_with(one).1.add(place);
                    }
                }
            }
        }
        for name in traits {
            self.traits.entry(name.clone()).or_default().add(place);
        }
        self.all.add(place);
    }
}
