//! A dry run on the stored log decides what was decided while the log was written, whether its moments
//! are committed one by one or thousands together.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::definition::check;
use regulars_engine::event::{Event, LogPosition};
use regulars_engine::identity::PersonId;
use regulars_engine::offer::CodeState;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::time::{DAY, Timestamp};
use regulars_server::dry_run::{DryRun, Replayed, Step, arrivals, replay};
use regulars_server::writer::{Asked, Bound, WriterError};
use regulars_store::{Reader, SqliteReader, Store};

use super::play::{Draws, Lines, Play, at, seed};
use super::town::{SHOP, Setting, defined, lines};

/// What else the town's shop has: segments that turn by events, by codes and by time, a journey that
/// one of them begins, one whose messages follow each other at once, and one that draws lots, states
/// traits and gives codes.
const MORE: &str = "\
---
segment: lookers
when: event \"Product Viewed\" at least 2 times in the last 2 days
---
segment: buyers of clothes
when: has bought category \"Clothing\" in the last 3 days
---
offer: back again
gives: 10 % off
codes: pool
budget: 20 codes
---
journey: looked
purpose: promotion
enter: segment entered \"lookers\"
exit: [ in segment \"buyers of clothes\" ]
steps:
  - wait: 90 minutes
  - { send: first, channel: email, template: letter }
  - { send: second, channel: email, template: letter, offer: back again }
---
journey: bought
purpose: care
enter: { on: [Order Completed], for each: order }
steps:
  - split: way
    ways:
      - { way: soon, share: 50 % }
      - way: later
        share: 50 %
        steps: [ { wait: 1 day at 10:00 } ]
  - set: { thanked: yes }
  - { send: thanks, channel: email, template: letter }
";

/// A decision without its place among messages, which the order of commits gives.
fn told(decisions: Vec<Decision>) -> Vec<Decision> {
    let bare = |decision| Decision { known_to: LogPosition(0), message: None, ..decision };
    decisions.into_iter().map(bare).collect()
}

#[test]
fn a_dry_run_decides_what_was_decided() {
    let setting = Setting { people: 60, ..Setting::calm(seed(), 14) };
    let town = setting.town();
    let program = defined(&town, &setting);
    let mut play = Play::begin(program.clone());
    let mut lived = Vec::new();
    for line in lines(&town, &setting) {
        lived.extend(play.arrive(&line));
    }
    let end = at(setting.start).plus(17 * DAY);
    lived.extend(play.until(end));
    let log = play.dry.writer().store().reader().unwrap();
    let mut dry = DryRun::begin_beside(&log, program).unwrap();
    let mut again = Vec::new();
    for (received_at, position) in arrivals(&log, Some(end)).unwrap() {
        let event = log.events(&[position]).unwrap().remove(0).logged.event;
        again.extend(dry.arrive(vec![event], received_at).unwrap());
    }
    again.extend(dry.go_on_until(end).unwrap());
    assert!(lived.len() > 50, "the town decides: {}", lived.len());
    assert_same(&told(lived), &told(again), setting.seed);
}

/// Dry runs that commit thousands of moments together decide the same, to the reason, the moment and
/// the log position, and leave everybody as they were left, wherever a part of the log ends: in the
/// middle of a moment too.
#[test]
fn moments_that_are_played_together_decide_what_each_decided_alone() {
    let rough = || Setting {
        repeats: 40,
        late_max: SignedDuration::from_hours(30),
        ..Setting::calm(0, 10)
    };
    let (mut all, seeds) = (Vec::new(), seed()..);
    for (mut setting, seed) in [Setting::calm(0, 10), rough(), rough()].into_iter().zip(seeds) {
        (setting.seed, setting.people) = (seed, 50);
        let town = setting.town();
        let program = program(&town.catalogue().yaml());
        let mut read = Lines::of(&program.clone().into());
        let lines = lines(&town, &setting).into_iter();
        let events: Vec<Event> =
            lines.map(|line| read.event(&serde_json::from_str(&line).unwrap())).collect();
        let end = at(setting.start).plus(13 * DAY);
        let mut live = DryRun::begin(program.clone()).unwrap();
        let codes: Vec<String> = (0..30).map(|number| format!("BACK{number:04}")).collect();
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        assert_eq!(live.writer().pool("back again", &codes, true).unwrap().added, 30);
        let mut lived = Vec::new();
        for moment in events.chunk_by(|one, next| one.received_at == next.received_at) {
            lived.extend(live.arrive(moment.to_vec(), moment[0].received_at).unwrap());
        }
        lived.extend(live.go_on_until(end).unwrap());
        let people = everybody(&mut live);
        use_a_code(&mut live, end);
        let log = live.writer().store().reader().unwrap();
        let order = arrivals(&log, Some(end)).unwrap();
        // Telling each moment by itself takes longest.
        let tells: &[bool] = if all.is_empty() { &[false, true] } else { &[false] };
        for each in tells.iter().copied() {
            let (again, people_again) = replayed(&log, &program, (&order, end, each));
            assert_same(&lived, &again, seed);
            assert!(people == people_again, "seed {seed}: rows differ, each moment told: {each}");
        }
        let order: Vec<LogPosition> = order.into_iter().map(|(_, position)| position).collect();
        let mut draws = Draws::new(seed);
        for (most, looks) in [(9, 3), (2_000, 10_000)] {
            let mut dry = DryRun::begin_beside(&log, program.clone()).unwrap();
            dry.set_looks(looks);
            // Most rows rest between the small parts.
            dry.set_rows(looks);
            let mut again = Vec::new();
            let entries = log.events(&order).unwrap().into_iter();
            let mut events: Vec<Event> = entries.map(|entry| entry.logged.event).collect();
            while !events.is_empty() {
                let part = 1 + draws.below(most.min(events.len()));
                again.extend(dry.play(events.drain(..part).collect()).unwrap());
            }
            again.extend(dry.go_on_until(end).unwrap());
            assert_same(&lived, &again, seed);
            assert!(people == everybody(&mut dry), "seed {seed}: rows differ by {most}");
        }
        all.extend(lived);
    }
    assert_lively(&all);
}

/// What is decided where the log is played as it stands, and everybody's rows after it.
fn replayed(
    log: &SqliteReader,
    program: &Program,
    (order, until, each): (&[(Timestamp, LogPosition)], Timestamp, bool),
) -> (Vec<Decision>, Vec<(PersonId, Record)>) {
    let mut dry = DryRun::begin_beside(log, program.clone()).unwrap();
    let from = Timestamp::EARLIEST;
    let span = Replayed { order, from, until, each, hears: &|_| true };
    let mut decided = Vec::new();
    let through = replay(log, &mut dry, &span, &mut |step| {
        if let Step::Decided(writer, decisions) = step {
            for decision in &decisions {
                assert!(writer.person(decision.person).unwrap().is_some(), "{decision:?}");
                let sent = decision.message.filter(|_| decision.verdict == Verdict::Send);
                let told = sent.is_none_or(|id| writer.message(id).unwrap().is_some());
                assert!(told, "{decision:?}");
            }
            decided.extend(decisions);
        }
        Ok::<_, WriterError>(true)
    });
    assert!(through.unwrap());
    let people = everybody(&mut dry);
    (decided, people)
}

/// Uses one of the codes that were given: nobody knows its text any more.
fn use_a_code(live: &mut DryRun, now: Timestamp) {
    let given = live.writer().reader().offer_codes(("back again", CodeState::Issued), None, 1);
    let code = given.unwrap().remove(0).1.text.unwrap();
    let asked = Asked { redemption: "r1".to_owned(), code, ..Asked::default() };
    live.writer().redeem(&asked, Bound::HasHappened, now).unwrap();
}

fn program(products: &str) -> Program {
    // With room for a message that follows another at once.
    let shop = SHOP.replace("COMPLETE", "known").replace("messages: 1,", "messages: 2,") + MORE;
    let files = [("shop.yaml".to_owned(), shop), ("products.yaml".to_owned(), products.to_owned())];
    let checked = check(&files);
    checked.map(|(program, _)| program).unwrap_or_else(|mistakes| panic!("{}", mistakes[0]))
}

/// That there is enough to be different: all journeys, and all that may become of people in them.
fn assert_lively(decisions: &[Decision]) {
    let mut counts: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
    for Decision { journey, step, verdict, .. } in decisions {
        *counts.entry((journey, step, verdict.word())).or_default() += 1;
    }
    for journey in ["cart", "looked", "bought"] {
        assert!(
            counts.keys().any(|(of, _, word)| (*of, *word) == (journey, "enter")),
            "{counts:?}"
        );
    }
    for verdict in ["send", "hold", "skip", "exit", "done", "set"] {
        assert!(counts.keys().any(|(_, _, word)| *word == verdict), "{verdict}: {counts:?}");
    }
}

fn assert_same(lived: &[Decision], again: &[Decision], seed: u64) {
    let differs = lived.iter().zip(again).position(|(one, other)| one != other);
    let differs = differs.map(|at| (lived[at].to_json(), again[at].to_json()));
    assert_eq!(differs, None, "seed {seed}");
    assert_eq!(lived.len(), again.len(), "seed {seed}");
}

/// Everybody's row.
fn everybody(dry: &mut DryRun) -> Vec<(PersonId, Record)> {
    let rows = dry.writer().persons_after(PersonId(0), usize::MAX >> 1).unwrap();
    rows.into_iter().map(|(id, record)| (id, record.into_owned())).collect()
}
