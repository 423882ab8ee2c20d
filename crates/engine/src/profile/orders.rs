//! Orders: a map by key over all channels, never counters, so that no repeat counts twice.

use std::collections::BTreeMap;

use minicbor::{Decode, Encode};

use super::{Checkouts, Stamp};
use crate::event::{Channel, Currency, Event, Kind, Line};
use crate::product::Catalogue;
use crate::time::{DAY, Occurred, Timestamp};
use crate::truth::Truth;

/// The most orders kept of one person. Whoever has more is a reseller or a till that rings up
/// everybody on one card: an outlier, out of marketing and model fits.
pub const ORDERS_MAX: usize = 10_000;

/// What a source says of a sale.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Statement {
    /// When it was received; of several statements of one order the last received counts.
    #[n(0)]
    pub received_at: Timestamp,
    /// For equal times.
    #[n(1)]
    pub stamp: Stamp,
    /// When the sale was, and how exactly that is known.
    #[n(2)]
    pub occurred: Occurred,
    /// Over which channel.
    #[n(3)]
    pub channel: Channel,
    /// In which store.
    #[n(4)]
    pub store: Option<String>,
    /// What was bought; empty if the source does not say.
    #[n(5)]
    pub lines: Vec<Line>,
    /// What it came to in minor units: as stated, else the sum of its lines.
    #[n(6)]
    pub total_minor: i64,
    /// Of which currency.
    #[n(7)]
    pub currency: Currency,
    /// The coupon that was redeemed.
    #[n(8)]
    pub coupon: Option<String>,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Refund {
    /// For the order of versions.
    #[n(0)]
    pub received_at: Timestamp,
    /// When.
    #[n(1)]
    pub occurred: Occurred,
    /// What came back; empty: all of it.
    #[n(2)]
    pub lines: Vec<Line>,
    /// How much money went back, in minor units, at least 0.
    #[n(3)]
    pub total_minor: i64,
}

/// One order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct OrderRecord {
    /// What is known of the sale. `None`: only its return or cancellation has arrived, which
    /// shows that there was one.
    #[n(0)]
    pub sale: Option<Statement>,
    /// Returns, by the hash of their source and id.
    #[n(1)]
    pub refunds: BTreeMap<u64, Refund>,
    /// The first moment at which it was cancelled.
    #[n(2)]
    pub cancelled: Option<Stamp>,
    /// The latest moment at which the sale can have been, by whoever dates it last; `None`: nobody told of a
    /// sale but by what became of it.
    #[n(3)]
    pub dated_until: Option<Timestamp>,
}

/// A person's orders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Orders {
    /// By key.
    #[n(0)]
    pub by_key: BTreeMap<String, OrderRecord>,
    /// Whether there were more than [`ORDERS_MAX`]: then those with the smallest keys stay.
    #[n(1)]
    pub overflowed: bool,
}

impl OrderRecord {
    /// The moment of the order: of its sale, else of what came back first.
    #[must_use]
    pub fn occurred(&self) -> Option<Occurred> {
        let refund = || self.refunds.values().map(|refund| refund.occurred).min();
        let cancelled = || self.cancelled.map(|stamp| Occurred::instant(stamp.at));
        self.sale.as_ref().map(|sale| sale.occurred).or_else(refund).or_else(cancelled)
    }

    /// The latest moment at which the order can have been: sources that tell of the same sale have clocks of
    /// their own, which differ by less than a day. `None`: nothing dates it.
    #[must_use]
    pub fn latest(&self) -> Option<Timestamp> {
        let first = self.occurred()?;
        let until = self.dated_until.map(|until| until.min(first.at.plus(DAY)));
        Some(until.map_or(first.latest(), |until| until.max(first.latest())))
    }

    /// What was paid and not given back, in minor units; 0 where only a return is known.
    #[must_use]
    pub fn net_minor(&self) -> i64 {
        if self.cancelled.is_some() {
            return 0;
        }
        let back: i64 = self.refunds.values().map(|refund| refund.total_minor).sum();
        self.sale.as_ref().map_or(0, |sale| sale.total_minor - back)
    }

    /// Whether it is a sale that was kept, at least in part.
    #[must_use]
    pub fn kept(&self) -> bool {
        self.cancelled.is_none()
            && self.sale.as_ref().is_some_and(|sale| {
                self.refunds.is_empty()
                    || (self.refunds.values().all(|refund| !refund.lines.is_empty())
                        && (sale.total_minor == 0 || self.net_minor() > 0))
            })
    }

    fn merge(&mut self, other: Self) {
        if let Some(sale) = other.sale {
            self.state(sale);
        }
        for (id, refund) in other.refunds {
            self.refund(id, refund);
        }
        self.dated_until = self.dated_until.max(other.dated_until);
        self.cancelled = match (self.cancelled, other.cancelled) {
            (Some(left), Some(right)) => Some(left.min(right)),
            (left, right) => left.or(right),
        };
    }

