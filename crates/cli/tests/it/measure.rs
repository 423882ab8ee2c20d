//! `measure lift`: a file of people who were assigned by chance, and what it says of them.

use std::fmt::Write;

use crate::program::Shop;

/// 3,000 people in three arms of a mail test. The mail of the second arm makes one in four of those
/// buy who would not have; men's mail does nothing. What they spent before tells much of it.
fn trial() -> String {
    let mut text = String::from("who,segment,visit,spend,history,region\n");
    for n in 0_u64..3_000 {
        let lot = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        let arm = ["No E-Mail", "Mens E-Mail", "Womens E-Mail"][usize::try_from(n % 3).unwrap()];
        let region = ["north", "south"][usize::try_from(lot % 2).unwrap()];
        let history = lot % 400;
        let by_mail = arm == "Womens E-Mail" && lot % 4 == 1;
        let visit = lot % 5 == 0 || by_mail;
        let spend = if visit { history / 2 + 20 } else { 0 };
        let answer = if visit { "yes" } else { "no" };
        writeln!(text, "p{n},{arm},{answer},{spend},{history},{region}").unwrap();
    }
    text
}

const COLUMNS: [&str; 6] =
    ["--assignment", "segment", "--control", "No E-Mail", "--outcome", "visit"];

fn lift<'a>(file: &'a std::path::Path, more: &[&'a str]) -> Vec<&'a str> {
    let file = file.to_str().unwrap();
    let mut words = vec!["--json", "measure", "lift", file];
    words.extend(COLUMNS);
    words.extend(more);
    words
}

#[test]
fn the_mail_that_works_is_told_from_the_one_that_does_not() {
    let shop = Shop::new();
    let file = shop.file("trial.csv", &trial());
    let more =
        ["--outcome", "spend", "--before", "history", "--before", "region", "--planned", "3000"];
    let found = shop.run(&lift(&file, &more)).well().json();
    assert_eq!(found["shares_broken"], false);
    let lifts = &found["outcomes"][0]["lifts"];
    assert_eq!(lifts[0]["arm"], "Mens E-Mail");
    assert_eq!(
        (&lifts[0]["verdict"], &lifts[1]["verdict"]),
        (&"not_told".into(), &"higher".into())
    );
    assert_eq!(found["outcomes"][0]["test"]["standing"], "decided");
    assert_eq!(found["outcomes"][0]["test"]["best"], "Womens E-Mail");
    assert!(found["outcomes"][1]["lifts"][1]["variance_taken"].as_f64().unwrap() > 0.05);
    let bounds = &lifts[1]["interval"];
    assert!(bounds[0].as_f64().unwrap() > 0.1 && bounds[1].as_f64().unwrap() < 0.35, "{bounds}");
}

/// What a statistician has by hand: the difference of means, and 1.96 of its standard errors to either side.
#[test]
fn a_trial_that_is_looked_at_once_has_the_usual_interval() {
    let shop = Shop::new();
    let mut text = String::from("arm;bought\n");
    for n in 0..4_000 {
        let (arm, one_in) = if n % 2 == 0 { ("mail", 8) } else { ("control", 10) };
        let bought = if n / 2 % one_in == 0 { "1,5" } else { "0" };
        writeln!(text, "{arm};{bought}").unwrap();
    }
    let file = shop.file("trial.csv", &text);
    let asked = |more: &[&'static str]| {
        let mut words =
            vec!["--json", "measure", "lift", file.to_str().unwrap(), "--assignment", "arm"];
        words.extend(["--control", "control", "--outcome", "bought"]);
        words.extend(more);
        shop.run(&words).well().json()
    };
    let ends = |found: &serde_json::Value| {
        let ends = &found["outcomes"][0]["lifts"][0]["interval"];
        (ends[0].as_f64().unwrap(), ends[1].as_f64().unwrap())
    };
    let variance = |share: f64| 2.25 * share * (1.0 - share) / 2_000.0 * 2_000.0 / 1_999.0;
    let reach = 1.959_964 * (variance(0.125) + variance(0.1)).sqrt();
    let (low, high) = ends(&asked(&["--once"]));
    assert!((low - (0.0375 - reach)).abs() < 1e-6, "{low}");
    assert!((high - (0.0375 + reach)).abs() < 1e-6, "{high}");
    let (wide, _) = ends(&asked(&[]));
    assert!(wide < low - 0.005, "{wide}");
}

#[test]
fn arms_of_other_sizes_than_planned_are_an_alarm() {
    let shop = Shop::new();
    let file = shop.file("trial.csv", &trial());
    let shares = "No E-Mail=1,Mens E-Mail=1,Womens E-Mail=2";
    let ended = shop.run(&lift(&file, &["--shares", shares]));
    assert_eq!(ended.code, 1);
    assert_eq!(ended.json()["shares_broken"], true);
    assert!(!ended.talk.contains("equal arms were expected"), "{}", ended.talk);
}

#[test]
fn what_cannot_be_measured_is_told_with_its_place_and_cure() {
    let shop = Shop::new();
    let file = shop.file("trial.csv", &trial());
    let told = |more: &[&str]| shop.run(&lift(&file, more)).talk;
    let nowhere = told(&["--before", "histroy"]);
    assert!(
        nowhere.contains("no column \"histroy\"") && nowhere.contains("\"history\""),
        "{nowhere}"
    );
    assert!(told(&["--before", "who"]).contains("more than 20 different texts"));
    assert!(told(&["--outcome", "region"]).contains("row 1: column \"region\" holds no number"));
    assert!(told(&["--shares", "No E-Mail=1"]).contains("says nothing of \"Mens E-Mail\""));
    assert!(told(&["--shares", "Nobody=1"]).contains("nobody was assigned to \"Nobody\""));
    assert!(told(&["--confidence", "95"]).contains("0.95"));
    let few = shop.file("few.csv", "segment,visit\nNo E-Mail,1\nNo E-Mail,0\n");
    assert!(shop.run(&lift(&few, &[])).talk.contains("a second arm"));
}
