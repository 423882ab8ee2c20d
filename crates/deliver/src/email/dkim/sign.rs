//! Signing: one field for each key, put above the message.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::RSA_PKCS1_SHA256;

use super::canonical::{self, Closed, Field, add_field};
use super::key::{Algorithm, DkimKey, Pair};
use crate::email::Email;

/// What is signed where a message has it: what says who writes to whom about what, and how to stop it.
///
/// Each is named once more than it stands there, so that nobody can add a second one on the way
/// (RFC 6376 §8.15).
const SIGNED: [&str; 10] = [
    "from",
    "to",
    "reply-to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "content-type",
    "list-unsubscribe",
    "list-unsubscribe-post",
];

/// A folded line of the signature stays below what RFC 5322 §2.1.1 asks for.
const LINE_MAX: usize = 72;

/// The keys that sign: for a domain at most one of each algorithm.
#[derive(Debug, Default)]
pub struct Signers(Vec<DkimKey>);

impl Signers {
    /// These keys; of several with one domain and algorithm the first signs.
    pub fn new(keys: Vec<DkimKey>) -> Self {
        Self(keys)
    }

    /// The keys that sign for a sender's domain: its own, else those of the nearest domain above it,
    /// which DMARC accepts just as well (RFC 7489 §3.1.1). Empty: mail leaves without a signature.
    pub fn of(&self, domain: &str) -> Vec<&DkimKey> {
        let domain = domain.to_ascii_lowercase();
        let mut above = Some(domain.as_str());
        while let Some(name) = above {
            let first = |algorithm| {
                self.0.iter().find(|key| key.domain == name && key.algorithm() == algorithm)
            };
            let found: Vec<&DkimKey> = Algorithm::ALL.into_iter().filter_map(first).collect();
            if !found.is_empty() {
                return found;
            }
            above = name.split_once('.').map(|(_, rest)| rest);
        }
        Vec::new()
    }

    /// Signs a message of a sender in `domain`, with the moment at which it was.
    ///
    /// One RSA signature costs about half a millisecond, one of Ed25519 a twentieth of that.
    pub fn sign(&self, email: &mut Email, domain: &str, at: SystemTime) {
        let keys = self.of(domain);
        if keys.is_empty() {
            return;
        }
        let (fields, body) = canonical::parts(&email.bytes);
        let body_hash = digest(&SHA256, &canonical::body(&email.bytes[body]));
        let body_hash = BASE64_STANDARD.encode(body_hash);
        let seconds = at.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let mut signed = String::new();
        for key in keys {
            signed.push_str(&signature(key, &fields, &body_hash, seconds));
        }
        let mut bytes = signed.into_bytes();
        bytes.extend_from_slice(&email.bytes);
        email.bytes = bytes;
    }
}

/// The field that signs, with its line end.
fn signature(key: &DkimKey, fields: &[Field<'_>], body_hash: &str, seconds: u64) -> String {
    let mut names = Vec::new();
    let mut data = Vec::new();
    for name in SIGNED {
        // Of several fields of one name the lowest is signed first (RFC 6376 §5.4.2).
        for field in fields.iter().rev().filter(|field| field.name == name) {
            names.push(name);
            add_field(&mut data, field.text, Closed::Yes);
        }
        names.push(name);
    }
    let mut field = format!(
        "DKIM-Signature: v=1; a={}-sha256; c=relaxed/relaxed; d={};\r\n s={}; t={seconds};\r\n h=",
        key.algorithm().word(),
        key.domain,
        key.selector,
    );
    let mut width = 3;
    for (index, name) in names.iter().enumerate() {
        if width + name.len() > LINE_MAX {
            field.push_str("\r\n ");
            width = 1;
        }
        field.push_str(name);
        field.push(if index + 1 == names.len() { ';' } else { ':' });
        width += name.len() + 1;
    }
    field.push_str(&format!("\r\n bh={body_hash};\r\n b="));
    add_field(&mut data, field.as_bytes(), Closed::No);
    let encoded = BASE64_STANDARD.encode(made(key, &data));
    for (index, piece) in encoded.as_bytes().chunks(LINE_MAX - 4).enumerate() {
        if index > 0 {
            field.push_str("\r\n ");
        }
        field.push_str(&String::from_utf8_lossy(piece));
    }
    field.push_str("\r\n");
    field
}

/// The bytes of the signature over `data`.
fn made(key: &DkimKey, data: &[u8]) -> Vec<u8> {
    match &key.pair {
        Pair::Rsa(pair) => {
            let mut signature = vec![0; pair.public().modulus_len()];
            pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), data, &mut signature)
                .expect("a key that was checked signs whatever it is given");
            signature
        }
        // RFC 8463 §3: what is signed is the hash.
        Pair::Ed25519(pair) => pair.sign(digest(&SHA256, data).as_ref()).as_ref().to_vec(),
    }
}
