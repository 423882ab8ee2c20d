//! Writing conditions: completion, layout, and names that only the data knows.

use proptest::prelude::*;

use super::language::condition;
use crate::condition::{Condition, Names, Suggests, complete};

fn names() -> Names {
    let list = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Names {
        events: list(&["Product Viewed", "Game Played"]),
        traits: list(&["city", "favourite colour"]),
        fields: list(&["rating", "campaign name"]),
        segments: list(&["vip"]),
        lists: list(&["vips-2026"]),
        scores: list(&["engagement"]),
        products: list(&["tee"]),
        categories: list(&["Shoes"]),
    }
}

/// What is suggested at the bar.
fn at(text: &str) -> Vec<String> {
    let cursor = text.find('|').unwrap();
    let completion = complete(&text.replace('|', ""), cursor, &names());
    completion.suggestions.into_iter().map(|suggestion| suggestion.text).collect()
}

#[test]
fn what_may_stand_at_the_cursor_is_suggested() {
    assert!(at("|").contains(&"cart".to_owned()));
    assert_eq!(at("cart is op|"), ["open"]);
    assert_eq!(at("cart is open a|"), ["and"]);
    assert_eq!(at("event |"), ["\"Product Viewed\"", "\"Game Played\""]);
    assert_eq!(at("event \"gam|"), ["\"Game Played\""]);
    assert_eq!(at("trait ci|"), ["city"]);
    assert_eq!(at("trait favou|"), ["\"favourite colour\""]);
    assert!(at("event \"Product Viewed\" where |").contains(&"category".to_owned()));
    assert_eq!(at("event \"Product Viewed\" where category is \"sh|"), ["\"Shoes\""]);
    assert_eq!(at("in segment |"), ["\"vip\""]);
    assert_eq!(at("orders at l|"), ["least"]);
    assert!(at("has ordered in the last |").contains(&"30 days".to_owned()));
    assert!(at("has ordered |").contains(&"in the last".to_owned()));
    assert!(at("(cart is open or |").contains(&"ticket".to_owned()));
    assert_eq!(at("score \"engagement\" at |"), ["least", "most"]);
    assert!(complete("cart is é", 10, &names()).suggestions.is_empty());
    let within = complete("cart is open", 7, &names());
    assert_eq!((within.from, within.suggestions.len()), (5, 0));
    let kinds: Vec<Suggests> =
        complete("in list ", 8, &names()).suggestions.iter().map(|s| s.kind).collect();
    assert_eq!(kinds, [Suggests::List]);
}

#[test]
fn a_name_that_nothing_bears_is_told_with_the_one_that_was_meant() {
    let told = |text: &str| -> Vec<String> {
        let problems = Condition::parse(text).unwrap().unfamiliar(text, &names());
        problems.iter().map(|p| format!("{}: {}", &text[p.at.clone()], p.cure)).collect()
    };
    assert_eq!(told("has done \"Game Plaid\""), ["\"Game Plaid\": did you mean \"Game Played\"?"]);
    assert_eq!(
        told("trait citty is \"Porto\" and in segment \"vpi\""),
        ["citty: did you mean \"city\"?", "\"vpi\": did you mean \"vip\"?"]
    );
    assert_eq!(told("has bought category \"Shose\""), ["\"Shose\": did you mean \"Shoes\"?"]);
    assert!(told("has done \"Something New\" and trait city is known").is_empty());
}

#[test]
fn a_long_condition_has_a_line_for_each_part() {
    let text = "cart is open and no cart event for 1 hour and (consent to email promotion or \
                (reachable by sms and consent to sms promotion and not has ordered in the last 30 days)) \
                and not ticket is open";
    insta::assert_snapshot!(Condition::format(text).unwrap(), @r"
    cart is open
    and no cart event for 1 hour
    and (
      consent to email promotion
      or (
        reachable by sms
        and consent to sms promotion
        and not has ordered in the last 30 days
      )
    )
    and not ticket is open
    ");
    assert_eq!(Condition::format("cart  IS open").unwrap(), "cart is open");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    /// A layout says the same, and laying it out again changes nothing: files stay still.
    #[test]
    fn a_layout_lasts(condition in condition()) {
        let text = condition.laid_out();
        prop_assert_eq!(Condition::parse(&text), Ok(condition), "{}", text);
        prop_assert_eq!(Condition::format(&text), Ok(text.clone()));
    }

    /// Wherever the cursor stands, completion answers, and what it suggests for a word is read on.
    #[test]
    fn completion_never_fails(condition in condition(), place in any::<u16>()) {
        let text = condition.to_string();
        let cursor = usize::from(place) % (text.len() + 1);
        let completion = complete(&text, cursor, &names());
        prop_assert!(completion.from <= text.len());
    }
}
