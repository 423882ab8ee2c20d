//! Rebuilding everything that is derived, from the log alone, through the same batch path.

use regulars_engine::commit::MessageKey;
use regulars_engine::event::{Event, LogPosition};
use regulars_engine::identity::PersonId;
use regulars_engine::identity::link::Model;
use regulars_engine::journey::next_date;
use regulars_engine::offer::Stock;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::segment::{Stale, ask_known};
use regulars_engine::step::{World, person_zone};
use regulars_engine::time::Timestamp;
use regulars_engine::work::Purpose;
use regulars_store::{Reader, Store, first_named};

use super::{Writer, WriterError, stored_program, surroundings};
use crate::linkage::{MODEL, SPACE, stored_model};

/// How far a long work is: done, and of how many.
pub type Progress<'p> = &'p mut dyn FnMut(u64, u64);

/// The same, and whether to go on is answered.
pub type GoOn<'g> = &'g mut dyn FnMut(u64, u64) -> bool;

/// How many events are rebuilt in one batch.
const BATCH: usize = 1_000;

/// Folds the log of `from` into the empty store `into`, so that the two can be compared.
///
/// # Errors
/// If either store fails.
pub fn rebuild<S: Store, T: Store>(
    from: &S::Reader,
    into: T,
    progress: Progress<'_>,
) -> Result<Writer<T>, WriterError>
where
    S::Reader: Reader,
{
    let model = stored_model(from)?;
    let mut go_on = |done, whole| {
        progress(done, whole);
        true
    };
    let program = super::publish::stored_program(from)?;
    let built = rebuild_as(from, into, (&model, program), &mut go_on)?;
    Ok(built.expect("nobody stops it"))
}

/// The same with another model and other definitions than those in force; `None`: it was stopped.
///
/// # Errors
/// If either store fails.
pub(crate) fn rebuild_as<R: Reader, T: Store>(
    from: &R,
    mut into: T,
    (model, program): (&Model, Program),
    go_on: GoOn<'_>,
) -> Result<Option<Writer<T>>, WriterError> {
    into.put(SPACE, MODEL, Some(&model.encode()))?;
    let mut writer = Writer::open(into, Purpose::Rebuild)?;
    writer.salt = from.salt();
    writer.named = first_named(from)?;
    writer.borrow_program(program)?;
    let last = from.next_position()?.0 - 1;
    let mut next = LogPosition(1);
    while next.0 <= last {
        let entries = from.log(next, BATCH)?;
        let Some(end) = entries.last().map(|entry| entry.logged.position) else { break };
        let events: Vec<(MessageKey, Event)> =
            entries.into_iter().map(|entry| (entry.logged.key, entry.logged.event)).collect();
        let now = events.last().map(|(_, event)| event.received_at).unwrap_or_default();
        writer.accept_keyed(events, Vec::new(), now)?;
        next = LogPosition(end.0 + 1);
        if !go_on(end.0, last) {
            return Ok(None);
        }
    }
    Ok(Some(writer))
}

/// The first person who is not kept in exactly the segments that the log says, or who waits for
/// another date than it says, where `built` is built again from the log of `kept`. Only what has been computed under the definitions in force is
/// compared, each person at the last moment for which the answer holds.
///
/// # Errors
/// If either store cannot be read.
pub fn stray_member<R: Reader, B: Reader>(
    kept: &R,
    built: &B,
    now: Timestamp,
    progress: Progress<'_>,
) -> Result<Option<PersonId>, WriterError> {
    let program = stored_program(kept)?;
    let standing = &program.standing;
    let (catalogue, sources) = surroundings(built, &program)?;
    let world = World {
        program: &program,
        catalogue: &catalogue,
        sources: &sources,
        stock: Stock::nothing(),
        sending: regulars_engine::step::MayLeave::Nothing,
        room: 0,
        pace: None,
        known_to: kept.next_position()?,
        memo: None,
    };
    let total = kept.totals()?.persons;
    let (mut done, mut after) = (0_u64, PersonId(0));
    while !standing.segments.is_empty() || program.dates_version != 0 {
        let rows = kept.persons_after(after, BATCH)?;
        let Some((last, _, _)) = rows.last() else { break };
        after = *last;
        done += u64::try_from(rows.len()).unwrap_or(u64::MAX);
        for (id, _, record) in rows {
            if !dated_as(&program, &record, built.person(id)?.map(|(_, again)| again), now) {
                return Ok(Some(id));
            }
            let held = &record.membership;
            if held.generation != standing.generation || held.stale != Stale::No {
                continue;
            }
            let Some((_, again)) = built.person(id)? else { return Ok(Some(id)) };
            let at = held.due_at.map_or(now, |due| now.min(due.plus(-1)));
            let conditions = standing.segments.iter().map(|kept| &kept.condition);
            let answers = ask_known(&world, &again, conditions, at);
            let strays = standing.segments.iter().enumerate().any(|(place, kept)| {
                let holds = answers.get(place).is_some_and(|answer| answer.truth.holds());
                holds != held.holds(kept.number)
            });
            if strays {
                return Ok(Some(id));
            }
        }
        progress(done, total);
    }
    Ok(None)
}

/// Whether somebody waits for the date that the log says, if it was found under the definitions in
/// force.
fn dated_as(program: &Program, kept: &Record, again: Option<Record>, now: Timestamp) -> bool {
    let held = kept.next_date;
    if held.version != program.dates_version || program.dates_version == 0 {
        return true;
    }
    let Some(again) = again else { return false };
    let after = held.due_at.map_or(now, |due| now.min(due.plus(-1)));
    let zone = person_zone(program, &again);
    next_date(&program.journeys, &again.profile, &zone, after) == held.due_at
}
