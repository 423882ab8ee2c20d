//! Two points of view of a message: what its channel would claim for it, and what the customer lived.
//!
//! A channel sees its own contacts and the orders that follow them. It does not see that the shirt had
//! been bought in the store at noon, nor that the dearer one went back when the coupon came. Both
//! views are told from the same facts, side by side; neither says what the message *caused*, which
//! only people kept out by chance can tell (see [`super::Trial`]).

use std::collections::BTreeMap;

use crate::decision::Message;
use crate::event::{Channel, Kind, Line, Money, Purpose};
use crate::product::Catalogue;
use crate::profile::{OrderRecord, Profile, Refund, Statement};
use crate::time::{DAY, Timestamp};
use crate::truth::Truth;

/// By what a channel claims an order; the strongest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Claim {
    /// It bears a coupon, and the message bore an offer.
    Coupon,
    /// A link of the message had been followed that shows a product of the order.
    Product,
    /// A link of the message had been followed.
    Clicked,
    /// The message had been opened, perhaps by a machine.
    Opened,
    /// The message had been received, no more.
    Received,
}

impl Claim {
    /// Every claim, the strongest first.
    pub const ALL: [Self; 5] =
        [Self::Coupon, Self::Product, Self::Clicked, Self::Opened, Self::Received];

    /// The word in the API and on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Coupon => "coupon",
            Self::Product => "product",
            Self::Clicked => "clicked",
            Self::Opened => "opened",
            Self::Received => "received",
        }
    }
}

/// What the customer lived; the first that is true counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lived {
    /// She bought again what she had bought before, and gave the first one back.
    ReturnedAndRebought,
    /// She had bought what it was about before it came.
    HadBought,
    /// She bought after it, and gave all of it back.
    GaveBack,
    /// She bought over another channel than a link would have led to, without coupon and without
    /// having followed one.
    BoughtElsewhere,
    /// She bought after it.
    Bought,
    /// She wanted no more of them: opted out or complained.
    OptedOut,
    /// She did nothing of that.
    Nothing,
}

impl Lived {
    /// Everything that can be lived, in the order in which it counts.
    pub const ALL: [Self; 7] = [
        Self::ReturnedAndRebought,
        Self::HadBought,
        Self::GaveBack,
        Self::BoughtElsewhere,
        Self::Bought,
        Self::OptedOut,
        Self::Nothing,
    ];

    /// The word in the API and on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::ReturnedAndRebought => "returned_and_rebought",
            Self::HadBought => "had_bought",
            Self::GaveBack => "gave_back",
            Self::BoughtElsewhere => "bought_elsewhere",
            Self::Bought => "bought",
            Self::OptedOut => "opted_out",
            Self::Nothing => "nothing",
        }
    }
}

/// A message with what its person did, as it is known today.
#[derive(Clone, Copy, Debug)]
pub struct Received<'r> {
    /// The message.
    pub message: &'r Message,
    /// When the person entered the journey that sent it.
    pub entered_at: Timestamp,
    /// Whether it bore an offer.
    pub offer: bool,
    /// Everything that is known of the person today.
    pub profile: &'r Profile,
    /// Opens, clicks, opt-outs and complaints of the person with their moments; others do not matter.
    pub contacts: &'r [(Timestamp, Kind)],
    /// Products that links of this message show, with the moments at which those were followed.
    pub followed: &'r [(Timestamp, Line)],
    /// Today's products.
    pub catalogue: &'r Catalogue,
    /// Milliseconds for which a channel claims what follows.
    pub window_ms: i64,
}

/// An order that a channel claims.
#[derive(Clone, Debug, PartialEq)]
pub struct Claimed {
    /// By what.
    pub by: Claim,
    /// When it was placed.
    pub at: Timestamp,
    /// What it came to, as the channel saw it then.
    pub money: Money,
}

/// A message from both points of view.
#[derive(Clone, Debug, PartialEq)]
pub struct Viewpoints {
    /// The orders that its channel would claim, by time.
    pub claimed: Vec<Claimed>,
    /// What the customer lived.
    pub lived: Lived,
    /// What came of it for the till, by currency: orders after it, less all that came back, also of
    /// what the person had before and gave back for what she bought again.
    pub kept: Vec<Money>,
}

impl Viewpoints {
    /// How long a channel claims what follows, where nobody says otherwise: five days, which is the
    /// default of a widely used e-mail service.
    pub const WINDOW_MS: i64 = 5 * DAY;

