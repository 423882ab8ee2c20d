//! Counting what was claimed, by the minute, and of the last minute to the millisecond.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::hash::Hasher;

use siphasher::sip::SipHasher13;

use super::promise::Promises;
use crate::event::Channel;
use crate::identity::KeySalt;
use crate::time::{DAY, MINUTE, Timestamp};

/// What is counted together, as a keyed hash: a domain may be a person's own, and says too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LaneKey(pub u64);

impl LaneKey {
    /// The lane of a channel: of what goes from a domain of ours to a provider, or of all of it.
    pub(super) fn of(salt: KeySalt, channel: Channel, of: Option<(&str, &str)>) -> Self {
        let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
        hasher.write(channel.word().as_bytes());
        let (sender, provider) = of.unwrap_or_default();
        for part in [sender, provider] {
            hasher.write_u8(0xff);
            hasher.write(part.as_bytes());
        }
        Self(hasher.finish())
    }
}

/// How many messages of a lane were claimed in a minute, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The lane.
    pub lane: LaneKey,
    /// The minute: minutes since 1970.
    pub minute: i64,
    /// How many.
    pub claims: u32,
    /// When the last of them was claimed.
    pub last: Timestamp,
}

impl Kept {
    /// Minutes that are counted at all; what is older may be forgotten.
    pub const MINUTES: i64 = DAY / MINUTE + 1;
}

/// Stretches up to this length are counted to the millisecond.
pub(super) const EXACT_MS: i64 = MINUTE;

/// What was claimed of one lane.
#[derive(Clone, Debug, Default)]
struct Counted {
    /// By minute: how many, and the last of them.
    minutes: BTreeMap<i64, (u32, Timestamp)>,
    /// Of the last minute: when, ascending, and how many.
    latest: VecDeque<(Timestamp, u32)>,
}

/// How many messages were claimed lately, and which turns are promised.
#[derive(Clone, Debug, Default)]
pub struct Paces {
    pub(super) salt: KeySalt,
    lanes: BTreeMap<LaneKey, Counted>,
    /// What changed since it was last told of.
    changed: BTreeSet<(LaneKey, i64)>,
    pub(super) promises: Promises,
}

impl Paces {
    /// What a store kept. Of a minute only its last claim is known to the millisecond: all of them count
    /// as made then, so that no stretch of time holds more than it seems to.
    #[must_use]
    pub fn new(salt: KeySalt, kept: impl IntoIterator<Item = Kept>) -> Self {
        let mut paces = Self { salt, ..Self::default() };
        for Kept { lane, minute, claims, last } in kept {
            let counted = paces.lanes.entry(lane).or_default();
            counted.minutes.insert(minute, (claims, last));
        }
        for counted in paces.lanes.values_mut() {
            let latest = counted.minutes.values().rev().take(2);
            counted.latest = latest.map(|(claims, last)| (*last, *claims)).collect();
            counted.latest.make_contiguous().reverse();
        }
        paces
    }

    /// Counts a message that was claimed at `now`.
    pub(super) fn count(&mut self, lane: LaneKey, now: Timestamp) {
        let minute = now.0.div_euclid(MINUTE);
        let counted = self.lanes.entry(lane).or_default();
        let (claims, last) = counted.minutes.entry(minute).or_insert((0, now));
        *claims += 1;
        *last = (*last).max(now);
        match counted.latest.back_mut() {
            Some((at, claims)) if *at >= now => *claims += 1,
            Some(_) | None => counted.latest.push_back((now, 1)),
        }
        while counted.latest.front().is_some_and(|(at, _)| now.since(*at) >= EXACT_MS) {
            counted.latest.pop_front();
        }
        while counted.minutes.first_key_value().is_some_and(|(m, _)| *m < minute - Kept::MINUTES) {
            counted.minutes.pop_first();
        }
        self.changed.insert((lane, minute));
    }

    /// Counts a message no longer that was claimed at `at` and surely did not go out.
    pub(super) fn give_back(&mut self, lane: LaneKey, at: Timestamp) {
        let minute = at.0.div_euclid(MINUTE);
        let Some(counted) = self.lanes.get_mut(&lane) else { return };
        let Some((claims, _)) = counted.minutes.get_mut(&minute) else { return };
        if *claims == 0 {
            return;
        }
        *claims -= 1;
        self.changed.insert((lane, minute));
        let held = counted.latest.iter_mut().rev();
        if let Some((_, claims)) = held.into_iter().find(|(of, claims)| *of == at && *claims > 0) {
            *claims -= 1;
        }
    }

    /// When messages of a lane were claimed, the latest first, and how many. All of a minute count as
    /// made at its end, where the stretch is not counted to the millisecond.
    pub(super) fn claims(
        &self,
        lane: LaneKey,
        window_ms: i64,
    ) -> impl Iterator<Item = (Timestamp, u32)> + '_ {
        let counted = self.lanes.get(&lane);
        let exact = window_ms <= EXACT_MS;
        let latest = counted.filter(|_| exact).into_iter().flat_map(|of| of.latest.iter().rev());
        let minutes = counted.filter(|_| !exact).into_iter().flat_map(|of| of.minutes.iter().rev());
        let ends = |minute: i64| Timestamp(minute.saturating_add(1).saturating_mul(MINUTE) - 1);
        let by_minute = minutes.map(move |(minute, (claims, _))| (ends(*minute), *claims));
        latest.copied().chain(by_minute)
    }

    /// How many messages of a lane were claimed in the stretch that ends with `now`.
    pub(super) fn used(&self, lane: LaneKey, window_ms: i64, now: Timestamp) -> u64 {
        let within = self.claims(lane, window_ms).take_while(|(at, _)| now.since(*at) < window_ms);
        within.map(|(_, claims)| u64::from(claims)).sum()
    }

    /// What is to be kept since the last call.
    pub fn take_changed(&mut self) -> Vec<Kept> {
        let changed = std::mem::take(&mut self.changed);
        let kept = changed.into_iter().filter_map(|(lane, minute)| {
            let (claims, last) = *self.lanes.get(&lane)?.minutes.get(&minute)?;
            Some(Kept { lane, minute, claims, last })
        });
        kept.collect()
    }
}
