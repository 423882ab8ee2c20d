//! Affinity: which categories and products somebody keeps coming back to, by what they bought and
//! kept and what they looked at.
//!
//! A purchase counts one and half of it after half a year; a look counts a quarter, and half of that
//! after a month. Shares add up to 1 over everything, so that they can be compared between people.

use std::collections::BTreeMap;

use crate::event::Line;
use crate::profile::Profile;
use crate::time::{DAY, Timestamp};

/// So many of each are told.
pub const AFFINITIES_MAX: usize = 5;
/// A purchase counts half after so many days.
const PURCHASE_HALF_LIFE_DAYS: f64 = 182.0;
/// A look.
const LOOK_HALF_LIFE_DAYS: f64 = 30.0;
/// What a look counts beside a purchase.
const LOOK: f64 = 0.25;

/// One thing that somebody likes.
#[derive(Clone, Debug, PartialEq)]
pub struct Affinity {
    /// The category, or the product by its name.
    pub what: String,
    /// Its share of everything the person did, 0 to 1.
    pub share: f64,
    /// How many kept purchases held it.
    pub bought: u32,
    /// Whether it was looked at, and when last.
    pub looked: Option<Timestamp>,
}

/// What somebody likes: categories and products, the dearest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Affinities {
    /// Categories, as sources wrote them.
    pub categories: Vec<Affinity>,
    /// Products, by their names.
    pub products: Vec<Affinity>,
}

#[derive(Default)]
struct Sum {
    weight: f64,
    bought: u32,
    looked: Option<Timestamp>,
}

type Sums<'p> = BTreeMap<&'p str, Sum>;

/// What somebody likes at a moment. Cost: the lines of their orders and the latest fifty looks.
#[must_use]
pub fn affinities(profile: &Profile, now: Timestamp) -> Affinities {
    let (mut categories, mut products) = (Sums::new(), Sums::new());
    for record in profile.orders.by_key.values().filter(|record| record.kept()) {
        let Some(sale) = record.sale.as_ref().filter(|sale| sale.occurred.at <= now) else {
            continue;
        };
        let weight = decayed(now, sale.occurred.at, PURCHASE_HALF_LIFE_DAYS);
        for line in &sale.lines {
            add(&mut categories, &mut products, line, |sum| {
                sum.weight += weight;
                sum.bought += 1;
            });
        }
    }
    for look in profile.interest.values().filter(|look| look.last.at <= now) {
        let weight = LOOK * decayed(now, look.last.at, LOOK_HALF_LIFE_DAYS);
        add(&mut categories, &mut products, &look.line, |sum| {
            sum.weight += weight;
            sum.looked = sum.looked.max(Some(look.last.at));
        });
    }
    Affinities { categories: ranked(categories), products: ranked(products) }
}

fn decayed(now: Timestamp, at: Timestamp, half_life_days: f64) -> f64 {
    let days = now.since(at) as f64 / DAY as f64;
    (-days / half_life_days).exp2()
}

fn add<'p>(
    categories: &mut Sums<'p>,
    products: &mut Sums<'p>,
    line: &'p Line,
    mut count: impl FnMut(&mut Sum),
) {
    if let Some(category) = line.category.as_deref().filter(|name| !name.trim().is_empty()) {
        count(categories.entry(category).or_default());
    }
    if !line.codes.is_empty() || line.name.is_some() {
        count(products.entry(line.label()).or_default());
    }
}

fn ranked(sums: Sums<'_>) -> Vec<Affinity> {
    let whole: f64 = sums.values().map(|sum| sum.weight).sum();
    let mut all: Vec<Affinity> = sums
        .into_iter()
        .map(|(what, sum)| Affinity {
            what: what.to_owned(),
            share: if whole > 0.0 { sum.weight / whole } else { 0.0 },
            bought: sum.bought,
            looked: sum.looked,
        })
        .collect();
    all.sort_by(|one, other| other.share.total_cmp(&one.share).then(one.what.cmp(&other.what)));
    all.truncate(AFFINITIES_MAX);
    all
}
