//! Lift: the difference that being assigned to an arm made, with an interval.

use super::adjust::slopes;
use super::moments::{Moments, count};
use super::sequence::{single_look, standard_errors};

/// What was laid down before anybody looked.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// About how many people will be assigned, over all arms; see [`standard_errors`].
    pub people: u64,
    /// How sure all statements about a trial are together, between 0 and 1.
    pub confidence: f64,
    /// How often somebody looks.
    pub looks: Looks,
}

/// How often somebody looks at a trial that may still grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looks {
    /// As often as they like, and they may stop on any day.
    Any,
    /// Once, at its end, which was laid down before anybody looked.
    Once,
}

impl Plan {
    /// Without a plan, a middling trial of a middling shop.
    pub const PEOPLE: u64 = 10_000;
    /// The usual confidence.
    pub const CONFIDENCE: f64 = 0.95;
}

impl Default for Plan {
    fn default() -> Self {
        Self { people: Self::PEOPLE, confidence: Self::CONFIDENCE, looks: Looks::Any }
    }
}

/// What became of people who were assigned by chance, by arm. Everybody who was assigned counts in
/// the arm of the assignment, whether or not a message reached them.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    arms: Vec<Gathered>,
    known: usize,
}

#[derive(Clone, Debug, PartialEq)]
struct Gathered {
    moments: Moments,
    /// People with an outcome that is not nothing.
    responded: u64,
}

/// An interval, ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Its lower end.
    pub low: f64,
    /// Its upper end.
    pub high: f64,
}

impl Interval {
    /// Whether a value lies in it.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }
}

/// A difference as a share of the control's mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Relative {
    /// 0.1 is ten per cent more than the control.
    pub value: f64,
    /// Where it lies.
    pub interval: Interval,
}

/// What a comparison says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Too few people for any statement.
    TooEarly {
        /// The arm that has least needs so many more people; 0 where it is responses that lack.
        people: u64,
        /// So many more people with an outcome, over both arms.
        responses: u64,
    },
    /// Surely more than the control.
    Higher,
    /// Surely less than the control.
    Lower,
    /// The interval holds zero.
    NotTold,
}

/// An arm compared with the control.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lift {
    /// The arm's number.
    pub arm: usize,
    /// People in the arm, and in the control.
    pub people: (u64, u64),
    /// People with an outcome that is not nothing, in the arm, and in the control.
    pub responded: (u64, u64),
    /// The mean outcome in the arm, and in the control, as they are.
    pub means: (f64, f64),
    /// What being assigned to the arm changed for a person on average, after taking out what was
    /// known before.
    pub difference: f64,
    /// Its standard error.
    pub standard_error: f64,
    /// Where it lies, at all looks that the plan allows; infinite while it is too early.
    pub interval: Interval,
    /// Where it lies for somebody who looks once, on a day laid down before; nobody else may use it.
    pub single_look: Interval,
    /// The difference as a share of the control's mean; `None` while it is too early, or where the
    /// control's mean is not surely above zero.
    pub relative: Option<Relative>,
    /// The share of variance that what was known before has taken away, 0 to 1: 0.5 is worth as
    /// much as twice the people.
    pub variance_taken: f64,
    /// What it says.
    pub verdict: Verdict,
}

impl Trial {
    /// Fewer people than this in an arm say nothing: the intervals rest on sums being normal.
    pub const PEOPLE_MIN: u64 = 100;
    /// Fewer people with an outcome than this, over both arms, say nothing either.
    pub const RESPONSES_MIN: u64 = 20;
    /// The most columns of what was known before.
    pub const KNOWN_MAX: usize = 50;

    /// A trial of so many arms, with so many numbers known of each person before.
    ///
    /// # Panics
    /// If `known` is over [`Trial::KNOWN_MAX`].
    #[must_use]
    pub fn of_arms(arms: usize, known: usize) -> Self {
        assert!(known <= Self::KNOWN_MAX, "at most {} columns are used", Self::KNOWN_MAX);
        let none = Gathered { moments: Moments::of_columns(known + 1), responded: 0 };
        Self { arms: vec![none; arms], known }
    }

    /// Adds a person: the arm of the assignment, the outcome, what was known before.
    ///
    /// # Panics
    /// If there is no such arm, or the numbers known are not as many as announced.
    pub fn add(&mut self, arm: usize, outcome: f64, known: &[f64]) {
        let mut row = Vec::with_capacity(self.known + 1);
        row.push(outcome);
        row.extend_from_slice(known);
        let arm = &mut self.arms[arm];
        arm.moments.add(&row);
        arm.responded += u64::from(outcome != 0.0);
    }

    /// Adds the people of another trial of the same shape.
    ///
    /// # Panics
    /// If it has another shape.
    pub fn merge(&mut self, other: &Self) {
        assert_eq!((self.arms.len(), self.known), (other.arms.len(), other.known), "one shape");
        for (arm, other) in self.arms.iter_mut().zip(&other.arms) {
            arm.moments.merge(&other.moments);
            arm.responded += other.responded;
        }
    }

