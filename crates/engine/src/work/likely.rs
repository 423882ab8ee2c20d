//! Possible twins by likeness: whoever is like a person without being surely the same.

use crate::condition::Likeness;
use crate::identity::link::Linker;
use crate::identity::{Card, IdentifierKey, KeySalt, Ties, Topic, percent};
use crate::record::Record;

/// The identifier keys of others' cards that may be of the same person as one of the person's own,
/// the likest first.
#[must_use]
pub fn likely_twins(record: &Record, linker: &Linker<'_>, salt: KeySalt) -> Vec<IdentifierKey> {
    let ties = record.cards.values().flat_map(|card| &card.ties);
    let mut likely: Vec<(f32, IdentifierKey)> = ties
        .map(|tie| (tie.alike().weight_bits, tie.other))
        .filter(|(bits, _)| *bits >= linker.possible_bits())
        .collect();
    if likely.is_empty() {
        return Vec::new();
    }
    let own: Vec<IdentifierKey> = record.cards.keys().map(|name| name.key(salt)).collect();
    likely.retain(|(_, other)| !own.contains(other));
    likely.sort_unstable_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let mut twins: Vec<IdentifierKey> = Vec::new();
    for (_, other) in likely {
        if !twins.contains(&other) {
            twins.push(other);
        }
    }
    twins
}

/// How likely two records are of one person by their cards, in percent from 1 to 99, and why; `None`
/// if they are not, or staff keep them apart.
#[must_use]
pub fn alike(
    record: &Record,
    far: &Record,
    linker: &Linker<'_>,
    salt: KeySalt,
) -> Option<(u8, Likeness)> {
    let mut best: Option<(f32, &Card, &Card)> = None;
    for (far_name, theirs) in &far.cards {
        let far_key = far_name.key(salt);
        for (own_name, card) in &record.cards {
            let Some(tie) = card.tie(far_key) else { continue };
            let bits = tie.alike().weight_bits;
            let mutual = theirs.tie(own_name.key(salt)).is_some();
            if mutual && bits >= linker.possible_bits() && best.is_none_or(|(held, ..)| held < bits)
            {
                best = Some((bits, card, theirs));
            }
        }
    }
    let word = record.evidence.last_word(&far.evidence, Topic::Person);
    if word.is_some_and(|word| word.ties == Ties::AssertedApart) {
        return None;
    }
    let (bits, own, other) = best?;
    let points = linker.beside(&own.record()).points(&other.record());
    Some((percent(bits), Likeness::Alike { points }))
}
