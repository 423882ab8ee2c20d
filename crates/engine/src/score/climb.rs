//! Maximum likelihood: Newton's method with Levenberg's and Marquardt's damping, over logarithms of
//! parameters, so that every parameter stays above 0.
//!
//! Deterministic: the same surface gives the same peak, bit by bit, on one machine.

/// The most steps up; a surface that has no peak (a parameter runs off) ends there or at the edge.
const STEPS_MAX: usize = 200;
/// A logarithm beyond this is the edge: a parameter above 10⁶ or below 10⁻⁶ says "infinite" or "none".
const EDGE: f64 = 14.0;
/// A gain that no data can tell from none. So many of them in a row are a ridge, not a peak.
const GAIN_MIN: f64 = 1e-4;
/// See [`GAIN_MIN`].
const SMALL_GAINS_MAX: u32 = 4;
/// No logarithm moves further in one step: a factor of four and a half.
const STRIDE_MAX: f64 = 1.5;

/// What a surface is like at a point: its height, its slope and its curvature.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place<const N: usize> {
    pub(super) value: f64,
    pub(super) gradient: [f64; N],
    pub(super) hessian: [[f64; N]; N],
}

/// A log-likelihood over logarithms of `N` parameters.
pub(super) trait Surface<const N: usize> {
    /// The height.
    fn value(&self, at: &[f64; N]) -> f64;

    /// Whether [`Surface::place`] costs about as much as a height: then no height is asked first.
    const FORMULA: bool = false;

    /// Height, slope and curvature; by central differences where a surface knows no formula.
    fn place(&self, at: &[f64; N]) -> Place<N> {
        const STEP: f64 = 1e-3;
        let moved = |moves: &[(usize, f64)]| {
            let mut there = *at;
            for (index, by) in moves {
                there[*index] += by * STEP;
            }
            self.value(&there)
        };
        let value = self.value(at);
        let (mut gradient, mut hessian) = ([0.0; N], [[0.0; N]; N]);
        for i in 0..N {
            let (up, down) = (moved(&[(i, 1.0)]), moved(&[(i, -1.0)]));
            let (far_up, far_down) = (moved(&[(i, 2.0)]), moved(&[(i, -2.0)]));
            gradient[i] = (8.0 * (up - down) - (far_up - far_down)) / (12.0 * STEP);
            hessian[i][i] =
                (16.0 * (up + down) - (far_up + far_down) - 30.0 * value) / (12.0 * STEP * STEP);
            let beside = |j: usize| {
                let same = moved(&[(i, 1.0), (j, 1.0)]) + moved(&[(i, -1.0), (j, -1.0)]);
                let cross = moved(&[(i, 1.0), (j, -1.0)]) + moved(&[(i, -1.0), (j, 1.0)]);
                (same - cross) / (4.0 * STEP * STEP)
            };
            let mixed: [f64; N] = std::array::from_fn(|j| if j < i { beside(j) } else { 0.0 });
            for (j, bend) in mixed.into_iter().enumerate().take(i) {
                (hessian[i][j], hessian[j][i]) = (bend, bend);
            }
        }
        Place { value, gradient, hessian }
    }
}

/// Where the climb ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peak<const N: usize> {
    /// Logarithms of the parameters.
    pub(super) at: [f64; N],
    /// The height there.
    pub(super) value: f64,
    /// Standard errors of the logarithms; `None` where the surface is flat in some direction.
    pub(super) errors: Option<[f64; N]>,
    /// Whether it is a peak: the slope is level, and no parameter ran to the edge.
    pub(super) settled: bool,
}

/// Climbs from `from` to a peak.
pub(super) fn climb<const N: usize, S: Surface<N>>(surface: &S, from: [f64; N]) -> Peak<N> {
    let mut at = from;
    let mut place = surface.place(&at);
    let mut damping = 1e-3;
    let (mut level, mut small_gains) = (false, 0);
    for _ in 0..STEPS_MAX {
        let Some(step) = uphill(&place, damping) else {
            damping = (damping * 10.0).max(1e-3);
            if damping > 1e12 {
                break;
            }
            continue;
        };
        let promise: f64 = step.iter().zip(&place.gradient).map(|(s, g)| s * g).sum();
        if promise.abs() < 1e-9 {
            level = true;
            break;
        }
        let longest = step.iter().fold(STRIDE_MAX, |longest, s| longest.max(s.abs()));
        let mut there = at;
        for (to, by) in there.iter_mut().zip(&step) {
            *to = (*to + by * STRIDE_MAX / longest).clamp(-EDGE, EDGE);
        }
        let looked = S::FORMULA.then(|| surface.place(&there));
        let reached = looked.map_or_else(|| surface.value(&there), |place| place.value);
        if reached > place.value || (reached - place.value).abs() <= 1e-12 * place.value.abs() {
            let gained = reached - place.value;
            at = there;
            place = looked.unwrap_or_else(|| surface.place(&at));
            damping = (damping / 10.0).max(1e-12);
            if gained <= 1e-11 * place.value.abs() {
                level = true;
                break;
            }
            small_gains = if gained < GAIN_MIN { small_gains + 1 } else { 0 };
            if small_gains > SMALL_GAINS_MAX {
                break;
            }
        } else {
            damping = (damping * 10.0).max(1e-3);
            if damping > 1e12 {
                break;
            }
        }
    }
    let inside = at.iter().all(|parameter| parameter.abs() < EDGE);
    Peak { at, value: place.value, errors: errors(&place), settled: level && inside }
}

