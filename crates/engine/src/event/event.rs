//! One event: who says it, of whom, when, and what.

use minicbor::{Decode, Encode};

use super::{Channel, Currency, Kind, Line, Map, PushSubscription, Value};
use crate::identity::{Identifier, IdentifierKind};
use crate::time::{Occurred, Timestamp};

/// The place of an event in the log: 1, 2, 3, ... in the order of acceptance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct LogPosition(#[n(0)] pub u64);

/// Whether an event may start something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Mode {
    /// It happened lately: it may start journeys.
    #[default]
    #[n(0)]
    Live,
    /// History: it starts and sends nothing, but it ends, holds and corrects what runs.
    #[n(1)]
    Backfill,
}

/// What a repeated message id with other content means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Document {
    /// A statement made once: the first stays, others are counted as conflicts.
    #[default]
    #[n(0)]
    Once,
    /// A document that may be corrected: other content is a new version.
    #[n(1)]
    Versioned,
}

/// Where something happened.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Place {
    /// Over which channel.
    #[n(0)]
    pub channel: Channel,
    /// The store's id.
    #[n(1)]
    pub store: Option<String>,
    /// The till's id.
    #[n(2)]
    pub till: Option<String>,
    /// The sales associate's id.
    #[n(3)]
    pub staff: Option<String>,
}

/// The order an event tells of.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Order {
    /// The order's key: one order seen by shop, till and payment has one key.
    #[n(0)]
    pub key: String,
    /// What it came to in minor units, as the source states it.
    #[n(1)]
    pub total_minor: Option<i64>,
    /// Of which currency.
    #[n(2)]
    pub currency: Currency,
    /// The discount in minor units.
    #[n(3)]
    pub discount_minor: Option<i64>,
    /// The coupon that was redeemed.
    #[n(4)]
    pub coupon: Option<String>,
}

/// What a message is for; consent is given by purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum Purpose {
    /// The person's own business: a receipt, a delivery.
    #[n(0)]
    Transactional,
    /// Help after the purchase, advice, a birthday.
    #[n(1)]
    Care,
    /// Selling.
    #[n(2)]
    Promotion,
}

impl Purpose {
    /// The word used in files and on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Transactional => "transactional",
            Self::Care => "care",
            Self::Promotion => "promotion",
        }
    }

    /// The purpose of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word.trim().to_ascii_lowercase().as_str() {
            "transactional" => Self::Transactional,
            "care" | "service" => Self::Care,
            "promotion" | "promotional" | "marketing" => Self::Promotion,
            _ => return None,
        })
    }
}

/// A person's yes or no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(index_only)]
pub enum ConsentAnswer {
    /// Yes.
    #[n(0)]
    Given,
    /// No.
    #[n(1)]
    Withdrawn,
}

/// A statement of consent. The address it is about is among the event's identifiers; without one
/// it is about every identifier of the event.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Consent {
    /// Over which channel.
    #[n(0)]
    pub channel: Channel,
    /// For what; `None` speaks of care and promotion alike.
    #[n(1)]
    pub purpose: Option<Purpose>,
    /// Yes or no.
    #[n(2)]
    pub answer: ConsentAnswer,
    /// The words the person agreed to, or where they stand.
    #[n(3)]
    pub wording: Option<String>,
    /// For a pause: until when the person wants nothing. It says nothing of a yes or no before it,
    /// which stands again afterwards.
    #[n(4)]
    pub until: Option<Timestamp>,
}

/// Something an event refers to by an id of its source: a ticket, a message, a campaign, a review; a checkout
/// refers to the order that it becomes, by that order's key.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Reference {
    /// The id: of the ticket, of our message.
    #[n(0)]
    pub id: String,
}

