//! From a message to an event.

use std::borrow::Cow;

use regulars_engine::event::{Currency, Event, Kind, Map, Reference, Value};
use regulars_engine::identity::IdentifierKind;
use regulars_engine::source::SourceSettings;
use regulars_engine::time::{Occurred, Precision, Timestamp};

use super::body::Envelope;
use super::message::{Context, Message, MessageType, Traits};
use crate::content::{self, LineOrder};
use crate::identifiers::{Identifiers, external_kind};
use crate::json::Scalar;
use crate::limits::ID_BYTES_MAX;
use crate::names;
use crate::received::Received;
use crate::rejection::{Place, RejectionReason};
use crate::retail::{self, Field, Properties};
use crate::times::{self, Stated};

/// What a message says of its time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said {
    stated: Option<Stated>,
    /// When it left, by its own word.
    sent_at: Option<Timestamp>,
}

impl Said {
    /// Corrects the time of the message's event by the sender's clock. Of when the message left,
    /// the latest moment counts that the body, the header or the message itself says, since
    /// libraries that try again refresh only some of them.
    pub(crate) fn settle(self, sent_at: Option<Timestamp>, event: &mut Event) {
        let sent_at = self.sent_at.max(sent_at);
        let settled = times::settle(self.stated, sent_at, event.received_at);
        event.occurred = settled.occurred;
        event.skew_ms = settled.skew_ms;
    }
}

/// Makes the event that `message` states, but for its time, which [`Said::settle`] sets.
pub(crate) fn build(
    message: &mut Message<'_>,
    envelope: &Envelope,
    received: &Received<'_>,
) -> Result<(Event, Said), RejectionReason> {
    let message_type = message_type(message, envelope)?;
    let kind = kind(message, message_type)?;
    let source = received.source;
    let stated = stated_time(message, source)?;
    let currency = currency(&kind, &mut message.properties, source)?;
    let push = retail::push(&kind, &mut message.properties)?;
    let consent = retail::consent(&kind, &mut message.properties)?;
    let identifiers = identifiers(&kind, message_type, message, envelope, received)?;
    let lines = retail::lines(&kind, &mut message.properties, currency)?;
    let draft = retail::order(&kind, &mut message.properties, &lines, currency, source)?;
    let place = retail::place(&kind, &mut message.properties, message.channel.text(), source)?;
    let named_feed = bounded(message.feed, "feed")?;
    let feed = retail::feed(named_feed.as_deref(), &place, received.feed, source);
    let sent_at = times::read(message.sent_at, &source.zone).ok().map(|sent| sent.at);
    let message_id = bounded(message.message_id, "messageId")?.map(Cow::into_owned);
    let mut event = Event {
        feed,
        occurred: Occurred::default(),
        zone_assumed: stated
            .filter(|stated| stated.zone_assumed)
            .map(|_| source.zone.iana_name().unwrap_or("UTC").to_owned()),
        identifiers,
        place,
        lines,
        order: draft.as_ref().map(retail::Draft::content),
        cart: cart(&kind, &mut message.properties)?,
        consent,
        push,
        reference: reference(&kind, &mut message.properties, source)?,
        complete_through: complete_through(&kind, message, received)?,
        traits: traits(message_type, message)?,
        properties: properties(message_type, message)?,
        mode: received.mode,
        ..Event::bare(&source.name, String::new(), kind, received.received_at)
    };
    event.content = content::hash(&event, stated, LineOrder::AsSent);
    event.message_id = match message_id {
        Some(id) => id,
        // Each sign of life is one of its own.
        None if event.kind == Kind::Heartbeat => {
            format!("h-{:016x}-{}", event.content, received.received_at.0)
        }
        None => content::message_id(event.content, stated, received.received_at),
    };
    event.order = draft.map(|draft| draft.finish(source, &event.message_id));
    Ok((event, Said { stated, sent_at }))
}

fn message_type(
    message: &Message<'_>,
    envelope: &Envelope,
) -> Result<MessageType, RejectionReason> {
    let word = message.kind.text().or(envelope.type_word.map(Cow::Borrowed));
    MessageType::parse(&word.ok_or(RejectionReason::NoType)?).ok_or(RejectionReason::UnknownType)
}

