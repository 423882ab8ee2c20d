//! A mail server that follows a script: it can refuse, fall silent or hang up at any word.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// A word of the client at which the server does something else than agree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    Greeting,
    Ehlo,
    StartTls,
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
    /// How many messages the connection has carried before; none: at any time, on any connection.
    pub(crate) after: Option<usize>,
}

/// How the server encrypts: with a certificate for `localhost` that nobody but the test trusts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encrypts {
    Never,
    OnStartTls,
    FromTheStart,
}

/// Whether the server takes commands together, and says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    OneByOne,
    Together,
}

/// What the server saw.
#[derive(Debug, Default, Clone)]
pub(crate) struct Seen {
    pub(crate) connections: usize,
    /// All messages whose final dot arrived, with dots taken off.
    pub(crate) messages: Vec<String>,
    pub(crate) commands: Vec<String>,
    /// How many connections were encrypted.
    pub(crate) encrypted: usize,
}

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Seen>>,
    changed: watch::Receiver<usize>,
}

impl Server {
    pub(crate) async fn start(exceptions: Vec<Exception>) -> Self {
        Self::start_encrypting(Encrypts::Never, exceptions).await
    }

    pub(crate) async fn start_encrypting(encrypts: Encrypts, exceptions: Vec<Exception>) -> Self {
        Self::start_taking(Takes::OneByOne, encrypts, exceptions).await
    }

    pub(crate) async fn start_taking(
        takes: Takes,
        encrypts: Encrypts,
        exceptions: Vec<Exception>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let (tell, changed) = watch::channel(0);
        let tell = Arc::new(tell);
        let shared = Arc::clone(&seen);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                let script = exceptions.clone();
                let conversation = Conversation {
                    script,
                    carried: AtomicUsize::new(0),
                    takes,
                    encrypts,
                    seen: Arc::clone(&shared),
                    tell: Arc::clone(&tell),
                };
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
    carried: AtomicUsize,
    takes: Takes,
    encrypts: Encrypts,
    seen: Arc<Mutex<Seen>>,
    tell: Arc<watch::Sender<usize>>,
}

/// Whether a conversation goes on.
#[derive(PartialEq, Eq)]
enum Goes {
    On,
    Encrypted,
    No,
}

pub(crate) fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from_pem_slice(include_bytes!("localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("localhost.key.pem")).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

impl Conversation {
    async fn hold(self, stream: TcpStream) {
        // An error is the client hanging up, which ends the conversation as well.
        drop(self.talk_and_encrypt(stream).await);
        self.tell.send_modify(|ended| *ended += 1);
    }

    async fn talk_and_encrypt(&self, stream: TcpStream) -> std::io::Result<()> {
        if self.encrypts == Encrypts::FromTheStart {
            let mut stream = BufReader::new(self.encrypt(stream).await?);
            self.greet_and_talk(&mut stream).await?;
            return Ok(());
        }
        let mut stream = BufReader::new(stream);
        if self.greet_and_talk(&mut stream).await? == Goes::Encrypted {
            let mut stream = BufReader::new(self.encrypt(stream.into_inner()).await?);
            self.talk(&mut stream).await?;
        }
        Ok(())
    }

    async fn encrypt(
        &self,
        stream: TcpStream,
    ) -> std::io::Result<tokio_rustls::server::TlsStream<TcpStream>> {
        let stream = acceptor().accept(stream).await?;
        self.seen.lock().unwrap().encrypted += 1;
        Ok(stream)
    }

    async fn greet_and_talk<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: &mut BufReader<S>,
    ) -> std::io::Result<Goes> {
        match self.answer(stream, At::Greeting, "220 ready").await? {
            Goes::On => self.talk(stream).await,
            goes @ (Goes::Encrypted | Goes::No) => Ok(goes),
        }
    }

    async fn talk<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: &mut BufReader<S>,
    ) -> std::io::Result<Goes> {
        let offers = match self.encrypts {
            Encrypts::OnStartTls => {
                "250-here\r\n250-STARTTLS\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME"
            }
            Encrypts::Never | Encrypts::FromTheStart => {
                "250-here\r\n250-AUTH PLAIN LOGIN\r\n250 8BITMIME"
            }
        };
        let offers = match self.takes {
            Takes::OneByOne => offers.to_owned(),
            Takes::Together => offers.replace("250 8BITMIME", "250-PIPELINING\r\n250 8BITMIME"),
        };
        let mut wanting = false;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Ok(Goes::No);
            }
            self.seen.lock().unwrap().commands.push(line.trim_end().to_owned());
            let word: String = line.chars().take(4).collect::<String>().to_uppercase();
            let goes = match word.as_str() {
                "EHLO" => self.answer(stream, At::Ehlo, &offers).await?,
                "AUTH" => self.answer(stream, At::Auth, "235 welcome").await?,
                "MAIL" => self.answer(stream, At::MailFrom, "250 2.1.0 fine").await?,
                "RCPT" => self.answer(stream, At::RcptTo, "250 2.1.5 fine").await?,
                // Whoever was refused before has no message to give.
                "DATA" if wanting && self.script.iter().all(|e| e.at != At::Data) => {
                    stream.get_mut().write_all(b"503 5.5.1 nobody to take it\r\n").await?;
                    Goes::On
                }
                "DATA" => match self.answer(stream, At::Data, "354 go on").await? {
                    Goes::On if self.script.iter().all(|e| e.at != At::Data) => {
                        self.content(stream).await?
                    }
                    goes @ (Goes::On | Goes::Encrypted | Goes::No) => goes,
                },
                "STAR" => match self.answer(stream, At::StartTls, "220 go").await? {
                    Goes::On => Goes::Encrypted,
                    goes @ (Goes::Encrypted | Goes::No) => goes,
                },
                "QUIT" => {
                    stream.get_mut().write_all(b"221 bye\r\n").await?;
                    Goes::No
                }
                _ => {
                    stream.get_mut().write_all(b"250 fine\r\n").await?;
                    Goes::On
                }
            };
            wanting = match word.as_str() {
                "MAIL" => self.refuses(At::MailFrom),
                "RCPT" => wanting || self.refuses(At::RcptTo),
                _ => wanting,
            };
            // What was encrypted is written when it is asked for.
            stream.get_mut().flush().await?;
            if goes != Goes::On {
                return Ok(goes);
            }
        }
    }

    /// Whether its script refuses a sender or a recipient.
    fn refuses(&self, at: At) -> bool {
        let carried = self.carried.load(Ordering::Relaxed);
        self.script.iter().any(|exception| {
            let refuses =
                matches!(exception.does, Does::Says(line) if line.starts_with(['4', '5']));
            refuses && exception.at == at && exception.after.is_none_or(|after| after == carried)
        })
    }

    async fn content<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: &mut BufReader<S>,
    ) -> std::io::Result<Goes> {
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
        let answered = self.answer(stream, At::End, "250 2.0.0 Ok: queued as 4ABC123").await;
        self.carried.fetch_add(1, Ordering::Relaxed);
        answered
    }

    async fn answer<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: &mut BufReader<S>,
        at: At,
        usual: &str,
    ) -> std::io::Result<Goes> {
        let carried = self.carried.load(Ordering::Relaxed);
        let applies = |exception: &&Exception| {
            exception.at == at && exception.after.is_none_or(|after| after == carried)
        };
        let does = self.script.iter().find(applies).map(|exception| exception.does);
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
        stream.flush().await?;
        Ok(Goes::On)
    }
}
