//! Wrong conditions: each mistake is found at its place, marked here by ⟦ ⟧, and named with a cure.

use crate::condition::Condition;

/// The text with the place of its first mistake marked, and a part of the cure.
const WRONG: &[(&str, &str)] = &[
    // Nothing, or nothing that begins a statement.
    ("⟦⟧", "cart is open"),
    ("⟦   ⟧", "cart is open"),
    ("⟦basket⟧ is open", "begin with cart, has"),
    ("⟦crat⟧ is open", "write \"cart\""),
    ("⟦bought⟧ product \"tee\"", "write \"has bought\""),
    ("⟦order⟧ at least 2", "write \"orders\""),
    ("⟦segment⟧ \"vip\"", "write \"in segment\""),
    ("⟦\"tee\"⟧", "begin with cart, has"),
    ("⟦3⟧ orders", "begin with cart, has"),
    // Words of a statement.
    ("cart⟦⟧", "cart is open"),
    ("cart ⟦opened⟧", "cart is open"),
    ("cart is ⟦opn⟧", "write \"open\""),
    ("cart is⟦⟧", "cart is open"),
    ("cart is not ⟦full⟧", "cart is open"),
    ("cart has ⟦tee⟧", "cart has product \"tee\""),
    ("cart has product ⟦tee⟧", "\"tee\""),
    ("cart has product ⟦\"\"⟧", "product \"tee\""),
    ("cart has product ⟦'tee'⟧", "\"tee\""),
    ("cart has product ⟦“tee”⟧", "\"tee\""),
    ("cart has product ⟦\"tee⟧", "put a \" behind"),
    ("has ⟦bougth⟧ product \"tee\"", "write \"bought\""),
    ("has bought ⟦\"tee\"⟧", "has bought product \"tee\""),
    ("has bought any ⟦prodcut⟧ of the cart", "write \"product\""),
    ("has bought any product of ⟦cart⟧", "of the cart"),
    ("has returned product \"tee\" ⟦in⟧ store", "leave the channel out"),
    ("no ⟦basket⟧ event for 1 hour", "no cart event for 1 hour"),
    ("no cart event ⟦since⟧ 1 hour", "no cart event for 1 hour"),
    ("ticket ⟦open⟧", "ticket is open"),
    ("first seen ⟦by⟧ ads", "first seen through ads"),
    ("first seen through ⟦tv⟧", "one of web, app, store"),
    ("consent to ⟦fax⟧ promotion", "one of web"),
    ("consent to email ⟦promotoin⟧", "write \"promotion\""),
    ("consent ⟦email⟧ promotion", "consent to email promotion"),
    ("reachable by ⟦store⟧", "email"),
    ("reachable by ⟦emial⟧", "write \"email\""),
    ("reachable by email for ⟦promotoin⟧", "write \"promotion\""),
    ("reachable by email for⟦⟧", "reachable by email for promotion"),
    ("ticket is open for ⟦3⟧ days", "more than 3 days"),
    ("ticket is open for more than ⟦days⟧", "such as 30 days"),
    ("tickets ⟦2⟧", "at least"),
    ("ticket ⟦closd⟧ in the last 7 days", "write \"closed\""),
    // Before and after.
    ("touched social before the ⟦order⟧", "before the first order"),
    ("touched social before the first ⟦purchase⟧", "before the first order"),
    ("touched social before the ⟦fist⟧ order", "write \"first\""),
    ("has ordered after the first touch⟦⟧", "after the first touch on ads"),
    ("has ordered after the last touch on ⟦adds⟧", "write \"ads\""),
    ("has ordered after the last ⟦Store⟧ Visited", "order"),
    ("has ordered within ⟦two⟧ days after the first order", "such as 30 days"),
    ("has ordered within ⟦a⟧ day after the first order", "write 1 day"),
    ("has ordered within 2 days ⟦of⟧ the first order", "within 2 days after the last"),
    ("has ordered within 2 days after ⟦2026-11-27⟧", "after the last \"Message Sent\""),
    ("has ordered within 2 days before any⟦⟧", "within 2 days after the last"),
    ("touched social before the first order where ⟦totl⟧ at least 50 EUR", "write \"total\""),
    ("touched social before the first order where total ⟦at⟧ least 50", "50 EUR"),
    ("has ordered after the last touch on ads ⟦where⟧ store is \"a\"", "name the event"),
    (
        "has ordered after the last \"A\" after the last \"B\" after any \"C\" after ⟦the⟧ last \"D\"",
        "make two statements",
    ),
    ("in ⟦segmnet⟧ \"vip\"", "write \"segment\""),
    ("in segment ⟦vip⟧", "\"vip\""),
    ("score ⟦engagement⟧ at least 70", "\"engagement\""),
    ("score \"engagement\" ⟦is⟧ 70", "for example"),
    ("stage is ⟦lasping⟧", "write \"lapsing\""),
    ("stage ⟦lapsing⟧", "stage is lapsing"),
    ("in ⟦lits⟧ \"vips\"", "write \"list\""),
    // Lengths of time and windows.
    ("no cart event for ⟦an⟧ hour", "write 1 hour"),
    ("no cart event for 1 ⟦hou⟧", "write \"hours\""),
    ("no cart event for 1⟦h⟧", "write \"hours\""),
    ("no cart event for ⟦0⟧ hours", "whole number from 1"),
    ("no cart event for ⟦1.5⟧ hours", "whole number from 1"),
    ("no cart event for 90⟦⟧", "90 minutes"),
    ("has ordered in ⟦last⟧ 30 days", "in the last 30 days"),
    ("has ordered in the last ⟦month⟧", "30 days"),
    ("has ordered since ⟦monday⟧", "since entry"),
    ("last order more than 60 days⟦⟧", "ago"),
    ("last order ⟦older⟧ than 60 days", "more than 60 days ago"),
    ("last ⟦purchase⟧ more than 60 days ago", "last order more than 60 days ago"),
    // Bounds and amounts.
    ("orders ⟦2⟧", "at least"),
    ("orders at ⟦lest⟧ 2", "write \"least\""),
    ("orders at least ⟦two⟧", "in digits"),
    ("orders at least ⟦2.5⟧", "whole number"),
    ("orders at least ⟦-1⟧", "whole number"),
    ("orders ⟦>=⟧ 2", "at least"),
    ("orders ⟦atleast⟧ 2", "orders at least 2"),
    ("spent at least 100⟦⟧", "100 EUR"),
    ("spent at least 100 ⟦euros⟧", "100 EUR"),
    ("spent at least ⟦€⟧100", "30 EUR"),
    ("spent at least 100 ⟦EUX⟧", "three letters"),
    ("spent at least ⟦1,000⟧ EUR", "nothing between thousands"),
    ("spent at least ⟦9.999⟧ EUR", "at most 2 digits"),
    ("spent at least ⟦-5⟧ EUR", "leave the minus out"),
    ("event \"Product Viewed\" at least ⟦often⟧", "in digits"),
    ("event ⟦Product⟧ Viewed", "\"Product\""),
    ("has done⟦⟧", "event"),
    // Filters and figures.
    ("orders where ⟦totl⟧ at least 50 EUR at least 2", "write \"total\""),
    ("orders where total ⟦at⟧ least 50", "50 EUR"),
    ("orders where total ⟦at⟧ least 50 at least 2", "the currency behind the number: 50 EUR"),
    ("orders where store ⟦at⟧ least 3 at least 2", "write \"is\""),
    ("orders where store is ⟦3⟧ at least 2", "in quotes"),
    ("orders where total is ⟦\"50\"⟧ at least 2", "at least 50 EUR"),
    ("orders where quantity ⟦at⟧ least 2 EUR at least 1", "leave EUR out"),
    ("has done \"Reviewed\" where rating not ⟦is⟧ 2", "write \"is not\""),
    ("last category of event \"Viewed\" not ⟦is⟧ \"Shoes\"", "write \"is not\""),
    ("orders where (store is \"a\" ⟦or⟧ store is \"b\") at least 1", "is one of"),
    ("orders where (store is \"a\" ⟦orders⟧", "put a )"),
    ("spent where ⟦category⟧ is \"Shoes\" at least 50 EUR", "sum of amount of orders"),
    (
        "event \"Product Viewed\" where ⟦categry⟧ is \"Shoes\" at least 2 times",
        "write \"category\"",
    ),
    ("average total of orders ⟦at⟧ least 50", "write the currency behind the number: 50 EUR"),
    ("average total ⟦in⟧ orders at least 50 EUR", "average total of orders"),
    ("sum of ⟦store⟧ of orders at least 3", "take a number or an amount"),
    ("sum of ⟦totl⟧ of orders at least 3 EUR", "write \"total\""),
    ("number of different category of orders ⟦at⟧ least 3 EUR", "leave EUR out"),
    ("time between orders at most ⟦often⟧", "30 days"),
    ("has ordered between ⟦2026-12-01⟧ and 2026-11-01", "between 2026-11-01 and 2026-12-01"),
    ("has ordered before ⟦christmas⟧", "2026-11-27"),
    ("has ordered since ⟦2026-13-01⟧", "2026-11-27"),
    ("has done \"QR Scanned\" ⟦on⟧ the last 3 orders", "in the last 30 days"),
    ("has ordered on the last ⟦0⟧ orders", "from 1 to 1000"),
    // The calendar.
    ("weekday is ⟦mondya⟧", "write \"monday\""),
    ("weekday is one of ⟦monday⟧", "(friday, saturday)"),
    ("hour ⟦at⟧ least 24", "from 0 to 23"),
    ("anniversary of trait birthday is ⟦tomorrow⟧", "is today"),
    ("anniversary of trait birthday in the next ⟦2⟧ years", "1 to 300 days"),
    ("anniversary ⟦trait⟧ birthday is today", "anniversary of trait birthday"),
    // Traits.
    ("trait⟦⟧", "trait city is \"Porto\""),
    ("trait city ⟦=⟧ \"Porto\"", "write \"is\""),
    ("trait city is ⟦Porto⟧", "\"Porto\""),
    ("trait city is one of ⟦\"Porto\"⟧", "(\"Porto\", \"Lisbon\")"),
    ("trait city is one of (\"Porto\" ⟦\"Lisbon\"⟧)", "(\"Porto\", \"Lisbon\")"),
    ("trait points at least ⟦\"3\"⟧", "without quotes"),
    ("trait city is \"a⟦\\n⟧b\"", "two of them"),
    // And, or, not, brackets.
    ("cart is open and⟦⟧", "cart is open"),
    ("⟦and⟧ cart is open", "leave \"and\" out"),
    ("cart is open ⟦cart⟧ has product \"tee\"", "\"and\" or \"or\" before it"),
    ("cart is open ⟦,⟧ ticket is open", "instead of the comma"),
    ("cart is open ⟦adn⟧ ticket is open", "write \"and\""),
    ("cart is open ⟦&&⟧ ticket is open", "write \"and\""),
    ("cart is open⟦.⟧", "without a full stop"),
    ("⟦(⟧cart is open", "put a )"),
    ("cart is open⟦)⟧", "leave it out"),
    ("not⟦⟧", "cart is open"),
    ("not ⟦!⟧ticket is open", "write \"not\""),
    ("⟦[⟧cart is open] or always", "round brackets"),
];

