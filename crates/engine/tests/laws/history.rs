//! Generated histories: few identifiers, so that they meet often.

use proptest::prelude::*;
use regulars_engine::commit::MessageKey;
use regulars_engine::event::{
    Channel, Code, CodeKind, Consent, ConsentAnswer, Currency, Document, Event, Kind, Line, Order,
    Place, Purpose,
};
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_engine::time::{Occurred, Precision, Timestamp};

/// One thing that happened, small enough to print when a law breaks.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    number: usize,
    names: Vec<(u8, u8)>,
    what: u8,
    product: u8,
    at: i64,
    precision: u8,
    /// Of which document it is a version, if of any.
    document: Option<u8>,
    /// Who it says that somebody is, if it does.
    says: Option<u8>,
}

/// Up to 24 statements with numbers as ids.
pub(crate) fn history() -> impl Strategy<Value = Vec<Statement>> {
    let names = prop::collection::vec((0_u8..4, 0_u8..4), 0..4);
    let document = prop::option::weighted(0.3, 0_u8..3);
    let says = prop::option::weighted(0.5, 0_u8..SAYINGS);
    let one = (names, 0_u8..10, 0_u8..3, 0_i64..500_000, 0_u8..6, document, says);
    prop::collection::vec(one, 1..24).prop_map(|all| {
        all.into_iter()
            .enumerate()
            .map(|(number, (names, what, product, at, precision, document, says))| Statement {
                number,
                names,
                what,
                product,
                at,
                precision,
                document,
                says,
            })
            .collect()
    })
}

/// The statements without those that are another version of one before.
pub(crate) fn first_versions(mut statements: Vec<Statement>) -> Vec<Statement> {
    let mut seen = std::collections::BTreeSet::new();
    statements.retain(|statement| seen.insert(statement.key()));
    statements
}

/// The statements without those that a version received later overtakes.
pub(crate) fn last_versions(mut statements: Vec<Statement>) -> Vec<Statement> {
    let received = |statement: &Statement| {
        let (key, event) = statement.event();
        (key, event.received_at, event.content)
    };
    let all: Vec<_> = statements.iter().map(received).collect();
    statements.retain(|statement| {
        let own = received(statement);
        !all.iter().any(|other| other.0 == own.0 && other > &own)
    });
    statements
}

/// The same statements in an order that the seed gives.
pub(crate) fn shuffled(statements: &[Statement], seed: u64) -> Vec<Statement> {
    let mut keyed: Vec<(u64, Statement)> = statements
        .iter()
        .map(|statement| {
            let mixed = (u64::try_from(statement.number).unwrap() + 1)
                .wrapping_mul(seed | 1)
                .wrapping_mul(0x9E37_79B9_7F4A_7C15);
            (mixed ^ (mixed >> 29), statement.clone())
        })
        .collect();
    keyed.sort_by_key(|(key, statement)| (*key, statement.number));
    keyed.into_iter().map(|(_, statement)| statement).collect()
}

pub(crate) const SAME: u8 = 100;
pub(crate) const DIFFERENT: u8 = 101;
pub(crate) const TAKEN_BACK: u8 = 102;
pub(crate) const UNSURE: u8 = 103;
pub(crate) const LIVE_TOGETHER: u8 = 104;
pub(crate) const LIVE_APART: u8 = 105;

impl Statement {
    /// Staff say that two logins are one person's.
    pub(crate) fn same(one: usize, other: usize, at: i64) -> Self {
        Self::stated(one, other, at, SAME)
    }

    /// Staff say that two logins are two people's.
    pub(crate) fn different(one: usize, other: usize, at: i64) -> Self {
        Self::stated(one, other, at, DIFFERENT)
    }

    fn stated(one: usize, other: usize, at: i64, what: u8) -> Self {
        Self::said(1_000 + usize::from(what), one, other, at, what)
    }

    /// A word of staff on two logins, with a number of its own.
    pub(crate) fn said(number: usize, one: usize, other: usize, at: i64, what: u8) -> Self {
        let login = |n: usize| (0, u8::try_from(n).unwrap());
        Self {
            number,
            names: vec![login(one), login(other)],
            what,
            product: 0,
            at,
            precision: 0,
            document: None,
            says: None,
        }
    }

    pub(crate) fn says_same(&self) -> bool {
        self.what == SAME
    }

    pub(crate) fn event(&self) -> (MessageKey, Event) {
        let mut identifiers: Vec<Identifier> =
            self.names.iter().filter_map(|(kind, value)| name(*kind, *value)).collect();
        identifiers.sort();
        identifiers.dedup();
        self.event_of(identifiers)
    }

