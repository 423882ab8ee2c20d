//! Regret: messages that went out, judged by what is known today. The judgement is the engine's; this
//! gathers what it reads, from a snapshot, and changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use regulars_engine::decision::Message;
use regulars_engine::event::LogPosition;
use regulars_engine::identity::{Evidence, Identifier, IdentifierKey, PersonId};
use regulars_engine::measure::{Case, Cause, Heard, Judgement, Regret, Sum, Today, judge};
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::time::Timestamp;
use regulars_store::{Entry, Reader, SqliteReader, StoreError};
use serde_json::{Value, json};

use super::message::{claim_and_entry, step_of, went_out};
use super::{Span, sum_json};
use crate::writer::surroundings;

/// A message that should not have gone.
#[derive(Clone, Debug)]
pub struct Regretted {
    /// The message.
    pub message: Message,
    /// Why, and what it cost.
    pub regret: Regret,
    /// When the fact that turned the answer was heard.
    pub heard_at: Option<Timestamp>,
}

/// What came of judging messages.
#[derive(Clone, Debug, Default)]
pub struct Regrets {
    /// Messages that went out, or may have.
    pub judged: u64,
    /// Messages that cannot be judged: whoever got them was erased, their journey is gone, or too much
    /// of who they are is out of reach.
    pub left_out: u64,
    /// Those that should not have gone, the latest first.
    pub regretted: Vec<Regretted>,
    /// Whether there were more messages than were asked for: the older ones are not judged.
    pub more: bool,
}

/// Judges the messages of a span; `tell` hears how many were judged.
///
/// # Errors
/// If the store cannot be read.
pub fn regrets(
    reader: &SqliteReader,
    program: &Program,
    span: Span<'_>,
    tell: &mut dyn FnMut(u64),
) -> Result<Regrets, StoreError> {
    let (catalogue, sources) = surroundings(reader, program)?;
    let today = Today { program, catalogue: &catalogue, sources: &sources };
    let mut found = Regrets::default();
    let more = went_out(reader, span, &mut |message| {
        match judged(reader, today, &message)? {
            Some(Judgement::Well) => found.judged += 1,
            Some(Judgement::Regretted(regret)) => {
                found.judged += 1;
                found.regretted.push(regretted(reader, message, regret)?);
            }
            Some(Judgement::Unclear) | None => found.left_out += 1,
        }
        tell(found.judged + found.left_out);
        Ok(())
    })?;
    found.more = more;
    Ok(found)
}

/// Judges one message; `None`: there is nothing to judge it by any more.
fn judged(
    reader: &SqliteReader,
    today: Today<'_>,
    message: &Message,
) -> Result<Option<Judgement>, StoreError> {
    let Some((_, record)) = reader.person(message.person)? else { return Ok(None) };
    let Some((claim, entry)) = claim_and_entry(reader, &record, message)? else { return Ok(None) };
    let Some((journey, send)) = step_of(today.program, &record, message) else { return Ok(None) };
    let entries = history(reader, &record)?;
    let heard = heard(&entries);
    let Some(handle) = heard.iter().find(|heard| heard.position.0 == message.id) else {
        return Ok(None);
    };
    let Some(handle) = handle.event.anchor() else { return Ok(None) };
    let members = members(&record);
    let case = Case {
        message,
        known_to: claim.known_to,
        journey,
        send,
        entered_at: entry.map_or(message.claimed_at, |entry| entry.at),
        handle,
        members: &members,
        heard: &heard,
    };
    Ok(Some(judge(today, &case)))
}

/// The entries of a history as the engine reads them.
pub(super) fn heard(entries: &[Entry]) -> Vec<Heard<'_>> {
    let standing = entries.iter().filter(|entry| !entry.erased);
    standing
        .map(|entry| Heard {
            position: entry.logged.position,
            event: &entry.logged.event,
            overtaken_by: entry.overtaken_by,
        })
        .collect()
}

