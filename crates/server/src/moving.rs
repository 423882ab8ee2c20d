//! Moving the people of a journey to the version in force: what would become of them, and the work
//! itself, a part at a time.

use std::collections::BTreeMap;

use regulars_engine::identity::PersonId;
use regulars_engine::journey::{Gone, Journey, Transfer, matched};
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_engine::work::Transferred;
use regulars_store::{Account, Reader, Store, StoreError};
use serde_json::{Value, json};

use crate::writer::{Writer, WriterError};

/// So many persons are looked through by one part, and so many of them moved by one commit.
const LOOKED_AT: usize = 20_000;
const TOGETHER: usize = 200;

/// Whom to move, and what happens to people whose step is gone.
#[derive(Clone, Debug)]
pub struct Moving {
    /// The journey.
    pub journey: String,
    /// `stay`, `leave`, or the name of a step of the version in force.
    pub gone: String,
    /// Who says so.
    pub by: String,
}

/// Why nobody can be moved, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// There is no such journey.
    NoJourney(String),
    /// The version in force has no such step.
    NoStep(String),
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoJourney(journey) => write!(f, "there is no journey \"{journey}\""),
            Self::NoStep(step) => {
                write!(f, "\"{step}\" is neither stay nor leave nor a step of the version in force")
            }
        }
    }
}

/// What becomes of the people at one step of an older version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoveRow {
    /// The version they are in.
    pub version: u64,
    /// The number of their step, from 0, and its name.
    pub step: (u32, String),
    /// How many are there.
    pub people: u64,
    /// Of them: how many have a message on its way, and stay where that is no message any more.
    pub sending: u64,
    /// The step of the version in force to which they come.
    pub to: Option<(u32, String)>,
}

/// The transfers of a moving, one for each older version that people are in.
#[derive(Clone, Debug)]
pub struct Moves {
    /// The version in force.
    pub to: u64,
    /// What becomes of whom, by version and step.
    pub rows: Vec<MoveRow>,
    transfers: Vec<Transfer>,
}

impl Moves {
    /// How many people are in older versions.
    #[must_use]
    pub fn people(&self) -> u64 {
        self.rows.iter().map(|row| row.people).sum()
    }

    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let row = |row: &MoveRow| {
            json!({
                "version": format!("{:016x}", row.version),
                "step": row.step.1,
                "people": row.people,
                "sending": row.sending,
                "to": row.to.as_ref().map(|(_, name)| name),
            })
        };
        json!({
            "version": format!("{:016x}", self.to),
            "people": self.people(),
            "steps": self.rows.iter().map(row).collect::<Vec<_>>(),
        })
    }
}

/// Works out who would come where.
///
/// # Errors
/// [`Refused`] if there is no such journey or step.
pub fn moves(program: &Program, accounts: &[Account], moving: &Moving) -> Result<Moves, Refused> {
    let new = program.live_journey(&moving.journey);
    let new = new.ok_or_else(|| Refused::NoJourney(moving.journey.clone()))?;
    let gone = match moving.gone.as_str() {
        "stay" => Gone::Stay,
        "leave" => Gone::Leave,
        step => Gone::Step(number(new, step).ok_or_else(|| Refused::NoStep(step.to_owned()))?),
    };
    let mut inside: BTreeMap<u64, Vec<&Account>> = BTreeMap::new();
    for account in accounts {
        if account.journey == new.name && account.version != new.version && account.present() > 0 {
            inside.entry(account.version).or_default().push(account);
        }
    }
    let mut moves = Moves { to: new.version, rows: Vec::new(), transfers: Vec::new() };
    for (version, accounts) in inside {
        let Some(old) = program.journey(&new.name, version) else { continue };
        let transfer = Transfer {
            journey: new.name.clone(),
            from: version,
            to: new.version,
            steps: matched(old, new),
            gone,
            by: moving.by.clone(),
        };
        moves.rows.extend(accounts.into_iter().map(|account| MoveRow {
            version,
            step: (account.step, named(old, account.step)),
            people: account.present(),
            sending: account.sending,
            to: transfer.place(account.step).map(|to| (to, named(new, to))),
        }));
        moves.transfers.push(transfer);
    }
    Ok(moves)
}

fn number(journey: &Journey, step: &str) -> Option<u32> {
    let found = journey.steps.iter().position(|held| held.name == step)?;
    u32::try_from(found).ok()
}

fn named(journey: &Journey, step: u32) -> String {
    let held = usize::try_from(step).ok().and_then(|step| journey.steps.get(step));
    held.map(|step| step.name.clone()).unwrap_or_default()
}

/// Persons who are in an older version.
#[derive(Clone, Debug, Default)]
pub struct Inside {
    /// Them, by id.
    pub persons: Vec<PersonId>,
    /// After whom others may follow; `None`: all were looked through.
    pub next: Option<PersonId>,
}

/// Looks through some persons after one for those who are to be moved: by key, beside the writer.
///
/// # Errors
/// If the store cannot be read.
pub fn inside<R: Reader>(reader: &R, moves: &Moves, after: PersonId) -> Result<Inside, StoreError> {
    let mut found = Inside { persons: Vec::new(), next: Some(after) };
    let mut looked = 0;
    while looked < LOOKED_AT && found.persons.len() < TOGETHER {
        let rows = reader.persons_after(found.next.unwrap_or(PersonId(0)), TOGETHER)?;
        looked += TOGETHER;
        let Some((last, _, _)) = rows.last() else {
            found.next = None;
            break;
        };
        found.next = Some(*last);
        let own = rows.iter().filter(|(_, _, record)| {
            moves.transfers.iter().any(|transfer| transfer.concerned(record) > 0)
        });
        found.persons.extend(own.map(|(id, _, _)| *id));
    }
    Ok(found)
}

/// Moves persons in one commit.
///
/// # Errors
/// If the store fails; then nobody of them was moved.
pub fn move_people<S: Store>(
    writer: &mut Writer<S>,
    moves: &Moves,
    persons: &[PersonId],
    now: Timestamp,
) -> Result<Transferred, WriterError> {
    let mut told = Transferred::default();
    for transfer in &moves.transfers {
        // Whoever published in the meantime meant something else.
        if writer.program().live_journey(&transfer.journey).is_none_or(|j| j.version != moves.to) {
            break;
        }
        told.add(writer.transfer(persons, transfer, now)?);
    }
    Ok(told)
}
