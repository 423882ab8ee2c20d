//! Public data: the examples of the Segment spec, what stock clients sent, a year of invoices.
//! Set `REGULARS_CHECK_DATA` to the folder that holds them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use regulars_engine::event::{Event, Kind, Mode};
use regulars_engine::identity::IdentityRules;
use regulars_engine::source::SourceSettings;
use regulars_ingest::segment::{self, Hints, PathType};
use regulars_ingest::table::{Mapping, Table};
use regulars_ingest::{Batch, Received, gzip};

use crate::tell::moment;

/// The folder with the check data; without it the test says that it is skipped.
pub(crate) fn folder(test: &str) -> Option<PathBuf> {
    let folder = std::env::var_os("REGULARS_CHECK_DATA").map(PathBuf::from);
    if folder.is_none() {
        println!("skipped {test}: set REGULARS_CHECK_DATA to the folder with the check data");
    }
    folder
}

fn read(source: &SourceSettings, body: &str, path_type: PathType, hints: &Hints<'_>) -> Batch {
    let rules = IdentityRules::default();
    let received_at = moment("2026-11-21T20:00:00Z");
    let received = Received { source, rules: &rules, received_at, mode: Mode::Live, feed: None };
    segment::parse(body.as_bytes(), path_type, hints, &received).unwrap()
}

#[test]
fn every_example_of_the_segment_spec_is_understood_or_explained() {
    let Some(folder) = folder("the examples of the Segment spec") else { return };
    let text =
        std::fs::read_to_string(folder.join("fixtures/segment-spec/spec_examples.ndjson")).unwrap();
    let source = SourceSettings::named("web");
    let (mut examples, mut known, mut custom) = (0, 0, BTreeSet::new());
    let mut reasons: BTreeMap<&str, u32> = BTreeMap::new();
    for line in text.lines() {
        let example: serde_json::Value = serde_json::from_str(line).unwrap();
        let batch =
            read(&source, &example["payload"].to_string(), PathType::Batch, &Hints::default());
        assert_eq!(batch.len(), 1, "{line}");
        examples += 1;
        for event in &batch.events {
            match &event.kind {
                Kind::Custom(name) => _ = custom.insert(name.clone()),
                _ => known += 1,
            }
            check_example(event, &example["payload"]);
        }
        for rejection in &batch.rejections {
            *reasons.entry(rejection.reason.code()).or_default() += 1;
        }
    }
    println!(
        "{examples} examples: {known} of known kinds, custom {custom:?}, set aside {reasons:?}"
    );
    assert_eq!(examples, 108);
    // The spec writes five calls down as the arguments of a function, and describes one group
    // without saying who belongs to it. Five are words of e-mail providers, not of a web shop.
    let expected = [("call_arguments", 5), ("names_nobody", 1), ("not_its_to_tell", 5)];
    assert_eq!(reasons, BTreeMap::from(expected));
    let retail = [
        "Order",
        "Product",
        "Cart",
        "Checkout",
        "Coupon",
        "Promotion",
        "Wishlist",
        "Email",
        "Live Chat",
    ];
    assert!(
        custom.iter().all(|name| !retail.iter().any(|word| name.starts_with(word))),
        "{custom:?}"
    );
}

/// What an example says and what was read must agree.
fn check_example(event: &Event, payload: &serde_json::Value) {
    let properties = &payload["properties"];
    if !matches!(event.kind, Kind::Custom(_))
        && let Some(products) = properties["products"].as_array()
    {
        assert_eq!(event.lines.len(), products.len(), "{payload}");
        for (line, product) in event.lines.iter().zip(products) {
            assert_eq!(line.codes[0].value, product["product_id"].as_str().unwrap());
            let price = product["price"].as_f64().unwrap_or_default();
            let quantity = product["quantity"].as_f64().unwrap_or(1.0);
            if product.get("price").is_some() {
                assert_eq!(
                    line.total_minor,
                    Some((price * quantity * 100.0).round() as i64),
                    "{payload}"
                );
            }
        }
    }
    if event.kind.touches_orders() {
        let order = event.order.as_ref().unwrap();
        assert_eq!(order.key, properties["order_id"].as_str().unwrap());
        assert_eq!(
            order.total_minor,
            properties["total"].as_f64().map(|total| (total * 100.0).round() as i64)
        );
        assert_eq!(order.currency.code(), "USD");
    }
    for name in ["userId", "user_id", "anonymousId", "previousId"] {
        if let Some(value) = payload[name].as_str() {
            assert!(
                event.identifiers.iter().any(|identifier| identifier.value() == value),
                "{payload}"
            );
        }
    }
    if let Some(email) = payload["context"]["traits"]["email"].as_str() {
        assert!(
            event.identifiers.iter().any(|identifier| identifier.value() == email),
            "{payload}"
        );
    }
}

