//! What an operator states about a provider, as one URL.
//!
//! `postmark://TOKEN@api.postmarkapp.com`, `sendgrid://KEY@api.sendgrid.com`, or
//! `ses://ACCESS_KEY:SECRET@email.eu-west-1.amazonaws.com`.

use std::fmt;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use url::Url;

use crate::email::SettingsError;
use crate::http::{Limits, Reach, Target};
use crate::pace::Pace;
use crate::provided;

/// A provider whose way of speaking we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Provider {
    /// Postmark.
    Postmark,
    /// Twilio SendGrid.
    SendGrid,
    /// Amazon SES, version 2 of its API.
    Ses,
}

impl Provider {
    /// Every provider.
    pub const ALL: [Self; 3] = [Self::Postmark, Self::SendGrid, Self::Ses];

    /// Its name as people write it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Postmark => "Postmark",
            Self::SendGrid => "SendGrid",
            Self::Ses => "Amazon SES",
        }
    }

    /// The scheme of its settings.
    #[must_use]
    pub const fn scheme(self) -> &'static str {
        match self {
            Self::Postmark => "postmark",
            Self::SendGrid => "sendgrid",
            Self::Ses => "ses",
        }
    }

    /// Whether it takes a message as the bytes that we build and sign; the others build and sign it
    /// themselves.
    #[must_use]
    pub const fn takes_bytes(self) -> bool {
        match self {
            Self::Ses => true,
            Self::Postmark | Self::SendGrid => false,
        }
    }
}

/// How to reach a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderSettings {
    /// Which one.
    pub provider: Provider,
    /// Where it is.
    pub base: Target,
    /// How far requests may reach: into the world, or to this machine where `local=yes` says so.
    pub reach: Reach,
    /// Its token or key; for SES the access key.
    pub key: String,
    /// For SES, the secret of the access key.
    pub secret: String,
    /// For SES, the region.
    pub region: String,
    /// For SES, the configuration set, through which it tells of events.
    pub configuration_set: Option<String>,
    /// For Postmark, the stream of messages about people's own business.
    pub transactional: String,
    /// For Postmark, the stream of everything else.
    pub broadcast: String,
    /// A file with certificates (PEM) to trust beside the public ones, for a provider on this machine
    /// that encrypts.
    pub authority: Option<PathBuf>,
    /// How many messages a second leave at most, 1 to 1,000; as many as it takes if unset.
    pub rate: Option<u32>,
    /// How long to wait for what, and how many connections.
    pub limits: Limits,
}

impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSettings")
            .field("provider", &self.provider)
            .field("reach", &self.reach)
            .finish_non_exhaustive()
    }
}

const KNOWN: &str = "local=yes (a provider on this machine, with ca=FILE encrypted), \
     connections=1..64, rate=1..1000 a second, connect_timeout and verdict_timeout in seconds; for postmark transactional=STREAM and broadcast=STREAM; for ses \
     region=REGION and configuration_set=NAME";

impl ProviderSettings {
    /// Whether a setting is about a provider, by its scheme.
    #[must_use]
    pub fn is_one(text: &str) -> bool {
        let scheme = text.split_once("://").map_or("", |(scheme, _)| scheme);
        Provider::ALL.iter().any(|provider| provider.scheme().eq_ignore_ascii_case(scheme))
    }

