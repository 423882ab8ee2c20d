//! `identity`: who is who, in files without a store, in the store, and as staff say.

mod files;
mod household;
mod link;
mod measure;
mod model;
mod past;
mod review;
mod rules;
mod staff;
mod two;

use clap::Subcommand;
use regulars_server::staff::Statement;

use crate::ending::Ending;
use crate::words::Print;

/// Who is who: explain it, review it, say it; link records of files.
#[derive(Debug, Subcommand)]
pub(crate) enum Identity {
    Link(Box<link::Link>),
    Why(two::Why),
    How(past::How),
    Queue(review::Queue),
    Health(review::Health),
    Rules(rules::Rules),
    Changes(past::Changes),
    Said(past::Statements),
    Train(model::Train),
    WhatIf(model::WhatIf),
    Apply(model::Apply),
    /// They are one person.
    Same(staff::Stated),
    /// They are not one person: whatever they share joins them no more.
    Apart(staff::Stated),
    /// Nobody can tell: nothing changes, and the pair goes to the end of the queue.
    Unsure(staff::Stated),
    /// What was said of them does not stand any more; nothing else changes.
    TakeBack(staff::Stated),
    Household(household::Lives),
    /// They live together, and stay persons of their own.
    LiveTogether(staff::Stated),
    /// They do not live together, whatever they share.
    LiveApart(staff::Stated),
    Undo(staff::Undo),
}

impl Identity {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::Link(link) => link.run(print),
            Self::Why(why) => why.run(print),
            Self::How(how) => how.run(print),
            Self::Queue(queue) => queue.run(print),
            Self::Health(health) => health.run(print),
            Self::Rules(rules) => rules.run(print),
            Self::Changes(changes) => changes.run(print),
            Self::Said(said) => said.run(print),
            Self::Train(train) => train.run(print),
            Self::WhatIf(what_if) => what_if.run(print),
            Self::Apply(apply) => apply.run(print),
            Self::Same(two) => two.run(Statement::Same, print),
            Self::Apart(two) => two.run(Statement::Apart, print),
            Self::Unsure(two) => two.run(Statement::Unsure, print),
            Self::TakeBack(two) => two.run(Statement::TakenBack, print),
            Self::Household(lives) => lives.run(print),
            Self::LiveTogether(two) => two.run(Statement::LiveTogether, print),
            Self::LiveApart(two) => two.run(Statement::LiveApart, print),
            Self::Undo(undo) => undo.run(print),
        }
    }
}
