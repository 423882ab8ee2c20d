//! What stands in a file, counted while it is read.

use std::collections::{BTreeMap, HashSet};

use regulars_engine::event::{Event, Kind};
use regulars_engine::identity::{IdentifierKey, KeySalt};

/// Documents, lines, customers and amounts of a file.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Events, watermarks left out.
    pub events: u64,
    /// Events that are orders, returns or adjustments.
    pub documents: u64,
    /// Their lines.
    pub lines: u64,
    /// Documents that are returns.
    pub returns: u64,
    /// Lines of returns.
    pub return_lines: u64,
    /// Orders that were cancelled.
    pub cancelled: u64,
    /// Documents that are adjustments.
    pub adjustments: u64,
    /// Lines of documents that name no person.
    pub lines_of_nobody: u64,
    /// What sales and adjustments came to, in minor units by currency.
    pub sold_minor: BTreeMap<String, i64>,
    /// What returns came to, in minor units by currency.
    pub returned_minor: BTreeMap<String, i64>,
    /// What cancelled orders had come to, in minor units by currency.
    pub cancelled_minor: BTreeMap<String, i64>,
    /// Events by the names that their source gave them and that no kind has; the first
    /// [`Tally::NAMES_MAX`] names.
    pub custom: BTreeMap<String, u64>,
    /// Everybody who is named, by the strongest identifier of each event.
    customers: HashSet<IdentifierKey>,
}

/// Keys the set of customers, which lives as long as one import: no secret.
const KEY: KeySalt = KeySalt(0, 0);

impl Tally {
    /// So many names of custom events are counted.
    pub const NAMES_MAX: usize = 50;

    /// Counts an event.
    pub(super) fn add(&mut self, event: &Event) {
        if event.kind.speaks_of_feed() {
            return;
        }
        self.events += 1;
        if let Kind::Custom(name) = &event.kind {
            self.custom(name);
        }
        if let Some(anchor) = event.anchor() {
            self.customers.insert(anchor.key(KEY));
        }
        let Some(order) = &event.order else { return };
        let total = order.total_minor.unwrap_or(0);
        if event.kind == Kind::OrderCancelled {
            self.cancelled += 1;
            let sum = self.cancelled_minor.entry(order.currency.code().to_owned()).or_default();
            *sum = sum.saturating_add(total);
            return;
        }
        let lines = u64::try_from(event.lines.len()).unwrap_or(u64::MAX);
        self.documents += 1;
        self.lines += lines;
        if event.identifiers.is_empty() {
            self.lines_of_nobody += lines;
        }
        let returned = event.kind == Kind::OrderRefunded;
        if returned {
            self.returns += 1;
            self.return_lines += lines;
        }
        self.adjustments += u64::from(event.kind == Kind::Adjustment);
        let sums = if returned { &mut self.returned_minor } else { &mut self.sold_minor };
        let sum = sums.entry(order.currency.code().to_owned()).or_default();
        *sum = sum.saturating_add(total);
    }

    fn custom(&mut self, name: &str) {
        if let Some(count) = self.custom.get_mut(name) {
            *count += 1;
        } else if self.custom.len() < Self::NAMES_MAX {
            self.custom.insert(name.to_owned(), 1);
        }
    }

    /// What was sold less what was returned or cancelled, in minor units by currency.
    #[must_use]
    pub fn net_minor(&self) -> BTreeMap<String, i64> {
        let mut net = self.sold_minor.clone();
        for (currency, minor) in self.returned_minor.iter().chain(&self.cancelled_minor) {
            let sum = net.entry(currency.clone()).or_default();
            *sum = sum.saturating_sub(*minor);
        }
        net
    }

    /// How many different customers are named.
    #[must_use]
    pub fn customers(&self) -> u64 {
        u64::try_from(self.customers.len()).unwrap_or(u64::MAX)
    }
}
