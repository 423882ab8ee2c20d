//! The values inside facts, each of a kind that every language can write in its own way.

use std::fmt;

use minicbor::{Decode, Encode};
use serde_json::{Value, json};

use crate::condition::{Day, Stage};
use crate::event::{Channel, Kind, Money, Purpose};
use crate::identity::IdentifierKind;
use crate::identity::link::Points;
use crate::source::FeedName;
use crate::time::lasting;

/// What was bought or returned.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Goods {
    /// One product, as its source or the catalogue names it.
    #[n(0)]
    Named(#[n(0)] String),
    /// An order of which no line is meant, or none is known.
    #[n(1)]
    Order,
    /// So many products, at least two.
    #[n(2)]
    Products(#[n(0)] u64),
}

/// Where an order was made. In English it begins with a space: it follows what was bought.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Whereabouts {
    /// Nobody said.
    #[n(0)]
    Unknown,
    /// In a store with a name.
    #[n(1)]
    StoreNamed(#[n(0)] String),
    /// In a store.
    #[n(2)]
    Store,
    /// In the web shop.
    #[n(3)]
    Web,
    /// In the app.
    #[n(4)]
    App,
    /// Over another channel.
    #[n(5)]
    Over(#[n(0)] Channel),
}

/// Of which products something is asked. In English it begins with a space.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub enum Sort {
    /// Of any.
    #[n(0)]
    Anything,
    /// Of one.
    #[n(1)]
    Product(#[n(0)] String),
    /// Of a category.
    #[n(2)]
    Category(#[n(0)] String),
}

/// A length of time in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Span(#[n(0)] pub i64);

/// A number of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct Messages(#[n(0)] pub u64);

/// One value of a fact, by its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail<'a> {
    /// A name or a condition, the same in every language.
    Text(&'a str),
    /// A channel.
    Channel(Channel),
    /// A purpose.
    Purpose(Purpose),
    /// What an event says.
    Event(&'a Kind),
    /// A kind of identifier.
    Identifier(&'a IdentifierKind),
    /// An amount.
    Money(Money),
    /// A day of the week.
    Weekday(Day),
    /// A stage.
    Stage(Stage),
    /// A number that chooses the plural.
    Count(u64),
    /// A number of messages.
    Messages(u64),
    /// A length of time in milliseconds.
    Span(i64),
    /// What was bought.
    Goods(&'a Goods),
    /// Where.
    Whereabouts(&'a Whereabouts),
    /// Of which products.
    Sort(&'a Sort),
    /// Which feed.
    Feed(&'a FeedName),
    /// What two records have in common.
    Points(Points),
}

macro_rules! details {
    ($($type:ty => |$value:ident| $detail:expr;)*) => {
        $(impl<'a> From<&'a $type> for Detail<'a> {
            fn from($value: &'a $type) -> Self { $detail }
        })*
    };
}

details! {
    String => |value| Self::Text(value);
    Channel => |value| Self::Channel(*value);
    Purpose => |value| Self::Purpose(*value);
    Kind => |value| Self::Event(value);
    IdentifierKind => |value| Self::Identifier(value);
    Money => |value| Self::Money(*value);
    Day => |value| Self::Weekday(*value);
    Stage => |value| Self::Stage(*value);
    u64 => |value| Self::Count(*value);
    u8 => |value| Self::Count(u64::from(*value));
    Messages => |value| Self::Messages(value.0);
    Span => |value| Self::Span(value.0);
    Goods => |value| Self::Goods(value);
    Whereabouts => |value| Self::Whereabouts(value);
    Sort => |value| Self::Sort(value);
    FeedName => |value| Self::Feed(value);
    Points => |value| Self::Points(*value);
}

impl Detail<'_> {
    /// The value as files and the API show it; lengths of time in milliseconds.
    #[must_use]
    pub fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => json!(text),
            Self::Channel(channel) => json!(channel.word()),
            Self::Purpose(purpose) => json!(purpose.word()),
            Self::Event(kind) => json!(kind.name()),
            Self::Identifier(kind) => json!(kind.word()),
            Self::Money(money) => {
                json!({ "minor": money.minor, "currency": money.currency.code() })
            }
            Self::Weekday(day) => json!(day.word()),
            Self::Stage(stage) => json!(stage.word()),
            Self::Count(count) | Self::Messages(count) => json!(count),
            Self::Span(ms) => json!(ms),
            Self::Goods(Goods::Named(name)) => json!({ "product": name }),
            Self::Goods(Goods::Order) => json!({}),
            Self::Goods(Goods::Products(count)) => json!({ "products": count }),
            Self::Whereabouts(place) => match place {
                Whereabouts::Unknown => json!({}),
                Whereabouts::StoreNamed(store) => json!({ "channel": "store", "store": store }),
                Whereabouts::Store => json!({ "channel": "store" }),
                Whereabouts::Web => json!({ "channel": "web" }),
                Whereabouts::App => json!({ "channel": "app" }),
                Whereabouts::Over(channel) => json!({ "channel": channel.word() }),
            },
            Self::Sort(Sort::Anything) => json!({}),
            Self::Sort(Sort::Product(name)) => json!({ "product": name }),
            Self::Sort(Sort::Category(name)) => json!({ "category": name }),
            Self::Feed(name) => json!({ "source": name.source, "feed": name.feed }),
            Self::Points(points) => json!(points.words().collect::<Vec<_>>()),
        }
    }
}

impl fmt::Display for Detail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Channel(channel) => f.write_str(channel.word()),
            Self::Purpose(purpose) => f.write_str(purpose.word()),
            Self::Event(kind) => f.write_str(kind.name()),
            Self::Identifier(kind) => f.write_str(kind.word()),
            Self::Money(money) => write!(f, "{money}"),
            Self::Weekday(day) => {
                let (first, rest) = day.word().split_at(1);
                write!(f, "{}{rest}", first.to_uppercase())
            }
            Self::Stage(stage) => f.write_str(stage.word()),
            Self::Count(count) => write!(f, "{count}"),
            Self::Messages(1) => f.write_str("1 message"),
            Self::Messages(count) => write!(f, "{count} messages"),
            Self::Span(ms) => f.write_str(&lasting(*ms)),
            Self::Goods(Goods::Named(name)) => f.write_str(name),
            Self::Goods(Goods::Order) => f.write_str("an order"),
            Self::Goods(Goods::Products(count)) => write!(f, "{count} products"),
            Self::Whereabouts(place) => match place {
                Whereabouts::Unknown => Ok(()),
                Whereabouts::StoreNamed(store) => write!(f, " in store {store}"),
                Whereabouts::Store => f.write_str(" in a store"),
                Whereabouts::Web => f.write_str(" on the web"),
                Whereabouts::App => f.write_str(" in the app"),
                Whereabouts::Over(channel) => write!(f, " over {}", channel.word()),
            },
            Self::Sort(Sort::Anything) => Ok(()),
            Self::Sort(Sort::Product(name)) => write!(f, " of {name}"),
            Self::Sort(Sort::Category(name)) => write!(f, " of category {name}"),
            Self::Feed(name) if name.feed.is_empty() => write!(f, "source {}", name.source),
            Self::Feed(name) => write!(f, "{} of source {}", name.feed, name.source),
            Self::Points(points) => f.write_str(&points.words().collect::<Vec<_>>().join(", ")),
        }
    }
}

/// An English pattern with its `{places}` filled.
pub(super) fn filled(pattern: &str, details: &[(&'static str, Detail<'_>)]) -> String {
    let mut text = String::with_capacity(pattern.len() + 32);
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        if let Some((_, detail)) = details.iter().find(|(held, _)| *held == name) {
            text.push_str(&detail.to_string());
        }
        rest = after;
    }
    text.push_str(rest);
    text
}
