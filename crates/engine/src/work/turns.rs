//! Values that change hands: whose turn it was when something happened on a device, or came from a
//! number, that names nobody else. When turns change, what was passed on by them goes where it belongs.

use std::collections::{BTreeMap, BTreeSet};

use super::resolve::Component;
use super::{Ground, Work};
use crate::identity::{
    Class, Edge, HANDS_MAX, Identifier, IdentifierKey, Partition, PersonId, Standing, Ties,
};
use crate::profile::{Activity, Profile};
use crate::time::Timestamp;

/// So many people keep a value from changing hands: one more than may have it in turn.
const KEPT: u32 = HANDS_MAX + 1;

impl Component {
    /// That somebody was seen with a value, by what is one person's alone.
    fn seen_on(&self, value: &Identifier) -> impl Iterator<Item = &Edge> {
        self.edges.values().filter(move |edge| {
            edge.weak == *value
                && edge.ties == Ties::Seen
                && edge.strong.kind.class() == Class::Unique
        })
    }

    /// Who that was.
    fn hands_of(&self, value: &Identifier) -> impl Iterator<Item = &Identifier> {
        self.seen_on(value).map(|edge| &edge.strong)
    }
}

/// A stretch in which somebody was seen with a value, before an event and with it.
#[derive(Clone, Copy, Debug)]
struct Gained {
    before: Option<(Timestamp, Timestamp)>,
    now: Option<(Timestamp, Timestamp)>,
}

impl Gained {
    /// Whether a moment is of what was gained.
    fn holds(self, at: Timestamp) -> bool {
        let within = |span: Option<(Timestamp, Timestamp)>| {
            span.is_some_and(|(first_at, last_at)| first_at <= at && at <= last_at)
        };
        within(self.now) && !within(self.before)
    }

    /// Whether a span of time has a moment of what was gained, before the former stretch or after it.
    fn meets(self, (first_at, last_at): (Timestamp, Timestamp)) -> bool {
        let Some((from, until)) = self.now else { return false };
        let Some((began, ended)) = self.before else { return first_at <= until && from <= last_at };
        from < began && first_at < began && from <= last_at
            || ended < until && first_at <= until && ended < last_at
    }
}

