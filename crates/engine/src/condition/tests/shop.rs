//! A small shop for tests: its catalogue, events in one line each, and a person to ask about.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use crate::condition::{
    Aggregates, Answer, Asked, Condition, Likeness, Manner, NothingBeside, Twin, evaluate,
};
use crate::event::{
    Channel, Code, CodeKind, Consent, ConsentAnswer, Currency, Event, Kind, Line, Map, Money,
    Order, Place, Purpose, Reference, Value,
};
use crate::identity::{Evidence, Identifier, IdentifierKind, Node, PersonId};
use crate::product::{Catalogue, Product};
use crate::profile::Profile;
use crate::source::Sources;
use crate::time::{Occurred, Precision, Timestamp};

/// `2026-03-28T18:47` in UTC.
pub(super) fn at(text: &str) -> Timestamp {
    let civil: jiff::civil::DateTime = text.parse().unwrap();
    Timestamp(civil.to_zoned(TimeZone::UTC).unwrap().timestamp().as_millisecond())
}

pub(super) fn catalogue() -> Catalogue {
    let product =
        |id: &str, name: &str, category: &str, till: &str, equivalents: &[&str]| Product {
            id: id.to_owned(),
            name: name.to_owned(),
            category: Some(category.to_owned()),
            price: Some(Money { minor: 1_999, currency: Currency::EUR }),
            in_stock: None,
            url: None,
            image_url: None,
            codes: vec![Code { kind: CodeKind::Till, value: till.to_owned() }],
            variants: Vec::new(),
            equivalents: equivalents.iter().map(|id| (*id).to_owned()).collect(),
        };
    Catalogue::new(vec![
        product("tee", "T-shirt", "Clothing / Tops", "4711", &["tee-organic"]),
        product("tee-organic", "Organic T-shirt", "Clothing / Tops", "4712", &[]),
        product("hat", "Hat", "Clothing / Hats", "4713", &[]),
        product("boot", "Boots", "Shoes", "4714", &[]),
    ])
}

/// One piece of `product` at 19.99: a product id, or a till's code if it is made of digits.
pub(super) fn line(product: &str) -> Line {
    let digits = product.bytes().all(|b| b.is_ascii_digit());
    let kind = if digits { CodeKind::Till } else { CodeKind::Product };
    Line {
        codes: vec![Code { kind, value: product.to_owned() }],
        quantity_milli: 1_000,
        total_minor: Some(1_999),
        currency: Some(Currency::EUR),
        name: (product == "tee").then(|| "T-shirt".to_owned()),
        ..Line::default()
    }
}

/// An event of this kind at this moment, received then.
pub(super) fn event(kind: Kind, at: Timestamp) -> Event {
    Event {
        identifiers: Identifier::new(IdentifierKind::Email, "ana@shop.example")
            .into_iter()
            .collect(),
        ..Event::bare("web", format!("{}-{}", kind.name(), at.0), kind, at)
    }
}

pub(super) fn cart_event(kind: Kind, at: Timestamp, products: &[&str]) -> Event {
    Event { lines: products.iter().map(|product| line(product)).collect(), ..event(kind, at) }
}

/// A checkout of a cart with these that becomes the order of this key.
pub(super) fn checkout(key: &str, at: Timestamp, products: &[&str]) -> Event {
    let reference = Some(Reference { id: key.to_owned() });
    Event { reference, ..cart_event(Kind::CheckoutStarted, at, products) }
}

/// An order, return or cancellation under a key, from the till of store lisbon-1.
pub(super) fn order(kind: Kind, key: &str, at: Timestamp, products: &[&str]) -> Event {
    let lines: Vec<Line> = products.iter().map(|product| line(product)).collect();
    let total = lines.iter().filter_map(|line| line.total_minor).sum();
    Event {
        source: "pos-2".to_owned(),
        feed: "till-3".to_owned(),
        message_id: format!("{}-{key}-{}", kind.name(), at.0),
        place: Place {
            channel: Channel::Store,
            store: Some("lisbon-1".to_owned()),
            ..Place::default()
        },
        order: Some(Order {
            key: key.to_owned(),
            total_minor: Some(total),
            currency: Currency::EUR,
            discount_minor: None,
            coupon: None,
        }),
        lines,
        ..event(kind, at)
    }
}

