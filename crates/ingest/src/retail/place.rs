//! Where something happened: channel, store, till, staff; and which feed speaks.

use std::borrow::Cow;

use regulars_engine::event::{Channel, Kind, Place};
use regulars_engine::source::SourceSettings;

use super::fields::{Field, Properties};
use crate::rejection::RejectionReason;

/// Reads the place, and takes its fields out of `properties`.
///
/// The channel is what the event says, else what its kind implies (an opened e-mail came by
/// e-mail), else for web and app sources what their library says, else the source's.
pub(crate) fn place(
    kind: &Kind,
    properties: &mut Properties<'_>,
    library_channel: Option<Cow<'_, str>>,
    source: &SourceSettings,
) -> Result<Place, RejectionReason> {
    let stated = properties.get(Field::Channel).text().and_then(|word| Channel::parse(&word));
    if stated.is_some() {
        properties.take(Field::Channel);
    }
    let library = match source.channel {
        Channel::Web | Channel::App => library_channel.and_then(|word| Channel::parse(&word)),
        Channel::Store
        | Channel::Email
        | Channel::Sms
        | Channel::Push
        | Channel::Service
        | Channel::Social
        | Channel::Ads
        | Channel::Other => None,
    };
    Ok(Place {
        channel: stated.or_else(|| implied(kind)).or(library).unwrap_or(source.channel),
        store: properties.take_id(Field::StoreId)?,
        till: properties.take_id(Field::Till)?,
        staff: properties.take_id(Field::Staff)?,
    })
}

/// The channel that a kind of event can only have come over.
fn implied(kind: &Kind) -> Option<Channel> {
    let email = matches!(
        kind,
        Kind::EmailDelivered
            | Kind::EmailOpened
            | Kind::EmailLinkClicked
            | Kind::EmailBounced
            | Kind::EmailMarkedAsSpam
            | Kind::EmailDeferred
            | Kind::EmailFetched
            | Kind::Unsubscribed
    );
    let service = matches!(
        kind,
        Kind::TicketOpened
            | Kind::TicketClosed
            | Kind::ChatStarted
            | Kind::ChatMessage
            | Kind::ChatEnded
            | Kind::ChatReceived
    );
    let app = matches!(
        kind,
        Kind::ScreenViewed
            | Kind::ApplicationInstalled
            | Kind::ApplicationOpened
            | Kind::ApplicationUninstalled
    );
    [
        (email, Channel::Email),
        (service, Channel::Service),
        (app, Channel::App),
        (*kind == Kind::SmsBounced, Channel::Sms),
        (*kind == Kind::StoreVisited, Channel::Store),
        (*kind == Kind::SocialPosted, Channel::Social),
        (*kind == Kind::AdClicked, Channel::Ads),
    ]
    .into_iter()
    .find_map(|(so, channel)| so.then_some(channel))
}

/// The feed an event belongs to: the one it names, else the till it names where the source lists
/// that till as a feed, else the one it came under.
pub(crate) fn feed(
    named: Option<&str>,
    place: &Place,
    received: Option<&str>,
    source: &SourceSettings,
) -> String {
    let till =
        place.till.as_deref().filter(|till| source.feeds.iter().any(|feed| feed.name == *till));
    named.or(till).or(received).unwrap_or_default().to_owned()
}
