//! Segments as the API, the pages and the command line show them: how many are in them, who, since
//! when, how many a new one would hold, and why somebody is in one or not.

mod computed;
mod draft;
mod listed;
mod preview;
mod unkept;
mod upload;
mod why;
mod writing;

pub use computed::{Computed, computed_json, computed_traits};
pub use draft::{Draft, Wrong};
pub use listed::{Listed, Overlap, Reached, Shared, list, reachable_over, shared};
pub use preview::{Counted, Estimate, Figure, Part, SAMPLE, count_part, estimate, part_of};
pub use upload::{List, Onto, Rows, Upload, Uploaded, lists, upload};
pub(crate) use upload::{heading, note_of_journeys};
pub use why::{Why, why};
pub use writing::names;

use regulars_engine::offer::Stock;
use regulars_engine::product::Catalogue;
use regulars_engine::program::Program;
use regulars_engine::source::Sources;
use regulars_engine::step::World;
use regulars_store::{Reader, StoreError};

use crate::writer::surroundings;

/// What conditions are asked with, read from a store once for many persons.
#[derive(Debug)]
pub(crate) struct Around<'p> {
    program: &'p Program,
    catalogue: Catalogue,
    sources: Sources,
    known_to: regulars_engine::event::LogPosition,
}

impl<'p> Around<'p> {
    pub(crate) fn read<R: Reader>(reader: &R, program: &'p Program) -> Result<Self, StoreError> {
        let (catalogue, sources) = surroundings(reader, program)?;
        let known_to = reader.next_position()?;
        Ok(Self { program, catalogue, sources, known_to })
    }

    /// With nothing read from anywhere: for definitions that are tried before anything is kept.
    pub(crate) fn bare(program: &'p Program) -> Self {
        let sources = Sources { settings: program.sources.clone(), ..Sources::default() };
        let catalogue = Catalogue::new(program.catalogue.clone());
        Self { program, catalogue, sources, known_to: regulars_engine::event::LogPosition(0) }
    }

    pub(crate) fn world(&self) -> World<'_> {
        World {
            program: self.program,
            catalogue: &self.catalogue,
            sources: &self.sources,
            stock: Stock::nothing(),
            sending: regulars_engine::step::MayLeave::Nothing,
            room: 0,
            pace: None,
            known_to: self.known_to,
            memo: None,
        }
    }
}
