//! What is kept of one person's membership in segments.

use std::ops::{Deref, DerefMut};

use minicbor::decode::Error as DecodeError;
use minicbor::encode::{Error as EncodeError, Write};
use minicbor::{Decode, Decoder, Encode, Encoder};

use crate::event::LogPosition;
use crate::packed::{folded, put_number, take_number, unfolded};
use crate::part::Part;
use crate::time::Timestamp;

/// The segments a person is in, and how that came about.
///
/// **Derived:** `within` is a function of the profile, the definitions and the moment. `turns` says
/// what was known when, and so is no part of what the log alone gives.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Membership {
    /// The generation of the [`super::Book`] under which all segments were asked; 0: never.
    #[n(0)]
    pub generation: u32,
    /// The segments the person is in, by number ascending.
    #[n(1)]
    #[cbor(with = "together")]
    pub within: Vec<Within>,
    /// The next moment at which time alone may change any of them, or an earlier one.
    #[n(2)]
    pub due_at: Option<Timestamp>,
    /// Entering and leaving, the latest last.
    #[n(3)]
    pub turns: Part<Turns>,
    /// Whether all must be asked anew, since the person is made of other events than before.
    #[n(4)]
    pub stale: Stale,
}

/// Whether what is kept holds of the person's events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum Stale {
    /// It does.
    #[default]
    #[n(0)]
    No,
    /// Persons became one: what changes by that is a change.
    #[n(1)]
    Joined,
    /// Persons were parted or corrected: what changes by that was never so, and starts nothing.
    #[n(2)]
    Parted,
}

/// A segment that a person is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    /// Its number in the [`super::Book`].
    pub segment: u32,
    /// Since when, as far as is known.
    pub since: Timestamp,
}

/// All segments of a person in one run of bytes, each as the difference to the one before: numbers
/// are near each other, and an event enters several in one moment. A person is in dozens, and each
/// of its events reads and writes them.
mod together {
    use minicbor::decode::{Decoder, Error as DecodeError};
    use minicbor::encode::{Encoder, Error as EncodeError, Write};

    use super::Within;
    use crate::packed::{folded, put_number, take_number, unfolded};
    use crate::time::Timestamp;

    pub(super) fn encode<C, W: Write>(
        all: &[Within],
        e: &mut Encoder<W>,
        _: &mut C,
    ) -> Result<(), EncodeError<W::Error>> {
        let mut bytes = Vec::with_capacity(all.len() * 6);
        let (mut number, mut moment) = (0, 0_i64);
        for Within { segment, since } in all {
            put_number(&mut bytes, u64::from(segment.wrapping_sub(number)));
            put_number(&mut bytes, folded(since.0.wrapping_sub(moment)));
            (number, moment) = (*segment, since.0);
        }
        e.bytes(&bytes)?.ok()
    }

    pub(super) fn decode<C>(d: &mut Decoder<'_>, _: &mut C) -> Result<Vec<Within>, DecodeError> {
        let damaged = || DecodeError::message("the segments of a person end in the middle");
        let mut bytes = d.bytes()?;
        let mut all = Vec::with_capacity(bytes.len() / 2);
        let (mut number, mut moment) = (0_u32, 0_i64);
        while !bytes.is_empty() {
            let more = take_number(&mut bytes).and_then(|more| u32::try_from(more).ok());
            let later = take_number(&mut bytes).ok_or_else(damaged)?;
            number = number.wrapping_add(more.ok_or_else(damaged)?);
            moment = moment.wrapping_add(unfolded(later));
            all.push(Within { segment: number, since: Timestamp(moment) });
        }
        Ok(all)
    }
}

/// Entering and leaving, the latest last. As many as a person keeps would take most of a row if each
/// were written by itself; they are near each other in time, in the log and in their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Turns(Vec<Turn>);

impl Deref for Turns {
    type Target = Vec<Turn>;

    fn deref(&self) -> &Vec<Turn> {
        &self.0
    }
}

