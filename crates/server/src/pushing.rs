//! The key by which push services know the shop: made once, kept in the store, shown by its public half.
//!
//! **Invariant:** the private half leaves this module only inside a [`PushChannel`].

use std::net::IpAddr;

use regulars_deliver::PushChannel;
use regulars_deliver::push::{PushClient, PushKey, PushKeyError};
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, Store, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::secret::{hex, unhex};

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
    if replace == Replace::No && kept(&store.reader()?)?.is_some() {
        return Err(PushingError::Taken);
    }
    let made = Kept { key: hex(&PushKey::generate()), since: now.0, by: by.to_owned() };
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

/// The way push messages leave: into the world where there is a key, else into the outbox. `inside` are
/// addresses of a network of one's own where a push service may stand.
///
/// # Errors
/// If the key cannot be read.
pub fn channel<R: Reader>(reader: &R, inside: &[IpAddr]) -> Result<PushChannel, PushingError> {
    Ok(match kept(reader)? {
        Some(kept) => PushChannel::Services(Box::new(PushClient::new(opened(&kept)?, inside))),
        None => PushChannel::Outbox,
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
