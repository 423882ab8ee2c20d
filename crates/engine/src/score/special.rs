//! Functions that the models share, in forms that neither overflow nor cancel for large arguments.

/// The most terms of a series; one that has not settled by then stays as it is, and its model
/// loses to a better one.
const TERMS_MAX: u32 = 20_000;

/// The natural logarithm of the gamma function, for `x` above 0.
pub(super) fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// Gauss's hypergeometric series `2F1(a, b; c; z)` for `0 <= z < 1`.
///
/// Callers bring it into a form (by Euler's transformation) in which its terms have one sign, or
/// nearly, so that nothing cancels. Source: Abramowitz & Stegun (1964), 15.1.1.
pub(super) fn hypergeometric(a: f64, b: f64, c: f64, z: f64) -> f64 {
    1.0 + hypergeometric_less_one(a, b, c, z)
}

/// The same without its first term, for those who take 1 from it.
pub(super) fn hypergeometric_less_one(a: f64, b: f64, c: f64, z: f64) -> f64 {
    let (mut sum, mut term, mut k) = (0.0, 1.0, 0.0);
    for _ in 0..TERMS_MAX {
        term *= (a + k) * (b + k) / ((c + k) * (k + 1.0)) * z;
        sum += term;
        k += 1.0;
        if term.abs() <= 1e-15 * f64::abs(sum) {
            break;
        }
    }
    sum
}

/// `2F1(1, b; c; z)` for `0 <= z < 1` and `c > b > 0`: the series, and Gauss's continued fraction
/// where the series takes its time. Source: NIST Handbook (2010), 15.7.5 with a = 0.
pub(super) fn hypergeometric_of_one(b: f64, c: f64, z: f64) -> f64 {
    if z < 0.8 {
        return hypergeometric(1.0, b, c, z);
    }
    // Each step leaves (1 - √(1-z)) / (1 + √(1-z)) of the error; so many leave 10⁻¹⁵ of it.
    let root = (1.0 - z).max(1e-8).sqrt();
    let steps = (35.0 / ((1.0 + root) / (1.0 - root)).ln()).min(4_000.0);
    let mut fraction = 1.0;
    let mut k = (steps / 2.0).ceil();
    while k >= 0.0 {
        let (even, odd) = (c + 2.0 * k, c + 2.0 * k + 1.0);
        fraction = 1.0 - (k + 1.0) * (c - b + k) / (even * odd) * z / fraction;
        fraction = 1.0 - (b + k) * (c - 1.0 + k) / ((even - 1.0) * even) * z / fraction;
        k -= 1.0;
    }
    1.0 / fraction
}

/// Where `z = 1 - rest` of a hypergeometric function lies when the plane, cut from 1 to infinity, is
/// laid onto the unit disc: functions of `z` are smooth ones of this, and a short sum tells them.
pub(super) fn nome(rest: f64) -> f64 {
    let root = rest.sqrt();
    (1.0 - root) / (1.0 + root)
}

/// The `z` of a [`nome`].
pub(super) fn of_nome(nome: f64) -> f64 {
    4.0 * nome / ((1.0 + nome) * (1.0 + nome))
}

/// Curves are drawn up to here, which is `z` up to 0.94.
pub(super) const NOME_MAX: f64 = 0.6;

/// `ln(1 + exp(x))` without overflow.
pub(super) fn ln_one_plus_exp(x: f64) -> f64 {
    if x > 35.0 { x } else { x.exp().ln_1p() }
}

/// `1 / (1 + exp(-x))`.
pub(super) fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + (-x).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, right: f64) {
        assert!((found - right).abs() <= 1e-12 * right.abs(), "{found} is not {right}");
    }

    #[test]
    fn the_series_agrees_with_closed_forms() {
        // 2F1(1, 1; 2; z) = -ln(1 - z) / z and 2F1(a, b; b; z) = (1 - z)^-a.
        near(hypergeometric(1.0, 1.0, 2.0, 0.5), 2.0 * 2.0_f64.ln());
        near(hypergeometric(1.0, 1.0, 2.0, 0.9), 10.0_f64.ln() / 0.9);
        near(hypergeometric(3.5, 2.0, 2.0, 0.25), 0.75_f64.powf(-3.5));
    }

    #[test]
    fn the_fraction_goes_on_where_the_series_ends() {
        for (b, c) in [(0.55, 3.2), (2.5, 8.0), (30.5, 33.0), (1.6, 2.2)] {
            for z in [0.81, 0.95, 0.99] {
                let (one, other) = (hypergeometric_of_one(b, c, z), hypergeometric(1.0, b, c, z));
                assert!((one / other - 1.0).abs() < 1e-9, "{one} is not {other}");
            }
        }
    }

    #[test]
    fn logarithms_of_large_values_stay_finite() {
        near(ln_one_plus_exp(800.0), 800.0);
        near(ln_one_plus_exp(0.0), 2.0_f64.ln());
        // Stirling, with its first two corrections.
        let x: f64 = 1e6;
        let stirling = (x - 0.5) * x.ln() - x + 0.5 * std::f64::consts::TAU.ln() + 1.0 / (12.0 * x);
        near(ln_gamma(x), stirling);
    }
}
