//! A lift as text for people and JSON for programs.

use std::fmt::Write;

use regulars_engine::measure::{Balance, Interval, Lift, Plan, Standing, Verdict};
use serde_json::{Value, json};

use crate::words;

/// A measured trial.
pub(super) struct Report {
    pub(super) arms: Vec<String>,
    pub(super) control: usize,
    pub(super) people: Vec<u64>,
    pub(super) balance: Balance,
    pub(super) outcomes: Vec<Outcome>,
    pub(super) notes: Vec<String>,
    pub(super) plan: Plan,
}

/// One outcome of it.
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) lifts: Vec<Lift>,
    pub(super) standing: Standing,
}

impl Report {
    pub(super) fn json(&self) -> Value {
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
            "verdict": word(lift.verdict),
        })
    }

    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for (arm, people) in self.arms.iter().zip(&self.people) {
            let control = if *arm == self.arms[self.control] { "  (control)" } else { "" };
            let _ = writeln!(text, "{arm:<24}{:>12}{control}", words::count(*people, "person"));
        }
        let probability = self.balance.probability;
        let _ = if self.balance.broken() {
            writeln!(
                text,
                "The arms are not of the sizes that were planned (p = {probability:.2e}): assignment or counting is broken, and nothing below can be believed."
            )
        } else {
            writeln!(text, "The arms are of the sizes that were planned (p = {probability:.2}).")
        };
        for outcome in &self.outcomes {
            let _ = writeln!(text, "\n{}", outcome.name);
            for lift in &outcome.lifts {
                self.tell(&mut text, lift);
            }
            if self.arms.len() > 2 {
                let _ = match outcome.standing {
                    Standing::TooEarly => writeln!(text, "  Too early to say which is best."),
                    Standing::Open { leader } => writeln!(
                        text,
                        "  \"{}\" leads; it is not sure that it is best.",
                        self.arms[leader]
                    ),
                    Standing::Decided { winner } => writeln!(
                        text,
                        "  \"{}\" is surely best: the test may stop.",
                        self.arms[winner]
                    ),
                };
            }
        }
        text.trim_end().to_owned()
    }

    fn tell(&self, text: &mut String, lift: &Lift) {
        let arm = &self.arms[lift.arm];
        let control = &self.arms[self.control];
        let _ = writeln!(
            text,
            "  {arm}: {} a person, against {}",
            figure(lift.means.0),
            figure(lift.means.1)
        );
        if let Verdict::TooEarly { people, responses } = lift.verdict {
            let _ = writeln!(
                text,
                "    too early: it takes {} more in an arm, and {} more with an outcome",
                words::count(people, "person"),
                words::number(responses)
            );
            return;
        }
        let Interval { low, high } = lift.interval;
        let sure = self.plan.confidence * 100.0;
        let _ = writeln!(
            text,
            "    lift {:+.5}, between {low:+.5} and {high:+.5} ({sure:.0} %, at every look)",
            lift.difference
        );
        if let Some(relative) = lift.relative {
            let Interval { low, high } = relative.interval;
            let _ = writeln!(
                text,
                "    that is {:+.1} % of \"{control}\", between {:+.1} % and {:+.1} %",
                relative.value * 100.0,
                low * 100.0,
                high * 100.0
            );
        }
        if lift.variance_taken > 0.0005 {
            let _ = writeln!(
                text,
                "    what was known before takes away {:.1} % of the variance",
                lift.variance_taken * 100.0
            );
        }
        let says = match lift.verdict {
            Verdict::Higher => "surely more than the control",
            Verdict::Lower => "surely less than the control",
            Verdict::NotTold | Verdict::TooEarly { .. } => "it may be chance",
        };
        let _ = writeln!(text, "    {says}");
    }
}

fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::TooEarly { .. } => "too_early",
        Verdict::Higher => "higher",
        Verdict::Lower => "lower",
        Verdict::NotTold => "not_told",
    }
}

fn figure(mean: f64) -> String {
    format!("{mean:.5}")
}
