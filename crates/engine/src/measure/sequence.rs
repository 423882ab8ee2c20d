//! Intervals that stay valid while one looks.
//!
//! A usual 95 % interval is right 95 times in a hundred if one looks once. Whoever looks daily for
//! two months and stops when it excludes zero is fooled about every third time. A confidence
//! sequence is wider, by half or so, and right at all looks together.

/// How many standard errors an interval reaches to either side of an estimate on `people` people,
/// so that all such intervals of a growing trial hold at once with probability `confidence`.
///
/// Tightest where `people` equals `planned`, and hardly wider ten times before or after. `planned`
/// must be chosen before anything is looked at. Infinite for nobody.
///
/// Source: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2021), "Time-uniform central limit
/// theory and asymptotic confidence sequences", eq. (9), and Appendix B.2 for the tuning; the mixture behind it is
/// Robbins's (1970).
///
/// # Panics
/// Unless `0 < confidence < 1` and `planned > 0`: callers have checked both.
#[must_use]
pub fn standard_errors(people: f64, planned: f64, confidence: f64) -> f64 {
    assert!(confidence > 0.0 && confidence < 1.0, "a confidence lies between 0 and 1");
    assert!(planned > 0.0, "a trial is planned for somebody");
    if people <= 0.0 {
        return f64::INFINITY;
    }
    let alpha = 1.0 - confidence;
    let surprise = -2.0 * alpha.ln();
    let tuning = surprise + surprise.max(1.0).ln() + 1.0;
    let time = tuning * people / planned;
    (2.0 * (time + 1.0) / time * ((time + 1.0).sqrt() / alpha).ln()).sqrt()
}

/// How many standard errors an interval reaches to either side for somebody who looks once: the
/// two-sided quantile of the normal distribution, 1.96 for 0.95.
///
/// # Panics
/// Unless `0 < confidence < 1`.
#[must_use]
pub fn single_look(confidence: f64) -> f64 {
    assert!(confidence > 0.0 && confidence < 1.0, "a confidence lies between 0 and 1");
    let outside = |z: f64| libm::erfc(z / std::f64::consts::SQRT_2);
    let (mut low, mut high) = (0.0, 40.0);
    for _ in 0..80 {
        let middle = (low + high) / 2.0;
        if outside(middle) > 1.0 - confidence { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

#[cfg(test)]
mod tests {
    use super::{single_look, standard_errors};

    #[test]
    fn an_interval_is_wider_than_a_single_look_needs_but_not_much() {
        let at_plan = standard_errors(10_000.0, 10_000.0, 0.95);
        assert!((3.0..3.1).contains(&at_plan), "{at_plan}");
        for people in [1_000.0, 100_000.0] {
            let far = standard_errors(people, 10_000.0, 0.95);
            assert!((at_plan..4.0).contains(&far), "{far}");
        }
        assert!(standard_errors(0.0, 10_000.0, 0.95).is_infinite());
        assert!(standard_errors(10_000.0, 10_000.0, 0.99) > at_plan);
        assert!((single_look(0.95) - 1.959_964).abs() < 1e-6);
    }
}
