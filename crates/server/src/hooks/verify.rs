//! Whether a body comes from whom it says, is whole, and is of now.
//!
//! | provider | signature | covers | how old it may be |
//! |---|---|---|---|
//! | SendGrid | ECDSA P-256 with SHA-256 | time and body | 10 minutes |
//! | SES over SNS | RSA with SHA-256 or SHA-1, by pinned certificates | topic, time and message | 2 hours |
//! | Mailgun | HMAC with SHA-256 | time and a token, not the body | 12 hours |
//! | Twilio | HMAC with SHA-1 | the address and every field | |
//! | Standard Webhooks | HMAC with SHA-256 | id, time and body | 5 minutes |
//! | Postmark | none | | |
//!
//! Providers try again with what they signed first; each bound is longer than they try. Within it a
//! body that comes twice is a repeat of its events, and changes nothing. No certificate is fetched:
//! an address in a request is whatever its sender likes.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pki_types::CertificateDer;
use pki_types::pem::PemObject;
use regulars_deliver::webhook::Secret;
use regulars_engine::time::{HOUR, MINUTE, Timestamp};
use regulars_ingest::providers::Provider;
use ring::hmac;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
    RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey,
};
use serde_json::Value;
use webpki::EndEntityCert;

use super::keep::{Hook, Proof};
use super::{standard, twilio};

/// A clock may be ahead by so much.
const AHEAD_MS_MAX: i64 = 5 * MINUTE;
/// SendGrid signs each attempt anew.
const SENDGRID_AGE_MS_MAX: i64 = 10 * MINUTE;
/// SNS tries for an hour, and signs when the message was published.
const SNS_AGE_MS_MAX: i64 = 2 * HOUR;
/// Mailgun tries for eight hours.
const MAILGUN_AGE_MS_MAX: i64 = 12 * HOUR;

/// A request to a hook.
#[derive(Clone, Copy, Debug, Default)]
pub struct Signed<'r> {
    /// The call's id, by Standard Webhooks.
    pub id: Option<&'r str>,
    /// The signature header of SendGrid, Twilio or Standard Webhooks.
    pub signature: Option<&'r str>,
    /// The timestamp header of SendGrid or Standard Webhooks.
    pub timestamp: Option<&'r str>,
    /// The address that was called, as it is reached from outside.
    pub url: &'r str,
    /// The body as it came.
    pub body: &'r [u8],
}

/// What a request says, once it is believed.
#[derive(Clone, PartialEq, Eq)]
pub enum Said {
    /// Events, in the provider's words.
    Events(Vec<u8>),
    /// SNS asks whether its messages are wanted: somebody must open this address.
    Confirm(String),
    /// Nothing that matters here.
    Nothing,
}

impl std::fmt::Debug for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Said(***)")
    }
}

/// Why a request is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// Its signature is missing.
    #[error("the request is not signed (turn signing on in the provider's settings)")]
    NotSigned,
    /// Its signature is of something else or by somebody else.
    #[error("the signature does not belong to the body and the key of this hook")]
    Signature,
    /// It is too old, or of the future.
    #[error("the request was signed too long ago, or in the future")]
    Clock,
    /// It is of another topic.
    #[error("the message is of another topic than this hook's")]
    Topic,
    /// It is not what the provider sends.
    #[error("the body is not what this provider sends")]
    Shape,
}

/// Whether a provider can prove itself by this.
pub(super) fn usable(provider: Provider, proof: &Proof) -> Result<(), &'static str> {
    match (provider, proof) {
        (Provider::SendGrid, Proof::PublicKey(key)) => point(key).map(|_| ()).ok_or(
            "the public key is not one (copy it from SendGrid: Settings, Mail Settings, Event Webhook, Signature Verification)",
        ),
        (Provider::Mailgun, Proof::SigningKey(key)) if key.trim().len() >= 16 => Ok(()),
        (Provider::Mailgun, Proof::SigningKey(_)) => Err(
            "the signing key is not one (copy it from Mailgun: API Security, HTTP webhook signing key)",
        ),
        (Provider::Ses, Proof::Topic { arn, .. }) if !arn.starts_with("arn:aws") => {
            Err("the topic is not one (write its ARN: arn:aws:sns:eu-west-1:123456789012:mail-events)")
        }
        (Provider::Ses, Proof::Topic { certificates, .. }) => {
            if keys_of(certificates).is_empty() {
                return Err(
                    "there is no certificate in it (take the PEM file that SigningCertURL of a message names)",
                );
            }
            Ok(())
        }
        (Provider::Twilio, Proof::AuthToken(token)) if token.trim().len() == 32 => Ok(()),
        (Provider::Twilio, Proof::AuthToken(_)) => Err(
            "the auth token is not one (copy it from Twilio's console: Account, API keys and tokens)",
        ),
        (Provider::Standard, Proof::Secret(secret)) if Secret::parse(secret).is_some() => Ok(()),
        (Provider::Standard, Proof::Secret(_)) => {
            Err("the secret is not one (it is whsec_ and 24 to 64 bytes in base 64)")
        }
        (Provider::Postmark, Proof::Address) => Ok(()),
        (Provider::SendGrid, _) => Err("SendGrid proves itself by its public key"),
        (Provider::Mailgun, _) => Err("Mailgun proves itself by its signing key"),
        (Provider::Ses, _) => Err("SES proves itself by its topic and certificates"),
        (Provider::Twilio, _) => Err("Twilio proves itself by the account's auth token"),
        (Provider::Standard, _) => Err("Standard Webhooks are proven by a secret"),
        (Provider::Postmark, _) => Err("Postmark signs nothing"),
    }
}

