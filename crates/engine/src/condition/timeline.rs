//! Counting over time: what surely and what possibly counts at a moment, and when that changes.
//!
//! Everything that can be counted is an [`Occurrence`]: it happened at some moment between two
//! bounds, counts for some amount between two bounds, and is in a window for a stretch of time. A
//! sum over occurrences is an interval that changes at known moments only, so the next moment at
//! which a comparison turns is found exactly.

use std::rc::Rc;

use jiff::civil::Date;

use super::ast::{Comparison, Window};
use super::mark::Marked;
use super::moment::{ALWAYS, Clocks, NEVER};
use crate::time::Timestamp;
use crate::truth::Truth;

/// More than any sum: what a feed that is behind may bring.
pub(super) const BOUNDLESS: i128 = i64::MAX as i128;

/// Something that counts, or may count.
#[derive(Clone, Copy, Debug)]
pub(super) struct Occurrence {
    /// It did not happen before this moment; [`ALWAYS`] if nothing is known.
    pub(super) earliest: Timestamp,
    /// When it is said to have happened: before that moment it is not known of.
    pub(super) stated: Timestamp,
    /// It did not happen after this moment.
    pub(super) latest: Timestamp,
    /// Whether it surely counts where it is in the window.
    pub(super) sure: bool,
    /// What it counts for, at least.
    pub(super) low: i128,
    /// What it counts for, at most.
    pub(super) high: i128,
}

impl Occurrence {
    /// One that surely happened at this moment.
    pub(super) fn at(at: Timestamp) -> Self {
        Self { earliest: at, stated: at, latest: at, sure: true, low: 1, high: 1 }
    }
}

/// The stretches of time in which an occurrence is in a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Stay {
    possible: (Timestamp, Timestamp),
    sure: (Timestamp, Timestamp),
}

const NO_STAY: (Timestamp, Timestamp) = (NEVER, NEVER);

/// How a window is laid over occurrences.
#[derive(Clone, Debug)]
pub(super) struct Laid<'a> {
    pub(super) window: &'a Window,
    /// When the person entered the journey; needed for [`Window::SinceEntry`].
    pub(super) entry: Option<Timestamp>,
    pub(super) clocks: &'a Clocks<'a>,
    /// The moments of the orders that were kept, ascending; needed for [`Window::Latest`].
    pub(super) orders: &'a [Timestamp],
    /// When that was which things must come before or after; needed for the windows of marks.
    pub(super) mark: Option<Rc<Marked>>,
    pub(super) now: Timestamp,
}

impl Laid<'_> {
    fn stay(&self, occurrence: &Occurrence) -> Stay {
        let Occurrence { earliest, stated, latest, .. } = *occurrence;
        match self.window {
            Window::Ever => Stay { possible: (stated, NEVER), sure: (stated, NEVER) },
            Window::SinceEntry => {
                let entry = self.entry.unwrap_or(NEVER);
                let after =
                    |bound: Timestamp| if bound > entry { (stated, NEVER) } else { NO_STAY };
                Stay { possible: after(latest), sure: after(earliest) }
            }
            Window::Since(_) | Window::Until(_) | Window::Between(_) => self.on_days(occurrence),
            Window::Latest(count) => self.among(stated, earliest == latest, *count),
            Window::BeforeMark(_) | Window::AfterMark(_) => self.by_mark(occurrence),
            Window::Last(length) => {
                if length.surely_after(latest) <= self.now && latest != ALWAYS {
                    return Stay { possible: NO_STAY, sure: NO_STAY };
                }
                let end = self.clocks.after(latest, *length);
                let sure_end =
                    if earliest == latest { end } else { self.clocks.after(earliest, *length) };
                Stay { possible: (stated, end), sure: (stated, sure_end) }
            }
            Window::Before(length) => {
                if length.surely_after(latest) <= self.now && earliest == latest {
                    return Stay { possible: (stated, NEVER), sure: (stated, NEVER) };
                }
                let sure = self.clocks.after(latest, *length);
                let possible =
                    if earliest == latest { sure } else { self.clocks.after(earliest, *length) };
                Stay { possible: (possible.max(stated), NEVER), sure: (sure.max(stated), NEVER) }
            }
        }
    }

    /// Fixed days: what happened then is in them for ever, from the moment it is known of.
    fn on_days(&self, occurrence: &Occurrence) -> Stay {
        let Occurrence { earliest, stated, latest, .. } = *occurrence;
        let begins = |day: Date| self.clocks.beginning(day);
        let after = |day: Date| day.tomorrow().map_or(NEVER, begins);
        #[expect(clippy::wildcard_enum_match_arm, reason = "only windows of days come here")]
        let (from, to) = match self.window {
            Window::Since(day) => (begins(*day), NEVER),
            Window::Until(day) => (ALWAYS, begins(*day)),
            Window::Between((first, last)) => (begins(*first), after(*last)),
            _ => (NEVER, NEVER),
        };
        let stay = |within: bool| if within { (stated, NEVER) } else { NO_STAY };
        Stay {
            possible: stay(latest >= from && earliest < to),
            sure: stay(earliest >= from && latest < to),
        }
    }

    /// Before or after something else: for ever, once it is known of.
    fn by_mark(&self, occurrence: &Occurrence) -> Stay {
        let Some(mark) = &self.mark else { return Stay { possible: NO_STAY, sure: NO_STAY } };
        let (sure, possible) = mark.suits(occurrence, self.clocks);
        let stay = |within: bool| if within { (occurrence.stated, NEVER) } else { NO_STAY };
        Stay { possible: stay(possible), sure: stay(sure) }
    }

    /// Among the latest orders: until so many came later.
    fn among(&self, stated: Timestamp, exact: bool, count: u32) -> Stay {
        let later = self.orders.partition_point(|at| *at <= stated);
        let place = usize::try_from(count).unwrap_or(usize::MAX).saturating_sub(1);
        let end = self.orders[later..].get(place).copied().unwrap_or(NEVER);
        let possible = (stated, end);
        Stay { possible, sure: if exact { possible } else { NO_STAY } }
    }

    /// The moments to come at which an occurrence may enter or leave the window.
    pub(super) fn turns(&self, occurrence: &Occurrence) -> impl Iterator<Item = Timestamp> + use<> {
        let stay = self.stay(occurrence);
        let now = self.now;
        [stay.possible.0, stay.possible.1, stay.sure.0, stay.sure.1]
            .into_iter()
            .filter(move |at| *at > now && *at != NEVER)
    }

    /// Whether an occurrence surely, perhaps, or surely not is in the window at this moment.
    pub(super) fn holds(&self, occurrence: &Occurrence) -> Truth {
        let stay = self.stay(occurrence);
        let within = |(from, to): (Timestamp, Timestamp)| from <= self.now && self.now < to;
        if within(stay.sure) {
            Truth::True
        } else if within(stay.possible) {
            Truth::Unknown
        } else {
            Truth::False
        }
    }
}

