//! What is taken out of an outcome because it was known before anybody was assigned.

use super::moments::Moments;

/// A column that the others explain to within this share of its variance says nothing of its own.
const LEAST_OWN_SHARE: f64 = 1e-9;

/// The slopes of the outcome on what was known before, pooled within the arms.
///
/// Taking `slope · known` out of each outcome leaves the difference between arms as it is, since
/// chance assigned them, and makes it more exact. Slopes are pooled within arms, so that an effect
/// does not leak into them. Source: Deng, Xu, Kohavi & Walker (2013), "Improving the sensitivity
/// of online controlled experiments by utilizing pre-experiment data" (CUPED), WSDM.
///
/// Solves the normal equations by Cholesky's method; a column that is constant, or that earlier
/// columns already tell, gets the slope 0.
pub(super) fn slopes(arms: &[&Moments]) -> Vec<f64> {
    let known = arms.first().map_or(0, |arm| arm.means.len().saturating_sub(1));
    let pooled = |i: usize, j: usize| arms.iter().map(|arm| arm.product(i, j)).sum::<f64>();
    let mut lower = vec![0.0; known * known];
    let mut used = vec![false; known];
    for i in 0..known {
        for j in 0..=i {
            let below: f64 = (0..j).map(|k| lower[i * known + k] * lower[j * known + k]).sum();
            let rest = pooled(i + 1, j + 1) - below;
            if i == j {
                used[i] = rest > LEAST_OWN_SHARE * pooled(i + 1, i + 1) && rest > 0.0;
                lower[i * known + i] = if used[i] { rest.sqrt() } else { 0.0 };
            } else if used[j] {
                lower[i * known + j] = rest / lower[j * known + j];
            }
        }
    }
    let mut forward = vec![0.0; known];
    for i in (0..known).filter(|i| used[*i]) {
        let below: f64 = (0..i).map(|k| lower[i * known + k] * forward[k]).sum();
        forward[i] = (pooled(0, i + 1) - below) / lower[i * known + i];
    }
    let mut slopes = vec![0.0; known];
    for i in (0..known).rev().filter(|i| used[*i]) {
        let above: f64 = (i + 1..known).map(|k| lower[k * known + i] * slopes[k]).sum();
        slopes[i] = (forward[i] - above) / lower[i * known + i];
    }
    slopes
}
