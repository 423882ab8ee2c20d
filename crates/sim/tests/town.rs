//! What a town is like: the same every time, true to its truth, with Maria and Jane in it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use regulars_sim::oracle::{self, ExpectedFeed, Question, Verdict};
use regulars_sim::{
    At, Holders, Identifier, IdentifierKind, JANE, Line, MARIA, Reports, StorySettings, Town,
    TownError, TownSettings, Treatment, faults,
};
use serde_json::Value;

fn town(people: u32, days: u32) -> Town {
    Town::new(TownSettings { people, days, ..TownSettings::default() })
        .expect("the settings are in range")
}

fn parse(line: &Line) -> Value {
    serde_json::from_str(&line.text).expect("a line is JSON")
}

fn text<'v>(line: &'v Value, key: &str) -> &'v str {
    line[key].as_str().unwrap_or_default()
}

fn time(line: &Value, key: &str) -> Timestamp {
    text(line, key).parse().unwrap_or_else(|_| panic!("{key} of {line}"))
}

#[test]
fn the_same_seed_makes_the_same_town() {
    let texts = |seed| {
        let settings = TownSettings { seed, people: 300, days: 20, ..TownSettings::default() };
        Town::new(settings).unwrap().lines().map(|line| line.text).collect::<Vec<_>>()
    };
    let first = texts(7);
    assert!(first.len() > 1000);
    assert!(first == texts(7));
    assert!(first != texts(8));
}

#[test]
fn lines_come_in_the_order_of_receipt_and_know_their_truth() {
    let town = town(500, 30);
    let truth = town.truth();
    let mut last = Timestamp::MIN;
    for line in town.lines() {
        let parsed = parse(&line);
        assert!(last <= line.truth.received_at);
        last = line.truth.received_at;
        assert_eq!(time(&parsed, "receivedAt"), line.truth.received_at);
        match parsed["type"].as_str() {
            Some("heartbeat" | "watermark") => assert_eq!(line.truth.person, None),
            _ => {
                let person = truth.person_of(text(&parsed, "messageId"));
                assert!(person.is_some_and(|person| person.0 < 500));
                assert_eq!(person, line.truth.person);
            }
        }
    }
    assert_eq!(truth.person_of("0b2f8a8e-3ef1-4c39-9a4e-6c0b4a1f3d5e"), None);
}

/// Identifiers of a line, phones in the international form.
fn identifiers(line: &Value) -> Vec<Identifier> {
    let mut found = Vec::new();
    let mut add = |kind, value: &Value| {
        found.extend(value.as_str().map(|value| Identifier { kind, value: value.to_owned() }));
    };
    add(IdentifierKind::AnonymousId, &line["anonymousId"]);
    add(IdentifierKind::UserId, &line["userId"]);
    for members in ["properties", "traits"] {
        add(IdentifierKind::Email, &line[members]["email"]);
        add(IdentifierKind::LoyaltyId, &line[members]["loyalty_id"]);
        add(IdentifierKind::Phone, &line[members]["phone"]);
    }
    for identifier in &mut found {
        let local =
            identifier.kind == IdentifierKind::Phone && identifier.value.starts_with(['6', '9']);
        if local {
            identifier.value.insert_str(0, "+34");
        }
    }
    found
}

#[test]
fn the_truth_knows_every_identifier_and_its_holder() {
    let town = town(600, 40);
    let holders = town.truth().holders();
    let (mut shared, mut placeholders, mut kiosk) = (0, 0, 0);
    for line in town.lines() {
        for identifier in identifiers(&parse(&line)) {
            match holders.get(&identifier) {
                Some(Holders::People(people)) => {
                    assert!(people.contains(&line.truth.person.unwrap()), "{}", line.text);
                    shared += u32::from(people.len() > 1);
                }
                Some(Holders::Anybody) => kiosk += 1,
                Some(Holders::Nobody) => placeholders += 1,
                None => panic!("nobody is known for an identifier of {}", line.text),
            }
        }
    }
    assert!(shared > 100 && placeholders > 0 && kiosk > 10, "{shared} {placeholders} {kiosk}");
    for (identifier, holders) in &holders {
        if let (IdentifierKind::UserId | IdentifierKind::LoyaltyId, Holders::People(people)) =
            (identifier.kind, holders)
        {
            assert_eq!(people.len(), 1);
        }
        if let Holders::People(people) = holders {
            let household = |person| town.truth().household_of(person);
            assert!(people.iter().all(|person| household(*person) == household(people[0])));
        }
    }
}

