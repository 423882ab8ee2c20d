//! Sessions: who is signed in, by a random cookie of which only the hash is kept, in memory.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use regulars_engine::time::{HOUR, Timestamp};

use crate::secret;
use crate::tries::Tries;

/// A session ends after so long without a request.
const IDLE_MS: i64 = 12 * HOUR;
/// The most sessions at once; the longest idle go first.
const SESSIONS_MAX: usize = 10_000;

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

/// All sessions. A restart ends them.
#[derive(Debug, Default)]
pub struct Sessions {
    by_hash: Mutex<BTreeMap<String, Session>>,
    attempts: Tries,
}

impl Sessions {
    fn locked(&self) -> MutexGuard<'_, BTreeMap<String, Session>> {
        self.by_hash.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a session; returns the cookie's value.
    pub fn begin(&self, user: &str, now: Timestamp) -> String {
        let cookie = secret::random_hex(32);
        let (user_name, csrf) = (user.to_owned(), secret::random_hex(16));
        let session = Session { user: user_name, csrf, begun_at: now, last_at: now };
        self.attempts.forget(user);
        let mut held = self.locked();
        if held.len() >= SESSIONS_MAX {
            let oldest = held.iter().min_by_key(|(_, session)| session.last_at);
            if let Some(oldest) = oldest.map(|(hash, _)| hash.clone()) {
                held.remove(&oldest);
            }
        }
        held.insert(secret::key_hash(&cookie), session);
        cookie
    }

    /// The session of a cookie, if it has not ended.
    pub fn find(&self, cookie: &str, now: Timestamp) -> Option<Session> {
        let hash = secret::key_hash(cookie);
        let mut held = self.locked();
        let session = held.get_mut(&hash)?;
        if now.since(session.last_at) > IDLE_MS {
            held.remove(&hash);
            return None;
        }
        session.last_at = session.last_at.max(now);
        Some(session.clone())
    }

    /// Ends a session.
    pub fn end(&self, cookie: &str) {
        self.locked().remove(&secret::key_hash(cookie));
    }

    /// Whether another attempt to sign in by this name is let through; counts it.
    pub fn may_try(&self, user: &str, now: Timestamp) -> bool {
        self.attempts.may(user, now)
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
        let let_through = || (0..50).filter(|_| sessions.may_try("ana", Timestamp(5))).count();
        assert_eq!(let_through(), 10);
        sessions.begin("ana", Timestamp(5));
        assert_eq!(let_through(), 10, "whoever is in has guessed nothing");
    }
}
