//! Twilio's webhooks for text messages: what became of one that was sent, and what people write back.
//! A body is the form that Twilio posts, as one object of texts.
//!
//! What a person writes is looked at for STOP before anything else: whoever wants to stop has said so
//! in whatever words, in the language they speak, and nothing that the message says beside it counts.
//!
//! Source: Twilio's "Twilio's request to your webhook URL", "Outbound message status in status
//! callbacks" and "Support for opt-out keywords".

use serde_json::Value;

use super::{Told, Word, kept, shortened, text, unknown};

/// The field, beside those of Twilio, that names the message of ours that a call is about, as it was put
/// into the address that Twilio calls.
pub const TWILIO_MESSAGE: &str = "RegularsMessage";

/// What a person asks for by one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    /// Nothing more.
    Stop,
    /// Messages again.
    Start,
    /// What this is, and how to stop it.
    Help,
}

/// The language of a keyword, in which it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeywordLanguage {
    /// English.
    English,
    /// Spanish.
    Spanish,
    /// Russian.
    Russian,
}

use Keyword::{Help, Start, Stop};
use KeywordLanguage::{English, Russian, Spanish};

/// The words, in capital letters. Those of English are what Twilio answers by itself, and further
/// ones that operators ask for.
const KEYWORDS: [(&str, Keyword, KeywordLanguage); 34] = [
    ("STOP", Stop, English),
    ("STOPALL", Stop, English),
    ("UNSUBSCRIBE", Stop, English),
    ("CANCEL", Stop, English),
    ("END", Stop, English),
    ("QUIT", Stop, English),
    ("REVOKE", Stop, English),
    ("OPTOUT", Stop, English),
    ("ALTO", Stop, Spanish),
    ("BAJA", Stop, Spanish),
    ("PARAR", Stop, Spanish),
    ("PARE", Stop, Spanish),
    ("DETENER", Stop, Spanish),
    ("CANCELAR", Stop, Spanish),
    ("СТОП", Stop, Russian),
    ("ОТПИСКА", Stop, Russian),
    ("ОТПИСАТЬСЯ", Stop, Russian),
    ("ОТПИШИТЕ", Stop, Russian),
    ("ОТМЕНА", Stop, Russian),
    ("ХВАТИТ", Stop, Russian),
    ("START", Start, English),
    ("UNSTOP", Start, English),
    ("ALTA", Start, Spanish),
    ("INICIO", Start, Spanish),
    ("COMENZAR", Start, Spanish),
    ("СТАРТ", Start, Russian),
    ("ПОДПИСАТЬСЯ", Start, Russian),
    ("HELP", Help, English),
    ("INFO", Help, English),
    ("AYUDA", Help, Spanish),
    ("AYÚDAME", Help, Spanish),
    ("ПОМОЩЬ", Help, Russian),
    ("СПРАВКА", Help, Russian),
    ("ИНФО", Help, Russian),
];

/// Words that mean STOP wherever a short message begins with them: "stop it", "baja por favor".
const STRONG: [&str; 7] = ["STOP", "STOPALL", "UNSUBSCRIBE", "ALTO", "BAJA", "СТОП", "ОТПИСАТЬСЯ"];
/// A message of more words tells something.
const SHORT_WORDS_MAX: usize = 4;

/// What a person's message asks for, if it is a keyword: alone, in any case, with any signs around it;
/// STOP also at the beginning of a short message.
#[must_use]
pub fn keyword(message: &str) -> Option<(Keyword, KeywordLanguage)> {
    let upper = message.to_uppercase();
    let words: Vec<&str> =
        upper.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let first = words.first()?;
    let of = |word: &str| KEYWORDS.iter().find(|(known, ..)| *known == word);
    let alone = words.len() == 1;
    let stops = STRONG.contains(first) && words.len() <= SHORT_WORDS_MAX;
    let (_, keyword, language) = of(first).filter(|_| alone || stops)?;
    Some((*keyword, *language))
}

pub(super) fn read(piece: &Value) -> Told {
    let id = text(&piece["MessageSid"]).or_else(|| text(&piece["SmsSid"])).ok_or_else(unknown)?;
    match text(&piece["MessageStatus"]) {
        Some(status) => became(piece, &id, &status),
        None => wrote(piece, &id),
    }
}

