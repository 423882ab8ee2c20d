//! Holdouts that the program cuts itself: every model forgets the latest part of the history,
//! forecasts it, and is compared with what came. What does not beat a plain rate is not used.
//!
//! Three cuts, half, two thirds of a half and a quarter of the history long (the longest a year at
//! most), so that one season does not decide. In the longest, which is nearest to what is asked of a
//! forecast, each model's level is taken: what came, by what it expected. Forecasts are the mean of
//! all models that beat the plain rate, each at its level: combined forecasts are better than the one
//! that happened to win (Bates & Granger 1969, "The combination of forecasts").

use minicbor::{Decode, Encode};

use super::buying::{Buying, BuyingKind};
use super::census::{Buyer, DAYS_A_WEEK};
use super::shoppers::Shoppers;

/// How far one model was off in one cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub struct Measured {
    /// Buyers compared.
    #[n(0)]
    pub buyers: u64,
    /// Orders that came.
    #[n(1)]
    pub came: f64,
    /// Orders that were expected.
    #[n(2)]
    pub expected: f64,
    /// The mean of what each forecast was off by.
    #[n(3)]
    pub absolute_error: f64,
    /// The root of the mean of its square.
    #[n(4)]
    pub square_error: f64,
    /// Correlation of forecasts with what came; 0 where either is the same for everybody.
    #[n(5)]
    pub correlation: f64,
}

impl Measured {
    /// Compares forecasts with what came, one pair a buyer.
    pub fn of(pairs: impl Iterator<Item = (f64, f64)>) -> Self {
        let (mut n, mut sums) = (0_u64, [0.0_f64; 6]);
        for (forecast, came) in pairs {
            n += 1;
            let off = forecast - came;
            let one = [forecast, came, off.abs(), off * off, forecast * forecast, came * came];
            for (sum, part) in sums.iter_mut().zip(one) {
                *sum += part;
            }
        }
        let [expected, came, absolute, squares, forecasts2, came2] = sums;
        let count = (n as f64).max(1.0);
        // Σ (f - c)² = Σ f² + Σ c² - 2 Σ f c.
        let products = (forecasts2 + came2 - squares) / 2.0;
        let spread = |sum: f64, squares: f64| (squares - sum * sum / count).max(0.0).sqrt();
        let both = spread(expected, forecasts2) * spread(came, came2);
        let correlation =
            if both > 1e-12 { (products - expected * came / count) / both } else { 0.0 };
        Self {
            buyers: n,
            came,
            expected,
            absolute_error: absolute / count,
            square_error: (squares / count).sqrt(),
            correlation,
        }
    }

    /// By which share the sum of the forecasts is off: below 0, too little was expected.
    #[must_use]
    pub fn total_error(&self) -> f64 {
        if self.came > 0.0 { self.expected / self.came - 1.0 } else { 0.0 }
    }
}

/// One model in one cut.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Trial {
    /// Which.
    #[n(0)]
    pub kind: BuyingKind,
    /// How far it was off.
    #[n(1)]
    pub measured: Measured,
}

/// One cut: what was known up to a day, and what came after it.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Cut {
    /// The last day that the models knew, from 1970-01-01.
    #[n(0)]
    pub known_to: i32,
    /// The last day they were compared on.
    #[n(1)]
    pub until: i32,
    /// The models.
    #[n(2)]
    pub trials: Vec<Trial>,
}

/// A model that takes part in forecasts.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Member {
    /// Which.
    #[n(0)]
    pub kind: BuyingKind,
    /// What came by what it expected in the longest cut, between a half and two.
    #[n(1)]
    pub level: f64,
}

/// What the cuts say together.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Comparison {
    /// The cuts, the longest first; none where the history is too short to check anything.
    #[n(0)]
    pub cuts: Vec<Cut>,
    /// The models that beat the plain rate in the longest cut; the plain rate alone if none does.
    #[n(1)]
    pub members: Vec<Member>,
}

/// The shortest history that can be cut at all.
const HISTORY_DAYS_MIN: i32 = 28;
/// Nobody plans further ahead.
const CUT_DAYS_MAX: i32 = 364;
/// Fewer buyers than this in a cut tell nothing.
const BUYERS_MIN: usize = 50;

/// Compares the models on the purchases up to the end of `until`. Of a history shorter than four
/// weeks, or of fewer than fifty buyers, nothing is said: all models take part, unchecked.
#[must_use]
pub fn compare(shoppers: &Shoppers, until: i32, progress: &mut dyn FnMut()) -> Comparison {
    let history = shoppers.span().map_or(0, |(first, _)| until - first);
    let longest = (history / 2).min(CUT_DAYS_MAX);
    let mut cuts = Vec::new();
    for days in [longest, longest * 2 / 3, longest / 2] {
        if history >= HISTORY_DAYS_MIN {
            cuts.extend(cut(shoppers, until - days, until));
        }
        progress();
    }
    let members = members(cuts.first());
    Comparison { cuts, members }
}

fn cut(shoppers: &Shoppers, known_to: i32, until: i32) -> Option<Cut> {
    let outcomes = shoppers.outcomes(known_to, until);
    if outcomes.len() < BUYERS_MIN {
        return None;
    }
    let census = super::census::Census::of(outcomes.iter().map(|(buyer, _)| *buyer));
    let weeks = f64::from(until - known_to) / DAYS_A_WEEK;
    let mut trials = Vec::new();
    for kind in BuyingKind::ALL {
        let Some(fitted) = Buying::fit(kind, &census) else { continue };
        let measured = measure(&outcomes, |buyer| fitted.model.expected_orders(buyer, weeks));
        trials.push(Trial { kind, measured });
    }
    Some(Cut { known_to, until, trials })
}

/// Compares one forecast a buyer, asked once for all who stood alike.
pub(super) fn measure(outcomes: &[(Buyer, u16)], forecast: impl Fn(Buyer) -> f64) -> Measured {
    let mut held: Option<(Buyer, f64)> = None;
    Measured::of(outcomes.iter().map(|(buyer, came)| {
        let expected = match held {
            Some((same, expected)) if same == *buyer => expected,
            Some(_) | None => forecast(*buyer),
        };
        held = Some((*buyer, expected));
        (expected, f64::from(*came))
    }))
}

fn members(longest: Option<&Cut>) -> Vec<Member> {
    let Some(longest) = longest else {
        let models = BuyingKind::ALL.into_iter().filter(|kind| *kind != BuyingKind::PlainRate);
        return models.map(|kind| Member { kind, level: 1.0 }).collect();
    };
    let of = |trial: &Trial| {
        let Measured { came, expected, .. } = trial.measured;
        let level = if expected > 0.0 { (came / expected).clamp(0.5, 2.0) } else { 1.0 };
        Member { kind: trial.kind, level }
    };
    let plain = longest.trials.iter().find(|trial| trial.kind == BuyingKind::PlainRate);
    let bound = plain.map_or(f64::INFINITY, |plain| plain.measured.square_error);
    let better = |trial: &&Trial| trial.measured.square_error < bound;
    let members: Vec<Member> = longest.trials.iter().filter(better).map(of).collect();
    if members.is_empty() { plain.map(of).into_iter().collect() } else { members }
}
