//! The hooks that there are.

use regulars_engine::event::Channel;
use regulars_engine::time::{DAY, Timestamp};
use regulars_ingest::providers::Provider;
use regulars_store::{Reader, Store, StoreError};
use serde::{Deserialize, Serialize};

use super::verify;
use crate::secret;

/// Where hooks stand among the server's own rows; the key of a row is the hash of its secret.
const SPACE: &str = "hooks";
/// More are a mistake: there are five providers, and a few systems of one's own.
const HOOKS_MAX: usize = 100;
/// For so long an address or a key that another took the place of is good beside it: time to put the new
/// one into the provider's settings.
pub const BOTH_MS: i64 = DAY;

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

/// What somebody copied out of a provider's settings.
#[derive(Clone, Default)]
pub struct Copied {
    /// SendGrid's public key, Mailgun's signing key, Twilio's auth token, or the secret of both sides.
    pub key: String,
    /// SES: the topic's ARN.
    pub topic: String,
    /// SES: certificates of Amazon SNS, as PEM.
    pub certificates: String,
}

impl Proof {
    /// What a provider proves itself by, of what was copied out of its settings.
    #[must_use]
    pub fn of(provider: Provider, copied: Copied) -> Self {
        let Copied { key, topic, certificates } = copied;
        let key = key.trim().to_owned();
        match provider {
            Provider::SendGrid => Self::PublicKey(key),
            Provider::Mailgun => Self::SigningKey(key),
            Provider::Twilio => Self::AuthToken(key),
            Provider::Standard => Self::Secret(key),
            Provider::Ses => Self::Topic { arn: topic.trim().to_owned(), certificates },
            Provider::Postmark => Self::Address,
        }
    }
}

impl std::fmt::Debug for Copied {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Copied(***)")
    }
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
    /// Until when its address answers, where another took its place, in milliseconds since 1970 (UTC).
    #[serde(default)]
    pub until: Option<i64>,
    /// What the provider proved itself by before, and until when that is good beside what it is now.
    #[serde(default)]
    pub former: Option<(Proof, i64)>,
}

impl Hook {
    /// The provider.
    #[must_use]
    pub fn of(&self) -> Option<Provider> {
        Provider::parse(&self.provider)
    }

    /// Whether its address answers.
    #[must_use]
    pub fn answers(&self, now: Timestamp) -> bool {
        self.until.is_none_or(|until| now.0 < until)
    }

