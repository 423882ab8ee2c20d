//! The syntax tree: what a condition says, each part once and in one form.
//!
//! **Invariants**, held by the parser and by [`Condition::from_json`]: [`Condition::All`] and
//! [`Condition::Any`] have at least two parts; names are not empty; lengths of time count at least
//! one; a tree is at most [`Condition::DEPTH_MAX`] deep. So the printed form of a tree parses to
//! the same tree.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::beside::Stage;
use super::calendar::{Day, Occasion};
use super::computed::ComputedTrait;
use super::figure::{Figure, FigureTest};
use super::filter::Filter;
use super::json;
use crate::event::{Channel, Kind, Money, Purpose};

/// A condition on one person.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Condition {
    /// `always`
    Always,
    /// `never`
    Never,
    /// `not ...`
    Not(Box<Condition>),
    /// `... and ...`
    All(Vec<Condition>),
    /// `... or ...`
    Any(Vec<Condition>),
    /// `cart ...`, `no cart event for ...`
    Cart(CartTest),
    /// `has bought any product of the cart`, `has bought all products of the cart`
    BoughtOfCart(Share),
    /// `has ordered`, `has bought ...`, `has kept ...`, `has returned ...`
    Done {
        /// What was done.
        deed: Deed,
        /// With what.
        thing: Thing,
        /// Which of them.
        #[serde(default, skip_serializing_if = "Filter::is_empty")]
        filter: Filter,
        /// Where and when.
        #[serde(flatten)]
        scope: Scope,
    },
    /// `orders at least 2`: orders that were kept, at least in part.
    Orders {
        /// How many.
        limit: Limit<u64>,
        /// Which of them.
        #[serde(default, skip_serializing_if = "Filter::is_empty")]
        filter: Filter,
        /// Where and when.
        #[serde(flatten)]
        scope: Scope,
    },
    /// `spent at least 100 EUR`: what was paid and not given back.
    Spent {
        /// How much.
        #[serde(with = "json::money_limit")]
        limit: Limit<Money>,
        /// Which of them.
        #[serde(default, skip_serializing_if = "Filter::is_empty")]
        filter: Filter,
        /// Where and when.
        #[serde(flatten)]
        scope: Scope,
    },
    /// `last order more than 60 days ago`: of the orders that were kept.
    OrderAge {
        /// Which order.
        end: End,
        /// Over which channel.
        #[serde(default, skip_serializing_if = "Option::is_none", with = "json::maybe_channel")]
        channel: Option<Channel>,
        /// Which of them.
        #[serde(default, skip_serializing_if = "Filter::is_empty")]
        filter: Filter,
        /// How long ago.
        age: Age,
    },
    /// `event "Product Viewed" at least 3 times`, `has done "QR Scanned"`
    Event {
        /// What happened.
        #[serde(with = "json::kind")]
        kind: Kind,
        /// How often.
        limit: Limit<u64>,
        /// Which of them.
        #[serde(default, skip_serializing_if = "Filter::is_empty")]
        filter: Filter,
        /// When.
        #[serde(default, skip_serializing_if = "Window::is_ever")]
        window: Window,
    },
    /// `last "Store Visited" less than 2 hours ago`
    EventAge {
        /// Which of them.
        end: End,
        /// What happened.
        #[serde(with = "json::kind")]
        kind: Kind,
        /// Which of them.
        #[serde(default, skip_serializing_if = "Filter::is_empty")]
        filter: Filter,
        /// How long ago.
        age: Age,
    },
    /// `sum of value of event "Deposit Made" at least 100`
    Figure {
        /// What the values come to.
        figure: Figure,
        /// What is asked of that.
        test: FigureTest,
    },
    /// `trait city is "Porto"`
    Trait {
        /// Its name; a point leads into a nested trait (`address.city`).
        name: String,
        /// What is asked of it.
        test: TraitTest,
        /// How it is reckoned, where the shop computes it: a program sets this, no text states it.
        #[serde(skip)]
        computed: Option<Arc<ComputedTrait>>,
    },
    /// `consent to email promotion`: a yes, and no standing no.
    Consent {
        /// Over which channel.
        #[serde(with = "json::channel")]
        channel: Channel,
        /// For what.
        #[serde(with = "json::purpose")]
        purpose: Purpose,
    },
    /// `reachable by email`: there is an address, and no hard stop on it.
    Reachable(#[serde(with = "json::channel")] Channel),
    /// `reachable by email for promotion`: there is an address that such messages may go to.
    MayWrite {
        /// Over which channel.
        #[serde(with = "json::channel")]
        channel: Channel,
        /// For what.
        #[serde(with = "json::purpose")]
        purpose: Purpose,
    },
    /// `ticket is open`
    TicketOpen,
    /// `ticket is open for more than 3 days`
    TicketWaits(Length),
    /// `tickets at least 2 in the last 90 days`, `ticket closed in the last 7 days`
    Tickets {
        /// What became of them.
        turn: TicketTurn,
        /// How many.
        limit: Limit<u64>,
        /// When.
        #[serde(default, skip_serializing_if = "Window::is_ever")]
        window: Window,
    },
    /// `first seen through ads`
    FirstSeen(#[serde(with = "json::channel")] Channel),
    /// `touched social in the last 30 days`
    Touched {
        /// Over which channel.
        #[serde(with = "json::channel")]
        channel: Channel,
        /// When.
        #[serde(default, skip_serializing_if = "Window::is_ever")]
        window: Window,
    },
    /// `anniversary of trait birthday in the next 7 days`
    Anniversary {
        /// Of which day.
        of: Occasion,
        /// How many days ahead: 0 is today.
        ahead: u32,
    },
    /// `weekday is one of (friday, saturday)`: in the person's zone, at least one of them.
    Weekday(Vec<Day>),
    /// `hour less than 18`: the hour of the day in the person's zone, 0 to 23.
    Hour(Limit<u64>),
    /// `score "engagement" at least 70`
    Score {
        /// Its name.
        name: String,
        /// Where it must lie.
        limit: Limit<Number>,
    },
    /// `stage is lapsing`
    Stage(Stage),
    /// `in list "vips-2026"`: one of the person's identifiers is on it.
    InList(String),
    /// `in segment "vip"`: its condition, asked in the asker's way.
    Segment(String),
}

/// What is asked of the cart. A line that a purchase closed is not in it any more.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CartTest {
    /// Something is in it.
    Open,
    /// Nothing is in it.
    Empty,
    /// This is in it.
    Has(Thing),
    /// What is in it is worth so much.
    Value(#[serde(with = "json::money_limit")] Limit<Money>),
    /// Nothing happened to it for so long.
    Idle(Length),
}

/// How much of the cart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// At least one product of it.
    Any,
    /// Every product of it.
    All,
}

