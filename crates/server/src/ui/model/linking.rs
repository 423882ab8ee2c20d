//! Linking by likeness: the models there are, what is learned or tried, and what that would change.

use super::{Looking, PairSide};

worded! {
    /// One of the models there are.
    KeptModel, "kept-model" {
        /// The one in force.
        InForce => "in-force", "good";
        /// The one that was learned last.
        Learned => "learned", "plus";
        /// The one before.
        Former => "former", "back";
        /// Common sense, and careful.
        BuiltIn => "built-in", "info";
        /// Likeness joins nobody.
        Nobody => "nobody", "unlink";
    }
}

worded! {
    /// Why what was asked for was not begun.
    LinkingWrong, "linking-wrong" {
        /// Something runs already.
        Busy => "busy", "warn";
        /// A share is not between 0 and 100 %.
        NoShare => "no-share", "warn";
        /// What is sure would not be possible.
        Crossed => "crossed", "warn";
        /// Likeness joins nobody, so that there are no lines.
        NoLines => "no-lines", "warn";
        /// There is no such model any more, or it is another one.
        OtherModel => "other-model", "warn";
    }
}

/// A model.
#[derive(Debug, Clone)]
pub struct ModelCard {
    /// Which of the models it is.
    pub kept: KeptModel,
    /// What names it.
    pub name: String,
    /// From how many records it was learned; 0: from none, it is built in.
    pub records: u64,
    /// Whether likeness joins anybody.
    pub links: bool,
    /// From so many thousandths on two are surely one.
    pub sure_permille: u16,
    /// From so many on they may be.
    pub possible_permille: u16,
}

/// A round of training.
#[derive(Debug, Clone)]
pub struct RoundRow {
    /// Its number.
    pub number: u32,
    /// Pairs of one person that are expected.
    pub matches: u64,
    /// The most that any rate moved, in thousandths.
    pub moved_permille: u64,
    /// Whether nothing moves any more.
    pub settled: bool,
}

/// What trying a model came to.
#[derive(Debug, Clone)]
pub struct TriedModel {
    /// The model.
    pub model: ModelCard,
    /// Whether other definitions were tried with it, which are published and not applied.
    pub other_rules: bool,
    /// The lines as they were typed, in shares; `None`: the model's own.
    pub lines: (f64, f64),
    /// Persons today and then.
    pub persons: (u64, u64),
    /// How many would be made of several of today's.
    pub merges: u64,
    /// How many of today's would be several.
    pub splits: u64,
    /// Some of those who would merge.
    pub merging: Vec<Vec<PairSide>>,
    /// Some of those who would split.
    pub splitting: Vec<PairSide>,
    /// Messages of the last 30 days to them.
    pub messages: u64,
    /// Those that one person would have got twice.
    pub repeated: u64,
}

/// What is learned or tried.
#[derive(Debug, Clone, Default)]
pub enum LinkingTold {
    /// Nothing yet.
    #[default]
    Nothing,
    /// It runs.
    Running {
        /// Whether a model is learned; else one is tried.
        learning: bool,
        /// So much.
        done: u64,
        /// Of so much; 0 while nobody can say.
        whole: u64,
        /// Rounds so far.
        rounds: Vec<RoundRow>,
    },
    /// A model was learned.
    Learned {
        /// From so many records.
        records: u64,
        /// In these rounds.
        rounds: Vec<RoundRow>,
    },
    /// There are too few records with a name; so many are needed.
    TooFew(u64),
    /// A model was tried.
    Tried(Box<TriedModel>),
    /// Somebody stopped it.
    Stopped,
    /// The log is too long to be built again beside the server: so many events, of at most so many.
    TooLong(u64, u64),
    /// The store failed.
    Failed,
}

/// The page.
#[derive(Debug, Clone, Default)]
pub struct LinkingModel {
    /// What the page was drawn from.
    pub version: String,
    /// Whether anybody is linked by likeness.
    pub linking: bool,
    /// The models that there are, the one in force first.
    pub models: Vec<ModelCard>,
    /// How far everybody was looked at again since another model was applied.
    pub again: Looking,
    /// What is learned or tried.
    pub told: LinkingTold,
    /// Why what was asked for was not begun.
    pub wrong: Option<LinkingWrong>,
}
