//! Keys to sign with, and the records of the DNS that let others check.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::rand::SystemRandom;
use ring::rsa;
use ring::signature::{Ed25519KeyPair, KeyPair};
use rsa_keys::pkcs8::EncodePrivateKey;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;

use crate::dns::in_dns;

/// How a key signs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Algorithm {
    /// RSA of 2,048 bits with SHA-256: every receiver knows it.
    Rsa,
    /// Ed25519 (RFC 8463): short and quick, but some receivers do not know it. Goes beside RSA.
    Ed25519,
}

impl Algorithm {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Rsa, Self::Ed25519];

    /// The word in the DNS, in commands and on pages.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Rsa => "rsa",
            Self::Ed25519 => "ed25519",
        }
    }

    /// The algorithm of this word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|algorithm| algorithm.word() == word)
    }
}

/// The bits of an RSA key that is made here: what RFC 8301 §3.2 asks for, and what fits a record.
const RSA_BITS: usize = 2_048;

/// A private key as it is kept: PKCS#8, or PKCS#1 for RSA keys that came so.
#[derive(Clone, PartialEq, Eq)]
pub struct NewKey(pub Vec<u8>);

impl NewKey {
    /// Makes a key. One of RSA takes a large part of a second.
    ///
    /// # Panics
    /// If the system has no randomness to give.
    pub fn generate(algorithm: Algorithm) -> Self {
        Self(match algorithm {
            Algorithm::Rsa => {
                let mut random = rsa_keys::rand_core::UnwrapErr(getrandom::SysRng);
                let key = rsa_keys::PrivateKey::new(&mut random, RSA_BITS)
                    .expect("2,048 bits are enough for a key");
                let der = key.to_pkcs8_der().expect("a key of ours can be written");
                der.as_bytes().to_vec()
            }
            Algorithm::Ed25519 => Ed25519KeyPair::generate_pkcs8(&SystemRandom::new())
                .expect("the system gives random bytes")
                .as_ref()
                .to_vec(),
        })
    }

    /// Reads a key of another program: PEM, `PRIVATE KEY` or `RSA PRIVATE KEY`.
    ///
    /// # Errors
    /// If there is no such key in it.
    pub fn from_pem(text: &str) -> Result<Self, KeyError> {
        match PrivateKeyDer::from_pem_slice(text.as_bytes()).map_err(|_| KeyError::NoKey)? {
            PrivateKeyDer::Pkcs8(der) => Ok(Self(der.secret_pkcs8_der().to_vec())),
            PrivateKeyDer::Pkcs1(der) => Ok(Self(der.secret_pkcs1_der().to_vec())),
            // What comes after is of elliptic curves, or of the future.
            PrivateKeyDer::Sec1(_) | _ => Err(KeyError::NoKey),
        }
    }
}

impl fmt::Debug for NewKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewKey(***)")
    }
}

/// Why a key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text or the bytes hold no private key.
    #[error(
        "there is no private key in it that signs mail (make one with \"openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048\")"
    )]
    NoKey,
    /// An RSA key that receivers do not trust.
    #[error("the RSA key has not 2,048 to 4,096 bits, which is what receivers trust")]
    Bits,
    /// The domain is not one.
    #[error("\"{0}\" is no domain (write it as the address after the @: shop.example)")]
    Domain(String),
    /// The selector is not one.
    #[error("\"{0}\" is no selector (write letters, digits and hyphens: regulars1)")]
    Selector(String),
}

/// What to put into the DNS so that signatures can be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The name: `regulars1._domainkey.shop.example`. Its type is TXT.
    pub name: String,
    /// The value.
    pub value: String,
}

impl Record {
    /// One text of the DNS holds so many bytes; a longer value is several.
    const TEXT_MAX: usize = 255;

    /// The line for a zone file.
    pub fn zone_line(&self) -> String {
        let pieces = self.value.as_bytes().chunks(Self::TEXT_MAX);
        let quoted: Vec<String> =
            pieces.map(|piece| format!("\"{}\"", String::from_utf8_lossy(piece))).collect();
        format!("{}. IN TXT ( {} )", self.name, quoted.join(" "))
    }
}

/// A key that signs for a domain.
pub struct DkimKey {
    pub(super) domain: String, // Invariant: a domain in small letters, as it stands in the DNS.
    pub(super) selector: String, // Invariant: letters, digits, hyphens and dots.
    pub(super) pair: Pair,
}

pub(super) enum Pair {
    Rsa(Box<rsa::KeyPair>),
    Ed25519(Ed25519KeyPair),
}

impl DkimKey {
    /// The key of a domain under a selector.
    ///
    /// # Errors
    /// [`KeyError`] says what is wrong.
    pub fn new(domain: &str, selector: &str, key: &NewKey) -> Result<Self, KeyError> {
        let domain = in_dns(domain);
        if !domain.contains('.') || domain.len() > 253 || !labels(&domain) {
            return Err(KeyError::Domain(domain.chars().take(80).collect()));
        }
        let selector = selector.trim().to_ascii_lowercase();
        if selector.len() > 63 || !labels(&selector) {
            return Err(KeyError::Selector(selector.chars().take(80).collect()));
        }
        Ok(Self { domain, selector, pair: pair(&key.0)? })
    }

    /// Whose mail it signs.
    pub fn domain(&self) -> &str {
        &self.domain
    }

    /// Its name among the keys of the domain.
    pub fn selector(&self) -> &str {
        &self.selector
    }

    /// How it signs.
    pub fn algorithm(&self) -> Algorithm {
        match self.pair {
            Pair::Rsa(_) => Algorithm::Rsa,
            Pair::Ed25519(_) => Algorithm::Ed25519,
        }
    }

