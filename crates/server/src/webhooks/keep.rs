//! The destinations that there are.

use std::collections::BTreeSet;

use regulars_deliver::http::TargetError;
use regulars_deliver::webhook::{Secret, Webhooks};
use regulars_engine::journey::{CallState, Journey};
use regulars_engine::program::Program;
use regulars_engine::time::{DAY, Timestamp};
use regulars_store::{CallCount, Reader, Store, StoreError};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// Where destinations stand among the server's own rows, by name.
const SPACE: &str = "destinations";
/// More are a mistake: a shop has a few systems.
const DESTINATIONS_MAX: usize = 100;
/// The longest name, as of every object.
const NAME_MAX: usize = 64;
/// How long a secret that was replaced goes on signing beside the new one, so that whoever is called can
/// change theirs in between.
const BOTH_SECRETS_MS: i64 = DAY;

/// A destination as it is kept.
#[derive(Clone, Serialize, Deserialize)]
pub struct Destination {
    /// Its name, as journeys know it.
    pub name: String,
    /// Where it is. May hold a secret of its own: see [`Destination::host`].
    pub url: String,
    /// What calls are signed with.
    secret: String,
    /// The secret before that, and until when it signs too, in milliseconds since 1970 (UTC).
    #[serde(default)]
    former: Option<(String, i64)>,
    /// When it was set, in milliseconds since 1970 (UTC).
    pub since: i64,
    /// Who set it.
    pub by: String,
    /// Since when nothing is told, and who said so; `None`: it was answered that nobody wants more.
    #[serde(default)]
    pub paused: Option<(i64, Option<String>)>,
}

impl std::fmt::Debug for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Destination({}, ***)", self.name)
    }
}

impl Destination {
    /// What calls are signed with at `now`: one secret, or two while they change.
    #[must_use]
    pub fn secrets(&self, now: Timestamp) -> Vec<Secret> {
        let former = self.former.iter().filter(|(_, until)| now.0 < *until);
        let all = std::iter::once(&self.secret).chain(former.map(|(secret, _)| secret));
        all.filter_map(|secret| Secret::parse(secret)).collect()
    }

    /// The machine it is on, without the rest of the URL, which may be secret.
    #[must_use]
    pub fn host(&self) -> &str {
        let rest = self.url.split_once("://").map_or(self.url.as_str(), |(_, rest)| rest);
        rest.split(['/', '?', '#']).next().unwrap_or_default()
    }

    /// Until when the secret before this one signs too; `None`: one secret signs alone.
    #[must_use]
    pub fn both_until(&self, now: Timestamp) -> Option<Timestamp> {
        let former = self.former.as_ref().map(|(_, until)| Timestamp(*until));
        former.filter(|until| now < *until)
    }
}

/// A destination with a secret that was just made, which is shown once.
#[derive(Debug)]
pub struct Added {
    /// The destination.
    pub destination: Destination,
    /// The secret.
    pub secret: String,
}

/// Whether a destination that journeys name may be removed too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Force {
    /// It may: what they tell waits.
    Yes,
    /// It may not.
    No,
}

/// Why a destination was not set, changed or removed.
#[derive(Debug, thiserror::Error)]
pub enum DestinationError {
    /// Its name is none.
    #[error(
        "a name has 1 to {NAME_MAX} letters, digits, spaces, -, _ and ., and begins with no point"
    )]
    Name,
    /// It cannot be called.
    #[error("that URL cannot be called: {0}")]
    Url(TargetError),
    /// There is one of this name.
    #[error("there is a destination \"{0}\" already; move it to another URL, or take another name")]
    Taken(String),
    /// There is none of this name.
    #[error("there is no destination \"{0}\"; look at the list of destinations")]
    Unknown(String),
    /// A journey names it.
    #[error("the journey \"{0}\" tells it; take that step out first, or remove it with force")]
    Used(String),
    /// There are too many.
    #[error("there are {DESTINATIONS_MAX} destinations; remove those that nobody uses")]
    TooMany,
    /// No secret could be made.
    #[error("the system gives no random bytes for a secret")]
    Random,
    /// The store failed.
    #[error("could not reach the store")]
    Store(#[from] StoreError),
}

