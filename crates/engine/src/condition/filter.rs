//! Filters: tests on the fields of an event or an order, written behind `where`.
//!
//! Fields have types: an amount is compared with an amount, a text is not compared with a number.
//! Fields of lines are asked of one line together: `where (brand is "Nike" and size is "M")` is
//! one product, not two.

use serde::{Deserialize, Serialize};

use super::ast::{Limit, Literal, TraitTest};
use super::json;
use super::person;
use super::purchase::is;
use crate::condition::Thing;
use crate::event::{CodeKind, Event, Kind, Line, Money, Value};
use crate::product::Catalogue;
use crate::profile::Statement;
use crate::truth::Truth;

/// Tests that must all hold; none: whatever it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Filter(pub Vec<FieldTest>);

/// No tests.
pub(super) static NO_FILTER: Filter = Filter(Vec::new());

/// A test on one field.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct FieldTest {
    /// The field: one with a word of its own, else a property of the event by its name, where a
    /// point leads into a nested one.
    pub field: String,
    /// What is asked of it.
    pub asks: Asks,
}

/// What is asked of a field. A field that is not there fails every test but those with a `not`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asks {
    /// The value passes the test.
    Is(TraitTest),
    /// It does not.
    IsNot(TraitTest),
    /// The amount is on this side of the bound; of another currency it is not.
    Amount(#[serde(with = "json::money_limit")] Limit<Money>),
}

/// What a field can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldType {
    /// Text or whatever the source sent.
    Any,
    /// Text alone.
    Text,
    /// A number.
    Number,
    /// An amount of money.
    Amount,
}

/// Fields of a line that have a word of their own. Other words are what the source says of it.
pub(super) const LINE_FIELDS: &[(&str, FieldType)] = &[
    ("product", FieldType::Text),
    ("category", FieldType::Text),
    ("variant", FieldType::Text),
    ("sku", FieldType::Text),
    ("gtin", FieldType::Text),
    ("name", FieldType::Text),
    ("price", FieldType::Amount),
    ("amount", FieldType::Amount),
    ("quantity", FieldType::Number),
    ("brand", FieldType::Any),
    ("size", FieldType::Any),
    ("color", FieldType::Any),
    ("colour", FieldType::Any),
];

/// Fields of an order as a whole.
pub(super) const ORDER_FIELDS: &[(&str, FieldType)] = &[
    ("total", FieldType::Amount),
    ("currency", FieldType::Text),
    ("coupon", FieldType::Text),
    ("store", FieldType::Text),
    ("channel", FieldType::Text),
];

/// Fields that every event has beside its properties.
pub(super) const EVENT_FIELDS: &[(&str, FieldType)] = &[
    ("store", FieldType::Text),
    ("till", FieldType::Text),
    ("staff", FieldType::Text),
    ("channel", FieldType::Text),
    ("source", FieldType::Text),
    ("reference", FieldType::Text),
];

fn of(fields: &[(&str, FieldType)], name: &str) -> Option<FieldType> {
    fields.iter().find(|(word, _)| *word == name).map(|(_, kind)| *kind)
}

/// Whether a field is one of lines, in orders: whatever is no field of the order as a whole.
pub(super) fn of_line(name: &str) -> bool {
    of(ORDER_FIELDS, name).is_none()
}

/// What a field of an order can be.
pub(super) fn type_in_orders(name: &str) -> FieldType {
    of(ORDER_FIELDS, name).or_else(|| of(LINE_FIELDS, name)).unwrap_or(FieldType::Any)
}

/// What a field of an event can be.
pub(super) fn type_in_events(kind: &Kind, name: &str) -> FieldType {
    let order = kind.touches_orders().then(|| of(ORDER_FIELDS, name)).flatten();
    order
        .or_else(|| of(EVENT_FIELDS, name))
        .or_else(|| of(LINE_FIELDS, name))
        .unwrap_or(FieldType::Any)
}

/// A value of a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Held {
    /// As it came.
    Value(Value),
    /// An amount.
    Amount(Money),
}

