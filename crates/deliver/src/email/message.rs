//! A message as the caller states it, before it becomes bytes.

use std::fmt;
use std::time::SystemTime;

use lettre::Address;
use url::{Host, Url};

use super::header::shown_line;
use crate::dns::in_dns;

/// A name and an address, safe to put into a header.
#[derive(Clone, PartialEq, Eq)]
pub struct Mailbox {
    pub(super) name: Option<String>, // Invariant: one line, at most NAME_MAX characters, not empty.
    pub(super) address: Address,
}

impl Mailbox {
    /// Longer names are cut: a name is a courtesy, and a header must stay readable.
    pub const NAME_MAX: usize = 100;
    /// RFC 5321 §4.5.3.1.3, less the angle brackets.
    pub const ADDRESS_MAX: usize = 254;

    /// Parses an address and cleans a name: an empty name is no name, line ends become spaces. A domain
    /// beyond ASCII is written as every server takes it; what stands before the @ is the receiver's alone.
    pub fn parse(name: &str, address: &str) -> Result<Self, MessageError> {
        let out_of_place = |c: char| c.is_whitespace() || c.is_control() || "<>,;\"".contains(c);
        if address.len() > Self::ADDRESS_MAX || address.contains(out_of_place) {
            return Err(MessageError::Address);
        }
        let (user, domain) = address.rsplit_once('@').ok_or(MessageError::Address)?;
        let domain = in_dns(domain);
        let address = Some(domain).filter(|domain| domain.is_ascii());
        let address = address.and_then(|domain| Address::new(user, domain).ok());
        let address = address.ok_or(MessageError::Address)?;
        let name = shown_line(name, Self::NAME_MAX);
        Ok(Self { name: Some(name).filter(|name| !name.is_empty()), address })
    }

    /// The address, for the envelope and for storage.
    pub fn address(&self) -> &str {
        self.address.as_ref()
    }

    /// Where its mail is taken, as the DNS knows it.
    pub fn domain(&self) -> &str {
        self.address.domain()
    }

    /// The name, if it has one.
    pub(crate) fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Name and address as a header states them, in letters of any script.
    pub(crate) fn written(&self) -> String {
        lettre::message::Mailbox::new(self.name.clone(), self.address.clone()).to_string()
    }
}

impl fmt::Debug for Mailbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Mailbox(***)")
    }
}

/// How the person can stop such messages: RFC 2369 and, in one click, RFC 8058.
#[derive(Clone, PartialEq, Eq)]
pub struct Unsubscribe {
    // Invariant: https (http on this machine), printable ASCII without spaces and angle brackets.
    pub(super) https: String,
    pub(super) mailto: Option<String>, // Invariant: the same, with mailto.
}

impl Unsubscribe {
    /// Longer addresses do not fit the line limit of a header (RFC 5322 §2.1.1).
    pub const URL_MAX: usize = 900;

    /// Takes the address that a mail program posts to for one-click unsubscription, and a
    /// `mailto:` address for programs that only know that. Without encryption only this machine is
    /// reached, which is how one tries things out: nobody is there to listen in.
    pub fn parse(https: &str, mailto: Option<&str>) -> Result<Self, MessageError> {
        let fits = |url: &str, scheme: &str| {
            url.len() <= Self::URL_MAX
                && url.len() > scheme.len()
                && url.starts_with(scheme)
                && url.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>,".contains(&byte))
        };
        let reaches = fits(https, "https://") || (fits(https, "http://") && is_this_machine(https));
        if !reaches || !mailto.is_none_or(|url| fits(url, "mailto:")) {
            return Err(MessageError::Unsubscribe);
        }
        Ok(Self { https: https.to_owned(), mailto: mailto.map(str::to_owned) })
    }
}

/// Whether a URL leads to the loopback of this machine.
fn is_this_machine(url: &str) -> bool {
    let host = Url::parse(url).ok().and_then(|url| url.host().map(|host| host.to_owned()));
    match host {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}

impl fmt::Debug for Unsubscribe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unsubscribe(***)") // The address holds a token that acts for the person.
    }
}

/// One message to one person.
#[derive(Clone)]
pub struct Message {
    /// Who it is from, in the `From` header and, unless `bounces_to` says otherwise, the envelope.
    pub from: Mailbox,
    /// Where bounces go (the envelope's sender).
    pub bounces_to: Option<Mailbox>,
    /// Where an answer goes, if not to `from`.
    pub reply_to: Option<Mailbox>,
    /// The person.
    pub to: Mailbox,
    /// One line; cut at 200 characters.
    pub subject: String,
    /// The HTML part.
    pub html: String,
    /// The plain text part.
    pub text: String,
    /// The id of the message, `left@right` with or without angle brackets: the caller makes it from
    /// what the message is, so that the same message always bears the same id.
    pub message_id: String,
    /// When it was sent; shown to the person.
    pub sent_at: SystemTime,
    /// For everything but transactional messages.
    pub unsubscribe: Option<Unsubscribe>,
    /// Further headers, name and value. Headers that the message sets itself cannot be given.
    pub headers: Vec<(String, String)>,
}

