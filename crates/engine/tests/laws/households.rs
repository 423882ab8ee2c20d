//! Households: whoever of one is asked names the same, no order of arrival plays a part, nobody becomes
//! one person by living together, and staff's word keeps homes apart.

use std::collections::BTreeSet;
use std::convert::Infallible;

use proptest::prelude::*;
use regulars_engine::identity::{IdentifierKey, PersonId, Ties, Topic};
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::work::{Neighbours, PEOPLE_MAX, household};

use crate::ground::{MemoryGround, SALT};
use crate::history::{LIVE_APART, LIVE_TOGETHER, Statement, history, shuffled};

struct Rows<'g>(&'g MemoryGround);

impl Neighbours for Rows<'_> {
    type Error = Infallible;

    fn holder(&mut self, key: IdentifierKey) -> Result<Option<PersonId>, Infallible> {
        Ok(self.0.holder_of(key))
    }

    fn row(&mut self, person: PersonId) -> Result<Option<Record>, Infallible> {
        Ok(self.0.row(person).cloned())
    }

    fn found_by(&mut self, key: u64, limit: usize) -> Result<Vec<IdentifierKey>, Infallible> {
        Ok(self.0.found_by(key).take(limit).collect())
    }
}

/// The names of everybody in the household of each person.
fn households(ground: &MemoryGround, program: &Program) -> BTreeSet<BTreeSet<Vec<String>>> {
    let of = |record: &Record| {
        let found = household(record, &program.identity, SALT, &mut Rows(ground)).unwrap();
        let names: BTreeSet<Vec<String>> = found.persons.iter().map(names).collect();
        assert!(names.len() <= PEOPLE_MAX);
        for (at, one) in found.persons.iter().enumerate() {
            for other in &found.persons[at + 1..] {
                let word = one.evidence.last_word(&other.evidence, Topic::Home);
                assert!(word.is_none_or(|word| word.ties != Ties::HomeApart), "staff's word holds");
            }
        }
        names
    };
    let all: BTreeSet<BTreeSet<Vec<String>>> = ground.records().map(of).collect();
    let members: usize = all.iter().map(BTreeSet::len).sum();
    assert_eq!(members, ground.records().count(), "whoever is asked names the same: {all:?}");
    all
}

fn names(record: &Record) -> Vec<String> {
    let nodes = record.evidence.nodes.iter().map(|node| &node.identifier);
    nodes.map(|name| format!("{}:{}", name.kind.word(), name.value())).collect()
}

fn words() -> impl Strategy<Value = Vec<(usize, usize, u8)>> {
    let word = prop_oneof![Just(LIVE_TOGETHER), Just(LIVE_APART)];
    prop::collection::vec((0_usize..4, 1_usize..4, word), 0..4)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    /// A household is a function of what is known: so it needs no id, no memory and no repair, and it
    /// may be shown and undone without anybody becoming somebody else.
    #[test]
    fn a_household_is_the_same_whoever_is_asked(
        statements in history(), words in words(), seed in any::<u64>(), batch in 1_usize..9,
    ) {
        let program = Program::default();
        let mut said = statements.clone();
        for (number, (one, further, word)) in (0..).zip(words) {
            let at = 600_000 + i64::try_from(number).unwrap();
            said.push(Statement::said(3_000 + number, one, (one + further) % 4, at, word));
        }
        let straight = MemoryGround::after(&program, &said, 1);
        let found = households(&straight, &program);
        let other = MemoryGround::after(&program, &shuffled(&said, seed), batch);
        prop_assert_eq!(found, households(&other, &program), "arrival plays no part");
        let without = MemoryGround::after(&program, &statements, batch);
        let mut known = straight.partition();
        known.retain(|group| without.partition().contains(group));
        prop_assert_eq!(known.len(), without.partition().len(), "nobody becomes another person");
    }

    /// The same before any model of linking is in force.
    #[test]
    fn households_need_no_model(statements in history(), seed in any::<u64>(), batch in 1_usize..9) {
        let program = Program::default();
        let events: Vec<_> = statements.iter().map(Statement::event).collect();
        let shuffled: Vec<_> = shuffled(&statements, seed).iter().map(Statement::event).collect();
        let straight = MemoryGround::unlinked(&program, &events, 1);
        let other = MemoryGround::unlinked(&program, &shuffled, batch);
        prop_assert_eq!(households(&straight, &program), households(&other, &program));
        prop_assert_eq!(straight.cards(), other.cards(), "cards, and what they are found by");
    }
}