fn kind(message: &Message<'_>, message_type: MessageType) -> Result<Kind, RejectionReason> {
    Ok(match message_type {
        MessageType::Track => {
            let name = bounded(message.event, "event")?.ok_or(RejectionReason::NoEventName)?;
            names::kind(&name)
        }
        MessageType::Identify => Kind::Identify,
        MessageType::Page => Kind::PageViewed,
        MessageType::Screen => Kind::ScreenViewed,
        MessageType::Group => Kind::Group,
        MessageType::Alias => Kind::Alias,
        MessageType::Watermark => Kind::Watermark,
        MessageType::Heartbeat => Kind::Heartbeat,
    })
}

/// The text of a field that is an id or a name.
fn bounded<'a>(
    scalar: Scalar<'a>,
    field: &'static str,
) -> Result<Option<Cow<'a, str>>, RejectionReason> {
    match scalar.text() {
        Some(text) if text.len() > ID_BYTES_MAX => {
            Err(RejectionReason::TooLong { place: Place::of(field) })
        }
        text => Ok(text),
    }
}

fn stated_time(
    message: &Message<'_>,
    source: &SourceSettings,
) -> Result<Option<Stated>, RejectionReason> {
    for (scalar, field) in
        [(message.timestamp, "timestamp"), (message.original_timestamp, "originalTimestamp")]
    {
        if scalar.present() {
            return times::read(scalar, &source.zone)
                .map(Some)
                .map_err(|fault| fault.reason(Place::of(field)));
        }
    }
    Ok(None)
}

/// The currency of the event's amounts. Where an order takes it, it is no property any more.
fn currency(
    kind: &Kind,
    properties: &mut Properties<'_>,
    source: &SourceSettings,
) -> Result<Currency, RejectionReason> {
    if matches!(kind, Kind::Custom(_)) {
        return Ok(source.currency);
    }
    let Some(code) = properties.get(Field::Currency).text() else { return Ok(source.currency) };
    let currency = if code.eq_ignore_ascii_case(source.currency.code()) {
        source.currency // Nearly always; the list of all currencies is long.
    } else {
        Currency::parse(&code)
            .ok_or(RejectionReason::CurrencyUnknown { place: Place::of(Field::Currency.word()) })?
    };
    if kind.touches_orders() || *kind == Kind::Adjustment {
        properties.take(Field::Currency);
    }
    Ok(currency)
}

/// Fields of traits and properties that identify, with their kinds.
static CONTACTS: [(Field, IdentifierKind); 6] = [
    (Field::Email, IdentifierKind::Email),
    (Field::Phone, IdentifierKind::Phone),
    (Field::LoyaltyId, IdentifierKind::LoyaltyId),
    (Field::CustomerId, IdentifierKind::CustomerId),
    (Field::CartToken, IdentifierKind::CartToken),
    (Field::CheckoutToken, IdentifierKind::CartToken),
];