    /// Looks at a message from both.
    #[must_use]
    pub fn of(received: &Received<'_>) -> Self {
        let after = received.orders_after();
        let returned: Vec<(&Statement, &Refund)> = received.returned_for(&after);
        let claimed = after.iter().map(|(_, sale)| received.claimed(sale)).collect();
        let orders = after.iter().map(|(order, sale)| (sale.currency, order.net_minor()));
        let back = returned.iter().map(|(sale, refund)| (sale.currency, -refund.total_minor));
        let mut kept = BTreeMap::new();
        for (currency, minor) in orders.chain(back) {
            *kept.entry(currency).or_insert(0_i64) += minor;
        }
        let lived = if returned.is_empty() && !received.rebought_among(&after) {
            received.lived(&after)
        } else {
            Lived::ReturnedAndRebought
        };
        let kept = kept.into_iter().map(|(currency, minor)| Money { minor, currency }).collect();
        Self { claimed, lived, kept }
    }
}

impl<'r> Received<'r> {
    /// Until when what follows is laid to this message: to the end of the window, or to the next
    /// message over the same channel.
    fn until(&self) -> Timestamp {
        let sent = self.message.claimed_at;
        let later = self.profile.sent.iter().filter(|next| next.stamp.at > sent);
        let next = later.filter(|next| next.channel == self.message.channel).map(|n| n.stamp.at);
        next.min().unwrap_or(Timestamp(i64::MAX)).min(sent.plus(self.window_ms))
    }

    /// Sales after the message, by time.
    fn orders_after(&self) -> Vec<(&'r OrderRecord, &'r Statement)> {
        let (sent, until) = (self.message.claimed_at, self.until());
        let orders = self.profile.orders.by_key.values();
        let sales = orders.filter_map(|order| Some((order, order.sale.as_ref()?)));
        let mut after: Vec<_> = sales
            .filter(|(_, sale)| sent < sale.occurred.at && sale.occurred.at <= until)
            .collect();
        after.sort_by_key(|(_, sale)| sale.occurred.at);
        after
    }

    fn seen(&self, kind: &Kind, before: Timestamp) -> bool {
        let sent = self.message.claimed_at;
        self.contacts.iter().any(|(at, seen)| seen == kind && (sent..=before).contains(at))
    }

    fn claimed(&self, sale: &Statement) -> Claimed {
        let at = sale.occurred.at;
        let by = if self.redeems(sale) {
            Claim::Coupon
        } else if self.followed_to(sale) {
            Claim::Product
        } else if self.seen(&Kind::EmailLinkClicked, at) || self.seen(&Kind::PushClicked, at) {
            Claim::Clicked
        } else if self.seen(&Kind::EmailOpened, at) {
            Claim::Opened
        } else {
            Claim::Received
        };
        let money = Money { minor: sale.total_minor, currency: sale.currency };
        Claimed { by, at, money }
    }

    /// Whether a product of the sale is surely one whose link had been followed.
    fn followed_to(&self, sale: &Statement) -> bool {
        let before = self.followed.iter().filter(|(at, _)| *at <= sale.occurred.at);
        let mut lines = before.map(|(_, line)| line);
        lines.any(|line| {
            sale.lines.iter().any(|bought| self.catalogue.same(line, bought) == Truth::True)
        })
    }

    fn redeems(&self, sale: &Statement) -> bool {
        self.offer && !self.message.without_offer && sale.coupon.is_some()
    }

    /// What came back after the message of orders that hold what was bought again after it.
    fn returned_for(
        &self,
        after: &[(&'r OrderRecord, &'r Statement)],
    ) -> Vec<(&'r Statement, &'r Refund)> {
        let sent = self.message.claimed_at;
        let again = |line: &Line, first: &Statement| {
            let later = after.iter().filter(|(_, sale)| first.occurred < sale.occurred);
            let mut lines = later.flat_map(|(_, sale)| &sale.lines);
            lines.any(|bought| self.catalogue.same(line, bought) == Truth::True)
        };
        let mut found = Vec::new();
        for order in self.profile.orders.by_key.values() {
            let Some(sale) = &order.sale else { continue };
            // What is of after the message itself is in its own sum already.
            if sale.occurred.at > sent {
                continue;
            }
            for refund in order.refunds.values().filter(|refund| refund.occurred.at > sent) {
                let back = if refund.lines.is_empty() { &sale.lines } else { &refund.lines };
                if back.iter().any(|line| again(line, sale)) {
                    found.push((sale, refund));
                }
            }
        }
        found
    }

