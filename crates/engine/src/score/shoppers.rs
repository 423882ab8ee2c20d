//! Everybody's days of purchase: what fits and holdouts cut, as they stood on any day.

use super::census::{Buyer, Census};
use super::purchases::Purchases;

/// Days of purchase of everybody who bought.
#[derive(Clone, Debug, Default)]
pub struct Shoppers {
    /// Where each shopper's days begin.
    starts: Vec<u32>,
    /// Days from 1970-01-01, ascending for each shopper.
    days: Vec<i32>,
}

impl Shoppers {
    /// Adds a shopper; whoever bought nothing is none. Returns whether there was room.
    pub fn push(&mut self, purchases: &Purchases) -> bool {
        self.push_days(purchases.days.iter().map(|purchase| purchase.day))
    }

    /// Adds a shopper by days of purchase, ascending. Returns whether there was room.
    pub fn push_days(&mut self, days: impl IntoIterator<Item = i32>) -> bool {
        let Ok(start) = u32::try_from(self.days.len()) else { return false };
        self.days.extend(days);
        if self.days.len() > start as usize {
            self.days[start as usize..].sort_unstable();
            self.starts.push(start);
        }
        true
    }

    /// How many.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Whether there is nobody.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The first and the last day of anybody's purchases.
    #[must_use]
    pub fn span(&self) -> Option<(i32, i32)> {
        Some((*self.days.iter().min()?, *self.days.iter().max()?))
    }

    fn each(&self) -> impl Iterator<Item = &[i32]> {
        let ends = self.starts.iter().skip(1).map(|end| *end as usize);
        let ends = ends.chain(std::iter::once(self.days.len()));
        self.starts.iter().zip(ends).map(|(start, end)| &self.days[*start as usize..end])
    }

    /// Everybody as they stood at the end of `day`.
    #[must_use]
    pub fn census(&self, day: i32) -> Census {
        Census::of(self.each().filter_map(|days| buyer_at(days, day)))
    }

    /// Everybody as they stood at the end of `day`, with the orders they made after it up to `until`;
    /// those who stood alike behind each other.
    #[must_use]
    pub fn outcomes(&self, day: i32, until: i32) -> Vec<(Buyer, u16)> {
        let mut outcomes: Vec<(Buyer, u16)> = self
            .each()
            .filter_map(|days| {
                let (from, to) =
                    (days.partition_point(|d| *d <= day), days.partition_point(|d| *d <= until));
                Some((buyer_at(days, day)?, u16::try_from(to - from).unwrap_or(u16::MAX)))
            })
            .collect();
        outcomes.sort_unstable();
        outcomes
    }
}

fn buyer_at(days: &[i32], day: i32) -> Option<Buyer> {
    let known = &days[..days.partition_point(|d| *d <= day)];
    let (first, last) = (known.first()?, known.last()?);
    let short = |count: i32| u16::try_from(count).unwrap_or(u16::MAX);
    Some(Buyer {
        age_days: short(day - first),
        recency_days: short(last - first),
        repeats: u16::try_from(known.len() - 1).unwrap_or(u16::MAX),
    })
}
