//! Encryption of a payload for one browser: RFC 8291 over the content coding `aes128gcm` (RFC 8188).
//!
//! One record, whose key comes of a key pair made for this message alone, the browser's key and secret,
//! and a random salt.

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::rand::{SecureRandom, SystemRandom};

/// The size of a record that is stated, and the size of a request that every push service takes.
const RECORD_SIZE: u32 = 4_096;
/// Salt, size of a record, length of the key, key.
const HEADER: usize = 16 + 4 + 1 + POINT;
/// An uncompressed point of P-256.
const POINT: usize = 65;
/// The byte that ends the last record.
const LAST: u8 = 2;

/// The most bytes of a payload: a request has 4,096 at most, with its header, the byte that ends it and
/// the mark of 16 bytes.
pub const PAYLOAD_MAX: usize = 4_096 - HEADER - 1 - 16;

/// The browser's keys are none that a message can be encrypted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NoKey;

/// The body of a request for the browser with this public key and secret.
///
/// # Errors
/// If the key is no point of the curve.
///
/// # Panics
/// If the system has no randomness to give, or the payload is longer than [`PAYLOAD_MAX`].
pub(super) fn encrypt(key: &[u8], auth: &[u8], payload: &[u8]) -> Result<Vec<u8>, NoKey> {
    let random = SystemRandom::new();
    let own = EphemeralPrivateKey::generate(&ECDH_P256, &random);
    let own = own.expect("the system gives random bytes");
    let public = own.compute_public_key().expect("a fresh key has a public half");
    let mut salt = [0; 16];
    random.fill(&mut salt).expect("the system gives random bytes");
    let theirs = UnparsedPublicKey::new(&ECDH_P256, key);
    agree_ephemeral(own, &theirs, |secret| {
        seal(secret, (key, auth), (public.as_ref(), &salt), payload)
    })
    .map_err(|_| NoKey)
}

/// The record, given what both sides come to know: the browser's key and secret, and our public key and
/// salt.
fn seal(
    secret: &[u8],
    (key, auth): (&[u8], &[u8]),
    (public, salt): (&[u8], &[u8; 16]),
    payload: &[u8],
) -> Vec<u8> {
    assert!(payload.len() <= PAYLOAD_MAX, "whoever sends counts first");
    let info: [&[u8]; 3] = [b"WebPush: info\0", key, public];
    let ikm: [u8; 32] = derived(auth, secret, &info);
    let content: [u8; 16] = derived(salt, &ikm, &[b"Content-Encoding: aes128gcm\0"]);
    let nonce: [u8; 12] = derived(salt, &ikm, &[b"Content-Encoding: nonce\0"]);
    let content = UnboundKey::new(&AES_128_GCM, &content).expect("the key has 16 bytes");
    let mut record = payload.to_vec();
    record.push(LAST);
    LessSafeKey::new(content)
        .seal_in_place_append_tag(
            Nonce::assume_unique_for_key(nonce), // The key is used this once.
            Aad::empty(),
            &mut record,
        )
        .expect("a record is far below the limit of the cipher");
    let mut body = Vec::with_capacity(HEADER + record.len());
    body.extend_from_slice(salt);
    body.extend_from_slice(&RECORD_SIZE.to_be_bytes());
    body.push(u8::try_from(public.len()).expect("a point has 65 bytes"));
    body.extend_from_slice(public);
    body.extend_from_slice(&record);
    body
}

/// HKDF with SHA-256 (RFC 5869), extracted and expanded.
fn derived<const LENGTH: usize>(salt: &[u8], secret: &[u8], info: &[&[u8]]) -> [u8; LENGTH] {
    let mut bytes = [0; LENGTH];
    Salt::new(HKDF_SHA256, salt)
        .extract(secret)
        .expand(info, Bytes(LENGTH))
        .and_then(|okm| okm.fill(&mut bytes))
        .expect("so few bytes can always be derived");
    bytes
}

struct Bytes(usize);

impl KeyType for Bytes {
    fn len(&self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;

    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        BASE64.decode(text).unwrap()
    }

    /// The example of RFC 8291, section 5 and appendix A, from the shared secret on: the key pair of a
    /// message cannot be chosen. That it agrees on that secret, an independent program shows in
    /// `tests/push`.
    #[test]
    fn the_example_of_the_standard_comes_out_byte_for_byte() {
        let secret = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let key = bytes(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        );
        let public = bytes(
            "BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8",
        );
        let auth = bytes("BTBZMqHH6r4Tts7J_aSIgg");
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let payload = b"When I grow up, I want to be a watermelon";
        let body = seal(&secret, (&key, &auth), (&public, &salt), payload);
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vC\
            YLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexS\
            gSxsj_Qulcy4a-fN";
        assert_eq!(BASE64.encode(body), expected.replace(' ', ""));
    }

    #[test]
    fn the_longest_payload_fills_a_request_and_a_key_off_the_curve_is_none() {
        let key = bytes(
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        );
        let payload = vec![b'x'; PAYLOAD_MAX];
        let body = encrypt(&key, &[7; 16], &payload).unwrap();
        assert_eq!(body.len(), 4_096);
        assert_ne!(body, encrypt(&key, &[7; 16], &payload).unwrap(), "keys are used once");
        assert_eq!(encrypt(&[4; POINT], &[7; 16], b"a"), Err(NoKey));
        assert_eq!(encrypt(&[], &[7; 16], b"a"), Err(NoKey));
    }
}
