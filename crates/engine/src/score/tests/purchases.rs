//! What counts as a purchase: a table of the cases in which shops' books are untidy.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::event::{Channel, Code, CodeKind, Currency, Line};
use crate::profile::{OrderRecord, Orders, Refund, Stamp, Statement};
use crate::score::{Counting, Purchases};
use crate::time::{DAY, HOUR, Occurred, Timestamp};

/// A line of so many pieces at 10.00.
fn pieces(sku: &str, count: i64) -> Line {
    Line {
        codes: vec![Code { kind: CodeKind::Sku, value: sku.to_owned() }],
        quantity_milli: count * 1_000,
        total_minor: Some(count * 1_000),
        ..Line::default()
    }
}

fn sale(day: i64, lines: &[Line]) -> OrderRecord {
    let at = Timestamp(day * DAY + 10 * HOUR);
    let sale = Statement {
        received_at: at,
        stamp: Stamp { at, tie: 0 },
        occurred: Occurred::instant(at),
        channel: Channel::Web,
        store: None,
        lines: lines.to_vec(),
        total_minor: lines.iter().filter_map(|line| line.total_minor).sum(),
        currency: Currency::EUR,
        coupon: None,
    };
    OrderRecord { sale: Some(sale), ..OrderRecord::default() }
}

fn back(day: i64, lines: &[Line], total_minor: i64) -> Refund {
    let at = Timestamp(day * DAY + 11 * HOUR);
    Refund { received_at: at, occurred: Occurred::instant(at), lines: lines.to_vec(), total_minor }
}

fn returned(mut record: OrderRecord, refund: Refund) -> OrderRecord {
    record.refunds.insert(refund.occurred.at.0.unsigned_abs(), refund);
    record
}

/// A credit note that names no sale.
fn loose(day: i64, lines: &[Line], total_minor: i64) -> OrderRecord {
    returned(OrderRecord::default(), back(day, lines, total_minor))
}

fn cancelled(mut record: OrderRecord, day: i64) -> OrderRecord {
    record.cancelled = Some(Stamp { at: Timestamp(day * DAY), tie: 0 });
    record
}

/// What stays of the records at day 100, as `day:net ...; spent`.
fn kept(records: &[OrderRecord]) -> String {
    let by_key: BTreeMap<String, OrderRecord> =
        records.iter().enumerate().map(|(n, record)| (n.to_string(), record.clone())).collect();
    let orders = Orders { by_key, overflowed: false };
    let counting = Counting { zone: &TimeZone::UTC, currency: Currency::EUR };
    let purchases = Purchases::of(&orders, counting, Timestamp(100 * DAY));
    let days: Vec<String> =
        purchases.days.iter().map(|one| format!("{}:{}", one.day, one.net_minor)).collect();
    format!("{}; {}", days.join(" "), purchases.spent_minor())
}

/// Holds each row of a table: what the case is, the records, what stays of them.
fn hold(table: Vec<(&str, Vec<OrderRecord>, &str)>) {
    for (what, records, right) in table {
        assert_eq!(kept(&records), right, "{what}");
    }
}

fn with_sale(mut record: OrderRecord, change: impl FnOnce(&mut Statement)) -> OrderRecord {
    change(record.sale.as_mut().unwrap());
    record
}

#[test]
fn books_are_untidy_and_purchases_are_not() {
    let (tea, mug) = ([pieces("tea", 1)], [pieces("mug", 1)]);
    let both = [pieces("tea", 1), pieces("mug", 1)];
    let whole = |day| back(day, &[], 2_000);
    let unlisted = with_sale(sale(7, &[]), |sale| sale.total_minor = 1_500);
    let yen = with_sale(sale(4, &both), |sale| sale.currency = Currency::parse("JPY").unwrap());
    let parts = returned(sale(1, &both), back(3, &mug, 1_000));
    hold(vec![
        ("nothing bought", vec![], "; 0"),
        (
            "two receipts of a day are one visit",
            vec![sale(1, &both), sale(1, &tea)],
            "1:3000; 3000",
        ),
        ("a return takes from its sale", vec![parts.clone()], "1:1000; 1000"),
        ("everything came back, in two parts", vec![returned(parts, back(4, &tea, 1_000))], "; 0"),
        (
            "a return without lines is of everything",
            vec![returned(sale(1, &both), whole(3))],
            "; 0",
        ),
        ("a later return is not seen", vec![returned(sale(1, &both), whole(101))], "1:2000; 2000"),
        (
            "a cancelled order is none",
            vec![cancelled(sale(1, &both), 2), sale(5, &tea)],
            "5:1000; 1000",
        ),
        ("a later cancellation is not seen", vec![cancelled(sale(1, &both), 101)], "1:2000; 2000"),
        (
            "an order that costs nothing is one",
            vec![returned(sale(1, &[]), back(2, &tea, 0))],
            "1:0; 0",
        ),
        ("an order without lines counts its total", vec![unlisted], "7:1500; 1500"),
        ("another currency is an order and no money", vec![yen, sale(5, &tea)], "4:0 5:1000; 1000"),
    ]);
}

#[test]
fn credit_notes_take_from_the_latest_sale_of_the_article() {
    let (tea, mug) = ([pieces("tea", 1)], [pieces("mug", 1)]);
    let both = [pieces("tea", 1), pieces("mug", 1)];
    let (three, four) = ([pieces("tea", 3)], [pieces("tea", 4)]);
    hold(vec![
        (
            "from the latest sale that held it",
            vec![sale(1, &tea), sale(2, &both), sale(3, &mug), loose(9, &tea, 1_000)],
            "1:1000 2:1000 3:1000; 3000",
        ),
        (
            "of a whole sale undoes it",
            vec![sale(1, &tea), sale(3, &mug), loose(9, &mug, 1_000)],
            "1:1000; 1000",
        ),
        (
            "goes on to the sale before",
            vec![sale(1, &tea), sale(2, &three), loose(9, &four, 4_000)],
            "; 0",
        ),
        ("before any sale is of none", vec![loose(1, &tea, 1_000), sale(2, &tea)], "2:1000; 0"),
        (
            "for what nobody sold makes less than nothing",
            vec![sale(1, &tea), loose(2, &mug, 9_000)],
            "1:1000; -8000",
        ),
        (
            "without articles takes money only",
            vec![sale(1, &tea), sale(2, &three), loose(9, &[], 500)],
            "1:1000 2:2500; 3500",
        ),
        ("without any sale is all that is known", vec![loose(1, &tea, 1_000)], "; -1000"),
    ]);
}

#[test]
fn a_day_is_the_shop_s_own() {
    let lisbon = TimeZone::get("Europe/Lisbon").unwrap();
    // 23:30 in UTC is half past midnight of the next day in Lisbon's summer.
    let at = Timestamp(200 * DAY + 23 * HOUR + HOUR / 2);
    assert_eq!(crate::score::day_of(at, &TimeZone::UTC), 200);
    assert_eq!(crate::score::day_of(at, &lisbon), 201);
}