/// Lets a request through that is right by the key of a hook, or by the one of before while both are
/// good.
///
/// # Errors
/// [`Refused`] says what is not, by the key of today.
pub fn believed(hook: &Hook, request: &Signed<'_>, now: Timestamp) -> Result<Said, Refused> {
    let refused = match check(&hook.proof, request, now) {
        Ok(said) => return Ok(said),
        Err(refused) => refused,
    };
    match &hook.former {
        Some((former, _)) if hook.both_keys_until(now).is_some() => {
            check(former, request, now).map_err(|_| refused)
        }
        Some(_) | None => Err(refused),
    }
}

/// Lets a request through whose signature, clock and topic are right.
///
/// # Errors
/// [`Refused`] says what is not.
pub fn check(proof: &Proof, request: &Signed<'_>, now: Timestamp) -> Result<Said, Refused> {
    match proof {
        Proof::Address => Ok(Said::Events(request.body.to_vec())),
        Proof::PublicKey(key) => sendgrid(key, request, now),
        Proof::Secret(secret) => standard::check(secret, request, now),
        Proof::AuthToken(token) => twilio::check(token, request),
        Proof::SigningKey(key) => mailgun(key, request.body, now),
        Proof::Topic { arn, certificates } => sns(arn, certificates, request.body, now),
    }
}

pub(super) fn of_now(signed_at: Timestamp, age_ms_max: i64, now: Timestamp) -> Result<(), Refused> {
    let age_ms = now.since(signed_at);
    if (-AHEAD_MS_MAX..=age_ms_max).contains(&age_ms) { Ok(()) } else { Err(Refused::Clock) }
}

/// Seconds since 1970, as text.
pub(super) fn seconds(text: &str) -> Option<Timestamp> {
    let whole = text.trim().split('.').next()?;
    let seconds: i64 = whole.parse().ok()?;
    seconds.checked_mul(1_000).map(Timestamp)
}

fn sendgrid(key: &str, request: &Signed<'_>, now: Timestamp) -> Result<Said, Refused> {
    let (signature, timestamp) =
        request.signature.zip(request.timestamp).ok_or(Refused::NotSigned)?;
    let signature = BASE64_STANDARD.decode(signature.trim()).map_err(|_| Refused::Signature)?;
    let point = point(key).ok_or(Refused::Signature)?;
    let mut data = timestamp.as_bytes().to_vec();
    data.extend_from_slice(request.body);
    UnparsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, point)
        .verify(&data, &signature)
        .map_err(|_| Refused::Signature)?;
    of_now(seconds(timestamp).ok_or(Refused::Clock)?, SENDGRID_AGE_MS_MAX, now)?;
    Ok(Said::Events(request.body.to_vec()))
}

/// The point of a P-256 key given as SubjectPublicKeyInfo (RFC 5480 §2) in base 64.
fn point(key: &str) -> Option<Vec<u8>> {
    /// SEQUENCE { SEQUENCE { id-ecPublicKey, prime256v1 }, BIT STRING of 65 bytes
    const HEAD: [u8; 26] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08,
        0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];
    let lines = key.lines().filter(|line| !line.starts_with("-----"));
    let dense: String = lines.flat_map(str::chars).filter(|sign| !sign.is_whitespace()).collect();
    let der = BASE64_STANDARD.decode(dense).ok()?;
    let point = der.strip_prefix(&HEAD)?;
    (point.len() == 65 && point[0] == 4).then(|| point.to_vec())
}

