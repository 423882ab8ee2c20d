//! Whom a command is about: an identifier from the command line, or from stdin, which no history of
//! commands keeps.

use clap::Args;
use regulars_engine::identity::{Identifier, IdentifierKind, PersonId};
use regulars_engine::record::Record;
use regulars_server::writer::stored_program;
use regulars_store::{Reader, SqliteReader};
use serde_json::{Value, json};

use crate::ending::Wrong;

/// Names a person by an identifier.
#[derive(Args)]
pub(crate) struct Whom {
    /// An address, a number, a login, or a person's id such as p864; - reads it from stdin, so that no
    /// history of commands keeps it.
    #[arg(value_name = "IDENTIFIER")]
    identifier: String,
    /// What it is, such as email, phone, user_id, loyalty_id; else its looks and the store tell.
    #[arg(long)]
    kind: Option<String>,
}

impl std::fmt::Debug for Whom {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Whom({} ***)", self.kind.as_deref().unwrap_or("any kind"))
    }
}

/// The kinds that a bare value may be, the likeliest first.
const KINDS: [IdentifierKind; 7] = [
    IdentifierKind::Email,
    IdentifierKind::UserId,
    IdentifierKind::CustomerId,
    IdentifierKind::LoyaltyId,
    IdentifierKind::Phone,
    IdentifierKind::AnonymousId,
    IdentifierKind::DeviceId,
];

impl Whom {
    /// The identifier that somebody holds.
    pub(crate) fn held(&self, reader: &SqliteReader) -> anyhow::Result<Identifier> {
        held_of(reader, &self.typed()?, self.kind.as_deref())
    }

    /// Whoever holds it.
    pub(crate) fn person(&self, reader: &SqliteReader) -> anyhow::Result<Record> {
        Ok(person_of(reader, self.held(reader)?)?.0)
    }

    /// The value, from the command line or stdin.
    fn typed(&self) -> anyhow::Result<String> {
        if self.identifier != "-" {
            return Ok(self.identifier.trim().to_owned());
        }
        let mut line = String::new();
        std::io::stdin().read_line(&mut line)?;
        Ok(line.trim().to_owned())
    }

    /// What a running server is asked for, which knows who holds it: an address needs no kind.
    pub(crate) fn stated(&self) -> anyhow::Result<Value> {
        let value = self.typed()?;
        let kind = match self.kind.as_deref() {
            Some(kind) => kind,
            None if value.contains('@') => IdentifierKind::Email.word(),
            None => {
                let cure = "name its kind with --kind, such as loyalty_id";
                return Err(Wrong::called("a server is not asked for a bare value", cure).into());
            }
        };
        Ok(json!({ "kind": kind, "value": value }))
    }
}

/// Whoever holds an identifier of this value, whatever its kind, and the identifier.
pub(crate) fn person_by_value(
    reader: &SqliteReader,
    value: &str,
) -> anyhow::Result<(Record, Identifier)> {
    person_of(reader, held_of(reader, value.trim(), None)?)
}

fn person_of(
    reader: &SqliteReader,
    identifier: Identifier,
) -> anyhow::Result<(Record, Identifier)> {
    let holder = reader.holder(identifier.key(reader.salt()))?;
    let row = holder.map_or(Ok(None), |id| reader.person(id))?;
    let (_, record) = row.ok_or_else(gone)?;
    Ok((record, identifier))
}

/// Somebody held it a moment ago.
pub(crate) fn gone() -> Wrong {
    let cure = "ask again: somebody changed the store meanwhile";
    Wrong::failed("nobody is known by that identifier any more", cure)
}

fn held_of(reader: &SqliteReader, value: &str, kind: Option<&str>) -> anyhow::Result<Identifier> {
    let (salt, program) = (reader.salt(), stored_program(reader)?);
    let kinds = kind.map_or(KINDS.to_vec(), |word| vec![program.identity.kind(word)]);
    let mut possible = false;
    for identifier in kinds.iter().flat_map(|kind| program.meant(kind, value)) {
        possible = true;
        if reader.holder(identifier.key(salt))?.is_some() {
            return Ok(identifier);
        }
        if reader.erased(identifier.key(salt))? {
            let message = "whoever bore this identifier was erased";
            return Err(Wrong::failed(message, "there is nothing left to show").into());
        }
    }
    if kind.is_none()
        && let Some(identifier) = of_id(reader, value)?
    {
        return Ok(identifier);
    }
    Err(if possible {
        let cure = "check the value; name another kind with --kind, such as loyalty_id";
        Wrong::failed("nobody is known by that identifier", cure).into()
    } else {
        let cure = "write a whole address, number or id";
        Wrong::called("that is no value of its kind", cure).into()
    })
}

/// An identifier of the person whose id this is, as lists of people print it: `p864`.
fn of_id(reader: &SqliteReader, text: &str) -> anyhow::Result<Option<Identifier>> {
    let id = text.starts_with('p').then(|| text.parse::<PersonId>().ok()).flatten();
    let Some((_, record)) = id.map_or(Ok(None), |id| reader.person(id))? else { return Ok(None) };
    for node in record.evidence.nodes.iter() {
        if reader.holder(node.identifier.key(reader.salt()))? == Some(record.id()) {
            return Ok(Some(node.identifier.clone()));
        }
    }
    Ok(None)
}
