//! An HTTP server that follows a script: it can refuse, fall silent or hang up at any moment.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use regulars_deliver::http::Limits;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

use crate::server::acceptor;

/// What it does with a request.
#[derive(Debug, Clone)]
pub(crate) enum Does {
    /// Answers with a status, further fields that end with CRLF each, and a body.
    Answers(u16, &'static str, &'static str),
    /// Answers with a status and a body that never ends.
    AnswersForEver(u16),
    /// Answers these bytes, then hangs up.
    Says(&'static [u8]),
    HangsUp,
    FallsSilent,
    /// Reads the first kilobyte of the body, and hangs up.
    HangsUpMidway,
    /// Reads the first kilobyte of the body, and no more.
    StopsReading,
    /// Answers in the middle of the body, as if it had all of it.
    AgreesTooEarly,
}

impl Does {
    /// Lets a client wait a short time for what never comes.
    pub(crate) fn shorten(&self, limits: &mut Limits) {
        let short = Duration::from_millis(400);
        match self {
            Self::FallsSilent => limits.verdict = short,
            Self::StopsReading => limits.content = short,
            Self::Answers(..)
            | Self::AnswersForEver(_)
            | Self::Says(_)
            | Self::HangsUp
            | Self::HangsUpMidway
            | Self::AgreesTooEarly => {}
        }
    }
}

/// A request that arrived whole.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    /// The first line.
    pub(crate) line: String,
    /// Names in lower case.
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) body: String,
}

impl Arrived {
    pub(crate) fn field(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(field, _)| field == name);
        found.map_or("", |(_, value)| value.as_str())
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What the server saw.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    pub(crate) connections: usize,
    pub(crate) requests: Vec<Arrived>,
}

pub(crate) struct WebServer {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

impl WebServer {
    /// Does the same with every request.
    pub(crate) async fn start(does: Does) -> Self {
        Self::listen("127.0.0.1:0", does, false).await
    }

    pub(crate) async fn encrypting(does: Does) -> Self {
        Self::listen("127.0.0.1:0", does, true).await
    }

    pub(crate) async fn listen(address: &str, does: Does, encrypts: bool) -> Self {
        let listener = TcpListener::bind(address).await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shared = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                let (seen, does) = (Arc::clone(&shared), does.clone());
                tokio::spawn(async move {
                    // An error is the client hanging up.
                    if !encrypts {
                        drop(talk(BufReader::new(stream), &does, &seen).await);
                    } else if let Ok(stream) = acceptor().accept(stream).await {
                        drop(talk(BufReader::new(stream), &does, &seen).await);
                    }
                });
            }
        });
        Self { address, seen }
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }
}

async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: BufReader<S>,
    does: &Does,
    seen: &Mutex<Seen>,
) -> std::io::Result<()> {
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let mut fields = Vec::new();
        loop {
            let mut field = String::new();
            stream.read_line(&mut field).await?;
            let Some((name, value)) = field.trim_end().split_once(": ") else { break };
            fields.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let mut arrived = Arrived { line: line.trim_end().to_owned(), fields, body: String::new() };
        let length: usize = arrived.field("content-length").parse().unwrap();
        let midway = length.min(1024);
        let mut body = vec![0; length];
        stream.read_exact(&mut body[..midway]).await?;
        match does {
            Does::HangsUpMidway => return Ok(()),
            Does::StopsReading => std::future::pending().await,
            Does::AgreesTooEarly => {
                write(&mut stream, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await?;
                std::future::pending().await
            }
            Does::Answers(..)
            | Does::AnswersForEver(_)
            | Does::Says(_)
            | Does::HangsUp
            | Does::FallsSilent => {}
        }
        stream.read_exact(&mut body[midway..]).await?;
        arrived.body = String::from_utf8(body).unwrap();
        seen.lock().unwrap().requests.push(arrived);
        match does {
            Does::Answers(status, fields, body) => {
                write(&mut stream, &answer(*status, fields, body)).await?;
            }
            Does::AnswersForEver(status) => {
                let head = format!("HTTP/1.1 {status} X\r\ntransfer-encoding: chunked\r\n\r\n");
                write(&mut stream, &head).await?;
                loop {
                    write(&mut stream, &format!("1000\r\n{}\r\n", "x".repeat(4096))).await?;
                }
            }
            Does::Says(bytes) => {
                stream.get_mut().write_all(bytes).await?;
                return stream.get_mut().flush().await;
            }
            Does::HangsUp => return Ok(()),
            Does::FallsSilent => {
                // Silent until the client hangs up.
                stream.read_to_end(&mut Vec::new()).await?;
                return Ok(());
            }
            Does::HangsUpMidway | Does::StopsReading | Does::AgreesTooEarly => {}
        }
    }
}

fn answer(status: u16, fields: &str, body: &str) -> String {
    format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{fields}\r\n{body}", body.len())
}

async fn write<S: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut BufReader<S>,
    text: &str,
) -> std::io::Result<()> {
    stream.get_mut().write_all(text.as_bytes()).await?;
    stream.get_mut().flush().await
}
