//! A message that is being written.

use super::{EditorProblem, OtherText, Overtaken, TemplateModel};
use crate::templates::TemplateSketch;

/// The page on which a message is written.
#[derive(Debug, Clone)]
pub struct MessageEditorModel {
    /// The draft as somebody would get it, and what a test of it found.
    pub one: TemplateModel,
    /// The revision that the page shows; 0: there is no draft yet.
    pub revision: u64,
    /// When the draft was changed last.
    pub drafted_at: Option<i64>,
    /// Whether there is anything to undo, and anything to do again.
    pub turns: (bool, bool),
    /// Whether a version of it is in force.
    pub in_force: bool,
    /// Whether files manage it.
    pub by_files: bool,
    /// The fields.
    pub sketch: TemplateSketch,
    /// The languages that words are written in: the shop's, and those stated already.
    pub languages: Vec<String>,
    /// What has to be put right, each with its cure.
    pub faults: Vec<(String, String)>,
    /// What becomes otherwise than what is in force.
    pub changes: Vec<(char, String)>,
    /// The document to take home.
    pub text: String,
    /// What was published after the draft had begun.
    pub overtaken: Option<Overtaken>,
    /// Why the last edit was not made.
    pub problems: Vec<EditorProblem>,
    /// Texts that came too late.
    pub aside: Vec<OtherText>,
    /// What others write.
    pub others: Vec<OtherText>,
    /// What came of a test: the subject under which it left, nothing where it stays here, or why not.
    pub tested: Option<Result<Option<String>, String>>,
}

/// The form that begins a message.
#[derive(Debug, Clone, Default)]
pub struct NewMessageModel {
    /// The name typed last time.
    pub name: String,
    /// What it begins with.
    pub from: String,
    /// The templates that it may begin with.
    pub templates: Vec<String>,
    /// Whether the name is taken or cannot be one.
    pub wrong: bool,
}
