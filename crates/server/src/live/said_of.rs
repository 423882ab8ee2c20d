//! What the answer to one message says of the address it went to, and what a text message must offer
//! its reader.

use regulars_deliver::{Sent, SmsChannel};
use regulars_engine::decision::Message;
use regulars_engine::event::{
    Channel, Consent, ConsentAnswer, Event, Kind, Place, Purpose, PushSubscription, Reference,
    Value,
};
use regulars_engine::identity::KeySalt;
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_engine::work::OWN_SOURCE;

use super::context::unsubscribe_url;

/// The events of an address that was refused for good, or whose owner told the provider to stop: nothing
/// goes there any more. A no speaks of care and promotion; that the provider holds back what is
/// transactional too is known where it did. Of a browser, the subscription that is dead: it may have
/// another by now.
pub(super) fn said_of_address(
    sent: &Sent,
    (message, subscription): (&Message, Option<&PushSubscription>),
    now: Timestamp,
) -> Vec<Event> {
    let no = |purpose| Consent {
        channel: message.channel,
        purpose,
        answer: ConsentAnswer::Withdrawn,
        wording: Some(message.note.clone()),
        until: None,
    };
    let tell = |id, kind, consent| told(message, (id, kind, consent), now);
    if sent.recipient_stopped() {
        let mut all = vec![tell("stopped", Kind::Unsubscribed, Some(no(None)))];
        if message.purpose == Purpose::Transactional {
            let too = Some(no(Some(Purpose::Transactional)));
            all.push(tell("stopped-too", Kind::Unsubscribed, too));
        }
        all
    } else if sent.address_is_dead() && message.channel == Channel::Sms {
        vec![tell("bounced", Kind::SmsBounced, None)]
    } else if sent.address_is_dead() && message.channel == Channel::Push {
        let ended = tell("ended", Kind::PushSubscriptionEnded, None);
        vec![Event { push: subscription.cloned(), ..ended }]
    } else if sent.address_is_dead() {
        vec![tell("bounced", Kind::EmailBounced, None)]
    } else {
        Vec::new()
    }
}

fn told(
    message: &Message,
    (id, kind, consent): (&str, Kind, Option<Consent>),
    now: Timestamp,
) -> Event {
    Event {
        content: message.id,
        identifiers: vec![message.recipient.clone()],
        place: Place { channel: message.channel, ..Place::default() },
        reference: Some(Reference { id: message.id.to_string() }),
        properties: [("reason".to_owned(), Value::Text(message.note.clone()))].into(),
        consent,
        ..Event::bare(OWN_SOURCE, format!("{id}-{}", message.id), kind, now)
    }
}

/// Whether the reader of a text message can stop such messages.
///
/// # Errors
/// What to do where nobody can answer to its sender and it holds no link.
pub(super) fn may_be_stopped(
    program: &Program,
    channel: &SmsChannel,
    message: &Message,
    salt: KeySalt,
) -> Result<(), &'static str> {
    let linked = || message.text.contains(&unsubscribe_url(program, message, salt));
    if message.purpose == Purpose::Transactional || channel.takes_replies() || linked() {
        return Ok(());
    }
    Err(
        "nobody can answer STOP to a sender that is a name: print unsubscribe_url, or send from a number",
    )
}