#[test]
fn a_line_sent_twice_differs_in_the_time_of_receipt_at_most() {
    let town = town(1000, 30);
    let mut seen: BTreeMap<String, Value> = BTreeMap::new();
    let (mut later, mut identical) = (0, 0);
    for line in town.lines() {
        let mut parsed = parse(&line);
        let received_at = time(&parsed, "receivedAt");
        let Some(id) = parsed["messageId"].as_str().map(str::to_owned) else { continue };
        if let Some(mut first) = seen.insert(id, parsed.clone()) {
            let wait = received_at.duration_since(time(&first, "receivedAt"));
            assert!(SignedDuration::ZERO <= wait && wait <= SignedDuration::from_secs(40));
            if wait.is_zero() {
                identical += 1
            } else {
                later += 1
            }
            first["receivedAt"] = Value::Null;
            parsed["receivedAt"] = Value::Null;
            assert_eq!(first, parsed);
        }
    }
    assert!(later > 30 && identical > 10, "{later} {identical}");
}

#[test]
fn clocks_are_right_after_correction_by_sent_at() {
    let town = town(1000, 20);
    let mut wrong = 0;
    for line in town.lines() {
        let parsed = parse(&line);
        if parsed.get("sentAt").is_none() {
            continue;
        }
        let skew = time(&parsed, "receivedAt").duration_since(time(&parsed, "sentAt"));
        let told = time(&parsed, "timestamp");
        let corrected = if skew.abs() > SignedDuration::from_secs(60) { told + skew } else { told };
        assert!(
            corrected.duration_since(line.truth.occurred_at).abs() < SignedDuration::from_secs(46)
        );
        wrong += u32::from(
            told.duration_since(line.truth.occurred_at).abs() > SignedDuration::from_secs(60),
        );
    }
    assert!(wrong > 50, "{wrong}");
}

/// Batch tills tell nothing that happened before a watermark after it, stragglers apart.
#[test]
fn watermarks_hold_but_for_a_few_stragglers() {
    let town = town(4000, 60);
    let mut complete: BTreeMap<(String, String), Timestamp> = BTreeMap::new();
    let (mut sales, mut stragglers, mut watermarks) = (0, 0, 0);
    for line in town.lines() {
        let parsed = parse(&line);
        let feed = (text(&parsed, "source").to_owned(), text(&parsed, "feed").to_owned());
        if parsed["type"] == "watermark" {
            watermarks += 1;
            let through = time(&parsed, "completeThrough");
            assert!(through <= line.truth.received_at);
            assert!(complete.insert(feed, through).is_none_or(|before| before <= through));
        } else if feed.0.starts_with("pos-") && parsed["type"] == "track" {
            sales += 1;
            stragglers += u32::from(
                complete.get(&feed).is_some_and(|through| time(&parsed, "timestamp") < *through),
            );
        }
    }
    assert!(watermarks > 1000 && sales > 1000);
    assert!((1..sales / 200).contains(&stragglers), "{stragglers} of {sales}");
}

