//! Tables and their mappings.

use regulars_engine::event::{Document, Event, Mode};
use regulars_engine::identity::IdentityRules;
use regulars_ingest::table::{Mapping, Summary, Table, TableError, taken_apart};
use regulars_ingest::{Received, Rejection};

use crate::tell::{moment, shop, tell, why};

const RECEIPTS: &str = r#"
rows: lines
kind: order
columns:
  receipt_id: Receipt
  till: Till
  occurred_at: {column: Time, zone: Europe/Madrid}
  loyalty_id: Card
  sku: Article
  quantity: Pieces
  price: Price
return when: {column: Pieces, below: 0}
adjustment when: {column: Article, equals: FLOAT}
"#;

const HEADER: &str = "Receipt,Till,Time,Card,Article,Pieces,Price\n";

fn open(mapping: &str, file: &str) -> (Vec<Result<Event, Rejection>>, Summary) {
    let source = shop();
    let rules = IdentityRules::default();
    let received = Received {
        source: &source,
        rules: &rules,
        received_at: moment("2026-11-21T12:00:00Z"),
        mode: Mode::Backfill,
        feed: None,
    };
    let mapping = Mapping::parse(mapping, "receipts.yaml").unwrap();
    let mut table = Table::open(file.as_bytes(), &mapping, &received).unwrap();
    let outcomes: Vec<_> = table.by_ref().collect();
    (outcomes, table.summary())
}

fn told(mapping: &str, file: &str) -> String {
    let (outcomes, _) = open(mapping, file);
    let texts: Vec<String> = outcomes
        .iter()
        .map(|outcome| match outcome {
            Ok(event) => format!("{}: {}", event.message_id, tell(event)),
            Err(rejection) => why(rejection),
        })
        .collect();
    texts.join("\n")
}

#[track_caller]
fn same(told: &str, expected: &str) {
    assert!(told == expected, "told:\n{told}\n\nexpected:\n{expected}");
}

#[test]
fn rows_of_one_receipt_are_one_document_wherever_they_stand() {
    let rows = "1,3,2026-11-20 10:05,L-1,tee,1,19.99\n2,3,2026-11-20 10:06,,socks,2,5\n1,3,2026-11-20 10:05,L-1,tee,1,19.99\n";
    same(
        &told(RECEIPTS, &format!("{HEADER}{rows}")),
        "order/3/1: Order Completed at 2026-11-20T09:05:00Z (Minute) by web, till 3, loyalty_id L-1\n\
         order 3/1 of 39.98 EUR\n- 1000 milli, sku tee, for 1999\n- 1000 milli, sku tee, for 1999\n\
         order/3/2: Order Completed at 2026-11-20T09:06:00Z (Minute) by web, till 3\n\
         order 3/2 of 10.00 EUR\n- 2000 milli, sku socks, for 1000",
    );
}

#[test]
fn a_second_import_changes_nothing_and_other_rows_are_a_new_version() {
    let rows = ["1,3,2026-11-20 10:05,L-1,tee,1,19.99\n", "1,3,2026-11-20 10:05,L-1,socks,1,5\n"];
    let only =
        |rows: &[&str]| open(RECEIPTS, &format!("{HEADER}{}", rows.concat())).0.remove(0).unwrap();
    let first = only(&rows);
    let again = only(&[rows[1], rows[0]]);
    assert_eq!(first.document, Document::Versioned);
    assert_eq!((&first.message_id, first.content), (&again.message_id, again.content));
    let doubled = only(&[rows[0], rows[1], rows[1]]);
    assert_eq!(first.message_id, doubled.message_id);
    assert_ne!(first.content, doubled.content);
}

#[test]
fn a_receipt_can_sell_take_back_and_adjust() {
    let rows = "1,3,2026-11-20,L-1,tee,1,19.99\n1,3,2026-11-20,L-1,socks,-2,5\n1,3,2026-11-20,L-1,FLOAT,1,-50\n";
    same(
        &told(RECEIPTS, &format!("{HEADER}{rows}")),
        "order/3/1: Order Completed at 2026-11-19T23:00:00Z (Day) by web, till 3, loyalty_id L-1\n\
         order 3/1 of 19.99 EUR\n- 1000 milli, sku tee, for 1999\n\
         return/3/1: Order Refunded at 2026-11-19T23:00:00Z (Day) by web, till 3, loyalty_id L-1\n\
         order return/3/1 of 10.00 EUR\n- 2000 milli, sku socks, for 1000\n\
         adjustment/3/1: Adjustment at 2026-11-19T23:00:00Z (Day) by web, till 3, loyalty_id L-1\n\
         order 3/1 of -50.00 EUR\n- 1000 milli, sku FLOAT, for -5000",
    );
}

