//! The program: everything a shop has defined, compiled and checked. Immutable; swapped whole.
//!
//! It is made by [`crate::definition::check`] and nowhere else, so what a program holds has been
//! checked: every name that a journey uses exists, every jump leads to a step.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::tz::TimeZone;

use crate::condition::{Aggregates, ComputedTraits, Condition};
use crate::definition::{Object, ObjectName, benefit_of};
use crate::event::{Channel, Currency, Event, Purpose};
use crate::identity::{CallingCode, Identifier, IdentifierKind, IdentityRules};
use crate::journey::Journey;
use crate::offer::Offer;
use crate::pace::Pace;
use crate::product::Product;
use crate::profile::DoubleOptIn;
use crate::score::Model;
use crate::segment::Standing;
use crate::source::SourceSettings;
use crate::time::DAY;
use crate::wording::Words;

/// All live definitions of a shop.
#[derive(Clone, Debug, Default)]
pub struct Program {
    /// The hash of all canonical forms: equal for equal definitions, however they are laid out in
    /// files; 0 for an empty shop.
    pub version: u64,
    /// The shop as a whole.
    pub shop: Shop,
    /// What is stated of sources, by name.
    pub sources: BTreeMap<String, SourceSettings>,
    /// The rules of identity: the built-in ones with what the shop adds.
    pub identity: IdentityRules,
    /// Declared products, by id ascending.
    pub catalogue: Vec<Product>,
    /// Traits that are computed, by name.
    pub traits: ComputedTraits,
    /// Segments by name.
    pub segments: BTreeMap<String, Condition>,
    /// Offers by name, those that steps state themselves included.
    pub offers: BTreeMap<String, Offer>,
    /// What conditions need of single events, kept in every profile.
    pub aggregates: Aggregates,
    /// Live journeys: by priority, the highest first, then by name.
    pub journeys: Vec<Journey>,
    /// A hash of all dates that start journeys and of the shop's zone; 0: no date starts one.
    pub dates_version: u64,
    /// Parts that templates share, by name.
    pub partials: BTreeMap<String, PartialSource>,
    /// Templates by name; compiled where messages are made.
    pub templates: BTreeMap<String, TemplateSource>,
    /// Messages on the shop's own site, by the names of their templates.
    pub site_templates: BTreeMap<String, SiteTemplate>,
    /// Every object's canonical form, by kind and name.
    pub objects: BTreeMap<ObjectName, Object>,
    /// The segments whose members are kept, as [`crate::segment::Book::stand`] makes them where
    /// there is a store. Not part of the version.
    pub standing: Standing,
    /// What was learned from the shop's people, if anything was yet. Not part of the version.
    pub scores: Option<Arc<Model>>,
    /// Versions that are no longer live, for the people inside. Not part of the version.
    older: BTreeMap<(String, u64), Journey>,
}

impl Program {
    /// The journey of this name and version, live or older; `None` if neither holds it.
    #[must_use]
    pub fn journey(&self, name: &str, version: u64) -> Option<&Journey> {
        self.live_journey(name)
            .filter(|journey| journey.version == version)
            .or_else(|| self.older.get(&(name.to_owned(), version)))
    }

    /// Whether some journey sends transactional messages over `channel`.
    #[must_use]
    pub fn serves_over(&self, channel: Channel) -> bool {
        let serving = self.journeys.iter().filter(|j| j.purpose == Purpose::Transactional);
        let mut sends = serving.flat_map(|j| &j.steps).filter_map(|step| step.kind.send());
        sends.any(|send| send.ways().any(|(over, _)| over == channel))
    }

