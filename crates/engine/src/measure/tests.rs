//! Trials whose truth is known, since the tests draw it.

use crate::lots::scattered;

use super::{Looks, Plan, Standing, Trial, Verdict, balance, standing};

/// Lots of one trial.
struct Lots {
    trial: u64,
    drawn: u64,
}

impl Lots {
    fn of(trial: u64) -> Self {
        Self { trial: scattered(trial), drawn: 0 }
    }

    /// From 0 to 1.
    fn next(&mut self) -> f64 {
        self.drawn += 1;
        let bits = scattered(self.trial ^ self.drawn) >> 32;
        f64::from(u32::try_from(bits).unwrap()) / f64::from(u32::MAX)
    }

    fn happens(&mut self, probability: f64) -> bool {
        self.next() < probability
    }
}

fn bought(lots: &mut Lots, probability: f64) -> f64 {
    f64::from(u8::from(lots.happens(probability)))
}

/// Daily looks at a trial without any effect: how often is anybody fooled?
#[test]
fn looking_every_day_fools_hardly_anybody() {
    let plan = Plan { people: 6_000, ..Plan::default() };
    let (mut fooled, mut naively) = (0, 0);
    for seed in 0..200 {
        let mut lots = Lots::of(seed);
        let mut trial = Trial::of_arms(2, 0);
        let (mut by_us, mut by_one_look) = (false, false);
        for _day in 0..60 {
            for _ in 0..100 {
                let arm = usize::from(lots.happens(0.5));
                trial.add(arm, bought(&mut lots, 0.1), &[]);
            }
            let lift = trial.lifts(0, plan)[0];
            by_us |= matches!(lift.verdict, Verdict::Higher | Verdict::Lower);
            by_one_look |= lift.difference.abs() > 1.96 * lift.standard_error;
        }
        fooled += u32::from(by_us);
        naively += u32::from(by_one_look);
    }
    assert!(fooled <= 10, "{fooled} of 200 were fooled");
    assert!(naively >= 40, "a naive test fools {naively} of 200: the lots are not fair");
}

#[test]
fn a_true_effect_is_found_and_lies_in_its_interval() {
    let mut lots = Lots::of(7);
    let mut trial = Trial::of_arms(2, 0);
    for _ in 0..40_000 {
        let arm = usize::from(lots.happens(0.5));
        trial.add(arm, bought(&mut lots, if arm == 1 { 0.13 } else { 0.10 }), &[]);
    }
    let lift = trial.lifts(0, Plan::default())[0];
    assert_eq!(lift.verdict, Verdict::Higher);
    assert!(lift.interval.holds(0.03), "{:?}", lift.interval);
    let relative = lift.relative.expect("many bought in the control");
    assert!(relative.interval.holds(0.3), "{relative:?}");
}

/// A share of the control's mean and the difference itself say the same: more, less, or not told.
#[test]
fn a_lift_in_per_cent_says_what_the_lift_says() {
    let mut lots = Lots::of(17);
    for effect in [-0.02, -0.01, -0.005, 0.0, 0.005, 0.01, 0.02] {
        let mut trial = Trial::of_arms(2, 1);
        for n in 0..6_000 {
            let before = lots.next();
            let chance = 0.05 + 0.05 * before + if n % 2 == 1 { effect } else { 0.0 };
            trial.add(n % 2, bought(&mut lots, chance), &[before]);
            let lift = trial.lifts(0, Plan::default())[0];
            let Some(relative) = lift.relative else { continue };
            assert_eq!(relative.interval.holds(0.0), lift.interval.holds(0.0), "{lift:?}");
            assert!(relative.interval.holds(relative.value), "{lift:?}");
        }
    }
}

/// What was known before makes the answer more exact and does not move it.
#[test]
fn what_was_known_before_takes_variance_away() {
    let (mut with, mut without) = (Trial::of_arms(2, 2), Trial::of_arms(2, 0));
    let mut lots = Lots::of(3);
    for _ in 0..20_000 {
        let arm = usize::from(lots.happens(0.5));
        let spent_before = 100.0 * lots.next();
        let outcome = spent_before + 20.0 * lots.next() + if arm == 1 { 0.5 } else { 0.0 };
        with.add(arm, outcome, &[spent_before, 7.0]);
        without.add(arm, outcome, &[]);
    }
    let (with, without) = (with.lifts(0, Plan::default())[0], without.lifts(0, Plan::default())[0]);
    assert!(with.variance_taken > 0.95, "{}", with.variance_taken);
    assert!(with.interval.holds(0.5) && without.interval.holds(0.5));
    assert_eq!((with.verdict, without.verdict), (Verdict::Higher, Verdict::NotTold));
    assert!((with.means.0 - without.means.0).abs() < 1e-9);
}

#[test]
fn a_trial_in_two_halves_is_the_whole_trial() {
    let mut lots = Lots::of(5);
    let mut whole = Trial::of_arms(3, 1);
    let mut halves = [whole.clone(), whole.clone()];
    for n in 0..3_000 {
        let row = (n % 3, lots.next(), [lots.next()]);
        whole.add(row.0, row.1, &row.2);
        halves[usize::from(n > 900)].add(row.0, row.1, &row.2);
    }
    let [mut first, second] = halves;
    first.merge(&second);
    for (a, b) in first.lifts(0, Plan::default()).iter().zip(whole.lifts(0, Plan::default())) {
        assert!((a.difference - b.difference).abs() < 1e-12);
        assert!((a.standard_error - b.standard_error).abs() < 1e-12);
    }
}

#[test]
fn a_few_people_say_nothing() {
    let mut trial = Trial::of_arms(2, 0);
    for n in 0..80 {
        trial.add(n % 2, 1.0, &[]);
    }
    let lift = trial.lifts(0, Plan::default())[0];
    assert_eq!(lift.verdict, Verdict::TooEarly { people: 60, responses: 0 });
    assert!(lift.interval.low.is_infinite());
    assert_eq!(Trial::of_arms(2, 0).lifts(0, Plan::default())[0].people, (0, 0));
}

#[test]
fn an_outcome_that_everybody_has_is_no_certainty() {
    let mut trial = Trial::of_arms(2, 0);
    for n in 0..1_000 {
        trial.add(n % 2, 1.0, &[]);
    }
    assert_eq!(trial.lifts(0, Plan::default())[0].verdict, Verdict::NotTold);
}

#[test]
fn a_broken_assignment_is_noticed_and_a_fair_one_is_not() {
    assert!(balance(&[5_050, 4_950], &[1.0, 1.0], Looks::Any).probability > 0.1);
    assert!(balance(&[52_000, 48_000], &[1.0, 1.0], Looks::Any).broken());
    assert!(!balance(&[0, 0], &[0.9, 0.1], Looks::Any).broken());
    assert!(balance(&[10, 1], &[1.0, 0.0], Looks::Any).broken());
}

#[test]
fn a_test_of_three_stops_only_when_one_is_surely_best() {
    let mut lots = Lots::of(11);
    let mut trial = Trial::of_arms(3, 0);
    assert_eq!(standing(&trial, Plan::default()), Standing::TooEarly);
    for n in 0..3_000 {
        trial.add(n % 3, bought(&mut lots, [0.10, 0.11, 0.12][n % 3]), &[]);
    }
    assert!(matches!(standing(&trial, Plan::default()), Standing::Open { .. }));
    for n in 0..60_000 {
        trial.add(n % 3, bought(&mut lots, [0.10, 0.11, 0.14][n % 3]), &[]);
    }
    assert_eq!(standing(&trial, Plan::default()), Standing::Decided { winner: 2 });
}
