//! A message as it stands in JSON, borrowed from the body.

use std::borrow::Cow;

use regulars_engine::event::Map;

use crate::json::{Content, Cut, Node, Scalar, Shape, Tokens, fill};
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

impl<'a> Shape<'a> for Message<'a> {
    fn field(&mut self, name: Cow<'a, str>, value: Node<'a, '_>) {
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
            "context" => return fill(&mut self.context, value),
            "traits" => return fill(&mut self.traits, value),
            "properties" => return fill(&mut self.properties, value),
            "args" => {
                self.arguments = matches!(value.content(), Content::List);
                return;
            }
            _ => return,
        };
        *scalar = Scalar::of(value);
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

impl<'a> Shape<'a> for Context<'a> {
    fn field(&mut self, name: Cow<'a, str>, value: Node<'a, '_>) {
        match &*name {
            "traits" => fill(&mut self.traits, value),
            "campaign" => fill(&mut self.campaign, value),
            "page" => fill(&mut self.page, value),
            "device" => fill(&mut self.device, value),
            "externalIds" | "external_ids" => self.external_ids = Scalar::of(value),
            "groupId" | "group_id" => self.group_id = Scalar::of(value),
            "locale" => self.locale = Scalar::of(value),
            "timezone" => self.timezone = Scalar::of(value),
            _ => {}
        }
    }
}

/// The page on which something happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page<'a> {
    pub(crate) url: Scalar<'a>,
    pub(crate) referrer: Scalar<'a>,
}

impl<'a> Shape<'a> for Page<'a> {
    fn field(&mut self, name: Cow<'a, str>, value: Node<'a, '_>) {
        match &*name {
            "url" => self.url = Scalar::of(value),
            "referrer" => self.referrer = Scalar::of(value),
            _ => {}
        }
    }
}

/// The device, for events that nothing else names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Device<'a> {
    pub(crate) id: Scalar<'a>,
}

impl<'a> Shape<'a> for Device<'a> {
    fn field(&mut self, name: Cow<'a, str>, value: Node<'a, '_>) {
        if name == "id" {
            self.id = Scalar::of(value);
        }
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

impl<'a> Shape<'a> for Traits<'a> {
    fn field(&mut self, name: Cow<'a, str>, value: Node<'a, '_>) {
        let scalar = match &*name {
            "email" => &mut self.email,
            "phone" => &mut self.phone,
            "loyalty_id" | "loyaltyId" => &mut self.loyalty_id,
            "customer_id" | "customerId" => &mut self.customer_id,
            _ => return keep(&mut self.rest, name, value),
        };
        *scalar = Scalar::of(value);
    }
}

/// A map that is kept as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entries(pub(crate) Map);

impl<'a> Shape<'a> for Entries {
    fn field(&mut self, name: Cow<'a, str>, value: Node<'a, '_>) {
        keep(&mut self.0, name, value)
    }
}

/// Reads a message that was cut out of a body or a file into `message`, which is empty.
pub(crate) fn read<'a>(
    cut: &Cut<'a>,
    tokens: &Tokens<'a>,
    message: &mut Message<'a>,
) -> Result<(), RejectionReason> {
    cut.piece.check()?;
    let text = std::str::from_utf8(cut.piece.bytes).map_err(|_| RejectionReason::NotUtf8)?;
    let first = cut.first.map_err(|offset| RejectionReason::NotJson { offset })?;
    let node = tokens.node(cut, text, first);
    if !matches!(node.content(), Content::Map) {
        return Err(RejectionReason::NotAnObject);
    }
    fill(message, node);
    if message.arguments { Err(RejectionReason::CallArguments) } else { Ok(()) }
}
