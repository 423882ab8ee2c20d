//! Reading filters and figures: `where ...`, `sum of ... of orders ...`.

use super::ast::{Condition, Limit, Literal, TraitTest, Unit, Window};
use super::calendar::{AHEAD_MAX, Day, Occasion};
use super::complete::Suggests;
use super::figure::{Digest, Figure, FigureTest, Of};
use super::filter::{
    Asks, EVENT_FIELDS, FieldTest, FieldType, Filter, LINE_FIELDS, ORDER_FIELDS, of_line,
    type_in_events, type_in_orders,
};
use super::parse::{Failed, Parser, Read, quoted};
use super::statement::negated;
use super::token::TokenKind;
use crate::event::{Currency, Kind, Money, minor_units};
use crate::nearest::nearest;

/// Whose fields a filter or a figure speaks of.
#[derive(Clone, Debug)]
pub(super) enum Fields {
    /// Those of orders and their lines.
    Orders,
    /// Those of orders as a whole, since whole orders are summed up.
    WholeOrders,
    /// Those of events of a kind.
    Event(Kind),
}

impl Fields {
    fn type_of(&self, name: &str) -> FieldType {
        match self {
            Self::Orders | Self::WholeOrders => type_in_orders(name),
            Self::Event(kind) => type_in_events(kind, name),
        }
    }

    fn words(&self) -> Vec<&'static str> {
        let order = ORDER_FIELDS.iter().map(|(word, _)| *word);
        let line = LINE_FIELDS.iter().map(|(word, _)| *word);
        let event = EVENT_FIELDS.iter().map(|(word, _)| *word);
        match self {
            Self::Orders => order.chain(line).collect(),
            Self::WholeOrders => order.collect(),
            Self::Event(kind) if kind.touches_orders() => order.chain(event).chain(line).collect(),
            Self::Event(_) => event.chain(line).collect(),
        }
    }
}

/// What may stand behind the name of a field or trait.
pub(super) const VALUE_WORDS: &[&str] = &["is", "contains", "at", "more", "less", "exactly"];

/// The most tests of one filter.
const TESTS_MAX: usize = 16;

