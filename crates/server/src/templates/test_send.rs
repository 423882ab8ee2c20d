//! A template sent to an address of one's own, to be seen in a real mail program. It is marked as a
//! test, stands in no count, and goes nowhere where nothing may go any more.

use std::sync::Arc;

use regulars_deliver::{Sent, Way};
use regulars_engine::event::Channel;
use regulars_engine::identity::{Identifier, IdentifierKind, PersonId};
use regulars_engine::program::Program;
use regulars_engine::step::MayLeave;
use regulars_store::{Reader, SqliteReader, StoreError};
use serde_json::{Value, json};

use super::preview::{Previews, channel_of};
use crate::clock;
use crate::http::{ApiError, App};
use crate::live::OwnMail;
use crate::sending::may_leave;

/// What is sent, to whom.
#[derive(Clone, Debug)]
pub struct TestSend {
    /// The template.
    pub template: String,
    /// The address that gets it.
    pub to: String,
    /// As whom it is filled in; `None`: as somebody of whom nothing is known.
    pub person: Option<PersonId>,
    /// In this language, in place of the person's own.
    pub language: Option<String>,
    /// Who sends it. Each may send some in a quarter of an hour.
    pub by: Sender,
}

/// Who sends a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A user, by name.
    User(String),
    /// A program, by its key's name.
    Key(String),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tested {
    /// The subject that it bears.
    pub subject: String,
    /// In which language.
    pub language: String,
    /// Whether it left this machine: without a mail server nothing does.
    pub left: bool,
}

/// Why nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TestError {
    /// That is no address.
    #[error("this is no e-mail address")]
    Address,
    /// Nothing may go there any more.
    #[error(
        "this address gets nothing any more: its mail came back, or its owner complained or was erased"
    )]
    Stopped,
    /// Sending is switched off.
    #[error("sending is paused")]
    Paused,
    /// They sent many in a short time.
    #[error("many tests were sent in a short time")]
    TooMany,
    /// It cannot be made for this person.
    #[error("the message cannot be made: {0}")]
    NotMade(String),
    /// The server did not take it, or what else keeps it.
    #[error("it was not sent: {0}")]
    NotSent(String),
}

impl TestError {
    /// What would cure it.
    #[must_use]
    pub const fn cure(&self) -> &'static str {
        match self {
            Self::Address => "write a whole address, such as ana@shop.example",
            Self::Stopped => "take another address of your own",
            Self::Paused => "resume sending first",
            Self::TooMany => "wait a quarter of an hour",
            Self::NotMade(_) => "mend the template, or choose somebody else",
            Self::NotSent(_) => "look at the page Channels",
        }
    }
}

impl Tested {
    /// As programs read it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let outcome = if self.left { "sent" } else { "stays here" };
        json!({ "outcome": outcome, "subject": self.subject, "language": self.language })
    }
}

/// Sends a template of `program`, which may be one that is only being written.
///
/// # Errors
/// If the store cannot be read; why nothing was sent is in the answer.
pub async fn test_send(
    app: &App,
    program: Arc<Program>,
    asked: TestSend,
) -> Result<Result<Tested, TestError>, ApiError> {
    let (salt, now) = (app.desk.salt(), clock::now());
    let by = match &asked.by {
        Sender::User(name) => format!("user {name}"),
        Sender::Key(name) => format!("key {name}"),
    };
    if !app.tests.may(&by, now) {
        return Ok(Err(TestError::TooMany));
    }
    let to = asked.to.trim().to_owned();
    if channel_of(&program, &asked.template) != Channel::Email {
        let why = "only mail is sent as a test; look at the preview of a text message";
        return Ok(Err(TestError::NotMade(why.to_owned())));
    }
    let made = app.read(move |reader| match may_go(reader, &to)? {
        Err(error) => Ok(Err(error)),
        Ok(()) => {
            let record = match asked.person {
                Some(id) => reader.person(id)?.map(|(_, record)| record),
                None => None,
            };
            let mut previews = Previews::begin(reader, &program, &asked.template, salt, now)?;
            let made = previews.preview(record.as_ref(), asked.language.as_deref());
            let mail = made.made.map(|made| OwnMail {
                to,
                subject: format!("[test] {}", made.subject),
                html: made.html,
                text: made.text,
                // Not of the form that messages have: what a provider tells of it refers to none.
                id: format!("test-{}", now.0),
                at: now,
            });
            Ok(mail.map(|mail| (mail, made.language)).map_err(TestError::NotMade))
        }
    });
    let (mail, language) = match made.await? {
        Ok(made) => made,
        Err(error) => return Ok(Err(error)),
    };
    let subject = mail.subject.clone();
    let Some(deliverers) = &app.deliverers else {
        return Ok(Err(TestError::NotSent("no mail leaves in this process".to_owned())));
    };
    let left = deliverers.channel.way() != Way::Outbox;
    Ok(match deliverers.send_own(mail).await {
        Ok(Sent::Accepted { .. } | Sent::Uncertain { .. }) => {
            Ok(Tested { subject, language, left })
        }
        Ok(Sent::Refused { text, .. } | Sent::NotSent { text, .. }) => {
            Err(TestError::NotSent(text.reveal().to_owned()))
        }
        Err(why) => Err(TestError::NotSent(why.to_owned())),
    })
}

/// Whether a test may go to an address: what stops every message stops it too.
fn may_go(reader: &SqliteReader, to: &str) -> Result<Result<(), TestError>, StoreError> {
    let Some(address) = Identifier::new(IdentifierKind::Email, to) else {
        return Ok(Err(TestError::Address));
    };
    if may_leave(reader.sending()?) == MayLeave::Nothing {
        return Ok(Err(TestError::Paused));
    }
    let key = address.key(reader.salt());
    let holder = match reader.holder(key)? {
        Some(id) => reader.person(id)?,
        None => None,
    };
    let suppressed = holder
        .is_some_and(|(_, record)| record.profile.consents.suppressions.contains_key(&address));
    let stopped = suppressed || reader.erased(key)?;
    Ok(if stopped { Err(TestError::Stopped) } else { Ok(()) })
}