#[test]
fn a_bad_row_is_set_aside_and_leaves_its_document_uncertain() {
    let rows = "1,3,2026-11-20 10:05,L-1,tee,1,19.99\n1,3,2026-11-20 10:05,L-1,socks,two,5\n\n,3,2026-11-20 10:05,,socks,1,5\n1,3,2026-11-20 10:05\n2,3,2026-11-20 10:05,,socks,1,-5\n";
    let (outcomes, summary) = open(RECEIPTS, &format!("{HEADER}{rows}"));
    assert_eq!(
        summary,
        Summary { rows: 5, rows_accepted: 1, rows_rejected: 4, events: 1, times_differ: 0 }
    );
    assert_eq!(outcomes.len(), 5);
    same(
        &told(RECEIPTS, &format!("{HEADER}{rows}")),
        "line 5: no_document_key: \"Receipt\" is empty, so the row belongs to no document\n\
         line 6: wrong_columns: the row has 3 columns and the header 7\n\
         line 3: not_a_number: \"Pieces\" is not a number\n\
         order/3/1: Order Completed at 2026-11-20T09:05:00Z (Minute) by web, till 3, loyalty_id L-1\n\
         order 3/1\n- 1000 milli, sku tee, for 1999\n- 1000 milli\n\
         properties {\"rows_rejected\":1}\n\
         line 7: negative_amount: \"Price\" is negative, and a sale or a cart cannot be",
    );
}

#[test]
fn line_numbers_and_bytes_are_those_of_the_file() {
    for line_break in ["\n", "\r\n"] {
        let rows = [
            "1,3,2026-11-20 10:05,L-1,\"two\nlines\",1,1",
            "2,3,never,,a,1,1",
            "1,3,never,,\"b\",1,1",
            "3,3,2026-11-20 10:05,,ok,1,1",
            "2,3,\"ne\nver\",,a,1,1",
        ];
        let file = format!("{}{}", HEADER.trim_end(), line_break) + &rows.join(line_break);
        let (outcomes, _) = open(RECEIPTS, &file);
        let rejected: Vec<(u64, String)> = outcomes
            .into_iter()
            .filter_map(|outcome| outcome.err())
            .map(|rejection| {
                let (mapping, rows) = taken_apart(&rejection.raw).unwrap();
                assert!(Mapping::parse(mapping, "receipts.yaml").is_ok());
                (rejection.line.unwrap(), String::from_utf8(rows.to_vec()).unwrap())
            })
            .collect();
        // Each is kept with all rows of its document.
        let document = |rows: [&str; 2]| format!("{}\n{}\n{}", HEADER.trim_end(), rows[0], rows[1]);
        let expected = [
            (5, document([rows[0], rows[2]])),
            (4, document([rows[1], rows[4]])),
            (7, document([rows[1], rows[4]])),
        ];
        assert_eq!(rejected, expected, "{line_break:?}");
    }
}

#[test]
fn a_quote_that_is_never_closed_spoils_its_line_only() {
    let good = |n: u32| format!("{n},3,2026-11-20 10:05,,tee,1,1\n");
    let rows: String = (2..4000).map(good).collect();
    let (outcomes, summary) =
        open(RECEIPTS, &format!("{HEADER}1,3,2026-11-20 10:05,,\"tee,1,1\n{rows}"));
    assert_eq!((summary.rows_accepted, summary.rows_rejected), (3998, 1));
    assert_eq!(
        why(outcomes[0].as_ref().unwrap_err()),
        "line 2: unclosed_quote: a quote on this line is never closed"
    );
}

