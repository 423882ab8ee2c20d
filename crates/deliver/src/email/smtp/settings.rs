//! What an operator states about the mail server, as one URL.
//!
//! `smtp://user:password@host:587?tls=required` or `smtps://user:password@host`. Unencrypted
//! connections go to this machine only, unless `tls=none` or `tls=opportunistic` says otherwise; a
//! password travels unencrypted only to this machine or with `tls=none`.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use percent_encoding::percent_decode_str;
use url::{Host, Url};

use crate::email::SettingsError;
use crate::pace::Pace;

/// How to reach the mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct SmtpSettings {
    /// Its name or IP address; the name that its certificate must bear.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether and how the connection is encrypted.
    pub tls: Tls,
    /// User name and password, where the server wants them.
    pub credentials: Option<(String, String)>,
    /// The name we greet with; the machine's own if unset.
    pub hello: Option<String>,
    /// A file with certificates (PEM) to trust beside the public ones, for a server of one's own.
    pub authority: Option<PathBuf>,
    /// How many connections are open at most, 1 to 64.
    pub connections_max: usize,
    /// How many messages a second leave at most, 1 to 1,000; as many as it takes if unset.
    pub rate: Option<u32>,
    /// How long to wait for what.
    pub timeouts: Timeouts,
}

/// Whether and how a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tls {
    /// From the first byte (`smtps://`).
    Wrapped,
    /// By STARTTLS, or not at all: no message is sent without.
    Required,
    /// By STARTTLS where the server offers it.
    Opportunistic,
    /// Never.
    None,
}

/// How long to wait at most. Together they bound every attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timeouts {
    /// For a connection to open, and for a free one while all are busy.
    pub connect: Duration,
    /// For the answer to one command, and for the content to be taken.
    pub command: Duration,
    /// For the verdict after the end of the content. A server may scan the message first, and giving
    /// up early makes it uncertain.
    pub verdict: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            command: Duration::from_secs(30),
            verdict: Duration::from_secs(60),
        }
    }
}

const KNOWN: &str = "tls=required|opportunistic|none, connections=1..64, rate=1..1000 a second, \
     hello=NAME, ca=FILE, and connect_timeout, command_timeout, verdict_timeout in seconds";

impl SmtpSettings {
    /// Parses the URL. Characters like `@` and `/` in the password are written `%40` and `%2F`.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let url = Url::parse(text).map_err(|_| SettingsError::NotAUrl)?;
        let wrapped = match url.scheme() {
            "smtps" => true,
            "smtp" => false,
            _ => return Err(SettingsError::Scheme),
        };
        let host = match url.host().ok_or(SettingsError::NotAUrl)? {
            Host::Domain(name) => name.to_owned(),
            Host::Ipv4(ip) => ip.to_string(),
            Host::Ipv6(ip) => ip.to_string(),
        };
        if host.is_empty() || !matches!(url.path(), "" | "/") {
            return Err(SettingsError::NotAUrl);
        }
        let tls = match (wrapped, is_this_machine(&host)) {
            (true, _) => Tls::Wrapped,
            (false, true) => Tls::None,
            (false, false) => Tls::Required,
        };
        let mut settings = Self {
            port: url.port().unwrap_or(if wrapped { 465 } else { 587 }),
            tls,
            credentials: credentials(&url)?,
            hello: None,
            authority: None,
            connections_max: 4,
            rate: None,
            timeouts: Timeouts::default(),
            host,
        };
        for (name, value) in url.query_pairs() {
            settings.set(&name, &value)?;
        }
        settings.check()
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), SettingsError> {
        let wrong =
            || SettingsError::Option { name: name.chars().take(40).collect(), known: KNOWN };
        let seconds = || match value.parse() {
            Ok(seconds @ 1..=600) => Ok(Duration::from_secs(seconds)),
            Ok(_) | Err(_) => Err(wrong()),
        };
        match name {
            "tls" => {
                self.tls = match (value, self.tls) {
                    ("required", Tls::Wrapped) => Tls::Wrapped,
                    ("required", _) => Tls::Required,
                    ("opportunistic", Tls::Required | Tls::None) => Tls::Opportunistic,
                    ("none", Tls::Required | Tls::None) => Tls::None,
                    _ => return Err(wrong()),
                };
            }
            "connections" => match value.parse() {
                Ok(connections @ 1..=64) => self.connections_max = connections,
                Ok(_) | Err(_) => return Err(wrong()),
            },
            "rate" => self.rate = Some(Pace::parse(value).ok_or_else(wrong)?),
            "hello" => {
                if !is_hello(value) {
                    return Err(wrong());
                }
                self.hello = Some(value.to_owned());
            }
            "ca" => self.authority = Some(PathBuf::from(value)),
            "connect_timeout" => self.timeouts.connect = seconds()?,
            "command_timeout" => self.timeouts.command = seconds()?,
            "verdict_timeout" => self.timeouts.verdict = seconds()?,
            _ => return Err(wrong()),
        }
        Ok(())
    }

    fn check(self) -> Result<Self, SettingsError> {
        let readable = self.tls == Tls::Opportunistic && !is_this_machine(&self.host);
        if readable && self.credentials.is_some() {
            return Err(SettingsError::ReadablePassword);
        }
        Ok(self)
    }
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("tls", &self.tls)
            .field("credentials", &self.credentials.as_ref().map(|_| "***"))
            .finish_non_exhaustive()
    }
}

