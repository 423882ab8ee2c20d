//! A small town with the cart journey: every message against the oracle, and accounts that balance.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, tz::TimeZone};
use regulars_engine::decision::{Decision, Verdict};
use regulars_engine::event::ConsentAnswer;
use regulars_engine::identity::PersonId;
use regulars_engine::program::Program;
use regulars_engine::reason::ReasonCode;
use regulars_engine::record::Record;
use regulars_engine::time::{DAY, HOUR, Timestamp};
use regulars_sim::oracle::ExpectedFeed;
use regulars_sim::{Town, TownSettings, faults};
use regulars_store::{Account, Reader};
use serde_json::{Value, json};

use super::play::{Play, Told, assert_accounts, at, program, seed};
use super::second_opinion::{Case, Shop, known_by, shares_a_device};

/// The cart journey of every town, with what its feeds must be.
macro_rules! cart_journey {
    ($complete:literal) => {
        $crate::town::cart_journey!($complete, "20 % off")
    };
    ($complete:literal, $offer:literal) => {
        concat!(
            "journey: cart\npurpose: promotion\n",
            "enter: { on: [Product Added], if: cart is open }\n",
            "exit: [ has bought any product of the cart, cart is empty ]\n",
            "re-entry: 2 days\nsteps:\n  - wait: 4 hours\n",
            "  - { send: reminder, channel: email, template: letter, feeds complete: ",
            $complete,
            " }\n  - wait: 24 hours\n",
            "  - { send: coupon, channel: email, template: letter, offer: ",
            $offer,
            ", feeds complete: ",
            $complete,
            " }\n"
        )
    };
}
pub(super) use cart_journey;

/// What the shop of these towns has defined; `COMPLETE` is put in.
pub(super) const SHOP: &str = concat!(
    "\
shop: Tienda
zone: Europe/Madrid
currency: EUR
calling code: 34
quiet hours: 22:00 to 08:00
at most: [ { messages: 1, per: 36 hours } ]
---
",
    cart_journey!("COMPLETE"),
    "---
template: letter
built in: cart-reminder
"
);

/// The feeds of a town, beside its tills, that can tell of orders.
pub(super) const SHOPS: [(&str, &str); 4] =
    [("web", ""), ("app", "android-5.2"), ("app", "ios-5.1"), ("shop", "")];

pub(super) struct Setting {
    pub(super) seed: u64,
    pub(super) people: u32,
    pub(super) days: u32,
    /// When the town begins.
    pub(super) start: &'static str,
    pub(super) complete: &'static str,
    pub(super) silence_max: Option<SignedDuration>,
    /// Minutes between two signs of life of a shop.
    pub(super) beat_min: i64,
    /// Thousandths of lines that come twice.
    pub(super) repeats: u32,
    /// How late a line may come on its own, behind its feed's word.
    pub(super) late_max: SignedDuration,
}

impl Setting {
    /// A town where nothing goes wrong but what its people and tills do by themselves.
    pub(super) fn calm(seed: u64, days: u32) -> Self {
        Self {
            seed,
            people: 200,
            days,
            start: "2026-08-24T00:00:00+02:00",
            complete: "known",
            silence_max: None,
            beat_min: 30,
            repeats: 0,
            late_max: SignedDuration::ZERO,
        }
    }

    pub(super) fn town(&self) -> Town {
        found(self.seed, self.people, self.days, self.start)
    }
}

#[derive(Default)]
pub(super) struct Counts {
    pub(super) lines: usize,
    pub(super) entered: usize,
    pub(super) sent: usize,
    held: usize,
    skipped: usize,
    exited: usize,
    /// When messages went, and to which address.
    pub(super) gone: Vec<(String, Timestamp)>,
    /// Sent after they had been held for a feed.
    woken: usize,
    /// Held because of somebody who may be the same person.
    twins: usize,
    /// Why messages were held and left out.
    reasons: BTreeMap<(Verdict, ReasonCode), usize>,
}

