//! The census: what the models of buying are fitted on. Buyers who bought alike are one group.

/// When somebody bought, as far as the models care: days, counted from the first order.
///
/// `recency_days <= age_days`; without repeats the recency is 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Buyer {
    /// Days from the first order to the moment of looking.
    pub age_days: u16,
    /// Days with an order after the first.
    pub repeats: u16,
    /// Days from the first order to the last.
    pub recency_days: u16,
}

impl Buyer {
    /// Weeks from the first order to the moment of looking.
    #[must_use]
    pub fn age(self) -> f64 {
        weeks(self.age_days)
    }

    /// Weeks from the first order to the last.
    #[must_use]
    pub fn recency(self) -> f64 {
        weeks(self.recency_days)
    }

    /// The repeats as the formulas want them.
    #[must_use]
    pub fn orders(self) -> f64 {
        f64::from(self.repeats)
    }

    fn packed(self) -> u64 {
        u64::from(self.age_days) << 32
            | u64::from(self.repeats) << 16
            | u64::from(self.recency_days)
    }

    fn unpacked(packed: u64) -> Self {
        let part = |shift: u32| u16::try_from(packed >> shift & 0xffff).unwrap_or(u16::MAX);
        Self { age_days: part(32), repeats: part(16), recency_days: part(0) }
    }
}

/// The models count in weeks, as their papers do.
pub const DAYS_A_WEEK: f64 = 7.0;

/// Days as weeks with two digits after the point, as the published tables have them: three quarters
/// of an hour at most are lost, and published likelihoods are met to the last digit.
fn weeks(days: u16) -> f64 {
    f64::from((u32::from(days) * 200 + 7) / 14) / 100.0
}

/// Buyers who bought alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// How each of them bought.
    pub buyer: Buyer,
    /// How many they are.
    pub count: u32,
}

/// All buyers: groups by age, then repeats, then recency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Census {
    /// The groups.
    pub groups: Vec<Group>,
    /// How many buyers.
    pub buyers: u64,
    /// The most repeats of anybody.
    pub repeats_max: u16,
}

impl Census {
    /// Gathers buyers, in any order. Cost: 8 bytes a buyer while it sorts, 12 a group after.
    #[must_use]
    pub fn of(buyers: impl IntoIterator<Item = Buyer>) -> Self {
        let mut packed: Vec<u64> = buyers.into_iter().map(Buyer::packed).collect();
        packed.sort_unstable();
        let mut census = Self { buyers: packed.len() as u64, ..Self::default() };
        let mut last = None;
        for one in packed {
            match census.groups.last_mut().filter(|_| last == Some(one)) {
                Some(group) => group.count += 1,
                None => census.groups.push(Group { buyer: Buyer::unpacked(one), count: 1 }),
            }
            last = Some(one);
        }
        let most = census.groups.iter().map(|group| group.buyer.repeats).max();
        census.repeats_max = most.unwrap_or(0);
        census
    }

    /// At most about `most` of the buyers, evenly from all groups: for models whose likelihood is
    /// dear. The same census gives the same buyers.
    #[must_use]
    pub fn thinned(&self, most: u64) -> Self {
        if self.buyers <= most.max(1) {
            return self.clone();
        }
        let every = self.buyers.div_ceil(most.max(1));
        let mut passed = 0;
        let mut thin = Self { repeats_max: self.repeats_max, ..Self::default() };
        for group in &self.groups {
            let before = passed / every;
            passed += u64::from(group.count);
            let taken = passed / every - before;
            if taken > 0 {
                let count = u32::try_from(taken).unwrap_or(u32::MAX);
                thin.groups.push(Group { buyer: group.buyer, count });
                thin.buyers += taken;
            }
        }
        thin
    }

    /// Buyers by their number of repeats: how many have exactly so many.
    pub(super) fn by_repeats(&self) -> Vec<f64> {
        let mut counts = vec![0.0; usize::from(self.repeats_max) + 1];
        for group in &self.groups {
            counts[usize::from(group.buyer.repeats)] += f64::from(group.count);
        }
        counts
    }

    /// Repeats a week of everybody's age: where a fit begins, and the plainest forecast.
    pub(super) fn rate(&self) -> f64 {
        let (mut orders, mut weeks) = (0.0, 0.0);
        for group in &self.groups {
            orders += group.buyer.orders() * f64::from(group.count);
            weeks += group.buyer.age() * f64::from(group.count);
        }
        if weeks > 0.0 { orders / weeks } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn buyer(repeats: u16, recency_days: u16, age_days: u16) -> Buyer {
        Buyer { age_days, recency_days, repeats }
    }

    #[test]
    fn buyers_who_bought_alike_are_one_group() {
        let census = Census::of([buyer(0, 0, 9), buyer(2, 5, 9), buyer(0, 0, 9)]);
        assert_eq!(census.buyers, 3);
        assert_eq!(census.repeats_max, 2);
        let counts: Vec<_> = census.groups.iter().map(|g| (g.buyer.repeats, g.count)).collect();
        assert_eq!(counts, [(0, 2), (2, 1)]);
    }

    #[test]
    fn a_thinned_census_keeps_its_proportions() {
        let census = Census::of((0..10_000).map(|n| buyer(n % 10, n % 10, 400)));
        let thin = census.thinned(1_000);
        assert_eq!(thin.buyers, 1_000);
        assert!(thin.groups.iter().all(|group| group.count == 100), "{thin:?}");
    }
}
