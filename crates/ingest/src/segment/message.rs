//! A message as it stands in JSON, borrowed from the body.

use regulars_engine::event::Map;

use crate::json::{Reader, Scalar, Shape, fill};
use crate::limits::EVENT_BYTES_MAX;
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
    const WORDS: [(&'static str, Self); 8] = [
        ("track", Self::Track),
        ("page", Self::Page),
        ("identify", Self::Identify),
        ("screen", Self::Screen),
        ("group", Self::Group),
        ("alias", Self::Alias),
        ("watermark", Self::Watermark),
        ("heartbeat", Self::Heartbeat),
    ];

    /// The type of a word in either case.
    pub(crate) fn parse(word: &str) -> Option<Self> {
        let known = Self::WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        known.map(|(_, message_type)| *message_type)
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
    fn field(&mut self, name: &str, reader: &mut Reader<'a>) -> Option<()> {
        let scalar = match name {
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
            "context" => return fill(&mut self.context, reader),
            "traits" => return fill(&mut self.traits, reader),
            "properties" => return fill(&mut self.properties, reader),
            "args" => {
                self.arguments = reader.peek()? == b'[';
                return reader.skip();
            }
            _ => return reader.skip(),
        };
        *scalar = Scalar::read(reader)?;
        Some(())
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
    fn field(&mut self, name: &str, reader: &mut Reader<'a>) -> Option<()> {
        let scalar = match name {
            "traits" => return fill(&mut self.traits, reader),
            "campaign" => return fill(&mut self.campaign, reader),
            "page" => return fill(&mut self.page, reader),
            "device" => return fill(&mut self.device, reader),
            "externalIds" | "external_ids" => &mut self.external_ids,
            "groupId" | "group_id" => &mut self.group_id,
            "locale" => &mut self.locale,
            "timezone" => &mut self.timezone,
            _ => return reader.skip(),
        };
        *scalar = Scalar::read(reader)?;
        Some(())
    }
}

/// The page on which something happened.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page<'a> {
    pub(crate) url: Scalar<'a>,
    pub(crate) referrer: Scalar<'a>,
}

impl<'a> Shape<'a> for Page<'a> {
    fn field(&mut self, name: &str, reader: &mut Reader<'a>) -> Option<()> {
        let scalar = match name {
            "url" => &mut self.url,
            "referrer" => &mut self.referrer,
            _ => return reader.skip(),
        };
        *scalar = Scalar::read(reader)?;
        Some(())
    }
}

/// The device, for events that nothing else names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Device<'a> {
    pub(crate) id: Scalar<'a>,
}

impl<'a> Shape<'a> for Device<'a> {
    fn field(&mut self, name: &str, reader: &mut Reader<'a>) -> Option<()> {
        if name != "id" {
            return reader.skip();
        }
        self.id = Scalar::read(reader)?;
        Some(())
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
    fn field(&mut self, name: &str, reader: &mut Reader<'a>) -> Option<()> {
        let scalar = match name {
            "email" => &mut self.email,
            "phone" => &mut self.phone,
            "loyalty_id" | "loyaltyId" => &mut self.loyalty_id,
            "customer_id" | "customerId" => &mut self.customer_id,
            _ => return keep(&mut self.rest, name, reader),
        };
        *scalar = Scalar::read(reader)?;
        Some(())
    }
}

/// A map that is kept as it came.
#[derive(Clone, Debug, Default)]
pub(crate) struct Entries(pub(crate) Map);

impl<'a> Shape<'a> for Entries {
    fn field(&mut self, name: &str, reader: &mut Reader<'a>) -> Option<()> {
        keep(&mut self.0, name, reader)
    }
}

/// Reads the message that comes next into `message`, which is empty; `None` where it is unusual.
pub(crate) fn read<'a>(
    reader: &mut Reader<'a>,
    message: &mut Message<'a>,
) -> Option<Result<(), RejectionReason>> {
    let object = reader.peek()? == b'{';
    let begin = reader.position();
    if object {
        fill(message, reader)?;
    } else {
        reader.skip()?;
    }
    let bytes = reader.position() - begin;
    Some(if bytes > EVENT_BYTES_MAX {
        Err(RejectionReason::EventTooLarge { bytes })
    } else if !object {
        Err(RejectionReason::NotAnObject)
    } else if message.arguments {
        Err(RejectionReason::CallArguments)
    } else {
        Ok(())
    })
}
