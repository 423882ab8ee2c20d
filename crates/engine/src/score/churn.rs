//! Churn risk: the probability that somebody buys nothing within the next weeks, corrected until it
//! says what then happened.
//!
//! The models' own probability is put through a line on log-odds (Platt 1999), fitted on one half of
//! the buyers as they stood some weeks ago; the other half tells how reliable the result is.

use minicbor::{Decode, Encode};

use super::blend::{Blend, Part};
use super::buying::Buying;
use super::census::{Buyer, Census, DAYS_A_WEEK};
use super::climb::{Surface, climb};
use super::holdout::Member;
use super::outlook::Outlook;
use super::shoppers::Shoppers;
use super::special::{ln_one_plus_exp, logistic};
use crate::lots::scattered;

/// The usual horizon: nothing bought in a quarter of a year.
const HORIZON_DAYS: i32 = 90;
/// Bins of the plot.
const BINS: usize = 10;
/// Fewer buyers than this calibrate nothing.
const BUYERS_MIN: usize = 200;

/// A tenth of the buyers, by risk: what was said, and what came.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Bin {
    /// The mean of the risks that were told.
    #[n(0)]
    pub told: f64,
    /// The share that bought nothing.
    #[n(1)]
    pub came: f64,
    /// How many buyers.
    #[n(2)]
    pub buyers: u64,
}

/// How risks are told, and how reliable they are.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Churn {
    /// Days within which nothing is bought.
    #[n(0)]
    pub horizon_days: i32,
    /// Added to the log-odds of the models.
    #[n(1)]
    pub shift: f64,
    /// What the log-odds are multiplied by.
    #[n(2)]
    pub slope: f64,
    /// The plot, on buyers that were not calibrated on, by risk ascending.
    #[n(3)]
    pub bins: Vec<Bin>,
    /// The mean squared difference of risk and what came (Brier 1950), on the same buyers.
    #[n(4)]
    pub brier: f64,
    /// The same of telling everybody the mean.
    #[n(5)]
    pub brier_of_mean: f64,
}

impl Churn {
    /// The risk, in [0, 1], of somebody.
    #[must_use]
    pub fn risk(&self, outlook: &Outlook<'_>) -> f64 {
        self.corrected(odds(outlook, self.horizon_days))
    }

    fn corrected(&self, odds: f64) -> f64 {
        logistic(self.shift + self.slope * odds)
    }
}

/// Log-odds of no order within so many days, as the models have it.
fn odds(outlook: &Outlook<'_>, days: i32) -> f64 {
    let any = outlook.any_order(f64::from(days) / DAYS_A_WEEK).clamp(1e-6, 1.0 - 1e-6);
    ((1.0 - any) / any).ln()
}

/// Calibrates on everybody as they stood a horizon ago. `None`: the history or the crowd is too small.
#[must_use]
pub(super) fn fit(shoppers: &Shoppers, today: i32, members: &[Member]) -> Option<Churn> {
    let (first, _) = shoppers.span()?;
    let horizon_days = HORIZON_DAYS.min((today - first) / 3);
    let outcomes = shoppers.outcomes(today - horizon_days, today);
    if horizon_days < 7 || outcomes.len() < BUYERS_MIN {
        return None;
    }
    let census = Census::of(outcomes.iter().map(|(buyer, _)| *buyer));
    let part = |member: &Member| {
        let fitted = Buying::fit(member.kind, &census)?;
        Some(Part { model: fitted.model, level: member.level })
    };
    let blend = Blend::of(members.iter().map(part).collect::<Option<_>>()?);
    let mut held: Option<(Buyer, f64)> = None;
    let rows: Vec<(f64, bool)> = outcomes
        .iter()
        .map(|(buyer, came)| {
            let known = held.filter(|(same, _)| same == buyer);
            let odds =
                known.map_or_else(|| odds(&blend.outlook(*buyer), horizon_days), |(_, odds)| odds);
            held = Some((*buyer, odds));
            (odds, *came == 0)
        })
        .collect();
    let half = |wanted: u64| {
        let half = move |(at, _): &(usize, &(f64, bool))| scattered(*at as u64) & 1 == wanted;
        rows.iter().enumerate().filter(half).map(|(_, row)| *row).collect::<Vec<_>>()
    };
    let (calibrated, checked) = (half(0), half(1));
    let peak = climb(&Line(&calibrated), [0.0, 0.0]);
    let [shift, slope] = [peak.at[0], peak.at[1].exp()];
    let churn =
        Churn { horizon_days, shift, slope, bins: Vec::new(), brier: 0.0, brier_of_mean: 0.0 };
    Some(checked_on(churn, &checked))
}

fn checked_on(mut churn: Churn, rows: &[(f64, bool)]) -> Churn {
    let mut told: Vec<(f64, f64)> =
        rows.iter().map(|(odds, none)| (churn.corrected(*odds), f64::from(*none))).collect();
    told.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mean = |values: &[(f64, f64)], of: fn(&(f64, f64)) -> f64| {
        values.iter().map(of).sum::<f64>() / values.len().max(1) as f64
    };
    for bin in 0..BINS {
        let part = &told[told.len() * bin / BINS..told.len() * (bin + 1) / BINS];
        if !part.is_empty() {
            let (said, came) = (mean(part, |one| one.0), mean(part, |one| one.1));
            churn.bins.push(Bin { told: said, came, buyers: part.len() as u64 });
        }
    }
    let share = mean(&told, |one| one.1);
    churn.brier = mean(&told, |one| (one.0 - one.1).powi(2));
    churn.brier_of_mean = share * (1.0 - share);
    churn
}

/// The likelihood of a line on log-odds: its shift, and the logarithm of its slope.
struct Line<'r>(&'r [(f64, bool)]);

impl Surface<2> for Line<'_> {
    fn value(&self, at: &[f64; 2]) -> f64 {
        let slope = at[1].exp();
        // A touch of ridge, so that a crowd in which nobody buys has a peak too.
        let ridge = 0.01 * (at[0] * at[0] + at[1] * at[1]);
        let one = |(odds, none): &(f64, bool)| {
            let line = at[0] + slope * odds;
            -ln_one_plus_exp(if *none { -line } else { line })
        };
        self.0.iter().map(one).sum::<f64>() - ridge
    }
}
