//! Computed traits: what they come to, how conditions ask them, and what is said of them.

use std::sync::Arc;

use proptest::prelude::*;

use super::language::figure;
use super::shop::{Question, at, game, order, with_trait};
use crate::condition::{
    Aggregates, ComputedTrait, ComputedTraits, Condition, Figure, Manner, evaluate,
};
use crate::event::{Currency, Kind, Value};
use crate::reason::Fact;

const TRAITS: [(&str, &str); 6] = [
    ("level", "most frequent level of event \"Game Played\" in the last 30 days"),
    ("points", "average points of event \"Game Played\""),
    ("worth", "sum of total of orders"),
    ("rhythm", "time between orders"),
    ("levels", "number of different level of event \"Game Played\""),
    ("mood", "last mood of event \"Game Played\""),
];

fn traits() -> ComputedTraits {
    let computed = |(name, text): (&str, &str)| {
        let figure = Figure::parse(text).unwrap();
        (name.to_owned(), Arc::new(ComputedTrait::new(name, figure, Currency::EUR)))
    };
    TRAITS.into_iter().map(computed).collect()
}

/// Three games and two orders; the person says to be of another level than the games tell.
fn player() -> Question {
    Question::about(vec![
        order(Kind::OrderCompleted, "a", at("2026-11-01T10:00"), &["tee"]),
        order(Kind::OrderCompleted, "b", at("2026-11-11T22:00"), &["hat"]),
        game(at("2026-11-02T10:00"), 3, "gold"),
        game(at("2026-11-05T10:00"), 10, "silver"),
        game(at("2026-11-09T10:00"), 5, "gold"),
        with_trait(at("2026-11-20T10:00"), "level", Value::Text("iron".to_owned())),
    ])
    .now("2026-11-22T10:00")
}

fn read(text: &str) -> Condition {
    let mut condition = Condition::parse(text).unwrap();
    condition.take_traits(&traits());
    condition
}

/// The truth, the facts and the next moment.
fn known(text: &str) -> String {
    let condition = read(text);
    let question = player().declared(&condition);
    let answer = question.with(Manner::AsKnown, |asked| evaluate(&condition, asked));
    let facts: Vec<String> = answer.facts.iter().map(Fact::text).collect();
    let next = answer.next.map_or_else(String::new, |at| format!("; next {at}"));
    format!("{}: {}{next}", answer.truth.word(), facts.join("; "))
}

#[test]
fn a_condition_asks_a_computed_trait_like_a_stated_one() {
    insta::assert_snapshot!(known("trait level is \"GOLD\""), @r#"true: trait level is "GOLD"; level is computed: most frequent level of event "Game Played" in the last 30 days; the most frequent level: gold; next 2026-12-09T10:00:00Z"#);
    insta::assert_snapshot!(known("trait level is one of (\"iron\", \"silver\")"), @r#"false: trait level is something else; level is computed: most frequent level of event "Game Played" in the last 30 days; the most frequent level: gold"#);
    insta::assert_snapshot!(known("trait points at least 6"), @r#"true: trait points at least 6; points is computed: average points of event "Game Played"; points on average: 6"#);
    insta::assert_snapshot!(known("trait points more than 6"), @r#"false: trait points is something else; points is computed: average points of event "Game Played"; points on average: 6"#);
    insta::assert_snapshot!(known("trait worth at least 39.98"), @"true: trait worth at least 39.98; worth is computed: sum of total of orders; total in all: 39.98 EUR");
    insta::assert_snapshot!(known("trait worth is 39.98"), @"true: trait worth is 39.98; worth is computed: sum of total of orders; total in all: 39.98 EUR");
    insta::assert_snapshot!(known("trait rhythm at most 10.5"), @"true: trait rhythm at most 10.5; rhythm is computed: time between orders; from one to the next it takes 252 hours on average");
    insta::assert_snapshot!(known("trait levels exactly 2"), @r#"true: trait levels exactly 2; levels is computed: number of different level of event "Game Played"; different values of level: 2"#);
    insta::assert_snapshot!(known("trait mood is known"), @r#"false: trait mood is not known; mood is computed: last mood of event "Game Played"; nothing is known to reckon mood from"#);
}

#[test]
fn what_it_comes_to_is_there_for_templates() {
    let all = traits();
    let mut aggregates = Aggregates::default();
    aggregates.extend_by_figures(all.values().map(|computed| &computed.figure));
    let question = player().folded_with(&aggregates);
    let told: Vec<String> = question.with(Manner::AsKnown, |asked| {
        let values = all.values().map(|one| (&one.name, one.value(asked)));
        values.map(|(name, value)| format!("{name}: {}", shown(value))).collect()
    });
    insta::assert_snapshot!(told.join("\n"), @r"
    level: gold
    levels: 2
    mood: nothing
    points: 6
    rhythm: 10.5
    worth: 39.98 EUR
    ");
    // Whose events came before the shop computed it: nothing is made up meanwhile.
    let before = player().with(Manner::AsKnown, |asked| all["points"].value(asked));
    assert_eq!(before, None);
}

fn shown(value: Option<Value>) -> String {
    value.and_then(|value| value.as_word()).unwrap_or_else(|| "nothing".to_owned())
}

#[test]
fn what_is_no_figure_is_told_with_its_cure() {
    let wrong = |text: &str| {
        let problems = Figure::parse(text).unwrap_err();
        problems
            .iter()
            .map(|p| format!("{}: {} | {}", p.at.start, p.message, p.cure))
            .collect::<Vec<_>>()
            .join("\n")
    };
    insta::assert_snapshot!(wrong("most frequent category of orders is \"Shoes\""), @r#"33: "is" has no meaning behind a figure | leave it out: what is asked of a trait stands in conditions"#);
    insta::assert_snapshot!(wrong("median total of orders"), @r#"0: here comes "first", "last", "sum", "average", "smallest", "largest", "number", "most" or "time", not "median" | for example: most frequent category of event "Product Viewed""#);
    insta::assert_snapshot!(wrong("sum of store of orders"), @r#"7: "store" is a text, of which there is no sum of | take a number or an amount, such as total, price or quantity"#);
    insta::assert_snapshot!(wrong(""), @r#"0: here comes "first", "last", "sum", "average", "smallest", "largest", "number", "most" or "time", and nothing is there | for example: most frequent category of event "Product Viewed""#);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(500) })]

    /// Files keep the printed form of a figure, so it must be the same figure.
    #[test]
    fn a_printed_figure_reads_back_as_itself(condition in figure()) {
        if let Condition::Figure { figure, .. } = condition {
            prop_assert_eq!(Figure::parse(&figure.to_string()), Ok(figure));
        }
    }
}
