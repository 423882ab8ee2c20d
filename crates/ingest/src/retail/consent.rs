//! A person's yes or no by channel and purpose.

use regulars_engine::event::{Channel, Consent, ConsentAnswer, Kind, Purpose};

use super::fields::{Field, Properties};
use crate::limits::TEXT_BYTES_MAX;
use crate::rejection::{Place, RejectionReason};

/// Reads the statement, if this kind of event is one, and takes its fields out of `properties`.
///
/// `Unsubscribed` is a no to e-mail promotion unless it says more. A consent without a channel is
/// about that of the one address it names; without a purpose, or with `all`, about promotion and care.
pub(crate) fn consent(
    kind: &Kind,
    properties: &mut Properties<'_>,
) -> Result<Option<Consent>, RejectionReason> {
    let unsubscribed = *kind == Kind::Unsubscribed;
    let subscribed = *kind == Kind::PushSubscribed;
    let answer = if *kind == Kind::ConsentGiven || subscribed {
        ConsentAnswer::Given
    } else if unsubscribed || *kind == Kind::ConsentWithdrawn {
        ConsentAnswer::Withdrawn
    } else {
        return Ok(None);
    };
    let channel = match properties.get(Field::Channel).text() {
        _ if subscribed => Some(Channel::Push),
        Some(word) => Channel::parse(&word),
        None if unsubscribed => Some(Channel::Email),
        None => {
            let email = properties.get(Field::Email).present();
            let phone = properties.get(Field::Phone).present();
            match (email, phone) {
                (true, false) => Some(Channel::Email),
                (false, true) => Some(Channel::Sms),
                (true, true) | (false, false) => None,
            }
        }
    };
    let channel = channel.ok_or(RejectionReason::ConsentChannel)?;
    let purpose = match properties.get(Field::Purpose).text() {
        Some(word) if word.trim().eq_ignore_ascii_case("all") => None,
        Some(word) => Some(Purpose::parse(&word).ok_or(RejectionReason::ConsentPurpose)?),
        None => unsubscribed.then_some(Purpose::Promotion),
    };
    // What was said is about this channel; it did not happen over it.
    properties.take(Field::Channel);
    properties.take(Field::Purpose);
    let wording = properties.take(Field::Wording).text().map(std::borrow::Cow::into_owned);
    if wording.as_ref().is_some_and(|wording| wording.len() > TEXT_BYTES_MAX) {
        return Err(RejectionReason::TooLong { place: Place::of("wording") });
    }
    Ok(Some(Consent { channel, purpose, answer, wording, until: None }))
}
