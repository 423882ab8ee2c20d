//! What a browser did with what it was given: believed as far as a token of ours goes.

use std::collections::BTreeSet;

use regulars_engine::event::Event;
use regulars_engine::identity::{Identifier, KeySalt};
use regulars_engine::journey::{Answered, Journey, Step};
use regulars_engine::program::Program;
use regulars_engine::time::{DAY, HOUR, Timestamp};

use super::token::{Token, place};

/// A page that was open for longer than this has nothing to tell.
const TOKEN_AGE_MAX_MS: i64 = DAY;

/// One thing that a browser did.
#[derive(Clone, Debug)]
pub struct Told {
    /// The token of the message.
    pub token: String,
    /// What it did with it.
    pub what: Answered,
}

/// The events of what a browser did; words that are not believed, and repeats, make none.
///
/// That something was shown counts once an hour for each message and visitor, however many pages
/// show it; a click and a close count once for each look.
#[must_use]
pub fn tell(
    program: &Program,
    visitor: &Identifier,
    told: &[Told],
    salt: KeySalt,
    now: Timestamp,
) -> Vec<Event> {
    let key = visitor.key(salt);
    let mut seen = BTreeSet::new();
    let event = |told: &Told| {
        let token = Token::parse(&told.token, key, salt)?;
        let age = now.since(token.at);
        if !(0..=TOKEN_AGE_MAX_MS).contains(&age) {
            return None;
        }
        let (journey, step) = shown_at(program, token.place, salt)?;
        let moment = match told.what {
            Answered::Shown => token.at.0.div_euclid(HOUR),
            Answered::Clicked | Answered::Dismissed => token.at.0,
        };
        let id = format!("{:x}-{:x}-{moment:x}", token.place, key.0);
        Some(told.what.event((journey, step), visitor.clone(), &id, now))
    };
    let mut fresh = |event: &Event| seen.insert(event.message_id.clone());
    told.iter().filter_map(event).filter(|event| fresh(event)).collect()
}

/// The step of this number, in force or of an older version.
fn shown_at(program: &Program, number: u64, salt: KeySalt) -> Option<(&Journey, &Step)> {
    let journeys = program.every_journey();
    let steps = journeys.flat_map(|journey| journey.steps.iter().map(move |step| (journey, step)));
    let mut shows = steps.filter(|(_, step)| step.kind.show().is_some());
    shows.find(|(journey, step)| place((&journey.name, &step.name), salt) == number)
}
