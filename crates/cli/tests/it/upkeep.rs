//! `verify`, `backup`, `restore`, `erase`, `quarantine`, `sending`.

use crate::program::{Shop, examples};

fn with_maria() -> Shop {
    let shop = Shop::new();
    shop.run(&["apply", examples().join("shop").to_str().unwrap()]).well();
    let events = examples().join("shop/maria.ndjson");
    shop.run(&["import", events.to_str().unwrap()]).well();
    shop
}

#[test]
fn a_store_is_clean_and_one_changed_byte_is_found() {
    let shop = with_maria();
    let clean = shop.run(&["verify", "--json"]).well().json();
    assert_eq!((&clean["clean"], &clean["persons"]), (&true.into(), &1.into()));
    let path = shop.path("store/regulars.db");
    let mut bytes = std::fs::read(&path).unwrap();
    let name = "L-1001".as_bytes();
    let at = bytes.windows(name.len()).rposition(|window| window == name).unwrap();
    bytes[at + 3] ^= 1;
    std::fs::write(&path, bytes).unwrap();
    let broken = shop.run(&["verify", "--json"]);
    assert_eq!(broken.code, 1, "{}{}", broken.out, broken.talk);
}

#[test]
fn a_backup_is_restored_with_sending_off_until_somebody_says_so() {
    let shop = with_maria();
    let serving = shop.serve();
    shop.run(&["backup", "copy.db"]).well();
    assert_eq!(serving.stop(), 0);
    let refused = shop.run(&["restore", "copy.db"]);
    assert_eq!(refused.code, 1);
    assert!(refused.talk.contains("--force"), "{}", refused.talk);
    shop.run(&["restore", "copy.db", "--force"]).well();
    assert_eq!(shop.run(&["sending", "status"]).well().out, "sending is off after restore\n");
    shop.run(&["sending", "on"]).well();
    let said = shop.run(&["sending", "status"]).well().out;
    assert!(said.starts_with("sending is on since "), "{said}");
    assert!(said.ends_with(" (by: command line)\n"), "{said}");
    assert_eq!(shop.run(&["verify", "--json"]).well().json()["clean"], true);
}

#[test]
fn an_erased_person_stays_erased_when_the_file_comes_again() {
    let shop = with_maria();
    let asked = shop.run(&["erase", "maria@example.com", "--json"]).well();
    assert_eq!(asked.json()["erased"], false);
    assert!(asked.talk.contains("say --yes to do it"), "{}", asked.talk);
    let erased =
        shop.run_with(&["erase", "-", "--yes", "--json"], "maria@example.com\n").well().json();
    assert_eq!(erased["erased"], true);
    let events = examples().join("shop/maria.ndjson");
    shop.run(&["import", events.to_str().unwrap()]).well();
    assert_eq!(shop.run(&["explain", "maria@example.com"]).code, 1);
    for entry in std::fs::read_dir(shop.path("store")).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        for name in ["maria@example.com", "L-1001"] {
            let found = bytes.windows(name.len()).any(|window| window == name.as_bytes());
            assert!(!found, "{name} is still in the directory");
        }
    }
}

/// Ana and Ben live in one street, Carla with Ana, and Dora's notes tell of Ana.
const STREET: &str = concat!(
    r#"{"type":"identify","messageId":"a","userId":"ana","traits":{"first_name":"Ana","last_name":"Ruiz","address":"Calle Mayor 1"},"timestamp":"2026-11-20T10:00:00Z"}"#,
    "\n",
    r#"{"type":"identify","messageId":"b","userId":"ben","traits":{"first_name":"Ben","last_name":"Soto","address":"Calle Mayor 14"},"timestamp":"2026-11-20T10:00:00Z"}"#,
    "\n",
    r#"{"type":"identify","messageId":"c","userId":"carla","traits":{"first_name":"Carla","last_name":"Ruiz","address":"Calle Mayor 1"},"timestamp":"2026-11-20T10:00:00Z"}"#,
    "\n",
    r#"{"type":"identify","messageId":"d","userId":"dora","traits":{"first_name":"Dora","friend":"Ana Ruiz","pets":1},"timestamp":"2026-11-20T10:00:00Z"}"#,
    "\n",
    r#"{"type":"identify","messageId":"e","userId":"dora","traits":{"email":"home@shop.example"},"timestamp":"2026-11-20T10:00:00Z"}"#,
    "\n",
    r#"{"type":"identify","messageId":"f","userId":"ana","traits":{"email":"home@shop.example"},"timestamp":"2026-11-20T11:00:00Z"}"#,
    "\n",
    r#"{"type":"track","messageId":"g","address":"Calle Mayor 1"}"#,
    "\n",
    r#"{"type":"track","messageId":"h","address":"Calle Mayor 14"}"#,
    "\n",
);