fn identifiers(
    kind: &Kind,
    message_type: MessageType,
    message: &mut Message<'_>,
    envelope: &Envelope,
    received: &Received<'_>,
) -> Result<Vec<regulars_engine::identity::Identifier>, RejectionReason> {
    let mut found = Identifiers::new(received);
    if kind.speaks_of_feed() {
        return found.finish();
    }
    found.add_all(&received.source.user_id_kind, message.user_id);
    if message.anonymous_id.present() {
        found.add_all(&IdentifierKind::AnonymousId, message.anonymous_id);
    } else if let Some(anonymous_id) = &envelope.anonymous_id {
        found.add(IdentifierKind::AnonymousId, anonymous_id);
    }
    if message_type == MessageType::Alias {
        previous_id(message.previous_id, &mut found);
    }
    if message_type != MessageType::Group {
        of_traits(&mut message.traits, &mut found);
    }
    of_traits(&mut message.context.traits, &mut found);
    external_ids(message.context.external_ids, &mut found);
    // The address in an event that we have no word for may be somebody else's: whom a friend
    // invited, who is to get a parcel. It counts only if nothing else says whom it is about.
    if !matches!(kind, Kind::Custom(_)) || found.is_empty() {
        for (field, kind) in &CONTACTS {
            let scalar = message.properties.get(*field);
            if scalar.present() {
                found.add_all(kind, scalar);
                if !matches!(scalar, Scalar::Nested(_)) {
                    message.properties.take(*field);
                }
            }
        }
    }
    if found.is_empty() {
        found.add_all(&IdentifierKind::DeviceId, message.context.device.id);
    }
    let speaks_of_person =
        matches!(message_type, MessageType::Identify | MessageType::Group | MessageType::Alias)
            || matches!(kind, Kind::ConsentGiven | Kind::ConsentWithdrawn | Kind::Unsubscribed);
    // It is the browser's, whoever sits there.
    let browser = matches!(kind, Kind::PushSubscribed | Kind::PushSubscriptionEnded);
    if browser && !found.holds(&IdentifierKind::AnonymousId) {
        return Err(RejectionReason::PushSubscription);
    }
    if speaks_of_person && found.is_empty() {
        return Err(RejectionReason::NamesNobody);
    }
    found.finish()
}

/// The other name of an alias: an address if it is one, else what the SDKs alias, an anonymous id.
fn previous_id(previous_id: Scalar<'_>, found: &mut Identifiers<'_>) {
    let Some(text) = previous_id.text() else { return };
    if !(text.contains('@') && found.add(IdentifierKind::Email, &text)) {
        found.add(IdentifierKind::AnonymousId, &text);
    }
}

/// Takes what identifies out of traits; what is no value of its kind stays a trait.
fn of_traits(traits: &mut Traits<'_>, found: &mut Identifiers<'_>) {
    let Traits { email, phone, loyalty_id, customer_id, rest } = traits;
    for (scalar, kind) in [
        (email, &IdentifierKind::Email),
        (phone, &IdentifierKind::Phone),
        (loyalty_id, &IdentifierKind::LoyaltyId),
        (customer_id, &IdentifierKind::CustomerId),
    ] {
        if !scalar.present() {
            continue;
        }
        let mut taken = true;
        scalar.each_text(|text| taken &= found.add(kind.clone(), text));
        if !taken && let Some(value) = std::mem::take(scalar).value() {
            rest.insert(kind.word().to_owned(), value);
        }
    }
}

/// Segment's `externalIds`: `[{"id": "...", "type": "loyalty_id"}]`.
fn external_ids(external_ids: Scalar<'_>, found: &mut Identifiers<'_>) {
    let Scalar::Nested(_) = external_ids else { return };
    let Some(Value::List(items)) = external_ids.value() else { return };
    for item in &items {
        let Value::Map(map) = item else { continue };
        let text = |name: &str| map.get(name).and_then(Value::as_text);
        if let (Some(id), Some(kind)) = (text("id"), text("type").and_then(external_kind)) {
            found.add(kind, id);
        }
    }
}

/// Traits are stated by identify alone. Libraries repeat in `context` what was stated before, so
/// there they give way to the message's own.
fn traits(message_type: MessageType, message: &mut Message<'_>) -> Result<Map, RejectionReason> {
    if message_type != MessageType::Identify {
        return Ok(Map::new());
    }
    let Context { traits: repeated, locale, timezone, .. } = &mut message.context;
    let mut traits = std::mem::take(&mut repeated.rest);
    traits.append(&mut message.traits.rest);
    for (name, scalar) in [("locale", locale), ("timezone", timezone)] {
        if let Some(value) = std::mem::take(scalar).value() {
            traits.entry(name.to_owned()).or_insert(value);
        }
    }
    retail::check_map(&traits, "traits")?;
    Ok(traits)
}

