//! `identity`: what staff say of two people changes who is who, and taking it back undoes it exactly.

use regulars_engine::identity::{Class, IdentifierKind, IdentityRules, KindRule};
use regulars_engine::time::MINUTE;
use regulars_server::identity::rules_text;

use crate::program::Shop;

/// Anna and Ben, two logins.
fn two() -> Shop {
    let shop = Shop::new();
    let event = |id: &str, login: &str, email: &str| {
        format!(
            r#"{{"type":"identify","messageId":"{id}","userId":"{login}","traits":{{"email":"{email}"}},"timestamp":"2026-11-20T10:00:00Z"}}"#
        )
    };
    let events = [event("1", "anna", "anna@example.com"), event("2", "ben", "ben@example.com")];
    let events = shop.file("events.ndjson", &format!("{}\n", events.join("\n")));
    shop.run(&["import", events.to_str().unwrap(), "--source", "web"]).well();
    shop
}

/// What is known of who somebody is.
fn who(shop: &Shop, whom: &str) -> serde_json::Value {
    let explained = shop.run(&["--json", "explain", whom]).well().json();
    let mut why = explained["why"]["identifiers"].clone();
    why.as_array_mut().unwrap().sort_by_key(ToString::to_string);
    why
}

#[test]
fn what_was_said_is_taken_back_exactly() {
    let shop = two();
    let before = who(&shop, "anna");
    let said = shop.run(&["--json", "identity", "same", "anna", "ben@example.com"]).well().json();
    assert_eq!(said["same_person"], true);
    assert_eq!(who(&shop, "anna"), who(&shop, "ben"));
    assert_eq!(who(&shop, "anna").as_array().unwrap().len(), 4);
    let again = shop.run(&["identity", "same", "anna", "ben"]);
    assert_eq!(again.code, 1, "{}", again.talk);
    let back = shop.run(&["--json", "identity", "take-back", "anna", "ben"]).well().json();
    assert_eq!(back["same_person"], false);
    assert_eq!(who(&shop, "anna"), before);
    assert_eq!(shop.run(&["identity", "take-back", "anna", "ben"]).code, 1);
    shop.run(&["verify"]).well();
}

#[test]
fn nobody_is_named_in_what_goes_wrong() {
    let shop = two();
    let nobody = shop.run(&["identity", "same", "anna", "carla@example.com"]);
    assert_eq!(nobody.code, 1);
    assert!(!nobody.talk.contains("carla"), "{}", nobody.talk);
}

