//! Standing aggregates: the same whatever the order, over merges, and past what is kept one by one.

use proptest::prelude::*;

use super::shop::{Question, at, event, game};
use crate::condition::{Aggregates, Condition};
use crate::event::{Event, Kind};
use crate::profile::{ENTRIES_MAX, Profile};
use crate::time::{HOUR, MINUTE};

const ASKED: &str = "event \"Game Played\" where points at least 1 at least 2 times in the last 7 days \
                     and sum of points of event \"Game Played\" at least 5";

fn declared() -> Aggregates {
    Aggregates::of([&Condition::parse(ASKED).unwrap()])
}

fn folded<'e>(events: impl IntoIterator<Item = &'e Event>) -> Profile {
    let (mut profile, aggregates) = (Profile::default(), declared());
    for event in events {
        profile.fold(event, &aggregates);
    }
    profile
}

/// So many games, one a quarter of an hour.
fn games(count: i64) -> Vec<Event> {
    let begin = at("2026-03-01T10:00");
    (0..count).map(|n| game(begin.plus(n * 15 * MINUTE), n % 4, "gold")).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(60) })]

    /// Late events and joined persons need no special case: a profile is the same whatever came
    /// first, and two halves are the whole, also where entries are pushed out.
    #[test]
    fn neither_order_nor_merging_matters(count in 0..700_i64, cut in 0..700_usize, step in 1..50_usize) {
        let events = games(count);
        let whole = folded(&events);
        let turned: Vec<&Event> = (0..step).flat_map(|from| events.iter().skip(from).step_by(step)).collect();
        prop_assert!(folded(turned.iter().copied()) == whole);
        let (left, right) = turned.split_at(cut.min(turned.len()));
        let mut merged = folded(left.iter().copied());
        merged.merge(folded(right.iter().copied()));
        prop_assert!(merged == whole);
    }
}

#[test]
fn what_was_pushed_out_is_an_interval() {
    let asked = Question::about(games(600)).now("2026-03-08T10:00");
    let condition = |text: &str| asked.clone().declared_certain(text);
    // The latest 256 games fill the last two and a half days.
    let recent =
        "event \"Game Played\" where points at least 1 at least 100 times in the last 4 days";
    assert!(condition(recent).starts_with("true"), "{}", condition(recent));
    let long = "event \"Game Played\" where points at least 1 exactly 300 times in the last 5 days";
    assert!(condition(long).starts_with("unknown"), "{}", condition(long));
    let ever = "event \"Game Played\" where points at least 1 exactly 450 times";
    assert!(condition(ever).starts_with("true"), "{}", condition(ever));
    assert_eq!(ENTRIES_MAX, 256);
}

#[test]
fn an_aggregate_that_is_declared_later_waits_to_be_folded() {
    let before = event(Kind::StoreVisited, at("2026-03-01T09:00"));
    let mut profile = Profile::default();
    profile.fold(&before, &Aggregates::default());
    for game in &games(3) {
        profile.fold(game, &declared());
    }
    assert!(!profile.standing.complete(&declared()));
    assert!(profile.standing.by_key.is_empty(), "it would miss what came before");
    // Joined with somebody whose profile is complete, a part would be missing too.
    let mut other = folded(&[game(at("2026-04-01T10:00").plus(HOUR), 3, "gold")]);
    assert!(other.standing.complete(&declared()));
    other.merge(profile);
    assert!(!other.standing.complete(&declared()));
}
