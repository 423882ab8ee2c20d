//! The key by which push services know the shop (VAPID, RFC 8292): browsers subscribe to its public half.

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use serde_json::json;

/// How long a signature is good for, in seconds: half of what is allowed (RFC 8292 §2), so that a clock
/// that is a little wrong does no harm.
const GOOD_FOR_S: i64 = 12 * 3_600;

/// A key pair on P-256 that signs.
pub struct PushKey {
    pair: EcdsaKeyPair,
    random: SystemRandom,
}

/// The bytes are no such key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the key for push messages cannot be read; make another one")]
pub struct PushKeyError;

impl PushKey {
    /// Makes a key: its private half as PKCS #8, to be kept where nobody else reads it.
    ///
    /// # Panics
    /// If the system has no randomness to give.
    #[must_use]
    pub fn generate() -> Vec<u8> {
        let random = SystemRandom::new();
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
            .expect("the system gives random bytes")
            .as_ref()
            .to_vec()
    }

    /// Reads what [`PushKey::generate`] made.
    ///
    /// # Errors
    /// If it is no such key.
    pub fn read(pkcs8: &[u8]) -> Result<Self, PushKeyError> {
        let random = SystemRandom::new();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8, &random);
        Ok(Self { pair: pair.map_err(|_| PushKeyError)?, random })
    }

    /// The public half as browsers take it: an uncompressed point, as base64url.
    #[must_use]
    pub fn public(&self) -> String {
        BASE64.encode(self.pair.public_key())
    }

    /// The field that shows the push service at `origin` who sends, at `seconds` since 1970 (UTC).
    pub(super) fn authorization(&self, origin: &str, contact: &str, seconds: i64) -> String {
        let mut claims = json!({ "aud": origin, "exp": seconds.saturating_add(GOOD_FOR_S) });
        if !contact.is_empty() {
            claims["sub"] = contact.into();
        }
        let head = BASE64.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let signed = format!("{head}.{}", BASE64.encode(claims.to_string()));
        let signature = self.pair.sign(&self.random, signed.as_bytes());
        let signature = BASE64.encode(signature.expect("the system gives random bytes"));
        format!("vapid t={signed}.{signature}, k={}", self.public())
    }
}

impl fmt::Debug for PushKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PushKey(***)")
    }
}

#[cfg(test)]
mod tests {
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_signature_names_the_service_the_shop_and_its_end() {
        let key = PushKey::read(&PushKey::generate()).unwrap();
        let field = key.authorization("https://push.example", "mailto:hola@shop.example", 1_000);
        let (token, public) = field.strip_prefix("vapid t=").unwrap().split_once(", k=").unwrap();
        let public = BASE64.decode(public).unwrap();
        assert_eq!((public.len(), public[0]), (65, 4));
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let signature = BASE64.decode(signature).unwrap();
        let verifier = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &public);
        verifier.verify(signed.as_bytes(), &signature).unwrap();
        let claims = BASE64.decode(signed.split_once('.').unwrap().1).unwrap();
        let claims: Value = serde_json::from_slice(&claims).unwrap();
        let expected = json!({ "aud": "https://push.example", "exp": 44_200,
            "sub": "mailto:hola@shop.example" });
        assert_eq!(claims, expected);
        assert!(PushKey::read(b"no key").is_err());
        assert_eq!(format!("{key:?}"), "PushKey(***)");
    }
}
