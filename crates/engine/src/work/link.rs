//! Linking as events arrive: a card that says something new is compared with those that share a key
//! with it, and persons follow where that changes who is like whom.

use std::collections::{BTreeMap, BTreeSet};

use super::resolve::{Component, Resolved};
use super::{Ground, Work};
use crate::commit::{Logged, MessageKey};
use crate::event::{Event, LogPosition};
use crate::identity::link::{Home, Linker, Record as LinkRecord};
use crate::identity::{
    Card, Evidence, Identifier, IdentifierKey, Partition, PersonId, Retied, Tie,
};
use crate::record::Record;

/// The most cards that are compared by one key: those with the smallest identifier keys, so that the
/// order of arrival plays no part. A trained model has no key of so many; before training, or where
/// somebody makes thousands of records of one name and address, it bounds what one of them costs.
pub const KEY_CARDS_MAX: usize = 200;

impl Work<'_> {
    /// Links what an event stated that was folded into its person; who that is may change by it.
    pub(super) fn link_event<G: Ground>(
        &mut self,
        ground: &mut G,
        event: &Event,
        (position, anchor_key): (LogPosition, Option<IdentifierKey>),
        resolved: &mut Resolved,
    ) -> Result<(), G::Error> {
        if !event.traits.is_empty()
            && Card::told_by(event)
            && let Some(anchor) = event.anchor()
        {
            self.state(event, anchor);
        }
        if self.unsettled.is_empty() && self.housed_as.is_empty() {
            return Ok(());
        }
        // Whoever holds this identifier when all is settled is the event's person.
        let member = self.record(resolved.person).and_then(|r| r.evidence.nodes.first().cloned());
        let (key, event) = (MessageKey::default(), event.clone());
        self.arriving = Some(Logged { position, key, event, anchor: anchor_key });
        resolved.joined.extend(self.settle_cards(ground)?);
        self.arriving = None;
        if let Some(member) = member
            && let Some(person) = self.holder(self.key(&member.identifier))
        {
            resolved.person = person;
        }
        resolved.joined.sort_unstable();
        resolved.joined.dedup();
        resolved.joined.retain(|id| self.record(*id).is_some());
        Ok(())
    }

    /// Puts what an event states on the card of its anchor.
    fn state(&mut self, event: &Event, anchor: &Identifier) {
        let Some(home) = self.holder(self.key(anchor)) else { return };
        let linker = self.linker();
        let held = self.record(home).and_then(|record| record.cards.get(anchor));
        let linked_as = held.and_then(|held| held.linked_by(linker.as_deref()?, anchor));
        let mut card = held.cloned().unwrap_or_default();
        if held.is_none() {
            card.generation = self.model.map_or(0, |model| model.generation);
        }
        card.state(event);
        if held.is_some_and(|held| *held == card) {
            return;
        }
        let homes = home_keys(held);
        self.linked_as.entry(anchor.clone()).or_insert(linked_as);
        self.housed_as.entry(anchor.clone()).or_insert(homes);
        self.change(home).cards.insert(anchor.clone(), card);
        self.unsettled.insert(anchor.clone());
    }

    /// Links every card that may have to be, until nothing changes any more. Returns the persons that
    /// were joined or parted and have something running.
    pub(super) fn settle_cards<G: Ground>(
        &mut self,
        ground: &mut G,
    ) -> Result<Vec<PersonId>, G::Error> {
        let mut joined = Vec::new();
        if self.model.is_none() {
            // Cards are kept all the same, for the day when there is a model to link them with.
            self.unsettled.clear();
            self.linked_as.clear();
        }
        while !self.unsettled.is_empty() {
            let mut moved = BTreeSet::new();
            while let Some(anchor) = self.unsettled.pop_first() {
                moved.extend(self.relink(ground, &anchor)?);
            }
            self.need_holders(ground, &moved.iter().copied().collect::<Vec<_>>())?;
            let start: BTreeSet<PersonId> =
                moved.iter().filter_map(|key| self.holder(*key)).collect();
            if !start.is_empty() {
                let mut component = Component::default();
                let frontier = start.iter().copied().collect();
                let found = self.read_on(ground, frontier, &start, &mut component)?;
                joined.extend(self.apply(ground, &component, &found, &[])?);
            }
        }
        self.rehouse();
        joined.sort_unstable();
        joined.dedup();
        Ok(joined)
    }

    /// Links one card anew, if it says something else than when it was last linked. Returns the
    /// cards whose persons may be others by that.
    fn relink<G: Ground>(
        &mut self,
        ground: &mut G,
        anchor: &Identifier,
    ) -> Result<BTreeSet<IdentifierKey>, G::Error> {
        let mut moved = BTreeSet::new();
        let key = self.key(anchor);
        let Some(linker) = self.linker() else { return Ok(moved) };
        self.need_holders(ground, &[key])?;
        let Some(home) = self.holder(key) else { return Ok(moved) };
        let mut noted = self.linked_as.remove(anchor);
        let Some(record) = self.record(home) else { return Ok(moved) };
        let held = record.cards.get(anchor);
        let mut homes = BTreeSet::new();
        if held.is_none() && !self.may_begin(anchor) {
            return Ok(moved);
        }
        if held.is_none_or(|held| held.generation != linker.generation) {
            // What was found under another model is found no more; its homes went with it.
            noted = Some(None);
            homes = home_keys(held);
        }
        let was = noted.unwrap_or_else(|| held.and_then(|held| held.linked_by(&linker, anchor)));
        let mut card = held.cloned().unwrap_or_default();
        card.generation = linker.generation;
        card.look(anchor, &record.evidence);
        let is = card.linked_by(&linker, anchor);
        if is.is_none() && was.is_none() && card.blank() {
            if held.is_some() {
                self.change(home).cards.remove(anchor);
            }
            return Ok(moved);
        }
        if held.is_none_or(|held| card != *held) {
            self.change(home).cards.insert(anchor.clone(), card);
        }
        self.link_keys.extend(homes.into_iter().map(|home| ((home, key), true)));
        if was == is {
            return Ok(moved);
        }
        let before = keys_of(&linker, was.as_ref());
        let after = keys_of(&linker, is.as_ref());
        let mut again = BTreeSet::new();
        for gone in before.difference(&after) {
            again.extend(self.last_place(ground, *gone, key)?);
            self.link_keys.insert((*gone, key), false);
        }
        for new in after.difference(&before) {
            again.extend(self.last_place(ground, *new, key)?);
            self.link_keys.insert((*new, key), true);
        }
        let keys: BTreeSet<u64> = before.union(&after).copied().collect();
        self.retie(ground, anchor, &keys, &mut again, &mut moved)?;
        let blank = |record: &Record| record.cards.get(anchor).is_some_and(Card::blank);
        if is.is_none() && self.record(home).is_some_and(blank) {
            self.change(home).cards.remove(anchor);
        }
        // Those who lost or found a place among the cards of a key, or a place among a card's ties.
        let mut done = BTreeSet::from([key]);
        while let Some(next) = again.pop_first() {
            if done.insert(next)
                && let Some(anchor) = self.anchor_of(ground, next)?
            {
                self.retie(ground, &anchor, &BTreeSet::new(), &mut again, &mut moved)?;
            }
        }
        // What a card says bears on whether its person as a whole is like another.
        let tied = |record: &Record| record.cards.values().any(|card| !card.ties.is_empty());
        if self.record(home).is_some_and(tied) {
            moved.insert(key);
        }
        Ok(moved)
    }

    /// Notes by which keys of homes cards are found no longer, and by which from here on. They do not
    /// depend on the model, and exist without one.
    fn rehouse(&mut self) {
        for (anchor, before) in std::mem::take(&mut self.housed_as) {
            let key = self.key(&anchor);
            let holder = self.holder(key).and_then(|id| self.record(id));
            let after = home_keys(holder.and_then(|record| record.cards.get(&anchor)));
            for gone in before.difference(&after) {
                self.link_keys.insert((*gone, key), false);
            }
            for new in after.difference(&before) {
                self.link_keys.insert((*new, key), true);
            }
        }
    }

    /// Looks for all ties of a card anew, and tells those whom it is like, or was.
    fn retie<G: Ground>(
        &mut self,
        ground: &mut G,
        anchor: &Identifier,
        former_keys: &BTreeSet<u64>,
        again: &mut BTreeSet<IdentifierKey>,
        moved: &mut BTreeSet<IdentifierKey>,
    ) -> Result<(), G::Error> {
        let key = self.key(anchor);
        let Some(linker) = self.linker() else { return Ok(()) };
        let Some(home) = self.holder(key) else { return Ok(()) };
        let card = self.record(home).and_then(|record| record.cards.get(anchor));
        let own = card.and_then(|card| card.linked_by(&linker, anchor));
        let mut others: BTreeSet<IdentifierKey> =
            card.iter().flat_map(|card| card.ties.iter().map(|tie| tie.other)).collect();
        let keys = keys_of(&linker, own.as_ref());
        let mut candidates = BTreeSet::new();
        for (members, found_by) in self.members(ground, keys.union(former_keys), key)? {
            let place = members.partition_point(|member| *member < key);
            let compared = &members[..members.len().min(KEY_CARDS_MAX - 1)];
            if keys.contains(&found_by) && place < KEY_CARDS_MAX {
                candidates.extend(compared.iter().copied());
            }
            others.extend(members);
        }
        others.extend(candidates.iter().copied());
        let others: Vec<IdentifierKey> = others.into_iter().collect();
        self.need_holders(ground, &others)?;
        let holders: BTreeSet<PersonId> = others.iter().filter_map(|k| self.holder(*k)).collect();
        self.need_persons(ground, &holders.into_iter().collect::<Vec<_>>())?;
        let mut beside = own.as_ref().map(|own| linker.beside(own));
        let mut ties = Vec::new();
        for other in others {
            let Some((far, name, card)) = self.card_of(other) else { continue };
            let alike = if candidates.contains(&other) {
                let record = card.linked_by(&linker, &name);
                beside.as_mut().and_then(|beside| beside.alike(&record?))
            } else {
                None
            };
            ties.extend(alike.map(|alike| Tie::new(other, alike)));
            let mut card = card.clone();
            match card.retie(key, alike) {
                Retied::Same => {}
                Retied::Changed => {
                    self.change(far).cards.insert(name, card);
                    moved.insert(other);
                }
                Retied::Unknown => {
                    again.insert(other);
                }
            }
        }
        if let Some(card) = self.change(home).cards.get_mut(anchor)
            && card.retie_all(ties)
        {
            moved.insert(key);
        }
        Ok(())
    }

    /// The card that has, or is about to have, the last place among those compared by a key: whoever
    /// comes or goes before it moves it in or out.
    fn last_place<G: Ground>(
        &mut self,
        ground: &mut G,
        found_by: u64,
        card: IdentifierKey,
    ) -> Result<Option<IdentifierKey>, G::Error> {
        let mut found = self.members(ground, std::iter::once(&found_by), card)?;
        let (members, _) = found.pop().unwrap_or_default();
        let last = members.get(KEY_CARDS_MAX - 1).copied();
        Ok(last.filter(|last| card < *last))
    }

    /// For each key the other cards that are found by it, ascending; a few more than are compared.
    fn members<'k, G: Ground>(
        &mut self,
        ground: &mut G,
        keys: impl Iterator<Item = &'k u64>,
        own: IdentifierKey,
    ) -> Result<Vec<(Vec<IdentifierKey>, u64)>, G::Error> {
        let keys: Vec<u64> = keys.copied().collect();
        let changes = |key: u64| {
            self.link_keys.range((key, IdentifierKey(0))..=(key, IdentifierKey(u64::MAX)))
        };
        let gone = |key: &u64| changes(*key).filter(|(_, found)| !**found).count();
        let more = keys.iter().map(gone).max().unwrap_or(0);
        let stored = ground.link_members(&keys, KEY_CARDS_MAX + 1 + more)?;
        let found = keys.iter().zip(stored).map(|(key, stored)| {
            let mut members: BTreeSet<IdentifierKey> = stored.into_iter().collect();
            for ((_, card), found) in changes(*key) {
                if *found {
                    members.insert(*card);
                } else {
                    members.remove(card);
                }
            }
            members.remove(&own);
            (members.into_iter().take(KEY_CARDS_MAX).collect(), *key)
        });
        Ok(found.collect())
    }

    /// The card of an identifier, of what is at hand, and whose row has it.
    fn card_of(&self, key: IdentifierKey) -> Option<(PersonId, Identifier, &Card)> {
        let person = self.holder(key)?;
        let record = self.record(person)?;
        let (name, card) = record.cards.iter().find(|(name, _)| self.key(name) == key)?;
        Some((person, name.clone(), card))
    }

    fn anchor_of<G: Ground>(
        &mut self,
        ground: &mut G,
        key: IdentifierKey,
    ) -> Result<Option<Identifier>, G::Error> {
        self.need_holders(ground, &[key])?;
        let person: Vec<PersonId> = self.holder(key).into_iter().collect();
        self.need_persons(ground, &person)?;
        Ok(self.card_of(key).map(|(_, name, _)| name))
    }

    /// The cards of rows that are folded again: from the same events, and tied as before until they
    /// are linked anew.
    pub(super) fn refold_cards(
        &mut self,
        again: &BTreeSet<usize>,
        found: &Partition,
        mut cards: BTreeMap<Identifier, Card>,
        rows: &mut BTreeMap<usize, Record>,
    ) {
        let linker = self.linker();
        for index in again {
            let Some(row) = rows.get_mut(index) else { continue };
            for member in &found.groups[*index].members {
                let card = cards.remove(member);
                let holder = self.holder(self.key(member));
                let former = holder.and_then(|id| self.record(id)?.cards.get(member)).cloned();
                let former = former.as_ref();
                if card.is_some() || former.is_some() {
                    self.housed_as.entry(member.clone()).or_insert_with(|| home_keys(former));
                }
                let card = match (card, former) {
                    (None, None) => {
                        if self.may_begin(member) {
                            self.unsettled.insert(member.clone());
                        }
                        continue;
                    }
                    (None, Some(_)) if self.model.is_none() => continue,
                    (Some(card), None) => card,
                    (card, Some(former)) => card.unwrap_or_default().linked_as(former),
                };
                let linked_as =
                    former.and_then(|former| former.linked_by(linker.as_deref()?, member));
                self.linked_as.entry(member.clone()).or_insert(linked_as);
                self.unsettled.insert(member.clone());
                row.cards.insert(member.clone(), card);
            }
        }
    }
}

