//! The retail vocabulary: products, orders, places, consents, references.

use regulars_engine::source::{FeedSettings, SourceSettings};
use regulars_ingest::segment::{Hints, PathType};

use crate::tell::{event, read_from, rejection, shop, tell, track};

#[track_caller]
fn told(kind: &str, properties: &str, expected: &str) {
    let told = tell(&event(&track(kind, properties)));
    let expected = expected.replace(" @ ", " at 2026-11-21T10:00:00Z by ");
    assert!(told == expected, "told:\n{told}\n\nexpected:\n{expected}");
}

#[test]
fn a_product_stands_among_the_properties() {
    told(
        "product_added",
        r#"{"cart_id":"c-1","product_id":"tee","variant":"tee-m","sku":"TS-M","name":"T-shirt","price":19.99,"quantity":2,"currency":"eur","brand":"Casa","position":3}"#,
        "Product Added @ web, cart c-1, user_id ana\n\
         - 2000 milli, product_id tee, variant tee-m, sku TS-M, named T-shirt, for 3998\n\
         properties {\"brand\":\"Casa\",\"currency\":\"eur\",\"position\":3}",
    );
}

#[test]
fn a_till_sells() {
    told(
        "Order Completed",
        r#"{"channel":"store","store_id":"lisbon","till":"3","receipt_id":"R-9","staff":"joao","loyalty_id":"L-1","products":[{"product_id":"tee","gtin":"4006381333931","quantity":1.5,"price":"10.01"},{"ean":"123","till_code":77,"line_total":3}]}"#,
        "Order Completed @ store, store lisbon, till 3, staff joao, user_id ana, loyalty_id L-1\n\
         order lisbon/3/R-9 of 18.02 EUR\n\
         - 1500 milli, product_id tee, gtin 4006381333931, for 1502\n\
         - 1000 milli, gtin 123, till_code 77, for 300",
    );
}

#[test]
fn an_order_has_its_number_total_and_discount() {
    told(
        "Completed Order",
        r#"{"order_id":50314,"total":27.5,"revenue":25,"shipping":3,"discount":2.5,"coupon":"hasbros","currency":"USD","products":[{"id":"p-1","price":19,"position":1,"brand":"Hasbro"},{"sku":"s-2","price":3,"quantity":2}]}"#,
        "Order Completed @ web, user_id ana\n\
         order 50314 of 27.50 USD, discount 250, coupon hasbros\n\
         - 1000 milli, product_id p-1, for 1900\n\
         - 2000 milli, sku s-2, for 600\n\
         properties {\"products\":[{\"brand\":\"Hasbro\"},{}],\"revenue\":25,\"shipping\":3}",
    );
}