#[test]
fn erasing_takes_nobody_elses_own_words_and_leaves_a_store_that_folds_again() {
    let shop = Shop::new();
    shop.file("street.ndjson", STREET);
    shop.run(&["import", "street.ndjson", "--source", "web"]).well();
    shop.run(&["erase", "ana", "--yes"]).well();
    shop.run(&["verify"]).well();
    let traits = |login: &str| {
        let asked = ["identity", "why", login, login, "--json"];
        shop.run(&asked).well().json()["one"]["traits"].clone()
    };
    assert_eq!(traits("ben")["address"], "Calle Mayor 14", "another house");
    assert_eq!(traits("carla")["address"], "Calle Mayor 1", "her own home, too");
    assert_eq!(traits("dora")["friend"], serde_json::Value::Null, "that was said of Ana");
    assert_eq!(traits("dora")["pets"], 1);
    let listed = shop.run(&["quarantine", "list", "--json"]).well().out;
    assert_eq!(listed.lines().count(), 1, "only what named her address went: {listed}");
    let whose = ["identity", "why", "dora", "home@shop.example", "--json"];
    assert_eq!(shop.run(&whose).well().json()["same_person"], true, "nobody shares it any more");
}

#[test]
fn what_was_not_understood_is_listed_tried_again_and_dismissed() {
    let shop = Shop::new();
    shop.file("events.ndjson", "{\"type\":\"track\"}\n");
    let said = shop.run(&["import", "events.ndjson", "--source", "web", "--json"]).well();
    assert_eq!(said.json()["quarantined"], 1);
    let listed = shop.run(&["quarantine", "list", "--json"]).well().json();
    assert_eq!((&listed["code"], &listed["source"]), (&"no_event_name".into(), &"web".into()));
    let id = listed["id"].to_string();
    let tried = shop.run(&["quarantine", "replay", &id, "--json"]);
    assert_eq!((tried.code, &tried.json()["replayed"]), (1, &0.into()));
    shop.run(&["quarantine", "dismiss", "--all"]).well();
    assert_eq!(shop.run(&["quarantine", "list"]).well().out, "");
}

const MAPPING: &str = "\
source: pos
rows: lines
kind: order
columns:
  receipt_id: receipt
  occurred_at: time
  email: email
  sku: sku
  quantity: pieces
  price: price
";
const RECEIPTS: &str = "\
receipt,time,email,sku,pieces,price
1,2026-11-20 10:00:00,ana@example.com,BOOTS,1,89.90
1,2026-11-20 10:00:00,ana@example.com,SOCKS,two,5.00
2,2026-11-20 10:05:00,,CAP,1,15.00
1,2026-11-20 10:00:00,ana@example.com,CAP,three,15.00
";

/// A receipt with rows that were not understood is mended as a whole: both rows leave the
/// quarantine, and the receipt is what it would have been from a right file.
#[test]
fn a_document_is_repaired_and_replayed_whole() {
    let shop = Shop::new();
    shop.file("mapping.yaml", MAPPING);
    shop.file("receipts.csv", RECEIPTS);
    let import = ["import", "receipts.csv", "--mapping", "mapping.yaml", "--json"];
    let said = shop.run(&import).json();
    assert_eq!((&said["quarantined"], &said["accepted"]), (&2.into(), &2.into()));
    let listed = shop.run(&["quarantine", "list", "--raw", "--limit", "1", "--json"]).json();
    let (id, raw) = (listed["id"].to_string(), listed["raw"].as_str().unwrap().to_owned());
    assert!(raw.contains("BOOTS") && !raw.contains("10:05"), "{raw}");
    let half = raw.replace("two", "2");
    let half = shop.run_with(&["quarantine", "replay", &id, "--repaired", "-"], &half);
    assert_eq!(half.code, 1, "{}", half.out);
    let kept = raw.lines().filter(|line| !line.contains("BOOTS") && !line.contains("SOCKS"));
    let short = kept.collect::<Vec<_>>().join("\n").replace("CAP,three", ",3");
    let short = shop.run_with(&["quarantine", "replay", &id, "--repaired", "-"], &short);
    assert_eq!(short.code, 1, "{}", short.out);
    let whole = raw.replace("two", "2").replace("three", "3");
    shop.run_with(&["quarantine", "replay", &id, "--repaired", "-"], &whole).well();
    assert_eq!(shop.run(&["quarantine", "list"]).well().out, "");
    shop.file("receipts.csv", &RECEIPTS.replace("two", "2").replace("three", "3"));
    let again = shop.run(&import).well().json();
    assert_eq!((&again["accepted"], &again["duplicates"]), (&0.into(), &2.into()));
    shop.run(&["verify"]).well();
}
