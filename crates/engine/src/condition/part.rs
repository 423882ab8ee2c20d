//! The parts that statements are made of: names, channels, windows, lengths of time, bounds.

use jiff::civil::Date;

use super::ast::{Age, Comparison, Length, Limit, Number, Scope, Unit, Window};
use super::complete::Suggests;
use super::mark::Side;
use super::parse::{Failed, Parser, Read};
use super::token::TokenKind;
use crate::event::{Channel, Currency, Money, minor_units, parse_decimal};
use crate::nearest::nearest;

/// What a bound is written with.
const COMPARISONS: &[&str] = &["at", "more", "less", "fewer", "exactly"];

/// The largest bound of a count: more events than a person can cause.
const COUNT_MAX: u64 = 1_000_000_000;

impl Parser<'_> {
    pub(super) fn is_text_ahead(&self) -> bool {
        self.peek().is_some_and(|token| matches!(token.kind, TokenKind::Text(_)))
    }

    /// A name in quotes.
    pub(super) fn name(&mut self, what: &str, example: &str) -> Read<String> {
        self.hint_name(match what {
            "the event's name" => Suggests::Event,
            "the trait's name" => Suggests::Trait,
            "the field's name" => Suggests::Field,
            "the segment's name" => Suggests::Segment,
            "the list's name" => Suggests::List,
            "the score's name" => Suggests::Score,
            "the product's id" => Suggests::Product,
            "the category's name" => Suggests::Category,
            _ => Suggests::Value,
        });
        match self.peek().map(|token| token.kind.clone()) {
            Some(TokenKind::Text(text)) if !text.trim().is_empty() => {
                self.advance();
                Ok(text.trim().to_owned())
            }
            Some(TokenKind::Text(_)) => {
                let at = self.here();
                self.problem(at, format!("{what} is empty"), format!("for example: {example}"));
                Err(Failed)
            }
            Some(TokenKind::Word | TokenKind::Number) => {
                let cure = format!("put it in quotes: \"{}\"", self.written());
                self.expected(&format!("{what} in quotes"), cure)
            }
            Some(TokenKind::Open | TokenKind::Close | TokenKind::Comma) | None => {
                self.expected(&format!("{what} in quotes"), format!("for example: {example}"))
            }
        }
    }

    /// A name as one word, or in quotes.
    pub(super) fn word_or_name(&mut self, what: &str, example: &str) -> Read<String> {
        if !self.is_ahead(0, &TokenKind::Word) {
            return self.name(what, example);
        }
        let word = self.written().to_owned();
        self.advance();
        Ok(word)
    }

    /// The name of a field; case counts in quotes only.
    pub(super) fn field_name(&mut self, example: &str) -> Read<String> {
        let quotes = self.is_text_ahead();
        let name = self.word_or_name("the field's name", example)?;
        Ok(if quotes { name } else { name.to_lowercase() })
    }

    /// Whether a comparison begins here.
    pub(super) fn compared(&self) -> bool {
        self.peek_word().is_some_and(|word| COMPARISONS.contains(&word.as_str()))
    }

    pub(super) fn channel(&mut self, example: &str) -> Read<Channel> {
        self.hint(&Channel::ALL.map(Channel::word));
        if let Some(channel) = self.peek_word().and_then(|word| Channel::parse(&word)) {
            self.advance();
            return Ok(channel);
        }
        let found = self.peek_word().unwrap_or_default();
        let words = Channel::ALL.map(Channel::word);
        let cure = match nearest(&found, words) {
            Some(near) => format!("write \"{near}\""),
            None => format!("write one of {}; for example: {example}", words.join(", ")),
        };
        self.expected("a channel", cure)
    }

    /// `in store`, `on web`
    pub(super) fn maybe_channel(&mut self) -> Read<Option<Channel>> {
        self.hint(&["in store", "on web", "in app"]);
        if self.take("online") {
            return Ok(Some(Channel::Web));
        }
        let leads = matches!(
            self.peek_word().as_deref(),
            Some("in" | "on" | "by" | "over" | "through" | "via")
        );
        if !leads || self.window_ahead() || self.word_ahead(1).is_some_and(|w| date(&w).is_some()) {
            return Ok(None);
        }
        self.advance();
        self.channel("orders in store at least 1").map(Some)
    }

    pub(super) fn scope(&mut self) -> Read<Scope> {
        let channel = self.maybe_channel()?;
        Ok(Scope { channel, window: self.window()? })
    }

    fn window_ahead(&self) -> bool {
        let second = self.word_ahead(1);
        matches!(self.peek_word().as_deref(), Some("in" | "on"))
            && matches!(second.as_deref(), Some("the" | "last" | "past"))
    }

    pub(super) fn window(&mut self) -> Read<Window> {
        let words =
            &["in the last", "more than", "since", "before", "after", "within", "between", "on"];
        self.hint(words);
        match self.peek_word().as_deref() {
            Some("since") => {
                self.advance();
                if self.date_ahead() {
                    return Ok(Window::Since(self.date()?));
                }
                self.one_of(&["entry"], "has ordered since entry")?;
                Ok(Window::SinceEntry)
            }
            Some("after") => {
                self.advance();
                if self.mark_ahead() {
                    return self.marked(Side::After, None, 1);
                }
                let at = self.here();
                let Ok(next) = self.date()?.tomorrow() else {
                    self.problem(at, "there is no day after this one", "write an earlier day");
                    return Err(Failed);
                };
                Ok(Window::Since(next))
            }
            Some("before") => {
                self.advance();
                if self.mark_ahead() {
                    return self.marked(Side::Before, None, 1);
                }
                Ok(Window::Until(self.date()?))
            }
            Some("between") => self.between(),
            Some("on") => {
                self.advance();
                if self.take("the") {
                    return self.latest();
                }
                let day = self.date()?;
                Ok(Window::Between((day, day)))
            }
            Some("within") if !self.is_ahead_word(1, &["the", "last", "past"]) => self.near(1),
            Some("in" | "within") => {
                self.advance();
                let example = "has ordered in the last 30 days";
                self.one_of(&["the"], example)?;
                let word =
                    if self.peek_word().as_deref() == Some("past") { "past" } else { "last" };
                self.one_of(&[word], example)?;
                Ok(Window::Last(self.length()?))
            }
            Some("more" | "less") => Ok(match self.age()? {
                Age::MoreThan(length) => Window::Before(length),
                Age::LessThan(length) => Window::Last(length),
            }),
            _ => Ok(Window::Ever),
        }
    }

    /// `between 2026-11-27 and 2026-11-30`
    fn between(&mut self) -> Read<Window> {
        self.advance();
        let at = self.here();
        let first = self.date()?;
        self.one_of(&["and"], "has ordered between 2026-11-27 and 2026-11-30")?;
        let last = self.date()?;
        if last < first {
            let message = format!("{last} is before {first}");
            let cure = format!("write between {last} and {first}");
            self.problem(at, message, cure);
            return Err(Failed);
        }
        Ok(Window::Between((first, last)))
    }

    /// `on the last 3 orders`, `on the last order`
    fn latest(&mut self) -> Read<Window> {
        let example = "has bought category \"Shoes\" on the last 3 orders";
        self.one_of(&["last"], example)?;
        if self.take("order") {
            return Ok(Window::Latest(1));
        }
        let at = self.here();
        let written = self.written().to_owned();
        self.number()?;
        let Some(count) = written.parse().ok().filter(|count| (1..=1_000).contains(count)) else {
            let message = format!("{written} is no number of orders");
            self.problem(at, message, "write a whole number from 1 to 1000");
            return Err(Failed);
        };
        if !self.take("order") {
            self.one_of(&["orders"], example)?;
        }
        Ok(Window::Latest(count))
    }

    fn date_ahead(&self) -> bool {
        self.peek_word().is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()))
    }

    /// A day, as `2026-11-27`.
    pub(super) fn date(&mut self) -> Read<Date> {
        self.hint_value("2026-11-27");
        let found = self.written().to_owned();
        if let Some(date) = date(&found) {
            self.advance();
            return Ok(date);
        }
        self.expected("a day", "write year, month and day, such as 2026-11-27")
    }

    pub(super) fn age(&mut self) -> Read<Age> {
        let example = "last order more than 60 days ago";
        let word = self.one_of(&["more", "less"], example)?;
        self.one_of(&["than"], example)?;
        let length = self.length()?;
        self.one_of(&["ago"], example)?;
        Ok(if word == "more" { Age::MoreThan(length) } else { Age::LessThan(length) })
    }

    pub(super) fn length(&mut self) -> Read<Length> {
        self.hint_value("30 days");
        if matches!(self.peek_word().as_deref(), Some("a" | "an" | "one")) {
            let unit = self.word_ahead(1).unwrap_or_default();
            return self.expected("a number", format!("write 1 {unit}").trim_end().to_owned());
        }
        if !self.is_ahead(0, &TokenKind::Number) {
            let cure = "write a number and a unit, such as 30 days";
            return self.expected("a length of time", cure);
        }
        let at = self.here();
        let written = self.written().to_owned();
        self.advance();
        let word = self.peek_word().unwrap_or_default();
        let Some(unit) = unit(&word) else {
            let units = ["seconds", "minutes", "hours", "days", "weeks", "months", "years"];
            let cure = match (long_form(&word), nearest(&word, units)) {
                (Some(long), _) => format!("write \"{long}\""),
                (None, Some(near)) => format!("write \"{near}\""),
                (None, None) => {
                    format!("write {written} minutes, {written} hours or {written} days")
                }
            };
            return self.expected("a unit of time", cure);
        };
        let Some(count) = written.parse().ok().filter(|n| (1..=Length::COUNT_MAX).contains(n))
        else {
            let message = format!("{written} is no number of units of time");
            let cure = format!("write a whole number from 1 to {}", Length::COUNT_MAX);
            self.problem(at, message, cure);
            return Err(Failed);
        };
        self.advance();
        Ok(Length { count, unit })
    }

    pub(super) fn comparison(&mut self, example: &str) -> Read<Comparison> {
        self.hint(&["at least", "at most", "more than", "less than", "exactly"]);
        if !self.compared() {
            if self.is_ahead(0, &TokenKind::Number) {
                return self.expected("a comparison", "put \"at least\" before the number");
            }
            let found = self.peek_word().unwrap_or_default();
            let cure = match nearest(&found, COMPARISONS.iter().copied()) {
                Some("at") | None => format!("for example: {example}"),
                Some(near) => format!("write \"{near}\""),
            };
            return self.expected(
                "\"at least\", \"at most\", \"more than\", \"less than\" or \"exactly\"",
                cure,
            );
        }
        let word = self.peek_word().unwrap_or_default();
        self.advance();
        Ok(match word.as_str() {
            "at" => match self.one_of(&["least", "most"], example)? {
                "least" => Comparison::AtLeast,
                _ => Comparison::AtMost,
            },
            "more" => {
                self.one_of(&["than"], example)?;
                Comparison::MoreThan
            }
            "less" | "fewer" => {
                self.one_of(&["than"], example)?;
                Comparison::LessThan
            }
            _ => Comparison::Exactly,
        })
    }

    pub(super) fn count_limit(&mut self, example: &str) -> Read<Limit<u64>> {
        let comparison = self.comparison(example)?;
        if self.take("once") {
            return Ok(Limit { comparison, value: 1 });
        }
        if self.take("twice") {
            return Ok(Limit { comparison, value: 2 });
        }
        let at = self.here();
        let written = self.written().to_owned();
        let number = self.number()?;
        let whole = u64::try_from(number.digits).ok().filter(|_| number.places == 0);
        let Some(value) = whole.filter(|value| *value <= COUNT_MAX) else {
            let message = format!("{written} is no number of times something can happen");
            self.problem(at, message, format!("write a whole number from 0 to {COUNT_MAX}"));
            return Err(Failed);
        };
        if !self.take("times") {
            self.take("time");
        }
        Ok(Limit { comparison, value })
    }

    pub(super) fn number_limit(&mut self) -> Read<Limit<Number>> {
        let comparison = self.comparison("trait points at least 3")?;
        if self.is_text_ahead() {
            let cure = "write the number without quotes, or \"is\" before the text";
            return self.expected("a number", cure);
        }
        Ok(Limit { comparison, value: self.number()? })
    }

    pub(super) fn number(&mut self) -> Read<Number> {
        self.hint_value("3");
        if !self.is_ahead(0, &TokenKind::Number) {
            return self.expected("a number", "write it in digits, such as 3");
        }
        let at = self.here();
        let written = self.written().to_owned();
        self.advance();
        if self.is_ahead(0, &TokenKind::Comma)
            && self.is_ahead(1, &TokenKind::Number)
            && self.adjoins(2, at.end)
        {
            let from = at.start;
            self.advance();
            let to = self.here().end;
            self.advance();
            let message = "a number has no comma";
            let cure = "write nothing between thousands and a point before the fraction";
            self.problem(from..to, message, cure);
            return Err(Failed);
        }
        match parse_decimal(&written) {
            Some((digits, places)) => Ok(Number { digits, places }),
            None => {
                self.problem(
                    at,
                    format!("{written} is too long a number"),
                    "write up to 18 digits",
                );
                Err(Failed)
            }
        }
    }

    pub(super) fn money_limit(&mut self, example: &str) -> Read<Limit<Money>> {
        let comparison = self.comparison(example)?;
        let at = self.here();
        let written = self.written().to_owned();
        let number = self.number()?;
        let word = self.peek_word().unwrap_or_default();
        let Some(currency) = Currency::parse(&word) else {
            let cure = match word.as_str() {
                "euro" | "euros" => format!("write {written} EUR"),
                "dollar" | "dollars" => format!("write {written} USD"),
                "pound" | "pounds" => format!("write {written} GBP"),
                _ => format!("write the currency's three letters: {written} EUR"),
            };
            return self.expected("a currency", cure);
        };
        self.advance();
        if number.digits < 0 {
            self.problem(at, "an amount is zero or more", "leave the minus out");
            return Err(Failed);
        }
        let digits = currency.digits();
        let fits = number.places <= u32::from(digits);
        let Some(minor) = minor_units(&written, digits).filter(|_| fits) else {
            let message = format!("{written} is no amount of {}", currency.code());
            let cure = format!("write at most {digits} digits behind the point, and 18 in all");
            self.problem(at, message, cure);
            return Err(Failed);
        };
        Ok(Limit { comparison, value: Money { minor, currency } })
    }
}

