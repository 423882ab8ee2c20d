//! The key by which push services know the shop: made once, kept in the store, shown by its public half.
//!
//! **Invariant:** the private half leaves this module only inside a [`PushChannel`].

use std::net::IpAddr;
use std::sync::{Arc, PoisonError, RwLock};

use regulars_deliver::push::{PushClient, PushKey, PushKeyError};
use regulars_deliver::{PushChannel, PushWay};
use regulars_engine::event::Channel;
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, Store, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::secret::{hex, unhex};
use crate::segments;

/// Where the key stands among the server's own rows.
const SPACE: &str = "push";
const NAME: &str = "key";

/// A key as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    /// The private half, in hexadecimal digits.
    key: String,
    /// Since when, in milliseconds since 1970 (UTC).
    since: i64,
    by: String,
    /// Whether it took another one's place.
    #[serde(default)]
    replaced: bool,
}

/// A key as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PushKeyShown {
    /// The public half, as pages of the site name it.
    pub public: String,
    /// Since when.
    pub since: Timestamp,
    /// Who made it.
    pub by: String,
}

impl PushKeyShown {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({ "public_key": self.public, "since": self.since.to_string(), "by": self.by })
    }
}

/// Why no key was made or read.
#[derive(Debug, thiserror::Error)]
pub enum PushingError {
    /// There is one.
    #[error(
        "there is a key already, and browsers have subscribed to it; with another one they must all subscribe again"
    )]
    Taken,
    /// What is kept is no key.
    #[error("the key that is kept cannot be used")]
    Key(#[from] PushKeyError),
    /// The store failed.
    #[error("could not reach the store")]
    Store(#[from] StoreError),
}

/// Whether a key is made though there is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Replace {
    /// It is: what browsers subscribed to before is of no use any more.
    Yes,
    /// It is not.
    No,
}

/// What making a key comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Making {
    /// The key that was made; `None`: it was only asked.
    pub key: Option<PushKeyShown>,
    /// Whether it takes the place of another.
    pub replaces: bool,
    /// How many people have a browser whose subscription ends by that; `None`: it is not counted.
    pub ends: Option<u64>,
}

impl Making {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "made": self.key.is_some(),
            "key": self.key.as_ref().map(PushKeyShown::to_json),
            "replaces": self.replaces,
            "subscriptions_end": self.ends,
        })
    }
}

/// What it would come to if a key were made.
///
/// # Errors
/// [`PushingError`] says why none would be.
pub fn would_make<R: Reader>(
    reader: &R,
    program: &Program,
    replace: Replace,
) -> Result<Making, PushingError> {
    let replaces = held(reader)?;
    if replace == Replace::No && replaces {
        return Err(PushingError::Taken);
    }
    let ends = match replaces {
        true => segments::reachable_over(reader, program, Channel::Push)?,
        false => Some(0),
    };
    Ok(Making { key: None, replaces, ends })
}

/// Whether there is a key; one that cannot be read is replaced like any other.
fn held<R: Reader>(reader: &R) -> Result<bool, StoreError> {
    Ok(reader.get(SPACE, NAME)?.is_some())
}

/// Makes a key.
///
/// # Errors
/// [`PushingError`] says why not.
pub fn make_key<S: Store>(
    store: &mut S,
    replace: Replace,
    by: &str,
    now: Timestamp,
) -> Result<PushKeyShown, PushingError> {
    let replaced = held(&store.reader()?)?;
    if replace == Replace::No && replaced {
        return Err(PushingError::Taken);
    }
    let key = hex(&PushKey::generate());
    let made = Kept { key, since: now.0, by: by.to_owned(), replaced };
    let bytes = serde_json::to_vec(&made).expect("texts and numbers are JSON");
    store.put(SPACE, NAME, Some(&bytes))?;
    shown(&made)
}

/// The key there is.
///
/// # Errors
/// If it cannot be read.
pub fn key<R: Reader>(reader: &R) -> Result<Option<PushKeyShown>, PushingError> {
    kept(reader)?.map(|kept| shown(&kept)).transpose()
}

/// The way push messages leave, and since when a key in another one's place is in force.
#[derive(Debug)]
pub struct Leaving {
    /// The way.
    pub channel: PushChannel,
    /// Subscriptions of before are under a former key: their push services take nothing from this one.
    pub replaced_at: Option<Timestamp>,
}

impl Leaving {
    /// Whether a subscription that began at `since` is under a former key.
    #[must_use]
    pub fn outlived(&self, since: Timestamp) -> bool {
        self.replaced_at.is_some_and(|at| since < at)
    }
}

/// How push messages leave while the program runs: a key that is made takes effect at once.
#[derive(Debug)]
pub struct Pushing {
    leaving: RwLock<Arc<Leaving>>,
    inside: Vec<IpAddr>,
}

impl Default for Pushing {
    /// Into the outbox, until a key is read.
    fn default() -> Self {
        let outbox = Leaving { channel: PushChannel::Outbox, replaced_at: None };
        Self { leaving: RwLock::new(Arc::new(outbox)), inside: Vec::new() }
    }
}

impl Pushing {
    /// The way for the key there is: into the world, or into the outbox where there is none. `inside` are
    /// addresses of a network of one's own where a push service may stand.
    ///
    /// # Errors
    /// If the key cannot be read.
    pub fn open<R: Reader>(reader: &R, inside: &[IpAddr]) -> Result<Self, PushingError> {
        let leaving = RwLock::new(Arc::new(leaving(reader, inside)?));
        Ok(Self { leaving, inside: inside.to_vec() })
    }

    /// The way that is in force.
    #[must_use]
    pub fn now(&self) -> Arc<Leaving> {
        Arc::clone(&self.leaving.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Where push messages go.
    #[must_use]
    pub fn way(&self) -> PushWay {
        self.now().channel.way()
    }

    /// Reads the key again after one was made. What is on its way leaves under the key it began with.
    ///
    /// # Errors
    /// If the key cannot be read; then all stays as it is.
    pub fn reload<R: Reader>(&self, reader: &R) -> Result<(), PushingError> {
        let next = Arc::new(leaving(reader, &self.inside)?);
        let mut held = self.leaving.write().unwrap_or_else(PoisonError::into_inner);
        let former = std::mem::replace(&mut *held, next);
        drop(held);
        former.channel.close();
        Ok(())
    }
}

fn leaving<R: Reader>(reader: &R, inside: &[IpAddr]) -> Result<Leaving, PushingError> {
    Ok(match kept(reader)? {
        Some(kept) => Leaving {
            channel: PushChannel::Services(Box::new(PushClient::new(opened(&kept)?, inside))),
            replaced_at: kept.replaced.then_some(Timestamp(kept.since)),
        },
        None => Leaving { channel: PushChannel::Outbox, replaced_at: None },
    })
}

fn kept<R: Reader>(reader: &R) -> Result<Option<Kept>, PushingError> {
    let rows = reader.list(SPACE)?;
    let bytes = rows.into_iter().find(|(name, _)| name == NAME).map(|(_, bytes)| bytes);
    bytes.map(|bytes| serde_json::from_slice(&bytes).map_err(|_| PushKeyError.into())).transpose()
}

fn opened(kept: &Kept) -> Result<PushKey, PushKeyError> {
    PushKey::read(&unhex(&kept.key).ok_or(PushKeyError)?)
}

fn shown(kept: &Kept) -> Result<PushKeyShown, PushingError> {
    let public = opened(kept)?.public();
    Ok(PushKeyShown { public, since: Timestamp(kept.since), by: kept.by.clone() })
}
