//! `check`, `apply`, `export`: every mistake at once, the difference first, files back.

use regulars_engine::time::Timestamp;
use regulars_server::serve::open_writer;
use regulars_server::writer::SegmentChange;

use crate::program::{Shop, examples};

const FIVE: &str = "\
shop: Tienda
zone: Europe/Madird
currency: EUR
---
journey: cart
purpose: promotion
prority: 10
enter: Product Aded
exit:
  - has bougt any product of the cart
steps:
  - wait: 4 hours
  - send: reminder
    channel: email
    template: cart-reminder
";

#[test]
fn five_mistakes_are_told_at_once_with_place_and_cure() {
    let shop = Shop::new();
    shop.file("shop/shop.yaml", FIVE);
    let said = shop.run(&["check", "shop"]);
    assert_eq!(said.code, 2);
    insta::assert_snapshot!(said.out);
    assert_eq!(said.talk, "5 mistakes\n");
    let json = shop.run(&["check", "shop", "--json"]).json();
    let places: Vec<u64> = json["mistakes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mistake| mistake["line"].as_u64().unwrap())
        .collect();
    assert_eq!(places, [2, 7, 8, 10, 15]);
}

#[test]
fn a_folder_that_is_not_there_and_one_without_definitions_are_told_apart() {
    let shop = Shop::new();
    let said = shop.run(&["check", "nowhere"]);
    assert_eq!(said.code, 1);
    assert!(
        said.talk.starts_with("error: could not read \"nowhere\"\n  because "),
        "{}",
        said.talk
    );
    std::fs::create_dir(shop.path("empty")).unwrap();
    let said = shop.run(&["check", "empty"]);
    assert_eq!(said.code, 2);
    assert!(said.talk.contains("cure: name a folder or files"), "{}", said.talk);
}

#[test]
fn what_is_applied_comes_back_from_export_and_changes_nothing() {
    let shop = Shop::new();
    let example = examples().join("shop");
    let example = example.to_str().unwrap();
    let first = shop.run(&["apply", example]).well();
    assert!(first.out.contains("added: journey \"cart\""), "{}", first.out);
    shop.run(&["export", "copy"]).well();
    let again = shop.run(&["apply", "copy"]).well();
    assert_eq!(again.out, "nothing changes\n");
    let refused = shop.run(&["export", "copy"]);
    assert_eq!(refused.code, 1);
    assert!(refused.talk.contains("say --force"), "{}", refused.talk);
}

#[test]
fn the_difference_is_shown_and_a_dry_run_changes_nothing() {
    let shop = Shop::new();
    let text = |wait: &str| {
        format!("journey: a\npurpose: care\nenter: Product Added\nsteps: [ wait: {wait} ]\n")
    };
    shop.file("shop.yaml", &text("1 day"));
    shop.run(&["apply", "shop.yaml"]).well();
    shop.file("shop.yaml", &text("2 days"));
    let shown = shop.run(&["apply", "shop.yaml", "--dry-run"]).well();
    assert!(shown.out.contains("\n- ") && shown.out.contains("\n+ "), "{}", shown.out);
    let again = shop.run(&["apply", "shop.yaml"]).well();
    assert_eq!(again.out, shown.out);
    assert_eq!(shop.run(&["apply", "shop.yaml"]).well().out, "nothing changes\n");
}

#[test]
fn files_leave_alone_what_was_made_in_the_pages() {
    let shop = Shop::new();
    let filed = "shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\n---\nsegment: filed\nwhen: orders at least 2\n";
    shop.file("shop/shop.yaml", filed);
    shop.run(&["apply", "shop"]).well();
    let when = Some("in segment \"filed\"".to_owned());
    let made = SegmentChange { name: "made".to_owned(), when, expected: None };
    open_writer(&shop.path("store")).unwrap().publish_segment(&made, Timestamp(0)).unwrap();
    for command in ["diff", "apply"] {
        let said = shop.run(&[command, "shop"]).well();
        assert_eq!(said.out, "nothing changes\n", "{command}");
    }
    // What it needs is not taken away under it, and both say so.
    shop.file("shop/shop.yaml", "shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\n");
    for command in ["diff", "apply"] {
        assert_eq!(shop.run(&[command, "shop"]).code, 2, "{command}");
    }
}

/// What a text message costs is told before it is in force, in every language it speaks.
#[test]
fn text_messages_are_counted_before_they_are_published() {
    let shop = Shop::new();
    shop.file(
        "definitions/shop.yaml",
        "shop: Oakleaf\nzone: Europe/Madrid\ncurrency: EUR\nlanguages: [en, es]\n---\n\
         template: short\nsms: '{{ shop.name }}: {{ words.hello }} {{ stop_line }}'\n\
         words: { en: { hello: Hello. }, es: { hello: ¿Qué tal ahí? } }\n",
    );
    let checked = shop.run(&["check", "definitions", "--json"]).well();
    let told = "the text message \"short\" (es) takes 1 part (UCS-2, 62 units); not in GSM-7: í";
    assert!(checked.talk.contains(told), "{}", checked.talk);
    let sms = &checked.json()["sms"];
    assert_eq!(
        (&sms[0]["encoding"], &sms[0]["language"]),
        (&"GSM-7".into(), &"en".into()),
        "{sms}"
    );
    let applied = shop.run(&["apply", "definitions"]).well();
    assert!(applied.talk.contains("(en) takes 1 part (GSM-7"), "{}", applied.talk);
}

/// Whoever asks for more to be logged and is misunderstood would wait for lines that never come.
#[test]
fn a_wish_for_log_lines_that_means_nothing_is_told() {
    let asked = |wanted: &str| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_regulars"));
        command.args(["check", "/nowhere"]).env("REGULARS_LOG", wanted).output().unwrap()
    };
    let told = |wanted: &str| String::from_utf8(asked(wanted).stderr).unwrap();
    assert!(told("info,regulars_server=loud").contains("REGULARS_LOG is not understood"));
    assert_eq!(asked("info,regulars_server=loud").status.code(), Some(2));
    for well in ["", "off", "info,regulars_server=debug"] {
        assert!(!told(well).contains("REGULARS_LOG"), "{well}");
    }
}
