//! Sources and quarantine.

use regulars_server::ui::mask;
use regulars_server::ui::model::{
    Excerpt, FactValue, FeedRow, Page, QuarantineFilter, QuarantineModel, QuarantineRow,
    QuarantineState, Reason, Repair, SourceKind, SourceModel, SourceRow, SourcesModel, Speaks,
    Watermark, WatermarkState,
};

use super::{DAY, HOUR, MINUTE, NOW, fact, reason, told};

const SECOND: i64 = 1_000;

/// A shop's week: open ten to nine, busy on Saturday, closed on Sunday.
fn rhythm(scale: u32, around_the_clock: bool) -> [[u32; 24]; 7] {
    std::array::from_fn(|day| {
        std::array::from_fn(|hour| {
            let small = |number| u32::try_from(number).unwrap_or(0);
            let (day, hour) = (small(day), small(hour));
            let open = if around_the_clock { 7..24 } else { 10..21 };
            if !open.contains(&hour) || (day == 6 && !around_the_clock) {
                return if around_the_clock { scale * (hour % 3) / 8 } else { 0 };
            }
            let evening = 12 - hour.abs_diff(18).min(11);
            let weekend = if day == 5 { 3 } else { 2 };
            scale * (evening + (day * 5 + hour * 3) % 4) * weekend / 8
        })
    })
}

fn mark(state: WatermarkState, ago: Option<i64>) -> Watermark {
    Watermark { state, complete_until: ago.map(|ago| NOW - ago) }
}

fn feed(id: &str, name: &str, ago: i64, watermark: Watermark, today: u64) -> FeedRow {
    FeedRow {
        id: id.to_owned(),
        name: name.to_owned(),
        speaks: Speaks::EventByEvent,
        lag: 15 * MINUTE,
        last_at: Some(NOW - ago),
        latest_at: Some(NOW - 2 * SECOND),
        watermark,
        today,
        quarantined: 0,
        holding: 0,
        rhythm: rhythm(6, false),
    }
}

fn row(
    id: &str,
    name: &str,
    kind: SourceKind,
    ago: i64,
    watermark: Watermark,
    today: u64,
) -> SourceRow {
    let one = FeedRow { rhythm: rhythm(40, true), ..feed("main", name, ago, watermark, today) };
    SourceRow {
        id: id.to_owned(),
        name: name.to_owned(),
        kind,
        feeds: vec![one],
        watermark,
        last_at: Some(NOW - ago),
        latest_at: Some(NOW - 2 * SECOND),
        today,
        quarantined: 0,
    }
}

pub(crate) fn sources(empty: bool) -> SourcesModel {
    if empty {
        return SourcesModel::default();
    }
    let presumed = mark(WatermarkState::Presumed, Some(15 * MINUTE));
    let never = mark(WatermarkState::Never, None);
    let silent = SourceRow {
        last_at: None,
        latest_at: None,
        ..row("reviews", "Trusted Reviews", SourceKind::Loyalty, 0, never, 0)
    };
    SourcesModel {
        sources: vec![
            tills(),
            silent,
            SourceRow {
                quarantined: 13,
                ..row("web", "casaluna.es", SourceKind::Web, 4 * SECOND, presumed, 48_211)
            },
            row("app", "Luna app", SourceKind::App, 40 * SECOND, presumed, 12_904),
            SourceRow {
                latest_at: Some(NOW - 3 * MINUTE),
                ..row("desk", "Service desk", SourceKind::Service, 22 * MINUTE, presumed, 61)
            },
            SourceRow {
                latest_at: Some(NOW - DAY),
                ..row(
                    "orders-2025",
                    "Orders of 2025",
                    SourceKind::File,
                    2 * MINUTE,
                    mark(WatermarkState::Imported, Some(300 * DAY)),
                    88_120,
                )
            },
        ],
    }
}

fn tills() -> SourceRow {
    let known = mark(WatermarkState::Known, Some(2 * MINUTE));
    let behind = mark(WatermarkState::Behind, Some(3 * HOUR + 10 * MINUTE));
    SourceRow {
        id: "tills".to_owned(),
        name: "Tills".to_owned(),
        kind: SourceKind::Till,
        feeds: vec![
            FeedRow {
                quarantined: 201,
                holding: 9,
                ..feed("gran-via-3", "Gran Vía, till 3", 3 * HOUR + 10 * MINUTE, behind, 88)
            },
            feed("gran-via-1", "Gran Vía, till 1", MINUTE, known, 204),
            feed("gran-via-2", "Gran Vía, till 2", 3 * MINUTE, known, 190),
            feed("serrano-1", "Serrano, till 1", 6 * MINUTE, known, 77),
        ],
        watermark: behind,
        last_at: Some(NOW - MINUTE),
        latest_at: Some(NOW - 3 * SECOND),
        today: 559,
        quarantined: 201,
    }
}

