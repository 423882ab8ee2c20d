//! Where SDKs send, as they are set up by people.

use serde_json::json;

use crate::shop::Shop;

#[test]
fn a_slash_too_many_and_another_way_to_say_the_key_cost_no_event() {
    let shop = Shop::open();
    let ways = [
        ("/v1/track", Some(shop.write_key.as_str())),
        ("//v1/track", Some(&shop.write_key)),
        ("/v1/track/", Some(&shop.write_key)),
        ("//v1/track", None),
    ];
    for (number, (path, bearer)) in ways.into_iter().enumerate() {
        let mut view = json!({ "userId": "u-slash", "event": "Product Viewed", "messageId": format!("m-{number}") });
        if bearer.is_none() {
            view["writeKey"] = shop.write_key.as_str().into();
        }
        let (status, said) = shop.ask("POST", path, bearer, &view.to_string());
        assert_eq!((status, &said["accepted"]), (200, &json!(1)), "{path}: {said}");
    }
    let (status, said) = shop.ask("POST", "/v1/track", Some(&shop.admin), "{}");
    assert_eq!(
        (status, &said["code"]),
        (401, &json!("unknown_write_key")),
        "a key of staff is none"
    );
}