impl DerefMut for Turns {
    fn deref_mut(&mut self) -> &mut Vec<Turn> {
        &mut self.0
    }
}

impl<'t> IntoIterator for &'t Turns {
    type Item = &'t Turn;
    type IntoIter = std::slice::Iter<'t, Turn>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl<C> Encode<C> for Turns {
    fn encode<W: Write>(&self, e: &mut Encoder<W>, _: &mut C) -> Result<(), EncodeError<W::Error>> {
        let mut bytes = Vec::with_capacity(self.0.len() * 8);
        let (mut number, mut moment, mut place) = (0_i64, 0_i64, 0_i64);
        for Turn { segment, at, way, by, found } in &self.0 {
            let flags = u64::from(*way == Way::Left)
                | u64::from(*found) << 1
                | u64::from(by.is_some()) << 2;
            let segment = i64::from(*segment);
            put_number(&mut bytes, folded(segment - number) << 3 | flags);
            put_number(&mut bytes, folded(at.0.wrapping_sub(moment)));
            (number, moment) = (segment, at.0);
            if let Some(by) = by {
                let by = by.0.cast_signed();
                put_number(&mut bytes, folded(by.wrapping_sub(place)));
                place = by;
            }
        }
        e.bytes(&bytes)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Turns {
    fn decode(d: &mut Decoder<'b>, _: &mut C) -> Result<Self, DecodeError> {
        let mut bytes = d.bytes()?;
        let mut all = Vec::with_capacity(bytes.len() / 3);
        let (mut number, mut moment, mut place) = (0_i64, 0_i64, 0_i64);
        while !bytes.is_empty() {
            let mut step = || {
                let flags = take_number(&mut bytes)?;
                number = number.checked_add(unfolded(flags >> 3))?;
                moment = moment.wrapping_add(unfolded(take_number(&mut bytes)?));
                let by = match flags & 4 {
                    0 => None,
                    _ => {
                        place = place.wrapping_add(unfolded(take_number(&mut bytes)?));
                        Some(LogPosition(place.cast_unsigned()))
                    }
                };
                let way = if flags & 1 == 0 { Way::Entered } else { Way::Left };
                let (segment, at) = (u32::try_from(number).ok()?, Timestamp(moment));
                Some(Turn { segment, at, way, by, found: flags & 2 != 0 })
            };
            let ends = || DecodeError::message("the turns of a person end in the middle");
            all.push(step().ok_or_else(ends)?);
        }
        Ok(Self(all))
    }
}

/// In which direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Way {
    /// Into the segment.
    #[n(0)]
    Entered,
    /// Out of it.
    #[n(1)]
    Left,
}

impl Way {
    /// The word used in files and on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Entered => "entered",
            Self::Left => "left",
        }
    }
}

/// Entering or leaving a segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// The segment's number in the [`super::Book`].
    pub segment: u32,
    /// When.
    pub at: Timestamp,
    /// In which direction.
    pub way: Way,
    /// The event that turned it; `None`: time did, or a definition.
    pub by: Option<LogPosition>,
    /// Whether it was found when the segment was computed, an import was taken in or records were
    /// parted: it starts no journey.
    pub found: bool,
}

impl Membership {
    /// The most turns kept; the latest stay.
    pub const TURNS_MAX: usize = 32;

    /// Whether the person is in the segment of this number.
    #[must_use]
    pub fn holds(&self, segment: u32) -> bool {
        self.within.binary_search_by_key(&segment, |within| within.segment).is_ok()
    }

    /// Since when the person is in the segment; `None`: is not.
    #[must_use]
    pub fn since(&self, segment: u32) -> Option<Timestamp> {
        let found = self.within.binary_search_by_key(&segment, |within| within.segment);
        found.ok().map(|index| self.within[index].since)
    }

