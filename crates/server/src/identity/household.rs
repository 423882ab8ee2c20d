//! Who lives together, as it is read: the rules are the engine's.

use regulars_engine::identity::{IdentifierKey, IdentityRules, PersonId};
use regulars_engine::record::Record;
use regulars_engine::work::{Bond, Household, LivesWith, Neighbours, household as lives_with};
use regulars_store::{Reader, SqliteReader, StoreError};
use serde_json::{Value, json};

use super::compared::named;
use crate::http::api::{identifier_json, person_json};

/// Rows of a store.
struct Rows<'r>(&'r SqliteReader);

impl Neighbours for Rows<'_> {
    type Error = StoreError;

    fn holder(&mut self, key: IdentifierKey) -> Result<Option<PersonId>, StoreError> {
        self.0.holder(key)
    }

    fn row(&mut self, person: PersonId) -> Result<Option<Record>, StoreError> {
        Ok(self.0.person(person)?.map(|(_, record)| record))
    }

    fn found_by(&mut self, key: u64, limit: usize) -> Result<Vec<IdentifierKey>, StoreError> {
        Ok(self.0.link_members(&[key], limit)?.pop().unwrap_or_default())
    }
}

/// Who lives with a person.
///
/// # Errors
/// If the store cannot be read.
pub fn household(
    reader: &SqliteReader,
    rules: &IdentityRules,
    record: &Record,
) -> Result<Household, StoreError> {
    lives_with(record, rules, reader.salt(), &mut Rows(reader))
}

/// Why two live together, in words.
#[must_use]
pub fn lives_with_text(because: &LivesWith) -> String {
    match because {
        LivesWith::Said => "staff say that they live together".to_owned(),
        LivesWith::Home => "they state one address and a surname in common".to_owned(),
        LivesWith::Shared { value, people } => {
            format!("both use {}, which {people} people use", named(value))
        }
    }
}

/// A household in words, a line a person.
#[must_use]
pub fn household_text(household: &Household) -> Vec<String> {
    let Some(asked) = household.persons.first() else { return Vec::new() };
    let called = |record: &Record| {
        let strongest = record.evidence.nodes.first().map(|node| named(&node.identifier));
        let strongest = strongest.unwrap_or_default();
        record.display_name().map_or(strongest.clone(), |name| format!("{name} ({strongest})"))
    };
    let line = |record: &Record| {
        let Some(bond) = household.bond_of(record.id()) else { return called(record) };
        let because: Vec<String> = bond.because.iter().map(lives_with_text).collect();
        let through = through(household, bond, (asked.id(), record.id()));
        let through = through.map(|other| format!(", with {}", called(other))).unwrap_or_default();
        format!("{}{through}: {}", called(record), because.join("; "))
    };
    household.persons.iter().skip(1).map(line).collect()
}

/// With whom of a household a member is bonded, where it is not with the person asked about.
#[must_use]
pub fn through<'h>(
    household: &'h Household,
    bond: &Bond,
    (asked, member): (PersonId, PersonId),
) -> Option<&'h Record> {
    let other = if bond.one == member { bond.other } else { bond.one };
    household.persons.iter().find(|record| record.id() == other && other != asked)
}

/// A household as the API shows it.
#[must_use]
pub fn household_json(household: &Household) -> Value {
    let because = |because: &LivesWith| {
        let (code, value, people) = match because {
            LivesWith::Said => ("said", None, None),
            LivesWith::Home => ("address_and_surname", None, None),
            LivesWith::Shared { value, people } => {
                ("shared_value", Some(identifier_json(value)), Some(*people))
            }
        };
        json!({ "code": code, "text": lives_with_text(because), "identifier": value, "people": people })
    };
    let bond = |bond: &Bond| {
        json!({
            "one": bond.one.to_string(),
            "other": bond.other.to_string(),
            "because": bond.because.iter().map(because).collect::<Vec<_>>(),
        })
    };
    json!({
        "persons": household.persons.iter().map(person_json).collect::<Vec<_>>(),
        "bonds": household.bonds.iter().map(bond).collect::<Vec<_>>(),
    })
}