    /// What is stated of a source; the shop stands in where nothing is.
    #[must_use]
    pub fn source(&self, name: &str) -> Cow<'_, SourceSettings> {
        match self.sources.get(name) {
            Some(stated) => Cow::Borrowed(stated),
            None => Cow::Owned(SourceSettings {
                zone: self.shop.zone.clone(),
                currency: self.shop.currency,
                calling_code: self.shop.calling_code,
                ..SourceSettings::named(name)
            }),
        }
    }

    /// Whether pages of an origin, as browsers state it, may ask what to show by the key of a source:
    /// those that the source states, else those of the shop's own site.
    #[must_use]
    pub fn may_ask(&self, source: &str, origin: &str) -> bool {
        let stated = self.sources.get(source).map_or(&[][..], |source| &source.origins[..]);
        if stated.is_empty() {
            let rest = self.shop.site_url.find("://").map_or(0, |at| at + 3);
            let end = self.shop.site_url[rest..].find('/').map(|at| rest + at);
            let own = &self.shop.site_url[..end.unwrap_or(self.shop.site_url.len())];
            return !own.is_empty() && own.eq_ignore_ascii_case(origin);
        }
        stated.iter().any(|held| held.eq_ignore_ascii_case(origin))
    }

    /// The calling codes of numbers that come without one: the shop's, then those of its sources.
    #[must_use]
    pub fn calling_codes(&self) -> Vec<CallingCode> {
        let mut codes: Vec<CallingCode> = self.shop.calling_code.into_iter().collect();
        for code in self.sources.values().filter_map(|source| source.calling_code) {
            if !codes.contains(&code) {
                codes.push(code);
            }
        }
        codes
    }

    /// The identifiers that somebody may mean by a value, the likeliest first: as intake reads it,
    /// and as it was read before a calling code was stated. Empty: it is no value of its kind.
    #[must_use]
    pub fn meant(&self, kind: &IdentifierKind, value: &str) -> Vec<Identifier> {
        let codes = self.calling_codes().into_iter().map(Some).chain([None]);
        let read = codes.filter_map(|code| Identifier::written_in(kind.clone(), value, code));
        let mut meant: Vec<Identifier> = Vec::new();
        for identifier in read {
            if !meant.contains(&identifier) {
                meant.push(identifier);
            }
        }
        meant
    }

    /// The live journey of this name. Cost: linear in the number of journeys, which are few.
    #[must_use]
    pub fn live_journey(&self, name: &str) -> Option<&Journey> {
        self.journeys.iter().find(|journey| journey.name == name)
    }

    /// Live journeys, and older versions that people are in.
    pub fn every_journey(&self) -> impl Iterator<Item = &Journey> {
        self.journeys.iter().chain(self.older.values())
    }

    /// Whether links of messages of this template lead over us: as the template says, else as the shop
    /// does, but for what is sent for a person's own business. Never where we cannot be reached.
    #[must_use]
    pub fn tracks_links(&self, template: &str, purpose: Purpose) -> bool {
        let stated = self.templates.get(template).and_then(|template| template.link_tracking);
        let wanted = self.shop.link_tracking && purpose != Purpose::Transactional;
        stated.unwrap_or(wanted) && !self.shop.base_url.is_empty()
    }

    /// Whether the event may have moved a date that starts a journey. Cost: linear in such dates.
    #[must_use]
    pub fn dates_touched_by(&self, event: &Event) -> bool {
        self.dates_version != 0
            && self
                .journeys
                .iter()
                .flat_map(|journey| &journey.entry.dates)
                .any(|d| d.touched_by(event))
    }

    /// Keeps an older version of a journey for the people inside; see [`crate::definition::older`]
    /// for how it is read back from its canonical form.
    pub fn keep_older(&mut self, mut journey: Journey) {
        journey.take_traits(&self.traits);
        let journey = journey.settle(&self.segments);
        self.aggregates.extend(journey.conditions());
        self.take_offers(&journey);
        self.older.insert((journey.name.clone(), journey.version), journey);
    }

    /// Takes in the offers that a journey's steps state by their benefits alone.
    pub(crate) fn take_offers(&mut self, journey: &Journey) {
        let sends = journey.steps.iter().filter_map(|step| step.kind.send());
        for stated in sends.filter_map(|send| send.offer.as_ref()) {
            if let Ok(benefit) = benefit_of(stated) {
                let offer = Offer::of(benefit);
                self.offers.entry(offer.name.clone()).or_insert(offer);
            }
        }
    }
}

