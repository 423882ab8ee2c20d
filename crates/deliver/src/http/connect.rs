//! Opens a connection to an address that was checked.

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use hyper::client::conn::http1::{Builder, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;

use super::client::Unanswered;
use super::content::Content;
use super::target::{Reach, Target};
use crate::sent::Cause;

/// Addresses of a server that are tried.
const ADDRESSES_MAX: usize = 3;
/// What a connection buffers of a request, and the longest head of an answer, in bytes.
const BUFFER_MAX: usize = 64 * 1024;

/// A table of names instead of the system's.
type Table = dyn Fn(&str) -> Vec<IpAddr> + Send + Sync;

/// Who knows the addresses of names.
#[derive(Default)]
pub enum Names {
    /// The system.
    #[default]
    System,
    /// A table of one's own.
    Table(Box<Table>),
}

impl fmt::Debug for Names {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::System => "System",
            Self::Table(_) => "Table",
        })
    }
}

impl Names {
    async fn addresses(&self, host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        match self {
            Self::System => Ok(lookup_host((host, port)).await?.collect()),
            Self::Table(table) => {
                Ok(table(host).into_iter().map(|address| SocketAddr::new(address, port)).collect())
            }
        }
    }
}

/// Everything that is the same for each connection.
#[derive(Debug)]
pub(super) struct Connector {
    pub(super) reach: Reach,
    pub(super) names: Names,
    pub(super) tls: Tls,
    /// How long each of resolving, connecting and encrypting may take.
    pub(super) limit: Duration,
}

/// A connector whose `Debug` says nothing.
pub(super) struct Tls(pub(super) TlsConnector);

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

/// A connection that takes requests, one after the other.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) sender: SendRequest<Content>,
    task: JoinHandle<()>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Connector {
    /// Opens a connection. Every failure here is surely before the request.
    pub(super) async fn connect(&self, target: &Target) -> Result<Connection, Unanswered> {
        let stream = self.dial(&self.checked(target).await?).await?;
        if !target.encrypted() {
            return self.shake_hands(stream).await;
        }
        let name = ServerName::try_from(target.host())
            .map_err(|_| not_sent(Cause::Encryption, "no certificate can bear this name"))?;
        match timeout(self.limit, self.tls.0.connect(name, stream)).await {
            Ok(Ok(stream)) => self.shake_hands(stream).await,
            Ok(Err(error)) => Err(not_sent(Cause::Encryption, &error.to_string())),
            Err(_) => Err(not_sent(Cause::Encryption, "no answer in time")),
        }
    }

    /// The addresses of a target, all of which may be reached. A name that leads inside as well is
    /// refused as a whole: a name of the world has no business there.
    async fn checked(&self, target: &Target) -> Result<Vec<SocketAddr>, Unanswered> {
        let addresses = match target.address() {
            Some(address) => vec![SocketAddr::new(address, target.port())],
            None => {
                let host = target.host();
                let asked = self.names.addresses(&host, target.port());
                match timeout(self.limit, asked).await {
                    Ok(Ok(addresses)) => addresses,
                    Ok(Err(error)) => return Err(not_sent(Cause::Connect, &error.to_string())),
                    Err(_) => return Err(not_sent(Cause::Connect, "the name took too long")),
                }
            }
        };
        if addresses.iter().any(|address| !self.reach.holds(address.ip())) {
            let why = "it leads into a private network or to this machine, and is not called";
            return Err(not_sent(Cause::Forbidden, why));
        }
        Ok(addresses)
    }

    async fn dial(&self, addresses: &[SocketAddr]) -> Result<TcpStream, Unanswered> {
        let mut last = "the name has no address".to_owned();
        for address in addresses.iter().take(ADDRESSES_MAX) {
            match timeout(self.limit, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    stream
                        .set_nodelay(true)
                        .map_err(|error| not_sent(Cause::Connect, &error.to_string()))?;
                    return Ok(stream);
                }
                Ok(Err(error)) => last = error.to_string(),
                Err(_) => "no answer in time".clone_into(&mut last),
            }
        }
        Err(not_sent(Cause::Connect, &last))
    }

    async fn shake_hands<S>(&self, stream: S) -> Result<Connection, Unanswered>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (sender, connection) = Builder::new()
            .max_buf_size(BUFFER_MAX)
            .handshake(TokioIo::new(stream))
            .await
            .map_err(|error| not_sent(Cause::Connect, &error.to_string()))?;
        // What ends a connection is told to whoever waits for an answer on it.
        let task = tokio::spawn(async move { drop(connection.await) });
        Ok(Connection { sender, task })
    }
}

fn not_sent(cause: Cause, text: &str) -> Unanswered {
    Unanswered::not_sent(cause, text)
}