/// Sets a destination, with a secret of its own.
///
/// # Errors
/// [`DestinationError`] says what is wrong.
pub fn add<S: Store>(
    store: &mut S,
    (name, url): (&str, &str),
    webhooks: &Webhooks,
    by: &str,
    now: Timestamp,
) -> Result<Added, DestinationError> {
    let name = checked(name)?;
    let url = callable(url, webhooks)?;
    let held = list(&store.reader()?)?;
    if held.iter().any(|held| held.name == name) {
        return Err(DestinationError::Taken(name));
    }
    if held.len() >= DESTINATIONS_MAX {
        return Err(DestinationError::TooMany);
    }
    let secret = Secret::generate().map_err(|_| DestinationError::Random)?;
    let destination = Destination {
        name,
        url,
        secret: secret.clone(),
        former: None,
        since: now.0,
        by: by.to_owned(),
        paused: None,
    };
    put(store, &destination)?;
    Ok(Added { destination, secret })
}

/// Every destination by name.
///
/// # Errors
/// If the store cannot be read.
pub fn list<R: Reader>(reader: &R) -> Result<Vec<Destination>, StoreError> {
    let rows = reader.list(SPACE)?;
    Ok(rows.into_iter().filter_map(|(_, bytes)| serde_json::from_slice(&bytes).ok()).collect())
}

/// Destinations that answered by themselves that they want no more calls, with when they did: somebody
/// must look.
///
/// # Errors
/// If the store cannot be read.
pub fn gone<R: Reader>(reader: &R) -> Result<Vec<(String, Timestamp)>, StoreError> {
    let gone = list(reader)?.into_iter().filter_map(|destination| match destination.paused {
        Some((at, None)) => Some((destination.name, Timestamp(at))),
        Some((_, Some(_))) | None => None,
    });
    Ok(gone.collect())
}

/// The destination of a name.
///
/// # Errors
/// [`DestinationError::Unknown`] if there is none.
pub fn find<R: Reader>(reader: &R, name: &str) -> Result<Destination, DestinationError> {
    let name = name.trim();
    let kept = reader.get(SPACE, name)?;
    let read = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok());
    read.ok_or_else(|| DestinationError::Unknown(name.chars().take(NAME_MAX).collect()))
}

/// Lets a destination be elsewhere; its secret stays.
///
/// # Errors
/// [`DestinationError`] says what is wrong.
pub fn move_to<S: Store>(
    store: &mut S,
    (name, url): (&str, &str),
    webhooks: &Webhooks,
) -> Result<Destination, DestinationError> {
    let url = callable(url, webhooks)?;
    changed(store, name, |held| Ok(Destination { url, ..held }))
}

/// Gives a destination another secret. The one before signs beside it for a day.
///
/// # Errors
/// [`DestinationError`] says what is wrong.
pub fn rotate<S: Store>(
    store: &mut S,
    name: &str,
    now: Timestamp,
) -> Result<Added, DestinationError> {
    let secret = Secret::generate().map_err(|_| DestinationError::Random)?;
    let made = secret.clone();
    let until = now.plus(BOTH_SECRETS_MS).0;
    let destination = changed(store, name, |held| {
        Ok(Destination { former: Some((held.secret.clone(), until)), secret: made, ..held })
    })?;
    Ok(Added { destination, secret })
}

/// Tells a destination nothing until it is resumed; `by` is `None` where it answered so itself.
///
/// # Errors
/// [`DestinationError`] says what is wrong.
pub fn pause<S: Store>(
    store: &mut S,
    name: &str,
    by: Option<&str>,
    now: Timestamp,
) -> Result<Destination, DestinationError> {
    let by = by.map(str::to_owned);
    changed(store, name, |held| {
        let paused = held.paused.clone().or(Some((now.0, by)));
        Ok(Destination { paused, ..held })
    })
}

/// Tells a destination what has waited, from here on.
///
/// # Errors
/// [`DestinationError`] says what is wrong.
pub fn resume<S: Store>(store: &mut S, name: &str) -> Result<Destination, DestinationError> {
    changed(store, name, |held| Ok(Destination { paused: None, ..held }))
}