/// What becomes of a question to the service desk; each counts when that was last so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketTurn {
    /// It was asked, or asked again.
    Opened,
    /// The desk was done with it.
    Closed,
}

impl TicketTurn {
    /// As it stands in a condition.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Opened => "opened",
            Self::Closed => "closed",
        }
    }
}

/// What a person does with products.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Deed {
    /// Bought it, whatever became of it.
    Bought,
    /// Bought it and neither returned nor cancelled it.
    Kept,
    /// Returned it.
    Returned,
}

/// A product, or a kind of product.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Thing {
    /// Whatever it is.
    Anything,
    /// The product of this id, any variant or equivalent.
    Product(String),
    /// A product of this category or of one below it.
    Category(String),
}

/// Which orders are meant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Scope {
    /// Over which channel; `None`: over any.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "json::maybe_channel")]
    pub channel: Option<Channel>,
    /// When.
    #[serde(default, skip_serializing_if = "Window::is_ever")]
    pub window: Window,
}

/// A stretch of time that moves with the moment of asking.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Window {
    /// At any time.
    #[default]
    Ever,
    /// After the person entered the journey.
    SinceEntry,
    /// Until so long after it happened: `in the last 30 days`.
    Last(Length),
    /// From so long after it happened: `more than 30 days ago`.
    Before(Length),
    /// From the beginning of a day on, in the person's zone: `since 2026-11-27`.
    Since(#[serde(with = "json::date")] Date),
    /// Before the beginning of a day: `before 2026-11-27`.
    Until(#[serde(with = "json::date")] Date),
    /// On these days and those between them: `between 2026-11-27 and 2026-11-30`.
    Between(#[serde(with = "json::dates")] (Date, Date)),
    /// With the latest orders that were kept, so many of them: `on the last 3 orders`.
    Latest(u32),
    /// Before something else: `before the first order`. Nothing is, where that never was.
    BeforeMark(Box<Mark>),
    /// After something else: `after the last "Message Sent"`. Nothing is, where that never was.
    AfterMark(Box<Mark>),
}

/// Something on a person's way that other things come before or after.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Mark {
    /// How near to it they must be: less than this apart; `None`: however far.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Length>,
    /// Which of its kind; [`Which::Any`] only where they must be near.
    pub which: Which,
    /// What it is.
    pub of: MarkOf,
    /// Which of them; none of touchpoints, which have no fields.
    #[serde(default, skip_serializing_if = "Filter::is_empty")]
    pub filter: Filter,
    /// Those before or after something else again: [`Window::BeforeMark`], [`Window::AfterMark`] or
    /// [`Window::Ever`]; at most [`Mark::CHAIN_MAX`] marks hang on each other.
    #[serde(default, skip_serializing_if = "Window::is_ever")]
    pub window: Window,
}

/// Which of several a [`Mark`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Which {
    /// The first.
    First,
    /// The last.
    Last,
    /// Whichever is near.
    Any,
}

