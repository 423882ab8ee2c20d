//! Who lives with a person, for the person's page.

use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::work::LivesWith;
use regulars_store::{SqliteReader, StoreError};

use super::convert;
use crate::identity::{household, through};
use crate::ui::model::{HouseholdRow, HouseholdWhy};

/// Everybody else of the person's household.
pub(super) fn rows(
    reader: &SqliteReader,
    program: &Program,
    record: &Record,
) -> Result<Vec<HouseholdRow>, StoreError> {
    let found = household(reader, &program.identity, record)?;
    let row = |member: &Record| {
        let id = member.id();
        let bond = found.bond_of(id);
        let other = bond.and_then(|bond| through(&found, bond, (record.id(), id)));
        let because = bond.map_or(&[][..], |bond| &bond.because);
        HouseholdRow {
            person_id: id.to_string(),
            name: convert::name_of(Some(member), id),
            through: other.map(|other| convert::name_of(Some(other), other.id())),
            why: because.iter().map(why).collect(),
        }
    };
    Ok(found.persons.iter().skip(1).map(row).collect())
}

fn why(because: &LivesWith) -> HouseholdWhy {
    match because {
        LivesWith::Said => HouseholdWhy::Said,
        LivesWith::Home => HouseholdWhy::Home,
        LivesWith::Shared { value, people } => HouseholdWhy::Shared(
            convert::identifier_kind(&value.kind),
            value.value().to_owned(),
            *people,
        ),
    }
}