/// The shop as a whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Shop {
    /// Its name; empty where nothing is defined yet.
    pub name: String,
    /// Its zone: of people whose own is not known, and of sources that state none.
    pub zone: TimeZone,
    /// Its base currency.
    pub currency: Currency,
    /// The calling code of its country: of phone numbers that come without one. `None`: they stay as
    /// they are.
    pub calling_code: Option<CallingCode>,
    /// The calling codes of the countries whose numbers get text messages, in order; empty: every country's.
    pub sms_to: Vec<CallingCode>,
    /// Its postal address, as it stands below every message; empty if not stated.
    pub address: String,
    /// Where its Regulars is reached from outside, without a slash at the end: the page to
    /// unsubscribe and other links to ourselves begin with it. Empty if not stated.
    pub base_url: String,
    /// Its own site, without a slash at the end. Empty if not stated.
    pub site_url: String,
    /// The page of its cart, where messages about a cart lead. Empty if not stated.
    pub cart_url: String,
    /// The address its messages come from; empty if not stated.
    pub from_email: String,
    /// The name its messages come from; empty if not stated.
    pub from_name: String,
    /// Start and end of the hours in which nobody is disturbed: minutes after midnight in the
    /// person's zone, each 0 to 1,439. They never are equal; a start after the end spans midnight.
    pub quiet_hours: Option<(i32, i32)>,
    /// How many messages a person gets at most; transactional ones do not count.
    pub caps: Vec<Cap>,
    /// How many promotions a person gets in a row, without a message that cares in between.
    pub balance: Option<Balance>,
    /// How fast messages leave, over all people.
    pub pace: Pace,
    /// How many thousandths of all people get no messages but transactional ones, to measure what
    /// messages cause; less than 1,000.
    pub holdout_permille: u32,
    /// Whether customers of the last 24 months may get promotion without a yes.
    pub soft_opt_in: bool,
    /// For which yes it asks twice; one for each channel and purpose.
    pub double_opt_in: Vec<DoubleOptIn>,
    /// Whether links of care and promotion lead over us, so that it is known which were followed.
    pub link_tracking: bool,
    /// Languages of its messages as BCP 47 tags (`es`, `pt-BR`), the default first; never empty.
    pub languages: Vec<String>,
    /// The places on its site's pages that messages may fill.
    pub slots: Vec<Slot>,
}

/// A place on the pages of the shop's own site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// Its name: `banner`.
    pub name: String,
    /// The height in CSS pixels that pages keep free for it, so that nothing moves when it is filled;
    /// `None`: it lies over the page.
    pub height_px: Option<u32>,
}

impl Shop {
    /// Where links to the shop lead: its own site, else where this program is reached.
    #[must_use]
    pub fn site(&self) -> &str {
        if self.site_url.is_empty() { &self.base_url } else { &self.site_url }
    }

    /// The domain its mail comes from; empty if no address is stated.
    #[must_use]
    pub fn sending_domain(&self) -> &str {
        self.from_email.rsplit_once('@').map_or("", |(_, domain)| domain)
    }

    /// Whether text messages go to a number: to those of the countries it states, or to every one.
    #[must_use]
    pub fn texts(&self, number: &Identifier) -> bool {
        let listed = || number.calling_code().is_some_and(|code| self.sms_to.contains(&code));
        self.sms_to.is_empty() || listed()
    }

    /// How it asks twice for a yes over `channel` for `purpose`, if it does.
    #[must_use]
    pub fn asks_twice(&self, channel: Channel, purpose: Purpose) -> Option<&DoubleOptIn> {
        self.double_opt_in.iter().find(|asked| (asked.channel, asked.purpose) == (channel, purpose))
    }

    /// The hours in which nobody is disturbed over `channel`: those of the shop. A text or push message
    /// rings: where the shop states none, care and promotion over them keep the night all the same.
    #[must_use]
    pub fn quiet_hours_of(&self, channel: Channel) -> Option<(i32, i32)> {
        let rings = matches!(channel, Channel::Sms | Channel::Push);
        self.quiet_hours.or_else(|| rings.then_some(Self::NIGHT))
    }

    /// From nine in the evening to eight in the morning, in minutes after midnight: the hours in which
    /// nobody may be called to be sold something (47 CFR 64.1200 (c) (1)).
    pub const NIGHT: (i32, i32) = (21 * 60, 8 * 60);

