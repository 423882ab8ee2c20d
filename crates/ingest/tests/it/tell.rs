//! Says what was read in words, for expectations that a person can read.

use std::fmt::Write as _;

use regulars_engine::event::{Event, Mode, Money, Value};
use regulars_engine::identity::IdentityRules;
use regulars_engine::source::SourceSettings;
use regulars_engine::time::Timestamp;
use regulars_ingest::segment::{self, BodyError, Hints, PathType};
use regulars_ingest::{Batch, Received, Rejection};

/// A moment written as RFC 3339.
pub(crate) fn moment(text: &str) -> Timestamp {
    Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

/// When everything in these tests is received.
pub(crate) const RECEIVED: &str = "2026-11-21T12:00:00Z";

/// A web shop that counts in euros, in Madrid.
pub(crate) fn shop() -> SourceSettings {
    let zone = jiff::tz::TimeZone::get("Europe/Madrid").unwrap();
    SourceSettings { zone, ..SourceSettings::named("web") }
}

/// Reads a body that `source` sent.
pub(crate) fn read_from(
    source: &SourceSettings,
    body: &str,
    path_type: PathType,
    hints: &Hints<'_>,
) -> Result<Batch, BodyError> {
    let rules = IdentityRules::default();
    let received = Received {
        source,
        rules: &rules,
        received_at: moment(RECEIVED),
        mode: Mode::Live,
        feed: None,
    };
    segment::parse(body.as_bytes(), path_type, hints, &received)
}

/// Reads a body of the shop.
pub(crate) fn read(body: &str) -> Batch {
    read_from(&shop(), body, PathType::Batch, &Hints::default()).unwrap()
}

/// Reads a body that holds one event.
pub(crate) fn event(body: &str) -> Event {
    let mut batch = read(body);
    assert!(batch.rejections.is_empty(), "{:?}", batch.rejections);
    assert_eq!(batch.events.len(), 1);
    batch.events.remove(0)
}

/// The code and text of the one rejection that a body leads to.
pub(crate) fn rejection(body: &str) -> String {
    let batch = read(body);
    assert!(batch.events.is_empty(), "{:?}", batch.events);
    assert_eq!(batch.rejections.len(), 1);
    why(&batch.rejections[0])
}

/// A rejection in words.
pub(crate) fn why(rejection: &Rejection) -> String {
    let line = rejection.line.map(|line| format!("line {line}: ")).unwrap_or_default();
    format!("{line}{}: {}", rejection.reason.code(), rejection.reason)
}

/// A track message of the shop's customer ana.
pub(crate) fn track(event: &str, properties: &str) -> String {
    format!(
        r#"{{"type":"track","messageId":"m-1","userId":"ana","timestamp":"2026-11-21T10:00:00Z","event":"{event}","properties":{properties}}}"#
    )
}

/// An event in one paragraph.
pub(crate) fn tell(event: &Event) -> String {
    let mut told = format!("{} at {}", event.kind.name(), event.occurred.at);
    if event.occurred.precision != regulars_engine::time::Precision::Instant {
        write!(told, " ({:?})", event.occurred.precision).unwrap();
    }
    write!(told, " by {}", event.place.channel.word()).unwrap();
    for (word, part) in [
        ("store", &event.place.store),
        ("till", &event.place.till),
        ("staff", &event.place.staff),
        ("cart", &event.cart),
    ] {
        if let Some(part) = part {
            write!(told, ", {word} {part}").unwrap();
        }
    }
    for identifier in &event.identifiers {
        write!(told, ", {} {}", identifier.kind.word(), identifier.value()).unwrap();
    }
    if let Some(order) = &event.order {
        write!(told, "\norder {}", order.key).unwrap();
        if let Some(minor) = order.total_minor {
            write!(told, " of {}", Money { minor, currency: order.currency }).unwrap();
        }
        if let Some(minor) = order.discount_minor {
            write!(told, ", discount {minor}").unwrap();
        }
        if let Some(coupon) = &order.coupon {
            write!(told, ", coupon {coupon}").unwrap();
        }
    }
    for line in &event.lines {
        write!(told, "\n- {} milli", line.quantity_milli).unwrap();
        for code in &line.codes {
            write!(told, ", {} {}", code.kind.word(), code.value).unwrap();
        }
        if let Some(name) = &line.name {
            write!(told, ", named {name}").unwrap();
        }
        if let Some(minor) = line.total_minor {
            write!(told, ", for {minor}").unwrap();
        }
    }
    if let Some(consent) = &event.consent {
        let purpose = consent.purpose.map_or("promotion and care", |purpose| purpose.word());
        write!(told, "\nconsent {:?}: {} for {purpose}", consent.answer, consent.channel.word())
            .unwrap();
    }
    if let Some(reference) = &event.reference {
        write!(told, "\nrefers to {}", reference.id).unwrap();
    }
    if let Some(through) = event.complete_through {
        write!(told, "\ncomplete through {through}").unwrap();
    }
    for (what, map) in [("traits", &event.traits), ("properties", &event.properties)] {
        if !map.is_empty() {
            write!(told, "\n{what} {}", Value::Map(map.clone()).to_json()).unwrap();
        }
    }
    told
}
