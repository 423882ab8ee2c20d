//! What every page knows about the visitor, the shop and the moment.

use jiff::tz::TimeZone;
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;

use super::language::Language;
use super::model::Notice;
use super::text::{self, Arg};
use crate::access::{Right, Role};

/// What every page is drawn with, whatever it shows.
#[derive(Debug, Clone)]
pub struct Ctx {
    /// The language the page is written in.
    pub language: Language,
    /// The zone all times are shown in: the shop's.
    pub zone: TimeZone,
    /// The shop's name, as its staff say it.
    pub shop: String,
    /// Who is signed in, by name; `None` before sign-in, when no navigation is shown.
    pub user: Option<String>,
    /// What they are there for; `None` before sign-in, when nothing may be done.
    pub role: Option<Role>,
    /// The path and query of the page, without personal data; the language switch returns to it.
    pub path: String,
    /// The token that every form carries in the field `_csrf`.
    pub csrf: String,
    /// The moment of the request, in milliseconds since 1970 (UTC).
    pub now: i64,
    /// What waits for someone, by entry of the navigation.
    pub counts: NavCounts,
    /// What the last action of this visitor did, told once at the top of the page.
    pub notice: Option<Notice>,
}

/// Numbers beside the entries of the navigation; a zero is not shown.
#[derive(Debug, Clone, Copy, Default)]
pub struct NavCounts {
    /// Everything on Today that needs a person.
    pub needs_you: u64,
    /// Sources with a feed that is silent or behind.
    pub sources_behind: u64,
    /// Rows in quarantine that wait for a repair.
    pub quarantined: u64,
    /// Pairs that are possibly one person and wait for an answer.
    pub pairs: u64,
    /// Offers whose pool of codes runs low.
    pub offers: u64,
    /// Messages in the built-in outbox that nobody opened yet.
    pub outbox: u64,
}

impl Ctx {
    /// What is shown to somebody without a login, or in a file: in the words of the shop, without
    /// navigation.
    pub fn outside(language: Language, program: &Program, path: &str, now: Timestamp) -> Self {
        Self {
            language,
            zone: program.shop.zone.clone(),
            shop: program.shop.name.clone(),
            user: None,
            role: None,
            path: path.to_owned(),
            csrf: String::new(),
            now: now.0,
            counts: NavCounts::default(),
            notice: None,
        }
    }

    /// Whether the visitor may do something: what they may not is not offered to them.
    pub fn may(&self, right: Right) -> bool {
        self.role.is_some_and(|role| role.may(right))
    }

    /// The text of `key`.
    pub fn t(&self, key: &str) -> String {
        text::text(self.language, key, &[])
    }

    /// The text of `key` with numbers in it; the first one usually chooses the plural form.
    pub fn tn<N: Into<Arg<'static>> + Copy>(&self, key: &str, numbers: &[(&str, N)]) -> String {
        let args: Vec<(&str, Arg)> = numbers.iter().map(|(name, n)| (*name, (*n).into())).collect();
        text::text(self.language, key, &args)
    }

    /// The text of `key` with numbers and texts in it.
    pub fn tf(&self, key: &str, args: &[(&str, Arg)]) -> String {
        text::text(self.language, key, args)
    }
}
