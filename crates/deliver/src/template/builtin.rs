//! The templates that come with the program.

use super::source::{Kind, Template};

/// The name of the reminder of a cart that waits.
pub const CART_REMINDER: &str = "cart-reminder";
/// The name of the same with an offer.
pub const CART_COUPON: &str = "cart-coupon";

/// The built-in template with that name.
///
/// Both want `person.first_name` (optional), `shop.{name,url,address}`, `cart.url`,
/// `cart.products` as a list of `{name, price, url}` with `image` optional, and `unsubscribe_url`;
/// the coupon also `offer.{text,code}` with `offer.until` optional. Prices and dates are texts,
/// formatted for the person.
pub fn built_in(name: &str) -> Option<Template> {
    let (subject, preheader, body) = match name {
        CART_REMINDER => (
            "{{ person.first_name | default(\"Hello\") }}, your cart at {{ shop.name }} is waiting",
            "{% if cart.products %}{{ cart.products[0].name }} is{% else %}Everything is{% endif %} still there for you.",
            include_str!("../../templates/cart-reminder.mjml"),
        ),
        CART_COUPON => (
            "{{ offer.text }} on your cart at {{ shop.name }}",
            "Your code is inside, {{ person.first_name | default(\"friend\") }}.",
            include_str!("../../templates/cart-coupon.mjml"),
        ),
        _ => return None,
    };
    Some(Template {
        kind: Kind::Marketing,
        subject: subject.to_owned(),
        preheader: preheader.to_owned(),
        body: body.to_owned(),
        text: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reminder_is_made_for_a_cart_of_which_nothing_is_known() {
        let compiled = built_in(CART_REMINDER).unwrap().compile().unwrap();
        let made = |products: serde_json::Value| {
            let context = serde_json::json!({
                "person": {},
                "shop": { "name": "Tienda", "address": "Calle Mayor 1", "url": "https://tienda.example" },
                "cart": { "url": "https://tienda.example/cart", "products": products },
                "unsubscribe_url": "https://regulars.tienda.example/unsubscribe/a",
            });
            compiled.render(&context).unwrap().html
        };
        assert!(made(serde_json::json!([])).contains("Everything is still there for you."));
        let tee = serde_json::json!([{ "name": "Tee", "price": "9 EUR", "url": "https://tienda.example/tee" }]);
        assert!(made(tee).contains("Tee is still there for you."));
    }
}
