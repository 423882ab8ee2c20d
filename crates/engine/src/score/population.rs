//! Everybody, gathered person by person, and the model that is learned from them.

use jiff::tz::TimeZone;

use super::blend::{Blend, Part};
use super::buying::{Buying, BuyingKind, parameters};
use super::census::DAYS_A_WEEK;
use super::churn;
use super::engagement::Learning;
use super::gamma_gamma::{self, Spend};
use super::holdout::{Comparison, compare};
use super::model::{FittedValue, Flow, Forecast, Model, Spenders};
use super::names::HORIZONS;
use super::purchases::{Counting, Purchases, day_of};
use super::rfm::{Fifths, Migration, Raw, RfmGroup};
use super::scorer::{Scorer, outlier};
use super::shoppers::Shoppers;
use super::stage::{TYPICAL_GAP_DAYS, stage};
use crate::condition::Stage;
use crate::event::Currency;
use crate::profile::Profile;
use crate::time::Timestamp;

/// Migrations and flows look back so many days.
pub const LOOK_BACK_DAYS: i32 = 90;
/// How many steps [`Population::fit`] tells of.
pub const FIT_STEPS: u64 = 10;

/// Everybody, as far as models need to know them.
#[derive(Debug)]
pub struct Population {
    now: Timestamp,
    today: i32,
    zone: TimeZone,
    currency: Currency,
    people: u64,
    outliers: u64,
    shoppers: Shoppers,
    kept: Vec<Purchases>,
    spends: Vec<Spend>,
    lookers: u64,
    learning: Learning,
}

impl Population {
    /// Nobody yet; fitted at `now`, with the shop's days and money.
    #[must_use]
    pub fn new(now: Timestamp, zone: TimeZone, currency: Currency) -> Self {
        let today = day_of(now, &zone);
        Self {
            now,
            today,
            zone,
            currency,
            people: 0,
            outliers: 0,
            shoppers: Shoppers::default(),
            kept: Vec::new(),
            spends: Vec::new(),
            lookers: 0,
            learning: Learning::new(now),
        }
    }

    /// Adds a person.
    pub fn push(&mut self, profile: &Profile) {
        self.people += 1;
        let counting = Counting { zone: &self.zone, currency: self.currency };
        let purchases = Purchases::of(&profile.orders, counting, self.now);
        if outlier(profile, &purchases) {
            self.outliers += 1;
            return;
        }
        self.learning.push(&profile.pulse, &purchases);
        if purchases.days.is_empty() {
            self.lookers += 1;
            return;
        }
        self.spends.extend(purchases.spend(self.currency.digits()));
        self.shoppers.push(&purchases);
        self.kept.push(purchases);
    }

    /// Learns everything; `progress` is called [`FIT_STEPS`] times.
    #[must_use]
    pub fn fit(mut self, progress: &mut dyn FnMut()) -> Model {
        let census = self.shoppers.census(self.today);
        let mut fits = Vec::new();
        for kind in BuyingKind::ALL {
            fits.extend(Buying::fit(kind, &census));
            progress();
        }
        let comparison = compare(&self.shoppers, self.today, progress);
        let blend = blend(&fits, &comparison);
        let churn = churn::fit(&self.shoppers, self.today, &comparison.members);
        progress();
        let value = gamma_gamma::fit(&self.spends).map(|fit| FittedValue {
            model: fit.model,
            parameters: parameters(
                ["p", "q", "v"],
                [fit.model.p, fit.model.q, fit.model.v],
                fit.errors,
            ),
            ln_likelihood: fit.ln_likelihood,
            repeaters: self.spends.len() as u64,
        });
        progress();
        let learning = std::mem::replace(&mut self.learning, Learning::new(self.now));
        let model = Model {
            fitted_at: self.now,
            today: self.today,
            currency: self.currency,
            people: self.people,
            buyers: self.shoppers.len() as u64,
            outliers: self.outliers,
            fits,
            comparison,
            blend,
            value,
            mean_value: self.mean_value(),
            churn,
            engagement: learning.finish(),
            fifths: self.fifths(),
            grid: vec![vec![0; 5]; 5],
            groups: Vec::new(),
            migration: Migration::default(),
            stages: Vec::new(),
            flows: Vec::new(),
            typical_gap_days: self.typical_gap(),
            forecasts: Vec::new(),
            spenders: Spenders::default(),
        };
        let model = self.counted(model);
        progress();
        model
    }

    fn mean_value(&self) -> f64 {
        let worth = self.kept.iter().flat_map(|one| &one.days).map(|day| day.net_minor);
        let (mut count, mut sum) = (0_u64, 0.0);
        for minor in worth.filter(|minor| *minor > 0) {
            count += 1;
            sum += minor as f64;
        }
        sum / (count.max(1) as f64) / 10_f64.powi(i32::from(self.currency.digits()))
    }