fn credentials(url: &Url) -> Result<Option<(String, String)>, SettingsError> {
    let decoded = |text: &str| {
        let text = percent_decode_str(text).decode_utf8().map_err(|_| SettingsError::NotAUrl)?;
        // A NUL would end the name early in AUTH PLAIN.
        if text.contains(char::is_control) {
            Err(SettingsError::NotAUrl)
        } else {
            Ok(text.into_owned())
        }
    };
    match (url.username(), url.password()) {
        ("", None) => Ok(None),
        (_, None) => Err(SettingsError::NoPassword),
        (user, Some(password)) => Ok(Some((decoded(user)?, decoded(password)?))),
    }
}

fn is_this_machine(host: &str) -> bool {
    host.parse().map_or(host.eq_ignore_ascii_case("localhost"), |ip: IpAddr| ip.is_loopback())
}

/// Whether a server can be greeted with this name.
pub(super) fn is_hello(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-".contains(&byte);
    (1..=255).contains(&name.len()) && name.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> SmtpSettings {
        SmtpSettings::parse(text).unwrap()
    }

    #[test]
    fn another_machine_needs_encryption_unless_told_otherwise() {
        assert_eq!(parse("smtp://mail.example").tls, Tls::Required);
        assert_eq!(parse("smtp://10.0.0.1:25?tls=none").tls, Tls::None);
        assert_eq!(parse("smtp://mail.example?tls=opportunistic").tls, Tls::Opportunistic);
        assert_eq!(parse("smtp://127.0.0.1:2525").tls, Tls::None);
        assert_eq!(parse("smtp://[::1]:2525").tls, Tls::None);
        assert_eq!(parse("smtp://localhost?tls=required").tls, Tls::Required);
        assert_eq!(parse("smtps://mail.example").tls, Tls::Wrapped);
    }

    #[test]
    fn ports_and_credentials_are_read() {
        let settings = parse("smtp://ana%40shop.example:p%2Fw%3A%40@mail.example?connections=2");
        assert_eq!((settings.port, settings.connections_max), (587, 2));
        assert_eq!(settings.credentials, Some(("ana@shop.example".into(), "p/w:@".into())));
        assert_eq!(parse("smtps://mail.example").port, 465);
        assert!(!format!("{settings:?}").contains("p/w"));
        assert!(!format!("{settings:?}").contains("ana"));
    }

    #[test]
    fn a_password_never_travels_readable_by_accident() {
        let error = SmtpSettings::parse("smtp://u:p@mail.example?tls=opportunistic");
        assert_eq!(error, Err(SettingsError::ReadablePassword));
        assert!(SmtpSettings::parse("smtp://u:p@localhost?tls=opportunistic").is_ok());
        assert!(SmtpSettings::parse("smtp://u:p@mail.example?tls=none").is_ok());
    }

    #[test]
    fn mistakes_say_what_to_write() {
        for (text, words) in [
            ("mail.example:25", "smtp://"),
            ("https://mail.example", "smtp://"),
            ("smtp://", "smtp://user:password@host:587"),
            ("smtp://u@mail.example", "without a password"),
            ("smtp://u%00:p@mail.example", "not a URL"),
            ("smtp://mail.example?tls=maybe", "tls=required|opportunistic|none"),
            ("smtps://mail.example?tls=none", "\"tls\""),
            ("smtp://mail.example?connections=0", "\"connections\""),
            ("smtp://mail.example?rate=0", "\"rate\""),
            ("smtp://mail.example?hello=a%0D%0Ab", "\"hello\""),
            ("smtp://mail.example/box", "not a URL"),
        ] {
            let error = SmtpSettings::parse(text).unwrap_err().to_string();
            assert!(error.contains(words), "{text}: {error}");
        }
    }
}
