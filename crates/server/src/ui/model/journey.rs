//! Journeys and the accounts of their steps.

use super::{DecisionRow, Purpose, ReasonCount, Tone};

/// The list of journeys.
#[derive(Debug, Clone, Default)]
pub struct JourneysModel {
    /// The journeys, live ones first.
    pub journeys: Vec<JourneyCard>,
    /// Drafts, by journey and user.
    pub drafts: Vec<super::DraftRow>,
}

worded! {
    /// Whether a journey takes people in.
    JourneyState, "journey-state" {
        /// It runs.
        Live => "live", "play";
        /// It takes nobody in and sends nothing until it goes on.
        Paused => "paused", "paused";
        /// It takes nobody in; who is inside goes on to the end.
        Closing => "closing", "exited";
    }
}

impl JourneyState {
    /// How the state feels.
    pub const fn tone(self) -> Tone {
        match self {
            Self::Live => Tone::Good,
            Self::Paused => Tone::Warn,
            Self::Closing => Tone::Neutral,
        }
    }
}

/// One journey with its steps.
#[derive(Debug, Clone)]
pub struct JourneyCard {
    /// The name of the definition, which is its address.
    pub id: String,
    /// The name people say.
    pub name: String,
    /// Whether it runs.
    pub state: JourneyState,
    /// Why it sends.
    pub purpose: Purpose,
    /// The start of the definition's hash: which version runs.
    pub version: String,
    /// Who starts it, in the words of the definition.
    pub entry: String,
    /// What ends it at once, in the words of the definition.
    pub exits: Vec<String>,
    /// What it is there for, in the words of the definition.
    pub goal: Option<String>,
    /// Enrollments begun.
    pub entered: u64,
    /// Enrollments that reached the goal, if there is one.
    pub reached_goal: Option<u64>,
    /// The steps in order; branches follow their parent one level deeper.
    pub steps: Vec<StepRow>,
}

worded! {
    /// What a step does.
    StepKind, "step" {
        /// Waits a span of time.
        Wait => "wait", "waiting";
        /// Waits until a condition holds.
        WaitUntil => "wait-until", "clock";
        /// Waits until something happens.
        WaitFor => "wait-for", "clock";
        /// Chooses a way by a condition.
        Branch => "branch", "branch";
        /// Chooses a way by chance.
        Split => "split", "branch";
        /// Finds out which way is better.
        Test => "test", "branch";
        /// Keeps some people out to measure.
        Holdout => "holdout", "people";
        /// Sends a message.
        Send => "send", "sent";
        /// Lets the site show a message.
        Show => "show", "web";
        /// Gives an offer.
        Offer => "offer", "offer";
        /// Sets a trait.
        Set => "set", "trait";
        /// Calls another system.
        Webhook => "webhook", "webhook";
        /// Tells a colleague.
        Notify => "notify", "push";
        /// Goes on at another step.
        GoTo => "go-to", "arrow-right";
        /// Leaves.
        Exit => "exit", "exited";
    }
}

/// The accounts of one step: `entered = left + waiting + done`, always.
#[derive(Debug, Clone)]
pub struct StepRow {
    /// What it does.
    pub kind: StepKind,
    /// What it does exactly: `24 h`, the template's name, the condition.
    pub label: String,
    /// 0 for the trunk, one more inside each branch.
    pub depth: u8,
    /// Came to the step.
    pub entered: u64,
    /// Left the journey here.
    pub left: u64,
    /// Are here; those held are among them.
    pub waiting: u64,
    /// Went on.
    pub done: u64,
    /// Of those here: held by the guard.
    pub held: u64,
    /// Why they are held, the commonest first.
    pub held_because: Vec<ReasonCount>,
    /// Of those who went on: with a message sent.
    pub sent: u64,
    /// Of those who went on: without it.
    pub skipped: u64,
    /// Why without it, the commonest first.
    pub skipped_because: Vec<ReasonCount>,
    /// Why they left here, the commonest first.
    pub left_because: Vec<ReasonCount>,
    /// The page that tells what became of what it told, if it tells another program.
    pub told: Option<String>,
    /// What became of its message on the site, for steps that show one.
    pub on_site: Option<OnSiteCount>,
}