pub(crate) fn source(id: &str) -> Option<SourceModel> {
    let source = sources(false).sources.into_iter().find(|source| source.id == id)?;
    let quarantine =
        filters("").into_iter().filter(|filter| filter.source_id == source.id).collect();
    Some(SourceModel { source, rhythm_weeks: 8, quarantine, duplicates: 1_209, conflicts: 2 })
}

fn filters(selected: &str) -> Vec<QuarantineFilter> {
    [("tills", "Tills", "negative_amount", 201), ("web", "casaluna.es", "no_event_name", 13)]
        .into_iter()
        .map(|(source_id, source, code, count)| QuarantineFilter {
            source_id: source_id.to_owned(),
            source: source.to_owned(),
            code: code.to_owned(),
            count,
            selected: code == selected,
        })
        .collect()
}

const RECEIPT: &str = "{\n  \"type\": \"track\",\n  \"event\": \"Order Completed\",\n  \"messageId\": \"T3-88121\",\n  \"timestamp\": \"2026-11-21T15:41:00+01:00\",\n  \"properties\": {\n    \"receipt_id\": \"GV3-88121\",\n    \"till\": \"3\",\n    \"total\": -19.9,\n    \"currency\": \"EUR\",\n    \"email\": \"maria.garcia@example.com\",\n    \"loyalty_id\": \"CL 4410 2231\"\n  }\n}";

fn quarantined(
    id: &str,
    source: (&str, &str),
    feed: Option<&str>,
    reason: Reason,
    raw: &str,
) -> QuarantineRow {
    QuarantineRow {
        id: id.to_owned(),
        source: (source.0.to_owned(), source.1.to_owned()),
        feed: feed.map(str::to_owned),
        received_at: NOW - 3 * HOUR,
        reason,
        state: QuarantineState::Waiting,
        excerpt: Excerpt::Masked(mask::mask(raw)),
        repair: None,
    }
}

fn rows() -> Vec<(QuarantineRow, &'static str)> {
    let short = "{\"type\":\"track\",\"userId\":\"ana-1\",\"properties\":{\"email\":\"ana.beltran@example.com\",\"product_id\":\"boots-41\"},\"timestamp\":\"2026-11-21T13:02:11Z\"}";
    let line = "GV3-88090;2026-11-21 14:32;Ana Beltrán;+34 600 111 222;BOOTS-41;1;129.00";
    vec![
        (
            quarantined(
                "q1",
                ("tills", "Tills"),
                Some("Gran Vía, till 3"),
                reason("negative_amount", vec![told("field", "total")]),
                RECEIPT,
            ),
            RECEIPT,
        ),
        (
            quarantined(
                "q2",
                ("web", "casaluna.es"),
                None,
                reason("no_event_name", Vec::new()),
                short,
            ),
            short,
        ),
        (
            quarantined(
                "q3",
                ("tills", "Tills"),
                Some("Serrano, till 1"),
                reason(
                    "wrong_columns",
                    vec![
                        fact("line", FactValue::Count(412)),
                        fact("found", FactValue::Count(7)),
                        fact("expected", FactValue::Count(8)),
                    ],
                ),
                line,
            ),
            line,
        ),
    ]
}

pub(crate) fn quarantine(selected: &str, empty: bool) -> QuarantineModel {
    if empty {
        return QuarantineModel::default();
    }
    let rows = rows().into_iter().map(|(row, _)| row);
    let rows = rows.filter(|row| selected.is_empty() || row.reason.code == selected).collect();
    QuarantineModel {
        rows,
        filters: filters(selected),
        page: Page { total: 214, older: Some("q3".to_owned()), paged: false },
    }
}

/// A row as a page shows it, or as it is after "show", "repair" or "replay".
pub(crate) fn quarantine_row(id: &str, verb: &str, json: Option<String>) -> Option<QuarantineRow> {
    let (mut row, raw) = rows().into_iter().find(|(row, _)| row.id == id)?;
    match verb {
        "show" => {
            row.excerpt = Excerpt::Shown(raw.to_owned());
            row.repair = Some(Repair { json: raw.to_owned(), problem: None });
        }
        "repair" if json.as_deref() == Some(raw) => {
            let problem = Some("properties.total: -19.9 is below 0".to_owned());
            row.repair = Some(Repair { json: raw.to_owned(), problem });
        }
        "repair" | "replay" => row.state = QuarantineState::Replayed,
        _ => {}
    }
    Some(row)
}