impl Mark {
    /// The most marks of which one is told by the next: a sentence that people still follow.
    pub const CHAIN_MAX: usize = 3;
}

/// What a [`Mark`] is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkOf {
    /// An order that was kept.
    Order {
        /// Over which channel; `None`: over any.
        #[serde(default, skip_serializing_if = "Option::is_none", with = "json::maybe_channel")]
        channel: Option<Channel>,
    },
    /// An event of a kind.
    Event(#[serde(with = "json::kind")] Kind),
    /// A touchpoint over a channel.
    Touch(#[serde(with = "json::channel")] Channel),
}

impl Window {
    pub(super) fn is_ever(&self) -> bool {
        *self == Self::Ever
    }

    /// What something must come before or after, and what that must again.
    pub(super) fn marks(&self) -> impl Iterator<Item = &Mark> {
        std::iter::successors(self.mark(), |mark| mark.window.mark())
    }

    /// What something must come before or after.
    pub(super) fn mark(&self) -> Option<&Mark> {
        match self {
            Self::BeforeMark(mark) | Self::AfterMark(mark) => Some(mark),
            Self::Ever
            | Self::SinceEntry
            | Self::Last(_)
            | Self::Before(_)
            | Self::Since(_)
            | Self::Until(_)
            | Self::Between(_)
            | Self::Latest(_) => None,
        }
    }
}

/// The first or the last of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The first.
    First,
    /// The last.
    Last,
}

/// How long ago. The two are opposites: something is so long ago from the moment at which the
/// length of time has passed since.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Age {
    /// The length of time has passed.
    MoreThan(Length),
    /// It has not.
    LessThan(Length),
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Length {
    /// How many; 1 to [`Length::COUNT_MAX`].
    pub count: u32,
    /// Of what.
    pub unit: Unit,
}

impl Length {
    /// The largest number of units: nothing in retail is older than this many days.
    pub const COUNT_MAX: u32 = 100_000;
}

/// Seconds to hours are elapsed time; days to years are calendar time in the person's zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Elapsed.
    Seconds,
    /// Elapsed.
    Minutes,
    /// Elapsed: 24 hours may be less or more than a day.
    Hours,
    /// To the same time of the day.
    Days,
    /// To the same time of the same weekday.
    Weeks,
    /// To the same day of the month, or its last.
    Months,
    /// To the same day of the year.
    Years,
}

