//! `template`: what messages look like for somebody, and what people lack for them.

use crate::program::{Shop, examples};

/// A shop with four people: one named, one of blanks, one in Spanish without a name, one no address.
const SHOP: &str = r#"shop: Tienda
zone: Europe/Madrid
currency: EUR
address: Calle Mayor 1, 28013 Madrid
base url: https://regulars.tienda.example
languages: [en, es]
---
source: web
channel: web
---
products:
  - { id: tee, name: T-shirt, price: 20 EUR, url: "https://tienda.example/tee" }
---
segment: buyers
when: has ordered
---
template: letter
subject: "{{ words.hello }}"
mjml: |
  <mjml lang="{{ language }}"><mj-body><mj-section><mj-column>
    <mj-text>{{ words.hello }}</mj-text>
    <mj-text>{{ person.city }}</mj-text>
    <mj-text>{{ shop.address }} <a href="{{ unsubscribe_url }}">x</a></mj-text>
  </mj-column></mj-section></mj-body></mjml>
words:
  en: { hello: 'Hello {{ person.first_name | default("there") }}' }
  es: { hello: 'Hola {{ person.first_name | default("amiga") }}' }
"#;

const PEOPLE: &str = r#"{"type":"identify","messageId":"1","userId":"ana","timestamp":"2026-11-01T10:00:00Z","traits":{"email":"ana@tienda.example","firstName":"Ana","city":"Madrid"}}
{"type":"identify","messageId":"2","userId":"bea","timestamp":"2026-11-01T10:00:00Z","traits":{"email":"bea@tienda.example","firstName":" ","city":" "}}
{"type":"identify","messageId":"3","userId":"eva","timestamp":"2026-11-01T10:00:00Z","traits":{"email":"eva@tienda.example","language":"es-MX"}}
{"type":"identify","messageId":"4","userId":"ida","timestamp":"2026-11-01T10:00:00Z","traits":{"firstName":"Ida"}}
"#;

fn opened() -> Shop {
    let shop = Shop::new();
    shop.file("shop.yaml", SHOP);
    shop.file("people.ndjson", PEOPLE);
    assert_eq!(shop.run(&["apply", "shop.yaml"]).code, 0);
    let said = shop.run(&["import", "people.ndjson", "--source", "web"]);
    assert_eq!(said.code, 0, "{}", said.talk);
    shop
}

#[test]
fn a_template_is_tested_over_real_people_before_anybody_gets_it() {
    let shop = opened();
    let said = shop.run(&["template", "test", "letter", "--json"]);
    assert_eq!(said.code, 2, "somebody would get no message: {}", said.talk);
    let found = said.json();
    let number = |key: &str| found[key].as_u64().unwrap();
    assert_eq!((number("persons"), number("looked_at"), number("recipients")), (4, 4, 3));
    assert_eq!((number("whole"), number("lacking"), number("held")), (1, 1, 1));
    assert_eq!(found["languages"], serde_json::json!({ "en": 2, "es": 1 }));
    let failure = &found["failures"][0];
    assert!(failure["why"].as_str().unwrap().contains("{{ person.city }}"), "{failure}");
    let gap = found["findings"].as_array().unwrap().iter();
    let gap: Vec<_> = gap.filter(|finding| finding["value"] == "person.city").collect();
    assert_eq!((&gap[0]["blank"], &gap[0]["otherwise"]), (&1.into(), &"held".into()));
    let said = said.out;
    for address in ["ana@", "bea@", "eva@"] {
        assert!(!said.contains(address), "no address is shown whole: {said}");
    }
    let told = shop.run(&["template", "test", "letter"]).out;
    assert!(told.contains("says \"there\"") && told.contains("not made for 1 person"), "{told}");
    let buyers = shop.run(&["template", "test", "letter", "--segment", "buyers", "--json"]);
    assert_eq!((buyers.code, buyers.json()["recipients"].as_u64()), (0, Some(0)));
}

#[test]
fn a_template_is_seen_as_anybody_would_get_it() {
    let shop = opened();
    let seen = |args: &[&str]| shop.run(&[&["template", "preview", "letter"], args].concat());
    let ana = seen(&["--person", "ana@tienda.example"]).out;
    assert!(ana.starts_with("Subject: Hello Ana\n") && ana.contains("Madrid"), "{ana}");
    let spanish = seen(&["--person", "ana@tienda.example", "--language", "es"]).out;
    assert!(spanish.starts_with("Subject: Hola Ana\n"), "{spanish}");
    let nobody = seen(&[]);
    assert_eq!(nobody.code, 2);
    assert!(nobody.out.contains("a value is missing in {{ person.city }}"), "{}", nobody.out);
    let unknown = shop.run(&["template", "preview", "lettre"]);
    assert_eq!(unknown.code, 1);
    assert!(unknown.talk.contains("there are: letter"), "{}", unknown.talk);
    let listed = shop.run(&["template", "list", "--json"]).json();
    assert_eq!(listed["templates"][0]["languages"], serde_json::json!(["en", "es"]));
}

/// Ten to take and change: each in each language, for somebody of whom nothing is known.
#[test]
fn the_templates_of_the_gallery_are_whole_in_every_language() {
    let shop = Shop::new();
    let folder = examples().join("templates");
    let folder = folder.to_str().unwrap();
    let said = shop.run(&["check", folder]);
    assert_eq!(said.code, 0, "{}", said.out);
    let names = [
        "welcome",
        "cart",
        "back-in-stock",
        "price-drop",
        "post-purchase",
        "review-request",
        "replenishment",
        "win-back",
        "birthday",
        "receipt",
    ];
    for name in names {
        let mut subjects = std::collections::BTreeSet::new();
        for language in ["en", "es", "ru"] {
            let args =
                ["template", "preview", name, "--files", folder, "--language", language, "--json"];
            let made = shop.run(&args).json();
            assert!(made["problem"].is_null(), "{name} in {language}: {made}");
            let html = made["html"].as_str().unwrap();
            assert!(html.len() < 60_000, "{name}: mail programs cut long messages");
            assert!(html.contains(&format!("lang=\"{language}\"")), "{name}");
            subjects.insert(made["subject"].to_string());
        }
        assert_eq!(subjects.len(), 3, "{name}: {subjects:?}");
    }
}