#[test]
fn numbers_of_two_systems_stay_apart() {
    let source = SourceSettings { order_space: "pos:".into(), ..shop() };
    let body = track("Order Completed", r#"{"order_id":"1","total":5}"#);
    let batch = read_from(&source, &body, PathType::Batch, &Hints::default()).unwrap();
    assert_eq!(batch.events[0].order.as_ref().unwrap().key, "pos:1");
}

#[test]
fn a_sale_without_a_number_is_still_a_sale() {
    told(
        "Order Completed",
        r#"{"total":5}"#,
        "Order Completed @ web, user_id ana\norder message/m-1 of 5.00 EUR",
    );
    assert!(rejection(&track("Order Cancelled", "{}")).starts_with("no_order_id"));
    assert!(rejection(&track("Order Refunded", r#"{"total":5}"#)).starts_with("no_order_id"));
}

#[test]
fn what_came_back_is_counted_without_a_sign() {
    told(
        "Order Refunded",
        r#"{"order_id":"7","total":-20,"products":[{"sku":"a","quantity":-2,"price":10}]}"#,
        "Order Refunded @ web, user_id ana\norder 7 of 20.00 EUR\n- 2000 milli, sku a, for 2000",
    );
    assert_eq!(
        rejection(&track(
            "Order Refunded",
            r#"{"order_id":"7","products":[{"sku":"a","quantity":-1,"price":10},{"sku":"b","price":5}]}"#
        )),
        "mixed_signs: \"products\" is positive on some lines of the return and negative on others"
    );
}

#[test]
fn amounts_that_cannot_be_are_set_aside() {
    let sale = |properties: &str| rejection(&track("Order Completed", properties));
    assert_eq!(
        sale(
            r#"{"order_id":"1","products":[{"sku":"a","price":1},{"sku":"b","quantity":-1,"price":10}]}"#
        ),
        "negative_amount: \"quantity\" of product 2 is negative, and a sale or a cart cannot be"
    );
    assert_eq!(
        sale(r#"{"order_id":"1","total":-5}"#),
        "negative_amount: \"total\" is negative, and a sale or a cart cannot be"
    );
    assert_eq!(
        sale(r#"{"order_id":"1","total":"19,99"}"#),
        "not_a_number: \"total\" is not a number"
    );
    assert_eq!(
        sale(r#"{"order_id":"1","total":1e40}"#),
        "amount_too_large: \"total\" is larger than any amount a shop has"
    );
    assert_eq!(
        sale(r#"{"order_id":"1","total":999999999999999}"#),
        "amount_too_large: \"total\" is larger than any amount a shop has"
    );
    assert_eq!(
        sale(r#"{"order_id":"1","total":5,"currency":"XXY"}"#),
        "currency_unknown: \"currency\" is not a currency of ISO 4217"
    );
    assert_eq!(
        sale(r#"{"order_id":"1","products":"tee"}"#),
        "not_a_list: \"products\" is not a list of objects"
    );
    assert_eq!(
        sale(r#"{"order_id":"1","products":["tee"]}"#),
        "not_a_list: \"products\" is not a list of objects"
    );
    assert!(
        rejection(&track("Product Added", r#"{"sku":"a","quantity":"many"}"#))
            .starts_with("not_a_number")
    );
    assert!(
        rejection(&track("Product Added", r#"{"sku":"a","currency":"doubloons"}"#))
            .starts_with("currency_unknown")
    );
}

#[test]
fn a_document_has_so_many_lines() {
    let lines = |count: usize| {
        format!(r#"{{"order_id":"1","products":[{}]}}"#, vec!["{}"; count].join(","))
    };
    assert_eq!(event(&track("Order Completed", &lines(10_000))).lines.len(), 10_000);
    assert!(rejection(&track("Order Completed", &lines(10_001))).starts_with("too_many_lines"));
}

#[test]
fn a_view_is_not_lost_for_its_price() {
    told(
        "Product Viewed",
        r#"{"product_id":"tee","price":"from 19 EUR","quantity":"x"}"#,
        "Product Viewed @ web, user_id ana\n- 1000 milli, product_id tee\n\
         properties {\"price\":\"from 19 EUR\",\"quantity\":\"x\"}",
    );
}

#[test]
fn what_we_have_no_word_for_keeps_everything() {
    told(
        "Waitlist Joined",
        r#"{"product_id":"tee","total":"soon","products":"x","currency":"none","cart_id":"c","order_id":"o"}"#,
        "Waitlist Joined @ web, user_id ana\n\
         properties {\"cart_id\":\"c\",\"currency\":\"none\",\"order_id\":\"o\",\"product_id\":\"tee\",\"products\":\"x\",\"total\":\"soon\"}",
    );
}

#[test]
fn a_page_keeps_its_own_name_and_address() {
    let page = r#"{"type":"page","userId":"ana","timestamp":"2026-11-21T10:00:00Z","name":"PDP","category":"Shop","properties":{"url":"https://shop.example/p/77","price":5},"context":{"page":{"url":"https://shop.example/x","referrer":"https://search.example"},"campaign":{"source":"mail","name":"spring"}}}"#;
    let told = tell(&event(page));
    let expected = "Page Viewed at 2026-11-21T10:00:00Z by web, user_id ana\n\
        properties {\"campaign\":{\"name\":\"spring\",\"source\":\"mail\"},\"category\":\"Shop\",\"name\":\"PDP\",\"price\":5,\"referrer\":\"https://search.example\",\"url\":\"https://shop.example/p/77\"}";
    assert!(told == expected, "{told}");
}

#[test]
fn consents_are_by_channel_and_purpose() {
    told(
        "Consent Given",
        r#"{"channel":"email","purpose":"promotion","email":"ana@shop.es","wording":"Yes, send me news"}"#,
        "Consent Given @ web, user_id ana, email ana@shop.es\nconsent Given: email for promotion",
    );
    told(
        "Consent Withdrawn",
        r#"{"phone":"+34600112233"}"#,
        "Consent Withdrawn @ web, user_id ana, phone +34600112233\nconsent Withdrawn: sms for promotion and care",
    );
    told(
        "Unsubscribed",
        r#"{"email_id":"e-1","list_id":"l-1"}"#,
        "Unsubscribed @ email, user_id ana\nconsent Withdrawn: email for promotion\nrefers to e-1\nproperties {\"list_id\":\"l-1\"}",
    );
    assert!(rejection(&track("Consent Given", "{}")).starts_with("consent_channel"));
    assert!(
        rejection(&track("Consent Given", r#"{"channel":"pigeon"}"#))
            .starts_with("consent_channel")
    );
    assert!(
        rejection(&track("Consent Given", r#"{"channel":"sms","purpose":"fun"}"#))
            .starts_with("consent_purpose")
    );
    assert!(
        rejection(r#"{"type":"track","event":"Consent Given","properties":{"channel":"sms"}}"#)
            .starts_with("names_nobody")
    );
}

#[test]
fn tickets_reviews_and_chats_are_referred_to() {
    told(
        "Ticket Opened",
        r#"{"ticket_id":"T-1","subject":"hole"}"#,
        "Ticket Opened @ service, user_id ana\nrefers to T-1\nproperties {\"subject\":\"hole\"}",
    );
    told(
        "Product Reviewed",
        r#"{"product_id":"tee","review_id":"r","rating":"5"}"#,
        "Product Reviewed @ web, user_id ana\n- 1000 milli, product_id tee\nrefers to r\nproperties {\"rating\":\"5\"}",
    );
}

/// Whoever opens a page has its write key, and must not stop an address with it.
#[test]
fn what_became_of_mail_is_not_for_whoever_has_a_public_key() {
    let named =
        |name: &str, tells_of_mail| SourceSettings { tells_of_mail, ..SourceSettings::named(name) };
    let codes = |source: &SourceSettings, event: &str| {
        let body = track(event, r#"{"email":"maria@example.com"}"#);
        let batch = read_from(source, &body, PathType::Batch, &Hints::default()).unwrap();
        batch.rejections.iter().map(|rejection| rejection.reason.code()).collect::<Vec<_>>()
    };
    let words = [
        "Email Delivered",
        "email_opened",
        "Email Clicked",
        "Email Bounced",
        "Email Spam Reported",
        "Email Marked as Spam",
        "Email Deferred",
        "Email Fetched",
    ];
    for word in words {
        for public in ["web", "app-ios", "social-shop", "ads", "whatever"] {
            assert_eq!(codes(&named(public, None), word), ["not_its_to_tell"], "{public}: {word}");
        }
        assert_eq!(codes(&named("web", Some(true)), word), [""; 0], "{word}");
        assert_eq!(codes(&named("email", None), word), [""; 0], "{word}");
        assert_eq!(codes(&named("email", Some(false)), word), ["not_its_to_tell"], "{word}");
    }
    for no in ["Unsubscribed", "Consent Withdrawn"] {
        assert_eq!(codes(&named("web", None), no), [""; 0], "a no counts from everybody");
    }
}

#[test]
fn a_till_speaks_for_its_own_feed() {
    let source = SourceSettings {
        feeds: vec![FeedSettings { name: "till-3".into(), rhythm: None, lag_ms: None }],
        ..shop()
    };
    let feed = |properties: &str, message: &str| {
        let body =
            track("Store Visited", properties).replace("\"type\"", &format!("{message}\"type\""));
        let batch = read_from(&source, &body, PathType::Batch, &Hints::default()).unwrap();
        batch.events[0].feed.clone()
    };
    assert_eq!(feed(r#"{"till":"till-3"}"#, ""), "till-3");
    assert_eq!(feed(r#"{"till":"till-4"}"#, ""), "");
    assert_eq!(feed(r#"{"till":"till-3"}"#, "\"feed\":\"floor\","), "floor");
}
