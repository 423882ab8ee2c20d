//! What the shop of every town has defined: journeys that get in each other's way, under limits that they
//! reach; and how it edits one while people are inside.

use std::collections::BTreeMap;

use regulars_sim::Town;

use crate::town::cart_journey;

/// As files have it. The judge knows these rules too, and reads them nowhere: what stands here wrong, it finds.
pub(super) const SHOP: &str = concat!(
    "\
shop: Tienda
zone: Europe/Madrid
currency: EUR
calling code: 34
quiet hours: 22:00 to 08:00
at most:
  - { messages: 1, per: 36 hours }
  - { messages: 3, per: 14 days }
  - { messages: 1, per: 30 days, channel: sms }
---
",
    cart_journey!("known", "coupon"),
    "priority: 10
---
journey: welcome
purpose: promotion
enter: { on: [Consent Given] }
exit: [ has bought anything since entry ]
re-entry: 30 days
priority: 20
steps:
  - wait: 1 hour
  - test: tone
    variants:
      - { variant: plain, share: 50 % }
      - { variant: warm, share: 30 %, steps: [ { wait: 2 hours } ] }
      - { variant: short, share: 20 % }
  - { send: hello, channel: email, template: letter, otherwise: { sms: text }, feeds complete: known }
  - wait: 2 days
  - { send: tips, channel: email, template: letter, hold at most: 3 days, feeds complete: known }
---
journey: thanks
purpose: promotion
enter: { on: [Order Completed] }
re-entry: 10 days
priority: -5
steps:
  - split: when
    ways:
      - { way: soon, share: 60 %, steps: [ { wait: 1 hour } ] }
      - { way: later, share: 40 %, steps: [ { wait: 1 day } ] }
  - { send: thanks, channel: sms, template: text }
---
segment: lapsed
when: last order more than 8 days ago
---
journey: win-back
purpose: promotion
enter: { on: [segment entered \"lapsed\"] }
exit: [ has bought anything since entry ]
re-entry: 60 days
priority: 5
steps:
  - holdout: control
    share: 20 %
  - send: miss-you
    channel: email
    template: letter
    otherwise: { sms: text }
    only if: not has bought anything in the last 8 days
    feeds complete: known
---
journey: birthday
purpose: promotion
enter: birthday at 09:00
exit: [ has bought product \"none\" ]
priority: 30
steps:
  - { send: wishes, channel: email, template: letter }
---
offer: coupon
gives: 20 % off
one per person: 20 days
---
template: letter
built in: cart-reminder
---
template: text
sms: \"{{ shop.name }}: hola. {{ stop_line }}\"
"
);

/// How often a step leads each way, in thousandths.
pub(super) const SHARES: [(&str, &[(&str, u64)]); 3] = [
    ("tone", &[("plain", 500), ("warm", 300), ("short", 200)]),
    ("when", &[("soon", 600), ("later", 400)]),
    ("control", &[("kept out", 200), ("goes on", 800)]),
];

/// In the middle of a town's life one step of a journey is taken out, and another put in its place.
const EDITED: (&str, &str) = ("{ send: tips,", "{ send: news,");

/// Files by name.
pub(super) type Definitions = [(String, String); 3];

/// Which definitions are in force.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edition {
    First,
    Edited,
}

/// What the shop has defined, with something in it that was put wrong.
pub(super) fn defined(town: &Town, planted: Option<(&str, &str)>, edition: Edition) -> Definitions {
    let (right, wrong) = planted.unwrap_or_default();
    assert!(SHOP.contains(right), "\"{right}\" is not there to be put wrong");
    let shop = if right.is_empty() { SHOP.to_owned() } else { SHOP.replace(right, wrong) };
    assert!(SHOP.contains(EDITED.0), "there is nothing to edit");
    let shop = match edition {
        Edition::First => shop,
        Edition::Edited => shop.replace(EDITED.0, EDITED.1),
    };
    [
        ("shop.yaml".to_owned(), shop),
        ("tills.yaml".to_owned(), tills(town)),
        ("products.yaml".to_owned(), town.catalogue().yaml()),
    ]
}

/// The tills that are expected to speak: from the first day on, whether or not they ever have.
fn tills(town: &Town) -> String {
    let mut feeds: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for till in town.tills() {
        feeds.entry(till.source()).or_default().push(till.feed());
    }
    let source = |(source, feeds): (&String, &Vec<String>)| {
        let feeds = feeds.join(", ");
        format!("source: {source}\nchannel: store\nsends orders: yes\nfeeds: [{feeds}]\n")
    };
    feeds.iter().map(source).collect::<Vec<_>>().join("---\n")
}
