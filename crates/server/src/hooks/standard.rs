//! Whether a call comes from whoever shares a secret, as Standard Webhooks lays down: a signature over
//! the call's id, its time and its body.
//!
//! Source: the Standard Webhooks specification, "Verifying webhook authenticity".

use regulars_deliver::webhook::Secret;
use regulars_engine::time::{MINUTE, Timestamp};
use serde_json::Value;

use super::verify::{Refused, Said, Signed, of_now, seconds};

/// The tolerance of the standard's own libraries; a sender signs each attempt anew.
const AGE_MS_MAX: i64 = 5 * MINUTE;
/// The longest id of a call.
const ID_MAX: usize = 200;
/// Signatures of one call: one of each secret while they change, and of other schemes.
const SIGNATURES_MAX: usize = 10;

/// Lets a call through whose signature and clock are right. A single message that bears no id of its
/// own gets the call's, which is the same however often the call is made: so a repeat changes nothing.
pub(super) fn check(secret: &str, request: &Signed<'_>, now: Timestamp) -> Result<Said, Refused> {
    let signed = request.id.zip(request.timestamp).zip(request.signature);
    let ((id, timestamp), signatures) = signed.ok_or(Refused::NotSigned)?;
    let plain = |byte: u8| byte.is_ascii_graphic() && !b"\"\\.".contains(&byte);
    if !(1..=ID_MAX).contains(&id.len()) || !id.bytes().all(plain) {
        return Err(Refused::Shape);
    }
    let secret = Secret::parse(secret).ok_or(Refused::Signature)?;
    let valid = |signature: &str| secret.signed(signature, (id, timestamp), request.body);
    if !signatures.split(' ').take(SIGNATURES_MAX).any(valid) {
        return Err(Refused::Signature);
    }
    of_now(seconds(timestamp).ok_or(Refused::Clock)?, AGE_MS_MAX, now)?;
    Ok(Said::Events(with_id(request.body, id)))
}

/// The body; where it is one message without an id, with this one. The rest stays byte for byte.
fn with_id(body: &[u8], id: &str) -> Vec<u8> {
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let bare = said.as_object().is_some_and(|said| {
        !said.is_empty()
            && ["batch", "messageId", "message_id"].iter().all(|key| !said.contains_key(*key))
    });
    let Some(at) = body.iter().position(|byte| *byte == b'{').filter(|_| bare) else {
        return body.to_vec();
    };
    let mut with_id = body[..=at].to_vec();
    with_id.extend_from_slice(format!("\"messageId\":\"{id}\",").as_bytes());
    with_id.extend_from_slice(&body[at + 1..]);
    with_id
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const NOW: i64 = 1_796_008_440;
    const BODY: &str = r#"{"type":"track","event":"Store Visited","userId":"ana"}"#;
    const MARK: &str = "v1,iWFLrI8i9CFx31hEKzVxRO0RBiCibYzunk7HaPfATqg=";

    fn asked(id: &str, timestamp: &str, body: &str, signature: &str) -> Result<String, Refused> {
        let request = Signed {
            id: Some(id),
            timestamp: Some(timestamp),
            signature: Some(signature),
            body: body.as_bytes(),
            ..Signed::default()
        };
        match check(SECRET, &request, Timestamp(NOW * 1_000))? {
            Said::Events(bytes) => Ok(String::from_utf8(bytes).unwrap()),
            Said::Confirm(_) | Said::Nothing => panic!("no events"),
        }
    }

    /// What `standardwebhooks.Webhook.sign` (standardwebhooks 1.1.0) computes for the same calls.
    #[test]
    fn a_call_is_believed_as_the_standards_own_library_does() {
        let at = NOW.to_string();
        let with_id = format!("{{\"messageId\":\"msg_2b8\",{}", &BODY[1..]);
        assert_eq!(asked("msg_2b8", &at, BODY, MARK), Ok(with_id.clone()));
        let russian = r#"{"event":"Отзыв ñ"}"#;
        let mark = "v1,A70Jn6n/7Wqde+9lYb/Fb+bVJOvpfyIIflLLhI7bO78=";
        assert!(asked("msg_2b8", &at, russian, mark).is_ok());
        let several = format!("v1a,AAAA v1,AAAA {MARK}");
        assert_eq!(asked("msg_2b8", &at, BODY, &several), Ok(with_id), "secrets change");
        for (id, timestamp, body, signature) in [
            ("msg_2b8", at.as_str(), russian, MARK),
            ("msg_2b9", at.as_str(), BODY, MARK),
            ("msg_2b8", "1796008441", BODY, MARK),
            ("msg_2b8", at.as_str(), BODY, &MARK[3..]),
            ("msg_2b8", at.as_str(), BODY, "v1,"),
            ("msg_2b8", at.as_str(), BODY, &MARK.replace("v1,", "v1a,")),
        ] {
            let refused = asked(id, timestamp, body, signature);
            assert_eq!(refused, Err(Refused::Signature), "{id} {timestamp} {body} {signature}");
        }
        assert_eq!(asked("a.b", &at, BODY, MARK), Err(Refused::Shape));
        let bare = Signed { body: BODY.as_bytes(), ..Signed::default() };
        assert_eq!(check(SECRET, &bare, Timestamp(NOW * 1_000)), Err(Refused::NotSigned));
    }

    #[test]
    fn a_call_of_another_time_is_refused() {
        let request = Signed {
            id: Some("msg_2b8"),
            timestamp: Some("1796008440"),
            signature: Some(MARK),
            body: BODY.as_bytes(),
            ..Signed::default()
        };
        for (off_seconds, believed) in
            [(0, true), (299, true), (-299, true), (301, false), (-301, false)]
        {
            let said = check(SECRET, &request, Timestamp((NOW + off_seconds) * 1_000));
            assert_eq!(said.is_ok(), believed, "{off_seconds} s");
            assert!(believed || said == Err(Refused::Clock));
        }
    }

    #[test]
    fn an_id_of_the_messages_own_stays() {
        for body in [r#"{"messageId":"m1"}"#, r#" {"batch":[]}"#, "{}", "[]", "no json"] {
            assert_eq!(with_id(body.as_bytes(), "msg_1"), body.as_bytes(), "{body}");
        }
        assert_eq!(with_id(br#" {"price":10.10}"#, "m"), br#" {"messageId":"m","price":10.10}"#);
    }
}
