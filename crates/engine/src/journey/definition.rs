//! Journeys as data: what starts them, what ends them, and their steps.

use std::collections::BTreeMap;

use jiff::civil::Weekday;

use super::{DateEntry, EndCause, RequestedBy, asks_for};
use crate::condition::{ComputedTraits, Condition, Reads};
use crate::event::{Channel, Event, Kind, Purpose, Value};
use crate::profile::list_of;
use crate::segment::Way;
use crate::time::{DAY, HOUR};

/// A journey as its definition states it. Its version is the hash of its canonical form.
#[derive(Clone, Debug, PartialEq)]
pub struct Journey {
    /// Its name: `cart`.
    pub name: String,
    /// The hash of its canonical form: people inside keep the version they entered.
    pub version: u64,
    /// What its messages are for.
    pub purpose: Purpose,
    /// What starts it.
    pub entry: Entry,
    /// Conditions that end it at once, tested on every change of the person.
    pub exits: Vec<Condition>,
    /// What it is there for: where it surely holds, the journey ends at once, counted as a success.
    pub goal: Option<Condition>,
    /// Milliseconds after which a person may enter again, counted from the last entry.
    pub re_entry_ms: i64,
    /// An event older than this does not start it.
    pub entry_age_max_ms: i64,
    /// Journeys with a higher priority go first where only some messages may go.
    pub priority: i32,
    /// The steps, flattened: branches jump by number.
    pub steps: Vec<Step>,
    /// What its exits and steps read, through segments too: made by [`Journey::settle`].
    pub reads: Reads,
}

impl Journey {
    /// A person may enter again after a week.
    pub const RE_ENTRY_MS: i64 = 7 * DAY;
    /// An event older than a day starts nothing.
    pub const ENTRY_AGE_MAX_MS: i64 = 24 * HOUR;

    /// The names of its steps that tell another program, each with whom it tells.
    pub fn told(&self) -> impl Iterator<Item = (&str, &str)> {
        let steps = self.steps.iter();
        steps.filter_map(|step| Some((step.name.as_str(), step.kind.destination()?)))
    }

    /// What ends it at once where it surely holds: the goal, then the exit rules.
    pub fn endings(&self) -> impl Iterator<Item = (&Condition, EndCause)> {
        let goal = self.goal.iter().map(|goal| (goal, EndCause::Goal));
        goal.chain(self.exits.iter().map(|exit| (exit, EndCause::ExitRule)))
    }

    /// Every condition in it: of its entry, its goal, its exit rules, its steps.
    pub fn conditions(&self) -> impl Iterator<Item = &Condition> {
        let steps = self.steps.iter().filter_map(|step| step.kind.condition());
        self.entry.condition.iter().chain(&self.goal).chain(&self.exits).chain(steps)
    }

    /// Lets what its conditions ask of traits that are computed be reckoned.
    pub fn take_traits(&mut self, traits: &ComputedTraits) {
        let steps = self.steps.iter_mut().filter_map(|step| step.kind.condition_mut());
        let of_entry = self.entry.condition.iter_mut();
        let conditions = of_entry.chain(&mut self.goal).chain(&mut self.exits).chain(steps);
        conditions.for_each(|condition| condition.take_traits(traits));
    }

    /// The journey with what it reads, given the segments that its conditions may name.
    #[must_use]
    pub fn settle(mut self, segments: &BTreeMap<String, Condition>) -> Self {
        let mut reads = Reads::default();
        let steps = self.steps.iter().filter_map(|step| step.kind.condition());
        for condition in self.endings().map(|(condition, _)| condition).chain(steps) {
            reads.merge(condition.reads_through(segments));
        }
        self.reads = reads;
        self
    }
}

/// What starts a journey.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// The kinds of event that start it.
    pub kinds: Vec<Kind>,
    /// The segments by entering or leaving which it is started.
    pub segments: Vec<(Way, String)>,
    /// The dates of the person on which it is started.
    pub dates: Vec<DateEntry>,
    /// The ways by which the shop may ask that somebody enter.
    pub requests: Vec<RequestedBy>,
    /// What must hold as known at that moment.
    pub condition: Option<Condition>,
    /// Whether entries are kept apart by the cart's or order's key.
    pub keyed: bool,
}

