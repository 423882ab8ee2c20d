//! Probabilistic linking: records without a shared identifier that are of one person.
//!
//! A [`Record`] becomes a row of numbers; [`train`] learns a [`Model`] from many without being told
//! who is who; [`link`] finds pairs and clusters, [`Index`] the same one record at a time, and
//! [`keys`] and [`compare`] do so for callers that keep records elsewhere.
//!
//! **Invariant:** which pairs are compared, and what they weigh, is a function of the two records
//! and the model; clusters are a function of the records and the model. Neither order nor company
//! nor the number of threads plays a part.
#![expect(
    clippy::cast_possible_truncation,
    reason = "weights are f32 and record numbers u32 by design; both are bounded where they are made"
)]

mod beside;
mod birth;
mod block;
mod candidates;
mod cluster;
mod columns;
mod compare;
mod contact;
mod field;
mod frequency;
mod home;
mod hope;
mod index;
mod level;
mod lexicon;
mod model;
mod name;
mod nickname;
mod outline;
mod pages;
mod pair;
mod place;
mod population;
mod record;
mod row;
mod sample;
mod score;
mod slots;
mod text;
mod train;
mod waterfall;
mod whole;

pub use beside::{Alike, Beside, Points};
pub(crate) use cluster::Bonds;
pub use cluster::{Pair, Rules};
pub use columns::{Column, guess};
pub use field::Field;
pub use home::{Home, Places};
pub use index::Index;
pub use model::{Model, ModelError};
pub use pair::{Comparison, Linker, Part, compare, keys, phrases, probability};
pub use population::Population;
pub use record::Record;
pub use train::{Round, train};
pub use whole::{Linkage, Linking, Scratch, Slice, link};

#[cfg(test)]
mod tests;
