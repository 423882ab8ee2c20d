//! Measures what reading costs: microseconds an event for the SDK protocol and for event files, and
//! seconds for a table of half a million rows.
//!
//! `cargo run --release -p regulars-ingest --example measure`

#![expect(clippy::print_stdout, reason = "it prints its measurements")]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use regulars_engine::event::Mode;
use regulars_engine::identity::IdentityRules;
use regulars_engine::source::SourceSettings;
use regulars_engine::time::Timestamp;
use regulars_ingest::segment::{self, Hints, PathType};
use regulars_ingest::table::{Mapping, Summary, Table};
use regulars_ingest::{Received, gzip, ndjson};

/// Runs of each measurement; the fastest counts, since everything else on the machine only adds.
/// A first argument states another number.
const RUNS: usize = 400;

/// Events a run: a run is shorter than a slice of the scheduler, so that some run has the core to itself.
const EVENTS: usize = 200;

fn product_added(number: usize) -> String {
    format!(
        r#"{{"timestamp":"2026-11-21T10:00:00.{:03}Z","integrations":{{}},"event":"Product Added","type":"track","properties":{{"cart_id":"c-{number}","product_id":"p-77","sku":"TS-RED-M","category":"Shirts","name":"T-shirt","brand":"Casa","variant":"m","price":19.99,"quantity":1,"currency":"EUR","position":3,"url":"https://shop.example/p/77","image_url":"https://shop.example/p/77.jpg"}},"context":{{"library":{{"name":"@segment/analytics-node","version":"3.1.0"}}}},"anonymousId":"anon-{number}","userId":"customer-{number}","messageId":"node-next-1795288750546-f378e0d1-6c51-44e4-b29e-{number:012}","_metadata":{{"nodeVersion":"v20.20.2","jsRuntime":"node"}}}}"#,
        number % 1000
    )
}

fn receipt(number: usize) -> String {
    format!(
        r#"{{"type":"track","source":"pos-2","feed":"till-3","receivedAt":"2026-11-21T12:00:00Z","event":"Order Completed","messageId":"pos-{number}","timestamp":"2026-11-21 11:58:00","properties":{{"channel":"store","store_id":"lisbon","till":"till-3","receipt_id":"{number}","staff":"ana","loyalty_id":"L-{number}","total":59.97,"products":[{{"product_id":"tee","variant":"tee-m","quantity":2,"price":19.99}},{{"product_id":"socks","sku":"SO-1","gtin":"4006381333931","quantity":1,"price":19.99}}]}}}}"#
    )
}

fn fastest(runs: usize, mut run: impl FnMut()) -> f64 {
    let mut best = f64::MAX;
    for _ in 0..runs {
        let begin = Instant::now();
        run();
        #[expect(clippy::cast_precision_loss, reason = "a few hundred events")]
        let microseconds = begin.elapsed().as_secs_f64() * 1e6 / EVENTS as f64;
        best = best.min(microseconds);
    }
    best
}

fn protocol(runs: usize, received: &Received<'_>) {
    let messages: Vec<String> = (0..EVENTS).map(product_added).collect();
    let bytes = messages[0].len();
    let body = format!(
        r#"{{"batch":[{}],"writeKey":"wk","sentAt":"2026-11-21T12:00:00Z"}}"#,
        messages.join(",")
    );
    let took = fastest(runs, || {
        let batch = segment::parse(body.as_bytes(), PathType::Batch, &Hints::default(), received)
            .expect("the body is well formed");
        assert_eq!(batch.events.len(), EVENTS);
        black_box(batch);
    });
    println!("segment batch, Product Added of {bytes} bytes: {took:.2} microseconds an event");
    let took = fastest(runs, || {
        black_box(serde_json::from_str::<serde_json::Value>(&body).expect("it is JSON"));
    });
    println!("the same bytes as a tree of JSON values, for comparison: {took:.2} microseconds");
}

fn event_file(runs: usize, received: &Received<'_>) {
    let lines: Vec<String> = (0..EVENTS).map(receipt).collect();
    let bytes = lines[0].len();
    let settings = Arc::new(SourceSettings::named("pos-2"));
    let settings_of = |_: &str| Arc::clone(&settings);
    let file = ndjson::File {
        settings_of: &settings_of,
        rules: received.rules,
        source: None,
        received_at: received.received_at,
        mode: Mode::Backfill,
    };
    let took = fastest(runs, || {
        for (number, line) in (1..).zip(&lines) {
            let event = ndjson::parse_line(line.as_bytes(), number, &file)
                .expect("no line is blank")
                .expect("every line is an event");
            black_box(event);
        }
    });
    println!("event file, receipt of two lines and {bytes} bytes: {took:.2} microseconds an event");
}

/// Reads a year of invoices, where the check data is at hand.
fn table(received: &Received<'_>) {
    let Some(folder) = std::env::var_os("REGULARS_CHECK_DATA") else {
        println!("skipped the table: set REGULARS_CHECK_DATA to the folder with the check data");
        return;
    };
    let path = std::path::Path::new(&folder).join("data/online-retail/online_retail.csv.gz");
    let packed = std::fs::read(path).expect("the invoices can be read");
    let file = gzip::inflate(&packed, 200 << 20).expect("they are a whole gzip");
    let text = include_str!("../../../examples/mappings/online-retail.yaml");
    let mapping = Mapping::parse(text, "online-retail.yaml").expect("the mapping is right");
    let mut best = f64::MAX;
    let mut summary = Summary::default();
    for _ in 0..3 {
        let begin = Instant::now();
        let mut table = Table::open(&file, &mapping, received).expect("the columns are there");
        black_box(table.by_ref().filter(Result::is_ok).count());
        best = best.min(begin.elapsed().as_secs_f64());
        summary = table.summary();
    }
    println!("table of {} rows, {} documents: {best:.2} seconds", summary.rows, summary.events);
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    if let Some(peak) = status.lines().find(|line| line.starts_with("VmHWM")) {
        println!("peak memory, the packed and the whole file included: {peak}");
    }
}

fn main() {
    let runs = std::env::args().nth(1).and_then(|runs| runs.parse().ok()).unwrap_or(RUNS);
    let source = SourceSettings::named("web");
    let rules = IdentityRules::default();
    let received_at = Timestamp(1_795_262_400_000);
    let received =
        Received { source: &source, rules: &rules, received_at, mode: Mode::Live, feed: None };
    protocol(runs, &received);
    event_file(runs, &received);
    table(&received);
}
