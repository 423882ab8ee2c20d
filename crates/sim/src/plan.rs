//! One person's day, put down as acts with their arrival.

use crate::act::{Act, Via, What, Who};
use crate::calendar::HOUR;
use crate::opaque::Key;
use crate::outcome::LeftCart;
use crate::people::{JANE, Person};
use crate::rng::{Purpose, Rng};
use crate::town::Town;
use crate::{life, shopping, stories};

/// Monday to Sunday, in percent of the usual.
const WEEKDAYS: [u32; 7] = [85, 85, 90, 95, 120, 140, 85];
/// Lines sent twice, in thousandths.
const RETRIES_PER_MILLE: u32 = 8;

/// What plans leave behind.
#[derive(Default)]
pub(crate) struct Sketch {
    pub(crate) acts: Vec<Act>,
    pub(crate) left: Vec<LeftCart>,
}

/// Writes one person's day into a sketch.
pub(crate) struct Pen<'a> {
    pub(crate) town: &'a Town,
    pub(crate) person: Person,
    pub(crate) day: u32,
    /// The abandoned cart without whose message none of what follows would be.
    pub(crate) hinges_on: Option<Key>,
    pub(crate) sketch: &'a mut Sketch,
    number: u32,
}

impl<'a> Pen<'a> {
    pub(crate) fn new(town: &'a Town, person: Person, day: u32, sketch: &'a mut Sketch) -> Self {
        Self { town, person, day, hinges_on: None, sketch, number: 0 }
    }

    /// A pen whose ids start at `number`, for what comes on top of the plan.
    pub(crate) fn from(number: u32, pen: Self) -> Self {
        Self { number, ..pen }
    }

    /// Everything that starts on this day.
    pub(crate) fn plan_day(mut self) {
        if self.person.number <= JANE.0 {
            stories::plan(&mut self);
            return;
        }
        let mut rng = self.rng(Purpose::Day);
        life::plan(&mut self);
        let calendar = &self.town.calendar;
        let visits = self.person.visits_per_mille * WEEKDAYS[calendar.weekday(self.day)] / 100;
        if !rng.chance(visits) {
            return;
        }
        match rng.weighted(&[60, 28, 12]) {
            0 => shopping::visit_online(&mut self, &mut rng),
            1 => shopping::visit_store(&mut self, &mut rng),
            _ => {
                shopping::visit_online(&mut self, &mut rng);
                shopping::visit_store(&mut self, &mut rng);
            }
        }
    }

    /// Random numbers for this person and day.
    pub(crate) fn rng(&self, purpose: Purpose) -> Rng {
        Rng::keyed(
            self.town.settings.seed,
            purpose,
            u64::from(self.person.number),
            u64::from(self.day),
        )
    }

    /// A key of its own.
    pub(crate) fn key(&mut self) -> Key {
        self.number += 1;
        Key::new(self.person.number, self.day, self.number)
    }

    /// Puts down what happens at `occurred_at`; the reporter decides when it arrives.
    pub(crate) fn put(&mut self, occurred_at: i64, via: Via, who: Who, what: What) {
        let message = self.key();
        let mut rng = Rng::keyed(self.town.settings.seed, Purpose::Arrival, message.0, 0);
        let carried = self.carry(occurred_at, via, &mut rng);
        let act = self.act(occurred_at, carried, message, via, who, what);
        self.sketch.acts.push(act);
        let retries = matches!(via, Via::Web | Via::App | Via::Shop | Via::Till(_));
        if retries && rng.chance(RETRIES_PER_MILLE) {
            let wait = if rng.chance(333) { 0 } else { rng.seconds(1, 40) };
            self.sketch.acts.push(Act { received_at: act.received_at + wait, copy: 1, ..act });
        }
    }

    /// Puts down what arrives at a given moment.
    pub(crate) fn put_received(
        &mut self,
        occurred_at: i64,
        received_at: i64,
        via: Via,
        who: Who,
        what: What,
    ) {
        let message = self.key();
        let carried = Carried { told_at: occurred_at, sent_at: None, received_at };
        let act = self.act(occurred_at, carried, message, via, who, what);
        self.sketch.acts.push(act);
    }

    fn act(
        &self,
        occurred_at: i64,
        carried: Carried,
        message: Key,
        via: Via,
        who: Who,
        what: What,
    ) -> Act {
        Act {
            received_at: carried.received_at,
            occurred_at,
            told_at: carried.told_at,
            sent_at: carried.sent_at,
            message: Some(message),
            hinges_on: self.hinges_on,
            day: self.town.calendar.day_of(occurred_at),
            copy: 0,
            via,
            who,
            what,
        }
    }

    fn carry(&self, occurred_at: i64, via: Via, rng: &mut Rng) -> Carried {
        let ahead = self.person.clock_ahead;
        let (told_at, received_at) = match via {
            Via::Web | Via::App => {
                let offline = if via == Via::App { 50 } else { 6 };
                let queued =
                    if rng.chance(offline) { rng.seconds(60, 30_000) } else { rng.seconds(0, 4) };
                let sent_at = occurred_at + queued;
                let transit = if rng.chance(20) {
                    rng.seconds(1, 4)
                } else {
                    i64::from(rng.between(30, 400))
                };
                return Carried {
                    told_at: occurred_at + ahead,
                    sent_at: Some(sent_at + ahead),
                    received_at: sent_at + transit,
                };
            }
            Via::Till(till) => {
                let till = &self.town.tills[till as usize];
                (
                    occurred_at - occurred_at % 1000,
                    till.arrival(occurred_at, &self.town.calendar, rng),
                )
            }
            Via::Kiosk(_) | Via::Shop => (occurred_at, occurred_at + rng.seconds(0, 3)),
            Via::Floor(_) | Via::Desk => (occurred_at, occurred_at + rng.seconds(1, 10)),
            // The list is read from top to bottom.
            Via::Customers => {
                let place = i64::from(self.person.number) * 1_200_000
                    / i64::from(self.town.settings.people);
                (occurred_at, self.town.calendar.start() + 3 * HOUR + place)
            }
            Via::Loyalty | Via::Mail => (occurred_at, occurred_at + rng.seconds(2, 60)),
            Via::Reviews => (occurred_at, occurred_at + rng.seconds(300, 20_000)),
            Via::Social => (occurred_at, occurred_at + rng.seconds(60, 1200)),
        };
        Carried { told_at, sent_at: None, received_at }
    }
}

struct Carried {
    told_at: i64,
    sent_at: Option<i64>,
    received_at: i64,
}
