//! What scores say of one person: stages by rhythm, and when time alone changes an answer.

use jiff::tz::TimeZone;
use proptest::prelude::*;

use crate::condition::{Condition, Judge, Stage};
use crate::event::{Channel, Currency};
use crate::profile::{OrderRecord, Profile, Stamp, Statement};
use crate::score::{
    BetaGeometric, Blend, Buying, Dropout, Part, Population, Purchase, ScoreName, Scorer, stage,
};
use crate::time::{DAY, HOUR, Occurred, Timestamp};

fn bought(days: &[i32]) -> Vec<Purchase> {
    days.iter().map(|day| Purchase { day: *day, net_minor: 1_000 }).collect()
}

/// Somebody who bought on these days, at noon, for 25.00 each.
fn shopper(days: &[i32]) -> Profile {
    let mut profile = Profile::default();
    for day in days {
        let at = Timestamp(i64::from(*day) * DAY + 12 * HOUR);
        let sale = Statement {
            received_at: at,
            stamp: Stamp { at, tie: 0 },
            occurred: Occurred::instant(at),
            channel: Channel::Web,
            store: None,
            lines: Vec::new(),
            total_minor: 2_500,
            currency: Currency::EUR,
            coupon: None,
        };
        let record = OrderRecord { sale: Some(sale), ..OrderRecord::default() };
        profile.orders.by_key.insert(format!("o-{day}"), record);
    }
    profile
}

#[test]
fn the_stage_follows_the_person_s_own_rhythm() {
    let table: [(&[i32], i32, Stage); 11] = [
        (&[], 50, Stage::Consideration),
        (&[10], 10, Stage::FirstPurchase),
        (&[10], 130, Stage::FirstPurchase),
        (&[10], 131, Stage::Lapsing),
        (&[10], 251, Stage::Lost),
        (&[10, 40, 70], 80, Stage::Active),
        (&[10, 40, 70, 100, 130], 140, Stage::Loyal),
        (&[10, 40, 70, 100, 130], 230, Stage::Lapsing),
        // Came back after more than twice the rhythm: won back, and active only once in rhythm again.
        (&[10, 40, 70, 300], 301, Stage::WonBack),
        (&[10, 40, 70, 300, 330], 331, Stage::Active),
        // What is still to come is not seen.
        (&[10, 400], 20, Stage::FirstPurchase),
    ];
    for (days, today, right) in table {
        assert_eq!(stage(&bought(days), today, 60).stage, right, "{days:?} on day {today}");
    }
}

fn any_days() -> impl Strategy<Value = Vec<i32>> {
    proptest::collection::btree_set(1_i32..900, 1..12).prop_map(|days| days.into_iter().collect())
}

/// A model of a shop with a known blend, and of buyers enough for scales and fifths.
fn model() -> crate::score::Model {
    let mut population = Population::new(Timestamp(1_000 * DAY), TimeZone::UTC, Currency::EUR);
    for n in 0..300_i32 {
        let days: Vec<i32> = (0..=n % 7).map(|k| 500 + n + k * (20 + n % 40)).collect();
        population.push(&shopper(&days));
    }
    let mut model = population.fit(&mut || {});
    let known =
        BetaGeometric { r: 0.7, alpha: 6.0, a: 0.8, b: 2.5, dropout: Dropout::AfterRepeats };
    model.blend = Blend::of(vec![Part { model: Buying::BetaGeometric(known), level: 1.1 }]);
    model
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// A stage lasts exactly until the day that it says: timers may sleep until then.
    #[test]
    fn a_stage_lasts_until_the_day_that_it_says(days in any_days(), ahead in 0_i32..300) {
        let today = days[days.len() - 1] + ahead;
        let standing = stage(&bought(&days), today, 60);
        let until = standing.next_day.unwrap_or(today + 2_000);
        for day in today..until {
            prop_assert_eq!(stage(&bought(&days), day, 60).stage, standing.stage);
        }
        if standing.next_day.is_some() {
            prop_assert_ne!(stage(&bought(&days), until, 60).stage, standing.stage);
        }
    }
}

/// What a condition is told of scores holds until the moment it is told, day for day, and then not:
/// nobody polls, and nobody is late.
#[test]
fn a_score_is_on_its_side_until_the_moment_that_is_told() {
    let (model, zone) = (model(), TimeZone::get("Europe/Madrid").unwrap());
    let scorer = Scorer { model: &model, zone: &zone };
    let asked = [
        "score \"probability alive\" at most 0.3",
        "score \"probability alive\" more than 0.55",
        "score \"expected orders in 90 days\" at least 0.5",
        "score \"expected value in 365 days\" less than 40",
        "score \"rfm recency\" exactly 4",
        "score \"rfm recency\" at most 2",
    ];
    for days in [&[900][..], &[700, 730, 760, 905], &[640, 641, 900, 901, 902, 980], &[400]] {
        let profile = shopper(days);
        for text in asked {
            let Condition::Score { name, limit } = Condition::parse(text).unwrap() else {
                unreachable!()
            };
            let now = Timestamp(990 * DAY + 9 * HOUR);
            let told = Judge::score(&scorer.of(&profile, now), &name, limit).unwrap();
            let held = |at| Judge::score(&scorer.of(&profile, at), &name, limit).unwrap().holds;
            let until = told.next.unwrap_or(now.plus(1_500 * DAY));
            let mut at = now;
            while at < until {
                assert_eq!(held(at), told.holds, "{text} of {days:?} at {at}, told until {until}");
                at = at.plus(DAY);
            }
            if told.next.is_some() {
                assert_ne!(held(until), told.holds, "{text} of {days:?} at {until}");
                assert_eq!(held(until.plus(-1)), told.holds, "{text} of {days:?} before {until}");
            }
        }
    }
}

#[test]
fn every_score_has_a_name_that_is_read_again() {
    for name in ScoreName::all() {
        assert_eq!(ScoreName::parse(&name.text()), Some(name));
    }
    assert_eq!(ScoreName::parse("Churn"), Some(ScoreName::Churn));
    assert_eq!(ScoreName::parse("charm"), None);
}

#[test]
fn staff_and_resellers_are_left_out() {
    let mut population = Population::new(Timestamp(2_000 * DAY), TimeZone::UTC, Currency::EUR);
    population.push(&shopper(&[10, 20]));
    population.push(&shopper(&(0..300).collect::<Vec<i32>>()));
    let model = population.fit(&mut || {});
    assert_eq!((model.people, model.buyers, model.outliers), (2, 1, 1));
    assert_eq!(crate::score::Model::decode(&model.encode()), Some(model));
}