/// A sum over occurrences, at a moment and from there on.
#[derive(Debug)]
pub(super) struct Timeline {
    pub(super) low: i128,
    pub(super) high: i128,
    /// From which moment on each bound is higher by how much.
    changes: Vec<(Timestamp, i128, i128)>,
}

impl Timeline {
    pub(super) fn new() -> Self {
        Self { low: 0, high: 0, changes: Vec::new() }
    }

    pub(super) fn add(&mut self, occurrence: &Occurrence, laid: &Laid<'_>) {
        let stay = laid.stay(occurrence);
        let exact = occurrence.sure && occurrence.low == occurrence.high;
        if exact && stay.possible == stay.sure {
            return self.add_exactly(occurrence.low, stay.sure, laid.now);
        }
        let counts = |at: Timestamp| -> (i128, i128) {
            let within = |(from, to): (Timestamp, Timestamp)| from <= at && at < to;
            if occurrence.sure && within(stay.sure) {
                (occurrence.low, occurrence.high)
            } else if within(stay.possible) {
                (occurrence.low.min(0), occurrence.high.max(0))
            } else {
                (0, 0)
            }
        };
        let mut held = counts(laid.now);
        self.low += held.0;
        self.high += held.1;
        let mut moments = [stay.possible.0, stay.possible.1, stay.sure.0, stay.sure.1];
        if moments.iter().all(|at| *at <= laid.now || *at == NEVER) {
            return;
        }
        moments.sort_unstable();
        for at in moments {
            if at <= laid.now || at == NEVER {
                continue;
            }
            let next = counts(at);
            if next != held {
                self.changes.push((at, next.0 - held.0, next.1 - held.1));
                held = next;
            }
        }
    }

    /// Adds what counts for an amount between two moments, as most things do.
    fn add_exactly(&mut self, amount: i128, (from, to): (Timestamp, Timestamp), now: Timestamp) {
        if to <= now || from >= to {
            return;
        }
        if from <= now {
            self.low += amount;
            self.high += amount;
        } else {
            self.changes.push((from, amount, amount));
        }
        if to != NEVER {
            self.changes.push((to, -amount, -amount));
        }
    }

    /// The first moment at which `turned` says that the bounds mean something else.
    pub(super) fn first(&mut self, turned: impl Fn(i128, i128) -> bool) -> Option<Timestamp> {
        self.changes.sort_unstable();
        let (mut low, mut high) = (self.low, self.high);
        let mut changes = self.changes.iter().peekable();
        while let Some((at, by_low, by_high)) = changes.next() {
            low += by_low;
            high += by_high;
            let last_of_moment = changes.peek().is_none_or(|(next, _, _)| next > at);
            if last_of_moment && turned(low, high) {
                return Some(*at);
            }
        }
        None
    }
}

impl Comparison {
    /// Whether a value between `low` and `high` is on this side of `bound`.
    pub(super) fn test(self, low: i128, high: i128, bound: i128) -> Truth {
        let (yes, no) = match self {
            Self::AtLeast => (low >= bound, high < bound),
            Self::AtMost => (high <= bound, low > bound),
            Self::MoreThan => (low > bound, high <= bound),
            Self::LessThan => (high < bound, low >= bound),
            Self::Exactly => (low == bound && high == bound, high < bound || low > bound),
        };
        if yes {
            Truth::True
        } else if no {
            Truth::False
        } else {
            Truth::Unknown
        }
    }
}
