//! Posts a body once, and knows whether the server may have it.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use hyper::Response;
use hyper::body::{Body, Bytes, Incoming};
use hyper::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderName, HeaderValue, USER_AGENT};
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout};

use super::connect::{Connection, Connector, Names, Tls};
use super::content::Content;
use super::target::{Reach, Target};
use crate::sent::{Cause, Sent, ServerText};

/// Servers close idle connections after a minute or so, and a request that meets the closing is
/// uncertain: well before that.
const IDLE_MAX: Duration = Duration::from_secs(10);
/// Of an answer, what a person or a program will read of it, in bytes.
const REPLY_MAX: usize = 64 * 1024;

/// What a request may cost. Together they bound every attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// How long each of resolving, connecting, encrypting and waiting for a free connection may take.
    pub connect: Duration,
    /// How long the server may take to read the request.
    pub content: Duration,
    /// How long the server may take to answer once it may have all of it. Giving up early makes a
    /// message uncertain.
    pub verdict: Duration,
    /// How many connections are open at most; at least 1.
    pub connections_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            content: Duration::from_secs(30),
            verdict: Duration::from_secs(60),
            connections_max: 4,
        }
    }
}

/// A body to post.
#[derive(Debug)]
pub struct Request<'r> {
    /// Where.
    pub target: &'r Target,
    /// The media type of the body.
    pub content_type: &'static str,
    /// Further fields: names in lower case, and values without control characters.
    pub fields: Vec<(&'static str, String)>,
    /// The body.
    pub body: Vec<u8>,
}

/// A server's answer.
#[derive(Clone, PartialEq, Eq)]
pub struct Reply {
    /// Its status, 200 to 599; a redirection is an answer like others.
    pub status: u16,
    /// Whether it came after the whole request could have been read.
    pub after_all: bool,
    /// Its fields, names in lower case; those that are no text are left out.
    pub fields: Vec<(String, String)>,
    /// The beginning of its body; empty where that was lost or late.
    pub body: Vec<u8>,
}

impl Reply {
    /// A field's first value.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

impl std::fmt::Debug for Reply {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Reply({}, {} bytes)", self.status, self.body.len())
    }
}

/// A request without an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unanswered {
    /// Whether the server may have all of it, and so may have acted on it.
    pub perhaps_received: bool,
    /// What stopped it.
    pub cause: Cause,
    /// The system's words.
    pub text: ServerText,
}

impl Unanswered {
    pub(super) fn not_sent(cause: Cause, text: &str) -> Self {
        Self { perhaps_received: false, cause, text: ServerText::new(text) }
    }
}

impl From<Unanswered> for Sent {
    /// What is known of a message that the request carried.
    fn from(Unanswered { perhaps_received, cause, text }: Unanswered) -> Self {
        if perhaps_received {
            Self::Uncertain { cause, text }
        } else {
            Self::NotSent { cause, text }
        }
    }
}

/// Posts to servers within its reach.
#[derive(Debug)]
pub struct HttpClient {
    connector: Connector,
    limits: Limits,
    permits: Semaphore,
    idle: Mutex<Vec<Idle>>, // Invariant: at most `connections_max`.
}

#[derive(Debug)]
struct Idle {
    target: Target,
    connection: Connection,
    since: Instant,
}

impl HttpClient {
    /// Prepares the client; connects only when there is something to post.
    #[must_use]
    pub fn new(reach: Reach, limits: Limits) -> Self {
        let tls = crate::tls::connector(None).expect("no file is read");
        let connector =
            Connector { reach, names: Names::System, tls: Tls(tls), limit: limits.connect };
        let permits = Semaphore::new(limits.connections_max.max(1));
        Self { connector, limits, permits, idle: Mutex::default() }
    }

    /// The same, with whoever knows the addresses of names.
    #[must_use]
    pub fn with_names(mut self, names: Names) -> Self {
        self.connector.names = names;
        self
    }

    /// The same, trusting the certificates in a file (PEM) beside the public ones.
    ///
    /// # Errors
    /// If the file cannot be read or holds no certificate.
    pub fn trusting(mut self, authority: &Path) -> std::io::Result<Self> {
        self.connector.tls = Tls(crate::tls::connector(Some(authority))?);
        Ok(self)
    }

    /// Posts once. A connection that was closed while idle is replaced; nothing else is tried twice.
    ///
    /// # Errors
    /// [`Unanswered`] says whether the server may have received it. Dropping the future before it is
    /// ready leaves that open.
    pub async fn post(&self, request: Request<'_>) -> Result<Reply, Unanswered> {
        let Ok(Ok(_permit)) = timeout(self.limits.connect, self.permits.acquire()).await else {
            return Err(Unanswered::not_sent(Cause::Busy, "all connections are busy"));
        };
        let target = request.target;
        let outgoing = Outgoing::new(request)?;
        while let Some(mut connection) = self.take_idle(target) {
            let ready = timeout(self.limits.connect, connection.sender.ready()).await;
            if matches!(ready, Ok(Ok(())))
                && let Some(answer) = self.post_over(connection, target, &outgoing).await
            {
                return answer;
            }
        }
        let connection = self.connector.connect(target).await?;
        let answer = self.post_over(connection, target, &outgoing).await;
        answer.unwrap_or_else(|| Err(unanswered(false, Cause::Lost, "the server hung up")))
    }