    /// Takes in that the person enters a segment or leaves it, and remembers that.
    pub(super) fn take(&mut self, turn: Turn) {
        self.turn(&turn);
        let turns = &mut *self.turns;
        turns.push(turn);
        if turns.len() > Self::TURNS_MAX {
            turns.remove(0);
        }
    }

    /// Takes in that the person enters a segment or leaves it.
    pub(super) fn turn(&mut self, turn: &Turn) {
        let Turn { segment, at, way, .. } = *turn;
        match (self.within.binary_search_by_key(&segment, |within| within.segment), way) {
            (Err(index), Way::Entered) => self.within.insert(index, Within { segment, since: at }),
            (Ok(index), Way::Left) => {
                self.within.remove(index);
            }
            (Ok(_), Way::Entered) | (Err(_), Way::Left) => {}
        }
    }

    /// What is kept of two persons who turn out to be one, until all is asked anew.
    #[must_use]
    pub fn joined(mut self, other: Self) -> Self {
        for within in other.within {
            match self.within.binary_search_by_key(&within.segment, |held| held.segment) {
                Ok(index) => {
                    let held = &mut self.within[index];
                    held.since = held.since.min(within.since);
                }
                Err(index) => self.within.insert(index, within),
            }
        }
        let turns = &mut *self.turns;
        turns.extend(other.turns.into_value().0);
        turns.sort_by_key(|turn| (turn.at, turn.segment, turn.way));
        let surplus = turns.len().saturating_sub(Self::TURNS_MAX);
        turns.drain(..surplus);
        self.generation = self.generation.min(other.generation);
        self.due_at = match (self.due_at, other.due_at) {
            (Some(own), Some(other)) => Some(own.min(other)),
            (own, other) => own.or(other),
        };
        self.stale = self.stale.max(other.stale).max(Stale::Joined);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_turns_of_a_person_come_back() {
        let turn = |segment, at, way, by: Option<u64>, found| Turn {
            segment,
            at: Timestamp(at),
            way,
            by: by.map(LogPosition),
            found,
        };
        let noon = 1_790_000_000_000;
        let near = [
            turn(3, noon, Way::Entered, Some(900_000), false),
            turn(40, noon, Way::Left, Some(900_000), true),
            turn(7, noon + 60_000, Way::Entered, None, false),
            turn(7, noon + 90_000, Way::Left, Some(900_321), false),
        ];
        let far = [
            turn(u32::MAX, i64::MAX, Way::Left, Some(u64::MAX), true),
            turn(0, i64::MIN, Way::Entered, Some(0), false),
        ];
        for all in [&near[..], &far, &[]] {
            let turns = Turns(all.to_vec());
            let bytes = minicbor::to_vec(&turns).unwrap();
            assert_eq!(minicbor::decode::<Turns>(&bytes).unwrap(), turns);
        }
        let bytes = |count| minicbor::to_vec(Turns(near[..count].to_vec())).unwrap().len();
        assert!(bytes(2) - bytes(1) <= 4, "a few bytes for a turn of the same moment");
    }

    #[test]
    fn the_segments_of_a_person_come_back() {
        let within = |(segment, since)| Within { segment, since: Timestamp(since) };
        let far = [(u32::MAX, i64::MAX), (u32::MAX, i64::MIN)];
        let near = [(1, 1_790_000_000_000), (3, 1_790_000_000_000), (4, 1_780_000_000_000)];
        for all in [&near[..], &far, &[]] {
            let within = all.iter().copied().map(within).collect();
            let membership = Membership { within, ..Membership::default() };
            let bytes = minicbor::to_vec(&membership).unwrap();
            assert_eq!(minicbor::decode::<Membership>(&bytes).unwrap(), membership);
        }
        let bytes = |all: &[(u32, i64)]| {
            let within = all.iter().copied().map(within).collect();
            minicbor::to_vec(&Membership { within, ..Membership::default() }).unwrap().len()
        };
        assert_eq!(bytes(&near[..2]) - bytes(&near[..1]), 2, "two bytes for the same moment");
    }
}
