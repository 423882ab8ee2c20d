//! Codes that staff gave by hand and take back: found by the id of the gift, until they are used.

use std::collections::BTreeMap;

use regulars_engine::commit::Logged;
use regulars_engine::event::{Kind, LogPosition, Value as Stated};
use regulars_engine::offer::Code;
use regulars_engine::time::Timestamp;
use regulars_engine::work::{GiftBack, TakingBack};
use regulars_store::{Reader, Store, StoreError};
use serde_json::{Value, json};

use crate::writer::{Writer, WriterError};

/// A gift to take back.
#[derive(Clone, Debug)]
pub struct Back {
    /// The id under which it was given.
    pub id: String,
    /// Who takes it back: a user's name or a key's.
    pub by: String,
    /// Whether it is only asked.
    pub dry_run: bool,
}

/// Takes a gift back, or only tells what that would come to.
///
/// # Errors
/// If the store fails; then nothing was taken back.
pub fn take_back<S: Store>(
    writer: &mut Writer<S>,
    back: &Back,
    now: Timestamp,
) -> Result<GiftBack, WriterError> {
    match back.dry_run {
        true => writer.may_take_back(&back.id),
        false => writer.take_gift_back(&TakingBack { id: &back.id, by: &back.by }, now),
    }
}

/// What it came to, as the API tells it.
#[must_use]
pub fn back_json(found: &GiftBack, back: &Back) -> Value {
    let (outcome, offer) = match found {
        GiftBack::Done(offer) if back.dry_run => ("may_be_taken_back", Some(offer)),
        GiftBack::Done(offer) => ("taken_back", Some(offer)),
        GiftBack::Before(offer) => ("taken_back_before", Some(offer)),
        GiftBack::Used(offer) => ("used", Some(offer)),
        GiftBack::NoGift => ("no_gift", None),
    };
    json!({ "outcome": outcome, "id": back.id, "offer": offer })
}

/// A gift as the log tells of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GiftNoted {
    /// The id under which it was given.
    pub id: String,
    /// Who gave it.
    pub by: String,
}

/// Which of some codes were given by hand, by the position in the log at which each says so.
///
/// # Errors
/// If the store cannot be read.
pub fn given_by_hand<R: Reader>(
    reader: &R,
    codes: &[Code],
) -> Result<BTreeMap<u64, GiftNoted>, StoreError> {
    let given = codes.iter().filter(|code| code.message != 0);
    let positions: Vec<LogPosition> = given.map(|code| LogPosition(code.message)).collect();
    let noted = reader.events(&positions)?.into_iter().filter_map(|entry| {
        let Logged { position, event, .. } = entry.logged;
        let id = event.reference.filter(|_| event.kind == Kind::OfferGiven)?.id;
        let by = event.properties.get("by").and_then(Stated::as_text).unwrap_or_default();
        Some((position.0, GiftNoted { id, by: by.to_owned() }))
    });
    Ok(noted.collect())
}