impl Work<'_> {
    /// Who holds the values that may change hands and that several names of these persons were seen
    /// with: whether those names are one person decides whose turn it was.
    pub(super) fn had_in_turn<G: Ground>(
        &mut self,
        ground: &mut G,
        persons: &[PersonId],
    ) -> Result<Vec<PersonId>, G::Error> {
        let mut users: BTreeMap<IdentifierKey, u32> = BTreeMap::new();
        for record in persons.iter().filter_map(|id| self.record(*id)) {
            let evidence = &record.evidence;
            let away = evidence.edges.iter().filter(|edge| {
                edge.ties == Ties::Seen
                    && evidence.holds(&edge.strong)
                    && !evidence.holds(&edge.weak)
                    && self.changes_hands(&edge.weak)
            });
            for edge in away {
                *users.entry(self.key(&edge.weak)).or_default() += 1;
            }
        }
        users.retain(|_, names| *names > 1);
        let keys: Vec<IdentifierKey> = users.into_keys().collect();
        self.need_holders(ground, &keys)?;
        Ok(keys.iter().filter_map(|key| self.holder(*key)).collect())
    }

    /// Whether values of its kind may be used by one person after the other.
    fn changes_hands(&self, value: &Identifier) -> bool {
        self.program.identity.limits(&value.kind).idle_ms.is_some()
    }

    /// The groups that a value which changes hands may have passed events between: their profiles are
    /// folded again if the event widened or added a stretch, ended that it changes hands, or joined or
    /// parted people who used it in turn. `torn` are the persons that are parted.
    pub(super) fn passed_on<G: Ground>(
        &mut self,
        ground: &mut G,
        component: &Component,
        found: &Partition,
        (named, torn): (&[Identifier], &BTreeSet<PersonId>),
    ) -> Result<BTreeSet<usize>, G::Error> {
        let mut groups = BTreeSet::new();
        for (value, standing) in &found.set_aside {
            let anchor = named.first().filter(|_| named[1..].contains(value));
            let regrouped = matches!(standing, Standing::ChangesHands(_) | Standing::Shared(KEPT))
                && self.regrouped(component, found, value);
            let (gains, any) = match (standing, anchor) {
                (Standing::ChangesHands(_), Some(_)) => (anchor, regrouped || !torn.is_empty()),
                (Standing::Shared(people), Some(anchor)) => {
                    (None, regrouped || self.is_kept(component, (anchor, value), *people))
                }
                _ => (None, regrouped),
            };
            if !self.takes_from(ground, component, (gains, value), any)? {
                continue;
            }
            let at_hand = |name: &Identifier| {
                found.group_of(name).filter(|index| {
                    found.groups[*index].members.iter().all(|m| component.names.contains(m))
                })
            };
            groups.extend(component.hands_of(value).chain([value]).filter_map(at_hand));
        }
        Ok(groups)
    }

    /// Whether of those who used a value in turn others are one person than before the event.
    fn regrouped(&self, component: &Component, found: &Partition, value: &Identifier) -> bool {
        if !component.names.contains(value) {
            return false;
        }
        let hands = component.hands_of(value).filter(|hand| component.names.contains(*hand));
        let places: BTreeSet<(Option<PersonId>, Option<usize>)> =
            hands.map(|hand| (self.holder(self.key(hand)), found.group_of(hand))).collect();
        let (before, now): (BTreeSet<_>, BTreeSet<_>) = places.iter().copied().unzip();
        places.len() != before.len() || places.len() != now.len()
    }

    /// When `anchor` was first and last seen with the device: before the event, and with it.
    fn spans(
        &self,
        component: &Component,
        (anchor, device): (&Identifier, &Identifier),
    ) -> [Option<(Timestamp, Timestamp)>; 2] {
        let span = |edge: &Edge| (edge.first_at, edge.last_at);
        let holder = self.holder(self.key(device)).and_then(|id| self.record(id));
        let held = holder.and_then(|record| record.evidence.edge(anchor, device, Ties::Seen));
        let slot = (anchor.clone(), device.clone(), Ties::Seen);
        [held.map(span), component.edges.get(&slot).map(span)]
    }

    /// Whether the event may be what ended that a value, which `people` share, changes hands: it is
    /// one login more than may, or its turn now meets another's. What was passed on goes back.
    fn is_kept(
        &self,
        component: &Component,
        (anchor, device): (&Identifier, &Identifier),
        people: u32,
    ) -> bool {
        if anchor.kind.class() != Class::Unique || !self.changes_hands(device) {
            return false;
        }
        let [before, now] = self.spans(component, (anchor, device));
        if device.kind.class() == Class::Device {
            before.is_none() && people == KEPT
        } else {
            before != now && people <= KEPT
        }
    }

    /// Whether an event that names only the value may be another person's now: one of a moment that
    /// the stretch of `gains` gained, or `any`. The log is asked, since no profile tells whose value
    /// its events hang on; where nothing was gained, or nothing can have happened in what was, it is
    /// not read.
    fn takes_from<G: Ground>(
        &mut self,
        ground: &mut G,
        component: &Component,
        (gains, value): (Option<&Identifier>, &Identifier),
        any: bool,
    ) -> Result<bool, G::Error> {
        let [before, now] = gains.map_or([None; 2], |name| self.spans(component, (name, value)));
        let gained = Gained { before, now };
        let key = self.key(value);
        if any && !ground.hanging(&[key])?.is_empty() {
            return Ok(true);
        }
        if !any && (before == now || !self.may_have_happened(component, (gains, value), gained)) {
            return Ok(false);
        }
        let mut takes = false;
        self.each_event_of(ground, &BTreeSet::from([key]), |told| {
            takes |= any || gained.holds(told.logged.event.occurred.at);
        })?;
        Ok(takes)
    }

    /// Whether anything that names only the value can have happened in what a stretch gained: what is
    /// nobody's is in the value's own profile, and what is somebody's is in the stretch of theirs. So
    /// whoever is always signed in on a shared device costs no reading of its log.
    fn may_have_happened(
        &self,
        component: &Component,
        (gains, value): (Option<&Identifier>, &Identifier),
        gained: Gained,
    ) -> bool {
        let holder = self.holder(self.key(value)).and_then(|id| self.record(id));
        let own = holder.map(|record| &record.profile).filter(|profile| profile.events > 0);
        // Of more kinds of events than are kept some are not told of.
        let uncounted = |profile: &&Profile| profile.activity.len() >= Profile::KINDS_MAX;
        let stirring = |activity: &Activity| gained.meets((activity.first.at, activity.last.at));
        own.is_some_and(|own| uncounted(&own) || own.activity.values().any(stirring))
            || component.seen_on(value).any(|edge| {
                Some(&edge.strong) != gains && gained.meets((edge.first_at, edge.last_at))
            })
    }
}
