//! Clusters: from pairs to persons, in one canonical order, without snowballs.
//!
//! Pairs join by weight, heaviest first. Two groups become one only if nothing forbids it and the
//! records of one, compared with those of the other, speak for it on the whole: one strong pair
//! between two groups that otherwise contradict each other does not join them.

use super::compare;
use super::level::{self, UNIQUE};
use super::model::Weights;
use super::population::{ASKED_AT_ONCE, Population};
use super::score;

/// Two records and the log odds, in bits, that they are of one person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// The record with the lower number.
    pub left: u32,
    /// The record with the higher number.
    pub right: u32,
    /// Log odds in bits that they are of one person.
    pub weight: f32,
    /// Log odds in bits that they are of one person, as long as a household is left out of account.
    pub(super) together: f32,
}

/// What linking must never join.
#[derive(Clone, Debug, Default)]
pub struct Rules {
    /// Sources (see [`Population::add`]) that hold no person twice; sorted.
    pub without_duplicates: Vec<u16>,
}

/// What else bears on groups being one person, beside how alike their records are. Groups are told by
/// the lowest number of a record in them.
pub(crate) trait Bonds {
    /// Whether the two may not become one, however alike they are.
    fn refuses(&mut self, one: u32, other: u32) -> bool;
    /// The two have become one, which the lower of the numbers stands for.
    fn join(&mut self, one: u32, other: u32);
}

/// Nothing else bears on them.
#[derive(Debug)]
pub(super) struct Unbound;

impl Bonds for Unbound {
    fn refuses(&mut self, _: u32, _: u32) -> bool {
        false
    }

    fn join(&mut self, _: u32, _: u32) {}
}

/// The most records of each group that are compared when two groups may join.
const LOOKED_AT: usize = 8;

/// The cluster of each record: the lowest number of a record in it.
///
/// First pairs that are sure join, heaviest first. Then groups that surely live together are looked
/// at: one that fits a single person of its household, and no other, is that person's.
pub(super) fn clusters(
    population: &Population,
    pairs: &[Pair],
    weights: &Weights,
    rules: &Rules,
) -> Vec<u32> {
    clusters_with(population, pairs, weights, rules, &[], &mut Unbound)
}

/// The same for records of which some are known to be of one person: `known` are pairs of them.
pub(super) fn clusters_with(
    population: &Population,
    pairs: &[Pair],
    weights: &Weights,
    rules: &Rules,
    known: &[(u32, u32)],
    bonds: &mut dyn Bonds,
) -> Vec<u32> {
    let mut order: Vec<Pair> = pairs.to_vec();
    order.sort_unstable_by(|one, other| {
        other
            .weight
            .total_cmp(&one.weight)
            .then((one.left, one.right).cmp(&(other.left, other.right)))
    });
    let mut groups = Groups::new(population, weights, rules, bonds);
    for (one, other) in known {
        groups.take_as_one(*one, *other);
    }
    let sure = order.partition_point(|pair| pair.weight >= weights.sure);
    let likely = order.partition_point(|pair| pair.weight >= LIKELY_BITS).max(sure);
    for (pairs, least) in [(&order[..sure], JOIN_BITS), (&order[sure..likely], weights.sure)] {
        for some in pairs.chunks(ASKED_AT_ONCE) {
            population.ask(some.iter().flat_map(|pair| [pair.left, pair.right]));
            for pair in some {
                groups.consider(pair, least);
            }
        }
    }
    let together: Vec<Pair> =
        order.into_iter().filter(|pair| pair.together >= weights.together).collect();
    let neighbours = Neighbours::of(&together, population.len());
    for _ in 0..HOUSEHOLD_ROUNDS {
        let before = groups.joined;
        for pair in together.iter().filter(|pair| pair.weight < weights.sure) {
            groups.settle(pair, &neighbours);
        }
        if groups.joined == before {
            break;
        }
    }
    (0..population.len())
        .map(|record| groups.head(u32::try_from(record).expect("record numbers are u32")))
        .collect()
}

/// Who surely lives with whom, record by record.
struct Neighbours {
    starts: Vec<u32>,
    records: Vec<u32>,
}