impl Journey {
    /// Whether the event starts it: one of its kinds happened, or the shop asks for it by name in a
    /// way that it allows.
    #[must_use]
    pub fn started_by(&self, event: &Event) -> bool {
        self.entry.kinds.contains(&event.kind)
            || asks_for(event)
                .is_some_and(|(name, by)| name == self.name && self.entry.requests.contains(&by))
    }
}

/// One step with the name it bears in files, pages and decisions.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its name, unique in the journey: given, or made from its place (`step-2`).
    pub name: String,
    /// What it does.
    pub kind: StepKind,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// Waits for so many elapsed milliseconds.
    Wait {
        /// How long.
        ms: i64,
    },
    /// Waits for so many calendar days in the person's zone, and until a time of day if one is given.
    WaitDays {
        /// How many days; 0 with a time of day is the next such time.
        days: i32,
        /// Minutes after midnight in the person's zone.
        at_minute: Option<i32>,
    },
    /// Waits for the next such day of the week and time of day in the person's zone.
    WaitWeekday {
        /// The day.
        weekday: Weekday,
        /// Minutes after midnight in the person's zone.
        at_minute: i32,
    },
    /// Waits until a condition surely holds, or the time is up.
    WaitUntil {
        /// The condition.
        condition: Condition,
        /// Milliseconds after which it goes on all the same.
        at_most_ms: i64,
        /// The step to go to when the time is up; where the condition holds, the next one.
        otherwise: u32,
    },
    /// Waits until something happens after the person came to this step, or the time is up.
    WaitFor {
        /// What must happen.
        kind: Kind,
        /// That it has, where "since entry" means since the person came to this step.
        happened: Condition,
        /// Milliseconds after which it goes on all the same.
        at_most_ms: i64,
        /// The step to go to when the time is up; where it happened, the next one.
        otherwise: u32,
    },
    /// Goes one way or the other.
    Branch {
        /// The condition.
        condition: Condition,
        /// The step to go to where it surely does not hold. Where it does, the next one.
        otherwise: u32,
        /// The step to go to where it stays unknown to the end of the patience.
        unknown: u32,
    },
    /// Goes one of several ways by chance; see [`Draw`].
    Draw(Draw),
    /// States traits of the person, as an event of our own.
    Set {
        /// The traits by name.
        traits: BTreeMap<String, Value>,
    },
    /// Asks staff to see to something, and goes on.
    Notify {
        /// What is to be done.
        text: String,
        /// The address of staff that is told by e-mail too.
        to: Option<String>,
    },
    /// Tells another program of the person, and goes on.
    Webhook {
        /// The name of whoever is told: where that is, and its secret, are settings of the server.
        to: String,
        /// The traits and identifiers that are told, by name.
        with: Vec<String>,
    },
    /// Goes on at another step.
    Goto(u32),
    /// Sends a message if the guard lets it.
    Send(Send),
    /// Lets the shop's own site show a message while the person stands here.
    Show(Show),
    /// Leaves.
    Exit,
}

impl StepKind {
    /// The condition it asks, if it asks one.
    #[must_use]
    pub fn condition(&self) -> Option<&Condition> {
        match self {
            Self::WaitUntil { condition, .. }
            | Self::WaitFor { happened: condition, .. }
            | Self::Branch { condition, .. } => Some(condition),
            Self::Send(send) => send.only_if.as_ref(),
            Self::Show(show) => show.message.only_if.as_ref(),
            Self::Wait { .. }
            | Self::WaitDays { .. }
            | Self::WaitWeekday { .. }
            | Self::Draw(_)
            | Self::Set { .. }
            | Self::Notify { .. }
            | Self::Webhook { .. }
            | Self::Goto(_)
            | Self::Exit => None,
        }
    }

