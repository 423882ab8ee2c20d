//! Keys of machines: write keys of sources, and API keys with scopes.

use std::collections::BTreeMap;

use regulars_store::{Reader, Store, StoreError};
use serde::{Deserialize, Serialize};

use crate::secret;

const WRITE_KEYS: &str = "write keys";
const API_KEYS: &str = "api keys";
const SITE_SECRETS: &str = "site secrets";

/// What an API key may do; each scope allows what stands before it. Which act needs which stands in
/// the table of [`super::Right`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Look.
    Read,
    /// Change what can be changed back.
    Write,
    /// What cannot be taken back, and who may do what.
    Admin,
}

impl Scope {
    /// Every scope, the smallest first.
    pub const ALL: [Self; 3] = [Self::Read, Self::Write, Self::Admin];

    /// The word on the command line and in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
        }
    }

    /// The scope of this word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.word() == word)
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

/// The longest name of a source or key, in bytes.
pub const NAME_MAX: usize = 100;

/// A name of a source or key as it is kept; `None`: it is empty, too long or holds odd characters.
#[must_use]
pub fn named(name: &str) -> Option<&str> {
    let name = name.trim();
    let fits = !name.is_empty() && name.len() <= NAME_MAX && !name.contains(char::is_control);
    fits.then_some(name)
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