/// The town's lines in the order of receipt, with a sign of life of every shop each half hour.
pub(super) fn lines(town: &Town, setting: &Setting) -> Vec<String> {
    let mut told: Vec<String> = town.lines().map(|line| line.text).collect();
    if setting.late_max > SignedDuration::ZERO {
        told = faults::scatter(&told, setting.seed, setting.late_max).unwrap();
    }
    if setting.repeats > 0 {
        told = faults::repeat(&told, setting.seed, setting.repeats).unwrap();
    }
    let received = |line: &str| {
        let line: Value = serde_json::from_str(line).unwrap();
        line["receivedAt"].as_str().unwrap().to_owned()
    };
    let mut lines: Vec<(String, String)> =
        told.into_iter().map(|line| (received(&line), in_a_zone(line))).collect();
    let start: jiff::Timestamp = town.settings().start.parse().unwrap();
    for beats in 0..24 * 60 / setting.beat_min * i64::from(town.settings().days) {
        let at = start + SignedDuration::from_mins(setting.beat_min * beats);
        for (source, feed) in SHOPS {
            let line = json!({
                "type": "heartbeat", "source": source, "feed": feed, "receivedAt": at.to_string(),
            });
            lines.push((at.to_string(), line.to_string()));
        }
    }
    lines.sort_by_key(|(received_at, _)| received_at.parse::<jiff::Timestamp>().unwrap());
    lines.into_iter().map(|(_, line)| line).collect()
}

/// Where some of the people live whose app says so: their nights are others, and their clocks change on
/// other days, by other lengths, or never.
const ZONES: [&str; 5] = [
    "America/New_York",
    "Australia/Lord_Howe",
    "America/Havana",
    "Asia/Kathmandu",
    "Africa/Casablanca",
];

/// The zone of whoever has this number: every second one says nothing.
pub(super) fn zone(number: usize) -> Option<&'static str> {
    ZONES.get(number % (2 * ZONES.len())).copied()
}

/// The line with the zone that its login's device states.
fn in_a_zone(line: String) -> String {
    let mut told: Value = serde_json::from_str(&line).unwrap();
    let Some(login) = told["userId"].as_str().filter(|_| told["type"] == "identify") else {
        return line;
    };
    let number: usize = login.bytes().map(usize::from).sum();
    let Some(zone) = zone(number) else { return line };
    told["context"]["timezone"] = zone.into();
    told.to_string()
}

/// All feeds of a town that can tell of orders.
fn feeds(town: &Town, silence_max: Option<SignedDuration>) -> Vec<ExpectedFeed> {
    let named = |feed: &str| (!feed.is_empty()).then(|| feed.to_owned());
    let shops = SHOPS.map(|(source, feed)| (source.to_owned(), named(feed)));
    let tills = town.tills().iter().map(|till| (till.source(), Some(till.feed())));
    let feeds = tills.chain(shops);
    feeds.map(|(source, feed)| ExpectedFeed { source, feed, silence_max }).collect()
}

/// What of journeys the test keeps in mind.
#[derive(Default)]
struct Inside {
    of: BTreeMap<PersonId, Own>,
    /// Since when each step is due, by the moment of entry: it stays when persons are joined.
    due_at: BTreeMap<(Timestamp, String), Timestamp>,
}

/// When a person entered, and whether a message waits for a feed.
#[derive(Default)]
struct Own {
    entered_at: Timestamp,
    held_for_feed: bool,
}

pub(super) fn found(seed: u64, people: u32, days: u32, start: &str) -> Town {
    Town::new(TownSettings {
        seed,
        people,
        days,
        start: start.to_owned(),
        stores: 1,
        tills_per_store: 2,
        ..TownSettings::default()
    })
    .unwrap()
}

/// What the oracle knows of a town's shop.
pub(super) fn shop(town: &Town, silence_max: Option<SignedDuration>) -> Shop {
    Shop {
        codes: town.catalogue().codes(),
        feeds: feeds(town, silence_max),
        zone: TimeZone::get("Europe/Madrid").unwrap(),
    }
}

/// What the town's shop has defined.
pub(super) fn defined(town: &Town, setting: &Setting) -> Program {
    let definitions = SHOP.replace("COMPLETE", setting.complete);
    let catalogue = town.catalogue().yaml();
    program(&[("shop.yaml", &definitions), ("products.yaml", &catalogue)])
}

