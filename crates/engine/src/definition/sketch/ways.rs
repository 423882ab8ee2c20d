//! Which keys of a step say what it does, and which hold other steps.

use super::super::steps::KINDS;

/// What the ways of a step are called, where it has some.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ways {
    /// Fixed keys of the step, each a block.
    Keys(&'static [&'static str]),
    /// A list under the first key, of maps whose name stands under the second.
    Named(&'static str, &'static str),
}

/// The ways of a step of such a kind.
pub(super) fn ways_of(kind: &str) -> Ways {
    match kind {
        "branch" => Ways::Keys(&["then", "else"]),
        "wait until" | "wait for" => Ways::Keys(&["else"]),
        "split" => Ways::Named("ways", "way"),
        "test" => Ways::Named("variants", "variant"),
        _ => Ways::Keys(&[]),
    }
}

/// The kind of a step, by the keys it has.
pub(super) fn kind_of<'k>(mut keys: impl Iterator<Item = &'k str>) -> &'static str {
    keys.find_map(|key| KINDS.into_iter().find(|kind| *kind == key)).unwrap_or_default()
}
