//! What staff say holds above everything, and is undone exactly; values past their limit join
//! nobody; the feed of changes leads to the persons there are.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use regulars_engine::identity::PersonId;
use regulars_engine::profile::Profile;
use regulars_engine::program::Program;

use crate::ground::MemoryGround;
use crate::history::{DIFFERENT, SAME, Statement, TAKEN_BACK, UNSURE, history, shuffled};

/// Some words of staff on pairs of four logins, each later than the one before.
fn words() -> impl Strategy<Value = Vec<(usize, usize, u8)>> {
    let word = prop::sample::select(vec![SAME, DIFFERENT, TAKEN_BACK, UNSURE]);
    let pair = (0_usize..4, 1_usize..4).prop_map(|(one, on)| (one, (one + on) % 4));
    prop::collection::vec((pair, word), 0..6)
        .prop_map(|all| all.into_iter().map(|((one, other), word)| (one, other, word)).collect())
}

fn with_words(mut statements: Vec<Statement>, words: &[(usize, usize, u8)]) -> Vec<Statement> {
    for (number, (one, other, word)) in words.iter().enumerate() {
        let at = 1_000_000 + i64::try_from(number).unwrap();
        statements.push(Statement::said(2_000 + number, *one, *other, at, *word));
    }
    statements
}

/// The last word on every pair of logins, the smaller first.
fn last_words(words: &[(usize, usize, u8)]) -> BTreeMap<(usize, usize), u8> {
    words.iter().map(|(one, other, word)| ((*one.min(other), *one.max(other)), *word)).collect()
}

fn group_of(ground: &MemoryGround, login: usize) -> Vec<String> {
    let name = format!("user_id login{login}");
    let groups = ground.partition();
    groups.into_iter().find(|group| group.contains(&name)).expect("staff named the login")
}

/// Everything of a profile that is not about staff's own statements.
fn bytes(profile: &Profile) -> Vec<Vec<u8>> {
    vec![
        minicbor::to_vec(&profile.traits).unwrap(),
        minicbor::to_vec(&profile.cart).unwrap(),
        minicbor::to_vec(&profile.orders).unwrap(),
        minicbor::to_vec(&profile.interest).unwrap(),
        minicbor::to_vec(&profile.consents).unwrap(),
        minicbor::to_vec(&profile.tickets).unwrap(),
        minicbor::to_vec(&profile.path).unwrap(),
        minicbor::to_vec(&profile.sent).unwrap(),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// The last word of staff on a pair holds whatever else is seen, before or after: so an answer
    /// in the review queue is given once.
    #[test]
    fn what_staff_say_holds(
        statements in history(), words in words(), seed in any::<u64>(), batch in 1_usize..9,
    ) {
        let program = Program::default();
        let all = shuffled(&with_words(statements, &words), seed);
        let ground = MemoryGround::after(&program, &all, batch);
        let last = last_words(&words);
        // Who is one by staff's word alone, also by way of others.
        let mut one: Vec<BTreeSet<usize>> = (0..4).map(|login| BTreeSet::from([login])).collect();
        for ((left, right), _) in last.iter().filter(|(_, word)| **word == SAME) {
            let joined: BTreeSet<usize> = one[*left].union(&one[*right]).copied().collect();
            for login in joined.clone() {
                one[login].clone_from(&joined);
            }
        }
        for ((left, right), word) in last {
            let together = group_of(&ground, left) == group_of(&ground, right);
            match word {
                SAME => prop_assert!(together, "{left} and {right} are one"),
                DIFFERENT => prop_assert!(!together || one[left].contains(&right), "{left} and {right}"),
                _ => {}
            }
        }
    }

    /// What was said and taken back leaves no trace: the persons and everything that is kept of
    /// them are byte for byte as if nothing had been said.
    #[test]
    fn what_is_taken_back_was_never_said(
        statements in history(), one in 0_usize..4, further in 1_usize..4, word in 0_usize..3,
    ) {
        let other = (one + further) % 4;
        let word = [SAME, DIFFERENT, UNSURE][word];
        let program = Program::default();
        let said = with_words(statements, &[(one, other, word), (one, other, TAKEN_BACK)]);
        let mut nothing = said.clone();
        nothing.remove(said.len() - 2);
        let (said, nothing) =
            (MemoryGround::after(&program, &said, 2), MemoryGround::after(&program, &nothing, 2));
        prop_assert_eq!(said.partition(), nothing.partition());
        let (said, nothing) = (said.people(), nothing.people());
        for (names, profile) in nothing {
            prop_assert_eq!(bytes(&profile), bytes(&said[&names]), "{:?}", names);
        }
    }

    /// A value that two logins were seen with joins nobody, unless staff say so: a till's address
    /// makes no crowd.
    #[test]
    fn no_value_past_its_limit_joins_anybody(statements in history(), seed in any::<u64>()) {
        let program = Program::default();
        let ground = MemoryGround::after(&program, &shuffled(&statements, seed), 3);
        let mut logins: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for logged in ground.standing_log() {
            let names: Vec<String> = logged
                .event
                .identifiers
                .iter()
                .map(|id| format!("{} {}", id.kind.word(), id.value()))
                .collect();
            // The anchor is the strongest: whatever is seen with a login is seen directly with it.
            if let Some((anchor, others)) = names.split_first()
                && anchor.starts_with("user_id")
            {
                for other in others.iter().filter(|other| !other.starts_with("user_id")) {
                    logins.entry(other.clone()).or_default().insert(anchor.clone());
                }
            }
        }
        for group in ground.partition() {
            for value in logins.iter().filter(|(_, seen)| seen.len() > 1).map(|(value, _)| value) {
                prop_assert!(!group.contains(value) || group.len() == 1, "{value} in {group:?}");
            }
        }
    }

    /// The same input gives the same bytes on every run.
    #[test]
    fn every_run_gives_the_same_bytes(statements in history(), words in words()) {
        let program = Program::default();
        let all = with_words(statements, &words);
        let rows = || MemoryGround::after(&program, &all, 4).rows();
        prop_assert_eq!(rows(), rows());
    }

    /// Whoever follows the feed of changes knows which ids are persons no more.
    #[test]
    fn changes_lead_to_the_persons_there_are(
        statements in history(), words in words(), seed in any::<u64>(), batch in 1_usize..9,
    ) {
        let program = Program::default();
        let all = shuffled(&with_words(statements, &words), seed);
        let ground = MemoryGround::after(&program, &all, batch);
        let mut gone: BTreeSet<PersonId> = BTreeSet::new();
        for change in &ground.changes {
            prop_assert!(change.before.iter().all(|id| !gone.contains(id)), "{:?}", change);
            gone.extend(&change.before);
            gone.retain(|id| !change.after.contains(id));
        }
        let there: BTreeSet<PersonId> = ground.ids();
        prop_assert!(there.is_disjoint(&gone), "{:?}", there.intersection(&gone));
    }
}