impl Work<'_> {
    /// Cards that come to another row are linked, where that was under a model that is not in force, or
    /// where there may be one by now.
    pub(super) fn note_outdated(
        &mut self,
        evidence: &Evidence,
        cards: &BTreeMap<Identifier, Card>,
    ) {
        let Some(model) = self.model else { return };
        let outdated = cards.iter().filter(|(_, card)| card.generation != model.generation);
        self.unsettled.extend(outdated.map(|(name, _)| name.clone()));
        let without = evidence.nodes.iter().map(|node| &node.identifier);
        let without = without.filter(|name| !cards.contains_key(name) && self.may_begin(name));
        let without: Vec<Identifier> = without.cloned().collect();
        self.unsettled.extend(without);
    }

    /// Whether an identifier that has no card may have one, though nothing was stated of it: what was
    /// seen with it links it where a model knows how many people share such things.
    pub(super) fn may_begin(&self, anchor: &Identifier) -> bool {
        Card::fits(anchor) && self.linker().is_some_and(|linker| linker.trained())
    }
}

/// The keys by which the home on a card is found.
fn home_keys(card: Option<&Card>) -> BTreeSet<u64> {
    card.and_then(|card| Home::of(&card.record())).iter().flat_map(Home::keys).collect()
}

/// The keys by which a card is found.
fn keys_of(linker: &Linker<'_>, record: Option<&LinkRecord>) -> BTreeSet<u64> {
    record.map(|record| linker.keys(record).into_iter().collect()).unwrap_or_default()
}
