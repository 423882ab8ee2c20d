//! The book of segments: which number a name has, since when it means what it means, and how far
//! everybody has been asked.

use std::collections::BTreeMap;
use std::hash::Hasher;

use minicbor::{Decode, Encode};
use siphasher::sip::SipHasher13;

use super::{Kept, Reach, Standing};
use crate::condition::{Condition, Reads};
use crate::definition::ObjectKind;
use crate::event::{Code, LogPosition};
use crate::identity::PersonId;
use crate::program::Program;
use crate::time::Timestamp;

/// What is remembered of segments beside their definitions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub struct Book {
    /// Counts every change of what any segment means; 0: there never was one.
    #[n(0)]
    pub generation: u32,
    /// The generation up to which everybody has been asked.
    #[n(1)]
    pub complete: u32,
    /// The last number given to a name.
    #[n(2)]
    pub numbers: u32,
    /// What is remembered, by name.
    #[n(3)]
    pub entries: BTreeMap<String, Entry>,
    /// The person up to whom everybody has been asked under the latest generation, by id.
    #[n(4)]
    pub after: PersonId,
    /// How many that were.
    #[n(5)]
    pub asked: u64,
    /// A hash of the declared products.
    #[n(6)]
    pub products: u64,
    /// Numbers whose names are gone, until nobody bears them.
    #[n(7)]
    pub gone: Vec<u32>,
    /// A hash of the product codes that events had taught when everybody was last asked for them.
    #[n(8)]
    pub codes: u64,
    /// When the model of scores was fitted that everybody was last asked with.
    #[n(9)]
    #[cbor(default)]
    pub fitted_at: Timestamp,
    /// The version of the dates that start journeys: everybody's next one is found as everybody is
    /// asked.
    #[n(10)]
    #[cbor(default)]
    pub dates_version: u64,
    /// What is remembered of the ways of reaching people, in the order of [`Reach::ALL`]; empty
    /// where the shop has no segment.
    #[n(11)]
    #[cbor(default)]
    pub reach: Vec<Entry>,
}

/// What is remembered of one segment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct Entry {
    /// Its number, given once.
    #[n(0)]
    pub number: u32,
    /// A hash of everything its answer depends on beside the person.
    #[n(1)]
    pub meaning: u64,
    /// The generation with which it came to mean that.
    #[n(2)]
    pub introduced: u32,
    /// The generation with which everybody was last to be asked anew.
    #[n(3)]
    pub refreshed: u32,
    /// The log position at which it came to mean that.
    #[n(4)]
    pub from: LogPosition,
    /// When.
    #[n(5)]
    pub at: Timestamp,
}

/// How far the computing of new segments is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Persons asked.
    pub done: u64,
    /// Of how many.
    pub total: u64,
}