fn mailgun(key: &str, body: &[u8], now: Timestamp) -> Result<Said, Refused> {
    let said: Value = serde_json::from_slice(body).map_err(|_| Refused::Shape)?;
    let place = if said["signature"].is_object() { &said["signature"] } else { &said };
    let text = |field: &str| match &place[field] {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let all = text("timestamp").zip(text("token")).zip(text("signature"));
    let ((timestamp, token), signature) = all.ok_or(Refused::NotSigned)?;
    let signature = crate::secret::unhex(&signature).ok_or(Refused::Signature)?;
    let key = hmac::Key::new(hmac::HMAC_SHA256, key.trim().as_bytes());
    hmac::verify(&key, format!("{timestamp}{token}").as_bytes(), &signature)
        .map_err(|_| Refused::Signature)?;
    of_now(seconds(&timestamp).ok_or(Refused::Clock)?, MAILGUN_AGE_MS_MAX, now)?;
    Ok(Said::Events(body.to_vec()))
}

fn sns(arn: &str, certificates: &str, body: &[u8], now: Timestamp) -> Result<Said, Refused> {
    let said: Value = serde_json::from_slice(body).map_err(|_| Refused::Shape)?;
    let kind = said["Type"].as_str().ok_or(Refused::NotSigned)?;
    let fields: &[&str] = match kind {
        "Notification" => &["Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"],
        "SubscriptionConfirmation" | "UnsubscribeConfirmation" => {
            &["Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
        }
        _ => return Err(Refused::Shape),
    };
    let mut data = String::new();
    for field in fields {
        match said[*field].as_str() {
            Some(text) => data.push_str(&format!("{field}\n{text}\n")),
            None if *field == "Subject" => {}
            None => return Err(Refused::Shape),
        }
    }
    let signature = said["Signature"].as_str().ok_or(Refused::NotSigned)?;
    let signature = BASE64_STANDARD.decode(signature).map_err(|_| Refused::Signature)?;
    let algorithm = match said["SignatureVersion"].as_str() {
        Some("2") => &RSA_PKCS1_2048_8192_SHA256,
        // What topics are made with; version 2 is an attribute to set.
        Some("1") => &RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        Some(_) | None => return Err(Refused::Signature),
    };
    let valid = |key: &Vec<u8>| {
        UnparsedPublicKey::new(algorithm, key).verify(data.as_bytes(), &signature).is_ok()
    };
    if !keys_of(certificates).iter().any(valid) {
        return Err(Refused::Signature);
    }
    if said["TopicArn"].as_str() != Some(arn.trim()) {
        return Err(Refused::Topic);
    }
    let stated = said["Timestamp"].as_str().and_then(|text| text.parse().ok());
    let at = stated.map(|at: jiff::Timestamp| Timestamp(at.as_millisecond()));
    of_now(at.ok_or(Refused::Clock)?, SNS_AGE_MS_MAX, now)?;
    let text = |field: &str| said[field].as_str().unwrap_or_default().to_owned();
    Ok(match kind {
        "Notification" => Said::Events(text("Message").into_bytes()),
        "SubscriptionConfirmation" => match topic_confirmation(&text("SubscribeURL")) {
            Some(url) => Said::Confirm(url),
            None => return Err(Refused::Shape),
        },
        _ => Said::Nothing,
    })
}

/// The address by which a subscription is confirmed, if it leads to Amazon SNS and nowhere else.
#[must_use]
pub fn topic_confirmation(url: &str) -> Option<String> {
    let rest = url.strip_prefix("https://")?;
    let (host, path) = rest.split_once('/')?;
    let region = host
        .strip_prefix("sns.")
        .and_then(|host| {
            host.strip_suffix(".amazonaws.com").or_else(|| host.strip_suffix(".amazonaws.com.cn"))
        })
        .filter(|region| !region.is_empty());
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let amazon = region.is_some_and(|region| region.bytes().all(plain));
    let printable = url.len() <= 2_000 && url.bytes().all(|byte| byte.is_ascii_graphic());
    (amazon && printable && path.starts_with("?Action=ConfirmSubscription&"))
        .then(|| url.to_owned())
}

/// The RSA keys of certificates in PEM.
fn keys_of(certificates: &str) -> Vec<Vec<u8>> {
    let read = CertificateDer::pem_slice_iter(certificates.as_bytes());
    let keys = read.filter_map(|certificate| {
        let der = certificate.ok()?;
        let certificate = EndEntityCert::try_from(&der).ok()?;
        let key = certificate.subject_public_key_info();
        rsa_key(key.as_ref())
    });
    keys.collect()
}

/// The RSAPublicKey inside a SubjectPublicKeyInfo (RFC 5280 §4.1).
fn rsa_key(info: &[u8]) -> Option<Vec<u8>> {
    /// SEQUENCE { rsaEncryption, NULL }
    const RSA: [u8; 15] =
        [0x30, 13, 0x06, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0];
    let (0x30, inside, []) = value(info)? else { return None };
    let (0x03, bits, []) = value(inside.strip_prefix(&RSA)?)? else { return None };
    bits.strip_prefix(&[0]).map(<[u8]>::to_vec)
}

/// The first value of DER: its tag, what it holds, and what follows.
fn value(der: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&tag, rest) = der.split_first()?;
    let (&first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        short @ 0..=0x7f => (usize::from(short), rest),
        0x81 => (usize::from(*rest.first()?), rest.get(1..)?),
        0x82 => (usize::from(*rest.first()?) << 8 | usize::from(*rest.get(1)?), rest.get(2..)?),
        _ => return None,
    };
    Some((tag, rest.get(..length)?, rest.get(length..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subscription_is_confirmed_at_amazon_and_nowhere_else() {
        let good = "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn:aws:sns:eu-west-1:1:mail&Token=23";
        assert_eq!(topic_confirmation(good).as_deref(), Some(good));
        for bad in [
            "http://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=1",
            "https://sns.eu-west-1.amazonaws.com.evil.example/?Action=ConfirmSubscription&Token=1",
            "https://sns.eu-west-1.amazonaws.com@evil.example/?Action=ConfirmSubscription&Token=1",
            "https://evil.example/sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&Token=1",
            "https://sns..amazonaws.com/?Action=ConfirmSubscription&Token=1",
            "https://sns.a.b.amazonaws.com/?Action=ConfirmSubscription&Token=1",
            "https://sns.eu-west-1.amazonaws.com:8443/?Action=ConfirmSubscription&Token=1",
            "https://sns.eu-west-1.amazonaws.com/?Action=Publish&Token=1",
            "https://s3.amazonaws.com/?Action=ConfirmSubscription&Token=1",
            "https://169.254.169.254/?Action=ConfirmSubscription&Token=1",
        ] {
            assert_eq!(topic_confirmation(bad), None, "{bad}");
        }
    }

    /// HMAC-SHA256 of "1700000000" and "tok" under "0123456789abcdef", as Python's hmac gives it.
    #[test]
    fn mailgun_is_believed_in_time_and_not_otherwise() {
        let proof = Proof::SigningKey("0123456789abcdef".to_owned());
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"0123456789abcdef");
        let mark = crate::secret::hex(hmac::sign(&key, b"1700000000tok").as_ref());
        let body = |token: &str| {
            format!(
                r#"{{"signature":{{"timestamp":"1700000000","token":"{token}","signature":"{mark}"}},"event-data":{{}}}}"#
            )
        };
        let ask = |body: &str, seconds: i64| {
            let request = Signed { body: body.as_bytes(), ..Signed::default() };
            check(&proof, &request, Timestamp(seconds * 1_000)).err()
        };
        assert_eq!(ask(&body("tok"), 1_700_000_060), None);
        assert_eq!(ask(&body("other"), 1_700_000_060), Some(Refused::Signature));
        assert_eq!(ask(&body("tok"), 1_700_000_000 + 13 * 3_600), Some(Refused::Clock));
        assert_eq!(ask(&body("tok"), 1_700_000_000 - 3_600), Some(Refused::Clock));
        assert_eq!(ask("{}", 1_700_000_060), Some(Refused::NotSigned));
        assert_eq!(ask("[", 1_700_000_060), Some(Refused::Shape));
    }

    #[test]
    fn odd_keys_are_refused_when_a_hook_is_made() {
        for (provider, proof) in [
            (Provider::SendGrid, Proof::PublicKey("AAAA".to_owned())),
            (Provider::SendGrid, Proof::Address),
            (Provider::Mailgun, Proof::SigningKey("short".to_owned())),
            (Provider::Twilio, Proof::AuthToken("short".to_owned())),
            (Provider::Standard, Proof::Secret("whsec_AAAA".to_owned())),
            (Provider::Twilio, Proof::SigningKey("0".repeat(32))),
            (
                Provider::Ses,
                Proof::Topic { arn: "arn:aws:sns:x".to_owned(), certificates: "none".to_owned() },
            ),
            (Provider::Postmark, Proof::SigningKey("0123456789abcdef".to_owned())),
        ] {
            assert!(usable(provider, &proof).is_err(), "{provider:?}");
        }
    }
}
