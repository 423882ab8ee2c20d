//! Which enrollments an event leaves as they are: a definition knows what it reads, so an event asks
//! again only what it can touch.

use super::{Enrollment, State, answered};
use crate::event::Event;
use crate::program::Program;
use crate::record::Record;
use crate::step::ZONE_TRAITS;
use crate::time::Timestamp;

/// Whether an event, which was folded in, can move an enrollment that runs: what its journey reads is
/// touched, the clock it goes by is set anew, its moment has come anyway, the site told of its message,
/// or a message is held, about which the guard reads almost everything.
#[must_use]
pub fn stirs(
    program: &Program,
    event: &Event,
    record: &Record,
    enrollment: &Enrollment,
    now: Timestamp,
) -> bool {
    let standing = &record.profile.standing;
    let of_site = answered(event).is_some_and(|(_, name, _)| name == enrollment.journey);
    of_site
        || matches!(enrollment.state, State::Held { .. })
        || enrollment.due_at().is_some_and(|due| due <= now)
        || program
            .journey(&enrollment.journey, enrollment.version)
            .is_none_or(|journey| journey.reads.touched_by(event, standing))
        || ZONE_TRAITS.iter().any(|name| event.traits.contains_key(*name))
}