    /// Parses the URL. Characters like `/` and `+` in a key are written `%2F` and `%2B`.
    ///
    /// # Errors
    /// [`SettingsError`] says what is wrong, and shows nothing of the setting.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        let url = Url::parse(text).map_err(|_| SettingsError::NotAProvider)?;
        let provider = Provider::ALL.into_iter().find(|known| known.scheme() == url.scheme());
        let provider = provider.ok_or(SettingsError::Scheme)?;
        if !matches!(url.path(), "" | "/") {
            return Err(SettingsError::NotAProvider);
        }
        let host = url.host_str().ok_or(SettingsError::NotAProvider)?;
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let key = decoded(url.username());
        let secret = url.password().map(decoded).unwrap_or_default();
        let plain = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic());
        if !plain(&key) || (provider == Provider::Ses) != plain(&secret) {
            return Err(SettingsError::NoKey { provider: provider.name() });
        }
        let (base, reach) = provided::place(&url, host).map_err(SettingsError::Target)?;
        let mut settings = Self {
            provider,
            base,
            reach,
            key,
            secret,
            region: region_of(host).to_owned(),
            configuration_set: None,
            authority: None,
            rate: None,
            transactional: "outbound".to_owned(),
            broadcast: "broadcast".to_owned(),
            limits: Limits::default(),
        };
        for (name, value) in url.query_pairs() {
            settings.set(&name, &value)?;
        }
        if provider == Provider::Ses && settings.region.is_empty() {
            return Err(settings.unknown("region"));
        }
        Ok(settings)
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), SettingsError> {
        let word = || provided::word(value).ok_or_else(|| self.unknown(name));
        match (name, self.provider) {
            ("local", _) if value == "yes" => {}
            ("ca", _) => self.authority = Some(PathBuf::from(value)),
            ("rate", _) => {
                self.rate = Some(Pace::parse(value).ok_or_else(|| self.unknown(name))?);
            }
            ("transactional", Provider::Postmark) => self.transactional = word()?,
            ("broadcast", Provider::Postmark) => self.broadcast = word()?,
            ("region", Provider::Ses) => self.region = word()?,
            ("configuration_set", Provider::Ses) => self.configuration_set = Some(word()?),
            _ => {
                let set = provided::limit(&mut self.limits, name, value);
                set.ok_or_else(|| self.unknown(name))?;
            }
        }
        Ok(())
    }

    fn unknown(&self, name: &str) -> SettingsError {
        SettingsError::Option { name: name.chars().take(40).collect(), known: KNOWN }
    }
}

/// The region in the name of one of Amazon's hosts: `email.eu-west-1.amazonaws.com`.
fn region_of(host: &str) -> &str {
    let region = host.strip_prefix("email.").and_then(|rest| rest.split('.').next());
    region.filter(|_| host.contains(".amazonaws.com")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_says_which_provider_and_where() {
        let postmark = ProviderSettings::parse("postmark://t0ken@api.postmarkapp.com").unwrap();
        assert_eq!(postmark.base.at("/email").path(), "/email");
        assert_eq!((postmark.base.port(), postmark.base.encrypted()), (443, true));
        let ses = "ses://AKIA:a%2Fb%2Bc@email.eu-west-1.amazonaws.com?configuration_set=news";
        let ses = ProviderSettings::parse(ses).unwrap();
        assert_eq!((ses.region.as_str(), ses.secret.as_str()), ("eu-west-1", "a/b+c"));
        assert_eq!(ses.configuration_set.as_deref(), Some("news"));
        let local = ProviderSettings::parse("sendgrid://k@127.0.0.1:9000?local=yes").unwrap();
        assert!(!local.base.encrypted());
        assert!(!format!("{postmark:?} {ses:?}").contains("t0ken"));
    }

    #[test]
    fn a_wrong_setting_says_its_cure_and_shows_no_key() {
        for (setting, says) in [
            ("postmark://api.postmarkapp.com", "no key"),
            ("ses://AKIA@email.eu-west-1.amazonaws.com", "no key"),
            ("ses://AKIA:s3cret@mail.example", "region"),
            ("sendgrid://s3cret@127.0.0.1:9000", "private network"),
            ("sendgrid://s3cret@localhost", "private network"),
            ("sendgrid://s3cret@10.0.0.7?local=yes", "private network"),
            ("sendgrid://s3cret@api.sendgrid.com?local=no", "local=yes"),
            ("sendgrid://s3cret@api.sendgrid.com?region=x", "\"region\""),
            ("sendgrid://s3cret@api.sendgrid.com/v3", "postmark://"),
            ("mandrill://s3cret@mandrillapp.com", "postmark://"),
        ] {
            let said = ProviderSettings::parse(setting).unwrap_err().to_string();
            assert!(said.contains(says), "{setting}: {said}");
            assert!(!said.contains("s3cret"), "{said}");
        }
    }
}
