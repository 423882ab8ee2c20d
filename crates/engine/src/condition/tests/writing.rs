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

/// What is suggested behind a text.
fn behind(text: &str) -> Vec<String> {
    let completion = complete(text, &names());
    completion.suggestions.into_iter().map(|suggestion| suggestion.text).collect()
}

#[test]
fn what_may_stand_at_the_cursor_is_suggested() {
    assert!(behind("").contains(&"cart".to_owned()));
    assert_eq!(behind("cart is op"), ["open"]);
    assert_eq!(behind("cart is open a"), ["and"]);
    assert_eq!(behind("event "), ["\"Product Viewed\"", "\"Game Played\""]);
    assert_eq!(behind("event \"gam"), ["\"Game Played\""]);
    assert_eq!(behind("trait ci"), ["city"]);
    assert_eq!(behind("trait favou"), ["\"favourite colour\""]);
    assert!(behind("event \"Product Viewed\" where ").contains(&"category".to_owned()));
    assert_eq!(behind("event \"Product Viewed\" where category is \"sh"), ["\"Shoes\""]);
    assert_eq!(behind("in segment "), ["\"vip\""]);
    assert_eq!(behind("orders at l"), ["least"]);
    assert!(behind("has ordered in the last ").contains(&"30 days".to_owned()));
    assert!(behind("has ordered ").contains(&"in the last".to_owned()));
    assert!(behind("has ordered before ").contains(&"the first".to_owned()));
    assert_eq!(behind("has ordered after the l"), ["last"]);
    assert!(behind("has ordered after the last ").contains(&"\"Game Played\"".to_owned()));
    assert!(behind("has ordered after the first touch on ").contains(&"ads".to_owned()));
    assert!(behind("has ordered within ").contains(&"30 days".to_owned()));
    assert_eq!(behind("has ordered within 2 days a"), ["after"]);
    assert!(behind("has ordered within 2 days after ").contains(&"any".to_owned()));
    assert!(behind("has ordered within 2 days after any ").contains(&"\"Game Played\"".to_owned()));
    let behind_mark = behind("has ordered after the last \"Game Played\" ");
    assert!(
        ["where", "before", "after", "within"]
            .iter()
            .all(|w| behind_mark.contains(&(*w).to_owned()))
    );
    assert_eq!(behind("reachable by email for p"), ["promotion"]);
    assert_eq!(behind("ticket is open f"), ["for"]);
    assert!(behind("(cart is open or ").contains(&"ticket".to_owned()));
    assert_eq!(behind("score \"engagement\" at "), ["least", "most"]);
    assert!(behind("cart is é").is_empty());
    let within = complete("cart is", &names());
    assert_eq!((within.from, within.suggestions.len()), (5, 0));
    let kinds: Vec<Suggests> =
        complete("in list ", &names()).suggestions.iter().map(|s| s.kind).collect();
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
    assert_eq!(
        told("has done \"Product Viewed\" where ratting at least 3"),
        ["ratting: did you mean \"rating\"?"]
    );
    assert_eq!(
        told("has ordered after the last \"Game Played\" where ratting at least 3"),
        ["ratting: did you mean \"rating\"?"]
    );
    assert!(told("has done \"Something New\" and trait city is known").is_empty());
}

#[test]
fn a_long_condition_has_a_line_for_each_part() {
    let text = "cart is open and no cart event for 1 hour and (consent to email promotion or \
                (reachable by sms and consent to sms promotion and not has ordered in the last 30 days)) \
                and not ticket is open";
    insta::assert_snapshot!(Condition::parse(text).unwrap().laid_out(), @r"
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
    assert_eq!(Condition::parse("cart  IS open").unwrap().laid_out(), "cart is open");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    /// A layout says the same, and laying it out again changes nothing: files stay still.
    #[test]
    fn a_layout_lasts(condition in condition()) {
        let text = condition.laid_out();
        let again = Condition::parse(&text);
        prop_assert_eq!(again.as_ref(), Ok(&condition), "{}", text);
        prop_assert_eq!(again.unwrap().laid_out(), text);
    }

    /// Wherever the cursor stands, completion answers, and replaces nothing behind it.
    #[test]
    fn completion_never_fails(condition in condition(), typed in any::<u16>()) {
        let text = condition.to_string();
        let typed = usize::from(typed) % (text.chars().count() + 1);
        let before: String = text.chars().take(typed).collect();
        let completion = complete(&before, &names());
        prop_assert!(before.is_char_boundary(completion.from));
    }
}
