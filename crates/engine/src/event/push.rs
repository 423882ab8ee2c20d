//! Where a browser takes push messages: an address at its vendor's push service, and the keys that
//! messages to it are encrypted with.

use minicbor::{Decode, Encode};

/// A browser's subscription (W3C Push API). Whoever has it can write to the browser: it is a secret of
/// the person, and `Debug` shows nothing of it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Encode, Decode)]
pub struct PushSubscription {
    #[n(0)]
    endpoint: String, // Invariant: http or https, at most ENDPOINT_MAX bytes of printable ASCII.
    #[n(1)]
    key: String, // Invariant: 65 bytes as base64url, an uncompressed point.
    #[n(2)]
    auth: String, // Invariant: 16 bytes as base64url.
}

impl PushSubscription {
    /// The longest endpoint in bytes: those of today's services have 150 to 600.
    pub const ENDPOINT_MAX: usize = 1_500;
    /// An uncompressed point of P-256: 65 bytes, without padding.
    const KEY_LENGTH: usize = 87;
    /// The secret of RFC 8291: 16 bytes, without padding.
    const AUTH_LENGTH: usize = 22;

    /// Reads the three parts that a browser states; `None`: they are none that a message can go to.
    /// Whether the point lies on the curve, and whether the address may be reached and travels
    /// encrypted, is seen when a message leaves.
    #[must_use]
    pub fn new(endpoint: &str, key: &str, auth: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let base64 = |text: &str, length| text.len() == length && text.bytes().all(plain);
        let (key, auth) = (key.trim_end_matches('='), auth.trim_end_matches('='));
        let fits = endpoint.len() <= Self::ENDPOINT_MAX
            && ["https://", "http://"].iter().any(|scheme| endpoint.starts_with(scheme))
            && endpoint.bytes().all(|byte| byte.is_ascii_graphic())
            && base64(key, Self::KEY_LENGTH)
            // The first byte of an uncompressed point is 4.
            && key.starts_with('B')
            && base64(auth, Self::AUTH_LENGTH);
        fits.then(|| Self {
            endpoint: endpoint.to_owned(),
            key: key.to_owned(),
            auth: auth.to_owned(),
        })
    }

    /// Where messages for the browser are posted.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The browser's public key, as base64url.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The secret that messages are authenticated with, as base64url.
    #[must_use]
    pub fn auth(&self) -> &str {
        &self.auth
    }
}

impl std::fmt::Debug for PushSubscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PushSubscription(***)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_subscription_is_refused_and_debug_hides_it() {
        let (point, auth) = (format!("B{}", "a".repeat(86)), "b".repeat(22));
        let push = "https://push.example/a1";
        let held = PushSubscription::new(push, &format!("{point}="), &format!("{auth}==")).unwrap();
        assert_eq!((held.endpoint(), held.key(), held.auth()), (push, &*point, &*auth));
        assert_eq!(format!("{held:?}"), "PushSubscription(***)");
        let long = format!("https://push.example/{}", "a".repeat(PushSubscription::ENDPOINT_MAX));
        for (endpoint, key, auth) in [
            ("ftp://push.example/a1", &point, &auth),
            ("https://push.example/a 1", &point, &auth),
            (long.as_str(), &point, &auth),
            (push, &auth, &auth),
            (push, &format!("A{}", "a".repeat(86)), &auth),
            (push, &point, &point),
            (push, &point, &"/".repeat(22)),
        ] {
            assert_eq!(PushSubscription::new(endpoint, key, auth), None, "{endpoint} {key} {auth}");
        }
    }
}