#[test]
fn customers_come_row_by_row() {
    let mapping = "
rows: events
kind: customers
delimiter: ';'
columns:
  customer_id: Number
  email: Mail
  occurred_at: {column: Since, format: '%d/%m/%Y'}
traits:
  first_name: First
  age: Age
";
    let rows = "Number;Mail;Since;First;Age\n1;ANA@shop.es;20/11/2026;Ana;33\n;n/a;;Nobody;\n2;;;Luis;007\n2;;;Luis;007\n";
    let (outcomes, summary) = open(mapping, rows);
    assert_eq!((summary.rows_accepted, summary.rows_rejected), (3, 1));
    let told: Vec<String> =
        outcomes.iter().map(|outcome| outcome.as_ref().map_or_else(why, tell)).collect();
    same(
        &told[0],
        "Identify at 2026-11-19T23:00:00Z (Day) by web, customer_id 1, email ana@shop.es\ntraits {\"age\":33,\"first_name\":\"Ana\"}",
    );
    same(
        &told[1],
        "line 3: names_nobody: the event states something about a person but names none",
    );
    same(
        &told[2],
        "Identify at 2026-11-21T12:00:00Z by web, customer_id 2\ntraits {\"age\":\"007\",\"first_name\":\"Luis\"}",
    );
    let id = |n: usize| outcomes[n].as_ref().unwrap().message_id.clone();
    assert_eq!(id(2).replace("/1", "/2"), id(3));
}

#[test]
fn commas_latin_letters_and_feeds_are_a_mappings_matter() {
    let mapping = "
rows: events
kind: order
delimiter: ';'
decimal: comma
encoding: latin-1
complete_through: latest
columns: {order_id: Nr, occurred_at: Zeit, name: Artikel, line_total: Betrag, feed: Kasse}
";
    let mapping = Mapping::parse(mapping, "kasse.yaml").unwrap();
    let file = b"Nr;Zeit;Artikel;Betrag;Kasse\n1;2026-11-20 10:00;M\xfctze;1.234,50;k1\n2;2026-11-20 11:00;Hut;5;k2\n";
    let (source, rules) = (shop(), IdentityRules::default());
    let received = Received {
        source: &source,
        rules: &rules,
        received_at: moment("2026-11-21T12:00:00Z"),
        mode: Mode::Backfill,
        feed: None,
    };
    let table = Table::open(file, &mapping, &received).unwrap();
    let told: Vec<String> = table
        .map(|outcome| {
            outcome.map_or_else(
                |rejection| why(&rejection),
                |event| format!("{}: {}", event.feed, tell(&event)),
            )
        })
        .collect();
    same(
        &told.join("\n"),
        "k1: Order Completed at 2026-11-20T09:00:00Z (Minute) by web\norder 1 of 1234.50 EUR\n- 1000 milli, named Mütze, for 123450\n\
         k2: Order Completed at 2026-11-20T10:00:00Z (Minute) by web\norder 2 of 5.00 EUR\n- 1000 milli, named Hut, for 500\n\
         k1: Watermark at 2026-11-21T12:00:00Z by web\ncomplete through 2026-11-20T10:00:00Z\n\
         k2: Watermark at 2026-11-21T12:00:00Z by web\ncomplete through 2026-11-20T10:00:00Z",
    );
}

/// As web shops export orders: what is of the whole order stands in the first of its rows.
#[test]
fn rows_after_the_first_may_leave_out_the_currency() {
    let mapping = "rows: lines\nkind: order\ncolumns:\n  order_id: Name\n  occurred_at: Created at\n  \
                   email: Email\n  total: Total\n  currency: Currency\n  quantity: Pieces\n  price: Price\n  sku: SKU\n";
    let file = "Name,Email,Total,Currency,Created at,Pieces,Price,SKU\n\
                #1,ana@example.com,30.00,ZAR,2026-11-20 10:00:00 +0200,1,10.00,A\n\
                #1,ana@example.com,,,2026-11-20 10:00:00 +0200,2,10.00,B\n";
    same(
        &told(mapping, file),
        "order/#1: Order Completed at 2026-11-20T08:00:00Z by web, email ana@example.com\norder #1 of 30.00 ZAR\n\
         - 1000 milli, sku A, for 1000\n- 2000 milli, sku B, for 2000",
    );
    let other = file.replace(",,,2026", ",,EUR,2026");
    assert!(told(mapping, &other).contains("Currency"), "{}", told(mapping, &other));
}