#[test]
fn what_stock_clients_sent_is_understood() {
    let Some(folder) = folder("what stock clients sent") else { return };
    let source = SourceSettings::named("web");
    for client in [
        "rudder-analytics-js",
        "rudder-sdk-node",
        "segment-analytics-next",
        "segment-analytics-node",
        "segment-rust",
    ] {
        let text =
            std::fs::read_to_string(folder.join(format!("clients/{client}.ndjson"))).unwrap();
        let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
        for line in text.lines() {
            let request: serde_json::Value = serde_json::from_str(line).unwrap();
            if request["method"] != "POST" || request["body"].is_null() {
                continue;
            }
            let last = request["path"].as_str().unwrap().rsplit('/').next().unwrap();
            let header = |name: &str| request["headers"][name].as_str();
            let hints = Hints { anonymous_id: header("AnonymousId"), sent_at: header("SentAt") };
            let body = request["body"].to_string();
            let batch = read(&source, &body, PathType::of_segment(last).unwrap(), &hints);
            assert!(batch.rejections.is_empty(), "{client}: {:?}", batch.rejections);
            for event in batch.events {
                assert!(!event.identifiers.is_empty(), "{client}: {line}");
                *kinds.entry(event.kind.name().to_owned()).or_default() += 1;
                check_types(&event);
            }
        }
        println!("{client}: {kinds:?}");
        for kind in
            ["Product Added", "Order Completed", "Identify", "Page Viewed", "Group", "Alias"]
        {
            assert!(kinds.contains_key(kind), "{client} sent no {kind}");
        }
    }
}

/// The clients' scripts all tell the same small story.
fn check_types(event: &Event) {
    let has = |value: &str| event.identifiers.iter().any(|identifier| identifier.value() == value);
    match event.kind {
        Kind::Identify | Kind::Group | Kind::Alias => assert!(has("maria"), "{event:?}"),
        Kind::ProductAdded => assert_eq!(event.lines[0].codes.last().unwrap().value, "TS-RED-M"),
        Kind::OrderCompleted => assert_eq!(event.order.as_ref().unwrap().total_minor, Some(2000)),
        _ => {}
    }
}

fn online_retail(folder: &std::path::Path) -> Vec<u8> {
    let packed = std::fs::read(folder.join("data/online-retail/online_retail.csv.gz")).unwrap();
    gzip::inflate(&packed, 200 << 20).unwrap()
}

#[test]
fn a_year_of_invoices_adds_up() {
    let Some(folder) = folder("a year of invoices") else { return };
    let file = online_retail(&folder);
    let text = include_str!("../../../../examples/mappings/online-retail.yaml");
    let mapping = Mapping::parse(text, "online-retail.yaml").unwrap();
    let (source, rules) = (SourceSettings::named("online-retail"), IdentityRules::default());
    let received_at = moment("2026-11-21T20:00:00Z");
    let received =
        Received { source: &source, rules: &rules, received_at, mode: Mode::Backfill, feed: None };

    let mut table = Table::open(&file, &mapping, &received).unwrap();
    let (mut ids, mut customers) = (BTreeMap::new(), BTreeSet::new());
    let (mut lines, mut returned_lines, mut nobodys_lines) = (0, 0, 0);
    let (mut sum, mut returned) = (0_i64, 0_i64);
    let mut watermark = None;
    for outcome in table.by_ref() {
        let event = outcome.unwrap();
        if event.kind == Kind::Watermark {
            watermark = event.complete_through;
            continue;
        }
        lines += event.lines.len();
        let total = event.order.as_ref().unwrap().total_minor.unwrap();
        if event.kind == Kind::OrderRefunded {
            returned_lines += event.lines.len();
            returned += total;
        } else {
            sum += total;
        }
        match event.identifiers.as_slice() {
            [] => nobodys_lines += event.lines.len(),
            [customer] => _ = customers.insert(customer.value().to_owned()),
            several => panic!("{several:?}"),
        }
        assert!(ids.insert(event.message_id, event.content).is_none());
    }
    let summary = table.summary();
    assert_eq!((summary.rows, summary.rows_accepted, summary.rows_rejected), (541_909, 541_909, 0));
    assert_eq!((lines, ids.len(), customers.len()), (541_909, 25_900, 4_372));
    assert_eq!((returned_lines, nobodys_lines, summary.times_differ), (9_288, 135_080, 43));
    assert_eq!((sum - returned, sum), (974_774_793, 1_064_456_042));
    assert_eq!(watermark, Some(moment("2011-12-09T12:50:00Z")));

    let again = Table::open(&file, &mapping, &received).unwrap();
    for event in again.flatten().filter(|event| event.kind != Kind::Watermark) {
        assert_eq!(ids.get(&event.message_id), Some(&event.content));
    }
}
