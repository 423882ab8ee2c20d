//! Training without labels: how often strangers agree by chance is counted, the rest is learned by
//! expectation and maximisation over the pairs that share a key.
//!
//! Pairs that share no key are taken to be strangers, so the shares that are learned are shares of
//! all pairs. Every rate keeps a measure of belief in its default, so that training cannot run away
//! where a population says little.

use super::candidates::{Blocks, Later, learn_keys};
use super::level::{ALL, ASPECTS, LEVELS, Rarity};
use super::model::{LevelRates, Model, Weights};
use super::population::Population;
use super::sample::{Found, Sample};
use super::text::mix;

/// The most pairs that are learned from, of each kind.
const PAIRS_MAX: usize = 120_000;
const ROUNDS_MAX: u32 = 25;
/// Training ends when no rate moves by more than this.
const SETTLED: f64 = 0.0005;
/// Pairs of one person, a record, to begin with. Few: where there are more, their weight shows it; a
/// beginning with too many would take neighbours for them.
const MATCHES_BEFORE: f64 = 0.05;
/// Belief in defaults, in pairs.
const BELIEF_PERSON: f64 = 60.0;
const BELIEF_STRANGER: f64 = 20.0;
const BELIEF_HOUSEHOLD: f64 = 150.0;

/// How training goes, told after each round.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Round {
    /// The round's number, from 1.
    pub number: u32,
    /// The most that any rate moved.
    pub moved: f64,
    /// Pairs of one person that are expected in the whole population.
    pub matches: f64,
    /// Whether this was the last round, since nothing moves any more.
    pub settled: bool,
}

/// Learns a model from a population; tells `observer` of each round.
pub fn train(population: &mut Population, mut observer: impl FnMut(&Round)) -> Model {
    let mut model = Model::default();
    model.records = population.len() as u64;
    if population.len() < 2 {
        return model;
    }
    model.frequencies = population.frequencies();
    population.apply(&model);
    let (common, blocks) = learn_keys(population, block_size(population.len()));
    model.common = common;
    let all = population.len() as f64 * (population.len() as f64 - 1.0) / 2.0;
    model.person = (MATCHES_BEFORE * population.len() as f64 / all).min(0.1);
    model.household = model.person * 0.5;
    let strangers = by_chance(population);
    count_strangers(&mut model, &strangers, None);
    let (pairs, share) = candidates(population, &blocks);
    for number in 1..=ROUNDS_MAX {
        let before = model.levels.clone();
        let matches = round(&mut model, &pairs, share, all);
        if number % 4 == 0 {
            let weights = Weights::of(&model);
            count_strangers(&mut model, &strangers, Some(&weights));
        }
        let moved = furthest(&before, &model.levels);
        let settled = moved < SETTLED;
        observer(&Round { number, moved, matches, settled });
        if settled {
            break;
        }
    }
    population.blocks = Some((model.print(), blocks));
    model
}

/// How many records may share a key: more where there are few records and time is no matter, fewer
/// with the root of their number.
fn block_size(records: usize) -> u32 {
    let least = 60.0 * (50_000.0 / records.max(50_000) as f64).sqrt();
    least.round() as u32
}

/// Pairs of records drawn without regard to what they hold, the same ones every time.
fn by_chance(population: &Population) -> Sample {
    let count = population.len() as u64;
    let mut sample = Sample::default();
    let mut add = |one: u64, other: u64| {
        let number = |n: u64| u32::try_from(n).expect("record numbers are u32");
        sample.compare(population, number(one.min(other)), number(one.max(other)));
    };
    if count * (count - 1) / 2 <= PAIRS_MAX as u64 {
        for one in 0..count {
            (one + 1..count).for_each(|other| add(one, other));
        }
        return sample;
    }
    for number in 0..PAIRS_MAX as u64 {
        let (one, other) = (mix(number, 1) % count, mix(number, 2) % count);
        if one != other {
            add(one, other);
        }
    }
    sample
}