impl Held {
    fn text(text: &str) -> Self {
        Self::Value(Value::Text(text.to_owned()))
    }
}

impl Filter {
    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether an order as a whole passes what is asked of it as such.
    pub(super) fn order(&self, sale: &Statement) -> bool {
        let whole = self.0.iter().filter(|test| !of_line(&test.field));
        let mut whole = whole.map(|test| test.asks.of(order_field(sale, &test.field).as_ref()));
        whole.all(|passes| passes)
    }

    /// Whether anything is asked of lines.
    pub(super) fn asks_of_lines(&self) -> bool {
        self.0.iter().any(|test| of_line(&test.field))
    }

    /// Whether a line of an order passes what is asked of lines.
    pub(super) fn line(&self, line: &Line, sale: &Statement, catalogue: &Catalogue) -> Truth {
        let tests = self.0.iter().filter(|test| of_line(&test.field));
        tests.fold(Truth::True, |all, test| all.and(line_test(line, sale, test, catalogue)))
    }

    /// Whether any test asks what only the catalogue knows.
    pub(super) fn asks_catalogue(&self) -> bool {
        self.0.iter().any(|test| matches!(test.field.as_str(), "product" | "category"))
    }
}

impl Asks {
    /// Whether a value passes; `None`: there is none.
    pub(super) fn of(&self, held: Option<&Held>) -> bool {
        match (self, held) {
            (Self::Is(test), Some(Held::Value(value))) => {
                *value != Value::Null && person::test(value, test)
            }
            (Self::IsNot(test), Some(Held::Value(value))) => {
                *value == Value::Null || !person::test(value, test)
            }
            (Self::IsNot(_), None) => true,
            (Self::Is(TraitTest::Known), Some(Held::Amount(_))) => true,
            (Self::Amount(limit), Some(Held::Amount(money))) => {
                let value = i128::from(money.minor);
                money.currency == limit.value.currency
                    && limit.comparison.test(value, value, i128::from(limit.value.minor))
                        == Truth::True
            }
            (Self::Is(_) | Self::Amount(_), None)
            | (Self::Is(_) | Self::IsNot(_), Some(Held::Amount(_)))
            | (Self::Amount(_), Some(Held::Value(_))) => false,
        }
    }
}

/// A test on a line; what only the catalogue knows may be unknown.
fn line_test(line: &Line, sale: &Statement, test: &FieldTest, catalogue: &Catalogue) -> Truth {
    if let Some(truth) = catalogue_test(line, test, catalogue) {
        return truth;
    }
    let field = test.field.as_str();
    let held = match field {
        "amount" | "price" => line_amount(line, field, line.currency.unwrap_or(sale.currency)),
        _ => line_field(line, field),
    };
    test.asks.of(held.as_ref()).into()
}

/// A test on what the catalogue knows of a line: of which product or category it is.
pub(super) fn catalogue_test(
    line: &Line,
    test: &FieldTest,
    catalogue: &Catalogue,
) -> Option<Truth> {
    let thing = |name: &str| match test.field.as_str() {
        "product" => Some(Thing::Product(name.to_owned())),
        "category" => Some(Thing::Category(name.to_owned())),
        _ => None,
    };
    let one = |literal: &Literal| match literal {
        Literal::Text(name) => thing(name).map(|thing| is(line, &thing, catalogue)),
        Literal::Number(_) | Literal::Bool(_) => None,
    };
    let (asks, negated) = match &test.asks {
        Asks::Is(asks) => (asks, false),
        Asks::IsNot(asks) => (asks, true),
        Asks::Amount(_) => return None,
    };
    let truth = match asks {
        TraitTest::Is(literal) => one(literal)?,
        TraitTest::OneOf(literals) => {
            let all: Option<Vec<Truth>> = literals.iter().map(one).collect();
            all?.into_iter().fold(Truth::False, Truth::or)
        }
        TraitTest::Known | TraitTest::Contains(_) | TraitTest::Number(_) => return None,
    };
    Some(if negated { !truth } else { truth })
}

