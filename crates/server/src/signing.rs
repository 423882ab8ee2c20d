//! The keys that mail is signed with: kept in the store, handed to whoever sends.
//!
//! A key begins as *waiting*: its record must stand in the DNS before anything is signed with it, or
//! receivers find a signature that they cannot check. Of a domain and an algorithm one key signs; the
//! one it replaces is *retired*, and its record stays until the last mail it signed has been read.
//!
//! **Invariant:** the private half leaves this module only inside a [`Signers`].

use std::sync::{Arc, PoisonError, RwLock};

use regulars_deliver::dns::in_dns;
pub use regulars_deliver::email::{Algorithm, KeyError, NewKey};
use regulars_deliver::email::{DkimKey, Record, Signers};
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, Store, StoreError};
use serde::{Deserialize, Serialize};

/// Where the keys stand among the server's own rows; the key of a row is domain and selector.
const SPACE: &str = "dkim";
/// More keys are a mistake: a domain needs two, and two more while they change.
const KEYS_MAX: usize = 200;

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum KeyState {
    /// It waits for its record.
    Waiting,
    /// It signs.
    Signing,
    /// Another signs in its place.
    Retired,
}

impl KeyState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Waiting, Self::Signing, Self::Retired];

    /// The word in answers and on pages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Signing => "signing",
            Self::Retired => "retired",
        }
    }
}

/// A key as it is kept.
#[derive(Clone, Serialize, Deserialize)]
struct Kept {
    domain: String,
    selector: String,
    /// The private half, in hexadecimal digits.
    key: String,
    state: KeyState,
    /// Since when it has been in this state, in milliseconds since 1970 (UTC).
    since: i64,
    by: String,
}

/// A key as it is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Whose mail it signs.
    pub domain: String,
    /// Its name among the keys of the domain.
    pub selector: String,
    /// How it signs.
    pub algorithm: Algorithm,
    /// What it does.
    pub state: KeyState,
    /// Since when.
    pub since: Timestamp,
    /// Who said so.
    pub by: String,
    /// What the DNS must say.
    pub record: Record,
}

impl Shown {
    /// Whether it is for mail of a domain: its own, or one below it.
    #[must_use]
    pub fn is_for(&self, domain: &str) -> bool {
        let domain = in_dns(domain);
        let above = domain.strip_suffix(&self.domain);
        above.is_some_and(|below| below.is_empty() || below.ends_with('.'))
    }
}

/// Which key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Which {
    /// Whose mail it signs.
    pub domain: String,
    /// Its name among the keys of the domain.
    pub selector: String,
}

/// Why a key was not kept, used or removed.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// The key, its domain or its selector is not one.
    #[error("the key cannot be used")]
    Key(#[from] KeyError),
    /// There is a key of this name.
    #[error(
        "the domain \"{domain}\" has a key \"{selector}\" already; take another selector, or remove that one"
    )]
    Taken {
        /// The domain.
        domain: String,
        /// The selector.
        selector: String,
    },
    /// There is none.
    #[error("the domain \"{domain}\" has no key \"{selector}\"; look at the list of keys")]
    Unknown {
        /// The domain.
        domain: String,
        /// The selector.
        selector: String,
    },
    /// It signs.
    #[error(
        "the key \"{selector}\" signs; let another sign in its place first, or stop it with force"
    )]
    Signs {
        /// The selector.
        selector: String,
    },
    /// There are too many.
    #[error("there are {KEYS_MAX} keys; remove those that are retired")]
    TooMany,
    /// The store failed.
    #[error("could not reach the store")]
    Store(#[from] StoreError),
}

/// The signers in force, shared by deliverers and whoever changes keys.
#[derive(Clone, Debug, Default)]
pub struct Signing(Arc<RwLock<Arc<Signers>>>);

impl Signing {
    /// Who signs.
    #[must_use]
    pub fn signers(&self) -> Arc<Signers> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Others sign from here on.
    pub fn set(&self, signers: Signers) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(signers);
    }
}

/// The signers that the store holds.
///
/// # Errors
/// If the store cannot be read.
pub fn signers<R: Reader>(reader: &R) -> Result<Signers, StoreError> {
    let kept = kept(reader)?.into_iter().filter(|kept| kept.state == KeyState::Signing);
    Ok(Signers::new(kept.filter_map(|kept| opened(&kept)).collect()))
}

/// Every key there is, by domain, the latest first.
///
/// # Errors
/// If the store cannot be read.
pub fn list<R: Reader>(reader: &R) -> Result<Vec<Shown>, StoreError> {
    let mut all: Vec<Shown> = kept(reader)?.iter().filter_map(shown).collect();
    all.sort_by(|left, right| {
        left.domain.cmp(&right.domain).then_with(|| right.since.cmp(&left.since))
    });
    Ok(all)
}

