//! Opens a connection: greeting, encryption, password.

use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{
    AsyncSmtpConnection, Certificate, TlsParameters, TlsParametersBuilder,
};
use lettre::transport::smtp::extension::ClientId;
use tokio::time::timeout;

use super::settings::{SettingsError, SmtpSettings, Timeouts, Tls};
use super::transaction::{Failure, classify};
use crate::sent::{Cause, Sent, ServerText};

/// Everything that is the same for each connection.
pub(super) struct Connector {
    settings: SmtpSettings,
    tls: TlsParameters,
    hello: ClientId,
}

impl Connector {
    /// Reads the certificates that the settings name.
    pub(super) fn new(settings: SmtpSettings) -> Result<Self, SettingsError> {
        let mut tls = TlsParametersBuilder::new(settings.host.clone());
        if let Some(path) = &settings.authority {
            let unreadable = || SettingsError::Authority { path: path.clone() };
            let pem = std::fs::read(path).map_err(|_| unreadable())?;
            tls = tls.add_root_certificate(Certificate::from_pem(&pem).map_err(|_| unreadable())?);
        }
        let tls = tls.build().map_err(|_| SettingsError::NotAUrl)?;
        let hello = settings.hello.clone().map_or_else(ClientId::default, ClientId::Domain);
        Ok(Self { settings, tls, hello })
    }

    /// Opens a connection that is ready for a message. Every failure here is surely before it.
    pub(super) async fn connect(&self) -> Result<AsyncSmtpConnection, Sent> {
        let mut connection = self.open().await?;
        self.encrypt(&mut connection).await?;
        if let Some((user, password)) = &self.settings.credentials {
            let credentials = Credentials::new(user.clone(), password.clone());
            let login = connection.auth(DEFAULT_MECHANISMS, &credentials);
            // AUTH LOGIN asks twice, PLAIN once: each within one command's time.
            let answer = timeout(self.settings.timeouts.command * 3, login).await;
            answer
                .map_err(|_| Failure::Timeout)
                .and_then(|answer| answer.map_err(|error| classify(&error)))
                .map_err(|failure| not_sent(Cause::Authentication, &failure))?;
        }
        Ok(connection)
    }

    async fn open(&self) -> Result<AsyncSmtpConnection, Sent> {
        let Timeouts { connect, command, .. } = self.settings.timeouts;
        let wrapping = match self.settings.tls {
            Tls::Wrapped => Some(self.tls.clone()),
            Tls::Required | Tls::Opportunistic | Tls::None => None,
        };
        let server = (self.settings.host.as_str(), self.settings.port);
        let opening =
            AsyncSmtpConnection::connect_tokio1(server, Some(connect), &self.hello, wrapping, None);
        // The library bounds the TCP connection; greeting and EHLO are two commands.
        timeout(connect + command * 2, opening)
            .await
            .map_err(|_| Failure::Timeout)
            .and_then(|answer| answer.map_err(|error| classify(&error)))
            .map_err(|failure| not_sent(Cause::Connect, &failure))
    }

    async fn encrypt(&self, connection: &mut AsyncSmtpConnection) -> Result<(), Sent> {
        let wanted = match self.settings.tls {
            Tls::Wrapped | Tls::None => false,
            Tls::Required => true,
            Tls::Opportunistic => connection.can_starttls(),
        };
        if !wanted {
            return Ok(());
        }
        if !connection.can_starttls() {
            let text = "the server does not offer STARTTLS; nothing is sent unencrypted";
            return Err(Sent::NotSent { cause: Cause::Encryption, text: ServerText::new(text) });
        }
        let upgrade = connection.starttls(self.tls.clone(), &self.hello);
        timeout(self.settings.timeouts.command * 3, upgrade)
            .await
            .map_err(|_| Failure::Timeout)
            .and_then(|answer| answer.map_err(|error| classify(&error)))
            .map_err(|failure| not_sent(Cause::Encryption, &failure))
    }

    /// The settings this was made from.
    pub(super) fn settings(&self) -> &SmtpSettings {
        &self.settings
    }
}

fn not_sent(cause: Cause, failure: &Failure) -> Sent {
    Sent::NotSent { cause, text: failure.text() }
}
