//! A person's purchases as scores count them: kept orders net of what came back, by calendar day.
//!
//! - Orders of one day are one purchase: two receipts of one walk through the shop are one visit.
//! - A return that names its sale takes from that sale. One that does not (a credit note) takes from
//!   the latest sale before it that held the same article; one without articles takes money only.
//! - A sale of which everything came back, or that was cancelled, is no purchase.
//! - More may come back than is known to have been sold: what is spent can be negative.
//! - Money of another currency than the shop's counts as an order, and as no money.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::census::Buyer;
use super::gamma_gamma::Spend;
use crate::event::{Code, Currency, Line};
use crate::profile::{OrderRecord, Orders, Refund};
use crate::time::{DAY, Timestamp};

/// One purchase: everything kept of one calendar day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Purchase {
    /// The day in the shop's zone, counted from 1970-01-01.
    pub day: i32,
    /// What was paid and not given back, in minor units of the shop's currency.
    pub net_minor: i64,
}

/// A person's purchases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Purchases {
    /// By day, ascending, each day once.
    pub days: Vec<Purchase>,
    /// What came back and is of no purchase that is known, in minor units.
    pub unexplained_minor: i64,
}

/// Which orders count, and how: the shop's own.
#[derive(Clone, Copy, Debug)]
pub struct Counting<'z> {
    /// The shop's zone, whose calendar days count.
    pub zone: &'z TimeZone,
    /// The shop's currency.
    pub currency: Currency,
}

/// The calendar day of a moment, counted from 1970-01-01.
#[must_use]
pub fn day_of(at: Timestamp, zone: &TimeZone) -> i32 {
    let offset_ms = i64::from(zone.to_offset(at.to_jiff()).seconds()) * 1_000;
    i32::try_from(at.plus(offset_ms).0.div_euclid(DAY)).unwrap_or(i32::MAX)
}

impl Purchases {
    /// The purchases up to and including the moment `until`. Later orders and returns are not seen.
    ///
    /// Cost: O(orders · log orders); matching returns without a sale adds an index of all lines.
    #[must_use]
    pub fn of(orders: &Orders, counting: Counting<'_>, until: Timestamp) -> Self {
        let mut days = Vec::with_capacity(orders.by_key.len());
        for record in orders.by_key.values() {
            match sale_of(record, counting, until) {
                Some(sale) => days.push(sale.purchase()),
                None if record.sale.is_none() && !record.refunds.is_empty() => {
                    return Self::with_loose_returns(orders, counting, until);
                }
                None => {}
            }
        }
        Self { days: by_day(days), unexplained_minor: 0 }
    }

    /// The same of somebody of whom something came back that names no sale.
    fn with_loose_returns(orders: &Orders, counting: Counting<'_>, until: Timestamp) -> Self {
        let mut sales = Vec::with_capacity(orders.by_key.len());
        let mut loose = Vec::new();
        for record in orders.by_key.values() {
            match sale_of(record, counting, until) {
                Some(sale) => sales.push(sale),
                None if record.sale.is_none() => {
                    loose.extend(record.refunds.values().filter(|back| back.occurred.at <= until));
                }
                None => {}
            }
        }
        let mut unexplained_minor = 0;
        sales.sort_by_key(|sale| sale.at);
        loose.sort_by_key(|back| back.occurred);
        let mut sold = sold_by_code(&sales);
        for back in loose {
            unexplained_minor += take_back(&mut sales, &mut sold, back);
        }
        let kept = sales.iter().filter(|sale| !sale.gone);
        Self { days: by_day(kept.map(Sale::purchase).collect()), unexplained_minor }
    }

    /// What was spent and kept, in minor units; negative where more came back than was sold.
    #[must_use]
    pub fn spent_minor(&self) -> i64 {
        self.days.iter().map(|purchase| purchase.net_minor).sum::<i64>() - self.unexplained_minor
    }

    /// When somebody bought, as the models count it at the end of `today`; `None`: never.
    #[must_use]
    pub fn buyer(&self, today: i32) -> Option<Buyer> {
        let (first, last) = (self.days.first()?.day, self.days.last()?.day);
        let days = |count: i32| u16::try_from(count.max(0)).unwrap_or(u16::MAX);
        Some(Buyer {
            age_days: days(today - first).max(days(last - first)),
            recency_days: days(last - first),
            repeats: u16::try_from(self.days.len() - 1).unwrap_or(u16::MAX),
        })
    }
}

impl Purchases {
    /// What the repeat purchases were worth, for [`super::GammaGamma`]: those above 0. `digits` are
    /// those of the currency after the point. `None`: there are none.
    #[must_use]
    pub fn spend(&self, digits: u8) -> Option<Spend> {
        let worth = |purchase: &&Purchase| purchase.net_minor > 0;
        let (mut orders, mut sum) = (0_u16, 0_i64);
        for purchase in self.days.iter().skip(1).filter(worth) {
            orders = orders.saturating_add(1);
            sum = sum.saturating_add(purchase.net_minor);
        }
        let mean = sum as f64 / 10_f64.powi(i32::from(digits)) / f64::from(orders.max(1));
        (orders > 0).then_some(Spend { orders, mean })
    }
}