/// A row of an export tells what became of its order; when, it does not say.
#[test]
fn what_became_of_an_order_stands_in_its_rows() {
    let mapping = "rows: lines\nkind: order\ncolumns:\n  order_id: Name\n  occurred_at: Created at\n  total: Total\n  \
                   refunded: Refunded Amount\n  currency: {value: EUR}\n  sku: SKU\n\
                   cancelled when: {column: Cancelled at, empty: no}\n";
    let file = "Name,Total,Refunded Amount,Cancelled at,Created at,SKU\n\
                #1,30.00,12.50,,2026-11-20T10:00:00Z,A\n\
                #1,,,,2026-11-20T10:00:00Z,B\n\
                #2,20.00,20.00,2026-11-21T10:00:00Z,2026-11-20T10:00:00Z,A\n\
                #3,10.00,0.00,,2026-11-20T10:00:00Z,A\n";
    let told = told(mapping, file);
    let orders: Vec<&str> = told.lines().filter(|line| !line.starts_with('-')).collect();
    same(
        &orders.join("\n"),
        "order/#1: Order Completed at 2026-11-20T10:00:00Z by web\norder #1 of 30.00 EUR\n\
         refunded/#1: Order Refunded at 2026-11-20T10:00:00Z by web\norder #1 of 12.50 EUR\n\
         order/#2: Order Completed at 2026-11-20T10:00:00Z by web\norder #2 of 20.00 EUR\n\
         cancelled/#2: Order Cancelled at 2026-11-20T10:00:00Z by web\norder #2 of 20.00 EUR\n\
         order/#3: Order Completed at 2026-11-20T10:00:00Z by web\norder #3 of 10.00 EUR",
    );
    let mistakes =
        Mapping::parse(&mapping.replace("empty: no", "empty: maybe"), "m.yaml").unwrap_err();
    assert!(mistakes[0].to_string().contains("\"maybe\""), "{}", mistakes[0]);
}

/// Rows that are orders by themselves are told apart by what they say, and equal ones by their number.
#[test]
fn a_log_of_purchases_needs_no_numbers() {
    let mapping = "rows: events\nkind: order\ncolumns:\n  customer_id: Id\n  occurred_at: Date\n  total: Price\n  \
                   currency: {value: EUR}\n";
    let (outcomes, summary) = open(
        mapping,
        "Id;Date;Price\n1;2026-01-02;29.33\n2;2026-01-02;29.33\n\n;;\n1;2026-01-02;29.33\n1;2026-01-03;29.33\n",
    );
    let orders: Vec<&Event> = outcomes.iter().map(|outcome| outcome.as_ref().unwrap()).collect();
    let keys: std::collections::BTreeSet<&str> =
        orders.iter().map(|event| event.order.as_ref().unwrap().key.as_str()).collect();
    assert_eq!((orders.len(), keys.len(), summary.rows), (4, 4, 4), "{keys:?}");
    assert!(keys.iter().filter(|key| key.ends_with("/2")).count() == 1, "{keys:?}");
    let ids: std::collections::BTreeSet<&str> =
        orders.iter().map(|event| event.message_id.as_str()).collect();
    assert_eq!(ids.len(), 4);
    // The same rows in another order are the same orders.
    let (again, _) = open(
        mapping,
        "Id,Date,Price\n1,2026-01-03,29.33\n1,2026-01-02,29.33\n2,2026-01-02,29.33\n1,2026-01-02,29.33\n",
    );
    assert!(again.iter().all(|event| ids.contains(event.as_ref().unwrap().message_id.as_str())));
}