/// A bound for a number or an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Limit<T> {
    /// On which side of it.
    pub comparison: Comparison,
    /// The bound itself.
    pub value: T,
}

impl Limit<u64> {
    /// Once or more often.
    pub const ONCE: Self = Self { comparison: Comparison::AtLeast, value: 1 };
}

/// On which side of a bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Comparison {
    /// The bound or above.
    AtLeast,
    /// The bound or below.
    AtMost,
    /// Above.
    MoreThan,
    /// Below.
    LessThan,
    /// The bound itself.
    Exactly,
}

/// What is asked of a trait. A trait that was never stated, or stated as nothing, fails every test.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TraitTest {
    /// It was stated.
    Known,
    /// It is this; case does not count.
    Is(Literal),
    /// It is one of these, at least one of them named.
    OneOf(Vec<Literal>),
    /// A list with this in it, or a text that contains it; case does not count.
    Contains(Literal),
    /// It is a number on this side of the bound.
    Number(Limit<Number>),
}

/// A value written in a condition.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Literal {
    /// `"Porto"`
    Text(String),
    /// `3`, `-0.5`
    Number(Number),
    /// `true`, `false`
    Bool(bool),
}

/// A decimal number: `digits` with the point `places` before its end; no zeros at its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Number {
    /// All digits.
    pub digits: i64,
    /// How many of them stand after the point; at most 18.
    pub places: u32,
}

impl Condition {
    /// The most levels of brackets and negations.
    pub const DEPTH_MAX: usize = 32;
    /// The longest text in bytes.
    pub const LENGTH_MAX: usize = 4_096;

    /// The conditions it is made of; a statement is made of none.
    #[must_use]
    pub fn parts(&self) -> &[Condition] {
        match self {
            Self::Not(part) => std::slice::from_ref(part),
            Self::All(parts) | Self::Any(parts) => parts,
            Self::Always
            | Self::Never
            | Self::Cart(_)
            | Self::BoughtOfCart(_)
            | Self::Done { .. }
            | Self::Orders { .. }
            | Self::Spent { .. }
            | Self::OrderAge { .. }
            | Self::Event { .. }
            | Self::EventAge { .. }
            | Self::Figure { .. }
            | Self::Trait { .. }
            | Self::Consent { .. }
            | Self::Reachable(_)
            | Self::MayWrite { .. }
            | Self::TicketOpen
            | Self::TicketWaits(_)
            | Self::Tickets { .. }
            | Self::FirstSeen(_)
            | Self::Touched { .. }
            | Self::Anniversary { .. }
            | Self::Weekday(_)
            | Self::Hour(_)
            | Self::Score { .. }
            | Self::Stage(_)
            | Self::InList(_)
            | Self::Segment(_) => &[],
        }
    }

    /// When that must have been which a statement counts; `None`: it has no such time.
    pub(super) fn window(&self) -> Option<&Window> {
        #[expect(clippy::wildcard_enum_match_arm, reason = "the statements that have a window")]
        match self {
            Self::Done { scope, .. } | Self::Orders { scope, .. } | Self::Spent { scope, .. } => {
                Some(&scope.window)
            }
            Self::Event { window, .. }
            | Self::Tickets { window, .. }
            | Self::Touched { window, .. } => Some(window),
            Self::Figure { figure, .. } => Some(&figure.window),
            Self::Trait { computed, .. } => computed.as_ref().map(|it| &it.figure.window),
            _ => None,
        }
    }

    /// Hands every statement in it to `take`, in order.
    pub fn each<'c>(&'c self, take: &mut impl FnMut(&'c Condition)) {
        if self.parts().is_empty() {
            take(self);
        }
        for part in self.parts() {
            part.each(take);
        }
    }

    /// How deep the tree is; a statement alone is 1 deep.
    #[must_use]
    pub fn depth(&self) -> usize {
        1 + self.parts().iter().map(Self::depth).max().unwrap_or(0)
    }
}