impl Message {
    /// The longest subject, in characters.
    pub const SUBJECT_MAX: usize = 200;

    /// The subject as it leaves: one line.
    pub(crate) fn subject_line(&self) -> String {
        shown_line(&self.subject, Self::SUBJECT_MAX)
    }

    /// The headers beside those that every message has, for a provider that builds the message:
    /// how to stop such messages, and further ones. What is meant for one provider alone is left
    /// out, since that provider is told it otherwise.
    pub(crate) fn own_headers(&self) -> Vec<(String, String)> {
        let stop = self.unsubscribe.as_ref().map(|unsubscribe| {
            let mut list = format!("<{}>", unsubscribe.https);
            if let Some(mailto) = &unsubscribe.mailto {
                list.push_str(&format!(", <{mailto}>"));
            }
            [
                ("List-Unsubscribe".to_owned(), list),
                ("List-Unsubscribe-Post".to_owned(), "List-Unsubscribe=One-Click".to_owned()),
            ]
        });
        let further = self.headers.iter().filter(|(name, _)| !name.starts_with("X-PM-")).cloned();
        stop.into_iter().flatten().chain(further).collect()
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Message(***)")
    }
}

/// Why a message cannot be built. None of them shows what was wrong, since it may be personal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    /// The address of a mailbox is not one.
    #[error("an address is not a valid e-mail address")]
    Address,
    /// The id is not `left@right` of letters, digits and a few signs.
    #[error("the message id is not of the form left@right")]
    MessageId,
    /// An unsubscribe address is not https (http on this machine), not mailto, or too long.
    #[error("the unsubscribe address is not an https (or mailto) URL that fits a header")]
    Unsubscribe,
    /// A further header has a name that is not allowed.
    #[error("a header named \"{name}\" cannot be added")]
    Header {
        /// The name, as given by a definition.
        name: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_with_a_line_end_is_no_address() {
        for address in [
            "ana@example.com\r\nBcc: x@y.z",
            "\"a\r\n b\"@example.com",
            "ana",
            "@x",
            "a@",
            "a@b@c",
            "ana@example.com,eva@example.com",
            "<ana@example.com>",
            "",
        ] {
            assert_eq!(Mailbox::parse("Ana", address), Err(MessageError::Address), "{address}");
        }
        assert_eq!(Mailbox::parse("", "ana.ruiz+shop@example.com").unwrap().name, None);
    }

    #[test]
    fn a_domain_beyond_ascii_needs_no_server_that_knows_of_such() {
        for (address, taken) in [
            ("ana@españa.example", "ana@xn--espaa-rta.example"),
            ("иван@магазин.рф", "иван@xn--80aairftm.xn--p1ai"),
            ("ana@Shop.example", "ana@shop.example"),
        ] {
            let mailbox = Mailbox::parse("Ana", address).unwrap();
            assert_eq!(mailbox.address(), taken);
            assert_eq!(mailbox.domain(), taken.split_once('@').unwrap().1);
        }
        for address in
            ["ana@españa..example", "ana@esp ña.example", "ana@\u{ad}", "ana@１２７.０.０.１"]
        {
            assert_eq!(Mailbox::parse("", address), Err(MessageError::Address), "{address}");
        }
    }

    #[test]
    fn debug_shows_nobody() {
        let ana = Mailbox::parse("Ana", "ana@example.com").unwrap();
        assert_eq!(format!("{ana:?}"), "Mailbox(***)");
    }

    #[test]
    fn unsubscribing_needs_a_secure_address() {
        assert!(Unsubscribe::parse("https://shop.example/u/abc", None).is_ok());
        for url in ["http://shop.example/u", "https://", "https://a b", "https://a>\r\nBcc: x"] {
            assert_eq!(Unsubscribe::parse(url, None), Err(MessageError::Unsubscribe), "{url}");
        }
        assert!(Unsubscribe::parse("https://a.example", Some("javascript:x")).is_err());
    }

    #[test]
    fn unsubscribing_without_encryption_reaches_this_machine_only() {
        for host in ["127.0.0.1:8080", "[::1]:8080", "localhost"] {
            assert!(Unsubscribe::parse(&format!("http://{host}/u/abc"), None).is_ok(), "{host}");
        }
        for host in ["127.0.0.1.shop.example", "127.0.0.1@shop.example", "10.0.0.1", ""] {
            let url = format!("http://{host}/u/abc");
            assert_eq!(Unsubscribe::parse(&url, None), Err(MessageError::Unsubscribe), "{host}");
        }
    }
}
