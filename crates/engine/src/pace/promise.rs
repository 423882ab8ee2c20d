//! Turns: when a message that finds no room may go, and who goes first.
//!
//! A promise is a moment at which to ask again, with the room kept for it against whoever comes later
//! and matters no more. It is no right: when it comes, the claims that were made are what counts. Promises
//! live in memory; after a restart whoever waits asks at the moment that was promised.

use std::collections::BTreeMap;

use super::limit::{Limit, Target};
use super::plan::To;
use super::{LaneKey, Paces};
use crate::decision::Message;
use crate::event::{Channel, Purpose};
use crate::identity::PersonId;
use crate::journey::State;
use crate::program::{Program, Shop};
use crate::reason::{Reason, ReasonCode};
use crate::source::FeedName;
use crate::time::{HOUR, MINUTE, Timestamp};
use crate::work::OWN_SOURCE;

/// Who goes first where not everybody may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    /// 2: transactional; 1: it has waited so long that priority counts no more; 0: as its priority says.
    class: u8,
    priority: i32,
}

impl Rank {
    /// After so many milliseconds nobody goes before a message but those that are transactional, so that
    /// what matters little goes in the end.
    const WAITED_MS: i64 = 12 * HOUR;

    /// That of a message that has been due for `waited_ms`, of a journey with this priority.
    #[must_use]
    pub fn of(purpose: Purpose, priority: i32, waited_ms: i64) -> Self {
        if purpose == Purpose::Transactional {
            Self { class: 2, priority: 0 }
        } else if waited_ms >= Self::WAITED_MS {
            Self { class: 1, priority: 0 }
        } else {
            Self { class: 0, priority }
        }
    }
}

/// For whom messages wait, as what they wait for: whoever loosens the limit speaks for a feed of this
/// name, and they wake.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Waits {
    /// Over which channel.
    pub channel: Channel,
    /// The limit's.
    pub to: To,
    /// Whether the limit is that of a warm-up.
    pub warm_up: bool,
}

impl Waits {
    const RATE: &str = "pace ";
    const WARM_UP: &str = "warm-up ";
    const OTHERS: &str = "others";

    /// Its name.
    #[must_use]
    pub fn feed(&self) -> FeedName {
        let word = if self.warm_up { Self::WARM_UP } else { Self::RATE };
        let mut feed = format!("{word}{}", self.channel.word());
        let to = match &self.to {
            To::Everybody => None,
            To::Others => Some(Self::OTHERS),
            To::Provider(provider) => Some(provider.as_str()),
        };
        to.into_iter().for_each(|to| feed.extend([" ", to]));
        FeedName { source: OWN_SOURCE.to_owned(), feed }
    }

    /// What a feed of this name stands for, if for a turn.
    #[must_use]
    pub fn parse(name: &FeedName) -> Option<Self> {
        let feed = Some(&name.feed).filter(|_| name.source == OWN_SOURCE)?;
        let warm_up = feed.starts_with(Self::WARM_UP);
        let rest = feed.strip_prefix(if warm_up { Self::WARM_UP } else { Self::RATE })?;
        let (channel, to) = match rest.split_once(' ') {
            None => (rest, To::Everybody),
            Some((channel, Self::OTHERS)) => (channel, To::Others),
            Some((channel, provider)) => (channel, To::Provider(provider.to_owned())),
        };
        Some(Self { channel: Channel::parse(channel)?, to, warm_up })
    }
}

/// When a message may go that may not go now.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// When to ask again.
    pub at: Timestamp,
    /// For whom it waits.
    pub waits: Waits,
    /// Why.
    pub reason: Reason,
    lanes: [LaneKey; 2],
    rank: Rank,
}

/// A message that asks for its turn.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asking<'a> {
    pub(crate) program: &'a Program,
    pub(crate) target: Target<'a>,
    pub(crate) purpose: Purpose,
    pub(crate) rank: Rank,
    pub(crate) person: PersonId,
    /// Where it stands.
    pub(crate) state: &'a State,
    /// What was claimed for the same person at the same moment.
    pub(crate) claims: &'a [Message],
    pub(crate) now: Timestamp,
}

/// A promise to a person.
#[derive(Clone, Copy, Debug)]
struct Promise {
    at: Timestamp,
    lanes: [LaneKey; 2],
    rank: Rank,
    /// Whether room is kept for it: beyond the horizon only how many there are is counted.
    kept: bool,
}

/// What is promised.
#[derive(Clone, Debug, Default)]
pub(super) struct Promises {
    of: BTreeMap<PersonId, Vec<Promise>>,
    lanes: BTreeMap<LaneKey, Promised>,
}

/// What is promised of one lane.
#[derive(Clone, Debug, Default)]
struct Promised {
    turns: BTreeMap<(Timestamp, Rank), u32>,
    /// All of them together.
    total: u64,
    /// How many wait beyond the horizon.
    beyond: u32,
}

