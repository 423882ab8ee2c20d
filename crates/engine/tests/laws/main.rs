//! The laws of the engine on generated histories: order-free, refold equality, repeats, and
//! merging and parting as if it had never been otherwise.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![expect(clippy::wildcard_enum_match_arm, reason = "of the many kinds only some matter here")]

mod crowds;
mod dates;
mod ground;
mod hands;
mod history;
mod households;
mod journeys;
mod lines;
mod priority;
mod reference;
mod splits;
mod staff;

use proptest::prelude::*;
use regulars_engine::identity::{IdentifierKind, KindRule};
use regulars_engine::program::Program;

use ground::{MemoryGround, OTHER_MODEL};
use history::{Statement, first_versions, history, last_versions, shuffled};

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    /// The same accepted events in any order, in batches of any size, with repeats, give the same
    /// persons and profiles: so late and out-of-order events need no special case.
    #[test]
    fn the_order_of_arrival_does_not_matter(
        statements in history(), seed in any::<u64>(), batch in 1_usize..9,
    ) {
        let program = Program::default();
        let straight = MemoryGround::after(&program, &statements, 1);
        let other = MemoryGround::after(&program, &shuffled(&statements, seed), batch);
        prop_assert_eq!(straight.cards(), other.cards());
        prop_assert_eq!(straight.people(), other.people());
    }

    /// When another model was put into force and everybody was looked at again, a few at a time, all is
    /// as if it had always been in force: so a model can be tried on a copy and applied in place.
    #[test]
    fn applying_a_model_equals_having_had_it(statements in history(), slice in 1_usize..4) {
        let program = Program::default();
        let events: Vec<_> = statements.iter().map(Statement::event).collect();
        let always = MemoryGround::after_events_under(&OTHER_MODEL, &program, &events, 3);
        let mut applied = MemoryGround::after(&program, &statements, 3);
        applied.apply(&OTHER_MODEL, &program, slice);
        prop_assert_eq!(always.cards(), applied.cards());
        prop_assert_eq!(always.people(), applied.people());
    }

    /// The same for other rules of identity.
    #[test]
    fn applying_rules_equals_having_had_them(statements in history(), slice in 1_usize..4) {
        let (before, mut after) = (Program::default(), Program::default());
        after.identity.seen_with.push((IdentifierKind::Email, 3));
        let login = KindRule { per_person_max: 2, ..after.identity.limits(&IdentifierKind::UserId) };
        after.identity.limits.push((IdentifierKind::UserId, login));
        let always = MemoryGround::after(&after, &statements, 3);
        let mut applied = MemoryGround::after(&before, &statements, 3);
        applied.apply_rules(&after, slice);
        prop_assert_eq!(always.people(), applied.people());
    }

    /// What the incremental path keeps equals a slow reading of the whole log: one partition of
    /// all evidence, every event folded where it belongs.
    #[test]
    fn what_is_kept_equals_a_slow_reading_of_the_log(
        statements in history(), seed in any::<u64>(), batch in 1_usize..9,
    ) {
        let program = Program::default();
        let ground = MemoryGround::after(&program, &shuffled(&statements, seed), batch);
        prop_assert_eq!(ground.people(), reference::people(&program, ground.log()));
    }

    /// A document that is corrected counts as its last version alone, whoever the versions name: the
    /// others leave nothing behind but the identifiers they named.
    #[test]
    fn a_version_that_was_overtaken_leaves_no_trace(statements in history(), batch in 1_usize..9) {
        let program = Program::default();
        let all = MemoryGround::after(&program, &statements, batch);
        let standing = MemoryGround::after(&program, &last_versions(statements), batch);
        let (all, known) = (all.people(), standing.people());
        prop_assert!(known.keys().all(|names| all.contains_key(names)));
        for (names, profile) in all {
            match known.get(&names) {
                Some(as_if_never) => prop_assert_eq!(&profile, as_if_never),
                None => prop_assert_eq!(profile.events, 0, "{:?}", names),
            }
        }
    }

    /// A repeat changes nothing but its count.
    #[test]
    fn repeats_change_nothing(statements in history(), seed in any::<u64>()) {
        let program = Program::default();
        // An earlier version of a document that comes again is a version, not a repeat.
        let statements = first_versions(statements);
        let once = MemoryGround::after(&program, &statements, 3);
        let mut twice = statements.clone();
        twice.extend(shuffled(&statements, seed));
        let twice = MemoryGround::after(&program, &twice, 3);
        prop_assert_eq!(twice.duplicates, u64::try_from(statements.len()).unwrap());
        prop_assert_eq!(once.people(), twice.people());
    }

    /// Two people whom staff join and part again are byte for byte what they were.
    #[test]
    fn joining_and_parting_again_leaves_no_trace(
        statements in history(), one in 0_usize..4, further in 1_usize..4,
    ) {
        let other = (one + further) % 4;
        let program = Program::default();
        let last = 1_000_000;
        let mut parted = statements.clone();
        parted.push(Statement::different(one, other, last + 1));
        let before = MemoryGround::after(&program, &parted, 2);
        let mut back_and_forth = statements;
        back_and_forth.push(Statement::same(one, other, last));
        back_and_forth.push(Statement::different(one, other, last + 1));
        let after = MemoryGround::after(&program, &back_and_forth, 2);
        prop_assert_eq!(before.partition(), after.partition());
        prop_assert_eq!(before.orders(), after.orders());
    }

    /// No person ever holds two logins, unless staff said so.
    #[test]
    fn no_person_holds_a_contradiction(statements in history(), seed in any::<u64>()) {
        let program = Program::default();
        let ground = MemoryGround::after(&program, &shuffled(&statements, seed), 4);
        for group in ground.partition() {
            let logins = group.iter().filter(|name| name.starts_with("user_id")).count();
            prop_assert!(logins <= 1 || statements.iter().any(Statement::says_same));
        }
    }
}
