//! Collects whom an event is about: normalised, strongest first, each once, placeholders left out.

use regulars_engine::identity::{CallingCode, Identifier, IdentifierKind, IdentityRules};

use crate::json::Scalar;
use crate::limits::IDENTIFIERS_MAX;
use crate::received::Received;
use crate::rejection::RejectionReason;

/// The identifiers of one event, as they are found.
#[derive(Debug)]
pub(crate) struct Identifiers<'r> {
    rules: &'r IdentityRules,
    calling_code: Option<CallingCode>,
    found: Vec<Identifier>,
}

impl<'r> Identifiers<'r> {
    pub(crate) fn new(received: &Received<'r>) -> Self {
        let calling_code = received.source.calling_code;
        Self { rules: received.rules, calling_code, found: Vec::with_capacity(3) }
    }

    /// Adds a value, unless it is no value of its kind or stands for nobody. Returns whether the
    /// value was taken.
    pub(crate) fn add(&mut self, kind: IdentifierKind, value: &str) -> bool {
        // A kind of the shop's own has the class that its definition gives it.
        let kind = if let IdentifierKind::CustomUnique(word) = kind {
            self.rules.kind(&word)
        } else {
            kind
        };
        let Some(identifier) = Identifier::written_in(kind, value, self.calling_code) else {
            return false;
        };
        if !self.rules.blocks(&identifier) && !self.found.contains(&identifier) {
            self.found.push(identifier);
        }
        true
    }

    /// Adds every text of a field.
    pub(crate) fn add_all(&mut self, kind: &IdentifierKind, scalar: Scalar<'_>) {
        scalar.each_text(|text| {
            self.add(kind.clone(), text);
        });
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    pub(crate) fn holds(&self, kind: &IdentifierKind) -> bool {
        self.found.iter().any(|identifier| identifier.kind == *kind)
    }

    /// All that were found, the strongest first.
    pub(crate) fn finish(mut self) -> Result<Vec<Identifier>, RejectionReason> {
        if self.found.len() > IDENTIFIERS_MAX {
            return Err(RejectionReason::TooManyIdentifiers);
        }
        self.found.sort_unstable();
        Ok(self.found)
    }
}

/// The kind of an identifier that a source names by a word of its own, as in Segment's
/// `externalIds`. Words for groups and for what changes with every visit mean nothing here.
pub(crate) fn external_kind(word: &str) -> Option<IdentifierKind> {
    Some(match word.to_ascii_lowercase().as_str() {
        "user_id" => IdentifierKind::UserId,
        "customer_id" => IdentifierKind::CustomerId,
        "loyalty_id" => IdentifierKind::LoyaltyId,
        "email" => IdentifierKind::Email,
        "phone" => IdentifierKind::Phone,
        "anonymous_id" | "cross_domain_id" => IdentifierKind::AnonymousId,
        "device_id" | "android.id" | "android.idfa" | "ios.id" | "ios.idfa" => {
            IdentifierKind::DeviceId
        }
        "cart_token" => IdentifierKind::CartToken,
        "payment_card" => IdentifierKind::PaymentCard,
        _ => return None,
    })
}

/// The anonymous id of a header. One browser SDK writes it in base64; ids hold dashes, which
/// base64 does not know, so that the two are told apart.
pub(crate) fn header_anonymous_id(text: &str) -> String {
    let text = text.trim();
    let decoded = if text.len().is_multiple_of(4) && text.len() >= 8 { base64(text) } else { None };
    decoded
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .filter(|id| id.bytes().all(|byte| byte.is_ascii_graphic()))
        .unwrap_or_else(|| text.to_owned())
}

fn base64(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if text.len() - digits.len() > 2 {
        return None;
    }
    let (mut bytes, mut bits, mut held) = (Vec::new(), 0_u32, 0_u32);
    for digit in digits.bytes() {
        let six = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(six);
        held += 6;
        if held >= 8 {
            held -= 8;
            bytes.push(u8::try_from(bits >> held & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use regulars_engine::event::Mode;
    use regulars_engine::identity::Blocked;
    use regulars_engine::source::SourceSettings;
    use regulars_engine::time::Timestamp;

    use super::*;

    fn in_spain() -> SourceSettings {
        let calling_code = CallingCode::parse("34");
        SourceSettings { calling_code, ..SourceSettings::named("pos") }
    }

    fn received<'a>(source: &'a SourceSettings, rules: &'a IdentityRules) -> Received<'a> {
        let received_at = Timestamp::EARLIEST;
        Received { source, rules, received_at, mode: Mode::Live, feed: None }
    }

    #[test]
    fn numbers_get_the_calling_code_and_those_of_nobody_stay_nobodys() {
        let (source, mut rules) = (in_spain(), IdentityRules::default());
        let blocked = Blocked::Exact("600111222".to_owned());
        rules.blocked.push((Some(IdentifierKind::Phone), blocked));
        let mut identifiers = Identifiers::new(&received(&source, &rules));
        for number in ["610 000 043", "+34610000043", "999 999 999", "123456789", "600-111-222"] {
            assert!(identifiers.add(IdentifierKind::Phone, number));
        }
        let found = identifiers.finish().unwrap();
        let values: Vec<&str> = found.iter().map(Identifier::value).collect();
        assert_eq!(values, ["+34610000043"]);
    }

    #[test]
    fn the_strongest_comes_first_and_placeholders_do_not_come() {
        let (source, rules) = (in_spain(), IdentityRules::default());
        let mut identifiers = Identifiers::new(&received(&source, &rules));
        assert!(identifiers.add(IdentifierKind::AnonymousId, "anon-1"));
        assert!(identifiers.add(IdentifierKind::Email, " Maria@Example.com"));
        assert!(identifiers.add(IdentifierKind::Email, "maria@example.com"));
        assert!(identifiers.add(IdentifierKind::UserId, "undefined"));
        assert!(!identifiers.add(IdentifierKind::Phone, "call me"));
        let kinds: Vec<String> = identifiers
            .finish()
            .unwrap()
            .iter()
            .map(|found| found.kind.word().to_owned())
            .collect();
        assert_eq!(kinds, ["email", "anonymous_id"]);
    }

    #[test]
    fn a_header_may_be_base64() {
        let id = "0900206c-c042-4ec5-92ef-ed7e373c4520";
        assert_eq!(header_anonymous_id("MDkwMDIwNmMtYzA0Mi00ZWM1LTkyZWYtZWQ3ZTM3M2M0NTIw"), id);
        assert_eq!(header_anonymous_id(id), id);
        assert_eq!(header_anonymous_id("anon-1"), "anon-1");
    }
}
