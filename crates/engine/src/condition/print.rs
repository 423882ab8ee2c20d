//! From tree to text: the one canonical form of a condition, which parses to the same tree.

use std::fmt::{Display, Formatter, Result, Write};

use super::ast::{
    Age, CartTest, Comparison, Condition, Deed, End, Length, Limit, Literal, Mark, MarkOf, Number,
    Scope, Share, Thing, TicketTurn, TraitTest, Unit, Which, Window,
};
use super::calendar::{Day, Occasion};
use super::figure::{Figure, FigureTest, Of};
use super::filter::{Asks, FieldTest, Filter};
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

#[expect(clippy::too_many_lines, reason = "one arm for each statement")]
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
        Condition::Done { deed: Deed::Bought, thing: Thing::Anything, filter, scope }
            if filter.is_empty() =>
        {
            write!(f, "has ordered{}", Shown(scope))
        }
        Condition::Done { deed, thing, filter, scope } => {
            let deed = match deed {
                Deed::Bought => "bought",
                Deed::Kept => "kept",
                Deed::Returned => "returned",
            };
            write!(f, "has {deed} {}{}{}", Shown(thing), Shown(filter), Shown(scope))
        }
        Condition::Orders { limit, filter, scope } => {
            let (channel, window) = (Shown(&scope.channel), Shown(&scope.window));
            let (filter, words) = (Shown(filter), limit.comparison.words());
            write!(f, "orders{channel}{filter} {words} {}{window}", limit.value)
        }
        Condition::Spent { limit, filter, scope } => {
            let (channel, window) = (Shown(&scope.channel), Shown(&scope.window));
            let (filter, words) = (Shown(filter), limit.comparison.words());
            write!(f, "spent{channel}{filter} {words} {}{window}", limit.value)
        }
        Condition::OrderAge { end, channel, filter, age } => {
            let (channel, filter) = (Shown(channel), Shown(filter));
            write!(f, "{} order{channel}{filter} {}", end.word(), Shown(age))
        }
        Condition::Event { kind, limit, filter, window } => {
            event(kind.name(), limit, filter, window, f)
        }
        Condition::EventAge { end, kind, filter, age } => {
            let (kind, filter) = (Quoted(kind.name()), Shown(filter));
            write!(f, "{} {kind}{filter} {}", end.word(), Shown(age))
        }
        Condition::Figure { figure, test } => {
            write!(f, "{}{}{}", Shown(figure), Shown(test), Shown(&figure.window))
        }
        Condition::Trait { name, test, .. } => person_trait(name, test, f),
        Condition::Consent { channel, purpose } => {
            write!(f, "consent to {} {}", channel.word(), purpose.word())
        }
        Condition::Reachable(channel) => write!(f, "reachable by {}", channel.word()),
        Condition::MayWrite { channel, purpose } => {
            write!(f, "reachable by {} for {}", channel.word(), purpose.word())
        }
        Condition::TicketOpen => f.write_str("ticket is open"),
        Condition::TicketWaits(length) => write!(f, "ticket is open for more than {length}"),
        Condition::Tickets { turn, limit, window } => tickets(*turn, limit, window, f),
        Condition::FirstSeen(channel) => write!(f, "first seen through {}", channel.word()),
        Condition::Touched { channel, window } => {
            write!(f, "touched {}{}", channel.word(), Shown(window))
        }
        Condition::Anniversary { of, ahead } => {
            match of {
                Occasion::Trait(name) => write!(f, "anniversary of trait {}", Name(name))?,
                Occasion::FirstOrder => f.write_str("anniversary of first order")?,
            }
            match ahead {
                0 => f.write_str(" is today"),
                1 => f.write_str(" in the next 1 day"),
                days => write!(f, " in the next {days} days"),
            }
        }
        Condition::Weekday(days) => weekdays(days, f),
        Condition::Hour(limit) => {
            write!(f, "hour {} {}", limit.comparison.words(), limit.value)
        }
        Condition::Score { name, limit } => {
            write!(f, "score {} {} {}", Quoted(name), limit.comparison.words(), limit.value)
        }
        Condition::Stage(stage) => write!(f, "stage is {}", stage.word()),
        Condition::InList(name) => write!(f, "in list {}", Quoted(name)),
        Condition::Segment(name) => write!(f, "in segment {}", Quoted(name)),
    }
}

fn tickets(turn: TicketTurn, limit: &Limit<u64>, window: &Window, f: &mut Formatter<'_>) -> Result {
    let window = Shown(window);
    if *limit == Limit::ONCE {
        return write!(f, "ticket {}{window}", turn.word());
    }
    let turn = if turn == TicketTurn::Closed { " closed" } else { "" };
    write!(f, "tickets{turn} {} {}{window}", limit.comparison.words(), limit.value)
}