    /// People by arm.
    #[must_use]
    pub fn people(&self) -> Vec<u64> {
        self.arms.iter().map(|arm| arm.moments.rows).collect()
    }

    /// Each arm beside the control, compared with it, in the order of the arms. All statements
    /// together hold with the plan's confidence, at all looks that it allows.
    ///
    /// # Panics
    /// If there is no such arm as `control`.
    #[must_use]
    pub fn lifts(&self, control: usize, plan: Plan) -> Vec<Lift> {
        let others = self.arms.len().saturating_sub(1);
        (0..self.arms.len())
            .filter(|arm| *arm != control)
            .map(|arm| self.compare((arm, control), others, plan))
            .collect()
    }

    /// Compares two arms, as one of so many `statements` that are to hold together (Bonferroni).
    ///
    /// # Panics
    /// If there is no such arm.
    #[must_use]
    pub fn compare(&self, (arm, control): (usize, usize), statements: usize, plan: Plan) -> Lift {
        let (treated, kept) = (&self.arms[arm], &self.arms[control]);
        let moments: Vec<&Moments> = self.arms.iter().map(|arm| &arm.moments).collect();
        let slopes = slopes(&moments);
        let adjusted = |arm: &Gathered| {
            let means = &arm.moments.means;
            means[0] - slopes.iter().zip(&means[1..]).map(|(slope, mean)| slope * mean).sum::<f64>()
        };
        let error = |slopes: &[f64]| {
            let of = |arm: &Gathered| {
                arm.moments.residual_variance(slopes) / count(arm.moments.rows.max(1))
            };
            of(treated) + of(kept)
        };
        let difference = adjusted(treated) - adjusted(kept);
        let (plain, variance) = (error(&[]), error(&slopes));
        let people = (treated.moments.rows, kept.moments.rows);
        let responded = (treated.responded, kept.responded);
        let early = too_early(people, responded);
        let confidence = 1.0 - (1.0 - plan.confidence) / count_of(statements.max(1));
        let once = if early.is_some() { f64::INFINITY } else { single_look(confidence) };
        let reach = match plan.looks {
            Looks::Any if early.is_none() => {
                standard_errors(count(people.0 + people.1), count(plan.people.max(1)), confidence)
            }
            Looks::Any | Looks::Once => once,
        };
        let standard_error = variance.sqrt();
        let interval = around(difference, standard_error * reach);
        Lift {
            arm,
            people,
            responded,
            means: (treated.moments.means[0], kept.moments.means[0]),
            difference,
            standard_error,
            interval,
            single_look: around(difference, standard_error * once),
            relative: relative(difference, variance, (kept, &slopes), reach),
            variance_taken: if plain > 0.0 {
                (1.0 - variance / plain).clamp(0.0, 1.0)
            } else {
                0.0
            },
            verdict: early.unwrap_or_else(|| verdict(interval)),
        }
    }
}

/// An outcome that nobody has, or everybody, makes a reach of nothing: that is no certainty.
fn around(middle: f64, reach: f64) -> Interval {
    if reach.is_finite() && reach > 0.0 {
        Interval { low: middle - reach, high: middle + reach }
    } else {
        Interval { low: f64::NEG_INFINITY, high: f64::INFINITY }
    }
}

fn verdict(interval: Interval) -> Verdict {
    if interval.low > 0.0 {
        Verdict::Higher
    } else if interval.high < 0.0 {
        Verdict::Lower
    } else {
        Verdict::NotTold
    }
}

fn too_early(people: (u64, u64), responded: (u64, u64)) -> Option<Verdict> {
    let people = Trial::PEOPLE_MIN.saturating_sub(people.0.min(people.1));
    let responses = Trial::RESPONSES_MIN.saturating_sub(responded.0 + responded.1);
    (people > 0 || responses > 0).then_some(Verdict::TooEarly { people, responses })
}

/// The difference as a share of the control's mean, with the interval of all shares that the means
/// do not rule out. The control's mean is itself only known so well, and moves against the
/// difference; so the interval holds zero exactly where that of the difference does.
///
/// Source: Fieller (1954), Journal of the Royal Statistical Society B 16(2).
fn relative(
    difference: f64,
    variance: f64,
    (control, slopes): (&Gathered, &[f64]),
    reach: f64,
) -> Option<Relative> {
    let mean = control.moments.means[0];
    let people = count(control.moments.rows.max(1));
    let of_mean = control.moments.residual_variance(&[]) / people;
    let in_common = control.moments.residual_variance(slopes) / people;
    let squared = reach * reach;
    let curve = mean * mean - squared * of_mean;
    if !reach.is_finite() || mean <= 0.0 || curve <= 0.0 {
        return None;
    }
    let half = difference * mean + squared * in_common;
    let width = half * half - curve * (difference * difference - squared * variance);
    let (middle, reach) = (half / curve, width.max(0.0).sqrt() / curve);
    Some(Relative { value: difference / mean, interval: around(middle, reach) })
}

fn count_of(n: usize) -> f64 {
    count(u64::try_from(n).unwrap_or(u64::MAX))
}
