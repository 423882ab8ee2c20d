//! A message that is being written.

use regulars_engine::event;

use super::{DraftModel, TemplateModel};
use crate::templates::TemplateSketch;

/// The page on which a message is written.
#[derive(Debug, Clone)]
pub struct MessageEditorModel {
    /// The draft as somebody would get it, and what a test of it found.
    pub one: TemplateModel,
    /// What is told of its draft.
    pub draft: DraftModel,
    /// The fields.
    pub sketch: TemplateSketch,
    /// The languages that words are written in: the shop's, and those stated already.
    pub languages: Vec<String>,
    /// What has to be put right, each with its cure.
    pub faults: Vec<(String, String)>,
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
    /// Over which channel a blank one goes; `Web` is the shop's own site.
    pub channel: event::Channel,
    /// The templates that it may begin with.
    pub templates: Vec<String>,
    /// Whether the name is taken or cannot be one.
    pub wrong: bool,
}
