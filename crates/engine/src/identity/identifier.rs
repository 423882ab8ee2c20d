//! Identifiers: a kind and a normalised value.

use std::hash::Hasher;

use minicbor::{Decode, Encode};
use siphasher::sip::SipHasher13;

use super::calling::{self, CallingCode};

/// How strongly a kind of identifier points at one person; the strongest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Given to one person: two values of one kind contradict each other.
    Unique,
    /// A way to reach a person, perhaps shared by a household.
    Contact,
    /// A device, which may change hands or stand in a store.
    Device,
    /// Evidence with a weight; never an anchor by itself where there is anything better.
    Hint,
}

impl Class {
    /// Every class, the strongest first.
    pub const ALL: [Self; 4] = [Self::Unique, Self::Contact, Self::Device, Self::Hint];

    /// The word used in files.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Unique => "unique",
            Self::Contact => "contact",
            Self::Device => "device",
            Self::Hint => "hint",
        }
    }
}

/// What an identifier identifies with. The order is that of strength: an event hangs on the first.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub enum IdentifierKind {
    /// A login: the `userId` of the SDKs.
    #[n(0)]
    UserId,
    /// The shop system's customer number.
    #[n(1)]
    CustomerId,
    /// A loyalty card.
    #[n(2)]
    LoyaltyId,
    /// Another unique kind that the shop defined.
    #[n(3)]
    CustomUnique(#[n(0)] String),
    /// An e-mail address, lower-cased.
    #[n(4)]
    Email,
    /// A phone number in international form.
    #[n(5)]
    Phone,
    /// Another kind of contact that the shop defined.
    #[n(10)]
    CustomContact(#[n(0)] String),
    /// A browser or an install: the `anonymousId` of the SDKs.
    #[n(6)]
    AnonymousId,
    /// A device, as its system names it.
    #[n(7)]
    DeviceId,
    /// The token of a shop's cart or checkout, which joins a webhook to a browser.
    #[n(8)]
    CartToken,
    /// Another kind of device that the shop defined.
    #[n(11)]
    CustomDevice(#[n(0)] String),
    /// A fingerprint of a payment card.
    #[n(9)]
    PaymentCard,
    /// Another kind of hint that the shop defined.
    #[n(12)]
    CustomHint(#[n(0)] String),
}

impl IdentifierKind {
    /// The kinds that every shop has, the strongest first.
    pub const BUILT_IN: [Self; 9] = [
        Self::UserId,
        Self::CustomerId,
        Self::LoyaltyId,
        Self::Email,
        Self::Phone,
        Self::AnonymousId,
        Self::DeviceId,
        Self::CartToken,
        Self::PaymentCard,
    ];

    /// How strongly this kind points at one person.
    #[must_use]
    pub const fn class(&self) -> Class {
        match self {
            Self::UserId | Self::CustomerId | Self::LoyaltyId | Self::CustomUnique(_) => {
                Class::Unique
            }
            Self::Email | Self::Phone | Self::CustomContact(_) => Class::Contact,
            Self::AnonymousId | Self::DeviceId | Self::CartToken | Self::CustomDevice(_) => {
                Class::Device
            }
            Self::PaymentCard | Self::CustomHint(_) => Class::Hint,
        }
    }

    /// The word used in files, in the API and on pages.
    #[must_use]
    pub fn word(&self) -> &str {
        match self {
            Self::UserId => "user_id",
            Self::CustomerId => "customer_id",
            Self::LoyaltyId => "loyalty_id",
            Self::CustomUnique(name)
            | Self::CustomContact(name)
            | Self::CustomDevice(name)
            | Self::CustomHint(name) => name,
            Self::Email => "email",
            Self::Phone => "phone",
            Self::AnonymousId => "anonymous_id",
            Self::DeviceId => "device_id",
            Self::CartToken => "cart_token",
            Self::PaymentCard => "payment_card",
        }
    }

    /// A kind of the shop's own.
    #[must_use]
    pub const fn custom(class: Class, word: String) -> Self {
        match class {
            Class::Unique => Self::CustomUnique(word),
            Class::Contact => Self::CustomContact(word),
            Class::Device => Self::CustomDevice(word),
            Class::Hint => Self::CustomHint(word),
        }
    }

    /// The kind of this word; a word that is not built in is a unique kind of the shop's own.
    /// Where a shop's definitions are at hand, [`IdentityRules::kind`](super::IdentityRules::kind)
    /// knows better.
    #[must_use]
    pub fn parse(word: &str) -> Self {
        match word {
            "user_id" => Self::UserId,
            "customer_id" => Self::CustomerId,
            "loyalty_id" => Self::LoyaltyId,
            "email" => Self::Email,
            "phone" => Self::Phone,
            "anonymous_id" => Self::AnonymousId,
            "device_id" => Self::DeviceId,
            "cart_token" => Self::CartToken,
            "payment_card" => Self::PaymentCard,
            other => Self::CustomUnique(other.to_owned()),
        }
    }
}

/// A kind and a normalised value. Its `Debug` hides the value: personal data has no way into a log.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
pub struct Identifier {
    /// What it identifies with.
    #[n(0)]
    pub kind: IdentifierKind,
    /// The value, normalised; see [`Identifier::new`].
    #[n(1)]
    value: String, // Invariant: normalised, not empty, at most LENGTH_MAX bytes, no control characters.
}

impl Identifier {
    /// The longest value in bytes: the longest e-mail address is 254, ids of systems are shorter.
    pub const LENGTH_MAX: usize = 256;

    /// Fewer digits than these tell of no telephone: an order may have them.
    const TELLING_MIN: usize = 8;

    /// Normalises `value`; `None` if nothing is left, it is too long, or it is no value of its kind.
    ///
    /// E-mail addresses are trimmed and lower-cased and need one `@` with something on both sides.
    /// Phone numbers keep their digits with a leading `+`; `00` becomes `+`; fewer than 6 or more
    /// than 15 digits (ITU-T E.164) are no number. Other kinds are trimmed.
    #[must_use]
    pub fn new(kind: IdentifierKind, value: &str) -> Option<Self> {
        Self::written_in(kind, value, None)
    }

    /// The same of a value that somebody wrote in a country of this calling code: a phone number
    /// without its country is one of theirs.
    #[must_use]
    pub fn written_in(
        kind: IdentifierKind,
        value: &str,
        calling: Option<CallingCode>,
    ) -> Option<Self> {
        let trimmed = value.trim();
        if trimmed.is_empty()
            || trimmed.len() > Self::LENGTH_MAX
            || trimmed.chars().any(char::is_control)
        {
            return None;
        }
        let value = match kind {
            IdentifierKind::Email => normal_email(trimmed)?,
            IdentifierKind::Phone => normal_phone(trimmed, calling)?,
            IdentifierKind::UserId
            | IdentifierKind::CustomerId
            | IdentifierKind::LoyaltyId
            | IdentifierKind::CustomUnique(_)
            | IdentifierKind::CustomContact(_)
            | IdentifierKind::AnonymousId
            | IdentifierKind::DeviceId
            | IdentifierKind::CartToken
            | IdentifierKind::CustomDevice(_)
            | IdentifierKind::PaymentCard
            | IdentifierKind::CustomHint(_) => trimmed.to_owned(),
        };
        Some(Self { kind, value })
    }

    /// The normalised value. Personal data: for storage and for people with the right to see it.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The digits of a phone number behind the code of its country, by which it is known whoever wrote
    /// it; `None`: it is not in international form, or so short that these may be anything.
    #[must_use]
    pub fn national(&self) -> Option<&str> {
        let number = Some(&self.value).filter(|_| self.kind == IdentifierKind::Phone)?;
        calling::national(number).filter(|digits| digits.len() >= Self::TELLING_MIN)
    }

    /// The calling code of the country of a phone number in international form; `None`: it is none, or of
    /// no country that there is.
    #[must_use]
    pub fn calling_code(&self) -> Option<CallingCode> {
        let number = Some(&self.value).filter(|_| self.kind == IdentifierKind::Phone)?;
        calling::of_number(number)
    }

    /// Whether it is a phone number in international form, of a country that there is.
    #[must_use]
    pub fn says_its_country(&self) -> bool {
        self.kind == IdentifierKind::Phone && calling::national(&self.value).is_some()
    }

    /// Whether a message can leave for it at all: a number that does not say its country is dialled
    /// differently everywhere.
    pub(crate) fn can_be_sent_to(&self) -> bool {
        self.kind != IdentifierKind::Phone || self.says_its_country()
    }

    /// The ways in which a phone number in international form may be written in its country.
    pub(super) fn at_home(&self) -> Vec<String> {
        let number = Some(&self.value).filter(|_| self.kind == IdentifierKind::Phone);
        number.map_or_else(Vec::new, |number| calling::at_home(number))
    }

    /// The value with its middle hidden, for pages of people who may not see it whole.
    #[must_use]
    pub fn masked(&self) -> String {
        let first = self.value.chars().next().unwrap_or('*');
        match self.value.split_once('@') {
            Some((_, domain)) if self.kind == IdentifierKind::Email => {
                format!("{first}***@{domain}")
            }
            Some(_) | None => format!("{first}***"),
        }
    }

    /// The key under which the identifier is indexed: a keyed hash, so that nobody outside can
    /// make two identifiers fall together.
    #[must_use]
    pub fn key(&self, salt: KeySalt) -> IdentifierKey {
        let mut hasher = SipHasher13::new_with_keys(salt.0, salt.1);
        hasher.write(self.kind.word().as_bytes());
        hasher.write_u8(0xff);
        hasher.write(self.value.as_bytes());
        IdentifierKey(hasher.finish())
    }
}

impl std::fmt::Debug for Identifier {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Identifier({} ***)", self.kind.word())
    }
}

/// The secret of one installation that keys its hashes.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct KeySalt(pub u64, pub u64);

impl std::fmt::Debug for KeySalt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeySalt(***)")
    }
}