#[test]
fn tills_are_silent_at_night_and_one_is_offline_for_a_day() {
    let town = town(4000, 30);
    let zone = TimeZone::get("Europe/Madrid").unwrap();
    let mut longest_delay: BTreeMap<String, SignedDuration> = BTreeMap::new();
    for line in town.lines() {
        let parsed = parse(&line);
        if text(&parsed, "source").starts_with("pos-") && parsed["type"] == "track" {
            let hour = line.truth.occurred_at.to_zoned(zone.clone()).hour();
            assert!((10..=21).contains(&hour), "{}", line.text);
            let delay = line.truth.received_at.duration_since(line.truth.occurred_at);
            let feed = format!("{} {}", text(&parsed, "source"), text(&parsed, "feed"));
            let longest = longest_delay.entry(feed).or_default();
            *longest = (*longest).max(delay);
        }
    }
    for till in town.tills() {
        let delay = longest_delay[&format!("{} {}", till.source(), till.feed())];
        let offline = (till.store, till.number) == (1, 2);
        match till.reports {
            Reports::Live if offline => assert!(delay > SignedDuration::from_hours(12), "{delay}"),
            // A retry comes within 40 seconds.
            Reports::Live => assert!(delay < SignedDuration::from_secs(45), "{delay}"),
            Reports::Hourly | Reports::Nightly => {
                assert!(delay > SignedDuration::from_mins(30), "{delay}")
            }
        }
    }
}

fn lines_of(town: &Town, person: regulars_sim::PersonId) -> Vec<Value> {
    town.lines().filter(|line| line.truth.person == Some(person)).map(|line| parse(&line)).collect()
}

/// `local time, source, event, identifiers it bears`, the day before counting as one line.
fn story(town: &Town, person: regulars_sim::PersonId) -> String {
    let zone = TimeZone::get("Europe/Madrid").expect("the zones are built in");
    let mut told = String::new();
    for line in lines_of(town, person) {
        let local =
            |key| time(&line, key).to_zoned(zone.clone()).strftime("%d %b %H:%M").to_string();
        let kinds: BTreeSet<String> =
            identifiers(&line).iter().map(|identifier| format!("{:?}", identifier.kind)).collect();
        let event = line["event"].as_str().or(line["name"].as_str()).unwrap_or("identify");
        let kinds: Vec<String> = kinds.into_iter().collect();
        let _ = writeln!(
            told,
            "{} (received {}) {}: {event}, by {}",
            local("timestamp"),
            local("receivedAt"),
            text(&line, "source"),
            kinds.join(" ")
        );
    }
    told
}

#[test]
fn maria_buys_in_the_shop_what_is_in_her_cart() {
    let town = town(100, 90);
    let expected = "\
20 Jul 18:09 (received 24 Aug 03:00) customers: identify, by Email LoyaltyId Phone UserId
20 Jul 18:09 (received 24 Aug 03:00) customers: Consent Given, by Email UserId
21 Nov 16:58 (received 21 Nov 16:58) web: Home, by AnonymousId UserId
21 Nov 17:07 (received 21 Nov 17:07) web: Product Viewed, by AnonymousId UserId
21 Nov 17:10 (received 21 Nov 17:10) web: Product Added, by AnonymousId UserId
21 Nov 18:30 (received 21 Nov 18:30) store-1: Store Visited, by LoyaltyId
21 Nov 18:38 (received 21 Nov 18:38) store-1: Product Tried, by LoyaltyId
21 Nov 18:47 (received 21 Nov 20:47) pos-1: Order Completed, by LoyaltyId
";
    assert_eq!(story(&town, MARIA), expected);
    let lines = lines_of(&town, MARIA);
    let sale = &lines[lines.len() - 1]["properties"];
    assert_eq!(sale["total"].as_f64(), Some(19.95));
    assert_eq!(sale["products"][0]["sku"], "TEE-M");
    assert_eq!(lines[0]["traits"]["email"], "maria@example.com");
    let cart = text(&lines[4]["properties"], "cart_id");
    let left = town.truth().abandonment(cart).unwrap();
    assert_eq!((left.person, left.products), (MARIA, vec!["tee".to_owned()]));
    assert_eq!(left.outcome.without, left.outcome.with_coupon);
}