    /// Closes every idle connection.
    pub fn close(&self) {
        self.idle().clear();
    }

    /// The answer; `None` where the connection was closed before a byte of the request left.
    async fn post_over(
        &self,
        mut connection: Connection,
        target: &Target,
        outgoing: &Outgoing,
    ) -> Option<Result<Reply, Unanswered>> {
        let (content, mut whole) = Content::new(outgoing.body.clone());
        let request = outgoing.head.clone().map(|()| content);
        let late = |received| Some(Err(unanswered(received, Cause::Timeout, "no answer in time")));
        let mut received = false;
        let answer = {
            let mut posting = std::pin::pin!(connection.sender.try_send_request(request));
            let first = async {
                tokio::select! {
                    biased;
                    Ok(()) = &mut whole => None,
                    answer = &mut posting => Some(answer),
                }
            };
            match timeout(self.limits.content, first).await {
                Err(_) => return late(false),
                Ok(Some(answer)) => answer,
                Ok(None) => {
                    received = true;
                    match timeout(self.limits.verdict, posting).await {
                        Ok(answer) => answer,
                        Err(_) => return late(true),
                    }
                }
            }
        };
        match answer {
            Ok(response) => Some(Ok(self.read(connection, target, response, received).await)),
            Err(mut error) => {
                if error.take_message().is_some() {
                    return None;
                }
                let error = error.into_error();
                let cause = if error.is_parse() { Cause::Protocol } else { Cause::Lost };
                Some(Err(unanswered(received, cause, &error.to_string())))
            }
        }
    }

    /// Reads an answer's body as far as it is of use, and keeps the connection if it came whole.
    async fn read(
        &self,
        connection: Connection,
        target: &Target,
        response: Response<Incoming>,
        after_all: bool,
    ) -> Reply {
        let (head, mut body) = response.into_parts();
        let text = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
        let fields = head.headers.iter();
        let fields = fields.filter_map(|(name, value)| Some((name.to_string(), text(value)?)));
        let mut reply = Reply {
            status: head.status.as_u16(),
            after_all,
            fields: fields.collect(),
            body: Vec::new(),
        };
        let reading = async {
            while let Some(frame) = next_frame(&mut body).await {
                let Ok(frame) = frame else { return false };
                let Ok(data) = frame.into_data() else { continue };
                let room = REPLY_MAX - reply.body.len();
                reply.body.extend_from_slice(&data[..data.len().min(room)]);
                if data.len() > room {
                    return false;
                }
            }
            true
        };
        if timeout(self.limits.connect, reading).await == Ok(true) && after_all {
            let mut idle = self.idle();
            if idle.len() >= self.limits.connections_max {
                idle.remove(0);
            }
            idle.push(Idle { target: target.clone(), connection, since: Instant::now() });
        }
        reply
    }

    fn take_idle(&self, target: &Target) -> Option<Connection> {
        let mut idle = self.idle();
        idle.retain(|idle| idle.since.elapsed() < IDLE_MAX && !idle.connection.sender.is_closed());
        let found = idle.iter().rposition(|idle| idle.target.same_origin(target));
        found.map(|index| idle.remove(index).connection)
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        // Nothing can panic while it is held; if something did, a list of connections stays valid.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request ready to leave, more than once where connections turn out to be closed.
struct Outgoing {
    head: hyper::Request<()>,
    body: Bytes,
}

impl Outgoing {
    fn new(request: Request<'_>) -> Result<Self, Unanswered> {
        let unfit = || Unanswered::not_sent(Cause::Unsupported, "a field holds what it must not");
        let value = |text: &str| HeaderValue::from_str(text).map_err(|_| unfit());
        let mut head = hyper::Request::post(request.target.path())
            .header(HOST, value(&request.target.host_field())?)
            .header(USER_AGENT, concat!("Regulars/", env!("CARGO_PKG_VERSION")))
            .header(CONTENT_TYPE, request.content_type)
            .header(CONTENT_LENGTH, request.body.len());
        for (name, text) in &request.fields {
            let mut value = value(text)?;
            value.set_sensitive(true);
            head = head.header(HeaderName::from_static(name), value);
        }
        let head = head.body(()).map_err(|_| unfit())?;
        Ok(Self { head, body: request.body.into() })
    }
}

async fn next_frame(
    body: &mut Incoming,
) -> Option<Result<hyper::body::Frame<Bytes>, hyper::Error>> {
    std::future::poll_fn(|context| std::pin::Pin::new(&mut *body).poll_frame(context)).await
}

fn unanswered(perhaps_received: bool, cause: Cause, text: &str) -> Unanswered {
    Unanswered { perhaps_received, cause, text: ServerText::new(text) }
}
