//! RFM: recency, frequency and money, each from 1 (least) to 5 (best) by the shop's own fifths, and
//! the named groups that they make.
//!
//! Source: Hughes (1994), "Strategic Database Marketing"; the names are the usual ones of the field.

use minicbor::{Decode, Encode};

use super::purchases::Purchases;

/// What the three scores are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Raw {
    /// Days since the last purchase.
    pub recency_days: i32,
    /// Days with a purchase.
    pub frequency: u32,
    /// What was spent and kept, in minor units.
    pub money_minor: i64,
}

impl Raw {
    /// Of somebody's purchases at the end of `today`; `None`: there are none.
    #[must_use]
    pub fn of(purchases: &Purchases, today: i32) -> Option<Self> {
        let known = purchases.days.partition_point(|purchase| purchase.day <= today);
        let last = purchases.days[..known].last()?;
        let sum: i64 = purchases.days[..known].iter().map(|purchase| purchase.net_minor).sum();
        Some(Self {
            recency_days: today - last.day,
            frequency: u32::try_from(known).unwrap_or(u32::MAX),
            money_minor: sum - purchases.unexplained_minor,
        })
    }
}

/// Where the shop's fifths end: four bounds each, ascending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Fifths {
    /// Days of silence.
    #[n(0)]
    pub recency_days: [i32; 4],
    /// Days with a purchase.
    #[n(1)]
    pub frequency: [u32; 4],
    /// Minor units.
    #[n(2)]
    pub money_minor: [i64; 4],
}

/// The three scores, each 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rfm {
    /// 5: bought lately.
    pub recency: u8,
    /// 5: buys often.
    pub frequency: u8,
    /// 5: spent much.
    pub money: u8,
}

/// A named group of scores.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
#[cbor(index_only)]
pub enum RfmGroup {
    /// Lately, often, much.
    #[n(0)]
    Champions,
    /// Often and much, and not long ago.
    #[n(1)]
    Loyal,
    /// Lately, and more than once.
    #[n(2)]
    PotentialLoyal,
    /// Just came.
    #[n(3)]
    New,
    /// In the middle of everything.
    #[n(4)]
    NeedAttention,
    /// Little, and a while ago.
    #[n(5)]
    AboutToSleep,
    /// Were good, and have been away for long.
    #[n(6)]
    AtRisk,
    /// Were the best, and have been away for long.
    #[n(7)]
    CannotLose,
    /// Away for long, and never bought much.
    #[n(8)]
    Hibernating,
}

impl RfmGroup {
    /// Every group, the best first.
    pub const ALL: [Self; 9] = [
        Self::Champions,
        Self::Loyal,
        Self::PotentialLoyal,
        Self::New,
        Self::NeedAttention,
        Self::AboutToSleep,
        Self::AtRisk,
        Self::CannotLose,
        Self::Hibernating,
    ];

    /// The word in the API and in keys of texts.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Champions => "champions",
            Self::Loyal => "loyal",
            Self::PotentialLoyal => "potential-loyal",
            Self::New => "new",
            Self::NeedAttention => "need-attention",
            Self::AboutToSleep => "about-to-sleep",
            Self::AtRisk => "at-risk",
            Self::CannotLose => "cannot-lose",
            Self::Hibernating => "hibernating",
        }
    }

    /// The group's place in [`RfmGroup::ALL`].
    #[must_use]
    pub fn index(self) -> usize {
        self as usize
    }
}

impl Fifths {
    /// The fifths of everybody; all alike where there is nobody.
    #[must_use]
    pub fn of(raws: &[Raw]) -> Self {
        fn cut<T: Ord + Copy + Default>(mut values: Vec<T>) -> [T; 4] {
            values.sort_unstable();
            [1, 2, 3, 4]
                .map(|part| values.get(values.len() * part / 5).copied().unwrap_or_default())
        }
        Self {
            recency_days: cut(raws.iter().map(|raw| raw.recency_days).collect()),
            frequency: cut(raws.iter().map(|raw| raw.frequency).collect()),
            money_minor: cut(raws.iter().map(|raw| raw.money_minor).collect()),
        }
    }

    /// The scores of somebody.
    #[must_use]
    pub fn rfm(&self, raw: Raw) -> Rfm {
        fn rank<T: PartialOrd>(value: T, bounds: &[T; 4]) -> u8 {
            bounds.iter().fold(1, |rank, bound| rank + u8::from(value >= *bound))
        }
        Rfm {
            recency: 6 - rank(raw.recency_days, &self.recency_days),
            frequency: rank(raw.frequency, &self.frequency),
            money: rank(raw.money_minor, &self.money_minor),
        }
    }
}

impl Rfm {
    /// The mean of frequency and money, rounded up: 1 to 5.
    #[must_use]
    pub const fn value(self) -> u8 {
        (self.frequency + self.money).div_ceil(2)
    }

    /// The named group. Frequency and money count by their mean, rounded up.
    #[must_use]
    pub const fn group(self) -> RfmGroup {
        match (self.recency, self.value()) {
            (5, 5 | 4) | (4, 5) => RfmGroup::Champions,
            (4, 4) | (3, 4 | 5) => RfmGroup::Loyal,
            (4 | 5, 2 | 3) => RfmGroup::PotentialLoyal,
            (4 | 5, _) => RfmGroup::New,
            (3, 3) => RfmGroup::NeedAttention,
            (3, _) => RfmGroup::AboutToSleep,
            (1, 5) => RfmGroup::CannotLose,
            (_, 3..=5) => RfmGroup::AtRisk,
            _ => RfmGroup::Hibernating,
        }
    }
}

/// How many people went from which group to which between two days.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Migration {
    /// The first day, from 1970-01-01.
    #[n(0)]
    pub from_day: i32,
    /// The second.
    #[n(1)]
    pub to_day: i32,
    /// Each way that somebody went, with how many did; `None`: had not bought by the first day.
    #[n(2)]
    pub ways: Vec<Way>,
}

/// One way of a migration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Way {
    /// The group on the first day; `None`: had not bought yet.
    #[n(0)]
    pub from: Option<RfmGroup>,
    /// The group on the second day.
    #[n(1)]
    pub to: RfmGroup,
    /// How many people.
    #[n(2)]
    pub people: u64,
}

impl Migration {
    /// Adds a person who went this way.
    pub fn add(&mut self, from: Option<RfmGroup>, to: RfmGroup) {
        match self.ways.binary_search_by_key(&(from, to), |way| (way.from, way.to)) {
            Ok(at) => self.ways[at].people += 1,
            Err(at) => self.ways.insert(at, Way { from, to, people: 1 }),
        }
    }
}
