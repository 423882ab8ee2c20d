//! The hooks that there are.

use regulars_engine::event::Channel;
use regulars_engine::time::Timestamp;
use regulars_ingest::providers::Provider;
use regulars_store::{Reader, Store, StoreError};
use serde::{Deserialize, Serialize};

use super::verify;
use crate::secret;

/// Where hooks stand among the server's own rows; the key of a row is the hash of its secret.
const SPACE: &str = "hooks";
/// More are a mistake: there are five providers, and a few systems of one's own.
const HOOKS_MAX: usize = 100;

/// What a provider proves itself by, beside the secret in the address.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// SendGrid: the public key of its "Signed Event Webhook", as its settings page shows it.
    PublicKey(String),
    /// Mailgun: the "HTTP webhook signing key".
    SigningKey(String),
    /// SES over SNS: the topic, and the certificates it is signed with, as PEM.
    Topic {
        /// The topic's ARN.
        arn: String,
        /// Certificates of Amazon SNS.
        certificates: String,
    },
    /// Twilio: the account's auth token.
    AuthToken(String),
    /// Standard Webhooks: the secret that both sides know, `whsec_` and base 64.
    Secret(String),
    /// Postmark signs nothing: the secret in the address is all there is.
    Address,
}

impl std::fmt::Debug for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Proof(***)")
    }
}

/// A hook as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Hook {
    /// Names it in lists; says nothing of its secret.
    pub id: String,
    /// The word of the provider.
    pub provider: String,
    /// The source that its events come from.
    pub source: String,
    /// What the provider proves itself by.
    pub proof: Proof,
    /// When it was made, in milliseconds since 1970 (UTC).
    pub since: i64,
    /// Who made it.
    pub by: String,
    /// Where somebody must look once to confirm a subscription of SNS.
    pub confirm: Option<String>,
}

impl Hook {
    /// The provider.
    #[must_use]
    pub fn of(&self) -> Option<Provider> {
        Provider::parse(&self.provider)
    }
}

/// A hook that was just made, with its secret, which is shown once.
#[derive(Clone, Debug)]
pub struct Added {
    /// The hook.
    pub hook: Hook,
    /// The path of its address.
    pub path: String,
}

/// Why a hook was not made or removed.
#[derive(Debug, thiserror::Error)]
pub enum HookError {
    /// What the provider shall prove itself by cannot be used.
    #[error("{0}")]
    Proof(&'static str),
    /// There is none of this id.
    #[error("there is no hook \"{0}\"; look at the list of hooks")]
    Unknown(String),
    /// There are too many.
    #[error("there are {HOOKS_MAX} hooks; remove those that nobody uses")]
    TooMany,
    /// The store failed.
    #[error("could not reach the store")]
    Store(#[from] StoreError),
}

/// Makes a hook.
///
/// # Errors
/// [`HookError`] says what is wrong.
pub fn add<S: Store>(
    store: &mut S,
    provider: Provider,
    source: &str,
    proof: Proof,
    by: &str,
    now: Timestamp,
) -> Result<Added, HookError> {
    verify::usable(provider, &proof).map_err(HookError::Proof)?;
    if list(&store.reader()?)?.len() >= HOOKS_MAX {
        return Err(HookError::TooMany);
    }
    let secret = secret::new_key("hk");
    let hash = secret::key_hash(&secret);
    let hook = Hook {
        id: hash[..8].to_owned(),
        provider: provider.word().to_owned(),
        source: source.to_owned(),
        proof,
        since: now.0,
        by: by.to_owned(),
        confirm: None,
    };
    put(store, &hash, &hook)?;
    let tells_of = provider.channel().map_or("events", Channel::word);
    Ok(Added { hook, path: format!("/hooks/{tells_of}/{secret}") })
}

/// Every hook, the latest first.
///
/// # Errors
/// If the store cannot be read.
pub fn list<R: Reader>(reader: &R) -> Result<Vec<Hook>, StoreError> {
    let mut hooks: Vec<Hook> = rows(reader)?.into_iter().map(|(_, hook)| hook).collect();
    hooks.sort_by(|left, right| right.since.cmp(&left.since).then_with(|| left.id.cmp(&right.id)));
    Ok(hooks)
}

/// The hook whose address bears this secret.
///
/// # Errors
/// If the store cannot be read.
pub fn find<R: Reader>(reader: &R, secret: &str) -> Result<Option<Hook>, StoreError> {
    let kept = reader.get(SPACE, &secret::key_hash(secret))?;
    Ok(kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// Removes a hook: its address answers nobody any more.
///
/// # Errors
/// [`HookError`] says what is wrong.
pub fn remove<S: Store>(store: &mut S, id: &str) -> Result<Hook, HookError> {
    let found = rows(&store.reader()?)?.into_iter().find(|(_, hook)| hook.id == id.trim());
    let Some((hash, hook)) = found else {
        return Err(HookError::Unknown(id.chars().take(40).collect()));
    };
    store.put(SPACE, &hash, None)?;
    Ok(hook)
}

/// Whether a hook tells its events as this source.
///
/// # Errors
/// If the store fails.
pub fn tells_as<R: Reader>(reader: &R, source: &str) -> Result<bool, StoreError> {
    Ok(rows(reader)?.iter().any(|(_, hook)| hook.source == source))
}

/// Keeps where somebody must look to confirm a subscription.
///
/// # Errors
/// If the store fails.
pub fn note_confirmation<S: Store>(
    store: &mut S,
    secret: &str,
    url: Option<&str>,
) -> Result<(), StoreError> {
    let Some(mut hook) = find(&store.reader()?, secret)? else { return Ok(()) };
    hook.confirm = url.map(str::to_owned);
    put(store, &secret::key_hash(secret), &hook)
}

/// Whether an event that came shows that the subscription was confirmed, so that the link may go.
#[must_use]
pub fn confirmed_by(hook: &Hook, said: &super::Said) -> bool {
    hook.confirm.is_some() && matches!(said, super::Said::Events(_))
}

fn rows<R: Reader>(reader: &R) -> Result<Vec<(String, Hook)>, StoreError> {
    let rows = reader.list(SPACE)?;
    let read =
        |(hash, bytes): (String, Vec<u8>)| Some((hash, serde_json::from_slice(&bytes).ok()?));
    Ok(rows.into_iter().filter_map(read).collect())
}

fn put<S: Store>(store: &mut S, hash: &str, hook: &Hook) -> Result<(), StoreError> {
    let bytes = serde_json::to_vec(hook).expect("texts and numbers are JSON");
    store.put(SPACE, hash, Some(&bytes))
}
