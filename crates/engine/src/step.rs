//! The heart: what one input changes for one person. This file is the engine's table of contents.
//!
//! [`step`] cannot fail, reads no clock and draws no lots: the same person, input and moment give
//! the same outcome, live, in a dry run, in a simulation and in a test.

use jiff::tz::TimeZone;

use crate::condition::{Asked, Manner, Memo, Twin};
use crate::decision::{Decision, Message};
use crate::event::{Channel, Event, LogPosition, Purpose};
use crate::journey::{self, Outcome as MessageOutcome};
use crate::offer::Stock;
use crate::pace::{Paces, Turn};
use crate::product::Catalogue;
use crate::program::Program;
use crate::record::Record;
use crate::segment::{self, Cause};
use crate::source::Sources;
use crate::time::Timestamp;

/// What may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MayLeave {
    /// Every message.
    Everything,
    /// Messages about the person's own business alone: the rest waits.
    Transactional,
    /// None.
    Nothing,
}

impl MayLeave {
    /// Whether a message of this purpose may.
    #[must_use]
    pub fn lets(self, purpose: Purpose) -> bool {
        match self {
            Self::Everything => true,
            Self::Transactional => purpose == Purpose::Transactional,
            Self::Nothing => false,
        }
    }
}

/// What holds for everybody while one batch is decided.
#[derive(Clone, Copy, Debug)]
pub struct World<'w> {
    /// The live definitions.
    pub program: &'w Program,
    /// Products, declared and learned.
    pub catalogue: &'w Catalogue,
    /// Feeds and how complete they are.
    pub sources: &'w Sources,
    /// What there is of offers.
    pub stock: &'w Stock,
    /// What may be sent at all.
    pub sending: MayLeave,
    /// How many messages may be claimed; what finds no room stays due.
    pub room: usize,
    /// What was claimed lately, for the shop's limits on how fast messages leave; `None`: nothing
    /// leaves from here, and no such limit counts.
    pub pace: Option<&'w Paces>,
    /// The last log position known.
    pub known_to: LogPosition,
    /// What was looked up for the person who is being stepped; `None`: nobody is.
    pub memo: Option<&'w Memo>,
}

impl World<'_> {
    /// What a condition about a person is asked about at `now`, outside of any journey, with feeds
    /// complete up to their usual lag.
    pub(crate) fn asked<'a>(
        &'a self,
        person: &'a Record,
        twins: &'a [Twin<'a>],
        zone: &'a TimeZone,
        now: Timestamp,
        manner: Manner,
    ) -> Asked<'a> {
        Asked {
            profile: &person.profile,
            evidence: &person.evidence,
            twins,
            catalogue: self.catalogue,
            sources: self.sources,
            segments: &self.program.segments,
            entry: None,
            zone,
            now,
            complete_to: now,
            known_complete: false,
            beside: self.program,
            manner,
            memo: self.memo,
        }
    }
}

/// What happened.
#[derive(Clone, Copy, Debug)]
pub enum Input<'i> {
    /// An event of the person was folded in.
    Event(&'i Event, LogPosition),
    /// Time went on, or something the person waits for is known.
    Time,
    /// What became of a message is known.
    Settled {
        /// The message.
        message: u64,
        /// Over which channel it went.
        channel: Channel,
        /// What became of it.
        outcome: MessageOutcome,
    },
    /// Two persons became this one.
    Joined,
    /// Staff move people of one version of a journey to another.
    Moved(&'i journey::Transfer),
    /// Segments are to be asked again, by time or by definition; what waits in journeys goes on
    /// waiting.
    Segments,
}

/// What it changes, beside the person.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// What was decided, with reasons.
    pub decisions: Vec<Decision>,
    /// Messages claimed for sending; their ids are log positions that the caller must fill.
    pub claims: Vec<Message>,
    /// Events of our own, folded into the person already, with the log positions they take: claims
    /// and they follow each other without gaps.
    pub stated: Vec<(LogPosition, Event)>,
    /// Turns that messages were given which may not go yet.
    pub turns: Vec<Turn>,
    /// What staff are asked to see to.
    pub notices: Vec<journey::Notice>,
    /// What other programs are to be told.
    pub calls: Vec<journey::Call>,
    /// Which steps of journeys the person came to, left or passed.
    pub passages: journey::Passages,
}

/// Takes one input to one person.
///
/// `next` is the log position that the first claimed message gets; further ones follow it.
pub fn step(
    world: &World<'_>,
    person: &mut Record,
    twins: &[Twin<'_>],
    input: Input<'_>,
    now: Timestamp,
    next: LogPosition,
) -> Outcome {
    let cause = match input {
        Input::Event(event, position) => Cause::Event(event, position),
        Input::Time | Input::Settled { .. } | Input::Joined | Input::Moved(_) | Input::Segments => {
            Cause::Time
        }
    };
    let memo = Memo::default();
    let world = &World { memo: Some(&memo), ..*world };
    let turned = segment::keep(world, person, cause, now);
    let mut outcome = Outcome::default();
    let mut way = journey::Way { world, twins, now, next, outcome: &mut outcome };
    match input {
        Input::Event(event, position) => {
            journey::answer(&mut way, person, event);
            journey::exit(&mut way, person);
            journey::enter(&mut way, person, event, position);
            journey::enter_by_segments(&mut way, person, &turned);
            journey::enter_by_dates(&mut way, person, Some(event));
            journey::advance(&mut way, person);
        }
        Input::Time => {
            journey::exit(&mut way, person);
            journey::enter_by_segments(&mut way, person, &turned);
            journey::enter_by_dates(&mut way, person, None);
            journey::advance(&mut way, person);
        }
        Input::Settled { message, channel, outcome } => {
            journey::settle(&mut way, person, (message, channel), outcome);
            journey::join(&mut way, person);
            journey::exit(&mut way, person);
            journey::enter_by_segments(&mut way, person, &turned);
            journey::enter_by_dates(&mut way, person, None);
            journey::advance(&mut way, person);
        }
        Input::Joined => {
            journey::join(&mut way, person);
            journey::exit(&mut way, person);
            journey::enter_by_segments(&mut way, person, &turned);
            journey::enter_by_dates(&mut way, person, None);
            journey::advance(&mut way, person);
        }
        Input::Moved(transfer) => {
            journey::transfer(&mut way, person, transfer);
            journey::exit(&mut way, person);
            journey::enter_by_segments(&mut way, person, &turned);
            journey::enter_by_dates(&mut way, person, None);
            journey::advance(&mut way, person);
        }
        Input::Segments => {
            // What is due in journeys stays due; whoever enters goes on at once, as far as there
            // is room.
            journey::enter_by_segments(&mut way, person, &turned);
            journey::enter_by_dates(&mut way, person, None);
            return outcome;
        }
    }
    journey::watch(&way, person);
    journey::forget(&mut way, person);
    outcome
}

/// The traits that state a person's zone; the first that does counts.
pub const ZONE_TRAITS: [&str; 3] = ["timezone", "time_zone", "zone"];

/// The person's zone: as a trait states it, else the shop's.
#[must_use]
pub fn person_zone(program: &Program, record: &Record) -> TimeZone {
    ZONE_TRAITS
        .iter()
        .find_map(|name| record.profile.trait_text(name))
        .and_then(|name| TimeZone::get(name).ok())
        .unwrap_or_else(|| program.shop.zone.clone())
}
