//! What the settings of all providers over HTTP have in common.

use std::time::Duration;

use url::Url;

use crate::http::{Limits, Reach, Target, TargetError};

/// Where a provider is, and how far requests may reach: into the world, or to this machine where
/// `local=yes` says so; there `ca=FILE` says that it encrypts.
///
/// # Errors
/// If that is none that may be reached.
pub(crate) fn place(url: &Url, host: &str) -> Result<(Target, Reach), TargetError> {
    let local = url.query_pairs().any(|(name, value)| name == "local" && value == "yes");
    let encrypts = url.query_pairs().any(|(name, _)| name == "ca");
    let reach = if local { Reach::this_machine() } else { Reach::World };
    let scheme = if local && !encrypts { "http" } else { "https" };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let target = Target::parse(&format!("{scheme}://{host}{port}/"), &reach)?;
    Ok((target, reach))
}

/// Sets a limit that an option names; `None`: there is no such option, or it has no such value.
pub(crate) fn limit(limits: &mut Limits, name: &str, value: &str) -> Option<()> {
    let seconds = || {
        let seconds = value.parse().ok().filter(|seconds| (1..=600).contains(seconds));
        seconds.map(Duration::from_secs)
    };
    match name {
        "connections" => {
            let connections = value.parse().ok().filter(|number| (1..=64).contains(number));
            limits.connections_max = connections?;
        }
        "connect_timeout" => limits.connect = seconds()?,
        "verdict_timeout" => limits.verdict = seconds()?,
        _ => return None,
    }
    Some(())
}

/// A name that a provider gave something: up to 100 letters, digits, hyphens and underscores.
pub(crate) fn word(text: &str) -> Option<String> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let fits = (1..=100).contains(&text.len()) && text.bytes().all(plain);
    fits.then(|| text.to_owned())
}
