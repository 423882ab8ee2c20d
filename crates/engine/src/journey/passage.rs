//! Passages: how many enrollments came to each step, left the journey there, and went on from it.

use std::collections::BTreeMap;

use super::Enrollment;

/// A step: the journey's name, its version, and the step's number in the flat list. One past the
/// last step is the end.
pub type StepPlace = (String, u64, u32);

/// How many enrollments did what at one step. Who came and neither left nor went on is there now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Passage {
    /// Came to the step.
    pub came: u64,
    /// Left the journey there: its end, its goal, an exit rule, or the person's erasure.
    pub left: u64,
    /// Went on to another step.
    pub done: u64,
}

/// What is to be added to the counts of steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passages(BTreeMap<StepPlace, Passage>);

impl Passages {
    /// The enrollment has come to its step.
    pub fn came(&mut self, enrollment: &Enrollment) {
        self.at(enrollment).came += 1;
    }

    /// The enrollment leaves the journey at its step.
    pub fn left(&mut self, enrollment: &Enrollment) {
        self.at(enrollment).left += 1;
    }

    /// The enrollment goes on from its step.
    pub fn done(&mut self, enrollment: &Enrollment) {
        self.at(enrollment).done += 1;
    }

    /// Adds others.
    pub fn add(&mut self, others: Self) {
        for (place, more) in others.0 {
            let held = self.0.entry(place).or_default();
            held.came += more.came;
            held.left += more.left;
            held.done += more.done;
        }
    }

    /// Whether nothing is to be added.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them, by journey, version and step.
    pub fn iter(&self) -> impl Iterator<Item = (&StepPlace, &Passage)> {
        self.0.iter()
    }

    fn at(&mut self, enrollment: &Enrollment) -> &mut Passage {
        let place = (enrollment.journey.clone(), enrollment.version, enrollment.step);
        self.0.entry(place).or_default()
    }
}
