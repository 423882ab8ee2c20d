//! Smooth functions that every read asks again, as short sums of Chebyshev polynomials: an
//! expectation that takes a series of a hundred terms is read off in twenty multiplications.
//!
//! Source: Trefethen (2013), "Approximation Theory and Approximation Practice": the interpolant in
//! Chebyshev points of a function that is analytic around the interval is off by no more than a
//! small multiple of the coefficients that are left out, and these fall like a geometric series.

use std::f64::consts::PI;

/// Points that a function is looked at, and the most coefficients of a curve.
const POINTS: usize = 32;
/// What may be left out, relative to the least value of the function.
const LEFT_OUT_MAX: f64 = 1e-13;

/// A function between 0 and `span`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Curve {
    span: f64,
    coefficients: Box<[f64]>,
}

impl Curve {
    /// The most that a curve is off, relative to the function.
    pub(super) const ERROR_MAX: f64 = 1e-10;

    /// Draws a positive function. `None`: so few points do not tell it to [`Curve::ERROR_MAX`].
    pub(super) fn of(span: f64, function: impl Fn(f64) -> f64) -> Option<Self> {
        let nodes: [f64; POINTS] =
            std::array::from_fn(|k| (PI * (k as f64 + 0.5) / POINTS as f64).cos());
        let values = nodes.map(|node| function(span * (node + 1.0) / 2.0));
        let least = values.iter().copied().fold(f64::INFINITY, f64::min);
        if !(least > 0.0 && values.iter().all(|value| value.is_finite())) {
            return None;
        }
        let cosines: [f64; 4 * POINTS] =
            std::array::from_fn(|m| (PI * m as f64 / (2 * POINTS) as f64).cos());
        let coefficient = |j: usize| {
            let each = values.iter().enumerate();
            let sum: f64 =
                each.map(|(k, value)| value * cosines[j * (2 * k + 1) % (4 * POINTS)]).sum();
            sum * if j == 0 { 1.0 } else { 2.0 } / POINTS as f64
        };
        let mut coefficients: Vec<f64> = (0..POINTS).map(coefficient).collect();
        let mut left_out = 0.0;
        while let Some(last) = coefficients.last() {
            left_out += last.abs();
            if left_out > LEFT_OUT_MAX * least {
                break;
            }
            coefficients.pop();
        }
        // What has not died away before the last points goes on behind them.
        let tail: f64 = coefficients.iter().skip(POINTS - 4).map(|one| one.abs()).sum();
        let settled = tail <= Self::ERROR_MAX / 20.0 * least;
        settled.then(|| Self { span, coefficients: coefficients.into() })
    }

    /// The function at `x`; `None`: beyond what was drawn.
    pub(super) fn at(&self, x: f64) -> Option<f64> {
        if !(0.0..=self.span).contains(&x) {
            return None;
        }
        // Clenshaw's recurrence (1955).
        let u = 4.0 * x / self.span - 2.0;
        let (mut one, mut two) = (0.0, 0.0);
        let (first, rest) = self.coefficients.split_first()?;
        for coefficient in rest.iter().rev() {
            (one, two) = (u * one + (coefficient - two), one);
        }
        Some(u / 2.0 * one + (first - two))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_is_the_function_it_was_drawn_of() {
        let functions: [fn(f64) -> f64; 4] =
            [|x| x.exp(), |x| 1.0 / (1.0 + x), |x| (2.0 - x).powf(-0.3), |_| 3.0];
        for function in functions {
            let curve = Curve::of(0.75, function).unwrap();
            for step in 0..=300 {
                let x = 0.75 * f64::from(step) / 300.0;
                let (found, right) = (curve.at(x).unwrap(), function(x));
                assert!((found / right - 1.0).abs() <= Curve::ERROR_MAX, "{found} is not {right}");
            }
        }
        assert_eq!(Curve::of(0.75, f64::exp).unwrap().at(0.76), None);
    }

    #[test]
    fn what_few_points_do_not_tell_is_no_curve() {
        assert_eq!(Curve::of(1.0, |x| 1.0 + (x - 0.3).abs()), None, "a corner");
        assert_eq!(Curve::of(1.0, |x| 1.0 / (x - 1.01).abs()), None, "a pole nearby");
        assert_eq!(Curve::of(1.0, |x| x - 0.5), None, "below nothing");
    }
}
