//! A mail server as a channel: a few connections, kept while they are of use.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use super::connect::Connector;
use super::settings::SmtpSettings;
use super::transaction::{self, Line, Usable};
use crate::email::{Email, SettingsError};
use crate::pace::Pace;
use crate::sent::{Cause, Sent, ServerText};

/// Servers close idle connections after minutes at most; sooner costs only a new connection.
const IDLE_MAX: Duration = Duration::from_secs(30);
/// Many servers allow a hundred messages to a connection.
const MESSAGES_MAX: u32 = 100;

/// Sends messages through one mail server.
pub struct SmtpClient {
    connector: Connector,
    permits: Semaphore,
    pace: Pace,
    idle: Mutex<Vec<Idle>>, // Invariant: at most as many as there are permits not taken.
}

struct Idle {
    line: Line,
    since: Instant,
    messages: u32,
}

impl SmtpClient {
    /// Prepares the client; connects only when there is something to send.
    pub fn new(settings: SmtpSettings) -> Result<Self, SettingsError> {
        let permits = Semaphore::new(settings.connections_max);
        let pace = Pace::per_second(settings.rate);
        Ok(Self { connector: Connector::new(settings)?, permits, pace, idle: Mutex::default() })
    }

    /// Waits for a turn to send; false: none came within `patience`.
    pub(crate) async fn turn(&self, patience: Duration) -> bool {
        self.pace.turn(patience).await
    }

    /// Sends one message once. A connection that died while idle is replaced; nothing else is tried
    /// twice.
    ///
    /// Takes at most about the sum of the timeouts for connecting, ten commands and the verdict.
    /// Dropping the future before it is ready leaves the message uncertain.
    pub async fn send(&self, email: &Email) -> Sent {
        let limit = self.connector.settings().timeouts.connect;
        let Ok(Ok(_permit)) = timeout(limit, self.permits.acquire()).await else {
            let text = ServerText::new("all connections are busy");
            return Sent::NotSent { cause: Cause::Busy, text };
        };
        if let Some(idle) = self.take_idle() {
            let (sent, usable) = self.send_over(idle, email).await;
            if usable != Usable::WasStale {
                return sent;
            }
        }
        let line = match self.connector.connect().await {
            Ok(line) => line,
            Err(not_sent) => return not_sent,
        };
        self.send_over(Idle { line, since: Instant::now(), messages: 0 }, email).await.0
    }

    async fn send_over(&self, mut idle: Idle, email: &Email) -> (Sent, Usable) {
        let timeouts = &self.connector.settings().timeouts;
        let ended = transaction::send(&mut idle.line, email, timeouts).await;
        idle.messages += 1;
        if ended.connection == Usable::Again && idle.messages < MESSAGES_MAX {
            idle.since = Instant::now();
            self.idle().push(idle);
        }
        (ended.sent, ended.connection)
    }

    fn take_idle(&self) -> Option<Idle> {
        let mut idle = self.idle();
        idle.retain(|idle| idle.since.elapsed() < IDLE_MAX);
        idle.pop()
    }

    /// Says goodbye on every idle connection, within one command's time each.
    pub async fn close(&self) {
        let idle = std::mem::take(&mut *self.idle());
        for mut idle in idle {
            // The connection is dropped either way; there is nothing to do about an error.
            let command = self.connector.settings().timeouts.command;
            drop(idle.line.conversation.ask("QUIT\r\n", command).await);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        // Nothing can panic while it is held; if something did, a list of connections stays valid.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for SmtpClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpClient")
            .field("settings", self.connector.settings())
            .finish_non_exhaustive()
    }
}
