//! What a template may say: the person, the shop, the cart, the offer.

use regulars_deliver::Compiled;
use regulars_deliver::template::web_address;
use regulars_engine::decision::Message;
use regulars_engine::event::{Line, Money};
use regulars_engine::identity::KeySalt;
use regulars_engine::product::{Catalogue, Known};
use regulars_engine::program::Program;
use regulars_engine::recommend::{SHOWN_MAX, bought_last, looked_at};
use regulars_engine::record::Record;
use regulars_engine::step::World;
use regulars_engine::truth::Truth;
use serde_json::{Map, Value, json};

use super::token::Token;
use crate::segments::Computed;

/// What a template prints beside what its message is about: only that is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Lists {
    /// What the person looked at and did not buy.
    pub viewed: bool,
    /// What the last order brought.
    pub bought: bool,
    /// What the shop said beside a request to enter.
    pub entry: bool,
}

impl Lists {
    /// Those that the template prints.
    #[must_use]
    pub fn of(template: &Compiled) -> Self {
        Self {
            viewed: template.names("viewed"),
            bought: template.names("bought"),
            entry: template.names("entry"),
        }
    }
}

/// The values for one message. Traits of the person, stated and computed, stand under their own
/// names, so that a template can use any of them.
#[must_use]
pub fn message_context(
    program: &Program,
    catalogue: &Catalogue,
    (record, computed): (Option<&Record>, &[Computed]),
    message: &Message,
    salt: KeySalt,
    lists: Lists,
) -> Value {
    let shop = &program.shop;
    let products: Vec<Value> =
        message.lines.iter().map(|line| product(program, catalogue, line)).collect();
    let listed = |lines: &mut dyn Iterator<Item = &Line>| -> Vec<Value> {
        lines.take(SHOWN_MAX).map(|line| product(program, catalogue, line)).collect()
    };
    let mut context = json!({
        "person": person(record, computed),
        "shop": { "name": shop.name, "address": shop.address, "url": shop.site() },
        "cart": { "products": products, "url": shop.cart_page() },
        "unsubscribe_url": unsubscribe_url(program, message, salt),
        "preferences_url": preferences_url(program, message, salt),
        "confirm_url": confirm_url(program, message, salt),
    });
    let profile = record.map(|record| &record.profile);
    if lists.viewed {
        let looks = profile.map(|profile| looked_at(profile, catalogue, message.claimed_at));
        // What the message is about already is not shown twice.
        let new = |line: &&Line| {
            message.lines.iter().all(|held| catalogue.same(held, line) != Truth::True)
        };
        let mut looks = looks.unwrap_or_default().into_iter().filter(new);
        context["viewed"] = json!({ "products": listed(&mut looks) });
    }
    if lists.bought
        && let Some(sale) = profile.and_then(|profile| bought_last(profile, message.claimed_at))
    {
        let total = Money { minor: sale.total_minor, currency: sale.currency };
        let on = sale.occurred.at.in_zone(&program.shop.zone);
        context["bought"] = json!({
            "products": listed(&mut sale.lines.iter()),
            "total": total.to_string(),
            "on": on.strftime("%Y-%m-%d").to_string(),
        });
    }
    if let Some(given) = &message.offer {
        let until = given.until.in_zone(&program.shop.zone);
        context["offer"] = json!({
            "text": given.text,
            "code": given.code,
            "until": until.strftime("%Y-%m-%d").to_string(),
        });
    }
    context
}

/// The values for a message on the site: what a message may say but for what belongs to mail.
#[must_use]
pub fn site_context(
    world: &World<'_>,
    (record, computed): (Option<&Record>, &[Computed]),
    lines: &[Line],
) -> Value {
    let (program, catalogue) = (world.program, world.catalogue);
    let shop = &program.shop;
    let products: Vec<Value> = lines.iter().map(|line| product(program, catalogue, line)).collect();
    json!({
        "person": person(record, computed),
        "shop": { "name": shop.name, "url": shop.site() },
        "cart": { "products": products, "url": shop.cart_page() },
    })
}

/// Where a person stops such messages: a page that asks once, and a mail program's one click.
#[must_use]
pub fn unsubscribe_url(program: &Program, message: &Message, salt: KeySalt) -> String {
    let token = Token { message: message.id }.text(salt);
    format!("{}/unsubscribe/{token}", program.shop.base_url)
}

/// Where a person chooses what to get.
fn preferences_url(program: &Program, message: &Message, salt: KeySalt) -> String {
    let token = Token { message: message.id }.text(salt);
    format!("{}/preferences/{token}", program.shop.base_url)
}

/// Where a person confirms a yes.
fn confirm_url(program: &Program, message: &Message, salt: KeySalt) -> String {
    let token = Token { message: message.id }.confirming_text(salt);
    format!("{}/confirm/{token}", program.shop.base_url)
}

fn person(record: Option<&Record>, computed: &[Computed]) -> Value {
    let mut person = Map::new();
    let traits = record.map(|record| &record.profile.traits);
    for (name, held) in traits.into_iter().flatten() {
        let known_as = match name.as_str() {
            "firstName" => "first_name",
            "lastName" => "last_name",
            other => other,
        };
        person.insert(known_as.to_owned(), held.value.to_json());
    }
    // As in conditions, a computed trait stands before a stated one of its name.
    for (computed, value) in computed {
        match value {
            Some(value) => person.insert(computed.name.clone(), value.to_json()),
            None => person.remove(&computed.name),
        };
    }
    person.into()
}

fn product(program: &Program, catalogue: &Catalogue, line: &Line) -> Value {
    let known = match catalogue.of_line(line) {
        Known::Product(id) => catalogue.product(id),
        Known::Unmapped => None,
    };
    let price = known.and_then(|product| product.price).or_else(|| line.price());
    let site = program.shop.site();
    // A picture that is none on the web is a picture that is not there: pages that load theirs late name
    // a stand-in of their own.
    let on_web = |text: &str| web_address(text, site);
    let image = known.and_then(|product| product.image_url.as_deref()).and_then(on_web);
    let image = image.or_else(|| line.image_url.as_deref().and_then(on_web));
    json!({
        "name": known.map_or_else(|| line.label().to_owned(), |product| product.name.clone()),
        "price": price.map(|price| price.to_string()).unwrap_or_default(),
        "url": product_url(program, catalogue, line).unwrap_or_else(|| site.to_owned()),
        "image": image.unwrap_or_default(),
    })
}

/// The page of a line's product: as the catalogue says, else as the line does; `None`: neither says one
/// that is on the web.
pub(super) fn product_url(program: &Program, catalogue: &Catalogue, line: &Line) -> Option<String> {
    let known = match catalogue.of_line(line) {
        Known::Product(id) => catalogue.product(id),
        Known::Unmapped => None,
    };
    let on_web = |text: &str| web_address(text, program.shop.site());
    let url = known.and_then(|product| product.url.as_deref()).and_then(on_web);
    url.or_else(|| line.url.as_deref().and_then(on_web))
}
