//! What a town tells in a year, as it arrives: late, twice, in any order, from people in several zones, one by
//! one or many together, live or out of a file.

use jiff::{SignedDuration, Timestamp};
use regulars_engine::event::Mode;
use regulars_sim::faults::OnTheWay;
use regulars_sim::{Till, Town};
use serde_json::{Value, json};

use super::Setting;
use crate::town::{SHOPS, zone};

/// Thousandths of lines that come twice.
const REPEATS: u32 = 30;
/// How late a line may come on its own, behind its feed's word.
const LATE_MAX: SignedDuration = SignedDuration::from_mins(45);
/// How late all is that one till tells, in every third town.
const TILL_LATE: SignedDuration = SignedDuration::from_hours(7);
/// Between two signs of life of a shop.
const BEAT: SignedDuration = SignedDuration::from_hours(2);
/// How long a till is not connected at the most, in two towns of five: a file brings what it sold.
const FILE_DAYS: u32 = 30;
/// The file comes so much later, and brings what was told since once more.
const FILE_LATE: SignedDuration = SignedDuration::from_hours(2 * 24 + 11);

/// A line, and when it really comes.
pub(super) struct Told {
    pub(super) at: Timestamp,
    pub(super) mode: Mode,
    pub(super) line: Value,
}

/// The town's lines in the order in which they come.
pub(super) fn told(town: &Town, setting: &Setting) -> Vec<Told> {
    let mut lines = OnTheWay::read(town.lines().map(|line| line.text)).unwrap();
    let till = town.tills().last().unwrap();
    if setting.seed.is_multiple_of(3) {
        lines.delay(&till.source(), Some(&till.feed()), TILL_LATE).unwrap();
    }
    lines.scatter(setting.seed, LATE_MAX).unwrap();
    lines.repeat(setting.seed, REPEATS).unwrap();
    let live = |(at, line)| Told { at, mode: Mode::Live, line };
    let mut all: Vec<Told> = lines.into_values().map(live).collect();
    all.iter_mut().for_each(|told| of_herself(&mut told.line));
    let start: Timestamp = town.settings().start.parse().unwrap();
    if setting.seed % 5 < 2 {
        out_of_a_file(&mut all, town.tills().first().unwrap(), start, setting.days);
    }
    let end = start + SignedDuration::from_hours(24 * i64::from(setting.days));
    let mut at = start;
    while at < end {
        all.extend(SHOPS.map(|(source, feed)| Told {
            at,
            mode: Mode::Live,
            line: json!({ "type": "heartbeat", "source": source, "feed": feed }),
        }));
        at += BEAT;
    }
    all.sort_by_key(|told| told.at);
    all
}

/// What a till tells in the first days comes as history, out of a file; it gives signs of life all the same.
fn out_of_a_file(all: &mut Vec<Told>, till: &Till, start: Timestamp, days: u32) {
    let not_connected = i64::from((days / 3).min(FILE_DAYS));
    let until = start + SignedDuration::from_hours(24 * not_connected);
    let file_at = until + FILE_LATE;
    let (source, feed) = (till.source(), till.feed());
    let mut again = Vec::new();
    for told in all.iter_mut() {
        let of_till = told.line["source"] == source && told.line["feed"] == feed;
        if !of_till || told.line["messageId"].is_null() || told.at >= file_at {
            continue;
        }
        let mode = Mode::Backfill;
        if told.at < until {
            *told = Told { at: file_at, mode, line: told.line.take() };
        } else {
            again.push(Told { at: file_at, mode, line: told.line.clone() });
        }
    }
    all.append(&mut again);
}

/// Puts in what a login's device states of its zone, and the shop's form of a birthday.
fn of_herself(line: &mut Value) {
    let Some(login) = line["userId"].as_str().filter(|_| line["type"] == "identify") else {
        return;
    };
    let number: usize = login.bytes().fold(0, |number, byte| number * 31 + usize::from(byte));
    let (month, day) = (number / 7 % 12 + 1, number / 3 % 28 + 1);
    line["traits"]["birthday"] = format!("1990-{month:02}-{day:02}").into();
    if let Some(zone) = zone(number) {
        line["context"]["timezone"] = zone.into();
    }
}
