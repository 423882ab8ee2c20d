//! Reading what a shop states of a source.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;

use super::fields::{Fields, Read, list};
use super::form::Form;
use super::mistake::quoted;
use super::site;
use super::units::{calling_code, channel, currency, duration, line, name, word, yes_no, zone};
use super::yaml::{Node, Sheet, Value};
use crate::event::{Channel, Currency};
use crate::identity::{CallingCode, Class, IdentifierKind};
use crate::nearest::nearest;
use crate::program::Shop;
use crate::source::{FeedSettings, Rhythm, SourceSettings};

/// What is stated of a source; the shop stands in for what is not.
#[derive(Clone, Debug)]
pub(super) struct SourceDraft {
    channel: Option<Channel>,
    rhythm: Rhythm,
    feeds: Vec<FeedSettings>,
    lag_ms: i64,
    sends_orders: Option<bool>,
    tells_of_mail: Option<bool>,
    user_id_kind: IdentifierKind,
    zone: Option<TimeZone>,
    currency: Option<Currency>,
    /// `Some(None)`: its numbers are of many countries, and stay as they are.
    calling_code: Option<Option<CallingCode>>,
    order_space: String,
    origins: Vec<String>,
}

impl SourceDraft {
    /// The settings of the source of this name in `shop`.
    pub(super) fn settle(self, name: &str, shop: &Shop) -> SourceSettings {
        let named = SourceSettings::named(name);
        SourceSettings {
            name: name.to_owned(),
            channel: self.channel.unwrap_or(named.channel),
            rhythm: self.rhythm,
            feeds: self.feeds,
            lag_ms: self.lag_ms,
            sends_orders: self.sends_orders,
            tells_of_mail: self.tells_of_mail,
            user_id_kind: self.user_id_kind,
            zone: self.zone.unwrap_or_else(|| shop.zone.clone()),
            currency: self.currency.unwrap_or(shop.currency),
            calling_code: self.calling_code.unwrap_or(shop.calling_code),
            order_space: self.order_space,
            origins: self.origins,
        }
    }
}

const RHYTHMS: &[(&str, Rhythm)] = &[("live", Rhythm::Live), ("batch", Rhythm::Batch)];

/// Reads the document of a source: its name, what it states, its form.
pub(super) fn read(sheet: &Sheet<'_>, node: &Node) -> Option<(String, Option<SourceDraft>, Form)> {
    let mut fields = Fields::of(sheet, node, "the source", "source: web")?;
    let source_name = fields.required("source", "web", name);
    let channel = fields.optional("channel", channel);
    let rhythm = fields.or("speaks", Rhythm::Live, word("way to speak", RHYTHMS));
    let feeds = fields.or("feeds", Vec::new(), list(feed));
    let mut names = BTreeSet::new();
    for feed in &feeds {
        if !names.insert(&feed.name) {
            let message = format!("the feed {} stands twice", quoted(&feed.name));
            sheet.wrong(fields.place_of("feeds"), message, "keep one of the two");
        }
    }
    let lag_ms = fields.or("lag", SourceSettings::LAG_MS, lag);
    let sends_orders = fields.optional("sends orders", yes_no);
    let tells_of_mail = fields.optional("tells of mail", yes_no);
    let user_id_kind = fields.or("user id is", IdentifierKind::UserId, identifier_kind);
    let zone = fields.optional("zone", zone);
    let currency = fields.optional("currency", currency);
    let calling_code = fields.optional("calling code", or_none(calling_code));
    let order_space = fields.or("order space", String::new(), name);
    let origins = fields.or("origins", Vec::new(), list(site::origin));
    let form = fields.done();
    let draft = SourceDraft {
        channel,
        rhythm,
        feeds,
        lag_ms,
        sends_orders,
        tells_of_mail,
        user_id_kind,
        zone,
        currency,
        calling_code,
        order_space,
        origins,
    };
    Some((source_name?, Some(draft), form))
}

/// A feed: its name, or a map of its name and how it differs from the others of the source.
fn feed(sheet: &Sheet<'_>, node: &Node) -> Read<FeedSettings> {
    if !matches!(node.value, Value::Map(_)) {
        let (name, form) = name(sheet, node)?;
        return Some((FeedSettings { name, rhythm: None, lag_ms: None }, form));
    }
    let mut fields = Fields::of(sheet, node, "the feed", "{ feed: till-3, speaks: batch }")?;
    let feed_name = fields.required("feed", "till-3", name);
    let rhythm = fields.optional("speaks", word("way to speak", RHYTHMS));
    let lag_ms = fields.optional("lag", lag);
    let form = fields.done();
    let name = feed_name?;
    // A map that says no more than the name is the name.
    let form = if rhythm.is_none() && lag_ms.is_none() { Form::text(&name) } else { form };
    Some((FeedSettings { name, rhythm, lag_ms }, form))
}

/// A length of time, or `none`.
fn lag(sheet: &Sheet<'_>, node: &Node) -> Read<i64> {
    let (lag, form) = or_none(duration)(sheet, node)?;
    Some((lag.unwrap_or(0), form))
}

/// What `read` reads, or `none`.
fn or_none<T>(
    read: impl Fn(&Sheet<'_>, &Node) -> Read<T>,
) -> impl Fn(&Sheet<'_>, &Node) -> Read<Option<T>> {
    move |sheet, node| {
        if node.text().is_some_and(|text| text.trim().eq_ignore_ascii_case("none")) {
            return Some((None, Form::text("none")));
        }
        read(sheet, node).map(|(value, form)| (Some(value), form))
    }
}

/// A kind of identifier that can be a `userId`: one that is given to one person, or reaches one.
fn identifier_kind(sheet: &Sheet<'_>, node: &Node) -> Read<IdentifierKind> {
    let (kind, form) = kind_word(sheet, node)?;
    match kind.class() {
        Class::Unique | Class::Contact => Some((kind, form)),
        Class::Device | Class::Hint => {
            let message = format!("{} does not name one person", quoted(kind.word()));
            let cure =
                "write user_id, customer_id, loyalty_id, email, phone, or a kind of your own";
            sheet.wrong(node.at.start, message, cure);
            None
        }
    }
}

/// A kind of identifier by its word; one that looks like a slip in a built-in word is a mistake.
pub(super) fn kind_word(sheet: &Sheet<'_>, node: &Node) -> Read<IdentifierKind> {
    let (text, form) = line(sheet, node)?;
    let kind = IdentifierKind::parse(&text);
    if let IdentifierKind::CustomUnique(_) = kind {
        let near = nearest(&text, IdentifierKind::BUILT_IN.iter().map(IdentifierKind::word));
        let spelled =
            text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if near.is_some() || !spelled {
            let cure = near.map_or_else(
                || "use small letters, digits and _: partner_id".to_owned(),
                |near| format!("did you mean \"{near}\"?"),
            );
            let message = format!("{} is no kind of identifier", quoted(&text));
            sheet.wrong(node.at.start, message, cure);
            return None;
        }
    }
    Some((kind, form))
}
