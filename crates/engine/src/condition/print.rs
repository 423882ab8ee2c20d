//! From tree to text: the one canonical form of a condition, which parses to the same tree.

use std::fmt::{Display, Formatter, Result, Write};

use super::ast::{
    Age, CartTest, Comparison, Condition, Deed, End, Length, Limit, Literal, Number, Scope, Share,
    Thing, TraitTest, Unit, Window,
};
use crate::event::Channel;

/// How tightly a part holds together, so that brackets stand only where they are needed.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Place {
    Outside,
    InAny,
    InAll,
    InNot,
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write(self, Place::Outside, f)
    }
}

fn write(condition: &Condition, place: Place, f: &mut Formatter<'_>) -> Result {
    match condition {
        Condition::Any(parts) => joined(parts, " or ", Place::InAny, place >= Place::InAny, f),
        Condition::All(parts) => joined(parts, " and ", Place::InAll, place >= Place::InAll, f),
        Condition::Not(part) => {
            f.write_str("not ")?;
            write(part, Place::InNot, f)
        }
        Condition::Always => f.write_str("always"),
        Condition::Never => f.write_str("never"),
        Condition::Cart(test) => cart(test, f),
        Condition::BoughtOfCart(Share::Any) => f.write_str("has bought any product of the cart"),
        Condition::BoughtOfCart(Share::All) => f.write_str("has bought all products of the cart"),
        Condition::Done { deed: Deed::Bought, thing: Thing::Anything, scope } => {
            write!(f, "has ordered{}", Shown(scope))
        }
        Condition::Done { deed, thing, scope } => {
            let deed = match deed {
                Deed::Bought => "bought",
                Deed::Kept => "kept",
                Deed::Returned => "returned",
            };
            write!(f, "has {deed} {}{}", Shown(thing), Shown(scope))
        }
        Condition::Orders { limit, scope } => {
            let (channel, window) = (Shown(&scope.channel), Shown(&scope.window));
            write!(f, "orders{channel} {} {}{window}", limit.comparison.words(), limit.value)
        }
        Condition::Spent { limit, scope } => {
            let (channel, window) = (Shown(&scope.channel), Shown(&scope.window));
            write!(f, "spent{channel} {} {}{window}", limit.comparison.words(), limit.value)
        }
        Condition::OrderAge { end, channel, age } => {
            write!(f, "{} order{} {}", end.word(), Shown(channel), Shown(age))
        }
        Condition::Event { kind, limit, window } => event(kind.name(), limit, *window, f),
        Condition::EventAge { end, kind, age } => {
            write!(f, "{} {} {}", end.word(), Quoted(kind.name()), Shown(age))
        }
        Condition::Trait { name, test } => person_trait(name, test, f),
        Condition::Consent { channel, purpose } => {
            write!(f, "consent to {} {}", channel.word(), purpose.word())
        }
        Condition::Reachable(channel) => write!(f, "reachable by {}", channel.word()),
        Condition::TicketOpen => f.write_str("ticket is open"),
        Condition::FirstSeen(channel) => write!(f, "first seen through {}", channel.word()),
        Condition::Touched { channel, window } => {
            write!(f, "touched {}{}", channel.word(), Shown(window))
        }
        Condition::Score { name, limit } => {
            write!(f, "score {} {} {}", Quoted(name), limit.comparison.words(), limit.value)
        }
        Condition::Stage(stage) => write!(f, "stage is {}", stage.word()),
        Condition::InList(name) => write!(f, "in list {}", Quoted(name)),
        Condition::Segment(name) => write!(f, "in segment {}", Quoted(name)),
    }
}

fn joined(
    parts: &[Condition],
    by: &str,
    place: Place,
    brackets: bool,
    f: &mut Formatter<'_>,
) -> Result {
    if brackets {
        f.write_char('(')?;
    }
    for (index, part) in parts.iter().enumerate() {
        if index > 0 {
            f.write_str(by)?;
        }
        write(part, place, f)?;
    }
    if brackets {
        f.write_char(')')?;
    }
    Ok(())
}

fn cart(test: &CartTest, f: &mut Formatter<'_>) -> Result {
    match test {
        CartTest::Open => f.write_str("cart is open"),
        CartTest::Empty => f.write_str("cart is empty"),
        CartTest::Has(thing) => write!(f, "cart has {}", Shown(thing)),
        CartTest::Value(limit) => {
            write!(f, "cart value {} {}", limit.comparison.words(), limit.value)
        }
        CartTest::Idle(length) => write!(f, "no cart event for {length}"),
    }
}

