//! What no profile keeps yet: counted from the log beforehand, and folded for everybody once a segment
//! asks for it.

use regulars_engine::condition::Condition;
use regulars_engine::identity::PersonId;
use regulars_engine::program::Program;
use regulars_engine::work::Purpose;
use regulars_server::segments::{count_part, estimate, list};
use regulars_server::writer::Writer;
use regulars_store::{SqliteStore, Store};

use super::play::{Lines, at, seed};
use super::town::{Setting, lines};

const SHOP: &str = "shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\n";

/// Some that nobody asked for while the events came in.
const CONDITIONS: [&str; 3] = [
    "event \"Product Viewed\" at least 4 times in the last 9 days",
    "has done \"Product Added\" where quantity at least 1",
    "event \"Product Viewed\" at least 2 times in the last 9 days and not has bought anything",
];

/// One way through the log for many people comes to what the log says of each of them alone, and both to
/// who is in the segment when it is published: at once, not after the next start of the program.
#[test]
fn what_is_counted_beforehand_is_who_is_in_the_segment() {
    let setting = Setting { seed: seed(), people: 50, ..Setting::calm(0, 10) };
    let town = setting.town();
    let files = |segments: &str| {
        let shop = ("shop.yaml".to_owned(), SHOP.to_owned());
        let products = ("products.yaml".to_owned(), town.catalogue().yaml());
        [shop, products, ("segments.yaml".to_owned(), segments.to_owned())]
    };
    let mut writer = Writer::open(SqliteStore::in_memory().unwrap(), Purpose::Live).unwrap();
    let start = at(setting.start);
    writer.publish(&files(""), start).unwrap();
    let mut read = Lines::of(writer.program());
    let mut now = start;
    for line in lines(&town, &setting) {
        let event = read.event(&serde_json::from_str(&line).unwrap());
        now = event.received_at;
        writer.accept(vec![event], Vec::new(), now).unwrap();
    }
    let reader = writer.store().reader().unwrap();
    let count = |program: &Program, text: &str| {
        let condition = Condition::parse(text).unwrap();
        let place = (PersonId(0), usize::MAX);
        let counted = count_part(&reader, program, &condition, place, now).unwrap().counted;
        let alone = estimate(&reader, program, &condition, now).unwrap().members;
        assert_eq!((alone.low, alone.high), (counted.members, counted.members), "{text}");
        counted.members
    };
    let before = CONDITIONS.map(|text| count(writer.program(), text));
    assert!(before.iter().all(|members| *members > 0), "{before:?}");
    let segment = |(number, when)| format!("segment: s{number}\nwhen: '{when}'\n");
    let segments: Vec<String> = CONDITIONS.iter().enumerate().map(segment).collect();
    writer.publish(&files(&segments.join("---\n")), now).unwrap();
    assert!(writer.computing(), "nobody is asked before their events are folded");
    while writer.compute(now).unwrap() {}
    let listed = list(&reader, writer.program()).unwrap();
    let members: Vec<u64> = listed.iter().map(|segment| segment.members).collect();
    assert_eq!(members, before);
    assert_eq!(CONDITIONS.map(|text| count(writer.program(), text)), before, "kept by then");
}