/// The unit of a length of time, in one or many.
pub(super) fn unit(word: &str) -> Option<Unit> {
    Some(match word {
        "second" | "seconds" => Unit::Seconds,
        "minute" | "minutes" => Unit::Minutes,
        "hour" | "hours" => Unit::Hours,
        "day" | "days" => Unit::Days,
        "week" | "weeks" => Unit::Weeks,
        "month" | "months" => Unit::Months,
        "year" | "years" => Unit::Years,
        _ => return None,
    })
}

fn long_form(short: &str) -> Option<&'static str> {
    Some(match short {
        "s" | "sec" | "secs" => "seconds",
        "min" | "mins" => "minutes",
        "h" | "hr" | "hrs" => "hours",
        "d" => "days",
        "w" | "wk" | "wks" => "weeks",
        "m" | "mo" | "mos" => "months",
        "y" | "yr" | "yrs" => "years",
        _ => return None,
    })
}

/// A day as it is written: `2026-11-27`, from 1970 to 9999.
pub(super) fn date(text: &str) -> Option<Date> {
    let shape = text.len() == 10 && text.bytes().filter(|b| *b == b'-').count() == 2;
    let date: Date = text.parse().ok().filter(|_| shape)?;
    (1970..=9998).contains(&date.year()).then_some(date)
}
