//! The protocol: bodies, types, times, identifiers, and what happens to the one bad event.

use regulars_engine::event::{Event, Kind};
use regulars_ingest::segment::{BodyError, Hints, PathType, write_key};

use crate::tell::{event, moment, read, read_from, rejection, shop, tell, track, why};

#[test]
fn a_body_is_a_batch_a_list_or_one_message() {
    let message = track("Cart Viewed", "{}");
    for body in [
        format!(r#"{{"batch":[{message}],"writeKey":"wk","sentAt":"2026-11-21T12:00:00Z"}}"#),
        format!("[{message}]"),
        format!("\u{feff} {message} \n"),
    ] {
        assert_eq!(event(&body).kind, Kind::CartViewed, "{body}");
    }
    assert!(read(r#"{"batch":[]}"#).is_empty());
}

#[test]
fn one_bad_event_does_not_spoil_its_batch() {
    let good = track("Cart Viewed", "{}");
    let body = format!(
        r#"{{"batch":[{good},{{"type":"track"}},nope,{{"type":"track","event":yes}},null,{{"type":"track","event":"A" "B"}},{good}]}}"#
    );
    let batch = read(&body);
    assert_eq!(batch.events.len(), 2);
    let reasons: Vec<String> = batch.rejections.iter().map(why).collect();
    assert_eq!(
        reasons,
        [
            "no_event_name: the event has type \"track\" but no \"event\"",
            "not_json: the event is not JSON from byte 0 on",
            "not_json: the event is not JSON from byte 24 on",
            "not_an_object: the event is not a JSON object",
            "not_json: the event is not JSON from byte 28 on",
        ]
    );
    assert_eq!(batch.rejections[1].raw, b"nope");
    assert_eq!(batch.rejections[3].raw, b"null");
}

#[test]
fn a_body_that_is_no_json_at_all_is_told_so() {
    let error =
        |body: &str| read_from(&shop(), body, PathType::Batch, &Hints::default()).unwrap_err();
    assert_eq!(error(" "), BodyError::Empty);
    assert_eq!(error("hello"), BodyError::NotJson { offset: 0 });
    assert_eq!(error("42"), BodyError::NoMessages);
    assert_eq!(error(r#"{"batch":[{"type":"track""#), BodyError::NotJson { offset: 25 });
    assert_eq!(error(r#"{"batch":[]} x"#), BodyError::NotJson { offset: 13 });
    assert_eq!(error(&" ".repeat(6 << 20)), BodyError::TooLarge { bytes: 6 << 20 });
    assert_eq!(error("hello").code(), "body_not_json");
    assert_eq!(error(&format!("[{}0]", "0,".repeat(50_000))), BodyError::TooManyMessages);
    assert_eq!(error(&format!("[{}no]", "0,".repeat(50_000))), BodyError::TooManyMessages);
    assert_eq!(read(&format!("[{}0]", "0,".repeat(49_999))).rejections.len(), 50_000);
}

#[test]
fn the_path_says_the_type_that_a_message_leaves_out() {
    let read = |segment, body: &str| -> Event {
        let path_type = PathType::of_segment(segment).unwrap();
        let batch = read_from(&shop(), body, path_type, &Hints::default()).unwrap();
        batch.events.into_iter().next().unwrap()
    };
    let body =
        r#"{"userId":"maria","event":"Product Added","properties":{"price":20,"sku":"TS-RED-M"}}"#;
    assert_eq!(read("t", body).kind, Kind::ProductAdded);
    assert_eq!(
        read("screen", r#"{"userId":"maria","name":"Cart","properties":null}"#).kind,
        Kind::ScreenViewed
    );
    assert_eq!(read("track", r#"{"userId":"maria","type":"page"}"#).kind, Kind::PageViewed);
    assert_eq!(PathType::of_segment("settings"), None);
    assert_eq!(rejection(r#"{"userId":"maria"}"#), "no_type: the event has no \"type\"");
    assert_eq!(
        rejection(r#"{"userId":"maria","type":"shout"}"#),
        "unknown_type: \"type\" is not one we know"
    );
}

#[test]
fn the_write_key_may_stand_in_the_body() {
    assert_eq!(
        write_key(br#"{"batch":[{"writeKey":"inner"}],"writeKey":"wk_1"}"#),
        Some("wk_1".into())
    );
    assert_eq!(write_key(br#"{"type":"track","writeKey":""}"#), None);
    assert_eq!(write_key(br#"[{"writeKey":"wk_1"}]"#), None);
    assert_eq!(write_key(b"no json"), None);
}

#[test]
fn null_empty_and_numbers_are_what_they_mean() {
    let message = r#"{"type":"track","event":"Cart Viewed","messageId":"","userId":null,"anonymousId":42,"timestamp":"","properties":[],"context":null,"traits":"x"}"#;
    told_is(&tell(&event(message)), "Cart Viewed at 2026-11-21T12:00:00Z by web, anonymous_id 42");
    assert!(event(message).message_id.starts_with("h-"));
}

#[test]
fn times_are_the_senders_unless_its_clock_is_wrong() {
    let at = |fields: &str| {
        let event =
            event(&format!(r#"{{"type":"track","event":"Cart Viewed","userId":"ana",{fields}}}"#));
        format!("{} skew {}", event.occurred.at, event.skew_ms)
    };
    assert_eq!(
        at(r#""timestamp":"2026-11-21T10:00:00.123456789Z""#),
        "2026-11-21T10:00:00.123Z skew 0"
    );
    assert_eq!(
        at(r#""originalTimestamp":"2026-11-21T11:00:00+01:00""#),
        "2026-11-21T10:00:00Z skew 0"
    );
    assert_eq!(
        at(r#""timestamp":"2026-11-21T10:00:00","sentAt":"2026-11-21T12:00:59""#),
        "2026-11-21T09:59:01Z skew 3541000"
    );
    assert_eq!(
        at(r#""timestamp":"2026-11-21T09:00:00Z","sentAt":"2026-11-21T11:59:30Z""#),
        "2026-11-21T09:00:00Z skew 0"
    );
    assert_eq!(
        at(r#""timestamp":"2026-11-21T09:00:00Z","sentAt":"2026-11-21T11:00:00Z""#),
        "2026-11-21T10:00:00Z skew 3600000"
    );
    assert_eq!(at(r#""timestamp":"2026-11-21T13:00:00Z""#), "2026-11-21T12:00:00Z skew -3600000");
    assert_eq!(
        at(r#""timestamp":"9999-12-31T00:00:00Z""#),
        "2026-11-21T12:00:00Z skew -251606952000000"
    );
    assert_eq!(at(r#""timestamp":1795255200123"#), "2026-11-21T10:00:00.123Z skew 0");
    assert_eq!(at(r#""timestamp":1795255200.5"#), "2026-11-21T10:00:00.5Z skew 0");
    assert_eq!(
        rejection(r#"{"type":"track","event":"A","timestamp":"1601-01-01T00:00:00Z"}"#),
        "time_out_of_range: \"timestamp\" is before 1970 or after 9999"
    );
    assert_eq!(
        rejection(r#"{"type":"track","event":"A","originalTimestamp":"soon"}"#),
        "time_not_understood: \"originalTimestamp\" is not a time we can read"
    );
}

#[test]
fn a_time_without_a_zone_is_the_sources_and_says_so() {
    let event = event(r#"{"type":"track","event":"A","userId":"ana","timestamp":"2026-11-20"}"#);
    assert_eq!(event.occurred.at, moment("2026-11-19T23:00:00Z"));
    assert_eq!(event.zone_assumed.as_deref(), Some("Europe/Madrid"));
}

#[test]
fn whoever_is_named_is_found_the_strongest_first() {
    let event = event(
        r#"{"type":"identify","userId":"ana","anonymousId":"anon-1","traits":{"email":" ANA@Shop.es","phone":"+34 600 11 22 33","loyalty_id":"L-1","first_name":"Ana","age":null},"context":{"traits":{"email":"ana@shop.es","customer_id":7,"vip":true},"timezone":"Europe/Madrid","ip":"10.0.0.1","userAgent":"x","externalIds":[{"id":"L-2","type":"loyalty_id"},{"id":"G","type":"group_id"}]}}"#,
    );
    told_is(
        &tell(&event),
        "Identify at 2026-11-21T12:00:00Z by web, user_id ana, customer_id 7, loyalty_id L-1, loyalty_id L-2, \
         email ana@shop.es, phone +34600112233, anonymous_id anon-1\n\
         traits {\"first_name\":\"Ana\",\"timezone\":\"Europe/Madrid\",\"vip\":true}",
    );
}

#[test]
fn placeholders_name_nobody() {
    assert_eq!(
        rejection(r#"{"type":"identify","userId":"undefined","traits":{"email":"test@test.com"}}"#),
        "names_nobody: the event states something about a person but names none"
    );
    let event = event(r#"{"type":"page","userId":"undefined"}"#);
    assert!(event.identifiers.is_empty());
}

#[test]
fn a_friends_address_is_not_the_persons() {
    let invite = event(&track("Friend Invited", r#"{"email":"friend@example.com"}"#));
    told_is(
        &tell(&invite),
        "Friend Invited at 2026-11-21T10:00:00Z by web, user_id ana\nproperties {\"email\":\"friend@example.com\"}",
    );
    let alone = event(
        r#"{"type":"track","event":"Newsletter Form Sent","properties":{"email":"ana@shop.es"}}"#,
    );
    assert_eq!(alone.identifiers[0].value(), "ana@shop.es");
}

#[test]
fn an_alias_joins_what_was_before() {
    let alias = |previous: &str| {
        let event =
            event(&format!(r#"{{"type":"alias","userId":"ana","previousId":"{previous}"}}"#));
        event.identifiers.iter().map(|id| id.kind.word().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(alias("anon-1"), ["user_id", "anonymous_id"]);
    assert_eq!(alias("jen@email.com"), ["user_id", "email"]);
}

#[test]
fn headers_fill_in_what_a_message_leaves_out() {
    let hints = Hints {
        anonymous_id: Some("MDkwMDIwNmMtYzA0Mi00ZWM1LTkyZWYtZWQ3ZTM3M2M0NTIw"),
        sent_at: Some("2026-11-21T11:00:00Z"),
    };
    let body = r#"{"type":"page","originalTimestamp":"2026-11-21T10:00:00Z"}"#;
    let batch = read_from(&shop(), body, PathType::Page, &hints).unwrap();
    let event = &batch.events[0];
    assert_eq!(event.identifiers[0].value(), "0900206c-c042-4ec5-92ef-ed7e373c4520");
    assert_eq!((event.occurred.at, event.skew_ms), (moment("2026-11-21T11:00:00Z"), 3_600_000));
}

#[test]
fn a_retry_equals_its_first_try() {
    let message = |sent: &str, order: &str| {
        format!(
            r#"{{"batch":[{{"type":"track","userId":"ana","event":"A",{order},"originalTimestamp":"2026-11-21T10:00:00Z","sentAt":"{sent}","context":{{"ip":"{sent}"}}}}],"sentAt":"{sent}"}}"#
        )
    };
    let first = event(&message("2026-11-21T11:59:58Z", r#""properties":{"a":1,"b":"x"}"#));
    let retry = event(&message("2026-11-21T11:59:59Z", r#""properties":{"b":"x","a":1}"#));
    assert_eq!((&first.message_id, first.content), (&retry.message_id, retry.content));
    let other = event(&message("2026-11-21T11:59:59Z", r#""properties":{"b":"x","a":2}"#));
    assert_ne!(first.content, other.content);
}

#[test]
fn what_has_neither_id_nor_time_repeats_within_a_window() {
    let message = r#"{"type":"track","userId":"ana","event":"A"}"#;
    let id = event(message).message_id;
    assert_eq!(id, event(message).message_id);
    let windows = moment("2026-11-21T12:00:00Z").0 / 300_000;
    assert!(id.ends_with(&format!("-{windows}")), "{id}");
}

#[test]
fn what_cannot_be_stored_or_read_is_set_aside_with_its_reason() {
    let deep = |levels: usize| {
        let list = format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
        track("A", &format!(r#"{{"deep":{list}}}"#))
    };
    assert_eq!(read(&deep(62)).events.len(), 1);
    assert_eq!(
        rejection(&deep(63)),
        "nested_too_deep: lists and maps are nested more than 64 levels deep"
    );
    assert!(rejection(&deep(100_000)).starts_with("nested_too_deep"));
    assert!(rejection(&track("A", r#"{"a":"\u0000"}"#)).starts_with("nul_character"));
    assert!(rejection(&track("A", r#"{"a":"\ud800"}"#)).starts_with("lone_surrogate"));
    assert!(rejection(&track("A\\ud83d", "{}")).starts_with("lone_surrogate"));
    let large = track("A", &format!(r#"{{"a":"{}"}}"#, "x".repeat(600_000)));
    assert!(rejection(&large).starts_with("event_too_large"));
    assert_eq!(read(&large).rejections[0].raw.len(), 65_536);
    assert!(
        rejection(&track("A", &format!(r#"{{"a":"{}"}}"#, "x".repeat(40_000))))
            .starts_with("too_long")
    );
    let many = (0..501).map(|n| format!("\"p{n}\":1")).collect::<Vec<_>>().join(",");
    assert!(rejection(&track("A", &format!("{{{many}}}"))).starts_with("too_many_properties"));
    let ids = (0..1000)
        .map(|n| format!(r#"{{"id":"L{n}","type":"loyalty_id"}}"#))
        .collect::<Vec<_>>()
        .join(",");
    let crowd = format!(r#"{{"type":"page","context":{{"externalIds":[{ids}]}}}}"#);
    assert!(rejection(&crowd).starts_with("too_many_identifiers"));
    assert!(rejection(&track(&"A".repeat(300), "{}")).starts_with("too_long: \"event\""));
}

#[test]
fn bytes_that_are_no_text_are_set_aside() {
    let mut body = track("A", r#"{"a":"?"}"#).into_bytes();
    let place = body.iter().position(|byte| *byte == b'?').unwrap();
    body[place] = 0xff;
    let source = shop();
    let rules = regulars_engine::identity::IdentityRules::default();
    let received = regulars_ingest::Received {
        source: &source,
        rules: &rules,
        received_at: moment("2026-11-21T12:00:00Z"),
        mode: regulars_engine::event::Mode::Live,
        feed: None,
    };
    let batch =
        regulars_ingest::segment::parse(&body, PathType::Batch, &Hints::default(), &received)
            .unwrap();
    assert_eq!(why(&batch.rejections[0]), "not_utf8: the event is not UTF-8 text");
    assert_eq!(batch.rejections[0].raw, body);
}

#[test]
fn a_call_written_down_as_arguments_is_explained() {
    assert!(
        rejection(r#"{"type":"identify","args":["97980",{"name":"Peter"}]}"#)
            .starts_with("call_arguments")
    );
}

/// Compares texts so that a failure shows both whole.
#[track_caller]
fn told_is(told: &str, expected: &str) {
    assert!(told == expected, "told:\n{told}\n\nexpected:\n{expected}");
}