/// Keeps a key, waiting for its record; `None` for the selector takes the first that is free.
///
/// # Errors
/// [`SigningError`] says what is wrong.
pub fn keep<S: Store>(
    store: &mut S,
    domain: &str,
    selector: Option<&str>,
    key: &NewKey,
    by: &str,
    now: Timestamp,
) -> Result<Shown, SigningError> {
    let held = kept(&store.reader()?)?;
    if held.len() >= KEYS_MAX {
        return Err(SigningError::TooMany);
    }
    let taken = |domain: &str, selector: &str| {
        held.iter().any(|kept| kept.domain == domain && kept.selector == selector)
    };
    let lower = in_dns(domain);
    let free = || (1..).map(|number| format!("regulars{number}")).find(|one| !taken(&lower, one));
    let selector =
        selector.map_or_else(|| free().expect("there are fewer keys than numbers"), str::to_owned);
    let opened = DkimKey::new(domain, &selector, key)?;
    let (domain, selector) = (opened.domain().to_owned(), opened.selector().to_owned());
    if taken(&domain, &selector) {
        return Err(SigningError::Taken { domain, selector });
    }
    let kept = Kept {
        domain,
        selector,
        key: crate::secret::hex(&key.0),
        state: KeyState::Waiting,
        since: now.0,
        by: by.to_owned(),
    };
    put(store, &kept)?;
    Ok(shown(&kept).expect("the key was opened above"))
}

/// Lets a key sign from here on, in place of the one of its domain and algorithm.
///
/// # Errors
/// [`SigningError`] says what is wrong.
pub fn sign_with<S: Store>(
    store: &mut S,
    which: &Which,
    by: &str,
    now: Timestamp,
) -> Result<Shown, SigningError> {
    let all = kept(&store.reader()?)?;
    let chosen = find(&all, which)?;
    let own = opened(chosen).map(|key| key.algorithm());
    for other in &all {
        let same = other.domain == chosen.domain
            && other.selector != chosen.selector
            && other.state == KeyState::Signing
            && opened(other).map(|key| key.algorithm()) == own;
        if same {
            put(store, &turned(other, KeyState::Retired, by, now))?;
        }
    }
    let chosen = turned(chosen, KeyState::Signing, by, now);
    put(store, &chosen)?;
    shown(&chosen).ok_or(SigningError::Key(KeyError::NoKey))
}

/// Whether a key that signs may be removed too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Force {
    /// It may: mail of its domain leaves without that signature from here on.
    Yes,
    /// It may not.
    No,
}

/// Removes a key.
///
/// # Errors
/// [`SigningError`] says what is wrong.
pub fn remove<S: Store>(store: &mut S, which: &Which, force: Force) -> Result<(), SigningError> {
    let all = kept(&store.reader()?)?;
    let chosen = find(&all, which)?;
    if chosen.state == KeyState::Signing && force == Force::No {
        return Err(SigningError::Signs { selector: chosen.selector.clone() });
    }
    Ok(store.put(SPACE, &name_of(chosen), None)?)
}

fn find<'k>(all: &'k [Kept], which: &Which) -> Result<&'k Kept, SigningError> {
    let domain = in_dns(&which.domain);
    let same = |kept: &&Kept| {
        kept.domain == domain && kept.selector.eq_ignore_ascii_case(which.selector.trim())
    };
    let short = |text: &str| text.chars().take(80).collect();
    all.iter().find(same).ok_or_else(|| SigningError::Unknown {
        domain: short(&which.domain),
        selector: short(&which.selector),
    })
}

fn turned(kept: &Kept, state: KeyState, by: &str, now: Timestamp) -> Kept {
    Kept { state, since: now.0, by: by.to_owned(), ..kept.clone() }
}

fn kept<R: Reader>(reader: &R) -> Result<Vec<Kept>, StoreError> {
    let rows = reader.list(SPACE)?;
    Ok(rows.into_iter().filter_map(|(_, bytes)| serde_json::from_slice(&bytes).ok()).collect())
}

fn put<S: Store>(store: &mut S, kept: &Kept) -> Result<(), StoreError> {
    let bytes = serde_json::to_vec(kept).expect("texts and numbers are JSON");
    store.put(SPACE, &name_of(kept), Some(&bytes))
}

fn name_of(kept: &Kept) -> String {
    format!("{} {}", kept.domain, kept.selector)
}

fn opened(kept: &Kept) -> Option<DkimKey> {
    let key = NewKey(crate::secret::unhex(&kept.key)?);
    DkimKey::new(&kept.domain, &kept.selector, &key).ok()
}

fn shown(kept: &Kept) -> Option<Shown> {
    let key = opened(kept)?;
    Some(Shown {
        domain: kept.domain.clone(),
        selector: kept.selector.clone(),
        algorithm: key.algorithm(),
        state: kept.state,
        since: Timestamp(kept.since),
        by: kept.by.clone(),
        record: key.record(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The shop's definition has a domain as people write it, and a key has it as the DNS does.
    #[test]
    fn a_key_is_for_its_domain_however_it_is_written() {
        let of = |domain: &str| Shown {
            domain: domain.to_owned(),
            selector: "regulars1".to_owned(),
            algorithm: Algorithm::Ed25519,
            state: KeyState::Signing,
            since: Timestamp(0),
            by: "ana".to_owned(),
            record: Record { name: String::new(), value: String::new() },
        };
        let key = of("xn--tienda-1wa.example");
        for own in ["tiendañ.example", "Mail.TIENDAÑ.example", "xn--tienda-1wa.example."] {
            assert!(key.is_for(own), "{own}");
        }
        for other in ["", "example", "otra-tiendañ.example", "shop.example"] {
            assert!(!key.is_for(other), "{other}");
        }
        assert!(!of("shop.example").is_for("myshop.example"));
    }
}