/// The step that solves `(-hessian + damping · diagonal) step = gradient`; `None` where that is no hill.
fn uphill<const N: usize>(place: &Place<N>, damping: f64) -> Option<[f64; N]> {
    let mut curvature = [[0.0; N]; N];
    for (i, row) in curvature.iter_mut().enumerate() {
        for (j, cell) in row.iter_mut().enumerate() {
            *cell = -place.hessian[i][j];
        }
        row[i] += damping * row[i].abs().max(1.0);
    }
    let root = cholesky(&curvature)?;
    Some(solve(&root, &place.gradient))
}

/// Standard errors: roots of the diagonal of the inverse of the negative curvature.
fn errors<const N: usize>(place: &Place<N>) -> Option<[f64; N]> {
    let root = cholesky(&place.hessian.map(|row| row.map(|cell| -cell)))?;
    let mut errors = [0.0; N];
    for (index, error) in errors.iter_mut().enumerate() {
        let mut unit = [0.0; N];
        unit[index] = 1.0;
        *error = solve(&root, &unit)[index].sqrt();
    }
    errors.iter().all(|error| error.is_finite()).then_some(errors)
}

/// The lower triangular root of a symmetric matrix; `None` if it is not positive definite.
fn cholesky<const N: usize>(matrix: &[[f64; N]; N]) -> Option<[[f64; N]; N]> {
    let mut root = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..=i {
            let inner: f64 = (0..j).map(|k| root[i][k] * root[j][k]).sum();
            let rest = matrix[i][j] - inner;
            if i == j {
                if rest.is_nan() || rest <= 1e-12 * matrix[i][i].abs() {
                    return None;
                }
                root[i][i] = rest.sqrt();
            } else {
                root[i][j] = rest / root[j][j];
            }
        }
    }
    Some(root)
}

fn solve<const N: usize>(root: &[[f64; N]; N], right: &[f64; N]) -> [f64; N] {
    let mut half = [0.0; N];
    for i in 0..N {
        let inner: f64 = (0..i).map(|k| root[i][k] * half[k]).sum();
        half[i] = (right[i] - inner) / root[i][i];
    }
    let mut whole = [0.0; N];
    for i in (0..N).rev() {
        let inner: f64 = (i + 1..N).map(|k| root[k][i] * whole[k]).sum();
        whole[i] = (half[i] - inner) / root[i][i];
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hill with a known peak at (1, -2), and a plain without any.
    struct Hill;
    impl Surface<2> for Hill {
        fn value(&self, at: &[f64; 2]) -> f64 {
            let (x, y) = (at[0] - 1.0, at[1] + 2.0);
            -(x * x + x * y + 2.0 * y * y) - x.powi(4)
        }
    }
    struct Plain;
    impl Surface<2> for Plain {
        fn value(&self, at: &[f64; 2]) -> f64 {
            -(-at[0]).exp()
        }
    }

    #[test]
    fn a_peak_is_found_and_its_errors_are_known() {
        let peak = climb(&Hill, [5.0, 5.0]);
        assert!(peak.settled);
        assert!((peak.at[0] - 1.0).abs() < 1e-4 && (peak.at[1] + 2.0).abs() < 1e-4, "{peak:?}");
        // The curvature is [[2, 1], [1, 4]]; its inverse has 4/7 and 2/7 on the diagonal.
        let errors = peak.errors.unwrap();
        assert!((errors[0].powi(2) - 4.0 / 7.0).abs() < 1e-3, "{errors:?}");
        assert!((errors[1].powi(2) - 2.0 / 7.0).abs() < 1e-3, "{errors:?}");
    }

    #[test]
    fn a_surface_without_a_peak_is_said_to_have_none() {
        let peak = climb(&Plain, [0.0, 0.0]);
        assert!(peak.errors.is_none());
        assert!(peak.at.iter().all(|parameter| parameter.is_finite()));
    }
}
