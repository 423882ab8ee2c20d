//! One push message, ready to be encrypted.

use std::fmt;

/// How much a device may spend on a message at once (RFC 8030 §5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Urgency {
    /// Once the device has power or Wi-Fi.
    Low,
    /// When the device is awake.
    Normal,
    /// At once, on a low battery too.
    High,
}

impl Urgency {
    /// The word in the request.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

/// A message for one browser.
#[derive(Clone, PartialEq, Eq)]
pub struct PushMessage {
    /// Where the browser's push service takes it.
    pub endpoint: String,
    /// The browser's public key, as base64url.
    pub key: String,
    /// The browser's secret, as base64url.
    pub auth: String,
    /// What the browser is told: at most [`PAYLOAD_MAX`](super::PAYLOAD_MAX) bytes.
    pub payload: Vec<u8>,
    /// Up to 32 letters, digits, hyphens and underlines: of two messages of one topic that wait for a
    /// device, it gets the later.
    pub topic: String,
    /// How much a device may spend on it.
    pub urgency: Urgency,
    /// Seconds for which the push service keeps it for a device that is away.
    pub keep_s: u32,
    /// Who answers for it: an https or mailto URL of the shop (RFC 8292 §2.1); empty: nobody is named.
    pub contact: String,
}

impl fmt::Debug for PushMessage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PushMessage(***)")
    }
}