    fn fifths(&self) -> Fifths {
        let raws: Vec<Raw> = self.kept.iter().filter_map(|one| Raw::of(one, self.today)).collect();
        Fifths::of(&raws)
    }

    fn typical_gap(&self) -> u16 {
        let mut gaps: Vec<i32> = Vec::new();
        for one in self.kept.iter().take(200_000) {
            gaps.extend(one.days.windows(2).map(|two| two[1].day - two[0].day));
        }
        if gaps.len() < 20 {
            return TYPICAL_GAP_DAYS;
        }
        gaps.sort_unstable();
        u16::try_from(gaps[gaps.len() / 2]).unwrap_or(TYPICAL_GAP_DAYS)
    }

    /// What is counted once the bounds are known: groups, stages, forecasts, spenders.
    fn counted(&self, mut model: Model) -> Model {
        let (zone, before) = (&self.zone, self.today - LOOK_BACK_DAYS);
        let mut groups = [0_u64; 9];
        let mut flows: Vec<Flow> = Vec::new();
        let (mut stages, mut totals) = ([0_u64; 8], [(0.0, 0.0); 3]);
        let (mut spent, mut future) = (Vec::new(), Vec::new());
        model.migration = Migration { from_day: before, to_day: self.today, ways: Vec::new() };
        let mut migration = std::mem::take(&mut model.migration);
        let scorer = Scorer { model: &model, zone };
        let mut grid = vec![vec![0; 5]; 5];
        let gap = model.typical_gap_days;
        stages[Stage::Consideration as usize] += self.lookers;
        for one in &self.kept {
            let (Some(raw), Some(buyer)) = (Raw::of(one, self.today), one.buyer(self.today)) else {
                continue;
            };
            let rfm = model.fifths.rfm(raw);
            grid[usize::from(rfm.recency) - 1][usize::from(rfm.value()) - 1] += 1;
            groups[rfm.group().index()] += 1;
            let earlier = Raw::of(one, before).map(|raw| model.fifths.rfm(raw).group());
            migration.add(earlier, rfm.group());
            let to = stage(&one.days, self.today, gap).stage;
            let was = stage(&one.days, before, gap).stage;
            stages[to as usize] += 1;
            let from = (was != Stage::Consideration).then_some(was);
            match flows.binary_search_by_key(&(from, to), |flow| (flow.from, flow.to)) {
                Ok(at) => flows[at].people += 1,
                Err(at) => flows.insert(at, Flow { from, to, people: 1 }),
            }
            let order_value = scorer.order_value(one);
            let outlook = model.blend.outlook(buyer);
            for (total, days) in totals.iter_mut().zip(HORIZONS) {
                let orders = outlook.orders(f64::from(days) / DAYS_A_WEEK);
                *total = (total.0 + orders, total.1 + orders * order_value);
                if days == 365 {
                    future.push(orders * order_value);
                }
            }
            let year = one.days.iter().filter(|day| day.day > self.today - 365);
            spent.extend(Some(year.map(|day| day.net_minor).sum::<i64>()).filter(|sum| *sum > 0));
        }
        let forecasts = HORIZONS.into_iter().zip(totals);
        let forecasts =
            forecasts.map(|(days, (orders, value))| Forecast { days, orders, value }).collect();
        spent.sort_unstable();
        future.sort_by(f64::total_cmp);
        let spenders = Spenders {
            big_minor: spent.get(spent.len() * 9 / 10).copied().unwrap_or_default(),
            future: future.get(future.len() * 9 / 10).copied().unwrap_or_default(),
        };
        Model {
            grid,
            migration,
            groups: RfmGroup::ALL.into_iter().zip(groups).collect(),
            stages: Stage::ALL
                .iter()
                .copied()
                .zip(stages)
                .filter(|(stage, _)| *stage != Stage::Advocacy)
                .collect(),
            flows,
            forecasts,
            spenders,
            ..model
        }
    }
}

/// The models that proved themselves, fitted on the whole history.
fn blend(fits: &[super::buying::Fitted], comparison: &Comparison) -> Blend {
    let part = |member: &super::holdout::Member| {
        let fitted = fits.iter().find(|fitted| fitted.model.kind() == member.kind)?;
        Some(Part { model: fitted.model, level: member.level })
    };
    let mut parts: Vec<Part> = comparison.members.iter().filter_map(part).collect();
    if parts.is_empty() {
        parts.push(Part { model: Buying::PlainRate, level: 1.0 });
    }
    Blend::of(parts)
}