impl Neighbours {
    fn of(pairs: &[Pair], records: usize) -> Self {
        let mut starts = vec![0_u32; records + 1];
        for pair in pairs {
            starts[pair.left as usize + 1] += 1;
            starts[pair.right as usize + 1] += 1;
        }
        for at in 0..records {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut neighbours = Self { starts, records: vec![0; pairs.len() * 2] };
        for pair in pairs {
            for (one, other) in [(pair.left, pair.right), (pair.right, pair.left)] {
                neighbours.records[next[one as usize] as usize] = other;
                next[one as usize] += 1;
            }
        }
        neighbours
    }

    fn of_record(&self, record: u32) -> &[u32] {
        let at = record as usize;
        &self.records[self.starts[at] as usize..self.starts[at + 1] as usize]
    }
}

/// Two groups that a sure pair ties together must weigh so much as wholes.
const JOIN_BITS: f32 = 0.0;
/// So much they must weigh against two people of one household: sharing what a household shares joins
/// nobody.
const JOIN_HOUSEHOLD_BITS: f32 = 3.5;
/// Pairs from this weight on are looked at once more, as groups, when all sure pairs have joined.
pub(super) const LIKELY_BITS: f32 = 0.0;
/// A group that goes to a person of its household must weigh so much with it.
const HOUSEHOLD_BITS: f32 = 2.0;
/// How often groups of one household are gone through; most settle in the first round.
const HOUSEHOLD_ROUNDS: usize = 3;

struct Groups<'a> {
    population: &'a Population,
    weights: &'a Weights,
    rules: &'a Rules,
    bonds: &'a mut dyn Bonds,
    heads: Vec<u32>,
    members: Vec<Vec<u32>>, // Of heads; empty for the others, and for a record alone.
    joined: usize,
}

impl<'a> Groups<'a> {
    fn new(
        population: &'a Population,
        weights: &'a Weights,
        rules: &'a Rules,
        bonds: &'a mut dyn Bonds,
    ) -> Self {
        let count = u32::try_from(population.len()).expect("record numbers are u32");
        Self {
            population,
            weights,
            rules,
            bonds,
            heads: (0..count).collect(),
            members: vec![Vec::new(); population.len()],
            joined: 0,
        }
    }

    fn head(&mut self, mut record: u32) -> u32 {
        while self.heads[record as usize] != record {
            let next = self.heads[record as usize];
            self.heads[record as usize] = self.heads[next as usize];
            record = next;
        }
        record
    }

    fn group(&self, head: u32) -> &[u32] {
        let members = &self.members[head as usize];
        if members.is_empty() { std::slice::from_ref(&self.heads[head as usize]) } else { members }
    }

    fn consider(&mut self, pair: &Pair, least: f32) {
        let (one, other) = (self.head(pair.left), self.head(pair.right));
        if one != other && self.may_join(one, other, least) {
            self.join(one, other);
        }
    }

    fn take_as_one(&mut self, one: u32, other: u32) {
        let (one, other) = (self.head(one), self.head(other));
        if one != other {
            self.unite(one, other);
        }
    }

    fn join(&mut self, one: u32, other: u32) {
        self.unite(one, other);
        self.bonds.join(one.min(other), one.max(other));
    }

    fn unite(&mut self, one: u32, other: u32) {
        let (low, high) = (one.min(other), one.max(other));
        let mut joined = self.group(low).to_vec();
        joined.extend_from_slice(self.group(high));
        joined.sort_unstable();
        self.members[low as usize] = joined;
        self.members[high as usize] = Vec::new();
        self.heads[high as usize] = low;
        self.joined += 1;
    }

    /// Two groups live together: does the smaller belong to the person of the larger?
    ///
    /// Whoever has many records is likelier to have one more; one share is kept for somebody of whom
    /// nothing is known yet.
    fn settle(&mut self, pair: &Pair, neighbours: &Neighbours) {
        let (one, other) = (self.head(pair.left), self.head(pair.right));
        if one == other {
            return;
        }
        let size = |head: u32| self.group(head).len();
        let (small, large) =
            if (size(one), other) < (size(other), one) { (one, other) } else { (other, one) };
        let members = self.group(small).to_vec();
        let mut rivals: Vec<u32> = Vec::new();
        for member in spread(&members) {
            for neighbour in neighbours.of_record(member) {
                let head = self.head(*neighbour);
                if head != small && !rivals.contains(&head) {
                    rivals.push(head);
                }
            }
        }
        rivals.sort_unstable();
        let mut all = (-self.weights.prior_household).exp2();
        let mut share = 0.0;
        for rival in rivals {
            let Some(evidence) = self.evidence(small, rival) else { continue };
            let odds = self.group(rival).len() as f32 * evidence.1.exp2();
            all += odds;
            if rival == large {
                share = odds;
            }
        }
        if share / all >= self.weights.household_share
            && self.may_join(small, large, HOUSEHOLD_BITS)
        {
            self.join(small, large);
        }
    }

