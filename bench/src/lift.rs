//! Whether lift tells the truth: trials without an effect, looked at every day, and towns whose true
//! lift was fixed before anybody was sent anything.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use regulars_engine::measure::{Plan, Trial, Verdict};
use regulars_sim::{Outcome, Town, TownSettings, Treatment};

use crate::crowd::Dice;
use crate::machine::thread_cpu;
use crate::number;

const DAYS: u32 = 60;
const PEOPLE_A_DAY: u32 = 100;
/// How often each town's people are assigned anew.
const ASSIGNMENTS: u64 = 20;

/// Runs both and prints what came of them.
#[expect(clippy::print_stdout, reason = "a benchmark prints what it measured")]
pub(crate) fn run(options: &[String]) -> Result<()> {
    let trials = number(options, "--trials", 10_000)?;
    let runs = number(options, "--runs", 1_000)?;
    let seed = number(options, "--seed", 1)?;
    let start = thread_cpu();
    let fooled = without_effect(trials, seed);
    println!("{trials} trials without an effect, looked at on each of {DAYS} days:");
    println!(
        "  fooled at least once: {:.2} % of trials by what they bought",
        share(fooled.bought, trials)
    );
    println!("                        {:.2} % by what they spent", share(fooled.spent, trials));
    println!("                        {:.2} % by a usual test at 5 %", share(fooled.usual, trials));
    println!("  {:.1} CPU seconds", (thread_cpu() - start).as_secs_f64());
    let start = thread_cpu();
    let told = in_towns(runs, seed)?;
    println!("{} assignments of people in {} towns:", told.runs, told.towns);
    println!("  the true lift lies in the interval: {:.2} %", share(told.held, told.runs));
    println!("  in that of a single look:           {:.2} %", share(told.held_once, told.runs));
    println!("  the lift was told from chance:      {:.2} %", share(told.found, told.runs));
    println!("  {:.1} CPU seconds", (thread_cpu() - start).as_secs_f64());
    Ok(())
}

struct Fooled {
    bought: u64,
    spent: u64,
    usual: u64,
}

fn without_effect(trials: u64, seed: u64) -> Fooled {
    let people = u64::from(DAYS * PEOPLE_A_DAY);
    let plan = Plan { people, ..Plan::default() };
    let mut fooled = Fooled { bought: 0, spent: 0, usual: 0 };
    for number in 0..trials {
        let mut lots = Dice::new(seed.wrapping_mul(1 << 32).wrapping_add(number));
        let (mut bought, mut spent) = (Trial::of_arms(2, 0), Trial::of_arms(2, 0));
        let (mut by_bought, mut by_spent, mut by_usual) = (false, false, false);
        for _day in 0..DAYS {
            for _ in 0..PEOPLE_A_DAY {
                let arm = usize::from(lots.share() < 0.5);
                let buys = lots.share() < 0.1;
                bought.add(arm, f64::from(u8::from(buys)), &[]);
                // Baskets as shops have them: many small ones, a few that are forty times as large.
                spent.add(
                    arm,
                    if buys { 10.0 * (-lots.share().max(1e-12).ln()).powi(2) } else { 0.0 },
                    &[],
                );
            }
            let lift = bought.compare((1, 0), 1, plan);
            by_bought |= says(lift.verdict);
            by_usual |= !lift.single_look.holds(0.0);
            by_spent |= says(spent.compare((1, 0), 1, plan).verdict);
        }
        fooled.bought += u64::from(by_bought);
        fooled.spent += u64::from(by_spent);
        fooled.usual += u64::from(by_usual);
    }
    fooled
}

struct Told {
    towns: u64,
    runs: u64,
    held: u64,
    held_once: u64,
    found: u64,
}

/// People who left a cart are assigned to a reminder or to nothing; what each would have spent
/// either way, the town knows.
fn in_towns(runs: u64, seed: u64) -> Result<Told> {
    let mut told =
        Told { towns: runs.div_ceil(ASSIGNMENTS), runs: 0, held: 0, held_once: 0, found: 0 };
    for town in 0..told.towns {
        let people = spent_either_way(seed.wrapping_mul(10_000).wrapping_add(town))?;
        #[expect(clippy::cast_precision_loss, reason = "a town has some thousand people")]
        let truth =
            people.iter().map(|(with, without)| with - without).sum::<f64>() / people.len() as f64;
        for number in 0..ASSIGNMENTS.min(runs - told.runs) {
            let mut lots = Dice::new(seed ^ (town << 20) ^ number);
            let mut trial = Trial::of_arms(2, 0);
            for (with, without) in &people {
                let treated = lots.share() < 0.5;
                trial.add(usize::from(treated), if treated { *with } else { *without }, &[]);
            }
            let lift = trial.compare((1, 0), 1, Plan { people: 2_000, ..Plan::default() });
            told.runs += 1;
            told.held += u64::from(lift.interval.holds(truth));
            told.held_once += u64::from(lift.single_look.holds(truth));
            told.found += u64::from(says(lift.verdict));
        }
    }
    Ok(told)
}

/// What each person of a town who left a cart spends with a reminder, and without, in currency units.
fn spent_either_way(seed: u64) -> Result<Vec<(f64, f64)>> {
    let settings = TownSettings { seed, people: 2_000, days: 45, ..TownSettings::default() };
    let town = Town::new(settings).context("could not found a town")?;
    let mut people: BTreeMap<_, (f64, f64)> = BTreeMap::new();
    for left in town.truth().abandonments() {
        let worth = f64::from(left.worth_minor) / 100.0;
        let Outcome { without, .. } = left.outcome;
        let with = left.outcome.with(Treatment::Reminder);
        let spent = people.entry(left.person).or_default();
        spent.0 += if with.is_some() { worth } else { 0.0 };
        spent.1 += if without.is_some() { worth } else { 0.0 };
    }
    Ok(people.into_values().collect())
}

fn says(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Higher | Verdict::Lower)
}

#[expect(clippy::cast_precision_loss, reason = "counts of trials are small")]
fn share(part: u64, whole: u64) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}