fn weekdays(days: &[Day], f: &mut Formatter<'_>) -> Result {
    if let [day] = days {
        return write!(f, "weekday is {}", day.word());
    }
    let words: Vec<&str> = days.iter().map(|day| day.word()).collect();
    write!(f, "weekday is one of ({})", words.join(", "))
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

fn event(
    name: &str,
    limit: &Limit<u64>,
    filter: &Filter,
    window: &Window,
    f: &mut Formatter<'_>,
) -> Result {
    let filter = Shown(filter);
    if *limit == Limit::ONCE {
        return write!(f, "has done {}{filter}{}", Quoted(name), Shown(window));
    }
    let times = if limit.value == 1 { "time" } else { "times" };
    let (words, value) = (limit.comparison.words(), limit.value);
    write!(f, "event {}{filter} {words} {value} {times}{}", Quoted(name), Shown(window))
}

fn person_trait(name: &str, test: &TraitTest, f: &mut Formatter<'_>) -> Result {
    write!(f, "trait {} {}", Name(name), Shown(test))
}

impl Display for Shown<'_, TraitTest> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        trait_test(self.0, f)
    }
}

fn trait_test(test: &TraitTest, f: &mut Formatter<'_>) -> Result {
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

impl Display for Shown<'_, Filter> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0.0.as_slice() {
            [] => Ok(()),
            [one] => write!(f, " where {}", Shown(one)),
            [first, others @ ..] => {
                write!(f, " where ({}", Shown(first))?;
                for other in others {
                    write!(f, " and {}", Shown(other))?;
                }
                f.write_char(')')
            }
        }
    }
}

impl Display for Shown<'_, FieldTest> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let name = Field(&self.0.field);
        match &self.0.asks {
            Asks::Is(test) => write!(f, "{name} {}", Shown(test)),
            Asks::IsNot(test) => write!(f, "{name} {}", negated(test)),
            Asks::Amount(limit) => write!(f, "{name} {} {}", limit.comparison.words(), limit.value),
        }
    }
}

/// A test with its `not`, which stands behind `is`; one without an `is` has its `not` before it.
fn negated(test: &TraitTest) -> String {
    let text = Shown(test).to_string();
    match text.strip_prefix("is ") {
        Some(rest) => format!("is not {rest}"),
        None => format!("not {text}"),
    }
}

impl Display for Shown<'_, Figure> {
    /// Without its window, which stands behind what is asked of it.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let Figure { digest, field, of, filter, channel, .. } = self.0;
        f.write_str(digest.words())?;
        if let Some(field) = field {
            write!(f, " {} of", Field(field))?;
        }
        match of {
            Of::Orders => f.write_str(" orders")?,
            Of::Event(kind) => write!(f, " event {}", Quoted(kind.name()))?,
        }
        write!(f, "{}{}", Shown(channel), Shown(filter))
    }
}

impl Display for Figure {
    /// As a computed trait states it.
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        write!(f, "{}{}", Shown(self), Shown(&self.window))
    }
}

impl Display for Shown<'_, FigureTest> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self.0 {
            FigureTest::Number(limit) => {
                write!(f, " {} {}", limit.comparison.words(), limit.value)
            }
            FigureTest::Amount(limit) => {
                write!(f, " {} {}", limit.comparison.words(), limit.value)
            }
            FigureTest::Is(test) => write!(f, " {}", Shown(test)),
            FigureTest::IsNot(test) => write!(f, " {}", negated(test)),
            FigureTest::Time { comparison, length } => {
                write!(f, " {} {length}", comparison.words())
            }
        }
    }
}

/// The name of a field: a word in small letters, else in quotes, where its case counts.
struct Field<'a>(&'a str);

impl Display for Field<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        let small = !self.0.bytes().any(|b| b.is_ascii_uppercase());
        if small && plain(self.0) { f.write_str(self.0) } else { write!(f, "{}", Quoted(self.0)) }
    }
}

/// The name of a trait: as a word where it reads as one, else in quotes.
struct Name<'a>(&'a str);

impl Display for Name<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        if plain(self.0) { f.write_str(self.0) } else { write!(f, "{}", Quoted(self.0)) }
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
            Window::Since(day) => write!(f, " since {day}"),
            Window::Until(day) => write!(f, " before {day}"),
            Window::Between((first, last)) if first == last => write!(f, " on {first}"),
            Window::Between((first, last)) => write!(f, " between {first} and {last}"),
            Window::Latest(1) => f.write_str(" on the last order"),
            Window::Latest(count) => write!(f, " on the last {count} orders"),
            Window::BeforeMark(mark) => marked(" before", mark, f),
            Window::AfterMark(mark) => marked(" after", mark, f),
        }
    }
}

/// A window on one side of a mark, and what that mark must come before or after itself.
fn marked(side: &str, mark: &Mark, f: &mut Formatter<'_>) -> Result {
    if let Some(length) = mark.within {
        write!(f, " within {length}")?;
    }
    let which = match mark.which {
        Which::First => "the first",
        Which::Last => "the last",
        Which::Any => "any",
    };
    write!(f, "{side} {which}")?;
    match &mark.of {
        MarkOf::Order { channel } => write!(f, " order{}", Shown(channel))?,
        MarkOf::Event(kind) => write!(f, " {}", Quoted(kind.name()))?,
        MarkOf::Touch(channel) => write!(f, " touch{}", Shown(&Some(*channel)))?,
    }
    write!(f, "{}{}", Shown(&mark.filter), Shown(&mark.window))
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
