//! A list that a journey puts people on stands among the others from its publication on.

use regulars_engine::work::Purpose;
use regulars_server::segments::lists;
use regulars_server::writer::Writer;
use regulars_store::SqliteStore;

use super::play::at;

const CLUB: &str = "\
journey: club
purpose: care
enter: [Loyalty Points Earned]
steps:
  - add to list: wine club
";

#[test]
fn a_list_of_a_journey_stands_before_anybody_is_on_it() {
    let mut writer = Writer::open(SqliteStore::in_memory().unwrap(), Purpose::Live).unwrap();
    let files = [("club.yaml".to_owned(), CLUB.to_owned())];
    writer.publish(&files, at("2026-11-16T08:00:00Z")).unwrap();
    let lists = lists(writer.reader()).unwrap();
    let told: Vec<_> = lists.iter().map(|list| (list.name.as_str(), list.by.as_str())).collect();
    assert_eq!(told, [("wine club", "club")]);
}
