//! The path: a person's touchpoints in the order in which they happened.

use minicbor::{Decode, Encode};

use super::Stamp;
use crate::event::{Channel, Event, Kind};
use crate::identity::Class;

/// The most touchpoints kept in the profile; the latest stay, and the very first. The whole path
/// is in the log.
pub const PATH_MAX: usize = 64;

/// One contact of the person with the brand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Touch {
    /// When.
    #[n(0)]
    pub stamp: Stamp,
    /// What.
    #[n(1)]
    pub kind: Kind,
    /// Over which channel.
    #[n(2)]
    pub channel: Channel,
    /// From which source.
    #[n(3)]
    pub source: String,
    /// Whether the event itself named nobody but a device: the anonymous part of the path.
    #[n(4)]
    pub anonymous: bool,
}

/// A person's touchpoints.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Path {
    /// The very first.
    #[n(0)]
    pub first: Option<Touch>,
    /// The latest, in order.
    #[n(1)]
    pub latest: Vec<Touch>,
}

impl Path {
    /// Takes in an event, if it is a touchpoint.
    pub fn fold(&mut self, event: &Event, stamp: Stamp) {
        if !event.kind.touchpoint() {
            return;
        }
        let full = self.latest.len() >= PATH_MAX;
        if full && self.latest.first().is_some_and(|oldest| stamp < oldest.stamp) {
            if self.first.as_ref().is_none_or(|first| stamp < first.stamp) {
                self.first = Some(touch(event, stamp));
            }
            return;
        }
        self.insert(touch(event, stamp));
    }

    /// Takes in another person's path.
    pub fn merge(&mut self, other: Self) {
        if let Some(first) = other.first
            && self.first.as_ref().is_none_or(|held| first < *held)
        {
            self.first = Some(first);
        }
        for touch in other.latest {
            self.insert(touch);
        }
    }

    fn insert(&mut self, touch: Touch) {
        if self.first.as_ref().is_none_or(|first| touch < *first) {
            self.first = Some(touch.clone());
        }
        if let Err(index) = self.latest.binary_search(&touch) {
            self.latest.insert(index, touch);
        }
        if self.latest.len() > PATH_MAX {
            self.latest.remove(0);
        }
    }
}

fn touch(event: &Event, stamp: Stamp) -> Touch {
    Touch {
        stamp,
        kind: event.kind.clone(),
        channel: event.place.channel,
        source: event.source.clone(),
        anonymous: event.anchor().is_none_or(|anchor| anchor.kind.class() >= Class::Device),
    }
}