impl Parser<'_> {
    /// `where store is "lisbon-1"`, `where (brand is "Nike" and size is "M")`; nothing is a filter
    /// without tests.
    pub(super) fn filter(&mut self, fields: &Fields) -> Read<Filter> {
        if !self.take("where") {
            return Ok(Filter::default());
        }
        if !self.is_ahead(0, &TokenKind::Open) {
            return Ok(Filter(vec![self.field_test(fields)?]));
        }
        let open = self.here();
        self.advance();
        let mut tests = vec![self.field_test(fields)?];
        while self.take("and") {
            tests.push(self.field_test(fields)?);
        }
        if self.peek_word().as_deref() == Some("or") {
            let cure = "write \"is one of (...)\", or two statements with \"or\" between them";
            return self.expected("\"and\" or a closing bracket", cure);
        }
        if !self.is_ahead(0, &TokenKind::Close) {
            return self.expected("\"and\" or a closing bracket", "put a ) behind the last test");
        }
        self.advance();
        if tests.len() > TESTS_MAX {
            let message = format!("a filter has at most {TESTS_MAX} tests");
            self.problem(open, message, "make two statements of it");
            return Err(Failed);
        }
        Ok(Filter(tests))
    }

    fn field_test(&mut self, fields: &Fields) -> Read<FieldTest> {
        let at = self.here();
        let field = self.field(fields, "where category is \"Shoes\"")?;
        if matches!(fields, Fields::WholeOrders) && of_line(&field) {
            let message =
                format!("{} is a field of lines, and whole orders are summed up", quoted(&field));
            let cure = "write for example: sum of amount of orders where category is \"Shoes\" \
                        at least 100 EUR";
            self.problem(at, message, cure);
            return Err(Failed);
        }
        let wanted = fields.type_of(&field);
        self.hint(&["is", "contains", "at least", "at most"]);
        if self.compared() {
            return self.bound(field, wanted);
        }
        let names = match field.as_str() {
            "category" => Some(Suggests::Category),
            "product" => Some(Suggests::Product),
            _ => None,
        };
        let Tested { test, not, at: place } =
            self.value_test(VALUE_WORDS, names, "where category is \"Shoes\"")?;
        let numeric = matches!(test, TraitTest::Is(Literal::Number(_)));
        match wanted {
            FieldType::Amount if test != TraitTest::Known => {
                let message = format!("{} is an amount", quoted(&field));
                let cure = "write an amount: at least 50 EUR, or exactly 50 EUR";
                self.problem(place, message, cure);
                return Err(Failed);
            }
            FieldType::Text if numeric => {
                let message = format!("{} is a text", quoted(&field));
                self.problem(place, message, "put the value in quotes");
                return Err(Failed);
            }
            FieldType::Any | FieldType::Text | FieldType::Number | FieldType::Amount => {}
        }
        Ok(FieldTest { field, asks: if not { Asks::IsNot(test) } else { Asks::Is(test) } })
    }

    /// A comparison with a number or an amount, as the field has it.
    fn bound(&mut self, field: String, wanted: FieldType) -> Read<FieldTest> {
        let at = self.here();
        if wanted == FieldType::Text {
            let message =
                format!("{} is a text, which is not compared with a number", quoted(&field));
            let cure = "write \"is\" and the text in quotes";
            self.problem(at, message, cure);
            return Err(Failed);
        }
        let asks = match self.number_or_amount()? {
            Bound::Amount(limit) if wanted == FieldType::Number => {
                let message = format!("{} is a number and no amount", quoted(&field));
                let cure = format!("leave {} out", limit.value.currency.code());
                self.problem(at, message, cure);
                return Err(Failed);
            }
            Bound::Amount(limit) => Asks::Amount(limit),
            Bound::Number(limit) if wanted == FieldType::Amount => {
                let message = format!("{} is an amount", quoted(&field));
                let cure = format!("write the currency behind the number: {} EUR", limit.value);
                self.problem(at, message, cure);
                return Err(Failed);
            }
            Bound::Number(limit) => Asks::Is(TraitTest::Number(limit)),
        };
        Ok(FieldTest { field, asks })
    }

    fn number_or_amount(&mut self) -> Read<Bound> {
        let limit = self.number_limit()?;
        let word = self.peek_word().unwrap_or_default();
        let Some(currency) = Currency::parse(&word).filter(|_| word.len() == 3) else {
            return Ok(Bound::Number(limit));
        };
        let at = self.here();
        self.advance();
        let digits = currency.digits();
        let written = limit.value.to_string();
        let fits = limit.value.places <= u32::from(digits) && limit.value.digits >= 0;
        let Some(minor) = minor_units(&written, digits).filter(|_| fits) else {
            let message = format!("{written} is no amount of {}", currency.code());
            let cure = format!("write at most {digits} digits behind the point, and no minus");
            self.problem(at, message, cure);
            return Err(Failed);
        };
        let value = Money { minor, currency };
        Ok(Bound::Amount(Limit { comparison: limit.comparison, value }))
    }

    /// The name of a field. A slip in one that has a word of its own is told.
    fn field(&mut self, fields: &Fields, example: &str) -> Read<String> {
        self.hint(&fields.words());
        let quotes = self.is_text_ahead();
        let at = self.here();
        let name = self.field_name(example)?;
        let words = fields.words();
        if quotes || words.contains(&name.as_str()) {
            return Ok(name);
        }
        let small = name.to_lowercase();
        let slip = nearest(&name, words.iter().copied())
            .filter(|near| near.len() > 3 && near.len().abs_diff(small.len()) < 2);
        if let Some(near) = slip {
            let message = format!("there is no field {}", quoted(&name));
            let cure = format!("write \"{near}\"; a property of that name stands in quotes");
            self.problem(at, message, cure);
            return Err(Failed);
        }
        Ok(name)
    }

    /// A figure behind its first words, and what is asked of it.
    pub(super) fn figure(&mut self, digest: Digest) -> Read<Condition> {
        let mut figure = self.figure_of(digest)?;
        let test = self.figure_test(&figure)?;
        figure.window = self.figure_window(&figure)?;
        Ok(Condition::Figure { figure, test })
    }

    /// A figure of which nothing is asked, as a computed trait states it.
    pub(super) fn figure_alone(&mut self) -> Read<Figure> {
        let example = "most frequent category of event \"Product Viewed\"";
        let words =
            &["first", "last", "sum", "average", "smallest", "largest", "number", "most", "time"];
        let word = self.one_of(words, example)?;
        let digest = self.digest(word)?;
        let mut figure = self.figure_of(digest)?;
        figure.window = self.figure_window(&figure)?;
        if self.peek().is_some() {
            let cure = if self.compared() || self.peek_word().as_deref() == Some("is") {
                "leave it out: what is asked of a trait stands in conditions"
            } else {
                "leave it out"
            };
            let found = quoted(self.written());
            let at = self.here();
            self.problem(at, format!("{found} has no meaning behind a figure"), cure);
            return Err(Failed);
        }
        Ok(figure)
    }

    /// Without its window, which a condition states behind the test.
    fn figure_of(&mut self, digest: Digest) -> Read<Figure> {
        let example = "average total of orders at least 50 EUR";
        let field = if digest == Digest::TimeBetween {
            None
        } else {
            let at = self.here();
            self.hint(&["total", "price", "amount", "quantity", "category", "store"]);
            let name = self.field_name(example)?;
            self.one_of(&["of"], example)?;
            Some((at, name))
        };
        let (of, fields, channel) = match self.one_of(&["orders", "event"], example)? {
            "orders" => (Of::Orders, Fields::Orders, self.maybe_channel()?),
            _ => {
                let kind = self.kind()?;
                (Of::Event(kind.clone()), Fields::Event(kind), None)
            }
        };
        let filter = self.filter(&fields)?;
        if let Some((at, name)) = &field {
            self.check_field(at.clone(), name, digest, &fields)?;
        }
        let field = field.map(|(_, name)| name);
        Ok(Figure { digest, field, of, filter, channel, window: Window::Ever })
    }

    /// That a figure can be made of a field.
    fn check_field(
        &mut self,
        at: std::ops::Range<usize>,
        name: &str,
        digest: Digest,
        fields: &Fields,
    ) -> Read<()> {
        let reckons = !digest.picks() && digest != Digest::Different;
        if reckons && fields.type_of(name) == FieldType::Text {
            let message =
                format!("{} is a text, of which there is no {}", quoted(name), digest.words());
            let cure = "take a number or an amount, such as total, price or quantity".to_owned();
            self.problem(at, message, cure);
            return Err(Failed);
        }
        let words = fields.words();
        let slip = nearest(name, words.iter().copied())
            .filter(|near| *near != name && near.len() > 3 && near.len().abs_diff(name.len()) < 2);
        if let Some(near) = slip {
            self.problem(
                at,
                format!("there is no field {}", quoted(name)),
                format!("write \"{near}\""),
            );
            return Err(Failed);
        }
        Ok(())
    }

    fn figure_window(&mut self, figure: &Figure) -> Read<Window> {
        match figure.of {
            Of::Orders => self.window(),
            Of::Event(_) => self.plain_window(),
        }
    }

    fn figure_test(&mut self, figure: &Figure) -> Read<FigureTest> {
        if figure.digest == Digest::TimeBetween {
            let comparison = self.comparison("time between orders at most 30 days")?;
            return Ok(FigureTest::Time { comparison, length: self.length()? });
        }
        let amount = match (&figure.of, figure.field.as_deref()) {
            (Of::Orders, Some(field)) => type_in_orders(field) == FieldType::Amount,
            (Of::Event(kind), Some(field)) => type_in_events(kind, field) == FieldType::Amount,
            (_, None) => false,
        };
        if figure.digest.picks() && !self.compared() {
            return self.picked_test();
        }
        let at = self.here();
        match self.number_or_amount()? {
            Bound::Amount(limit) if figure.digest == Digest::Different => {
                let cure = format!("leave {} out", limit.value.currency.code());
                self.problem(at, "how many different ones there are is no amount", cure);
                Err(Failed)
            }
            Bound::Amount(limit) => Ok(FigureTest::Amount(limit)),
            Bound::Number(limit) if amount && figure.digest != Digest::Different => {
                let field = figure.field.as_deref().unwrap_or_default();
                let cure = format!("write the currency behind the number: {} EUR", limit.value);
                self.problem(at, format!("{} is an amount", quoted(field)), cure);
                Err(Failed)
            }
            Bound::Number(limit) if figure.digest.picks() => {
                Ok(FigureTest::Is(TraitTest::Number(limit)))
            }
            Bound::Number(limit) if limit.value.places > 6 => {
                let message = "figures count to six digits behind the point";
                self.problem(at, message, "write fewer digits");
                Err(Failed)
            }
            Bound::Number(limit) => Ok(FigureTest::Number(limit)),
        }
    }

    /// What is asked of a value that was picked.
    fn picked_test(&mut self) -> Read<FigureTest> {
        let example = "last category of event \"Product Viewed\" is \"Shoes\"";
        let Tested { test, not, .. } = self.value_test(&["is", "contains"], None, example)?;
        Ok(if not { FigureTest::IsNot(test) } else { FigureTest::Is(test) })
    }

    /// What is asked of a value: `is "Shoes"`, `is not known`, `is one of (...)`, `not contains "x"`.
    /// `words` may stand there, `names` may be meant.
    pub(super) fn value_test(
        &mut self,
        words: &[&'static str],
        names: Option<Suggests>,
        example: &str,
    ) -> Read<Tested> {
        let not = self.take("not");
        let at = self.here();
        if self.take("contains") {
            return Ok(Tested { test: TraitTest::Contains(self.literal()?), not, at });
        }
        if not {
            let cure = if self.compared() {
                "turn the comparison round: \"at most\" for \"not more than\""
            } else {
                "write \"is not\""
            };
            return self.expected("\"contains\"", cure);
        }
        self.one_of(words, example)?;
        let not = self.take("not");
        let at = self.here();
        if let Some(names) = names {
            self.hint_name(names);
        }
        let test = if self.take("known") {
            TraitTest::Known
        } else if self.take_words(&["one", "of"]) {
            TraitTest::OneOf(self.literals()?)
        } else {
            TraitTest::Is(self.literal()?)
        };
        Ok(Tested { test, not, at })
    }

    /// `anniversary of trait birthday is today`, `anniversary of first order in the next 7 days`
    pub(super) fn anniversary(&mut self) -> Read<Condition> {
        let example = "anniversary of trait birthday in the next 7 days";
        self.one_of(&["of"], example)?;
        let of = match self.one_of(&["trait", "first"], example)? {
            "first" => {
                self.one_of(&["order"], "anniversary of first order is today")?;
                Occasion::FirstOrder
            }
            _ => Occasion::Trait(self.word_or_name("the trait's name", example)?),
        };
        self.ahead(of)
    }

    /// `is today`, `in the next 7 days`
    pub(super) fn ahead(&mut self, of: Occasion) -> Read<Condition> {
        let example = "anniversary of trait birthday in the next 7 days";
        if self.one_of(&["is", "in"], example)? == "is" {
            self.one_of(&["today"], "anniversary of trait birthday is today")?;
            return Ok(Condition::Anniversary { of, ahead: 0 });
        }
        self.one_of(&["the"], example)?;
        self.one_of(&["next"], example)?;
        let at = self.here();
        let length = self.length()?;
        let days = match length.unit {
            Unit::Days => Some(length.count),
            Unit::Weeks => length.count.checked_mul(7),
            Unit::Seconds | Unit::Minutes | Unit::Hours | Unit::Months | Unit::Years => None,
        };
        let Some(ahead) = days.filter(|days| *days <= AHEAD_MAX) else {
            let message = format!("{length} is no number of days to look ahead");
            self.problem(at, message, format!("write 1 to {AHEAD_MAX} days, or weeks"));
            return Err(Failed);
        };
        Ok(Condition::Anniversary { of, ahead })
    }

    /// `weekday is friday`, `weekday is one of (friday, saturday)`
    pub(super) fn weekday(&mut self) -> Read<Condition> {
        let example = "weekday is one of (friday, saturday)";
        self.one_of(&["is"], example)?;
        let not = self.take("not");
        let words = Day::ALL.map(Day::word);
        let mut days = Vec::new();
        if self.take_words(&["one", "of"]) {
            if !self.is_ahead(0, &TokenKind::Open) {
                return self.expected("a list in brackets", format!("for example: {example}"));
            }
            self.advance();
            days.push(self.one_of(&words, example)?);
            while self.is_ahead(0, &TokenKind::Comma) {
                self.advance();
                days.push(self.one_of(&words, example)?);
            }
            if !self.is_ahead(0, &TokenKind::Close) {
                let cure = format!("for example: {example}");
                return self.expected("a comma or a closing bracket", cure);
            }
            self.advance();
        } else {
            days.push(self.one_of(&words, example)?);
        }
        let days = Day::ALL.into_iter().filter(|day| days.contains(&day.word())).collect();
        Ok(negated(not, Condition::Weekday(days)))
    }

    /// `hour at least 9`
    pub(super) fn hour(&mut self) -> Read<Condition> {
        let at = self.here();
        let comparison = self.comparison("hour at least 9")?;
        let number = self.number()?;
        let hour =
            u64::try_from(number.digits).ok().filter(|hour| number.places == 0 && *hour < 24);
        let Some(value) = hour else {
            self.problem(at, "this is no hour of the day", "write a whole number from 0 to 23");
            return Err(Failed);
        };
        Ok(Condition::Hour(Limit { comparison, value }))
    }

    /// A window of events: the latest orders are none.
    pub(super) fn plain_window(&mut self) -> Read<Window> {
        let at = self.here();
        let window = self.window()?;
        if matches!(window, Window::Latest(_)) {
            let message = "the last orders are a time for orders alone";
            self.problem(at, message, "write a length of time: in the last 30 days");
            return Err(Failed);
        }
        Ok(window)
    }
}

/// What is asked of a value.
pub(super) struct Tested {
    pub(super) test: TraitTest,
    /// Whether the value must not pass it.
    pub(super) not: bool,
    /// Where the value stands that it must be.
    at: std::ops::Range<usize>,
}

/// What something is compared with.
enum Bound {
    Number(Limit<super::ast::Number>),
    Amount(Limit<Money>),
}