    /// What two groups say of being one person, taken as wholes: against strangers, and against two
    /// of one household, in bits. None if they cannot be one person.
    ///
    /// Of what a person has once (name, birthday) the mean over the records counts, of what one has
    /// several of (addresses, telephones) the best.
    fn evidence(&self, one: u32, other: u32) -> Option<(f32, f32)> {
        let mut sums = [(0.0_f32, 0.0_f32, 0.0_f32); level::ASPECTS];
        for left in spread(self.group(one)) {
            for right in spread(self.group(other)) {
                if self.forbidden(left, right) {
                    return None;
                }
                let (left, right) =
                    (&self.population.rows[left as usize], &self.population.rows[right as usize]);
                let levels = compare::all(left, right, &self.population.lexicon);
                for (at, level) in
                    levels.iter().enumerate().filter(|(_, level)| **level != level::MISSING)
                {
                    let (stranger, household) = score::worth(at, *level, left, right, self.weights);
                    let sum = &mut sums[at];
                    let several =
                        matches!(at, level::STREET..=level::PHONE | level::DEVICE..=level::MORE);
                    if several {
                        *sum = if sum.2 == 0.0 {
                            (stranger, household, 1.0)
                        } else {
                            (sum.0.max(stranger), sum.1.max(household), 1.0)
                        };
                    } else {
                        *sum = (sum.0 + stranger, sum.1 + household, sum.2 + 1.0);
                    }
                }
            }
        }
        let said = sums.iter().filter(|sum| sum.2 > 0.0);
        Some(said.fold((0.0, 0.0), |(s, h), sum| (s + sum.0 / sum.2, h + sum.1 / sum.2)))
    }

    /// Whether two groups, taken as wholes, weigh at least so much.
    fn may_join(&mut self, one: u32, other: u32, least: f32) -> bool {
        if self.bonds.refuses(one, other) {
            return false;
        }
        let (left, right) = (self.group(one), self.group(other));
        if left.len() == 1 && right.len() == 1 && least <= 0.0 {
            return !self.forbidden(left[0], right[0]);
        }
        self.evidence(one, other).is_some_and(|(stranger, household)| {
            score::combine(stranger, household, self.weights) >= least
                && self.weights.prior_household + household >= JOIN_HOUSEHOLD_BITS
        })
    }

    /// Two values of a unique kind, two generations, or one source that holds nobody twice.
    fn forbidden(&self, one: u32, other: u32) -> bool {
        let source = self.population.sources[one as usize];
        if source == self.population.sources[other as usize]
            && self.rules.without_duplicates.binary_search(&source).is_ok()
        {
            return true;
        }
        let (left, right) =
            (&self.population.rows[one as usize], &self.population.rows[other as usize]);
        if left.generation != 0 && right.generation != 0 && left.generation != right.generation {
            return true;
        }
        (0..4).any(|kind| {
            let worth = &self.weights.table[UNIQUE + kind][usize::from(level::unique::DIFFERENT)];
            worth.stranger < FORBIDDING_BITS && {
                let none = [level::MISSING; level::ASPECTS];
                compare::aspect(UNIQUE + kind, left, right, &self.population.lexicon, &none)
                    == level::unique::DIFFERENT
            }
        })
    }
}

/// Two numbers of one kind forbid a join where training has found that this says so much.
const FORBIDDING_BITS: f32 = -6.5;

/// Up to [`LOOKED_AT`] members, spread over the group.
fn spread(members: &[u32]) -> impl Iterator<Item = u32> + Clone + '_ {
    let step = members.len().div_ceil(LOOKED_AT).max(1);
    members.iter().copied().step_by(step)
}
