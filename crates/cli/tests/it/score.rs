//! `score`: a shop's history in, a model out, and one customer explained in three languages.

use std::fmt::Write;

use crate::program::Shop;

const MAPPING: &str = "
source: shop
rows: events
kind: order
columns:
  order_id: order
  customer_id: customer
  occurred_at: {column: day, format: \"%Y-%m-%d\", zone: Europe/Madrid, precision: day}
  total: total
  currency: {value: EUR}
  channel: {value: web}
";

/// Three hundred customers, each with a rhythm of their own that ends for some.
fn history() -> String {
    let first: jiff::civil::Date = "2026-01-05".parse().unwrap();
    let mut csv = String::from("order,customer,day,total\n");
    let mut number = 0;
    for customer in 0..300_i32 {
        let (gap, orders) = (9 + customer % 31, 1 + customer * 7 % 12);
        for order in 0..orders {
            let day = first + jiff::Span::new().days(customer % 60 + order * gap);
            number += 1;
            writeln!(csv, "{number},c-{customer},{day},{}.50", 20 + customer % 17).unwrap();
        }
    }
    csv
}

#[test]
fn a_history_becomes_a_model_that_explains_a_customer() {
    let shop = Shop::new();
    let early = shop.run(&["score", "show"]);
    assert_eq!(early.code, 1, "nothing was learned yet: {}", early.out);
    let (table, mapping) = (shop.file("orders.csv", &history()), shop.file("map.yaml", MAPPING));
    let (table, mapping) = (table.to_str().unwrap(), mapping.to_str().unwrap());
    shop.run(&["import", table, "--mapping", mapping]).well();
    shop.file("shop/shop.yaml", "shop: Tienda\nzone: Europe/Madrid\ncurrency: EUR\n---\nsegment: spenders\nwhen: score \"rfm money\" at least 4\n");
    shop.run(&["apply", "shop"]).well();
    let spenders = || shop.run(&["--json", "segment", "show", "spenders"]).well().json();
    assert_eq!(spenders()["members"], 0, "no model says yet who they are");
    assert_eq!(shop.run(&["score", "show"]).code, 1);
    let dry = shop.run(&["--json", "score", "fit", "--dry-run"]).well().json();
    assert_eq!(dry["buyers"], 300);
    let until = |day: &'static str| {
        shop.run(&["--json", "score", "fit", "--dry-run", "--until", day]).well()
    };
    // Customers begin on sixty days from 2026-01-05 on: by the end of the thirtieth half of them have.
    let half = until("2026-02-03").json();
    assert_eq!(half["buyers"], 150, "{half}");
    let gone = until("2026-11-29");
    assert!(!gone.talk.contains("everybody seems lost"), "{}", gone.talk);
    assert_eq!(shop.run(&["score", "fit", "--until", "soon"]).code, 2);
    let fitted = shop.run(&["--json", "score", "fit"]).well().json();
    assert_eq!((&fitted["version"], &fitted["buyers"]), (&1.into(), &300.into()));
    assert_eq!(fitted["cuts"].as_array().unwrap().len(), 3);
    let told = spenders();
    assert!(told["members"].as_u64().unwrap() > 50, "computed with the model: {told}");
    assert!(fitted["fits"].as_array().unwrap().iter().any(|fit| fit["used"] == true));
    let shown = shop.run(&["score", "show"]).well().out;
    assert!(shown.contains("BG/NBD") && shown.contains("Gamma-Gamma"), "{shown}");
    let at = ["--kind", "customer_id", "--at", "2026-11-01T12:00:00Z"];
    let told = |language: &str| {
        let mut arguments = vec!["score", "explain", "c-40", "--language", language];
        arguments.extend(at);
        shop.run(&arguments).well().out
    };
    let (english, spanish, russian) = (told("en"), told("es"), told("ru"));
    assert!(english.contains("Stage: ") && english.contains("Churn risk"), "{english}");
    assert!(spanish.contains("Etapa: ") && spanish.contains("Riesgo de abandono"), "{spanish}");
    assert!(russian.contains("Стадия: ") && russian.contains("Риск ухода"), "{russian}");
    let rfm = shop.run(&["--json", "score", "rfm", "--to", "2026-06-30"]).well().json();
    let people: u64 =
        rfm["ways"].as_array().unwrap().iter().filter_map(|way| way["people"].as_u64()).sum();
    assert_eq!(people, 300);
    assert_eq!(shop.run(&["score", "rfm", "--to", "yesterday"]).code, 2);
    // What was learned stands in the way of nothing: the log still folds to the same state.
    shop.run(&["verify"]).well();
}
