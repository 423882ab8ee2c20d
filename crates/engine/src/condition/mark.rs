//! What other things come before or after: when the first or the last order, event or touchpoint
//! of its kind was, as far as that is known.

use std::borrow::Cow;

use super::ast::{Comparison, End, Mark, MarkOf, Window};
use super::evaluate::{Count, What};
use super::explain::{Notes, behind, extreme, fact_of};
use super::filter::NO_FILTER;
use super::moment::{ALWAYS, earlier};
use super::purchase::Doubt;
use super::timeline::{Laid, Occurrence};
use super::words;
use super::world::World;
use crate::reason::{Aside, ReasonCode};
use crate::time::Timestamp;
use crate::truth::Truth;

/// When a mark was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marked {
    /// Whether there is one.
    exists: Truth,
    /// If there is, not before this moment.
    from: Timestamp,
    /// If there is, not after this moment.
    to: Timestamp,
    /// Whether the profile does not keep enough to tell.
    pub(super) computing: bool,
    /// The next moment at which time alone may change any of this.
    pub(super) turns_at: Option<Timestamp>,
}

impl Marked {
    /// Whether the mark surely comes after something, and whether it may. Of what was at the same
    /// moment, neither comes before the other.
    pub(super) fn comes_after(&self, occurrence: &Occurrence) -> (bool, bool) {
        let Occurrence { earliest, latest, .. } = *occurrence;
        let sure = self.exists == Truth::True && latest < self.from;
        (sure, self.exists != Truth::False && earliest < self.to)
    }

    /// Whether the mark surely comes before something, and whether it may.
    pub(super) fn comes_before(&self, occurrence: &Occurrence) -> (bool, bool) {
        let Occurrence { earliest, latest, .. } = *occurrence;
        let sure = self.exists == Truth::True && earliest > self.to;
        (sure, self.exists != Truth::False && latest > self.from)
    }

    /// Whether it is not known exactly when it was, or whether there is one.
    pub(super) fn open(&self) -> bool {
        self.exists == Truth::Unknown || self.exists == Truth::True && self.from != self.to
    }
}

/// The bounds of all that may be the mark, and of what surely is one of its kind.
#[derive(Default)]
struct Bounds {
    perhaps: Option<(Timestamp, Timestamp)>,
    surely: Option<Timestamp>,
    computing: bool,
    turns_at: Option<Timestamp>,
}

impl Bounds {
    fn add(&mut self, end: End, now: Timestamp, occurrence: &Occurrence, sure: bool) {
        let Occurrence { earliest, stated, latest, .. } = *occurrence;
        if stated > now {
            self.turns_at = earlier(self.turns_at, Some(stated));
            return;
        }
        let (from, to) = self.perhaps.unwrap_or((earliest, latest));
        self.perhaps = Some((from.min(earliest), to.max(latest)));
        if sure {
            self.surely = Some(match (end, self.surely) {
                (End::First, held) => held.map_or(latest, |held| held.min(latest)),
                (End::Last, held) => held.map_or(earliest, |held| held.max(earliest)),
            });
        }
    }
}

fn what(of: &MarkOf) -> What<'_> {
    match of {
        MarkOf::Order { channel } => What::Orders(&NO_FILTER, *channel),
        MarkOf::Event(kind) => What::Events(kind, &NO_FILTER),
        MarkOf::Touch(channel) => What::Touches(*channel),
    }
}

/// When a mark was in this world.
pub(super) fn marked(world: &World<'_>, mark: &Mark) -> Marked {
    let (end, now, what) = (mark.end, world.now(), what(&mark.of));
    let mut bounds = Bounds::default();
    let missing = world.certain().then(|| world.feeds.missing(&what.facts()));
    let lacking = missing.as_ref().map_or(&[][..], |missing| &missing.lacking);
    // What a late return may take away surely is none.
    let stays = !what.late().lowers || lacking.is_empty();
    world.visit(what, |occurrence, it| {
        bounds.computing |= it.doubt() == Some(Doubt::Computing);
        bounds.add(end, now, &occurrence, stays && occurrence.sure && occurrence.low > 0);
    });
    let ends = match &mark.of {
        MarkOf::Event(kind) => world.profile.activity.get(kind),
        MarkOf::Order { .. } | MarkOf::Touch(_) => None,
    };
    for stamp in ends.iter().flat_map(|activity| [activity.first, activity.last]) {
        bounds.add(end, now, &Occurrence::at(stamp.at), true);
    }
    if world.overflow(what) > 0 {
        bounds.computing = true;
        let anywhere = Occurrence { earliest: ALWAYS, stated: ALWAYS, ..Occurrence::at(now) };
        bounds.add(end, now, &anywhere, false);
    }
    for silence in lacking {
        bounds.add(end, now, &silence.may_bring(), false);
    }
    let turns_at = earlier(bounds.turns_at, missing.as_ref().and_then(|m| m.changes_at));
    let exists = match (bounds.perhaps, bounds.surely) {
        (None, _) => Truth::False,
        (Some(_), None) => Truth::Unknown,
        (Some(_), Some(_)) => Truth::True,
    };
    let (from, to) = bounds.perhaps.unwrap_or((now, now));
    let (from, to) = match (end, bounds.surely) {
        (_, None) => (from, to),
        (End::First, Some(sure)) => (from, sure),
        (End::Last, Some(sure)) => (sure, to),
    };
    let marked = Marked { exists, from, to, computing: false, turns_at };
    Marked { computing: bounds.computing && marked.open(), ..marked }
}

/// Notes the mark that a window has, if it has one.
pub(super) fn explain(world: &World<'_>, window: &Window, notes: &mut Notes) {
    let Some(mark) = window.mark() else { return };
    let (what, window) = (what(&mark.of), Cow::Owned(Window::Ever));
    let count = Count { what, window, comparison: Comparison::AtLeast, bound: 1 };
    let truth = if world.count(&count).truth.holds() { Truth::True } else { Truth::False };
    extreme(world, &count, mark.end, truth, notes);
}

/// Notes why it is not known when the mark was, where it is not.
pub(super) fn doubts(world: &World<'_>, laid: &Laid<'_>, notes: &mut Notes) {
    let (Some(mark), Some(marked)) = (laid.window.mark(), laid.mark) else { return };
    if !marked.open() {
        return;
    }
    let what = what(&mark.of);
    if marked.computing {
        let (code, fact) = words::doubt(Doubt::Computing, None);
        notes.because(code, fact);
    }
    world.visit(what, |occurrence, it| {
        if it.doubt() != Some(Doubt::Computing) && occurrence.earliest != occurrence.latest {
            let fact = fact_of(world, what, &it, occurrence.stated);
            notes.because(ReasonCode::ConditionUnknown, fact.beside(Aside::PerhapsOutside));
        }
    });
    if world.certain() {
        for silence in &world.feeds.missing(&what.facts()).lacking {
            behind(world, &silence.lacking, notes);
        }
    }
}