/// What became of a message that was sent.
fn became(piece: &Value, id: &str, status: &str) -> Told {
    let code = text(&piece["ErrorCode"]).unwrap_or_default();
    let event = match (status, code.as_str()) {
        // The number replied STOP before, to Twilio or to the operator.
        (_, "21610") => "Unsubscribed",
        ("delivered" | "read", _) => "SMS Delivered",
        // No such number, or one that takes no messages.
        ("undelivered" | "failed", "21211" | "21614" | "30005" | "30006") => "SMS Bounced",
        ("undelivered", _) => "SMS Deferred",
        ("failed", _) => "SMS Rejected",
        ("accepted" | "scheduled" | "queued" | "sending" | "sent" | "canceled", _) => {
            "SMS Accepted"
        }
        _ => return Err(unknown()),
    };
    let mut properties = kept(
        piece,
        &[
            ("ErrorCode", "status"),
            ("ErrorMessage", "reason"),
            ("MessageSid", "provider_message_id"),
        ],
    );
    properties.insert("provider_event".to_owned(), status.into());
    if event == "Unsubscribed" {
        properties.insert("channel".to_owned(), "sms".into());
    }
    Ok(Word {
        event: event.to_owned(),
        id: format!("{id}-{status}"),
        at: Value::Null,
        recipient: text(&piece["To"]).filter(|number| number.starts_with('+')),
        message_id: text(&piece[TWILIO_MESSAGE]),
        properties,
    })
}

/// What a person wrote.
fn wrote(piece: &Value, id: &str) -> Told {
    let body = text(&piece["Body"]);
    let said = body.as_deref().unwrap_or_default();
    // Twilio says what it took a word for, where it was told further words.
    let by_twilio = match piece["OptOutType"].as_str() {
        Some("STOP") => Some(Stop),
        Some("START") => Some(Start),
        Some("HELP") => Some(Help),
        Some(_) | None => None,
    };
    let asked = by_twilio.or_else(|| keyword(said).map(|(keyword, _)| keyword));
    let event = match asked {
        Some(Stop) => "Unsubscribed",
        // Said to the shop itself, from the phone itself.
        Some(Start) => "Consent Given",
        Some(Help) => "SMS Help Asked",
        // A chat message by the person, over text messages.
        None => "Live Chat Message Sent",
    };
    let mut properties = kept(piece, &[("Body", "text"), ("MessageSid", "provider_message_id")]);
    if matches!(asked, Some(Stop | Start)) {
        properties.insert("channel".to_owned(), "sms".into());
        properties.insert("purpose".to_owned(), "all".into());
        properties.insert("wording".to_owned(), shortened(said).into());
    }
    Ok(Word {
        event: event.to_owned(),
        id: id.to_owned(),
        at: Value::Null,
        recipient: text(&piece["From"]).filter(|number| number.starts_with('+')),
        message_id: None,
        properties,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_keyword_is_heard_in_three_languages_and_any_dress() {
        for (said, asked) in [
            ("STOP", Some((Stop, English))),
            ("  stop.\n", Some((Stop, English))),
            ("¡Alto!", Some((Stop, Spanish))),
            ("baja por favor", Some((Stop, Spanish))),
            ("стоп", Some((Stop, Russian))),
            ("Стоп, хватит!!!", Some((Stop, Russian))),
            ("отписаться", Some((Stop, Russian))),
            ("Stop sending me this", Some((Stop, English))),
            ("help?", Some((Help, English))),
            ("ayuda", Some((Help, Spanish))),
            ("Помощь", Some((Help, Russian))),
            ("unstop", Some((Start, English))),
            ("alta", Some((Start, Spanish))),
            ("Do you stop at the corner of our street?", None),
            ("I stop by at six", None),
            ("Stop! I would like to change my order to the blue one", None),
            ("cancel my order", None),
            ("Yes please, send two", None),
            ("nonstop", None),
            ("", None),
            ("!?", None),
        ] {
            assert_eq!(keyword(said), asked, "{said:?}");
        }
    }
}
