//! `measure`: what messages caused.

mod file;
mod journey;
mod lift;
mod regret;
mod report;
mod silo;

use clap::Subcommand;

use crate::ending::Ending;
use crate::words::Print;

/// What messages caused, told from what would have happened anyway.
#[derive(Debug, Subcommand)]
pub(crate) enum Measure {
    Journey(journey::Journey),
    Lift(Box<lift::Lift>),
    Regret(regret::Regret),
    Silo(silo::Silo),
}

impl Measure {
    pub(crate) fn run(self, print: Print) -> anyhow::Result<Ending> {
        match self {
            Self::Journey(journey) => journey.run(print),
            Self::Lift(lift) => lift.run(print),
            Self::Regret(regret) => regret.run(print),
            Self::Silo(silo) => silo.run(print),
        }
    }
}
