//! A measured trial as text for people.

use std::fmt::Write;

use regulars_engine::measure::{Interval, Lift, Looks, Standing, Verdict};
use regulars_server::measure::report::Report;

use crate::words;

/// A measured trial in words.
pub(super) struct Told<'r>(pub(super) &'r Report);

impl Told<'_> {
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        for (arm, people) in self.0.arms.iter().zip(&self.0.people) {
            let control = if *arm == self.0.arms[self.0.control] { "  (control)" } else { "" };
            let _ = writeln!(text, "{arm:<24}{:>12}{control}", words::count(*people, "person"));
        }
        let probability = self.0.balance.probability;
        let _ = if self.0.balance.broken() {
            writeln!(
                text,
                "The arms are not of the sizes that were planned (p = {probability:.2e}): assignment or counting is broken, and nothing below can be believed."
            )
        } else {
            writeln!(text, "The arms are of the sizes that were planned (p = {probability:.2}).")
        };
        let statements = self.0.arms.len() - 1;
        if statements > 1 {
            let _ = writeln!(
                text,
                "{statements} comparisons with the control hold together, so that each is given more room than one alone."
            );
        }
        for outcome in &self.0.outcomes {
            let _ = writeln!(text, "\n{}", outcome.name);
            for lift in &outcome.lifts {
                self.tell(&mut text, lift);
            }
            if self.0.arms.len() > 2 {
                let _ = match outcome.standing {
                    Standing::TooEarly => writeln!(text, "  Too early to say which is best."),
                    Standing::Open { leader } => writeln!(
                        text,
                        "  \"{}\" leads; it is not sure that it is best.",
                        self.0.arms[leader]
                    ),
                    Standing::Decided { winner } => {
                        let stop = match self.0.plan.looks {
                            Looks::Any => ": the test may stop",
                            Looks::Once => "",
                        };
                        writeln!(text, "  \"{}\" is surely best{stop}.", self.0.arms[winner])
                    }
                };
            }
        }
        text.trim_end().to_owned()
    }

    fn tell(&self, text: &mut String, lift: &Lift) {
        let arm = &self.0.arms[lift.arm];
        let control = &self.0.arms[self.0.control];
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
        // 99.9 % is no 100 %.
        let sure = (self.0.plan.confidence * 100_000.0).round() / 1_000.0;
        let looks = match self.0.plan.looks {
            Looks::Any => "at every look",
            Looks::Once => "at a single look",
        };
        let _ = writeln!(
            text,
            "    lift {:+.5}, between {low:+.5} and {high:+.5} ({sure} %, {looks})",
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

fn figure(mean: f64) -> String {
    format!("{mean:.5}")
}