impl Book {
    /// The book as it is kept.
    ///
    /// # Panics
    /// Never: writing into memory does not fail.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        minicbor::to_vec(self).expect("writing into memory does not fail")
    }

    /// The book that was kept; `None`: these are no such bytes.
    #[must_use]
    pub fn from_bytes(bytes: &[u8]) -> Option<Self> {
        minicbor::decode(bytes).ok()
    }

    /// Takes in the segments of a program: new and changed ones get a generation, those that are
    /// gone are forgotten with their numbers, and where declared products or the model of scores
    /// changed, those that read them are asked anew. Returns whether anything changed.
    pub fn take_in(&mut self, program: &Program, next: LogPosition, now: Timestamp) -> bool {
        let generation = self.generation + 1;
        let count = self.entries.len();
        let gone = self.entries.iter().filter(|(name, _)| !program.segments.contains_key(*name));
        self.gone.extend(gone.map(|(_, entry)| entry.number));
        self.entries.retain(|name, _| program.segments.contains_key(name));
        let mut changed = self.entries.len() != count;
        let dates = program.dates_version;
        changed |= std::mem::replace(&mut self.dates_version, dates) != dates;
        let products = products(program);
        let other_products = std::mem::replace(&mut self.products, products) != products;
        let fitted_at =
            program.scores.as_ref().map_or(Timestamp::default(), |model| model.fitted_at);
        let other_scores = std::mem::replace(&mut self.fitted_at, fitted_at) != fitted_at;
        let renewal = Renewal { program, generation, next, now, other_products, other_scores };
        for (name, condition) in &program.segments {
            let held = self.entries.get(name).copied();
            let entry = renewal.entry(held, condition, &mut self.numbers);
            changed |= held != Some(entry);
            self.entries.insert(name.clone(), entry);
        }
        // Where nobody asks for segments, nothing is kept of anybody.
        let ways = if program.segments.is_empty() { &[][..] } else { &Reach::ALL[..] };
        let held = std::mem::take(&mut self.reach);
        self.gone.extend(held.iter().skip(ways.len()).map(|entry| entry.number));
        for (place, way) in ways.iter().enumerate() {
            let held = held.get(place).copied();
            self.reach.push(renewal.entry(held, &way.condition(), &mut self.numbers));
        }
        changed |= self.reach != held;
        if changed {
            self.begin(generation);
        }
        changed
    }

    /// Whether codes that are learned can change any answer: see [`Book::take_lessons`].
    #[must_use]
    pub fn minds_lessons(standing: &Standing) -> bool {
        standing.segments.iter().any(|kept| reads_products(&kept.reads))
    }

    /// Lets everybody be asked anew for the segments that read products, where codes were learned
    /// since: an earlier purchase may be of another product than was known. Returns whether there
    /// is anything to ask.
    pub fn take_lessons(
        &mut self,
        codes: &[(Code, String, Timestamp)],
        standing: &Standing,
    ) -> bool {
        let mut hasher = SipHasher13::new_with_keys(0, 0);
        for (code, id, _) in codes {
            for word in [code.kind.word(), &code.value, id] {
                hasher.write(word.as_bytes());
                hasher.write_u8(0xff);
            }
        }
        let codes = hasher.finish();
        if std::mem::replace(&mut self.codes, codes) == codes {
            return false;
        }
        let generation = self.generation + 1;
        let mut any = false;
        for kept in standing.segments.iter().filter(|kept| reads_products(&kept.reads)) {
            if let Some(entry) = self.entries.get_mut(&kept.name) {
                entry.refreshed = generation;
                any = true;
            }
        }
        if any {
            self.begin(generation);
        }
        any
    }

    fn begin(&mut self, generation: u32) {
        self.generation = generation;
        (self.after, self.asked) = (PersonId::default(), 0);
    }

    /// Whether somebody is still to be asked.
    #[must_use]
    pub fn computing(&self) -> bool {
        self.complete < self.generation
    }

    /// Notes that everybody up to `last` was asked, `count` persons more.
    pub fn advance(&mut self, last: PersonId, count: u64) {
        self.after = last;
        self.asked += count;
    }

    /// Notes that everybody was asked. Returns the numbers that nobody bears any more.
    pub fn finish(&mut self) -> Vec<u32> {
        self.complete = self.generation;
        std::mem::take(&mut self.gone)
    }

    /// How far it is, of so many persons; `None`: nothing is to be computed.
    #[must_use]
    pub fn progress(&self, persons: u64) -> Option<Progress> {
        self.computing().then(|| Progress { done: self.asked.min(persons), total: persons })
    }

    /// The segments of a program as they stand.
    #[must_use]
    pub fn stand(&self, program: &Program) -> Standing {
        let kept = |name: &str, reach: Option<Reach>, entry: &Entry, condition: Condition| Kept {
            number: entry.number,
            name: name.to_owned(),
            reach,
            reads: condition.reads_through(&program.segments),
            condition,
            introduced: entry.introduced,
            refreshed: entry.refreshed,
            from: entry.from,
            at: entry.at,
        };
        let reach = Reach::ALL.into_iter().zip(&self.reach);
        let reach = reach.map(|(way, entry)| kept("", Some(way), entry, way.condition()));
        let defined = self.entries.iter().filter_map(|(name, entry)| {
            let condition = program.segments.get(name)?;
            Some(kept(name, None, entry, condition.clone()))
        });
        Standing::new(self.generation, self.complete, reach.chain(defined).collect())
    }
}

