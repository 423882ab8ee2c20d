//! `journey`: people of a file enter, and staff are asked to see to them.

use crate::program::Shop;

const DEFINITIONS: &str = "
shop: Tienda
zone: Europe/Madrid
currency: EUR
---
journey: invited
purpose: care
enter: { on: [file], if: has done \"Enrollment Requested\" where list is \"spring\" }
steps:
  - { notify: Call them, name: call }
  - wait: 2 days
";

#[test]
fn people_of_a_file_enter_and_staff_see_to_them() {
    let shop = Shop::new();
    shop.file("definitions/shop.yaml", DEFINITIONS);
    let folder = shop.path("definitions");
    shop.run(&["apply", folder.to_str().unwrap()]).well();
    let file = shop.file(
        "spring.csv",
        "email,list\nana@shop.example,spring\nbea@shop.example,autumn\nana@shop.example,spring\n",
    );
    let file = file.to_str().unwrap();
    let counts = |words: &[&str]| {
        let said = shop.run(words).well();
        let last = said.out.lines().last().unwrap();
        let counts = serde_json::from_str::<serde_json::Value>(last).unwrap()["counts"].clone();
        ["entered", "declined", "repeated"].map(|word| counts[word].as_u64().unwrap())
    };
    let enroll = ["--json", "journey", "enroll", "invited", file];
    assert_eq!(counts(&[&enroll[..], &["--dry-run"]].concat()), [1, 2, 0]);
    assert_eq!(counts(&enroll), [1, 2, 0]);
    assert_eq!(counts(&enroll), [0, 0, 3], "the same file again changes nothing");
    let told = shop.run(&["journey", "enroll", "invited", file, "--batch", "again"]).well().out;
    assert!(told.starts_with("row 1: declined: The person is in this journey already"), "{told}");
    assert_eq!(shop.run(&["journey", "enroll", "nobody", file]).code, 1);
    let listed = shop.run(&["--json", "journey", "notices"]).well().json();
    assert_eq!((&listed["open"], &listed["notices"][0]["text"]), (&1.into(), &"Call them".into()));
    let id = listed["notices"][0]["id"].to_string();
    let done = shop.run(&["--json", "journey", "done", &id]).well().json();
    assert_eq!(done["done_by"], "the command line");
    assert_eq!(shop.run(&["--json", "journey", "notices"]).well().json()["open"], 0);
    shop.run(&["journey", "done", &id, "--undo"]).well();
    assert!(shop.run(&["journey", "notices"]).well().out.contains("1 open"));
    assert_eq!(shop.run(&["journey", "done", "99"]).code, 1);

    // Ana is in the wait, which becomes longer: she is told where she would come, and comes there.
    shop.file("definitions/shop.yaml", &DEFINITIONS.replace("2 days", "3 days"));
    shop.run(&["apply", folder.to_str().unwrap()]).well();
    let moved = |words: &[&str]| {
        let told =
            shop.run(&[&["--json", "journey", "move", "invited"], words].concat()).well().json();
        ["people", "moved", "stayed"].map(|word| told[word].as_u64().unwrap())
    };
    assert_eq!(moved(&[]), [1, 0, 0]);
    assert_eq!(moved(&["--yes"]), [1, 1, 0]);
    assert_eq!(moved(&["--yes"]), [0, 0, 0]);
    assert_eq!(shop.run(&["journey", "move", "invited", "--gone", "nowhere"]).code, 1);
}