    fn condition_mut(&mut self) -> Option<&mut Condition> {
        match self {
            Self::WaitUntil { condition, .. }
            | Self::WaitFor { happened: condition, .. }
            | Self::Branch { condition, .. } => Some(condition),
            Self::Send(send) => send.only_if.as_mut(),
            Self::Show(show) => show.message.only_if.as_mut(),
            Self::Wait { .. }
            | Self::WaitDays { .. }
            | Self::WaitWeekday { .. }
            | Self::Draw(_)
            | Self::Set { .. }
            | Self::Notify { .. }
            | Self::Webhook { .. }
            | Self::Goto(_)
            | Self::Exit => None,
        }
    }

    /// Forgets where it leads, so that what two steps do can be compared.
    pub(super) fn forget_jumps(&mut self) {
        match self {
            Self::WaitUntil { otherwise, .. } | Self::WaitFor { otherwise, .. } => *otherwise = 0,
            Self::Branch { otherwise, unknown, .. } => (*otherwise, *unknown) = (0, 0),
            Self::Draw(draw) => draw.ways.iter_mut().for_each(|way| way.to = way.to.map(|_| 0)),
            Self::Goto(step) => *step = 0,
            Self::Wait { .. }
            | Self::WaitDays { .. }
            | Self::WaitWeekday { .. }
            | Self::Set { .. }
            | Self::Notify { .. }
            | Self::Webhook { .. }
            | Self::Send(_)
            | Self::Show(_)
            | Self::Exit => {}
        }
    }

    /// The static lists it puts the person on.
    pub fn lists(&self) -> impl Iterator<Item = &str> {
        let traits = if let Self::Set { traits } = self { Some(traits) } else { None };
        traits.into_iter().flatten().filter_map(|(name, _)| list_of(name))
    }

    /// The name of whoever it tells by a webhook, if it does.
    #[must_use]
    pub fn destination(&self) -> Option<&str> {
        if let Self::Webhook { to, .. } = self { Some(to) } else { None }
    }

    /// The message it sends, if it sends one.
    #[must_use]
    pub fn send(&self) -> Option<&Send> {
        if let Self::Send(send) = self { Some(send) } else { None }
    }

    /// The message it lets the site show, if it does.
    #[must_use]
    pub fn show(&self) -> Option<&Show> {
        if let Self::Show(show) = self { Some(show) } else { None }
    }

    /// What chance chooses among there, if it does.
    #[must_use]
    pub fn draw(&self) -> Option<&Draw> {
        if let Self::Draw(draw) = self { Some(draw) } else { None }
    }

    /// The steps that may follow it, where it is step number `number`. One past the last step is
    /// the end.
    #[must_use]
    pub fn followers(&self, number: u32) -> Vec<u32> {
        match self {
            Self::Wait { .. }
            | Self::WaitDays { .. }
            | Self::WaitWeekday { .. }
            | Self::Set { .. }
            | Self::Notify { .. }
            | Self::Webhook { .. }
            | Self::Send(_)
            | Self::Show(_) => vec![number + 1],
            Self::WaitUntil { otherwise, .. } | Self::WaitFor { otherwise, .. } => {
                vec![number + 1, *otherwise]
            }
            Self::Branch { otherwise, unknown, .. } => vec![number + 1, *otherwise, *unknown],
            Self::Draw(draw) => draw.ways.iter().filter_map(|way| way.to).collect(),
            Self::Goto(step) => vec![*step],
            Self::Exit => Vec::new(),
        }
    }

    /// Whether everybody who comes to it stays for a while: only such a step makes a loop safe.
    #[must_use]
    pub fn takes_time(&self) -> bool {
        matches!(
            self,
            Self::Wait { .. } | Self::WaitDays { .. } | Self::WaitWeekday { .. } | Self::Show(_)
        )
    }

    /// Whether it waits, perhaps no time at all.
    #[must_use]
    pub fn waits(&self) -> bool {
        self.takes_time() || matches!(self, Self::WaitUntil { .. } | Self::WaitFor { .. })
    }

