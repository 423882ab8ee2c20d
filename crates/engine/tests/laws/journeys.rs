//! Journeys with every kind of step over generated histories: nobody is lost on the way. What is
//! looked at after each batch is in `MemoryGround::check_passages`.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use regulars_engine::decision::Message;
use regulars_engine::definition::check;
use regulars_engine::journey::{Outcome, Passage};
use regulars_engine::program::Program;
use regulars_engine::time::{MINUTE, Timestamp};

use crate::ground::{MODEL, MemoryGround};
use crate::history::{DIFFERENT, SAME, Statement, history};

const SHOP: &str = "\
shop: Tienda
zone: Europe/Madrid
currency: EUR
---
journey: ways
purpose: transactional
enter: [Product Added, Cart Viewed]
exit: has done \"Ticket Opened\" since entry
goal: has done \"Order Completed\" since entry
re-entry: 1 minute
steps:
  - holdout: control
    share: 20 %
  - wait: 3 minutes
  - branch: event \"Consent Withdrawn\" at least 1 time in the last 1 day
    then:
      - { send: viewed, channel: email, template: letter }
    else:
      - split: half
        ways:
          - { way: one, share: 50 %, steps: [ { send: one, channel: email, template: letter } ] }
          - { way: two, share: 50 %, steps: [ { wait: 4 minutes }, exit: enough ] }
  - wait for: Page Viewed
    at most: 6 minutes
    else:
      - { send: nothing-seen, channel: email, template: letter }
      - exit: unseen
  - wait until: has done \"Consent Given\" since entry
    at most: 5 minutes
  - set: { seen: yes }
---
journey: orders
purpose: transactional
enter: { on: [Order Completed], for each: order }
re-entry: 1 minute
steps:
  - { send: thanks, channel: email, template: letter }
  - wait: 10 minutes
---
template: letter
built in: cart-reminder
";

fn shop() -> Program {
    let files = [("shop.yaml".to_owned(), SHOP.to_owned())];
    check(&files).map(|(program, _)| program).unwrap_or_else(|mistakes| {
        let mistakes: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        panic!("{}", mistakes.join("\n"))
    })
}

/// Lets statements arrive one by one, a few minutes apart and up to two minutes late, with what staff
/// say now and then, and settles what is claimed in every way.
fn live(program: &Program, statements: &[Statement], mut draw: u64) -> MemoryGround {
    let mut ground = MemoryGround::under(&MODEL);
    let mut now = Timestamp(9_000_000);
    let mut on_their_way: Vec<Message> = Vec::new();
    let mut below = |bound: u64| {
        draw = draw.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (draw >> 33) % bound
    };
    for (number, statement) in statements.iter().enumerate() {
        now = now.plus(MINUTE * i64::try_from(below(5)).unwrap());
        let mut told = vec![statement.event()];
        if below(6) == 0 {
            let word = if below(2) == 0 { SAME } else { DIFFERENT };
            let one = usize::try_from(below(4)).unwrap();
            let said = Statement::said(5_000 + number, one, (one + 1) % 4, now.0, word);
            told.push(said.event());
        }
        let claimed = ground.batch(program, |work, ground| {
            for (key, mut event) in told {
                event.occurred.at = now.plus(-(event.occurred.at.0 % (2 * MINUTE)));
                event.received_at = now;
                work.accept(ground, key, event, now).unwrap();
            }
        });
        on_their_way.extend(claimed);
        let due = ground.due(now);
        on_their_way.extend(ground.batch(program, |work, ground| {
            work.look(ground, &due, now).unwrap();
        }));
        if below(2) == 0 {
            for message in std::mem::take(&mut on_their_way) {
                let all = [
                    Outcome::Sent,
                    Outcome::Failed,
                    Outcome::Uncertain,
                    Outcome::TakenBack,
                    Outcome::Postponed,
                    Outcome::Rejected,
                    Outcome::Overtaken,
                ];
                let outcome = all[usize::try_from(below(7)).unwrap()];
                let person = ground.sending(&message);
                on_their_way.extend(ground.batch(program, |work, ground| {
                    work.settle(ground, person, message, outcome, now).unwrap();
                }));
            }
        }
    }
    ground
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whoever came to a step left the journey there, went on, or is there: at every step, after every
    /// batch, whoever was joined and parted meanwhile.
    #[test]
    fn nobody_is_lost_between_steps(statements in history(), draw in any::<u64>()) {
        live(&shop(), &statements, draw);
    }
}

/// The law above would hold where nobody ever moves.
#[test]
fn histories_reach_every_way() {
    let program = shop();
    let mut runner = TestRunner::deterministic();
    let mut done = BTreeSet::new();
    for draw in 0..200 {
        let statements = history().new_tree(&mut runner).unwrap().current();
        let ground = live(&program, &statements, draw);
        let passed = |passage: &Passage| passage.done > 0 || passage.left > 0;
        let places = ground.passages.iter().filter(|(_, passage)| passed(passage));
        done.extend(places.map(|((journey, _, step), _)| (journey.clone(), *step)));
    }
    let all = program.journeys.iter().flat_map(|journey| {
        (0..u32::try_from(journey.steps.len()).unwrap()).map(|step| (journey.name.clone(), step))
    });
    let missing: Vec<_> = all.filter(|place| !done.contains(place)).collect();
    assert!(missing.is_empty(), "nobody passed {missing:?}");
}
