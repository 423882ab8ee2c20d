//! Laws of reading: nothing panics, and everything that comes in comes out, as an event or a rejection.

use std::sync::Arc;

use proptest::prelude::*;
use regulars_engine::event::Mode;
use regulars_engine::identity::IdentityRules;
use regulars_engine::source::SourceSettings;
use regulars_engine::time::Timestamp;
use regulars_ingest::segment::{self, Hints, PathType};
use regulars_ingest::table::{Mapping, Table};
use regulars_ingest::{Received, gzip, ndjson};

use crate::tell::{RECEIVED, moment, shop, track};

fn with_received<T>(run: impl FnOnce(&Received<'_>) -> T) -> T {
    let (source, rules) = (shop(), IdentityRules::default());
    run(&Received {
        source: &source,
        rules: &rules,
        received_at: moment(RECEIVED),
        mode: Mode::Live,
        feed: None,
    })
}

fn parse(body: &[u8]) -> Result<regulars_ingest::Batch, segment::BodyError> {
    with_received(|received| segment::parse(body, PathType::Batch, &Hints::default(), received))
}

/// Names that mean something and some that do not, so that typed parts are reached often.
fn name() -> impl Strategy<Value = String> {
    const WORDS: &[&str] = &[
        "type",
        "event",
        "userId",
        "anonymousId",
        "timestamp",
        "sentAt",
        "properties",
        "context",
        "traits",
        "products",
        "order_id",
        "total",
        "price",
        "quantity",
        "currency",
        "email",
        "phone",
        "channel",
        "sku",
        "variant",
        "messageId",
        "completeThrough",
        "args",
        "name",
        "x",
    ];
    prop_oneof![9 => proptest::sample::select(WORDS).prop_map(str::to_owned), 1 => ".{0,12}"]
}

fn scalar() -> impl Strategy<Value = serde_json::Value> {
    const WORDS: &[&str] = &[
        "track",
        "identify",
        "alias",
        "watermark",
        "Order Completed",
        "Order Refunded",
        "Product Added",
        "Consent Given",
        "Unsubscribed",
        "2026-11-21T10:00:00Z",
        "2026-11-21",
        "1601-01-01",
        "EUR",
        "XXY",
        "email",
        "-1",
        "19.99",
        "",
        "maria@example.com",
        "undefined",
    ];
    prop_oneof![
        proptest::sample::select(WORDS).prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>().prop_map(|number| serde_json::json!(number)),
        any::<bool>().prop_map(Into::into),
        Just(serde_json::Value::Null),
        ".{0,20}".prop_map(Into::into),
    ]
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    scalar().prop_recursive(5, 64, 8, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            proptest::collection::vec((name(), inner), 0..10)
                .prop_map(|entries| serde_json::Value::Object(entries.into_iter().collect())),
        ]
    })
}

