//! What other things come before or after: when an order, event or touchpoint of its kind was, as
//! far as that is known.

use std::borrow::Cow;

use super::ast::{Comparison, End, Length, Mark, MarkOf, Which, Window};
use super::evaluate::{Count, Counted, What};
use super::explain::{Notes, behind, counted, extreme, fact_of};
use super::moment::{ALWAYS, Clocks, NEVER, earlier};
use super::purchase::Doubt;
use super::timeline::{Laid, Occurrence};
use super::words;
use super::world::World;
use crate::reason::{Aside, ReasonCode, Told};
use crate::time::Timestamp;
use crate::truth::Truth;

/// On which side of a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Before,
    After,
}

/// When a mark was, and what is near enough to it.
#[derive(Debug)]
pub(super) struct Marked {
    side: Side,
    /// How near; `None`: however far.
    within: Option<Length>,
    /// All that may be it, those first that may have been earliest. None: it never was.
    places: Vec<Place>,
    /// Whether the profile does not keep enough to tell.
    pub(super) computing: bool,
    /// The next moment at which time alone may change any of this.
    pub(super) turns_at: Option<Timestamp>,
}

/// Something that is the mark or may be.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Whether there surely is one.
    sure: bool,
    /// Not before this moment.
    from: Timestamp,
    /// Not after this moment.
    to: Timestamp,
    /// The earliest and the latest moment at which what comes after is not near any more.
    over: (Timestamp, Timestamp),
    /// No place up to this one suits what is further on than this moment.
    reach: Timestamp,
}

impl Marked {
    fn new(world: &World<'_>, side: Side, mark: &Mark) -> Self {
        let Found { places, computing, turns_at } = find(world, mark);
        let mut places = match mark.which {
            Which::First => one_of(End::First, &places).into_iter().collect(),
            Which::Last => one_of(End::Last, &places).into_iter().collect(),
            Which::Any => places,
        };
        places.sort_unstable_by_key(|place| place.from);
        let mut reach = ALWAYS;
        for place in &mut places {
            if let (Side::After, Some(length)) = (side, mark.within) {
                place.over = world.clocks().after_between((place.from, place.to), length);
            }
            reach = reach.max(if side == Side::After { place.over.1 } else { place.to });
            place.reach = reach;
        }
        let marked = Self { side, within: mark.within, places, computing, turns_at };
        Self { computing: computing && marked.open(), ..marked }
    }

    /// Whether something surely is on this side of the mark and near enough, and whether it may be.
    /// Of what was at the same moment, neither comes before the other.
    pub(super) fn suits(&self, occurrence: &Occurrence, clocks: &Clocks<'_>) -> (bool, bool) {
        let Occurrence { earliest, latest, .. } = *occurrence;
        let mut possible = false;
        if self.side == Side::After {
            let end = self.places.partition_point(|place| place.from < latest);
            for place in self.places[..end].iter().rev() {
                if place.reach <= earliest {
                    break;
                }
                possible |= earliest < place.over.1;
                if place.sure && place.to < earliest && latest < place.over.0 {
                    return (true, true);
                }
            }
            return (false, possible);
        }
        let over = |length| clocks.after_between((earliest, latest), length);
        let over = self.within.map_or((NEVER, NEVER), over);
        let begin = self.places.partition_point(|place| place.reach <= earliest);
        for place in self.places[begin..].iter().take_while(|place| place.from < over.1) {
            possible |= earliest < place.to;
            if place.sure && latest < place.from && place.to < over.0 {
                return (true, true);
            }
        }
        (false, possible)
    }

    /// Whether it is not known exactly when it was, or whether there is one.
    pub(super) fn open(&self) -> bool {
        self.places.iter().any(|place| !place.sure || place.from != place.to)
    }

    /// Up to which moment something counts that comes after; `None`: that is not one moment.
    fn counts_until(&self) -> Option<Timestamp> {
        match self.places.as_slice() {
            [place] if place.over.0 == place.over.1 && place.over.0 != NEVER => Some(place.over.0),
            _ => None,
        }
    }
}

/// Everything that a mark may be.
struct Found {
    places: Vec<Place>,
    computing: bool,
    turns_at: Option<Timestamp>,
}