pub(super) fn dated(event: Event, precision: Precision) -> Event {
    Event { occurred: Occurred { precision, ..event.occurred }, ..event }
}

pub(super) fn over(channel: Channel, event: Event) -> Event {
    Event { place: Place { channel, ..Place::default() }, ..event }
}

pub(super) fn consent(at: Timestamp, answer: ConsentAnswer) -> Event {
    let channel = Channel::Email;
    let purpose = Some(Purpose::Promotion);
    Event {
        consent: Some(Consent { channel, purpose, answer, wording: None, until: None }),
        ..event(Kind::ConsentGiven, at)
    }
}

pub(super) fn ticket(kind: Kind, at: Timestamp) -> Event {
    Event { reference: Some(Reference { id: "t1".to_owned() }), ..event(kind, at) }
}

pub(super) fn with_trait(at: Timestamp, name: &str, value: Value) -> Event {
    Event { traits: Map::from([(name.to_owned(), value)]), ..event(Kind::Identify, at) }
}

/// A round of a game, with its points and its level.
pub(super) fn game(at: Timestamp, points: i64, level: &str) -> Event {
    let properties = Map::from([
        ("points".to_owned(), Value::Integer(points)),
        ("level".to_owned(), Value::Text(level.to_owned())),
    ]);
    Event { properties, ..event(Kind::Custom("Game Played".to_owned()), at) }
}

/// The same event with what its source says of each of its products.
pub(super) fn branded(event: Event, brands: &[&str]) -> Event {
    let of = |brand: &&str| {
        Value::Map(Map::from([("brand".to_owned(), Value::Text((*brand).to_owned()))]))
    };
    let products = Value::List(brands.iter().map(of).collect());
    Event { properties: Map::from([("products".to_owned(), products)]), ..event }
}

pub(super) fn fold(events: &[Event]) -> Profile {
    fold_with(events, &Aggregates::default())
}

fn fold_with(events: &[Event], aggregates: &Aggregates) -> Profile {
    let mut profile = Profile::default();
    for event in events {
        profile.fold(event, aggregates);
    }
    profile
}

/// One question about one person, with everything that it needs.
#[derive(Clone)]
pub(super) struct Question {
    pub(super) events: Vec<Event>,
    pub(super) profile: Profile,
    pub(super) twins: Vec<(u8, Profile)>,
    pub(super) evidence: Evidence,
    pub(super) catalogue: Catalogue,
    pub(super) sources: Sources,
    pub(super) segments: BTreeMap<String, Condition>,
    pub(super) entry: Option<(Timestamp, Vec<Line>)>,
    pub(super) zone: TimeZone,
    pub(super) now: Timestamp,
    pub(super) complete_to: Timestamp,
}

impl std::fmt::Debug for Question {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for event in &self.events {
            let labels: Vec<&str> = event.lines.iter().map(|l| l.codes[0].value.as_str()).collect();
            let Event { kind, occurred, received_at, order, place, .. } = event;
            let key = order.as_ref().map_or("", |order| order.key.as_str());
            let (name, at, how) = (kind.name(), occurred.at, occurred.precision);
            let over = place.channel.word();
            writeln!(
                f,
                "{at} ({how:?}, received {received_at}) {name} {key} {labels:?} on {over}"
            )?;
        }
        let entry = self.entry.as_ref().map(|(at, lines)| {
            (at.to_string(), lines.iter().map(|l| l.codes[0].value.as_str()).collect::<Vec<_>>())
        });
        let zone = self.zone.iana_name();
        write!(f, "entry {entry:?}, {zone:?}, now {}, to {}", self.now, self.complete_to)
    }
}

impl Question {
    /// About a person with these events, an hour after the last of them, in Madrid.
    pub(super) fn about(events: Vec<Event>) -> Self {
        let mut sources = Sources::default();
        for event in &events {
            sources.fold(event);
        }
        let now = events.iter().map(|event| event.received_at).max().unwrap_or_default();
        let identifier = Identifier::new(IdentifierKind::Email, "ana@shop.example").unwrap();
        let nodes = vec![Node { identifier, named_first: PersonId(7) }];
        Self {
            profile: fold(&events),
            events,
            twins: Vec::new(),
            evidence: Evidence { nodes: nodes.into(), edges: Vec::new() },
            catalogue: catalogue(),
            sources,
            segments: BTreeMap::new(),
            entry: None,
            zone: TimeZone::get("Europe/Madrid").unwrap(),
            now,
            complete_to: Timestamp::EARLIEST,
        }
    }