/// What became of a message on the site.
#[derive(Debug, Clone, Copy)]
pub struct OnSiteCount {
    /// How often it was shown; once an hour for each visitor.
    pub shown: u64,
    /// How many followed it.
    pub clicked: u64,
    /// How many closed it.
    pub dismissed: u64,
}

impl StepRow {
    /// True when the accounts balance; a breach is our bug and is shown, not hidden.
    pub fn balances(&self) -> bool {
        self.left.checked_add(self.waiting).and_then(|sum| sum.checked_add(self.done))
            == Some(self.entered)
            && self.held <= self.waiting
    }
}

/// The page of one journey.
#[derive(Debug, Clone)]
pub struct JourneyModel {
    /// The version that is shown, without its steps.
    pub card: JourneyCard,
    /// Whether that is the one in force.
    pub in_force: bool,
    /// Its steps as they are written.
    pub steps: Vec<TreeStep>,
    /// The version in force, and those in which people are.
    pub versions: Vec<VersionRow>,
    /// Why people left it before its end in the last 30 days, the commonest first.
    pub left_because: Vec<ReasonCount>,
    /// What the last dry run came to.
    pub dry_run: DryRunModel,
    /// Another journey that is being played, which has to end before this one can begin.
    pub busy: Option<String>,
    /// What the page was drawn from.
    pub drawn_from: String,
}

/// A step of the tree.
#[derive(Debug, Clone)]
pub struct TreeStep {
    /// Its accounts.
    pub row: StepRow,
    /// The name it was given or got by its place.
    pub name: String,
    /// The ways that begin here.
    pub ways: Vec<TreeWay>,
}

/// A way that begins at a step.
#[derive(Debug, Clone)]
pub struct TreeWay {
    /// What it is.
    pub name: WayName,
    /// Its steps; none: it leads to what follows.
    pub steps: Vec<TreeStep>,
}

/// What a way is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WayName {
    /// Where the condition holds.
    Then,
    /// Where it does not.
    Else,
    /// Where the time is up.
    TimeIsUp,
    /// One that chance chooses, with its share in the words of the definition.
    Drawn(String, Option<String>),
}

/// A version of a journey.
#[derive(Debug, Clone)]
pub struct VersionRow {
    /// Its hash, as addresses have it.
    pub id: String,
    /// How many people are in it.
    pub inside: u64,
    /// Whether new people enter it.
    pub in_force: bool,
    /// Whether it is shown.
    pub shown: bool,
    /// What the one in force has otherwise: `+`, `-` or a blank, and the line.
    pub changes: Vec<(char, String)>,
}

/// Whether a journey was played, and what it came to.
#[derive(Debug, Clone)]
pub enum DryRunModel {
    /// Not yet.
    Never,
    /// It is being played: so many events of how many.
    Running {
        /// Played.
        done: u64,
        /// Of so many; 0 while they are being counted.
        whole: u64,
    },
    /// It is through.
    Played(Box<PlayedModel>),
    /// Somebody stopped it.
    Stopped,
    /// The log is too long for a server that has other things to do.
    TooLong {
        /// Events in it.
        events: u64,
        /// Events that are played here at most.
        most: u64,
    },
    /// The store failed.
    Failed,
}

/// What a dry run came to.
#[derive(Debug, Clone)]
pub struct PlayedModel {
    /// From when on.
    pub from: i64,
    /// Until when.
    pub until: i64,
    /// Events that arrived.
    pub events: u64,
    /// Persons whom it decided something about.
    pub persons: u64,
    /// Whether another version is in force by now.
    pub former: bool,
    /// Entered, not let in, ended by a rule, reached the goal, went through: played, and as it was.
    pub whole: Vec<(super::DecisionKind, u64, u64)>,
    /// Why somebody was not let in, the commonest first.
    pub declined_because: Vec<ReasonCount>,
    /// Messages by step.
    pub sends: Vec<PlayedSend>,
    /// The last ones, with whom they were about: id and name.
    pub told: Vec<(String, String, DecisionRow)>,
}

/// What became of a message in a dry run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlayedSend {
    /// The step's name.
    pub step: String,
    /// Would have gone, and as it was.
    pub sent: (u64, u64),
    /// Times it was held.
    pub held: u64,
    /// Why, the commonest first.
    pub held_because: Vec<ReasonCount>,
    /// Left out.
    pub skipped: u64,
    /// Why, the commonest first.
    pub skipped_because: Vec<ReasonCount>,
}