/// Removes a destination. What it was to be told waits, in case there is one of its name again.
///
/// # Errors
/// [`DestinationError`] says what is wrong.
pub fn remove<S: Store>(
    store: &mut S,
    name: &str,
    program: &Program,
    force: Force,
) -> Result<Destination, DestinationError> {
    let destination = find(&store.reader()?, name)?;
    let tells = |journey: &&Journey| journey.told().any(|(_, to)| to == destination.name);
    if force == Force::No
        && let Some(journey) = program.every_journey().find(tells)
    {
        return Err(DestinationError::Used(journey.name.clone()));
    }
    store.put(SPACE, &destination.name, None)?;
    Ok(destination)
}

/// A step that tells somebody whom the server does not know: what it tells waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unknown {
    /// The journey.
    pub journey: String,
    /// The step.
    pub step: String,
    /// The name that is unknown.
    pub destination: String,
}

impl std::fmt::Display for Unknown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { journey, step, destination } = self;
        write!(
            f,
            "the step \"{step}\" of the journey \"{journey}\" tells \"{destination}\", which is no destination of this server: what it tells waits until `regulars webhook add \"{destination}\" URL`"
        )
    }
}

/// The steps of journeys that tell somebody whom the server does not know.
#[must_use]
pub fn unknown<'j>(
    journeys: impl Iterator<Item = &'j Journey>,
    known: &[Destination],
) -> Vec<Unknown> {
    let known: BTreeSet<&str> = known.iter().map(|known| known.name.as_str()).collect();
    let told = journeys.flat_map(|journey| journey.told().map(move |told| (journey, told)));
    let unknown = told.filter(|(_, (_, destination))| !known.contains(destination));
    let unknown = unknown.map(|(journey, (step, destination))| Unknown {
        journey: journey.name.clone(),
        step: step.to_owned(),
        destination: destination.to_owned(),
    });
    unknown.collect()
}

/// A destination as programs read it: without its secrets, and without the path of its URL, which may
/// be one.
#[must_use]
pub fn destination_json(destination: &Destination, now: Timestamp) -> Value {
    json!({
        "name": destination.name,
        "host": destination.host(),
        "since": Timestamp(destination.since).to_string(),
        "by": destination.by,
        "both_secrets_until": destination.both_until(now).map(|until| until.to_string()),
        "paused_since": destination.paused.as_ref().map(|(at, _)| Timestamp(*at).to_string()),
        "paused_by": destination.paused.as_ref().and_then(|(_, by)| by.as_ref()),
    })
}

/// How many calls of a destination are in each state, in the order of [`CallState::WORDS`].
#[must_use]
pub fn calls_of(destination: &str, counts: &[CallCount]) -> [u64; 4] {
    CallState::WORDS.map(|state| {
        let own = |count: &&CallCount| count.destination == destination && count.state == state;
        counts.iter().find(own).map_or(0, |count| count.calls)
    })
}

/// A destination in a list: with how many calls of it are in each state.
#[must_use]
pub fn listed_json(destination: &Destination, counts: &[CallCount], now: Timestamp) -> Value {
    let mut listed = destination_json(destination, now);
    for (word, calls) in CallState::WORDS.into_iter().zip(calls_of(&destination.name, counts)) {
        listed["calls"][word.replace(' ', "_")] = calls.into();
    }
    listed
}

fn checked(name: &str) -> Result<String, DestinationError> {
    let name = name.trim();
    let plain = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_' | '.');
    let fits = (1..=NAME_MAX).contains(&name.chars().count()) && !name.starts_with('.');
    if fits && name.chars().all(plain) { Ok(name.to_owned()) } else { Err(DestinationError::Name) }
}

fn callable(url: &str, webhooks: &Webhooks) -> Result<String, DestinationError> {
    let url = url.trim();
    webhooks.allows(url).map_err(DestinationError::Url)?;
    Ok(url.to_owned())
}

fn changed<S: Store>(
    store: &mut S,
    name: &str,
    change: impl FnOnce(Destination) -> Result<Destination, DestinationError>,
) -> Result<Destination, DestinationError> {
    let destination = change(find(&store.reader()?, name)?)?;
    put(store, &destination)?;
    Ok(destination)
}

fn put<S: Store>(store: &mut S, destination: &Destination) -> Result<(), StoreError> {
    let bytes = serde_json::to_vec(destination).expect("texts and numbers are JSON");
    store.put(SPACE, &destination.name, Some(&bytes))
}
