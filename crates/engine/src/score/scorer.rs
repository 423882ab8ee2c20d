//! Everything that scores say of one person, computed on read from the profile and the model in
//! force; and the same as conditions ask for it, with the next moment at which time changes it.

use std::cell::OnceCell;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::census::DAYS_A_WEEK;
use super::model::Model;
use super::names::{HORIZONS, ScoreName};
use super::purchases::{Counting, Purchases, day_of};
use super::rfm::{Raw, Rfm, RfmGroup};
use super::stage::{Standing, advocacy, stage};
use crate::condition::{Comparison, Judge, Judged, Limit, Number, Stage};
use crate::event::Channel;
use crate::profile::{MONTH_DAYS, Profile};
use crate::time::{DAY, Timestamp};

/// Expectations over one horizon.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Expected {
    /// In so many days.
    pub days: u16,
    /// Orders.
    pub orders: f64,
    /// Money, in units of the shop's currency.
    pub value: f64,
}

/// What is said of a buyer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Buying {
    /// Probability that the person still buys; `None`: no model in force knows of anybody who left after
    /// as many purchases.
    pub alive: Option<f64>,
    /// Expectations by horizon.
    pub expected: [Expected; 3],
    /// What one more order may be expected to come to, in units of the shop's currency.
    pub order_value: f64,
    /// Probability to buy nothing within the model's horizon; `None`: not calibrated.
    pub churn: Option<f64>,
    /// Recency, frequency, money.
    pub rfm: Rfm,
    /// Their named group.
    pub group: RfmGroup,
    /// What they were made of.
    pub raw: Raw,
}

/// What is said of a person.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scores {
    /// Engagement over all channels, 0 to 100; `None`: there is no scale yet.
    pub engagement: Option<f64>,
    /// Where the person stands.
    pub standing: Standing,
    /// Whether the person speaks for the shop.
    pub advocate: bool,
    /// Buyers only.
    pub buying: Option<Buying>,
    /// Why the person is left out of fits, if so: bought on so many days.
    pub outlier: bool,
}

/// Whoever bought on more days than this is staff, a reseller or a card that a till rings up for
/// everybody: out of marketing and fits.
pub const OUTLIER_DAYS: usize = 200;
/// So many orders, on however few days, as well.
pub const OUTLIER_ORDERS: usize = 400;
/// Traits by which a shop says so itself.
const OUTLIER_TRAITS: [&str; 4] = ["staff", "employee", "reseller", "wholesale"];

/// Whether somebody is no customer like others.
#[must_use]
pub fn outlier(profile: &Profile, purchases: &Purchases) -> bool {
    let orders = &profile.orders;
    let said = |name: &str| {
        profile.traits.get(name).is_some_and(|held| {
            matches!(held.value, crate::event::Value::Bool(true))
                || held.value.as_text().is_some_and(|text| text.eq_ignore_ascii_case("true"))
        })
    };
    purchases.days.len() > OUTLIER_DAYS
        || orders.by_key.len() > OUTLIER_ORDERS
        || orders.overflowed
        || OUTLIER_TRAITS.iter().any(|name| said(name))
}

/// A model with what it needs to be asked: which money and which days count.
#[derive(Clone, Copy, Debug)]
pub struct Scorer<'m> {
    /// The model in force.
    pub model: &'m Model,
    /// The shop's zone.
    pub zone: &'m TimeZone,
}

