//! Two points of view of a journey: what its channels would claim, and what its customers lived.

use regulars_engine::decision::Message;
use regulars_engine::event::{Kind, Line};
use regulars_engine::identity::IdentifierKey;
use regulars_engine::measure::{Claim, Lived, Received, Summary, Viewpoints};
use regulars_engine::product::Catalogue;
use regulars_engine::program::Program;
use regulars_engine::record::Record;
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, SqliteReader, StoreError};
use serde_json::{Value, json};

use super::message::{claim_and_entry, step_of, went_out};
use super::{Span, sum_json};
use crate::writer::surroundings;

/// A message with both points of view.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The message.
    pub message: Message,
    /// Both points of view.
    pub viewpoints: Viewpoints,
}

/// What came of looking at messages.
#[derive(Clone, Debug, Default)]
pub struct Looked {
    /// All of them together.
    pub summary: Summary,
    /// Messages that cannot be looked at: whoever got them was erased, or their journey is gone.
    pub left_out: u64,
    /// Whether there were more messages than were asked for: the older ones were not looked at.
    pub more: bool,
    /// Those where the two differ most, the latest first: what the channel claims and the customer
    /// had, gave back, or would have bought elsewhere.
    pub telling: Vec<Seen>,
}

/// The most messages that are told one by one.
const TELLING_MAX: usize = 50;

type Contacts = Vec<(Timestamp, Kind)>;
type Followed = Vec<(Timestamp, Line)>;

/// The most opens, clicks and opt-outs of a person that are read for one message.
const CONTACTS_MAX: usize = 500;

/// Looks at the messages of a span; `tell` hears how many were looked at.
///
/// # Errors
/// If the store cannot be read.
pub fn viewpoints(
    reader: &SqliteReader,
    program: &Program,
    span: Span<'_>,
    window_ms: i64,
    tell: &mut dyn FnMut(u64),
) -> Result<Looked, StoreError> {
    let (catalogue, _) = surroundings(reader, program)?;
    let mut found = Looked::default();
    let more = went_out(reader, span, &mut |message| {
        match of_message(reader, program, &catalogue, window_ms, &message)? {
            Some(viewpoints) => {
                found.summary.add(&viewpoints);
                let differ = matches!(
                    viewpoints.lived,
                    Lived::ReturnedAndRebought | Lived::HadBought | Lived::GaveBack
                );
                if differ && found.telling.len() < TELLING_MAX {
                    found.telling.push(Seen { message, viewpoints });
                }
            }
            None => found.left_out += 1,
        }
        tell(found.summary.messages + found.left_out);
        Ok(())
    })?;
    found.more = more;
    Ok(found)
}

/// One message; `None`: there is nothing to tell it by any more.
fn of_message(
    reader: &SqliteReader,
    program: &Program,
    catalogue: &Catalogue,
    window_ms: i64,
    message: &Message,
) -> Result<Option<Viewpoints>, StoreError> {
    let Some((_, record)) = reader.person(message.person)? else { return Ok(None) };
    let Some((_, entry)) = claim_and_entry(reader, &record, message)? else { return Ok(None) };
    let Some((_, send)) = step_of(program, &record, message) else { return Ok(None) };
    let (contacts, followed) = contacts(reader, &record, message.id)?;
    Ok(Some(Viewpoints::of(&Received {
        message,
        entered_at: entry.map_or(message.claimed_at, |entry| entry.at),
        offer: send.offer.is_some(),
        profile: &record.profile,
        contacts: &contacts,
        followed: &followed,
        catalogue,
        window_ms,
    })))
}

/// What the person did with messages, and the products whose links in this one they followed; the
/// latest first.
fn contacts(
    reader: &SqliteReader,
    record: &Record,
    message: u64,
) -> Result<(Contacts, Followed), StoreError> {
    let kinds = [
        Kind::EmailOpened,
        Kind::EmailLinkClicked,
        Kind::PushClicked,
        Kind::Unsubscribed,
        Kind::ConsentWithdrawn,
        Kind::EmailMarkedAsSpam,
    ];
    let salt = reader.salt();
    let nodes = record.evidence.nodes.iter();
    let anchors: Vec<IdentifierKey> = nodes.map(|node| node.identifier.key(salt)).collect();
    let entries = reader
        .timeline(&anchors, None, CONTACTS_MAX, &|logged| kinds.contains(&logged.event.kind))?;
    let events = entries.into_iter().filter(|entry| !entry.erased).map(|entry| entry.logged.event);
    let (mut contacts, mut followed) = (Contacts::new(), Followed::new());
    let own = message.to_string();
    for event in events {
        let at = event.occurred.at;
        let of_it = event.reference.as_ref().is_some_and(|reference| reference.id == own);
        if of_it && matches!(event.kind, Kind::EmailLinkClicked | Kind::PushClicked) {
            followed.extend(event.lines.into_iter().map(|line| (at, line)));
        }
        contacts.push((at, event.kind));
    }
    Ok((contacts, followed))
}

impl Looked {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let summary = &self.summary;
        let claimed = Claim::ALL.iter().map(|by| {
            let mut value = sum_json("orders", summary.claimed.get(by));
            value["by"] = by.word().into();
            value
        });
        let lived = Lived::ALL.iter().map(|lived| {
            let mut value = sum_json("messages", summary.lived.get(lived));
            value["lived"] = lived.word().into();
            value
        });
        json!({
            "messages": summary.messages,
            "left_out": self.left_out,
            "older_not_looked_at": self.more,
            "channel": {
                "claims": sum_json("orders", Some(&summary.claimed_in_all())),
                "by": claimed.collect::<Vec<_>>(),
            },
            "customers": {
                "kept": sum_json("messages", Some(&summary.kept_in_all())),
                "lived": lived.collect::<Vec<_>>(),
            },
            "telling": self.telling.iter().map(Seen::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Seen {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let claimed = self.viewpoints.claimed.iter().map(|order| {
            json!({
                "by": order.by.word(),
                "at": order.at.to_string(),
                "money": order.money.to_string(),
            })
        });
        let kept: Vec<String> = self.viewpoints.kept.iter().map(ToString::to_string).collect();
        json!({
            "message": self.message.id.to_string(),
            "person": self.message.person.to_string(),
            "step": self.message.step,
            "claimed_at": self.message.claimed_at.to_string(),
            "channel_claims": claimed.collect::<Vec<_>>(),
            "lived": self.viewpoints.lived.word(),
            "kept": kept,
        })
    }
}
