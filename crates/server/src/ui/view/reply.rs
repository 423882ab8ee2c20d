//! What is written back to a person by text message.

use regulars_ingest::providers::Keyword;

use crate::ui::language::Language;
use crate::ui::text::{Arg, text};

/// The line of a text message that says which word stops it, in the language of this tag, else English.
pub fn stop_line(tag: &str) -> String {
    text(Language::parse(tag).unwrap_or_default(), "sms-stop-line", &[])
}

/// The answer to one of the words that everybody may write.
pub fn reply(language: Language, asked: Keyword, shop: &str) -> String {
    let key = match asked {
        Keyword::Stop => "sms-stopped",
        Keyword::Start => "sms-started",
        Keyword::Help => "sms-help",
    };
    text(language, key, &[("shop", Arg::from(shop))])
}