#[test]
fn every_mistake_is_found_at_its_place_and_names_a_cure() {
    assert!(WRONG.len() >= 60);
    let mut wrong = Vec::new();
    for (marked, cure) in WRONG {
        let start = marked.find('⟦').unwrap();
        let end = marked.find('⟧').unwrap() - '⟦'.len_utf8();
        let text = marked.replace(['⟦', '⟧'], "");
        match Condition::parse(&text) {
            Ok(read) => wrong.push(format!("{marked} reads as {read}")),
            Err(problems) => {
                let first = &problems[0];
                if first.at != (start..end) || !first.cure.contains(cure) {
                    wrong.push(format!(
                        "{marked}: wants {start}..{end} and {cure:?}; found {first:?}"
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn all_mistakes_are_told_at_once() {
    let cures = |text: &str| -> Vec<String> {
        let problems = Condition::parse(text).unwrap_err();
        problems
            .iter()
            .map(|problem| format!("{}: {}", &text[problem.at.clone()], problem.cure))
            .collect()
    };
    assert_eq!(
        cures(
            "(cart is opne or spent at least 5 euro) and not bought product \"tee\" and orders >= 2"
        ),
        [
            "opne: write \"open\"",
            "euro: write 5 EUR",
            "bought: write \"has bought\"",
            ">=: write \"at least\"",
            "2: put \"at least\" before the number",
        ]
    );
    assert_eq!(
        cures("cart is open cart is emtpy, ticket is open)"),
        ["cart: put \"and\" or \"or\" before it", "emtpy: write \"empty\"", "): leave it out",]
    );
}

/// JSON with a slip in a key, and the cure.
const WRONG_JSON: &[(&str, &str)] = &[
    (
        r#"{"done":{"deed":"bought","thing":"anything","windw":{"last":{"count":7,"unit":"days"}}}}"#,
        "did you mean \"window\"?",
    ),
    (
        r#"{"orders":{"limit":{"comparison":"at_least","value":2},"chanel":"store"}}"#,
        "did you mean \"channel\"?",
    ),
    (
        r#"{"orders":{"limt":{"comparison":"at_least","value":2}}}"#,
        "write \"limit\" in place of \"limt\"",
    ),
    (r#"{"cart":"opne"}"#, "did you mean \"open\"?"),
    (r#"{"crat":"open"}"#, "did you mean \"cart\"?"),
    (
        r#"{"all":[{"cart":"open"},{"cart":{"idle":{"count":1,"unit":"hours","per":2}}}]}"#,
        "leave it out",
    ),
    (
        r#"{"touched":{"channel":"social","window":{"before_mark":{"which":"first","of":{"order":{}},"wihtin":{"count":2,"unit":"days"}}}}}"#,
        "did you mean \"within\"?",
    ),
    (
        r#"{"touched":{"channel":"social","window":{"before_mark":{"which":"any","of":{"order":{}}}}}}"#,
        "write it in words",
    ),
    (
        r#"{"event_age":{"end":"last","kind":"Store Visited","age":{"more_than":{"count":1,"unit":"dayz"}}}}"#,
        "did you mean \"days\"?",
    ),
];

#[test]
fn a_slip_in_json_is_told_with_its_cure() {
    for (json, cure) in WRONG_JSON {
        let read = Condition::from_json(serde_json::from_str(json).unwrap());
        let problem = read.expect_err(json);
        assert!(problem.cure.contains(cure), "{json}: wants {cure:?}; found {problem:?}");
    }
}

#[test]
fn what_json_may_leave_out_it_may_also_say() {
    let said = r#"{"orders":{"limit":{"comparison":"at_least","value":2},"channel":null,"window":"ever"}}"#;
    let read = Condition::from_json(serde_json::from_str(said).unwrap());
    assert_eq!(read.unwrap().to_string(), "orders at least 2");
}
