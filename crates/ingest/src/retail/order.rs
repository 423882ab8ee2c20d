//! The order an event tells of: its key, its total, its discount.

use regulars_engine::event::{Currency, Kind, Line, Order};
use regulars_engine::source::SourceSettings;

use super::fields::{Field, Properties};
use super::lines::amount;
use crate::decimal::Decimal;
use crate::rejection::{Place, RejectionReason};

/// Reads the order, if this kind of event tells of one, and takes its fields out of `properties`.
///
/// Its key is the source's `order_space` followed by `order_id`, else by the receipt's
/// [`receipt_key`], else by the message's own id: a sale without a number is still a sale.
pub(crate) fn order(
    kind: &Kind,
    properties: &mut Properties<'_>,
    lines: &[Line],
    currency: Currency,
    source: &SourceSettings,
) -> Result<Option<Draft>, RejectionReason> {
    if !kind.touches_orders() && *kind != Kind::Adjustment {
        return Ok(None);
    }
    let number = match properties.take_id(Field::OrderId)? {
        Some(order_id) => Some(order_id),
        None => receipt(properties)?,
    };
    let must_be_known = matches!(kind, Kind::OrderUpdated | Kind::OrderCancelled)
        || (*kind == Kind::OrderRefunded && lines.is_empty());
    if number.is_none() && must_be_known {
        return Err(RejectionReason::NoOrderId);
    }
    let signed = matches!(kind, Kind::OrderRefunded | Kind::OrderCancelled | Kind::Adjustment);
    let digits = currency.digits();
    let money = Money { digits, signed };
    let mut total_minor = None;
    for field in [Field::Total, Field::Revenue, Field::Value] {
        if total_minor.is_none() {
            total_minor = money.take(properties, field)?;
        } else {
            // The total counts; the others are checked and stay properties.
            money.read(properties, field)?;
        }
    }
    let discount_minor = Money { digits, signed: true }.take(properties, Field::Discount)?;
    let absolute = |minor: i64| if *kind == Kind::Adjustment { minor } else { minor.abs() };
    Ok(Some(Draft {
        key: number.map(|number| order_key(source, &number)),
        order: Order {
            key: String::new(),
            total_minor: total_minor.map(absolute).or_else(|| sum(lines)),
            currency,
            discount_minor: discount_minor.map(i64::abs),
            coupon: properties.take_id(Field::Coupon)?,
        },
    }))
}

/// An order whose key may still have to come from the message's id.
#[derive(Debug)]
pub(crate) struct Draft {
    key: Option<String>,
    order: Order,
}

impl Draft {
    /// The order, named after the message if nothing better names it.
    pub(crate) fn finish(self, source: &SourceSettings, message_id: &str) -> Order {
        let key = self.key.unwrap_or_else(|| order_key(source, &format!("message/{message_id}")));
        Order { key, ..self.order }
    }

    /// The order as far as its content goes.
    pub(crate) fn content(&self) -> Order {
        Order { key: self.key.clone().unwrap_or_default(), ..self.order.clone() }
    }
}

/// The key of the order that a source gives this number.
pub(crate) fn order_key(source: &SourceSettings, number: &str) -> String {
    format!("{}{number}", source.order_space)
}

/// The key of a receipt: `<store>/<till>/<receipt>`, with the parts that are missing left out.
/// Tills number their own receipts, so the number alone would make many receipts one.
pub(crate) fn receipt_key(store: Option<&str>, till: Option<&str>, receipt: &str) -> String {
    let parts: Vec<&str> = [store, till, Some(receipt)].into_iter().flatten().collect();
    parts.join("/")
}

fn receipt(properties: &mut Properties<'_>) -> Result<Option<String>, RejectionReason> {
    let Some(receipt_id) = properties.take_id(Field::ReceiptId)? else { return Ok(None) };
    let store = properties.get(Field::StoreId).text();
    let till = properties.get(Field::Till).text();
    Ok(Some(receipt_key(store.as_deref(), till.as_deref(), &receipt_id)))
}

struct Money {
    digits: u8,
    /// Whether a minus has a meaning.
    signed: bool,
}

impl Money {
    fn read(
        &self,
        properties: &Properties<'_>,
        field: Field,
    ) -> Result<Option<i64>, RejectionReason> {
        let scalar = properties.get(field);
        if !scalar.present() {
            return Ok(None);
        }
        let place = Place::of(field.word());
        let Some(decimal) = Decimal::of(scalar) else {
            return Err(RejectionReason::NotANumber { place });
        };
        if decimal.negative() && !self.signed {
            return Err(RejectionReason::NegativeAmount { place });
        }
        amount(decimal, Decimal::ONE, self.digits, &place).map(Some)
    }

    fn take(
        &self,
        properties: &mut Properties<'_>,
        field: Field,
    ) -> Result<Option<i64>, RejectionReason> {
        let minor = self.read(properties, field)?;
        properties.take(field);
        Ok(minor)
    }
}

/// What the lines come to; `None` if one of them has no price.
fn sum(lines: &[Line]) -> Option<i64> {
    if lines.is_empty() {
        return None;
    }
    lines.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.total_minor?))
}