    /// A statement with lines beats one without; then the last received, then the larger stamp.
    fn state(&mut self, sale: Statement) {
        fn rank(s: &Statement) -> (bool, Timestamp, Stamp, &[Line], i64) {
            (!s.lines.is_empty(), s.received_at, s.stamp, &s.lines, s.total_minor)
        }
        let first = self.sale.as_ref().map(|held| held.occurred.min(sale.occurred));
        if self.sale.as_ref().is_none_or(|held| rank(held) < rank(&sale)) {
            self.sale = Some(sale);
        }
        // Shop, till and payment each date the one order a little differently: it is told by the first, and
        // what it surely came before by the last.
        if let (Some(first), Some(held)) = (first, self.sale.as_mut()) {
            held.occurred = first;
        }
    }

    fn refund(&mut self, id: u64, refund: Refund) {
        fn rank(r: &Refund) -> (Timestamp, i64, &[Line]) {
            (r.received_at, r.total_minor, &r.lines)
        }
        match self.refunds.get_mut(&id) {
            Some(held) if rank(held) >= rank(&refund) => {}
            Some(held) => *held = refund,
            None => {
                self.refunds.insert(id, refund);
            }
        }
    }
}

impl Orders {
    /// Takes in what an event says of an order.
    #[expect(clippy::wildcard_enum_match_arm, reason = "only these kinds of event matter here")]
    pub fn fold(&mut self, event: &Event, stamp: Stamp) {
        let Some(order) = &event.order else { return };
        let mut record = OrderRecord::default();
        let sum = || event.lines.iter().filter_map(|line| line.total_minor).sum();
        let total_minor = order.total_minor.unwrap_or_else(sum);
        match event.kind {
            Kind::OrderCompleted | Kind::OrderUpdated => {
                if event.kind == Kind::OrderCompleted {
                    // What was told of had happened by then, however roughly it is dated.
                    let latest = event.occurred.latest().min(event.received_at);
                    record.dated_until = Some(latest.max(event.occurred.at));
                }
                record.state(Statement {
                    received_at: event.received_at,
                    stamp,
                    occurred: event.occurred,
                    channel: event.place.channel,
                    store: event.place.store.clone(),
                    lines: event.described_lines(),
                    total_minor,
                    currency: order.currency,
                    coupon: order.coupon.clone(),
                });
            }
            Kind::OrderRefunded => record.refund(
                stamp.tie,
                Refund {
                    received_at: event.received_at,
                    occurred: event.occurred,
                    lines: event.described_lines(),
                    total_minor: total_minor.saturating_abs(),
                },
            ),
            Kind::OrderCancelled => record.cancelled = Some(stamp),
            _ => return,
        }
        self.insert(order.key.clone(), record);
        self.settle();
    }

    /// Takes in another person's orders.
    pub fn merge(&mut self, other: Self) {
        for (key, record) in other.by_key {
            self.insert(key, record);
        }
        self.overflowed |= other.overflowed;
        self.settle();
    }

    fn insert(&mut self, key: String, record: OrderRecord) {
        match self.by_key.get_mut(&key) {
            Some(held) => held.merge(record),
            None => {
                self.by_key.insert(key, record);
            }
        }
    }

    fn settle(&mut self) {
        while self.by_key.len() > ORDERS_MAX {
            self.by_key.pop_last();
            self.overflowed = true;
        }
    }

    /// Whether a purchase closes a cart line that was last added at `added`: a purchase of that
    /// product, any variant or equivalent, over any channel, unless it surely preceded the add. None does
    /// whose checkout was begun no earlier.
    /// With it the key of the order that answers, if any.
    ///
    /// Kept or not: an order that was returned or cancelled closes the line all the same, since
    /// it does not reopen the cart. Unknown: a line that leads to no product, an order without lines.
    #[must_use]
    pub fn closes(
        &self,
        line: &Line,
        added: Occurred,
        checkouts: &Checkouts<'_>,
        catalogue: &Catalogue,
        now: Timestamp,
    ) -> (Truth, Option<&str>) {
        let mut answer = (Truth::False, None);
        for (key, record) in &self.by_key {
            let Some(occurred) = record.occurred() else { continue };
            let latest = record.latest().max(checkouts.get(key.as_str()).copied());
            if occurred.at > now || latest.is_none_or(|latest| latest < added.at) {
                continue;
            }
            let bought = record.contains(line, catalogue);
            if bought > answer.0 {
                answer = (bought, Some(key.as_str()));
            }
        }
        // The line is open where nothing was bought.
        (!answer.0, answer.1)
    }
}

impl OrderRecord {
    /// Whether something was bought with the order, whatever became of it; `is` says of a line
    /// whether it is that. A sale without lines may hold anything. Of an order of which only the
    /// return is known, what came back had been bought, and what else was bought is not known.
    #[must_use]
    pub fn bought(&self, is: impl Fn(&Line) -> Truth) -> Truth {
        let any = |any: Truth, line: &Line| any.or(is(line));
        match &self.sale {
            Some(sale) if sale.lines.is_empty() => Truth::Unknown,
            Some(sale) => sale.lines.iter().fold(Truth::False, any),
            None => {
                let back = self.refunds.values().flat_map(|refund| &refund.lines);
                back.fold(Truth::Unknown, any)
            }
        }
    }

    /// Whether the order holds the product of `line`.
    #[must_use]
    pub fn contains(&self, line: &Line, catalogue: &Catalogue) -> Truth {
        self.bought(|held| catalogue.same(line, held))
    }
}