    /// What the DNS must say.
    pub fn record(&self) -> Record {
        let public = match &self.pair {
            Pair::Rsa(pair) => subject_public_key(pair.public_key().as_ref()),
            Pair::Ed25519(pair) => pair.public_key().as_ref().to_vec(),
        };
        Record {
            name: format!("{}._domainkey.{}", self.selector, self.domain),
            value: format!(
                "v=DKIM1; k={}; p={}",
                self.algorithm().word(),
                BASE64_STANDARD.encode(public)
            ),
        }
    }
}

impl fmt::Debug for DkimKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DkimKey({} {} ***)", self.domain, self.selector)
    }
}

/// Whether `text` is labels of the DNS with dots between them.
fn labels(text: &str) -> bool {
    text.split('.').all(|label| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    })
}

fn pair(der: &[u8]) -> Result<Pair, KeyError> {
    // Other programs leave the public half out; it is computed then.
    if let Ok(pair) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
        return Ok(Pair::Ed25519(pair));
    }
    let read = rsa::KeyPair::from_pkcs8(der).or_else(|error| match error.to_string().as_str() {
        "TooSmall" | "TooLarge" => Err(error),
        _ => rsa::KeyPair::from_der(der),
    });
    read.map(|pair| Pair::Rsa(Box::new(pair))).map_err(|error| match error.to_string().as_str() {
        "TooSmall" | "TooLarge" => KeyError::Bits,
        _ => KeyError::NoKey,
    })
}

/// The public half of an RSA key as records hold it: a SubjectPublicKeyInfo (RFC 5280 §4.1) around
/// the modulus and exponent (RFC 8017, appendix A.1.1).
fn subject_public_key(rsa_public: &[u8]) -> Vec<u8> {
    // SEQUENCE { OBJECT IDENTIFIER rsaEncryption, NULL }
    const ALGORITHM: [u8; 15] =
        [0x30, 13, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0];
    let mut bits = vec![0]; // No bit of the last byte is left out.
    bits.extend_from_slice(rsa_public);
    let mut inside = ALGORITHM.to_vec();
    inside.extend(tagged(0x03, &bits));
    tagged(0x30, &inside)
}

/// A value of DER with its tag and length (X.690 §8.1).
fn tagged(tag: u8, value: &[u8]) -> Vec<u8> {
    let length = value.len().to_be_bytes();
    let bytes: Vec<u8> = length.into_iter().skip_while(|byte| *byte == 0).collect();
    let mut all = vec![tag];
    match bytes.as_slice() {
        [short] if *short < 0x80 => all.push(*short),
        [] => all.push(0),
        long => {
            all.push(0x80 | u8::try_from(long.len()).expect("a length has at most eight bytes"));
            all.extend_from_slice(long);
        }
    }
    all.extend_from_slice(value);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public_of(record: &Record) -> Vec<u8> {
        let encoded = record.value.split("p=").nth(1).unwrap();
        BASE64_STANDARD.decode(encoded).unwrap()
    }

    #[test]
    fn a_record_holds_the_public_half_in_the_form_of_each_algorithm() {
        let rsa = NewKey::generate(Algorithm::Rsa);
        let rsa = DkimKey::new("Shop.Example.", "R1", &rsa).unwrap();
        let record = rsa.record();
        assert_eq!(record.name, "r1._domainkey.shop.example");
        assert!(record.value.starts_with("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A"));
        assert_eq!(public_of(&record).len(), 294);
        assert_eq!(record.zone_line().matches('"').count(), 4, "two texts of the DNS");
        let ed25519 = NewKey::generate(Algorithm::Ed25519);
        let record = DkimKey::new("shop.example", "e1", &ed25519).unwrap().record();
        assert!(record.value.starts_with("v=DKIM1; k=ed25519; p="));
        assert_eq!(public_of(&record).len(), 32);
    }

    /// The key of RFC 8463, appendix A.2, as OpenSSL writes it: without the public half.
    #[test]
    fn a_key_of_another_program_gives_the_record_of_the_standard() {
        let pem = "-----BEGIN PRIVATE KEY-----\n\
                   MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n\
                   -----END PRIVATE KEY-----\n";
        let key = NewKey::from_pem(pem).unwrap();
        let record = DkimKey::new("football.example.com", "brisbane", &key).unwrap().record();
        let stated = "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=";
        assert_eq!(record.value, stated);
    }

    #[test]
    fn mistakes_say_what_to_write() {
        let key = NewKey::generate(Algorithm::Ed25519);
        for (domain, selector, words) in [
            ("shop", "s", "no domain"),
            ("shop..example", "s", "no domain"),
            ("shop.example\r\nX: y", "s", "no domain"),
            ("-a.example", "s", "no domain"),
            ("shop.example", "", "no selector"),
            ("shop.example", "a;b=", "no selector"),
        ] {
            let error = DkimKey::new(domain, selector, &key).unwrap_err().to_string();
            assert!(error.contains(words), "{domain} {selector}: {error}");
        }
        assert_eq!(NewKey::from_pem("no key"), Err(KeyError::NoKey));
        let nonsense = DkimKey::new("shop.example", "s", &NewKey(vec![1, 2, 3]));
        assert_eq!(nonsense.unwrap_err(), KeyError::NoKey);
    }

    #[test]
    fn a_key_shows_nothing_of_itself() {
        let key = NewKey::generate(Algorithm::Ed25519);
        assert_eq!(format!("{key:?}"), "NewKey(***)");
        let key = DkimKey::new("shop.example", "s", &key).unwrap();
        assert_eq!(format!("{key:?}"), "DkimKey(shop.example s ***)");
    }
}