/// What the entries of a book are renewed with.
struct Renewal<'p> {
    program: &'p Program,
    generation: u32,
    next: LogPosition,
    now: Timestamp,
    other_products: bool,
    other_scores: bool,
}

impl Renewal<'_> {
    /// What is remembered of a condition from here on: as before where it means the same.
    fn entry(&self, held: Option<Entry>, condition: &Condition, numbers: &mut u32) -> Entry {
        let Self { program, generation, .. } = *self;
        let meaning = meaning(condition, program);
        if let Some(held) = held.filter(|held| held.meaning == meaning) {
            let reads = condition.reads_through(&program.segments);
            let anew = self.other_products && reads_products(&reads)
                || self.other_scores && reads_scores(&reads);
            return if anew { Entry { refreshed: generation, ..held } } else { held };
        }
        let number = held.map_or(*numbers + 1, |held| held.number);
        *numbers = number.max(*numbers);
        let (introduced, refreshed) = (generation, generation);
        Entry { number, meaning, introduced, refreshed, from: self.next, at: self.now }
    }
}

/// A hash of everything a segment's answer depends on beside the person, the moment and products:
/// its condition, those of the segments it names, and where time matters the shop's zone.
fn meaning(condition: &Condition, program: &Program) -> u64 {
    let reads = condition.reads_through(&program.segments);
    let mut hasher = SipHasher13::new_with_keys(0, 0);
    hasher.write(written(condition).as_bytes());
    for name in &reads.segments {
        hasher.write_u8(0xff);
        hasher.write(name.as_bytes());
        let inner = program.segments.get(name).map(written).unwrap_or_default();
        hasher.write(inner.as_bytes());
    }
    hasher.write_u8(0xfe);
    if reads.consents {
        for asked in &program.shop.double_opt_in {
            let since = asked.since.map_or(i64::MIN, |since| since.0);
            let said = format!("{} {} {since}", asked.channel.word(), asked.purpose.word());
            hasher.write(said.as_bytes());
        }
    }
    // Who is reachable by text message depends on the countries that are texted.
    if reads.addresses || reads.consents {
        for code in &program.shop.sms_to {
            hasher.write(format!(" +{code}").as_bytes());
        }
    }
    if reads.time {
        hasher.write(program.shop.zone.iana_name().unwrap_or_default().as_bytes());
    }
    hasher.finish()
}

/// A condition with what the computed traits in it are made of.
fn written(condition: &Condition) -> String {
    let mut text = condition.to_string();
    condition.each(&mut |statement| {
        if let Condition::Trait { computed: Some(computed), .. } = statement {
            let currency = computed.currency.map(|currency| currency.code().to_owned());
            text.push_str(&format!("\u{1f}{} {}", computed.figure, currency.unwrap_or_default()));
        }
    });
    text
}

/// A hash of the declared products.
fn products(program: &Program) -> u64 {
    let mut hasher = SipHasher13::new_with_keys(0, 0);
    for (_, object) in program.objects.iter().filter(|(name, _)| name.kind == ObjectKind::Product) {
        hasher.write_u64(object.version);
    }
    hasher.finish()
}

/// Whether an answer depends on the model of scores.
fn reads_scores(reads: &Reads) -> bool {
    reads.stage || !reads.scores.is_empty()
}

/// Whether an answer depends on which product a code leads to.
fn reads_products(reads: &Reads) -> bool {
    reads.cart || !reads.products.is_empty() || !reads.categories.is_empty()
}
