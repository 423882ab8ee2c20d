//! The single view of a customer.

use super::{
    Channel, DecisionRow, EventKind, Fact, IdentifierKind, Identity, MessageStatus, Money,
    Precision, Purpose, Reason, Tone,
};

use crate::ui::scored::Sentence;

/// Everything the page of one person shows.
#[derive(Debug, Clone)]
pub struct PersonModel {
    /// What the page was drawn from; another value means that there is something new.
    pub version: String,
    /// Who it is.
    pub header: PersonHeader,
    /// Whether and how the person can be contacted, by channel.
    pub reach: Vec<ChannelReach>,
    /// What scores say, each with its meaning; empty where nothing was learned yet.
    pub scores: Vec<Sentence>,
    /// What is in the cart, and what was.
    pub cart: Cart,
    /// Where the person stands in journeys, running ones first.
    pub journeys: Vec<EnrollmentRow>,
    /// What the shop's own site shows the person at this moment, or would.
    pub site: Vec<SiteRow>,
    /// The latest decisions, newest first.
    pub decisions: Vec<DecisionRow>,
    /// The touchpoints in order, oldest first.
    pub path: Vec<Touchpoint>,
    /// One page of the timeline.
    pub timeline: Timeline,
    /// Orders of all channels, newest first.
    pub orders: Vec<OrderRow>,
    /// Messages of all channels, newest first.
    pub messages: Vec<MessageRow>,
    /// Why these records are one person.
    pub identity: Identity,
}

/// A message on the shop's own site at which a person stands.
#[derive(Debug, Clone)]
pub struct SiteRow {
    /// The place on its pages.
    pub slot: String,
    /// Until when the person stands there.
    pub until: i64,
    /// Whether it is shown, and why.
    pub decision: DecisionRow,
}

/// Who it is.
#[derive(Debug, Clone)]
pub struct PersonHeader {
    /// The person's id.
    pub id: String,
    /// The name, if known; a person without one is shown as an anonymous visitor.
    pub name: Option<String>,
    /// Addresses and cards, the main one of each kind first.
    pub contacts: Vec<Contact>,
    /// The first event.
    pub first_at: Option<i64>,
    /// The moment the person became known; `None` while anonymous.
    pub known_since: Option<i64>,
    /// The last event.
    pub last_at: Option<i64>,
    /// Orders kept, over all channels.
    pub orders: u64,
    /// Their sum, one amount a currency.
    pub spent: Vec<Money>,
    /// Orders with a return.
    pub returns: u64,
    /// Events in all.
    pub events: u64,
}

/// One address or card.
#[derive(Debug, Clone)]
pub struct Contact {
    /// What it is.
    pub kind: IdentifierKind,
    /// Its value.
    pub value: String,
}

worded! {
    /// What the person said about messages.
    ConsentState, "consent" {
        /// Yes.
        Granted => "granted", "good";
        /// Yes, and not confirmed yet.
        Unconfirmed => "unconfirmed", "uncertain";
        /// Yes, by the rule for recent customers.
        SoftOptIn => "soft-opt-in", "info";
        /// Never asked, so not allowed.
        NeverAsked => "never-asked", "uncertain";
        /// No.
        Withdrawn => "withdrawn", "withdrawn";
        /// No consent is needed for this purpose.
        NotNeeded => "not-needed", "info";
    }
}

/// Whether a message of one purpose may go out at this moment.
#[derive(Debug, Clone)]
pub enum Reach {
    /// Yes.
    Yes,
    /// Not at this moment: why, and until when if that is known.
    Later(Reason, Option<i64>),
    /// No: why.
    No(Reason),
}

/// One purpose on one channel.
#[derive(Debug, Clone)]
pub struct PurposeReach {
    /// The purpose.
    pub purpose: Purpose,
    /// What the person said.
    pub consent: ConsentState,
    /// When it was said.
    pub said_at: Option<i64>,
    /// Where it was said: source, form, clerk.
    pub said_where: Option<String>,
    /// May a message go out?
    pub reach: Reach,
}

/// One channel by which messages go out.
#[derive(Debug, Clone)]
pub struct ChannelReach {
    /// The channel.
    pub channel: Channel,
    /// The address that would be used.
    pub address: Option<String>,
    /// By purpose.
    pub purposes: Vec<PurposeReach>,
}

/// What is in the cart, and what was.
#[derive(Debug, Clone, Default)]
pub struct Cart {
    /// Open lines.
    pub open: Vec<CartLine>,
    /// Closed lines, the latest first.
    pub closed: Vec<CartLine>,
    /// The worth of the open lines.
    pub worth: Option<Money>,
}

/// One line of the cart.
#[derive(Debug, Clone)]
pub struct CartLine {
    /// The product's name.
    pub product: String,
    /// The variant, such as `M, white`.
    pub variant: Option<String>,
    /// Pieces.
    pub quantity: u32,
    /// Price of one piece.
    pub price: Option<Money>,
    /// The last add.
    pub added_at: i64,
    /// Where it was added.
    pub channel: Channel,
    /// Why and when the line closed; `None` while open.
    pub closed: Option<(ClosedBecause, i64)>,
    /// Where it was bought, such as `Store Gran Vía, till 3`.
    pub closed_where: Option<String>,
}

