//! Messages: the list of templates, and one of them as somebody would get it.

use regulars_deliver::sms::Counted;
use regulars_deliver::template::Notification;

use super::{Channel, Purpose};

/// All templates.
#[derive(Debug, Clone, Default)]
pub struct MessagesModel {
    /// By name.
    pub templates: Vec<TemplateRow>,
    /// Drafts: of which message, whose, and when they were changed last.
    pub drafts: Vec<(String, String, i64)>,
    /// Of how many days messages are counted.
    pub days: u64,
    /// Whether the log was read to its end.
    pub whole: bool,
}

/// One template in the list.
#[derive(Debug, Clone)]
pub struct TemplateRow {
    /// Its name.
    pub name: String,
    /// Over which channel.
    pub channel: Channel,
    /// What it is sent for.
    pub purpose: Purpose,
    /// The journeys that send it.
    pub journeys: Vec<String>,
    /// The languages it speaks; empty: it says the same in all.
    pub languages: Vec<String>,
    /// Sent, opened, clicked, come back, complained of; `None`: it is shown on the site, and its journeys
    /// count that.
    pub sent: Option<[u64; 5]>,
}

/// One template.
#[derive(Debug, Clone)]
pub struct TemplateModel {
    /// Where it is looked at: its page, or that on which it is written.
    pub at: String,
    /// How it stands in the list.
    pub row: TemplateRow,
    /// Of how many days messages are counted.
    pub days: u64,
    /// Its definition.
    pub source: String,
    /// For whom it is shown: id and name; `None`: for somebody of whom nothing is known.
    pub person: Option<(String, String)>,
    /// Whether somebody was looked for and not found.
    pub nobody: bool,
    /// The language that was asked for, in place of the person's own.
    pub language: Option<String>,
    /// As this person would get it.
    pub shown: ShownMessage,
    /// What a test over real people found, if one was made.
    pub trial: Option<TrialModel>,
    /// Of a message on the site: the places in which it is shown, each with its height in pixels.
    pub slots: Vec<(String, u32)>,
    /// The revision of the draft that is shown; `None`: it is the version in force.
    pub revision: Option<u64>,
}

/// A message as somebody would get it.
#[derive(Debug, Clone, Default)]
pub struct ShownMessage {
    /// In which language.
    pub language: String,
    /// The subject.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// Why it cannot be made for this person.
    pub problem: Option<String>,
    /// Whether products, and whether an offer, were made up.
    pub made_up: (bool, bool),
    /// What a text message comes to; `None`: it is none.
    pub counted: Option<Counted>,
    /// What a push message has beside its title and text; `None`: it is none.
    pub notification: Option<Notification>,
}

/// What a test over real people found.
#[derive(Debug, Clone, Default)]
pub struct TrialModel {
    /// People there are, looked at, and who could get it.
    pub people: [u64; 3],
    /// Of those: with everything, with a fallback or a gap, not at all.
    pub come_out: [u64; 3],
    /// In which languages they read it.
    pub languages: Vec<(String, u64)>,
    /// What people lack.
    pub findings: Vec<LackRow>,
}

/// Something that some lack.
#[derive(Debug, Clone)]
pub struct LackRow {
    /// The placeholder as it is written, or why the message cannot be made.
    pub what: String,
    /// Where it stands.
    pub place: Option<String>,
    /// What is read instead.
    pub instead: Instead,
    /// How many.
    pub people: u64,
    /// Some of them: id, masked address, the subject they would read.
    pub samples: Vec<(String, String, String)>,
}

/// What somebody reads in place of what is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Instead {
    /// Nothing stands there.
    Nothing,
    /// This text.
    Says(String),
    /// Another part of the message.
    Other,
    /// The message is not made at all.
    NoMessage,
}
