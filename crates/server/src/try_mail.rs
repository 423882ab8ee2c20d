//! One message to an address of one's own, by the way that mail is to leave: what is wrong with a key, a
//! certificate or a signature shows before anybody else gets anything.

use regulars_deliver::email::SettingsError;
use regulars_deliver::{Channel, Email, Mailbox, Message, Sent, Way};
use regulars_engine::program::Program;
use regulars_engine::time::Timestamp;
use regulars_store::{Reader, StoreError};

use crate::{clock, signing};

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tried {
    /// Where it went: `the mail server`, or the provider's name.
    pub way: &'static str,
    /// What became of it.
    pub outcome: Became,
    /// What was answered, without any address.
    pub said: String,
    /// Who signs: our keys, the provider's, or nobody.
    pub signed: SignedBy,
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Became {
    /// It was taken.
    Taken,
    /// It was not, and may be another time: look at the setting.
    NotTaken,
    /// It was refused for good.
    Refused,
    /// Nobody knows.
    Uncertain,
}

impl Became {
    /// The word on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Taken => "taken",
            Self::NotTaken => "not taken",
            Self::Refused => "refused",
            Self::Uncertain => "uncertain",
        }
    }
}

/// Who vouches for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignedBy {
    /// Keys that are kept here.
    Us,
    /// The provider, with its own.
    Provider,
    /// Nobody.
    Nobody,
}

impl SignedBy {
    /// The word on the command line.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Us => "regulars",
            Self::Provider => "provider",
            Self::Nobody => "nobody",
        }
    }
}

/// Why no message was tried.
#[derive(Debug, thiserror::Error)]
pub enum TryError {
    /// The setting is wrong.
    #[error("the setting that says how mail leaves is not understood")]
    Setting(#[from] SettingsError),
    /// The shop cannot be written from.
    #[error("the shop has no sender address; state \"from\" in its definition")]
    Sender,
    /// That is no address.
    #[error("that is not an e-mail address")]
    Recipient,
    /// The store failed.
    #[error("could not read the keys that sign mail")]
    Store(#[from] StoreError),
}

/// Sends one message to `to` by `setting`, once.
///
/// # Errors
/// [`TryError`] says what keeps it from being tried at all.
pub async fn try_mail<R: Reader>(
    reader: &R,
    program: &Program,
    setting: &str,
    to: &str,
    now: Timestamp,
) -> Result<Tried, TryError> {
    let channel = Channel::from_setting(Some(setting))?;
    let shop = &program.shop;
    let from = Mailbox::parse(&shop.from_name, &shop.from_email).map_err(|_| TryError::Sender)?;
    let domain = from.domain().to_owned();
    let words = format!("This message shows that the mail of {} leaves.", shop.name);
    let message = Message {
        from,
        bounces_to: None,
        reply_to: None,
        to: Mailbox::parse("", to).map_err(|_| TryError::Recipient)?,
        subject: format!("{}: mail leaves", shop.name),
        html: maud::html! { p { (words) } }.into_string(),
        text: words,
        // Not of the form that our messages have: what a provider tells of it refers to none of them.
        message_id: format!("try-{}@{domain}", now.0),
        sent_at: clock::for_others(now),
        unsubscribe: None,
        headers: Vec::new(),
    };
    let mut email = Email::build(&message).map_err(|_| TryError::Sender)?;
    let signers = signing::signers(reader)?;
    let signed = match (channel.takes_bytes(), signers.of(&domain).is_empty()) {
        (false, _) => SignedBy::Provider,
        (true, true) => SignedBy::Nobody,
        (true, false) => SignedBy::Us,
    };
    if signed == SignedBy::Us {
        signers.sign(&mut email, &domain, message.sent_at);
    }
    let way = match channel.way() {
        Way::MailServer => "the mail server",
        Way::Provider(provider) => provider.name(),
        Way::Outbox => "the outbox",
    };
    let sent = channel.send(&message, &email).await;
    channel.close().await;
    let (outcome, said) = became(sent);
    Ok(Tried { way, outcome, said, signed })
}

/// What became of a message, and what was answered, without any address.
pub(crate) fn became(sent: Sent) -> (Became, String) {
    let later = sent.may_be_taken_later();
    match sent {
        Sent::Accepted { provider_id, .. } => (Became::Taken, provider_id.unwrap_or_default()),
        Sent::Refused { text, .. } | Sent::NotSent { text, .. } => {
            (if later { Became::NotTaken } else { Became::Refused }, text.to_string())
        }
        Sent::Uncertain { text, .. } => (Became::Uncertain, text.to_string()),
    }
}