    /// Where links to the cart lead.
    #[must_use]
    pub fn cart_page(&self) -> String {
        if self.cart_url.is_empty() {
            format!("{}/cart", self.site())
        } else {
            self.cart_url.clone()
        }
    }
}

impl Default for Shop {
    fn default() -> Self {
        Self {
            name: String::new(),
            zone: TimeZone::UTC,
            currency: Currency::EUR,
            calling_code: None,
            sms_to: Vec::new(),
            address: String::new(),
            base_url: String::new(),
            site_url: String::new(),
            cart_url: String::new(),
            from_email: String::new(),
            from_name: String::new(),
            quiet_hours: None,
            caps: Vec::new(),
            balance: None,
            pace: Pace::default(),
            holdout_permille: 0,
            soft_opt_in: false,
            link_tracking: true,
            double_opt_in: Vec::new(),
            languages: vec!["en".to_owned()],
            slots: Vec::new(),
        }
    }
}

/// A limit on messages to one person, over all journeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    /// Over which channel; `None`: over all of them together.
    pub channel: Option<Channel>,
    /// So many messages, at least one.
    pub max: u32,
    /// In any stretch of so many milliseconds, at least a minute and at most [`Cap::WINDOW_MS_MAX`].
    pub window_ms: i64,
}

/// A limit on promotions in a row: a friend does not only show up when in need of something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Balance {
    /// So many promotions, at least one.
    pub promotions: u32,
    /// In any stretch of so many milliseconds, as for [`Cap`].
    pub window_ms: i64,
}

impl Cap {
    /// A limit looks back a year at most.
    pub const WINDOW_MS_MAX: i64 = 366 * DAY;
}

/// A template as its definition states it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateSource {
    /// The subject; empty where a built-in template brings its own.
    pub subject: String,
    /// The line that mail programs show after the subject; may be empty.
    pub preheader: String,
    /// What is made into the message.
    pub body: TemplateBody,
    /// The plain-text part; `None`: made from the body.
    pub text: Option<String>,
    /// What it says in each language: `{{ words.hello }}` prints the text `hello`.
    pub words: Words,
    /// Whether its links lead over us; `None`: as the shop and its purpose say.
    pub link_tracking: Option<bool>,
}

/// A message on the shop's own site, as its template's definition states it. All parts but the title
/// may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SiteTemplate {
    /// One line.
    pub title: String,
    /// What it says below.
    pub text: String,
    /// The address of a picture.
    pub image: String,
    /// What the picture shows, for whoever does not see it.
    pub image_text: String,
    /// What the button says; where it is empty, the whole message leads to the link.
    pub button: String,
    /// Where it leads.
    pub link: String,
    /// What it says in each language: `{{ words.hello }}` prints the text `hello`.
    pub words: Words,
}

/// A part that templates share, as its definition states it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PartialSource {
    /// MJML with placeholders, as it stands in the place of `{% include "footer" %}`.
    pub mjml: String,
    /// What it says in each language; what it does not say itself, the template around it may.
    pub words: Words,
}

impl TemplateSource {
    /// The templates that come with the program, by name.
    pub const BUILT_IN: [&str; 2] = ["cart-reminder", "cart-coupon"];

    /// The channel that its messages go over.
    #[must_use]
    pub fn channel(&self) -> Channel {
        match self.body {
            TemplateBody::Mjml(_) | TemplateBody::BuiltIn(_) => Channel::Email,
            TemplateBody::Sms(_) => Channel::Sms,
            TemplateBody::Push(_) => Channel::Push,
        }
    }
}

/// What a template's message is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateBody {
    /// MJML with placeholders.
    Mjml(String),
    /// A template that comes with the program: one of [`TemplateSource::BUILT_IN`].
    BuiltIn(String),
    /// The text of a text message, with placeholders: it has nothing beside it.
    Sms(String),
    /// The parts of a push message, with placeholders: it has nothing beside them.
    Push(PushParts),
}

/// What a push message shows. All but the title may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PushParts {
    /// One line.
    pub title: String,
    /// What it says below.
    pub text: String,
    /// The address of a small picture beside it.
    pub icon: String,
    /// The address of a large picture.
    pub image: String,
    /// Where it leads; empty: to the shop's site.
    pub link: String,
}
