//! What is known of every segment: its size, since when it means what it means, and how far it is
//! computed.

use regulars_engine::event::Channel;
use regulars_engine::program::Program;
use regulars_engine::segment::{Progress, Reach};
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, StoreError};
use serde_json::{Map, Value, json};

use crate::writer::stored_book;

/// A segment with its size.
#[derive(Clone, Debug)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// Its number in the store.
    pub number: u32,
    /// Its condition as it is printed.
    pub condition: String,
    /// The same, a line for each part where it is long.
    pub laid_out: String,
    /// How many persons are in it, as far as it is computed.
    pub members: u64,
    /// When it came to mean what it means.
    pub at: Timestamp,
    /// How far it is computed; `None`: for everybody.
    pub computing: Option<Progress>,
    /// Sizes at the end of hours in which they changed, ascending.
    pub sizes: Vec<(Timestamp, u64)>,
}

impl Listed {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "name": self.name,
            "condition": self.condition,
            "members": self.members,
            "defined_at": self.at.to_string(),
            "computing": self.computing.map(|progress| json!({
                "done": progress.done,
                "total": progress.total,
            })),
        })
    }

    /// The same with its sizes over time, whom messages reach and what it shares with others.
    #[must_use]
    pub fn to_json_with(&self, shared: &Shared) -> Value {
        let size = |(at, members): &(Timestamp, u64)| json!({ "hour": at.to_string(), "members": members });
        let overlap = |one: &Overlap| json!({ "segment": one.name, "both": one.both, "members": one.members });
        let by_channel = |count: fn(&Reached) -> u64| {
            let one =
                |reached: &Reached| (reached.channel.word().to_owned(), count(reached).into());
            shared.reach.as_ref().map(|all| all.iter().map(one).collect::<Map<_, _>>())
        };
        let mut json = self.to_json();
        json["sizes"] = self.sizes.iter().map(size).collect();
        json["reachable"] = by_channel(|reached| reached.reachable).into();
        json["with_consent_to_promotion"] = by_channel(|reached| reached.promotable).into();
        json["overlaps"] = shared.overlaps.iter().map(overlap).collect();
        json
    }
}

/// How many persons two segments share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The other segment.
    pub name: String,
    /// How many are in both.
    pub both: u64,
    /// How many are in the other.
    pub members: u64,
}

/// How many members of a segment messages reach over a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reached {
    /// Over which channel.
    pub channel: Channel,
    /// There is an address for them, without a hard stop on it.
    pub reachable: u64,
    /// Promotion may go there.
    pub promotable: u64,
}

/// How many people have an address for a channel that nothing stops; `None`: it is not counted, since
/// the shop has no segment, or not yet.
///
/// # Errors
/// If the store cannot be read.
pub fn reachable_over<R: Reader>(
    reader: &R,
    program: &Program,
    channel: Channel,
) -> Result<Option<u64>, StoreError> {
    let standing = stored_book(reader)?.stand(program);
    let way = Some(Reach::Address(channel));
    let kept = standing.segments.iter().find(|kept| kept.reach == way);
    let Some(kept) = kept.filter(|kept| standing.computed(kept)) else { return Ok(None) };
    Ok(Some(reader.segment_counts()?.get(&kept.number).copied().unwrap_or(0)))
}

/// What the members of a segment share with others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shared {
    /// By channel; `None`: it is still being computed for everybody.
    pub reach: Option<Vec<Reached>>,
    /// With other segments, the largest share first.
    pub overlaps: Vec<Overlap>,
}

/// Every segment by name.
///
/// # Errors
/// If the store cannot be read.
pub fn list<R: Reader>(reader: &R, program: &Program) -> Result<Vec<Listed>, StoreError> {
    let (book, counts) = (stored_book(reader)?, reader.segment_counts()?);
    let progress = book.progress(reader.totals()?.persons);
    let standing = book.stand(program);
    standing
        .defined()
        .map(|kept| {
            Ok(Listed {
                name: kept.name.clone(),
                number: kept.number,
                condition: kept.condition.to_string(),
                laid_out: kept.condition.laid_out(),
                members: counts.get(&kept.number).copied().unwrap_or(0),
                at: kept.at,
                computing: if standing.computed(kept) { None } else { progress },
                sizes: reader.segment_sizes(kept.number)?,
            })
        })
        .collect()
}

/// What the members of a segment share with others: one pass over who is in which segment.
///
/// # Errors
/// If the store cannot be read.
pub fn shared<R: Reader>(
    reader: &R,
    program: &Program,
    all: &[Listed],
    of: &Listed,
) -> Result<Shared, StoreError> {
    let counts = reader.segment_overlaps(of.number)?;
    let both = |number: u32| counts.get(&number).copied().unwrap_or(0);
    let others = all.iter().filter(|listed| listed.number != of.number);
    let mut overlaps: Vec<Overlap> = others
        .map(|listed| Overlap {
            name: listed.name.clone(),
            both: both(listed.number),
            members: listed.members,
        })
        .collect();
    overlaps.sort_by(|left, right| right.both.cmp(&left.both).then(left.name.cmp(&right.name)));
    let standing = stored_book(reader)?.stand(program);
    let over = |way: Reach| {
        let kept = standing.segments.iter().find(|kept| kept.reach == Some(way));
        kept.filter(|kept| standing.computed(kept)).map(|kept| both(kept.number))
    };
    let reached = |channel| {
        let (reachable, promotable) =
            (over(Reach::Address(channel))?, over(Reach::Promotion(channel))?);
        Some(Reached { channel, reachable, promotable })
    };
    let reach = Channel::OF_MESSAGES.into_iter().map(reached).collect::<Option<Vec<_>>>();
    Ok(Shared { reach: reach.filter(|_| of.computing.is_none()), overlaps })
}
