//! The town: its settings, and everything that is fixed before the first day.

use jiff::{Timestamp, tz::TimeZone};

use crate::calendar::Calendar;
use crate::catalogue::{CATEGORIES, Catalogue};
use crate::opaque::{self, Key, Kind};
use crate::people::{Census, Person, PersonId};
use crate::plan::{Pen, Sketch};
use crate::rng::Rng;
use crate::stories::{Stories, StorySettings};
use crate::stream::Lines;
use crate::tills::{self, Till};
use crate::truth::Truth;

/// What a town is made of. The same settings make the same bytes.
#[derive(Clone, Debug)]
pub struct TownSettings {
    /// Everything random follows from it.
    pub seed: u64,
    /// Townspeople, 2 to 50,000,000. Number 0 is Maria, number 1 Jane.
    pub people: u32,
    /// Local days, 1 to 4,000.
    pub days: u32,
    /// An RFC 3339 instant; the period begins with its local day.
    pub start: String,
    /// The IANA name of the shop's zone.
    pub zone: String,
    /// Stores, 1 to 200.
    pub stores: u32,
    /// Tills of each store, 1 to 50.
    pub tills_per_store: u32,
    /// Products, 1 to 2,000.
    pub products: u32,
    /// When Maria's and Jane's stories happen.
    pub stories: StorySettings,
}

impl Default for TownSettings {
    /// 2,000 people over 90 days in three stores with four tills each.
    fn default() -> Self {
        Self {
            seed: 1,
            people: 2_000,
            days: 90,
            start: "2026-08-24T00:00:00+02:00".to_owned(),
            zone: "Europe/Madrid".to_owned(),
            stores: 3,
            tills_per_store: 4,
            products: 120,
            stories: StorySettings::default(),
        }
    }
}

/// Settings that make no town.
#[derive(Debug, thiserror::Error)]
pub enum TownError {
    /// `start` or the stories' end is no RFC 3339 instant.
    #[error("\"{text}\" is not an RFC 3339 instant such as \"2026-08-24T00:00:00+02:00\"")]
    Instant {
        /// What was given.
        text: String,
        /// Why not.
        source: jiff::Error,
    },
    /// The zone is not known, or its days cannot be reckoned.
    #[error("the zone \"{zone}\" is not known, or the period leaves the calendar")]
    Zone {
        /// What was given.
        zone: String,
        /// Why not.
        source: jiff::Error,
    },
    /// A number is out of its range.
    #[error("\"{setting}\" is {given}, which is not in {least}..={most}")]
    Range {
        /// Which.
        setting: &'static str,
        /// What was given.
        given: u32,
        /// The least allowed.
        least: u32,
        /// The most allowed.
        most: u32,
    },
    /// The stories would end outside the period.
    #[error("the stories end at {ends_at}, outside the period of {days} days")]
    Stories {
        /// When they would end.
        ends_at: Timestamp,
        /// How long the period is.
        days: u32,
    },
}

/// A seeded town of shoppers with known truth.
#[derive(Debug)]
pub struct Town {
    pub(crate) settings: TownSettings,
    pub(crate) calendar: Calendar,
    pub(crate) catalogue: Catalogue,
    pub(crate) tills: Vec<Till>,
    pub(crate) stories: Stories,
    pub(crate) census: Census,
}

impl Town {
    /// Founds the town; costs a few milliseconds, whatever its size.
    ///
    /// # Errors
    /// If a setting is out of its range or unreadable.
    pub fn new(settings: TownSettings) -> Result<Self, TownError> {
        check(&settings)?;
        let start = instant(&settings.start)?;
        let zone = |source| TownError::Zone { zone: settings.zone.clone(), source };
        let tz = TimeZone::get(&settings.zone).map_err(zone)?;
        let calendar = Calendar::new(start, &tz, settings.days).map_err(zone)?;
        let stories = Stories::place(&settings, &calendar)?;
        let mut tills = tills::tills(settings.stores, settings.tills_per_store, &calendar);
        stories.silence_till(&mut tills[stories.till as usize]);
        let catalogue = Catalogue::new(settings.seed, settings.products);
        let census = Census {
            seed: settings.seed,
            people: settings.people,
            days: settings.days,
            stores: settings.stores,
            categories: CATEGORIES.len(),
        };
        Ok(Self { settings, calendar, catalogue, tills, stories, census })
    }

    /// All lines of the period in the order of their arrival. Lines still under way when the
    /// period ends are not among them.
    ///
    /// Memory is bounded by one day's lines and those that arrive on later days.
    pub fn lines(&self) -> Lines<'_> {
        Lines::new(self)
    }

    /// What is true, whatever the lines say.
    pub fn truth(&self) -> Truth<'_> {
        Truth::new(self)
    }

    /// The products of the shop.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// All tills of all stores.
    pub fn tills(&self) -> &[Till] {
        &self.tills
    }

    /// When and where Maria's and Jane's stories happen.
    pub fn stories(&self) -> &Stories {
        &self.stories
    }

    /// The settings it was founded with.
    pub fn settings(&self) -> &TownSettings {
        &self.settings
    }

    pub(crate) fn person(&self, number: u32) -> Person {
        Person::of(&self.census, number)
    }

    pub(crate) fn people(&self) -> impl Iterator<Item = PersonId> + use<> {
        (0..self.settings.people).map(PersonId)
    }

    pub(crate) fn any_till(&self, store: u32, rng: &mut Rng) -> u32 {
        store * self.settings.tills_per_store + rng.below(self.settings.tills_per_store)
    }

    /// Plans one person's day again.
    pub(crate) fn plan(&self, person: u32, day: u32, sketch: &mut Sketch) {
        Pen::new(self, self.person(person), day, sketch).plan_day();
    }

    pub(crate) fn write_id(&self, kind: Kind, key: Key, out: &mut Vec<u8>) {
        opaque::write(self.settings.seed, kind, key, out);
    }
}

pub(crate) fn instant(text: &str) -> Result<Timestamp, TownError> {
    text.parse().map_err(|source| TownError::Instant { text: text.to_owned(), source })
}

fn check(settings: &TownSettings) -> Result<(), TownError> {
    let ranges = [
        ("people", settings.people, 2, 50_000_000),
        ("days", settings.days, 1, 4_000),
        ("stores", settings.stores, 1, 200),
        ("tills_per_store", settings.tills_per_store, 1, 50),
        ("products", settings.products, 1, 2_000),
    ];
    for (setting, given, least, most) in ranges {
        if !(least..=most).contains(&given) {
            return Err(TownError::Range { setting, given, least, most });
        }
    }
    Ok(())
}
