//! A mail server that follows a script: it can refuse, fall silent or hang up at any word.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// A word of the client at which the server does something else than agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    Greeting,
    Ehlo,
    Auth,
    MailFrom,
    RcptTo,
    Data,
    /// After the first kilobyte of the content.
    MidContent,
    /// After the line with the dot.
    End,
}

/// What it does then.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Does {
    /// Answers this line.
    Says(&'static str),
    /// Answers these bytes, which may be no text.
    SaysBytes(&'static [u8]),
    /// Answers half a line, then hangs up.
    SaysHalf(&'static str),
    HangsUp,
    FallsSilent,
    /// Neither answers nor reads.
    Stops,
}

/// One exception to agreeing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Exception {
    pub(crate) at: At,
    pub(crate) does: Does,
    /// On which connection, from 1; 0 for all.
    pub(crate) connection: usize,
}

/// What the server saw.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    pub(crate) connections: usize,
    /// All messages whose final dot arrived, with dots taken off.
    pub(crate) messages: Vec<String>,
    pub(crate) commands: Vec<String>,
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    changed: watch::Receiver<usize>,
}

impl Server {
    pub(crate) async fn start(exceptions: Vec<Exception>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (tell, changed) = watch::channel(0);
        let tell = Arc::new(tell);
        let shared = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = {
                    let mut seen = shared.lock().unwrap();
                    seen.connections += 1;
                    seen.connections
                };
                let script: Vec<Exception> = exceptions
                    .iter()
                    .filter(|exception| {
                        matches!(exception.connection, 0) || exception.connection == number
                    })
                    .copied()
                    .collect();
                let conversation =
                    Conversation { script, seen: Arc::clone(&shared), tell: Arc::clone(&tell) };
                tokio::spawn(conversation.hold(stream));
            }
        });
        Self { address, seen, changed }
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    pub(crate) fn seen(&self) -> Seen {
        self.seen.lock().unwrap().clone()
    }

    /// Waits until the server has ended this many connections.
    pub(crate) async fn ended(&mut self, connections: usize) {
        self.changed.wait_for(|ended| *ended >= connections).await.unwrap();
    }
}

struct Conversation {
    script: Vec<Exception>,
    seen: Arc<Mutex<Seen>>,
    tell: Arc<watch::Sender<usize>>,
}

/// Whether a conversation goes on.
#[derive(PartialEq, Eq)]
enum Goes {
    On,
    No,
}

impl Conversation {
    async fn hold(self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        // An error is the client hanging up, which ends the conversation as well.
        drop(self.talk(&mut stream).await);
        drop(stream);
        self.tell.send_modify(|ended| *ended += 1);
    }

    async fn talk(&self, stream: &mut BufReader<TcpStream>) -> std::io::Result<()> {
        if self.answer(stream, At::Greeting, "220 ready").await? == Goes::No {
            return Ok(());
        }
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(());
            }
            self.seen.lock().unwrap().commands.push(line.trim_end().to_owned());
            let word: String = line.chars().take(4).collect::<String>().to_uppercase();
            let goes = match word.as_str() {
                "EHLO" => {
                    self.answer(
                        stream,
                        At::Ehlo,
                        "250-here\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME",
                    )
                    .await?
                }
                "AUTH" => self.answer(stream, At::Auth, "235 welcome").await?,
                "MAIL" => self.answer(stream, At::MailFrom, "250 2.1.0 fine").await?,
                "RCPT" => self.answer(stream, At::RcptTo, "250 2.1.5 fine").await?,
                "DATA" => match self.answer(stream, At::Data, "354 go on").await? {
                    Goes::On if self.script.iter().all(|e| e.at != At::Data) => {
                        self.content(stream).await?
                    }
                    goes => goes,
                },
                "QUIT" => {
                    stream.get_mut().write_all(b"221 bye\r\n").await?;
                    return Ok(());
                }
                _ => {
                    stream.get_mut().write_all(b"250 fine\r\n").await?;
                    Goes::On
                }
            };
            if goes == Goes::No {
                return Ok(());
            }
        }
    }

    async fn content(&self, stream: &mut BufReader<TcpStream>) -> std::io::Result<Goes> {
        let mut content = Vec::new();
        if self.script.iter().any(|exception| exception.at == At::MidContent) {
            content.resize(1024, 0);
            stream.read_exact(&mut content).await?;
            if self.answer(stream, At::MidContent, "").await? == Goes::No {
                return Ok(Goes::No);
            }
        }
        while !content.ends_with(b"\r\n.\r\n") {
            if stream.read_until(b'\n', &mut content).await? == 0 {
                return Ok(Goes::No);
            }
        }
        content.truncate(content.len() - 3);
        let text = String::from_utf8(content).unwrap().replace("\r\n..", "\r\n.");
        self.seen.lock().unwrap().messages.push(text);
        self.answer(stream, At::End, "250 2.0.0 Ok: queued as 4ABC123").await
    }

    async fn answer(
        &self,
        stream: &mut BufReader<TcpStream>,
        at: At,
        usual: &str,
    ) -> std::io::Result<Goes> {
        let does = self.script.iter().find(|exception| exception.at == at).map(|e| e.does);
        let stream = stream.get_mut();
        match does {
            None => stream.write_all(format!("{usual}\r\n").as_bytes()).await?,
            Some(Does::Says(line)) => stream.write_all(format!("{line}\r\n").as_bytes()).await?,
            Some(Does::SaysBytes(bytes)) => stream.write_all(bytes).await?,
            Some(Does::SaysHalf(half)) => {
                stream.write_all(half.as_bytes()).await?;
                return Ok(Goes::No);
            }
            Some(Does::HangsUp) => return Ok(Goes::No),
            Some(Does::Stops) => std::future::pending().await,
            Some(Does::FallsSilent) => {
                // Silent until the client hangs up.
                let mut rest = Vec::new();
                stream.read_to_end(&mut rest).await?;
                return Ok(Goes::No);
            }
        }
        Ok(Goes::On)
    }
}
