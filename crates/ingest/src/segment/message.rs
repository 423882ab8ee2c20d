//! A message as it stands in JSON, borrowed from the body.

use std::borrow::Cow;

use regulars_engine::event::{Map, Value};
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess};

use crate::json::{Fill, Held, Piece, Scalar, Shape};
use crate::rejection::RejectionReason;
use crate::retail::{Properties, keep};

/// What kind of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MessageType {
    Track,
    Identify,
    Page,
    Screen,
    Group,
    Alias,
    Watermark,
    Heartbeat,
}

impl MessageType {
    pub(crate) fn parse(word: &str) -> Option<Self> {
        Some(match word.to_ascii_lowercase().as_str() {
            "track" => Self::Track,
            "identify" => Self::Identify,
            "page" => Self::Page,
            "screen" => Self::Screen,
            "group" => Self::Group,
            "alias" => Self::Alias,
            "watermark" => Self::Watermark,
            "heartbeat" => Self::Heartbeat,
            _ => return None,
        })
    }
}

/// The fields of a message that mean something to us; everything else is not kept, above all the
/// sender's address and browser.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message<'a> {
    pub(crate) kind: Scalar<'a>,
    pub(crate) event: Scalar<'a>,
    pub(crate) name: Scalar<'a>,
    pub(crate) category: Scalar<'a>,
    pub(crate) user_id: Scalar<'a>,
    pub(crate) anonymous_id: Scalar<'a>,
    pub(crate) previous_id: Scalar<'a>,
    pub(crate) group_id: Scalar<'a>,
    pub(crate) message_id: Scalar<'a>,
    pub(crate) timestamp: Scalar<'a>,
    pub(crate) original_timestamp: Scalar<'a>,
    pub(crate) sent_at: Scalar<'a>,
    pub(crate) channel: Scalar<'a>,
    pub(crate) context: Context<'a>,
    pub(crate) traits: Traits<'a>,
    pub(crate) properties: Properties<'a>,
    /// Whether the arguments of a library's call stand in it.
    pub(crate) arguments: bool,
    // Lines of event files and calls of feeds.
    pub(crate) source: Scalar<'a>,
    pub(crate) feed: Scalar<'a>,
    pub(crate) received_at: Scalar<'a>,
    pub(crate) complete_through: Scalar<'a>,
}

impl<'de> Shape<'de> for Message<'de> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: Cow<'de, str>,
        entries: &mut A,
    ) -> Result<(), A::Error> {
        let scalar = match &*name {
            "type" | "action" => &mut self.kind,
            "event" => &mut self.event,
            "name" => &mut self.name,
            "category" => &mut self.category,
            "userId" | "user_id" => &mut self.user_id,
            "anonymousId" | "anonymous_id" => &mut self.anonymous_id,
            "previousId" | "previous_id" => &mut self.previous_id,
            "groupId" | "group_id" => &mut self.group_id,
            "messageId" | "message_id" => &mut self.message_id,
            "timestamp" => &mut self.timestamp,
            "originalTimestamp" | "original_timestamp" => &mut self.original_timestamp,
            "sentAt" | "sent_at" => &mut self.sent_at,
            "channel" => &mut self.channel,
            "source" => &mut self.source,
            "feed" => &mut self.feed,
            "receivedAt" | "received_at" => &mut self.received_at,
            "completeThrough" | "complete_through" => &mut self.complete_through,
            "context" => return entries.next_value_seed(Fill(&mut self.context)),
            "traits" => return entries.next_value_seed(Fill(&mut self.traits)),
            "properties" => return entries.next_value_seed(Fill(&mut self.properties)),
            "args" => {
                let Held(arguments) = entries.next_value()?;
                self.arguments = matches!(arguments, Value::List(_));
                return Ok(());
            }
            _ => return entries.next_value::<IgnoredAny>().map(|_| ()),
        };
        *scalar = entries.next_value()?;
        Ok(())
    }
}

/// What a library says about the circumstances, as far as it is kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct Context<'a> {
    pub(crate) traits: Traits<'a>,
    pub(crate) campaign: Entries,
    pub(crate) page: Page<'a>,
    pub(crate) device: Device<'a>,
    pub(crate) external_ids: Scalar<'a>,
    pub(crate) group_id: Scalar<'a>,
    pub(crate) locale: Scalar<'a>,
    pub(crate) timezone: Scalar<'a>,
}

