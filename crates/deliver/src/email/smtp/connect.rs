//! Opens a connection: greeting, encryption, password.

use std::future::Future;
use std::time::Duration;

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::extension::ClientId;
use tokio::net::{TcpStream, lookup_host};
use tokio::time::timeout;

use super::encrypt::{Encryption, Prefaced, StartTls, start_tls};
use super::settings::{SmtpSettings, Tls};
use super::transaction::{Failure, Line, answered};
use super::watch::{Seen, Watched};
use crate::email::SettingsError;
use crate::sent::{Cause, Sent, ServerText};

/// Addresses of the server that are tried.
const ADDRESSES_MAX: usize = 3;
/// Stands for the greeting that was taken before encryption was asked for.
const GREETED: &[u8] = b"220 greeted\r\n";

/// Everything that is the same for each connection.
pub(super) struct Connector {
    settings: SmtpSettings,
    encryption: Encryption,
    hello: ClientId,
}

impl Connector {
    /// Reads the certificates that the settings name.
    pub(super) fn new(settings: SmtpSettings) -> Result<Self, SettingsError> {
        let encryption = Encryption::new(&settings.host, settings.authority.as_deref())?;
        let hello = settings.hello.clone().map_or_else(ClientId::default, ClientId::Domain);
        Ok(Self { settings, encryption, hello })
    }

    /// The settings this was made from.
    pub(super) fn settings(&self) -> &SmtpSettings {
        &self.settings
    }

    /// Opens a connection that is ready for a message. Every failure here is surely before it.
    pub(super) async fn connect(&self) -> Result<Line, Sent> {
        let command = self.settings.timeouts.command;
        let stream = self.dial().await.map_err(|failure| not_sent(Cause::Connect, &failure))?;
        let seen = Seen::new();
        let stream = Watched { stream: self.encrypt(stream).await?, seen: seen.clone() };
        // Greeting and EHLO are two commands.
        let opening = AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello);
        let mut connection = answered(command * 2, opening)
            .await
            .map_err(|failure| not_sent(Cause::Connect, &failure))?;
        let together = seen.takes_commands_together();
        if let Some((user, password)) = &self.settings.credentials {
            let credentials = Credentials::new(user.clone(), password.clone());
            // AUTH LOGIN asks twice, PLAIN once: each within one command's time.
            answered(command * 3, connection.auth(DEFAULT_MECHANISMS, &credentials))
                .await
                .map_err(|failure| not_sent(Cause::Authentication, &failure))?;
        }
        Ok(Line { connection, seen, together })
    }

    async fn dial(&self) -> Result<TcpStream, Failure> {
        let limit = self.settings.timeouts.connect;
        let lost = |error: &std::io::Error| Failure::Lost { text: error.to_string() };
        let server = (self.settings.host.as_str(), self.settings.port);
        let addresses = within(limit, lookup_host(server)).await?.map_err(|error| lost(&error))?;
        let mut failure = Failure::Lost { text: "the name has no address".to_owned() };
        for address in addresses.take(ADDRESSES_MAX) {
            match within(limit, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    // With Nagle's algorithm the end of a long content would wait for the
                    // acknowledgement of what went before it, 40 ms for every message.
                    stream.set_nodelay(true).map_err(|error| lost(&error))?;
                    return Ok(stream);
                }
                Ok(Err(error)) => failure = lost(&error),
                Err(late) => failure = late,
            }
        }
        Err(failure)
    }

    async fn encrypt(&self, mut stream: TcpStream) -> Result<Box<dyn AsyncTokioStream>, Sent> {
        let command = self.settings.timeouts.command;
        let preface: &'static [u8] = match self.settings.tls {
            Tls::None => return Ok(Box::new(stream)),
            Tls::Wrapped => b"",
            Tls::Required | Tls::Opportunistic => {
                let hello = self.hello.to_string();
                let begun = within(command * 3, start_tls(&mut stream, &hello))
                    .await
                    .and_then(|begun| begun)
                    .map_err(|failure| not_sent(Cause::Connect, &failure))?;
                match (begun, self.settings.tls) {
                    (StartTls::Begun, _) => GREETED,
                    (StartTls::NotOffered, Tls::Opportunistic) => {
                        return Ok(Box::new(Prefaced { stream, preface: GREETED }));
                    }
                    (StartTls::NotOffered, Tls::Required | Tls::Wrapped | Tls::None) => {
                        let text =
                            "the server does not offer STARTTLS; nothing is sent unencrypted";
                        let text = ServerText::new(text);
                        return Err(Sent::NotSent { cause: Cause::Encryption, text });
                    }
                }
            }
        };
        let encrypted = within(command, self.encryption.encrypt(stream, preface)).await;
        let encrypted = encrypted.and_then(|encrypted| {
            encrypted.map_err(|error| Failure::Lost { text: error.to_string() })
        });
        match encrypted {
            Ok(encrypted) => Ok(Box::new(encrypted)),
            Err(failure) => Err(not_sent(Cause::Encryption, &failure)),
        }
    }
}

async fn within<T>(limit: Duration, work: impl Future<Output = T>) -> Result<T, Failure> {
    timeout(limit, work).await.map_err(|_| Failure::Timeout)
}

fn not_sent(cause: Cause, failure: &Failure) -> Sent {
    Sent::NotSent { cause, text: failure.text() }
}