const MAPPING: &str = "
rows: lines
kind: order
columns: {order_id: a, occurred_at: b, price: c, quantity: d, sku: e}
return when: {column: d, below: 0}
";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Every message of a batch is counted once, whatever it holds.
    #[test]
    fn every_message_comes_out(messages in proptest::collection::vec(json(), 0..8)) {
        let body = serde_json::json!({ "batch": messages }).to_string();
        let batch = parse(body.as_bytes()).unwrap();
        prop_assert_eq!(batch.len(), messages.len());
    }

    /// The bytes of a rejection are the bytes of its message, so that repair starts from what was sent.
    #[test]
    fn what_is_set_aside_is_kept_byte_for_byte(messages in proptest::collection::vec(json(), 1..6)) {
        let texts: Vec<String> = messages.iter().map(ToString::to_string).collect();
        let batch = parse(format!("[{}]", texts.join(" , ")).as_bytes()).unwrap();
        for rejection in &batch.rejections {
            let raw = std::str::from_utf8(&rejection.raw).unwrap();
            prop_assert!(texts.iter().any(|text| text == raw));
        }
    }

    /// A repeat is a repeat: reading is a function of the bytes.
    #[test]
    fn reading_twice_reads_the_same(message in json()) {
        let body = serde_json::json!([message]).to_string();
        let (one, other) = (parse(body.as_bytes()).unwrap(), parse(body.as_bytes()).unwrap());
        prop_assert_eq!(one.events, other.events);
    }

    /// What is accepted keeps the engine's promises.
    #[test]
    fn accepted_events_are_within_bounds(messages in proptest::collection::vec(json(), 0..8)) {
        let body = serde_json::json!({ "batch": messages }).to_string();
        for event in parse(body.as_bytes()).unwrap().events {
            prop_assert!(event.occurred.at <= event.received_at);
            prop_assert!(event.occurred.at >= Timestamp::EARLIEST);
            prop_assert!(!event.message_id.is_empty() && event.message_id.len() <= 256);
            prop_assert!(event.identifiers.is_sorted());
            for line in &event.lines {
                prop_assert!(line.quantity_milli >= 0 && line.total_minor.unwrap_or_default() >= 0);
            }
        }
    }

    /// Bytes that somebody damaged never stop the program, and never lose a message in silence.
    #[test]
    fn damaged_bytes_never_panic(
        messages in proptest::collection::vec(json(), 1..4),
        damages in proptest::collection::vec((any::<proptest::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut body = serde_json::json!({ "batch": messages }).to_string().into_bytes();
        for (index, byte) in damages {
            let place = index.index(body.len());
            body[place] = byte;
        }
        if let Ok(batch) = parse(&body) {
            prop_assert!(!batch.is_empty() || body.len() < 64);
        }
    }

    /// Noise is an error or rejections.
    #[test]
    fn noise_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _ = parse(&bytes);
        let _ = segment::write_key(&bytes);
        let _ = gzip::inflate(&bytes, 1000);
        let rules = IdentityRules::default();
        let settings_of = |name: &str| Arc::new(SourceSettings::named(name));
        let file = ndjson::File {
            settings_of: &settings_of, rules: &rules, source: Some("web"),
            received_at: moment(RECEIVED), mode: Mode::Live,
        };
        let lines = bytes.split(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty()).count();
        prop_assert_eq!(ndjson::parse(&bytes, &file).count(), lines);
    }

    /// Every row of a table is counted once, as accepted or as set aside.
    #[test]
    fn every_row_comes_out(
        rows in proptest::collection::vec(
            ("[ab1]{0,2}", prop_oneof!["2026-11-2[0-9]", ".{0,6}"], "[-]?[0-9.]{0,4}", "[-]?[0-9]{0,2}", "[^\r\n]{0,5}"),
            0..20,
        ),
    ) {
        let quote = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let mut file = "a,b,c,d,e\n".to_owned();
        for (a, b, c, d, e) in &rows {
            let cells: Vec<String> = [a, b, c, d, e].into_iter().map(|text| quote(text)).collect();
            file += &(cells.join(",") + "\n");
        }
        let mapping = Mapping::parse(MAPPING, "m.yaml").unwrap();
        with_received(|received| {
            let mut table = Table::open(file.as_bytes(), &mapping, received).unwrap();
            let outcomes: Vec<_> = table.by_ref().collect();
            let summary = table.summary();
            let rejected = outcomes.iter().filter(|outcome| outcome.is_err()).count();
            prop_assert_eq!(summary.rows, rows.len() as u64);
            prop_assert_eq!(summary.rows_accepted + summary.rows_rejected, rows.len() as u64);
            prop_assert_eq!(summary.rows_rejected, rejected as u64);
            let lines: usize = outcomes.iter().flatten().map(|event| event.lines.len()).sum();
            prop_assert!(lines as u64 <= summary.rows);
            Ok(())
        })?;
    }

    /// A table of noise is an error, or rows that come out.
    #[test]
    fn a_table_of_noise_never_panics(noise in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mapping = Mapping::parse(MAPPING, "m.yaml").unwrap();
        let file = [b"a,b,c,d,e\n".as_slice(), &noise].concat();
        with_received(|received| {
            if let Ok(mut table) = Table::open(&file, &mapping, received) {
                let _ = table.by_ref().count();
                let summary = table.summary();
                prop_assert_eq!(summary.rows_accepted + summary.rows_rejected, summary.rows);
            }
            Ok(())
        })?;
    }

    /// A mapping of noise is a list of mistakes.
    #[test]
    fn a_mapping_of_noise_never_panics(text in ".{0,200}") {
        prop_assert!(Mapping::parse(&text, "m.yaml").is_err());
    }
}

#[test]
fn every_cut_of_a_body_is_an_error_or_a_count() {
    let message =
        track("Order Completed", r#"{"order_id":"ü\u00e9","products":[{"sku":"a","price":1.5}]}"#);
    let body = format!(r#"{{"batch":[{message},{message}],"sentAt":"2026-11-21T12:00:00Z"}}"#)
        .into_bytes();
    for cut in 0..body.len() {
        assert!(parse(&body[..cut]).is_err(), "cut at {cut}");
    }
    assert_eq!(parse(&body).unwrap().events.len(), 2);
}
