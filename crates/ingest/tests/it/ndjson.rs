//! Event files.

use std::sync::Arc;

use regulars_engine::event::{Event, Mode};
use regulars_engine::identity::IdentityRules;
use regulars_engine::source::SourceSettings;
use regulars_ingest::{Rejection, ndjson};

use crate::tell::{moment, tell, why};

fn read(text: &str, source: Option<&str>) -> Vec<Result<Event, Rejection>> {
    let rules = IdentityRules::default();
    let settings_of = |name: &str| Arc::new(SourceSettings::named(name));
    let file = ndjson::File {
        settings_of: &settings_of,
        rules: &rules,
        source,
        received_at: moment("2026-11-21T12:00:00Z"),
        mode: Mode::Backfill,
    };
    ndjson::parse(text.as_bytes(), &file).collect()
}

fn event(line: &str) -> Event {
    read(line, None).remove(0).unwrap()
}

#[test]
fn each_line_has_its_source_feed_and_time_of_receipt() {
    let event = event(
        r#"{"type":"track","source":"pos-2","feed":"till-3","receivedAt":"2026-11-20T18:00:00Z","event":"Order Completed","messageId":"1","timestamp":"2026-11-20T17:58:00Z","properties":{"receipt_id":"9","total":20}}"#,
    );
    assert_eq!((event.source.as_str(), event.feed.as_str()), ("pos-2", "till-3"));
    assert_eq!(event.received_at, moment("2026-11-20T18:00:00Z"));
    assert_eq!(event.mode, Mode::Backfill);
    assert_eq!(
        tell(&event),
        "Order Completed at 2026-11-20T17:58:00Z by store\norder 9 of 20.00 EUR"
    );
}

#[test]
fn a_feed_says_up_to_when_it_has_told_everything() {
    let through = |line: &str| event(line).complete_through;
    let line = |through: &str| {
        format!(
            r#"{{"type":"watermark","source":"pos-2","feed":"till-3","completeThrough":"{through}","receivedAt":"2026-11-21T10:00:00Z"}}"#
        )
    };
    assert_eq!(through(&line("2026-11-21T09:00:00Z")), Some(moment("2026-11-21T09:00:00Z")));
    // A day is meant to its end, and nobody can tell what is still to come.
    assert_eq!(through(&line("2026-11-20")), Some(moment("2026-11-20T23:59:59.999Z")));
    assert_eq!(through(&line("2026-11-22T00:00:00Z")), Some(moment("2026-11-21T10:00:00Z")));
    let heartbeat = r#"{"type":"heartbeat","source":"pos-2","feed":"till-3","receivedAt":"2026-11-21T10:00:00Z"}"#;
    assert_eq!(tell(&event(heartbeat)), "Heartbeat at 2026-11-21T10:00:00Z by store");
    let later = heartbeat.replace("10:00:00Z", "10:00:01Z");
    assert_ne!(event(heartbeat).message_id, event(&later).message_id);
}

#[test]
fn bad_lines_are_set_aside_with_their_numbers() {
    let text = "\n{\"type\":\"page\",\"source\":\"web\"}\r\nnope\n{\"type\":\"page\"}\n\
                {\"type\":\"watermark\",\"source\":\"web\"}\n{\"type\":\"page\",\"source\":\"web\"} trailing\n";
    let outcomes = read(text, None);
    assert!(outcomes[0].is_ok());
    let reasons: Vec<String> =
        outcomes[1..].iter().map(|outcome| why(outcome.as_ref().unwrap_err())).collect();
    assert_eq!(
        reasons,
        [
            "line 3: not_json: the event is not JSON from byte 0 on",
            "line 4: no_source: the line has no \"source\"",
            "line 5: no_complete_through: the watermark has no \"completeThrough\"",
            "line 6: not_json: the event is not JSON from byte 31 on",
        ]
    );
    assert!(read("{\"type\":\"page\"}", Some("web"))[0].is_ok());
}

#[test]
fn a_line_without_a_time_of_receipt_tells_nothing_of_the_senders_clock() {
    let line = r#"{"type":"page","source":"web","timestamp":"2020-01-01T10:00:00Z","sentAt":"2020-01-01T10:00:01Z"}"#;
    let old = event(line);
    assert_eq!((old.occurred.at, old.skew_ms), (moment("2020-01-01T10:00:00Z"), 0));
    let received = line.replace("\"type\"", "\"receivedAt\":\"2020-01-01T11:00:01Z\",\"type\"");
    assert_eq!(event(&received).skew_ms, 3_600_000);
}
