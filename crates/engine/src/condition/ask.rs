//! What a condition is asked about, how it is asked, and what it answers.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::{Beside, Condition, Memo};
use crate::event::Line;
use crate::identity::link::Points;
use crate::identity::{Evidence, IdentifierKind, PersonId};
use crate::product::Catalogue;
use crate::profile::Profile;
use crate::reason::{Fact, Reason, Told};
use crate::source::{Lacking, Sources};
use crate::time::Timestamp;
use crate::truth::Truth;

/// The two ways to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// On what is known, as if nothing were missing: segments, previews, reports, entries.
    AsKnown,
    /// For certain: what a late feed, an unmapped code or a possible twin could change is unknown.
    /// Exits, wait-untils, guards, offers.
    ForCertain,
}

/// Why somebody may be the same person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Likeness {
    /// They share a value that joins nobody.
    Shared {
        /// What kind of value.
        identifier: IdentifierKind,
        /// How many people use it, at least two.
        users: u64,
    },
    /// What was stated of them is alike.
    Alike {
        /// In what.
        points: Points,
    },
}

impl Likeness {
    /// The sentence for people, with the percent.
    #[must_use]
    pub fn told(&self, percent: u8) -> Told {
        match self.clone() {
            Self::Shared { identifier, users } => Told::TwinShares { percent, identifier, users },
            Self::Alike { points } => Told::TwinAlike { percent, points },
        }
    }
}

/// Somebody who may be the same person.
#[derive(Clone, Copy, Debug)]
pub struct Twin<'a> {
    /// Who.
    pub person: PersonId,
    /// How likely, in percent, 1 to 99.
    pub likely_percent: u8,
    /// Why.
    pub because: &'a Likeness,
    /// What their events come to.
    pub profile: &'a Profile,
}

/// Everything a condition may look at.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The person's events, folded.
    pub profile: &'a Profile,
    /// The person's identifiers and what ties them together: whether there is an address.
    pub evidence: &'a Evidence,
    /// Whoever may be the same person; at most 8.
    pub twins: &'a [Twin<'a>],
    /// Products.
    pub catalogue: &'a Catalogue,
    /// Feeds and how complete they are.
    pub sources: &'a Sources,
    /// Segments by name: a segment's name in a condition is its condition, asked in the asker's way.
    pub segments: &'a BTreeMap<String, Condition>,
    /// Inside a journey: when the person entered it, and what was in the cart then.
    pub entry: Option<(Timestamp, &'a [Line])>,
    /// The person's zone.
    pub zone: &'a TimeZone,
    /// The moment of asking.
    pub now: Timestamp,
    /// The moment up to which feeds must have told everything, each less its own normal lag, for a
    /// certain answer.
    pub complete_to: Timestamp,
    /// Whether presumption by rhythm is not enough.
    pub known_complete: bool,
    /// Scores, stages and lists.
    pub beside: &'a dyn Beside,
    /// How.
    pub manner: Manner,
    /// What others looked up who ask in the same step; `None`: nobody does.
    pub memo: Option<&'a Memo>,
}

/// What a condition answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Whether it holds. As known it is never unknown: what is still being computed does not hold.
    pub truth: Truth,
    /// What makes it so.
    pub facts: Vec<Fact>,
    /// Why it is unknown: one reason for each cause. Empty where it is not.
    pub unknown_because: Vec<Reason>,
    /// The feeds whose word would settle it.
    pub waits_for: Vec<Lacking>,
    /// The next moment at which time alone can change the answer; `None`: never.
    pub next: Option<Timestamp>,
}
