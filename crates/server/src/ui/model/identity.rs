//! Why these records are one person.

use super::Tone;

worded! {
    /// What an identifier is.
    IdentifierKind, "identifier" {
        /// A login of the shop.
        Login => "login", "key";
        /// The shop's customer id.
        Customer => "customer", "user";
        /// A loyalty card.
        LoyaltyCard => "loyalty-card", "card";
        /// An e-mail address.
        Email => "email", "email";
        /// A phone number.
        Phone => "phone", "phone";
        /// An anonymous id or cookie of a browser.
        Browser => "browser", "web";
        /// An installation of the app.
        AppInstall => "app-install", "app";
        /// A fingerprint of a payment card.
        PaymentCard => "payment-card", "checkout";
        /// A name and a postal address.
        NameAndAddress => "name-and-address", "post";
        /// An account on a social network.
        Social => "social", "social";
        /// A name alone.
        Name => "name", "user";
        /// An order number.
        Order => "order", "order";
        /// The token of a cart or checkout.
        CartToken => "cart-token", "cart-add";
        /// Another kind.
        Other => "other", "other";
    }
}

worded! {
    /// How much an identifier proves.
    IdentifierClass, "class" {
        /// Belongs to one person; two values contradict each other.
        Unique => "unique", "key";
        /// May be shared by a household.
        Contact => "contact", "email";
        /// A device, which may pass from hand to hand.
        Device => "device", "device";
        /// Evidence with a weight.
        Hint => "hint", "info";
    }
}

worded! {
    /// What ties two identifiers together.
    EdgeHow, "edge" {
        /// One event carried both.
        Seen => "seen", "link";
        /// Staff say that they are one person's.
        SaidSame => "said-same", "link";
        /// Staff say that they are two people's.
        SaidApart => "said-apart", "unlink";
        /// Staff say that those who bear them live together.
        SaidTogether => "said-together", "people";
        /// Staff say that they do not.
        SaidNotTogether => "said-not-together", "unlink";
    }
}

impl EdgeHow {
    /// The verb that takes back what staff said.
    pub const fn taken_back_by(self) -> &'static str {
        match self {
            Self::Seen | Self::SaidSame | Self::SaidApart => "take-back",
            Self::SaidTogether | Self::SaidNotTogether => "take-back-household",
        }
    }
}

worded! {
    /// What is made of an identifier.
    IdentifierUse, "identifier-use" {
        /// It joins records.
        Joins => "joins", "link";
        /// Past its limit: shared, so it joins nobody.
        Shared => "shared", "people";
        /// On the list of values that say nothing.
        Blocked => "blocked", "withdrawn";
    }
}

impl IdentifierUse {
    /// How the use feels.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Joins => Tone::Good,
            Self::Shared => Tone::Warn,
            Self::Blocked => Tone::Neutral,
        }
    }
}

/// One identifier of the person.
#[derive(Debug, Clone)]
pub struct IdentifierRow {
    /// What it is.
    pub kind: IdentifierKind,
    /// Its normalised value.
    pub value: String,
    /// How much it proves.
    pub class: IdentifierClass,
    /// What is made of it.
    pub used: IdentifierUse,
    /// In how many events it was seen.
    pub seen_with: u64,
    /// First seen.
    pub first_at: i64,
    /// Last seen.
    pub last_at: i64,
}

/// An observation that two identifiers belong to one person.
#[derive(Debug, Clone)]
pub struct EvidenceEdge {
    /// One identifier: its kind and value.
    pub left: (IdentifierKind, String),
    /// The other.
    pub right: (IdentifierKind, String),
    /// What ties them together.
    pub how: EdgeHow,
    /// First seen, or said.
    pub first_at: i64,
    /// Last seen, or said.
    pub last_at: i64,
}

/// That what was stated under two identifiers is alike, which joined them.
#[derive(Debug, Clone)]
pub struct AlikeRow {
    /// One identifier: its kind and value.
    pub left: (IdentifierKind, String),
    /// The other.
    pub right: (IdentifierKind, String),
    /// How likely they are one person's, and what they have in common.
    pub fact: regulars_engine::reason::Fact,
}

/// Another record that is possibly the same person.
#[derive(Debug, Clone)]
pub struct Twin {
    /// The other person's id.
    pub person_id: String,
    /// The name to show.
    pub name: String,
    /// The probability that both are one, in thousandths: the guard's own figure.
    pub permille: u16,
    /// Why, as the engine tells it.
    pub why: Option<regulars_engine::reason::Fact>,
    /// What speaks for and against, the strongest first; may be empty.
    pub factors: Vec<TwinFactor>,
}

/// Why somebody lives with somebody.
#[derive(Debug, Clone)]
pub enum HouseholdWhy {
    /// Staff say so.
    Said,
    /// They state one home and a surname in common.
    Home,
    /// They use a value that joins nobody: its kind, the value, and how many people use it.
    Shared(IdentifierKind, String, u32),
}

/// Somebody who lives with the person.
#[derive(Debug, Clone)]
pub struct HouseholdRow {
    /// The other person's id.
    pub person_id: String,
    /// The name to show.
    pub name: String,
    /// With whom of the household, where it is not with the person itself.
    pub through: Option<String>,
    /// Why, the strongest first.
    pub why: Vec<HouseholdWhy>,
}

/// One comparison between two records.
#[derive(Debug, Clone)]
pub struct TwinFactor {
    /// What was compared.
    pub kind: IdentifierKind,
    /// The value here.
    pub here: String,
    /// The value there.
    pub there: String,
    /// The weight in hundredths of a bit: above zero for, below zero against.
    pub weight_centibits: i32,
}

worded! {
    /// What an event changed of who a person is.
    HistoryWord, "history" {
        /// Identifiers were seen for the first time.
        Named => "named", "plus";
        /// What was apart became one.
        Joined => "joined", "link";
        /// What was one fell apart.
        Parted => "parted", "unlink";
        /// Staff said something of two identifiers.
        Stated => "stated", "people";
    }
}

/// One thing that an event changed of who a person is.
#[derive(Debug, Clone)]
pub struct HistoryStep {
    /// What.
    pub word: HistoryWord,
    /// Of which identifiers, group by group.
    pub groups: Vec<Vec<(IdentifierKind, String)>>,
}

/// One moment of how a person came together.
#[derive(Debug, Clone)]
pub struct HistoryRow {
    /// When it happened.
    pub at: i64,
    /// The event.
    pub kind: super::EventKind,
    /// What it changed.
    pub steps: Vec<HistoryStep>,
}

/// The whole explanation.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    /// The person's id.
    pub person_id: String,
    /// The identifiers, the strongest class first.
    pub identifiers: Vec<IdentifierRow>,
    /// The observations that join them.
    pub evidence: Vec<EvidenceEdge>,
    /// The likenesses that join what nothing that was seen does.
    pub alike: Vec<AlikeRow>,
    /// What staff said of the person and have not taken back.
    pub said: Vec<EvidenceEdge>,
    /// Who lives with the person.
    pub household: Vec<HouseholdRow>,
    /// Records that are possibly the same person, the likeliest first.
    pub twins: Vec<Twin>,
    /// How it came together, from the first event on.
    pub history: Vec<HistoryRow>,
}
