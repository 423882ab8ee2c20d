//! What an operator states about the provider of text messages, as one URL:
//! `twilio://ACCOUNT_SID:AUTH_TOKEN@api.twilio.com?from=+34911222333`.

use std::fmt;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use url::Url;

use super::message::is_number;
use crate::http::{Limits, Reach, Target, TargetError};
use crate::pace::Pace;
use crate::provided::{self, word};

/// Whom a message comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A number, long or short, that people can answer to.
    Number(String),
    /// A name of up to eleven letters and digits. Nobody can answer to it.
    Name(String),
    /// A group of numbers that the provider chooses from, by its id.
    Service(String),
}

impl Sender {
    /// Reads `from`: a number in international form, a short code of 3 to 8 digits, or a name.
    fn parse(value: &str) -> Option<Self> {
        // A plus in the query of a URL stands for a space, and nobody remembers.
        let value = value.strip_prefix(' ').map_or_else(|| value.to_owned(), |v| format!("+{v}"));
        let digits = value.bytes().all(|byte| byte.is_ascii_digit());
        if is_number(&value) || digits && (3..=8).contains(&value.len()) {
            return Some(Self::Number(value));
        }
        let sign = |byte: u8| byte.is_ascii_alphanumeric() || byte == b' ';
        let named = (1..=11).contains(&value.len())
            && value.bytes().all(sign)
            && value.bytes().any(|byte| byte.is_ascii_alphabetic());
        named.then_some(Self::Name(value))
    }
}

/// How to reach the provider.
#[derive(Clone, PartialEq, Eq)]
pub struct SmsSettings {
    /// Where it is.
    pub base: Target,
    /// How far requests may reach: into the world, or to this machine where `local=yes` says so.
    pub reach: Reach,
    /// The account that sends.
    pub account: String,
    /// The user that is shown: the account, or a key of it.
    pub user: String,
    /// The account's token, or the key's secret.
    pub secret: String,
    /// Whom messages come from.
    pub sender: Sender,
    /// Where the provider tells what became of a message; without it, where its own settings say.
    pub callback: Option<Target>,
    /// A file with certificates (PEM) to trust beside the public ones, for a provider on this machine
    /// that encrypts.
    pub authority: Option<PathBuf>,
    /// How many messages a second leave at most, 1 to 1,000; as many as it takes if unset.
    pub rate: Option<u32>,
    /// How long to wait for what, and how many connections.
    pub limits: Limits,
}

impl fmt::Debug for SmsSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmsSettings").field("reach", &self.reach).finish_non_exhaustive()
    }
}

/// What is wrong with the setting. None of them shows the setting, since it holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SmsSettingsError {
    /// It is not a URL with a host alone, or of another scheme.
    #[error(
        "the setting is not such a URL; write twilio://ACCOUNT_SID:AUTH_TOKEN@api.twilio.com?from=+34911222333"
    )]
    NotAUrl,
    /// Nothing shows the provider who we are.
    #[error(
        "the setting has no account and token; write them before the @, as ACCOUNT_SID:AUTH_TOKEN"
    )]
    NoKey,
    /// Nobody the messages come from, or both a number and a service.
    #[error(
        "the setting does not say whom messages come from; add from=NUMBER, from=NAME (up to 11 letters and digits), or service=MG..."
    )]
    NoSender,
    /// An option is unknown or has no such value.
    #[error(
        "the setting has an option \"{name}\" that is unknown or has no such value; known are {KNOWN}"
    )]
    Option {
        /// The option's name.
        name: String,
    },
    /// A provider that may not be reached.
    #[error("the provider's address cannot be used: {0}; local=yes is for one on this machine")]
    Target(TargetError),
    /// A file with certificates that cannot be read.
    #[error("could not read certificates from \"{path}\"")]
    Authority {
        /// The file.
        path: PathBuf,
    },
}

const KNOWN: &str = "from=NUMBER or NAME, service=MG..., account=AC... (where a key stands before the @), \
     callback=URL (percent-encoded), local=yes (a provider on this machine, with ca=FILE encrypted), \
     connections=1..64, rate=1..1000 a second, connect_timeout and verdict_timeout in seconds";

