//! How well clusters agree with a truth that is known, pair by pair.

use std::collections::BTreeMap;

/// Shares of pairs.
pub(super) struct Measure {
    /// Of the pairs that were joined, how many are right.
    pub(super) precision: f64,
    /// Of the pairs that are right, how many were joined.
    pub(super) recall: f64,
}

impl Measure {
    pub(super) fn of(truth: &[String], clusters: &[u32]) -> Self {
        let mut right: BTreeMap<&str, u64> = BTreeMap::new();
        let mut found: BTreeMap<u32, u64> = BTreeMap::new();
        let mut both: BTreeMap<(&str, u32), u64> = BTreeMap::new();
        for (truth, cluster) in truth.iter().zip(clusters) {
            *right.entry(truth).or_default() += 1;
            *found.entry(*cluster).or_default() += 1;
            *both.entry((truth, *cluster)).or_default() += 1;
        }
        let pairs = |counts: &mut dyn Iterator<Item = &u64>| {
            counts.map(|count| count * (count - 1) / 2).sum::<u64>()
        };
        let both = pairs(&mut both.values());
        let share = |of: u64| if of == 0 { 1.0 } else { ratio(both, of) };
        Self {
            precision: share(pairs(&mut found.values())),
            recall: share(pairs(&mut right.values())),
        }
    }

    /// The harmonic mean of both.
    pub(super) fn f1(&self) -> f64 {
        let sum = self.precision + self.recall;
        if sum == 0.0 { 0.0 } else { 2.0 * self.precision * self.recall / sum }
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of pairs stay far below 2^53")]
fn ratio(part: u64, whole: u64) -> f64 {
    part as f64 / whole as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_counted() {
        let truth: Vec<String> = ["a", "a", "a", "b"].map(str::to_owned).to_vec();
        let measure = Measure::of(&truth, &[0, 0, 2, 2]);
        assert!(
            (measure.precision - 0.5).abs() < 1e-9 && (measure.recall - 1.0 / 3.0).abs() < 1e-9
        );
    }
}
