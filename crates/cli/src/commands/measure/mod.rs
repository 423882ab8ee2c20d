//! `measure`: what messages caused.

mod file;
mod journey;
mod lift;
mod regret;
mod report;
mod silo;

use clap::{Args, Subcommand};
use regulars_engine::time::{DAY, Timestamp};
use regulars_server::clock;
use regulars_server::measure::SPAN_DAYS;

use crate::ending::{Ending, Wrong};
use crate::words::{self, Print};

/// What messages caused, told from what would have happened anyway.
#[derive(Debug, Subcommand)]
pub(crate) enum Measure {
    Journey(journey::Journey),
    Lift(Box<lift::Lift>),
    Regret(regret::Regret),
    Silo(silo::Silo),
}

/// Which days are looked at.
#[derive(Debug, Args)]
struct Days {
    /// Messages of so many days.
    #[arg(long, value_name = "DAYS", default_value_t = SPAN_DAYS, value_parser = clap::value_parser!(u32).range(1..=3_660))]
    days: u32,
    /// Up to this moment, as if it were now.
    #[arg(long, value_name = "MOMENT")]
    at: Option<String>,
}

impl Days {
    /// From when on, and until when.
    fn span(&self) -> Result<(Timestamp, Timestamp), Wrong> {
        let now = self.at.as_deref().map_or_else(|| Ok(clock::now()), words::moment)?;
        Ok((Timestamp(now.0.saturating_sub(i64::from(self.days) * DAY)), now))
    }
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
