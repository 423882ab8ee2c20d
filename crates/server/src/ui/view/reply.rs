//! What is written back to a person by text message.

use regulars_ingest::providers::Keyword;

use crate::ui::language::Language;
use crate::ui::text::{Arg, text};

/// The answer to one of the words that everybody may write.
pub fn reply(language: Language, asked: Keyword, shop: &str) -> String {
    let key = match asked {
        Keyword::Stop => "sms-stopped",
        Keyword::Start => "sms-started",
        Keyword::Help => "sms-help",
    };
    text(language, key, &[("shop", Arg::from(shop))])
}
