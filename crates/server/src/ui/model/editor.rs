//! A journey that is being written.

use super::{DraftModel, DryRunModel};

/// The page on which a journey is written.
#[derive(Debug, Clone)]
pub struct EditorModel {
    /// The journey.
    pub name: String,
    /// What is told of its draft.
    pub draft: DraftModel,
    /// How many people are inside, in all versions.
    pub inside: u64,
    /// What it states beside its steps: fields and texts.
    pub rules: Vec<(String, String)>,
    /// How many mistakes are in them.
    pub rules_faults: usize,
    /// Its steps.
    pub steps: Vec<EditorStep>,
    /// The place behind the last one.
    pub end: String,
    /// What stands beside the tree.
    pub panel: Panel,
    /// All mistakes, by place.
    pub faults: Vec<EditorFault>,
    /// What works but is perhaps not what was meant.
    pub notices: Vec<String>,
    /// What the last dry run came to.
    pub dry_run: DryRunModel,
    /// Another journey that is being played.
    pub busy: Option<String>,
    /// What fields may name.
    pub choices: Choices,
    /// Where the focus goes.
    pub focus: EditorFocus,
}

/// Where the focus goes when the page was drawn anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EditorFocus {
    /// To what stands beside the tree: somebody asked for it.
    Panel,
    /// Back to the step in the tree: something was written.
    Tree,
    /// Nowhere else.
    Kept,
}

/// A step with what is told of it in the tree.
#[derive(Debug, Clone)]
pub struct EditorStep {
    /// Where it stands.
    pub at: String,
    /// The key that says what it does.
    pub kind: String,
    /// What it does exactly.
    pub label: String,
    /// How many mistakes are in it, not counting its ways.
    pub faults: usize,
    /// The ways that begin here.
    pub ways: Vec<EditorWay>,
}

/// A way of a step.
#[derive(Debug, Clone)]
pub struct EditorWay {
    /// What it is.
    pub name: super::WayName,
    /// Its steps.
    pub steps: Vec<EditorStep>,
    /// The place behind the last one.
    pub end: String,
}

/// What stands beside the tree.
#[derive(Debug, Clone)]
pub enum Panel {
    /// What to do first.
    Nothing,
    /// A form for a step, or for the journey itself.
    Fields(Box<FieldsPanel>),
    /// What may be put at a place.
    Add(String),
    /// Where a step shall stand, or stand once more: chosen in the tree.
    Place {
        /// The step.
        from: String,
        /// Whether it is copied.
        copy: bool,
    },
}

/// A form.
#[derive(Debug, Clone)]
pub struct FieldsPanel {
    /// The step; `None`: the journey itself.
    pub at: Option<String>,
    /// The key that says what the step does; empty: none does.
    pub kind: String,
    /// Its fields.
    pub fields: Vec<EditorField>,
    /// How many ways with names it has; `None`: it has none of that sort.
    pub ways: Option<usize>,
    /// The place before the step before it, and behind the step behind it, where there are such.
    pub around: (Option<String>, Option<String>),
    /// The place behind it.
    pub next: String,
    /// What is wrong with it as a whole: what and the cure.
    pub faults: Vec<(String, String)>,
}

/// A field of a form.
#[derive(Debug, Clone)]
pub struct EditorField {
    /// Its path of keys.
    pub path: String,
    /// What is written there.
    pub input: Input,
    /// An example.
    pub example: &'static str,
    /// Whether something must stand there.
    pub needed: bool,
    /// Whether the example is what holds where nothing is written.
    pub usual: bool,
    /// What stands there.
    pub text: String,
    /// What is wrong with it: what and the cure.
    pub faults: Vec<(String, String)>,
}

/// How something is written into a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// One line.
    Line,
    /// One line, with names to choose from.
    Named(Naming),
    /// Several lines.
    Lines,
    /// A condition.
    Condition,
    /// One of some words.
    Words(&'static [&'static str]),
}

/// Which names may stand in a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// Of templates.
    Template,
    /// Of offers.
    Offer,
    /// Of steps of the journey.
    Step,
    /// Of channels that send.
    Channel,
    /// Of destinations of webhooks.
    Destination,
}

/// What fields may name.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Templates.
    pub templates: Vec<String>,
    /// Offers.
    pub offers: Vec<String>,
    /// Steps of the journey.
    pub steps: Vec<String>,
    /// Channels that send.
    pub channels: Vec<String>,
    /// Destinations of webhooks.
    pub destinations: Vec<String>,
}

/// A mistake.
#[derive(Debug, Clone)]
pub struct EditorFault {
    /// The step; `None`: the journey itself.
    pub at: Option<String>,
    /// Whether it stands in another document than the journey.
    pub elsewhere: bool,
    /// What is wrong.
    pub message: String,
    /// What would cure it.
    pub cure: String,
}

/// A draft in the list of journeys.
#[derive(Debug, Clone)]
pub struct DraftRow {
    /// The journey.
    pub journey: String,
    /// Whose it is.
    pub user: String,
    /// When it was changed last.
    pub changed_at: i64,
}

/// The page on which a new journey begins.
#[derive(Debug, Clone, Default)]
pub struct NewJourneyModel {
    /// The name that was asked for.
    pub name: String,
    /// The example that was chosen.
    pub from: String,
    /// Examples: name and what they do.
    pub examples: Vec<(&'static str, &'static str)>,
    /// Why the name cannot be taken; the cure.
    pub problem: Option<(String, String)>,
    /// The name is taken by a journey or a draft.
    pub taken: bool,
}
