//! Journeys and the accounts of their steps.

use super::{Purpose, ReasonCount, Tone};

/// The list of journeys.
#[derive(Debug, Clone, Default)]
pub struct JourneysModel {
    /// The journeys, live ones first.
    pub journeys: Vec<JourneyCard>,
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
        /// Gives an offer.
        Offer => "offer", "offer";
        /// Sets a trait.
        Set => "set", "trait";
        /// Calls another system.
        Webhook => "webhook", "webhook";
        /// Tells a colleague.
        Notify => "notify", "push";
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
}

impl StepRow {
    /// True when the accounts balance; a breach is our bug and is shown, not hidden.
    pub fn balances(&self) -> bool {
        self.left.checked_add(self.waiting).and_then(|sum| sum.checked_add(self.done))
            == Some(self.entered)
            && self.held <= self.waiting
    }
}