fn event(name: &str, limit: &Limit<u64>, window: Window, f: &mut Formatter<'_>) -> Result {
    if *limit == (Limit { comparison: Comparison::AtLeast, value: 1 }) {
        return write!(f, "has done {}{}", Quoted(name), Shown(&window));
    }
    let times = if limit.value == 1 { "time" } else { "times" };
    let (words, value) = (limit.comparison.words(), limit.value);
    write!(f, "event {} {words} {value} {times}{}", Quoted(name), Shown(&window))
}

fn person_trait(name: &str, test: &TraitTest, f: &mut Formatter<'_>) -> Result {
    if plain(name) {
        write!(f, "trait {name} ")?;
    } else {
        write!(f, "trait {} ", Quoted(name))?;
    }
    match test {
        TraitTest::Known => f.write_str("is known"),
        TraitTest::Is(literal) => write!(f, "is {literal}"),
        TraitTest::Contains(literal) => write!(f, "contains {literal}"),
        TraitTest::Number(limit) => write!(f, "{} {}", limit.comparison.words(), limit.value),
        TraitTest::OneOf(literals) => {
            f.write_str("is one of (")?;
            for (index, literal) in literals.iter().enumerate() {
                let comma = if index == 0 { "" } else { ", " };
                write!(f, "{comma}{literal}")?;
            }
            f.write_char(')')
        }
    }
}

/// Whether a name reads as one word.
fn plain(name: &str) -> bool {
    let parts = || name.split(['.', '-']);
    name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && parts().all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        })
}

impl Comparison {
    /// As it stands in a condition.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::AtLeast => "at least",
            Self::AtMost => "at most",
            Self::MoreThan => "more than",
            Self::LessThan => "less than",
            Self::Exactly => "exactly",
        }
    }
}

impl End {
    /// As it stands in a condition.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Last => "last",
        }
    }
}

impl Display for Length {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let unit = match self.unit {
            Unit::Seconds => "second",
            Unit::Minutes => "minute",
            Unit::Hours => "hour",
            Unit::Days => "day",
            Unit::Weeks => "week",
            Unit::Months => "month",
            Unit::Years => "year",
        };
        write!(f, "{} {unit}{}", self.count, if self.count == 1 { "" } else { "s" })
    }
}

impl Display for Number {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let digits = self.digits.unsigned_abs().to_string();
        let places = usize::try_from(self.places).unwrap_or(usize::MAX).min(18);
        if places == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = places + 1);
        let (whole, rest) = padded.split_at(padded.len() - places);
        write!(f, "{sign}{whole}.{rest}")
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Self::Text(text) => write!(f, "{}", Quoted(text)),
            Self::Number(number) => write!(f, "{number}"),
            Self::Bool(yes) => write!(f, "{yes}"),
        }
    }
}

/// A text in its quotes.
pub(super) struct Quoted<'a>(pub(super) &'a str);

impl Display for Quoted<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            if matches!(c, '"' | '\\') {
                f.write_char('\\')?;
            }
            f.write_char(c)?;
        }
        f.write_char('"')
    }
}

/// A part that stands behind others, with the space before it where it may be left out.
pub(super) struct Shown<'a, T>(pub(super) &'a T);

impl Display for Shown<'_, Thing> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Thing::Anything => f.write_str("anything"),
            Thing::Product(id) => write!(f, "product {}", Quoted(id)),
            Thing::Category(name) => write!(f, "category {}", Quoted(name)),
        }
    }
}

impl Display for Shown<'_, Option<Channel>> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            None => Ok(()),
            Some(channel @ (Channel::Store | Channel::App)) => write!(f, " in {}", channel.word()),
            Some(channel) => write!(f, " on {}", channel.word()),
        }
    }
}

impl Display for Shown<'_, Window> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Window::Ever => Ok(()),
            Window::SinceEntry => f.write_str(" since entry"),
            Window::Last(length) => write!(f, " in the last {length}"),
            Window::Before(length) => write!(f, " more than {length} ago"),
        }
    }
}

impl Display for Shown<'_, Scope> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}{}", Shown(&self.0.channel), Shown(&self.0.window))
    }
}

impl Display for Shown<'_, Age> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            Age::MoreThan(length) => write!(f, "more than {length} ago"),
            Age::LessThan(length) => write!(f, "less than {length} ago"),
        }
    }
}
