//! Asking name servers: over UDP, and over TCP where the answer is too long for a packet.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

use super::wire::{Answer, RecordType, Said, answer, question};

/// How long a server may take; asked twice, so that one lost packet costs a moment.
const ANSWER: Duration = Duration::from_secs(2);
/// How often every server is asked.
const ROUNDS: usize = 2;
/// More name servers than this nobody waits for.
const SERVERS_MAX: usize = 3;
/// Where the machine says which servers to ask.
const RESOLV_CONF: &str = "/etc/resolv.conf";

/// Why nothing is known of a name.
#[derive(Debug, thiserror::Error)]
pub enum DnsError {
    /// It is no name of the DNS.
    #[error("the name cannot be asked for")]
    Name,
    /// No server answered, or each said that it could not.
    #[error("no name server answered")]
    Silent,
}

/// The setting of a name server is wrong.
#[derive(Debug, thiserror::Error)]
#[error("\"{0}\" is no name server; write an address such as 9.9.9.9 or 127.0.0.1:5353")]
pub struct ServerError(String);

/// Whom to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolver {
    servers: Vec<SocketAddr>,
}

impl Resolver {
    /// The name servers of the machine.
    #[must_use]
    pub fn of_system() -> Self {
        let text = std::fs::read_to_string(RESOLV_CONF).unwrap_or_default();
        let named = text.lines().filter_map(|line| line.trim().strip_prefix("nameserver"));
        let read = named.filter_map(|rest| rest.trim().parse::<IpAddr>().ok());
        let mut servers: Vec<SocketAddr> =
            read.map(|ip| SocketAddr::new(ip, 53)).take(SERVERS_MAX).collect();
        if servers.is_empty() {
            servers.push(SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 53));
        }
        Self { servers }
    }

    /// The name server that a setting names, with or without a port; none: those of the machine.
    ///
    /// # Errors
    /// If it is no address.
    pub fn from_setting(setting: Option<&str>) -> Result<Self, ServerError> {
        let Some(text) = setting.map(str::trim) else { return Ok(Self::of_system()) };
        let bare = || text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 53));
        let server = text.parse::<SocketAddr>().or_else(|_| bare());
        let server = server.map_err(|_| ServerError(text.chars().take(80).collect()))?;
        Ok(Self { servers: vec![server] })
    }

    /// The texts at a name; a name that does not exist has none.
    pub(super) async fn texts(&self, name: &str) -> Result<Vec<String>, DnsError> {
        let said = self.ask(name, RecordType::Text).await?;
        let texts = said.into_iter().filter_map(|said| match said {
            Said::Text(text) => Some(text),
            Said::Address | Said::Mail(_) => None,
        });
        Ok(texts.collect())
    }

    /// The mail servers of a domain; an empty name says that it takes no mail.
    pub(super) async fn mail_servers(&self, domain: &str) -> Result<Vec<String>, DnsError> {
        let said = self.ask(domain, RecordType::Mail).await?;
        let hosts = said.into_iter().filter_map(|said| match said {
            Said::Mail(host) => Some(host),
            Said::Address | Said::Text(_) => None,
        });
        Ok(hosts.collect())
    }

    /// Whether a name has an address.
    pub(super) async fn has_address(&self, name: &str) -> Result<bool, DnsError> {
        Ok(!self.ask(name, RecordType::Address).await?.is_empty())
    }

    async fn ask(&self, name: &str, of: RecordType) -> Result<Vec<Said>, DnsError> {
        let mut id = [0; 2];
        // Without chance, a stranger could guess the number and answer in the server's place.
        getrandom::fill(&mut id).map_err(|_| DnsError::Silent)?;
        let packet = question(u16::from_be_bytes(id), name, of).ok_or(DnsError::Name)?;
        for _ in 0..ROUNDS {
            for server in &self.servers {
                let asked = timeout(ANSWER, over_udp(*server, &packet, of)).await;
                let found = match asked {
                    Ok(Ok(found)) if found.cut => timeout(ANSWER, over_tcp(*server, &packet, of))
                        .await
                        .ok()
                        .and_then(Result::ok),
                    Ok(Ok(found)) => Some(found),
                    Ok(Err(_)) | Err(_) => None,
                };
                if let Some(found) = found.filter(|found| found.answered) {
                    return Ok(found.said);
                }
            }
        }
        Err(DnsError::Silent)
    }
}

async fn over_udp(server: SocketAddr, packet: &[u8], of: RecordType) -> std::io::Result<Answer> {
    let any: IpAddr = match server {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    };
    // Connected, so that only the server is heard; from a port that the system chooses by chance.
    let socket = UdpSocket::bind(SocketAddr::new(any, 0)).await?;
    socket.connect(server).await?;
    socket.send(packet).await?;
    let mut buffer = [0; 4_096];
    loop {
        let length = socket.recv(&mut buffer).await?;
        if let Some(found) = answer(&buffer[..length], packet, of) {
            return Ok(found);
        }
    }
}

async fn over_tcp(server: SocketAddr, packet: &[u8], of: RecordType) -> std::io::Result<Answer> {
    let mut stream = TcpStream::connect(server).await?;
    let length = u16::try_from(packet.len()).expect("a question is short");
    stream.write_all(&length.to_be_bytes()).await?;
    stream.write_all(packet).await?;
    let length = stream.read_u16().await?;
    let mut buffer = vec![0; usize::from(length)];
    stream.read_exact(&mut buffer).await?;
    answer(&buffer, packet, of).ok_or_else(|| std::io::ErrorKind::InvalidData.into())
}
