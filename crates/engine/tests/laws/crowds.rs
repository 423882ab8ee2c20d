//! What somebody might make on purpose: one value on very many events, endless chains, cliques.
//! Rows stay small and every event reads few of them.

use regulars_engine::commit::MessageKey;
use regulars_engine::event::Event;
use regulars_engine::identity::{Identifier, IdentifierKind, MEMBERS_MAX};
use regulars_engine::program::Program;

use crate::ground::MemoryGround;
use crate::history::page_viewed;

fn events(of: impl Iterator<Item = Vec<Identifier>>) -> Vec<(MessageKey, Event)> {
    let numbered = of.enumerate();
    numbered.map(|(number, identifiers)| page_viewed(number, identifiers)).collect()
}

fn named(kind: IdentifierKind, name: &str, number: usize) -> Identifier {
    let at = if kind == IdentifierKind::Email { "@example.com" } else { "" };
    Identifier::new(kind, &format!("{name}{number}{at}")).unwrap()
}

/// Plays the events; rows stay below `edges`, and an event reads few rows.
fn bounded(what: &str, events: &[(MessageKey, Event)], edges_max: usize) {
    let ground = MemoryGround::after_events(&Program::default(), events, 1_000);
    let (edges, members) = ground.largest();
    assert!(members <= MEMBERS_MAX, "{what}: a person of {members} identifiers");
    assert!(edges <= edges_max, "{what}: a row of {edges} edges");
    let read = ground.rows_read / events.len();
    assert!(read <= 80, "{what}: {read} rows read for each event");
}

#[test]
fn one_value_on_very_many_events_stays_one_small_row() {
    use IdentifierKind::{AnonymousId, Email, LoyaltyId, UserId};
    for (hub, others, edges) in [
        (UserId, AnonymousId, 250),
        (Email, AnonymousId, 250),
        (AnonymousId, UserId, 50),
        (AnonymousId, Email, 50),
        (Email, LoyaltyId, 50),
        (UserId, Email, 50),
    ] {
        let what = format!("one {} with many {}", hub.word(), others.word());
        let pair = |n| {
            let mut both = vec![named(hub.clone(), "hub", 0), named(others.clone(), "other", n)];
            both.sort();
            both
        };
        bounded(&what, &events((0..400).map(pair)), edges);
    }
}

#[test]
fn an_endless_chain_is_cut_into_persons() {
    for kind in [IdentifierKind::AnonymousId, IdentifierKind::Email, IdentifierKind::UserId] {
        let link = |n| {
            let mut both = vec![named(kind.clone(), "link", n), named(kind.clone(), "link", n + 1)];
            both.sort();
            both
        };
        bounded(&format!("a chain of {}", kind.word()), &events((0..900).map(link)), 600);
    }
}

#[test]
fn a_clique_of_a_thousand_is_cut_into_persons() {
    for kind in [IdentifierKind::AnonymousId, IdentifierKind::Email] {
        // Each event carries as many of them as it may: every pair meets under some anchor.
        let some = |n: usize| {
            let mut all: Vec<Identifier> = (0..30)
                .map(|k| named(kind.clone(), "one", (n * 7 + k * (1 + n / 10)) % 1_000))
                .collect();
            all.sort();
            all.dedup();
            all
        };
        bounded(&format!("a clique of {}", kind.word()), &events((0..100).map(some)), 8_000);
    }
}

/// An address that thousands of events bear turns out to be two people's: what hangs on it is folded
/// again, some at a time, and nothing of it is lost.
#[test]
fn what_very_many_events_bear_is_folded_again_whole() {
    let hub = || named(IdentifierKind::Email, "hub", 0);
    let logins = [0, 1].map(|n| vec![named(IdentifierKind::UserId, "login", n), hub()]);
    let all = (0..5_000).map(|_| vec![hub()]).chain(logins);
    let ground = MemoryGround::after_events(&Program::default(), &events(all), 1_000);
    let people = ground.people();
    let counts: Vec<u64> = people.values().map(|profile| profile.events).collect();
    assert_eq!(counts, [5_000, 1, 1], "{:?}", people.keys());
    assert!(ground.events_read >= 5_000, "nothing was folded again");
}