/// Candidates to learn from, and the share of all candidates that they are.
fn candidates(population: &Population, blocks: &Blocks) -> (Sample, f64) {
    let records = u32::try_from(population.len()).expect("record numbers are u32");
    let mut later = Later::default();
    // The first pass, over some records, says how many pairs there are.
    let some = (records / 2_000).max(1);
    let all = Blocks::ALL_SLICES;
    blocks.gather(0..records, all, |record| record % some == 0, &mut later);
    let counted: usize =
        (0..records).step_by(some as usize).map(|record| later.of(record).len()).sum();
    let expected = counted * some as usize;
    let every = u32::try_from(expected / PAIRS_MAX + 1).unwrap_or(u32::MAX);
    let chosen = |record: u32| mix(u64::from(record), 3).is_multiple_of(u64::from(every));
    blocks.gather(0..records, all, chosen, &mut later);
    let mut pairs = Sample::default();
    let mut taken = 0_u32;
    for record in (0..records).filter(|record| chosen(*record)) {
        taken += 1;
        for other in later.of(record) {
            pairs.compare(population, record, *other);
        }
    }
    (pairs, f64::from(taken.max(1)) / f64::from(records.max(1)))
}

/// Sums of levels.
type Sums = [[f64; LEVELS]; ASPECTS];
const EMPTY: Sums = [[0.0; LEVELS]; ASPECTS];

fn add(sums: &mut Sums, pair: &[Found], weight: f64) {
    for found in pair {
        sums.as_flattened_mut()[found.cell()] += weight;
    }
}

/// Counts how often strangers agree. Pairs that the weights take for one person or one household
/// are left out as far as they are.
fn count_strangers(model: &mut Model, pairs: &Sample, weights: Option<&Weights>) {
    let (mut sums, mut bits) = (EMPTY, EMPTY);
    for pair in pairs.pairs() {
        let share = weights.map_or(1.0, |weights| 1.0 - shares(pair, weights).iter().sum::<f64>());
        add(&mut sums, pair, share);
        for found in pair {
            bits.as_flattened_mut()[found.cell()] += share * f64::from(found.rarity) / 8.0;
        }
    }
    for (at, rates) in model.levels.iter_mut().enumerate() {
        for (number, rates) in rates.iter_mut().enumerate() {
            if let Rarity::Like(_) = ALL[at].levels[number].rarity {
                rates.usual_bits = (bits[at][number] + 12.0 * 3.0) / (sums[at][number] + 3.0);
            }
        }
        let before: Vec<f64> = rates.iter().map(|rates| rates.stranger).collect();
        settle(
            at,
            rates,
            &sums[at],
            BELIEF_STRANGER,
            |level, _| level.stranger,
            |rates| &mut rates.stranger,
        );
        if weights.is_some() {
            // Strangers who agree are never explained away altogether.
            for (rates, before) in rates.iter_mut().zip(before) {
                rates.stranger = rates.stranger.max(before * 0.5);
            }
        }
        let household = ALL[at].household;
        if household == 0.0 {
            for (rates, level) in rates.iter_mut().zip(ALL[at].levels) {
                // Father and son, twins: among few people much is possible that is rare among many.
                let least = if matches!(level.rarity, Rarity::Same(_)) {
                    level.person * 0.012
                } else {
                    0.0
                };
                rates.household = rates.stranger.max(least);
            }
        }
    }
}

/// Turns sums into rates that add up to 1 in each group of levels, with some belief in defaults.
fn settle(
    at: usize,
    rates: &mut [LevelRates],
    sums: &[f64],
    belief: f64,
    default: impl Fn(&super::level::Level, &LevelRates) -> f64,
    rate: impl Fn(&mut LevelRates) -> &mut f64,
) {
    let levels = ALL[at].levels;
    for group in 0..=1 {
        let in_group = |number: &usize| levels[*number].group == group;
        let total: f64 = (0..levels.len()).filter(in_group).map(|number| sums[number]).sum();
        for number in (0..levels.len()).filter(in_group) {
            let believed = belief * default(&levels[number], &rates[number]);
            *rate(&mut rates[number]) = (sums[number] + believed) / (total + belief);
        }
    }
}