/// A field of an order as a whole.
pub(super) fn order_field(sale: &Statement, field: &str) -> Option<Held> {
    Some(match field {
        "total" => Held::Amount(Money { minor: sale.total_minor, currency: sale.currency }),
        "currency" => Held::text(sale.currency.code()),
        "coupon" => Held::text(sale.coupon.as_deref()?),
        "store" => Held::text(sale.store.as_deref()?),
        "channel" => Held::text(sale.channel.word()),
        _ => return None,
    })
}

/// What a line says itself, but for amounts.
pub(super) fn line_field(line: &Line, field: &str) -> Option<Held> {
    let code = |kind| line.code(kind).map(Held::text);
    match field {
        "product" => code(CodeKind::Product),
        "category" => line.category.as_deref().map(Held::text),
        "sku" => code(CodeKind::Sku),
        "gtin" => code(CodeKind::Gtin),
        "name" => line.name.as_deref().map(Held::text),
        "quantity" => Some(Held::Value(thousandths(line.quantity_milli))),
        "variant" => code(CodeKind::Variant).or_else(|| attribute(line, field)),
        _ => attribute(line, field),
    }
}

fn attribute(line: &Line, field: &str) -> Option<Held> {
    let wanted = spelled(field);
    let held = line.attributes.iter().find(|(name, _)| spelled(name) == wanted);
    held.map(|(_, value)| Held::text(value))
}

/// The letters of the name of an attribute, which sources write on both sides of the Atlantic.
fn spelled(name: &str) -> String {
    letters(name).replace("colour", "color")
}

fn line_amount(line: &Line, field: &str, currency: crate::event::Currency) -> Option<Held> {
    let total = line.total_minor?;
    let pieces = if field == "price" { line.quantity_milli.max(1) } else { 1_000 };
    let minor = i128::from(total) * 1_000 / i128::from(pieces);
    Some(Held::Amount(Money { minor: i64::try_from(minor).ok()?, currency }))
}

/// A whole number where it is one: thousandths of pieces as pieces.
fn thousandths(milli: i64) -> Value {
    if milli % 1_000 == 0 {
        return Value::Integer(milli / 1_000);
    }
    Value::Text(super::ast::Number { digits: milli, places: 3 }.to_string())
}

/// Letters and digits alone, small: `Utm-Source` and `utm_source` are one name.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The values of a field of an order: of the whole, or of each of its lines that is meant.
pub(super) fn order_values(
    sale: &Statement,
    field: &str,
    meant: impl Fn(&Line) -> bool,
) -> Vec<Held> {
    if !of_line(field) {
        return order_field(sale, field).into_iter().collect();
    }
    let value = |line: &Line| match field {
        "amount" | "price" => line_amount(line, field, line.currency.unwrap_or(sale.currency)),
        _ => line_field(line, field),
    };
    sale.lines.iter().filter(|line| meant(line)).filter_map(value).collect()
}

/// Whether a field of an event is one of its lines: it has a word of its own, or the source says
/// it of a product and not of the event.
pub(super) fn of_event_line(event: &Event, field: &str) -> bool {
    if event.lines.is_empty() || type_word(event, field) {
        return false;
    }
    of(LINE_FIELDS, field).is_some()
        || said_of_products(event, field) && property(&event.properties, field).is_none()
}

fn said_of_products(event: &Event, field: &str) -> bool {
    let Some(Value::List(products)) = event.properties.get("products") else { return false };
    let wanted = spelled(field);
    let says = |product: &Value| match product {
        Value::Map(said) => said.keys().any(|name| spelled(name) == wanted),
        Value::Null
        | Value::Bool(_)
        | Value::Integer(_)
        | Value::Number(_)
        | Value::Text(_)
        | Value::List(_) => false,
    };
    products.iter().any(says)
}

fn type_word(event: &Event, field: &str) -> bool {
    of(EVENT_FIELDS, field).is_some()
        || event.kind.touches_orders() && of(ORDER_FIELDS, field).is_some()
}