/// A sale and what is left of it.
struct Sale<'o> {
    at: Timestamp,
    day: i32,
    /// What is left in minor units; 0 for another currency.
    net_minor: i64,
    /// What it came to at first.
    total_minor: i64,
    lines: &'o [Line],
    /// Thousandths of pieces that came back, by line; filled only where a loose return asks.
    back_milli: Vec<i64>,
    /// Whether everything came back.
    gone: bool,
}

/// The sale of a record as it stood at `until`; `None`: there was none, or it was not kept.
fn sale_of<'o>(
    record: &'o OrderRecord,
    counting: Counting<'_>,
    until: Timestamp,
) -> Option<Sale<'o>> {
    let sale = record.sale.as_ref().filter(|sale| sale.occurred.at <= until)?;
    if record.cancelled.is_some_and(|stamp| stamp.at <= until) {
        return None;
    }
    let back = || record.refunds.values().filter(|back| back.occurred.at <= until);
    let ours = sale.currency == counting.currency;
    let returned: i64 = back().map(|back| back.total_minor).sum();
    // A return that lists no lines is of the whole order.
    let whole = back().any(|back| back.lines.is_empty());
    if whole || (sale.total_minor != 0 && returned > 0 && sale.total_minor - returned <= 0) {
        return None;
    }
    Some(Sale {
        at: sale.occurred.at,
        day: day_of(sale.occurred.at, counting.zone),
        net_minor: if ours { sale.total_minor - returned } else { 0 },
        total_minor: if ours { sale.total_minor } else { 0 },
        lines: &sale.lines,
        back_milli: Vec::new(),
        gone: false,
    })
}

/// Where each article was sold and is still out: numbers of sale and line, the latest last.
type Sold<'o> = BTreeMap<&'o Code, Vec<(usize, usize)>>;

fn sold_by_code<'o>(sales: &[Sale<'o>]) -> Sold<'o> {
    let mut sold = Sold::new();
    for (number, sale) in sales.iter().enumerate() {
        for (line, held) in sale.lines.iter().enumerate() {
            for code in &held.codes {
                sold.entry(code).or_default().push((number, line));
            }
        }
    }
    sold
}

/// Takes a return that names no sale from the sales before it, the latest first; gives back what no
/// sale explains.
fn take_back(sales: &mut [Sale<'_>], sold: &mut Sold<'_>, back: &Refund) -> i64 {
    let before = sales.partition_point(|sale| sale.at <= back.occurred.latest());
    let mut left_minor = back.total_minor;
    for line in &back.lines {
        let mut pieces = line.quantity_milli.saturating_abs();
        for code in &line.codes {
            let Some(places) = sold.get_mut(code) else { continue };
            let mut next = places.partition_point(|(number, _)| *number < before);
            while let Some(place) = next.checked_sub(1).filter(|_| pieces > 0) {
                next = place;
                let (number, held) = places[place];
                let sale = &mut sales[number];
                let (taken, worth) = sale.take(held, pieces);
                pieces -= taken;
                let worth = worth.min(left_minor).max(0);
                left_minor -= worth;
                sale.net_minor -= worth;
                // What is back altogether is not looked at again.
                if sale.gone || sale.back_milli[held] >= sale.lines[held].quantity_milli {
                    places.remove(place);
                }
            }
        }
    }
    // Money that no article explains: a goodwill credit.
    if back.lines.iter().all(|line| line.codes.is_empty()) {
        for sale in sales[..before].iter_mut().rev().filter(|sale| !sale.gone) {
            if left_minor == 0 {
                break;
            }
            let worth = left_minor.min(sale.net_minor).max(0);
            sale.net_minor -= worth;
            left_minor -= worth;
            sale.gone = sale.total_minor > 0 && sale.net_minor == 0;
        }
    }
    left_minor
}

impl Sale<'_> {
    fn purchase(&self) -> Purchase {
        Purchase { day: self.day, net_minor: self.net_minor }
    }

    /// Takes up to so many thousandths of a line; gives back how many, and their worth.
    fn take(&mut self, line: usize, pieces: i64) -> (i64, i64) {
        self.back_milli.resize(self.lines.len(), 0);
        let (sold, back) = (&self.lines[line], &mut self.back_milli[line]);
        let taken = (sold.quantity_milli - *back).min(pieces).max(0);
        if self.gone || taken == 0 {
            return (0, 0);
        }
        *back += taken;
        let total = i128::from(sold.total_minor.unwrap_or(0));
        let part = total * i128::from(taken) / i128::from(sold.quantity_milli.max(1));
        let mut lines = self.lines.iter().zip(&self.back_milli);
        self.gone = lines.all(|(sold, back)| *back >= sold.quantity_milli);
        (taken, i64::try_from(part).unwrap_or(0))
    }
}

/// Each day once, ascending.
fn by_day(mut days: Vec<Purchase>) -> Vec<Purchase> {
    days.sort_by_key(|purchase| purchase.day);
    days.dedup_by(|next, held| {
        let same = next.day == held.day;
        if same {
            held.net_minor += next.net_minor;
        }
        same
    });
    days
}