/// The probabilities that a pair is of one person, and of one household.
fn shares(pair: &[Found], weights: &Weights) -> [f64; 2] {
    let (mut stranger, mut household) = (0.0, 0.0);
    for found in pair {
        let worth = &weights.table.as_flattened()[found.cell()];
        stranger += worth.of_rarity(found.rarity);
        household += worth.household;
    }
    // In odds against one person: strangers, and household.
    let strangers = f64::from(-(weights.prior + stranger)).exp2();
    let households = f64::from(-(weights.prior_household + household)).exp2();
    let all = 1.0 + strangers + households;
    if all.is_finite() { [1.0 / all, households / all] } else { [0.0, 0.0] }
}

/// One round: expects who is who, and makes that likeliest. Returns the expected matches.
fn round(model: &mut Model, pairs: &Sample, share: f64, all: f64) -> f64 {
    let weights = Weights::of(model);
    let (mut persons, mut households) = (EMPTY, EMPTY);
    let (mut person, mut household) = (0.0, 0.0);
    for pair in pairs.pairs() {
        let [one, other] = shares(pair, &weights);
        if one > 1e-6 {
            add(&mut persons, pair, one);
            person += one;
        }
        if other > 1e-6 {
            add(&mut households, pair, other);
            household += other;
        }
    }
    let population_size = (2.0 * all).sqrt();
    model.person = ((person / share + 1.0) / all).min(0.3);
    // A household is not many times rarer or commoner than a person with two records.
    let least = model.person * 0.002;
    model.household = ((household / share + 1.0) / all)
        .clamp(least, (model.person * 4.0).max(8.0 / population_size).min(0.3));
    for (at, rates) in model.levels.iter_mut().enumerate() {
        settle(
            at,
            rates,
            &persons[at],
            BELIEF_PERSON,
            |level, _| level.person,
            |rates| &mut rates.person,
        );
        bound(at, rates);
        let aspect = &ALL[at];
        if aspect.household > 0.0 {
            let default = |level: &super::level::Level, rates: &LevelRates| {
                aspect.household * level.person + (1.0 - aspect.household) * rates.stranger
            };
            settle(at, rates, &households[at], BELIEF_HOUSEHOLD, default, |rates| {
                &mut rates.household
            });
        }
        monotone(at, rates);
    }
    person / share
}

/// No level is commoner between records of one person than it can be; what is over goes to the best
/// level of its group.
///
/// Where few people have two records, pairs of another kind that are alike (neighbours, "Thomas Scott"
/// and "Scott Thomas") outnumber them, and expectation would settle on those.
fn bound(at: usize, rates: &mut [LevelRates]) {
    let levels = ALL[at].levels;
    for number in 0..rates.len() {
        let over = rates[number].person - levels[number].person_max;
        if over > 0.0 {
            let best = levels.iter().position(|level| level.group == levels[number].group);
            rates[number].person -= over;
            rates[best.expect("the level itself is of its group")].person += over;
        }
    }
}

/// A better level is never worth less than a worse one of its group: neighbours that are out of
/// order are pooled.
fn monotone(at: usize, rates: &mut [LevelRates]) {
    let levels = ALL[at].levels;
    for number in 1..rates.len() {
        // Only the last level of a group, "another", is certain to be the worst.
        let last = number + 1 == rates.len() || levels[number + 1].group != levels[number].group;
        if !last {
            continue;
        }
        let worst = rates[number].person / rates[number].stranger;
        for better in (0..number).filter(|better| levels[*better].group == levels[number].group) {
            let worth = rates[better].person / rates[better].stranger;
            if worth < worst {
                rates[better].person = (worst * rates[better].stranger).min(0.999);
            }
        }
    }
}

fn furthest(before: &[Vec<LevelRates>], after: &[Vec<LevelRates>]) -> f64 {
    let moved = |(before, after): (&LevelRates, &LevelRates)| (before.person - after.person).abs();
    let pairs = before.iter().flatten().zip(after.iter().flatten());
    let furthest = pairs.map(moved).fold(0.0, f64::max);
    debug_assert!(before.len() == ASPECTS, "every aspect has its rates");
    furthest
}