/// A field of an event as a whole: of its place, its order, else one of its properties.
pub(super) fn event_field(event: &Event, field: &str) -> Option<Held> {
    let text = |text: &Option<String>| text.as_deref().map(Held::text);
    let order = event.order.as_ref().filter(|_| event.kind.touches_orders());
    match (field, order) {
        ("total", Some(order)) => {
            let sum = || event.lines.iter().filter_map(|line| line.total_minor).sum();
            let minor = order.total_minor.unwrap_or_else(sum);
            return Some(Held::Amount(Money { minor, currency: order.currency }));
        }
        ("currency", Some(order)) => return Some(Held::text(order.currency.code())),
        ("coupon", Some(order)) => return text(&order.coupon),
        ("store", _) => return text(&event.place.store),
        ("till", _) => return text(&event.place.till),
        ("staff", _) => return text(&event.place.staff),
        ("channel", _) => return Some(Held::text(event.place.channel.word())),
        ("source", _) => return Some(Held::text(&event.source)),
        ("reference", _) => return event.reference.as_ref().map(|r| Held::text(&r.id)),
        _ => {}
    }
    property(&event.properties, field).map(|value| Held::Value(value.clone()))
}

/// A property by its name, whatever its case and separators; a point leads into a nested one.
pub(super) fn property<'v>(properties: &'v crate::event::Map, field: &str) -> Option<&'v Value> {
    if let Some(value) = properties.get(field) {
        return Some(value);
    }
    let named = |map: &'v crate::event::Map, name: &str| {
        let wanted = letters(name);
        map.iter().find(|(held, _)| letters(held) == wanted).map(|(_, value)| value)
    };
    if let Some((first, rest)) = field.split_once('.') {
        let Some(Value::Map(inner)) = named(properties, first) else { return None };
        return property(inner, rest);
    }
    named(properties, field)
}

/// The values of a field of an event: of the whole, or of each of its lines that is meant.
pub(super) fn event_values(event: &Event, lines: &[&Line], field: &str) -> Vec<Held> {
    if !of_event_line(event, field) {
        return match event_field(event, field) {
            Some(Held::Value(Value::List(items))) => items.into_iter().map(Held::Value).collect(),
            held => held.into_iter().collect(),
        };
    }
    let value = |line: &&Line| match field {
        "amount" | "price" => line
            .currency
            .or(event.order.as_ref().map(|order| order.currency))
            .and_then(|currency| line_amount(line, field, currency)),
        _ => line_field(line, field),
    };
    lines.iter().filter_map(value).collect()
}

/// Whether a line of an event passes those tests that are asked of lines and that the event
/// answers by itself.
pub(super) fn event_line(event: &Event, line: &Line, tests: &[FieldTest]) -> bool {
    let mut own = tests.iter().filter(|test| of_event_line(event, &test.field));
    own.all(|test| {
        let held = event_values(event, &[line], &test.field);
        test.asks.of(held.first())
    })
}

/// Whether a field has a word of its own.
pub(super) fn has_word(field: &str) -> bool {
    [LINE_FIELDS, ORDER_FIELDS, EVENT_FIELDS].iter().any(|fields| of(fields, field).is_some())
}

/// Whether a field has a word of its own that is one of lines.
pub(super) fn has_word_of_lines(field: &str) -> bool {
    of(LINE_FIELDS, field).is_some()
}

/// A field of a line that an aggregate keeps.
pub(super) fn entry_field(line: &Line, field: &str) -> Option<Held> {
    match field {
        "amount" | "price" => line_amount(line, field, line.currency?),
        _ => line_field(line, field),
    }
}

/// A test on a line that an aggregate keeps.
pub(super) fn entry_test(line: &Line, test: &FieldTest, catalogue: &Catalogue) -> Truth {
    catalogue_test(line, test, catalogue)
        .unwrap_or_else(|| test.asks.of(entry_field(line, &test.field).as_ref()).into())
}
