//! What brings a person together where nothing that was seen does: cards that are alike.

use std::collections::BTreeMap;

use super::link::{Comparison, Linker, Points, probability};
use super::why::unite;
use super::{Card, Edge, Identifier, IdentifierKey, KeySalt};

/// That the cards of two identifiers of one person are alike.
#[derive(Clone, Debug, PartialEq)]
pub struct AlikeCards {
    /// The one identifier: the smaller.
    pub one: Identifier,
    /// The other one.
    pub other: Identifier,
    /// How likely the two are of one person, in percent from 1 to 99.
    pub percent: u8,
    /// What they have in common.
    pub points: Points,
    /// What the two cards say, step by step.
    pub comparison: Comparison,
}

/// What holds a person together.
#[derive(Clone, Debug, PartialEq)]
pub enum Tied {
    /// Two identifiers were seen together, or staff say so.
    Seen(Edge),
    /// What was stated under two identifiers is alike.
    Alike(Box<AlikeCards>),
}

impl Tied {
    /// The two identifiers.
    #[must_use]
    pub fn ends(&self) -> (&Identifier, &Identifier) {
        match self {
            Self::Seen(edge) => (&edge.strong, &edge.weak),
            Self::Alike(cards) => (&cards.one, &cards.other),
        }
    }
}

/// The cards whose likeness holds a person together beside the evidence that `joined`, the likest first:
/// as few as bring together what nothing that was seen does.
#[must_use]
pub(super) fn alike_cards(
    cards: &BTreeMap<Identifier, Card>,
    joined: &[Tied],
    linker: &Linker<'_>,
    salt: KeySalt,
) -> Vec<AlikeCards> {
    let mut roots: BTreeMap<&Identifier, &Identifier> = BTreeMap::new();
    for (one, other) in joined.iter().map(Tied::ends) {
        unite(&mut roots, one, other);
    }
    let keyed: BTreeMap<IdentifierKey, (&Identifier, &Card)> =
        cards.iter().map(|(name, card)| (name.key(salt), (name, card))).collect();
    let mut pairs = Vec::new();
    for (key, (one, card)) in &keyed {
        for tie in &card.ties {
            let far = keyed.get(&tie.other).filter(|(other, _)| one < other);
            if let Some((other, theirs)) = far.filter(|(_, theirs)| theirs.tie(*key).is_some()) {
                pairs.push((tie.alike().weight_bits, (*one, *card), (*other, *theirs)));
            }
        }
    }
    pairs.sort_by(|(bits, one, other), (further, third, fourth)| {
        further.total_cmp(bits).then((one.0, other.0).cmp(&(third.0, fourth.0)))
    });
    let mut alike = Vec::new();
    for (bits, (one, card), (other, theirs)) in pairs {
        if unite(&mut roots, one, other) {
            let (card, theirs) = (card.record(), theirs.record());
            alike.push(AlikeCards {
                one: one.clone(),
                other: other.clone(),
                percent: percent(bits),
                points: linker.beside(&card).points(&theirs),
                comparison: linker.compare(&card, &theirs),
            });
        }
    }
    alike
}

/// A probability as whole percent, rounded down, from 1 to 99.
pub(crate) fn percent(weight_bits: f32) -> u8 {
    let share = probability(weight_bits) * 100.0;
    (1..=99).rev().find(|whole| f64::from(*whole) <= share).unwrap_or(1)
}
