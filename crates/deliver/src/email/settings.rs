//! What can be wrong with the setting that says how mail leaves.

use std::path::PathBuf;

use crate::http::TargetError;

/// What is wrong with the setting. None of them shows the setting, since it holds a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// It is not a URL with a host.
    #[error("the mail server setting is not a URL; write smtp://user:password@host:587")]
    NotAUrl,
    /// It is about a provider and not a URL with a host alone.
    #[error(
        "the provider's setting is not a URL; write postmark://TOKEN@api.postmarkapp.com, \
         sendgrid://KEY@api.sendgrid.com or ses://ACCESS_KEY:SECRET@email.REGION.amazonaws.com"
    )]
    NotAProvider,
    /// Its scheme is another.
    #[error(
        "the mail setting must start with smtp:// or smtps:// for a mail server, or with \
         postmark://, sendgrid:// or ses:// for a provider"
    )]
    Scheme,
    /// An option is unknown or has no such value.
    #[error(
        "the mail setting has an option \"{name}\" that is unknown or has no such value; known are \
         {known}"
    )]
    Option {
        /// The option's name.
        name: String,
        /// The options that there are.
        known: &'static str,
    },
    /// A user name without a password.
    #[error("the mail server setting has a user name without a password")]
    NoPassword,
    /// A provider without what shows it who we are.
    #[error(
        "the setting for {provider} has no key; write it before the @, for SES as ACCESS_KEY:SECRET"
    )]
    NoKey {
        /// The provider's name.
        provider: &'static str,
    },
    /// A provider that may not be reached.
    #[error("the provider's address cannot be used: {0}; local=yes is for one on this machine")]
    Target(TargetError),
    /// A password that would travel readable.
    #[error(
        "the mail server setting would send a password unencrypted to another machine; \
         remove tls=opportunistic, or say tls=none if the network is trusted"
    )]
    ReadablePassword,
    /// The file with certificates cannot be read.
    #[error("could not read certificates from \"{path}\"")]
    Authority {
        /// The file.
        path: PathBuf,
    },
}
