//! What the shop's own site shows: a standing send, granted and withdrawn by the guard at every look.
//!
//! Nobody claims such a message, and it uses up nothing: whoever looks gets what holds at that moment
//! on everything accepted by then. What the browser did with it comes back as an event of our own.

use super::advance::{Way, go_on, site_decision};
use super::{Enrollment, Journey, Show, State, Step};
use crate::condition::Twin;
use crate::decision::Verdict;
use crate::event::{Channel, Event, Kind, Place, Value};
use crate::guard::{GuardAnswer, Wanted, guard};
use crate::identity::{Class, Identifier};
use crate::record::Record;
use crate::step::World;
use crate::time::Timestamp;
use crate::work::OWN_SOURCE;

/// How a visitor of the site is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visitor {
    /// By what the browser says of itself, which anybody may say: it is answered about what this
    /// browser did, and never about somebody who is known by name, address or login.
    Browser,
    /// By a login that the shop's server vouches for.
    Login,
}

/// What a look at the site finds for a person.
#[derive(Clone, Debug, PartialEq)]
pub enum OnSite<'w> {
    /// The person is known, and nobody vouches for the browser.
    ProofNeeded,
    /// The messages at which the person stands, those of the journey with the highest priority first.
    Standing(Vec<Offered<'w>>),
}

/// A message at which a person stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Offered<'w> {
    /// The journey it is of.
    pub journey: &'w Journey,
    /// The step.
    pub step: &'w Step,
    /// What it is.
    pub show: &'w Show,
    /// Until when the person stands there.
    pub until: Timestamp,
    /// What the guard says of it.
    pub answer: GuardAnswer,
}

/// What the site shows a person at `now`.
#[must_use]
pub fn on_site<'w>(
    world: &World<'w>,
    record: &Record,
    twins: &[Twin<'_>],
    visitor: Visitor,
    now: Timestamp,
) -> OnSite<'w> {
    let known = |class: Class| class != Class::Device;
    let mut nodes = record.evidence.nodes.iter();
    if visitor == Visitor::Browser && nodes.any(|node| known(node.identifier.kind.class())) {
        return OnSite::ProofNeeded;
    }
    let running = record.enrollments.iter().filter(|enrollment| enrollment.runs());
    let offered = running.filter_map(|enrollment| {
        let (journey, step, show) = standing(world, enrollment)?;
        let until = enrollment.since.plus(show.message.patience_ms);
        if now >= until {
            return None;
        }
        let (send, due_at) = (&show.message, enrollment.since);
        let wanted = Wanted { journey, enrollment, send, due_at, claims: &[] };
        let answer = guard(world, record, twins, wanted, now);
        Some(Offered { journey, step, show, until, answer })
    });
    let mut offered: Vec<Offered<'w>> = offered.collect();
    offered.sort_by_key(|offered| std::cmp::Reverse(offered.journey.priority));
    OnSite::Standing(offered)
}

/// The message at which an enrollment stands, if it stands at one.
fn standing<'w>(
    world: &World<'w>,
    enrollment: &Enrollment,
) -> Option<(&'w Journey, &'w Step, &'w Show)> {
    if !matches!(enrollment.state, State::Waiting { .. }) {
        return None;
    }
    let journey = world.program.journey(&enrollment.journey, enrollment.version)?;
    let step = journey.steps.get(usize::try_from(enrollment.step).ok()?)?;
    Some((journey, step, step.kind.show()?))
}

/// What a browser did with a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answered {
    /// It showed it.
    Shown,
    /// Its person followed it, which ends the step.
    Clicked,
    /// Its person closed it, which ends the step.
    Dismissed,
}

impl Answered {
    /// Everything that a browser can do with one.
    pub const ALL: [Self; 3] = [Self::Shown, Self::Clicked, Self::Dismissed];

    /// The word of the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        self.verdict().word()
    }

    const fn verdict(self) -> Verdict {
        match self {
            Self::Shown => Verdict::Shown,
            Self::Clicked => Verdict::Clicked,
            Self::Dismissed => Verdict::Dismissed,
        }
    }

    const fn kind(self) -> Kind {
        match self {
            Self::Shown => Kind::SiteMessageShown,
            Self::Clicked => Kind::SiteMessageClicked,
            Self::Dismissed => Kind::SiteMessageDismissed,
        }
    }

    /// The event of it, as the log has it. `id` tells repeats apart and names nobody.
    #[must_use]
    pub fn event(
        self,
        (journey, step): (&Journey, &Step),
        visitor: Identifier,
        id: &str,
        now: Timestamp,
    ) -> Event {
        let texts = [
            ("journey", journey.name.as_str()),
            ("step", step.name.as_str()),
            ("purpose", journey.purpose.word()),
        ];
        let texts = texts.map(|(name, text)| (name.to_owned(), Value::Text(text.to_owned())));
        Event {
            identifiers: vec![visitor],
            place: Place { channel: Channel::Web, ..Place::default() },
            properties: texts.into(),
            ..Event::bare(OWN_SOURCE, format!("site-{}-{id}", self.word()), self.kind(), now)
        }
    }
}

/// What an event says that a browser did, with the names of journey and step; `None`: it is no word
/// of ours about a message on the site.
#[must_use]
pub fn answered(event: &Event) -> Option<(Answered, &str, &str)> {
    if event.source != OWN_SOURCE {
        return None;
    }
    let what = Answered::ALL.into_iter().find(|what| what.kind() == event.kind)?;
    let text = |name: &str| event.properties.get(name).and_then(Value::as_text);
    Some((what, text("journey")?, text("step")?))
}

/// Takes in what a browser did with a message: a click and a close end its step.
pub fn answer(way: &mut Way<'_, '_>, person: &mut Record, event: &Event) {
    let Some((what, journey_name, step_name)) = answered(event) else { return };
    for index in 0..person.enrollments.len() {
        let enrollment = &person.enrollments[index];
        if enrollment.journey != journey_name {
            continue;
        }
        let Some((journey, step, _)) = standing(way.world, enrollment) else { continue };
        if step.name != step_name {
            continue;
        }
        site_decision(way, person, (journey, step), what.verdict());
        if what != Answered::Shown {
            go_on(way, person, index);
        }
    }
}
