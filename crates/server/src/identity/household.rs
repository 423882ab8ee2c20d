//! Who lives together, as it is read: the rules are the engine's.

use regulars_engine::identity::{IdentifierKey, IdentityRules, PersonId};
use regulars_engine::record::Record;
use regulars_engine::work::{Bond, Household, LivesWith, Neighbours, household as lives_with};
use regulars_store::{Reader, SqliteReader, StoreError};
use serde_json::{Value, json};

use crate::http::api::{identifier_json, person_json};
use crate::ui::WhoWords;

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

/// A household as the API shows it, with sentences in the language of `words`.
#[must_use]
pub fn household_json(household: &Household, words: &WhoWords) -> Value {
    let because = |because: &LivesWith| {
        let (code, value, people) = match because {
            LivesWith::Said => ("said", None, None),
            LivesWith::Home => ("address_and_surname", None, None),
            LivesWith::Shared { value, people } => {
                ("shared_value", Some(identifier_json(value)), Some(*people))
            }
        };
        json!({ "code": code, "text": words.lives_with(because), "identifier": value, "people": people })
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
