//! Events by kind, touchpoints by channel, and cart activity as occurrences.
//!
//! Of events of a kind the profile keeps the number, the first and the last, and of touchpoints
//! the latest. Where a window cuts through what is not kept one by one, the count is an interval.

use super::timeline::{BOUNDLESS, Occurrence};
use super::world::World;
use crate::event::{Channel, Kind};
use crate::profile::Path;
use crate::time::{Occurred, Timestamp};

/// One or several events, as an occurrence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Happening {
    pub(super) occurrence: Occurrence,
    /// Whether these are events that are not kept one by one.
    pub(super) rest: bool,
}

fn one(occurred: Occurred) -> Happening {
    let (at, latest) = (occurred.at, occurred.latest());
    let occurrence = Occurrence { earliest: at, stated: at, latest, sure: true, low: 1, high: 1 };
    Happening { occurrence, rest: false }
}

/// So many events between two moments, or perhaps as many.
fn rest(from: Timestamp, to: Timestamp, low: i128, high: i128) -> Happening {
    let (earliest, stated) = (from, from);
    let occurrence = Occurrence { earliest, stated, latest: to, sure: true, low, high };
    Happening { occurrence, rest: true }
}

/// Every event of a kind.
pub(super) fn events(world: &World<'_>, kind: &Kind, mut take: impl FnMut(Happening)) {
    let Some(activity) = world.profile.activity.get(kind) else { return };
    let path = &world.profile.path;
    let mut known = 0_u64;
    let (mut first, mut last) = (activity.first != activity.last, true);
    let mut bound = activity.last.at;
    if kind.touchpoint() {
        for touch in path.latest.iter().filter(|touch| touch.kind == *kind) {
            first &= touch.stamp != activity.first;
            last &= touch.stamp != activity.last;
            known += 1;
            take(one(Occurred::instant(touch.stamp.at)));
        }
        if whole(path) {
            // The count may be higher where one document came in several versions, but it
            // happened once.
            return;
        }
        bound = path.latest.first().map_or(bound, |oldest| oldest.stamp.at.min(bound));
    }
    for (missing, stamp) in [(first, activity.first), (last, activity.last)] {
        if missing {
            known += 1;
            take(one(Occurred::instant(stamp.at)));
        }
    }
    let others = activity.count.saturating_sub(known);
    if others > 0 {
        let others = i128::from(others);
        take(rest(activity.first.at, bound.max(activity.first.at), others, others));
    }
}

/// Every touchpoint over a channel.
pub(super) fn touches(world: &World<'_>, channel: Channel, mut take: impl FnMut(Happening)) {
    let path = &world.profile.path;
    for touch in path.latest.iter().filter(|touch| touch.channel == channel) {
        take(one(Occurred::instant(touch.stamp.at)));
    }
    if whole(path) {
        return;
    }
    let (Some(first), Some(oldest)) = (&path.first, path.latest.first()) else { return };
    if first.channel == channel {
        take(one(Occurred::instant(first.stamp.at)));
    }
    take(rest(first.stamp.at, oldest.stamp.at, 0, BOUNDLESS));
}

/// Whether every touchpoint is kept: what was left out came after the first and before the others.
fn whole(path: &Path) -> bool {
    path.first.as_ref() == path.latest.first()
}

/// Everything that happened to the carts.
pub(super) fn cart_events(world: &World<'_>, mut take: impl FnMut(Happening)) {
    for operation in &world.profile.cart.operations {
        take(one(operation.occurred));
    }
}
