//! One text message to a number of one's own, by the way that they are to leave: what is wrong with an
//! account, a token or a sender shows before anybody else gets anything.

use regulars_deliver::sms::{Counted, SmsSettingsError, count};
use regulars_deliver::{SmsChannel, TextMessage};
use regulars_engine::identity::{Identifier, IdentifierKind};
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;

use crate::try_mail::{Became, became};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriedText {
    /// What became of it.
    pub outcome: Became,
    /// What was answered, without any number.
    pub said: String,
    /// How long it was.
    pub counted: Counted,
}

/// Why no message was tried.
#[derive(Debug, thiserror::Error)]
pub enum TryTextError {
    /// The setting is wrong.
    #[error("the setting that says how text messages leave is not understood")]
    Setting(#[from] SmsSettingsError),
    /// That is no number with its country.
    #[error("that is no phone number with its country, such as +34 600 11 22 33")]
    Recipient,
}

/// Sends one message to `to` by `setting`, once.
///
/// # Errors
/// [`TryTextError`] says what keeps it from being tried at all.
pub async fn try_text(
    program: &Program,
    setting: &str,
    to: &str,
    now: Timestamp,
) -> Result<TriedText, TryTextError> {
    let channel = SmsChannel::from_setting(Some(setting))?;
    let calling = program.shop.calling_code;
    let number = Identifier::written_in(IdentifierKind::Phone, to, calling)
        .filter(Identifier::says_its_country)
        .ok_or(TryTextError::Recipient)?;
    let text = format!("{}: text messages leave.", program.shop.name);
    let counted = count(&text);
    // Not of the form that our messages have: what a provider tells of it refers to none of them.
    let id = format!("try-{}", now.0);
    let sent = channel.send(&TextMessage { to: number.value().to_owned(), text, id }).await;
    channel.close();
    let (outcome, said) = became(sent);
    Ok(TriedText { outcome, said, counted })
}
