//! One attempt at a call.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use super::Secret;
use crate::http::{HttpClient, Limits, Reach, Reply, Request, Target, TargetError, Unanswered};
use crate::sent::Cause;

/// Of an answer's body, what somebody reads of it, in characters.
const WORDS_MAX: usize = 200;
/// The most requests that are open at once, to all destinations together.
const CONNECTIONS_MAX: usize = 16;
/// How long whoever is called may take to answer: the upper end of what Standard Webhooks recommends.
const VERDICT: Duration = Duration::from_secs(30);

/// Calls other programs.
pub struct Webhooks {
    world: HttpClient,
    /// Within a network of one's own, where somebody opened a part of it.
    inside: Option<(Reach, HttpClient)>,
}

/// What is told.
#[derive(Debug)]
pub struct Post<'p> {
    /// The id of the call, the same at every attempt: letters, digits and underlines.
    pub id: &'p str,
    /// When this attempt is made, in seconds since 1970 (UTC).
    pub seconds: i64,
    /// The body: JSON.
    pub body: Vec<u8>,
    /// With what it is signed: one secret, or two while they change.
    pub secrets: &'p [Secret],
}

/// What came of an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It was taken.
    Taken(String),
    /// It was not. Whoever answered may ask for so much patience.
    NotTaken(String, Option<Duration>),
    /// Nobody wants such calls there any more (410).
    Gone(String),
}

impl Webhooks {
    /// Prepares to call; connects only when there is something to tell. `inside` are the addresses of
    /// a network of one's own that may be called too, encrypted or not.
    #[must_use]
    pub fn new(inside: &[IpAddr]) -> Self {
        let limits =
            Limits { verdict: VERDICT, connections_max: CONNECTIONS_MAX, ..Limits::default() };
        let only = (!inside.is_empty()).then(|| Reach::Only(inside.to_vec()));
        let inside = only.map(|reach| (reach.clone(), HttpClient::new(reach, limits)));
        Self { world: HttpClient::new(Reach::World, limits), inside }
    }

    /// Looks at a URL, as far as its text tells.
    ///
    /// # Errors
    /// [`TargetError`] says what forbids it.
    pub fn allows(&self, url: &str) -> Result<(), TargetError> {
        self.way(url).map(|_| ())
    }

    /// Where a URL leads, and by whom. What is in the world is never called as if it were inside.
    fn way(&self, url: &str) -> Result<(Target, &HttpClient), TargetError> {
        let refused = match Target::parse(url, &Reach::World) {
            Ok(target) => return Ok((target, &self.world)),
            Err(refused) => refused,
        };
        let (reach, client) = self.inside.as_ref().ok_or(refused)?;
        // Of two refusals the first one says what most people can change.
        Target::parse(url, reach).map(|target| (target, client)).map_err(|_| refused)
    }

    /// Posts once. What whoever is called says is cut to a line.
    ///
    /// Dropping the future before it is ready leaves open whether it arrived: a repeat bears the same
    /// id, by which it is known.
    pub async fn post(&self, url: &str, post: Post<'_>) -> Answer {
        let (target, client) = match self.way(url) {
            Ok(way) => way,
            Err(refused) => return Answer::NotTaken(refused.to_string(), None),
        };
        let sign = |secret: &Secret| secret.sign(post.id, post.seconds, &post.body);
        let signatures: Vec<String> = post.secrets.iter().map(sign).collect();
        let fields = vec![
            ("webhook-id", post.id.to_owned()),
            ("webhook-timestamp", post.seconds.to_string()),
            ("webhook-signature", signatures.join(" ")),
        ];
        let request = |target| Request {
            target,
            content_type: "application/json",
            fields: fields.clone(),
            body: post.body.clone(),
        };
        let mut answer = client.post(request(&target)).await;
        // A name of the world may stand for an address inside that somebody opened.
        if let Err(Unanswered { cause: Cause::Forbidden, .. }) = answer
            && let Some((reach, client)) = &self.inside
            && let Ok(target) = Target::parse(url, reach)
        {
            answer = client.post(request(&target)).await;
        }
        match answer {
            Ok(reply) => read(&reply),
            Err(Unanswered { text, .. }) => Answer::NotTaken(text.reveal().to_owned(), None),
        }
    }
}

fn read(reply: &Reply) -> Answer {
    let words = said(reply);
    match reply.status {
        // An agreement to what was not sent whole is out of step: nobody knows to what.
        200..=299 if reply.after_all => Answer::Taken(words),
        410 => Answer::Gone(words),
        _ => {
            let seconds = reply.field("retry-after").and_then(|text| text.trim().parse().ok());
            Answer::NotTaken(words, seconds.map(Duration::from_secs))
        }
    }
}

/// The status and the beginning of what was said, on one line.
fn said(reply: &Reply) -> String {
    let text = String::from_utf8_lossy(&reply.body);
    let plain = |c: char| if c.is_control() || c == char::REPLACEMENT_CHARACTER { ' ' } else { c };
    let words: String = text.trim().chars().take(WORDS_MAX).map(plain).collect();
    match reply.status {
        300..=399 => format!("{} leads elsewhere, which is not followed", reply.status),
        status if words.is_empty() => status.to_string(),
        status => format!("{status} {words}"),
    }
}

impl fmt::Debug for Webhooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Webhooks(***)")
    }
}