/// So often a moment that one limit gives is asked of the others: a wrong one only costs a look.
const ROUNDS: usize = 4;
/// So many different moments are promised of a lane: whoever comes then is told about when.
const HORIZON: usize = 2_000;
/// So long a promise is kept for whoever is late: there may be many, and they come one after the other.
const OVERDUE_MS: i64 = 10 * MINUTE;

impl Promised {
    /// How many turns are promised before `until` to messages that rank as high, or higher.
    fn ahead(&self, (rank, higher): (Rank, bool), until: Timestamp, enough: u64) -> u64 {
        if self.total == 0 {
            return 0;
        }
        let before = self.turns.range(..(until, Rank { class: 0, priority: i32::MIN }));
        let mut count = 0;
        for ((_, of), turns) in before {
            if *of > rank || (*of == rank && !higher) {
                count += u64::from(*turns);
                if count >= enough {
                    break;
                }
            }
        }
        count
    }
}

impl Paces {
    /// Whether a message must wait for its turn, and until when; `None`: it may go.
    pub(crate) fn ask(&self, asking: &Asking<'_>) -> Option<Turn> {
        let Asking { program, target, purpose, rank, now, .. } = *asking;
        let limits = Limit::of(program, target, purpose, self.salt);
        let lanes = target.lanes(&program.shop, self.salt);
        let promised = paced_until(asking.state);
        let come = promised.is_some_and(|at| at <= now);
        let mut worst: Option<(Timestamp, Reason, Waits)> = None;
        for limit in &limits {
            let Some(allowed) = limit.allowed(now).map(u64::from) else { continue };
            let used = self.used(limit.lane, limit.window_ms, now) + beside(asking, self, limit);
            let ahead = self.promises.lanes.get(&limit.lane).map_or(0, |promised| {
                let enough = allowed.saturating_sub(used);
                promised.ahead((rank, come), now.plus(limit.window_ms), enough)
            });
            if used + ahead < allowed {
                continue;
            }
            let at = self.next(limit, rank, (now, now)).max(now.plus(1));
            if worst.as_ref().is_none_or(|(worst, ..)| *worst < at) {
                worst = Some((at, limit.reason(target.channel, now), limit.waits(target.channel)));
            }
        }
        let (mut at, reason, waits) = worst?;
        // Where one has room, another may have none.
        for _ in 0..ROUNDS {
            let next = limits.iter().map(|limit| self.next(limit, rank, (now, at))).max();
            match next.filter(|next| *next > at) {
                Some(next) => at = next,
                None => break,
            }
        }
        // Whoever is asked before their turn keeps it.
        let of = self.promises.of.get(&asking.person);
        let keeps = promised.filter(|at| *at > now);
        let keeps = keeps.filter(|at| of.is_some_and(|of| of.iter().any(|held| held.at == *at)));
        Some(Turn { at: keeps.unwrap_or(at), waits, reason, lanes, rank })
    }

    /// When a limit has room for one more, from a moment on and behind all that was claimed, and promised to messages that
    /// rank as high.
    fn next(
        &self,
        limit: &Limit<'_>,
        rank: Rank,
        (now, mut from): (Timestamp, Timestamp),
    ) -> Timestamp {
        loop {
            let Some(allowed) = limit.allowed(from) else { return from };
            let free = self.free(limit, allowed, rank, now).max(from);
            match limit.changes(from) {
                Some(changes) if changes <= free => from = changes,
                Some(_) | None => return free,
            }
        }
    }

    /// When the last `allowed` of all turns are so long ago that another fits.
    fn free(&self, limit: &Limit<'_>, allowed: u32, rank: Rank, now: Timestamp) -> Timestamp {
        let promised = self.promises.lanes.get(&limit.lane);
        let turns = promised.into_iter().flat_map(|promised| promised.turns.iter().rev());
        let turns = turns.filter(|((_, of), _)| *of >= rank);
        let turns = turns.map(|((at, _), count)| ((*at).max(now), *count));
        let mut all = turns.chain(self.claims(limit.lane, limit.window_ms)).peekable();
        let last = all.peek().map_or(now, |(at, _)| *at).max(now);
        let mut left = allowed;
        let full = all.find_map(|(at, count)| {
            let enough = count >= left;
            left = left.saturating_sub(count);
            enough.then(|| at.plus(limit.window_ms))
        });
        let free = full.unwrap_or(now).max(if full.is_some() { last } else { now });
        let beyond = promised.filter(|promised| promised.turns.len() >= HORIZON);
        let beyond = beyond.map_or(0, |promised| i64::from(promised.beyond));
        free.plus(limit.window_ms.saturating_mul(beyond) / i64::from(allowed))
    }