/// The identifiers of a person, sorted.
pub(super) fn members(record: &Record) -> Vec<Identifier> {
    record.evidence.nodes.iter().map(|node| node.identifier.clone()).collect()
}

fn regretted(
    reader: &SqliteReader,
    message: Message,
    regret: Regret,
) -> Result<Regretted, StoreError> {
    let positions: Vec<LogPosition> = regret.turned_by.into_iter().collect();
    let turned = reader.events(&positions)?.pop();
    let heard_at = turned.map(|entry| entry.logged.event.received_at);
    Ok(Regretted { message, regret, heard_at })
}

/// Everything that hangs on the person's identifiers, on those seen with them, and on those of whoever
/// shares one: by that it is known what joins and what is shared. By position.
pub(super) fn history(reader: &SqliteReader, record: &Record) -> Result<Vec<Entry>, StoreError> {
    let salt = reader.salt();
    let named = |evidence: &Evidence, all: &mut BTreeSet<IdentifierKey>| {
        all.extend(evidence.nodes.iter().map(|node| node.identifier.key(salt)));
        let ends = evidence.edges.iter().flat_map(|edge| [&edge.strong, &edge.weak]);
        all.extend(ends.map(|name| name.key(salt)));
    };
    let mut anchors = BTreeSet::new();
    named(&record.evidence, &mut anchors);
    let mut others: BTreeSet<PersonId> = BTreeSet::new();
    for key in &anchors {
        others.extend(reader.holder(*key)?.filter(|holder| *holder != record.id()));
    }
    for other in others.into_iter().take(OTHERS_MAX) {
        if let Some((_, other)) = reader.person(other)? {
            named(&other.evidence, &mut anchors);
        }
    }
    let anchors: Vec<IdentifierKey> = anchors.into_iter().collect();
    let mut entries = reader.timeline(&anchors, None, HISTORY_MAX, &|_| true)?;
    entries.sort_by_key(|entry| entry.logged.position);
    Ok(entries)
}

/// The most persons who share something with one whose message is judged.
const OTHERS_MAX: usize = 64;

/// The most events that are read to judge one message; the latest count.
const HISTORY_MAX: usize = 5_000;

impl Regrets {
    /// How many there are by cause, in the order of the causes' words, and what they cost.
    #[must_use]
    pub fn by_cause(&self) -> Vec<(&Cause, Sum)> {
        let mut causes: BTreeMap<&str, (&Cause, Sum)> = BTreeMap::new();
        for one in &self.regretted {
            let cause = &one.regret.cause;
            let (_, sum) = causes.entry(cause.word()).or_insert((cause, Sum::default()));
            sum.add(&one.regret.cost);
        }
        causes.into_values().collect()
    }

    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "judged": self.judged,
            "left_out": self.left_out,
            "older_not_judged": self.more,
            "by_cause": self.by_cause().iter().map(|(cause, sum)| {
                let mut value = sum_json("messages", Some(sum));
                value["cause"] = cause.word().into();
                value
            }).collect::<Vec<_>>(),
            "regretted": self.regretted.iter().map(Regretted::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Regretted {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let costs = self.regret.cost.iter().map(ToString::to_string);
        let mut value = json!({
            "message": self.message.id.to_string(),
            "person": self.message.person.to_string(),
            "journey": self.message.journey,
            "step": self.message.step,
            "claimed_at": self.message.claimed_at.to_string(),
            "cause": self.regret.cause.word(),
            "reason": self.regret.reason.to_json(),
            "cost": costs.collect::<Vec<_>>(),
        });
        if let Cause::LateSource { feed, late_ms } = &self.regret.cause {
            value["source"] = feed.source.clone().into();
            value["feed"] = feed.feed.clone().into();
            value["late_seconds"] = (late_ms / 1_000).into();
        }
        if let Some(at) = self.heard_at {
            value["heard_at"] = at.to_string().into();
        }
        value
    }
}
