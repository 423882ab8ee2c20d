//! TLS below the conversation: from the first byte, or after STARTTLS.

use std::io;
use std::path::Path;

use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use tokio_rustls::rustls::pki_types::ServerName;

use crate::email::SettingsError;
use crate::tls;

/// Encrypts connections to one server.
pub(super) struct Encryption {
    connector: TlsConnector,
    server: ServerName<'static>,
}

impl Encryption {
    /// For a server whose certificate bears the name `host`, signed by a public authority or by one
    /// in the file `authority`.
    pub(super) fn new(host: &str, authority: Option<&Path>) -> Result<Self, SettingsError> {
        let server = ServerName::try_from(host.to_owned()).map_err(|_| SettingsError::NotAUrl)?;
        let unreadable = |_| SettingsError::Authority {
            path: authority.map(Path::to_owned).unwrap_or_default(),
        };
        let connector = tls::connector(authority).map_err(unreadable)?;
        Ok(Self { connector, server })
    }

    /// Does the handshake.
    pub(super) async fn encrypt(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        self.connector.connect(self.server.clone(), stream).await
    }
}
