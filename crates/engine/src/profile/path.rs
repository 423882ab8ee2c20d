//! The path: a person's touchpoints in the order in which they happened.

use std::sync::Arc;

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

use super::Stamp;
use crate::event::{Channel, Event, Kind};
use crate::identity::Class;
use crate::time::Timestamp;

/// The most touchpoints kept in the profile; the latest stay, and the very first. The whole path
/// is in the log.
pub const PATH_MAX: usize = 64;

/// One contact of the person with the brand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Touch {
    /// When.
    pub stamp: Stamp,
    /// What.
    pub kind: Kind,
    /// Over which channel.
    pub channel: Channel,
    /// From which source; touches of one source share the text.
    pub source: Arc<str>,
    /// Whether the event itself named nobody but a device: the anonymous part of the path.
    pub anonymous: bool,
}

/// A person's touchpoints.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path {
    /// The very first.
    pub first: Option<Touch>,
    /// The latest, in order.
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
                self.first = Some(self.touch(event, stamp));
            }
            return;
        }
        self.insert(self.touch(event, stamp));
    }

    fn touch(&self, event: &Event, stamp: Stamp) -> Touch {
        let same = |touch: &&Touch| *touch.source == *event.source;
        let shared = self.latest.iter().rev().find(same).map(|touch| Arc::clone(&touch.source));
        Touch {
            stamp,
            kind: event.kind.clone(),
            channel: event.place.channel,
            source: shared.unwrap_or_else(|| event.source.as_str().into()),
            anonymous: event.anchor().is_none_or(|anchor| anchor.kind.class() >= Class::Device),
        }
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

/// What a touch is but for its moment: few are different.
type Manner = (Kind, Channel, Arc<str>, bool);

/// Bytes of a touch as it is stored: its moment, its tie-breaker, the number of its manner.
const STORED: usize = 17;

/// A path is stored as its manners, each once in their order, then its touches in one string of
/// bytes, the very first in front.
impl<C> Encode<C> for Path {
    fn encode<W: Write>(
        &self,
        e: &mut Encoder<W>,
        ctx: &mut C,
    ) -> Result<(), EncodeError<W::Error>> {
        let touches = || self.first.iter().chain(&self.latest);
        // Few manners are different, and asking whether two are equal costs less than their order.
        let mut manners: Vec<&Touch> = Vec::new();
        let mut numbers: Vec<u8> = Vec::with_capacity(PATH_MAX + 1);
        for touch in touches() {
            let held = manners.iter().position(|held| held.manner() == touch.manner());
            let number = held.unwrap_or_else(|| {
                manners.push(touch);
                manners.len() - 1
            });
            let number = u8::try_from(number);
            numbers.push(number.map_err(|_| EncodeError::message("a path is short"))?);
        }
        let mut sorted: Vec<usize> = (0..manners.len()).collect();
        sorted.sort_unstable_by(|a, b| manners[*a].manner().cmp(&manners[*b].manner()));
        let mut places = vec![0u8; manners.len()];
        for (place, number) in (0u8..).zip(&sorted) {
            places[*number] = place;
        }
        e.array(2)?.array(u64::try_from(manners.len()).unwrap_or(u64::MAX))?;
        for number in &sorted {
            let touch = manners[*number];
            e.encode_with(&touch.kind, ctx)?.encode_with(touch.channel, ctx)?;
            e.str(&touch.source)?.bool(touch.anonymous)?;
        }
        let mut bytes = Vec::with_capacity(STORED * (PATH_MAX + 1));
        for (touch, number) in touches().zip(numbers) {
            bytes.extend_from_slice(&touch.stamp.at.0.to_le_bytes());
            bytes.extend_from_slice(&touch.stamp.tie.to_le_bytes());
            bytes.push(places[usize::from(number)]);
        }
        e.bytes(&bytes)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Path {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        let counted = || DecodeError::message("a path states its length");
        d.array()?;
        let mut manners: Vec<Manner> = Vec::new();
        for _ in 0..d.array()?.ok_or_else(counted)? {
            let (kind, channel) = (d.decode_with(ctx)?, d.decode_with(ctx)?);
            let source = d.str()?;
            let shared = manners.iter().find(|manner| *manner.2 == *source);
            let source = shared.map_or_else(|| source.into(), |manner| Arc::clone(&manner.2));
            manners.push((kind, channel, source, d.bool()?));
        }
        let touches = d.bytes()?.chunks_exact(STORED).map(|bytes| touch_of(bytes, &manners));
        let mut touches = touches.collect::<Option<Vec<Touch>>>().ok_or_else(counted)?;
        let first = (!touches.is_empty()).then(|| touches.remove(0));
        Ok(Self { first, latest: touches })
    }
}

/// A touch of its stored bytes; `None` if they are of no known manner.
fn touch_of(bytes: &[u8], manners: &[Manner]) -> Option<Touch> {
    let (at, rest) = bytes.split_first_chunk()?;
    let (tie, rest) = rest.split_first_chunk()?;
    let (kind, channel, source, anonymous) = manners.get(usize::from(*rest.first()?))?.clone();
    let stamp = Stamp { at: Timestamp(i64::from_le_bytes(*at)), tie: u64::from_le_bytes(*tie) };
    Some(Touch { stamp, kind, channel, source, anonymous })
}

impl Touch {
    fn manner(&self) -> (&Kind, Channel, &str, bool) {
        (&self.kind, self.channel, &self.source, self.anonymous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn touch(at: i64, kind: Kind, source: &str) -> Touch {
        let stamp = Stamp { at: Timestamp(at), tie: at.cast_unsigned().wrapping_mul(77) };
        Touch { stamp, kind, channel: Channel::Web, source: source.into(), anonymous: at % 2 == 0 }
    }

    #[test]
    fn a_path_is_stored_and_read_again() {
        let mut path = Path::default();
        for at in -3..200_i64 {
            let kind = if at % 3 == 0 { Kind::PageViewed } else { Kind::ProductViewed };
            path.insert(touch(at, kind, if at % 5 == 0 { "till" } else { "web" }));
        }
        for path in [Path::default(), path] {
            let bytes = minicbor::to_vec(&path).unwrap();
            assert_eq!(minicbor::decode::<Path>(&bytes).unwrap(), path);
        }
    }
}