impl<'m> Scorer<'m> {
    fn counting(&self) -> Counting<'_> {
        Counting { zone: self.zone, currency: self.model.currency }
    }

    /// One person at a moment.
    #[must_use]
    pub fn of(self, profile: &'m Profile, now: Timestamp) -> Scored<'m> {
        Scored { scorer: self, profile, now, purchases: OnceCell::new() }
    }

    fn buying(&self, purchases: &Purchases, today: i32) -> Option<Buying> {
        let (buyer, raw) = (purchases.buyer(today)?, Raw::of(purchases, today)?);
        let outlook = self.model.blend.outlook(buyer);
        let order_value = self.order_value(purchases);
        let expected = HORIZONS.map(|days| {
            let orders = outlook.orders(f64::from(days) / DAYS_A_WEEK);
            Expected { days, orders, value: orders * order_value }
        });
        let rfm = self.model.fifths.rfm(raw);
        Some(Buying {
            alive: outlook.alive(),
            expected,
            order_value,
            churn: self.model.churn.as_ref().map(|churn| churn.risk(&outlook)),
            rfm,
            group: rfm.group(),
            raw,
        })
    }

    /// What one more order of somebody may be expected to come to, in units of the currency.
    #[must_use]
    pub fn order_value(&self, purchases: &Purchases) -> f64 {
        let spend = purchases.spend(self.model.currency.digits());
        let fitted = self.model.value.as_ref();
        fitted.and_then(|value| value.model.expected_value(spend)).unwrap_or(self.model.mean_value)
    }

    /// One score at the end of a day, of purchases that are known.
    fn on_day(&self, name: ScoreName, purchases: &Purchases, day: i32) -> Option<f64> {
        let weeks = |days: u16| f64::from(days) / DAYS_A_WEEK;
        let (model, buyer) = (self.model, purchases.buyer(day)?);
        let outlook = || model.blend.outlook(buyer);
        Some(match name {
            ScoreName::Engagement(_) => return None,
            ScoreName::Alive => outlook().alive()?,
            ScoreName::Churn => model.churn.as_ref()?.risk(&outlook()),
            ScoreName::Orders(days) => outlook().orders(weeks(days)),
            ScoreName::Value(days) => outlook().orders(weeks(days)) * self.order_value(purchases),
            ScoreName::Recency => f64::from(model.fifths.rfm(Raw::of(purchases, day)?).recency),
            ScoreName::Frequency => f64::from(model.fifths.rfm(Raw::of(purchases, day)?).frequency),
            ScoreName::Money => f64::from(model.fifths.rfm(Raw::of(purchases, day)?).money),
            ScoreName::RfmValue => f64::from(model.fifths.rfm(Raw::of(purchases, day)?).value()),
        })
    }

    /// The first moment of a day in the shop's zone.
    fn begin(&self, day: i32) -> Timestamp {
        let date = Date::constant(1970, 1, 1).checked_add(jiff::Span::new().days(day));
        let zoned = date.and_then(|date| date.to_zoned(self.zone.clone()));
        zoned.map_or(Timestamp::LATEST, |zoned| Timestamp(zoned.timestamp().as_millisecond()))
    }

    /// The first later day on which `holds` says something else: scores of a silent buyer move one
    /// way, so strides double until it does, and then halve.
    fn turn(
        &self,
        today: i32,
        held: bool,
        holds: impl Fn(i32) -> Option<bool>,
    ) -> Option<Timestamp> {
        let (mut same, mut stride) = (today, 1);
        let differs = loop {
            let day = same + stride;
            if day > today + TURN_DAYS_MAX {
                return None;
            }
            if holds(day)? != held {
                break day;
            }
            (same, stride) = (day, stride * 2);
        };
        let mut differs = differs;
        while differs - same > 1 {
            let middle = same + (differs - same) / 2;
            if holds(middle)? == held { same = middle } else { differs = middle }
        }
        Some(self.begin(differs))
    }
}

/// Nobody waits longer for a score to change by itself: ten years.
const TURN_DAYS_MAX: i32 = 3_660;

/// The bound of a condition as a number.
fn bound(limit: Limit<Number>) -> f64 {
    limit.value.to_string().parse().unwrap_or(f64::NAN)
}

fn within(comparison: Comparison, value: f64, bound: f64) -> bool {
    match comparison {
        Comparison::AtLeast => value >= bound,
        Comparison::MoreThan => value > bound,
        Comparison::AtMost => value <= bound,
        Comparison::LessThan => value < bound,
        Comparison::Exactly => (value - bound).abs() < 1e-9,
    }
}

/// One person before a model at a moment. Their purchases are derived once, however much is asked.
#[derive(Debug)]
pub struct Scored<'m> {
    scorer: Scorer<'m>,
    profile: &'m Profile,
    now: Timestamp,
    purchases: OnceCell<Purchases>,
}