/// What is left as properties, with the campaign, the page and the group.
fn properties(
    message_type: MessageType,
    message: &mut Message<'_>,
) -> Result<Map, RejectionReason> {
    let Message { properties, context, name, category, group_id, traits, .. } = message;
    let rest = &mut properties.rest;
    let group = if group_id.present() { group_id } else { &mut context.group_id };
    add(rest, "group_id", group);
    if matches!(message_type, MessageType::Page | MessageType::Screen) {
        // They are the page's, not a product's.
        properties.product.leave(rest);
        add(rest, "name", name);
        add(rest, "category", category);
        add(rest, "url", &mut context.page.url);
        add(rest, "referrer", &mut context.page.referrer);
    } else {
        add(rest, "page_url", &mut context.page.url);
        add(rest, "page_referrer", &mut context.page.referrer);
    }
    if !context.campaign.0.is_empty() {
        let campaign = Value::Map(std::mem::take(&mut context.campaign.0));
        rest.entry("campaign".to_owned()).or_insert(campaign);
    }
    if message_type == MessageType::Group && !traits.rest.is_empty() {
        let group = Value::Map(std::mem::take(&mut traits.rest));
        rest.entry("group".to_owned()).or_insert(group);
    }
    properties.finish()
}

/// Adds a value under `name`, unless the source used that name itself.
fn add(map: &mut Map, name: &str, scalar: &mut Scalar<'_>) {
    if scalar.present()
        && !map.contains_key(name)
        && let Some(value) = std::mem::take(scalar).value()
    {
        map.insert(name.to_owned(), value);
    }
}

fn cart(kind: &Kind, properties: &mut Properties<'_>) -> Result<Option<String>, RejectionReason> {
    if matches!(kind, Kind::Custom(_)) { Ok(None) } else { properties.take_id(Field::CartId) }
}

/// What the event refers to. Only the id that belongs to its kind is taken.
fn reference(
    kind: &Kind,
    properties: &mut Properties<'_>,
    source: &SourceSettings,
) -> Result<Option<Reference>, RejectionReason> {
    if *kind == Kind::CheckoutStarted {
        // Its number stays a property too.
        let number = properties.get(Field::OrderId).text();
        let number = number.filter(|number| number.len() <= ID_BYTES_MAX);
        return Ok(number.map(|number| Reference { id: retail::order_key(source, &number) }));
    }
    let fields: &[Field] = if matches!(kind, Kind::TicketOpened | Kind::TicketClosed) {
        &[Field::TicketId]
    } else if *kind == Kind::ProductReviewed {
        &[Field::ReviewId]
    } else if matches!(
        kind,
        Kind::ChatStarted | Kind::ChatMessage | Kind::ChatEnded | Kind::ChatReceived
    ) {
        &[Field::ConversationId]
    } else if matches!(
        kind,
        Kind::EmailDelivered
            | Kind::EmailOpened
            | Kind::EmailLinkClicked
            | Kind::EmailBounced
            | Kind::EmailMarkedAsSpam
            | Kind::EmailDeferred
            | Kind::EmailFetched
            | Kind::SmsBounced
            | Kind::Unsubscribed
    ) {
        &[Field::MessageId, Field::EmailId]
    } else {
        &[]
    };
    for field in fields {
        if let Some(id) = properties.take_id(*field)? {
            return Ok(Some(Reference { id }));
        }
    }
    Ok(None)
}

/// Up to when a feed has told everything. A day or minute is meant to its end; nobody can have
/// told what had not happened when it was received.
fn complete_through(
    kind: &Kind,
    message: &Message<'_>,
    received: &Received<'_>,
) -> Result<Option<Timestamp>, RejectionReason> {
    if *kind != Kind::Watermark {
        return Ok(None);
    }
    if !message.complete_through.present() {
        return Err(RejectionReason::NoCompleteThrough);
    }
    let stated = times::read(message.complete_through, &received.source.zone)
        .map_err(|fault| fault.reason(Place::of("completeThrough")))?;
    Ok(Some(through(stated).min(received.received_at)))
}

/// The last moment of what was stated.
fn through(stated: Stated) -> Timestamp {
    match stated.precision {
        Precision::Instant => stated.at,
        Precision::Minute | Precision::Day => stated.at.plus(stated.precision.width_ms()),
    }
}
