//! Asking many conditions about one person at once, as known: what segments are kept by.

use super::ask::{Asked, Manner};
use super::ast::Condition;
use super::evaluate::Weighed;
use super::world::{Feeds, World};
use crate::truth::Truth;

/// Whether each condition holds as known, in their order. The person is read once for all of them.
///
/// # Panics
/// If it is not asked as known: for certain, feeds and possible twins would have to be looked at.
pub fn weigh_known<'c>(
    conditions: impl Iterator<Item = &'c Condition>,
    asked: &Asked<'_>,
) -> Vec<Weighed> {
    assert_eq!(asked.manner, Manner::AsKnown, "this way to ask is for what is known");
    let feeds = Feeds::new(asked);
    let world = World::new(asked, asked.profile, &feeds);
    let settled = |weighed: Weighed| match weighed.truth {
        // What is still being computed does not hold.
        Truth::Unknown => Weighed { truth: Truth::False, ..weighed },
        Truth::True | Truth::False => weighed,
    };
    conditions.map(|condition| settled(world.weigh(condition))).collect()
}
