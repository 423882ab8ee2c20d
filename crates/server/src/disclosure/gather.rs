//! Gathering what is known of a person.

use regulars_engine::commit::Logged;
use regulars_engine::decision::{Decision, Message, MessageState};
use regulars_engine::event::{ConsentAnswer, Purpose};
use regulars_engine::identity::{Edge, Identifier, Tied};
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::time::Timestamp;
use regulars_ingest::table::taken_apart;
use regulars_store::{
    CallFilter, DecisionFilter, MessageFilter, QuarantineFilter, Reader, SqliteReader, StoreError,
};
use serde_json::{Value, json};

use super::Own;
use super::others::used_by;
use crate::http::api::{
    event_json, former_ids, identifier_json, person_json, tied_json, timeline_of,
};
use crate::identity::alike_by;
use crate::ledger::{entry_json, ledger};
use crate::offers::codes_json;
use crate::scores::scores_json;
use crate::segments::{computed_json, computed_traits};
use crate::webhooks::call_json;

/// Rows of one kind in one answer: more is no person. What lies beyond is counted as left out.
const ROWS_MAX: usize = 200_000;
/// Rows read at once.
const PAGE: usize = 1_000;

/// Everything known of a person at `now`.
///
/// Costs a walk over the rows in quarantine beside the person's own events, decisions and messages.
///
/// # Errors
/// If the store cannot be read.
pub fn disclosure(
    reader: &SqliteReader,
    program: &Program,
    record: &Record,
    now: Timestamp,
) -> Result<Value, StoreError> {
    let own = Own::of(record, program);
    let (events, events_cut) = events(reader, record, &own)?;
    let (decisions, decisions_cut) = decisions(reader, record)?;
    let (messages, messages_cut) = messages(reader, record)?;
    let (calls, calls_cut) = calls(reader, record)?;
    let edges = record.evidence.edges.iter();
    let ties = edges.filter(|edge| used_by(record, edge) || joins(record, edge)).cloned();
    let alike = alike_by(reader, &program.identity, record)?;
    let ties = ties.map(Tied::Seen).chain(alike);
    let mut told = json!({
        "made_at": now.to_string(),
        "shop": program.shop.name,
        "person": person_json(record),
        "why_one_person": ties.map(|tied| tied_json(record, &tied)).collect::<Vec<_>>(),
        "computed_traits": computed_json(&computed_traits(reader, program, record, now)?),
        "scores": scores_json(program, &record.profile, now),
        "segments": segments(program, record),
        "consents": ledger(reader, record)?.iter().map(entry_json).collect::<Vec<_>>(),
        "decisions": decisions,
        "events": events,
        "told_to_others": calls,
        "set_aside": set_aside(reader, &own)?,
        "left_out": events_cut || decisions_cut || messages_cut || calls_cut,
    });
    own.hide(&mut told);
    // What the person was sent, the person has; the words of a template are the shop's.
    told["messages"] = messages.into();
    told["offers"] = codes_json(reader, program, record)?.into();
    Ok(told)
}

fn joins(record: &Record, edge: &Edge) -> bool {
    record.evidence.holds(&edge.strong) && record.evidence.holds(&edge.weak)
}

/// The segments that the person is in.
fn segments(program: &Program, record: &Record) -> Vec<Value> {
    let within = record.membership.within.iter();
    let named = within.filter_map(|within| {
        let mut defined = program.standing.defined();
        let kept = defined.find(|kept| kept.number == within.segment)?;
        Some(json!({ "segment": kept.name, "since": within.since.to_string() }))
    });
    named.collect()
}

/// The person's events, the latest first, and whether there are more.
fn events(
    reader: &SqliteReader,
    record: &Record,
    own: &Own,
) -> Result<(Vec<Value>, bool), StoreError> {
    let (mut told, mut before) = (Vec::new(), None);
    loop {
        let page = timeline_of(reader, record, before, PAGE)?;
        before = page.last().map(|entry| entry.logged.position);
        let whole = page.len() == PAGE;
        told.extend(page.iter().map(|entry| event(&entry.logged, own)));
        if !whole || told.len() >= ROWS_MAX {
            return Ok((told, whole));
        }
    }
}

fn event(logged: &Logged, own: &Own) -> Value {
    let shown = |identifier: &Identifier| match own.holds(identifier) {
        true => identifier_json(identifier),
        false => json!({ "kind": identifier.kind.word(), "value": "***" }),
    };
    let (mut told, event) = (event_json(logged), &logged.event);
    told["anchor"] = event.anchor().map(shown).into();
    told["identifiers"] = event.identifiers.iter().map(shown).collect();
    told["consent"] = event
        .consent
        .as_ref()
        .map(|consent| {
            json!({
                "channel": consent.channel.word(),
                "purpose": consent.purpose.map(Purpose::word),
                "answer": match consent.answer {
                    ConsentAnswer::Given => "given",
                    ConsentAnswer::Withdrawn => "withdrawn",
                },
                "wording": consent.wording,
                "until": consent.until.map(|until| until.to_string()),
            })
        })
        .into();
    told["push_subscription"] = event
        .push
        .as_ref()
        .map(|push| {
            let keys = json!({ "p256dh": push.key(), "auth": push.auth() });
            json!({ "endpoint": push.endpoint(), "keys": keys })
        })
        .into();
    told["store"] = event.place.store.clone().into();
    told
}

