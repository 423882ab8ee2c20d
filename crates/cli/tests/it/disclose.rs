//! `disclose`: everything of one person, and nothing of others.

use crate::program::Shop;

/// Maria and Eva share a telephone, staff say that they are two, and Maria invited Nora.
const EVENTS: &str = concat!(
    r#"{"type":"identify","messageId":"a","userId":"maria","traits":{"email":"maria@example.com","firstName":"Maria","phone":"+34600111222"},"timestamp":"2026-11-20T10:00:00Z"}"#,
    "\n",
    r#"{"type":"identify","messageId":"b","userId":"eva","traits":{"email":"eva@example.com","phone":"+34600111222"},"timestamp":"2026-11-20T10:01:00Z"}"#,
    "\n",
    r#"{"type":"track","messageId":"c","userId":"maria","event":"Friend Invited","properties":{"friend":"nora@example.com","note":"call +34699888777"},"timestamp":"2026-11-20T10:02:00Z"}"#,
    "\n",
    r#"{"type":"track","messageId":"d","userId":"maria","event":"Consent Given","properties":{"channel":"email","purpose":"promotion","email":"maria@example.com","wording":"Yes, please"},"timestamp":"2026-11-20T10:03:00Z"}"#,
    "\n",
    r#"{"type":"track","messageId":"e","email":"maria@example.com"}"#,
    "\n",
    r#"{"type":"track","messageId":"f","email":"eva@example.com"}"#,
    "\n",
);

fn shop() -> Shop {
    let shop = Shop::new();
    shop.file("events.ndjson", EVENTS);
    shop.run(&["import", "events.ndjson", "--source", "web"]).well();
    shop.run(&["identity", "apart", "maria", "eva"]).well();
    shop
}

#[test]
fn a_person_gets_everything_of_their_own_and_nothing_of_others() {
    let shop = shop();
    let told = shop.run(&["disclose", "maria", "--json"]).well();
    for theirs in ["\"eva\"", "eva@example.com", "nora@example.com", "699888777"] {
        assert!(!told.out.contains(theirs), "{theirs} is of somebody else: {}", told.out);
    }
    let told = told.json();
    let names: Vec<&str> =
        told["events"].as_array().unwrap().iter().map(|e| e["name"].as_str().unwrap()).collect();
    for name in ["Identify", "Friend Invited", "Consent Given"] {
        assert!(names.contains(&name), "{name} is missing in {names:?}");
    }
    assert_eq!(told["consents"][0]["wording"], "Yes, please");
    assert!(told.to_string().contains("+34600111222"), "she uses the telephone, too");
    let aside = told["set_aside"].as_array().unwrap();
    assert_eq!(aside.len(), 1, "what was not understood and names her: {aside:?}");
    assert_eq!(told["left_out"], false);
}

#[test]
fn the_page_is_written_once_and_holds_the_same() {
    let shop = shop();
    let asked = ["disclose", "-", "--html", "maria.html", "--language", "es"];
    let said = shop.run_with(&asked, "maria@example.com\n").well();
    assert!(!said.out.contains("maria@example.com"), "{}", said.out);
    let page = std::fs::read_to_string(shop.path("maria.html")).unwrap();
    assert!(page.contains("maria@example.com") && page.contains("Historial de consentimiento"));
    assert!(!page.contains("nora@example.com") && !page.contains("<script"));
    let again = shop.run_with(&asked, "maria@example.com\n");
    assert_eq!(again.code, 1, "the file is there already: {}", again.talk);
    shop.run(&["erase", "maria", "--yes"]).well();
    assert_eq!(shop.run(&["disclose", "maria", "--json"]).code, 1);
}
