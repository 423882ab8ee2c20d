//! Batches for benchmarks: many persons, bursty sessions, the usual mix, ready as bytes.
//!
//! Every person has three identifiers: an anonymous id, a user id and an e-mail address. With
//! `introduce`, one identify call for each person, which bears all three, comes before the load.

use jiff::Timestamp;

use crate::calendar::Clockface;
use crate::catalogue::Catalogue;
use crate::names::DOMAINS;
use crate::opaque;
use crate::outcome::timestamp;
use crate::people::decimal;
use crate::rng::{Purpose, draw, scale};
use crate::write::put;

/// What a load is made of. The same settings make the same bytes.
#[derive(Clone, Debug)]
pub struct LoadSettings {
    /// Everything random follows from it.
    pub seed: u64,
    /// Persons with three identifiers each; at least 1.
    pub people: u32,
    /// Whether one identify call for each person comes first, in whole batches.
    pub introduce: bool,
    /// Events of the load itself, introductions not counted.
    pub events: u64,
    /// Events of a batch; at least 1.
    pub batch_events: u32,
    /// Persons a batch of the load touches: about six events each by default.
    pub batch_people: u32,
    /// When the first batch is received.
    pub start: Timestamp,
    /// Events a second of the virtual clock; at least 1.
    pub events_per_second: u32,
    /// How the bytes are laid out.
    pub format: LoadFormat,
}

/// How a batch is laid out.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum LoadFormat {
    /// The body of a Segment `/v1/batch` call: `{"batch":[...],"writeKey":...,"sentAt":...}`.
    SegmentBatch {
        /// The source's write key.
        write_key: String,
    },
    /// Lines of an event file, with `source` and `receivedAt`.
    EventFile {
        /// The source that every line names.
        source: String,
    },
}

impl Default for LoadSettings {
    /// 1,000,000 persons, 20,000,000 events in batches of 1,000 on 167 persons.
    fn default() -> Self {
        Self {
            seed: 1,
            people: 1_000_000,
            introduce: true,
            events: 20_000_000,
            batch_events: 1_000,
            batch_people: 167,
            start: Timestamp::constant(1_787_522_400, 0),
            events_per_second: 2_000,
            format: LoadFormat::SegmentBatch { write_key: "load".to_owned() },
        }
    }
}

/// One batch, as [`Load::next_batch`] wrote it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LoadBatch {
    /// How many events are in it.
    pub events: u32,
    /// When it is received.
    pub received_at: Timestamp,
    /// Whether it introduces persons.
    pub introduction: bool,
}

/// Writes batches one after the other.
#[derive(Debug)]
pub struct Load {
    settings: LoadSettings,
    /// Ready members for each product of the load.
    products: Vec<Vec<u8>>,
    introduced: u32,
    written: u64,
    told: Clockface,
    received: Clockface,
}

/// What the events are, in thousandths.
const MIX: [(Kind, u32); 10] = [
    (Kind::Viewed, 350),
    (Kind::Page, 300),
    (Kind::Added, 100),
    (Kind::Ordered, 50),
    (Kind::Identified, 50),
    (Kind::Searched, 50),
    (Kind::Listed, 40),
    (Kind::CheckoutStarted, 20),
    (Kind::Removed, 20),
    (Kind::CartViewed, 20),
];

#[derive(Clone, Copy)]
enum Kind {
    Viewed,
    Page,
    Added,
    Ordered,
    Identified,
    Searched,
    Listed,
    CheckoutStarted,
    Removed,
    CartViewed,
}

/// One event to be written.
#[derive(Clone, Copy)]
struct Event {
    kind: Kind,
    person: u32,
    /// What the session looks at.
    product: usize,
    /// Unique in the load.
    number: u64,
    at: i64,
    logged_in: bool,
}

impl Load {
    /// Prepares the load.
    ///
    /// # Panics
    /// If a setting that has to be at least 1 is 0.
    pub fn new(settings: LoadSettings) -> Self {
        let LoadSettings { people, batch_events, batch_people, events_per_second, .. } = settings;
        let least = people.min(batch_events).min(batch_people).min(events_per_second);
        assert!(least > 0, "people, batches and events a second are at least 1");
        let products = products(settings.seed);
        let (told, received) = (Clockface::default(), Clockface::default());
        Self { settings, products, introduced: 0, written: 0, told, received }
    }

    /// Appends the next batch to `out`; `None` after the last.
    pub fn next_batch(&mut self, out: &mut Vec<u8>) -> Option<LoadBatch> {
        let introduction = self.settings.introduce && self.introduced < self.settings.people;
        let left = match introduction {
            true => u64::from(self.settings.people - self.introduced),
            false => self.settings.events - self.written,
        };
        let events = u32::try_from(left).unwrap_or(u32::MAX).min(self.settings.batch_events);
        if events == 0 {
            return None;
        }
        let first = u64::from(self.introduced) + self.written;
        let received_at = self.instant(first + u64::from(events));
        let segment = matches!(self.settings.format, LoadFormat::SegmentBatch { .. });
        if segment {
            put(out, "{\"batch\":[");
        }
        for place in 0..events {
            let event = match introduction {
                true => self.introduce(first, place),
                false => self.choose(first, place, events),
            };
            if segment && place > 0 {
                put(out, ",");
            }
            self.write(&event, received_at, out);
        }
        if let LoadFormat::SegmentBatch { write_key } = &self.settings.format {
            put(out, "],\"writeKey\":\"");
            put(out, write_key);
            put(out, "\",\"sentAt\":\"");
            self.received.write(received_at, out);
            put(out, "\"}");
        }
        match introduction {
            true => self.introduced += events,
            false => self.written += u64::from(events),
        }
        Some(LoadBatch { events, received_at: timestamp(received_at), introduction })
    }

