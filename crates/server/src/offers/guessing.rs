//! Who tried how many wrong codes, in memory: bounded, and forgotten a day after.

use std::collections::BTreeMap;
use std::hash::Hasher;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use regulars_engine::offer::{Guesses, Limit};
use regulars_engine::time::Timestamp;
use siphasher::sip::SipHasher13;

use crate::secret::random_bits;

/// An asker: hashes of the key and of the address behind it, under a secret of this run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asker {
    key: u64,
    address: u64,
}

/// Wrong codes by asker.
#[derive(Debug)]
pub struct Guessing {
    secret: (u64, u64),
    book: Mutex<Book>,
}

#[derive(Debug, Default)]
struct Book {
    keys: BTreeMap<u64, Guesses>,
    addresses: BTreeMap<(u64, u64), Guesses>,
    /// Requests that nobody listened to, since they were last counted.
    unheard: u64,
}

/// Attempts to be added to what is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attempts {
    /// Codes that were none.
    pub wrong: u64,
    /// Requests that nobody listened to.
    pub unheard: u64,
}

/// The most askers remembered: some 10 MB. Whoever has so many addresses runs into the limit of
/// the key.
const ASKERS_MAX: usize = 100_000;

impl Default for Guessing {
    fn default() -> Self {
        let bits = random_bits();
        let half = |bits: u128| u64::try_from(bits & u128::from(u64::MAX)).expect("64 bits fit");
        Self { secret: (half(bits), half(bits >> 64)), book: Mutex::default() }
    }
}

impl Guessing {
    /// The asker behind a key: whom the key's holder names, else where the request comes from.
    #[must_use]
    pub fn asker(&self, key: &str, client: Option<&str>, peer: Option<IpAddr>) -> Asker {
        let hash = |what: &str, text: &str| {
            let mut hasher = SipHasher13::new_with_keys(self.secret.0, self.secret.1);
            hasher.write(what.as_bytes());
            hasher.write(text.as_bytes());
            hasher.finish()
        };
        let address = match (client, peer) {
            (Some(client), _) => hash("client ", client),
            (None, Some(peer)) => hash("peer ", &peer.to_string()),
            (None, None) => hash("nobody", ""),
        };
        Asker { key: hash("key ", key), address }
    }

    /// Whether nobody listens to the asker.
    #[must_use]
    pub fn closed(&self, asker: Asker, now: Timestamp) -> bool {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        let closed = |guesses: Option<&Guesses>| {
            guesses.is_some_and(|guesses| guesses.closed_until(now).is_some())
        };
        let closed = closed(book.keys.get(&asker.key))
            || closed(book.addresses.get(&(asker.key, asker.address)));
        book.unheard += u64::from(closed);
        closed
    }

    /// Notes a wrong code, and hands out what is to be counted.
    pub fn wrong(&self, asker: Asker, now: Timestamp) -> Attempts {
        let mut book = self.book.lock().unwrap_or_else(PoisonError::into_inner);
        if book.addresses.len() >= ASKERS_MAX {
            book.addresses.retain(|_, guesses| !guesses.over(now));
        }
        book.keys.entry(asker.key).or_default().wrong(Limit::OF_KEY, now);
        let place = (asker.key, asker.address);
        if book.addresses.len() < ASKERS_MAX || book.addresses.contains_key(&place) {
            book.addresses.entry(place).or_default().wrong(Limit::OF_ADDRESS, now);
        }
        Attempts { wrong: 1, unheard: std::mem::take(&mut book.unheard) }
    }
}
