//! The one table of what may be done: which roles of people may, and which scope a key needs for it.

use serde::{Deserialize, Serialize};

use super::Scope;

/// What can be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Right {
    /// See everything on the pages, and try what changes nothing.
    Look,
    /// Tell what happened, as tills and feeds do with a key: redeem codes, say how far a feed is.
    Tell,
    /// Say who is who, and see to what journeys ask staff to do.
    Answer,
    /// Give one person a code of an offer.
    Give,
    /// Repair or dismiss what was not understood.
    Repair,
    /// Write and publish segments, journeys and messages; fill pools and lists; learn models.
    Define,
    /// Pause sending, and resume it.
    Switch,
    /// Hand out everything that is kept of a person.
    Disclose,
    /// Erase a person.
    Erase,
    /// Say who may do what; keys and channels.
    Manage,
}

/// What somebody who signs in is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Role {
    /// Answers for everything; there is always one.
    #[serde(rename = "owner")]
    Owner,
    /// Decides what is said to whom.
    #[serde(rename = "marketer")]
    Marketer,
    /// Talks to people one by one.
    #[serde(rename = "service desk")]
    ServiceDesk,
    /// Reads.
    #[serde(rename = "analyst")]
    Analyst,
}

impl Right {
    /// Every right, the smallest first.
    pub const ALL: [Self; 10] = [
        Self::Look,
        Self::Tell,
        Self::Answer,
        Self::Give,
        Self::Repair,
        Self::Define,
        Self::Switch,
        Self::Disclose,
        Self::Erase,
        Self::Manage,
    ];

    /// The table.
    const fn row(self) -> (Scope, &'static [Role]) {
        use Role::{Analyst, Marketer, Owner, ServiceDesk};
        match self {
            Self::Look => (Scope::Read, &[Owner, Marketer, ServiceDesk, Analyst]),
            // The pages have nothing of it; whoever makes keys hands it out.
            Self::Tell => (Scope::Write, &[Owner]),
            Self::Answer | Self::Give => (Scope::Write, &[Owner, Marketer, ServiceDesk]),
            Self::Repair | Self::Define => (Scope::Write, &[Owner, Marketer]),
            Self::Switch => (Scope::Admin, &[Owner, Marketer]),
            Self::Disclose => (Scope::Admin, &[Owner, ServiceDesk]),
            Self::Erase | Self::Manage => (Scope::Admin, &[Owner]),
        }
    }

    /// The least scope of an API key that allows it.
    #[must_use]
    pub const fn scope(self) -> Scope {
        self.row().0
    }

    /// The roles that have it.
    #[must_use]
    pub const fn roles(self) -> &'static [Role] {
        self.row().1
    }

    /// The key of its words on the pages.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Look => "right-look",
            Self::Tell => "right-tell",
            Self::Answer => "right-answer",
            Self::Give => "right-give",
            Self::Repair => "right-repair",
            Self::Define => "right-define",
            Self::Switch => "right-switch",
            Self::Disclose => "right-disclose",
            Self::Erase => "right-erase",
            Self::Manage => "right-manage",
        }
    }
}

impl Role {
    /// Every role, the mightiest first.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Marketer, Self::ServiceDesk, Self::Analyst];

    /// Whether this role has a right.
    #[must_use]
    pub fn may(self, right: Right) -> bool {
        right.roles().contains(&self)
    }

    /// The word on the command line, in the API and in forms.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Marketer => "marketer",
            Self::ServiceDesk => "service desk",
            Self::Analyst => "analyst",
        }
    }

    /// The key of its words on the pages.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Owner => "role-owner",
            Self::Marketer => "role-marketer",
            Self::ServiceDesk => "role-service-desk",
            Self::Analyst => "role-analyst",
        }
    }

    /// The role of this word; a hyphen may stand for the space.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        let word = word.trim().replace('-', " ");
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}
