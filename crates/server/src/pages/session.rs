//! Sessions: who is signed in, by a random cookie of which only the hash is kept, in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use regulars_engine::time::{HOUR, MINUTE, Timestamp};

use crate::secret;

/// A session ends after so long without a request.
const IDLE_MS: i64 = 12 * HOUR;
/// The most sessions at once; the longest idle go first.
const SESSIONS_MAX: usize = 10_000;
/// So many wrong passwords for one name within the window, and the name must wait.
const ATTEMPTS_MAX: u32 = 10;
const ATTEMPTS_WINDOW_MS: i64 = 15 * MINUTE;
/// The most names that attempts are counted for: some 2 MB. The least tried is forgotten first, so names
/// that are made up shut nobody out, and to be forgotten at ten attempts costs ten for each of these.
const NAMES_MAX: usize = 10_000;

/// One signed-in browser.
#[derive(Clone, Debug)]
pub struct Session {
    /// The user's name.
    pub user: String,
    /// The token that every form must carry.
    pub csrf: String,
    /// When they signed in.
    pub begun_at: Timestamp,
    last_at: Timestamp,
}

#[derive(Debug, Default)]
struct Held {
    by_hash: BTreeMap<String, Session>,
    /// By the hash of the name, since what is typed may be long: since when, and how many.
    attempts: BTreeMap<String, (Timestamp, u32)>,
}

/// All sessions. A restart ends them.
#[derive(Debug, Default)]
pub struct Sessions {
    held: Mutex<Held>,
}

impl Sessions {
    fn locked(&self) -> std::sync::MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a session; returns the cookie's value.
    pub fn begin(&self, user: &str, now: Timestamp) -> String {
        let cookie = secret::random_hex(32);
        let (user_name, csrf) = (user.to_owned(), secret::random_hex(16));
        let session = Session { user: user_name, csrf, begun_at: now, last_at: now };
        let mut held = self.locked();
        held.attempts.remove(&secret::key_hash(user));
        if held.by_hash.len() >= SESSIONS_MAX {
            let oldest = held.by_hash.iter().min_by_key(|(_, session)| session.last_at);
            if let Some(oldest) = oldest.map(|(hash, _)| hash.clone()) {
                held.by_hash.remove(&oldest);
            }
        }
        held.by_hash.insert(secret::key_hash(&cookie), session);
        cookie
    }

    /// The session of a cookie, if it has not ended.
    pub fn find(&self, cookie: &str, now: Timestamp) -> Option<Session> {
        let hash = secret::key_hash(cookie);
        let mut held = self.locked();
        let session = held.by_hash.get_mut(&hash)?;
        if now.since(session.last_at) > IDLE_MS {
            held.by_hash.remove(&hash);
            return None;
        }
        session.last_at = session.last_at.max(now);
        Some(session.clone())
    }

    /// Ends a session.
    pub fn end(&self, cookie: &str) {
        self.locked().by_hash.remove(&secret::key_hash(cookie));
    }

    /// Whether another attempt for this name is let through; counts it.
    pub fn may_try(&self, user: &str, now: Timestamp) -> bool {
        let name = secret::key_hash(user);
        let mut held = self.locked();
        let attempts = &mut held.attempts;
        let counts = |since: Timestamp| now.since(since) < ATTEMPTS_WINDOW_MS;
        if attempts.len() >= NAMES_MAX && !attempts.contains_key(&name) {
            let least =
                attempts.iter().min_by_key(|(_, (since, tried))| (counts(*since), *tried, *since));
            if let Some(least) = least.map(|(name, _)| name.clone()) {
                attempts.remove(&least);
            }
        }
        let (since, tried) = attempts.entry(name).or_insert((now, 0));
        if !counts(*since) {
            (*since, *tried) = (now, 0);
        }
        *tried += 1;
        *tried <= ATTEMPTS_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_is_found_by_its_cookie_until_it_ends_or_idles() {
        let sessions = Sessions::default();
        let cookie = sessions.begin("ana", Timestamp(0));
        assert_eq!(sessions.find(&cookie, Timestamp(HOUR)).unwrap().user, "ana");
        assert!(sessions.find("another", Timestamp(HOUR)).is_none());
        assert!(sessions.find(&cookie, Timestamp(HOUR + IDLE_MS + 1)).is_none());
        let cookie = sessions.begin("ana", Timestamp(0));
        sessions.end(&cookie);
        assert!(sessions.find(&cookie, Timestamp(1)).is_none());
    }

    #[test]
    fn guessing_is_slowed_down() {
        let sessions = Sessions::default();
        let let_through = (0..50).filter(|_| sessions.may_try("ana", Timestamp(5))).count();
        assert_eq!(let_through, 10);
        assert!(sessions.may_try("ana", Timestamp(5 + ATTEMPTS_WINDOW_MS)));
    }

    #[test]
    fn made_up_names_shut_nobody_out_and_open_no_door() {
        let sessions = Sessions::default();
        let now = Timestamp(5);
        while sessions.may_try("ana", now) {}
        for number in 0..=NAMES_MAX {
            assert!(sessions.may_try(&format!("nobody {number}"), now));
        }
        assert!(sessions.may_try("ben", now), "who was not tried before is let through");
        assert!(!sessions.may_try("ana", now), "who was guessed at still waits");
        assert_eq!(sessions.locked().attempts.len(), NAMES_MAX);
    }
}