worded! {
    /// Why a cart line is closed.
    ClosedBecause, "closed" {
        /// Bought.
        Bought => "bought", "order";
        /// Taken out.
        Removed => "removed", "cart-remove";
        /// The cart was cleared or replaced.
        Cleared => "cleared", "cart-remove";
    }
}

/// One enrollment.
#[derive(Debug, Clone)]
pub struct EnrollmentRow {
    /// The journey's name.
    pub journey: String,
    /// The journey's id.
    pub journey_id: String,
    /// Where it stands.
    pub state: EnrollmentState,
    /// The step it stands at, in words.
    pub step: Option<String>,
    /// Entered.
    pub entered_at: i64,
    /// The next moment something is due.
    pub due_at: Option<i64>,
    /// Ended.
    pub ended_at: Option<i64>,
    /// Why held or ended.
    pub reasons: Vec<Reason>,
    /// Steps passed and steps in all, for the progress mark.
    pub progress: Option<(u32, u32)>,
}

worded! {
    /// Where an enrollment stands.
    EnrollmentState, "enrollment" {
        /// Waits for its next step.
        Waiting => "waiting", "waiting";
        /// A message is held.
        Held => "held", "held";
        /// Left before the end.
        Exited => "exited", "exited";
        /// Reached its end.
        Completed => "completed", "done";
        /// Not taken in, with the reason.
        NotEntered => "not-entered", "minus";
    }
}

impl EnrollmentState {
    /// How the state feels.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Waiting => Tone::Accent,
            Self::Held => Tone::Warn,
            Self::Completed => Tone::Good,
            Self::Exited | Self::NotEntered => Tone::Neutral,
        }
    }
}

/// One contact of the person with the brand.
#[derive(Debug, Clone)]
pub struct Touchpoint {
    /// When.
    pub at: i64,
    /// How precisely.
    pub precision: Precision,
    /// Where.
    pub channel: Channel,
    /// What.
    pub kind: EventKind,
    /// On what: a product, a page, a store.
    pub label: Option<String>,
    /// True while nobody knew who it was.
    pub anonymous: bool,
}

/// One page of the timeline.
#[derive(Debug, Clone, Default)]
pub struct Timeline {
    /// The events, newest first.
    pub items: Vec<TimelineItem>,
    /// Events by channel, for the filter.
    pub channels: Vec<ChannelCount>,
    /// The channel chosen.
    pub selected: Option<Channel>,
    /// Events in the chosen channel.
    pub total: u64,
    /// The cursor of the next, older page.
    pub older: Option<String>,
    /// True when this is not the newest page.
    pub paged: bool,
}

/// How many events a channel has.
#[derive(Debug, Clone, Copy)]
pub struct ChannelCount {
    /// The channel.
    pub channel: Channel,
    /// Its events.
    pub count: u64,
}

/// One event.
#[derive(Debug, Clone)]
pub struct TimelineItem {
    /// The event's id.
    pub id: String,
    /// When it happened.
    pub at: i64,
    /// How precisely that is known.
    pub precision: Precision,
    /// When we learned of it.
    pub received_at: i64,
    /// Where.
    pub channel: Channel,
    /// What.
    pub kind: EventKind,
    /// On what: a product, a page, a store; the name of a custom event.
    pub label: Option<String>,
    /// The source and feed that told us.
    pub source: String,
    /// An amount, if there is one.
    pub amount: Option<Money>,
    /// True while nobody knew who it was.
    pub anonymous: bool,
    /// Everything else worth reading, shown on demand.
    pub facts: Vec<Fact>,
}

worded! {
    /// What became of an order.
    OrderState, "order-state" {
        /// Kept.
        Kept => "kept", "good";
        /// A part came back.
        PartlyReturned => "partly-returned", "return";
        /// All of it came back.
        Returned => "returned", "return";
        /// Cancelled.
        Cancelled => "cancelled", "cancelled";
    }
}

impl OrderState {
    /// How the state feels.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Kept => Tone::Good,
            Self::PartlyReturned | Self::Returned => Tone::Warn,
            Self::Cancelled => Tone::Neutral,
        }
    }
}

/// One order, seen by however many systems.
#[derive(Debug, Clone)]
pub struct OrderRow {
    /// The order's or receipt's number.
    pub number: String,
    /// When.
    pub at: i64,
    /// How precisely.
    pub precision: Precision,
    /// Where.
    pub channel: Channel,
    /// The store and till, or the shop.
    pub place: Option<String>,
    /// The lines: pieces and product.
    pub lines: Vec<(u32, String)>,
    /// The total; `None` when nobody told us.
    pub total: Option<Money>,
    /// Given back.
    pub returned: Option<Money>,
    /// What became of it.
    pub state: OrderState,
    /// The sources that reported it.
    pub sources: Vec<String>,
}

/// One message to the person.
#[derive(Debug, Clone)]
pub struct MessageRow {
    /// The message's id, if it can be opened.
    pub id: Option<String>,
    /// When.
    pub at: i64,
    /// The channel.
    pub channel: Channel,
    /// The subject, or the beginning of the text.
    pub subject: String,
    /// The journey's name.
    pub journey: Option<String>,
    /// What became of it.
    pub status: MessageStatus,
}