#[test]
fn jane_meets_the_shop_seven_times_before_she_is_known() {
    let town = town(100, 90);
    let expected = "\
12 Nov 20:05 (received 12 Nov 20:05) web: Ad Clicked, by AnonymousId
12 Nov 20:20 (received 12 Nov 20:20) web: Review Site Visited, by AnonymousId
15 Nov 20:30 (received 15 Nov 20:30) web: Ad Clicked, by AnonymousId
16 Nov 17:50 (received 16 Nov 17:50) store-1: Store Visited, by LoyaltyId
17 Nov 18:50 (received 17 Nov 18:50) social: Social Posted, by Email
21 Nov 19:20 (received 21 Nov 19:20) web: Price Compared, by AnonymousId
21 Nov 19:50 (received 21 Nov 19:50) web: QR Scanned, by AnonymousId
21 Nov 19:52 (received 21 Nov 19:52) web: identify, by AnonymousId Email LoyaltyId UserId
21 Nov 20:20 (received 21 Nov 20:20) web: identify, by AnonymousId Email UserId
";
    assert_eq!(story(&town, JANE), expected);
    let all: BTreeSet<Identifier> = lines_of(&town, JANE).iter().flat_map(identifiers).collect();
    assert_eq!(all.len(), 5);
    assert!(all.iter().any(|identifier| identifier.value == "jane@example.com"));
}

#[test]
fn the_stories_can_be_placed() {
    let ends_at = "2026-09-10T01:00:00Z";
    let stories = StorySettings {
        ends_at: Some(ends_at.to_owned()),
        maria_added_minutes_before: 30,
        maria_bought_minutes_before: 20,
        till_late_minutes: 0,
    };
    let settings = TownSettings { people: 50, days: 20, stories, ..TownSettings::default() };
    let town = Town::new(settings.clone()).unwrap();
    let sale = lines_of(&town, MARIA).pop().unwrap();
    assert_eq!(text(&sale, "timestamp"), "2026-09-10T00:40:00.000Z");
    assert_eq!(text(&sale, "receivedAt"), "2026-09-10T00:40:02.000Z");
    assert!(lines_of(&town, JANE).iter().all(|line| text(line, "receivedAt") < ends_at));
    let outside = StorySettings {
        ends_at: Some("2027-01-01T00:00:00Z".to_owned()),
        ..settings.stories.clone()
    };
    let error = Town::new(TownSettings { stories: outside, ..settings.clone() }).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the stories end at 2027-01-01T00:00:00Z, outside the period of 20 days"
    );
    let error = Town::new(TownSettings { days: 0, ..settings }).unwrap_err();
    assert!(matches!(error, TownError::Range { setting: "days", .. }));
}

/// What the oracle says of Maria's reminder, due two hours after the add, at `now`.
fn asked_of_maria(town: &Town, lines: &[Value], now: Timestamp) -> Verdict {
    let identifiers =
        town.truth().identifiers_of(MARIA).into_iter().map(|identifier| identifier.value).collect();
    let till = &town.tills()[town.stories().till as usize];
    let feed = ExpectedFeed { source: till.source(), feed: Some(till.feed()), silence_max: None };
    oracle::decide(
        lines,
        &Question {
            identifiers: &identifiers,
            codes: &town.catalogue().codes(),
            feeds: &[feed],
            zone: &TimeZone::UTC,
            entered_at: town.stories().maria_added_at,
            due_at: town.stories().maria_added_at + SignedDuration::from_hours(2),
            now,
        },
    )
}

