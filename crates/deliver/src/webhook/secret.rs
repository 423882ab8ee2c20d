//! The secret that both sides know, and what is signed with it.
//!
//! Source: the Standard Webhooks specification, "Signature scheme" and "Secret".

use std::fmt;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use ring::hmac;

/// What stands before a secret, so that people see what it is.
const PREFIX: &str = "whsec_";
/// Bytes of a secret, by the specification.
const BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// Bytes of a secret that we make: as many as the hash is strong.
const MADE_BYTES: usize = 32;

/// A secret of a webhook.
#[derive(Clone)]
pub struct Secret(hmac::Key);

impl Secret {
    /// Reads a secret: base 64 of 24 to 64 bytes, with `whsec_` before it or not. `None`: it is none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let bytes = BASE64_STANDARD.decode(text.strip_prefix(PREFIX).unwrap_or(text)).ok()?;
        let fits = BYTES.contains(&bytes.len());
        fits.then(|| Self(hmac::Key::new(hmac::HMAC_SHA256, &bytes)))
    }

    /// The text of a new secret.
    ///
    /// # Errors
    /// If the system gives no random bytes.
    pub fn generate() -> Result<String, getrandom::Error> {
        let mut bytes = [0; MADE_BYTES];
        getrandom::fill(&mut bytes)?;
        Ok(format!("{PREFIX}{}", BASE64_STANDARD.encode(bytes)))
    }

    /// The signature of a call: its version and its mark. `seconds` are since 1970 (UTC).
    #[must_use]
    pub fn sign(&self, id: &str, seconds: i64, body: &[u8]) -> String {
        let mark = hmac::sign(&self.0, &covered(id, &seconds.to_string(), body));
        format!("v1,{}", BASE64_STANDARD.encode(mark))
    }

    /// Whether a signature is that of a call, in a time that says nothing of where they differ.
    #[must_use]
    pub fn signed(&self, signature: &str, (id, seconds): (&str, &str), body: &[u8]) -> bool {
        let mark = signature.strip_prefix("v1,").and_then(|mark| BASE64_STANDARD.decode(mark).ok());
        mark.is_some_and(|mark| hmac::verify(&self.0, &covered(id, seconds, body), &mark).is_ok())
    }
}

fn covered(id: &str, seconds: &str, body: &[u8]) -> Vec<u8> {
    let mut covered = format!("{id}.{seconds}.").into_bytes();
    covered.extend_from_slice(body);
    covered
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `standardwebhooks.Webhook.sign` (standardwebhooks 1.1.0) computes for the same calls.
    #[test]
    fn a_call_is_signed_as_the_standards_own_library_does() {
        let secret = Secret::parse("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD").unwrap();
        for (id, seconds, body, mark) in VECTORS {
            let signature = secret.sign(id, seconds, body.as_bytes());
            assert_eq!(signature, mark, "{id} {body}");
            let at = seconds.to_string();
            assert!(secret.signed(&signature, (id, &at), body.as_bytes()));
            assert!(!secret.signed(&signature, (id, "1"), body.as_bytes()));
            assert!(!secret.signed(&signature, (id, &at), b"{}"));
        }
    }

    const VECTORS: [(&str, i64, &str, &str); 4] = [
        (
            "msg_2b8",
            1_796_008_440,
            r#"{"type":"track","event":"Store Visited","userId":"ana"}"#,
            "v1,iWFLrI8i9CFx31hEKzVxRO0RBiCibYzunk7HaPfATqg=",
        ),
        (
            "call_7f3a_1_19a2b3c4d5e",
            1_796_008_440,
            r#"{"data":{"person":{"traits":{"first name":"María"}}},"type":"journey.step"}"#,
            "v1,JDIHuuwCHp3KUSv3CaxDQQjGLD0O4Kc34baywHOCoT4=",
        ),
        ("a", 0, "", "v1,TClmZy3nWJRghHUhLdh38kV7dyiW6Ubu8zJ4IyuA1Bw="),
        (
            "test_0",
            4_102_444_800,
            r#"{"texto":"Отзыв ñ \u0000"}"#,
            "v1,I+zBJ1g1GdYrZK1WVQWCe4LVKOAv/+2pXwkfgWpALUk=",
        ),
    ];

    #[test]
    fn a_secret_that_is_made_is_one() {
        let made = Secret::generate().unwrap();
        assert!(made.starts_with(PREFIX) && Secret::parse(&made).is_some());
        assert_ne!(made, Secret::generate().unwrap());
        assert_eq!(format!("{:?}", Secret::parse(&made)), "Some(Secret(***))");
        for odd in
            ["", "whsec_", "whsec_AAAA", "whsec_not base 64", &format!("whsec_{}", "A".repeat(88))]
        {
            assert!(Secret::parse(odd).is_none(), "{odd}");
        }
    }
}