fn find(world: &World<'_>, mark: &Mark) -> Found {
    let (now, what, laid) = (world.now(), what(mark), world.laid(&mark.window));
    let missing = world.certain().then(|| world.feeds.missing(&what.facts()));
    let lacking = missing.as_ref().map_or(&[][..], |missing| &missing.lacking);
    let inner = laid.mark.as_ref();
    let turns_at = earlier(
        inner.and_then(|inner| inner.turns_at),
        missing.as_ref().and_then(|missing| missing.changes_at),
    );
    let computing = inner.is_some_and(|inner| inner.computing);
    let mut found = Found { places: Vec::new(), computing, turns_at };
    let mut take = |occurrence: &Occurrence, sure: bool, computing: bool| {
        let Occurrence { earliest, stated, latest, .. } = *occurrence;
        if stated > now {
            found.turns_at = earlier(found.turns_at, Some(stated));
            return;
        }
        let held = laid.holds(occurrence);
        if held == Truth::False {
            return;
        }
        found.computing |= computing;
        let sure = sure && held == Truth::True;
        let (from, to) = (earliest, latest);
        found.places.push(Place { sure, from, to, over: (NEVER, NEVER), reach: ALWAYS });
    };
    // What a late return may take away surely is none.
    let stays = !what.late().lowers || lacking.is_empty();
    world.visit(what, |occurrence, it| {
        let sure = stays && occurrence.sure && occurrence.low > 0;
        take(&occurrence, sure, it.doubt() == Some(Doubt::Computing));
    });
    if let MarkOf::Event(kind) = &mark.of
        && mark.ends_are_kept()
    {
        let ends = world.profile.activity.get(kind);
        for stamp in ends.iter().flat_map(|activity| [activity.first, activity.last]) {
            take(&Occurrence::at(stamp.at), true, false);
        }
    }
    if world.overflow(what) > 0 {
        let anywhere = Occurrence { earliest: ALWAYS, stated: ALWAYS, ..Occurrence::at(now) };
        take(&anywhere, false, true);
    }
    for silence in lacking {
        take(&silence.may_bring(), false, false);
    }
    found
}

/// The first or the last of several, of which some are not known exactly.
fn one_of(end: End, places: &[Place]) -> Option<Place> {
    let sure = || places.iter().filter(|place| place.sure);
    let from = places.iter().map(|place| place.from).min()?;
    let to = places.iter().map(|place| place.to).max()?;
    let (from, to, sure) = match end {
        End::First => {
            let sure = sure().map(|place| place.to).min();
            (from, sure.unwrap_or(to), sure.is_some())
        }
        End::Last => {
            let sure = sure().map(|place| place.from).max();
            (sure.unwrap_or(from), to, sure.is_some())
        }
    };
    Some(Place { sure, from, to, over: (NEVER, NEVER), reach: ALWAYS })
}

impl Mark {
    /// Whether an event that is meant is the first or the last of its kind, which every profile
    /// keeps.
    pub(super) fn ends_are_kept(&self) -> bool {
        let ends = matches!(self.which, Which::First | Which::Last);
        ends && self.filter.is_empty() && self.window.is_ever()
    }
}

fn what(mark: &Mark) -> What<'_> {
    match &mark.of {
        MarkOf::Order { channel } => What::Orders(&mark.filter, *channel),
        MarkOf::Event(kind) => What::Events(kind, &mark.filter),
        MarkOf::Touch(channel) => What::Touches(*channel),
    }
}

/// When the mark of a window was in this world; `None`: it has none.
pub(super) fn marked(world: &World<'_>, window: &Window) -> Option<Marked> {
    let side = if matches!(window, Window::BeforeMark(_)) { Side::Before } else { Side::After };
    window.mark().map(|mark| Marked::new(world, side, mark))
}

/// Notes the mark that a window has, if it has one, behind those by which it is told.
pub(super) fn explain(world: &World<'_>, window: &Window, notes: &mut Notes) {
    let Some(mark) = window.mark() else { return };
    explain(world, &mark.window, notes);
    let (what, inner) = (what(mark), Cow::Borrowed(&mark.window));
    let count = Count { what, window: inner, comparison: Comparison::AtLeast, bound: 1 };
    let truth = if world.count(&count).truth.holds() { Truth::True } else { Truth::False };
    match mark.which {
        Which::First => extreme(world, &count, End::First, truth, notes),
        Which::Last => extreme(world, &count, End::Last, truth, notes),
        Which::Any => counted(world, &count, truth, notes),
    }
    let until = marked(world, window).and_then(|marked| marked.counts_until());
    if until.is_some() {
        notes.say(Told::CountsUntil, until);
    }
}

/// Notes why it is not known when the mark was, where it is not.
pub(super) fn doubts(world: &World<'_>, laid: &Laid<'_>, notes: &mut Notes) {
    let (Some(mark), Some(marked)) = (laid.window.mark(), &laid.mark) else { return };
    if !marked.open() {
        return;
    }
    if marked.computing {
        let (code, fact) = words::doubt(Doubt::Computing, None);
        notes.because(code, fact);
    }
    let (what, inner) = (what(mark), world.laid(&mark.window));
    doubts(world, &inner, notes);
    world.visit(what, |occurrence, it| {
        if occurrence.stated > world.now() || inner.holds(&occurrence) == Truth::False {
            return;
        }
        let order = match &it {
            Counted::Purchase(purchase) => Some(purchase.order),
            Counted::Happening(_) => None,
        };
        match it.doubt() {
            Some(Doubt::Computing) => {}
            Some(doubt) => {
                let (code, fact) = words::doubt(doubt, order);
                notes.because(code, fact);
            }
            None if occurrence.earliest != occurrence.latest => {
                let fact = fact_of(world, what, &it, occurrence.stated);
                notes.because(ReasonCode::ConditionUnknown, fact.beside(Aside::PerhapsOutside));
            }
            None => {}
        }
    });
    if world.certain() {
        for silence in &world.feeds.missing(&what.facts()).lacking {
            behind(world, &silence.lacking, notes);
        }
    }
}