    /// What she lived, but for giving back what she bought again.
    fn lived(&self, after: &[(&OrderRecord, &Statement)]) -> Lived {
        if self.had_bought() {
            return Lived::HadBought;
        }
        if after.is_empty() {
            let until = self.until();
            let left = [Kind::Unsubscribed, Kind::ConsentWithdrawn, Kind::EmailMarkedAsSpam];
            let left = left.iter().any(|kind| self.seen(kind, until));
            return if left { Lived::OptedOut } else { Lived::Nothing };
        }
        if after.iter().all(|(order, _)| !order.kept()) {
            return Lived::GaveBack;
        }
        let by_it = after.iter().filter(|(order, _)| order.kept()).any(|(_, sale)| {
            let online = matches!(sale.channel, Channel::Web | Channel::App);
            online || self.redeems(sale) || self.claimed(sale).by <= Claim::Clicked
        });
        if by_it { Lived::Bought } else { Lived::BoughtElsewhere }
    }

    /// Whether one of the orders after the message was given back for another of them.
    fn rebought_among(&self, after: &[(&OrderRecord, &Statement)]) -> bool {
        after.iter().enumerate().any(|(place, (first, sale))| {
            let again = || after[place + 1..].iter().flat_map(|(_, later)| &later.lines);
            let same = |line: &Line| again().any(|l| self.catalogue.same(line, l) == Truth::True);
            !first.kept() && sale.lines.iter().any(same)
        })
    }

    /// Whether something that the message showed was surely bought between the entry and the message.
    fn had_bought(&self) -> bool {
        let message = self.message;
        if message.purpose != Purpose::Promotion {
            return false;
        }
        let (entered, sent) = (self.entered_at, message.claimed_at);
        let orders = self.profile.orders.by_key.values().filter(|order| order.cancelled.is_none());
        let mut between = orders.filter(|order| {
            let at = order.occurred().map(|occurred| occurred.at);
            at.is_some_and(|at| entered <= at && at <= sent)
        });
        between.any(|order| {
            let holds = |line| order.contains(line, self.catalogue) == Truth::True;
            message.lines.iter().any(holds)
        })
    }
}

/// Many messages from both points of view.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Messages looked at.
    pub messages: u64,
    /// Orders that the channel would claim, by what, with what they came to by currency.
    pub claimed: BTreeMap<Claim, Sum>,
    /// Messages by what the customer lived, with what the till kept of it by currency.
    pub lived: BTreeMap<Lived, Sum>,
}

/// A number of things and what they came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sum {
    /// How many.
    pub number: u64,
    /// What they came to, by currency.
    pub money: Vec<Money>,
}

impl Sum {
    /// Adds one thing.
    pub fn add(&mut self, money: &[Money]) {
        self.number += 1;
        self.money_of(money);
    }

    /// Adds another sum.
    pub fn merge(&mut self, other: &Self) {
        self.number += other.number;
        self.money_of(&other.money);
    }

    fn money_of(&mut self, money: &[Money]) {
        for one in money {
            match self.money.iter_mut().find(|sum| sum.currency == one.currency) {
                Some(sum) => sum.minor = sum.minor.saturating_add(one.minor),
                None => self.money.push(*one),
            }
        }
        self.money.sort_by_key(|sum| sum.currency);
    }
}

impl Summary {
    /// Takes in a message.
    pub fn add(&mut self, seen: &Viewpoints) {
        self.messages += 1;
        for order in &seen.claimed {
            self.claimed.entry(order.by).or_default().add(&[order.money]);
        }
        self.lived.entry(seen.lived).or_default().add(&seen.kept);
    }

    /// Everything that the channel would claim.
    #[must_use]
    pub fn claimed_in_all(&self) -> Sum {
        total(self.claimed.values())
    }

    /// What the till kept of all.
    #[must_use]
    pub fn kept_in_all(&self) -> Sum {
        total(self.lived.values())
    }
}

fn total<'s>(sums: impl Iterator<Item = &'s Sum>) -> Sum {
    let mut all = Sum::default();
    for sum in sums {
        all.merge(sum);
    }
    all
}
