//! Posting a message to the push service that a browser named.

use std::collections::HashMap;
use std::fmt;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use tokio::time::Instant;

use super::encrypt::{PAYLOAD_MAX, encrypt};
use super::{PushKey, PushMessage};
use crate::http::{HttpClient, Limits, Reach, Reply, Request, Target, Unanswered};
use crate::said::Said;
use crate::sent::{Cause, Sent, ServerText, Stage, dead};

/// Push services answer within a second. An endpoint is whatever a browser said, and one that is slow on
/// purpose must not keep other messages waiting for long.
const LIMITS: Limits = Limits {
    connect: Duration::from_secs(5),
    content: Duration::from_secs(5),
    verdict: Duration::from_secs(10),
    connections_max: 16,
};
/// A push service that asks for patience is given so much at most.
const PATIENCE_MAX: Duration = Duration::from_secs(3_600);
/// The push services whose patience is remembered: browsers know a handful.
const SERVICES_MAX: usize = 64;

/// What is said of an endpoint that leads into a network of one's own, or travels readable.
const FORBIDDEN: &str = "the push service's address is none that may be reached";

/// Sends push messages.
pub struct PushClient {
    key: PushKey,
    world: HttpClient,
    /// Within a network of one's own, where somebody opened a part of it.
    inside: Option<(Reach, HttpClient)>,
    /// Until when a push service wants nothing, by its host.
    patience: Mutex<HashMap<String, Instant>>, // Invariant: at most SERVICES_MAX.
}

impl PushClient {
    /// Prepares the client; connects only when there is something to send. `inside` are the addresses of
    /// a network of one's own where a push service may stand, encrypted or not.
    #[must_use]
    pub fn new(key: PushKey, inside: &[IpAddr]) -> Self {
        let only = (!inside.is_empty()).then(|| Reach::Only(inside.to_vec()));
        let inside = only.map(|reach| (reach.clone(), HttpClient::new(reach, LIMITS)));
        let world = HttpClient::new(Reach::World, LIMITS);
        Self { key, world, inside, patience: Mutex::default() }
    }

    /// The public half of the key, as browsers take it.
    #[must_use]
    pub fn public_key(&self) -> String {
        self.key.public()
    }

    /// Sends one message once. A connection that was closed while idle is replaced; nothing else is tried
    /// twice.
    ///
    /// Dropping the future before it is ready leaves the message uncertain.
    pub async fn send(&self, message: &PushMessage, seconds: i64) -> Sent {
        let Some((target, client)) = self.way(&message.endpoint) else {
            return dead(FORBIDDEN);
        };
        if message.payload.len() > PAYLOAD_MAX {
            let text = ServerText::new("the message is longer than push services take");
            return Sent::NotSent { cause: Cause::Unsupported, text };
        }
        let keys = (BASE64.decode(&message.key), BASE64.decode(&message.auth));
        let body = match keys {
            (Ok(key), Ok(auth)) => encrypt(&key, &auth, &message.payload).ok(),
            _ => None,
        };
        // Nothing can ever be sent to it: the same as a subscription that the service does not know.
        let Some(body) = body else { return dead("the browser's key is none") };
        if self.waits(&target) {
            let text = ServerText::new("429 the push service has asked for patience");
            return Sent::Refused { permanent: false, code: 429, stage: Stage::Content, text };
        }
        let request = Request {
            target: &target,
            content_type: "application/octet-stream",
            fields: vec![
                ("content-encoding", "aes128gcm".to_owned()),
                ("ttl", message.keep_s.to_string()),
                ("urgency", message.urgency.word().to_owned()),
                ("topic", message.topic.clone()),
                (
                    "authorization",
                    self.key.authorization(&origin(&target), &message.contact, seconds),
                ),
            ],
            body,
        };
        match client.post(request).await {
            Ok(reply) => {
                self.note_patience(&target, &reply);
                said(&reply).verdict(&reply)
            }
            // A name that leads inside is a browser's word like any other: nobody sends there.
            Err(Unanswered { cause: Cause::Forbidden, .. }) => dead(FORBIDDEN),
            Err(unanswered) => Sent::from(unanswered),
        }
    }

    /// Closes every idle connection.
    pub fn close(&self) {
        self.world.close();
        if let Some((_, client)) = &self.inside {
            client.close();
        }
    }

    /// Where an endpoint leads, and by whom. What is in the world is never called as if it were inside.
    fn way(&self, endpoint: &str) -> Option<(Target, &HttpClient)> {
        if let Ok(target) = Target::parse(endpoint, &Reach::World) {
            return Some((target, &self.world));
        }
        let (reach, client) = self.inside.as_ref()?;
        Target::parse(endpoint, reach).ok().map(|target| (target, client))
    }

    fn waits(&self, target: &Target) -> bool {
        let patience = self.patience.lock().unwrap_or_else(PoisonError::into_inner);
        patience.get(&target.host_field()).is_some_and(|until| Instant::now() < *until)
    }

    fn note_patience(&self, target: &Target, reply: &Reply) {
        if !matches!(reply.status, 429 | 503) {
            return;
        }
        let asked = reply.field("retry-after").and_then(|text| text.trim().parse().ok());
        let Some(asked) = asked.map(Duration::from_secs) else { return };
        let mut patience = self.patience.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        patience.retain(|_, until| now < *until);
        if patience.len() < SERVICES_MAX {
            patience.insert(target.host_field(), now + asked.min(PATIENCE_MAX));
        }
    }
}

/// The origin as RFC 6454 writes it.
fn origin(target: &Target) -> String {
    let scheme = if target.encrypted() { "https" } else { "http" };
    format!("{scheme}://{}", target.host_field())
}

/// Services say little, and what they say may repeat the endpoint: only the status is kept.
fn said(reply: &Reply) -> Said {
    let mut said = Said::words(reply, None);
    if matches!(reply.status, 404 | 410) {
        said.stage = Stage::DeadRecipient;
    }
    said
}

impl fmt::Debug for PushClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PushClient(***)")
    }
}
