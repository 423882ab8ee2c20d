//! The town's lines, day by day, in the order of their arrival.

use jiff::Timestamp;

use crate::act::{Act, Report, Via};
use crate::calendar::HOUR;
use crate::outcome::{CartId, timestamp};
use crate::people::PersonId;
use crate::plan::Sketch;
use crate::tills::report;
use crate::town::Town;
use crate::write::Scribe;

/// What is true of a line, beside its text.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LineTruth {
    /// When it is received; lines come in this order.
    pub received_at: Timestamp,
    /// When it truly happened, whatever the reporter's clock says.
    pub occurred_at: Timestamp,
    /// Whose doing it is; `None` for heartbeats and watermarks.
    pub person: Option<PersonId>,
    /// The abandoned cart of whose outcome *without a message* the line is a part, where a
    /// message would have made a difference. After a message to that cart, a simulation drops
    /// the lines that occur later and puts those of [`Town::react`] in their place.
    pub hinges_on: Option<CartId>,
}

/// A line of the event file.
#[derive(Clone, PartialEq, Eq)]
pub struct Line {
    /// What is true of it.
    pub truth: LineTruth,
    /// One JSON object, without a line end.
    pub text: String,
}

impl std::fmt::Debug for Line {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Line").field("truth", &self.truth).field("text", &"***").finish()
    }
}

/// All lines of a town; see [`Town::lines`].
pub struct Lines<'t> {
    scribe: Scribe<'t>,
    /// The next day to plan.
    day: u32,
    today: Vec<Act>,
    /// Today's arrivals: (received, message, copy, place in `today`).
    order: Vec<(i64, u64, u8, u32)>,
    next: usize,
    /// Acts that arrive on later days, by day.
    later: Vec<Vec<Act>>,
    sketch: Sketch,
}

impl std::fmt::Debug for Lines<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lines").field("day", &self.day).finish_non_exhaustive()
    }
}

impl<'t> Lines<'t> {
    pub(crate) fn new(town: &'t Town) -> Self {
        Self {
            scribe: Scribe::new(town),
            day: 0,
            today: Vec::new(),
            order: Vec::new(),
            next: 0,
            later: vec![Vec::new(); town.calendar.period() as usize],
            sketch: Sketch::default(),
        }
    }

    /// Appends the next line to `out`, without a line end; `None` at the end of the period.
    ///
    /// The fast way: nothing is allocated for a line.
    pub fn write_next(&mut self, out: &mut Vec<u8>) -> Option<LineTruth> {
        while self.next == self.order.len() {
            self.plan_next_day()?;
        }
        let (.., place) = self.order[self.next];
        self.next += 1;
        let act = &self.today[place as usize];
        self.scribe.write(act, out);
        Some(truth_of(act))
    }

    /// Plans the next day; `None` after the last.
    fn plan_next_day(&mut self) -> Option<()> {
        let town = self.scribe.town;
        let (day, period) = (self.day, town.calendar.period());
        if day == period {
            return None;
        }
        self.day += 1;
        self.today = std::mem::take(&mut self.later[day as usize]);
        let (end, tomorrow) = (town.calendar.end(), town.calendar.at(day + 1, 0));
        for person in 0..town.settings.people {
            town.plan(person, day, &mut self.sketch);
            for act in self.sketch.acts.drain(..) {
                if act.received_at < tomorrow {
                    self.today.push(act);
                } else if act.received_at < end {
                    self.later[town.calendar.day_of(act.received_at) as usize].push(act);
                }
            }
            self.sketch.left.clear();
        }
        for (index, till) in (0..).zip(&town.tills) {
            till.tell_the_day(index, day, &town.calendar, &mut self.today);
        }
        for hour in 0..24 {
            let at = town.calendar.at(day, hour * 3600) + HOUR / 2;
            self.today.push(report(at, day, Via::Web, Report::Heartbeat));
        }
        self.order.clear();
        let message = |act: &Act| act.message.map_or(u64::MAX, |key| key.0);
        let arrivals = (0..).zip(&self.today);
        self.order
            .extend(arrivals.map(|(place, act)| (act.received_at, message(act), act.copy, place)));
        self.order.sort_unstable();
        self.next = 0;
        Some(())
    }
}

impl Iterator for Lines<'_> {
    type Item = Line;

    fn next(&mut self) -> Option<Line> {
        let mut text = Vec::with_capacity(640);
        let truth = self.write_next(&mut text)?;
        Some(Line { truth, text: utf8(text) })
    }
}

/// Writes `acts`, sorted by arrival, as lines.
pub(crate) fn write_all(town: &Town, acts: &mut [Act]) -> Vec<Line> {
    acts.sort_by_key(|act| (act.received_at, act.message, act.copy));
    let mut scribe = Scribe::new(town);
    let write = |act: &Act| {
        let mut text = Vec::new();
        scribe.write(act, &mut text);
        Line { truth: truth_of(act), text: utf8(text) }
    };
    acts.iter().map(write).collect()
}

fn truth_of(act: &Act) -> LineTruth {
    LineTruth {
        received_at: timestamp(act.received_at),
        occurred_at: timestamp(act.occurred_at),
        person: act.message.map(|key| PersonId(key.person())),
        hinges_on: act.hinges_on.map(CartId),
    }
}

pub(crate) fn utf8(text: Vec<u8>) -> String {
    String::from_utf8(text).expect("lines are written from text")
}
