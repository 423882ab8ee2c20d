//! A message as a browser is told of it, and what the browser tells back.

use regulars_deliver::push::{PAYLOAD_MAX, PushMessage, Urgency};
use regulars_deliver::template::Notification;
use regulars_engine::decision::Message;
use regulars_engine::event::{
    Event, Kind, Line, Place, Purpose, PushSubscription, Reference, Value,
};
use regulars_engine::identity::KeySalt;
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_engine::work::OWN_SOURCE;
use serde_json::json;

use super::links::track_one;
use super::token::{Token, mark};

/// What the mark in a topic is for.
const TOPIC: &str = "push topic";
/// A push service keeps a message for so long: as long as a message is held at most.
const KEPT_S: u32 = 24 * 3_600;

/// The message for a browser with this subscription. What is rendered stands in `message` already;
/// `shown` is what it has beside that.
///
/// # Errors
/// If it is longer than push services take.
pub(super) fn notification(
    program: &Program,
    message: &mut Message,
    (subscription, shown): (&PushSubscription, &Notification),
    url_of: impl Fn(&Line) -> Option<String>,
    salt: KeySalt,
) -> Result<PushMessage, String> {
    let shop = &program.shop;
    // Paths are those of the site.
    let whole = |address: &str| match address.starts_with('/') {
        true => format!("{}{address}", shop.site()),
        false => address.to_owned(),
    };
    let target = if shown.link.is_empty() { shop.site().to_owned() } else { whole(&shown.link) };
    let url = track_one(program, message, target, url_of, salt);
    let topic = format!("{:032x}", mark(salt, TOPIC, message.id));
    let mut told = json!({ "title": message.subject, "url": url, "tag": topic });
    for (name, text) in [
        ("body", message.text.clone()),
        ("icon", whole(&shown.icon)),
        ("image", whole(&shown.image)),
    ] {
        if !text.is_empty() {
            told[name] = text.into();
        }
    }
    if program.tracks_links(&message.template, message.purpose) {
        let token = Token { message: message.id }.closing_text(salt);
        told["closed"] = format!("{}/n/{token}", shop.base_url).into();
    }
    let payload = told.to_string().into_bytes();
    if payload.len() > PAYLOAD_MAX {
        return Err(format!(
            "the message has {} bytes, and push services take {PAYLOAD_MAX}: make it shorter, or its addresses",
            payload.len()
        ));
    }
    let contact = match shop.from_email.as_str() {
        "" => shop.base_url.clone(),
        email => format!("mailto:{email}"),
    };
    Ok(PushMessage {
        endpoint: subscription.endpoint().to_owned(),
        key: subscription.key().to_owned(),
        auth: subscription.auth().to_owned(),
        payload,
        topic,
        urgency: match message.purpose {
            Purpose::Transactional => Urgency::High,
            Purpose::Care => Urgency::Normal,
            Purpose::Promotion => Urgency::Low,
        },
        keep_s: KEPT_S,
        contact,
    })
}

/// The event of a message that was closed without being followed. It counts once.
pub(crate) fn dismissed(message: &Message, now: Timestamp) -> Event {
    let properties = [
        ("template".to_owned(), Value::Text(message.template.clone())),
        ("journey".to_owned(), Value::Text(message.journey.clone())),
    ];
    Event {
        content: message.id,
        identifiers: vec![message.recipient.clone()],
        place: Place { channel: message.channel, ..Place::default() },
        reference: Some(Reference { id: message.id.to_string() }),
        properties: properties.into(),
        ..Event::bare(OWN_SOURCE, format!("dismissed-{}", message.id), Kind::PushDismissed, now)
    }
}
