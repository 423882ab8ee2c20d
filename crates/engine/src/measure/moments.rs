//! Means and co-moments of several columns, one row at a time.

/// The number of rows, the mean of each column, and the sums of products of deviations from the means.
///
/// Source of the update: Welford (1962), Technometrics 4(3); of the merge: Chan, Golub & LeVeque
/// (1983), The American Statistician 37(3).
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Moments {
    /// Rows.
    pub(super) rows: u64,
    /// The mean of each column.
    pub(super) means: Vec<f64>,
    /// Row-major, symmetric: `products[i * columns + j]`.
    products: Vec<f64>,
}

impl Moments {
    /// Nothing yet, of so many columns.
    pub(super) fn of_columns(columns: usize) -> Self {
        Self { rows: 0, means: vec![0.0; columns], products: vec![0.0; columns * columns] }
    }

    /// Adds a row. Cost: the square of the number of columns.
    ///
    /// # Panics
    /// If the row has another number of columns.
    pub(super) fn add(&mut self, row: &[f64]) {
        let columns = self.means.len();
        assert_eq!(row.len(), columns, "a row has the columns it was announced with");
        self.rows += 1;
        let share = 1.0 / count(self.rows);
        let before: Vec<f64> = row.iter().zip(&self.means).map(|(x, mean)| x - mean).collect();
        for (mean, deviation) in self.means.iter_mut().zip(&before) {
            *mean += deviation * share;
        }
        let kept = 1.0 - share;
        for i in 0..columns {
            for j in 0..columns {
                self.products[i * columns + j] += before[i] * before[j] * kept;
            }
        }
    }

    /// Adds the rows of another.
    pub(super) fn merge(&mut self, other: &Self) {
        let columns = self.means.len();
        let (left, right) = (count(self.rows), count(other.rows));
        let all = left + right;
        if all == 0.0 {
            return;
        }
        let apart: Vec<f64> = other.means.iter().zip(&self.means).map(|(b, a)| b - a).collect();
        for i in 0..columns {
            for j in 0..columns {
                let between = apart[i] * apart[j] * (left * right / all);
                self.products[i * columns + j] += other.products[i * columns + j] + between;
            }
        }
        for (mean, apart) in self.means.iter_mut().zip(&apart) {
            *mean += apart * (right / all);
        }
        self.rows += other.rows;
    }

    /// The sum of products of deviations of two columns.
    pub(super) fn product(&self, i: usize, j: usize) -> f64 {
        self.products[i * self.means.len() + j]
    }

    /// The sample variance of `column 0 - Σ slopes[k] · column (k + 1)`; 0 for fewer than two rows.
    pub(super) fn residual_variance(&self, slopes: &[f64]) -> f64 {
        if self.rows < 2 {
            return 0.0;
        }
        let mut sum = self.product(0, 0);
        for (k, slope) in slopes.iter().enumerate() {
            sum -= 2.0 * slope * self.product(0, k + 1);
            for (l, other) in slopes.iter().enumerate() {
                sum += slope * other * self.product(k + 1, l + 1);
            }
        }
        sum.max(0.0) / count(self.rows - 1)
    }
}

/// A count as a number. Exact up to 2^53, far above any number of people.
#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 people")]
pub(super) fn count(n: u64) -> f64 {
    n as f64
}
