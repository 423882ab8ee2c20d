//! The search for people.

use super::{IdentifierKind, Money};

/// The search page.
#[derive(Debug, Clone, Default)]
pub struct PeopleModel {
    /// What was typed; empty before the first search.
    pub query: String,
    /// The best hits, best first.
    pub hits: Vec<Hit>,
    /// How many people match in all.
    pub total: u64,
    /// How many people there are, for the empty page.
    pub people: u64,
}

/// One person found.
#[derive(Debug, Clone)]
pub struct Hit {
    /// The person's id.
    pub id: String,
    /// The name, if known.
    pub name: Option<String>,
    /// Addresses, cards and orders that matched, and the main ones.
    pub contacts: Vec<HitContact>,
    /// The last event.
    pub last_at: Option<i64>,
    /// Orders kept, over all channels.
    pub orders: u64,
    /// Their sum in the shop's currency.
    pub spent: Option<Money>,
}

/// One identifier shown with a hit.
#[derive(Debug, Clone)]
pub struct HitContact {
    /// What it is.
    pub kind: IdentifierKind,
    /// Its value.
    pub value: String,
    /// True when this is what the search found.
    pub matched: bool,
}