/// An immutable fact. See the module of each part for its meaning.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub struct Event {
    /// The system that sent it.
    #[n(0)]
    pub source: String,
    /// The part of the source that can be late alone; empty where the source has one voice.
    #[n(1)]
    pub feed: String,
    /// The id its source gave, or one made of its content.
    #[n(2)]
    pub message_id: String,
    /// A hash of the content as it came, to tell a repeat from a conflict or a new version.
    #[n(3)]
    pub content: u64,
    /// When it happened, skew already corrected.
    #[n(4)]
    pub occurred: Occurred,
    /// When we got it.
    #[n(5)]
    pub received_at: Timestamp,
    /// The zone assumed for a time that came without one.
    #[n(6)]
    pub zone_assumed: Option<String>,
    /// Milliseconds by which the sender's clock was corrected; 0 where it was not.
    #[n(7)]
    pub skew_ms: i64,
    /// Whom it is about: normalised, strongest first, each once, blocked ones left out. The first is the anchor.
    #[n(8)]
    pub identifiers: Vec<Identifier>,
    /// What it says.
    #[n(9)]
    pub kind: Kind,
    /// Where.
    #[n(10)]
    pub place: Place,
    /// The products it tells of.
    #[n(11)]
    pub lines: Vec<Line>,
    /// The order it tells of.
    #[n(12)]
    pub order: Option<Order>,
    /// The cart it tells of, where the source has several.
    #[n(13)]
    pub cart: Option<String>,
    /// The yes or no it states.
    #[n(14)]
    pub consent: Option<Consent>,
    /// The ticket, message or review it refers to.
    #[n(15)]
    pub reference: Option<Reference>,
    /// Traits of the person it states.
    #[n(16)]
    pub traits: Map,
    /// What no typed part took, as it came.
    #[n(17)]
    pub properties: Map,
    /// Whether it may start something.
    #[n(18)]
    pub mode: Mode,
    /// Whether its id may come again with other content.
    #[n(19)]
    pub document: Document,
    /// For a watermark: the moment up to which the feed has told everything.
    #[n(20)]
    pub complete_through: Option<Timestamp>,
    /// The subscription of the browser it comes from: one that begins, or one that is dead.
    #[n(21)]
    pub push: Option<PushSubscription>,
}

impl Event {
    /// What a source says so shortly that it names nobody and tells nothing but its kind: it happened
    /// and was received at `at`. The rest is stated beside it.
    #[must_use]
    pub fn bare(source: &str, message_id: String, kind: Kind, at: Timestamp) -> Self {
        Self {
            source: source.to_owned(),
            feed: String::new(),
            message_id,
            content: 0,
            occurred: Occurred::instant(at),
            received_at: at,
            zone_assumed: None,
            skew_ms: 0,
            identifiers: Vec::new(),
            kind,
            place: Place::default(),
            lines: Vec::new(),
            order: None,
            cart: None,
            consent: None,
            reference: None,
            traits: Map::new(),
            properties: Map::new(),
            mode: Mode::Live,
            document: Document::Once,
            complete_through: None,
            push: None,
        }
    }

    /// The strongest identifier it carries: events hang on their anchor. `None` for an event that
    /// names nobody, such as a receipt without a card.
    #[must_use]
    pub fn anchor(&self) -> Option<&Identifier> {
        self.identifiers.first()
    }

    /// The key of the order whose checkout it begins.
    #[must_use]
    pub fn checkout_of(&self) -> Option<&str> {
        let reference = self.reference.as_ref().filter(|_| self.kind == Kind::CheckoutStarted)?;
        Some(&reference.id)
    }

    /// The browser that it comes from, whose a subscription is.
    #[must_use]
    pub fn browser(&self) -> Option<&Identifier> {
        self.identifiers.iter().find(|one| one.kind == IdentifierKind::AnonymousId)
    }

    /// The lines with what else their source says of them: attributes that no typed part took.
    #[must_use]
    pub fn described_lines(&self) -> Vec<Line> {
        let of_one = |name: &str| Self::ATTRIBUTES.contains(&name);
        let mut lines = self.lines.clone();
        let listed = match self.properties.get("products") {
            Some(Value::List(items)) => items.as_slice(),
            _ => &[],
        };
        let alone = listed.is_empty() && lines.len() == 1;
        for (index, line) in lines.iter_mut().enumerate() {
            let said = match listed.get(index) {
                Some(Value::Map(map)) => map.iter().collect::<Vec<_>>(),
                _ if alone => self.properties.iter().filter(|(name, _)| of_one(name)).collect(),
                _ => Vec::new(),
            };
            let texts = said.into_iter().filter_map(|(name, value)| Some((name, value.as_word()?)));
            let short = texts.filter(|(name, text)| name.len() <= 32 && text.len() <= 64);
            line.attributes =
                short.take(Self::ATTRIBUTES_MAX).map(|(name, text)| (name.clone(), text)).collect();
        }
        lines
    }

    /// What sources say of a product whose fields stand among the event's own.
    const ATTRIBUTES: [&str; 8] =
        ["brand", "size", "color", "colour", "variant", "material", "gender", "season"];
    /// The most attributes kept of a line: those that come first by name.
    const ATTRIBUTES_MAX: usize = 12;
}
