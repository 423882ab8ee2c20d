//! A measured trial as programs read it.

use regulars_engine::measure::{Balance, Interval, Lift, Plan, Standing, Verdict};
use serde_json::{Value, json};

/// A measured trial.
#[derive(Clone, Debug)]
pub struct Report {
    /// The arms' names.
    pub arms: Vec<String>,
    /// The number of the arm that the others are compared with.
    pub control: usize,
    /// People by arm.
    pub people: Vec<u64>,
    /// How the arms' sizes fit the plan.
    pub balance: Balance,
    /// What was measured.
    pub outcomes: Vec<Outcome>,
    /// What is to be known beside it.
    pub notes: Vec<String>,
    /// What was laid down before anybody looked.
    pub plan: Plan,
}

/// One outcome of a trial.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its name.
    pub name: String,
    /// Each arm beside the control.
    pub lifts: Vec<Lift>,
    /// How a test of several arms stands.
    pub standing: Standing,
}

impl Report {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let arms: Vec<Value> = (self.arms.iter().zip(&self.people))
            .map(|(arm, people)| json!({ "arm": arm, "people": people }))
            .collect();
        json!({
            "arms": arms,
            "control": self.arms[self.control],
            "confidence": self.plan.confidence,
            "planned": self.plan.people,
            "shares_probability": self.balance.probability,
            "shares_broken": self.balance.broken(),
            "outcomes": self.outcomes.iter().map(|outcome| self.outcome_json(outcome)).collect::<Vec<_>>(),
            "notes": self.notes,
        })
    }

    fn outcome_json(&self, outcome: &Outcome) -> Value {
        let lifts: Vec<Value> = outcome.lifts.iter().map(|lift| self.lift_json(lift)).collect();
        let mut value = json!({ "outcome": outcome.name, "lifts": lifts });
        if self.arms.len() > 2 {
            let (word, arm) = match outcome.standing {
                Standing::TooEarly => ("too_early", None),
                Standing::Open { leader } => ("open", Some(leader)),
                Standing::Decided { winner } => ("decided", Some(winner)),
            };
            value["test"] = json!({ "standing": word, "best": arm.map(|arm| &self.arms[arm]) });
        }
        value
    }

    fn lift_json(&self, lift: &Lift) -> Value {
        let ends = |interval: &Interval| match interval.low.is_finite() {
            true => json!([interval.low, interval.high]),
            false => Value::Null,
        };
        json!({
            "arm": self.arms[lift.arm],
            "people": lift.people.0,
            "people_control": lift.people.1,
            "mean": lift.means.0,
            "mean_control": lift.means.1,
            "difference": lift.difference,
            "standard_error": lift.standard_error,
            "interval": ends(&lift.interval),
            "interval_of_a_single_look": ends(&lift.single_look),
            "relative": lift.relative.map(|relative| relative.value),
            "relative_interval": lift.relative.map(|relative| ends(&relative.interval)),
            "variance_taken": lift.variance_taken,
            "verdict": verdict(lift.verdict),
        })
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::TooEarly { .. } => "too_early",
        Verdict::Higher => "higher",
        Verdict::Lower => "lower",
        Verdict::NotTold => "not_told",
    }
}
