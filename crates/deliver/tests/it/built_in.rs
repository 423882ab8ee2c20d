//! The templates that come with the program.

use regulars_deliver::template::{CART_COUPON, CART_REMINDER, Compiled, built_in};
use serde_json::{Value, json};

/// What both templates want, with every optional value there.
pub(crate) fn context() -> Value {
    json!({
        "person": { "first_name": "María" },
        "shop": {
            "name": "Oakleaf",
            "url": "https://oakleaf.example",
            "address": "Calle Mayor 1, 28013 Madrid, Spain",
        },
        "cart": {
            "url": "https://oakleaf.example/cart",
            "products": [
                {
                    "name": "Linen T-shirt",
                    "image": "https://oakleaf.example/img/1.jpg",
                    "price": "24,90 €",
                    "url": "https://oakleaf.example/p/1?a=1&b=2",
                },
                { "name": "Wool socks", "price": "9,00 €", "url": "https://oakleaf.example/p/2" },
            ],
        },
        "offer": { "text": "20 % off", "code": "MARIA-7Q4X", "until": "Sunday" },
        "unsubscribe_url": "https://oakleaf.example/u/AbC123",
    })
}

pub(crate) fn compiled(name: &str) -> Compiled {
    built_in(name).unwrap().compile().unwrap_or_else(|errors| panic!("{errors:#?}"))
}

#[test]
fn the_reminder_shows_the_products_and_how_to_stop_it() {
    let rendered = compiled(CART_REMINDER).render(&context()).unwrap();
    assert_eq!(rendered.subject, "María, your cart at Oakleaf is waiting");
    assert_eq!(
        rendered.text,
        "\
Oakleaf (https://oakleaf.example)
Hello María,
you left a few things in your cart. We kept them for you.

Linen T-shirt (https://oakleaf.example/p/1?a=1&b=2)
24,90 €

Wool socks (https://oakleaf.example/p/2)
9,00 €

Go to my cart (https://oakleaf.example/cart)
You get this message because you agreed to hear from Oakleaf. \
Unsubscribe (https://oakleaf.example/u/AbC123)
Oakleaf, Calle Mayor 1, 28013 Madrid, Spain
"
    );
    assert_eq!(rendered.html.matches("https://oakleaf.example/img/").count(), 1);
    assert!(rendered.html.contains("href=\"https://oakleaf.example/p/1?a=1&amp;b=2\""));
}

#[test]
fn the_coupon_shows_its_code() {
    let rendered = compiled(CART_COUPON).render(&context()).unwrap();
    assert_eq!(rendered.subject, "20 % off on your cart at Oakleaf");
    assert!(rendered.text.contains("MARIA-7Q4X\nValid until Sunday, once"), "{}", rendered.text);
    assert!(rendered.html.contains("MARIA-7Q4X"));
}

#[test]
fn a_person_without_a_name_is_greeted_all_the_same() {
    for name in [json!(null), json!(""), json!("  ")] {
        let mut context = context();
        context["person"]["first_name"] = name;
        let rendered = compiled(CART_REMINDER).render(&context).unwrap();
        assert!(rendered.text.contains("Hello there,"), "{}", rendered.text);
    }
    let mut context = context();
    context["person"] = json!({});
    assert!(compiled(CART_COUPON).render(&context).unwrap().html.contains("Hello there,"));
}

#[test]
fn a_long_cart_shows_its_first_products_and_counts_the_rest() {
    let mut context = context();
    let product = context["cart"]["products"][1].clone();
    context["cart"]["products"] = Value::from(vec![product; 9]);
    let rendered = compiled(CART_REMINDER).render(&context).unwrap();
    assert_eq!(rendered.text.matches("Wool socks").count(), 6);
    assert!(rendered.text.contains("and 3 more"));
}

/// Gmail cuts messages at about 102 kB, and the unsubscribe link stands at the end.
#[test]
fn the_built_in_templates_stay_small() {
    for name in [CART_REMINDER, CART_COUPON] {
        let mut context = context();
        let product = context["cart"]["products"][0].clone();
        context["cart"]["products"] = Value::from(vec![product; 9]);
        let size = compiled(name).render(&context).unwrap().html.len();
        assert!(size < 60_000, "{name}: {size}");
    }
}

#[test]
fn rendering_is_the_same_every_time() {
    let (first, second) = (compiled(CART_REMINDER), compiled(CART_REMINDER));
    assert!(first.render(&context()).unwrap() == second.render(&context()).unwrap());
}