/// Behaviour logs name things their own way, and sell in rows among others.
#[test]
fn rows_of_many_kinds_may_be_orders() {
    let mapping = "rows: events\nkind: event\ncolumns:\n  occurred_at: time\n  customer_id: who\n  product_id: item\n  \
                   event: {column: what, names: {view: Product Viewed, buy: Order Completed, refund: Order Refunded}}\n  \
                   order_id: order\n  price: price\n  currency: {value: EUR}\n";
    let file = "time,who,what,item,order,price\n\
                2026-11-20T10:00:00Z,v1,view,A,,19.95\n\
                2026-11-20T10:05:00Z,v1,buy,A,4000,19.95\n\
                2026-11-20T10:05:00Z,v2,buy,C,,7.00\n\
                2026-11-20T10:05:00Z,v1,buy,B,4000,5.00\n\
                2026-11-20T10:06:00Z,v1,wave,B,,\n\
                2026-11-21T10:05:00Z,v1,refund,B,4000,5.00\n";
    let told = told(mapping, file);
    let numbered = |line: &&str| {
        !["row/", "order/row/", "order row/"].iter().any(|begin| line.starts_with(begin))
    };
    same(
        &told.lines().filter(numbered).collect::<Vec<_>>().join("\n"),
        "- 1000 milli, product_id A, for 1995\n\
         order/4000: Order Completed at 2026-11-20T10:05:00Z by web, customer_id v1\norder 4000 of 24.95 EUR\n\
         - 1000 milli, product_id A, for 1995\n- 1000 milli, product_id B, for 500\n\
         return/4000: Order Refunded at 2026-11-21T10:05:00Z by web, customer_id v1\norder 4000 of 5.00 EUR\n\
         - 1000 milli, product_id B, for 500\n\
         - 1000 milli, product_id C, for 700\n\
         - 1000 milli, product_id B",
    );
    assert!(told.contains("/1: Product Viewed at") && told.contains("/1: wave at"), "{told}");
    assert!(told.contains("/1 of 7.00 EUR"), "the order without a number: {told}");
    let wrong = mapping.replace("Order Refunded", "Order Refundet");
    let mistakes = Mapping::parse(&wrong, "m.yaml").unwrap_err();
    assert!(
        mistakes[0].to_string().contains("did you mean \"Order Refunded\"?"),
        "{}",
        mistakes[0]
    );
}

#[test]
fn every_mistake_of_a_mapping_is_told_at_once() {
    let mapping = "rows: line
kind: Order Complted
colums: {}
columns:
  order: InvoiceNo
  occurred_at: {column: T, zone: Europe/Lissabon, format: \"%!\"}
  currency: {value: Euro}
return when: {column: A, below: few}
delimiter: x
";
    let mistakes: Vec<String> =
        Mapping::parse(mapping, "m.yaml").unwrap_err().iter().map(ToString::to_string).collect();
    same(
        &mistakes.join("\n"),
        "m.yaml:1:7: unknown word \"line\"; did you mean \"lines\"?\n\
         m.yaml:2:7: unknown kind \"Order Complted\"; did you mean \"Order Completed\"?\n\
         m.yaml:3:1: unknown key \"colums\"; did you mean \"columns\"?\n\
         m.yaml:5:3: unknown meaning \"order\"; did you mean \"order_id\"?\n\
         m.yaml:6:34: \"Europe/Lissabon\" is not a time zone; write one such as Europe/London\n\
         m.yaml:6:59: \"%!\" is not a time format; write one such as \"%Y-%m-%d %H:%M:%S\"\n\
         m.yaml:7:13: \"Euro\" is not a currency of ISO 4217; write three letters such as EUR\n\
         m.yaml:8:33: \"few\" is not a number; write digits with a point\n\
         m.yaml:9:12: unknown delimiter; write \",\", \";\", \"|\" or tab",
    );
    let numberless = "rows: lines\nkind: order\ncolumns:\n  occurred_at: T\n";
    assert_eq!(
        Mapping::parse(numberless, "m.yaml").unwrap_err()[0].to_string(),
        "m.yaml:1:1: no column is the document's number; map \"order_id\" or \"receipt_id\"; if each row is an order by itself, say \"rows: events\""
    );
    assert!(Mapping::parse("rows: [", "m.yaml").is_err());
    assert!(Mapping::parse("", "m.yaml").is_err());
}

#[test]
fn columns_that_are_not_there_are_told_at_once() {
    let mapping = Mapping::parse(RECEIPTS, "receipts.yaml").unwrap();
    let (source, rules) = (shop(), IdentityRules::default());
    let received = Received {
        source: &source,
        rules: &rules,
        received_at: moment("2026-11-21T12:00:00Z"),
        mode: Mode::Backfill,
        feed: None,
    };
    let error = |file: &str| Table::open(file.as_bytes(), &mapping, &received).unwrap_err();
    assert_eq!(error(""), TableError::NoHeader);
    same(
        &error("Reciept,Till,Time,Card,Article,Pieces,Cost\n").to_string(),
        "column \"Receipt\", mapped on line 5, is not in the file's header; did you mean \"Reciept\"?\n\
         column \"Price\", mapped on line 11, is not in the file's header; it can be Reciept, Till, Time, Card, Article, Pieces, Cost",
    );
    // A first line that is data may name people, so it is not repeated.
    let told = error("1,3,maria@example.com,a,b,c,d\n").to_string();
    assert!(told.contains("first line") && !told.contains("maria"), "{told}");
}