    /// The least time in milliseconds that it takes. A day of the calendar may have begun already.
    #[must_use]
    pub fn least_ms(&self) -> i64 {
        match self {
            Self::Wait { ms } => *ms,
            Self::WaitDays { days, .. } => (i64::from(*days) - 1).max(0) * DAY,
            Self::WaitWeekday { .. }
            | Self::WaitUntil { .. }
            | Self::WaitFor { .. }
            | Self::Branch { .. }
            | Self::Draw(_)
            | Self::Set { .. }
            | Self::Notify { .. }
            | Self::Webhook { .. }
            | Self::Goto(_)
            | Self::Send(_)
            | Self::Show(_)
            | Self::Exit => 0,
        }
    }
}

/// Ways of which chance chooses one for each person: the same one at every look, and the same one
/// after the journey was edited elsewhere, since the lot is a hash of the person and the step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draw {
    /// What it is for.
    pub purpose: DrawPurpose,
    /// The ways, at least two.
    pub ways: Vec<DrawnWay>,
}

/// What chance is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DrawPurpose {
    /// To treat people differently.
    Split,
    /// To find out which way is better.
    Test,
    /// To find out what the journey causes: some people are kept out.
    Holdout,
}

impl DrawPurpose {
    /// The word in files and the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Split => "split",
            Self::Test => "test",
            Self::Holdout => "holdout",
        }
    }
}

/// One way that chance may choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawnWay {
    /// Its name, unique in its step.
    pub name: String,
    /// Its part of the sum of all weights; at least 1.
    pub weight: u32,
    /// The step it begins at; `None`: it leaves the journey, and is kept out.
    pub to: Option<u32>,
}

/// A message that the shop's own site shows: a standing send. Nobody claims it; the guard grants it
/// anew at every look at the site, as long as the person stands at its step.
#[derive(Clone, Debug, PartialEq)]
pub struct Show {
    /// The place on the site's pages that it fills.
    pub slot: String,
    /// What the guard is asked about. Its channel is [`Channel::Web`], and its patience is how long
    /// the person stands at the step where nothing is clicked.
    pub message: Send,
}

/// A message to send.
#[derive(Clone, Debug, PartialEq)]
pub struct Send {
    /// Over which channel.
    pub channel: Channel,
    /// The template's name.
    pub template: String,
    /// What is taken where the person cannot be written to over `channel`, the best first.
    pub otherwise: Vec<Otherwise>,
    /// What must surely hold for it to go, beside the guard's own rules and the exit rules.
    pub only_if: Option<Condition>,
    /// Milliseconds it may be held before `on_patience_end` is done.
    pub patience_ms: i64,
    /// What happens when the patience ends.
    pub on_patience_end: OnPatienceEnd,
    /// Whether presumption by rhythm is not enough and feeds must have said they are complete.
    pub known_complete: bool,
    /// The name of the offer it carries, which a maybe never grants.
    pub offer: Option<String>,
    /// What happens where the offer may surely not be given.
    pub if_refused: OnPatienceEnd,
    /// Milliseconds after the entry from which on it is left out, whatever it waited for.
    pub deadline_ms: Option<i64>,
    /// Whether it waits for the hour of the day at which the person is mostly here.
    pub at_best_hour: bool,
    /// Whether it asks to confirm a yes: it goes to the address of the latest one that waits, and
    /// is left out where none does.
    pub asks_to_confirm: bool,
}

/// Another channel for a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Otherwise {
    /// Over which channel.
    pub channel: Channel,
    /// The template for it.
    pub template: String,
}

impl Send {
    /// Its channels with their templates, in the order of preference. A message goes over one of them.
    pub fn ways(&self) -> impl Iterator<Item = (Channel, &str)> {
        let otherwise = self.otherwise.iter().map(|other| (other.channel, other.template.as_str()));
        std::iter::once((self.channel, self.template.as_str())).chain(otherwise)
    }

    /// Whether a message of the template may come of it.
    #[must_use]
    pub fn says(&self, template: &str) -> bool {
        self.ways().any(|(_, own)| own == template)
    }

    /// The longest a message is held where nothing is said.
    pub const PATIENCE_MS: i64 = 24 * HOUR;
}

/// What to do with a message when its patience ends without an answer, or its offer is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnPatienceEnd {
    /// Leave it out.
    Skip,
    /// Send it without its offer, and record that this was not knowing.
    SendWithoutOffer,
}
