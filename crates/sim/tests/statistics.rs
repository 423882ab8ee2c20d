//! How much of what a town makes: a picture to read, and to notice changes by.

use std::collections::BTreeMap;
use std::fmt::Write;

use regulars_sim::{Purchase, Town, TownSettings, Treatment};
use serde_json::Value;

/// The default town: 2,000 people over 90 days. After a change that is meant, put what the test
/// prints into the file.
#[test]
fn the_default_town_reads_well() {
    let town = Town::new(TownSettings::default()).unwrap();
    let mut counts: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
    let (mut lines, mut bytes) = (0, 0);
    let mut sales = Sales::default();
    for line in town.lines() {
        let parsed: Value = serde_json::from_str(&line.text).unwrap();
        let name = parsed["event"].as_str().or(parsed["type"].as_str()).unwrap().to_owned();
        let source = parsed["source"].as_str().unwrap().to_owned();
        sales.count(&name, &source, &parsed);
        *counts.entry(name).or_default().entry(source).or_default() += 1;
        lines += 1;
        bytes += line.text.len();
    }
    let mut picture = format!("{lines} lines of {} bytes on average\n\n", bytes / lines);
    for (name, sources) in counts {
        let sources: Vec<String> =
            sources.iter().map(|(source, count)| format!("{source} {count}")).collect();
        let _ = writeln!(picture, "{name}: {}", sources.join(", "));
    }
    let _ = writeln!(picture, "\n{}", sales.tell());
    let _ = writeln!(picture, "{}", outcomes(&town));
    assert!(picture == include_str!("statistics.txt"), "the town has changed:\n{picture}");
}

/// Who the receipts of the tills name.
#[derive(Default)]
struct Sales {
    receipts: u32,
    card: u32,
    email: u32,
    phone: u32,
    nobody: u32,
}

impl Sales {
    fn count(&mut self, event: &str, source: &str, line: &Value) {
        if event != "Order Completed" || !source.starts_with("pos-") {
            return;
        }
        self.receipts += 1;
        let named = |key: &str| line["properties"].get(key).is_some();
        let by = match (named("loyalty_id"), named("email"), named("phone")) {
            (true, ..) => &mut self.card,
            (_, true, _) => &mut self.email,
            (.., true) => &mut self.phone,
            (false, false, false) => &mut self.nobody,
        };
        *by += 1;
    }

    fn tell(&self) -> String {
        let Self { receipts, card, email, phone, nobody } = self;
        format!(
            "{receipts} receipts name: a card {card}, an e-mail {email}, a phone {phone}, nobody {nobody}"
        )
    }
}

fn outcomes(town: &Town) -> String {
    let (mut carts, mut without, mut reminder, mut coupon, mut in_store) = (0, 0, 0, 0, 0);
    for left in town.truth().abandonments() {
        let count = |purchase: Option<Purchase>| u32::from(purchase.is_some());
        carts += 1;
        without += count(left.outcome.without);
        reminder += count(left.outcome.with(Treatment::Reminder));
        coupon += count(left.outcome.with(Treatment::Coupon));
        let own = left.outcome.without;
        in_store += u32::from(own.is_some_and(|own| own.place != regulars_sim::Place::Online));
    }
    format!(
        "{carts} carts left; bought without a message {without} (in a store {in_store}), with a reminder {reminder}, with a coupon {coupon}"
    )
}