/// What was decided about the person, the latest first, and whether there is more.
fn decisions(reader: &SqliteReader, record: &Record) -> Result<(Vec<Value>, bool), StoreError> {
    let (mut told, mut before) = (Vec::new(), None);
    loop {
        let persons = former_ids(record);
        let filter = DecisionFilter { persons, before, ..DecisionFilter::default() };
        let page = reader.decisions(&filter, PAGE)?;
        before = page.last().map(|decided| decided.id);
        let whole = page.len() == PAGE;
        told.extend(page.iter().map(|decided| decision(&decided.decision)));
        if !whole || told.len() >= ROWS_MAX {
            return Ok((told, whole));
        }
    }
}

/// What other programs were told of the person, the latest first, and whether there is more.
fn calls(reader: &SqliteReader, record: &Record) -> Result<(Vec<Value>, bool), StoreError> {
    let (mut told, mut before) = (Vec::new(), None);
    loop {
        let filter = CallFilter { persons: former_ids(record), before, ..CallFilter::default() };
        let page = reader.calls(&filter, PAGE)?;
        before = page.last().map(|call| call.id);
        let whole = page.len() == PAGE;
        told.extend(page.iter().map(call_json));
        if !whole || told.len() >= ROWS_MAX {
            return Ok((told, whole));
        }
    }
}

/// A decision; of a reason that somebody else makes, only which it is.
fn decision(decision: &Decision) -> Value {
    let mut told = decision.to_json();
    let reasons = decision.reasons.iter().map(|reason| match reason.person {
        None => reason.to_json(),
        Some(_) => json!({ "code": reason.code.code(), "text": reason.code.words(), "facts": [] }),
    });
    told["reasons"] = reasons.collect();
    told
}

/// What the person was sent, the latest first, and whether there is more.
fn messages(reader: &SqliteReader, record: &Record) -> Result<(Vec<Value>, bool), StoreError> {
    let (mut told, mut before) = (Vec::new(), None);
    loop {
        let persons = former_ids(record);
        let filter = MessageFilter { persons, before, ..MessageFilter::default() };
        let page = reader.messages(&filter, PAGE)?;
        before = page.last().map(|message| message.id);
        let whole = page.len() == PAGE;
        told.extend(page.iter().map(message));
        if !whole || told.len() >= ROWS_MAX {
            return Ok((told, whole));
        }
    }
}

fn message(message: &Message) -> Value {
    json!({
        "message": message.id.to_string(),
        "to": identifier_json(&message.recipient),
        "channel": message.channel.word(),
        "purpose": message.purpose.word(),
        "journey": message.journey,
        "step": message.step,
        "claimed_at": message.claimed_at.to_string(),
        "state": match message.state {
            MessageState::Claimed => "claimed",
            MessageState::Sent => "sent",
            MessageState::Failed => "failed",
            MessageState::Uncertain => "uncertain",
            MessageState::TakenBack => "taken back",
        },
        "subject": message.subject,
        "text": message.text,
        "html": message.html,
        "links": message.links.iter().map(|link| &link.target).collect::<Vec<_>>(),
        "code": message.offer.as_ref().map(|given| &given.code),
    })
}

/// What came under one of the person's identifiers and was not understood, so that it is nobody's
/// yet. Rows of tables hold whole documents, perhaps of several people: they are counted by nobody.
fn set_aside(reader: &SqliteReader, own: &Own) -> Result<Vec<Value>, StoreError> {
    let (mut told, mut before, mut seen) = (Vec::new(), None, 0);
    loop {
        let filter = QuarantineFilter { before, ..QuarantineFilter::default() };
        let page = reader.quarantine(&filter, PAGE)?;
        seen += page.len();
        for (_, row) in &page {
            let raw = String::from_utf8_lossy(&row.raw);
            if taken_apart(&row.raw).is_none() && own.named_in(&raw) {
                told.push(json!({
                    "source": row.source,
                    "received_at": row.received_at.to_string(),
                    "because": row.code,
                    "raw": raw,
                }));
            }
        }
        before = page.last().map(|(id, _)| *id);
        if page.len() < PAGE || seen >= ROWS_MAX {
            return Ok(told);
        }
    }
}