    pub(super) fn now(self, now: &str) -> Self {
        Self { now: at(now), ..self }
    }

    /// About a person whose profile keeps what the condition needs of single events.
    pub(super) fn declared(self, condition: &Condition) -> Self {
        let aggregates = Aggregates::of(self.segments.values().chain([condition]));
        Self { profile: fold_with(&self.events, &aggregates), ..self }
    }

    /// About a person whose profile keeps these aggregates.
    pub(super) fn folded_with(self, aggregates: &Aggregates) -> Self {
        Self { profile: fold_with(&self.events, aggregates), ..self }
    }

    /// The whole answer of such a person in words, as known.
    pub(super) fn declared_known(self, condition: &str) -> String {
        self.declared(&Condition::parse(condition).unwrap()).known(condition)
    }

    /// The same for certain.
    pub(super) fn declared_certain(self, condition: &str) -> String {
        self.declared(&Condition::parse(condition).unwrap()).certain(condition)
    }

    pub(super) fn complete_to(self, moment: &str) -> Self {
        Self { complete_to: at(moment), ..self }
    }

    pub(super) fn entered(self, moment: &str, products: &[&str]) -> Self {
        let lines = products.iter().map(|product| line(product)).collect();
        Self { entry: Some((at(moment), lines)), ..self }
    }

    pub(super) fn twin(mut self, likely_percent: u8, events: &[Event]) -> Self {
        self.twins.push((likely_percent, fold(events)));
        self
    }

    pub(super) fn segment(mut self, name: &str, condition: &str) -> Self {
        self.segments.insert(name.to_owned(), Condition::parse(condition).unwrap());
        self
    }

    pub(super) fn with<T>(&self, manner: Manner, ask: impl FnOnce(&Asked<'_>) -> T) -> T {
        let twins: Vec<Twin<'_>> = self
            .twins
            .iter()
            .zip(40..)
            .map(|((likely_percent, profile), id)| Twin {
                person: PersonId(id),
                likely_percent: *likely_percent,
                because: &Likeness::Shared { identifier: IdentifierKind::Email, users: 2 },
                profile,
            })
            .collect();
        ask(&Asked {
            profile: &self.profile,
            evidence: &self.evidence,
            twins: &twins,
            catalogue: &self.catalogue,
            sources: &self.sources,
            segments: &self.segments,
            entry: self.entry.as_ref().map(|(at, lines)| (*at, lines.as_slice())),
            zone: &self.zone,
            now: self.now,
            complete_to: self.complete_to,
            known_complete: false,
            beside: &NothingBeside,
            manner,
            memo: None,
        })
    }

    pub(super) fn ask(&self, condition: &Condition, manner: Manner) -> Answer {
        self.with(manner, |asked| evaluate(condition, asked))
    }

    pub(super) fn certain(&self, condition: &str) -> String {
        self.said(condition, Manner::ForCertain)
    }

    pub(super) fn known(&self, condition: &str) -> String {
        self.said(condition, Manner::AsKnown)
    }

    /// The whole answer in words.
    fn said(&self, condition: &str, manner: Manner) -> String {
        let condition =
            Condition::parse(condition).unwrap_or_else(|problems| panic!("{problems:?}"));
        let answer = self.ask(&condition, manner);
        let mut said = answer.truth.word().to_owned();
        for fact in &answer.facts {
            let when = fact.at.map_or_else(String::new, |at| format!(" ({at})"));
            said.push_str(&format!("\n  {}: {}{when}", fact.kind(), fact.text()));
        }
        for reason in &answer.unknown_because {
            let who = reason.person.map_or_else(String::new, |person| format!(" [{person}]"));
            said.push_str(&format!("\n  because{who} {}", reason.text()));
        }
        for lacking in &answer.waits_for {
            said.push_str(&format!(
                "\n  waits for {} up to {}",
                lacking.feed, lacking.needed_until
            ));
        }
        if let Some(next) = answer.next {
            said.push_str(&format!("\n  next {next}"));
        }
        said
    }
}
