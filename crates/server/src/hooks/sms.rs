//! What is written back to a person who wrote one of the words that everybody may write: STOP, START,
//! HELP, in the language of the word.

use regulars_ingest::providers::{KeywordLanguage, keyword};
use serde_json::Value;

use crate::ui::Language;
use crate::ui::view::reply::reply;

/// The answer to a call of Twilio's, in its own form: a message back, or none. `form` is the form as
/// one object of texts.
///
/// Where Twilio answered by itself it says so, and nobody is answered twice.
#[must_use]
pub fn answer(shop: &str, form: &[u8]) -> String {
    let said: Value = serde_json::from_slice(form).unwrap_or_default();
    let written = said["MessageStatus"].is_null() && said["OptOutType"].is_null();
    let asked = said["Body"].as_str().filter(|_| written).and_then(keyword);
    let Some((asked, language)) = asked else { return "<Response/>".to_owned() };
    let language = match language {
        KeywordLanguage::English => Language::English,
        KeywordLanguage::Spanish => Language::Spanish,
        KeywordLanguage::Russian => Language::Russian,
    };
    let words = reply(language, asked, shop);
    format!("<Response><Message>{}</Message></Response>", escaped(&words))
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_writes_a_word_is_answered_once_and_in_their_language() {
        let said = |form: &str| answer("Oak & Leaf", form.as_bytes());
        assert_eq!(
            said(r#"{"Body":"стоп"}"#),
            "<Response><Message>Oak &amp; Leaf: вы больше не получите сообщений. Чтобы получать их \
             снова, ответьте СТАРТ.</Message></Response>"
        );
        assert!(said(r#"{"Body":"ayuda"}"#).contains("BAJA"));
        assert!(said(r#"{"Body":"start"}"#).contains("STOP"));
        for silent in [
            r#"{"Body":"where is my order?"}"#,
            r#"{"Body":"STOP","OptOutType":"STOP"}"#,
            r#"{"Body":"STOP","MessageStatus":"delivered"}"#,
            "{}",
            "no form",
        ] {
            assert_eq!(said(silent), "<Response/>", "{silent}");
        }
    }
}