pub(super) fn live(setting: &Setting) -> Counts {
    let town = setting.town();
    let shop = shop(&town, setting.silence_max);
    let mut play = Play::begin(defined(&town, setting));
    let mut counts = Counts::default();
    let mut inside = Inside::default();
    let mut all = Vec::new();
    let mut midnight = at(setting.start).plus(DAY);
    for line in lines(&town, setting) {
        counts.lines += 1;
        // What was decided before the line came is asked of the person as known before it came.
        let told: Value = serde_json::from_str(&line).unwrap();
        for decision in play.until(at(told["receivedAt"].as_str().unwrap())) {
            look(&mut play, &shop, &mut inside, &mut counts, &decision, setting);
            all.push(decision);
        }
        for decision in play.arrive(&line) {
            look(&mut play, &shop, &mut inside, &mut counts, &decision, setting);
            all.push(decision);
        }
        let now = play.told.lines.last().and_then(|line| line["receivedAt"].as_str()).map(at);
        if now.is_some_and(|now| now >= midnight) {
            let people = play.people();
            assert_accounts(&all, &people);
            let steps = play.dry.writer().reader().accounts().unwrap();
            assert!(steps.iter().all(Account::balances), "at every step: {steps:?}");
            midnight = midnight.plus(DAY);
        }
    }
    let end = at(&town.settings().start).plus(DAY * (i64::from(setting.days) + 4));
    all.extend(play.until(end));
    let people = play.people();
    assert_accounts(&all, &people);
    let running = people.iter().flat_map(|person| &person.enrollments).filter(|e| e.runs()).count();
    assert_eq!(running, 0, "after the longest wait nobody is inside");
    counts
}

fn look(
    play: &mut Play,
    shop: &Shop,
    inside: &mut Inside,
    counts: &mut Counts,
    decision: &Decision,
    setting: &Setting,
) {
    let record = play.person(decision.person);
    let has = |code| decision.reasons.iter().any(|reason| reason.code == code);
    let held = inside.of.entry(record.id()).or_default();
    if decision.verdict == Verdict::Enter {
        *held = Own { entered_at: decision.at, held_for_feed: false };
    }
    // Of persons that were joined the earlier entry goes on: what the row says counts.
    // After the last step none runs any more; then it is the one entered last.
    let of_row = record.enrollments.iter().max_by_key(|e| (e.runs(), e.entered_at));
    let entered_at = of_row.map_or(held.entered_at, |enrollment| enrollment.entered_at);
    let due_at = match decision.verdict {
        Verdict::Exit => decision.at,
        _ => *inside.due_at.entry((entered_at, decision.step.clone())).or_insert(decision.at),
    };
    let told = &play.told;
    let case = Case { decision, record: &record, told, entered_at, due_at };
    if matches!(decision.verdict, Verdict::Hold | Verdict::Skip) {
        for reason in &decision.reasons {
            *counts.reasons.entry((decision.verdict, reason.code)).or_default() += 1;
        }
    }
    match decision.verdict {
        Verdict::Enter => counts.entered += 1,
        Verdict::Exit => counts.exited += 1,
        Verdict::Hold => {
            counts.held += 1;
            counts.twins += usize::from(has(ReasonCode::TwinMaybe));
            held.held_for_feed |= has(ReasonCode::FeedBehind);
        }
        Verdict::Skip => counts.skipped += 1,
        Verdict::Send => {
            counts.sent += 1;
            counts.woken += usize::from(held.held_for_feed);
            held.held_for_feed = false;
            let wrong = shop.disagrees(&case).filter(|_| !shares_a_device(&record));
            let wrong = wrong.or_else(|| forbidden(told, &record, decision));
            let wrong = wrong.or_else(|| too_much(&counts.gone, &record, decision));
            let wrong = wrong.or_else(|| at_night(told, &record, decision));
            if let Some(wrong) = wrong {
                panic!("seed {}, {} days: {wrong}", setting.seed, setting.days);
            }
            let address = decision.recipient.as_ref().map(|to| to.value().to_owned());
            counts.gone.push((address.unwrap_or_default(), decision.at));
        }
        Verdict::Uncertain
        | Verdict::Decline
        | Verdict::Done
        | Verdict::Sent
        | Verdict::Failed
        | Verdict::Assign
        | Verdict::Goal
        | Verdict::Set
        | Verdict::Notify
        | Verdict::Webhook
        | Verdict::Move
        | Verdict::Shown
        | Verdict::Clicked
        | Verdict::Dismissed
        | Verdict::TakenBack => {}
    }
}

/// Whether more than one message went in 36 hours to whatever addresses the person has.
fn too_much(gone: &[(String, Timestamp)], record: &Record, decision: &Decision) -> Option<String> {
    let (own, _) = known_by(record);
    let hers = |address: &str| own.iter().any(|own| own.value() == address);
    let lately = gone.iter().filter(|(address, at)| {
        hers(address) && decision.at.since(*at) < 36 * HOUR && *at <= decision.at
    });
    let before = lately.count();
    (before >= 1).then(|| format!("{before} went in 36 hours before {}", decision.to_json()))
}

