//! The guide to mapping files names all keys and meanings there are, and no others.

use regulars_ingest::RejectionReason;
use regulars_ingest::table::Mapping;

const GUIDE: &str = include_str!("../../../../docs/guide/mapping.md");

/// A word in backticks in the first cell of a table's row.
fn first_cells() -> Vec<String> {
    let rows = GUIDE.lines().filter(|line| line.starts_with("| `"));
    rows.flat_map(|row| {
        let cell = row.split('|').nth(1).unwrap_or_default();
        cell.split('`').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>()
    })
    .collect()
}

/// Whatever the guide names in its tables is taken, and a mapping of all meanings has no mistake.
#[test]
fn every_key_of_the_guide_is_one_and_no_key_is_left_out() {
    let named = first_cells();
    let unknown = Mapping::parse("rows: lines\nkind: order\nkolumns: {}\n", "m.yaml").unwrap_err();
    assert!(!unknown.is_empty());
    let keys = [
        "source",
        "rows",
        "kind",
        "delimiter",
        "decimal",
        "encoding",
        "columns",
        "traits",
        "properties",
        "return when",
        "adjustment when",
        "cancelled when",
        "complete_through",
    ];
    for key in keys {
        assert!(named.iter().any(|word| word == key), "the guide does not name \"{key}\"");
    }
    let from = named.iter().position(|word| word == "order_id").unwrap();
    let to = named.iter().position(|word| word == "feed").unwrap();
    let meanings = &named[from..=to];
    assert_eq!(meanings.len(), 32, "{meanings:?}");
    let columns: String = meanings
        .iter()
        .map(|word| match word.as_str() {
            "currency" => "  currency: {value: EUR}\n".to_owned(),
            "channel" => "  channel: {value: store}\n".to_owned(),
            word => format!("  {word}: {word}\n"),
        })
        .collect();
    let whole = format!("rows: lines\nkind: order\ncolumns:\n{columns}");
    assert!(Mapping::parse(&whole, "m.yaml").is_ok(), "{:?}", Mapping::parse(&whole, "m.yaml"));
    let reasons = &named[to + 1..];
    assert!(reasons.len() >= 7, "{reasons:?}");
    for reason in reasons {
        assert!(RejectionReason::CODES.contains(&reason.as_str()), "\"{reason}\" is no reason");
    }
}
