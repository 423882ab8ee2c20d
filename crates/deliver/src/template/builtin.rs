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
            "{{ cart.products[0].name }} is still there for you.",
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
