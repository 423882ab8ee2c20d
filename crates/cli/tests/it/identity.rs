//! `identity`: what staff say of two people changes who is who, and taking it back undoes it exactly.

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