    /// Takes in what a look at a person came to: where their messages wait now, and the turns that they
    /// were given. Promises that nobody waits for any more are free again.
    pub(crate) fn note_turns<'e>(
        &mut self,
        person: PersonId,
        states: impl Iterator<Item = &'e State>,
        turns: &[Turn],
    ) {
        let waits = self.promises.of.contains_key(&person);
        if !waits && turns.is_empty() {
            return;
        }
        let mut until: Vec<Timestamp> = states.filter_map(paced_until).collect();
        let held = self.promises.of.remove(&person).unwrap_or_default();
        let (keeps, freed): (Vec<Promise>, Vec<Promise>) = held.into_iter().partition(|promise| {
            let place = until.iter().position(|at| *at == promise.at);
            place.map(|place| until.swap_remove(place)).is_some()
        });
        freed.iter().for_each(|promise| self.promises.free(promise));
        let mut held = keeps;
        for turn in turns {
            if let Some(place) = until.iter().position(|at| *at == turn.at) {
                until.swap_remove(place);
                held.push(self.promises.give(turn));
            }
        }
        if !held.is_empty() {
            self.promises.of.insert(person, held);
        }
    }

    /// Counts a claim of these lanes.
    pub(crate) fn note_claim(&mut self, shop: &Shop, claim: &Message) {
        for lane in counted(shop, claim, self) {
            self.count(lane, claim.claimed_at);
            self.promises.forget_overdue(lane, claim.claimed_at);
        }
    }

    /// Counts a claim no longer that surely did not go out.
    pub(crate) fn note_unsent(&mut self, shop: &Shop, claim: &Message) {
        for lane in counted(shop, claim, self) {
            self.give_back(lane, claim.claimed_at);
        }
    }

    /// Forgets all promises: other limits are in force.
    pub fn forget_promises(&mut self) {
        self.promises = Promises::default();
    }
}

/// The lanes that count a message, each once; none where the shop limits nothing over its channel.
fn counted(shop: &Shop, claim: &Message, paces: &Paces) -> Vec<LaneKey> {
    let channel = claim.channel;
    let pace = &shop.pace;
    let limited = pace.rates.iter().any(|rate| rate.channel == channel)
        || (channel == Channel::Email && !pace.warm_ups.is_empty());
    if !limited {
        return Vec::new();
    }
    let target = Target { channel, recipient: &claim.recipient };
    let mut lanes = target.lanes(shop, paces.salt).to_vec();
    lanes.dedup();
    lanes
}

/// How many messages were claimed at the same moment that a limit counts.
fn beside(asking: &Asking<'_>, paces: &Paces, limit: &Limit<'_>) -> u64 {
    let counts = |claim: &&Message| {
        let target = Target { channel: claim.channel, recipient: &claim.recipient };
        target.lanes(&asking.program.shop, paces.salt).contains(&limit.lane)
    };
    u64::try_from(asking.claims.iter().filter(counts).count()).unwrap_or(u64::MAX)
}

/// Until when a message waits for its turn, if that is what it waits for.
#[must_use]
pub fn paced_until(state: &State) -> Option<Timestamp> {
    let State::Held { until, reasons, .. } = state else { return None };
    let paced = |reason: &Reason| matches!(reason.code, ReasonCode::Paced | ReasonCode::WarmingUp);
    reasons.iter().any(paced).then_some(*until)
}

impl Promises {
    fn give(&mut self, turn: &Turn) -> Promise {
        let Turn { at, lanes, rank, .. } = *turn;
        let known = |promised: &Promised| {
            promised.turns.len() < HORIZON || promised.turns.contains_key(&(at, rank))
        };
        let kept = lanes.iter().all(|lane| self.lanes.get(lane).is_none_or(known));
        for lane in distinct(&lanes) {
            let promised = self.lanes.entry(*lane).or_default();
            if kept {
                *promised.turns.entry((at, rank)).or_default() += 1;
                promised.total += 1;
            } else {
                promised.beyond += 1;
            }
        }
        Promise { at, lanes, rank, kept }
    }

    fn free(&mut self, promise: &Promise) {
        for lane in distinct(&promise.lanes) {
            let Some(promised) = self.lanes.get_mut(lane) else { continue };
            if !promise.kept {
                promised.beyond = promised.beyond.saturating_sub(1);
            } else if let Some(turns) = promised.turns.get_mut(&(promise.at, promise.rank)) {
                *turns -= 1;
                promised.total -= 1;
                if *turns == 0 {
                    promised.turns.remove(&(promise.at, promise.rank));
                }
            }
        }
    }

    /// Forgets promises of a lane that nobody came for.
    fn forget_overdue(&mut self, lane: LaneKey, now: Timestamp) {
        let Some(promised) = self.lanes.get_mut(&lane) else { return };
        while let Some(first) = promised.turns.first_entry()
            && now.since(first.key().0) > OVERDUE_MS
        {
            promised.total -= u64::from(first.remove());
        }
    }
}

/// Both lanes, or the one that stands twice.
fn distinct(lanes: &[LaneKey; 2]) -> &[LaneKey] {
    if lanes[0] == lanes[1] { &lanes[..1] } else { lanes }
}
