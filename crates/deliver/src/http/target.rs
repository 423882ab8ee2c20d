//! Where a request goes: a URL that was looked at before anything is resolved.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

use super::address::outside;

/// How far requests may reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Out into the world, encrypted: `https` to addresses that are globally reachable.
    World,
    /// These addresses and no others, encrypted or not: for servers of one's own, by an explicit
    /// setting.
    Only(Vec<IpAddr>),
}

impl Reach {
    /// The addresses of this machine.
    #[must_use]
    pub fn this_machine() -> Self {
        use std::net::{Ipv4Addr, Ipv6Addr};
        Self::Only(vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()])
    }

    /// Whether a connection to `address` may be opened.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        match self {
            Self::World => outside(address),
            Self::Only(addresses) => addresses.contains(&address),
        }
    }
}

/// A URL that requests may go to, as far as its text tells.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    url: Url, // Invariant: http or https, a host, no user, no fragment; within the reach it was parsed for.
}

/// Why a URL is no target. None of them shows it, since it may hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// It is no URL with a host, or too long.
    #[error("it is not a URL; write https://host/path")]
    NotAUrl,
    /// It would travel readable.
    #[error("it does not begin with https://, and what is sent there could be read on the way")]
    Readable,
    /// A user or a password stands in it.
    #[error("it holds a user name or password; such a URL is not called")]
    Credentials,
    /// Its host is part of a network of one's own.
    #[error("it leads into a private network or to this machine")]
    Inside,
}

/// Names that stand for something nearby wherever they are asked for (RFC 6761, RFC 6762, RFC 8375,
/// ICANN's `internal`, and what routers and clusters use).
const NEARBY: [&str; 8] =
    ["localhost", "local", "internal", "localdomain", "home.arpa", "lan", "intranet", "corp"];

impl Target {
    /// The longest URL, in bytes.
    pub const LENGTH_MAX: usize = 2_000;

    /// Looks at a URL without resolving anything.
    ///
    /// # Errors
    /// [`TargetError`] says what forbids it.
    pub fn parse(text: &str, reach: &Reach) -> Result<Self, TargetError> {
        if text.len() > Self::LENGTH_MAX || text.chars().any(|c| c.is_control() || c == ' ') {
            return Err(TargetError::NotAUrl);
        }
        let mut url = Url::parse(text).map_err(|_| TargetError::NotAUrl)?;
        match (url.scheme(), reach) {
            ("https", _) | ("http", Reach::Only(_)) => {}
            ("http", Reach::World) => return Err(TargetError::Readable),
            _ => return Err(TargetError::NotAUrl),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetError::Credentials);
        }
        url.set_fragment(None);
        let inside = match url.host().ok_or(TargetError::NotAUrl)? {
            Host::Domain(name) => *reach == Reach::World && is_nearby(name),
            Host::Ipv4(address) => !reach.holds(address.into()),
            Host::Ipv6(address) => !reach.holds(address.into()),
        };
        if inside { Err(TargetError::Inside) } else { Ok(Self { url }) }
    }

    /// Its host, as a request states it and as a certificate must bear it: without brackets.
    #[must_use]
    pub fn host(&self) -> String {
        match self.url.host() {
            Some(Host::Domain(name)) => name.to_owned(),
            Some(Host::Ipv4(address)) => address.to_string(),
            Some(Host::Ipv6(address)) => address.to_string(),
            None => String::new(),
        }
    }

    /// Its port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or(443)
    }

    /// Whether requests are encrypted.
    #[must_use]
    pub fn encrypted(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// The address that its host is, where it is one and not a name.
    #[must_use]
    pub fn address(&self) -> Option<IpAddr> {
        match self.url.host()? {
            Host::Domain(_) => None,
            Host::Ipv4(address) => Some(address.into()),
            Host::Ipv6(address) => Some(address.into()),
        }
    }

    /// The value of the `Host` field: a port that goes without saying is left out.
    #[must_use]
    pub fn host_field(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        self.url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// What stands in the first line of a request.
    #[must_use]
    pub fn path(&self) -> String {
        let path = self.url.path();
        self.url.query().map_or_else(|| path.to_owned(), |query| format!("{path}?{query}"))
    }

    /// The same host with another path, which begins with `/`.
    #[must_use]
    pub fn at(&self, path: &str) -> Self {
        let mut url = self.url.clone();
        url.set_path(path);
        url.set_query(None);
        Self { url }
    }

    /// The whole URL, with one more question in it, for whoever is to call it.
    #[must_use]
    pub fn asking(&self, name: &str, value: &str) -> String {
        let mut url = self.url.clone();
        url.query_pairs_mut().append_pair(name, value);
        url.into()
    }

    /// Whether a connection that was opened for `other` serves this target too.
    #[must_use]
    pub fn same_origin(&self, other: &Self) -> bool {
        self.url.origin() == other.url.origin()
    }
}

fn is_nearby(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    // A name without a dot is looked for in the domains of this machine.
    !name.contains('.')
        || NEARBY.iter().any(|nearby| {
            name.strip_suffix(nearby).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        })
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Target(***)")
    }
}
