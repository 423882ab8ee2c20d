//! Whether a form comes from Twilio: its signature covers the address that it called and every field.
//!
//! Source: Twilio's "Security: validating requests".

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use percent_encoding::percent_decode_str;
use regulars_ingest::providers::TWILIO_MESSAGE as MESSAGE;
use ring::hmac;
use serde_json::{Map, Value};

use super::verify::{Refused, Said, Signed};

/// Twilio sends a dozen or two.
const FIELDS_MAX: usize = 200;

/// Lets a form through that Twilio signed with the account's token. There is no time in it: a form that
/// comes again is a repeat of its events, by the message's id.
pub(super) fn check(token: &str, request: &Signed<'_>) -> Result<Said, Refused> {
    let signature = request.signature.ok_or(Refused::NotSigned)?;
    let signature = BASE64_STANDARD.decode(signature.trim()).map_err(|_| Refused::Signature)?;
    let mut fields = fields(request.body)?;
    fields.sort();
    let covered: String = fields.iter().map(|(name, value)| format!("{name}{value}")).collect();
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, token.trim().as_bytes());
    let valid =
        |url: &String| hmac::verify(&key, format!("{url}{covered}").as_bytes(), &signature).is_ok();
    if !spellings(request.url).iter().any(valid) {
        return Err(Refused::Signature);
    }
    let mut object: Map<String, Value> =
        fields.into_iter().map(|(name, value)| (name, value.into())).collect();
    // We put it there when the message left, and the signature covers the whole address.
    if let Some(message) = message(request.url) {
        object.insert(MESSAGE.to_owned(), message.into());
    }
    Ok(Said::Events(Value::Object(object).to_string().into_bytes()))
}

/// The fields of a form.
fn fields(body: &[u8]) -> Result<Vec<(String, String)>, Refused> {
    let text = std::str::from_utf8(body).map_err(|_| Refused::Shape)?;
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8().map(String::from).map_err(|_| Refused::Shape)
    };
    let pairs: Vec<&str> = text.split('&').filter(|pair| !pair.is_empty()).collect();
    if pairs.is_empty() || pairs.len() > FIELDS_MAX {
        return Err(Refused::Shape);
    }
    let read = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        Ok((decoded(name)?, decoded(value)?))
    };
    pairs.into_iter().map(read).collect()
}

/// Our message that a call is about, by the address that it was given.
fn message(url: &str) -> Option<&str> {
    let (_, asked) = url.split_once('?')?;
    asked.split('&').find_map(|pair| pair.strip_prefix("message="))
}

/// The address with and without the port that goes without saying: Twilio signs now one, now the
/// other.
fn spellings(url: &str) -> [String; 2] {
    let Some((scheme, rest)) = url.split_once("://") else {
        return [url.to_owned(), String::new()];
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let port = if scheme == "https" { ":443" } else { ":80" };
    let other = match host.strip_suffix(port) {
        Some(bare) => format!("{scheme}://{bare}{path}"),
        None => format!("{scheme}://{host}{port}{path}"),
    };
    [url.to_owned(), other]
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "12345678901234567890123456789012";

    fn asked(url: &str, body: &str, signature: &str) -> Result<Said, Refused> {
        let request =
            Signed { signature: Some(signature), url, body: body.as_bytes(), ..Signed::default() };
        check(TOKEN, &request)
    }

    /// What `twilio.request_validator.RequestValidator` (twilio 9.13.0) computes for the same forms.
    #[test]
    fn a_form_is_believed_as_twilios_own_library_does() {
        let url = "https://shop.example/hooks/sms/hk_abc";
        let body = "MessageSid=SM1&From=%2B34600111222&To=%2B34911222333&Body=ALTO&NumMedia=0";
        let signature = "XA7Pu1q5RSEbne8rnSKfSfQ8u6Y=";
        assert!(asked(url, body, signature).is_ok());
        let with_port = "https://shop.example:443/hooks/sms/hk_abc";
        assert!(asked(with_port, body, signature).is_ok(), "the port goes without saying");
        let other = "https://shop.example:8443/hooks/sms/hk_abc?message=17";
        let russian = "MessageSid=SM2&From=%2B79161234567&SmsStatus=received\
                       &Body=%D1%81%D1%82%D0%BE%D0%BF+%26+%D0%B5%D1%89%D1%91%3D1";
        let said = asked(other, russian, "ayAirr1PKW2T2g09ote7zYhesFc=").unwrap();
        let Said::Events(bytes) = said else { panic!("no events") };
        let said: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(said["Body"], "стоп & ещё=1");
        assert_eq!(said[MESSAGE], "17");
        for (url, body, signature) in [
            (url, &body.replace("ALTO", "HOLA"), signature),
            ("https://shop.example/hooks/sms/hk_abd", &body.to_owned(), signature),
            ("http://shop.example/hooks/sms/hk_abc", &body.to_owned(), signature),
            (url, &format!("{body}&Extra=1"), signature),
            (url, &body.to_owned(), "XA7Pu1q5RSEbne8rnSKfSfQ8u6Z="),
            (url, &body.to_owned(), "not base 64"),
        ] {
            assert_eq!(asked(url, body, signature), Err(Refused::Signature), "{url} {body}");
        }
        assert_eq!(check(TOKEN, &Signed::default()), Err(Refused::NotSigned));
        assert_eq!(asked(url, "", signature), Err(Refused::Shape));
        assert_eq!(asked(url, "Body=%ff", signature), Err(Refused::Shape));
    }
}