    fn instant(&self, events: u64) -> i64 {
        let milliseconds = events.saturating_mul(1000) / u64::from(self.settings.events_per_second);
        self.settings.start.as_millisecond() + i64::try_from(milliseconds).unwrap_or(i64::MAX / 2)
    }

    fn introduce(&self, first: u64, place: u32) -> Event {
        let person = self.introduced + place;
        let number = first + u64::from(place);
        Event {
            kind: Kind::Identified,
            person,
            product: 0,
            number,
            at: self.instant(number),
            logged_in: true,
        }
    }

    /// The events of a batch take turns among its persons, so that sessions interleave.
    fn choose(&self, first: u64, place: u32, events: u32) -> Event {
        let seed = self.settings.seed;
        let slot = place % self.settings.batch_people.min(events);
        let session = draw(seed, Purpose::Load, first, u64::from(slot));
        let number = first + u64::from(place);
        let random = draw(seed, Purpose::Load, number, u64::MAX);
        let mut rest = scale(random, 1000);
        let mut kind = Kind::Viewed;
        for (candidate, weight) in MIX {
            kind = candidate;
            if rest < weight {
                break;
            }
            rest -= weight;
        }
        let products = u32::try_from(self.products.len()).expect("the load has few products");
        Event {
            kind,
            person: scale(session, self.settings.people),
            product: scale(session << 32, products) as usize,
            number,
            at: self.instant(number),
            // One session in eight is not logged in, but for the calls that say who it is.
            logged_in: session & 7 != 0 || matches!(kind, Kind::Identified),
        }
    }

    fn write(&mut self, event: &Event, received_at: i64, out: &mut Vec<u8>) {
        let seed = self.settings.seed;
        put(out, head(event.kind));
        put(out, "\",\"messageId\":\"");
        let id = draw(seed, Purpose::Check, event.number, 1);
        opaque::uuid(id, draw(seed, Purpose::Check, event.number, 2), out);
        put(out, "\",\"anonymousId\":\"");
        let cookie = draw(seed, Purpose::Device, u64::from(event.person), 1);
        opaque::uuid(cookie, draw(seed, Purpose::Device, u64::from(event.person), 2), out);
        if event.logged_in {
            put(out, "\",\"userId\":\"u");
            decimal(u64::from(event.person) + 10_000, out);
        }
        put(out, CONTEXT);
        match event.kind {
            Kind::Identified => self.write_traits(event, out),
            Kind::Page => put(
                out,
                "\"properties\":{\"title\":\"Shop\",\"path\":\"/new\",\"url\":\"https://shop.example/new\",\"referrer\":\"https://shop.example/\"}",
            ),
            Kind::Searched => put(out, "\"properties\":{\"query\":\"linen shirt\"}"),
            Kind::Listed => put(out, "\"properties\":{\"list_id\":\"new\",\"category\":\"Tops\"}"),
            Kind::Viewed | Kind::Added | Kind::Removed => {
                put(out, "\"properties\":{");
                out.extend_from_slice(&self.products[event.product]);
                put(out, ",\"quantity\":1,\"currency\":\"EUR\"}");
            }
            Kind::Ordered | Kind::CheckoutStarted | Kind::CartViewed => {
                self.write_order(event, out)
            }
        }
        put(out, ",\"timestamp\":\"");
        self.told.write(event.at, out);
        if let LoadFormat::EventFile { source } = &self.settings.format {
            put(out, "\",\"source\":\"");
            put(out, source);
            put(out, "\",\"receivedAt\":\"");
            self.received.write(received_at, out);
            put(out, "\"}\n");
        } else {
            put(out, "\"}");
        }
    }

    fn write_traits(&self, event: &Event, out: &mut Vec<u8>) {
        put(out, "\"traits\":{\"email\":\"shopper.");
        decimal(u64::from(event.person), out);
        put(out, "@");
        put(out, DOMAINS[event.person as usize % DOMAINS.len()]);
        put(
            out,
            "\",\"firstName\":\"Ana\",\"lastName\":\"García\",\"plan\":\"regular\",\"language\":\"es\"}",
        );
    }

    fn write_order(&self, event: &Event, out: &mut Vec<u8>) {
        put(out, "\"properties\":{\"order_id\":\"W-");
        decimal(event.number, out);
        put(out, "\",\"total\":39.9,\"revenue\":39.9,\"currency\":\"EUR\",\"products\":[{");
        out.extend_from_slice(&self.products[event.product]);
        put(out, ",\"quantity\":2}]}");
    }
}

