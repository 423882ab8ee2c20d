//! What a town's shop defines: the example shop with the town's products and sources, as files.

use std::fmt::Write;

use crate::{Reports, Town};

/// The files of `examples/shop` that hold for any shop, by name.
const FILES: [(&str, &str); 5] = [
    ("shop.yaml", include_str!("../../../examples/shop/shop.yaml")),
    ("segments.yaml", include_str!("../../../examples/shop/segments.yaml")),
    ("journeys/cart.yaml", include_str!("../../../examples/shop/journeys/cart.yaml")),
    ("templates/templates.yaml", include_str!("../../../examples/shop/templates/templates.yaml")),
    ("templates/letter.mjml", include_str!("../../../examples/shop/templates/letter.mjml")),
];

/// Sources beside the tills: name, channel, what it is.
const SOURCES: [(&str, &str, &str); 7] = [
    (
        "web",
        "web",
        "The web shop's pages. Its orders are told by \"shop\", blocked scripts or not.",
    ),
    ("app", "app", "The app, on both kinds of phone."),
    ("loyalty", "store", "The loyalty programme."),
    ("mail", "email", "What became of e-mails that other tools sent."),
    ("desk", "service", "The service desk."),
    ("reviews", "web", "Reviews of products."),
    ("social", "social", "Posts that name the shop."),
];

/// All definitions of a town's shop, as files: name and text.
#[must_use]
pub fn definitions(town: &Town) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> =
        FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    files.push(("products.yaml".to_owned(), town.catalogue().yaml()));
    files.push(("sources.yaml".to_owned(), sources(town)));
    files
}

fn sources(town: &Town) -> String {
    let mut yaml = String::from(
        "# The shop system: every order of web shop and app.\nsource: shop\nchannel: web\nsends orders: yes\n",
    );
    for (name, channel, what) in SOURCES {
        let _ =
            write!(yaml, "---\n# {what}\nsource: {name}\nchannel: {channel}\nsends orders: no\n");
    }
    yaml.push_str(
        "---\n# The customer base of the web shop, brought in once: its silence says nothing.\n\
         source: customers\nchannel: other\nspeaks: batch\nsends orders: no\n",
    );
    let mut stores = Vec::new();
    let mut tills = town.tills().iter().peekable();
    while let Some(first) = tills.next() {
        let (mut feeds, mut nightly) = (vec![first.feed()], first.reports == Reports::Nightly);
        while let Some(next) = tills.next_if(|next| next.store == first.store) {
            feeds.push(next.feed());
            nightly |= next.reports == Reports::Nightly;
        }
        // Where every till says hourly up to when it is complete, its word is waited for.
        let speaks = if nightly { "live" } else { "batch" };
        let store = first.store + 1;
        let _ = write!(
            yaml,
            "---\n# The staff's tablet of store {store}.\n\
             source: store-{store}\nchannel: store\nsends orders: no\n\
             ---\n# The tills of store {store}; each can be late alone.\n\
             source: {}\nchannel: store\nspeaks: {speaks}\nfeeds: [{}]\nsends orders: yes\n",
            first.source(),
            feeds.join(", "),
        );
        stores.push(format!("store-{store}"));
    }
    let _ = write!(
        yaml,
        "---\n# The kiosks, one in every store.\n\
         source: kiosk\nchannel: store\nfeeds: [{}]\nsends orders: no\n",
        stores.join(", "),
    );
    yaml
}