impl<'de> Shape<'de> for Context<'de> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: Cow<'de, str>,
        entries: &mut A,
    ) -> Result<(), A::Error> {
        match &*name {
            "traits" => entries.next_value_seed(Fill(&mut self.traits))?,
            "campaign" => entries.next_value_seed(Fill(&mut self.campaign))?,
            "page" => entries.next_value_seed(Fill(&mut self.page))?,
            "device" => entries.next_value_seed(Fill(&mut self.device))?,
            "externalIds" | "external_ids" => self.external_ids = entries.next_value()?,
            "groupId" | "group_id" => self.group_id = entries.next_value()?,
            "locale" => self.locale = entries.next_value()?,
            "timezone" => self.timezone = entries.next_value()?,
            _ => {
                entries.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The page on which something happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page<'a> {
    pub(crate) url: Scalar<'a>,
    pub(crate) referrer: Scalar<'a>,
}

impl<'de> Shape<'de> for Page<'de> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: Cow<'de, str>,
        entries: &mut A,
    ) -> Result<(), A::Error> {
        match &*name {
            "url" => self.url = entries.next_value()?,
            "referrer" => self.referrer = entries.next_value()?,
            _ => {
                entries.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The device, for events that nothing else names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Device<'a> {
    pub(crate) id: Scalar<'a>,
}

impl<'de> Shape<'de> for Device<'de> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: Cow<'de, str>,
        entries: &mut A,
    ) -> Result<(), A::Error> {
        if name == "id" {
            self.id = entries.next_value()?;
        } else {
            entries.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

/// Traits: those that identify, and the rest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Traits<'a> {
    pub(crate) email: Scalar<'a>,
    pub(crate) phone: Scalar<'a>,
    pub(crate) loyalty_id: Scalar<'a>,
    pub(crate) customer_id: Scalar<'a>,
    pub(crate) rest: Map,
}

impl<'de> Shape<'de> for Traits<'de> {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: Cow<'de, str>,
        entries: &mut A,
    ) -> Result<(), A::Error> {
        let scalar = match &*name {
            "email" => &mut self.email,
            "phone" => &mut self.phone,
            "loyalty_id" | "loyaltyId" => &mut self.loyalty_id,
            "customer_id" | "customerId" => &mut self.customer_id,
            _ => return keep(&mut self.rest, name, entries),
        };
        *scalar = entries.next_value()?;
        Ok(())
    }
}

/// A map that is kept as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entries(pub(crate) Map);

impl<'de> Shape<'de> for Entries {
    fn field<A: MapAccess<'de>>(
        &mut self,
        name: Cow<'de, str>,
        entries: &mut A,
    ) -> Result<(), A::Error> {
        keep(&mut self.0, name, entries)
    }
}

/// Reads a message that was cut out of a body or a file into `message`, which is empty.
pub(crate) fn read<'a>(
    piece: &Piece<'a>,
    message: &mut Message<'a>,
) -> Result<(), RejectionReason> {
    piece.check()?;
    if piece.bytes.first() != Some(&b'{') {
        return Err(match serde_json::from_slice::<IgnoredAny>(piece.bytes) {
            Ok(_) => RejectionReason::NotAnObject,
            Err(_) => RejectionReason::NotJson { offset: 0 },
        });
    }
    let text = std::str::from_utf8(piece.bytes).map_err(|_| RejectionReason::NotUtf8)?;
    let mut deserializer = serde_json::Deserializer::from_str(text);
    Fill(message)
        .deserialize(&mut deserializer)
        .and_then(|()| deserializer.end())
        .map_err(|error| RejectionReason::NotJson { offset: offset(text, &error) })?;
    if message.arguments { Err(RejectionReason::CallArguments) } else { Ok(()) }
}

/// Where reading stopped, in bytes. The error counts lines and columns from 1.
fn offset(text: &str, error: &serde_json::Error) -> usize {
    let lines = error.line().saturating_sub(1);
    let before: usize = text.split_inclusive('\n').take(lines).map(str::len).sum();
    before + error.column().saturating_sub(1)
}