/// Whether a message went at night, by every clock that the person's own lines name; by the shop's where
/// they name none.
fn at_night(told: &Told, record: &Record, decision: &Decision) -> Option<String> {
    let (own, _) = known_by(record);
    let of_her = told.of(&own).into_iter();
    let mut zones: BTreeSet<&str> =
        of_her.filter_map(|line| line["context"]["timezone"].as_str()).collect();
    if zones.is_empty() {
        zones.insert("Europe/Madrid");
    }
    let awake = |zone: &&str| {
        let zone = TimeZone::get(zone).unwrap();
        (8..22).contains(&decision.at.in_zone(&zone).hour())
    };
    let wrong = || format!("at night by {zones:?}: {}", decision.to_json());
    (!zones.iter().any(awake)).then(wrong)
}

/// Whether raw lines forbid a promotion by e-mail: no yes under the address, or a no under any
/// name of the person.
fn forbidden(told: &Told, record: &Record, decision: &Decision) -> Option<String> {
    let recipient = decision.recipient.as_ref()?;
    let (own, shared) = known_by(record);
    let mut stated: BTreeMap<String, (String, ConsentAnswer)> = BTreeMap::new();
    let stopped = told.stopped.contains(recipient.value());
    for line in told.of(own.iter().chain(&shared)) {
        let event = line["event"].as_str().unwrap_or_default();
        let properties = &line["properties"];
        let by_email = event == "Unsubscribed" || properties["channel"] == "email";
        let answer = match event {
            "Consent Given" => ConsentAnswer::Given,
            "Consent Withdrawn" | "Unsubscribed" => ConsentAnswer::Withdrawn,
            _ => continue,
        };
        if !by_email {
            continue;
        }
        let address = properties["email"].as_str().unwrap_or("anywhere").to_lowercase();
        let said_at = line["timestamp"].as_str().unwrap_or_default().to_owned();
        let held = stated.entry(address).or_insert_with(|| (said_at.clone(), answer));
        if said_at >= held.0 {
            *held = (said_at, answer);
        }
    }
    let said_no = stated.values().any(|(_, answer)| *answer == ConsentAnswer::Withdrawn);
    let yes = |address: &str| {
        stated.get(address).is_some_and(|(_, answer)| *answer == ConsentAnswer::Given)
    };
    let said_yes = yes(recipient.value()) || yes("anywhere");
    (said_no || stopped || !said_yes).then(|| {
        format!(
            "sent though no: {said_no}, stopped: {stopped}, yes: {said_yes}; {}",
            decision.to_json()
        )
    })
}

pub(super) fn report(name: &str, counts: &Counts) {
    let Counts { lines, entered, sent, held, skipped, exited, woken, twins, .. } = counts;
    println!(
        "{name}: {lines} lines, {entered} entered, {sent} sent ({woken} after waiting for a feed),"
    );
    println!("  {held} held ({twins} for a twin), {skipped} skipped, {exited} exited");
    for ((verdict, code), number) in &counts.reasons {
        println!("  {} {}: {number}", verdict.word(), code.code());
    }
}

/// With feeds that must have said that they are complete.
#[test]
fn no_message_of_a_month_was_forbidden_by_what_was_known() {
    for seed in [seed(), seed() + 1] {
        let counts = live(&Setting::calm(seed, 30));
        report(&format!("seed {seed}, known"), &counts);
        assert!(counts.sent >= 20 && counts.woken >= 5, "too little happened to prove anything");
    }
}

/// With feeds that are presumed complete while they speak; no rhythm is known in the first two weeks.
#[test]
fn no_message_of_two_weeks_was_forbidden_where_feeds_are_presumed_complete() {
    for seed in [seed(), seed() + 1] {
        // At night tills are closed, and their silence is no sign of anything.
        let silence_max = Some(SignedDuration::from_hours(16));
        let presumed = Setting { complete: "presumed", silence_max, ..Setting::calm(seed, 13) };
        let counts = live(&presumed);
        report(&format!("seed {seed}, presumed"), &counts);
        assert!(counts.sent >= 5, "too little happened to prove anything");
    }
}
