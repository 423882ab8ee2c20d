//! `offer`: a pool is filled, codes are asked about, and the report says how things stand.

use crate::program::Shop;

const DEFINITIONS: &str = "
shop: Tienda
zone: Europe/Madrid
currency: EUR
---
offer: spring
gives: 10 % off
at most: 20 EUR
codes: pool
low stock: 3
---
offer: made
gives: 5 EUR off
";

#[test]
fn a_pool_is_filled_and_codes_are_asked_about() {
    let shop = Shop::new();
    shop.file("definitions/shop.yaml", DEFINITIONS);
    let folder = shop.path("definitions");
    shop.run(&["apply", folder.to_str().unwrap()]).well();
    let codes =
        shop.file("codes.txt", "SPRING-0001-AAAA\nspring 0001 aaaa\n\nSPRING-0002-BBBB\nshort\n");
    let codes = codes.to_str().unwrap();
    let dry = shop.run(&["--json", "offer", "import", "spring", codes, "--dry-run"]).well().json();
    let outcome = |told: &serde_json::Value| {
        ["added", "repeated", "unreadable"].map(|key| told[key].as_u64().unwrap())
    };
    assert_eq!(outcome(&dry), [2, 1, 1]);
    let told = shop.run(&["--json", "offer", "import", "spring", codes]).well().json();
    assert_eq!((outcome(&told), &told["unreadable_rows"][0]), ([2, 1, 1], &4.into()));
    let again = shop.run(&["--json", "offer", "import", "spring", codes]).well().json();
    assert_eq!(outcome(&again), [0, 3, 1]);
    assert_eq!(shop.run(&["offer", "import", "made", codes]).code, 1, "its codes are made");
    assert_eq!(shop.run(&["offer", "import", "none", codes]).code, 1);
    let listed = shop.run(&["--json", "offer", "list"]).well().json();
    let spring = &listed["offers"][1];
    assert_eq!(
        (&spring["offer"], &spring["free"], &spring["low"]),
        (&"spring".into(), &2.into(), &true.into())
    );
    // What lies in a pool is nobody's, and is told as what is made up.
    for code in ["SPRING-0001-AAAA", "7Q4X-K2MB-90Z31", "?"] {
        let said = shop.run(&["--json", "offer", "validate", code]);
        assert_eq!((said.code, &said.json()["reason"]), (1, &"not_valid".into()), "{code}");
    }
    let said =
        shop.run_with(&["offer", "redeem", "-", "--redemption", "r-1"], "SPRING-0001-AAAA\n");
    assert_eq!((said.code, said.out.trim()), (1, "this code is not valid"));
    let happened =
        "{\"redemption\":\"r-2\",\"code\":\"SPRING-0001-AAAA\",\"at\":\"2026-11-30T10:00:00Z\"}\n";
    let file = shop.file("happened.ndjson", happened);
    let told = shop.run(&["--json", "offer", "reconcile", file.to_str().unwrap()]);
    assert_eq!((told.code, &told.json()["not_valid"]), (1, &1.into()));
    let list = shop.run(&["offer", "offline"]).well().json();
    assert_eq!((list["codes"].as_array().unwrap().len(), &list["rounds"]), (0, &200.into()));
    assert_eq!(shop.run(&["offer", "report", "--from", "yesterday"]).code, 2);
    let report = shop.run(&["offer", "report", "--from", "2026-01-01"]).well().out;
    assert!(report.contains("the pool runs low"), "{report}");
    shop.run(&["verify"]).well();
}

#[test]
fn a_code_is_given_to_one_person_by_the_rules() {
    let shop = Shop::new();
    shop.file("definitions/shop.yaml", DEFINITIONS);
    let folder = shop.path("definitions");
    shop.run(&["apply", folder.to_str().unwrap()]).well();
    let ana = "{\"type\":\"identify\",\"messageId\":\"1\",\"userId\":\"ana\",\
        \"timestamp\":\"2026-11-01T10:00:00Z\",\"traits\":{\"email\":\"ana@shop.example\"}}\n";
    let events = shop.file("events.ndjson", ana);
    shop.run(&["import", events.to_str().unwrap(), "--source", "web"]).well();
    let issue = |rest: &[&str]| {
        let mut words = vec!["--json", "offer", "issue", "made", "-"];
        words.extend(rest);
        shop.run_with(&words, "ana@shop.example\n")
    };
    assert_eq!(issue(&[]).code, 2, "a gift has an id");
    let asked = issue(&["--dry-run"]);
    assert_eq!(
        (asked.code, &asked.json()["outcome"]),
        (0, &"may_be_given".into()),
        "{}",
        asked.out
    );
    let given = issue(&["--id", "ticket-1"]).well().json();
    assert_eq!(given["outcome"], "given");
    let code = given["code"].as_str().unwrap().to_owned();
    let again = issue(&["--id", "ticket-1"]).well().json();
    assert_eq!((&again["outcome"], &again["code"]), (&"given_before".into(), &code.clone().into()));
    let more = issue(&["--id", "ticket-2"]);
    assert_eq!((more.code, &more.json()["outcome"]), (1, &"refused".into()));
    let said = shop.run(&["offer", "issue", "made", "ana", "--id", "ticket-2"]);
    assert!(said.out.contains("was given the offer made"), "{}", said.out);
    assert_eq!(shop.run(&["offer", "issue", "none", "ana", "--dry-run"]).code, 1);
    assert_eq!(shop.run(&["offer", "issue", "made", "bea", "--dry-run"]).code, 1);
    let listed = shop.run(&["--json", "offer", "list"]).well().json();
    assert_eq!(listed["offers"][0]["issued"], 1, "{listed}");
    shop.run(&["--json", "offer", "validate", &code]).well();
    // The code itself stands nowhere in what the log says of her.
    let told = shop.run(&["--json", "disclose", "ana"]).well().json();
    assert_eq!(told["offers"][0]["code"], code);
    let events = told["events"].to_string();
    assert!(events.contains("Offer Given") && !events.contains(&code), "{events}");
    // Until it is used it can be taken back, once.
    let revoke = |rest: &[&str]| {
        let mut words = vec!["--json", "offer", "revoke", "ticket-1"];
        words.extend(rest);
        shop.run(&words).well().json()["outcome"].clone()
    };
    assert_eq!(revoke(&["--dry-run"]), "may_be_taken_back");
    assert_eq!((revoke(&[]), revoke(&[])), ("taken_back".into(), "taken_back_before".into()));
    assert_eq!(shop.run(&["offer", "revoke", "ticket-9"]).code, 1);
    let said = shop.run(&["--json", "offer", "validate", &code]);
    assert_eq!((said.code, &said.json()["reason"]), (1, &"taken_back".into()));
    let listed = shop.run(&["--json", "offer", "list"]).well().json();
    let made = &listed["offers"][0];
    assert_eq!((&made["open"], &made["taken_back"]), (&0.into(), &1.into()), "{listed}");
    assert_eq!(issue(&["--id", "ticket-3"]).well().json()["outcome"], "given");
    let told = shop.run(&["--json", "disclose", "ana"]).well().json()["events"].to_string();
    assert!(told.contains("Offer Taken Back") && told.contains("command line"), "{told}");
    shop.run(&["verify"]).well();
}
