//! Who may do what: write keys of sources, API keys with scopes, users. Deny by default.

use std::collections::BTreeMap;

use regulars_store::{Reader, Store, StoreError};
use serde::{Deserialize, Serialize};

use crate::secret;

const WRITE_KEYS: &str = "write keys";
const API_KEYS: &str = "api keys";
const SITE_SECRETS: &str = "site secrets";
const USERS: &str = "users";

/// What an API key may do; each scope allows what stands before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Read people, decisions, sources.
    Read,
    /// Change definitions, settle quarantine.
    Write,
    /// Erase, back up, make keys.
    Admin,
}

impl Scope {
    /// The scope of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "read" => Self::Read,
            "write" => Self::Write,
            "admin" => Self::Admin,
            _ => return None,
        })
    }
}

/// An API key, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ApiKey {
    /// What it is called.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
}

/// A user, as they are kept.
#[derive(Serialize, Deserialize)]
struct User {
    /// Salt and hash of the password.
    password: String,
}

/// All keys, read once and again when one is made.
#[derive(Clone, Default)]
pub struct Keys {
    sources: BTreeMap<String, String>,
    api: BTreeMap<String, ApiKey>,
    site: BTreeMap<String, String>,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys(***)")
    }
}

impl Keys {
    /// Reads all keys.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn read<R: Reader>(reader: &R) -> Result<Self, StoreError> {
        let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
        let sources = reader.list(WRITE_KEYS)?;
        let api = reader.list(API_KEYS)?;
        let site = reader.list(SITE_SECRETS)?;
        Ok(Self {
            site: site.into_iter().map(|(source, secret)| (source, text(secret))).collect(),
            sources: sources.into_iter().map(|(hash, source)| (hash, text(source))).collect(),
            api: api
                .into_iter()
                .filter_map(|(hash, kept)| Some((hash, serde_json::from_slice(&kept).ok()?)))
                .collect(),
        })
    }

    /// The source whose write key this is.
    #[must_use]
    pub fn source(&self, write_key: &str) -> Option<&str> {
        self.sources.get(&secret::key_hash(write_key)).map(String::as_str)
    }

    /// The secret with which the shop's server vouches for logins at a source.
    #[must_use]
    pub fn site_secret(&self, source: &str) -> Option<&str> {
        self.site.get(source).map(String::as_str)
    }

    /// The API key of this text.
    #[must_use]
    pub fn api(&self, key: &str) -> Option<&ApiKey> {
        self.api.get(&secret::key_hash(key))
    }
}

/// Makes a write key for a source. It is shown once.
///
/// # Errors
/// If the store cannot be written.
pub fn make_write_key<S: Store>(store: &mut S, source: &str) -> Result<String, StoreError> {
    let key = secret::new_key("wk");
    keep_write_key(store, source, &key)?;
    Ok(key)
}

/// Keeps a given write key for a source, so that SDKs which already bear one go on.
///
/// # Errors
/// If the store cannot be written.
pub fn keep_write_key<S: Store>(store: &mut S, source: &str, key: &str) -> Result<(), StoreError> {
    store.put(WRITE_KEYS, &secret::key_hash(key), Some(source.as_bytes()))
}

/// Makes the secret with which the shop's server vouches for logins at a source, in place of the one
/// before, whose proofs end with it. It is kept as it is, since signatures are checked with it; it is
/// shown once.
///
/// # Errors
/// If the store cannot be written.
pub fn make_site_secret<S: Store>(store: &mut S, source: &str) -> Result<String, StoreError> {
    let made = secret::new_key("ss");
    store.put(SITE_SECRETS, source, Some(made.as_bytes()))?;
    Ok(made)
}

/// Makes an API key. It is shown once.
///
/// # Errors
/// If the store cannot be written.
pub fn make_api_key<S: Store>(
    store: &mut S,
    name: &str,
    scope: Scope,
) -> Result<String, StoreError> {
    let key = secret::new_key("rk");
    let kept = serde_json::to_vec(&ApiKey { name: name.to_owned(), scope })
        .expect("a name and a scope are JSON");
    store.put(API_KEYS, &secret::key_hash(&key), Some(&kept))?;
    Ok(key)
}

/// Keeps a user with a password, in place of one of the same name.
///
/// # Errors
/// If the store cannot be written.
pub fn keep_user<S: Store>(store: &mut S, name: &str, password: &str) -> Result<(), StoreError> {
    let kept = serde_json::to_vec(&User { password: secret::password_hash(password) })
        .expect("a hash is JSON");
    store.put(USERS, name, Some(&kept))
}

/// Whether anybody may sign in yet.
///
/// # Errors
/// If the store cannot be read.
pub fn any_user<R: Reader>(reader: &R) -> Result<bool, StoreError> {
    Ok(!reader.list(USERS)?.is_empty())
}

/// Whether this is a user and the password theirs. Costs the same whether or not they exist.
///
/// # Errors
/// If the store cannot be read.
pub fn signs_in<R: Reader>(reader: &R, name: &str, password: &str) -> Result<bool, StoreError> {
    let kept = reader.get(USERS, name)?;
    let user: Option<User> = kept.and_then(|kept| serde_json::from_slice(&kept).ok());
    let nobody = "00$00".to_owned();
    let hash = user.as_ref().map_or(&nobody, |user| &user.password);
    Ok(secret::password_matches(password, hash) && user.is_some())
}
