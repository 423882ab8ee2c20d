//! A number with its country and one without are one, whichever way they come in and are asked for.

use serde_json::json;

use crate::program::Shop;

const DEFINITIONS: &str = "\
shop: Tienda
zone: Europe/Madrid
currency: EUR
calling code: 34
---
source: fair
channel: store
calling code: none
---
source: lisbon
channel: store
calling code: 351
";
const MAPPING: &str = "\
source: pos
rows: lines
kind: order
columns:
  order_id: receipt
  occurred_at: time
  phone: phone
  sku: sku
  quantity: pieces
  price: price
";
const RECEIPTS: &str = "\
receipt,time,phone,sku,pieces,price
1,2026-11-20 10:00:00,610 000 043,BOOTS,1,89.90
2,2026-11-20 10:05:00,34610000043,CAP,1,15.00
3,2026-11-20 10:10:00,0043,CAP,1,15.00
";

fn receipt(source: &str, id: &str, phone: &str) -> String {
    json!({
        "type": "track", "event": "Order Completed", "messageId": id, "source": source,
        "timestamp": "2026-11-20T12:00:00Z",
        "properties": { "order_id": id, "phone": phone, "products": [{ "sku": "CAP", "price": 9 }] },
    })
    .to_string()
}

#[test]
fn a_number_is_one_at_every_door() {
    let shop = Shop::new();
    shop.file("definitions/shop.yaml", DEFINITIONS);
    shop.run(&["apply", shop.path("definitions").to_str().unwrap()]).well();
    let web = shop.run(&["source", "add", "web", "--kind", "web", "--json"]).well().json();
    let serving = shop.serve_with_key();
    let maria = json!({
        "type": "identify", "userId": "maria", "messageId": "m-1",
        "traits": { "first_name": "Maria", "phone": "+34 610 000 043" },
    });
    assert_eq!(serving.event("/v1/identify", &web["write_key"], &maria).0, 200);
    let events_of = |value| {
        let whom = json!({ "identifier": { "kind": "phone", "value": value } });
        let (status, found) = serving.send("POST /api/v1/people/find", &whom);
        assert_eq!(status, 200, "{value}: {found}");
        let (_, listed) = serving.send("POST /api/v1/people/search", &json!({ "text": value }));
        assert_eq!(listed["people"][0]["id"], found["person"]["id"], "{value}: {listed}");
        found["person"]["events_count"].clone()
    };
    for written in ["610000043", "+34 610-000-043", "0034 610000043"] {
        assert_eq!(events_of(written), 1, "{written}");
    }
    let rows = json!({ "list": "vips", "rows": "phone\n610 000 043\n+34610000043\n" });
    let (status, told) = serving.send("POST /api/v1/lists", &rows);
    assert_eq!((status, &told["repeated"]), (200, &1.into()), "{told}");
    serving.stop();

    shop.file("mapping.yaml", MAPPING);
    shop.file("receipts.csv", RECEIPTS);
    shop.run(&["import", "receipts.csv", "--mapping", "mapping.yaml"]).well();
    let others = [receipt("lisbon", "o-1", "912345678"), receipt("fair", "o-2", "610000043")];
    shop.file("others.ndjson", &format!("{}\n", others.join("\n")));
    shop.run(&["import", "others.ndjson"]).well();
    // Maria, the customer of Lisbon, and whoever is meant by a number of a fair of many countries.
    assert_eq!(shop.run(&["stats", "--json"]).json()["persons"], 3);
    let maria = shop.run(&["explain", "maria"]).well().out;
    for written in ["610000043", "+34610000043", "0034610000043", "610 000 043"] {
        assert_eq!(shop.run(&["explain", written, "--kind", "phone"]).well().out, maria);
    }
    let lisbon = shop.run(&["explain", "912345678"]).well().out;
    assert!(lisbon.contains("+351912345678"), "{lisbon}");
    shop.run(&["erase", "610 000 043", "--yes"]).well();
    assert_eq!(shop.run(&["explain", "+34610000043"]).code, 1);
    assert_eq!(shop.run(&["explain", "maria"]).code, 1);
    shop.run(&["verify"]).well();
}