/// The keyed hash of an identifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Encode, Decode)]
#[cbor(transparent)]
pub struct IdentifierKey(#[n(0)] pub u64);

fn normal_email(text: &str) -> Option<String> {
    let address = text.strip_prefix("mailto:").unwrap_or(text).to_lowercase();
    let (local, domain) = address.split_once('@')?;
    let fits = !local.is_empty()
        && !domain.is_empty()
        && !domain.contains('@')
        && !address.chars().any(|c| c.is_whitespace() || matches!(c, '<' | '>' | ',' | ';' | '"'));
    fits.then(|| match spelled(domain) {
        Some(domain) => format!("{local}@{domain}"),
        None => address.clone(),
    })
}

/// A domain beyond ASCII as people write it, where it may stand otherwise: browsers hand on what is typed
/// into a form as `xn--espaa-rta.example`, and letters with marks can be put together in several ways
/// (UTS 46). `None`: it stays as it is.
fn spelled(domain: &str) -> Option<String> {
    if domain.is_ascii() && !domain.contains("xn--") {
        return None;
    }
    let (spelled, valid) = idna::domain_to_unicode(domain);
    valid.is_ok().then_some(spelled)
}

fn normal_phone(text: &str, calling: Option<CallingCode>) -> Option<String> {
    if text.chars().any(char::is_alphabetic) {
        return None;
    }
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    let international = text.starts_with('+') || digits(text).starts_with("00");
    if !international {
        let digits = digits(text);
        let known = calling.and_then(|calling| calling.international(&digits));
        let number = known.map(|number| format!("+{number}")).unwrap_or(digits);
        return Some(number).filter(|number| long_enough(number));
    }
    let digits = digits(text);
    let number = calling::abroad(digits.strip_prefix("00").unwrap_or(&digits));
    Some(number).filter(|number| long_enough(number))
}

/// Whether a number has 6 to 15 digits.
fn long_enough(number: &str) -> bool {
    (6..=15).contains(&number.trim_start_matches('+').len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(kind: IdentifierKind, value: &str) -> Option<String> {
        Identifier::new(kind, value).map(|identifier| identifier.value)
    }

    #[test]
    fn addresses_and_numbers_are_normalised() {
        assert_eq!(normal(IdentifierKind::Email, " Ana@Shop.ES "), Some("ana@shop.es".into()));
        assert_eq!(normal(IdentifierKind::Email, "ana at shop"), None);
        assert_eq!(normal(IdentifierKind::Email, "a@b@c"), None);
        assert_eq!(normal(IdentifierKind::Phone, "0034 600-11 22 33"), Some("+34600112233".into()));
        assert_eq!(normal(IdentifierKind::Phone, "call me"), None);
        assert_eq!(normal(IdentifierKind::UserId, "  "), None);
    }

    #[test]
    fn an_address_beyond_ascii_is_one_however_it_is_written() {
        for written in [
            "ana@españa.example",
            "Ana@ESPAÑA.example",
            "ana@espan\u{303}a.example",
            "ana@xn--espaa-rta.example",
            "ana@españa。example",
        ] {
            let one = normal(IdentifierKind::Email, written);
            assert_eq!(one.as_deref(), Some("ana@españa.example"), "{written}");
        }
        for odd in ["ana@xn--.example", "ana@xn--a.example", "ana@-ñ.example", "ana@ñ_b.example"]
        {
            let first = normal(IdentifierKind::Email, odd).unwrap();
            assert_eq!(normal(IdentifierKind::Email, &first), Some(first.clone()), "{odd}");
        }
    }

    #[test]
    fn numbers_are_those_of_the_country_they_are_written_in() {
        let normal = |value| {
            let phone = IdentifierKind::Phone;
            let read = Identifier::written_in(phone, value, CallingCode::parse("44"));
            read.map(|identifier| identifier.value)
        };
        for written in ["020 7946 0000", "+44 (0)20 7946 0000", "00442079460000", "442079460000"] {
            assert_eq!(normal(written).as_deref(), Some("+442079460000"), "{written}");
        }
        assert_eq!(normal("+34 610 000 043").as_deref(), Some("+34610000043"));
        assert_eq!(normal("123 456").as_deref(), Some("123456"));
        assert_eq!(normal("12 34"), None);
    }

    #[test]
    fn debug_hides_the_value() {
        let email = Identifier::new(IdentifierKind::Email, "ana@shop.es").unwrap();
        assert_eq!(format!("{email:?}"), "Identifier(email ***)");
    }
}
