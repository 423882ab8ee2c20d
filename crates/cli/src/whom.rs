//! Whom a command is about: an identifier from the command line, or from stdin, which no history of
//! commands keeps.

use clap::Args;
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_server::writer::stored_program;
use regulars_store::{Reader, SqliteReader};

use crate::ending::Wrong;

/// Names a person by an identifier.
#[derive(Args)]
pub(crate) struct Whom {
    /// An address, a number, a login; - reads it from stdin, so that no history of commands keeps it.
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
        let typed;
        let value = if self.identifier == "-" {
            let mut line = String::new();
            std::io::stdin().read_line(&mut line)?;
            typed = line;
            typed.trim()
        } else {
            self.identifier.trim()
        };
        held_of(reader, value, self.kind.as_deref())
    }
}

/// The identifier of this value that somebody holds, whatever its kind.
pub(crate) fn held_value(reader: &SqliteReader, value: &str) -> anyhow::Result<Identifier> {
    held_of(reader, value.trim(), None)
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
    Err(if possible {
        let cure = "check the value; name another kind with --kind, such as loyalty_id";
        Wrong::failed("nobody is known by that identifier", cure).into()
    } else {
        let cure = "write a whole address, number or id";
        Wrong::called("that is no value of its kind", cure).into()
    })
}