/// Two logins that share one address, which somebody wrote to us from.
fn household() -> Shop {
    let shop = Shop::new();
    let event = |id: &str, who: &str, email: &str| {
        format!(
            r#"{{"type":"identify","messageId":"{id}",{who}"traits":{{"email":"{email}","lastName":"Soto"}},"timestamp":"2026-11-20T10:00:00Z"}}"#
        )
    };
    let events = [
        event("1", r#""userId":"anna","#, "home@example.com"),
        event("2", r#""userId":"ben","#, "home@example.com"),
        r#"{"type":"track","messageId":"3","event":"Newsletter Read","properties":{"email":"home@example.com"},"timestamp":"2026-11-20T11:00:00Z"}"#.to_owned(),
        event("4", r#""userId":"carla","anonymousId":"phone-1","#, "carla@example.com"),
    ];
    let events = shop.file("events.ndjson", &format!("{}\n", events.join("\n")));
    shop.run(&["import", events.to_str().unwrap(), "--source", "web"]).well();
    shop
}

#[test]
fn why_and_why_not_are_told_in_words() {
    let shop = household();
    let why = shop.run(&["identity", "why", "carla", "phone-1"]).well().out;
    assert!(why.contains("The login carla was seen with the browser phone-1."), "{why}");
    let why_not = shop.run(&["identity", "why", "anna", "ben"]).well().out;
    let reason =
        "Both were seen with the e-mail home@example.com, which 2 people use: it joins nobody.";
    assert!(why_not.contains(reason), "{why_not}");
    assert!(why_not.contains("two records taken at random"), "{why_not}");
    let picture = shop.path("weights.svg");
    shop.run(&["identity", "why", "anna", "ben", "--svg", picture.to_str().unwrap()]).well();
    assert!(std::fs::read_to_string(picture).unwrap().starts_with("<svg"));
    let how = shop.run(&["identity", "how", "carla"]).well().out;
    assert!(how.contains("first seen: login carla, e-mail carla@example.com"), "{how}");
    // The same in the other languages of the pages.
    let in_spanish = |words: &[&str]| {
        let words = [&["identity"], words, &["--language", "es"]].concat();
        shop.run(&words).well().out
    };
    let why = in_spanish(&["why", "carla", "phone-1"]);
    assert!(why.contains("Se vieron juntos: cuenta carla y navegador phone-1."), "{why}");
    let why_not = in_spanish(&["why", "anna", "ben"]);
    assert!(why_not.contains("así que no une a nadie"), "{why_not}");
    assert!(why_not.contains("dos registros"), "{why_not}");
    let how = in_spanish(&["how", "carla"]);
    assert!(how.contains("cuenta carla, correo carla@example.com"), "{how}");
    let queue = in_spanish(&["queue"]);
    assert!(queue.contains("es la misma persona"), "{queue}");
    assert_eq!(shop.run(&["identity", "how", "carla", "--language", "fr"]).code, 2);
}

#[test]
fn the_queue_is_answered_and_the_answer_undone() {
    let shop = household();
    let queue = || shop.run(&["--json", "identity", "queue"]).well().json();
    let total = |queue: &serde_json::Value| queue["pairs"].as_array().unwrap().len();
    let before = queue();
    assert_eq!((total(&before), &before["pairs"][0]["percent"]), (2, &50.into()), "{before}");
    let ids = |pair: &serde_json::Value, side: &str| pair[side]["id"].as_str().unwrap().to_owned();
    let (one, other) = (ids(&before["pairs"][0], "one"), ids(&before["pairs"][0], "other"));
    let said =
        shop.run(&["--json", "identity", "apart", &one, &other, "--because", "I asked them"]);
    let said = said.well().json();
    assert_eq!(total(&queue()), 1);
    let audit = shop.run(&["--json", "identity", "said"]).well().json();
    assert_eq!(audit[0]["because"], "I asked them");
    assert_eq!(
        (&audit[0]["said"], &audit[0]["by"]),
        (&"not the same".into(), &"command line".into())
    );
    let number = said["statement"].to_string();
    shop.run(&["identity", "undo", &number]).well();
    let again = queue();
    let persons = |queue: &serde_json::Value| {
        let pairs = queue["pairs"].as_array().unwrap().iter();
        pairs.map(|pair| (ids(pair, "one"), ids(pair, "other"))).collect::<Vec<_>>()
    };
    assert_eq!(persons(&again), persons(&before));
    assert_eq!(shop.run(&["identity", "undo", "1"]).code, 1, "the first event is no statement");
    shop.run(&["identity", "unsure", &one, &other]).well();
    let after = queue();
    assert_eq!(total(&after), 2);
    assert!(after["pairs"][1]["unsure_at"].is_string(), "what nobody could tell comes last");
    shop.run(&["verify"]).well();
}

#[test]
fn changes_are_followed_by_their_numbers() {
    let shop = household();
    let changes = |after: &str| shop.run(&["identity", "changes", "--after", after]).well().out;
    let parted = changes("0");
    assert_eq!(parted.lines().count(), 1, "the address was Anna's until Ben bore it: {parted}");
    assert!(parted.contains("parted"), "{parted}");
    shop.run(&["identity", "same", "anna", "carla"]).well();
    let joined = changes("1");
    assert!(joined.contains("joined") && joined.lines().count() == 1, "{joined}");
    assert_eq!(changes("2"), "");
    let health = shop.run(&["identity", "health"]).well().out;
    assert!(health.contains("home@example.com"), "{health}");
    let rules = shop.run(&["identity", "rules"]).well().out;
    assert!(rules.contains("loyalty_id      unique") && rules.contains("email: test@*"), "{rules}");
    shop.run(&["erase", "carla", "--yes"]).well();
    let erased = changes("0");
    assert!(erased.lines().take(2).all(|line| line.contains("erased")), "{erased}");
    let since = changes("2");
    assert!(since.contains("joined") && since.lines().count() == 1, "hers alone now: {since}");
}

/// A kind of the shop's own has a long name, and its values are given on within the hour.
#[test]
fn rules_are_told_in_columns_whatever_their_kinds() {
    let mut rules = IdentityRules::default();
    let kind = IdentifierKind::custom(Class::Contact, "membership_number".to_owned());
    let limits = KindRule { idle_ms: Some(30 * MINUTE), ..rules.limits(&kind) };
    rules.kinds.push((kind.word().to_owned(), Class::Contact));
    rules.limits.push((kind, limits));
    let text = rules_text(&rules);
    let line = text.lines().find(|line| line.starts_with("membership_number ")).unwrap();
    assert!(line.contains(" contact ") && line.ends_with("  30 minutes"), "{text}");
}

/// A family at one address whose children have both parents' surnames, and a neighbour.
#[test]
fn a_household_is_told_said_and_erased() {
    let shop = Shop::new();
    let event = |id: &str, login: &str, surname: &str| {
        format!(
            r#"{{"type":"identify","messageId":"{id}","userId":"{login}","traits":{{"firstName":"Ana","lastName":"{surname}","address":"Calle Mayor 5","postcode":"28013"}},"timestamp":"2026-11-20T10:00:00Z"}}"#
        )
    };
    let events =
        [event("1", "rosa", "Vega Soto"), event("2", "luz", "Soto Gil"), event("3", "eva", "Pons")];
    let events = shop.file("events.ndjson", &format!("{}\n", events.join("\n")));
    shop.run(&["import", events.to_str().unwrap(), "--source", "web"]).well();
    let lives = |whom: &str| {
        let found = shop.run(&["--json", "identity", "household", whom]).well().json();
        let logins = found["persons"].as_array().unwrap().iter();
        let logins = logins.map(|person| person["identifiers"][0]["value"].as_str().unwrap());
        logins.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(lives("rosa"), ["rosa", "luz"]);
    assert_eq!(lives("luz"), ["luz", "rosa"]);
    assert_eq!(lives("eva"), ["eva"], "one address alone is a house of many");
    let alone = shop.run(&["identity", "household", "eva", "--language", "es"]).well();
    assert_eq!(alone.out.trim(), "No se sabe de nadie que viva con esta persona.");
    assert!(alone.talk.contains("\"regulars identity live-together\" says so"), "{}", alone.talk);
    let said = shop.run(&["--json", "identity", "live-together", "eva", "luz"]).well().json();
    assert_eq!(said["same_person"], false, "they stay persons of their own");
    assert_eq!(lives("rosa"), ["rosa", "eva", "luz"]);
    let told = shop.run(&["identity", "household", "rosa", "--language", "es"]).well().out;
    let eva =
        "Ana Pons (cuenta eva), con Ana Soto Gil (cuenta luz). El personal dice que viven juntas.";
    assert!(told.contains(eva), "{told}");
    shop.run(&["identity", "live-apart", "rosa", "luz"]).well();
    assert_eq!(lives("rosa"), ["rosa"]);
    shop.run(&["identity", "undo", &said["statement"].to_string()]).well();
    assert_eq!(lives("luz"), ["luz"]);
    shop.run(&["verify"]).well();
    shop.run(&["erase", "luz", "--yes"]).well();
    assert_eq!(lives("rosa"), ["rosa"]);
    shop.run(&["verify"]).well();
}