#[test]
fn the_oracle_holds_marias_reminder_until_the_till_has_spoken() {
    let town = town(100, 30);
    let stories = town.stories();
    let texts: Vec<String> = town.lines().map(|line| line.text).collect();
    let ask = |texts: &[String], now| {
        let lines: Vec<Value> =
            texts.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        asked_of_maria(&town, &lines, now)
    };
    let due_at = stories.maria_added_at + SignedDuration::from_hours(2);
    assert!(matches!(ask(&texts, due_at), Verdict::Hold(_)));
    assert_eq!(ask(&texts, stories.ends_at), Verdict::StopBought(vec!["tee".to_owned()]));
    let till = &town.tills()[stories.till as usize];
    let day_late = SignedDuration::from_hours(24);
    let later = faults::delay(&texts, &till.source(), Some(&till.feed()), day_late).unwrap();
    assert!(matches!(ask(&later, stories.ends_at), Verdict::Hold(_)));
    assert_eq!(
        ask(&later, stories.ends_at + day_late),
        Verdict::StopBought(vec!["tee".to_owned()])
    );
    let unsold: Vec<String> =
        texts.iter().filter(|text| !text.contains("\"sku\":\"TEE-M\",\"gtin\"")).cloned().collect();
    assert_eq!(ask(&unsold, stories.ends_at), Verdict::Send(vec!["tee".to_owned()]));
}

#[test]
fn outcomes_are_fixed_and_reactions_follow_them() {
    let town = town(1500, 30);
    let truth = town.truth();
    let (mut carts, mut hinging, mut prompted) = (0, 0, 0);
    for left in truth.abandonments() {
        carts += 1;
        let again = truth.abandonment(&left.cart_id).unwrap();
        assert_eq!((again.cart, again.outcome), (left.cart, left.outcome));
        hinging += u32::from(left.outcome.depends_on_message());
        let sent_at = left.abandoned_at + SignedDuration::from_mins(5);
        let lines = town.react(left.cart, Treatment::Reminder, sent_at);
        assert!(lines.iter().all(|line| line.truth.person == Some(left.person)));
        assert!(lines.iter().all(|line| line.truth.occurred_at >= sent_at));
        let orders = lines.iter().filter(|line| line.text.contains("Order Completed")).count();
        if let Some(purchase) = left.outcome.with_reminder
            && let At::AfterMessage(_) = purchase.at
        {
            let bounced = lines.iter().any(|line| line.text.contains("Email Bounced"));
            assert_eq!(orders > 0, !bounced);
            prompted += 1;
        }
        assert_eq!(lines, town.react(left.cart, Treatment::Reminder, sent_at));
    }
    assert!(carts > 200 && hinging > 30 && prompted > 10, "{carts} {hinging} {prompted}");
    let carts: BTreeSet<_> = truth.abandonments().map(|left| left.cart).collect();
    let hinges: BTreeSet<_> = town.lines().filter_map(|line| line.truth.hinges_on).collect();
    assert!(!hinges.is_empty() && hinges.is_subset(&carts));
}

/// The second half of what Maria's story would be without a shop that knows her: a coupon that
/// comes after the purchase makes her bring the shirt back and buy it for less.
#[test]
fn a_coupon_after_the_purchase_is_regretted() {
    let town = town(100, 30);
    let lines = lines_of(&town, MARIA);
    let cart = lines.iter().find_map(|line| line["properties"]["cart_id"].as_str()).unwrap();
    let left = town.truth().abandonment(cart).unwrap();
    let events = |treatment| -> Vec<Value> {
        let sent_at = town.stories().maria_bought_at + SignedDuration::from_mins(30);
        town.react(left.cart, treatment, sent_at).iter().map(parse).collect()
    };
    let purchases = |lines: &[Value], event: &str| -> Vec<Value> {
        lines
            .iter()
            .filter(|line| line["event"] == event)
            .map(|line| line["properties"].clone())
            .collect()
    };
    assert!(purchases(&events(Treatment::Reminder), "Order Completed").is_empty());
    let with_coupon = events(Treatment::Coupon);
    let (sale, refund) =
        (purchases(&lines, "Order Completed"), purchases(&with_coupon, "Order Refunded"));
    assert_eq!(refund[0]["receipt_id"], sale[0]["receipt_id"]);
    assert_eq!(refund[0]["total"].as_f64(), Some(19.95));
    let again = purchases(&with_coupon, "Order Completed");
    assert_eq!(again[0]["total"].as_f64(), Some(15.96));
    assert_ne!(again[0]["order_id"], sale[0]["receipt_id"]);
}
