//! Joining by likeness: cards that are surely of one person, where nothing that was seen speaks against it.

use std::collections::{BTreeMap, HashMap};

use super::forest::Forest;
use super::link::{Alike, Bonds, Linker, Record};
use super::{Card, Identifier, IdentifierKey, Refusal};

/// The cards of a component, and what weighs them.
#[derive(Debug, Default)]
pub struct Likely<'l> {
    /// `None`: nobody is joined by likeness.
    pub linker: Option<&'l Linker<'l>>,
    /// The cards by their identifiers, each with the identifier's key.
    pub cards: BTreeMap<Identifier, (IdentifierKey, Card)>,
}

/// The most cards of one person that likeness brings together.
pub(super) const CARDS_MAX: usize = 40;

/// Joins sets of the forest whose cards are surely of one person; notes what stood against others.
pub(super) fn join(
    likely: &Likely<'_>,
    names: &[&Identifier],
    joins: &impl Fn(&usize) -> bool,
    forest: &mut Forest,
    refused: &mut Vec<(usize, usize, Refusal)>,
) {
    let Some(linker) = likely.linker else { return };
    // By identifier, so that a card's number is the same whatever order cards arrived in.
    let cards: Vec<(usize, &Card, Record)> = (likely.cards.iter())
        .filter_map(|(identifier, (_, card))| {
            let place = names.binary_search(&identifier).ok().filter(joins)?;
            Some((place, card, card.linked_by(linker, identifier)?))
        })
        .collect();
    let pairs = pairs(likely, names, &cards);
    if pairs.iter().all(|(one, other, _)| {
        forest.root(cards[*one as usize].0) == forest.root(cards[*other as usize].0)
    }) {
        return;
    }
    let mut first: BTreeMap<usize, u32> = BTreeMap::new();
    let mut known = Vec::new();
    for (number, (place, ..)) in (0..).zip(&cards) {
        let head = *first.entry(forest.root(*place)).or_insert(number);
        if head != number {
            known.push((head, number));
        }
    }
    let places: Vec<usize> = cards.iter().map(|(place, ..)| *place).collect();
    let mut sizes: HashMap<usize, usize> = HashMap::new();
    for place in &places {
        *sizes.entry(forest.root(*place)).or_default() += 1;
    }
    let mut seen = SeenBonds { forest, places, sizes, refused };
    let records = cards.iter().map(|(_, _, record)| record);
    linker.cluster(records, &pairs, &known, &mut seen);
}

/// The pairs of cards that each name the other.
fn pairs(
    likely: &Likely<'_>,
    names: &[&Identifier],
    cards: &[(usize, &Card, Record)],
) -> Vec<(u32, u32, Alike)> {
    let key_of = |place: usize| likely.cards[names[place]].0;
    let numbers: HashMap<IdentifierKey, u32> =
        (0..).zip(cards).map(|(number, (place, ..))| (key_of(*place), number)).collect();
    let mut pairs = Vec::new();
    for (one, (place, card, _)) in (0..).zip(cards) {
        for tie in &card.ties {
            let Some(other) = numbers.get(&tie.other).copied().filter(|other| one < *other) else {
                continue;
            };
            if cards[other as usize].1.tie(key_of(*place)).is_some() {
                pairs.push((one, other, tie.alike()));
            }
        }
    }
    pairs
}

/// What was seen bears on what is alike.
struct SeenBonds<'f> {
    forest: &'f mut Forest,
    /// The place of each card's identifier among all names.
    places: Vec<usize>,
    /// How many cards a set has, by its root.
    sizes: HashMap<usize, usize>,
    refused: &'f mut Vec<(usize, usize, Refusal)>,
}

impl Bonds for SeenBonds<'_> {
    fn refuses(&mut self, one: u32, other: u32) -> bool {
        let (one, other) = (self.places[one as usize], self.places[other as usize]);
        let (left, right) = (self.forest.root(one), self.forest.root(other));
        let crowd = self.sizes[&left] + self.sizes[&right] > CARDS_MAX;
        let refusal = self.forest.refusal(left, right).or(crowd.then_some(Refusal::Crowd));
        let Some(refusal) = refusal else { return false };
        if self.refused.last().is_none_or(|(a, b, _)| (*a, *b) != (one, other)) {
            self.refused.push((one, other, refusal));
        }
        true
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.places[one as usize], self.places[other as usize]);
        let (left, right) = (self.forest.root(one), self.forest.root(other));
        let size = self.sizes[&left] + self.sizes[&right];
        self.forest.union(left, right);
        self.sizes.insert(self.forest.root(left), size);
    }
}
