//! Sources: what they sent, and what could not be understood.

use regulars_engine::commit::{Commit, Counts, Quarantined};
use regulars_engine::event::{Code, CodeKind};
use regulars_engine::source::{Feed, FeedName};
use regulars_engine::time::Timestamp;
use regulars_store::{QuarantineCount, QuarantineFilter, QuarantineOutcome, Reader, Store};

use crate::backend::Backend;

pub(crate) fn feeds_counts_and_codes_come_back<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let name = FeedName { source: "pos".to_owned(), feed: "till-7".to_owned() };
    let feed = Feed { heard_at: Timestamp(9), by_hour: vec![3; 168], ..Feed::default() };
    let code = Code { kind: CodeKind::Gtin, value: "4006381333931".to_owned() };
    let commit = Commit {
        feeds: vec![(name.clone(), Feed::default()), (name.clone(), feed.clone())],
        counts: vec![(
            "pos".to_owned(),
            Counts { accepted: 2, duplicates: 1, ..Counts::default() },
        )],
        codes: vec![(code.clone(), "shirt".to_owned(), Timestamp(5))],
        ..Commit::default()
    };
    store.commit(&commit).unwrap();
    store.commit(&commit).unwrap();
    let mut backend = backend.reopen();
    let reader = backend.store().reader().unwrap();
    assert_eq!(reader.feeds().unwrap(), [(name, feed)]);
    let counts = Counts { accepted: 4, duplicates: 2, ..Counts::default() };
    assert_eq!(reader.counts().unwrap(), [("pos".to_owned(), counts)]);
    assert_eq!(reader.codes().unwrap(), [(code, "shirt".to_owned(), Timestamp(5))]);
}

pub(crate) fn quarantine_rows_are_listed_and_settled<B: Backend>() {
    let mut backend = B::new();
    let store = backend.store();
    let row = |source: &str, code: &str| Quarantined {
        source: source.to_owned(),
        feed: "till-7".to_owned(),
        received_at: Timestamp(4),
        code: code.to_owned(),
        text: "the date is not a date".to_owned(),
        raw: vec![0, 159, 146, 150],
    };
    let rows = vec![row("pos", "bad_time"), row("web", "bad_time"), row("pos", "no_currency")];
    store.commit(&Commit { quarantine: rows.clone(), ..Commit::default() }).unwrap();
    let reader = store.reader().unwrap();
    let all = reader.quarantine(&QuarantineFilter::default(), 9).unwrap();
    let newest_first: Vec<_> = all.iter().map(|(_, row)| row.clone()).collect();
    assert_eq!(newest_first, rows.iter().rev().cloned().collect::<Vec<_>>());
    let of_till = QuarantineFilter { source: Some("pos".to_owned()), ..Default::default() };
    assert_eq!(reader.quarantine(&of_till, 9).unwrap().len(), 2);
    let count = |code: &str, rows| QuarantineCount {
        source: "pos".to_owned(),
        code: code.to_owned(),
        rows,
    };
    assert_eq!(
        reader.quarantine_counts().unwrap()[..2],
        [count("bad_time", 1), count("no_currency", 1)]
    );
    let id = all[0].0;
    assert_eq!(reader.quarantined(id).unwrap().as_ref(), Some(&rows[2]));
    assert_eq!(store.settle_quarantine(&[id, 999], QuarantineOutcome::Replayed).unwrap(), 1);
    assert_eq!(store.settle_quarantine(&[id], QuarantineOutcome::Replayed).unwrap(), 0);
    assert_eq!(reader.quarantined(id).unwrap(), None);
    assert_eq!(reader.totals().unwrap().quarantined, 2);
}
