//! The products that a message can show of a person: what was looked at and not bought, and what the
//! last order brought.
//!
//! **Invariant:** what was bought in any channel, or perhaps was, is never shown as something to buy:
//! a maybe never grants, and a till's line that leads to no product may have been anything.

use std::cmp::Reverse;

use crate::event::Line;
use crate::product::{Catalogue, Known};
use crate::profile::{Profile, Statement};
use crate::time::Timestamp;
use crate::truth::Truth;

/// The most products of one list. Mail programs cut long messages, and people read the first few.
pub const SHOWN_MAX: usize = 12;

/// What the person looked at up to `now` and did not buy: the last look first, each product once, none
/// that is out of stock, at most [`SHOWN_MAX`].
///
/// Cost: the products looked at, of which few are kept, times the lines that were ever bought.
#[must_use]
pub fn looked_at<'p>(profile: &'p Profile, catalogue: &Catalogue, now: Timestamp) -> Vec<&'p Line> {
    let mut looks: Vec<_> =
        profile.interest.iter().filter(|(_, look)| look.last.at <= now).collect();
    looks.sort_by_key(|(code, look)| (Reverse(look.last), *code));
    let mut shown: Vec<&Line> = Vec::new();
    for (_, look) in looks {
        let line: &Line = &look.line;
        let twice = shown.iter().any(|held| catalogue.same(held, line) == Truth::True);
        if twice || out_of_stock(line, catalogue) || perhaps_bought(profile, line, catalogue) {
            continue;
        }
        shown.push(line);
        if shown.len() == SHOWN_MAX {
            break;
        }
    }
    shown
}

/// The sale of the last order that was kept, up to `now`.
#[must_use]
pub fn bought_last(profile: &Profile, now: Timestamp) -> Option<&Statement> {
    let kept = profile.orders.by_key.iter().filter(|(_, order)| order.kept());
    let sales = kept.filter_map(|(key, order)| Some((key, order.sale.as_ref()?)));
    let known = sales.filter(|(_, sale)| sale.occurred.at <= now);
    known.max_by_key(|(key, sale)| (sale.occurred.at, *key)).map(|(_, sale)| sale)
}

fn out_of_stock(line: &Line, catalogue: &Catalogue) -> bool {
    match catalogue.of_line(line) {
        Known::Product(id) => {
            catalogue.product(id).is_some_and(|product| product.in_stock == Some(false))
        }
        Known::Unmapped => false,
    }
}

/// What was bought and brought back counts: somebody who sent it back knows it.
fn perhaps_bought(profile: &Profile, line: &Line, catalogue: &Catalogue) -> bool {
    let orders = profile.orders.by_key.values();
    orders.filter_map(|order| order.sale.as_ref()).any(|sale| {
        // A sale of which nobody said what was sold may have been of anything.
        sale.lines.is_empty()
            || sale.lines.iter().any(|bought| catalogue.same(bought, line) != Truth::False)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::condition::Aggregates;
    use crate::event::{Code, CodeKind, Currency, Event, Kind, Order};
    use crate::product::Product;

    fn product(id: &str, in_stock: Option<bool>) -> Product {
        let till = Code { kind: CodeKind::Till, value: format!("T-{id}") };
        Product {
            id: id.to_owned(),
            name: id.to_owned(),
            category: None,
            price: None,
            in_stock,
            url: None,
            image_url: None,
            codes: vec![till],
            variants: Vec::new(),
            equivalents: Vec::new(),
        }
    }

    fn event(kind: Kind, at: i64, code: (CodeKind, &str)) -> Event {
        let code = Code { kind: code.0, value: code.1.to_owned() };
        let line = Line { codes: vec![code], quantity_milli: 1_000, ..Line::default() };
        let id = format!("{kind:?}-{at}");
        let order = (kind == Kind::OrderCompleted).then(|| Order {
            key: id.clone(),
            total_minor: None,
            currency: Currency::EUR,
            discount_minor: None,
            coupon: None,
        });
        Event { lines: vec![line], order, ..Event::bare("web", id, kind, Timestamp(at)) }
    }

    fn shown(events: &[Event], now: i64) -> Vec<String> {
        let stock = [("tee", None), ("hat", Some(true)), ("coat", Some(false)), ("sock", None)];
        let catalogue = Catalogue::new(stock.map(|(id, stock)| product(id, stock)).into());
        let mut profile = Profile::default();
        for event in events {
            profile.fold(event, &Aggregates::default());
        }
        let lines = looked_at(&profile, &catalogue, Timestamp(now));
        lines.iter().map(|line| line.codes[0].value.clone()).collect()
    }

    #[test]
    fn the_last_look_comes_first_and_what_is_gone_or_bought_in_any_channel_stays_out() {
        let look = |at, id| event(Kind::ProductViewed, at, (CodeKind::Product, id));
        let mut events = vec![look(1, "tee"), look(2, "hat"), look(3, "coat"), look(4, "sock")];
        assert_eq!(shown(&events, 9), ["sock", "hat", "tee"]);
        assert_eq!(shown(&events, 2), ["hat", "tee"]);
        events.push(event(Kind::OrderCompleted, 5, (CodeKind::Till, "T-hat")));
        assert_eq!(shown(&events, 9), ["sock", "tee"]);
        // A receipt whose code leads nowhere may have been of anything.
        events.push(event(Kind::OrderCompleted, 6, (CodeKind::Till, "4711")));
        assert_eq!(shown(&events, 9), Vec::<String>::new());
    }
}