fn head(kind: Kind) -> &'static str {
    match kind {
        Kind::Viewed => "{\"type\":\"track\",\"event\":\"Product Viewed",
        Kind::Page => "{\"type\":\"page\",\"name\":\"List",
        Kind::Added => "{\"type\":\"track\",\"event\":\"Product Added",
        Kind::Ordered => "{\"type\":\"track\",\"event\":\"Order Completed",
        Kind::Identified => "{\"type\":\"identify",
        Kind::Searched => "{\"type\":\"track\",\"event\":\"Products Searched",
        Kind::Listed => "{\"type\":\"track\",\"event\":\"Product List Viewed",
        Kind::CheckoutStarted => "{\"type\":\"track\",\"event\":\"Checkout Started",
        Kind::Removed => "{\"type\":\"track\",\"event\":\"Product Removed",
        Kind::CartViewed => "{\"type\":\"track\",\"event\":\"Cart Viewed",
    }
}

const PRODUCTS: u32 = 1_000;
const CONTEXT: &str = "\",\"context\":{\"library\":{\"name\":\"@segment/analytics-node\",\"version\":\"3.1.0\"},\"ip\":\"203.0.113.7\",\"locale\":\"es-ES\",\"userAgent\":\"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36\"},";

fn products(seed: u64) -> Vec<Vec<u8>> {
    let catalogue = Catalogue::new(seed, PRODUCTS);
    let members = catalogue.products.iter().map(|product| {
        let variant = &product.variants[0];
        let (whole, cents) = (product.price_minor / 100, product.price_minor % 100);
        format!(
            "\"product_id\":\"{}\",\"variant\":\"{}\",\"sku\":\"{}\",\"name\":\"{}\",\"category\":\"{}\",\"price\":{whole}.{cents:02}",
            product.id, variant.id, variant.sku, product.name, product.category
        )
    });
    members.map(String::into_bytes).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::Value;

    use super::*;

    fn load(format: LoadFormat) -> Load {
        let settings =
            LoadSettings { people: 5_000, events: 20_000, format, ..LoadSettings::default() };
        Load::new(settings)
    }

    fn batches(mut load: Load) -> Vec<(LoadBatch, Vec<u8>)> {
        let mut batches = Vec::new();
        let mut bytes = Vec::new();
        while let Some(batch) = load.next_batch(&mut bytes) {
            batches.push((batch, std::mem::take(&mut bytes)));
        }
        batches
    }

    #[test]
    fn batches_are_bursty_and_of_the_usual_size() {
        let batches = batches(load(LoadFormat::SegmentBatch { write_key: "key".to_owned() }));
        assert_eq!(batches.len(), 25);
        let (introductions, usual) = batches.split_at(5);
        assert!(introductions.iter().all(|(batch, _)| batch.introduction));
        let mut ids = BTreeSet::new();
        let mut kinds = BTreeMap::new();
        let mut bytes = 0;
        for (batch, body) in usual {
            bytes += body.len();
            let body: Value = serde_json::from_slice(body).unwrap();
            let events = body["batch"].as_array().unwrap();
            assert_eq!(events.len(), batch.events as usize);
            let people: BTreeSet<_> =
                events.iter().map(|event| event["anonymousId"].as_str().unwrap()).collect();
            assert!((155..=167).contains(&people.len()), "{}", people.len());
            for event in events {
                assert!(ids.insert(event["messageId"].as_str().unwrap().to_owned()));
                let kind = event["event"].as_str().or(event["type"].as_str()).unwrap().to_owned();
                *kinds.entry(kind).or_insert(0) += 1;
            }
        }
        assert!((560..680).contains(&(bytes / 20_000)), "{}", bytes / 20_000);
        assert!((6_600..7_400).contains(&kinds["Product Viewed"]), "{kinds:?}");
        assert!((900..1_100).contains(&kinds["identify"]), "{kinds:?}");
    }

    #[test]
    fn everybody_is_introduced_with_three_identifiers() {
        let batches = batches(load(LoadFormat::EventFile { source: "web".to_owned() }));
        let mut people = BTreeSet::new();
        for (_, body) in batches.iter().filter(|(batch, _)| batch.introduction) {
            for line in std::str::from_utf8(body).unwrap().lines() {
                let line: Value = serde_json::from_str(line).unwrap();
                let value = |value: &Value| value.as_str().unwrap().to_owned();
                people.insert((
                    value(&line["anonymousId"]),
                    value(&line["userId"]),
                    value(&line["traits"]["email"]),
                ));
            }
        }
        assert_eq!(people.len(), 5_000);
    }

    #[test]
    fn the_same_seed_makes_the_same_bytes() {
        let format = LoadFormat::EventFile { source: "web".to_owned() };
        let (once, again) = (batches(load(format.clone())), batches(load(format.clone())));
        assert_eq!(once, again);
        let mut other = load(format);
        other.settings.seed = 2;
        assert_ne!(once, batches(other));
    }
}
