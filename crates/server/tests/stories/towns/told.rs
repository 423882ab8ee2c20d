//! What a town tells in a year, as it arrives: late, twice, in any order, from people in several zones.

use jiff::{SignedDuration, Timestamp};
use regulars_sim::{Town, faults};
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

/// A line, and when it really comes.
pub(super) struct Told {
    pub(super) at: Timestamp,
    pub(super) line: Value,
}

/// The town's lines in the order in which they come.
pub(super) fn told(town: &Town, setting: &Setting) -> Vec<Told> {
    let mut texts: Vec<String> = town.lines().map(|line| line.text).collect();
    if setting.seed.is_multiple_of(3) {
        let till = town.tills().last().unwrap();
        texts = faults::delay(&texts, &till.source(), Some(&till.feed()), TILL_LATE).unwrap();
    }
    texts = faults::scatter(&texts, setting.seed, LATE_MAX).unwrap();
    texts = faults::repeat(&texts, setting.seed, REPEATS).unwrap();
    let mut all: Vec<Told> = texts
        .into_iter()
        .map(|text| {
            let mut line: Value = serde_json::from_str(&text).unwrap();
            of_herself(&mut line);
            Told { at: line["receivedAt"].as_str().unwrap().parse().unwrap(), line }
        })
        .collect();
    let start: Timestamp = town.settings().start.parse().unwrap();
    let end = start + SignedDuration::from_hours(24 * i64::from(setting.days));
    let mut at = start;
    while at < end {
        all.extend(SHOPS.map(|(source, feed)| Told {
            at,
            line: json!({ "type": "heartbeat", "source": source, "feed": feed }),
        }));
        at += BEAT;
    }
    all.sort_by_key(|told| told.at);
    all
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