    fn event_of(&self, identifiers: Vec<Identifier>) -> (MessageKey, Event) {
        let kind = match self.what {
            0 => Kind::ProductAdded,
            1 => Kind::ProductRemoved,
            2 => Kind::OrderCompleted,
            3 => Kind::OrderRefunded,
            4 => Kind::ConsentGiven,
            5 => Kind::ConsentWithdrawn,
            6 => Kind::CartViewed,
            7 => Kind::TicketOpened,
            SAME => Kind::SamePersonStated,
            DIFFERENT => Kind::DifferentPersonsStated,
            TAKEN_BACK => Kind::StatementTakenBack,
            UNSURE => Kind::UnsureStated,
            LIVE_TOGETHER => Kind::SameHouseholdStated,
            LIVE_APART => Kind::DifferentHouseholdsStated,
            _ => Kind::PageViewed,
        };
        let at = Timestamp(self.at);
        let precision = if self.precision == 0 { Precision::Day } else { Precision::Instant };
        let event = Event {
            content: u64::try_from(self.number).unwrap(),
            occurred: Occurred { at, precision },
            identifiers,
            order: kind.touches_orders().then(|| self.order()),
            consent: consent(&kind),
            place: Place { channel: Channel::Web, ..Place::default() },
            lines: vec![self.line()],
            traits: self.traits(),
            properties: Default::default(),
            document: self.document.map_or(Document::Once, |_| Document::Versioned),
            ..Event::bare(
                "web",
                self.key().to_string(),
                kind,
                at.plus(i64::from(self.product) * 1000),
            )
        };
        (MessageKey(self.key()), event)
    }

    fn traits(&self) -> regulars_engine::event::Map {
        let mut traits: regulars_engine::event::Map =
            [("size".to_owned(), regulars_engine::event::Value::Integer(self.at))].into();
        let texts = self.says.map(said).unwrap_or_default();
        let texts = texts.into_iter().map(|(name, text)| {
            (name.to_owned(), regulars_engine::event::Value::Text(text.to_owned()))
        });
        traits.extend(texts);
        traits
    }

    /// Versions of one document have one key.
    fn key(&self) -> u128 {
        let own = u128::try_from(self.number).unwrap();
        self.document.map_or(own, |document| 10_000 + u128::from(document))
    }

    fn order(&self) -> Order {
        Order {
            key: format!("o{}", self.product),
            total_minor: Some(1000 + self.at % 7),
            currency: Currency::EUR,
            discount_minor: None,
            coupon: None,
        }
    }

    fn line(&self) -> Line {
        Line {
            codes: vec![Code { kind: CodeKind::Product, value: format!("p{}", self.product) }],
            quantity_milli: 1000,
            total_minor: Some(1000),
            ..Line::default()
        }
    }
}

/// A page that whoever bears all these identifiers opened.
pub(crate) fn page_viewed(number: usize, identifiers: Vec<Identifier>) -> (MessageKey, Event) {
    let at = i64::try_from(number).unwrap() * 1_000;
    let names = Vec::new();
    let view = Statement {
        number,
        names,
        what: 9,
        product: 0,
        at,
        precision: 1,
        document: None,
        says: None,
    };
    view.event_of(identifiers)
}

/// How many things may be said of who somebody is.
const SAYINGS: u8 = 8;

/// Two people of one household, one of them in three spellings, and two strangers.
fn said(number: u8) -> Vec<(&'static str, &'static str)> {
    let (given, birthday, address) = match number {
        0 => ("Mariana", "1988-03-14", "Calle Mayor 5"),
        1 => ("Mariana", "1988-03-14", "Gran Via 17"),
        2 => ("Marianna", "1988-03-14", "Calle Mayor 5"),
        3 => return vec![("address", "Calle Mayor 5")],
        4 => ("Ulises", "1959-11-02", "Calle Mayor 5"),
        5 => ("Mariana", "", "Calle Mayor 5"),
        6 => return vec![("name", "Gottfried Wimmer"), ("birthday", "1970-01-30")],
        _ => return vec![("name", "Mariana Quiroga Sanz")],
    };
    let all = [
        ("first_name", given),
        ("last_name", "Quiroga Sanz"),
        ("birthday", birthday),
        ("address", address),
        ("postcode", "28013"),
    ];
    all.into_iter().filter(|(_, text)| !text.is_empty()).collect()
}

fn consent(kind: &Kind) -> Option<Consent> {
    let answer = match kind {
        Kind::ConsentGiven => ConsentAnswer::Given,
        Kind::ConsentWithdrawn => ConsentAnswer::Withdrawn,
        _ => return None,
    };
    Some(Consent {
        channel: Channel::Email,
        purpose: Some(Purpose::Promotion),
        answer,
        wording: None,
        until: None,
    })
}

fn name(kind: u8, value: u8) -> Option<Identifier> {
    let (kind, value) = match kind {
        0 => (IdentifierKind::UserId, format!("login{value}")),
        1 => (IdentifierKind::Email, format!("mail{value}@example.com")),
        2 => (IdentifierKind::AnonymousId, format!("device{value}")),
        _ => (IdentifierKind::LoyaltyId, format!("card{value}")),
    };
    Identifier::new(kind, &value)
}
