//! The draws of a journey as trials: what became of everybody whom chance sent one way or another.

use std::collections::BTreeMap;

use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::event::Currency;
use regulars_engine::identity::PersonId;
use regulars_engine::journey::{Draw, DrawPurpose, Journey, StepKind};
use regulars_engine::measure::{Plan, Trial, balance, standing};
use regulars_engine::profile::Orders;
use regulars_engine::program::Program;
use regulars_engine::reason::Told;
use regulars_engine::time::{DAY, Timestamp};
use regulars_store::{DecisionFilter, Reader, SqliteReader, StoreError};
use serde_json::{Value, json};

use super::report::{Outcome, Report};

/// A draw of a journey, measured.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// The step.
    pub step: String,
    /// What chance was asked for.
    pub purpose: DrawPurpose,
    /// Days of each person that count, from the assignment on.
    pub days: u32,
    /// What came of it. Outcomes are `bought` (yes or no), `orders` and `revenue`: of orders over
    /// every channel, less what came back, in whole units of the shop's currency.
    pub report: Report,
    /// Assignments of people who were erased since.
    pub left_out: u64,
    /// People who were assigned so lately that their days are not over.
    pub running: u64,
}

/// Decisions are read in pages of so many.
const PAGE: usize = 1_000;

/// Days before the assignment whose orders are known beforehand.
const KNOWN_DAYS: i64 = 365;

/// Measures every draw of a journey, as the journey is today, on people whose days are over.
///
/// # Errors
/// If the store cannot be read.
pub fn trials(
    reader: &SqliteReader,
    program: &Program,
    journey: &Journey,
    (days, now): (u32, Timestamp),
    tell: &mut dyn FnMut(u64),
) -> Result<Vec<Drawn>, StoreError> {
    let mut found = Vec::new();
    for step in &journey.steps {
        let StepKind::Draw(draw) = &step.kind else { continue };
        let assigned = assignments(reader, (&journey.name, &step.name), draw)?;
        found.push(measured(reader, program, (&step.name, draw), &assigned, (days, now), tell)?);
    }
    Ok(found)
}

/// The first assignment of each person: who came again, or was joined of two, counts where chance
/// sent them first, whatever it said later.
struct Assigned {
    /// When, and the number of the way.
    ways: BTreeMap<PersonId, (Timestamp, usize)>,
    left_out: u64,
}

fn assignments(
    reader: &SqliteReader,
    (journey, step): (&str, &str),
    draw: &Draw,
) -> Result<Assigned, StoreError> {
    let mut first: BTreeMap<PersonId, (Timestamp, usize)> = BTreeMap::new();
    let mut left_out = 0;
    let mut before = None;
    loop {
        let filter = DecisionFilter {
            journey: Some(journey.to_owned()),
            verdict: Some(Verdict::Assign),
            before,
            ..DecisionFilter::default()
        };
        let page = reader.decisions(&filter, PAGE)?;
        before = page.last().map(|decided| decided.id);
        let whole = page.len() == PAGE;
        for decided in page {
            let decision = decided.decision;
            let Some(way) = way_of(&decision, draw).filter(|_| decision.step == step) else {
                continue;
            };
            let Some((_, record)) = reader.person(decision.person)? else {
                left_out += 1;
                continue;
            };
            // The latest come first, so that the earliest stays.
            first.insert(record.id(), (decision.at, way));
        }
        if !whole {
            break;
        }
    }
    Ok(Assigned { ways: first, left_out })
}

/// The number of the way that a decision assigned; `None` if the journey has it no more.
fn way_of(decision: &Decision, draw: &Draw) -> Option<usize> {
    let mut facts = decision.reasons.iter().flat_map(|reason| &reason.facts);
    let drawn = facts.find_map(|fact| {
        if let Told::DrawnInto { way, .. } = &fact.told { Some(way) } else { None }
    })?;
    draw.ways.iter().position(|way| way.name == *drawn)
}

fn measured(
    reader: &SqliteReader,
    program: &Program,
    (step, draw): (&str, &Draw),
    assigned: &Assigned,
    (days, now): (u32, Timestamp),
    tell: &mut dyn FnMut(u64),
) -> Result<Drawn, StoreError> {
    let names = ["bought", "orders", "revenue"];
    let mut trials = names.map(|_| Trial::of_arms(draw.ways.len(), 2));
    let (mut running, mut left_out, mut told) = (0, assigned.left_out, 0);
    for (person, (at, way)) in &assigned.ways {
        told += 1;
        tell(told);
        let end = at.plus(i64::from(days) * DAY);
        if end > now {
            running += 1;
            continue;
        }
        let Some((_, record)) = reader.person(*person)? else {
            left_out += 1;
            continue;
        };
        let orders = &record.profile.orders;
        let before = spent(orders, program.shop.currency, at.plus(-KNOWN_DAYS * DAY), *at);
        let after = spent(orders, program.shop.currency, *at, end);
        let outcomes = [f64::from(u8::from(after.0 > 0.0)), after.0, after.1];
        for (trial, outcome) in trials.iter_mut().zip(outcomes) {
            trial.add(*way, outcome, &[before.0, before.1]);
        }
    }
    let people = trials[0].people();
    let shares: Vec<f64> = draw.ways.iter().map(|way| f64::from(way.weight)).collect();
    // The first way is the one kept out, or what a test compares with.
    let (control, plan) = (0, Plan::default());
    let outcomes = names.into_iter().zip(&trials).map(|(name, trial)| Outcome {
        name: name.to_owned(),
        lifts: trial.lifts(control, plan),
        standing: standing(trial, plan),
    });
    Ok(Drawn {
        step: step.to_owned(),
        purpose: draw.purpose,
        days,
        report: Report {
            arms: draw.ways.iter().map(|way| way.name.clone()).collect(),
            control,
            balance: balance(&people, &shares, plan.looks),
            people,
            outcomes: outcomes.collect(),
            notes: Vec::new(),
            plan,
        },
        left_out,
        running,
    })
}

/// Kept orders from one moment to before another, and what they came to less what came back, in
/// whole units of a currency.
fn spent(orders: &Orders, currency: Currency, from: Timestamp, to: Timestamp) -> (f64, f64) {
    let sales = orders.by_key.values().filter_map(|order| Some((order, order.sale.as_ref()?)));
    let within = sales
        .filter(|(order, sale)| order.kept() && from <= sale.occurred.at && sale.occurred.at < to);
    let unit = 10_f64.powi(i32::from(currency.digits()));
    within.fold((0.0, 0.0), |(number, sum), (order, sale)| {
        let minor = if sale.currency == currency { order.net_minor() } else { 0 };
        #[expect(clippy::cast_precision_loss, reason = "an order is far below 2^53 minor units")]
        let money = minor as f64 / unit;
        (number + 1.0, sum + money)
    })
}

impl Drawn {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut value = self.report.to_json();
        value["step"] = self.step.clone().into();
        value["purpose"] = self.purpose.word().into();
        value["days"] = self.days.into();
        value["left_out"] = self.left_out.into();
        value["still_running"] = self.running.into();
        value
    }
}

/// All draws of a journey as programs read them.
#[must_use]
pub fn trials_json(drawn: &[Drawn]) -> Value {
    json!(drawn.iter().map(Drawn::to_json).collect::<Vec<_>>())
}