impl SmsSettings {
    /// Parses the URL. Characters like `/` and `+` in a token are written `%2F` and `%2B`.
    ///
    /// # Errors
    /// [`SmsSettingsError`] says what is wrong, and shows nothing of the setting.
    pub fn parse(text: &str) -> Result<Self, SmsSettingsError> {
        let url = Url::parse(text).map_err(|_| SmsSettingsError::NotAUrl)?;
        let host = url.host_str().ok_or(SmsSettingsError::NotAUrl)?;
        if url.scheme() != "twilio" || !matches!(url.path(), "" | "/") {
            return Err(SmsSettingsError::NotAUrl);
        }
        let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        let (user, secret) = (decoded(url.username()), url.password().map(decoded));
        let secret = secret.unwrap_or_default();
        if word(&user).is_none()
            || secret.is_empty()
            || !secret.bytes().all(|b| b.is_ascii_graphic())
        {
            return Err(SmsSettingsError::NoKey);
        }
        let (base, reach) = provided::place(&url, host).map_err(SmsSettingsError::Target)?;
        let (mut sender, mut account, mut callback) = (None, user.clone(), None);
        let (mut authority, mut rate, mut limits) = (None, None, Limits::default());
        for (name, value) in url.query_pairs() {
            let unknown = || SmsSettingsError::Option { name: name.chars().take(40).collect() };
            let plain = || word(&value).ok_or_else(unknown);
            match &*name {
                "local" if value == "yes" => {}
                "from" | "service" if sender.is_some() => return Err(SmsSettingsError::NoSender),
                "from" => sender = Some(Sender::parse(&value).ok_or_else(unknown)?),
                "service" => sender = Some(Sender::Service(plain()?)),
                "account" => account = plain()?,
                "callback" => {
                    // It is the provider who calls it, and the provider is not on this machine.
                    let target = Target::parse(&value, &reach);
                    callback = Some(target.map_err(SmsSettingsError::Target)?);
                }
                "ca" => authority = Some(PathBuf::from(&*value)),
                "rate" => rate = Some(Pace::parse(&value).ok_or_else(unknown)?),
                _ => provided::limit(&mut limits, &name, &value).ok_or_else(unknown)?,
            }
        }
        let sender = sender.ok_or(SmsSettingsError::NoSender)?;
        Ok(Self { base, reach, account, user, secret, sender, callback, authority, rate, limits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(options: &str) -> Result<SmsSettings, SmsSettingsError> {
        SmsSettings::parse(&format!("twilio://AC1:t0ken@api.twilio.com?{options}"))
    }

    #[test]
    fn a_setting_says_where_and_from_whom() {
        for from in ["from=+34911222333", "from=%2B34911222333"] {
            let settings = parsed(from).unwrap();
            assert_eq!(settings.sender, Sender::Number("+34911222333".to_owned()));
            assert_eq!((settings.base.port(), settings.base.encrypted()), (443, true));
            assert_eq!((settings.account.as_str(), settings.secret.as_str()), ("AC1", "t0ken"));
            assert!(!format!("{settings:?}").contains("t0ken"));
        }
        assert_eq!(parsed("from=217217").unwrap().sender, Sender::Number("217217".to_owned()));
        assert_eq!(parsed("from=Oak Leaf").unwrap().sender, Sender::Name("Oak Leaf".to_owned()));
        assert_eq!(parsed("service=MG9").unwrap().sender, Sender::Service("MG9".to_owned()));
        let key =
            SmsSettings::parse("twilio://SK1:s@api.twilio.com?account=AC2&service=MG9").unwrap();
        assert_eq!((key.user.as_str(), key.account.as_str()), ("SK1", "AC2"));
    }

    #[test]
    fn what_is_wrong_is_told_without_the_secret() {
        for (setting, told) in [
            ("postmark://k@api.postmarkapp.com", "not such a URL"),
            ("twilio://AC1@api.twilio.com?from=217217", "no account and token"),
            ("twilio://AC1:s3cret@api.twilio.com", "whom messages come from"),
            (
                "twilio://AC1:s3cret@api.twilio.com?from=217217&service=MG9",
                "whom messages come from",
            ),
            ("twilio://AC1:s3cret@api.twilio.com?from=a-name-too-long", "\"from\""),
            ("twilio://AC1:s3cret@api.twilio.com?from=217217&rate=0", "\"rate\""),
            ("twilio://AC1:s3cret@127.0.0.1?from=217217", "cannot be used"),
            (
                "twilio://AC1:s3cret@api.twilio.com?from=217217&callback=http%3A%2F%2Fa.example",
                "cannot be used",
            ),
        ] {
            let error = SmsSettings::parse(setting).unwrap_err().to_string();
            assert!(error.contains(told) && !error.contains("s3cret"), "{setting}: {error}");
        }
        assert!(SmsSettings::parse("twilio://AC1:s@127.0.0.1:9?local=yes&from=217217").is_ok());
    }
}