impl Scored<'_> {
    fn purchases(&self) -> &Purchases {
        let derive = || Purchases::of(&self.profile.orders, self.scorer.counting(), self.now);
        self.purchases.get_or_init(derive)
    }

    fn today(&self) -> i32 {
        day_of(self.now, self.scorer.zone)
    }

    fn standing(&self) -> Standing {
        stage(&self.purchases().days, self.today(), self.scorer.model.typical_gap_days)
    }

    /// Everything. Cost: about a microsecond for somebody of ten orders.
    #[must_use]
    pub fn all(&self) -> Scores {
        let purchases = self.purchases();
        Scores {
            engagement: self.scorer.model.engagement.score(&self.profile.pulse, None, self.now),
            standing: self.standing(),
            advocate: advocacy(self.profile, self.now).is_some(),
            buying: self.scorer.buying(purchases, self.today()),
            outlier: outlier(self.profile, purchases),
        }
    }

    /// One score; `None`: it is not known of this person.
    #[must_use]
    pub fn score(&self, name: ScoreName) -> Option<f64> {
        if let ScoreName::Engagement(channel) = name {
            let engagement = &self.scorer.model.engagement;
            return engagement.score(&self.profile.pulse, channel, self.now);
        }
        self.scorer.on_day(name, self.purchases(), self.today())
    }

    /// Whether engagement is on this side of the bound, and until when.
    fn engaged(&self, channel: Option<Channel>, limit: Limit<Number>) -> Option<Judged> {
        let (engagement, bound) = (&self.scorer.model.engagement, bound(limit));
        let scale = engagement.scale(channel)?;
        let sum = engagement.sum(&self.profile.pulse, channel, self.now);
        let value = scale.score(sum);
        let holds = within(limit.comparison, value, bound);
        // The sum halves every month: when it comes to the bound follows from its logarithm.
        let months = scale.least(bound).map(|least| sum.max(f64::MIN_POSITIVE).log2() - least);
        let next = months.filter(|months| (0.0..1_200.0).contains(months) && sum > 0.0);
        let next = next.map(|months| {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "at most a century in milliseconds"
            )]
            let wait = (months * (MONTH_DAYS * DAY) as f64).ceil() as i64;
            self.now.plus(wait.max(1))
        });
        Some(Judged { holds, value: Some(value), next })
    }
}

impl Judge for Scored<'_> {
    fn score(&self, name: &str, limit: Limit<Number>) -> Option<Judged> {
        let name = ScoreName::parse(name)?;
        if let ScoreName::Engagement(channel) = name {
            return self.engaged(channel, limit);
        }
        let (scorer, purchases, bound) = (self.scorer, self.purchases(), bound(limit));
        let today = self.today();
        // Who never bought is alive to nobody, and whoever bought once not to every model: no such score
        // holds, and time does not change it.
        let Some(value) = scorer.on_day(name, purchases, today) else {
            let unfitted = name == ScoreName::Churn && scorer.model.churn.is_none();
            return (!unfitted).then_some(Judged { holds: false, value: None, next: None });
        };
        let holds = within(limit.comparison, value, bound);
        let later =
            |day| Some(within(limit.comparison, scorer.on_day(name, purchases, day)?, bound));
        let next = match name {
            // Ranks step at the shop's bounds, each a day of silence; others stand still.
            ScoreName::Recency => {
                let last = purchases.days.last()?.day;
                let steps = scorer.model.fifths.recency_days.map(|days| last + days);
                let turns = |day: &i32| *day > today && later(*day) != Some(holds);
                steps.into_iter().find(turns).map(|day| scorer.begin(day))
            }
            ScoreName::Frequency | ScoreName::Money | ScoreName::RfmValue => None,
            ScoreName::Engagement(_)
            | ScoreName::Alive
            | ScoreName::Churn
            | ScoreName::Orders(_)
            | ScoreName::Value(_) => scorer.turn(today, holds, later),
        };
        Some(Judged { holds, value: Some(value), next })
    }

    fn stage(&self, asked: Stage) -> Judged {
        if asked == Stage::Advocacy {
            let until = advocacy(self.profile, self.now);
            return Judged { holds: until.is_some(), value: None, next: until };
        }
        let standing = self.standing();
        let next = standing.next_day.map(|day| self.scorer.begin(day));
        Judged { holds: standing.stage == asked, value: None, next }
    }
}