    /// Until when the key of before is good beside the one of today, if it is.
    #[must_use]
    pub fn both_keys_until(&self, now: Timestamp) -> Option<Timestamp> {
        let (_, until) = self.former.as_ref()?;
        (now.0 < *until).then_some(Timestamp(*until))
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
    /// Another address took its place.
    #[error("another address took the place of the hook \"{0}\"; change that one")]
    Replaced(String),
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
    thin_out(store, now)?;
    if list(&store.reader()?)?.len() >= HOOKS_MAX {
        return Err(HookError::TooMany);
    }
    let hook = Hook {
        id: String::new(),
        provider: provider.word().to_owned(),
        source: source.to_owned(),
        proof,
        since: now.0,
        by: by.to_owned(),
        confirm: None,
        until: None,
        former: None,
    };
    Ok(addressed(store, provider, hook)?)
}

/// Gives a hook an address of its own.
fn addressed<S: Store>(store: &mut S, provider: Provider, hook: Hook) -> Result<Added, StoreError> {
    let secret = secret::new_key("hk");
    let hash = secret::key_hash(&secret);
    let hook = Hook { id: hash[..8].to_owned(), ..hook };
    put(store, &hash, &hook)?;
    let tells_of = provider.channel().map_or("events", Channel::word);
    Ok(Added { hook, path: format!("/hooks/{tells_of}/{secret}") })
}

/// Makes another address in place of a hook's; the one of before answers for [`BOTH_MS`] more.
///
/// # Errors
/// [`HookError`] says what is wrong.
pub fn rotate<S: Store>(
    store: &mut S,
    id: &str,
    by: &str,
    now: Timestamp,
) -> Result<Added, HookError> {
    thin_out(store, now)?;
    let (hash, hook) = standing(store, id)?;
    let Some(provider) = hook.of() else { return Err(HookError::Unknown(hook.id)) };
    put(store, &hash, &Hook { until: Some(now.0.saturating_add(BOTH_MS)), ..hook.clone() })?;
    Ok(addressed(store, provider, Hook { since: now.0, by: by.to_owned(), ..hook })?)
}

/// Keeps what a provider proves itself by from here on; what it was before is good for [`BOTH_MS`] more.
///
/// # Errors
/// [`HookError`] says what is wrong.
pub fn renew<S: Store>(
    store: &mut S,
    id: &str,
    copied: Copied,
    now: Timestamp,
) -> Result<Hook, HookError> {
    let (hash, hook) = standing(store, id)?;
    let Some(provider) = hook.of() else { return Err(HookError::Unknown(hook.id)) };
    let proof = Proof::of(provider, copied);
    verify::usable(provider, &proof).map_err(HookError::Proof)?;
    let former = Some((hook.proof.clone(), now.0.saturating_add(BOTH_MS)));
    let hook = Hook { proof, former, ..hook };
    put(store, &hash, &hook)?;
    Ok(hook)
}

/// The hook of an id with the hash of its secret, unless another took its place.
fn standing<S: Store>(store: &mut S, id: &str) -> Result<(String, Hook), HookError> {
    let (hash, hook) = named(&store.reader()?, id)?;
    if hook.until.is_some() { Err(HookError::Replaced(hook.id)) } else { Ok((hash, hook)) }
}

fn named<R: Reader>(reader: &R, id: &str) -> Result<(String, Hook), HookError> {
    let found = rows(reader)?.into_iter().find(|(_, hook)| hook.id == id.trim());
    found.ok_or_else(|| HookError::Unknown(id.chars().take(40).collect()))
}

/// Takes away addresses that answer nobody any more.
fn thin_out<S: Store>(store: &mut S, now: Timestamp) -> Result<(), StoreError> {
    let over = rows(&store.reader()?)?.into_iter().filter(|(_, hook)| !hook.answers(now));
    over.into_iter().try_for_each(|(hash, _)| store.put(SPACE, &hash, None))
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
    let (hash, hook) = named(&store.reader()?, id)?;
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

#[cfg(test)]
mod tests {
    use regulars_store::SqliteStore;
    use ring::hmac;

    use super::super::{Signed, believed};
    use super::*;

    const NOW: Timestamp = Timestamp(1_700_000_000_000);

    fn made(store: &mut SqliteStore, provider: Provider, key: &str) -> Added {
        let proof = Proof::of(provider, Copied { key: key.to_owned(), ..Copied::default() });
        add(store, provider, provider.word(), proof, "ana", NOW).unwrap()
    }

    /// The hook that answers at an address.
    fn at(store: &mut SqliteStore, path: &str, now: Timestamp) -> Option<Hook> {
        let secret = path.rsplit('/').next().unwrap();
        find(&store.reader().unwrap(), secret).unwrap().filter(|hook| hook.answers(now))
    }

    #[test]
    fn an_address_that_was_replaced_answers_for_a_day() {
        let mut store = SqliteStore::in_memory().unwrap();
        let first = made(&mut store, Provider::Postmark, "");
        let second = rotate(&mut store, &first.hook.id, "ben", NOW).unwrap();
        assert_ne!(first.path, second.path);
        assert_eq!(second.hook.by, "ben");
        let last = NOW.plus(BOTH_MS - 1);
        assert!(at(&mut store, &first.path, last).is_some());
        assert!(at(&mut store, &first.path, NOW.plus(BOTH_MS)).is_none());
        assert!(at(&mut store, &second.path, NOW.plus(BOTH_MS)).is_some());
        let again = rotate(&mut store, &first.hook.id, "ben", last);
        assert!(matches!(again, Err(HookError::Replaced(_))), "{again:?}");
        // Whatever is made next sweeps up what answers nobody.
        rotate(&mut store, &second.hook.id, "ben", NOW.plus(BOTH_MS)).unwrap();
        let left = list(&store.reader().unwrap()).unwrap();
        assert!(left.iter().all(|hook| hook.id != first.hook.id), "{left:?}");
    }

    #[test]
    fn a_key_that_was_replaced_is_good_for_a_day() {
        let keys = ["0123456789abcdef", "fedcba9876543210"];
        let mut store = SqliteStore::in_memory().unwrap();
        let first = made(&mut store, Provider::Mailgun, keys[0]);
        let copied = |key: &str| Copied { key: key.to_owned(), ..Copied::default() };
        let short = renew(&mut store, &first.hook.id, copied("short"), NOW);
        assert!(matches!(short, Err(HookError::Proof(_))), "{short:?}");
        renew(&mut store, &first.hook.id, copied(keys[1]), NOW).unwrap();
        let call = |key: &str, now: Timestamp| {
            let seconds = now.0 / 1_000;
            let key = hmac::Key::new(hmac::HMAC_SHA256, key.as_bytes());
            let mark = hmac::sign(&key, format!("{seconds}tok").as_bytes());
            let mark = secret::hex(mark.as_ref());
            format!(
                r#"{{"signature":{{"timestamp":"{seconds}","token":"tok","signature":"{mark}"}}}}"#
            )
        };
        let hook = at(&mut store, &first.path, NOW).unwrap();
        let asked = |key: &str, now: Timestamp| {
            let body = call(key, now);
            let request = Signed { body: body.as_bytes(), ..Signed::default() };
            believed(&hook, &request, now).err()
        };
        let refused = Some(super::super::Refused::Signature);
        assert_eq!(keys.map(|key| asked(key, NOW)), [None, None]);
        assert_eq!(keys.map(|key| asked(key, NOW.plus(BOTH_MS))), [refused, None]);
        assert_eq!(asked("0000000000000000", NOW), refused);
    }
}
