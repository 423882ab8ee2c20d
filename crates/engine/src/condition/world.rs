//! What one evaluation works with: the person as seen in one possible world, and the feeds.

use std::cell::OnceCell;

use super::ask::{Asked, Manner};
use super::moment::ALWAYS;
use crate::event::Line;
use crate::profile::{OpenLine, Profile};
use crate::source::{Lacking, Rhythm};
use crate::time::Timestamp;

/// The person as one possible world has it: alone, or together with a possible twin.
#[derive(Debug)]
pub(super) struct World<'a> {
    pub(super) asked: &'a Asked<'a>,
    pub(super) profile: &'a Profile,
    /// Inside a journey; a segment has no entry, whoever asks for it.
    pub(super) entry: Option<(Timestamp, &'a [Line])>,
    pub(super) feeds: &'a Feeds<'a>,
    /// How many segments within segments this is.
    pub(super) nested: usize,
    cart: OnceCell<Vec<OpenLine>>,
}

impl<'a> World<'a> {
    pub(super) fn new(asked: &'a Asked<'a>, profile: &'a Profile, feeds: &'a Feeds<'a>) -> Self {
        Self { asked, profile, entry: asked.entry, feeds, nested: 0, cart: OnceCell::new() }
    }

    /// The same world as a segment sees it.
    pub(super) fn segment(&self) -> Self {
        Self {
            asked: self.asked,
            profile: self.profile,
            entry: None,
            feeds: self.feeds,
            nested: self.nested + 1,
            cart: OnceCell::new(),
        }
    }

    pub(super) fn now(&self) -> Timestamp {
        self.asked.now
    }

    /// Whether maybes count as such.
    pub(super) fn certain(&self) -> bool {
        self.asked.manner == Manner::ForCertain
    }

    /// What is in the carts at this moment.
    pub(super) fn cart(&self) -> &[OpenLine] {
        self.cart.get_or_init(|| {
            let Profile { cart, orders, .. } = self.profile;
            cart.lines(orders, self.asked.catalogue, self.now())
        })
    }
}

/// A feed that may still bring something.
#[derive(Clone, Debug)]
pub(super) struct Silence {
    pub(super) lacking: Lacking,
    /// The moment up to which it has told enough.
    pub(super) from: Timestamp,
}

/// The feeds that tell of orders, looked at only where an answer depends on them.
#[derive(Debug)]
pub(super) struct Feeds<'a> {
    asked: &'a Asked<'a>,
    lacking: OnceCell<Vec<Silence>>,
    changes_at: OnceCell<Option<Timestamp>>,
}

impl<'a> Feeds<'a> {
    pub(super) fn new(asked: &'a Asked<'a>) -> Self {
        Self { asked, lacking: OnceCell::new(), changes_at: OnceCell::new() }
    }

    /// The feeds as if all of them had told everything for ever.
    pub(super) fn complete(asked: &'a Asked<'a>) -> Self {
        Self { asked, lacking: OnceCell::from(Vec::new()), changes_at: OnceCell::from(None) }
    }

    /// The feeds that may still tell of orders from before the moment that must be complete.
    pub(super) fn lacking(&self) -> &[Silence] {
        self.lacking.get_or_init(|| {
            let Asked { sources, complete_to, now, known_complete, .. } = *self.asked;
            let lacking = sources.lacking_orders(complete_to, now, known_complete);
            lacking.into_iter().map(|lacking| self.silence(lacking)).collect()
        })
    }

    fn silence(&self, lacking: Lacking) -> Silence {
        let Asked { sources, known_complete, .. } = *self.asked;
        let Some(feed) = sources.feeds.get(&lacking.feed) else {
            return Silence { lacking, from: ALWAYS };
        };
        let mut from = feed.complete_through.unwrap_or(ALWAYS);
        let settings = sources.settings_of(&lacking.feed.source);
        if settings.rhythm == Rhythm::Live && !known_complete {
            from = from.max(feed.heard_at.plus(-settings.lag_ms));
        }
        Silence { lacking, from }
    }

    /// The next moment at which time alone may change which feeds lack something.
    pub(super) fn changes_at(&self) -> Option<Timestamp> {
        *self.changes_at.get_or_init(|| {
            let Asked { sources, complete_to, now, known_complete, .. } = *self.asked;
            sources.lacking_orders_changes_at(complete_to, now, known_complete)
        })
    }
}
